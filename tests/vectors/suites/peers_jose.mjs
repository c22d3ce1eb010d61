// What jose (MIT) tests of jwtVerify and of its key sets, as cases of our own: test/jwt/verify.test.ts,
// test/jwt/property.test.ts, test/jwt/unsecured.test.ts, test/jws/crit.test.ts, test/jws/compact.verify.test.ts,
// test/jws/flattened.verify.test.ts, test/jws/restrictions.test.ts, test/jwks/local.test.ts, test/jwks/remote.test.ts.
// Its cookbook tests are RFC 7515 to 7520, which have suites of their own. Where jose's answer is another, `about` says so
// and why.

import { allowed, invalidToken, malformed, principal, unavailable } from "../forge/expect.mjs";
import { request, withToken } from "../forge/request.mjs";
import { publicJwk, secret } from "../forge/sign.mjs";
import { audience, base64url, changed, claims, issuer, jwt, now, raw, signingInput, usual } from "../forge/token.mjs";

export const about = "The situations that jose tests of a JWT and of its key sets, answered by this guard.";

const policy = { policy: "peers_jose", revision: 1, routes: [{ route: "GET /me", allow: "authenticated" }] };
const site = (members) => ({ policy, trust: { issuers: [{ issuer, audience, ...members }] } });
const set = (...keys) => ({ jwks: { keys } });
const ed = publicJwk("ed25519", { kid: "ed" });
const otherIssuer = "https://other.example";
const url = "https://id.example/jwks";

export const configs = {
  secret: site({ secret: secret("hs256") }),
  ed: site(set(ed)),
  exact: site({ ...set(ed), leeway: 0 }),
  second: site({ ...set(ed), leeway: 1 }),
  five: site({ ...set(ed), leeway: 0, maxAge: 5 }),
  thirty: site({ ...set(ed), leeway: 0, maxAge: 30 }),
  aged: site({ ...set(ed), maxAge: 300 }),
  audiences: site({ ...set(ed), audience: ["urn:example:audience", "urn:example:other"] }),
  constructed: site({ ...set(ed), claims: { id: "constructor" } }),
  proto: site({ ...set(ed), claims: { id: "__proto__" } }),
  two: {
    policy,
    trust: {
      issuers: [
        { issuer, audience, ...set(ed) },
        { issuer: otherIssuer, audience, ...set(publicJwk("stranger_ed25519", { kid: "other" })) },
      ],
    },
  },
  curves: site(set(publicJwk("p256", { kid: "p256" }), publicJwk("p384", { kid: "p384" }), publicJwk("p521", { kid: "p521" }))),
  fetched: site({ jwksUri: url }),
  widened: site({ jwksUri: url, algorithms: ["PS256", "RS256", "ES256"] }),
};

const signedIn = (who) => allowed(principal(who), "GET /me");
const pass = (name, config, token, who, more = {}) => ({ name, config, ...withToken(token), ...more, expect: signedIn(who) });
const refuse = (name, config, token, reason, more = {}) => ({ name, config, ...withToken(token), ...more, expect: invalidToken(reason) });
const ok = (name, changes, config = "ed", who = {}) => pass(name, config, usual(changes), who);
const bad = (name, changes, reason, config = "ed") => refuse(name, config, usual(changes), reason);
/** Its answer is meant to be another. */
const differs = (entry, why) => ({ ...entry, about: `jose accepts: ${why}` });

const hs256 = (payload = claims(), header = {}) => jwt({ alg: "HS256", ...header }, payload, "hs256");
const payload = (name, text) => refuse(`claims_that_are_${name}_are_refused`, "secret", hs256(text), "token_json");
const typ = (name, value, reason) => refuse(name, "ed", usual({}, { typ: value }), reason);
const critical = (name, members) => refuse(name, "ed", usual({}, members), "critical_header");
const unsigned = (name, text, reason) => refuse(name, "ed", raw(text, text), reason);
const none = (header = {}) => signingInput({ alg: "none", ...header }, claims());

