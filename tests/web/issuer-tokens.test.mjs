// Tokens as portcullis/issuer makes them: as the guard takes them, and as jose reads them.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as jose from "jose";
import { plainPolicy } from "./blog.mjs";
import { full, issuer as issuers } from "./package.mjs";
import { issuer, now, secret } from "./tokens.mjs";

const base = { issuer, audience: "api", client: "web", clock: () => now };
const isRefused = (code) => (error) => error.name === "IssuerError" && error.code === code;

for (const [way, { SigningKey, TokenIssuer }] of Object.entries(issuers)) {
  const { Guard } = full[way];

  /** A guard that takes tokens of that key. */
  function guardOf(key, more = {}) {
    const own = key.publicJwk === undefined ? { secret } : { jwks: { keys: [key.publicJwk] } };
    const trust = { issuers: [{ preset: "portcullis", issuer, audience: "api", profile: "access-token", ...own, ...more }] };
    return new Guard({ policy: plainPolicy, trust, clock: () => now });
  }
  const check = (guard, url, token) => guard.check({ method: "GET", url, headers: { authorization: `Bearer ${token}` } });

  describe(`tokens, ${way}`, () => {
    for (const algorithm of ["HS256", "ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "EdDSA"]) {
      test(`of_${algorithm}_are_taken_by_the_guard_and_by_jose`, async () => {
        const key = algorithm === "HS256" ? await SigningKey.read({ kty: "oct", k: Buffer.from(secret).toString("base64url") }) : await SigningKey.generate(algorithm);
        const tokens = new TokenIssuer({ ...base, key });
        const made = await tokens.accessToken({ subject: "a1", roles: ["admin"] });
        const outcome = await check(guardOf(key), "/users", made.token);
        assert.equal(outcome.allowed, true, outcome.code);
        assert.deepEqual([outcome.principal.id, outcome.principal.roles], ["a1", ["admin"]]);

        const imported = key.publicJwk === undefined ? new TextEncoder().encode(secret) : await jose.importJWK(key.publicJwk, algorithm);
        const options = { issuer, audience: "api", typ: "at+jwt", currentDate: new Date(now * 1000), algorithms: [algorithm] };
        const { payload, protectedHeader } = await jose.jwtVerify(made.token, imported, options);
        assert.deepEqual(payload, { iss: issuer, aud: "api", sub: "a1", client_id: "web", roles: ["admin"], iat: now, exp: now + 300, jti: made.id });
        assert.equal(protectedHeader.kid, key.kid);
        assert.equal(made.expiresAt, now + 300);
        if (key.publicJwk !== undefined) assert.equal(key.kid, await jose.calculateJwkThumbprint(key.publicJwk));
      });
    }

    test("of_another_key_are_refused", async () => {
      const [key, other] = [await SigningKey.generate("ES256"), await SigningKey.generate("ES256")];
      const { token } = await new TokenIssuer({ ...base, key: other }).accessToken({ subject: "a1" });
      assert.equal((await check(guardOf(key), "/me", token)).code, "invalid_token");
    });

    test("say_how_somebody_signed_in", async () => {
      const key = await SigningKey.generate("EdDSA");
      const tokens = new TokenIssuer({ ...base, key });
      const said = async (methods, from = tokens) => {
        const { acr, amr, auth_time: at } = jose.decodeJwt((await from.accessToken({ subject: "u1", signIn: { methods, at: now - 0.5 } })).token);
        return [acr, amr, at];
      };
      assert.deepEqual(await said(["password"]), ["aal1", ["pwd"], now - 1]);
      assert.deepEqual(await said(["password", "otp"]), ["aal2", ["pwd", "otp", "mfa"], now - 1]);
      assert.deepEqual(await said(["password", "recoveryCode"]), ["aal2", ["pwd", "mfa"], now - 1]);
      const own = new TokenIssuer({ ...base, key, levels: { single: "low", multi: "high" } });
      assert.deepEqual((await said(["password", "otp"], own))[0], "high");
      await assert.rejects(said([]), isRefused("sign_in"));
      await assert.rejects(tokens.accessToken({ subject: base.client, signIn: { methods: ["password"], at: now } }), isRefused("subject_is_client"));
      for (const methods of [["fingerprint"], "password", undefined, [1]]) await assert.rejects(said(methods), TypeError);
    });

    test("begin_before_what_is_revoked_at_once", async () => {
      const key = await SigningKey.generate("EdDSA");
      const tokens = new TokenIssuer({ ...base, key, clock: () => now + 0.9 });
      const { token, expiresAt } = await tokens.accessToken({ subject: "u1", signIn: { methods: ["password"], at: now + 0.8 } });
      const { iat, auth_time: at } = jose.decodeJwt(token);
      assert.deepEqual([iat, at, expiresAt], [now, now, now + 300]);
    });

    test("are_written_from_what_has_a_name", async () => {
      const key = await SigningKey.generate("EdDSA");
      assert.throws(() => new TokenIssuer({ ...base, key, level: {} }), TypeError);
      const tokens = new TokenIssuer({ ...base, key });
      await assert.rejects(tokens.accessToken({ subject: "u1", role: ["editor"] }), TypeError);
      await assert.rejects(tokens.idToken({ subject: "u1", roles: ["editor"] }), TypeError);
      await assert.rejects(tokens.guestToken({ guest: "g1", subject: "u1" }), TypeError);
      await assert.rejects(tokens.accessToken({ subject: "u1", signIn: { methods: ["password"], at: now, acr: "aal2" } }), TypeError);
    });

    test("carry_what_the_caller_wants_and_nothing_twice", async () => {
      const tokens = new TokenIssuer({ ...base, key: await SigningKey.generate("EdDSA") });
      const claims = { tenant: "t1", deep: { list: [1, 2.5, "ü", null, true] } };
      const order = { subject: "ü", client: "app", audience: ["api", "other"], session: "s1", scope: ["read", "write"], permissions: ["read_users"], lifetime: 60, claims };
      const payload = jose.decodeJwt((await tokens.accessToken(order)).token);
      assert.deepEqual(
        { ...payload, jti: "" },
        { iss: issuer, aud: ["api", "other"], sub: "ü", client_id: "app", sid: "s1", scope: "read write", permissions: ["read_users"], ...claims, iat: now, exp: now + 60, jti: "" },
      );
      for (const name of ["iss", "exp", "roles", "guest", "sub"]) {
        await assert.rejects(tokens.accessToken({ subject: "u1", claims: { [name]: "x" } }), isRefused("claim_registered"), name);
      }
      for (const wrong of [{ [Symbol.iterator]: 1, f: () => 1 }, { n: Number.NaN }, { b: 1n }, [], "x", 1, null]) {
        await assert.rejects(tokens.accessToken({ subject: "u1", claims: wrong }), TypeError);
      }
    });

    test("have_limits", async () => {
      const tokens = new TokenIssuer({ ...base, key: await SigningKey.generate("EdDSA") });
      for (const [order, code] of [
        [{ subject: "" }, "claim_text"],
        [{ subject: "u".repeat(256) }, "claim_text"],
        [{ subject: "u1", lifetime: 3601 }, "lifetime"],
        [{ subject: "u1", lifetime: 0 }, "lifetime"],
        [{ subject: "u1", scope: ["a b"] }, "scope"],
        [{ subject: "u1", audience: [] }, "audience"],
        [{ subject: "u1", claims: { x: "x".repeat(20_000) } }, "token_too_large"],
      ]) {
        await assert.rejects(tokens.accessToken(order), isRefused(code), code);
      }
      await assert.rejects(tokens.guestToken({ guest: "g1", lifetime: 86_401 }), isRefused("lifetime"));
      for (const order of [undefined, null, {}, { subject: 1 }, { subject: "u1", roles: "admin" }, { subject: "u1", roles: [1] }, { subject: "u1", lifetime: -1 }, { subject: "u1", session: 1 }]) {
        await assert.rejects(tokens.accessToken(order), TypeError);
      }
      for (const options of [{ issuer: 1 }, { audience: [1] }, { client: undefined }, { key: {} }, { key: "k" }, { clock: 1 }, { levels: {} }]) {
        assert.throws(() => new TokenIssuer({ ...base, key: { signing: () => undefined }, ...options }), TypeError, JSON.stringify(options));
      }
    });

    test("of_a_guest_are_a_guests_where_guests_are_known_and_nobodys_elsewhere", async () => {
      const key = await SigningKey.generate("ES256");
      const { token } = await new TokenIssuer({ ...base, key }).guestToken({ guest: "g1", roles: ["viewer"] });
      const policy = { ...plainPolicy, routes: [{ route: "GET /articles", permission: "article:read" }, { route: "GET /me", allow: "authenticated" }] };
      const trust = (more) => ({ issuers: [{ issuer, audience: "api", jwks: { keys: [key.publicJwk] }, ...more }] });
      const guard = (more) => new Guard({ policy, trust: trust(more), clock: () => now });
      const outcome = await check(guard({ preset: "portcullis", profile: "access-token" }), "/articles", token);
      assert.deepEqual([outcome.allowed, outcome.principal.kind, outcome.principal.id], [true, "guest", "g1"]);
      assert.equal((await check(guard({ preset: "portcullis" }), "/me", token)).code, "authentication_required");
      for (const more of [{}, { profile: "access-token" }, { preset: "supabase" }]) assert.equal((await check(guard(more), "/me", token)).code, "invalid_token");
    });

    test("for_a_client_belong_to_their_access_token_and_open_nothing", async () => {
      const key = await SigningKey.generate("ES256");
      const tokens = new TokenIssuer({ ...base, audience: "web", key });
      const accessToken = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
      const { token } = await tokens.idToken({ subject: "u1", nonce: "n1", accessToken, claims: { email: "ada@example.com" } });
      const payload = jose.decodeJwt(token);
      // OpenID Connect Core §A.4.
      assert.equal(payload.at_hash, "77QmUPtjPfzWtF2AnpK9RQ");
      assert.deepEqual([payload.aud, payload.nonce, payload.email, payload.client_id], ["web", "n1", "ada@example.com", undefined]);
      assert.equal((await check(guardOf(key, { audience: "web" }), "/me", token)).code, "invalid_token");
    });

    test("say_what_the_policy_gives_to_roles_without_any_condition", async () => {
      const key = await SigningKey.generate("EdDSA");
      const tokens = new TokenIssuer({ ...base, key, policy: plainPolicy });
      const permissions = async (order) => jose.decodeJwt((await tokens.accessToken({ subject: "u1", ...order })).token).permissions;
      assert.deepEqual(await permissions({ roles: ["admin"] }), ["article:read", "article:update", "read_users"]);
      // What is one's own is not everything.
      assert.deepEqual(await permissions({ roles: ["editor"] }), ["article:read"]);
      assert.deepEqual(await permissions({ roles: ["editor"], permissions: ["article:read", "more"] }), ["article:read", "more"]);
      assert.deepEqual(await permissions({}), undefined);
      assert.throws(() => new TokenIssuer({ ...base, key, policy: { policy: "p" } }), { name: "IssuerError" });
      const { token } = await tokens.accessToken({ subject: "u1", roles: ["editor"] });
      const guard = guardOf(key, { asserts: { permissions: true } });
      assert.equal((await check(guard, "/users", token)).code, "permission_denied");
    });
  });
}
