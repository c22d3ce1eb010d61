// workerd compiles no bytes while it answers a request; it hands over a compiled module.
import module from "../issuer.wasm";

export const load = (): WebAssembly.Module => module;
