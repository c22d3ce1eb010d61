// Key rings of portcullis/issuer: a guard that fetches the set takes every token, through a rotation.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { plainPolicy } from "./blog.mjs";
import { full, issuer as issuers } from "./package.mjs";
import { issuer, now } from "./tokens.mjs";

const DAY = 86_400;

for (const [way, { IssuerError, KeyRing, SigningKey, TokenIssuer }] of Object.entries(issuers)) {
  const { Guard } = full[way];
  const isRefused = (code) => (error) => error instanceof IssuerError && error.code === code;
  const kids = (ring, seconds) => ring.published({ now: now + seconds }).keys.map(({ kid }) => kid);

  describe(`key rings, ${way}`, () => {
    test("rotate", async () => {
      const [first, next] = [await SigningKey.generate("ES256"), await SigningKey.generate("EdDSA")];
      const ring = KeyRing.start(first, { now });
      assert.deepEqual(kids(ring, 0), [first.kid]);
      const rotated = ring.rotate(next, { now });
      assert.deepEqual(kids(ring, 0), [first.kid]);
      assert.deepEqual(kids(rotated, 0), [first.kid, next.kid]);
      const signing = async (seconds) => (await rotated.signing(now + seconds)).kid;
      assert.deepEqual([await signing(0), await signing(DAY - 1), await signing(DAY)], [first.kid, first.kid, next.kid]);
      assert.deepEqual(kids(rotated, 2 * DAY + 3600), [next.kid]);
      assert.equal(rotated.cacheControl, "public, max-age=3600");
    });

    test("are_kept_as_text_and_publish_nothing_private", async () => {
      const ring = KeyRing.start(await SigningKey.generate("RS256"), { now }).rotate(await SigningKey.generate("ES256"), { now });
      const again = KeyRing.read(ring.privateText());
      assert.equal(again.privateText(), ring.privateText());
      for (const key of again.published({ now }).keys) {
        assert.deepEqual(Object.keys(key).filter((name) => ["d", "p", "q", "dp", "dq", "qi", "k"].includes(name)), []);
      }
      assert.equal(JSON.stringify(ring).includes('"d"'), false);
    });

    test("pass_a_guard_that_fetches_the_set_through_a_rotation", async () => {
      let time = now;
      let ring = KeyRing.start(await SigningKey.generate("ES256"), { now });
      const tokens = () => new TokenIssuer({ issuer, audience: "api", client: "web", key: ring, clock: () => time });
      const fetched = [];
      const fetch = async (url) => {
        fetched.push(String(url));
        return new Response(JSON.stringify(ring.published({ now: time })), { headers: { "content-type": "application/json", "cache-control": ring.cacheControl } });
      };
      const trust = { issuers: [{ preset: "portcullis", issuer, audience: "api", profile: "access-token", leeway: 0 }] };
      const guard = new Guard({ policy: plainPolicy, trust, clock: () => time, fetch });
      const check = async (token) => (await guard.check({ method: "GET", url: "/me", headers: { authorization: `Bearer ${token}` } })).allowed;
      assert.equal(await check((await tokens().accessToken({ subject: "u1" })).token), true);
      assert.deepEqual(fetched, [`${issuer}/.well-known/jwks.json`]);
      ring = ring.rotate(await SigningKey.generate("EdDSA"), { now: time });
      let last;
      for (let hour = 0; hour < 60; hour += 1) {
        time += 3600;
        const { token } = await tokens().accessToken({ subject: "u1", lifetime: 3600 });
        assert.equal(await check(token), true, `at hour ${hour}`);
        if (last !== undefined) {
          time -= 1;
          assert.equal(await check(last), true, `the one before, at hour ${hour}`);
          time += 1;
        }
        last = token;
      }
    });

    test("take_a_key_back", async () => {
      const [first, other] = [await SigningKey.generate("ES256"), await SigningKey.generate("ES256")];
      const ring = KeyRing.start(first, { now }).replace(first.kid, other, { now: now + 5 });
      assert.deepEqual(kids(ring, 5), [other.kid]);
      assert.equal((await ring.signing(now + 5)).kid, other.kid);
      assert.throws(() => ring.replace(first.kid, first, { now }), isRefused("ring_key_unknown"));
    });

    test("have_limits", async () => {
      const key = await SigningKey.generate("EdDSA");
      const ring = KeyRing.start(key, { now });
      const secret = await SigningKey.generate("HS256");
      assert.throws(() => KeyRing.start(secret), isRefused("ring_secret"));
      assert.throws(() => ring.rotate(key, { now }), isRefused("ring_key_known"));
      const waiting = ring.rotate(await SigningKey.generate("EdDSA"), { now });
      assert.throws(() => waiting.rotate(key, { now }), isRefused("ring_waiting"));
      for (const text of ["", "{", "{}", '{"keys":[]}']) assert.throws(() => KeyRing.read(text), isRefused("ring_malformed"), text);
      for (const wrong of [undefined, null, {}, key.publicJwk]) assert.throws(() => KeyRing.start(wrong), TypeError);
      for (const wrong of [undefined, 1, {}]) assert.throws(() => KeyRing.read(wrong), TypeError);
      for (const at of [{ now: -1 }, { Now: 1 }]) assert.throws(() => ring.published(at), TypeError);
    });
  });
}
