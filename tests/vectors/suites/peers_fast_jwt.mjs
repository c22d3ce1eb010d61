// What fast-jwt (Apache-2.0) tests of its verifier, and what its security advisories were about, as cases of our own:
// test/verifier.spec.js, test/decoder.spec.js, test/crypto.spec.js, and the advisories that the cases name. RFC 7520
// (its test/compliance.spec.js) has a suite of its own. Where fast-jwt's answer is another, `about` says so and why.

import { createPublicKey } from "node:crypto";
import { allowed, invalidToken, malformed, principal, unavailable } from "../forge/expect.mjs";
import { withToken } from "../forge/request.mjs";
import { privateJwk, publicJwk, secret } from "../forge/sign.mjs";
import { audience, changed, claims, issuer, jwt, now, raw, signingInput, usual } from "../forge/token.mjs";

export const about = "The situations that fast-jwt tests, and those of its advisories, answered by this guard.";

const policy = { policy: "peers_fast_jwt", revision: 1, routes: [{ route: "GET /me", allow: "authenticated" }] };
const site = (members) => ({ policy, trust: { issuers: [{ issuer, audience, ...members }] } });
const set = (...keys) => ({ jwks: { keys } });
const ed = set(publicJwk("ed25519", { kid: "ed" }));
const rsa = set(publicJwk("rsa", { kid: "rsa" }));
const url = "https://id.example/jwks";

export const configs = {
  secret: site({ secret: secret("hs256") }),
  secrets: site({ secret: secret("hs512"), algorithms: ["HS256", "HS384", "HS512"] }),
  ed: site(ed),
  exact: site({ ...ed, leeway: 0 }),
  rsa: site({ ...rsa, algorithms: ["RS256", "PS256"] }),
  every_rsa: site({ ...rsa, algorithms: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] }),
  curves: site(set(publicJwk("p256", { kid: "p256" }), publicJwk("p384", { kid: "p384" }), publicJwk("p521", { kid: "p521" }))),
  typed: site({ ...ed, profile: "access-token" }),
  aged: site({ ...ed, maxAge: 200, leeway: 0 }),
  audiences: site({ ...ed, audience: ["abx", "aud1"] }),
  pattern: site({ ...ed, audience: "^(a+)+$" }),
  session: site({ ...ed, profile: "id-token" }),
  by_kid: site({ ...ed, claims: { id: "kid" } }),
  fetched: site({ jwksUri: url }),
};

const signedIn = (who) => allowed(principal(who), "GET /me");
const pass = (name, config, token, who, more = {}) => ({ name, config, ...withToken(token), ...more, expect: signedIn(who) });
const refuse = (name, config, token, reason, more = {}) => ({ name, config, ...withToken(token), ...more, expect: invalidToken(reason) });
const ok = (name, changes, who, config = "ed") => pass(name, config, usual(changes), who);
const bad = (name, changes, reason, config = "ed") => refuse(name, config, usual(changes), reason);
/** Its answer is meant to be another. */
const differs = (entry, why) => ({ ...entry, about: `fast-jwt accepts: ${why}` });

const hs256 = (changes = {}, header = {}) => jwt({ alg: "HS256", typ: "JWT", ...header }, claims(changes), "hs256");
const signedWith = (alg, key, kid = key) => jwt({ alg, typ: "JWT", ...(kid === undefined ? {} : { kid }) }, claims(), key);
const verified = (alg, config, key, kid = key) => pass(`a_token_by_${alg.toLowerCase()}_is_taken`, config, signedWith(alg, key, kid));

const publicKey = createPublicKey({ key: privateJwk("rsa"), format: "jwk" });
const pem = publicKey.export({ type: "spki", format: "pem" });
const confused = (name, text, advisory) =>
  refuse(name, "rsa", jwt({ alg: "HS256", typ: "JWT", kid: "rsa" }, claims(), Buffer.from(text), { keyNote: advisory }), "algorithm_not_allowed");

const step = (after, token, expect, more = {}) => ({ now: now + after, ...withToken(token), expect, ...more });
const steps = (name, config, ...list) => ({ name, config, steps: list });

const good = usual();
const cut = changed(hs256(), "19 characters of the signature are cut off", ({ text }) => text.slice(0, -19));
const twin = changed(good, "another signature", ({ header, payload }) => `${header}.${payload}.${"A".repeat(86)}`);
const named = (sub, jti) => usual({ sub, jti });
const reached = { keys: { [url]: { keys: [publicJwk("ed25519", { kid: "ed" })] } } };
const text = (name, token, reason) => refuse(name, "secret", raw(token, token), reason);
const critical = (name, members) => refuse(name, "ed", usual({}, members), "critical_header");

