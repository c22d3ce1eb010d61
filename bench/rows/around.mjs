// The rows that are no work inside a runtime: cold starts, and sizes, which are those of a Worker.

import { coldDecisionRow, coldTokenRow } from "./cold.mjs";
import { sizesRow } from "./sizes.mjs";

export const rowsAround = {
  node: [() => coldDecisionRow("node"), () => coldTokenRow("node")],
  workerd: [() => coldDecisionRow("workerd"), () => coldTokenRow("workerd"), sizesRow],
  chromium: [],
};
