// Keys that the trust document holds as PEM: one without a name, or a list with kids.

import { createPublicKey } from "node:crypto";
import { allowed, invalidToken, principal } from "../forge/expect.mjs";
import { pem, spki } from "../forge/pem.mjs";
import { withToken } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, claims, issuer, jwt, now, usual } from "../forge/token.mjs";

export const about = "Static keys as PEM: every kind, alone and in a list with kids, and that their text is never a secret.";

const policy = { policy: "pem", revision: 1, routes: [{ route: "GET /me", allow: "authenticated" }] };

const site = (keys, members = {}) => ({ full: true, policy, trust: { issuers: [{ issuer, audience, pem: keys, ...members }] } });

const kinds = { rsa: "RS256", rsa_3072: "RS256", p256: "ES256", p384: "ES384", p521: "ES512", ed25519: "EdDSA" };
const strangers = { rsa: "stranger_rsa", p256: "stranger_p256", ed25519: "stranger_ed25519" };

export const configs = {
  ...Object.fromEntries(Object.keys(kinds).map((name) => [name, site(pem(name))])),
  rsa_list: site(pem("rsa"), { algorithms: ["RS256", "PS256", "RS512"] }),
  rsa_pss_alone: site(pem("rsa"), { algorithms: ["PS256"] }),
  crlf: site(pem("p256").replaceAll("\n", "\r\n")),
  no_end: site(pem("ed25519").trimEnd()),
  named: site([
    { kid: "one", pem: pem("ed25519") },
    { kid: "two", pem: pem("stranger_ed25519") },
    { kid: "three", pem: pem("p256") },
  ]),
  same_kid: site([
    { kid: "k", pem: pem("ed25519") },
    { kid: "k", pem: pem("p256") },
  ]),
  single: site([{ kid: "one", pem: pem("ed25519") }]),
  id_token: site(pem("ed25519"), { profile: "id-token" }),
  beside: {
    full: true,
    policy,
    trust: {
      issuers: [
        { issuer, audience, pem: pem("ed25519") },
        { issuer: "https://other.example", audience, jwks: { keys: [publicJwk("stranger_ed25519", { kid: "a" })] } },
      ],
    },
  },
};

const pass = (name, config, token, who = {}) => ({ name, config, ...withToken(token), expect: allowed(principal(who), "GET /me") });
const refuse = (name, config, token, reason) => ({ name, config, ...withToken(token), expect: invalidToken(reason) });

const token = (alg, key, header = {}, changes = {}) => jwt({ alg, typ: "JWT", ...header }, claims(changes), key);

/** A token that is signed by HMAC with what an attacker has: the public key, in one of its spellings. */
const confused = (name, bytes, keyNote) => refuse(name, "rsa", jwt({ alg: "HS256", typ: "JWT" }, claims(), Buffer.from(bytes), { keyNote }), "algorithm_not_allowed");
const rsaJwk = publicJwk("rsa");

