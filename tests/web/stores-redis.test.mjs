// Redis: a server of its own for these tests.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { stores } from "./package.mjs";
import { serveRedis } from "./redis.mjs";
import { run, suites } from "./stores/suite.mjs";

const seconds = Math.floor(Date.now() / 1000);
const unavailable = { name: "StoreError", code: "store_unavailable" };

for (const [way, { AtomicReplays, RedisRevocations, RedisStore }] of Object.entries(stores)) {
  describe(`Redis, ${way}`, () => {
    let redis;
    let client;
    let others;
    let gone;
    before(async () => {
      redis = await serveRedis();
      client = await redis.connect();
      others = await Promise.all(Array.from({ length: 50 }, () => redis.connect()));
      const other = await serveRedis();
      gone = await other.connect();
      await other.stop();
    });
    after(() => redis?.stop());

    describe("RedisStore", () => {
      const engine = { store: (clock) => new RedisStore(client, { clock }), down: () => new RedisStore(gone), AtomicReplays };
      for (const suite of ["cases", "races"]) for (const name of suites[suite]) test(name, () => run(suite, name, engine));

      // Each call over another connection.
      let turn = 0;
      const spread = { eval: (...parameters) => others[(turn += 1) % others.length].eval(...parameters) };
      const engineOfMany = { ...engine, store: (clock) => new RedisStore(spread, { clock }) };
      for (const name of suites.races) test(`${name}, over fifty connections`, () => run("races", name, engineOfMany));

      test("a_key_outlasts_its_entry_and_then_makes_room", async () => {
        const store = new RedisStore(client, { clock: () => seconds });
        for (const [name, until] of [["ends.a", seconds + 60], ["ends.b", seconds - 60], ["ends.c", seconds - 3600]]) await store.swap(name, null, "1", until);
        const ends = await Promise.all(["a", "b", "c"].map((name) => client.sendCommand(["PEXPIRETIME", `portcullis:ends.${name}`])));
        assert.deepEqual(ends, [(seconds + 660) * 1000, (seconds + 540) * 1000, -2]);
      });

      test("entries_of_another_prefix_are_others", async () => {
        const [one, other] = ["one:", "other:"].map((prefix) => new RedisStore(client, { prefix, clock: () => seconds }));
        assert.equal(await one.swap("a", null, "1", seconds + 60), true);
        assert.equal(await other.read("a"), null);
        assert.equal(await client.exists("one:a"), 1);
        for (const prefix of ["", "a b", "\u00e9"]) assert.throws(() => new RedisStore(client, { prefix }), { code: "name_malformed" });
        assert.throws(() => new RedisStore(client, { prefix: 1 }), TypeError);
      });

      test("what_is_no_entry_is_an_error_and_is_not_written_over", async () => {
        const store = new RedisStore(client, { prefix: "odd:", clock: () => seconds });
        const texts = ["", "1", "1 a", " 1 a b", "1  a", "a a a", `${seconds + 60} x value`, `-1 a value`, `1e9 a value`];
        for (const text of texts) {
          await client.set("odd:a", text);
          await assert.rejects(store.read("a"), unavailable, text);
          await assert.rejects(store.swap("a", null, "1", seconds + 60), unavailable, text);
          assert.equal(await client.get("odd:a"), text);
        }
        await client.del("odd:a");
        await client.rPush("odd:a", "1");
        await assert.rejects(store.read("a"), unavailable);
        await assert.rejects(store.swap("a", null, "1", seconds + 60), unavailable);
        await store.remove("a");
        assert.equal(await store.swap("a", null, "1", seconds + 60), true);
      });
    });

    describe("RedisRevocations", () => {
      const engine = { facts: (clock) => new RedisRevocations(client, { clock }), down: () => new RedisRevocations(gone) };
      for (const name of suites.revocations) test(name, () => run("revocations", name, engine));

      test("what_is_no_fact_is_an_error_and_is_not_written_over", async () => {
        const facts = new RedisRevocations(client, { prefix: "odd:", clock: () => seconds });
        for (const text of ["", "1", "1 a", "now", "1 2 3", "-1 1", "1.5 1"]) {
          await client.set("odd:revocation.a", text);
          await assert.rejects(facts.lookup(["b", "a"]), unavailable, text);
          await assert.rejects(facts.revoke("a", 1, seconds + 60), unavailable, text);
          assert.equal(await client.get("odd:revocation.a"), text);
        }
      });
    });

    test("a_server_that_goes_away_is_an_error_at_the_next_call", async () => {
      const other = await serveRedis();
      const [store, facts] = await other.connect().then((one) => [new RedisStore(one), new RedisRevocations(one)]);
      assert.equal(await store.swap("a", null, "1", seconds + 60), true);
      await facts.revoke("a", 1, seconds + 60);
      await other.stop();
      for (const call of [() => store.read("a"), () => store.swap("a", null, "1", seconds + 60), () => store.remove("a"), () => facts.lookup(["a"]), () => facts.revoke("a", 1, seconds + 60)]) {
        await assert.rejects(call, unavailable);
      }
    });

    for (const answer of [undefined, 1n, 2, "now", {}, [], [1, 2], ["a"], ["a", null], Buffer.from("a"), new Error("ERR")]) {
      test(`an_answer_that_is_none_is_an_error: ${typeof answer} ${String(answer)}`, async () => {
        const odd = { eval: async () => answer };
        await assert.rejects(new RedisStore(odd).read("a"), unavailable);
        await assert.rejects(new RedisStore(odd).swap("a", null, "1", seconds), unavailable);
        await assert.rejects(new RedisStore(odd).remove("a"), unavailable);
        await assert.rejects(new RedisRevocations(odd).revoke("a", 1, 1), unavailable);
        await assert.rejects(new RedisRevocations(odd).lookup(["a"]), unavailable);
      });
    }
  });
}
