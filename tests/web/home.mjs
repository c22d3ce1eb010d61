// Where the packed package is installed, and where the vectors are.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const here = dirname(fileURLToPath(import.meta.url));
export const root = resolve(here, "../..");
export const home = join(root, "target/web");
export const tools = join(here, "node_modules");

/** The suites of the vectors. */
export function suites() {
  const folder = join(root, "tests/vectors");
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return names.map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
}
