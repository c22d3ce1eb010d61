// The keys of the run, and tokens that nobody has seen.

import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { audience, issuer } from "./scenario.mjs";

const secret = "TEST ONLY: a secret that is long enough for HS256";
const pairs = {
  ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  RS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  EdDSA: generateKeyPairSync("ed25519"),
};

/** What a verifier is told: the secret, or the public key in two forms. */
export function trusted(algorithm) {
  if (algorithm === "HS256") return { algorithm, secret };
  const { publicKey } = pairs[algorithm];
  return {
    algorithm,
    jwk: { ...publicKey.export({ format: "jwk" }), alg: algorithm, kid: algorithm, use: "sig" },
    pem: publicKey.export({ type: "spki", format: "pem" }),
  };
}

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function signature(input, algorithm) {
  if (algorithm === "HS256") return createHmac("sha256", secret).update(input).digest();
  const key = { key: pairs[algorithm].privateKey, dsaEncoding: "ieee-p1363" };
  return sign(algorithm === "EdDSA" ? null : "sha256", Buffer.from(input), key);
}

let number = 0;

/** The bytes of an Authorization header with a token that is like no other, good for an hour. */
export function authorization(algorithm, claims = {}) {
  number += 1;
  const now = Math.floor(Date.now() / 1_000);
  const header = { alg: algorithm, typ: "JWT", ...(algorithm === "HS256" ? {} : { kid: algorithm }) };
  const usual = { iss: issuer, aud: audience, sub: `user-${number}`, jti: `token-${number}`, iat: now, exp: now + 3_600, roles: ["editor"] };
  const input = `${base64url(header)}.${base64url({ ...usual, ...claims })}`;
  return Buffer.from(`Bearer ${input}.${signature(input, algorithm).toString("base64url")}`);
}

/** The text of a header as it comes from a connection: another string each time, whose hash nobody knows. */
export const fresh = (bytes) => bytes.latin1Slice(0, bytes.length);

/** Tokens that no verifier may take. */
export function refused(algorithm) {
  const past = Math.floor(Date.now() / 1_000) - 7_200;
  const forged = authorization(algorithm);
  forged[forged.length - 10] = forged[forged.length - 10] === 65 ? 66 : 65;
  return {
    "a forged signature": forged,
    "an expired token": authorization(algorithm, { iat: past, exp: past + 60 }),
    "another issuer": authorization(algorithm, { iss: "https://other.example" }),
    "another audience": authorization(algorithm, { aud: "elsewhere" }),
  };
}
