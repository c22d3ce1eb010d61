// Judges the suite that the request carries.

import { Verifier } from "../package/host/webcrypto.js";
import module from "../wasm/core_bg.wasm";
import * as core from "../wasm/core.js";
import { judge } from "./judge.mjs";

core.initSync({ module });

const worker = {
  async fetch(request) {
    return Response.json(await judge({ core, Verifier }, await request.json()));
  },
};

export { worker as default };
