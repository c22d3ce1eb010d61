// Lets the test ask inside the page.

import { Verifier } from "../package/host/webcrypto.js";
import * as core from "../wasm/core.js";
import { judge } from "./judge.mjs";

const ready = core.default({ module_or_path: "../wasm/core_bg.wasm" });

globalThis.judge = async (path) => {
  await ready;
  const suite = await (await fetch(path)).json();
  return judge({ core, Verifier }, suite);
};
