// Rules with conditions: deny and require. Both can only restrict (README.md, "What a decision says").

import { allowed, guest, no, notAllowed, notFound, permissionDenied, principal, unauthenticated, unavailable, yes } from "../forge/expect.mjs";
import { asked, conditional, conditionFailed, denied, missing, signIn, unmet } from "../forge/question.mjs";
import { request, withToken } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, issuer, usual } from "../forge/token.mjs";

export const about = "Deny rules with conditions and exceptions, and requirements: when they fire, which is told, and that they open nothing.";

const attributes = { status: "string", locked: "bool", n: "int", created_by: "string", author_id: "string" };

const rules = [
  { id: "bare", effect: "deny", permissions: ["doc:bare"] },
  { id: "when", effect: "deny", permissions: ["doc:when"], when: "resource.status == 'archived'", message: "This is archived." },
  { id: "unless", effect: "deny", permissions: ["doc:unless"], unless: "resource.status == 'draft'" },
  { id: "both", effect: "deny", permissions: ["doc:both"], when: "resource.locked", unless: "resource.status == 'draft'" },
  { id: "require", effect: "require", permissions: ["doc:require"], when: "resource.status == 'ready'", message: "It is not ready." },
  { id: "waived", effect: "require", permissions: ["doc:waived"], when: "resource.status == 'ready'", unless: "subject.kind == 'service'" },
  { id: "never", effect: "deny", permissions: ["doc:never"], when: "false" },
  { id: "always", effect: "deny", permissions: ["doc:always"], when: "true" },
  { id: "lifted", effect: "deny", permissions: ["doc:lifted"], when: "true", unless: "true" },
  { id: "impossible", effect: "require", permissions: ["doc:impossible"], when: "false" },
  { id: "free", effect: "require", permissions: ["doc:free"], when: "true" },
  { id: "self", effect: "deny", permissions: ["doc:approve"], when: "resource.created_by == subject.id", message: "Who created it may not approve it." },
  { id: "a-network", effect: "require", permissions: ["doc:several"], when: "context.level > 1", message: "Not from there." },
  { id: "b-locked", effect: "deny", permissions: ["doc:several"], when: "resource.locked", message: "It is locked." },
  { id: "c-ready", effect: "require", permissions: ["doc:several"], when: "resource.status == 'ready'", message: "It is not ready." },
  { id: "granted", effect: "deny", permissions: ["doc:granted"], when: "resource.locked" },
  { id: "wide", effect: "deny", permissions: ["*:wide", "export"], when: "subject.department == 'sales'" },
  { id: "known", effect: "deny", permissions: ["doc:known"], when: "subject.department == 'sales' && resource.locked" },
  { id: "exempt", effect: "deny", permissions: ["doc:exempt"], when: "resource.locked", unless: "subject.department == 'staff'" },
  { id: "closed", effect: "deny", permissions: ["doc:closed"], when: "subject.kind == 'user'" },
  { id: "hours", effect: "require", permissions: ["write"], when: "now.getHours('+02:00') >= 8 && now.getHours('+02:00') < 18", unless: "'officer' in subject.roles", message: "Only from 8 to 18 o'clock." },
  { id: "secret", effect: "require", permissions: ["secret:read"], when: "resource.locked == false" },
];

