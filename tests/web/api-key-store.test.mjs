// API keys that are looked up, in portcullis/full, and the stores of them: in memory, and in D1 inside workerd.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { plainGuard, plainPolicy } from "./blog.mjs";
import { openD1 } from "./lists/d1.mjs";
import { full, imported, issuer, required, stores } from "./package.mjs";
import { now, secret, token } from "./tokens.mjs";

const { newApiKey } = issuer.imported;
const store = { prefix: "wicket", idPrefix: "key:" };
const trustWith = (more = {}) => ({ apiKeyStore: { ...store, ...more } });
const { key, hash } = newApiKey("wicket");
const entry = { id: "k1", owner: "u1", roles: ["viewer"] };

/** A guard, what its host was asked, and why requests were refused. */
function site(lookup, more = {}, way = "imported") {
  const world = { now, asked: [], events: [] };
  const apiKeys = {
    lookup: (...parameters) => {
      world.asked.push(parameters);
      return lookup(...parameters);
    },
  };
  world.guard = plainGuard(full[way], { trust: trustWith(more), apiKeys, clock: () => world.now });
  world.guard.onDecision((event) => world.events.push(event));
  world.check = (text = key) => world.guard.check({ method: "GET", url: "/me", headers: { "x-api-key": text } });
  world.reason = async (text) => {
    await world.check(text);
    return world.events.at(-1).reason;
  };
  return world;
}

for (const way of Object.keys(full)) {
  describe(`a guard with a store of API keys, ${way}`, () => {
    test("asks_by_the_hash_and_lets_in_whose_key_it_is", async () => {
      const world = site(() => ({ ...entry, notAfter: now + 60 }), {}, way);
      const outcome = await world.check();
      const { kind, id, issuer, roles, attributes } = outcome.principal;
      assert.deepEqual({ kind, id, issuer, roles, attributes }, { kind: "service", id: "key:k1", issuer: null, roles: ["viewer"], attributes: { owner: "u1" } });
      assert.deepEqual(world.asked, [[hash]]);
      const [event] = world.events;
      assert.deepEqual(event.apiKey, { owner: "u1", expires: now + 60, dropped: null });
      assert.deepEqual([event.subject.kind, event.token], ["service", null]);
      assert.ok(!JSON.stringify(world.events).includes(key));
      assert.deepEqual(world.guard.trace(event).at(-1), { check: "permitted", passed: true });
    });

    test("asks_each_time_or_when_an_answer_is_too_old", async () => {
      const each = site(async () => entry, {}, way);
      for (let round = 0; round < 3; round += 1) assert.equal((await each.check()).allowed, true);
      assert.equal(each.asked.length, 3);
      const kept = site(async () => entry, { maxAge: 10 }, way);
      for (const seconds of [0, 5, 9]) {
        kept.now = now + seconds;
        assert.equal((await kept.check()).allowed, true);
      }
      assert.equal(kept.asked.length, 1);
      kept.now = now + 10;
      await kept.check();
      assert.equal(kept.asked.length, 2);
    });

    test("refuses_an_unknown_key_and_asks_nobody_about_a_mistyped_one", async () => {
      const world = site(() => null, {}, way);
      const { status, code, headers } = await world.check();
      assert.deepEqual([status, code, headers["www-authenticate"]], [401, "invalid_api_key", 'ApiKey realm="api"']);
      const mistyped = key.slice(0, -1) + (key.at(-1) === "A" ? "B" : "A");
      assert.equal(await world.reason(mistyped), "api_key_checksum");
      assert.equal(await world.reason("wicket_"), "api_key_malformed");
      assert.equal(world.asked.length, 1);
    });

    test("a_fact_refuses_at_once_what_is_remembered", async () => {
      const world = site(() => entry, { maxAge: 3600 }, way);
      assert.equal((await world.check()).allowed, true);
      world.guard.revoke({ apiKey: "key:k1" });
      assert.equal(await world.reason(), "api_key_revoked");
      assert.equal(world.guard.revocationName({ apiKey: "key:k1" }).startsWith("apikey."), true);
    });
  });
}

