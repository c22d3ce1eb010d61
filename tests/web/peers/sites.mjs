// Whom each verifier is told to trust: the same keys, issuer, audience, algorithms and leeway for all of them.

import { privateJwk, publicJwk } from "../../vectors/forge/sign.mjs";
import { audience, issuer } from "../../vectors/forge/token.mjs";

/** The claims that RFC 9068 §2.2 wants beside those that are always wanted. */
export const accessTokenClaims = ["client_id", "iat", "jti"];

const site = (name, members) => ({ name, issuer, audience, leeway: 60, profile: "any", keys: [], algorithms: [], ...members });
const signedBy = (name, algorithm, key, members = {}) =>
  site(name, {
    signer: { algorithm, key, kid: key },
    keys: [publicJwk(key, { kid: key, alg: algorithm })],
    algorithms: [algorithm],
    ...members,
  });

// RFC 9864 names Ed25519 what RFC 8037 calls EdDSA: a user who wants one lists both.
const edwards = (name, members = {}) => signedBy(name, "EdDSA", "ed25519", { algorithms: ["EdDSA", "Ed25519"], ...members });

/** The sites for which every mutation is tried. */
export const sites = [
  site("hs256", { signer: { algorithm: "HS256", key: "hs256" }, secret: privateJwk("hs256").k, algorithms: ["HS256"] }),
  signedBy("rs256", "RS256", "rsa"),
  signedBy("ps256", "PS256", "rsa"),
  signedBy("es256", "ES256", "p256"),
  signedBy("es384", "ES384", "p384"),
  signedBy("es512", "ES512", "p521"),
  edwards("eddsa"),
  edwards("exact", { leeway: 0 }),
  signedBy("aged", "ES256", "p256", { maxAge: 3600 }),
  signedBy("access_token", "RS256", "rsa", { profile: "access-token" }),
  edwards("several", {
    keys: [
      publicJwk("ed25519", { kid: "ed25519", alg: "EdDSA" }),
      publicJwk("stranger_ed25519", { kid: "stranger_ed25519", alg: "EdDSA" }),
      publicJwk("rsa", { kid: "rsa", alg: "RS256" }),
      publicJwk("p256", { kid: "p256", alg: "ES256" }),
    ],
    algorithms: ["EdDSA", "Ed25519", "RS256", "ES256"],
  }),
];

const beside = publicJwk("p384", { kid: "beside", alg: "ES384" });
const odd = (name, algorithm, key, jwk, members = {}) =>
  site(`odd_${name}`, {
    odd: name,
    fetched: true,
    signer: { algorithm, key, kid: "odd" },
    keys: [jwk, beside].flat(),
    algorithms: [algorithm, "ES384"],
    ...members,
  });
const rsa = (members) => publicJwk("rsa", { kid: "odd", ...members });
const p256 = (members) => publicJwk("p256", { kid: "odd", ...members });
const okp = (members) => publicJwk("ed25519", { kid: "odd", ...members });
const bytes = (text) => Buffer.from(text, "base64url");
const base64url = (parts) => Buffer.concat(parts).toString("base64url");
const withPrivate = (key) => privateJwk(key, { kid: "odd" });

/** Key sets in which the token's own key breaks a rule (corpus row 8), or is named twice (row 7). */
export const oddSites = [
  odd("use_enc", "RS256", "rsa", rsa({ use: "enc" })),
  odd("use_unknown", "ES256", "p256", p256({ use: "tls" })),
  odd("key_ops_sign", "ES256", "p256", p256({ key_ops: ["sign"] })),
  odd("key_ops_none", "EdDSA", "ed25519", okp({ key_ops: [] })),
  odd("key_ops_text", "ES256", "p256", p256({ key_ops: "verify" })),
  odd("alg_of_another", "RS256", "rsa", rsa({ alg: "RS512" })),
  odd("alg_for_encryption", "RS256", "rsa", rsa({ alg: "RSA-OAEP-256" })),
  odd("alg_that_is_a_number", "RS256", "rsa", rsa({ alg: 256 })),
  odd("private_rsa", "RS256", "rsa", withPrivate("rsa")),
  odd("private_p256", "ES256", "p256", withPrivate("p256")),
  odd("private_ed25519", "EdDSA", "ed25519", withPrivate("ed25519")),
  odd("symmetric", "HS256", "hs256", withPrivate("hs256")),
  odd("rsa_1024", "RS256", "rsa", rsa({ n: base64url([Buffer.from([0xc1]), Buffer.alloc(126, 0x5a), Buffer.from([0x0b])]) })),
  odd("rsa_exponent_1", "RS256", "rsa", rsa({ e: "AQ" })),
  odd("p256_off_curve", "ES256", "p256", p256({ y: p256().x })),
  odd("p256_short_x", "ES256", "p256", p256({ x: base64url([bytes(p256().x).subarray(1)]) })),
  odd("p256_long_y", "ES256", "p256", p256({ y: base64url([Buffer.alloc(1), bytes(p256().y)]) })),
  odd("p384_as_p256", "ES256", "p256", publicJwk("p384", { kid: "odd", crv: "P-256" })),
  odd("ed25519_small_order", "EdDSA", "ed25519", okp({ x: base64url([Buffer.from([1]), Buffer.alloc(31)]) })),
  odd("ed25519_of_31_bytes", "EdDSA", "ed25519", okp({ x: base64url([bytes(okp().x).subarray(1)]) })),
  odd("ed25519_padded", "EdDSA", "ed25519", okp({ x: `${okp().x}=` })),
  odd("kid_twice", "EdDSA", "ed25519", [publicJwk("stranger_ed25519", { kid: "odd" }), okp()]),
  odd("kid_twice_the_same", "ES256", "p256", [p256(), p256()]),
  odd("kid_of_two_types", "EdDSA", "ed25519", [rsa({ alg: "RS256" }), okp()]),
  odd("no_alg", "RS256", "rsa", rsa()),
  odd("no_kid", "RS256", "rsa", publicJwk("rsa")),
  odd("unknown_members", "ES256", "p256", p256({ x5t: "AAAA", extra: { a: 1 } })),
];