const policyOf = (ordered) => ({
  policy: "gates",
  revision: 1,
  resources: {
    doc: {
      actions: ["bare", "when", "unless", "both", "require", "waived", "never", "always", "lifted", "impossible", "free", "approve", "several", "granted", "wide", "known", "exempt", "closed"],
      owner: "author_id",
      attributes,
    },
    note: { actions: ["wide"] },
    secret: { actions: ["read"], hide: true, attributes },
  },
  permissions: ["export", "write"],
  subject: { attributes: { department: "string" } },
  context: { attributes: { level: "int" } },
  roles: {
    guest: { permits: ["doc:when", "doc:require", "export"] },
    member: { permits: ["doc:*", "note:wide", "secret:read", "export", "write"] },
    officer: { permits: ["write"] },
    author: { permits: [{ permission: "doc:granted", owner: true }] },
    checker: { permits: [{ permission: "doc:granted", when: "resource.n == 1" }, { permission: "doc:closed", when: "resource.n == 1" }] },
    nobody: {},
  },
  rules: ordered,
  routes: [
    { route: "POST /docs/{id}/when", permission: "doc:when" },
    { route: "POST /docs/{id}/require", permission: "doc:require" },
    { route: "POST /docs/{id}/known", permission: "doc:known" },
    { route: "POST /docs/{id}/approve", permission: "doc:approve" },
    { route: "POST /docs/{id}/always", permission: "doc:always" },
    { route: "POST /docs", permission: "doc:when" },
    { route: "PUT /docs/{id}", permission: "doc:when", handler: "decides" },
    { route: "GET /secrets/{id}", permission: "secret:read" },
    { route: "POST /export", permission: "export" },
    { route: "POST /write", permission: "write" },
  ],
});
const trust = {
  issuers: [{ issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] }, claims: { attributes: { department: "department" } } }],
  guest: { roles: ["guest"] },
};

/** The same rules in another order. */
const shuffled = [...rules.slice(11), ...rules.slice(0, 11)].reverse();

export const configs = {
  rules: { policy: policyOf(rules), trust },
  reversed: { policy: policyOf([...rules].reverse()), trust },
  shuffled: { policy: policyOf(shuffled), trust },
};

const ask = (name, permission, given, expect, config) => ({
  name,
  config,
  ask: asked(permission, { ...given, subject: { roles: ["member"], ...given.subject } }),
  expect,
});
const of = (properties) => ({ properties });
const open = {};
const staff = (department) => ({ attributes: { department } });
const archived = denied("when", "This is archived.");
const unready = unmet("require", "It is not ready.");

