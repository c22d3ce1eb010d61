// Runs the suites that the request carries.

import { ConfigError, Guard } from "portcullis";
import { runVectors } from "../vectors.mjs";

const worker = {
  async fetch(request) {
    return Response.json(await runVectors({ Guard, ConfigError }, await request.json()));
  },
};

export { worker as default };