describe("what a store of API keys says", () => {
  const wrong = {
    undefined: () => undefined,
    a_promise_of_nothing: async () => undefined,
    true: () => true,
    a_text: () => "k1",
    a_list: () => [entry],
    nothing_at_all: () => ({}),
    an_entry_without_an_id: () => ({ roles: ["viewer"] }),
    a_member_too_many: () => ({ ...entry, role: "admin" }),
    an_end_that_is_undefined: () => ({ ...entry, notAfter: undefined }),
    an_end_that_is_null: () => ({ ...entry, notAfter: null }),
    an_end_that_is_no_number: () => ({ ...entry, notAfter: Number.NaN }),
    an_end_that_is_a_date: () => ({ ...entry, notAfter: new Date(0) }),
    an_end_with_a_fraction: () => ({ ...entry, notAfter: now + 0.5 }),
    a_tenant_that_is_undefined: () => ({ ...entry, assignments: [{ role: "viewer", tenant: undefined }] }),
    roles_that_are_a_set: () => ({ ...entry, roles: new Set(["viewer"]) }),
    a_role_that_is_a_hole: () => ({ ...entry, roles: [, "viewer"] }),
    more_than_is_read: () => ({ ...entry, roles: Array.from({ length: 1001 }, () => "viewer") }),
    more_than_crosses: () => ({ ...entry, owner: "u".repeat(2 ** 20) }),
    one_that_holds_itself: () => {
      const knot = { ...entry };
      knot.roles = [knot];
      return knot;
    },
    a_getter_that_throws: () => ({
      get id() {
        throw new Error("no id");
      },
    }),
    one_that_throws: () => {
      throw new Error("the store fails");
    },
    one_that_rejects: () => Promise.reject(new Error("the store fails")),
    a_thenable_that_throws: () => ({ then: () => assert.fail("no") }),
  };
  for (const [name, lookup] of Object.entries(wrong)) {
    test(`is_unavailable: ${name}`, async () => {
      const world = site(lookup, { maxAge: 60 });
      const { status, headers } = await world.check();
      assert.deepEqual([status, headers["retry-after"], world.events.at(-1).reason], [503, "5", "api_key_unavailable"]);
    });
  }

  test("is_bounded_by_what_it_may_assert", async () => {
    const said = { id: "k1", roles: ["viewer", "admin"], permissions: ["read_users"], scopes: ["all"] };
    const world = site(() => said, { asserts: { roles: ["viewer"] } });
    const { principal } = await world.check();
    assert.deepEqual([principal.roles, principal.permissions, principal.scopes], [["viewer"], [], []]);
    assert.deepEqual(world.events.at(-1).apiKey, { owner: null, expires: null, dropped: { roles: ["admin"], permissions: ["read_users"], scopes: ["all"] } });
  });

  test("counts_for_its_own_key_alone", async () => {
    const other = newApiKey("wicket");
    const known = { [hash]: entry, [other.hash]: { id: "k2", roles: [] } };
    const world = site((asked) => known[asked] ?? null, { maxAge: 60 });
    for (let round = 0; round < 2; round += 1) {
      assert.equal((await world.check(key)).principal.id, "key:k1");
      assert.equal((await world.check(other.key)).principal.id, "key:k2");
    }
    assert.equal(world.asked.length, 2);
  });

  test("counts_where_many_ask_at_once", async () => {
    let released;
    const world = site(() => new Promise((resolve) => (released ??= []).push(resolve)));
    const outcomes = Array.from({ length: 50 }, () => world.check());
    released.forEach((resolve, index) => resolve(index % 2 === 0 ? entry : null));
    const statuses = (await Promise.all(outcomes)).map((outcome) => (outcome.allowed ? 200 : outcome.status));
    assert.deepEqual(statuses, Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? 200 : 401)));
  });
});

