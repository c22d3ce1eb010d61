// A cold start in Node: from before the import to the answer, as cold.mjs tells it.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";

const bench = join(import.meta.dirname, "..");
const script = join(bench, "cold.mjs");

/** A file from which the packages are found by their names. Without a peer: an empty one. */
export async function made(peer, work) {
  const outfile = join(bench, "node_modules/.cache/cold", `${peer ?? "floor"}-${work}.mjs`);
  const contents = peer === undefined ? "export default () => true;" : `import { ${work} } from "../peers/${peer}.mjs"; export default ${work};`;
  await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    outfile,
    format: "esm",
    platform: "node",
    packages: "external",
    logLevel: "error",
  });
  return outfile;
}

export const first = (file, input) => Number(execFileSync(process.execPath, [script, file, JSON.stringify(input)], { encoding: "utf8" }));

/** The start of Node is no part of it. */
export const over = (all) => all;
