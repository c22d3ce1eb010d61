// Where the guard's verdict is meant to differ from a peer's, and why. A class explains a difference where
//
// 1. we refuse what the peer accepts, or (`we: "accept"`) accept what it refuses;
// 2. our internal reason is one of `reasons`;
// 3. something of the token is one of `topics` (mutations/ gives each mutation its topic);
// 4. the peer is one of `peers`, where the class names some.
//
// A difference that no class explains fails the test, and so does a class that explains none.

const encoding = [
  {
    name: "unused bits that are set",
    reasons: ["token_encoding"],
    topics: ["trailing bits", "a length that is none", "noise"],
    why: "RFC 4648 §3.5: a part has one spelling, so that a token has one text for denylists and caches (row 16)",
  },
  {
    name: "padding",
    reasons: ["token_encoding"],
    topics: ["padding"],
    peers: ["jose", "aws-jwt-verify"],
    why: "RFC 7515 §2: base64url with all trailing '=' omitted; an issuer that pads is named by `paddedBase64` (row 16)",
  },
  {
    name: "white space inside a token",
    // The last: a line break is in no header that HTTP carries, and the boundary refuses it as a whole.
    reasons: ["malformed_authorization", "token_encoding", "engine_failed"],
    topics: ["a foreign character"],
    peers: ["jose"],
    why: "RFC 7515 §2: without line breaks, white space or other characters; RFC 6750 §2.1: b64token (row 16)",
  },
];

const json = [
  {
    name: "a member twice",
    reasons: ["token_json"],
    topics: ["duplicate member"],
    why: "RFC 7515 §4 and RFC 7519 §4: names must be unique, and a parser may refuse; two readers of one token read one thing (row 18)",
  },
  {
    name: "bytes that are no UTF-8",
    reasons: ["token_json"],
    topics: ["invalid UTF-8"],
    peers: ["fast-jwt", "jsonwebtoken", "aws-jwt-verify"],
    why: "RFC 7519 §7.2 step 10 and RFC 8259 §8.1: the octets must be UTF-8; replaced ones make two names equal (row 17)",
  },
  {
    name: "a byte order mark",
    reasons: ["token_json"],
    topics: ["byte order mark"],
    peers: ["jose"],
    why: "RFC 8259 §8.1: must not be added; who ignores one reads what others refuse (row 17)",
  },
  {
    name: "half a surrogate pair",
    reasons: ["token_json"],
    topics: ["lone surrogate"],
    why: "RFC 7493 §2.1: not text, and each language makes something else of it (row 17)",
  },
  {
    name: "a number beyond all doubles",
    reasons: ["token_json"],
    topics: ["a number that no double holds"],
    why: "RFC 7493 §2.2: it becomes infinity, which never expires (row 18)",
  },
  {
    name: "deeper than 32",
    reasons: ["token_json"],
    topics: ["too deep"],
    why: "RFC 8259 §9: a parser may limit the depth; a stack is finite (row 18)",
  },
  {
    name: "larger than 16 KiB",
    reasons: ["token_too_large"],
    topics: ["too large", "too deep"],
    why: "a limit before any work, since anybody may send a token (row 19)",
  },
];

const header = [
  {
    name: "crit that is not looked at",
    reasons: ["critical_header"],
    topics: ["crit"],
    peers: ["jsonwebtoken", "aws-jwt-verify"],
    why: "RFC 7515 §4.1.11: an extension that is not understood must be refused (row 21)",
  },
  {
    name: "crit that is null, false, zero or empty text",
    reasons: ["critical_header"],
    topics: ["crit"],
    peers: ["fast-jwt"],
    why: "RFC 7515 §4.1.11: crit is a list that is not empty; it is there all the same (row 21)",
  },
  {
    name: "crit with b64, which jose knows",
    reasons: ["critical_header"],
    topics: ["crit"],
    peers: ["jose"],
    why: "RFC 7519 §7.2 and RFC 7797 §7: a JWT has no use for b64, so no extension is understood (row 21)",
  },
  {
    name: "b64 without crit",
    reasons: ["critical_header"],
    topics: ["b64 without crit"],
    why: "RFC 7797 §6: b64 must be named in crit; without it readers disagree on what was signed (row 21)",
  },
  {
    name: "header parameters of a wrong type",
    reasons: ["header_member"],
    topics: ["typ of a wrong type", "cty of a wrong type", "kid of a wrong type"],
    why: "RFC 7515 §4.1.4, §4.1.9, §4.1.10: kid, typ and cty are text (rows 7 and 25)",
  },
  {
    name: "a token of another kind",
    reasons: ["typ_mismatch"],
    topics: ["typ of another kind"],
    why: "RFC 8725 §3.11: a logout token or a proof is signed by the same key and is no bearer token; peers compare typ with one value or not at all (row 25)",
  },
  {
    name: "an access token that does not say so",
    reasons: ["typ_mismatch"],
    topics: ["typ", "no typ"],
    peers: ["jsonwebtoken", "aws-jwt-verify"],
    why: "RFC 9068 §4: typ must be at+jwt; these peers have no option for it (row 25)",
  },
];

