import start from "@janssenproject/cedarling_wasm";
import url from "@janssenproject/cedarling_wasm/cedarling_wasm_bg.wasm";

await start({ module_or_path: url });

export { init } from "@janssenproject/cedarling_wasm";
