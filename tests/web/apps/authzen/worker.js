// Decision points of the fixtures that are bound to it; the query names one.

import { authzen } from "portcullis/authzen";
import { Guard } from "portcullis/full";

const API_KEY = "TEST-ONLY-0123456789-0123456789-0123456789";

let points;

function made({ FIXTURES, API_KEY_HASH, NOW }) {
  const clock = () => NOW;
  const { todo, records } = FIXTURES;
  const guard = new Guard({ policy: todo.policy, clock });
  const routes = [
    { route: "POST /access/v1/**", role: "gateway" },
    { route: "GET /.well-known/authzen-configuration", allow: "everyone" },
  ];
  const guarded = new Guard({
    policy: { ...records.policy, roles: { ...records.policy.roles, gateway: {} }, routes },
    trust: { apiKeys: [{ id: "gateway", roles: ["gateway"], hash: API_KEY_HASH }] },
    clock,
  });
  return {
    todo: authzen(guard, { directory: todo.directory }),
    empty: authzen(guard, { directory: "{}", baseUrl: "https://pdp.example/tenant1/" }),
    guarded: authzen(guarded, { directory: records.directory, authenticate: guarded, explain: true }),
    asked: authzen(guarded, {
      directory: records.directory,
      authenticate: async (request) => request.headers.get("x-api-key") === API_KEY,
    }),
  };
}

const worker = {
  async fetch(request, env) {
    points ??= made(env);
    const point = points[new URL(request.url).searchParams.get("point") ?? "todo"];
    return point(request);
  },
};

export { worker as default };
