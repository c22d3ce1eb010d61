// Separation of duties: roles that exclude each other (static, NIST RBAC), and who created may not
// approve (dynamic, by a deny rule).

import { allowed, notAllowed, notFound, permissionDenied, principal, roleMissing, yes } from "../forge/expect.mjs";
import { asked, conditional, denied, exclusive, missing, notOwner, signIn, unknown } from "../forge/question.mjs";
import { withToken } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, issuer, now, usual } from "../forge/token.mjs";

export const about = "Separation of duties: roles that exclude each other, and rules that keep one person from both halves.";

const policyOf = (lists) => ({
  policy: "separation",
  revision: 1,
  resources: { order: { actions: ["create", "approve", "close", "read", "pay", "audit"], owner: "created_by", attributes: { created_by: "string" } } },
  permissions: ["report"],
  roles: {
    requester: { permits: ["order:create"] },
    approver: { permits: ["order:approve"] },
    buyer: { inherits: ["requester"], permits: ["order:close"] },
    chief: { inherits: ["approver"], permits: ["report"] },
    clerk: { permits: ["order:read", "order:create"] },
    owner: { permits: [{ permission: "order:approve", owner: true }] },
    viewer: { permits: ["order:read"] },
    payer: { permits: ["order:pay"] },
    auditor: { permits: ["order:audit"] },
    checker: { permits: ["order:audit", "order:pay"] },
  },
  exclusive: lists,
  rules: [
    { id: "not-ones-own", effect: "deny", permissions: ["order:close"], when: "resource.created_by == subject.id", message: "Somebody else must close it." },
    { id: "approvers-read", effect: "deny", permissions: ["order:read"], unless: "'approver' in subject.roles || 'clerk' in subject.roles" },
  ],
  routes: [
    { route: "POST /orders", permission: "order:create" },
    { route: "POST /orders/{id}/approval", permission: "order:approve" },
    { route: "DELETE /orders/{id}", permission: "order:close" },
    { route: "GET /approvers", role: "approver" },
    { route: "GET /chiefs", role: "chief" },
    { route: "GET /clerks", role: "clerk" },
  ],
});
const trust = { issuers: [{ issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] }, claims: { assignments: "assignments" } }] };

const lists = [["requester", "approver"], ["payer", "auditor", "viewer"]];
export const configs = {
  site: { policy: policyOf(lists), trust },
  reversed: { policy: policyOf(lists.map((list) => [...list].reverse()).reverse()), trust },
  none: { policy: policyOf([]), trust },
};

const ask = (name, roles, permission, expect, { config, ...given } = {}) => ({ name, config, ask: asked(permission, { properties: {}, ...given, subject: { roles, ...given.subject } }), expect });
const call = (name, claims, [method, path], expect, { found, ...more } = {}) => ({ name, ...withToken(usual(claims), path, method), resources: { order: { 1: found } }, ...more, expect });
const both = ["requester", "approver"];
const order = { type: "order", id: "1" };

