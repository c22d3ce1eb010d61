import { initSync } from "@janssenproject/cedarling_wasm";
import module from "@janssenproject/cedarling_wasm/cedarling_wasm_bg.wasm";

initSync({ module });

export { init } from "@janssenproject/cedarling_wasm";
