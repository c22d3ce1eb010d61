// A resource that wants proofs, and, under another name, a client of it.

import { Guard } from "portcullis/full";
import { newClient } from "../proofs.mjs";

const site = "https://blog.example/me";
let guard;
let client;

const paths = {
  async key() {
    client = await newClient();
    return new Response(client.jkt);
  },
  async visit(request, { NOW }) {
    const token = await request.text();
    const visit = async (claims) => {
      const dpop = await client.proof("GET", site, token, { iat: NOW, ...claims });
      return answer(new Request(site, { headers: { authorization: `DPoP ${token}`, dpop } }));
    };
    const refused = await visit({});
    return visit({ nonce: refused.headers.get("dpop-nonce") });
  },
};

async function answer(request) {
  const outcome = await guard.check(request);
  return outcome.allowed ? Response.json({ id: outcome.principal.id }) : outcome.response();
}

const worker = {
  async fetch(request, env) {
    guard ??= new Guard({ ...env.DOCUMENTS, clock: () => env.NOW });
    const { hostname, pathname } = new URL(request.url);
    return hostname === "client.example" ? paths[pathname.slice(1)](request, env) : answer(request);
  },
};

export { worker as default };
