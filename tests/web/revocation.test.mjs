// Revocation, in portcullis/full: facts that are pushed, facts from a store, and that none is lost.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { plainGuard, plainPolicy, request, trust } from "./blog.mjs";
import { home } from "./home.mjs";
import { full, stores } from "./package.mjs";
import { issuer, jwk, now, token } from "./tokens.mjs";
import { trappingModule } from "./trapping.mjs";

const { MemoryRevocations } = stores.imported;
const apiKey = "k".repeat(40);
const hash = `sha256:${createHash("sha256").update(apiKey).digest("base64url")}`;

/** A guard whose clock the test moves, and the reasons of its decisions. */
function site(options = {}) {
  const world = { now, reasons: [] };
  world.guard = plainGuard(full.imported, { clock: () => world.now, ...options });
  world.guard.onDecision(({ reason, detail }) => world.reasons.push(detail === null ? reason : `${reason} ${detail}`));
  world.ask = async (bearer, url = "/me") => {
    const outcome = await world.guard.check(request("GET", url, bearer));
    return outcome.allowed ? 200 : outcome.status;
  };
  return world;
}

const bearer = (claims = {}, ...rest) => token({ iat: now - 100, jti: "t1", sid: "s1", roles: ["editor"], ...claims }, ...rest);

describe("a pushed fact", () => {
  test("refuses_the_tokens_of_a_subject_that_were_issued_before", async () => {
    const { guard, ask, reasons } = site();
    const [old, fresh, other] = [bearer(), bearer({ iat: now }), bearer({ sub: "u2" })];
    for (const each of [old, fresh, other]) assert.equal(await ask(each), 200);
    guard.revoke({ subject: "u1", issuer });
    assert.deepEqual([await ask(old), await ask(fresh), await ask(other)], [401, 200, 200]);
    assert.deepEqual(reasons.slice(3), ["revoked subject", "permitted", "permitted"]);
  });

  test("refuses_what_was_issued_earlier_in_the_same_second", async () => {
    const world = site();
    world.now = now + 0.7;
    const [old, fresh] = [bearer({ iat: now }), bearer({ iat: now + 1 })];
    assert.equal(await world.ask(old), 200);
    world.guard.revoke({ subject: "u1", issuer });
    world.now = now + 1;
    assert.deepEqual([await world.ask(old), await world.ask(fresh)], [401, 200]);
  });

  test("refuses_from_the_moment_that_it_names", async () => {
    const { guard, ask } = site();
    guard.revoke({ subject: "u1", issuer, notBefore: now - 99.5 });
    assert.deepEqual([await ask(bearer()), await ask(bearer({ iat: now - 99 }))], [401, 200]);
  });

  const targets = { jti: { jti: "t1", issuer }, sid: { sid: "s1", issuer }, subject: { subject: "u1", issuer } };
  for (const [detail, target] of Object.entries(targets)) {
    test(`reaches_a_token_that_was_seen: ${detail}`, async () => {
      const { guard, ask, reasons } = site();
      assert.deepEqual([await ask(bearer()), await ask(bearer())], [200, 200]);
      guard.revoke(target);
      assert.deepEqual([await ask(bearer()), await ask(bearer({ jti: "t2", sid: "s2", sub: "u2" }))], [401, 200]);
      assert.deepEqual(reasons.slice(2), [`revoked ${detail}`, "permitted"]);
    });
  }

  test("refuses_what_a_key_signed", async () => {
    const { guard, ask, reasons } = site({ trust: { issuers: [{ issuer, audience: "api", jwks: { keys: [jwk("ES256"), jwk("RS256")] } }] } });
    guard.revoke({ key: "ES256", issuer });
    assert.deepEqual([await ask(bearer({}, "ES256")), await ask(bearer({}, "RS256"))], [401, 200]);
    assert.deepEqual(reasons, ["revoked key", "permitted"]);
  });

  test("refuses_an_api_key", async () => {
    const { guard } = site({ trust: { issuers: [], apiKeys: [{ id: "ci", hash, roles: ["viewer"] }] } });
    const asked = () => guard.checkSync({ method: "GET", url: "/me", headers: { "x-api-key": apiKey } });
    assert.equal(asked().allowed, true);
    guard.revoke({ apiKey: "ci" });
    assert.deepEqual([asked().status, asked().code], [401, "invalid_api_key"]);
  });

  test("ends_when_it_was_to_end", async () => {
    const world = site();
    world.guard.revoke({ jti: "t1", issuer, until: now + 50 });
    assert.equal(await world.ask(bearer()), 401);
    world.now += 50;
    assert.equal(await world.ask(bearer()), 200);
  });

  test("of_what_ends_by_itself_lasts_30_days_where_nothing_is_said", async () => {
    const world = site();
    const month = 2_592_000;
    const long = (claims) => bearer({ exp: now + 10 * month, ...claims });
    const tokens = [long(), long({ sub: "u2", sid: "s2" }), long({ sub: "u3", jti: "t3" })];
    for (const target of [{ subject: "u1" }, { jti: "t1" }, { sid: "s1" }]) world.guard.revoke({ ...target, issuer });
    const asked = () => Promise.all(tokens.map((each) => world.ask(each)));
    assert.deepEqual(await asked(), [401, 401, 401]);
    world.now += month - 1;
    assert.deepEqual(await asked(), [401, 401, 401]);
    world.now += 1;
    assert.deepEqual(await asked(), [200, 200, 200]);
  });

  describe("of a key lasts for ever where nothing is said", () => {
    const century = 3_155_760_000;
    const jwks = { keys: [jwk("ES256")] };
    const issuers = [{ issuer, audience: "api", jwks }];
    const apiKeys = [{ id: "ci", hash, roles: ["viewer"] }];
    const holding = () => site({ trust: { issuers, apiKeys } });
    const held = () => bearer({ exp: now + 2 * century }, "ES256");
    const presented = async ({ guard }) => {
      const { allowed, status } = await guard.check({ method: "GET", url: "/me", headers: { "x-api-key": apiKey } });
      return allowed ? 200 : status;
    };

    test("an_api_key", async () => {
      const world = holding();
      assert.equal(await presented(world), 200);
      world.guard.revoke({ apiKey: "ci" });
      world.now += century;
      assert.equal(await presented(world), 401);
    });

    test("a_signing_key", async () => {
      const world = holding();
      assert.equal(await world.ask(held()), 200);
      world.guard.revoke({ key: "ES256", issuer, subject: undefined });
      world.now += century;
      assert.equal(await world.ask(held()), 401);
    });

    test("unless_an_end_is_said_and_no_end_shortens_it", async () => {
      const [ended, kept] = [holding(), holding()];
      for (const { guard } of [ended, kept]) guard.revoke({ apiKey: "ci", until: now + 50 });
      kept.guard.revoke({ apiKey: "ci" });
      kept.guard.revoke({ apiKey: "ci", until: now + 50 });
      for (const world of [ended, kept]) world.now += 50;
      assert.deepEqual([await presented(ended), await presented(kept)], [200, 401]);
    });

    test("and_not_where_a_key_is_named_as_undefined", async () => {
      const world = holding();
      world.guard.revoke({ subject: "u1", issuer, key: undefined, apiKey: undefined });
      assert.equal(await world.ask(held()), 401);
      world.now += 2_592_000;
      assert.equal(await world.ask(held()), 200);
    });
  });

  test("is_of_one_issuer", async () => {
    const { guard, ask } = site();
    guard.revoke({ subject: "u1", issuer: "https://other.example" });
    assert.equal(await ask(bearer()), 200);
  });

  test("finds_no_room_behind_100_000_others", async () => {
    const world = site();
    for (let index = 0; index < 100_000; index += 1) world.guard.revoke({ jti: `t${index + 2}`, issuer, until: now + 10 });
    assert.throws(() => world.guard.revoke({ jti: "t1", issuer }), RangeError);
    world.guard.revoke({ jti: "t2", issuer });
    assert.deepEqual([await world.ask(bearer()), await world.ask(bearer({ jti: "t2" }))], [200, 401]);
    world.now += 10;
    world.guard.revoke({ jti: "t1", issuer });
    assert.equal(await world.ask(bearer()), 401);
  });
});

