// API keys as portcullis/issuer makes them, and as the guard takes them.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { plainPolicy } from "./blog.mjs";
import { imported as guards, issuer } from "./package.mjs";
import { now } from "./tokens.mjs";

for (const [way, { hashApiKey, isApiKey, IssuerError, newApiKey, rotateApiKey }] of Object.entries(issuer)) {
  describe(`API keys, ${way}`, () => {
    test("have_their_form", () => {
      const { key, hash } = newApiKey("pk_live");
      assert.match(key, /^pk_live_[0-9A-Za-z]{36}$/);
      assert.match(hash, /^sha256:[\w-]{43}$/);
      assert.equal(hash, hashApiKey(key));
      assert.equal(isApiKey(key, "pk_live"), true);
    });

    test("are_random", () => {
      assert.equal(new Set(Array.from({ length: 200 }, () => newApiKey("t").key)).size, 200);
    });

    test("that_are_mistyped_are_none", () => {
      const { key } = newApiKey("t");
      const last = key.at(-1) === "A" ? "B" : "A";
      for (const text of [key.slice(0, -1) + last, key.slice(0, -1), `${key}A`, key.replace("t_", "u_"), "", "t_", "\ud800"]) {
        assert.equal(isApiKey(text, "t"), false, text);
      }
    });

    test("want_a_prefix_that_is_a_word", () => {
      for (const prefix of ["", "a-b", "é", "a".repeat(33)]) {
        assert.throws(() => newApiKey(prefix), (error) => error instanceof IssuerError && error.code === "prefix_malformed");
      }
      for (const prefix of [undefined, null, 1, {}, ["t"]]) assert.throws(() => newApiKey(prefix), TypeError);
    });

    test("make_room_for_others", () => {
      const rotated = rotateApiKey("t", { overlap: 3600, now });
      assert.equal(rotated.oldNotAfter, now + 3600);
      assert.equal(rotated.hash, hashApiKey(rotated.key));
      assert.equal(rotateApiKey("t", { overlap: 3600, notAfter: now + 60, now }).oldNotAfter, now + 60);
      for (const overlap of [undefined, -1, Number.NaN, "1", Number.POSITIVE_INFINITY]) assert.throws(() => rotateApiKey("t", { overlap, now }), TypeError);
    });

    test("are_taken_by_the_guard", async () => {
      const { key, hash } = newApiKey("t");
      const trust = { apiKeys: [{ id: "ci", prefix: "t", hash, roles: ["viewer"] }] };
      const guard = new guards.Guard({ policy: plainPolicy, trust, clock: () => now });
      const check = (text) => guard.check({ method: "GET", url: "/", headers: { "x-api-key": text } });
      assert.notEqual((await check(key)).code, "invalid_api_key");
      assert.equal((await check(newApiKey("t").key)).code, "invalid_api_key");
    });
  });
}
