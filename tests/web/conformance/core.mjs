// The core with the door of the conformance suites, as `make conformance-rust` made it, in Node.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../home.mjs";

export const folder = join(root, "target/conformance");

/** `wasm` is guard.wasm's build, `wasm-full` full.wasm's. */
export async function openCore(build = "wasm") {
  made(`${build}/core_bg.wasm`);
  const core = await import(pathToFileURL(join(folder, build, "core.js")).href);
  core.initSync({ module: readFileSync(join(folder, build, "core_bg.wasm")) });
  return core;
}

export function made(...paths) {
  for (const path of paths) {
    if (!existsSync(join(folder, path))) throw new Error(`target/conformance/${path} is not there: make conformance-rust`);
  }
}
