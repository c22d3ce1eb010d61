// ID tokens beside the request that they answer: nonce, access token, authorized party (OpenID Connect Core 1.0
// §3.1.3.6, §3.1.3.7, §3.1.3.8).

import { createHash } from "node:crypto";
import { allowed, guest, invalidToken, malformed, principal } from "../forge/expect.mjs";
import { request, withToken } from "../forge/request.mjs";
import { publicJwk, secret } from "../forge/sign.mjs";
import { audience, claims, issuer, jwt, now } from "../forge/token.mjs";

export const about = "ID tokens: the nonce and the access token that the caller holds against them, and the authorized party.";

const policy = {
  policy: "id_token",
  revision: 1,
  routes: [
    { route: "GET /me", allow: "authenticated" },
    { route: "GET /public", allow: "everyone" },
  ],
};

const rsaAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
const keys = { jwks: { keys: ["p256", "p384", "p521", "ed25519"].map((name) => publicJwk(name, { kid: name })) } };
const site = (members) => ({ policy, trust: { issuers: [{ issuer, audience, ...members }] } });

export const configs = {
  id_token: site({ ...keys, profile: "id-token" }),
  rsa: site({ jwks: { keys: [publicJwk("rsa", { kid: "rsa" })] }, profile: "id-token", algorithms: rsaAlgorithms }),
  hs256: site({ secret: secret("hs256"), profile: "id-token" }),
  hs384: site({ secret: secret("hs384"), profile: "id-token", algorithms: ["HS384"] }),
  hs512: site({ secret: secret("hs512"), profile: "id-token", algorithms: ["HS512"] }),
  any: site({ ...keys }),
  access_token: site({ ...keys, profile: "access-token" }),
  two: {
    policy,
    trust: {
      issuers: [
        { issuer, audience, ...keys, profile: "id-token" },
        { issuer: "https://other.example", audience, ...keys },
      ],
    },
  },
  api_key: { policy, trust: { issuers: [{ issuer, audience, ...keys, profile: "id-token" }], apiKeys: [{ id: "ci", hash: `sha256:${createHash("sha256").update("k".repeat(40)).digest("base64url")}` }] } },
};

const accessToken = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
const jwtAccessToken = jwt({ alg: "EdDSA", typ: "at+jwt", kid: "ed25519" }, claims({ client_id: "app", jti: "t1" }), "ed25519").text;

// EdDSA hashes with SHA-512 (RFC 8032 §5.1).
const digest = (alg, text) => createHash(alg.startsWith("Ed") ? "sha512" : `sha${alg.slice(2)}`).update(text).digest();
const left = (bytes) => bytes.subarray(0, bytes.length / 2).toString("base64url");
const atHash = (alg, text = accessToken) => left(digest(alg, text));

const signers = { ES256: "p256", ES384: "p384", ES512: "p521", EdDSA: "ed25519", Ed25519: "ed25519" };
const signer = (alg) => {
  if (alg.startsWith("HS")) return alg.toLowerCase();
  return signers[alg] ?? "rsa";
};

const token = (changes = {}, alg = "EdDSA", header = {}) => {
  const key = signer(alg);
  return jwt({ alg, typ: "JWT", ...(alg.startsWith("HS") ? {} : { kid: key }), ...header }, claims(changes), key);
};

const me = (name, signed, expect, more = {}) => ({ name, config: "id_token", ...withToken(signed), ...more, expect });
const pass = (name, changes, more) => me(name, token(changes), allowed(principal(), "GET /me"), more);
const refuse = (name, changes, reason, more) => me(name, token(changes), invalidToken(reason), more);

const nonce = "n-0S6_WzA2Mj";
const access = (changes = {}) => jwt({ alg: "EdDSA", typ: "at+jwt", kid: "ed25519" }, claims({ client_id: "app", jti: "t1", ...changes }), "ed25519");

/** What each algorithm's hash takes and refuses. */
const hashed = (alg, config = "id_token") => {
  const name = alg.toLowerCase();
  const whole = digest(alg, accessToken);
  const case_ = (what, at_hash, expect, held = accessToken) => me(`${name}_${what}`, token({ at_hash }, alg), expect, { config, accessToken: held });
  const other = { 32: "sha512", 48: "sha256", 64: "sha256" }[whole.length];
  return [
    case_("takes_the_left_half_of_the_access_token_s_hash", left(whole), allowed(principal(), "GET /me")),
    case_("refuses_the_hash_of_another_access_token", atHash(alg, `${accessToken}x`), invalidToken("access_token_mismatch")),
    case_("refuses_the_right_half", whole.subarray(whole.length / 2).toString("base64url"), invalidToken("access_token_mismatch")),
    case_("refuses_the_whole_hash", whole.toString("base64url"), invalidToken("access_token_mismatch")),
    case_("refuses_the_left_half_of_another_hash", left(createHash(other).update(accessToken).digest()), invalidToken("access_token_mismatch")),
    case_("refuses_as_much_of_another_hash", createHash(other).update(accessToken).digest().subarray(0, Math.min(whole.length / 2, 32)).toString("base64url"), invalidToken("access_token_mismatch")),
  ];
};

