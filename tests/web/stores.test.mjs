// The stores: in memory, and in Cloudflare KV inside workerd.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Response } from "miniflare";
import { plainPolicy } from "./blog.mjs";
import { stores } from "./package.mjs";
import { issuer, jwk, now, token } from "./tokens.mjs";
import { bundleWorker, serveIsolates } from "./workerd.mjs";

for (const [way, { MemoryReplays, MemoryRevocations, KvRevocations, KvKeys }] of Object.entries(stores)) {
  describe(`MemoryReplays, ${way}`, () => {
    test("takes_a_name_once", () => {
      const replays = new MemoryReplays({ clock: () => now });
      assert.deepEqual([replays.remember("a", now + 10), replays.remember("a", now + 10), replays.remember("b", now + 10)], [true, false, true]);
    });

    test("forgets_nothing_before_its_time", () => {
      let time = now;
      const replays = new MemoryReplays({ clock: () => time, bound: 3 });
      for (const [name, end] of [["a", 30], ["b", 10], ["c", 20]]) assert.equal(replays.remember(name, now + end), true);
      assert.throws(() => replays.remember("d", now + 40), RangeError);
      for (const name of ["a", "b", "c"]) assert.equal(replays.remember(name, now + 50), false);
      time = now + 9;
      assert.throws(() => replays.remember("d", now + 40), RangeError);
      time = now + 10;
      assert.equal(replays.remember("d", now + 40), true);
      assert.throws(() => replays.remember("e", now + 40), RangeError);
      time = now + 30;
      assert.deepEqual(["e", "f", "d"].map((name) => replays.remember(name, now + 60)), [true, true, false]);
    });

    test("takes_moments_alone", () => {
      for (const until of [undefined, Number.NaN, "1", -1, Number.POSITIVE_INFINITY]) assert.throws(() => new MemoryReplays().remember("a", until), TypeError);
    });
  });

  describe(`MemoryRevocations, ${way}`, () => {
    test("answers_in_the_order_of_the_names", () => {
      const facts = new MemoryRevocations({ clock: () => now });
      facts.revoke("a", now, now + 10);
      facts.revoke("b", now - 9.5, now + 10);
      assert.deepEqual(facts.lookup(["b", "x", "a", "__proto__"]), [now - 9, null, now, null]);
      assert.deepEqual(facts.lookup([]), []);
    });

    test("keeps_the_later_moments_of_two_facts", () => {
      let time = now;
      const facts = new MemoryRevocations({ clock: () => time });
      facts.revoke("a", now, now + 10);
      facts.revoke("a", now - 50, now + 20);
      facts.revoke("a", now - 60, now + 5);
      assert.deepEqual(facts.lookup(["a"]), [now]);
      time = now + 19;
      assert.deepEqual(facts.lookup(["a"]), [now]);
      time = now + 20;
      assert.deepEqual(facts.lookup(["a"]), [null]);
      facts.revoke("a", now - 60, now + 30);
      assert.deepEqual(facts.lookup(["a"]), [now - 60]);
    });

    test("is_bounded_and_loses_none_silently", () => {
      let time = now;
      const facts = new MemoryRevocations({ clock: () => time, bound: 2 });
      facts.revoke("a", now, now + 10);
      facts.revoke("b", now, now + 20);
      assert.throws(() => facts.revoke("c", now, now + 10), RangeError);
      facts.revoke("b", now + 1, now + 20);
      assert.deepEqual(facts.lookup(["a", "b", "c"]), [now, now + 1, null]);
      time = now + 10;
      facts.revoke("c", now, now + 20);
      assert.deepEqual(facts.lookup(["a", "b", "c"]), [null, now + 1, now]);
    });

    test("takes_moments_alone", () => {
      for (const wrong of [undefined, Number.NaN, "1", -1]) {
        assert.throws(() => new MemoryRevocations().revoke("a", wrong, now), TypeError);
        assert.throws(() => new MemoryRevocations().revoke("a", now, wrong), TypeError);
      }
    });
  });

  describe(`KvRevocations, ${way}`, () => {
    const namespace = (entries = {}) => {
      const kept = new Map(Object.entries(entries));
      const put = [];
      return {
        kept,
        put: async (...parameters) => {
          put.push(parameters);
          kept.set(parameters[0], parameters[1]);
        },
        get: async (name) => kept.get(name) ?? null,
        written: put,
      };
    };

    test("reads_decimal_text_and_nothing_else", async () => {
      const read = (text) => new KvRevocations(namespace({ a: text })).lookup(["x", "a"]);
      assert.deepEqual(await read("1790000000"), [null, 1_790_000_000]);
      assert.deepEqual(await read("1790000000 1790000060"), [null, 1_790_000_000]);
      for (const text of ["", "now", "1.5", "-1", "0x10", "1e3", " 1", "1 ", "1 2 3", "1".repeat(16)]) await assert.rejects(read(text), Error, text);
    });

    test("lives_as_long_as_the_fact_and_a_minute_at_least", async () => {
      const kv = namespace();
      const facts = new KvRevocations(kv, { clock: () => now + 0.5 });
      await facts.revoke("a", now, now + 1000);
      await facts.revoke("b", now, now + 1);
      await facts.revoke("a", now - 10, now + 500);
      await facts.revoke("a", now + 10, now + 500);
      assert.deepEqual(kv.written, [
        ["a", `${now} ${now + 1000}`, { expirationTtl: 1000 }],
        ["b", `${now} ${now + 1}`, { expirationTtl: 60 }],
        ["a", `${now} ${now + 1000}`, { expirationTtl: 1000 }],
        ["a", `${now + 10} ${now + 1000}`, { expirationTtl: 1000 }],
      ]);
      await assert.rejects(facts.revoke("a", Number.NaN, now), TypeError);
    });

    test("fails_where_kv_does", async () => {
      const facts = new KvRevocations({ get: () => Promise.reject(new Error("no KV")), put: () => Promise.resolve() });
      await assert.rejects(facts.lookup(["a"]), /no KV/);
      await assert.rejects(facts.revoke("a", now, now + 1), /no KV/);
    });

    test("keys_are_written_only_where_they_changed", async () => {
      const kv = namespace();
      const keys = new KvKeys(kv);
      assert.equal(await keys.load(), "");
      for (const text of ["one", "one", "two", "two", "one"]) await keys.save(text);
      assert.deepEqual(kv.written.map(([name, text]) => [name, text]), [["portcullis.keys", "one"], ["portcullis.keys", "two"], ["portcullis.keys", "one"]]);
      const other = new KvKeys(kv);
      assert.equal(await other.load(), "one");
      await other.save("one");
      assert.equal(await new KvKeys(kv, "other").load(), "");
      assert.equal(kv.written.length, 3);
    });
  });
}

