// The stores of Cloudflare. POST /<engine>/<suite>/<case> runs a case in here; POST /<engine> is one call of a store, so
// that others race from outside; "sweep.example" is what a cron trigger does.

import { D1Revocations, D1Store, schema, StoreError } from "portcullis/stores/d1";
import { AtomicReplays, DurableStore, StoreObject as Published } from "portcullis/stores/durable";
import { KvRevocations } from "portcullis/stores/kv";
import { run } from "./suite.mjs";

/** What is published, with two questions of the tests' own. */
export class StoreObject extends Published {
  #state;

  constructor(state) {
    super(state);
    this.#state = state;
  }

  async fetch(request) {
    const { hostname } = new URL(request.url);
    if (hostname === "rows.example") return Response.json(this.#state.storage.sql.exec("SELECT name FROM portcullis_entries ORDER BY name").toArray());
    if (hostname === "alarm.example") {
      const set = await this.#state.storage.getAlarm();
      await this.alarm();
      return Response.json({ set, next: await this.#state.storage.getAlarm() });
    }
    return super.fetch(request);
  }
}

export class BrokenObject {
  constructor() {
    throw new Error("broken");
  }
}

const engines = {
  d1: ({ DATABASE, EMPTY }) => ({
    store: (clock) => new D1Store(DATABASE, { clock }),
    down: () => new D1Store(EMPTY),
    AtomicReplays,
  }),
  "d1-revocations": ({ DATABASE, EMPTY }) => ({
    facts: (clock) => new D1Revocations(DATABASE, { clock }),
    down: () => new D1Revocations(EMPTY),
  }),
  "kv-revocations": ({ FACTS }) => ({ facts: (clock) => new KvRevocations(FACTS, { clock }) }),
  durable: ({ OBJECTS, BROKEN }) => ({
    store: (clock) => new DurableStore(OBJECTS, { clock }),
    down: () => new DurableStore(BROKEN),
    AtomicReplays,
  }),
  "durable-shards": ({ OBJECTS }) => ({
    store: (clock) => new DurableStore(OBJECTS, { clock, shards: 16 }),
    AtomicReplays,
  }),
};

const worker = {
  async fetch(request, bindings) {
    const { hostname, pathname } = new URL(request.url);
    const [engine, suite, name] = pathname.slice(1).split("/");
    if (hostname === "schema.example") return Response.json(await bindings.DATABASE.exec(schema));
    if (hostname === "objects.example") return bindings.OBJECTS.getByName(engine).fetch(`https://${suite}.example/`);
    if (hostname === "sweep.example") {
      const swept = await Promise.all([D1Store, D1Revocations].map((Kind) => new Kind(bindings.DATABASE).sweep(Number(engine))));
      return Response.json(swept);
    }
    const made = engines[engine](bindings);
    try {
      if (suite !== undefined) return Response.json({ passed: await run(suite, name, made) ?? true });
      const { method, parameters, now } = await request.json();
      return Response.json({ answer: (await made.store(() => now)[method](...parameters)) ?? null });
    } catch (error) {
      return Response.json({ failed: error.stack, code: error instanceof StoreError ? error.code : undefined });
    }
  },
};

export { worker as default };