const decisions = [
  // deny without and with a condition
  ["a_rule_without_a_condition_fires", "doc:bare", of({}), denied("bare")],
  ["a_rule_without_a_condition_fires_without_an_instance", "doc:bare", open, denied("bare")],
  ["a_rule_whose_condition_is_true_fires", "doc:when", of({ status: "archived" }), archived],
  ["a_rule_whose_condition_is_false_does_not_fire", "doc:when", of({ status: "draft" }), yes()],
  ["a_rule_whose_condition_misses_its_attribute_fires", "doc:when", of({}), archived],
  ["a_rule_whose_condition_meets_null_fires", "doc:when", of({ status: null }), archived],
  ["a_rule_whose_condition_meets_the_wrong_type_fires", "doc:when", of({ status: 5 }), archived],
  ["a_rule_whose_condition_is_open_is_open", "doc:when", open, conditional],
  ["a_rule_that_is_always_true_fires", "doc:always", of({}), denied("always")],
  ["a_rule_that_is_never_true_does_not_fire", "doc:never", of({}), yes()],
  ["a_rule_that_is_never_true_leaves_nothing_open", "doc:never", open, yes()],

  // unless
  ["an_exception_that_is_true_lifts_the_rule", "doc:unless", of({ status: "draft" }), yes()],
  ["an_exception_that_is_false_lifts_nothing", "doc:unless", of({ status: "ready" }), denied("unless")],
  ["an_exception_that_misses_its_attribute_lifts_nothing", "doc:unless", of({}), denied("unless")],
  ["an_exception_that_meets_null_lifts_nothing", "doc:unless", of({ status: null }), denied("unless")],
  ["an_exception_that_meets_the_wrong_type_lifts_nothing", "doc:unless", of({ status: ["draft"] }), denied("unless")],
  ["an_exception_that_is_open_is_open", "doc:unless", open, conditional],
  ["an_exception_lifts_a_rule_that_is_always_true", "doc:lifted", open, yes()],

  // when and unless
  ["a_true_condition_with_a_true_exception_does_not_fire", "doc:both", of({ locked: true, status: "draft" }), yes()],
  ["a_true_condition_with_a_false_exception_fires", "doc:both", of({ locked: true, status: "ready" }), denied("both")],
  ["a_true_condition_with_a_missing_exception_fires", "doc:both", of({ locked: true }), denied("both")],
  ["a_false_condition_with_a_true_exception_does_not_fire", "doc:both", of({ locked: false, status: "draft" }), yes()],
  ["a_false_condition_with_a_false_exception_does_not_fire", "doc:both", of({ locked: false, status: "ready" }), yes()],
  ["a_false_condition_with_a_missing_exception_does_not_fire", "doc:both", of({ locked: false }), yes()],
  ["a_missing_condition_with_a_true_exception_does_not_fire", "doc:both", of({ status: "draft" }), yes()],
  ["a_missing_condition_with_a_false_exception_fires", "doc:both", of({ status: "ready" }), denied("both")],
  ["a_missing_condition_with_a_missing_exception_fires", "doc:both", of({}), denied("both")],
  ["an_open_condition_with_an_open_exception_is_open", "doc:both", open, conditional],
  ["an_open_condition_with_a_true_exception_does_not_fire", "doc:exempt", { subject: staff("staff") }, yes()],
  ["an_open_condition_with_a_false_exception_is_open", "doc:exempt", { subject: staff("sales") }, conditional],
  ["an_open_condition_with_a_missing_exception_is_open", "doc:exempt", open, conditional],

  // require
  ["a_requirement_that_is_true_is_met", "doc:require", of({ status: "ready" }), yes()],
  ["a_requirement_that_is_false_is_not_met", "doc:require", of({ status: "draft" }), unready],
  ["a_requirement_that_misses_its_attribute_is_not_met", "doc:require", of({}), unready],
  ["a_requirement_that_meets_null_is_not_met", "doc:require", of({ status: null }), unready],
  ["a_requirement_that_meets_the_wrong_type_is_not_met", "doc:require", of({ status: true }), unready],
  ["a_requirement_that_is_open_is_open", "doc:require", open, conditional],
  ["a_requirement_that_is_false_with_a_true_exception_is_waived", "doc:waived", { subject: { kind: "service" }, properties: { status: "draft" } }, yes()],
  ["a_requirement_that_misses_its_attribute_with_a_true_exception_is_waived", "doc:waived", { subject: { kind: "service" }, properties: {} }, yes()],
  ["a_requirement_that_is_open_with_a_true_exception_is_waived", "doc:waived", { subject: { kind: "service" } }, yes()],
  ["a_requirement_that_is_false_with_a_false_exception_is_not_met", "doc:waived", of({ status: "draft" }), unmet("waived")],
  ["a_requirement_that_is_true_needs_no_exception", "doc:waived", of({ status: "ready" }), yes()],
  ["a_requirement_that_is_open_with_a_false_exception_is_open", "doc:waived", open, conditional],
  ["a_requirement_that_nothing_meets_is_not_met", "doc:impossible", open, unmet("impossible")],
  ["a_requirement_that_everything_meets_is_met", "doc:free", open, yes()],

  // Several rules
  ["where_all_rules_hold_the_answer_is_yes", "doc:several", { properties: { locked: false, status: "ready" }, context: { level: 2 } }, yes()],
  ["of_three_that_fire_the_first_by_its_id_is_told", "doc:several", of({ locked: true, status: "draft" }), unmet("a-network", "Not from there.")],
  ["of_two_that_fire_the_deny_rule_is_told_where_its_id_comes_first", "doc:several", { properties: { locked: true, status: "draft" }, context: { level: 2 } }, denied("b-locked", "It is locked.")],
  ["of_two_that_fire_the_requirement_is_told_where_its_id_comes_first", "doc:several", { properties: { locked: true, status: "ready" }, context: { level: 1 } }, unmet("a-network", "Not from there.")],
  ["the_last_rule_alone_is_enough", "doc:several", { properties: { locked: false, status: "draft" }, context: { level: 2 } }, unmet("c-ready", "It is not ready.")],
  ["a_rule_that_fires_leaves_nothing_open", "doc:several", { context: { level: 1 } }, unmet("a-network", "Not from there.")],
  ["where_only_open_rules_stand_between_the_answer_is_open", "doc:several", { context: { level: 2 } }, conditional],

  // Rules and grants
  ["a_rule_beats_a_grant_that_holds", "doc:granted", { subject: { roles: ["author"] }, properties: { author_id: "u1", locked: true } }, denied("granted")],
  ["a_rule_comes_before_a_grant_that_lacks_ownership", "doc:granted", { subject: { roles: ["author"] }, properties: { author_id: "u2", locked: true } }, denied("granted")],
  ["a_rule_comes_before_a_grant_whose_condition_fails", "doc:granted", { subject: { roles: ["checker"] }, properties: { n: 2, locked: true } }, denied("granted")],
  ["no_grant_comes_before_a_rule", "doc:granted", { subject: { roles: ["nobody"] }, properties: { locked: true } }, missing],
  ["no_grant_comes_before_a_requirement", "doc:impossible", { subject: { roles: ["nobody"] } }, missing],
  ["no_grant_comes_before_what_is_open", "doc:when", { subject: { roles: ["nobody"] } }, missing],
  ["a_rule_that_does_not_fire_grants_nothing", "doc:granted", { subject: { roles: ["nobody"] }, properties: { locked: false } }, missing],
  ["a_requirement_that_is_met_grants_nothing", "doc:free", { subject: { roles: ["nobody"] }, properties: {} }, missing],
  ["a_rule_that_does_not_fire_mends_no_condition", "doc:granted", { subject: { roles: ["checker"] }, properties: { n: 2, locked: false } }, conditionFailed],
  ["a_rule_that_fires_beats_a_grant_that_is_open", "doc:closed", { subject: { roles: ["checker"] } }, denied("closed")],
  ["a_condition_that_is_open_and_a_rule_that_is_open_are_open", "doc:granted", { subject: { roles: ["checker"] } }, conditional],
  ["a_rule_beats_the_subject_s_own_permission", "doc:granted", { subject: { roles: [], permissions: ["doc:granted"] }, properties: { locked: true } }, denied("granted")],
  ["the_subject_s_own_permission_counts_where_no_rule_fires", "doc:granted", { subject: { roles: [], permissions: ["doc:granted"] }, properties: { locked: false } }, yes()],

  // What a rule reads
  ["who_created_it_may_not_approve_it", "doc:approve", of({ created_by: "u1" }), denied("self", "Who created it may not approve it.")],
  ["another_may_approve_it", "doc:approve", of({ created_by: "u2" }), yes()],
  ["what_nobody_created_nobody_approves", "doc:approve", of({}), denied("self", "Who created it may not approve it.")],
  ["a_rule_on_an_action_of_every_type_fires_on_one", "doc:wide", { subject: staff("sales"), properties: {} }, denied("wide")],
  ["a_rule_on_an_action_of_every_type_fires_on_another", "note:wide", { subject: staff("sales") }, denied("wide")],
  ["a_rule_on_a_bare_permission_fires", "export", { subject: staff("sales") }, denied("wide")],
  ["a_rule_on_a_bare_permission_does_not_fire", "export", { subject: staff("news") }, yes()],
  ["a_rule_on_a_bare_permission_fires_where_the_attribute_is_missing", "export", {}, denied("wide")],
  ["a_rule_that_is_false_anyway_leaves_nothing_open", "doc:known", { subject: staff("news") }, yes()],
  ["a_rule_that_may_be_true_is_open", "doc:known", { subject: staff("sales") }, conditional],
  ["a_role_is_an_exception", "write", { subject: { roles: ["officer"] } }, yes(), 1790006400],
  ["without_the_role_there_is_no_exception", "write", {}, unmet("hours", "Only from 8 to 18 o'clock."), 1790006400],
  ["within_the_hours_no_exception_is_needed", "write", {}, yes(), 1790006399],

  // Guests and hidden types
  ["a_guest_that_a_rule_denies_is_asked_to_sign_in", "doc:when", { subject: { kind: "guest", roles: ["guest"] }, properties: { status: "archived" } }, signIn("denied_by_rule", { rule: "when" })],
  ["a_guest_that_does_not_meet_a_requirement_is_asked_to_sign_in", "doc:require", { subject: { kind: "guest", roles: ["guest"] }, properties: { status: "draft" } }, signIn("requirement_failed", { rule: "require" })],
  ["a_guest_that_no_rule_denies_is_allowed", "doc:when", { subject: { kind: "guest", roles: ["guest"] }, properties: { status: "draft" } }, yes()],
  ["a_hidden_type_that_a_requirement_closes_is_not_found", "secret:read", of({ locked: true }), no("not_found", "requirement_failed", 404, "Not found", { rule: "secret" })],
  ["a_hidden_type_whose_requirement_is_met_is_found", "secret:read", of({ locked: false }), yes()],
];