describe("KV in workerd", () => {
  const names = ["first", "second"];
  const bearer = (claims = {}) => token({ iat: now - 100, jti: "t1", sid: "s1", exp: now + 100_000, ...claims }, "ES256");
  let isolates;
  let fetched = 0;
  before(async () => {
    bundleWorker("kv");
    const trust = { issuers: [{ issuer, audience: "api", jwksUri: `${issuer}/jwks` }], revocation: { source: "store", maxAge: 30 } };
    isolates = serveIsolates("kv", names, {
      kvNamespaces: { FACTS: "facts" },
      bindings: { DOCUMENTS: { policy: plainPolicy, trust } },
      outboundService: async () => {
        fetched += 1;
        return Response.json({ keys: [jwk("ES256")] });
      },
    });
  });
  after(() => isolates?.dispose());

  const ask = async (name, text, time = now) => {
    const worker = await isolates.getWorker(name);
    const headers = { authorization: `Bearer ${text}`, "x-now": String(time) };
    return (await worker.fetch("https://blog.example/me", { headers })).status;
  };
  const revoke = async (name, revocation, time = now) => {
    const worker = await isolates.getWorker(name);
    const init = { method: "POST", headers: { "x-now": String(time) }, body: JSON.stringify(revocation) };
    assert.equal((await worker.fetch("https://desk.example/revoke", init)).status, 204);
  };

  const held = bearer();

  test("an_isolate_starts_with_the_keys_that_another_one_fetched", async () => {
    assert.equal(await ask("first", held), 200);
    assert.equal(fetched, 1);
    assert.equal(await ask("second", held), 200);
    assert.equal(fetched, 1);
  });

  test("a_fact_of_one_isolate_counts_in_the_other", async () => {
    await revoke("first", { subject: "u1", issuer, notBefore: now - 50, until: now + 1000 });
    // What was looked up before is believed for 30 seconds.
    assert.equal(await ask("second", held), 200);
    assert.equal(await ask("second", held, now + 31), 401);
    assert.equal(await ask("second", bearer({ iat: now - 50, jti: "t2" }), now + 31), 200);
    assert.equal(await ask("first", held, now + 31), 401);
  });
});
