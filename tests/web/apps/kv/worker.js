// A guard with its facts of revocation and its keys in KV. Its clock is the request's; "desk.example" is its owner's desk.

import { Guard } from "portcullis/full";
import { KvKeys, KvRevocations } from "portcullis/stores/kv";

let now = 0;
let guard;

const worker = {
  async fetch(request, { FACTS, DOCUMENTS }, context) {
    now = Number(request.headers.get("x-now"));
    const revocations = new KvRevocations(FACTS, { clock: () => now });
    const keys = new KvKeys(FACTS);
    if (guard === undefined) {
      guard = new Guard({ ...DOCUMENTS, revocations, clock: () => now });
      guard.importKeys(await keys.load());
    }
    if (new URL(request.url).hostname === "desk.example") {
      const { notBefore, until, ...target } = await request.json();
      await revocations.revoke(guard.revocationName(target), notBefore, until);
      return new Response(null, { status: 204 });
    }
    const outcome = await guard.check(request, { waitUntil: (work) => context.waitUntil(work) });
    await keys.save(guard.exportKeys());
    return outcome.allowed ? Response.json({ id: outcome.principal.id }) : outcome.response();
  },
};

export { worker as default };