export const cases = [
  // Static
  ask("one_of_two_exclusive_roles_counts", ["requester"], "order:create", yes()),
  ask("the_other_of_two_exclusive_roles_counts", ["approver"], "order:approve", yes()),
  ask("of_two_exclusive_roles_the_first_does_not_count", both, "order:create", exclusive),
  ask("of_two_exclusive_roles_the_second_does_not_count", both, "order:approve", exclusive),
  ask("of_two_exclusive_roles_neither_counts_in_another_order", ["approver", "requester"], "order:create", exclusive),
  ask("the_order_of_the_lists_does_not_matter", both, "order:approve", exclusive, { config: "reversed" }),
  ask("without_a_list_both_count", both, "order:approve", yes(), { config: "none" }),
  ask("what_neither_of_two_exclusive_roles_has_is_missing", both, "order:pay", missing),
  ask("an_unknown_permission_is_unknown_first", both, "order:refund", unknown),
  ask("a_third_role_beside_two_exclusive_ones_counts", [...both, "clerk"], "order:read", yes()),
  ask("a_third_role_gives_back_what_an_exclusive_one_had", [...both, "clerk"], "order:create", yes()),
  ask("a_role_that_inherits_an_exclusive_one_does_not_count_beside_the_other", ["buyer", "approver"], "order:close", exclusive, { properties: { created_by: "u2" } }),
  ask("what_it_inherits_does_not_count_beside_the_other", ["buyer", "approver"], "order:create", exclusive),
  ask("the_other_does_not_count_beside_a_role_that_inherits", ["buyer", "approver"], "order:approve", exclusive),
  ask("two_roles_that_inherit_two_exclusive_ones_do_not_count", ["buyer", "chief"], "report", exclusive),
  ask("two_roles_that_inherit_two_exclusive_ones_do_not_count_either_way", ["chief", "buyer"], "order:close", exclusive, { properties: { created_by: "u2" } }),
  ask("a_role_that_inherits_an_exclusive_one_counts_alone", ["buyer"], "order:create", yes()),
  ask("a_role_beside_one_that_it_inherits_is_no_conflict", ["buyer", "requester"], "order:create", yes()),
  ask("two_of_three_exclusive_roles_do_not_count", ["payer", "auditor"], "order:pay", exclusive),
  ask("three_of_three_exclusive_roles_do_not_count", ["payer", "auditor", "viewer"], "order:audit", exclusive),
  ask("two_of_a_list_leave_the_roles_of_another", ["payer", "auditor", "requester"], "order:create", yes()),
  ask("one_of_each_of_two_lists_is_no_conflict", ["payer", "approver"], "order:pay", yes()),
  ask("the_same_exclusive_role_twice_is_no_conflict", ["payer", "payer"], "order:pay", yes()),
  ask("an_unknown_role_is_no_conflict", ["payer", "Auditor"], "order:pay", yes()),
  ask("another_role_s_grant_is_enough", ["payer", "auditor", "checker"], "order:pay", yes()),
  ask("the_subject_s_own_permission_is_not_taken_away", both, "order:approve", yes(), { subject: { permissions: ["order:approve"] } }),
  ask("a_grant_that_lacks_ownership_is_told_first", [...both, "owner"], "order:approve", notOwner, { properties: { created_by: "u2" } }),
  ask("a_grant_that_has_ownership_is_enough", [...both, "owner"], "order:approve", yes(), { properties: { created_by: "u1" } }),
  ask("an_exclusive_role_is_in_effect_for_no_rule", [...both, "viewer"], "order:read", denied("approvers-read")),
  ask("a_role_without_its_opposite_is_in_effect_for_a_rule", ["approver", "viewer"], "order:read", yes()),
  { name: "of_the_type_two_exclusive_roles_do_not_count", ask: asked("order:approve", { subject: { roles: both } }), expect: exclusive },
  ask("a_guest_with_two_exclusive_roles_is_asked_to_sign_in", both, "order:approve", signIn("roles_exclusive"), { subject: { kind: "guest" } }),

  // By assignments
  ask("an_assignment_excludes_as_a_role_does", ["requester"], "order:create", exclusive, { subject: { assignments: [{ role: "approver" }] } }),
  ask("two_assignments_exclude_each_other", [], "order:approve", exclusive, { subject: { assignments: [{ role: "approver" }, { role: "requester", notAfter: now + 1 }] } }),
  ask("an_assignment_that_is_over_excludes_nothing", ["requester"], "order:create", yes(), { subject: { assignments: [{ role: "approver", notAfter: now }] } }),
  ask("an_assignment_that_has_not_begun_excludes_nothing", ["requester"], "order:create", yes(), { subject: { assignments: [{ role: "approver", notBefore: now + 1 }] } }),

  // Through requests
  call("a_request_with_two_exclusive_roles_is_denied", { roles: both }, ["POST", "/orders"], permissionDenied("roles_exclusive")),
  call("a_request_with_two_exclusive_roles_needs_no_loader", { roles: both }, ["POST", "/orders/1/approval"], permissionDenied("roles_exclusive"), { found: "fails", asked: [] }),
  call("a_request_with_one_of_them_is_allowed", { roles: ["requester"] }, ["POST", "/orders"], allowed(principal({ roles: ["requester"] }), "POST /orders", { permission: "order:create" })),
  call("a_principal_shows_the_roles_that_its_token_has", { roles: [...both, "clerk"] }, ["POST", "/orders"], allowed(principal({ roles: [...both, "clerk"] }), "POST /orders", { permission: "order:create" })),
  call("a_route_s_role_is_not_met_by_an_exclusive_one", { roles: both }, ["GET", "/approvers"], roleMissing()),
  call("a_route_s_role_is_not_met_by_what_inherits_an_exclusive_one", { roles: ["chief", "requester"] }, ["GET", "/chiefs"], roleMissing()),
  call("a_route_s_role_is_met_by_one_of_them", { roles: ["approver"] }, ["GET", "/approvers"], allowed(principal({ roles: ["approver"] }), "GET /approvers")),
  call("a_route_s_role_is_met_by_a_third", { roles: [...both, "clerk"] }, ["GET", "/clerks"], allowed(principal({ roles: [...both, "clerk"] }), "GET /clerks")),

  // Dynamic
  ask("who_created_it_may_not_close_it", ["buyer"], "order:close", denied("not-ones-own", "Somebody else must close it."), { properties: { created_by: "u1" } }),
  ask("another_may_close_it", ["buyer"], "order:close", yes(), { properties: { created_by: "u2" } }),
  ask("what_nobody_created_nobody_closes", ["buyer"], "order:close", denied("not-ones-own", "Somebody else must close it.")),
  ask("what_null_created_nobody_closes", ["buyer"], "order:close", denied("not-ones-own", "Somebody else must close it."), { properties: { created_by: null } }),
  { name: "of_the_type_who_created_it_is_open", ask: asked("order:close", { subject: { roles: ["buyer"] } }), expect: conditional },
  call("who_created_what_is_loaded_may_not_close_it", { roles: ["buyer"] }, ["DELETE", "/orders/1"], notAllowed("denied_by_rule", "Somebody else must close it."), { found: { created_by: "u1" } }),
  call("another_may_close_what_is_loaded", { roles: ["buyer"] }, ["DELETE", "/orders/1"], allowed(principal({ roles: ["buyer"] }), "DELETE /orders/{id}", { permission: "order:close", resource: order }), { found: { created_by: "u2" } }),
  call("who_created_what_is_not_there_is_not_found", { roles: ["buyer"] }, ["DELETE", "/orders/1"], notFound()),
];
