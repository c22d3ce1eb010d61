// Many at once over one store that takes its time: each is counted. And a store that is full, which lets nobody in.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { issuer as issuers, stores } from "./package.mjs";
import { now } from "./tokens.mjs";
import { slow } from "./slow.mjs";

const MANY = 30;
const clock = () => now;
const address = "192.0.2.1";

/** After 0 to 5 ms: so those who ask at once lose races to each other. */
const soon = () => setTimeout(Math.random() * 5);

for (const [way, { Attempts, HotpCodes, RecoveryCodes, RefreshTokens, totpCode, TotpCodes }] of Object.entries(issuers)) {
  const { MemoryStore } = stores[way];

  describe(`many at once, ${way}`, () => {
    test("of_one_network_are_all_counted", async () => {
      const attempts = new Attempts({ store: slow(new MemoryStore({ clock }), soon), clock });
      const begun = await Promise.all(Array.from({ length: MANY }, (_, number) => attempts.begin({ account: `a${number}`, address })));
      assert.deepEqual(begun.map(({ allowed, reason }) => [allowed, reason]), begun.map(() => [true, undefined]));
      // Fifty are free; so twenty are left, and then one, whose failure locks.
      for (let number = MANY; number < 51; number += 1) {
        const { allowed, retryAfter } = await attempts.begin({ account: `a${number}`, address });
        assert.deepEqual([allowed, retryAfter], [true, number === 50 ? 1 : 0]);
      }
      assert.equal((await attempts.begin({ account: "ada", address })).reason, "locked");
    });

    test("of_one_network_give_back_what_they_did_not_use", async () => {
      const attempts = new Attempts({ store: slow(new MemoryStore({ clock }), soon), clock });
      const begun = await Promise.all(Array.from({ length: MANY }, (_, number) => attempts.begin({ account: `a${number}`, address })));
      await Promise.all(begun.map((attempt) => attempt.withdrawn()));
      for (let number = 0; number < 51; number += 1) assert.equal((await attempts.begin({ account: `b${number}`, address })).allowed, true, String(number));
      assert.equal((await attempts.begin({ account: "ada", address })).reason, "locked");
    });

    test("use_recovery_codes_of_one_account_each_once", async () => {
      const recovery = new RecoveryCodes({ store: slow(new MemoryStore(), soon) });
      const codes = await recovery.renew("u1");
      const used = await Promise.all([...codes, ...codes, ...codes].map((code) => recovery.use("u1", code)));
      assert.equal(used.filter(({ accepted }) => accepted).length, codes.length);
      assert.equal(await recovery.left("u1"), 0);
    });
  });

  describe(`a store that is full, ${way}`, () => {
    /** A store with no room. */
    function full() {
      const store = new MemoryStore({ clock, bound: 1 });
      store.swap("other", null, "", now + 1000);
      return store;
    }
    const isFull = { name: "StoreError", code: "store_full" };

    test("denies_every_attempt", async () => {
      const { reportError } = globalThis;
      const errors = [];
      globalThis.reportError = (error) => errors.push(error.code);
      try {
        const attempts = new Attempts({ store: full(), clock });
        assert.deepEqual(await attempts.begin({ account: "ada", address }), { allowed: false, reason: "unavailable", retryAfter: 1 });
      } finally {
        globalThis.reportError = reportError;
      }
      assert.deepEqual(errors, ["store_full"]);
    });

    test("accepts_no_code_and_begins_nothing", async () => {
      const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
      const codes = new TotpCodes({ store: full(), clock });
      await assert.rejects(codes.use({ account: "u1", secret, code: totpCode(secret, now) }), isFull);
      await assert.rejects(new HotpCodes({ store: full() }).begin("u1"), isFull);
      await assert.rejects(new RecoveryCodes({ store: full() }).renew("u1"), isFull);
    });

    test("starts_no_family_and_says_that_a_subject_is_not_revoked", async () => {
      const secrets = [{ id: "a", secret: "TEST ONLY: 32 bytes at the least" }];
      const refresh = new RefreshTokens({ secrets, store: full(), clock });
      await assert.rejects(refresh.start({ subject: "u1", client: "web" }), isFull);
      await assert.rejects(refresh.revokeSubject("u1"), isFull);
    });

    test("takes_no_proof", async () => {
      await assert.rejects(new stores[way].AtomicReplays(full()).remember("a", now + 10), isFull);
    });
  });
}