describe("a revocation that says nothing", () => {
  const { guard } = site();
  const cases = {
    none: undefined,
    of_nothing: {},
    of_an_issuer_alone: { issuer },
    of_two_things: { subject: "u1", jti: "t1", issuer },
    of_something_else: { user: "u1", issuer },
    with_a_member_too_many: { subject: "u1", isuer: issuer },
    of_a_number: { subject: 1, issuer },
    of_empty_text: { subject: "", issuer },
    whose_issuer_is_no_text: { subject: "u1", issuer: 5 },
    of_an_api_key_with_an_issuer: { apiKey: "ci", issuer },
    not_before_a_text: { subject: "u1", issuer, notBefore: "now" },
    not_before_the_end_of_time: { subject: "u1", issuer, notBefore: Number.POSITIVE_INFINITY },
    not_before_milliseconds_below_zero: { subject: "u1", issuer, notBefore: -1 },
    until_null: { subject: "u1", issuer, until: null },
    that_is_over: { subject: "u1", issuer, until: now },
  };
  for (const [name, revocation] of Object.entries(cases)) test(name, () => assert.throws(() => guard.revoke(revocation), TypeError));

  test("has_no_name_either", () => {
    for (const target of [undefined, {}, { subject: "" }, { issuer }, { subject: "u1", jti: "t1" }, { subject: "u1", until: now }]) {
      assert.throws(() => guard.revocationName(target), TypeError);
    }
  });
});

