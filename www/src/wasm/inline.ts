// Where it is downloaded the small one.
import { base64 } from "./base64.js";
import { inlined } from "./inlined.js";

export const load: () => WebAssembly.Module = /* @__PURE__ */ inlined(base64);
