// Signing keys of portcullis/issuer: the RFCs' own, new ones, jose's, and what is none.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import * as jose from "jose";
import { root } from "./home.mjs";
import { issuer as issuers } from "./package.mjs";

const rfc = JSON.parse(readFileSync(join(root, "tests/issuer/rfc-keys.json"), "utf8")).keys;
const ofRfc = (name) => rfc.find((one) => one.name === name).jwk;
const ALGORITHMS = ["HS256", "HS384", "HS512", "ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "EdDSA"];

for (const [way, { IssuerError, SigningKey }] of Object.entries(issuers)) {
  const isRefused = (code) => (error) => error instanceof IssuerError && error.code === code;

  describe(`signing keys, ${way}`, () => {
    for (const { name, jwk, input, signature, kid } of rfc) {
      test(`of_${name.replace(/\W/g, "_")}_sign_as_it_prints`, async () => {
        const key = await SigningKey.read(jwk);
        const token = await key.sign(input);
        if (signature !== undefined) assert.equal(token, `${input}.${signature}`);
        if (kid !== undefined) assert.equal(key.kid, kid);
        const verifying = key.publicJwk === undefined ? Buffer.from(jwk.k, "base64url") : await jose.importJWK(key.publicJwk, key.algorithm);
        await jose.compactVerify(token, verifying);
      });
    }

    for (const algorithm of ALGORITHMS) {
      test(`of_${algorithm}_are_made_and_read_again`, async () => {
        const key = await SigningKey.generate(algorithm);
        assert.equal(key.algorithm, algorithm);
        const again = await SigningKey.read(JSON.stringify(key.privateJwk()));
        assert.deepEqual([again.kid, again.publicJwk, again.privateJwk()], [key.kid, key.publicJwk, key.privateJwk()]);
        const members = Object.keys(key.publicJwk ?? {});
        assert.deepEqual(members.filter((name) => ["d", "p", "q", "dp", "dq", "qi", "k", "key_ops", "ext"].includes(name)), []);
        assert.equal(JSON.stringify(key).includes(key.privateJwk().d ?? key.privateJwk().k), false);
      });
    }

    test("of_jose_are_read", async () => {
      for (const algorithm of ["ES256", "ES384", "ES512", "RS256", "EdDSA"]) {
        const { privateKey } = await jose.generateKeyPair(algorithm, { extractable: true, ...(algorithm === "EdDSA" ? { crv: "Ed25519" } : {}) });
        const jwk = await jose.exportJWK(privateKey);
        const key = await SigningKey.read({ ...jwk, key_ops: ["sign"], use: "sig" });
        assert.equal(key.algorithm, algorithm);
        assert.equal(key.kid, await jose.calculateJwkThumbprint(jwk));
      }
    });

    test("whose_members_do_not_belong_together_are_none", async () => {
      for (const algorithm of ["ES256", "EdDSA"]) {
        const [one, other] = [await SigningKey.generate(algorithm), await SigningKey.generate(algorithm)];
        await assert.rejects(SigningKey.read({ ...one.privateJwk(), d: other.privateJwk().d }), isRefused("key_mismatch"), algorithm);
      }
      const rsa = ofRfc("RFC 7515 A.2 RS256");
      const other = (await SigningKey.generate("RS256")).privateJwk();
      const { d, p, q, dp, dq, qi } = other;
      await assert.rejects(SigningKey.read({ ...rsa, d, p, q, dp, dq, qi }), isRefused("key_mismatch"), "RSA");
      // Where a part alone is wrong some platforms sign with the others. Then the signature is right.
      const verifying = await jose.importJWK({ kty: "RSA", n: rsa.n, e: rsa.e }, "RS256");
      for (const changed of [{ d: rsa.p }, { p: rsa.q }, { q: rsa.p }, { dp: rsa.dq }, { dq: rsa.dp }, { qi: rsa.dp }]) {
        const key = await SigningKey.read({ ...rsa, ...changed }).catch((error) => assert.ok(isRefused("key_mismatch")(error), String(error)));
        if (key !== undefined) await jose.compactVerify(await key.sign("eyJhbGciOiJSUzI1NiJ9.e30"), verifying);
      }
    });

    test("that_are_hostile_are_none", async () => {
      const [ec, secret, rsa] = ["RFC 7515 A.3 ES256", "RFC 7515 A.1 HS256", "RFC 7515 A.2 RS256"].map(ofRfc);
      for (const [jwk, code] of [
        [{ ...ec, d: undefined }, "key_malformed"],
        [{ ...ec, d: "" }, "key_malformed"],
        [{ ...ec, x: ec.y }, "key_malformed"],
        [{ ...ec, alg: "none" }, "key_malformed"],
        [{ ...ec, use: "enc" }, "key_malformed"],
        [{ ...ec, kid: "a b" }, "key_malformed"],
        [{ ...secret, k: "AAAA" }, "key_weak"],
        [{ ...secret, alg: "HS512", k: "A".repeat(84) }, "key_weak"],
        [{ ...rsa, n: rsa.p }, "key_weak"],
        [{ ...rsa, alg: "PS256" }, "key_algorithm"],
        [{ kty: "EC", __proto__: { crv: "P-256" } }, "key_malformed"],
        ["{", "key_not_json"],
        ["", "key_not_json"],
        [JSON.stringify({ ...ec, more: "x".repeat(20_000) }), "key_not_json"],
        [undefined, TypeError],
        [null, TypeError],
        [1, TypeError],
      ]) {
        await assert.rejects(SigningKey.read(jwk), typeof code === "string" ? isRefused(code) : code, JSON.stringify(jwk)?.slice(0, 80));
      }
    });

    test("tell_nothing_of_themselves_in_errors", async () => {
      const ec = ofRfc("RFC 7515 A.3 ES256");
      const other = (await SigningKey.generate("ES256")).privateJwk();
      for (const jwk of [{ ...ec, use: "enc" }, { ...ec, d: other.d }, { ...ec, x: other.x }]) {
        const error = await SigningKey.read(jwk).catch((caught) => caught);
        const told = `${error.message} ${error.stack} ${String(error.cause)} ${JSON.stringify(error)}`;
        assert.equal(told.includes(jwk.d), false);
      }
    });

    test("are_made_of_known_algorithms_alone", async () => {
      for (const algorithm of ["PS256", "none", "", "hs256", "__proto__"]) await assert.rejects(SigningKey.generate(algorithm), isRefused("key_algorithm"), algorithm);
      await assert.rejects(SigningKey.generate(undefined), TypeError);
    });
  });
}