describe("the name of a fact", () => {
  const { guard } = site();

  test("tells_kinds_issuers_and_values_apart", () => {
    const targets = [
      { subject: "u1", issuer },
      { jti: "u1", issuer },
      { sid: "u1", issuer },
      { key: "u1", issuer },
      { apiKey: "u1" },
      { subject: "u2", issuer },
      { subject: "u1", issuer: "https://other.example" },
    ];
    const names = targets.map((target) => guard.revocationName(target));
    assert.equal(new Set(names).size, targets.length);
    assert.deepEqual(names.map((name) => name.split(".")[0]), ["subject", "jti", "sid", "key", "apikey", "subject", "subject"]);
    for (const name of names) assert.match(name, /^[a-z]+\.[A-Za-z0-9_-]{43}$/);
    assert.equal(guard.revocationName({ subject: "u1", issuer }), names[0]);
  });
});

describe("a store", () => {
  const stored = { ...trust, revocation: { source: "store", maxAge: 30 } };
  const storing = (lookup, revocation = {}, options = {}) =>
    site({ trust: { ...trust, revocation: { source: "store", ...revocation } }, revocations: { lookup }, ...options });

  test("is_asked_for_the_names_that_a_token_has_once_in_a_while", async () => {
    const asked = [];
    const world = storing(async (names) => {
      asked.push(names);
      return names.map(() => null);
    }, { maxAge: 30 });
    assert.equal(world.guard.synchronous, false);
    for (let round = 0; round < 3; round += 1) assert.equal(await world.ask(bearer()), 200);
    assert.equal(asked.length, 1);
    const { guard } = world;
    const expected = [{ subject: "u1" }, { jti: "t1" }, { sid: "s1" }].map((target) => guard.revocationName({ ...target, issuer }));
    for (const name of expected) assert.ok(asked[0].includes(name));
    world.now += 31;
    assert.equal(await world.ask(bearer()), 200);
    assert.equal(asked.length, 2);
  });

  test("refuses_what_it_says_after_its_answer_is_old", async () => {
    const revocations = new MemoryRevocations({ clock: () => now });
    const world = site({ trust: stored, revocations });
    assert.equal(await world.ask(bearer()), 200);
    revocations.revoke(world.guard.revocationName({ subject: "u1", issuer }), now, now + 1000);
    assert.equal(await world.ask(bearer()), 200);
    world.now += 31;
    assert.equal(await world.ask(bearer()), 401);
    assert.equal(await world.ask(bearer({ iat: now })), 200);
    assert.deepEqual(world.reasons, ["permitted", "permitted", "revoked subject", "permitted"]);
  });

  test("does_not_keep_pushed_facts_from_counting_at_once", async () => {
    const world = storing((names) => names.map(() => null));
    assert.equal(await world.ask(bearer()), 200);
    world.guard.revoke({ sid: "s1", issuer });
    assert.equal(await world.ask(bearer()), 401);
  });

  const unavailable = {
    throws: () => {
      throw new Error("no store");
    },
    rejects: () => Promise.reject(new Error("no store")),
    gives_nothing: () => undefined,
    gives_too_few: () => [],
    gives_too_many: (names) => [...names.map(() => null), null],
    gives_no_list: () => ({ length: 3 }),
    gives_undefined: (names) => names.map(() => undefined),
    leaves_a_gap: (names) => new Array(names.length),
    gives_text: (names) => names.map(() => "0"),
    gives_what_is_no_number: (names) => names.map(() => Number.NaN),
    gives_milliseconds_without_end: (names) => names.map(() => Number.POSITIVE_INFINITY),
    gives_false: (names) => names.map(() => false),
  };
  for (const [name, lookup] of Object.entries(unavailable)) {
    test(`that_${name}_is_unavailable`, async () => {
      const world = storing(lookup);
      assert.equal(await world.ask(bearer()), 503);
      assert.deepEqual(world.reasons, ["revocation_unavailable"]);
      const lenient = storing(lookup, { onUnavailable: "allow" });
      assert.equal(await lenient.ask(bearer()), 200);
    });
  }

  test("may_give_fractions", async () => {
    const world = storing((names) => names.map((_, index) => (index === 0 ? now - 99.5 : null)));
    assert.deepEqual([await world.ask(bearer()), await world.ask(bearer({ iat: now - 99, jti: "t2" }))], [401, 200]);
  });

  test("is_missed_where_it_is_wanted_and_a_mistake_where_not", () => {
    const revocations = new MemoryRevocations();
    assert.throws(() => plainGuard(full.imported, { trust: stored }), TypeError);
    assert.throws(() => plainGuard(full.imported, { revocations }), TypeError);
    assert.throws(() => plainGuard(full.imported, { trust: stored, revocations: {} }), TypeError);
    assert.throws(() => plainGuard(full.imported, { trust: stored, revocations: null }), TypeError);
    assert.throws(() => plainGuard(full.imported, { replays: {} }), TypeError);
    plainGuard(full.imported, { trust: stored, revocations });
  });
});

