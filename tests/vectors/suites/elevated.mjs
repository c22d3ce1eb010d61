// Elevated roles: tried only where ordinary grants do not suffice, and only with a stronger or
// fresher sign-in or a justification (design.md §5, 7).

import { allowed, guest, justificationNeeded, no, notAllowed, permissionDenied, principal, roleMissing, strongerNeeded, unauthenticated, yes } from "../forge/expect.mjs";
import { request, withToken } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, issuer, now, usual } from "../forge/token.mjs";

export const about = "Elevated roles: what they want before they count, and when they are not needed.";

const policy = {
  policy: "elevated",
  revision: 1,
  resources: { article: { actions: ["read", "update", "delete"], owner: "author_id" } },
  permissions: ["read_users", "delete_user", "read_log", "restart", "refund"],
  roles: {
    editor: { permits: ["article:read", "read_users"] },
    admin: { inherits: ["editor"], permits: ["*"], elevated: { acr: ["mfa", "hwk"], maxAuthAge: 900, justification: true } },
    superadmin: { inherits: ["admin"], permits: ["refund"] },
    auditor: { permits: ["read_log"], elevated: { acr: ["mfa"] } },
    operator: { permits: ["restart"], elevated: { maxAuthAge: 300 } },
    clerk: { permits: ["refund"], elevated: { justification: true } },
    corrector: { permits: [{ permission: "article:update", owner: true }], elevated: { justification: true } },
  },
  rules: [{ id: "articles-stay", effect: "deny", permissions: ["article:delete"] }],
  routes: [
    { route: "GET /me", allow: "authenticated" },
    { route: "GET /users", permission: "read_users" },
    { route: "DELETE /users/{id}", permission: "delete_user" },
    { route: "GET /admin", role: "admin" },
    { route: "GET /editors", role: "editor" },
    { route: "GET /log", permission: "read_log" },
    { route: "POST /restart", permission: "restart" },
    { route: "POST /refund", permission: "refund" },
    { route: "PUT /articles/{id}", permission: "article:update" },
    { route: "DELETE /articles/{id}", permission: "article:delete" },
  ],
};

const trust = { issuers: [{ issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] } }] };

const anonymous = "https://projectref.supabase.co/auth/v1";
const supabase = { issuer: anonymous, audience, preset: "supabase", jwks: trust.issuers[0].jwks };

export const configs = {
  site: { policy, trust },
  anonymous: { policy, trust: { issuers: [supabase] } },
  guests: { policy, trust: { ...trust, guest: { roles: ["clerk", "superadmin", "corrector"] } } },
};

const strong = { acr: "mfa", auth_time: now - 60 };
const strongWho = { acr: "mfa", authTime: now - 60 };
const reason = ["x-justification", "ticket 4711"];

const call = (name, roles, changes, [method, path], expect, { headers = [], context, resources } = {}) => ({
  name,
  ...withToken(usual({ roles, ...changes }), path, method, headers),
  context,
  resources,
  expect,
});
const who = (roles, members = {}) => principal({ roles, ...members });
const deleteUser = ["DELETE", "/users/7"];
const deleted = (roles, members = strongWho) => allowed(who(roles, members), "DELETE /users/{id}", { permission: "delete_user", elevated: true });
const adminNeeds = strongerNeeded(', acr_values="mfa hwk", max_age="900"');

/** A guest by token: strongly signed in, just now, with a justification; and still nobody in particular. */
const byToken = (name, role, [method, path], expect, { changes = {}, resources } = {}) => ({
  name,
  config: "anonymous",
  ...withToken(usual({ iss: anonymous, role, is_anonymous: true, aal: "mfa", auth_time: now - 60, ...changes }), path, method, [reason]),
  resources,
  expect,
});
const anonymousWho = (roles) => principal({ kind: "guest", issuer: anonymous, roles, ...strongWho });
/** A guest without a credential, who has the roles of `trust.guest`. */
const nobody = (name, [method, path], expect, resources) => ({ name, config: "guests", request: request(method, path, [reason]), resources, expect });
const guestRoles = ["clerk", "superadmin", "corrector"];
const signIn = unauthenticated("elevation_required");
const mine = { article: { 1: { author_id: "u1" } } };

const ask = (name, subject, action, expect, { resource, context } = {}) => ({
  name,
  ask: { subject: { id: "u1", ...subject }, action: { name: action }, ...(resource === undefined ? {} : { resource }), ...(context === undefined ? {} : { context }) },
  expect,
});
const stronger = no("insufficient_user_authentication", "elevation_required", 401, "Stronger authentication required");
const toSignIn = no("authentication_required", "elevation_required", 401, "Authentication required");
const justify = no("justification_required", "justification_required", 403, "Justification required");
const justified = { context: { justification: "ticket 4711" } };

