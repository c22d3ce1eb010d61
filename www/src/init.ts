import { use } from "./engine.js";

/**
 * Runs the given compiled `guard.wasm` (`full.wasm` for `portcullis/full`) from now on, in place of the one that the
 * package finds for itself. For hosts that compile modules their own way; nobody else needs it.
 */
export function init(options: { readonly module: WebAssembly.Module }): void {
  // Not `instanceof`: a module of another realm is one too.
  if (Object.prototype.toString.call(options?.module) !== "[object WebAssembly.Module]") {
    throw new TypeError("init: module must be a WebAssembly.Module");
  }
  use(options.module);
}
