// Opaque tokens: the authorization server is asked what they are (RFC 7662).

import { createHash } from "node:crypto";
import { allowed, invalidToken, malformed, principal, scopeMissing, unauthenticated, unavailable } from "../forge/expect.mjs";
import { bound as certificateBound, hex, other, rfc8705, thumbprint } from "../forge/certificate.mjs";
import { active, answering, endpoint, introspection, opaque, question, server } from "../forge/introspection.mjs";
import {
  accessTokenHash,
  bearerTokenRefused,
  bound,
  dpopTokenRefused,
  noted,
  presenting,
  proof,
  proofRefused,
  rfc9449,
  thumbprint as keyThumbprint,
} from "../forge/proof.mjs";
import { bearer, request } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, base64url, claims, issuer, jwt, now, raw, usual } from "../forge/token.mjs";

export const about = "Opaque tokens: which are asked about, what the answers say, and how long they are believed.";

const policy = {
  policy: "introspection",
  revision: 1,
  permissions: ["read_users"],
  roles: { editor: { permits: ["read_users"] } },
  routes: [
    { route: "GET /me", allow: "authenticated" },
    { route: "GET /public", allow: "everyone" },
    { route: "GET /users", permission: "read_users" },
    { route: "POST /export", scope: "export" },
  ],
};

const entry = { issuer: server, audience, introspection };
const signing = { issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] } };
const tenant = "8c1f1a2e-64a5-4a9e-8f57-0d3c9e6b1a10";
const secondTenant = "11111111-2222-3333-4444-555555555555";
const foreignTenant = "99999999-8888-7777-6666-555555555555";
const ofTenant = (id) => `https://login.microsoftonline.com/${id}/v2.0`;
const template = { issuer: ofTenant("{tenantid}"), preset: "entra" };
const site = (members = {}, trust = {}) => ({ full: true, policy, trust: { issuers: [signing, { ...entry, ...members }], ...trust } });
const kept = (maxAge) => site({ introspection: { ...introspection, maxAge } });

export const configs = {
  usual: site(),
  alone: { full: true, policy, trust: { issuers: [entry] } },
  kept_0: kept(0),
  kept_1: kept(1),
  kept_3600: kept(3600),
  exact: site({ leeway: 0 }),
  aged: site({ maxAge: 3600 }),
  any_audience: site({ audience: null }),
  audiences: site({ audience: ["api", "admin-api"] }),
  by_username: site({ claims: { id: "username" } }),
  mapped: site({ claims: { roles: "realm_access.roles", scopes: "granted", permissions: "authorities", attributes: { department: "org.dept" } }, asserts: { roles: true, scopes: true, permissions: true } }),
  asserts_some: site({ asserts: { roles: ["editor"], scopes: ["read"] } }),
  cookie: site({}, { credentials: { cookie: "__Host-session" } }),
  named: site({}, { credentials: { header: "x-access-token" } }),
  dpop: site({}, { dpop: {} }),
  wants_dpop: site({ binding: "dpop" }, { dpop: {} }),
  certificate: site({}, { credentials: { clientCertificate: { header: "x-client-cert-hash", format: "sha256" } } }),
  stored: site({}, { revocation: { source: "store" } }),
  prefixed: site({ idPrefix: "as|" }),
  tenants: site({ ...template, tenants: [tenant, secondTenant] }),
  any_tenant: site({ ...template, tenants: "any" }),
  encoded: site({ introspection: { ...introspection, clientId: "api:ü +&=%", clientSecret: 'p:ß"+ &=%' } }),
};

const token = opaque("2YotnFZFEjr1zCsicMWpAA");
const second = opaque("tGzv3JOkF0XG5Qx2TlKWIA");
const user = (members = {}) => principal({ issuer: server, ...members });
const signedIn = (members) => allowed(user(members), "GET /me");

/** A request with an opaque token, of which the server gives that answer. */
const call = (name, answer, expect, { config = "usual", given = token, path = "/me", method = "GET", headers = [bearer(given)], asked = [question], ...members } = {}) => ({
  name,
  config,
  token: given.note,
  request: request(method, path, headers),
  introspection: answer === undefined ? {} : answering(given, answer),
  ...members,
  expect,
  asked,
});
const pass = (name, changes = {}, who = {}, options = {}) => call(name, active(changes), signedIn(who), options);
const refuse = (name, changes, reason, options = {}) => call(name, active(changes), invalidToken(reason), options);
const lost = (name, answer, options = {}) => call(name, answer, unavailable("introspection_unavailable"), options);
/** A token that is asked about, whatever it looks like. */
const odd = (name, text) => pass(name, {}, {}, { given: opaque(text) });

