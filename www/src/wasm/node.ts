// A server has it on its disk, and so the fast one.
import { base64 } from "./server-base64.js";
import { inlined } from "./inlined.js";

export const load: () => WebAssembly.Module = /* @__PURE__ */ inlined(base64);