describe("the documents of a store of API keys", () => {
  const lookup = () => entry;

  test("want_the_store_and_nothing_else_does", () => {
    const { Guard } = full.imported;
    const made = (options) => () => new Guard({ policy: plainPolicy, clock: () => now, ...options });
    assert.throws(made({ trust: trustWith() }), /apiKeys is missing/);
    assert.throws(made({ trust: {}, apiKeys: { lookup } }), /would never be asked/);
    for (const apiKeys of [null, {}, { lookup: 1 }, lookup]) assert.throws(made({ trust: trustWith(), apiKeys }), TypeError);
    const guard = made({ trust: trustWith(), apiKeys: { lookup } })();
    assert.equal(guard.synchronous, false);
  });

  test("are_unknown_to_the_smaller_entry", () => {
    for (const { Guard } of [imported, required]) {
      assert.throws(() => new Guard({ policy: plainPolicy, trust: trustWith() }), { name: "ConfigError", path: "apiKeyStore", code: "unknown_member" });
      assert.throws(() => new Guard({ policy: plainPolicy, trust: {}, apiKeys: { lookup } }), /portcullis\/full/);
    }
  });

  test("keep_a_token_s_subject_from_being_a_key", async () => {
    const trust = { issuers: [{ issuer: "https://id.example", audience: "api", secret }], ...trustWith() };
    const guard = plainGuard(full.imported, { trust, apiKeys: { lookup }, clock: () => now });
    let reason;
    guard.onDecision((event) => (reason = event.reason));
    const { status } = await guard.check({ method: "GET", url: "/me", headers: { authorization: `Bearer ${token({ sub: "key:k1" })}` } });
    assert.deepEqual([status, reason], [401, "subject_conflict"]);
  });
});

describe("a policy that reads whose key it is", () => {
  test("lets_a_key_do_what_is_its_owner_s", async () => {
    const policy = {
      policy: "blog",
      revision: 1,
      subject: { attributes: { owner: "string" } },
      resources: { article: { actions: ["update"], attributes: { author_id: "string" } } },
      roles: { tool: { permits: [{ permission: "article:update", when: "resource.author_id == subject.owner" }] } },
      routes: [{ route: "PUT /articles/{id}", permission: "article:update" }],
    };
    const apiKeys = { lookup: () => ({ id: "k1", owner: "u1", roles: ["tool"] }) };
    const article = (id) => ({ author_id: id === "1" ? "u1" : "u2" });
    const guard = new full.imported.Guard({ policy, trust: trustWith(), apiKeys, resources: { article }, clock: () => now });
    const put = async (id) => (await guard.check({ method: "PUT", url: `/articles/${id}`, headers: { "x-api-key": key } })).allowed;
    assert.deepEqual([await put("1"), await put("2")], [true, false]);
  });
});

const refusal = (code) => (error) => error.name === "StoreError" && error.code === code;

/** Each store: how it is opened, and how it ends. */
const opened = {
  memory: async (options, { MemoryApiKeys }) => new MemoryApiKeys(options),
  D1: async (options, { D1ApiKeys }, d1) => {
    const keys = new D1ApiKeys(d1.db, { ...options, table: `keys_${(d1.tables += 1)}` });
    await keys.create();
    await keys.create();
    return keys;
  },
};

