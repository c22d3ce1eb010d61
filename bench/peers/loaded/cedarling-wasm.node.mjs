// Its own way to find the file is by `fetch`, which reads no files in Node.

import { readFileSync } from "node:fs";
import { initSync } from "@janssenproject/cedarling_wasm";

initSync({ module: readFileSync(new URL("cedarling_wasm_bg.wasm", import.meta.resolve("@janssenproject/cedarling_wasm"))) });

export { init } from "@janssenproject/cedarling_wasm";
