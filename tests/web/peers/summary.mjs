// What a comparison found, for `make conformance`.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../home.mjs";

/**
 * A deviation is of one case, or of `count`.
 *
 * @param {{ suite: string, cases: number, passed: number, deviations: { case: string, reason: string, count?: number }[] }} summary
 */
export function writeSummary(name, { suite, cases, passed, deviations }) {
  const folder = join(root, "target/conformance");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ suite, cases, passed, deviations }, null, 2)}\n`);
}
