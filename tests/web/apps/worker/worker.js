// Runs the suites that the request carries.

import { ConfigError, Guard } from "portcullis";
import { runVectors } from "../vectors.mjs";

// At the top, as applications do: the instance boots while the Worker starts.
const guard = new Guard({ policy: { policy: "worker", revision: 1, routes: [{ route: "POST /", allow: "everyone" }] } });

const worker = {
  async fetch(request) {
    const outcome = await guard.check(request);
    if (!outcome.allowed) return outcome.response();
    return Response.json(await runVectors({ Guard, ConfigError }, await request.json()));
  },
};

export { worker as default };
