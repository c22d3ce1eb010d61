// The rows that are no work inside a runtime: cold starts, and sizes.

import { coldDecisionRow, coldTokenRow } from "./cold.mjs";
import { sizesRow } from "./sizes.mjs";

export const rowsAround = {
  node: [() => coldDecisionRow("node"), () => coldTokenRow("node"), sizesRow],
  workerd: [() => coldDecisionRow("workerd"), () => coldTokenRow("workerd")],
  chromium: [],
};
