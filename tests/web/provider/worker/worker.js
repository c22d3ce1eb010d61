// A site whose routes a guard stands before. The tests make the guards, move their clocks and read what they did
// through the host "control"; every other host is the site.

import { Guard as Plain } from "portcullis";
import { Guard as Full } from "portcullis/full";
import { KvKeys } from "portcullis/stores/kv";

const entries = { portcullis: Plain, "portcullis/full": Full };

const policy = {
  policy: "notes",
  revision: 1,
  resources: { note: { actions: ["read"] } },
  roles: { editor: { permits: ["note:read"] } },
  routes: [
    { route: "* /me", allow: "authenticated" },
    { route: "GET /notes", permission: "note:read" },
    { route: "POST /notes", scope: "notes:write" },
  ],
};

/** A guard, with a clock that can be moved, and an account of what it fetched and decided. */
class Gate {
  ahead = 0;
  fetched = [];
  underWay = 0;
  #reasons = new Map();
  #checked = 0;

  constructor({ entry, trust, background }) {
    this.background = background;
    this.guard = new entries[entry]({
      policy,
      trust,
      clock: () => Date.now() / 1000 + this.ahead,
      fetch: (url, init) => {
        this.fetched.push(url);
        return fetch(url, init);
      },
    });
    this.guard.onDecision(({ requestId, reason, detail }) => this.#reasons.set(requestId, { reason, detail }));
  }

  async answer(request, context, options) {
    const requestId = `check-${(this.#checked += 1)}`;
    const waitUntil = (work) => context.waitUntil(this.#counted(work));
    const outcome = await this.guard.check(request, { ...options, ...(this.background ? { waitUntil } : {}), requestId });
    const response = outcome.allowed ? Response.json(outcome) : outcome.response();
    const event = this.#reasons.get(requestId);
    this.#reasons.delete(requestId);
    response.headers.set("x-event", JSON.stringify(event ?? {}));
    return response;
  }

  async #counted(work) {
    this.underWay += 1;
    try {
      return await work;
    } finally {
      this.underWay -= 1;
    }
  }
}

const gates = new Map();

const control = {
  make({ gate, ...options }) {
    try {
      gates.set(gate, new Gate(options));
      return {};
    } catch ({ name, path, code, message }) {
      return { error: { name, path, code, message } };
    }
  },
  move({ gate, ahead }) {
    gates.get(gate).ahead = ahead;
    return {};
  },
  fetched({ gate }) {
    const { fetched, underWay } = gates.get(gate);
    return { underWay, fetched: underWay === 0 ? fetched.splice(0) : [] };
  },
  async save({ gate }, { KEYS }) {
    await new KvKeys(KEYS).save(gates.get(gate).guard.exportKeys());
    return {};
  },
  async load({ gate }, { KEYS }) {
    return { taken: gates.get(gate).guard.importKeys(await new KvKeys(KEYS).load()) };
  },
};

const worker = {
  async fetch(request, environment, context) {
    const url = new URL(request.url);
    if (url.hostname === "control") return Response.json(await control[url.pathname.slice(1)](await request.json(), environment));
    const gate = gates.get(request.headers.get("x-gate"));
    return gate.answer(request, context, JSON.parse(request.headers.get("x-options") ?? "{}"));
  },
};

export { worker as default };
