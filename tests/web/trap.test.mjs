// A core that fails. A trap: that call is refused, and the next finds a fresh instance. One that asks without an end: that
// request is refused.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { admin, articleGuard, editor, plainGuard, request, trustIn } from "./blog.mjs";
import { home } from "./home.mjs";
import { bundle, imported } from "./package.mjs";
import { now, token } from "./tokens.mjs";
import { endlessModule, trappingIn, trappingModule } from "./trapping.mjs";

const wasm = readFileSync(join(home, "node_modules/portcullis/dist/guard.wasm"));
const moment = 666;
let time = now;
const clock = () => time;

/** A request that no guard has seen: only the full way calls the function that fails. */
let fresh = 0;
const unseen = (bearer) => request("GET", `/public/${(fresh += 1)}`, bearer);

function trap(guard) {
  time = moment;
  const outcome = guard.checkSync(unseen());
  time = now;
  return outcome;
}

test("a trap while the host is told a key is the end of that request, and the dead instance is asked nothing more", () => {
  const guard = plainGuard(imported, { trust: trustIn("ES256"), clock });
  const ask = () => guard.checkSync(request("GET", "/me", token({ sub: "u1" }, "ES256")));
  try {
    imported.init({ module: trappingIn(wasm, "jwk") });
    assert.deepEqual([ask().code, ask().status], ["unavailable", 503]);
    const events = [];
    const stop = guard.onDecision((event) => events.push(event));
    assert.equal(ask().allowed, false);
    stop();
    assert.deepEqual(events, [], "nobody is left to tell it");
  } finally {
    imported.init({ module: new WebAssembly.Module(wasm) });
  }
  assert.equal(ask().principal?.id, "u1");
});

test("the same where the host waits", async () => {
  const guard = plainGuard(bundle, { trust: trustIn("ES256"), clock });
  const ask = () => guard.check(request("GET", "/me", token({ sub: "u1" }, "ES256")));
  const events = [];
  guard.onDecision((event) => events.push(event));
  try {
    bundle.init({ module: trappingIn(wasm, "jwk") });
    const { code, status } = await ask();
    assert.deepEqual({ code, status }, { code: "unavailable", status: 503 });
    assert.deepEqual(events, [], "nobody is left to tell it");
  } finally {
    bundle.init({ module: new WebAssembly.Module(wasm) });
  }
  assert.equal((await ask()).principal?.id, "u1");
});

for (const failing of ["unreachable", "overflow"]) {
  describe(`a trap (${failing})`, () => {
    beforeEach(() => imported.init({ module: trappingModule(wasm, moment, failing) }));
    afterEach(() => imported.init({ module: new WebAssembly.Module(wasm) }));

    test("refuses_that_call_and_the_next_is_answered", async () => {
      const guard = plainGuard(imported, { clock });
      const events = [];
      guard.onDecision((event) => events.push(event));
      assert.equal(guard.checkSync(request("GET", "/users", admin)).allowed, true);
      const refusal = trap(guard);
      assert.deepEqual([refusal.allowed, refusal.status, refusal.code, refusal.headers["retry-after"]], [false, 503, "unavailable", "5"]);
      assert.equal((await refusal.response().json()).code, "unavailable");
      assert.equal(events.length, 1);
      assert.equal(guard.checkSync(request("GET", "/users", admin)).allowed, true);
      assert.equal(guard.checkSync(request("GET", "/users", editor)).status, 403);
      assert.equal((await guard.check(request("GET", "/me"))).status, 401);
    });

    test("leaves_no_handle_behind", () => {
      const guard = plainGuard(imported, { clock });
      const other = plainGuard(imported, { clock });
      const { principal } = guard.checkSync(request("GET", "/me", admin));
      assert.equal(guard.can(principal, "read_users"), true);
      for (let round = 0; round < 3; round += 1) {
        trap(guard);
        // The other guard registers first and gets the numbers that this one had.
        assert.equal(other.checkSync(request("GET", "/me", editor)).principal.id, "u1");
        assert.equal(other.can({ id: "u1", roles: ["viewer"] }, "article:read"), true);
        assert.equal(guard.can(principal, "read_users"), true);
        assert.equal(other.can({ id: "u1", roles: ["viewer"] }, "read_users"), false);
        assert.equal(guard.checkSync(request("GET", "/me", admin)).principal.id, "a1");
        assert.equal(other.checkSync(request("GET", "/users", editor)).status, 403);
      }
    });

    test("gives_no_handle_of_the_next_epoch_to_a_request_that_is_being_read", () => {
      let passed = 0;
      const guard = plainGuard(imported, { clock: () => time + passed });
      const other = plainGuard(imported, { clock });
      const seen = [];
      guard.onDecision(({ reason }) => seen.push(reason));
      const ending = token({ exp: now + 100 });
      // Read only for the event: the short way has looked its handles up by then.
      const meanwhile = () => {
        trap(other);
        // The other guard registers first and gives the numbers that this one had, for a token and a route of its own.
        assert.equal(other.checkSync(request("GET", "/public/a", admin)).allowed, true);
      };
      const ask = (work) => guard.checkSync({ method: "GET", url: "/me", headers: { get: (name) => (name === "authorization" ? `Bearer ${ending}` : (work(), null)) } });
      for (let round = 0; round < 2; round += 1) assert.equal(ask(() => undefined).allowed, true);
      passed = 500;
      assert.equal(ask(meanwhile).status, 401);
      assert.deepEqual(seen, ["permitted", "permitted", "expired"]);
    });

    test("refuses_what_was_waiting", async () => {
      const found = [];
      const loader = () => new Promise((resolve) => found.push(resolve));
      const [guard, other] = [articleGuard(imported, loader, { clock }), articleGuard(imported, loader, { clock })];
      const mine = guard.check(request("PUT", "/articles/1", editor));
      trap(plainGuard(imported, { clock }));
      // The other guard now has the numbers under which the first one waits.
      const others = other.check(request("PUT", "/articles/1", editor));
      found[0]({ author_id: "u1" });
      const outcome = await mine;
      assert.deepEqual([outcome.allowed, outcome.status], [false, 503]);
      found[1]({ author_id: "u2" });
      assert.equal((await others).status, 403);
      const again = guard.check(request("PUT", "/articles/1", editor));
      found[2]({ author_id: "u1" });
      assert.equal((await again).allowed, true);
    });
  });
}

