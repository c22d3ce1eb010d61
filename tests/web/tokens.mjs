// Tokens, signed with keys that are made for the run.

import { createHmac, generateKeyPairSync, sign } from "node:crypto";

export const issuer = "https://id.example";
export const now = 1_790_000_000;
export const secret = "TEST ONLY: a secret that is long enough for HS256";

const pairs = {
  ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  RS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  EdDSA: generateKeyPairSync("ed25519"),
};

/** The public key of that algorithm. */
export function jwk(algorithm) {
  return { ...pairs[algorithm].publicKey.export({ format: "jwk" }), alg: algorithm, kid: algorithm };
}

/** A token with the usual claims, changed by `claims`. */
export function token(claims = {}, algorithm = "HS256", kid = algorithm) {
  const header = { alg: algorithm, ...(algorithm === "HS256" ? {} : { kid }) };
  const usual = { iss: issuer, aud: "api", sub: "u1", exp: now + 600, ...claims };
  return signed(JSON.stringify(header), JSON.stringify(usual), algorithm);
}

/** The same of any payload text; with HS256, by any secret. */
export function signed(header, payload, algorithm = "HS256", by = secret) {
  const input = `${base64url(header)}.${base64url(payload)}`;
  const signature =
    algorithm === "HS256"
      ? createHmac("sha256", by).update(input).digest()
      : sign(algorithm === "EdDSA" ? null : "sha256", Buffer.from(input), { key: pairs[algorithm].privateKey, dsaEncoding: "ieee-p1363" });
  return `${input}.${signature.toString("base64url")}`;
}

function base64url(text) {
  return Buffer.from(text).toString("base64url");
}
