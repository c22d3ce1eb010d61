// What a token says, once its signature holds: time, issuer, audience, profile, names, and what the
// issuer may assert.

import { allowed, invalidToken, permissionDenied, principal, scopeMissing } from "../forge/expect.mjs";
import { withToken } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, claims, issuer, jwt, now, usual } from "../forge/token.mjs";

export const about = "The claims of a token whose signature holds, and the principal that they make.";

const policy = {
  policy: "claims",
  revision: 1,
  permissions: ["read_users", "write_users"],
  roles: { editor: { permits: ["read_users"] } },
  routes: [
    { route: "GET /me", allow: "authenticated" },
    { route: "GET /users", permission: "read_users" },
    { route: "POST /users", permission: "write_users" },
    { route: "POST /export", scope: "export" },
  ],
};

const keys = { jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] } };
const site = (members = {}) => ({ policy, trust: { issuers: [{ issuer, audience, ...keys, ...members }] } });
const without = (...names) => {
  const entry = { issuer, audience, ...keys };
  for (const name of names) entry[name] = null;
  return { policy, trust: { issuers: [entry] } };
};

export const configs = {
  usual: site(),
  exact: site({ leeway: 0 }),
  patient: site({ leeway: 600 }),
  aged: site({ maxAge: 3600 }),
  aged_exact: site({ maxAge: 3600, leeway: 0 }),
  audiences: site({ audience: ["api", "admin-api"] }),
  any_audience: without("audience"),
  any_issuer: without("issuer"),
  access_token: site({ profile: "access-token" }),
  id_token: site({ profile: "id-token" }),
  any: site({ profile: "any" }),
  keycloak: site({ claims: { roles: "realm_access.roles", scopes: "granted", permissions: "authorization.permissions", attributes: { department: "org.dept" } }, asserts: { roles: true, scopes: true, permissions: true } }),
  dotted: site({ claims: { roles: ["https://example.com/roles"], attributes: { tenant: ["https://example.com/app", "tenant.id"] } } }),
  proto: site({ claims: { roles: ["__proto__", "roles"], attributes: { constructor: "constructor" } } }),
  by_email: site({ claims: { id: "email" } }),
  by_nested_id: site({ claims: { id: ["user", "id"] } }),
  asserts_some: site({ asserts: { roles: ["editor", "viewer"], permissions: ["read_users"], scopes: ["export"] } }),
  asserts_roles: site({ asserts: { roles: true } }),
  asserts_all: site({ asserts: { roles: true, permissions: true, scopes: true } }),
  asserts_none: site({ asserts: { roles: false, permissions: false, scopes: false } }),
  asserts_nothing: site({ asserts: {} }),
  attributes: site({ claims: { attributes: { department: "department", level: "level" } } }),
};

const pass = (name, config, token, who = {}) => ({ name, config, ...withToken(token), expect: allowed(principal(who), "GET /me") });
const refuse = (name, config, token, reason) => ({ name, config, ...withToken(token), expect: invalidToken(reason) });

const ok = (name, changes, who, config = "usual") => pass(name, config, usual(changes), who);
const drops = (name, config, changes, who, dropped) => ({ name, config, ...withToken(usual(changes)), expect: allowed(principal(who), "GET /me", { dropped }) });
const bad = (name, changes, reason, config = "usual") => refuse(name, config, usual(changes), reason);

/** The usual token with a claim's value as raw JSON text, for numbers that JavaScript would rewrite. */
const withNumber = (claim, text) => {
  const payload = JSON.stringify(claims({ [claim]: "@" })).replace('"@"', text);
  return jwt({ alg: "EdDSA", typ: "JWT", kid: "ed" }, payload, "ed25519", { algorithm: "Ed25519" });
};

const wrongTimes = (claim) => [
  bad(`${claim}_as_text_is_of_the_wrong_type`, { [claim]: "1790000600" }, "claim_type"),
  bad(`${claim}_as_null_is_of_the_wrong_type`, { [claim]: null }, "claim_type"),
  bad(`${claim}_as_true_is_of_the_wrong_type`, { [claim]: true }, "claim_type"),
  bad(`${claim}_as_a_list_is_of_the_wrong_type`, { [claim]: [now + 600] }, "claim_type"),
  bad(`${claim}_as_an_object_is_of_the_wrong_type`, { [claim]: {} }, "claim_type"),
  refuse(`${claim}_beyond_2_to_53_is_of_the_wrong_type`, "usual", withNumber(claim, "9007199254740993"), "claim_type"),
  refuse(`${claim}_of_a_hundred_digits_is_of_the_wrong_type`, "usual", withNumber(claim, `1${"0".repeat(100)}`), "claim_type"),
  refuse(`${claim}_below_minus_2_to_53_is_of_the_wrong_type`, "usual", withNumber(claim, "-9007199254740994"), "claim_type"),
];