describe("an engine that asks without an end", () => {
  beforeEach(() => imported.init({ module: endlessModule(wasm) }));
  afterEach(() => imported.init({ module: new WebAssembly.Module(wasm) }));

  const unavailable = ({ allowed, status, code, headers }) => assert.deepEqual([allowed, status, code, headers["retry-after"]], [false, 503, "unavailable", "5"]);

  for (const [way, loaded] of Object.entries({ at_once: { author_id: "u1" }, later: Promise.resolve({ author_id: "u1" }) })) {
    test(`is_answered_eight_times: ${way}`, async () => {
      let asked = 0;
      const loader = () => ((asked += 1), loaded);
      const guard = articleGuard(imported, loader, { clock });
      unavailable(await guard.check(request("PUT", "/articles/1", editor)));
      assert.equal(asked, 8);
      // Each request has its own.
      unavailable(await guard.check(request("PUT", "/articles/1", editor)));
      assert.equal(asked, 16);
      assert.equal((await guard.check(request("GET", "/articles/1", editor))).allowed, true);
    });
  }

  test("keeps_no_check_sync", () => {
    const guard = plainGuard(imported, { trust: trustIn("ES256"), clock });
    unavailable(guard.checkSync(request("GET", "/me", token({}, "ES256"))));
    assert.equal(guard.checkSync(request("GET", "/public/a")).allowed, true);
  });
});

describe("an engine that does not start", () => {
  afterEach(() => imported.init({ module: new WebAssembly.Module(wasm) }));

  test("allows_nothing", async () => {
    const guard = plainGuard(imported, { clock });
    const { principal } = guard.checkSync(request("GET", "/users", admin));
    imported.init({ module: new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)) });
    assert.equal(guard.checkSync(request("GET", "/users", admin)).status, 503);
    assert.equal((await guard.check(request("GET", "/public/a"))).status, 503);
    assert.equal(guard.can(principal, "read_users"), false);
    assert.equal(guard.can(principal, "read_users", undefined, {}), false);
    const question = { subject: principal, action: "read_users" };
    const decision = { decision: false, context: { code: "unavailable", reason: "engine_failed", status: 503, message: "Try again later" } };
    assert.deepEqual(guard.evaluate(question), decision);
    const { summary, permission, rolesInEffect, grant, rolesThatWouldAllow, ownership, rule, condition, change, ...rest } = guard.explain(question);
    assert.deepEqual(rest, decision);
    assert.deepEqual([typeof summary, permission, rolesInEffect, grant, rolesThatWouldAllow, ownership], ["string", null, [], null, [], null]);
    assert.deepEqual([rule, condition, change], [null, null, null]);
    assert.throws(() => plainGuard(imported), (error) => error instanceof Error && !(error instanceof TypeError && /must be/.test(error.message)));
  });
});