const activeText = JSON.stringify(active());
const filled = (size) => {
  const [before, after] = [`${activeText.slice(0, -1)},"pad":"`, '"}'];
  return `${before}${"x".repeat(size - before.length - after.length)}${after}`;
};

/** A signed token of the server whose tokens are introspected. */
const ownJws = jwt({ alg: "ES256", typ: "at+jwt", kid: "as" }, claims({ iss: server }), "p256");

/** An answer for a token of a tenant, in the form of Entra's tokens. */
const inTenant = (name, changes, expect, options = {}) =>
  call(name, active({ iss: ofTenant(tenant), tid: tenant, oid: "o1", ver: "2.0", ...changes }), expect, { config: "tenants", ...options });
const jwsOf = (id) => jwt({ alg: "RS256", typ: "JWT", kid: "t" }, claims({ iss: ofTenant(id), tid: id, oid: "o1", ver: "2.0" }), "rsa");

const step = (time, answer, expect, asked, { given = token, headers = [bearer(given)], note = given.note, ...members } = {}) => ({
  now: time,
  token: note,
  request: request("GET", "/me", headers),
  introspection: answer === undefined ? {} : { [endpoint]: answer === null ? {} : { [given.text]: answer } },
  ...members,
  expect,
  asked,
});
const long = active({ exp: now + 90000 });
const gone = { active: false };

const p256 = publicJwk("p256");
const jkt = keyThumbprint(p256);
const ofKey = active({ cnf: { jkt } });
const ofCertificate = active({ cnf: { "x5t#S256": thumbprint(rfc8705) } });
const byProof = (made, given = token) => ({ headers: presenting(given, made), given });
const good = proof(token, "p256", "ES256");
const certificate = (value) => ({ config: "certificate", headers: [bearer(token), ["x-client-cert-hash", value]] });

const factName = (kind, value) => `${kind}.${createHash("sha256").update(JSON.stringify([server, value])).digest("base64url")}`;