describe("after a trap", () => {
  const wasm = readFileSync(join(home, "node_modules/portcullis/dist/full/full.wasm"));
  const moment = 666;
  let fresh = 0;
  const trap = async (world) => {
    const before = world.now;
    world.now = moment;
    assert.equal(await world.ask(undefined, `/public/${(fresh += 1)}`), 503);
    world.now = before;
  };

  beforeEach(() => full.imported.init({ module: trappingModule(wasm, moment, "unreachable") }));
  afterEach(() => full.imported.init({ module: new WebAssembly.Module(wasm) }));

  test("pushed_facts_are_in_force", async () => {
    const world = site();
    world.guard.revoke({ jti: "t1", issuer });
    world.guard.revoke({ subject: "u3", issuer, notBefore: now - 50 });
    world.guard.revoke({ subject: "u3", issuer, notBefore: now - 200 });
    world.guard.revoke({ jti: "t2", issuer, until: now + 5 });
    world.now += 5;
    for (let round = 0; round < 2; round += 1) {
      await trap(world);
      const asked = [bearer(), bearer({ jti: "t4", sub: "u3" }), bearer({ jti: "t5", sub: "u3", iat: now - 50 }), bearer({ jti: "t2" })];
      assert.deepEqual(await Promise.all(asked.map((each) => world.ask(each))), [401, 401, 200, 200]);
    }
  });

  test("a_fact_may_be_pushed_before_anything_is_asked", async () => {
    const world = site();
    await trap(world);
    world.guard.revoke({ jti: "t1", issuer });
    assert.equal(await world.ask(bearer()), 401);
  });

  test("fetched_keys_are_known", async () => {
    let fetched = 0;
    const fetch = async () => {
      fetched += 1;
      return Response.json({ keys: [jwk("ES256")] });
    };
    const world = site({ trust: { issuers: [{ issuer, audience: "api", jwksUri: `${issuer}/jwks` }] }, fetch });
    assert.equal(await world.ask(bearer({}, "ES256")), 200);
    for (let round = 0; round < 2; round += 1) {
      await trap(world);
      assert.equal(await world.ask(bearer({}, "ES256")), 200);
    }
    assert.equal(fetched, 1);
  });

  test("nothing_is_answered_where_a_fact_cannot_be_told_again", async () => {
    const world = site();
    world.guard.revoke({ jti: "t1", issuer });
    full.imported.init({ module: new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)) });
    assert.equal(await world.ask(bearer()), 503);
    assert.throws(() => world.guard.revoke({ jti: "t2", issuer }));
    full.imported.init({ module: new WebAssembly.Module(wasm) });
    assert.deepEqual([await world.ask(bearer()), await world.ask(bearer({ jti: "t3" }))], [401, 200]);
  });
});

describe("a guard that was forgotten for 64 others", () => {
  test("knows_its_facts_again", async () => {
    const world = site({ policy: plainPolicy });
    world.guard.revoke({ jti: "t1", issuer });
    const crowd = () => {
      for (let index = 0; index < 65; index += 1) plainGuard(full.imported).can({ id: "u1" }, "read_users");
    };
    crowd();
    assert.equal(await world.ask(bearer()), 401);
    crowd();
    world.guard.revoke({ jti: "t2", issuer });
    assert.deepEqual([await world.ask(bearer()), await world.ask(bearer({ jti: "t2" })), await world.ask(bearer({ jti: "t3" }))], [401, 401, 200]);
  });
});
