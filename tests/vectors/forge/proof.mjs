// DPoP proofs (RFC 9449 §4.2) and what a guard works out from them: thumbprints, hashes, nonces, and
// the names under which proofs are remembered.

import { createHash, createHmac, createPrivateKey, sign as nodeSign } from "node:crypto";
import { invalidProof, invalidToken, nonceWanted } from "./expect.mjs";
import { origin } from "./request.mjs";
import { publicJwk, sign } from "./sign.mjs";
import { base64url, jwt, now, signingInput, usual } from "./token.mjs";

const sha256 = (text) => createHash("sha256").update(text).digest();

/** The members of a key that its thumbprint is made of, in their order (RFC 7638 §3.2, RFC 8037 §2). */
const required = { EC: ["crv", "kty", "x", "y"], OKP: ["crv", "kty", "x"], RSA: ["e", "kty", "n"], oct: ["k", "kty"] };

/** RFC 7638 §3. */
export const thumbprint = (jwk) => base64url(sha256(JSON.stringify(Object.fromEntries(required[jwk.kty].map((member) => [member, jwk[member]])))));

/** The claim `ath` for an access token (RFC 9449 §4.2). */
export const accessTokenHash = (token) => base64url(sha256(token));

/** What `dpop.nonce` hands out and takes during the given lifetime; `bytes` are those of its secret. */
export const nonceOf = (bytes, lifetime, time) =>
  base64url(createHmac("sha256", bytes).update(`dpop nonce ${Math.floor(time / lifetime)}`).digest().subarray(0, 16));

/** The name under which a store remembers a proof. */
export const replayName = (jwk, jti) => base64url(sha256(`${thumbprint(jwk)}.${jti}`));

/** An access token that is bound to a client's key (RFC 9449 §6.1). */
export const bound = (jwk, changes = {}, header = {}) => usual({ cnf: { jkt: thumbprint(jwk) }, ...changes }, header);

/** The claims of an ordinary proof for `GET /me`; `changes` replaces, and `undefined` takes away. */
export const proofClaims = (token, changes = {}) => ({
  jti: "proof-1",
  htm: "GET",
  htu: `${origin}/me`,
  iat: now,
  ath: accessTokenHash(token.text),
  ...changes,
});

/**
 * A proof by the client's key `key` (of keys.json) with its public half in the header. `header` changes
 * the header, `options` are those of `jwt`.
 */
export const proof = (token, key, algorithm, changes = {}, header = {}, options = {}) =>
  jwt({ typ: "dpop+jwt", alg: algorithm, jwk: publicJwk(key), ...header }, proofClaims(token, changes), key, options);

/** A proof whose key cannot sign, or has nothing to sign with: the signature is that of another key, or bytes. */
export const unsignedProof = (token, header, signature = Buffer.alloc(64, 1)) => {
  const head = { typ: "dpop+jwt", ...header };
  const payload = proofClaims(token);
  return { text: `${signingInput(head, payload)}.${base64url(signature)}`, note: { header: head, claims: payload, key: null } };
};

// TEST ONLY: RSA of 1024 bits, which signs well and must count for nothing.
const small = {
  kty: "RSA",
  n: "3UiYDRMe11UxpJPUTvIWraFIw5URdGP3yQnfKbsbGqe4LEjUuH5WGKoc8qf1AaDoH0RmrtuiH_5LgmEPlegNKHsR4BAnXzjn9Wb2wK5yJLoAm8lCEwe7MaUafNV8R8gj80aGLbtNQPpMTJrTnnWe9VvNJXCXaoUa0YG2kXZgiYM",
  e: "AQAB",
  d: "jVUKWH932Uy-kkEg_vM8bNVwZgrVxSL8Zdj6QesRWqr4xMAXrWZzkvlD1_BSWiHtX9sOQmxhVlHS5IkdrT8y9xGxkIcDMRTt7fAUiK0lHeQwqNGHiW95UH5Ii0v9JH_A05DartnaMvjsuLs_pyB6hLaIf_IgM_1g_sAqZUtexBE",
  p: "91M7zTP7p2ZNnBeZTIulHhyuXX3CAYJTaEi_qLUOVhpzz7ZrhVGNzyN47Y7zyzxlXRz4qS4BUxVYXwrm1hXgfw",
  q: "5QuHkwjFBMXnXHn98WSs-yYChQxCG4aA9chfOA2j216ZUvul87qroH00QnH-20DbQ1zMwVgHXiXWe07BvuhU_Q",
  dp: "d6Yrox1H3HcwipgcEJzqF4Q2koIZThOXeDbhiaN1uQ_5AP62S3vlx9TYVsy2gpbITuCKJ4ZbG6-S3f_vJpjUzw",
  dq: "veCzAceRXQWbaWSQit-FL6cxC48_9oWovxjfJx7XqfJgdRS9XLJxuVhSTIsoVicMHmn-LIKHiRshFZQSterxGQ",
  qi: "5w9JXa7fjPXh_Kd_k60_mJ79nUxbHMTZt6xHPX1UCeEojl6yYxft97QEwqp21n0wFnMUyetgbMECJYNXh-1Z0A",
};
export const smallJwk = { kty: small.kty, n: small.n, e: small.e };
export const smallProof = (token) => {
  const header = { typ: "dpop+jwt", alg: "RS256", jwk: smallJwk };
  const payload = proofClaims(token);
  const input = signingInput(header, payload);
  const signature = nodeSign("sha256", Buffer.from(input), createPrivateKey({ key: small, format: "jwk" }));
  return { text: `${input}.${base64url(signature)}`, note: { header, claims: payload, key: "RSA of 1024 bits" } };
};