const mixed = (text) => [...text].map((character, index) => (index % 2 === 0 ? character.toUpperCase() : character.toLowerCase())).join("");
const sha512 = digest("EdDSA", accessToken);

/** An access token whose hash is not the same in the two alphabets of base64. */
const slashed = Array.from({ length: 64 }, (_, index) => `token-${index}`).find((text) => /[-_]/.test(atHash("EdDSA", text)));

const steps = (name, config, ...list) => ({ name, config, steps: list });

export const cases = [
  // Nonce
  pass("the_nonce_that_was_sent_is_taken", { nonce }, { nonce }),
  pass("a_nonce_that_nobody_asks_for_is_taken", { nonce }),
  pass("no_nonce_is_taken_where_nobody_asks_for_one", {}),
  pass("a_nonce_that_is_a_number_is_taken_where_nobody_asks_for_one", { nonce: 5 }),
  refuse("another_nonce_is_refused", { nonce: "n-another" }, "nonce_mismatch", { nonce }),
  refuse("a_missing_nonce_is_refused", {}, "claim_missing", { nonce }),
  refuse("a_nonce_in_another_case_is_refused", { nonce: mixed(nonce) }, "nonce_mismatch", { nonce }),
  refuse("a_part_of_the_nonce_is_refused", { nonce: nonce.slice(0, -1) }, "nonce_mismatch", { nonce }),
  refuse("a_longer_nonce_is_refused", { nonce: `${nonce}x` }, "nonce_mismatch", { nonce }),
  refuse("an_empty_nonce_is_refused", { nonce: "" }, "nonce_mismatch", { nonce }),
  refuse("a_nonce_that_is_a_number_is_of_the_wrong_type", { nonce: 5 }, "claim_type", { nonce: "5" }),
  refuse("a_nonce_that_is_null_is_of_the_wrong_type", { nonce: null }, "claim_type", { nonce }),
  refuse("a_nonce_in_a_list_is_of_the_wrong_type", { nonce: [nonce] }, "claim_type", { nonce }),
  pass("a_nonce_named_proto_is_like_any_other", { nonce: "__proto__" }, { nonce: "__proto__" }),
  pass("a_nonce_beyond_ascii_is_like_any_other", { nonce: "prüfung\n\"" }, { nonce: "prüfung\n\"" }),

  // The access token
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"].flatMap((alg) => hashed(alg)),
  ...rsaAlgorithms.flatMap((alg) => hashed(alg, "rsa")),
  ...["HS256", "HS384", "HS512"].flatMap((alg) => hashed(alg, alg.toLowerCase())),
  pass("an_id_token_without_at_hash_is_taken", {}, { accessToken }),
  pass("an_at_hash_that_nobody_asks_for_is_taken", { at_hash: "another" }),
  pass("an_access_token_that_is_a_jwt_is_hashed_as_text", { at_hash: atHash("EdDSA", jwtAccessToken) }, { accessToken: jwtAccessToken }),
  refuse("an_empty_at_hash_is_refused", { at_hash: "" }, "access_token_mismatch", { accessToken }),
  refuse("an_at_hash_with_padding_is_refused", { at_hash: `${atHash("EdDSA")}=` }, "access_token_mismatch", { accessToken }),
  refuse("an_at_hash_in_plain_base64_is_refused", { at_hash: digest("EdDSA", slashed).subarray(0, 32).toString("base64").replace(/=+$/, "") }, "access_token_mismatch", { accessToken: slashed }),
  refuse("an_at_hash_in_hexadecimal_is_refused", { at_hash: sha512.subarray(0, 32).toString("hex") }, "access_token_mismatch", { accessToken }),
  refuse("an_at_hash_in_another_case_is_refused", { at_hash: mixed(atHash("EdDSA")) }, "access_token_mismatch", { accessToken }),
  refuse("a_part_of_the_at_hash_is_refused", { at_hash: atHash("EdDSA").slice(0, -1) }, "access_token_mismatch", { accessToken }),
  refuse("an_at_hash_that_is_a_number_is_of_the_wrong_type", { at_hash: 5 }, "claim_type", { accessToken }),
  refuse("an_at_hash_that_is_null_is_of_the_wrong_type", { at_hash: null }, "claim_type", { accessToken }),
  refuse("the_access_token_in_place_of_its_hash_is_refused", { at_hash: accessToken }, "access_token_mismatch", { accessToken }),
  pass("nonce_and_access_token_are_taken_together", { nonce, at_hash: atHash("EdDSA") }, { nonce, accessToken }),

  // The authorized party
  pass("an_azp_that_is_the_audience_is_taken", { azp: audience }),
  refuse("an_azp_that_is_another_is_refused", { azp: "other" }, "authorized_party_mismatch"),
  refuse("an_azp_in_another_case_is_refused", { azp: "API" }, "authorized_party_mismatch"),
  refuse("several_audiences_want_azp", { aud: [audience, "other"] }, "claim_missing"),
  pass("several_audiences_with_azp_are_taken", { aud: ["other", audience], azp: audience }),
  refuse("an_azp_that_is_one_of_the_other_audiences_is_refused", { aud: ["other", audience], azp: "other" }, "authorized_party_mismatch"),
  refuse("an_azp_that_is_a_list_is_of_the_wrong_type", { azp: [audience] }, "claim_type"),

  // In order: audience, azp, nonce, access token, time
  refuse("another_azp_comes_before_another_nonce", { azp: "other", nonce: "n-another" }, "authorized_party_mismatch", { nonce }),
  refuse("another_audience_comes_before_another_nonce", { aud: "other", nonce: "n-another" }, "audience_mismatch", { nonce }),
  refuse("another_nonce_comes_before_another_access_token", { nonce: "n-another", at_hash: "another" }, "nonce_mismatch", { nonce, accessToken }),
  refuse("another_nonce_comes_before_the_end", { nonce: "n-another", exp: now - 3600 }, "nonce_mismatch", { nonce }),
  refuse("another_access_token_comes_before_the_end", { at_hash: "another", exp: now - 3600 }, "access_token_mismatch", { accessToken }),
  refuse("a_right_nonce_does_not_hide_the_end", { nonce, exp: now - 60 }, "expired", { nonce }),
  me("a_wrong_signature_comes_before_another_nonce", jwt({ alg: "EdDSA", kid: "ed25519" }, claims({ nonce: "n-another" }), "stranger_ed25519"), invalidToken("signature_invalid"), { nonce }),

  // Other profiles and other credentials
  me("any_profile_ignores_the_nonce", token({ nonce: "n-another" }), allowed(principal(), "GET /me"), { config: "any", nonce }),
  me("any_profile_ignores_a_missing_nonce", token(), allowed(principal(), "GET /me"), { config: "any", nonce }),
  me("any_profile_ignores_the_access_token", token({ at_hash: "another" }), allowed(principal(), "GET /me"), { config: "any", accessToken }),
  me("an_access_token_has_no_nonce", access(), allowed(principal(), "GET /me"), { config: "access_token", nonce, accessToken }),
  me("another_issuer_s_token_has_no_nonce", token({ iss: "https://other.example" }), allowed(principal({ issuer: "https://other.example" }), "GET /me"), { config: "two", nonce, accessToken }),
  me("an_id_token_beside_another_issuer_has_its_nonce", token({ nonce: "n-another" }), invalidToken("nonce_mismatch"), { config: "two", nonce }),
  me("an_access_token_is_no_id_token_whatever_its_nonce", access({ nonce }), invalidToken("typ_mismatch"), { nonce }),
  { name: "a_guest_has_no_nonce", config: "id_token", request: request("GET", "/public"), nonce, accessToken, expect: allowed(guest(), "GET /public") },
  { name: "an_api_key_has_no_nonce", config: "api_key", request: request("GET", "/me", [["x-api-key", "k".repeat(40)]]), nonce, accessToken, expect: allowed(principal({ kind: "service", id: "ci", issuer: null }), "GET /me") },
  {
    name: "a_malformed_request_comes_before_the_nonce",
    config: "id_token",
    request: request("GET", "/me", [["authorization", "Bearer a b"]]),
    nonce,
    expect: malformed("malformed_authorization"),
  },
  me("a_nonce_is_wanted_on_a_public_route_too", token({ nonce: "n-another" }), invalidToken("nonce_mismatch"), { nonce, ...withToken(token({ nonce: "n-another" }), "/public") }),

  // A token that was seen before
  steps(
    "a_token_that_was_taken_without_a_nonce_is_held_against_one",
    "id_token",
    { ...withToken(token({ nonce })), expect: allowed(principal(), "GET /me") },
    { ...withToken(token({ nonce })), nonce: "n-another", expect: invalidToken("nonce_mismatch") },
    { ...withToken(token({ nonce })), nonce, expect: allowed(principal(), "GET /me") },
    { ...withToken(token({ nonce })), nonce: "n-another", expect: invalidToken("nonce_mismatch") },
  ),
  steps(
    "a_token_that_was_taken_with_one_access_token_is_held_against_another",
    "id_token",
    { ...withToken(token({ at_hash: atHash("EdDSA") })), accessToken, expect: allowed(principal(), "GET /me") },
    { ...withToken(token({ at_hash: atHash("EdDSA") })), accessToken: `${accessToken}x`, expect: invalidToken("access_token_mismatch") },
    { ...withToken(token({ at_hash: atHash("EdDSA") })), expect: allowed(principal(), "GET /me") },
    { ...withToken(token({ at_hash: atHash("EdDSA") })), accessToken: `${accessToken}x`, expect: invalidToken("access_token_mismatch") },
  ),
];
