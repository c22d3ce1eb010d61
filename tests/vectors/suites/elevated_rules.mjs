// Elevated roles and rules: an exception for an elevated role makes the decision elevated, and only
// where it was needed.

import { allowed, justificationNeeded, notAllowed, principal, strongerNeeded, yes } from "../forge/expect.mjs";
import { asked, conditional, conditionFailed, denied, justify, missing, signIn, stronger, unmet } from "../forge/question.mjs";
import { withToken } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, issuer, now, usual } from "../forge/token.mjs";

export const about = "Elevated roles as exceptions of rules and in conditions: what they want, and exactly where the decision is elevated.";

const policy = {
  policy: "elevated_rules",
  revision: 1,
  resources: {
    article: {
      actions: ["read", "update", "publish", "delete", "feature", "purge", "move"],
      owner: "author_id",
      attributes: { author_id: "string", status: "string", locked: "bool" },
    },
  },
  permissions: ["export", "close", "write", "stop"],
  roles: {
    editor: { permits: ["article:read", "article:update", "article:publish", { permission: "article:feature", when: "'admin' in subject.roles" }, "export", "close", "write", { permission: "article:move", owner: true }] },
    admin: {
      inherits: ["editor"],
      permits: ["article:delete", { permission: "article:purge", when: "resource.status == 'archived' && 'admin' in subject.roles" }],
      elevated: { acr: ["mfa"], maxAuthAge: 900, justification: true },
    },
    superadmin: { inherits: ["admin"] },
    auditor: { elevated: { acr: ["mfa"] } },
    clerk: { permits: ["stop"], elevated: { justification: true } },
    stranger: {},
  },
  rules: [
    { id: "frozen", effect: "deny", permissions: ["article:update"], when: "resource.status == 'archived'", unless: "'admin' in subject.roles", message: "This article is archived." },
    { id: "ready", effect: "require", permissions: ["article:publish"], when: "resource.status == 'ready'", unless: "'auditor' in subject.roles" },
    { id: "locked", effect: "deny", permissions: ["article:delete"], when: "resource.locked" },
    { id: "moved", effect: "deny", permissions: ["article:move"], when: "resource.locked", unless: "'auditor' in subject.roles" },
    { id: "either", effect: "deny", permissions: ["export"], unless: "'auditor' in subject.roles || 'clerk' in subject.roles" },
    { id: "both", effect: "deny", permissions: ["close"], unless: "'auditor' in subject.roles && 'clerk' in subject.roles" },
    { id: "not-admins", effect: "deny", permissions: ["write", "stop"], when: "'admin' in subject.roles" },
  ],
  routes: [
    { route: "GET /articles/{id}", permission: "article:read" },
    { route: "PUT /articles/{id}", permission: "article:update" },
    { route: "POST /articles/{id}", permission: "article:publish" },
    { route: "DELETE /articles/{id}", permission: "article:delete" },
    { route: "POST /export", permission: "export" },
  ],
};
const trust = { issuers: [{ issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] } }] };

export const configs = { site: { policy, trust } };

const strong = { acr: "mfa", authTime: now - 60 };
const justified = { context: { justification: "ticket 4711" } };
const ask = (name, roles, permission, properties, expect, { subject = {}, ...more } = {}) => ({
  name,
  ask: asked(permission, { properties, ...more, subject: { roles, ...subject } }),
  expect,
});
const full = { subject: strong, ...justified };
const elevated = yes({ elevated: true });
const archived = { status: "archived" };
const frozen = denied("frozen", "This article is archived.");

const article = { type: "article", id: "1" };
const reason = ["x-justification", "ticket 4711"];
const signed = { acr: "mfa", auth_time: now - 60 };
const call = (name, roles, changes, [method, path], found, expect, headers = []) => ({
  name,
  ...withToken(usual({ roles, ...changes }), path, method, headers),
  resources: { article: { 1: found } },
  expect,
});
const update = ["PUT", "/articles/1"];
const updated = (roles, members = {}, who = {}) => allowed(principal({ roles, ...who }), "PUT /articles/{id}", { permission: "article:update", resource: article, ...members });