const bigEndian = (number) => Buffer.from(number.toString(16).padStart(64, "0"), "hex").toString("base64url");

/** A point that is not on P-256: a y that is one too large. */
export const offCurveJwk = (() => {
  const { y, ...rest } = publicJwk("p256");
  const next = BigInt(`0x${Buffer.from(y, "base64url").toString("hex")}`) + 1n;
  return { ...rest, y: bigEndian(next) };
})();

/** The point of P-256 with x = 5, and its x written as p + 5, which is the same number to the field. */
const fieldPrime = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
export const beyondPrimeJwk = {
  kty: "EC",
  crv: "P-256",
  x: bigEndian(fieldPrime + 5n),
  y: bigEndian(0x459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbccn),
};

/** A proof of exactly so many bytes: a claim fills it up, and a header member where base64url cannot. */
export const proofOfSize = (token, size) => {
  for (let extra = 0; extra < 4; extra += 1) {
    const header = { typ: "dpop+jwt", alg: "EdDSA", jwk: publicJwk("stranger_ed25519"), ...(extra === 0 ? {} : { pad: "x".repeat(extra) }) };
    for (let pad = Math.floor((size * 3) / 4); pad > 0; pad -= 1) {
      const input = signingInput(header, proofClaims(token, { pad: "x".repeat(pad) }));
      const length = input.length + 1 + 86;
      if (length < size) break;
      if (length > size) continue;
      const signature = sign("Ed25519", "stranger_ed25519", Buffer.from(input));
      return { text: `${input}.${base64url(signature)}`, note: `the usual proof, filled up to ${size} bytes` };
    }
  }
  throw new Error(`no proof has ${size} bytes`);
};

/** RFC 9449 §7.1: the access token, and the request's proof, which was made at `time`. */
export const rfc9449 = {
  time: 1562262618,
  url: "https://resource.example.org/protectedresource",
  accessToken: "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU",
  thumbprint: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
  proof:
    "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19" +
    ".eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9" +
    ".2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA",
  /** RFC 9449 §5: the proof for the token endpoint, two seconds earlier, which has no `ath`. */
  tokenProof:
    "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19" +
    ".eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ" +
    ".2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg",
};

/** All that a DPoP challenge names where the trust document does not say which algorithms. */
export const everyAlgorithm = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA";

/** The DPoP challenge (RFC 9449 §7.1); `parameters` stand between realm and algs, each with a comma before it. */
export const dpop = (parameters = "", algorithms = everyAlgorithm) => `DPoP realm="api"${parameters}, algs="${algorithms}"`;

const error = (code, description) => `, error="${code}", error_description="${description}"`;

/** 401 for a proof that is not to be believed: the DPoP challenge alone. */
export const proofRefused = (reason, algorithms) => invalidProof(reason, dpop(error("invalid_dpop_proof", "Invalid DPoP proof"), algorithms));

/** 401 that hands out a nonce. */
export const nonceAsked = (nonce) => nonceWanted(nonce, dpop(error("use_dpop_nonce", "DPoP nonce required")));

const invalid = error("invalid_token", "Invalid or expired token");

/** 401 for a token that came by the DPoP scheme. */
export const dpopTokenRefused = (reason, algorithms) => invalidToken(reason, dpop(invalid, algorithms));

/** 401 for a token that came as Bearer where DPoP is taken too. */
export const bearerTokenRefused = (reason, algorithms) => invalidToken(reason, `Bearer realm="api"${invalid}, ${dpop("", algorithms)}`);

/** The headers of a request with a bound token and its proof. */
export const presenting = (token, made, scheme = "DPoP") => [
  ["authorization", `${scheme} ${token.text}`],
  ["dpop", made.text],
];

/** The note of a case: what is in the token, and what in its proof. */
export const noted = (token, made) => ({ ...(typeof token.note === "string" ? { token: token.note } : token.note), proof: made.note });

/** A case: a request with a token and a proof. `headers` are more of them. */
export const call = (name, token, made, expect, { config = "usual", method = "GET", path = "/me", url = `${origin}${path}`, headers = [], scheme = "DPoP", ...members } = {}) => ({
  name,
  config,
  token: noted(token, made),
  request: { method, url, headers: [...presenting(token, made, scheme), ...headers] },
  ...members,
  expect,
});

/** The same with a token of its own; `make` makes the proof for it. */
export const own = (name, token, make, expect, options) => call(name, token, make(token), expect, options);

/** The usual proof by the key p256. */
export const byP256 = (token) => proof(token, "p256", "ES256");