export const cases = [
  ...Object.entries(kinds).flatMap(([key, alg]) => [
    pass(`a_token_of_a_${key}_key_in_pem_is_taken`, key, token(alg, key)),
    pass(`of_a_${key}_key_without_a_name_no_kid_is_asked`, key, token(alg, key, { kid: "whatever" })),
    refuse(`a_token_of_a_${key}_key_in_pem_that_expired_is_refused`, key, token(alg, key, {}, { exp: now - 60 }), "expired"),
  ]),
  ...Object.entries(strangers).map(([key, stranger]) => refuse(`a_token_by_a_stranger_to_a_${key}_key_in_pem_is_refused`, key, token(kinds[key], stranger), "signature_invalid")),
  ...Object.entries(strangers).map(([key, stranger]) => refuse(`a_token_by_a_stranger_to_a_${key}_key_in_pem_is_refused_under_any_kid`, key, token(kinds[key], stranger, { kid: "whatever" }), "signature_invalid")),
  pass("line_breaks_of_two_characters_in_pem_mean_nothing", "crlf", token("ES256", "p256")),
  pass("the_last_line_break_of_pem_means_nothing", "no_end", token("EdDSA", "ed25519")),
  pass("ed25519_by_its_own_name_is_taken", "ed25519", token("Ed25519", "ed25519")),

  // Which algorithms a key allows: those of a JWK without `alg`
  refuse("an_rsa_key_in_pem_allows_rs256_alone", "rsa", token("PS256", "rsa"), "algorithm_not_allowed"),
  refuse("an_rsa_key_in_pem_does_not_allow_rs512", "rsa", token("RS512", "rsa"), "algorithm_not_allowed"),
  pass("a_list_widens_an_rsa_key_in_pem", "rsa_list", token("PS256", "rsa")),
  pass("a_list_widens_an_rsa_key_in_pem_to_each_of_its_algorithms", "rsa_list", token("RS512", "rsa")),
  refuse("a_list_widens_an_rsa_key_in_pem_no_further", "rsa_list", token("PS512", "rsa"), "algorithm_not_allowed"),
  pass("a_list_without_rs256_takes_what_it_says", "rsa_pss_alone", token("PS256", "rsa")),
  refuse("a_list_without_rs256_does_not_take_it", "rsa_pss_alone", token("RS256", "rsa"), "algorithm_not_allowed"),
  refuse("a_p384_key_in_pem_does_not_allow_es256", "p384", jwt({ alg: "ES256" }, claims(), "p256"), "algorithm_not_allowed"),
  refuse("a_p256_key_in_pem_does_not_allow_es384", "p256", jwt({ alg: "ES384" }, claims(), "p384"), "algorithm_not_allowed"),
  refuse("a_p256_key_in_pem_does_not_allow_eddsa", "p256", jwt({ alg: "EdDSA" }, claims(), "ed25519"), "algorithm_not_allowed"),
  refuse("an_ed25519_key_in_pem_does_not_allow_es256", "ed25519", jwt({ alg: "ES256" }, claims(), "p256"), "algorithm_not_allowed"),

  // The text of a key is no secret
  confused("hs256_with_the_pem_text_is_refused", pem("rsa"), "the PEM text of rsa"),
  confused("hs256_with_the_pem_text_without_its_last_line_break_is_refused", pem("rsa").trimEnd(), "the PEM text of rsa without its last line break"),
  confused("hs256_with_the_pem_text_and_line_breaks_of_two_characters_is_refused", pem("rsa").replaceAll("\n", "\r\n"), "the PEM text of rsa with CRLF"),
  confused("hs256_with_white_space_before_the_pem_text_is_refused", ` \n${pem("rsa")}`, "the PEM text of rsa behind white space"),
  confused("hs256_with_the_der_is_refused", spki(rsaJwk), "the DER of rsa"),
  confused("hs256_with_the_der_of_pkcs1_is_refused", createPublicKey({ key: rsaJwk, format: "jwk" }).export({ type: "pkcs1", format: "der" }), "the PKCS #1 DER of rsa"),
  confused("hs256_with_the_jwk_text_is_refused", JSON.stringify(rsaJwk), "the JWK text of rsa"),
  confused("hs256_with_the_modulus_is_refused", Buffer.from(rsaJwk.n, "base64url"), "the modulus of rsa"),
  refuse("hs256_with_the_pem_text_of_an_elliptic_key_is_refused", "p256", jwt({ alg: "HS256" }, claims(), Buffer.from(pem("p256")), { keyNote: "the PEM text of p256" }), "algorithm_not_allowed"),
  refuse("hs256_with_the_pem_text_and_its_kid_is_refused", "named", jwt({ alg: "HS256", kid: "one" }, claims(), Buffer.from(pem("ed25519")), { keyNote: "the PEM text of ed25519" }), "algorithm_not_allowed"),

  // A list with kids
  pass("the_first_kid_of_a_list_is_its_key", "named", token("EdDSA", "ed25519", { kid: "one" })),
  pass("the_second_kid_of_a_list_is_its_key", "named", token("EdDSA", "stranger_ed25519", { kid: "two" })),
  pass("a_kid_of_another_type_is_its_key", "named", token("ES256", "p256", { kid: "three" })),
  refuse("a_kid_of_a_list_is_not_another_s_key", "named", token("EdDSA", "ed25519", { kid: "two" }), "signature_invalid"),
  refuse("a_kid_that_a_list_lacks_is_unknown", "named", token("EdDSA", "ed25519", { kid: "four" }), "key_unknown"),
  refuse("a_kid_of_a_list_is_compared_to_the_letter", "named", token("EdDSA", "ed25519", { kid: "ONE" }), "key_unknown"),
  refuse("a_kid_of_a_list_for_another_algorithm_is_not_allowed", "named", token("ES256", "p256", { kid: "one" }), "algorithm_not_allowed"),
  refuse("no_kid_between_two_keys_of_one_algorithm_is_refused", "named", token("EdDSA", "ed25519"), "key_required"),
  pass("no_kid_is_wanted_where_one_key_allows_the_algorithm", "named", token("ES256", "p256")),
  pass("a_list_of_one_wants_no_kid", "single", token("EdDSA", "ed25519")),
  refuse("a_list_of_one_is_not_asked_under_another_kid", "single", token("EdDSA", "ed25519", { kid: "two" }), "key_unknown"),
  pass("two_keys_with_one_kid_are_told_apart_by_their_algorithm", "same_kid", token("ES256", "p256", { kid: "k" })),

  // Beside other issuers, and with the rest of the token
  pass("an_issuer_with_pem_stands_beside_one_with_a_key_set", "beside", token("EdDSA", "ed25519")),
  pass("an_issuer_with_a_key_set_stands_beside_one_with_pem", "beside", token("EdDSA", "stranger_ed25519", { kid: "a" }, { iss: "https://other.example" }), { issuer: "https://other.example" }),
  refuse("a_key_in_pem_does_not_sign_for_another_issuer", "beside", token("EdDSA", "ed25519", { kid: "a" }, { iss: "https://other.example" }), "signature_invalid"),
  refuse("another_issuer_s_key_does_not_sign_for_pem", "beside", token("EdDSA", "stranger_ed25519"), "signature_invalid"),
  refuse("an_embedded_key_does_not_stand_in_for_pem", "ed25519", jwt({ alg: "EdDSA", typ: "JWT", jwk: publicJwk("stranger_ed25519") }, claims(), "stranger_ed25519"), "signature_invalid"),
  refuse("the_algorithm_none_is_unsupported_beside_pem", "rsa", jwt({ alg: "none" }, claims(), Buffer.alloc(0), { algorithm: "HS256", keyNote: "empty" }), "algorithm_unsupported"),
  refuse("a_profile_holds_beside_pem", "id_token", token("EdDSA", "ed25519", { typ: "at+jwt" }), "typ_mismatch"),
  refuse("the_audience_holds_beside_pem", "ed25519", token("EdDSA", "ed25519", {}, { aud: "other" }), "audience_mismatch"),
  refuse("the_issuer_holds_beside_pem", "ed25519", usual({ iss: "https://evil.example" }, { kid: undefined }), "issuer_unknown"),
];
