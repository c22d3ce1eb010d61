// A Worker that runs the suites which the request carries.

import { runVectors } from "./vectors.mjs";

export function serving({ Guard, ...portcullis }, options) {
  // At the top, as applications do: the instance boots while the Worker starts.
  const guard = new Guard({ policy: { policy: "worker", revision: 1, routes: [{ route: "POST /", allow: "everyone" }] } });
  return {
    async fetch(request) {
      const outcome = await guard.check(request);
      if (!outcome.allowed) return outcome.response();
      return Response.json(await runVectors({ Guard, ...portcullis }, await request.json(), options));
    },
  };
}
