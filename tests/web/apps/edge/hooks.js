// An imported `….wasm?module` is a compiled module.

import { fileURLToPath } from "node:url";

export async function load(url, context, next) {
  const { pathname, search } = new URL(url);
  if (!pathname.endsWith(".wasm") || search !== "?module") return next(url, context);
  const path = JSON.stringify(fileURLToPath(url));
  const source = `import { readFileSync } from "node:fs"; export default await WebAssembly.compile(readFileSync(${path}));`;
  return { format: "module", shortCircuit: true, source };
}
