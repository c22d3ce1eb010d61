// Tokens, sessions, subjects, signing keys and API keys that are no longer believed, by facts that the host pushes or
// that a store holds.
//
// A fact refuses the tokens of a subject that were issued before its moment; of a token, a session or a key it refuses
// whatever its moment is.

import { apiKey, apiKeyHash } from "../forge/api_key.mjs";
import { allowed, guest, invalidApiKey, invalidToken, notAllowed, permissionDenied, principal, unauthenticated, unavailable } from "../forge/expect.mjs";
import { request, withToken } from "../forge/request.mjs";
import { factName, pushedFact } from "../forge/revocation.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, claims, issuer, jwt, now as start } from "../forge/token.mjs";

export const about = "Revocation by pushed facts and from a store: whom a fact refuses, how long it counts, and when it cannot be had.";

const policy = {
  policy: "revocation",
  revision: 1,
  resources: { article: { actions: ["update"], owner: "author_id" } },
  roles: { author: { permits: [{ permission: "article:update", owner: true }] } },
  routes: [
    { route: "GET /me", allow: "authenticated" },
    { route: "GET /public", allow: "everyone" },
    { route: "PUT /articles/{id}", permission: "article:update" },
  ],
};

const other = "https://other.example";
const anonymous = "https://projectref.supabase.co/auth/v1";
const keyText = "an-api-key-of-more-than-32-characters-1";
const prefixedKey = apiKey("pk_live", "B".repeat(30));
const oldKeyText = "an-api-key-of-more-than-32-characters-2";
const apiKeys = [
  { id: "ci", hash: apiKeyHash(keyText) },
  { id: "live", hash: apiKeyHash(prefixedKey), prefix: "pk_live" },
  { id: "old", hash: apiKeyHash(oldKeyText), notAfter: start },
];

const jwks = { keys: [publicJwk("ed25519", { kid: "a" }), publicJwk("p256", { kid: "b" })] };
const ours = { issuer, audience, jwks };
const theirs = { issuer: other, audience, jwks };
const site = (revocation, issuers = [ours, theirs], more = {}) => ({ policy, trust: { issuers, apiKeys, revocation, ...more } });

export const configs = {
  pushed: site({}),
  store: site({ source: "store" }),
  store_now: site({ source: "store", maxAge: 0 }),
  store_hour: site({ source: "store", maxAge: 3600 }),
  store_allow: site({ source: "store", onUnavailable: "allow" }),
  store_guests: site({ source: "store" }, [ours], { guest: { roles: [] } }),
  prefixed: site({}, [{ ...ours, idPrefix: "id|" }, theirs]),
  by_email: site({}, [{ ...ours, claims: { id: "email", session: "login.id" } }]),
  waived: site({}, [{ ...ours, issuer: null }]),
  waived_store: site({ source: "store" }, [{ ...ours, issuer: null }]),
  exact: site({}, [{ ...ours, leeway: 0 }]),
  nameless: site({}, [{ ...ours, jwks: { keys: [publicJwk("ed25519")] } }]),
  conflict: site({}, [ours, { ...theirs, idPrefix: "other|" }]),
  supabase: site({}, [{ ...ours, issuer: anonymous, preset: "supabase" }]),
};

const signer = { a: ["EdDSA", "ed25519"], b: ["ES256", "p256"] };

const signed = (changes = {}, kid = "a") => {
  const [alg, key] = signer[kid ?? "a"];
  return jwt({ alg, typ: "JWT", ...(kid === null ? {} : { kid }) }, claims({ jti: "t1", sid: "s1", ...changes }), key);
};
// Good for a day, so that facts may come and go beneath it.
const lasting = signed({ exp: start + 86_400 });

const fact = (kind, value, { notBefore = 0, until = start + 86_400, of = issuer } = {}) => pushedFact(kind, kind === "apikey" ? null : of, value, notBefore, until);
const held = (...entries) => ({ revocations: Object.fromEntries(entries.map(([kind, value, moment = 0, of = issuer]) => [factName(kind, kind === "apikey" ? null : of, value), moment])) });

const ok = allowed(principal(), "GET /me");
const revoked = invalidToken("revoked");

/** One request after facts were pushed. */
const pushed = (name, facts, expect, { token = signed(), config = "pushed", ...more } = {}) => ({ name, config, ...withToken(token), push: [facts].flat(), ...more, expect });
const withKey = (text, expect, more = {}) => ({ request: request("GET", "/me", [["x-api-key", text]]), ...more, expect });
const service = (id) => allowed(principal({ kind: "service", id, issuer: null }), "GET /me");

