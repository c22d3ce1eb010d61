import { inlined } from "../../wasm/inlined.js";
import { base64 } from "./base64.js";

export const load: () => WebAssembly.Module = /* @__PURE__ */ inlined(base64);
