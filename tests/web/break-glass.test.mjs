// Break-glass grants beside tokens that were seen before: each use is one elevated event, and nothing else is.

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { describe, test } from "node:test";
import { admin, editor, plainPolicy, request, trust } from "./blog.mjs";
import { full, imported } from "./package.mjs";
import { now } from "./tokens.mjs";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const giver = "https://break.example";
const breakGlass = { audience: "https://blog.example", issuers: [{ issuer: giver, jwks: { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "glass" }] } }] };
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function grant(claims = {}) {
  const usual = { iss: giver, sub: "u1", aud: "https://blog.example", iat: now, exp: now + 600, jti: "g1", given_by: "boss", reason: "the pager", permissions: ["read_users"] };
  const input = `${encoded({ alg: "EdDSA", kid: "glass", typ: "break-glass+jwt" })}.${encoded({ ...usual, ...claims })}`;
  return `${input}.${sign(null, Buffer.from(input), privateKey).toString("base64url")}`;
}

for (const [name, { Guard }] of Object.entries(full)) {
  describe(`a break-glass grant (${name})`, () => {
    const made = (more = {}) => new Guard({ policy: plainPolicy, trust: { ...trust, breakGlass, ...more }, clock: () => now });
    const users = (bearer, given) => request("GET", "/users", bearer, given === undefined ? {} : { "x-break-glass": given });

    test("is_one_elevated_event_where_it_decided_and_none_elsewhere", async () => {
      const guard = made();
      const events = [];
      guard.onDecision(({ decision, elevated, breakGlass: by, subject }) => events.push([subject.id, decision, elevated, by?.givenBy, by?.reason, by?.expires]));
      // Twice each: the second time handles of the token and the route are there.
      for (let round = 0; round < 2; round += 1) {
        assert.equal((await guard.check(users(editor))).status, 403);
        const outcome = await guard.check(users(editor, grant()));
        assert.deepEqual([outcome.allowed, outcome.elevated], [true, true]);
        assert.equal((await guard.check(request("GET", "/me", editor))).allowed, true);
        assert.equal((await guard.check(users(admin, grant({ sub: "a1" })))).elevated, false);
      }
      const round = [["u1", "deny", false, undefined, undefined, undefined], ["u1", "allow", true, "boss", "the pager", now + 600], ["u1", "allow", false, undefined, undefined, undefined], ["a1", "allow", false, undefined, undefined, undefined]];
      assert.deepEqual(events, [...round, ...round]);
    });

    test("is_looked_at_where_the_token_and_the_route_are_known", () => {
      const guard = made();
      for (let round = 0; round < 2; round += 1) assert.equal(guard.checkSync(users(admin)).allowed, true);
      for (const wrong of ["nothing", grant({ sub: "u2" }), grant({ sub: "a1", exp: now, iat: now - 1 })]) {
        const refused = guard.checkSync(users(admin, wrong));
        assert.deepEqual([refused.allowed, refused.status, refused.code], [false, 401, "invalid_token"]);
      }
      assert.equal(guard.checkSync(users(admin)).allowed, true);
    });

    test("is_taken_back_by_its_jti", () => {
      const guard = made();
      assert.equal(guard.checkSync(users(editor, grant())).allowed, true);
      guard.revoke({ jti: "g1", issuer: giver });
      assert.equal(guard.checkSync(users(editor, grant())).status, 401);
      assert.equal(guard.checkSync(users(editor, grant({ jti: "g2" }))).allowed, true);
    });

    test("is_matched_against_the_policy_in_force", () => {
      const guard = made();
      guard.replacePolicy({ ...plainPolicy, revision: 2, rules: [{ id: "closed", effect: "deny", permissions: ["read_users"], message: "Closed." }] });
      const refused = guard.checkSync(users(editor, grant()));
      assert.deepEqual([refused.status, refused.problem.detail], [403, "Closed."]);
    });

    test("does_nothing_for_a_question", () => {
      const guard = made();
      const { principal } = guard.checkSync(users(editor, grant()));
      assert.equal(guard.can(principal, "read_users"), false);
    });

    test("is_told_in_a_trace", () => {
      const guard = made();
      const events = [];
      guard.onDecision((event) => events.push(event));
      guard.checkSync(users(editor, grant({ sub: "u2" })));
      guard.checkSync(users(editor, grant()));
      const [refused, allowed] = events.map((event) => guard.trace(event).at(-1));
      assert.deepEqual([refused, allowed], [{ check: "break_glass_subject", passed: false, detail: null }, { check: "permitted", passed: true }]);
    });
  });
}

describe("a break-glass grant in portcullis", () => {
  test("is_for_the_other_file", () => {
    assert.throws(() => new imported.Guard({ policy: plainPolicy, trust: { ...trust, breakGlass } }), { name: "ConfigError", code: "unsupported", path: "breakGlass" });
  });
});
