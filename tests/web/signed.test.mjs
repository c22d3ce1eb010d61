// Signed policies in portcullis/full, signed by node:crypto over a canonical text of the tests' own.

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { describe, test } from "node:test";
import { admin, plainGuard, plainPolicy, request, trust } from "./blog.mjs";
import { full, imported } from "./package.mjs";
import { now } from "./tokens.mjs";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const policyKeys = { jwks: { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "release" }] } };
const signedTrust = { ...trust, policyKeys };
const header = { alg: "EdDSA", kid: "release", typ: "policy+jws" };

/** RFC 8785, for what has only whole numbers. JavaScript compares texts by their UTF-16 code units. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

const encoded = (text) => Buffer.from(text).toString("base64url");

function signature(document) {
  const head = encoded(JSON.stringify(header));
  return `${head}..${sign(null, Buffer.from(`${head}.${encoded(canonical(document))}`), privateKey).toString("base64url")}`;
}

const bundle = (document) => ({ policy: document, signature: signature(document) });
const first = { ...plainPolicy, rules: [{ id: "r", effect: "deny", permissions: ["article:update"], message: "\u{1f512} é ﬁ \u2028" }] };
const second = { ...first, revision: 2, roles: {} };
const clock = () => now;

for (const [name, { Guard }] of Object.entries(full)) {
  const made = (options) => new Guard({ ...bundle(first), trust: signedTrust, clock, ...options });
  const throws = (work, code, path = "") => assert.throws(work, { name: "ConfigError", document: "policy", code, path });

  describe(`signed policies (${name})`, () => {
    test("are_taken_from_an_object_and_from_text", () => {
      for (const policy of [first, JSON.stringify(first, null, 2)]) {
        assert.equal(made({ policy }).checkSync(request("GET", "/users", admin)).allowed, true);
      }
    });

    test("are_refused_without_or_with_another_signature", () => {
      throws(() => made({ signature: undefined }), "signature_missing");
      throws(() => made({ signature: signature(second) }), "signature_invalid");
      throws(() => made({ signature: "" }), "signature_invalid");
      throws(() => made({ policy: second }), "signature_invalid");
      throws(() => made({ trust }), "signature_unexpected");
      throws(() => new Guard(bundle(first)), "signature_unexpected");
    });

    test("are_replaced_by_signed_ones_alone", () => {
      const guard = made();
      const users = request("GET", "/users", admin);
      throws(() => guard.replacePolicy(second), "signature_missing");
      throws(() => guard.replacePolicy({ policy: second, signature: signature(first) }), "signature_invalid");
      throws(() => guard.replacePolicy(bundle({ ...first, revision: 0 })), "revision_not_newer", "revision");
      assert.equal(guard.checkSync(users).allowed, true);
      guard.replacePolicy(bundle(second));
      assert.equal(guard.checkSync(users).status, 403);
      throws(() => guard.replacePolicy(bundle(first)), "revision_not_newer", "revision");
      guard.replacePolicy(bundle({ ...first, revision: 3 }));
      assert.equal(guard.checkSync(users).allowed, true);
    });

    test("are_not_of_a_revision_before_the_least_one", () => {
      const least = (minimumRevision) => ({ ...signedTrust, policyKeys: { ...policyKeys, minimumRevision } });
      assert.equal(made({ trust: least(1) }).checkSync(request("GET", "/users", admin)).allowed, true);
      throws(() => made({ trust: least(2) }), "revision_not_newer", "revision");
    });

    test("are_misused_with_a_type_error", () => {
      const guard = made();
      for (const wrong of [{ ...bundle(second), other: 1 }, { policy: second, signature: 7 }, { signature: signature(second) }, { policy: second, signature: "a\nb" }]) {
        assert.throws(() => guard.replacePolicy(wrong), TypeError);
      }
      assert.throws(() => made({ signature: 7 }), TypeError);
      assert.throws(() => made({ signature: `${signature(first)}\narticle` }), TypeError);
      assert.throws(() => plainGuard({ Guard }, { resources: { "=article": () => null } }), TypeError);
    });
  });
}

describe("signed policies in portcullis", () => {
  const { Guard, ConfigError } = imported;
  test("are_for_the_other_file", () => {
    assert.throws(() => new Guard({ policy: plainPolicy, trust: signedTrust }), (error) => error instanceof ConfigError && error.code === "unsupported" && error.path === "policyKeys");
    assert.throws(() => new Guard({ ...bundle(plainPolicy), trust }), { name: "TypeError", message: /portcullis\/full/ });
    assert.throws(() => new Guard(bundle(plainPolicy)), { name: "TypeError", message: /portcullis\/full/ });
    const guard = plainGuard(imported);
    assert.throws(() => guard.replacePolicy(bundle({ ...plainPolicy, revision: 2 })), { name: "TypeError", message: /portcullis\/full/ });
    assert.equal(guard.checkSync(request("GET", "/users", admin)).allowed, true);
  });
});
