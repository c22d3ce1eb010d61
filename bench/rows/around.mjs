// The rows that are no work inside a runtime: cold starts, and sizes, which are those of a Worker.

import { coldDecisionRow, coldTokenRow } from "./cold.mjs";
import { passwordRow } from "./sign-in.mjs";
import { sizesRow } from "./sizes.mjs";

export const rowsAround = {
  node: [() => coldDecisionRow("node"), () => coldTokenRow("node"), () => passwordRow("node")],
  workerd: [() => coldDecisionRow("workerd"), () => coldTokenRow("workerd"), () => passwordRow("workerd"), sizesRow],
  chromium: [],
};