const claims = [
  {
    name: "dates of a wrong type",
    reasons: ["claim_type"],
    topics: ["a date of a wrong type"],
    why: "RFC 7519 §2: NumericDate is a number; no peer looks at auth_time, and some not at iat (row 22)",
  },
  {
    name: "dates beyond 2^53",
    reasons: ["claim_type"],
    topics: ["a date beyond 2^53"],
    why: "RFC 7493 §2.2: no longer exact, so that runtimes would disagree on the second (row 23)",
  },
  {
    name: "text claims of a wrong type",
    reasons: ["claim_type"],
    topics: ["a text of a wrong type"],
    why: "RFC 7519 §4.1.1, §4.1.2, §4.1.7: iss, sub and jti are text; a subject of another type compares as none (row 22)",
  },
  {
    name: "an empty subject",
    reasons: ["claim_type"],
    topics: ["an empty subject"],
    why: "RFC 7519 §4.1.2: a subject is unique in its issuer; nobody is (row 22)",
  },
  {
    name: "aud with what is no text",
    reasons: ["claim_type"],
    topics: ["aud of a wrong type"],
    peers: ["jose", "jsonwebtoken"],
    why: "RFC 7519 §4.1.3: a text or a list of texts (row 22)",
  },
  {
    name: "amr that is no list of texts",
    reasons: ["claim_type"],
    topics: ["amr"],
    why: "OpenID Connect Core §2: amr is a list of texts, which the principal carries",
  },
  {
    name: "roles and permissions of a wrong type",
    reasons: ["claim_type"],
    topics: ["roles of a wrong type"],
    why: "ARCHITECTURE.md: what an issuer asserts is read strictly; peers do not read it",
  },
  {
    name: "a scope that is none",
    reasons: ["claim_type"],
    topics: ["scope that is none"],
    why: "RFC 6749 §3.3: scope tokens, split at single spaces; peers do not read it (row 26)",
  },
  {
    name: "a token bound to a key",
    reasons: ["binding_unsupported", "claim_type"],
    topics: ["cnf"],
    why: "RFC 7800 §3.1, RFC 9449 §7.2: whoever holds no proof may not use it; peers ignore cnf (rows 34 and 35)",
  },
  {
    name: "a token without an end",
    reasons: ["claim_missing"],
    topics: ["no exp"],
    peers: ["jsonwebtoken", "aws-jwt-verify"],
    why: "RFC 9068 §2.2 wants exp: a token that never ends cannot be taken back; these peers have no option for it (row 23)",
  },
  {
    name: "a token of nobody",
    reasons: ["claim_missing"],
    topics: ["no sub"],
    peers: ["jsonwebtoken", "aws-jwt-verify"],
    why: "a principal needs an id; these peers have no option for it (row 22)",
  },
  {
    name: "claims that RFC 9068 wants",
    reasons: ["claim_missing"],
    topics: ["a claim that the profile wants", "no iat"],
    peers: ["jsonwebtoken", "aws-jwt-verify"],
    why: "RFC 9068 §2.2; these peers have no option for it (row 25)",
  },
  {
    name: "the moment of expiry",
    reasons: ["expired"],
    topics: ["exp near now"],
    peers: ["fast-jwt", "aws-jwt-verify"],
    why: "RFC 7519 §4.1.4: on or after exp the token must not be accepted; these peers say after (row 23)",
  },
  {
    name: "issued in the future",
    reasons: ["issued_in_future"],
    topics: ["iat near now"],
    why: "a clock that far ahead is broken or the token is forged for later; peers look at iat for a maximum age alone (row 23)",
  },
  {
    name: "the moment of the maximum age",
    reasons: ["too_old"],
    topics: ["iat near now"],
    peers: ["jose", "fast-jwt"],
    why: "as for exp: on or after the end a token is too old; these peers say after (row 23)",
  },
  {
    name: "a maximum age that is not counted",
    reasons: ["too_old", "claim_missing"],
    topics: ["iat near now", "no iat"],
    peers: ["jsonwebtoken", "aws-jwt-verify"],
    why: "row 23: jsonwebtoken takes an iat of 0 for now, and aws-jwt-verify has no maximum age",
  },
];