const keys = (...list) => ({ keys: { [url]: { keys: list } } });
const rsa = (members) => publicJwk("rsa", { kid: "rsa", ...members });
const second = (members) => publicJwk("stranger_rsa", { kid: "second", ...members });
const p256 = (members) => publicJwk("p256", { kid: "p256", ...members });
const remote = [rsa(), second({ alg: "RS256" }), p256(), second({ kid: undefined, use: "enc" }), second({ kid: undefined, use: "sig", key_ops: [] })];
const broken = (name, body) => ({ name, config: "fetched", ...withToken(usual()), keys: { [url]: body }, expect: unavailable("keys_unavailable"), asked: [`keys ${url}`] });
const short = publicJwk("rsa", { kid: "short", n: base64url(Buffer.concat([Buffer.from([0xc1]), Buffer.alloc(253, 0x5a), Buffer.from([0x0b])])) });

const step = (after, token, expect, asked, more = {}) => ({ now: now + after, ...withToken(token), ...more, expect, asked: asked ? [`keys ${url}`] : [] });
const steps = (name, ...list) => ({ name, config: "fetched", steps: list });
const byKid = (kid, moment = 0) => jwt({ alg: "EdDSA", kid }, claims({ iat: now + moment - 10, exp: now + moment + 600 }), "ed25519");
const named = (kid) => keys(publicJwk("ed25519", { kid }));