const article = { type: "doc", id: "1" };
const call = (name, roles, path, found, expect, { changes = {}, asked: wanted, method = "POST", ...more } = {}) => ({
  name,
  ...withToken(usual({ roles, ...changes }), path, method),
  resources: { doc: { 1: found }, secret: { 1: found } },
  ...more,
  expect,
  asked: wanted,
});
const granted = (route, permission, members = {}, who = {}) => allowed(principal({ roles: ["member"], ...who }), route, { permission, resource: article, ...members });
const visit = (name, path, found, expect) => ({ name, request: request("POST", path), resources: { doc: { 1: found } }, expect });
const sales = { changes: { department: "sales" } };

export const cases = [
  ...decisions.map(([name, permission, given, expect, now]) => ({ ...ask(name, permission, given, expect), now })),
  ...decisions.filter((_, place) => place % 3 === 0).map(([name, permission, given, expect, now]) => ({ ...ask(`in_reverse_order_${name}`, permission, given, expect, "reversed"), now })),
  ...decisions.filter((_, place) => place % 5 === 1).map(([name, permission, given, expect, now]) => ({ ...ask(`in_another_order_${name}`, permission, given, expect, "shuffled"), now })),

  // Through requests
  call("a_loaded_attribute_keeps_a_rule_from_firing", ["member"], "/docs/1/when", { status: "draft" }, granted("POST /docs/{id}/when", "doc:when"), { asked: ["resource doc/1"] }),
  call("a_loaded_attribute_makes_a_rule_fire", ["member"], "/docs/1/when", { status: "archived" }, notAllowed("denied_by_rule", "This is archived.")),
  call("a_loaded_resource_without_the_attribute_makes_a_rule_fire", ["member"], "/docs/1/when", {}, notAllowed("denied_by_rule", "This is archived.")),
  call("a_loaded_attribute_meets_a_requirement", ["member"], "/docs/1/require", { status: "ready" }, granted("POST /docs/{id}/require", "doc:require")),
  call("a_loaded_attribute_does_not_meet_a_requirement", ["member"], "/docs/1/require", { status: "draft" }, notAllowed("requirement_failed", "It is not ready.")),
  call("a_loaded_resource_without_the_attribute_meets_no_requirement", ["member"], "/docs/1/require", {}, notAllowed("requirement_failed", "It is not ready.")),
  call("a_rule_on_what_is_not_there_is_not_found", ["member"], "/docs/1/when", undefined, notFound()),
  call("a_rule_on_what_cannot_be_loaded_is_unavailable", ["member"], "/docs/1/when", "fails", unavailable("resource_unavailable")),
  call("a_rule_that_always_fires_needs_no_loader", ["member"], "/docs/1/always", "fails", notAllowed("denied_by_rule"), { asked: [] }),
  call("a_rule_that_is_false_anyway_needs_no_loader", ["member"], "/docs/1/known", "fails", granted("POST /docs/{id}/known", "doc:known", {}, { attributes: { department: "news" } }), { changes: { department: "news" }, asked: [] }),
  call("a_rule_that_may_be_true_needs_the_loader", ["member"], "/docs/1/known", { locked: true }, notAllowed("denied_by_rule"), { ...sales, asked: ["resource doc/1"] }),
  call("a_rule_that_the_instance_does_not_meet_does_not_fire", ["member"], "/docs/1/known", { locked: false }, granted("POST /docs/{id}/known", "doc:known", {}, { attributes: { department: "sales" } }), sales),
  call("without_a_grant_no_rule_needs_the_loader", ["nobody"], "/docs/1/when", "fails", permissionDenied(), { asked: [] }),
  call("who_created_what_is_loaded_may_not_approve_it", ["member"], "/docs/1/approve", { created_by: "u1" }, notAllowed("denied_by_rule", "Who created it may not approve it.")),
  call("who_did_not_create_what_is_loaded_may_approve_it", ["member"], "/docs/1/approve", { created_by: "u2" }, granted("POST /docs/{id}/approve", "doc:approve")),
  call("a_route_of_the_type_is_refused_where_a_rule_is_open", ["member"], "/docs", "fails", notAllowed("resource_required"), { asked: [] }),
  call("a_handler_decides_where_a_rule_is_open", ["member"], "/docs/1", "fails", granted("PUT /docs/{id}", "doc:when", { conditional: true }), { method: "PUT", asked: [] }),
  call("a_handler_decides_nothing_without_a_grant", ["nobody"], "/docs/1", "fails", permissionDenied(), { method: "PUT", asked: [] }),
  call("a_hidden_route_s_requirement_reads_as_not_found", ["member"], "/secrets/1", { locked: true }, notFound("requirement_failed"), { method: "GET" }),
  call("a_rule_on_the_subject_denies_a_bare_permission", ["member"], "/export", "fails", notAllowed("denied_by_rule"), { ...sales, asked: [] }),
  call("a_rule_on_what_the_token_does_not_say_denies", ["member"], "/export", "fails", notAllowed("denied_by_rule"), { asked: [] }),
  call("a_rule_on_the_subject_lets_others_pass", ["member"], "/export", "fails", granted("POST /export", "export", { resource: null }, { attributes: { department: "news" } }), { changes: { department: "news" } }),
  call("the_message_of_a_requirement_is_told", ["member"], "/write", "fails", notAllowed("requirement_failed", "Only from 8 to 18 o'clock."), { changes: { iat: 1790006390, exp: 1790007000 }, now: 1790006400 }),
  call("a_role_is_an_exception_by_token", ["member", "officer"], "/write", "fails", granted("POST /write", "write", { resource: null }, { roles: ["member", "officer"] }), { changes: { iat: 1790006390, exp: 1790007000 }, now: 1790006400 }),
  visit("a_guest_whom_a_rule_denies_gets_401", "/docs/1/when", { status: "archived" }, unauthenticated("denied_by_rule")),
  visit("a_guest_who_does_not_meet_a_requirement_gets_401", "/docs/1/require", { status: "draft" }, unauthenticated("requirement_failed")),
  visit("a_guest_whom_no_rule_denies_passes", "/docs/1/when", { status: "draft" }, allowed(guest(["guest"]), "POST /docs/{id}/when", { permission: "doc:when", resource: article })),
  visit("a_guest_whom_a_rule_denies_by_what_is_missing_gets_401", "/export", "fails", unauthenticated("denied_by_rule")),
];