const access = (changes = {}, header = {}) => jwt({ alg: "EdDSA", typ: "at+jwt", kid: "ed", ...header }, claims({ client_id: "app", jti: "t1", ...changes }), "ed25519");
const identity = (changes = {}, header = {}) => jwt({ alg: "EdDSA", typ: "JWT", kid: "ed", ...header }, claims(changes), "ed25519");

export const cases = [
  // exp (RFC 7519 §4.1.4): refused where now >= exp + leeway
  ok("an_expiry_in_the_future_is_taken", { exp: now + 1 }),
  ok("an_expiry_one_second_within_the_leeway_is_taken", { exp: now - 59 }),
  bad("an_expiry_at_the_end_of_the_leeway_is_refused", { exp: now - 60 }, "expired"),
  bad("an_expiry_beyond_the_leeway_is_refused", { exp: now - 61 }, "expired"),
  ok("without_leeway_an_expiry_in_a_second_is_taken", { exp: now + 1 }, {}, "exact"),
  bad("without_leeway_an_expiry_now_is_refused", { exp: now }, "expired", "exact"),
  bad("without_leeway_an_expiry_a_second_ago_is_refused", { exp: now - 1 }, "expired", "exact"),
  ok("with_the_longest_leeway_its_last_second_is_taken", { iat: now - 9000, exp: now - 599 }, {}, "patient"),
  bad("with_the_longest_leeway_its_end_is_refused", { iat: now - 9000, exp: now - 600 }, "expired", "patient"),
  bad("a_missing_expiry_is_refused", { exp: undefined }, "claim_missing"),
  bad("an_expiry_of_zero_is_refused", { exp: 0 }, "expired"),
  bad("a_negative_expiry_is_refused", { exp: -1 }, "expired"),
  refuse("an_expiry_of_minus_zero_is_refused", "usual", withNumber("exp", "-0"), "expired"),
  ok("a_fraction_of_an_expiry_is_rounded_up", { exp: now + 0.5 }, {}, "exact"),
  bad("a_fraction_of_an_expiry_before_now_is_rounded_up_to_now", { exp: now - 0.5 }, "expired", "exact"),
  pass("an_expiry_with_a_point_and_a_zero_is_taken", "exact", withNumber("exp", "1790000001.0")),
  pass("an_expiry_with_an_exponent_is_taken", "exact", withNumber("exp", "1.7900006e9")),
  refuse("an_expiry_now_with_an_exponent_is_refused", "exact", withNumber("exp", "1.79e9"), "expired"),
  pass("an_expiry_of_2_to_53_is_taken", "usual", withNumber("exp", "9007199254740992")),
  ...wrongTimes("exp"),

  // nbf: refused where now + leeway < nbf
  ok("a_not_before_in_the_past_is_taken", { nbf: now - 1 }),
  ok("a_not_before_at_the_end_of_the_leeway_is_taken", { nbf: now + 60 }),
  bad("a_not_before_beyond_the_leeway_is_refused", { nbf: now + 61 }, "not_yet_valid"),
  ok("without_leeway_a_not_before_of_now_is_taken", { nbf: now }, {}, "exact"),
  bad("without_leeway_a_not_before_in_a_second_is_refused", { nbf: now + 1 }, "not_yet_valid", "exact"),
  ok("a_fraction_of_a_not_before_before_now_is_taken", { nbf: now - 0.5 }, {}, "exact"),
  bad("a_fraction_of_a_not_before_is_rounded_up", { nbf: now + 0.5 }, "not_yet_valid", "exact"),
  ok("a_negative_not_before_is_taken", { nbf: -1 }),
  ...wrongTimes("nbf"),

  // iat: refused where now + leeway < iat
  ok("no_iat_is_taken", { iat: undefined }),
  ok("an_iat_of_now_is_taken", { iat: now }, {}, "exact"),
  ok("an_iat_at_the_end_of_the_leeway_is_taken", { iat: now + 60 }),
  bad("an_iat_beyond_the_leeway_is_refused", { iat: now + 61 }, "issued_in_future"),
  bad("without_leeway_an_iat_in_a_second_is_refused", { iat: now + 1 }, "issued_in_future", "exact"),
  bad("a_fraction_of_an_iat_is_rounded_up", { iat: now + 0.2 }, "issued_in_future", "exact"),
  ...wrongTimes("iat"),

  // maxAge: refused where now >= iat + maxAge + leeway
  ok("a_young_token_is_taken", { iat: now - 3600 }, {}, "aged"),
  ok("a_token_one_second_within_its_age_is_taken", { iat: now - 3659 }, {}, "aged"),
  bad("a_token_at_the_end_of_its_age_is_refused", { iat: now - 3660 }, "too_old", "aged"),
  ok("without_leeway_a_token_one_second_within_its_age_is_taken", { iat: now - 3599 }, {}, "aged_exact"),
  bad("without_leeway_a_token_of_its_age_is_refused", { iat: now - 3600 }, "too_old", "aged_exact"),
  bad("an_age_without_iat_is_refused", { iat: undefined }, "claim_missing", "aged"),
  bad("an_old_token_that_expired_is_expired", { iat: now - 9000, exp: now - 3600 }, "expired", "aged"),

  // aud
  ok("an_audience_in_a_list_is_taken", { aud: ["api"] }),
  ok("an_audience_among_others_is_taken", { aud: ["other", "api"] }),
  bad("a_missing_audience_is_refused", { aud: undefined }, "claim_missing"),
  bad("another_audience_is_refused", { aud: "other" }, "audience_mismatch"),
  bad("an_empty_list_of_audiences_is_refused", { aud: [] }, "audience_mismatch"),
  bad("a_list_of_other_audiences_is_refused", { aud: ["other", "another"] }, "audience_mismatch"),
  bad("a_part_of_the_audience_is_refused", { aud: "ap" }, "audience_mismatch"),
  bad("a_longer_audience_is_refused", { aud: "api-admin" }, "audience_mismatch"),
  bad("an_audience_in_another_case_is_refused", { aud: "API" }, "audience_mismatch"),
  bad("an_audience_with_a_slash_more_is_refused", { aud: "api/" }, "audience_mismatch"),
  bad("audiences_joined_by_a_space_are_refused", { aud: "other api" }, "audience_mismatch"),
  bad("an_empty_audience_is_refused", { aud: "" }, "audience_mismatch"),
  bad("an_audience_list_with_a_number_is_of_the_wrong_type", { aud: ["api", 1] }, "claim_type"),
  bad("an_audience_list_with_null_is_of_the_wrong_type", { aud: [null, "api"] }, "claim_type"),
  bad("an_audience_in_a_nested_list_is_of_the_wrong_type", { aud: [["api"]] }, "claim_type"),
  bad("an_audience_that_is_a_number_is_of_the_wrong_type", { aud: 1 }, "claim_type"),
  bad("an_audience_that_is_null_is_of_the_wrong_type", { aud: null }, "claim_type"),
  bad("an_audience_that_is_true_is_of_the_wrong_type", { aud: true }, "claim_type"),
  bad("an_audience_that_is_an_object_is_of_the_wrong_type", { aud: { api: true } }, "claim_type"),
  ok("one_of_two_configured_audiences_is_taken", { aud: "admin-api" }, {}, "audiences"),
  ok("the_other_of_two_configured_audiences_is_taken", { aud: ["x", "api"] }, {}, "audiences"),
  bad("none_of_two_configured_audiences_is_refused", { aud: ["x", "admin"] }, "audience_mismatch", "audiences"),
  ok("a_waived_audience_may_be_missing", { aud: undefined }, {}, "any_audience"),
  ok("a_waived_audience_may_be_any", { aud: "anything" }, {}, "any_audience"),
  bad("a_waived_audience_waives_no_expiry", { aud: undefined, exp: undefined }, "claim_missing", "any_audience"),
  bad("a_waived_audience_waives_no_issuer", { aud: undefined, iss: "https://evil.example" }, "issuer_unknown", "any_audience"),

  // A waived issuer
  ok("a_waived_issuer_may_be_missing", { iss: undefined }, { issuer: null }, "any_issuer"),
  bad("a_waived_issuer_waives_no_audience", { iss: undefined, aud: "other" }, "audience_mismatch", "any_issuer"),
  bad("a_waived_issuer_waives_no_expiry", { iss: undefined, exp: now - 60 }, "expired", "any_issuer"),

  // sub
  bad("a_missing_sub_is_refused", { sub: undefined }, "claim_missing"),
  bad("an_empty_sub_is_refused", { sub: "" }, "claim_type"),
  bad("a_sub_that_is_a_number_is_of_the_wrong_type", { sub: 1 }, "claim_type"),
  bad("a_sub_that_is_null_is_of_the_wrong_type", { sub: null }, "claim_type"),
  bad("a_sub_that_is_a_list_is_of_the_wrong_type", { sub: ["u1"] }, "claim_type"),
  bad("a_sub_that_is_an_object_is_of_the_wrong_type", { sub: { id: "u1" } }, "claim_type"),
  bad("a_sub_that_is_true_is_of_the_wrong_type", { sub: true }, "claim_type"),
  ok("a_sub_named_proto_is_an_id_like_any_other", { sub: "__proto__" }, { id: "__proto__" }),
  ok("an_id_by_another_claim_is_taken", { email: "ann@example.com" }, { id: "ann@example.com" }, "by_email"),
  bad("an_id_by_another_claim_that_is_missing_is_refused", {}, "claim_missing", "by_email"),
  bad("an_id_by_another_claim_that_is_empty_is_refused", { email: "" }, "claim_type", "by_email"),
  bad("an_id_by_another_claim_that_is_a_number_is_refused", { email: 5 }, "claim_type", "by_email"),
  ok("an_id_by_another_claim_waives_sub", { email: "ann@example.com", sub: undefined }, { id: "ann@example.com" }, "by_email"),
  ok("an_id_by_a_path_is_taken", { user: { id: "n1" } }, { id: "n1" }, "by_nested_id"),
  bad("an_id_by_a_path_that_ends_early_is_refused", { user: {} }, "claim_missing", "by_nested_id"),

  // jti and its like
  ok("a_jti_is_taken", { jti: "t1" }),
  bad("a_jti_that_is_a_number_is_of_the_wrong_type", { jti: 1 }, "claim_type"),
  bad("a_jti_that_is_an_object_is_of_the_wrong_type", { jti: {} }, "claim_type"),
  bad("an_azp_that_is_a_number_is_of_the_wrong_type", { azp: 1 }, "claim_type"),
  bad("a_client_id_that_is_a_list_is_of_the_wrong_type", { client_id: ["app"] }, "claim_type"),

  // Profile access-token (RFC 9068 §2.2, §4)
  pass("an_access_token_is_taken", "access_token", access()),
  pass("an_access_token_s_typ_in_upper_case_is_taken", "access_token", access({}, { typ: "AT+JWT" })),
  pass("an_access_token_s_typ_with_application_is_taken", "access_token", access({}, { typ: "application/at+jwt" })),
  refuse("an_access_token_without_typ_is_refused", "access_token", access({}, { typ: undefined }), "typ_mismatch"),
  refuse("an_access_token_with_the_typ_jwt_is_refused", "access_token", access({}, { typ: "JWT" }), "typ_mismatch"),
  refuse("an_id_token_is_no_access_token", "access_token", identity({ nonce: "n" }), "typ_mismatch"),
  refuse("a_logout_token_is_no_access_token", "access_token", access({}, { typ: "logout+jwt" }), "typ_mismatch"),
  refuse("an_access_token_without_client_id_is_refused", "access_token", access({ client_id: undefined }), "claim_missing"),
  refuse("an_access_token_without_jti_is_refused", "access_token", access({ jti: undefined }), "claim_missing"),
  refuse("an_access_token_without_iat_is_refused", "access_token", access({ iat: undefined }), "claim_missing"),
  refuse("an_access_token_without_sub_is_refused", "access_token", access({ sub: undefined }), "claim_missing"),
  refuse("an_access_token_without_aud_is_refused", "access_token", access({ aud: undefined }), "claim_missing"),
  refuse("an_access_token_without_exp_is_refused", "access_token", access({ exp: undefined }), "claim_missing"),
  refuse("an_access_token_with_a_jti_that_is_null_is_refused", "access_token", access({ jti: null }), "claim_type"),
  pass("an_access_token_whose_azp_is_a_client_is_taken", "access_token", access({ azp: "app" })),

  // Profile id-token (OpenID Connect Core §2, §3.1.3.7)
  pass("an_id_token_is_taken", "id_token", identity()),
  pass("an_id_token_without_typ_is_taken", "id_token", identity({}, { typ: undefined })),
  refuse("an_access_token_is_no_id_token", "id_token", access(), "typ_mismatch"),
  refuse("a_logout_token_is_no_id_token", "id_token", identity({}, { typ: "logout+jwt" }), "typ_mismatch"),
  refuse("an_id_token_without_iat_is_refused", "id_token", identity({ iat: undefined }), "claim_missing"),
  refuse("an_id_token_without_aud_is_refused", "id_token", identity({ aud: undefined }), "claim_missing"),
  pass("an_id_token_whose_azp_is_the_audience_is_taken", "id_token", identity({ azp: "api" })),
  refuse("an_id_token_whose_azp_is_another_is_refused", "id_token", identity({ azp: "other" }), "authorized_party_mismatch"),
  refuse("an_id_token_for_several_without_azp_is_refused", "id_token", identity({ aud: ["api", "other"] }), "claim_missing"),
  pass("an_id_token_for_several_with_azp_is_taken", "id_token", identity({ aud: ["api", "other"], azp: "api" })),
  refuse("an_id_token_for_several_whose_azp_is_another_is_refused", "id_token", identity({ aud: ["api", "other"], azp: "other" }), "authorized_party_mismatch"),
  pass("an_id_token_for_one_in_a_list_needs_no_azp", "id_token", identity({ aud: ["api"] })),
  ok("any_profile_does_not_compare_azp", { azp: "other" }, {}, "any"),
  pass("any_profile_takes_an_access_token", "any", access()),

  // Services (RFC 9068 §2.2)
  ok("a_token_whose_sub_is_its_client_is_a_service", { sub: "app", client_id: "app" }, { kind: "service", id: "app" }),
  ok("a_token_whose_sub_is_not_its_client_is_a_user", { client_id: "app" }),
  ok("a_token_whose_sub_is_its_azp_is_a_service", { sub: "app", azp: "app" }, { kind: "service", id: "app" }),
  ok("azp_makes_no_service_where_client_id_says_otherwise", { sub: "app", azp: "app", client_id: "other" }, { id: "app" }),
  ok("an_id_by_another_claim_makes_no_service", { email: "app", azp: "app" }, { id: "app" }, "by_email"),
  ok("client_id_makes_a_service_whatever_azp_says", { sub: "app", azp: "other", client_id: "app" }, { kind: "service", id: "app" }),
  ok("a_user_named_guest_is_no_guest", { sub: "guest" }, { id: "guest" }),

  // Sign-in
  ok("acr_amr_and_auth_time_are_taken", { acr: "mfa", amr: ["pwd", "otp"], auth_time: now - 100 }, { acr: "mfa", amr: ["pwd", "otp"], authTime: now - 100 }),
  bad("an_acr_that_is_a_number_is_of_the_wrong_type", { acr: 2 }, "claim_type"),
  bad("an_amr_that_is_an_object_is_of_the_wrong_type", { amr: {} }, "claim_type"),
  bad("an_amr_with_a_number_is_of_the_wrong_type", { amr: ["pwd", 1] }, "claim_type"),
  bad("an_auth_time_that_is_text_is_of_the_wrong_type", { auth_time: "now" }, "claim_type"),

  // Scopes
  ok("a_scope_text_is_split_at_spaces", { scope: "read write" }, { scopes: ["read", "write"] }),
  ok("a_scope_list_is_taken", { scope: ["read", "write"] }, { scopes: ["read", "write"] }),
  ok("scp_is_taken_where_scope_is_absent", { scp: "read write" }, { scopes: ["read", "write"] }),
  ok("a_scp_list_is_taken", { scp: ["read"] }, { scopes: ["read"] }),
  ok("scope_comes_before_scp", { scope: "read", scp: "write" }, { scopes: ["read"] }),
  ok("an_empty_list_of_scopes_is_none", { scope: [] }),
  bad("two_spaces_in_a_scope_text_are_refused", { scope: "read  write" }, "claim_type"),
  bad("a_space_before_a_scope_text_is_refused", { scope: " read" }, "claim_type"),
  bad("a_space_behind_a_scope_text_is_refused", { scope: "read " }, "claim_type"),
  ok("an_empty_scope_text_is_none", { scope: "" }),
  bad("a_tab_in_a_scope_text_is_refused", { scope: "read\twrite" }, "claim_type"),
  bad("a_newline_in_a_scope_text_is_refused", { scope: "read\nwrite" }, "claim_type"),
  bad("a_quote_in_a_scope_text_is_refused", { scope: 'read "write"' }, "claim_type"),
  bad("a_backslash_in_a_scope_text_is_refused", { scope: "read\\write" }, "claim_type"),
  bad("a_scope_text_beyond_ascii_is_refused", { scope: "lesen prüfen" }, "claim_type"),
  ok("a_scope_said_twice_counts_once", { scope: "read read" }, { scopes: ["read"] }),
  bad("a_scope_that_is_a_number_is_of_the_wrong_type", { scope: 5 }, "claim_type"),
  bad("a_scope_that_is_an_object_is_of_the_wrong_type", { scope: { read: true } }, "claim_type"),
  bad("a_scope_that_is_true_is_of_the_wrong_type", { scope: true }, "claim_type"),
  bad("a_scope_list_with_a_number_is_of_the_wrong_type", { scope: ["read", 5] }, "claim_type"),
  bad("a_scp_that_is_a_number_is_of_the_wrong_type", { scp: 5 }, "claim_type"),
  {
    name: "a_scope_opens_its_route",
    config: "usual",
    ...withToken(usual({ scope: "read export" }), "/export", "POST"),
    expect: allowed(principal({ scopes: ["read", "export"] }), "POST /export"),
  },
  {
    name: "a_longer_scope_is_another",
    config: "usual",
    ...withToken(usual({ scope: "exports export:all" }), "/export", "POST"),
    expect: scopeMissing("export"),
  },
  {
    name: "a_shorter_scope_is_another",
    config: "usual",
    ...withToken(usual({ scope: "exp" }), "/export", "POST"),
    expect: scopeMissing("export"),
  },
  {
    name: "a_scope_in_another_case_is_another",
    config: "usual",
    ...withToken(usual({ scope: "Export" }), "/export", "POST"),
    expect: scopeMissing("export"),
  },

  // Roles, permissions and attributes by their paths
  ok("roles_in_a_list_are_taken", { roles: ["editor", "author"] }, { roles: ["editor", "author"] }),
  ok("one_role_as_text_is_taken", { roles: "editor" }, { roles: ["editor"] }),
  ok("roles_that_the_policy_does_not_know_stay_the_principal_s", { roles: ["nobody-knows"] }, { roles: ["nobody-knows"] }),
  bad("roles_that_are_a_number_are_of_the_wrong_type", { roles: 5 }, "claim_type"),
  bad("roles_that_are_an_object_are_of_the_wrong_type", { roles: { editor: true } }, "claim_type"),
  bad("roles_that_are_true_are_of_the_wrong_type", { roles: true }, "claim_type"),
  bad("a_role_that_is_a_number_is_of_the_wrong_type", { roles: ["editor", 5] }, "claim_type"),
  bad("a_role_that_is_null_is_of_the_wrong_type", { roles: [null] }, "claim_type"),
  bad("a_role_in_a_nested_list_is_of_the_wrong_type", { roles: [["editor"]] }, "claim_type"),
  bad("permissions_that_are_a_number_are_of_the_wrong_type", { permissions: 5 }, "claim_type"),
  bad("a_permission_that_is_an_object_is_of_the_wrong_type", { permissions: [{}] }, "claim_type"),
  ok(
    "claims_are_found_by_their_paths",
    { realm_access: { roles: ["editor"] }, granted: "read", authorization: { permissions: ["read_users"] }, org: { dept: "press" } },
    { roles: ["editor"], permissions: ["read_users"], scopes: ["read"], attributes: { department: "press" } },
    "keycloak",
  ),
  ok("a_claim_that_is_not_at_its_path_is_none", { roles: ["editor"], scope: "read", permissions: ["read_users"] }, {}, "keycloak"),
  ok(
    "a_path_as_a_list_takes_names_with_dots",
    { "https://example.com/roles": ["editor"], "https://example.com/app": { "tenant.id": "t1" } },
    { roles: ["editor"], attributes: { tenant: "t1" } },
    "dotted",
  ),
  ok("a_name_with_dots_is_not_split_in_the_token", { "realm_access.roles": ["editor"] }, {}, "keycloak"),
  ok("attributes_keep_their_types", { department: "press", level: 3 }, { attributes: { department: "press", level: 3 } }, "attributes"),
  ok("an_attribute_that_is_missing_is_left_out", { level: 3 }, { attributes: { level: 3 } }, "attributes"),
  ok("a_claim_that_is_no_attribute_does_not_show", { department: "press", salary: 5 }, { attributes: { department: "press" } }, "attributes"),
  ok("a_path_through_proto_finds_nothing_where_the_token_has_none", {}, {}, "proto"),
  pass(
    "a_path_through_proto_finds_the_token_s_own_member",
    "proto",
    jwt({ alg: "EdDSA", kid: "ed" }, JSON.stringify(claims()).replace(/}$/, ',"__proto__":{"roles":["editor"]},"constructor":"c"}'), "ed25519", { algorithm: "Ed25519" }),
    { roles: ["editor"], attributes: { constructor: "c" } },
  ),

  // What the issuer may assert
  drops("any_role_and_scope_and_no_permission_is_asserted_by_default", "usual", { roles: ["editor"], scope: "read", permissions: ["read_users"] }, { roles: ["editor"], scopes: ["read"] }, { permissions: ["read_users"] }),
  drops(
    "only_what_is_listed_is_asserted",
    "asserts_some",
    { roles: ["admin", "viewer", "editor"], scope: "read export", permissions: ["read_users", "write_users"] },
    { roles: ["viewer", "editor"], permissions: ["read_users"], scopes: ["export"] },
    { roles: ["admin"], permissions: ["write_users"], scopes: ["read"] },
  ),
  drops("what_is_not_said_is_not_asserted", "asserts_roles", { roles: ["editor"], scope: "read", permissions: ["read_users"] }, { roles: ["editor"] }, { permissions: ["read_users"], scopes: ["read"] }),
  ok(
    "all_is_asserted_where_all_may_be",
    { roles: ["editor"], scope: "read", permissions: ["read_users"] },
    { roles: ["editor"], permissions: ["read_users"], scopes: ["read"] },
    "asserts_all",
  ),
  drops("nothing_is_asserted_where_nothing_may_be", "asserts_none", { roles: ["editor"], scope: "read", permissions: ["read_users"] }, {}, { roles: ["editor"], permissions: ["read_users"], scopes: ["read"] }),
  drops("an_empty_asserts_asserts_nothing", "asserts_nothing", { roles: ["editor"], scope: "read", permissions: ["read_users"] }, {}, { roles: ["editor"], permissions: ["read_users"], scopes: ["read"] }),
  bad("what_may_not_be_asserted_must_still_be_of_its_type", { roles: 5 }, "claim_type", "asserts_none"),
  {
    name: "a_permission_that_may_be_asserted_counts",
    config: "asserts_all",
    ...withToken(usual({ permissions: ["read_users"] }), "/users"),
    expect: allowed(principal({ permissions: ["read_users"] }), "GET /users", { permission: "read_users" }),
  },
  {
    name: "a_permission_that_may_not_be_asserted_counts_for_nothing",
    config: "usual",
    ...withToken(usual({ permissions: ["read_users"] }), "/users"),
    expect: permissionDenied(),
  },
  {
    name: "a_permission_that_is_not_listed_counts_for_nothing",
    config: "asserts_some",
    ...withToken(usual({ permissions: ["write_users"] }), "/users", "POST"),
    expect: permissionDenied(),
  },
  {
    name: "a_role_that_may_not_be_asserted_counts_for_nothing",
    config: "asserts_none",
    ...withToken(usual({ roles: ["editor"] }), "/users"),
    expect: permissionDenied(),
  },
  {
    name: "a_wildcard_in_a_token_is_a_name_that_nobody_declared",
    config: "asserts_all",
    ...withToken(usual({ permissions: ["*"] }), "/users"),
    expect: permissionDenied(),
  },
];