const keys = [
  {
    name: "Ed25519 points of small order",
    reasons: ["signature_invalid"],
    topics: ["ed25519 of small order", "key ed25519_small_order"],
    why: "RFC 8032 §5.1.7 leaves it open; strict everywhere, so that every backend gives one verdict (row 13)",
  },
  {
    name: "keys that are not for verifying",
    reasons: ["key_unknown"],
    topics: ["key use_unknown", "key key_ops_none", "key key_ops_sign", "key key_ops_text"],
    peers: ["aws-jwt-verify"],
    why: "RFC 7517 §4.2, §4.3: use and key_ops say what a key is for (row 8)",
  },
  {
    name: "private keys in a public set",
    reasons: ["key_unknown"],
    topics: ["key private_rsa", "key private_p256", "key private_ed25519"],
    why: "RFC 7517 §9.2: a private key that is published has no secret any more (row 8)",
  },
  {
    name: "coordinates of a wrong length",
    reasons: ["key_unknown"],
    topics: ["key p256_long_y", "key ed25519_padded"],
    why: "RFC 7518 §6.2.1.2, RFC 8037 §2: fixed lengths, base64url without padding (row 8)",
  },
  {
    name: "one kid for two keys of one type",
    reasons: ["key_ambiguous"],
    topics: ["key kid_twice", "key kid_twice_the_same"],
    peers: ["aws-jwt-verify"],
    why: "RFC 7517 §4.5: distinct keys should have distinct kids; taking the first hides a broken rotation (row 7)",
  },
];

const accepted = [
  {
    name: "Ed25519 by both of its names",
    we: "accept",
    reasons: ["permitted"],
    topics: ["alg Ed25519"],
    why: "RFC 9864 §2.2: Ed25519 is EdDSA with that curve, the same signature by the same key; a JWK's alg may say either (row 4)",
  },
  {
    name: "a token that names no key",
    we: "accept",
    reasons: ["permitted"],
    topics: ["no kid"],
    peers: ["aws-jwt-verify"],
    why: "RFC 7515 §4.1.4: kid is optional, and exactly one key of the set allows the algorithm",
  },
  {
    name: "scopes in a list",
    we: "accept",
    reasons: ["permitted"],
    topics: ["scope"],
    peers: ["aws-jwt-verify"],
    why: "ARCHITECTURE.md: providers send lists of texts; a list grants what the same words in a text would",
  },
  {
    name: "one kid for two keys of two types",
    we: "accept",
    reasons: ["permitted"],
    topics: ["key kid_of_two_types"],
    peers: ["aws-jwt-verify"],
    why: "RFC 7517 §4.5 names this use of kid: keys of different kty that stand for one another; alg tells them apart",
  },
];

export const intended = [...encoding, ...json, ...header, ...claims, ...keys, ...accepted];

/** Whether a class explains that a peer and the guard differ on a case. */
export function explains({ we = "refuse", reasons, topics, peers }, { peer, ours, topics: found }) {
  if (ours.accepted !== (we === "accept") || !reasons.includes(ours.reason)) return false;
  return (peers === undefined || peers.includes(peer)) && topics.some((topic) => found.includes(topic));
}