for (const [way, classes] of Object.entries(stores)) {
  for (const [kind, open] of Object.entries(opened)) {
    describe(`API keys in ${kind}, ${way}`, () => {
      const d1 = { tables: 0 };
      let time = now;
      const made = (options = {}) => open({ clock: () => time, ...options }, classes, d1);
      before(() => {
        if (kind === "D1") Object.assign(d1, openD1());
      });
      after(() => d1.close?.());

      test("are_taken_by_the_guard_until_they_are_revoked", async () => {
        const keys = await made();
        const guard = plainGuard(full.imported, { trust: trustWith(), apiKeys: keys, clock: () => now });
        const check = async () => (await guard.check({ method: "GET", url: "/me", headers: { "x-api-key": key } })).principal?.id;
        assert.equal(await check(), undefined);
        await keys.insert(hash, entry);
        assert.equal(await check(), "key:k1");
        assert.deepEqual([await keys.revoke("k1"), await keys.revoke("k1")], [true, false]);
        assert.equal(await check(), undefined);
      });

      test("say_what_they_were_told", async () => {
        const keys = await made();
        const whole = { id: "o'k \"1\" \u{1f511}", owner: "__proto__", roles: ["a"], permissions: ["p"], scopes: ["s"], assignments: [{ role: "r", tenant: "t" }], notAfter: now + 5 };
        await keys.insert(hash, whole, "my laptop");
        assert.deepEqual(await keys.lookup(hash), whole);
        assert.deepEqual(await keys.list("__proto__"), [{ entry: whole, label: "my laptop", created: now }]);
        assert.equal(await keys.lookup(newApiKey("wicket").hash), null);
        assert.equal(await keys.lookup("__proto__"), null);
        assert.equal(await keys.lookup("' OR 1=1 --"), null);
      });

      test("stand_in_a_list_of_their_owner_the_oldest_first", async () => {
        const keys = await made();
        for (const [index, owner] of ["u1", "u2", "u1", undefined].entries()) {
          time = now + index;
          await keys.insert(newApiKey("wicket").hash, { id: `k${index}`, ...(owner === undefined ? {} : { owner }) });
        }
        const ids = async (owner) => (await keys.list(owner)).map((kept) => [kept.entry.id, kept.created - now]);
        assert.deepEqual([await ids("u1"), await ids("u2"), await ids("u3"), await ids("")], [[["k0", 0], ["k2", 2]], [["k1", 1]], [], []]);
        time = now;
      });

      test("have_a_hash_and_an_id_of_their_own", async () => {
        const keys = await made();
        await keys.insert(hash, entry);
        await assert.rejects(async () => keys.insert(hash, { id: "k2" }), refusal("api_key_hash_taken"));
        await assert.rejects(async () => keys.insert(hash, entry), refusal("api_key_hash_taken"));
        await assert.rejects(async () => keys.insert(newApiKey("wicket").hash, { id: "k1" }), refusal("api_key_id_taken"));
        assert.deepEqual(await keys.lookup(hash), entry);
        // Also where it has ended, until it is swept.
        await keys.end("k1", now);
        await assert.rejects(async () => keys.insert(hash, { id: "k2" }), refusal("api_key_hash_taken"));
        await assert.rejects(async () => keys.insert(newApiKey("wicket").hash, { id: "k1" }), refusal("api_key_id_taken"));
        assert.equal(await keys.sweep(), 1);
        await keys.insert(hash, entry);
      });

      test("are_so_many_for_an_owner_and_no_more", async () => {
        const keys = await made({ perOwner: 3 });
        const insert = async (id, owner) => keys.insert(newApiKey("wicket").hash, { id, ...(owner === undefined ? {} : { owner }) });
        const tried = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => insert(`k${index}`, "u1")));
        assert.equal(tried.filter(({ status }) => status === "fulfilled").length, 3);
        for (const { status, reason } of tried) if (status === "rejected") assert.deepEqual([reason.name, reason.code], ["StoreError", "api_keys_too_many"]);
        assert.equal((await keys.list("u1")).length, 3);
        await insert("other", "u2");
        for (let index = 0; index < 5; index += 1) await insert(`free${index}`);
      });

      test("that_have_ended_take_no_room_from_their_owner", async () => {
        const keys = await made({ perOwner: 2 });
        const insert = async (id, more = {}) => keys.insert(newApiKey("wicket").hash, { id, owner: "u1", ...more });
        const full = refusal("api_keys_too_many");
        await insert("k0");
        // Rotated over and over: a new one, and an end for the one before.
        for (let round = 1; round < 10; round += 1) {
          await insert(`k${round}`);
          await assert.rejects(insert("none"), full);
          await keys.end(`k${round - 1}`, now + 60 * round);
          // It counts until its end, and from then on no more.
          time = now + 60 * round - 1;
          await assert.rejects(insert("none"), full);
          time = now + 60 * round;
        }
        await insert("k10", { notAfter: time + 1 });
        await assert.rejects(insert("none"), full);
        time += 1;
        assert.equal((await keys.list("u1")).length, 11);
        const tried = await Promise.allSettled(Array.from({ length: 10 }, (_, index) => insert(`n${index}`)));
        assert.equal(tried.filter(({ status }) => status === "fulfilled").length, 1);
        time = now;
      });

      test("that_have_ended_are_swept", async () => {
        const keys = await made();
        const ends = { k0: now + 10, k1: now + 20, k2: undefined, k3: now + 30, k4: now };
        for (const [id, notAfter] of Object.entries(ends)) await keys.insert(newApiKey("wicket").hash, { id, owner: "u1", ...(notAfter === undefined ? {} : { notAfter }) });
        await keys.insert(hash, { id: "other", notAfter: now + 10 });
        const left = async () => (await keys.list("u1")).map(({ entry }) => entry.id);
        assert.equal(await keys.sweep(now - 1), 0);
        assert.equal(await keys.sweep(), 1);
        assert.deepEqual(await left(), ["k0", "k1", "k2", "k3"]);
        assert.equal(await keys.sweep(now + 20.9), 3);
        assert.deepEqual([await left(), await keys.lookup(hash)], [["k2", "k3"], null]);
        assert.equal(await keys.sweep(now + 1e9), 1);
        assert.deepEqual(await left(), ["k2"]);
        for (const wrong of [null, Number.NaN, -1, "1", now * 1000]) await assert.rejects(async () => keys.sweep(wrong), TypeError);
      });

      test("end_when_they_are_told_and_no_later", async () => {
        const keys = await made();
        await keys.insert(hash, entry);
        assert.equal(await keys.end("k1", now + 60), true);
        assert.deepEqual(await keys.lookup(hash), { ...entry, notAfter: now + 60 });
        assert.equal(await keys.end("k1", now + 90), true);
        assert.equal((await keys.lookup(hash)).notAfter, now + 60);
        await keys.end("k1", now + 30);
        assert.equal((await keys.lookup(hash)).notAfter, now + 30);
        assert.equal((await keys.list("u1"))[0].entry.notAfter, now + 30);
        assert.equal(await keys.end("k2", now), false);
      });

      test("want_what_they_can_keep", async () => {
        const keys = await made();
        const wrong = [
          ["sha256:short", entry],
          [key, entry],
          [hash.slice(0, -1) + "B", entry],
          [hash, null],
          [hash, {}],
          [hash, { ...entry, id: "" }],
          [hash, { ...entry, owner: "" }],
          [hash, { ...entry, owner: undefined, notAfter: undefined }],
          [hash, { ...entry, notAfter: Number.NaN }],
          [hash, entry, "l".repeat(201)],
          [hash, entry, null],
        ];
        for (const parameters of wrong) await assert.rejects(async () => keys.insert(...parameters), TypeError, JSON.stringify(parameters));
        for (const moment of [undefined, Number.NaN, -1, "1"]) await assert.rejects(async () => keys.end("k1", moment), TypeError);
        for (const name of [undefined, null, 1]) {
          for (const method of ["revoke", "list"]) await assert.rejects(async () => keys[method](name), TypeError);
        }
        assert.equal(await keys.lookup(hash), null);
      });

      test("are_the_store_s_own", async () => {
        const keys = await made();
        const mine = { ...entry, roles: ["viewer"] };
        await keys.insert(hash, mine);
        mine.roles.push("admin");
        const found = await keys.lookup(hash);
        found.roles.push("admin");
        assert.deepEqual((await keys.lookup(hash)).roles, ["viewer"]);
      });
    });
  }

  test(`a_table_of_d1_has_a_plain_name: ${way}`, () => {
    for (const table of ["", "1a", "a b", "a;b", "a\"", "t".repeat(64)]) assert.throws(() => new classes.D1ApiKeys({}, { table }), TypeError);
    assert.equal(new classes.D1ApiKeys({}, { table: "wicket_keys" }).schema.length, 3);
  });

  test(`d1_that_fails_is_unavailable: ${way}`, async () => {
    const statement = { bind: () => ({ all: () => Promise.reject(new Error("down")) }) };
    const keys = new classes.D1ApiKeys({ prepare: () => statement }, { clock: () => now });
    for (const use of [keys.lookup(hash), keys.insert(hash, entry), keys.list("u1"), keys.end("k1", now), keys.revoke("k1"), keys.sweep(), keys.create()]) {
      await assert.rejects(use, (error) => refusal("store_unavailable")(error) && error.cause.message === "down");
    }
  });

  test(`memory_is_bounded: ${way}`, () => {
    let time = now;
    const keys = new classes.MemoryApiKeys({ bound: 2, clock: () => time });
    const insert = (id) => keys.insert(newApiKey("wicket").hash, { id });
    for (const id of ["a", "b"]) insert(id);
    assert.throws(() => insert("c"), refusal("store_full"));
    keys.revoke("a");
    insert("c");
    // What has ended makes room, and nothing before its end.
    keys.end("b", now + 10);
    time = now + 9;
    assert.throws(() => insert("d"), refusal("store_full"));
    assert.equal(keys.revoke("b"), true);
    insert("b");
    keys.end("c", now + 10);
    time = now + 10;
    insert("d");
    assert.deepEqual(["a", "b", "c", "d"].map((id) => keys.revoke(id)), [false, true, false, true]);
  });
}