export const cases = [
  // verifier.spec.js: tokens that verify
  pass("a_token_by_a_secret_is_taken", "secret", hs256()),
  pass("a_token_with_iat_and_exp_is_taken_at_its_time", "secret", hs256({ iat: now - 5000, exp: now + 5000 })),
  pass("a_header_that_names_its_curve_is_taken", "ed", usual({}, { kty: "OKP", crv: "Ed25519" })),
  refuse("a_payload_that_is_a_number_is_refused", "secret", jwt({ alg: "HS256" }, "123", "hs256"), "token_json"),
  // It takes alg none where it is told to. Nobody can tell this guard to (RFC 8725 §3.1).
  refuse("an_unsigned_token_is_refused", "ed", raw(`${signingInput({ alg: "none" }, claims())}.`, "alg none, no signature"), "token_malformed"),
  refuse("an_unsigned_token_with_something_for_a_signature_is_refused", "ed", raw(`${signingInput({ alg: "none" }, claims())}.AAAA`, "alg none"), "algorithm_unsupported"),

  // verifier.spec.js: typ
  pass("a_typ_of_application_jwt_is_a_typ_of_jwt", "ed", usual({}, { typ: "application/jwt" })),
  pass("a_typ_is_compared_without_case", "ed", usual({}, { typ: "jwt" })),
  differs(refuse("a_typ_of_test_is_of_another_kind", "ed", usual({}, { typ: "test" }), "typ_mismatch"), "without `checkTyp` it looks at no typ (RFC 8725 §3.11)"),
  refuse("no_typ_where_one_is_wanted_is_refused", "typed", usual({ client_id: "app", jti: "t1" }, { typ: undefined }), "typ_mismatch"),
  refuse("a_typ_that_is_one_is_refused", "typed", usual({ client_id: "app", jti: "t1" }, { typ: 1 }), "header_member"),

  // verifier.spec.js: signatures
  refuse("a_signature_that_is_cut_short_is_refused", "secret", cut, "signature_invalid"),
  refuse("a_token_that_ends_in_a_dot_is_refused", "secret", raw(`${signingInput({ alg: "HS256", typ: "JWT" }, claims())}.`, "no signature"), "token_malformed"),
  refuse("a_token_by_another_secret_is_refused", "secret", jwt({ alg: "HS256" }, claims(), "stranger_hs256"), "signature_invalid"),

  // verifier.spec.js: keys that somebody else brings
  { name: "keys_that_cannot_be_had_are_no_word_on_the_token", config: "fetched", ...withToken(good), keys: {}, expect: unavailable("keys_unavailable") },
  refuse("a_fetched_key_that_did_not_sign_is_refused", "fetched", good, "signature_invalid", { keys: { [url]: { keys: [publicJwk("stranger_ed25519", { kid: "ed" })] } } }),
  pass("a_fetched_key_that_signed_is_taken", "fetched", good, {}, reached),

  // verifier.spec.js: algorithms
  refuse("a_secret_s_token_where_rsa_is_wanted_is_refused", "rsa", hs256({ nbf: now + 5000 }), "algorithm_not_allowed"),
  pass("one_of_several_allowed_algorithms_is_taken", "secrets", jwt({ alg: "HS384" }, claims(), "hs512")),
  refuse("an_rsa_algorithm_that_is_not_listed_is_refused", "rsa", signedWith("RS512", "rsa"), "algorithm_not_allowed"),
  refuse("a_curve_s_token_where_rsa_is_wanted_is_refused", "rsa", signedWith("ES256", "p256", "rsa"), "algorithm_not_allowed"),

  // verifier.spec.js: times
  bad("a_token_for_later_is_refused", { nbf: now + 5000 }, "not_yet_valid"),
  ok("a_token_for_later_within_the_leeway_is_taken", { nbf: now + 1 }),
  bad("a_token_that_has_expired_is_refused", { iat: 100, exp: 101 }, "expired"),
  ok("a_token_that_expired_within_the_leeway_is_taken", { exp: now - 4 }),
  differs(bad("a_token_in_its_last_moment_is_refused", { exp: now }, "expired", "exact"), "it takes a token until exp has passed; RFC 7519 §4.1.4 says on or after"),
  bad("a_token_older_than_its_maximum_age_is_refused", { iat: now - 300 }, "too_old", "aged"),
  ok("a_token_within_its_maximum_age_is_taken", { iat: now - 199 }, {}, "aged"),
  ok("an_old_token_without_a_maximum_age_is_taken", { iat: 100 }),
  differs(bad("a_token_of_its_maximum_age_is_refused", { iat: now - 200 }, "too_old", "aged"), "it says after, as for exp"),
  differs(bad("a_maximum_age_without_iat_is_refused", { iat: undefined }, "claim_missing", "aged"), "a claim that is absent is not looked at, so that its maximum age holds for those who say when they began"),

  // verifier.spec.js: jti, aud, iss, sub, nonce
  differs(bad("a_jti_of_one_is_refused", { jti: 1 }, "claim_type"), "without `allowedJti` it looks at no jti (RFC 7519 §4.1.7)"),
  bad("an_audience_of_two_is_refused", { aud: 2 }, "claim_type"),
  bad("a_list_of_audiences_that_are_numbers_is_refused", { aud: [2.1, 2.2] }, "claim_type"),
  bad("a_list_of_other_audiences_is_refused", { aud: ["aud2", "dua2"] }, "audience_mismatch"),
  bad("an_audience_that_begins_like_ours_is_refused", { aud: ["api1", "dua2"] }, "audience_mismatch"),
  ok("our_audience_among_others_is_taken", { aud: ["api", "dua2"] }),
  ok("one_of_our_audiences_among_others_is_taken", { aud: ["aud1", "dua2"] }, {}, "audiences"),
  differs(bad("no_audience_is_refused", { aud: undefined }, "claim_missing"), "an allowed claim that is absent is not looked at (RFC 7519 §4.1.3)"),
  bad("an_issuer_of_three_is_refused", { iss: 3 }, "claim_type"),
  bad("an_issuer_that_is_not_ours_is_refused", { iss: "https://other.example" }, "issuer_unknown"),
  bad("an_issuer_that_begins_like_ours_is_refused", { iss: `${issuer}.prefix` }, "issuer_unknown"),
  bad("an_issuer_that_ends_like_ours_is_refused", { iss: `https://suffix.${issuer}` }, "issuer_unknown"),
  differs(bad("no_issuer_is_refused", { iss: undefined }, "issuer_missing"), "an allowed claim that is absent is not looked at"),
  differs(bad("a_subject_of_four_is_refused", { sub: 4 }, "claim_type"), "without `allowedSub` it looks at no sub"),
  bad("no_subject_where_one_is_wanted_is_refused", { sub: undefined }, "claim_missing"),
  bad("no_claim_of_one_s_own_where_one_is_wanted_is_refused", {}, "claim_missing", "by_kid"),
  pass("the_nonce_of_the_session_is_taken", "session", usual({ nonce: "n-1" }), {}, { nonce: "n-1" }),
  refuse("a_nonce_that_only_begins_so_is_refused", "session", usual({ nonce: "n-12" }), "nonce_mismatch", { nonce: "n-1" }),
  refuse("a_nonce_of_five_is_refused", "session", usual({ nonce: 5 }), "claim_type", { nonce: "n-1" }),

  // verifier.spec.js: what a cache must not change
  steps("a_token_that_was_taken_is_taken_again_and_its_twin_never", "ed", step(0, good, signedIn()), step(0, twin, invalidToken("signature_invalid")), step(1, good, signedIn()), step(1, twin, invalidToken("signature_invalid"))),
  steps("a_token_that_was_taken_expires", "exact", step(0, usual({ exp: now + 100 }), signedIn()), step(99, usual({ exp: now + 100 }), signedIn()), step(100, usual({ exp: now + 100 }), invalidToken("expired")), step(200, usual({ exp: now + 100 }), invalidToken("expired"))),
  steps("a_token_that_was_taken_grows_too_old", "aged", step(0, good, signedIn()), step(189, good, signedIn()), step(190, good, invalidToken("too_old"))),
  steps("a_token_that_was_refused_as_too_early_is_taken_at_its_moment", "exact", step(0, usual({ nbf: now + 200 }), invalidToken("not_yet_valid")), step(199, usual({ nbf: now + 200 }), invalidToken("not_yet_valid")), step(200, usual({ nbf: now + 200 }), signedIn())),
  steps(
    "a_token_has_its_time_with_leeway_on_both_sides",
    "ed",
    step(0, usual({ nbf: now + 200, exp: now + 400 }), invalidToken("not_yet_valid")),
    step(140, usual({ nbf: now + 200, exp: now + 400 }), signedIn()),
    step(290, usual({ nbf: now + 200, exp: now + 400 }), signedIn()),
    step(459, usual({ nbf: now + 200, exp: now + 400 }), signedIn()),
    step(460, usual({ nbf: now + 200, exp: now + 400 }), invalidToken("expired")),
  ),
  steps(
    "that_keys_could_not_be_had_is_not_remembered_of_a_token",
    "fetched",
    step(0, good, unavailable("keys_unavailable"), { asked: [`keys ${url}`] }),
    step(1, good, unavailable("keys_unavailable"), { asked: [] }),
    step(6, good, signedIn(), { ...reached, asked: [`keys ${url}`] }),
    step(7, good, signedIn(), { asked: [] }),
  ),

  // decoder.spec.js
  text("a_word_is_no_token", "TOKEN", "token_malformed"),
  text("two_words_are_no_token", "foo.bar", "token_malformed"),
  text("three_letters_are_no_token", "a.b.c", "token_encoding"),
  text("a_header_that_is_a_word_is_refused", "Zm9v.e30.AAAA", "token_json"),
  refuse("a_payload_that_is_a_word_is_refused", "secret", jwt({ alg: "HS256" }, "foo", "hs256"), "token_json"),
  refuse("padding_is_refused", "ed", raw(`${good.text}==`, "== at the end"), "token_encoding"),
  { name: "white_space_in_a_token_is_refused", config: "ed", ...withToken(raw(good.text.replace(".", ". "), "a space behind the first dot")), expect: malformed("malformed_authorization") },

  // crypto.spec.js: each algorithm
  verified("HS256", "secrets", "hs512", undefined),
  verified("HS384", "secrets", "hs512", undefined),
  verified("HS512", "secrets", "hs512", undefined),
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"].map((alg) => verified(alg, "every_rsa", "rsa")),
  verified("ES256", "curves", "p256"),
  verified("ES384", "curves", "p384"),
  verified("ES512", "curves", "p521"),
  verified("EdDSA", "ed", "ed25519", "ed"),
  // It knows EdDSA with a key on Ed448, too. No platform here does.
  refuse("a_token_by_ed448_is_refused", "ed", raw(`${signingInput({ alg: "Ed448", kid: "ed" }, claims())}.AAAA`, "alg Ed448"), "algorithm_unsupported"),

  // CVE-2023-48223, CVE-2026-34950, GHSA-ww5h-9m49-7xx4: a public key taken for a secret, by the look of its text
  confused("a_public_key_s_pem_is_no_secret", pem, "CVE-2023-48223: the PEM"),
  confused("a_public_key_s_pem_behind_a_space_is_no_secret", ` ${pem}`, "CVE-2026-34950: a space and the PEM"),
  confused("a_public_key_s_pem_behind_a_line_break_is_no_secret", `\r\n\t${pem}`, "CVE-2026-34950: a line break and the PEM"),
  confused("a_public_key_s_pem_with_other_line_breaks_is_no_secret", pem.replaceAll("\n", "\r\n"), "GHSA-ww5h-9m49-7xx4: the PEM with CRLF"),
  confused("a_public_key_s_der_is_no_secret", publicKey.export({ type: "spki", format: "der" }), "the DER"),
  confused("a_public_key_s_jwk_is_no_secret", JSON.stringify(publicJwk("rsa")), "the JWK"),
  // CVE-2025-30144: an issuer in a list
  bad("our_issuer_in_a_list_is_refused", { iss: [issuer] }, "claim_type"),
  bad("our_issuer_in_a_list_with_another_is_refused", { iss: [issuer, "https://evil.example"] }, "claim_type"),
  // CVE-2026-35039: a cache that tells one token by less than all of it
  steps("two_tokens_that_differ_in_their_subject_alone_are_two", "ed", step(0, named("u1", "t1"), signedIn()), step(0, named("u2", "t1"), signedIn({ id: "u2" })), step(1, named("u1", "t1"), signedIn()), step(1, named("u2", "t1"), signedIn({ id: "u2" }))),
  // CVE-2026-35042: crit
  critical("an_extension_that_nobody_knows_is_refused", { crit: ["x-custom-policy"], "x-custom-policy": "require-mfa" }),
  critical("an_empty_list_of_extensions_is_refused", { crit: [] }),
  critical("an_extension_that_is_not_there_is_refused", { crit: ["exp"] }),
  critical("an_extension_twice_is_refused", { crit: ["x", "x"], x: 1 }),
  differs(critical("extensions_that_are_null_are_refused", { crit: null }), "what is false counts as absent; RFC 7515 §4.1.11 wants a list"),
  // CVE-2026-44351, GHSA-8wpc-h4q6-8fxv: an empty key
  refuse("a_token_by_an_empty_secret_is_refused", "secret", jwt({ alg: "HS256" }, claims(), Buffer.alloc(0), { keyNote: "empty" }), "signature_invalid"),
  // CVE-2026-35041, GHSA-3j8v-cgw4-2g6q: audiences as patterns, slow ones and forgetful ones
  bad("an_audience_is_no_pattern", { aud: `${"a".repeat(64)}!` }, "audience_mismatch", "pattern"),
  bad("an_audience_that_a_pattern_would_match_is_refused", { aud: "aaaa" }, "audience_mismatch", "pattern"),
  ok("an_audience_that_looks_like_a_pattern_is_a_text", { aud: "^(a+)+$" }, {}, "pattern"),
  steps("the_third_answer_is_the_first", "audiences", step(0, usual({ aud: "aud1" }), signedIn()), step(0, usual({ aud: "aud1" }), signedIn()), step(0, usual({ aud: "aud1" }), signedIn())),
];
