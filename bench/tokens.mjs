// The keys of the run, and tokens that nobody has seen. By WebCrypto, which every runtime has.

import { bytes } from "#host";
import { audience, issuer } from "./scenario.mjs";

const secret = "TEST ONLY: a secret that is long enough for HS256";
const { subtle } = crypto;

const forms = {
  HS256: { name: "HMAC", hash: "SHA-256" },
  ES256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
  EdDSA: { name: "Ed25519" },
};

const made = new Map();

function pair(algorithm) {
  if (!made.has(algorithm)) {
    const form = forms[algorithm];
    const usages = ["sign", "verify"];
    made.set(algorithm, algorithm === "HS256" ? subtle.importKey("raw", bytes(secret), form, false, ["sign"]).then((privateKey) => ({ privateKey })) : subtle.generateKey(form, true, usages));
  }
  return made.get(algorithm);
}

/** What a verifier is told: the secret, or the public key in two forms. */
export async function trusted(algorithm) {
  if (algorithm === "HS256") return { algorithm, secret };
  const { publicKey } = await pair(algorithm);
  const { key_ops, ext, ...jwk } = await subtle.exportKey("jwk", publicKey);
  const spki = base64(new Uint8Array(await subtle.exportKey("spki", publicKey)));
  return {
    algorithm,
    jwk: { ...jwk, alg: algorithm, kid: algorithm, use: "sig" },
    pem: `-----BEGIN PUBLIC KEY-----\n${spki.replace(/.{64}/g, "$&\n").trimEnd()}\n-----END PUBLIC KEY-----\n`,
  };
}

const base64 = (part) => btoa(String.fromCharCode(...part));
const base64url = (part) => base64(part).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const written = (value) => base64url(bytes(JSON.stringify(value)));

let number = 0;

/** The bytes of an Authorization header with a token that is like no other, good for an hour. */
export async function authorization(algorithm, claims = {}) {
  number += 1;
  const now = Math.floor(Date.now() / 1_000);
  const header = { alg: algorithm, typ: "JWT", ...(algorithm === "HS256" ? {} : { kid: algorithm }) };
  const usual = { iss: issuer, aud: audience, sub: `user-${number}`, jti: `token-${number}`, iat: now, exp: now + 3_600, roles: ["editor"] };
  const input = `${written(header)}.${written({ ...usual, ...claims })}`;
  const { privateKey } = await pair(algorithm);
  const signature = await subtle.sign(forms[algorithm], privateKey, bytes(input));
  return bytes(`Bearer ${input}.${base64url(new Uint8Array(signature))}`);
}

/** So many of them; `make` says by the index. */
export async function several(count, make) {
  const all = [];
  for (let index = 0; index < count; index += 1) all.push(await make(index));
  return all;
}

/** With another signature than its own. */
export async function forged(algorithm) {
  const header = await authorization(algorithm);
  header[header.length - 10] = header[header.length - 10] === 65 ? 66 : 65;
  return header;
}

export function expired(algorithm) {
  const past = Math.floor(Date.now() / 1_000) - 7_200;
  return authorization(algorithm, { iat: past, exp: past + 60 });
}

/** Tokens that no verifier may take. */
export async function refused(algorithm) {
  return {
    "a forged signature": await forged(algorithm),
    "an expired token": await expired(algorithm),
    "another issuer": await authorization(algorithm, { iss: "https://other.example" }),
    "another audience": await authorization(algorithm, { aud: "elsewhere" }),
  };
}