export const cases = [
  // verify.test.ts: a whole claims set
  pass("every_registered_claim_at_once_is_taken", "thirty", usual({ sub: "urn:example:subject", jti: "urn:example:jti", nbf: now - 10, iat: now - 20, exp: now + 10 }), { id: "urn:example:subject" }),
  ...["0", "1", "-1", "true", "false", "null", "[]", '""'].map((text, place) => payload(["zero", "one", "minus_one", "true", "false", "null", "a_list", "a_text"][place], text)),
  payload("cut_off", "{"),
  payload("no_utf_8", Buffer.from([...Buffer.from('{"sub":"a'), 0xc0, 0xaf, ...Buffer.from('b"}')])),
  refuse("a_tag_that_is_cut_short_is_refused", "secret", changed(hs256(), "three characters of the signature are cut off", ({ text }) => text.slice(0, -3)), "signature_invalid"),
  refuse("an_algorithm_that_is_not_allowed_is_refused", "ed", hs256(claims(), { kid: "ed" }), "algorithm_not_allowed"),

  // verify.test.ts: typ
  differs(typ("a_typ_of_one_s_own_is_of_another_kind", "urn:example:typ", "typ_mismatch"), "without the option `typ` it looks at none (RFC 8725 §3.11)"),
  differs(typ("a_typ_of_one_s_own_with_application_is_of_another_kind", "application/urn:example:typ", "typ_mismatch"), "without the option `typ` it looks at none"),
  differs(typ("a_typ_of_plain_text_is_of_another_kind", "text/plain", "typ_mismatch"), "without the option `typ` it looks at none"),
  pass("a_typ_with_application_is_the_one_without", "ed", usual({}, { typ: "application/JWT" })),

  // verify.test.ts: iss, aud, sub
  pass("one_of_two_issuers_is_taken", "two", usual()),
  pass("the_other_of_two_issuers_is_taken", "two", jwt({ alg: "EdDSA", kid: "other" }, claims({ iss: otherIssuer }), "stranger_ed25519"), { issuer: otherIssuer }),
  bad("none_of_two_issuers_is_refused", { iss: "urn:example:issuer" }, "issuer_unknown", "two"),
  bad("an_issuer_in_a_list_is_refused", { iss: [issuer] }, "claim_type", "two"),
  ok("one_of_two_audiences_is_taken", { aud: "urn:example:audience" }, "audiences"),
  ok("one_of_two_audiences_in_a_list_is_taken", { aud: ["urn:example:audience"] }, "audiences"),
  bad("none_of_two_audiences_is_refused", { aud: "urn:example:none" }, "audience_mismatch", "audiences"),
  bad("an_empty_list_of_audiences_is_refused", { aud: [] }, "audience_mismatch", "audiences"),
  bad("an_empty_issuer_is_compared_like_any_other", { iss: "" }, "issuer_unknown"),
  bad("an_empty_audience_is_compared_like_any_other", { aud: "" }, "audience_mismatch"),
  differs(bad("an_empty_subject_is_nobody", { sub: "" }, "claim_type"), "without the option `subject` any sub will do"),

  // verify.test.ts: numbers
  ...["iat", "nbf", "exp"].map((claim) => bad(`${claim}_must_be_a_number`, { [claim]: null }, "claim_type")),
  ok("an_expiry_of_now_within_a_leeway_of_a_second_is_taken", { exp: now }, "second"),
  bad("an_expiry_must_be_in_the_future", { exp: now }, "expired", "exact"),
  bad("a_not_before_must_be_now_or_before", { nbf: now + 1 }, "not_yet_valid", "exact"),
  bad("an_iat_must_be_in_the_past", { iat: now + 1, exp: now + 10 }, "issued_in_future", "five"),
  differs(bad("an_iat_must_be_in_the_past_without_a_maximum_age_too", { iat: now + 1 }, "issued_in_future", "exact"), "without `maxTokenAge` it does not look at iat"),
  bad("a_token_older_than_its_maximum_age_is_refused", { iat: now - 31 }, "too_old", "thirty"),
  ok("a_token_one_second_within_its_maximum_age_is_taken", { iat: now - 29 }, "thirty"),

  // property.test.ts: both ends of each span, with a leeway of 60
  ok("a_not_before_at_the_end_of_the_leeway_is_taken", { nbf: now + 60 }),
  bad("a_not_before_behind_the_leeway_is_refused", { nbf: now + 61 }, "not_yet_valid"),
  bad("an_expiry_at_the_end_of_the_leeway_is_refused", { exp: now - 60 }, "expired"),
  ok("an_expiry_before_the_end_of_the_leeway_is_taken", { exp: now - 59 }),
  ok("an_iat_at_the_end_of_the_leeway_is_taken", { iat: now + 60 }, "aged"),
  bad("an_iat_behind_the_leeway_is_refused", { iat: now + 61 }, "issued_in_future", "aged"),
  ok("an_age_before_the_end_of_the_leeway_is_taken", { iat: now - 359 }, "aged"),
  differs(bad("an_age_at_the_end_of_the_leeway_is_refused", { iat: now - 360 }, "too_old", "aged"), "it says after; here each span ends as exp does (RFC 7519 §4.1.4)"),

  // verify.test.ts: the order, and what must be there
  refuse("an_expired_token_by_another_is_a_bad_signature", "secret", jwt({ alg: "HS256" }, claims({ exp: 0 }), "stranger_hs256"), "signature_invalid"),
  refuse("an_expired_token_by_the_right_one_has_expired", "secret", hs256(claims({ exp: 0 })), "expired"),
  bad("no_iss_is_refused", { iss: undefined }, "issuer_missing"),
  bad("no_aud_is_refused", { aud: undefined }, "claim_missing"),
  bad("no_iat_with_a_maximum_age_is_refused", { iat: undefined }, "claim_missing", "aged"),
  bad("no_sub_is_refused", { sub: undefined }, "claim_missing"),
  differs(bad("no_exp_is_refused", { exp: undefined }, "claim_missing"), "it wants exp only where `requiredClaims` says so"),
  bad("what_every_object_inherits_is_no_claim", {}, "claim_missing", "constructed"),
  bad("the_prototype_is_no_claim", {}, "claim_missing", "proto"),

  // verify.test.ts: b64; crit.test.ts
  critical("an_unencoded_payload_is_refused", { b64: false, crit: ["b64"] }),
  differs(critical("an_encoded_payload_that_says_so_is_refused", { b64: true, crit: ["b64"] }), "it understands b64; a JWT has no use for it (RFC 7797 §7)"),
  differs(critical("b64_without_crit_is_refused", { b64: false }), "it ignores b64 there; RFC 7797 §6 wants it in crit, and others would read another payload"),
  critical("crit_with_null_is_refused", { crit: [null], b64: false }),
  critical("crit_with_a_name_that_nobody_knows_is_refused", { crit: ["nope"], nope: "foo" }),
  critical("crit_with_the_constructor_is_refused", { crit: ["constructor"] }),
  critical("crit_with_to_string_is_refused", { crit: ["toString"] }),
  critical("crit_with_the_prototype_is_refused", { crit: ["__proto__"] }),
  critical("crit_with_a_name_twice_is_refused", { crit: ["b64", "b64"], b64: true }),

  // compact.verify.test.ts, flattened.verify.test.ts
  unsigned("five_dots_are_refused", ".....", "token_malformed"),
  // As a JWS it may sign nothing; a JWT has claims.
  refuse("an_empty_payload_is_refused", "ed", changed(usual(), "the payload is taken out", ({ header, signature }) => `${header}..${signature}`), "token_malformed"),
  { name: "a_payload_that_is_no_ascii_is_refused", config: "ed", ...withToken(changed(usual(), "the payload is é", ({ header, signature }) => `${header}.é.${signature}`)), expect: malformed("malformed_authorization") },
  refuse("an_algorithm_that_nobody_knows_is_refused", "ed", raw(`${signingInput({ alg: "unsupported" }, {})}.AAAA`, "alg unsupported"), "algorithm_unsupported"),
  refuse("a_header_with_a_character_in_front_is_refused", "ed", changed(usual(), "1 in front", ({ text }) => `1${text}`), "token_json"),
  refuse("a_header_without_alg_is_refused", "ed", jwt('{"kid":"ed"}', claims(), "ed25519", { algorithm: "Ed25519" }), "header_member"),
  refuse("the_payload_of_another_is_refused", "ed", changed(usual(), "another payload", ({ header, signature }) => `${header}.${base64url(JSON.stringify(claims({ sub: "root" })))}.${signature}`), "signature_invalid"),
  { name: "a_jws_in_json_is_refused", config: "ed", request: request("GET", "/me", [["authorization", 'Bearer {"payload":"e30","protected":"e30","signature":""}']]), expect: malformed("malformed_authorization") },

  // unsecured.test.ts, and the encrypted ones of decrypt.test.ts
  unsigned("an_unsecured_token_is_refused", `${none()}.`, "token_malformed"),
  unsigned("an_unsecured_token_with_a_signature_is_refused", `${none()}.AAAA`, "algorithm_unsupported"),
  unsigned("an_unsecured_token_with_crit_is_refused", `${none({ crit: ["urn:example:critical"], "urn:example:critical": true })}.AAAA`, "algorithm_unsupported"),
  unsigned("two_dots_are_refused", "..", "token_malformed"),
  unsigned("two_dots_and_a_word_are_refused", "..foo", "token_malformed"),
  unsigned("four_dots_are_refused", "....", "token_encrypted"),
  unsigned("an_encrypted_token_is_refused", `${base64url('{"alg":"dir","enc":"A256GCM"}')}..AAAA.AAAA.AAAA`, "token_encrypted"),

  // restrictions.test.ts
  refuse("a_key_of_2040_bits_counts_for_nothing", "fetched", jwt({ alg: "RS256", kid: "short" }, claims(), "rsa"), "key_unknown", keys(short, ed)),
  ...["256", "384", "512"].map((bits) => {
    const key = { 256: "p256", 384: "p384", 512: "p521" }[bits];
    return refuse(`a_signature_by_es${bits}_in_der_is_refused`, "curves", jwt({ alg: `ES${bits}`, kid: key }, claims(), key, { variant: { encoding: "der" } }), "signature_invalid");
  }),

  // local.test.ts, remote.test.ts: what is no key set
  broken("a_set_that_is_null_is_unavailable", "null"),
  broken("a_set_without_keys_is_unavailable", {}),
  broken("keys_that_are_null_are_unavailable", { keys: null }),
  broken("keys_that_are_an_object_are_unavailable", { keys: {} }),
  broken("keys_of_which_one_is_null_are_unavailable", { keys: [null] }),
  broken("keys_of_which_one_is_zero_are_unavailable", { keys: [0] }),
  broken("keys_of_which_one_is_a_list_are_unavailable", { keys: [[]] }),
  broken("a_set_that_is_one_is_unavailable", "1"),
  broken("a_set_that_is_cut_off_is_unavailable", "{"),
  { name: "a_set_that_cannot_be_had_is_unavailable", config: "fetched", ...withToken(usual()), keys: {}, expect: unavailable("keys_unavailable"), asked: [`keys ${url}`] },

  // remote.test.ts: which key of a set
  differs(refuse("ps256_by_a_key_that_does_not_say_so_is_refused", "fetched", jwt({ alg: "PS256", kid: "rsa" }, claims(), "rsa"), "algorithm_not_allowed", keys(...remote)), "the header chooses among a key's algorithms; here the key or the list does (RFC 8725 §3.1)"),
  pass("ps256_by_a_key_that_a_list_widens_is_taken", "widened", jwt({ alg: "PS256", kid: "rsa" }, claims(), "rsa"), {}, keys(...remote)),
  refuse("a_token_that_names_none_of_two_keys_is_refused", "widened", jwt({ alg: "RS256" }, claims(), "rsa"), "key_required", keys(...remote)),
  refuse("ps256_by_a_key_for_rs256_is_refused", "widened", jwt({ alg: "PS256", kid: "second" }, claims(), "stranger_rsa"), "algorithm_not_allowed", keys(...remote)),
  pass("a_token_that_names_no_key_takes_the_only_one_of_its_curve", "widened", jwt({ alg: "ES256" }, claims(), "p256"), {}, keys(...remote)),

  // remote.test.ts: a set over time
  steps(
    "an_unknown_kid_fetches_again_once_the_wait_is_over",
    step(0, byKid("one"), signedIn(), true, named("one")),
    step(0, byKid("one"), signedIn(), false),
    step(0, byKid("two"), invalidToken("key_unknown"), false, named("two")),
    step(30, byKid("two"), signedIn(), true, named("two")),
    step(31, byKid("one"), invalidToken("key_unknown"), false, named("two")),
  ),
  steps(
    "a_set_is_fetched_again_once_it_is_stale",
    step(0, byKid("one"), signedIn(), true, named("one")),
    step(599, byKid("one", 599), signedIn(), false),
    step(600, byKid("one", 600), signedIn(), true, named("one")),
    step(601, byKid("one", 601), signedIn(), false),
  ),
  differs(
    steps(
      "a_set_lives_a_day_at_most",
      step(0, byKid("one"), signedIn(), true, { ...named("one"), cacheControl: { [url]: "max-age=31536000" } }),
      step(86_399, byKid("one", 86_399), signedIn(), false),
      step(86_400, byKid("one", 86_400), signedIn(), true, named("one")),
    ),
    "with `cacheMaxAge: Infinity` it keeps a set for ever; a withdrawn key must end",
  ),
  steps(
    "a_set_that_was_broken_is_asked_for_again",
    step(0, byKid("one"), unavailable("keys_unavailable"), true, { keys: { [url]: "null" } }),
    step(6, byKid("one"), unavailable("keys_unavailable"), true, { keys: { [url]: "{" } }),
    step(12, byKid("one"), signedIn(), true, named("one")),
  ),
];