export const cases = [
  // An exception for an elevated role
  ask("a_rule_denies_who_has_no_elevated_role", ["editor"], "article:update", archived, frozen, full),
  ask("an_elevated_role_is_an_exception_of_a_rule", ["editor", "admin"], "article:update", archived, elevated, full),
  ask("an_exception_wants_the_strong_sign_in_of_its_role", ["editor", "admin"], "article:update", archived, stronger, justified),
  ask("an_exception_wants_the_fresh_sign_in_of_its_role", ["editor", "admin"], "article:update", archived, stronger, { ...justified, subject: { acr: "mfa", authTime: now - 901 } }),
  ask("an_exception_takes_a_sign_in_of_the_allowed_age", ["editor", "admin"], "article:update", archived, elevated, { ...justified, subject: { acr: "mfa", authTime: now - 900 } }),
  ask("an_exception_wants_the_justification_of_its_role", ["editor", "admin"], "article:update", archived, justify, { subject: strong }),
  ask("an_exception_that_is_not_needed_is_not_elevated", ["editor", "admin"], "article:update", { status: "draft" }, yes(), full),
  ask("an_exception_that_is_not_needed_wants_nothing", ["editor", "admin"], "article:update", { status: "draft" }, yes()),
  ask("what_an_elevated_role_inherits_is_ordinary_where_no_rule_fires", ["admin"], "article:update", { status: "draft" }, yes(), full),
  ask("what_an_elevated_role_inherits_is_elevated_where_a_rule_fires", ["admin"], "article:update", archived, elevated, full),
  ask("who_inherits_an_elevated_role_has_its_exception", ["superadmin"], "article:update", archived, elevated, full),
  ask("who_inherits_an_elevated_role_must_meet_what_it_wants", ["superadmin"], "article:update", archived, stronger),
  ask("who_inherits_an_elevated_role_is_ordinary_where_no_rule_fires", ["superadmin"], "article:update", { status: "draft" }, yes(), full),
  ask("an_exception_helps_where_the_condition_misses_its_attribute", ["admin"], "article:update", {}, elevated, full),
  ask("an_exception_for_another_elevated_role_helps_nobody", ["editor", "auditor", "clerk"], "article:update", archived, frozen, full),
  ask("an_elevated_role_that_permits_nothing_is_an_exception", ["editor", "auditor"], "article:publish", { status: "draft" }, elevated, full),
  ask("an_elevated_role_that_permits_nothing_wants_what_it_wants", ["editor", "auditor"], "article:publish", { status: "draft" }, stronger),
  ask("a_requirement_that_is_met_needs_no_elevated_role", ["editor", "auditor"], "article:publish", { status: "ready" }, yes()),
  ask("a_requirement_that_is_not_met_stays_without_the_role", ["editor", "clerk"], "article:publish", { status: "draft" }, unmet("ready"), full),
  ask("an_exception_grants_nothing", ["auditor"], "article:publish", { status: "draft" }, missing, full),
  ask("an_exception_leaves_ownership", ["editor", "auditor"], "article:move", { author_id: "u2", locked: true }, denied("moved"), full),
  ask("an_exception_helps_the_owner", ["editor", "auditor"], "article:move", { author_id: "u1", locked: true }, elevated, full),
  ask("an_owner_without_need_is_not_elevated", ["editor", "auditor"], "article:move", { author_id: "u1", locked: false }, yes(), full),
  ask("a_guest_s_elevated_role_is_no_exception", ["editor", "admin"], "article:update", archived, signIn("elevation_required"), { ...justified, subject: { kind: "guest", ...strong } }),

  // Rules without an exception
  ask("a_rule_without_exception_beats_an_elevated_grant", ["admin"], "article:delete", { locked: true }, denied("locked"), full),
  ask("a_rule_without_exception_is_told_before_what_the_role_wants", ["admin"], "article:delete", { locked: true }, denied("locked")),
  ask("a_rule_that_does_not_fire_leaves_the_elevated_grant", ["admin"], "article:delete", { locked: false }, elevated, full),
  ask("a_rule_that_does_not_fire_leaves_what_the_role_wants", ["admin"], "article:delete", { locked: false }, stronger),
  ask("a_rule_that_errs_beats_an_elevated_grant", ["admin"], "article:delete", {}, denied("locked"), full),
  ask("a_rule_for_an_elevated_role_does_not_fire_where_it_is_not_tried", ["admin"], "write", undefined, yes(), full),
  ask("a_rule_for_an_elevated_role_does_not_fire_where_another_is_tried", ["admin", "clerk"], "stop", undefined, elevated, full),

  // Several elevated roles, each by itself
  ask("either_of_two_exceptions_is_enough", ["editor", "auditor", "clerk"], "export", undefined, elevated, full),
  ask("the_second_is_enough_where_the_first_wants_more", ["editor", "auditor", "clerk"], "export", undefined, elevated, justified),
  ask("the_first_is_enough_where_the_second_wants_more", ["editor", "auditor", "clerk"], "export", undefined, elevated, { subject: strong }),
  ask("where_both_want_more_the_first_by_name_is_told", ["editor", "clerk", "auditor"], "export", undefined, stronger),
  ask("the_second_alone_wants_its_own", ["editor", "clerk"], "export", undefined, justify),
  ask("two_elevated_roles_are_never_tried_together", ["editor", "auditor", "clerk"], "close", undefined, denied("both"), full),

  // In the condition of a grant
  ask("an_elevated_role_meets_the_condition_of_an_ordinary_grant", ["admin"], "article:feature", {}, elevated, full),
  ask("an_elevated_role_that_meets_a_condition_wants_what_it_wants", ["admin"], "article:feature", {}, stronger),
  ask("without_the_elevated_role_the_condition_fails", ["editor"], "article:feature", {}, conditionFailed, full),
  ask("an_elevated_grant_meets_its_condition", ["admin"], "article:purge", archived, elevated, full),
  ask("an_elevated_grant_fails_its_condition", ["admin"], "article:purge", { status: "draft" }, conditionFailed, full),
  ask("an_elevated_grant_misses_its_attribute", ["admin"], "article:purge", {}, conditionFailed, full),
  ask("an_elevated_grant_that_meets_its_condition_wants_what_its_role_wants", ["admin"], "article:purge", archived, stronger),

  // Without an instance
  ask("an_elevated_grant_is_open_where_its_condition_is", ["admin"], "article:purge", undefined, conditional, full),
  ask("an_elevated_grant_is_open_where_a_rule_is", ["admin"], "article:delete", undefined, conditional, full),
  ask("an_ordinary_grant_is_open_where_a_rule_is", ["admin"], "article:update", undefined, conditional, full),
  ask("an_open_rule_asks_nothing_of_an_elevated_role", ["admin"], "article:update", undefined, conditional),
  ask("an_elevated_grant_without_condition_is_not_open", ["clerk"], "stop", undefined, elevated, full),

  // Through requests, as the audit event has it
  call("a_request_by_exception_is_elevated", ["admin"], signed, update, archived, updated(["admin"], { elevated: true }, strong), [reason]),
  call("a_request_without_need_is_not_elevated", ["admin"], signed, update, { status: "draft" }, updated(["admin"], {}, strong), [reason]),
  call("a_request_without_need_wants_no_sign_in", ["admin"], {}, update, { status: "draft" }, updated(["admin"])),
  call("a_request_by_exception_wants_a_stronger_sign_in", ["admin"], {}, update, archived, strongerNeeded(', acr_values="mfa", max_age="900"'), [reason]),
  call("a_request_by_exception_wants_a_justification", ["admin"], signed, update, archived, justificationNeeded()),
  call("a_request_without_the_role_is_denied_by_the_rule", ["editor"], signed, update, archived, notAllowed("denied_by_rule", "This article is archived."), [reason]),
  call("a_requirement_s_exception_is_elevated", ["editor", "auditor"], signed, ["POST", "/articles/1"], { status: "draft" }, allowed(principal({ roles: ["editor", "auditor"], ...strong }), "POST /articles/{id}", { permission: "article:publish", resource: article, elevated: true })),
  call("a_requirement_that_is_met_is_not_elevated", ["editor", "auditor"], signed, ["POST", "/articles/1"], { status: "ready" }, allowed(principal({ roles: ["editor", "auditor"], ...strong }), "POST /articles/{id}", { permission: "article:publish", resource: article })),
  call("an_exception_of_a_bare_permission_is_elevated", ["editor", "clerk"], {}, ["POST", "/export"], "fails", allowed(principal({ roles: ["editor", "clerk"] }), "POST /export", { permission: "export", elevated: true }), [reason]),
  call("an_exception_of_a_bare_permission_wants_its_justification", ["editor", "clerk"], {}, ["POST", "/export"], "fails", justificationNeeded()),
  call("an_elevated_grant_that_no_rule_stops_is_elevated", ["admin"], signed, ["DELETE", "/articles/1"], { locked: false }, allowed(principal({ roles: ["admin"], ...strong }), "DELETE /articles/{id}", { permission: "article:delete", resource: article, elevated: true }), [reason]),
  call("an_elevated_grant_that_a_rule_stops_is_denied", ["admin"], signed, ["DELETE", "/articles/1"], { locked: true }, notAllowed("denied_by_rule"), [reason]),
  call("an_ordinary_permission_of_an_elevated_role_is_not_elevated", ["admin"], signed, ["GET", "/articles/1"], "fails", allowed(principal({ roles: ["admin"], ...strong }), "GET /articles/{id}", { permission: "article:read", resource: article }), [reason]),
];