export const cases = [
  // Which tokens are asked about
  pass("an_opaque_token_is_asked_about"),
  pass("an_opaque_token_of_the_only_issuer_is_asked_about", {}, {}, { config: "alone" }),
  call("an_opaque_token_is_asked_about_where_everyone_is_allowed", active(), allowed(user(), "GET /public"), { path: "/public" }),
  odd("a_token_of_one_character_is_asked_about", "x"),
  odd("a_token_of_one_dot_is_asked_about", "abc.def"),
  odd("a_token_of_three_dots_is_asked_about", "a.b.c.d"),
  odd("a_token_with_every_odd_character_is_asked_about_as_it_is", "-._~+/=="),
  odd("a_token_with_a_plus_sign_is_no_token_with_a_space", "a+b"),
  odd("a_token_with_a_slash_is_asked_about_as_it_is", "a/b/c"),
  odd("a_token_with_a_tilde_is_asked_about_as_it_is", "a~b"),
  odd("a_token_with_padding_is_asked_about_as_it_is", "YWJjZA=="),
  odd("the_token_of_rfc_6750_is_no_jws_though_it_has_two_dots", "mF_9.B5f-4.1JqM"),
  odd("the_token_of_rfc_9449_is_no_jws_though_it_has_two_dots", rfc9449.accessToken),
  odd("an_encrypted_token_is_asked_about", `${base64url('{"alg":"dir","enc":"A256GCM"}')}..AAAA.AAAA.AAAA`),
  odd("a_token_of_16384_bytes_is_asked_about", "t".repeat(16384)),
  call("a_token_of_16385_bytes_is_not_asked_about", active(), invalidToken("token_too_large"), { given: opaque("t".repeat(16385)), asked: [] }),
  call("a_signed_token_of_that_issuer_is_asked_about", active(), signedIn(), { given: ownJws }),
  call("a_signed_token_of_that_issuer_is_what_the_answer_says", active({ sub: "u2", roles: ["editor"] }), signedIn({ id: "u2", roles: ["editor"] }), { given: ownJws }),
  call("a_signed_token_of_that_issuer_that_is_not_active_is_refused", gone, invalidToken("token_inactive"), { given: ownJws }),
  call("a_signed_token_of_another_issuer_is_not_asked_about", gone, allowed(principal(), "GET /me"), { given: usual(), asked: [] }),
  call("a_signed_token_of_an_unknown_issuer_is_not_asked_about", active(), invalidToken("issuer_unknown"), { given: usual({ iss: "https://evil.example" }), asked: [] }),
  call("a_signed_token_without_issuer_is_not_asked_about", active(), invalidToken("issuer_missing"), { given: usual({ iss: undefined }), asked: [] }),
  call("a_signed_token_of_an_issuer_that_begins_alike_is_not_asked_about", active(), invalidToken("issuer_unknown"), { given: usual({ iss: `${server}/` }), asked: [] }),
  call("a_signed_token_of_another_issuer_with_a_bad_signature_is_not_asked_about", active(), invalidToken("signature_invalid"), { given: jwt({ alg: "EdDSA", typ: "JWT", kid: "ed" }, claims(), "stranger_ed25519"), asked: [] }),
  call("two_tokens_are_not_asked_about", active(), malformed("malformed_authorization"), { headers: [["authorization", `Bearer ${token.text} ${token.text}`]], asked: [] }),
  call("who_presents_nothing_is_not_asked_about", active(), unauthenticated("authentication_missing"), { headers: [], asked: [] }),
  call("another_scheme_is_not_asked_about", active(), unauthenticated("unsupported_scheme"), { headers: [["authorization", `Basic ${token.text}`]], asked: [] }),
  pass("an_opaque_token_in_a_cookie_is_asked_about", {}, {}, { config: "cookie", headers: [["cookie", `__Host-session=${token.text}`]] }),
  pass("an_opaque_token_in_a_header_of_its_own_is_asked_about", {}, {}, { config: "named", headers: [["x-access-token", token.text]] }),
  pass("a_client_whose_name_and_secret_are_form_encoded_asks", {}, {}, { config: "encoded" }),

  // active
  call("a_token_that_is_not_active_is_refused", gone, invalidToken("token_inactive")),
  call("a_token_that_is_not_active_is_refused_whatever_else_is_said", { ...active(), active: false }, invalidToken("token_inactive")),
  call("a_token_that_is_not_active_is_refused_though_other_members_are_of_the_wrong_type", { active: false, aud: 5, exp: "never" }, invalidToken("token_inactive")),
  call("a_token_that_is_not_active_is_refused_where_everyone_is_allowed", gone, invalidToken("token_inactive"), { path: "/public" }),
  { ...call("a_token_that_the_server_does_not_know_is_refused", undefined, invalidToken("token_inactive")), introspection: { [endpoint]: {} } },

  // Unavailable
  lost("a_server_that_cannot_be_reached_is_unavailable", undefined),
  lost("a_server_that_cannot_be_reached_is_unavailable_where_everyone_is_allowed", undefined, { path: "/public" }),
  lost("an_empty_answer_is_unavailable", ""),
  lost("an_answer_that_is_no_json_is_unavailable", "<html>"),
  lost("an_answer_that_is_cut_off_is_unavailable", activeText.slice(0, -1)),
  lost("text_behind_an_answer_is_unavailable", `${activeText} x`),
  lost("an_answer_that_is_a_list_is_unavailable", `[${activeText}]`),
  lost("an_answer_that_is_true_is_unavailable", "true"),
  lost("an_answer_that_is_null_is_unavailable", "null"),
  lost("an_answer_without_active_is_unavailable", active({ active: undefined })),
  lost("an_answer_that_is_active_as_text_is_unavailable", active({ active: "true" })),
  lost("an_answer_that_is_active_as_a_number_is_unavailable", active({ active: 1 })),
  lost("an_answer_that_is_active_as_null_is_unavailable", active({ active: null })),
  lost("an_answer_that_is_active_in_another_case_is_unavailable", active({ active: undefined, Active: true })),
  lost("an_answer_that_is_active_twice_is_unavailable", `${activeText.slice(0, -1)},"active":true}`),
  lost("an_answer_with_any_member_twice_is_unavailable", `${activeText.slice(0, -1)},"sub":"u2"}`),
  lost("an_answer_with_a_member_twice_by_an_escape_is_unavailable", `${activeText.slice(0, -1)},"\\u0073ub":"u2"}`),
  lost("an_answer_with_a_member_twice_inside_is_unavailable", `${activeText.slice(0, -1)},"a":{"b":1,"b":2}}`),
  call("an_answer_of_65536_bytes_is_taken", filled(65536), signedIn()),
  lost("an_answer_of_65537_bytes_is_unavailable", filled(65537)),
  call("white_space_around_an_answer_is_taken", ` ${activeText}\n`, signedIn()),

  // iss
  pass("an_answer_without_issuer_is_taken", { iss: undefined }),
  refuse("an_answer_of_another_issuer_is_refused", { iss: issuer }, "issuer_unknown"),
  refuse("an_answer_of_an_issuer_that_begins_alike_is_refused", { iss: `${server}/` }, "issuer_unknown"),
  refuse("an_answer_whose_issuer_is_a_number_is_refused", { iss: 5 }, "claim_type"),

  // iss of a template of tenants
  inTenant("an_answer_of_a_tenant_is_taken", {}, signedIn({ issuer: ofTenant(tenant), id: "o1" })),
  inTenant("an_answer_of_the_second_tenant_is_taken", { iss: ofTenant(secondTenant), tid: secondTenant }, signedIn({ issuer: ofTenant(secondTenant), id: "o1" })),
  inTenant("an_answer_of_any_tenant_is_taken_where_any_may_be", { iss: ofTenant(foreignTenant), tid: foreignTenant }, signedIn({ issuer: ofTenant(foreignTenant), id: "o1" }), { config: "any_tenant" }),
  inTenant("an_answer_of_a_foreign_tenant_is_refused", { iss: ofTenant(foreignTenant), tid: foreignTenant }, invalidToken("issuer_unknown")),
  inTenant("an_answer_whose_tenant_is_not_its_issuer_s_is_refused", { tid: secondTenant }, invalidToken("issuer_unknown")),
  inTenant("an_answer_whose_issuer_is_not_its_tenant_s_is_refused", { iss: ofTenant(secondTenant) }, invalidToken("issuer_unknown"), { config: "any_tenant" }),
  inTenant("an_answer_of_an_issuer_without_its_tenant_is_refused", { tid: undefined }, invalidToken("issuer_unknown"), { config: "any_tenant" }),
  inTenant("an_answer_of_the_template_itself_is_refused", { iss: template.issuer }, invalidToken("issuer_unknown"), { config: "any_tenant" }),
  inTenant("an_answer_without_issuer_is_refused_where_there_are_several", { iss: undefined }, invalidToken("issuer_missing")),
  inTenant("an_answer_without_issuer_is_refused_where_any_tenant_may_be", { iss: undefined }, invalidToken("issuer_missing"), { config: "any_tenant" }),
  inTenant("an_answer_without_issuer_and_tenant_is_refused", { iss: undefined, tid: undefined }, invalidToken("issuer_missing")),
  inTenant("an_answer_whose_issuer_is_a_number_is_refused_where_there_are_several", { iss: 5 }, invalidToken("claim_type")),
  inTenant("a_signed_token_of_a_tenant_is_asked_about", {}, signedIn({ issuer: ofTenant(tenant), id: "o1" }), { given: jwsOf(tenant) }),
  inTenant("a_signed_token_of_a_foreign_tenant_is_not_asked_about", {}, invalidToken("issuer_unknown"), { given: jwsOf(foreignTenant), asked: [] }),
  inTenant("a_signed_token_of_one_tenant_is_not_another_s_by_its_answer", { iss: ofTenant(foreignTenant), tid: foreignTenant }, invalidToken("issuer_unknown"), { given: jwsOf(tenant) }),

  // aud
  pass("an_audience_in_a_list_is_taken", { aud: ["other", "api"] }),
  refuse("an_answer_without_audience_is_refused", { aud: undefined }, "claim_missing"),
  refuse("an_answer_for_another_audience_is_refused", { aud: "other" }, "audience_mismatch"),
  refuse("an_answer_for_no_audience_is_refused", { aud: [] }, "audience_mismatch"),
  refuse("an_answer_whose_audience_is_a_number_is_refused", { aud: 5 }, "claim_type"),
  pass("a_waived_audience_may_be_absent", { aud: undefined }, {}, { config: "any_audience" }),
  pass("a_waived_audience_may_be_any", { aud: "other" }, {}, { config: "any_audience" }),
  pass("one_of_several_audiences_is_enough", { aud: "admin-api" }, {}, { config: "audiences" }),

  // exp, nbf, iat
  pass("an_answer_without_expiry_is_taken", { exp: undefined }),
  pass("an_answer_within_the_leeway_of_its_expiry_is_taken", { exp: now - 59 }),
  refuse("an_answer_beyond_the_leeway_of_its_expiry_is_refused", { exp: now - 60 }, "expired"),
  pass("without_leeway_an_expiry_in_a_second_is_taken", { exp: now + 1 }, {}, { config: "exact" }),
  refuse("without_leeway_an_expiry_now_is_refused", { exp: now }, "expired", { config: "exact" }),
  refuse("an_expiry_as_text_is_refused", { exp: String(now + 600) }, "claim_type"),
  refuse("an_expiry_that_is_null_is_refused", { exp: null }, "claim_type"),
  pass("a_not_before_within_the_leeway_is_taken", { nbf: now + 60 }),
  refuse("a_not_before_beyond_the_leeway_is_refused", { nbf: now + 61 }, "not_yet_valid"),
  refuse("a_not_before_as_text_is_refused", { nbf: String(now) }, "claim_type"),
  pass("an_iat_within_the_leeway_is_taken", { iat: now + 60 }),
  refuse("an_iat_beyond_the_leeway_is_refused", { iat: now + 61 }, "issued_in_future"),
  refuse("an_iat_as_text_is_refused", { iat: String(now) }, "claim_type"),
  pass("an_answer_within_its_greatest_age_is_taken", { iat: now - 3659 }, {}, { config: "aged" }),
  refuse("an_answer_beyond_its_greatest_age_is_refused", { iat: now - 3660 }, "too_old", { config: "aged" }),

  // Who
  refuse("an_answer_without_subject_is_refused", { sub: undefined }, "claim_missing"),
  pass("an_answer_with_a_client_and_no_subject_is_that_client", { sub: undefined, client_id: "app" }, { kind: "service", id: "app" }),
  pass("an_answer_with_a_client_and_no_subject_is_that_client_whatever_the_username", { sub: undefined, client_id: "app", username: "jdoe" }, { kind: "service", id: "app" }),
  pass("a_client_without_subject_has_its_roles", { sub: undefined, client_id: "app", roles: ["editor"], scope: "read" }, { kind: "service", id: "app", roles: ["editor"], scopes: ["read"] }),
  pass("a_client_without_subject_has_the_prefix", { sub: undefined, client_id: "app" }, { kind: "service", id: "as|app" }, { config: "prefixed" }),
  refuse("an_authorized_party_without_subject_is_nobody", { sub: undefined, azp: "app" }, "claim_missing"),
  refuse("a_client_is_not_in_the_place_of_a_subject_that_is_null", { sub: null, client_id: "app" }, "claim_type"),
  refuse("a_client_is_not_in_the_place_of_a_subject_that_is_empty", { sub: "", client_id: "app" }, "claim_type"),
  refuse("a_client_is_not_in_the_place_of_another_claim", { sub: undefined, client_id: "app" }, "claim_missing", { config: "by_username" }),
  refuse("a_client_that_is_a_number_is_nobody", { sub: undefined, client_id: 5 }, "claim_type"),
  refuse("an_answer_with_a_username_alone_is_refused", { sub: undefined, username: "u1" }, "claim_missing"),
  refuse("an_answer_whose_subject_is_a_number_is_refused", { sub: 5 }, "claim_type"),
  pass("a_username_is_not_read", { username: "somebody" }),
  pass("the_username_is_the_id_where_the_trust_document_says_so", { sub: "u1", username: "jdoe" }, { id: "jdoe" }, { config: "by_username" }),
  pass("a_client_that_acts_for_itself_is_a_service", { sub: "app", client_id: "app" }, { kind: "service", id: "app" }),
  pass("a_client_that_acts_for_a_user_is_that_user", { client_id: "app" }),
  pass("roles_and_scopes_are_taken", { roles: ["editor", "viewer"], scope: "read export" }, { roles: ["editor", "viewer"], scopes: ["read", "export"] }),
  pass("scopes_in_a_list_are_taken", { scope: ["read", "export"] }, { scopes: ["read", "export"] }),
  pass("scopes_by_their_other_name_are_taken", { scp: "read" }, { scopes: ["read"] }),
  pass("a_scope_that_is_said_twice_counts_once", { scope: "read read" }, { scopes: ["read"] }),
  refuse("roles_as_a_number_are_refused", { roles: 5 }, "claim_type"),
  refuse("a_scope_with_two_spaces_is_refused", { scope: "read  export" }, "claim_type"),
  pass("acr_amr_and_auth_time_are_taken", { acr: "mfa", amr: ["pwd", "otp"], auth_time: now - 60 }, { acr: "mfa", amr: ["pwd", "otp"], authTime: now - 60 }),
  pass(
    "the_paths_of_the_trust_document_are_read",
    { realm_access: { roles: ["editor"] }, granted: "read", authorities: ["read_users"], org: { dept: "tax" }, roles: ["admin"], scope: "all" },
    { roles: ["editor"], scopes: ["read"], permissions: ["read_users"], attributes: { department: "tax" } },
    { config: "mapped" },
  ),
  call(
    "what_the_server_may_not_assert_is_dropped_and_told",
    active({ roles: ["editor", "admin"], scope: "read export", permissions: ["read_users"] }),
    allowed(user({ roles: ["editor"], scopes: ["read"] }), "GET /me", { dropped: { roles: ["admin"], permissions: ["read_users"], scopes: ["export"] } }),
    { config: "asserts_some" },
  ),
  call("a_role_in_an_answer_permits", active({ roles: ["editor"] }), allowed(user({ roles: ["editor"] }), "GET /users", { permission: "read_users" }), { path: "/users" }),
  call("a_scope_in_an_answer_permits", active({ scope: "export" }), allowed(user({ scopes: ["export"] }), "POST /export"), { path: "/export", method: "POST" }),
  call("a_scope_that_is_not_in_an_answer_is_missing", active({ scope: "read" }), scopeMissing("export"), { path: "/export", method: "POST" }),
  pass("a_token_type_is_not_read", { token_type: "DPoP" }),
  pass("a_jti_is_not_asked_for", { jti: undefined }),
  pass("a_member_that_nobody_knows_is_not_read", { extension: { a: [1, 2] } }),
  pass("a_member_named_proto_is_not_read", JSON.parse('{"__proto__":{"roles":["admin"]},"constructor":1}')),

  // How long an answer is believed
  {
    name: "an_answer_is_believed_for_60_s",
    steps: [
      step(now, long, signedIn(), [question]),
      step(now, gone, signedIn(), []),
      step(now + 59, gone, signedIn(), []),
      step(now + 60, gone, invalidToken("token_inactive"), [question]),
    ],
  },
  {
    name: "an_answer_is_asked_for_anew_and_believed_anew",
    steps: [
      step(now, long, signedIn(), [question]),
      step(now + 60, { ...long, roles: ["editor"] }, signedIn({ roles: ["editor"] }), [question]),
      step(now + 119, gone, signedIn({ roles: ["editor"] }), []),
      step(now + 120, gone, invalidToken("token_inactive"), [question]),
    ],
  },
  {
    name: "where_answers_are_not_kept_each_request_asks",
    config: "kept_0",
    steps: [step(now, long, signedIn(), [question]), step(now, long, signedIn(), [question]), step(now, gone, invalidToken("token_inactive"), [question])],
  },
  {
    name: "an_answer_may_be_kept_for_a_second",
    config: "kept_1",
    steps: [step(now, long, signedIn(), [question]), step(now, gone, signedIn(), []), step(now + 1, gone, invalidToken("token_inactive"), [question])],
  },
  {
    name: "an_answer_may_be_kept_for_an_hour",
    config: "kept_3600",
    steps: [step(now, long, signedIn(), [question]), step(now + 3599, gone, signedIn(), []), step(now + 3600, gone, invalidToken("token_inactive"), [question])],
  },
  {
    name: "an_answer_is_not_believed_beyond_the_token_s_end",
    config: "kept_3600",
    steps: [
      step(now, active({ exp: now + 30 }), signedIn(), [question]),
      step(now + 29, gone, signedIn(), []),
      step(now + 30, gone, invalidToken("token_inactive"), [question]),
    ],
  },
  {
    name: "a_token_that_has_ended_is_asked_about_each_time_within_its_leeway",
    config: "kept_3600",
    steps: [
      step(now, active({ exp: now - 10 }), signedIn(), [question]),
      step(now, active({ exp: now - 10 }), signedIn(), [question]),
      step(now + 50, active({ exp: now - 10 }), invalidToken("expired"), [question]),
    ],
  },
  {
    name: "a_clock_that_goes_back_believes_no_answer",
    steps: [step(now, long, signedIn(), [question]), step(now - 1, gone, invalidToken("token_inactive"), [question])],
  },
  {
    name: "an_answer_is_believed_of_its_own_token_alone",
    steps: [
      step(now, long, signedIn(), [question]),
      step(now, { ...long, sub: "u2" }, signedIn({ id: "u2" }), [question], { given: second }),
      step(now, null, invalidToken("token_inactive"), [question], { given: opaque(token.text.toLowerCase()) }),
      step(now, null, signedIn(), []),
      step(now, null, signedIn({ id: "u2" }), [], { given: second }),
    ],
  },
  {
    name: "an_answer_that_was_missed_is_asked_for_again",
    steps: [
      step(now, undefined, unavailable("introspection_unavailable"), [question]),
      step(now, "garbage", unavailable("introspection_unavailable"), [question]),
      step(now, long, signedIn(), [question]),
    ],
  },
  {
    name: "an_old_answer_is_not_believed_where_the_server_is_lost",
    steps: [
      step(now, long, signedIn(), [question]),
      step(now + 59, undefined, signedIn(), []),
      step(now + 60, undefined, unavailable("introspection_unavailable"), [question]),
    ],
  },
  {
    name: "a_signed_token_s_answer_is_kept_as_any_other",
    steps: [
      step(now, long, signedIn(), [question], { given: ownJws }),
      step(now + 59, gone, signedIn(), [], { given: ownJws }),
      step(now + 60, gone, invalidToken("token_inactive"), [question], { given: ownJws }),
    ],
  },

  // Binding
  call("an_opaque_token_that_is_bound_to_a_key_is_taken_with_its_proof", ofKey, signedIn(), { config: "dpop", ...byProof(good), token: noted(token, good), asked: [question, "replay"] }),
  call("an_opaque_token_that_is_bound_to_a_key_is_refused_as_bearer", ofKey, bearerTokenRefused("token_bound"), { config: "dpop" }),
  call("an_opaque_token_that_is_bound_to_a_key_is_refused_as_bearer_where_trust_has_no_dpop", ofKey, invalidToken("token_bound")),
  call("an_opaque_token_that_is_bound_to_another_key_is_refused", active({ cnf: { jkt: keyThumbprint(publicJwk("stranger_p256")) } }), proofRefused("proof_key_mismatch"), { config: "dpop", ...byProof(good), token: noted(token, good) }),
  call("an_opaque_token_that_is_not_bound_is_refused_by_dpop", active(), dpopTokenRefused("binding_missing"), { config: "dpop", ...byProof(good), token: noted(token, good) }),
  call("an_opaque_token_s_token_type_binds_nothing", active({ token_type: "DPoP" }), dpopTokenRefused("binding_missing"), { config: "dpop", ...byProof(good), token: noted(token, good) }),
  (() => {
    const made = proof(token, "p256", "ES256", { ath: accessTokenHash(second.text) });
    return call("a_proof_for_another_opaque_token_is_refused", ofKey, proofRefused("proof_token"), { config: "dpop", ...byProof(made), token: noted(token, made) });
  })(),
  call("an_opaque_token_that_is_not_active_is_refused_before_its_proof", gone, dpopTokenRefused("token_inactive"), { config: "dpop", headers: presenting(token, raw("garbage", "no proof")) }),
  (() => {
    const plus = opaque("a~b+c/d==");
    const made = proof(plus, "p256", "ES256");
    return call("an_opaque_token_with_odd_characters_is_hashed_as_it_is", ofKey, signedIn(), { config: "dpop", ...byProof(made, plus), token: noted(plus, made), asked: [question, "replay"] });
  })(),
  {
    name: "a_bound_opaque_token_that_was_seen_before_wants_a_new_proof",
    config: "dpop",
    steps: [
      step(now, ofKey, signedIn(), [question, "replay"], { headers: presenting(token, good), note: noted(token, good) }),
      step(now, null, proofRefused("proof_replayed"), ["replay"], { headers: presenting(token, good), note: noted(token, good) }),
      step(now, null, proofRefused("proof_missing"), [], { headers: [["authorization", `DPoP ${token.text}`]] }),
      step(now, null, bearerTokenRefused("token_bound"), []),
      (() => {
        const made = proof(token, "p256", "ES256", { jti: "proof-2" });
        return step(now, null, signedIn(), ["replay"], { headers: presenting(token, made), note: noted(token, made) });
      })(),
    ],
  },
  call("an_opaque_token_that_is_bound_to_a_certificate_is_taken_with_it", ofCertificate, signedIn(), certificate(hex(rfc8705))),
  call("an_opaque_token_that_is_bound_to_a_certificate_is_refused_with_another", ofCertificate, invalidToken("certificate_mismatch"), certificate(hex(other))),
  call("an_opaque_token_that_is_bound_to_a_certificate_is_refused_without_it", ofCertificate, invalidToken("certificate_missing"), { config: "certificate" }),
  {
    name: "a_bound_opaque_token_that_was_seen_before_wants_its_certificate_again",
    config: "certificate",
    steps: [
      step(now, ofCertificate, signedIn(), [question], { headers: [bearer(token), ["x-client-cert-hash", hex(rfc8705)]] }),
      step(now, null, invalidToken("certificate_mismatch"), [], { headers: [bearer(token), ["x-client-cert-hash", hex(other)]] }),
      step(now, null, invalidToken("certificate_missing"), []),
      step(now, null, signedIn(), [], { headers: [bearer(token), ["x-client-cert-hash", hex(rfc8705)]] }),
    ],
  },
  call("an_unknown_binding_in_an_answer_is_not_supported", active({ cnf: { kid: "k" } }), invalidToken("binding_unsupported")),
  call("a_binding_of_the_wrong_type_in_an_answer_is_refused", active({ cnf: jkt }), invalidToken("claim_type")),
  call("a_server_that_must_bind_by_dpop_and_does_not_is_refused", active(), bearerTokenRefused("binding_missing"), { config: "wants_dpop" }),
  call("a_server_that_must_bind_by_dpop_is_taken_with_a_proof", ofKey, signedIn(), { config: "wants_dpop", ...byProof(good), token: noted(token, good), asked: [question, "replay"] }),
  call("a_signed_token_beside_it_is_bound_by_its_own_claims", gone, allowed(principal(), "GET /me"), (() => {
    const given = bound(p256);
    const made = proof(given, "p256", "ES256");
    return { config: "dpop", given, headers: presenting(given, made), token: noted(given, made), asked: ["replay"] };
  })()),
  call("a_signed_token_beside_it_is_bound_to_its_own_certificate", gone, allowed(principal(), "GET /me"), (() => {
    const given = certificateBound(rfc8705);
    return { config: "certificate", given, headers: [bearer(given), ["x-client-cert-hash", hex(rfc8705)]], asked: [] };
  })()),

  // Revocation
  call("an_opaque_token_s_revocation_is_asked_after_its_answer", active({ iat: now - 10 }), signedIn(), { config: "stored", revocations: {}, asked: [question, "revocation"] }),
  call("an_opaque_token_s_subject_may_be_revoked", active({ iat: now - 10 }), invalidToken("revoked"), { config: "stored", revocations: { [factName("subject", "u1")]: now }, asked: [question, "revocation"] }),
  call("an_opaque_token_that_was_issued_later_is_not_revoked", active({ iat: now }), signedIn(), { config: "stored", revocations: { [factName("subject", "u1")]: now }, asked: [question, "revocation"] }),
  call("an_opaque_token_without_iat_whose_subject_was_revoked_is_refused", active(), invalidToken("revoked"), { config: "stored", revocations: { [factName("subject", "u1")]: now - 9000 }, asked: [question, "revocation"] }),
  call("a_client_without_subject_may_be_revoked", active({ sub: undefined, client_id: "app", iat: now - 10 }), invalidToken("revoked"), { config: "stored", revocations: { [factName("subject", "app")]: now }, asked: [question, "revocation"] }),
  call("an_opaque_token_s_jti_may_be_revoked", active({ jti: "t1" }), invalidToken("revoked"), { config: "stored", revocations: { [factName("jti", "t1")]: 0 }, asked: [question, "revocation"] }),
  call("an_opaque_token_that_is_not_active_asks_no_further", gone, invalidToken("token_inactive"), { config: "stored", revocations: "fails" }),
];