const step = (after, token, expect, more = {}) => ({ now: start + after, ...withToken(token), ...more, expect });
const steps = (name, config, ...list) => ({ name, config, steps: list });
const asked = { asked: ["revocation"] };
const silent = { asked: [] };

const at = (notBefore) => ({ notBefore });
const issued = start - 10; // the iat of every token that does not say otherwise

const anonymousToken = signed({ iss: anonymous, role: "authenticated", session_id: "session-1", is_anonymous: true });

export const cases = [
  // A subject: tokens issued before the moment
  pushed("a_token_issued_before_the_moment_is_refused", fact("subject", "u1", at(issued + 1)), revoked),
  pushed("a_token_issued_at_the_moment_is_taken", fact("subject", "u1", at(issued)), ok),
  pushed("a_token_issued_after_the_moment_is_taken", fact("subject", "u1", at(issued - 1)), ok),
  pushed("a_moment_in_the_future_refuses_every_token", fact("subject", "u1", at(start + 3600)), revoked),
  pushed("a_moment_of_zero_refuses_no_token_of_a_subject", fact("subject", "u1", at(0)), ok),
  pushed("a_token_without_iat_of_a_revoked_subject_is_refused", fact("subject", "u1", at(0)), revoked, { token: signed({ iat: undefined }) }),
  pushed("a_token_without_iat_of_another_subject_is_taken", fact("subject", "u2", at(start)), ok, { token: signed({ iat: undefined }) }),
  pushed("another_subject_is_not_refused", fact("subject", "u2", at(start)), ok),
  pushed("a_subject_in_another_case_is_another", fact("subject", "U1", at(start)), ok),
  pushed("the_same_subject_of_another_issuer_is_another", fact("subject", "u1", { ...at(start), of: other }), ok),
  pushed("a_subject_of_the_other_issuer_is_refused", fact("subject", "u1", { ...at(start), of: other }), revoked, { token: signed({ iss: other }) }),
  pushed("a_subject_is_named_without_its_prefix", fact("subject", "u1", at(start)), revoked, { config: "prefixed" }),
  pushed("a_subject_named_with_its_prefix_is_another", fact("subject", "id|u1", at(start)), allowed(principal({ id: "id|u1" }), "GET /me"), { config: "prefixed" }),
  pushed("a_subject_is_the_claim_that_the_id_comes_from", fact("subject", "ann@shop.example", at(start)), revoked, { config: "by_email", token: signed({ email: "ann@shop.example" }) }),
  pushed("a_sub_that_is_not_the_id_is_no_subject", fact("subject", "u1", at(start)), allowed(principal({ id: "ann@shop.example" }), "GET /me"), { config: "by_email", token: signed({ email: "ann@shop.example" }) }),
  pushed("a_service_is_a_subject", fact("subject", "app", at(start)), revoked, { token: signed({ sub: "app", client_id: "app" }) }),
  pushed("a_subject_beyond_ascii_is_refused", fact("subject", "jürgen\n\"", at(start)), revoked, { token: signed({ sub: "jürgen\n\"" }) }),
  pushed("a_subject_of_a_waived_issuer_is_refused", fact("subject", "u1", { ...at(start), of: null }), revoked, { config: "waived", token: signed({ iss: undefined }) }),

  // An issuer that waives its name: facts have none, whatever the tokens say
  pushed("a_subject_of_a_waived_issuer_is_refused_though_its_token_names_one", fact("subject", "u1", { ...at(start), of: null }), revoked, { config: "waived" }),
  pushed("a_subject_of_a_waived_issuer_is_refused_whichever_its_token_names", fact("subject", "u1", { ...at(start), of: null }), revoked, { config: "waived", token: signed({ iss: other }) }),
  pushed("another_subject_of_a_waived_issuer_is_taken", fact("subject", "u2", { ...at(start), of: null }), ok, { config: "waived" }),
  ...Object.entries({ jti: "t1", sid: "s1", key: "a" }).flatMap(([kind, value]) => [
    pushed(`a_${kind}_of_a_waived_issuer_is_refused`, fact(kind, value, { of: null }), revoked, { config: "waived", token: signed({ iss: undefined }) }),
    pushed(`a_${kind}_of_a_waived_issuer_is_refused_though_its_token_names_one`, fact(kind, value, { of: null }), revoked, { config: "waived" }),
  ]),
  { name: "a_store_is_asked_about_a_waived_issuer_without_a_name", config: "waived_store", ...withToken(signed()), ...held(["subject", "u1", start, null]), expect: revoked, ...asked },
  { name: "a_store_is_asked_about_a_waived_issuer_without_a_name_where_the_token_has_none", config: "waived_store", ...withToken(signed({ iss: undefined })), ...held(["subject", "u1", start, null]), expect: revoked, ...asked },
  { name: "what_a_store_holds_of_the_issuer_that_a_token_names_says_nothing_where_it_is_waived", config: "waived_store", ...withToken(signed()), ...held(["subject", "u1", start], ["jti", "t1"], ["sid", "s1"], ["key", "a"]), expect: ok, ...asked },

  // A clock that is ahead: a token that is here was issued by now
  pushed("a_token_issued_ahead_of_the_clock_counts_as_issued_now", fact("subject", "u1", at(start + 1)), revoked, { token: signed({ iat: start + 30 }) }),
  pushed("a_token_issued_as_far_ahead_as_may_be_counts_as_issued_now", fact("subject", "u1", at(start + 1)), revoked, { token: signed({ iat: start + 60 }) }),
  pushed("a_token_issued_ahead_is_refused_by_a_moment_further_ahead", fact("subject", "u1", at(start + 3600)), revoked, { token: signed({ iat: start + 30 }) }),
  pushed("a_token_issued_ahead_is_taken_where_the_moment_is_now", fact("subject", "u1", at(start)), ok, { token: signed({ iat: start + 30 }) }),
  pushed("a_token_issued_ahead_is_taken_where_the_moment_is_past", fact("subject", "u1", at(start - 1)), ok, { token: signed({ iat: start + 60 }) }),
  pushed("a_token_issued_beyond_the_leeway_is_not_revoked_but_too_young", fact("subject", "u1", at(start + 3600)), invalidToken("issued_in_future"), { token: signed({ iat: start + 61 }) }),
  pushed("a_token_issued_now_is_taken_where_the_moment_is_now", fact("subject", "u1", at(start)), ok, { token: signed({ iat: start }) }),
  pushed("a_token_issued_now_is_refused_where_the_moment_is_a_second_ahead", fact("subject", "u1", at(start + 1)), revoked, { token: signed({ iat: start }) }),
  pushed("without_leeway_a_token_issued_in_the_second_of_the_moment_is_taken", fact("subject", "u1", at(start)), ok, { config: "exact", token: signed({ iat: start }) }),
  pushed("a_token_issued_within_the_second_of_the_moment_is_taken", fact("subject", "u1", at(issued)), ok, { token: signed({ iat: issued + 0.5 }) }),
  { name: "a_store_s_moment_refuses_a_token_issued_ahead_of_the_clock", config: "store", ...withToken(signed({ iat: start + 30 })), ...held(["subject", "u1", start + 1]), expect: revoked, ...asked },
  { name: "a_store_s_moment_of_now_leaves_a_token_issued_ahead_of_the_clock", config: "store", ...withToken(signed({ iat: start + 30 })), ...held(["subject", "u1", start]), expect: ok, ...asked },

  // A token, a session, a key: whatever the moment
  pushed("a_token_is_refused_by_its_jti", fact("jti", "t1"), revoked),
  pushed("a_token_is_refused_by_its_jti_though_it_was_issued_later", fact("jti", "t1", at(issued - 3600)), revoked),
  pushed("another_jti_is_not_refused", fact("jti", "t2", at(start)), ok),
  pushed("a_token_without_jti_is_not_refused", fact("jti", "t1", at(start)), ok, { token: signed({ jti: undefined }) }),
  pushed("a_jti_of_another_issuer_is_another", fact("jti", "t1", { ...at(start), of: other }), ok),
  pushed("a_jti_is_no_sid", fact("jti", "s1", at(start)), ok),
  pushed("a_session_is_refused_by_its_sid", fact("sid", "s1"), revoked),
  pushed("a_session_is_refused_though_its_token_was_issued_later", fact("sid", "s1", at(issued - 3600)), revoked),
  pushed("another_session_is_not_refused", fact("sid", "s2", at(start)), ok),
  pushed("a_token_without_session_is_not_refused", fact("sid", "s1", at(start)), ok, { token: signed({ sid: undefined }) }),
  pushed("a_session_of_another_issuer_is_another", fact("sid", "s1", { ...at(start), of: other }), ok),
  pushed("a_session_by_its_own_path_is_refused", fact("sid", "login-1"), revoked, { config: "by_email", token: signed({ email: "ann@shop.example", login: { id: "login-1" } }) }),
  pushed("a_sid_that_is_not_the_session_says_nothing", fact("sid", "s1"), allowed(principal({ id: "ann@shop.example" }), "GET /me"), { config: "by_email", token: signed({ email: "ann@shop.example", login: { id: "login-1" } }) }),
  pushed("every_token_of_a_revoked_key_is_refused", fact("key", "a"), revoked),
  pushed("a_revoked_key_is_refused_though_its_token_was_issued_later", fact("key", "a", at(issued - 3600)), revoked),
  pushed("a_token_of_another_key_is_taken", fact("key", "b"), ok),
  pushed("a_token_of_the_other_key_is_refused", fact("key", "b"), revoked, { token: signed({}, "b") }),
  pushed("a_key_of_that_name_of_another_issuer_is_another", fact("key", "a", { of: other }), ok),
  pushed("a_key_without_a_name_is_not_refused", fact("key", "a"), ok, { config: "nameless", token: signed({}, null) }),
  pushed("several_facts_count_each", [fact("jti", "t2"), fact("sid", "s2"), fact("subject", "u1", at(start))], revoked),
  pushed("several_facts_of_others_refuse_nobody", [fact("jti", "t2"), fact("sid", "s2"), fact("key", "b"), fact("subject", "u2", at(start))], ok),

  // Presets
  pushed("a_session_of_a_preset_is_refused", fact("sid", "session-1", { of: anonymous }), revoked, { config: "supabase", ...withToken(anonymousToken, "/public") }),
  pushed("a_sid_of_a_preset_with_another_session_says_nothing", fact("sid", "s1", { of: anonymous }), allowed(principal({ kind: "guest", issuer: anonymous, roles: ["authenticated"] }), "GET /public"), { config: "supabase", ...withToken(anonymousToken, "/public") }),
  pushed("a_guest_by_token_is_refused", fact("subject", "u1", { ...at(start), of: anonymous }), revoked, { config: "supabase", ...withToken(anonymousToken, "/public") }),

  // API keys
  { name: "a_revoked_api_key_is_refused", config: "pushed", push: [fact("apikey", "ci")], ...withKey(keyText, invalidApiKey("api_key_revoked")) },
  { name: "a_revoked_api_key_with_a_prefix_is_refused", config: "pushed", push: [fact("apikey", "live", at(start - 3600))], ...withKey(prefixedKey, invalidApiKey("api_key_revoked")) },
  { name: "another_api_key_is_taken", config: "pushed", push: [fact("apikey", "live")], ...withKey(keyText, service("ci")) },
  { name: "an_api_key_is_no_subject", config: "pushed", push: [fact("subject", "ci", at(start)), fact("jti", "ci"), fact("key", "ci")], ...withKey(keyText, service("ci")) },
  { name: "an_expired_api_key_that_is_revoked_too_is_expired", config: "pushed", push: [fact("apikey", "old")], ...withKey(oldKeyText, invalidApiKey("api_key_expired")) },
  { name: "an_unknown_api_key_is_unknown_before_it_is_revoked", config: "pushed", push: [fact("apikey", "ci")], ...withKey("another-key-of-more-than-32-characters", invalidApiKey("api_key_unknown")) },
  pushed("an_api_key_s_fact_refuses_no_token", fact("apikey", "u1"), ok),
  steps(
    "an_api_key_that_was_taken_before_is_refused_at_the_next_request",
    "pushed",
    { now: start, ...withKey(keyText, service("ci")) },
    { now: start + 1, ...withKey(keyText, invalidApiKey("api_key_revoked")), push: [fact("apikey", "ci")] },
    { now: start + 2, ...withKey(prefixedKey, service("live")) },
  ),

  // After every other check of the token, before every decision
  pushed("an_expired_token_that_is_revoked_too_is_expired", fact("jti", "t1"), invalidToken("expired"), { token: signed({ exp: start - 60 }) }),
  pushed("a_token_that_is_too_young_and_revoked_is_too_young", fact("jti", "t1"), invalidToken("not_yet_valid"), { token: signed({ nbf: start + 61 }) }),
  pushed("a_token_for_another_audience_that_is_revoked_is_for_another_audience", fact("jti", "t1"), invalidToken("audience_mismatch"), { token: signed({ aud: "other" }) }),
  pushed("a_forged_token_that_is_revoked_is_forged", fact("jti", "t1"), invalidToken("signature_invalid"), { token: jwt({ alg: "EdDSA", kid: "a" }, claims({ jti: "t1" }), "stranger_ed25519") }),
  pushed("an_id_of_another_issuer_s_comes_before_revocation", fact("subject", "other|u1", at(start)), invalidToken("subject_conflict"), { config: "conflict", token: signed({ sub: "other|u1" }) }),
  pushed("a_revoked_token_is_refused_on_a_public_route_too", fact("jti", "t1"), revoked, withToken(signed(), "/public")),
  pushed("a_revoked_token_is_refused_before_an_undeclared_route", fact("jti", "t1"), revoked, withToken(signed(), "/nowhere")),
  pushed("a_token_that_is_not_revoked_is_denied_an_undeclared_route", fact("jti", "t2"), permissionDenied("route_undeclared"), withToken(signed(), "/nowhere")),
  pushed("a_revoked_token_loads_no_resource", fact("jti", "t1"), revoked, { ...withToken(signed({ roles: ["author"] }), "/articles/1", "PUT"), resources: { article: { 1: "fails" } } }),
  { name: "who_has_no_credential_is_not_revoked", config: "pushed", push: [fact("subject", "guest", at(start))], request: request("GET", "/public"), expect: allowed(guest(), "GET /public") },

  // Pushed facts over time
  steps("a_token_that_was_taken_before_is_refused_at_the_next_request", "pushed", step(0, lasting, ok), step(1, lasting, ok), step(1, lasting, revoked, { push: [fact("jti", "t1")] }), step(2, lasting, revoked)),
  steps("a_subject_that_was_taken_before_is_refused_at_the_next_request", "pushed", step(0, lasting, ok), step(1, lasting, revoked, { push: [fact("subject", "u1", at(start + 1))] }), step(2, signed({ iat: start + 1, exp: start + 600 }), ok)),
  steps("a_session_that_was_taken_before_is_refused_at_the_next_request", "pushed", step(0, lasting, ok), step(1, lasting, revoked, { push: [fact("sid", "s1")] }), step(2, signed({ sid: "s2" }), ok)),
  steps("a_key_that_was_taken_before_is_refused_at_the_next_request", "pushed", step(0, lasting, ok), step(1, lasting, revoked, { push: [fact("key", "a")] }), step(2, signed({}, "b"), ok)),
  steps("a_fact_of_another_leaves_who_was_taken_before", "pushed", step(0, lasting, ok), step(1, lasting, ok, { push: [fact("subject", "u2", at(start + 1)), fact("jti", "t2")] }), step(2, lasting, ok)),
  steps("a_fact_counts_till_its_end", "pushed", step(0, lasting, revoked, { push: [fact("jti", "t1", { until: start + 100 })] }), step(99, lasting, revoked), step(100, lasting, ok)),
  steps("a_fact_of_a_subject_counts_till_its_end", "pushed", step(0, lasting, revoked, { push: [fact("subject", "u1", { ...at(start), until: start + 100 })] }), step(99, lasting, revoked), step(100, lasting, ok)),
  steps("the_later_moment_of_two_wins", "pushed", step(0, lasting, revoked, { push: [fact("subject", "u1", at(issued + 1))] }), step(1, lasting, revoked, { push: [fact("subject", "u1", at(issued - 100))] })),
  steps("a_later_moment_replaces_an_earlier_one", "pushed", step(0, lasting, ok, { push: [fact("subject", "u1", at(issued - 100))] }), step(1, lasting, revoked, { push: [fact("subject", "u1", at(issued + 1))] })),
  steps("who_signs_in_anew_is_taken", "pushed", step(0, lasting, revoked, { push: [fact("subject", "u1", at(start))] }), step(1, signed({ iat: start, exp: start + 600 }), ok), step(1, signed({ iat: start - 1, exp: start + 600 }), revoked)),

  // A store: asked once the token is verified
  { name: "a_store_is_asked_for_a_verified_token", config: "store", ...withToken(signed()), ...held(), expect: ok, ...asked },
  { name: "a_store_refuses_a_subject", config: "store", ...withToken(signed()), ...held(["subject", "u1", issued + 1]), expect: revoked, ...asked },
  { name: "a_store_refuses_no_token_issued_at_the_moment", config: "store", ...withToken(signed()), ...held(["subject", "u1", issued]), expect: ok, ...asked },
  { name: "a_store_refuses_a_token_without_iat", config: "store", ...withToken(signed({ iat: undefined })), ...held(["subject", "u1"]), expect: revoked, ...asked },
  { name: "a_store_refuses_a_token_by_its_jti", config: "store", ...withToken(signed()), ...held(["jti", "t1"]), expect: revoked, ...asked },
  { name: "a_store_refuses_a_session", config: "store", ...withToken(signed()), ...held(["sid", "s1"]), expect: revoked, ...asked },
  { name: "a_store_refuses_a_key", config: "store", ...withToken(signed()), ...held(["key", "a"]), expect: revoked, ...asked },
  { name: "a_store_refuses_a_token_that_has_nothing_but_a_subject", config: "store", ...withToken(signed({ jti: undefined, sid: undefined })), ...held(["subject", "u1", start]), expect: revoked, ...asked },
  { name: "a_store_s_facts_of_others_refuse_nobody", config: "store", ...withToken(signed()), ...held(["subject", "u2", start], ["jti", "t2"], ["sid", "s2"], ["key", "b"], ["subject", "u1", start, other]), expect: ok, ...asked },
  { name: "a_store_refuses_an_api_key", config: "store", ...withKey(keyText, invalidApiKey("api_key_revoked")), ...held(["apikey", "ci"]), ...asked },
  { name: "a_store_leaves_another_api_key", config: "store", ...withKey(keyText, service("ci")), ...held(["apikey", "live"]), ...asked },
  { name: "a_store_is_not_asked_for_an_expired_token", config: "store", ...withToken(signed({ exp: start - 60 })), ...held(["jti", "t1"]), expect: invalidToken("expired"), ...silent },
  { name: "a_store_is_not_asked_for_a_forged_token", config: "store", ...withToken(jwt({ alg: "EdDSA", kid: "a" }, claims({ jti: "t1" }), "stranger_ed25519")), ...held(["jti", "t1"]), expect: invalidToken("signature_invalid"), ...silent },
  { name: "a_store_is_not_asked_for_a_malformed_token", config: "store", request: request("GET", "/me", [["authorization", "Bearer abc"]]), ...held(), expect: invalidToken("token_malformed"), ...silent },
  { name: "a_store_is_not_asked_for_an_unknown_api_key", config: "store", ...withKey("another-key-of-more-than-32-characters", invalidApiKey("api_key_unknown")), ...held(["apikey", "ci"]), ...silent },
  { name: "a_store_is_not_asked_for_an_expired_api_key", config: "store", ...withKey(oldKeyText, invalidApiKey("api_key_expired")), ...held(["apikey", "old"]), ...silent },
  { name: "a_store_is_not_asked_for_who_has_no_credential", config: "store", request: request("GET", "/me"), ...held(), expect: unauthenticated("authentication_missing", 'Bearer realm="api", ApiKey realm="api"'), ...silent },
  { name: "a_store_is_not_asked_for_a_guest", config: "store_guests", request: request("GET", "/public"), revocations: "fails", expect: allowed(guest(), "GET /public"), ...silent },
  {
    name: "a_store_is_asked_before_a_resource_is_loaded",
    config: "store",
    ...withToken(signed({ roles: ["author"] }), "/articles/1", "PUT"),
    ...held(),
    resources: { article: { 1: { author_id: "u1" } } },
    expect: allowed(principal({ roles: ["author"] }), "PUT /articles/{id}", { permission: "article:update", resource: { type: "article", id: "1" } }),
    asked: ["revocation", "resource article/1"],
  },
  {
    name: "a_store_s_revoked_token_loads_no_resource",
    config: "store",
    ...withToken(signed({ roles: ["author"] }), "/articles/1", "PUT"),
    ...held(["jti", "t1"]),
    resources: { article: { 1: { author_id: "u1" } } },
    expect: revoked,
    ...asked,
  },
  {
    name: "a_token_that_a_store_leaves_is_still_denied",
    config: "store",
    ...withToken(signed({ roles: ["author"] }), "/articles/1", "PUT"),
    ...held(),
    resources: { article: { 1: { author_id: "u2" } } },
    expect: notAllowed("not_owner"),
    asked: ["revocation", "resource article/1"],
  },
  { name: "a_pushed_fact_counts_beside_a_store", config: "store", ...withToken(signed()), ...held(), push: [fact("jti", "t1")], expect: revoked },

  // A store that fails
  { name: "a_store_that_fails_denies", config: "store", ...withToken(signed()), revocations: "fails", expect: unavailable("revocation_unavailable"), ...asked },
  { name: "a_store_that_fails_denies_on_a_public_route_too", config: "store", ...withToken(signed(), "/public"), revocations: "fails", expect: unavailable("revocation_unavailable"), ...asked },
  { name: "a_store_that_fails_denies_an_api_key", config: "store", ...withKey(keyText, unavailable("revocation_unavailable")), revocations: "fails", ...asked },
  { name: "a_store_that_fails_allows_where_it_may", config: "store_allow", ...withToken(signed()), revocations: "fails", expect: ok, ...asked },
  { name: "a_store_that_fails_allows_an_api_key_where_it_may", config: "store_allow", ...withKey(keyText, service("ci")), revocations: "fails", ...asked },
  { name: "a_store_that_may_fail_still_refuses", config: "store_allow", ...withToken(signed()), ...held(["jti", "t1"]), expect: revoked, ...asked },
  { name: "a_pushed_fact_counts_though_the_store_fails", config: "store_allow", ...withToken(signed()), revocations: "fails", push: [fact("jti", "t1")], expect: revoked },
  { name: "an_expired_token_is_expired_though_the_store_fails", config: "store", ...withToken(signed({ exp: start - 60 })), revocations: "fails", expect: invalidToken("expired"), ...silent },

  // A store over time: an answer is believed for `maxAge` seconds, and asked for again after that
  steps("a_store_s_answer_is_asked_for_again_after_thirty_seconds", "store", step(0, lasting, ok, { ...held(), ...asked }), step(29, lasting, ok, held()), step(30, lasting, revoked, { ...held(["jti", "t1"]), ...asked })),
  steps("a_store_s_answer_is_asked_for_again_after_an_hour", "store_hour", step(0, lasting, ok, { ...held(), ...asked }), step(3599, lasting, ok, held()), step(3600, lasting, revoked, { ...held(["sid", "s1"]), ...asked })),
  steps("without_an_age_a_store_is_asked_each_time", "store_now", step(0, lasting, ok, { ...held(), ...asked }), step(0, lasting, ok, { ...held(), ...asked }), step(0, lasting, revoked, { ...held(["subject", "u1", start]), ...asked })),
  steps("a_store_that_fails_later_denies_who_was_taken_before", "store", step(0, lasting, ok, { ...held(), ...asked }), step(30, lasting, unavailable("revocation_unavailable"), { revocations: "fails", ...asked }), step(60, lasting, ok, { ...held(), ...asked })),
  steps("a_store_that_may_fail_later_leaves_who_was_taken_before", "store_allow", step(0, lasting, ok, { ...held(), ...asked }), step(30, lasting, ok, { revocations: "fails", ...asked }), step(60, lasting, revoked, { ...held(["jti", "t1"]), ...asked })),
  steps("a_store_is_asked_for_each_token_of_a_subject", "store", step(0, lasting, ok, { ...held(), ...asked }), step(1, signed({ jti: "t2", sid: "s2" }), revoked, { ...held(["jti", "t2"]), ...asked })),
  steps("a_store_is_asked_for_each_subject", "store", step(0, lasting, ok, { ...held(), ...asked }), step(1, signed({ sub: "u2", jti: "t2", sid: "s2" }), revoked, { ...held(["subject", "u2", start]), ...asked })),
  steps("who_is_no_longer_in_the_store_is_taken_again", "store", step(0, lasting, revoked, { ...held(["jti", "t1"]), ...asked }), step(30, lasting, ok, { ...held(), ...asked })),
  steps("a_pushed_fact_does_not_wait_for_the_store", "store", step(0, lasting, ok, { ...held(), ...asked }), step(1, lasting, revoked, { ...held(), push: [fact("jti", "t1")] })),
  steps("a_store_s_answer_does_not_hide_the_end", "store_hour", step(0, signed(), ok, { ...held(), ...asked }), step(660, signed(), invalidToken("expired"), { ...held(), ...silent })),
];
