// Vercel's edge runtime compiles what is imported with `?module`.
import module from "../issuer.wasm?module";

export const load = (): WebAssembly.Module => module;