export const cases = [
  // All that an elevated role wants
  call("an_elevated_role_counts_with_all_that_it_wants", ["admin"], strong, deleteUser, deleted(["admin"]), { headers: [reason] }),
  call("the_second_acr_is_as_good_as_the_first", ["admin"], { ...strong, acr: "hwk" }, deleteUser, deleted(["admin"], { ...strongWho, acr: "hwk" }), { headers: [reason] }),
  call("a_justification_may_come_from_the_context", ["admin"], strong, deleteUser, deleted(["admin"]), { context: { justification: "ticket 4711" } }),
  call("a_weak_sign_in_is_not_enough", ["admin"], { ...strong, acr: "pwd" }, deleteUser, adminNeeds, { headers: [reason] }),
  call("an_unknown_sign_in_is_not_enough", ["admin"], { auth_time: now - 60 }, deleteUser, adminNeeds, { headers: [reason] }),
  call("an_acr_in_another_case_is_another", ["admin"], { ...strong, acr: "MFA" }, deleteUser, adminNeeds, { headers: [reason] }),
  call("amr_is_no_acr", ["admin"], { ...strong, acr: undefined, amr: ["mfa"] }, deleteUser, adminNeeds, { headers: [reason] }),
  call("an_old_sign_in_is_not_enough", ["admin"], { ...strong, auth_time: now - 901 }, deleteUser, adminNeeds, { headers: [reason] }),
  call("a_sign_in_within_its_age_is_enough", ["admin"], { ...strong, auth_time: now - 899 }, deleteUser, deleted(["admin"], { acr: "mfa", authTime: now - 899 }), { headers: [reason] }),
  call("a_sign_in_a_minute_ahead_is_believed", ["admin"], { ...strong, auth_time: now + 60 }, deleteUser, deleted(["admin"], { acr: "mfa", authTime: now + 60 }), { headers: [reason] }),
  call("a_sign_in_further_ahead_is_not_believed", ["admin"], { ...strong, auth_time: now + 61 }, deleteUser, adminNeeds, { headers: [reason] }),
  call("a_sign_in_in_milliseconds_is_not_believed", ["admin"], { ...strong, auth_time: now * 1000 }, deleteUser, adminNeeds, { headers: [reason] }),
  call("a_sign_in_of_unknown_age_is_not_enough", ["admin"], { acr: "mfa" }, deleteUser, adminNeeds, { headers: [reason] }),
  call("a_young_token_is_no_fresh_sign_in", ["admin"], { acr: "mfa", iat: now }, deleteUser, adminNeeds, { headers: [reason] }),
  call("the_stronger_sign_in_is_asked_for_before_the_justification", ["admin"], {}, deleteUser, adminNeeds),
  call("a_missing_justification_is_asked_for_last", ["admin"], strong, deleteUser, justificationNeeded()),
  call("an_empty_justification_is_none", ["admin"], strong, deleteUser, justificationNeeded(), { headers: [["x-justification", ""]] }),
  call("an_empty_justification_in_the_context_is_none", ["admin"], strong, deleteUser, justificationNeeded(), { context: { justification: "" } }),
  call("a_justification_that_is_no_text_is_none", ["admin"], strong, deleteUser, justificationNeeded(), { context: { justification: true } }),
  call("a_justification_of_1024_characters_is_taken", ["admin"], strong, deleteUser, deleted(["admin"]), { headers: [["x-justification", "j".repeat(1024)]] }),
  call("a_justification_of_1025_characters_is_none", ["admin"], strong, deleteUser, justificationNeeded(), { headers: [["x-justification", "j".repeat(1025)]] }),
  call("a_justification_of_1025_characters_in_the_context_is_none", ["admin"], strong, deleteUser, justificationNeeded(), { context: { justification: "j".repeat(1025) } }),

  // A part of it
  call("a_role_that_wants_an_acr_alone_gets_it", ["auditor"], { acr: "mfa" }, ["GET", "/log"], allowed(who(["auditor"], { acr: "mfa" }), "GET /log", { permission: "read_log", elevated: true })),
  call("a_role_that_wants_an_acr_alone_asks_for_it_alone", ["auditor"], { acr: "pwd" }, ["GET", "/log"], strongerNeeded(', acr_values="mfa"')),
  call("a_role_that_wants_a_fresh_sign_in_alone_gets_it", ["operator"], { auth_time: now - 299 }, ["POST", "/restart"], allowed(who(["operator"], { authTime: now - 299 }), "POST /restart", { permission: "restart", elevated: true })),
  call("a_role_that_wants_a_fresh_sign_in_alone_asks_for_it_alone", ["operator"], { acr: "mfa", auth_time: now - 301 }, ["POST", "/restart"], strongerNeeded(', max_age="300"')),
  call("a_role_that_wants_a_justification_alone_gets_it", ["clerk"], {}, ["POST", "/refund"], allowed(who(["clerk"]), "POST /refund", { permission: "refund", elevated: true }), { headers: [reason] }),
  call("a_role_that_wants_a_justification_alone_asks_for_it_alone", ["clerk"], {}, ["POST", "/refund"], justificationNeeded()),

  // Ordinary grants first
  call("what_an_elevated_role_inherits_stays_ordinary", ["admin"], {}, ["GET", "/users"], allowed(who(["admin"]), "GET /users", { permission: "read_users" })),
  call("an_ordinary_role_beside_an_elevated_one_is_enough", ["editor", "admin"], {}, ["GET", "/users"], allowed(who(["editor", "admin"]), "GET /users", { permission: "read_users" })),
  call("an_ordinary_grant_behind_an_elevated_one_is_enough", ["clerk", "superadmin"], {}, ["POST", "/refund"], allowed(who(["clerk", "superadmin"]), "POST /refund", { permission: "refund" })),
  call("an_elevated_role_is_needed_for_nothing_where_all_are_allowed", ["admin"], {}, ["GET", "/me"], allowed(who(["admin"]), "GET /me")),
  call("an_elevated_role_permits_no_more_than_it_says", ["auditor"], { ...strong }, ["POST", "/restart"], permissionDenied(), { headers: [reason] }),

  // Inheriting an elevated role
  call("who_inherits_an_elevated_role_gets_it_elevated", ["superadmin"], {}, deleteUser, adminNeeds),
  call("who_inherits_an_elevated_role_may_meet_what_it_wants", ["superadmin"], strong, deleteUser, deleted(["superadmin"]), { headers: [reason] }),
  call("who_inherits_an_elevated_role_keeps_what_is_ordinary", ["superadmin"], {}, ["POST", "/refund"], allowed(who(["superadmin"]), "POST /refund", { permission: "refund" })),
  call("what_an_elevated_role_inherits_stays_ordinary_further_down", ["superadmin"], {}, ["GET", "/users"], allowed(who(["superadmin"]), "GET /users", { permission: "read_users" })),

  // A route that wants the role
  call("a_route_for_an_elevated_role_wants_what_it_wants", ["admin"], {}, ["GET", "/admin"], adminNeeds),
  call("a_route_for_an_elevated_role_wants_its_justification", ["admin"], strong, ["GET", "/admin"], justificationNeeded()),
  call("a_route_for_an_elevated_role_is_elevated", ["admin"], strong, ["GET", "/admin"], allowed(who(["admin"], strongWho), "GET /admin", { elevated: true }), { headers: [reason] }),
  call("a_route_for_an_elevated_role_takes_who_inherits_it_elevated", ["superadmin"], strong, ["GET", "/admin"], allowed(who(["superadmin"], strongWho), "GET /admin", { elevated: true }), { headers: [reason] }),
  call("a_route_for_an_elevated_role_is_forbidden_to_others", ["editor"], strong, ["GET", "/admin"], roleMissing(), { headers: [reason] }),
  call("a_route_for_an_ordinary_role_stays_ordinary_for_an_elevated_one", ["admin"], {}, ["GET", "/editors"], allowed(who(["admin"]), "GET /editors")),
  { name: "a_route_for_an_elevated_role_asks_a_guest_to_sign_in", request: request("GET", "/admin", [reason]), expect: unauthenticated("role_missing") },

  // Guests: nobody in particular has signed in, however strongly
  byToken("an_anonymous_user_never_meets_an_elevated_role", "admin", deleteUser, signIn),
  byToken("an_anonymous_user_never_meets_what_wants_an_acr_alone", "auditor", ["GET", "/log"], signIn),
  byToken("an_anonymous_user_never_meets_what_wants_a_fresh_sign_in_alone", "operator", ["POST", "/restart"], signIn),
  byToken("an_anonymous_user_never_meets_what_wants_a_justification_alone", "clerk", ["POST", "/refund"], signIn),
  byToken("an_anonymous_user_never_meets_an_elevated_role_that_a_role_inherits", "superadmin", deleteUser, signIn),
  byToken("an_anonymous_user_never_meets_a_route_for_an_elevated_role", "admin", ["GET", "/admin"], signIn),
  byToken("an_anonymous_user_never_meets_a_route_for_an_elevated_role_by_inheritance", "superadmin", ["GET", "/admin"], signIn),
  byToken("an_anonymous_user_with_a_weak_sign_in_is_asked_to_sign_in", "admin", deleteUser, signIn, { changes: { aal: undefined, auth_time: undefined } }),
  byToken("an_anonymous_user_keeps_what_is_ordinary", "superadmin", ["POST", "/refund"], allowed(anonymousWho(["superadmin"]), "POST /refund", { permission: "refund" })),
  byToken("an_anonymous_user_keeps_what_an_elevated_role_inherits", "admin", ["GET", "/users"], allowed(anonymousWho(["admin"]), "GET /users", { permission: "read_users" })),
  byToken("an_anonymous_user_owns_nothing_by_an_elevated_role", "corrector", ["PUT", "/articles/1"], unauthenticated("not_owner"), { resources: mine }),
  byToken("the_same_user_after_signing_up_meets_an_elevated_role", "admin", deleteUser, allowed(principal({ issuer: anonymous, roles: ["admin"], ...strongWho }), "DELETE /users/{id}", { permission: "delete_user", elevated: true }), { changes: { is_anonymous: false } }),
  nobody("a_guest_without_a_credential_never_meets_an_elevated_role", deleteUser, signIn),
  nobody("a_guest_without_a_credential_never_meets_a_route_for_an_elevated_role", ["GET", "/admin"], signIn),
  nobody("a_guest_without_a_credential_keeps_what_is_ordinary", ["POST", "/refund"], allowed(guest(guestRoles), "POST /refund", { permission: "refund" })),
  nobody("a_guest_without_a_credential_keeps_what_an_elevated_role_inherits", ["GET", "/users"], allowed(guest(guestRoles), "GET /users", { permission: "read_users" })),

  // Ownership and rules
  call("an_elevated_grant_by_ownership_is_elevated", ["corrector"], {}, ["PUT", "/articles/1"], allowed(who(["corrector"]), "PUT /articles/{id}", { permission: "article:update", resource: { type: "article", id: "1" }, elevated: true }), { headers: [reason], resources: { article: { 1: { author_id: "u1" } } } }),
  call("an_elevated_grant_by_ownership_wants_its_justification", ["corrector"], {}, ["PUT", "/articles/1"], justificationNeeded(), { resources: { article: { 1: { author_id: "u1" } } } }),
  call("an_elevated_grant_by_ownership_owns_nothing_of_another", ["corrector"], {}, ["PUT", "/articles/1"], notAllowed("not_owner"), { headers: [reason], resources: { article: { 1: { author_id: "u2" } } } }),
  call("a_deny_rule_beats_an_elevated_role", ["admin"], strong, ["DELETE", "/articles/1"], notAllowed("denied_by_rule"), { headers: [reason] }),
  call("a_deny_rule_comes_before_what_an_elevated_role_wants", ["admin"], {}, ["DELETE", "/articles/1"], notAllowed("denied_by_rule")),

  // Questions
  ask("asked_with_all_that_it_wants_an_elevated_role_says_so", { roles: ["admin"], acr: "mfa", authTime: now - 60 }, "delete_user", yes({ elevated: true }), justified),
  ask("asked_without_a_strong_sign_in_the_answer_is_no", { roles: ["admin"], acr: "pwd", authTime: now - 60 }, "delete_user", stronger, justified),
  ask("asked_without_a_known_sign_in_the_answer_is_no", { roles: ["admin"] }, "delete_user", stronger, justified),
  ask("asked_with_nulls_for_the_sign_in_the_answer_is_no", { roles: ["admin"], acr: null, authTime: null }, "delete_user", stronger, justified),
  ask("asked_without_a_justification_the_answer_is_no", { roles: ["admin"], acr: "mfa", authTime: now - 60 }, "delete_user", justify),
  ask("asked_for_what_is_ordinary_nothing_is_elevated", { roles: ["admin"] }, "read_users", yes()),
  ask("asked_for_a_guest_an_elevated_role_never_counts", { kind: "guest", roles: ["admin"], acr: "mfa", authTime: now - 60 }, "delete_user", toSignIn, justified),
  ask("asked_for_a_guest_a_role_that_wants_a_justification_alone_never_counts", { kind: "guest", roles: ["clerk"] }, "refund", toSignIn, justified),
  ask("asked_for_a_guest_what_is_ordinary_counts", { kind: "guest", roles: ["admin"] }, "read_users", yes()),
  ask("asked_for_a_service_an_elevated_role_counts", { kind: "service", roles: ["admin"], acr: "mfa", authTime: now - 60 }, "delete_user", yes({ elevated: true }), justified),
  ask("asked_of_the_type_an_elevated_role_says_so", { roles: ["admin"], acr: "mfa", authTime: now - 60 }, "update", yes({ elevated: true }), { ...justified, resource: { type: "article" } }),
];
