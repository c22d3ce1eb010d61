// Roles that are held for a time or in a tenant: from a subject, a token, an API key.

import { apiKeyHash } from "../forge/api_key.mjs";
import { allowed, invalidToken, notAllowed, permissionDenied, principal, roleMissing, yes } from "../forge/expect.mjs";
import { asked, conditional, conditionFailed, denied, justify, missing, notOwner, signIn, tenantMismatch } from "../forge/question.mjs";
import { request, withToken } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, issuer, now, usual } from "../forge/token.mjs";

export const about = "Assignments: roles for a time and in a tenant, of subjects, tokens and API keys.";

const attributes = { tenant_id: "string", author_id: "string", status: "string" };
const policy = {
  policy: "assignments",
  revision: 1,
  resources: {
    project: { actions: ["read", "update", "close", "archive"], owner: "author_id", tenant: "tenant_id", attributes },
    board: { actions: ["read"], tenant: "__proto__" },
    note: { actions: ["read"], attributes },
  },
  permissions: ["report", "refund"],
  roles: {
    member: { permits: ["project:read", "board:read", "note:read", "report", "project:close"] },
    lead: { inherits: ["member"], permits: ["project:update"] },
    author: { permits: [{ permission: "project:update", owner: true }] },
    keeper: { permits: [{ permission: "project:archive", when: "resource.status == 'done'" }] },
    clerk: { permits: ["refund", "project:archive"], elevated: { justification: true } },
    plain: {},
  },
  rules: [{ id: "leads-close", effect: "deny", permissions: ["project:close"], unless: "'lead' in subject.roles" }],
  routes: [
    { route: "GET /me", allow: "authenticated" },
    { route: "GET /report", permission: "report" },
    { route: "GET /members", role: "member" },
    { route: "GET /projects/{id}", permission: "project:read" },
    { route: "GET /projects", permission: "project:read" },
    { route: "POST /projects", permission: "project:read", handler: "decides" },
  ],
};

const ours = { issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] } };
const keyText = "an-api-key-of-more-than-32-characters-1";
const keys = (assignments, members = {}) => ({ policy, trust: { apiKeys: [{ id: "ci", hash: apiKeyHash(keyText), ...members, assignments }] } });

export const configs = {
  site: { policy, trust: { issuers: [{ ...ours, claims: { assignments: "assignments" } }] } },
  nested: { policy, trust: { issuers: [{ ...ours, claims: { assignments: ["https://shop.example/app", "held.by"] } }] } },
  unread: { policy, trust: { issuers: [ours] } },
  bounded: { policy, trust: { issuers: [{ ...ours, claims: { assignments: "assignments" }, asserts: { roles: ["member"] } }] } },
  unbounded: { policy, trust: { issuers: [{ ...ours, claims: { assignments: "assignments" }, asserts: { roles: true } }] } },
  nothing: { policy, trust: { issuers: [{ ...ours, claims: { assignments: "assignments" }, asserts: { roles: [] } }] } },
  key: keys([{ role: "member" }]),
  key_in_time: keys([{ role: "member", notBefore: now, notAfter: now + 1 }]),
  key_in_tenant: keys([{ role: "member", tenant: "acme" }], { roles: ["plain"] }),
};

const ask = (name, assignments, permission, given, expect) => ({ name, ask: asked(permission, { ...given, subject: { assignments, ...given.subject } }), now: given.now, expect });
const report = (name, assignment, expect) => ask(name, [{ role: "member", ...assignment }], "report", {}, expect);
const inAcme = { role: "member", tenant: "acme" };
const acme = { properties: { tenant_id: "acme" } };
const of = (tenant_id) => ({ properties: { tenant_id } });
const read = (name, given, expect, assignments = [inAcme]) => ask(name, assignments, "project:read", given, expect);

const project = { type: "project", id: "1" };
const token = (name, claims, [method, path], expect, { config = "site", found, ...more } = {}) => ({
  name,
  config,
  ...withToken(usual(claims), path, method),
  resources: { project: { 1: found } },
  ...more,
  expect,
});
const reports = ["GET", "/report"];
const reported = (who, members = {}) => allowed(principal(who), "GET /report", { permission: "report", ...members });
const shown = (who, members = {}) => allowed(principal(who), "GET /projects/{id}", { permission: "project:read", resource: project, ...members });
const me = ["GET", "/me"];
const malformed = (name, assignments, config) => token(name, { assignments }, me, invalidToken("claim_type"), { config });
const byKey = (name, config, [method, path], expect, found) => ({ name, config, request: request(method, path, [["x-api-key", keyText]]), resources: { project: { 1: found } }, expect });
const service = (members) => principal({ kind: "service", id: "ci", issuer: null, ...members });

export const cases = [
  // For a time
  report("an_assignment_counts_as_a_role", {}, yes()),
  report("an_assignment_counts_from_its_first_second", { notBefore: now }, yes()),
  report("an_assignment_does_not_count_before_its_first_second", { notBefore: now + 1 }, missing),
  report("an_assignment_does_not_count_from_its_end", { notAfter: now }, missing),
  report("an_assignment_counts_to_the_second_before_its_end", { notAfter: now + 1 }, yes()),
  report("an_assignment_counts_within_its_time", { notBefore: now - 10, notAfter: now + 10 }, yes()),
  report("an_assignment_whose_time_is_over_does_not_count", { notBefore: now - 20, notAfter: now - 10 }, missing),
  report("an_assignment_that_ends_before_it_begins_never_counts", { notBefore: now + 10, notAfter: now - 10 }, missing),
  report("an_assignment_of_one_second_counts_in_it", { notBefore: now, notAfter: now + 1 }, yes()),
  report("an_assignment_of_no_second_never_counts", { notBefore: now, notAfter: now }, missing),
  ask("an_assignment_counts_later", [{ role: "member", notBefore: now + 1 }], "report", { now: now + 1 }, yes()),
  ask("an_assignment_counts_no_longer", [{ role: "member", notAfter: now + 1 }], "report", { now: now + 1 }, missing),
  ask("one_of_two_assignments_of_a_role_is_enough", [{ role: "member", notAfter: now }, { role: "member", notBefore: now }], "report", {}, yes()),
  ask("a_role_beside_an_assignment_of_it_that_is_over_counts", [{ role: "member", notAfter: now }], "report", { subject: { roles: ["member"] } }, yes()),
  ask("an_assignment_inherits", [{ role: "lead", notAfter: now + 1 }], "report", {}, yes()),
  ask("an_assignment_of_an_unknown_role_counts_for_nothing", [{ role: "ghost" }, { role: "__proto__" }], "report", {}, missing),
  ask("no_assignments_count_for_nothing", [], "report", {}, missing),
  ask("an_assigned_elevated_role_wants_what_it_wants", [{ role: "clerk", notAfter: now + 1 }], "refund", {}, justify),
  ask("an_assigned_elevated_role_is_elevated", [{ role: "clerk", notAfter: now + 1 }], "refund", { context: { justification: "ticket 4711" } }, yes({ elevated: true })),
  ask("an_assigned_elevated_role_whose_time_is_over_is_none", [{ role: "clerk", notAfter: now }], "refund", { context: { justification: "ticket 4711" } }, missing),
  ask("an_assigned_role_is_in_effect_for_a_rule", [{ role: "lead" }], "project:close", acme, yes()),
  ask("an_assigned_role_whose_time_is_over_is_in_effect_for_no_rule", [{ role: "lead", notAfter: now }], "project:close", { ...acme, subject: { roles: ["member"] } }, denied("leads-close")),

  // In a tenant
  read("a_tenant_s_role_counts_in_its_tenant", acme, yes()),
  read("a_tenant_s_role_does_not_count_in_another_tenant", of("other"), tenantMismatch),
  read("a_tenant_is_compared_to_the_letter", of("Acme"), tenantMismatch),
  read("a_tenant_with_a_space_is_another", of("acme "), tenantMismatch),
  read("a_longer_tenant_is_another", of("acme2"), tenantMismatch),
  read("a_tenant_s_role_does_not_count_where_the_tenant_is_missing", { properties: {} }, tenantMismatch),
  read("a_tenant_s_role_does_not_count_where_the_tenant_is_null", of(null), tenantMismatch),
  read("a_tenant_s_role_does_not_count_where_the_tenant_is_empty", of(""), tenantMismatch),
  read("a_tenant_s_role_does_not_count_where_the_tenant_is_a_number", of(5), tenantMismatch, [{ role: "member", tenant: "5" }]),
  read("a_tenant_s_role_does_not_count_where_the_tenant_is_a_list", of(["acme"]), tenantMismatch),
  read("a_tenant_s_role_does_not_count_where_the_tenant_is_true", of(true), tenantMismatch, [{ role: "member", tenant: "true" }]),
  read("a_tenant_under_another_name_is_none", { properties: { tenant: "acme", tenantId: "acme" } }, tenantMismatch),
  read("of_the_type_a_tenant_s_role_is_open", {}, conditional),
  read("of_an_id_alone_a_tenant_s_role_is_open", { id: "1" }, conditional),
  read("a_role_of_two_tenants_counts_in_the_second", of("other"), yes(), [inAcme, { role: "member", tenant: "other" }]),
  read("a_role_of_no_tenant_counts_in_each", of("other"), yes(), [inAcme, { role: "member" }]),
  read("a_role_of_no_tenant_counts_where_there_is_none", { properties: {} }, yes(), [{ role: "member" }]),
  read("a_role_of_no_tenant_leaves_nothing_open", {}, yes(), [inAcme, { role: "member" }]),
  read("a_role_that_the_subject_has_counts_in_each_tenant", { ...of("other"), subject: { roles: ["member"] } }, yes()),
  read("a_tenant_s_role_inherits_in_its_tenant", acme, yes(), [{ role: "lead", tenant: "acme" }]),
  read("a_tenant_s_role_inherits_in_no_other_tenant", of("other"), tenantMismatch, [{ role: "lead", tenant: "acme" }]),
  read("a_tenant_s_role_whose_time_is_over_is_none", acme, missing, [{ ...inAcme, notAfter: now }]),
  read("a_tenant_s_role_whose_time_has_come_counts", acme, yes(), [{ ...inAcme, notBefore: now, notAfter: now + 1 }]),
  read("a_tenant_s_role_that_lacks_the_permission_is_no_matter_of_tenants", acme, missing, [{ role: "plain", tenant: "acme" }]),
  read("a_tenant_s_role_that_lacks_the_permission_is_none_elsewhere", of("other"), missing, [{ role: "plain", tenant: "acme" }]),
  ask("a_tenant_s_role_counts_for_no_bare_permission", [inAcme], "report", {}, tenantMismatch),
  ask("a_tenant_s_role_counts_for_no_type_without_tenants", [inAcme], "note:read", acme, tenantMismatch),
  ask("a_tenant_s_role_counts_for_no_type_without_tenants_of_the_type", [inAcme], "note:read", {}, tenantMismatch),
  ask("a_tenant_named_proto_is_a_tenant", [{ role: "member", tenant: "__proto__" }], "project:read", of("__proto__"), yes()),
  ask("a_tenant_attribute_named_proto_is_read", [inAcme], "board:read", { properties: { ["__proto__"]: "acme" } }, yes()),
  ask("a_tenant_attribute_named_proto_may_be_missing", [inAcme], "board:read", { properties: {} }, tenantMismatch),
  ask("another_grant_that_lacks_ownership_is_told_behind_the_tenant", [{ role: "lead", tenant: "acme" }], "project:update", { properties: { tenant_id: "other", author_id: "u2" }, subject: { roles: ["author"] } }, tenantMismatch),
  ask("one_s_own_is_allowed_in_another_tenant", [{ role: "lead", tenant: "acme" }], "project:update", { properties: { tenant_id: "other", author_id: "u1" }, subject: { roles: ["author"] } }, yes()),
  ask("a_tenant_s_role_owns_in_its_tenant", [{ role: "author", tenant: "acme" }], "project:update", { properties: { tenant_id: "acme", author_id: "u1" } }, yes()),
  ask("a_tenant_s_role_owns_nothing_of_another", [{ role: "author", tenant: "acme" }], "project:update", { properties: { tenant_id: "acme", author_id: "u2" } }, notOwner),
  ask("a_tenant_s_role_owns_nothing_in_another_tenant", [{ role: "author", tenant: "acme" }], "project:update", { properties: { tenant_id: "other", author_id: "u1" } }, tenantMismatch),
  ask("a_tenant_s_role_meets_its_condition", [{ role: "keeper", tenant: "acme" }], "project:archive", { properties: { tenant_id: "acme", status: "done" } }, yes()),
  ask("a_tenant_s_role_fails_its_condition", [{ role: "keeper", tenant: "acme" }], "project:archive", { properties: { tenant_id: "acme", status: "open" } }, conditionFailed),
  ask("a_tenant_s_role_is_in_effect_for_a_rule_in_its_tenant", [{ role: "lead", tenant: "acme" }], "project:close", { ...acme, subject: { roles: ["member"] } }, yes()),
  ask("a_tenant_s_role_is_in_effect_for_no_rule_in_another_tenant", [{ role: "lead", tenant: "acme" }], "project:close", { ...of("other"), subject: { roles: ["member"] } }, denied("leads-close")),
  ask("a_tenant_s_elevated_role_is_elevated_in_its_tenant", [{ role: "clerk", tenant: "acme" }], "project:archive", { ...acme, context: { justification: "ticket 4711" } }, yes({ elevated: true })),
  ask("a_tenant_s_elevated_role_wants_what_it_wants", [{ role: "clerk", tenant: "acme" }], "project:archive", acme, justify),
  ask("a_tenant_s_elevated_role_counts_in_no_other_tenant", [{ role: "clerk", tenant: "acme" }], "project:archive", { ...of("other"), context: { justification: "ticket 4711" } }, tenantMismatch),
  ask("a_guest_whose_tenant_is_another_is_asked_to_sign_in", [inAcme], "project:read", { ...of("other"), subject: { kind: "guest" } }, signIn("tenant_mismatch")),

  // From tokens
  token("a_token_s_assignment_counts", { assignments: [{ role: "member" }] }, reports, reported({ assignments: [{ role: "member" }] })),
  token("a_token_s_assignment_counts_in_its_time", { assignments: [{ role: "member", notBefore: now, notAfter: now + 1 }] }, reports, reported({ assignments: [{ role: "member", notBefore: now, notAfter: now + 1 }] })),
  token("a_token_s_assignment_has_no_leeway_at_its_end", { assignments: [{ role: "member", notAfter: now }] }, reports, permissionDenied()),
  token("a_token_s_assignment_has_no_leeway_at_its_beginning", { assignments: [{ role: "member", notBefore: now + 1 }] }, reports, permissionDenied()),
  token("a_token_s_assignment_counts_in_its_tenant", { assignments: [inAcme] }, ["GET", "/projects/1"], shown({ assignments: [inAcme] }), { found: { tenant_id: "acme" }, asked: ["resource project/1"] }),
  token("a_token_s_assignment_does_not_count_in_another_tenant", { assignments: [inAcme] }, ["GET", "/projects/1"], notAllowed("tenant_mismatch"), { found: { tenant_id: "other" } }),
  token("a_token_s_assignment_does_not_count_where_what_is_loaded_has_no_tenant", { assignments: [inAcme] }, ["GET", "/projects/1"], notAllowed("tenant_mismatch"), { found: {} }),
  token("a_token_s_role_needs_no_loader_for_its_tenant", { roles: ["member"], assignments: [inAcme] }, ["GET", "/projects/1"], shown({ roles: ["member"], assignments: [inAcme] }), { found: "fails", asked: [] }),
  token("a_token_s_assignment_counts_for_no_bare_permission_in_a_tenant", { assignments: [inAcme] }, reports, notAllowed("tenant_mismatch")),
  token("a_route_of_the_type_is_refused_where_the_tenant_is_open", { assignments: [inAcme] }, ["GET", "/projects"], notAllowed("resource_required"), { found: "fails", asked: [] }),
  token("a_handler_decides_where_the_tenant_is_open", { assignments: [inAcme] }, ["POST", "/projects"], allowed(principal({ assignments: [inAcme] }), "POST /projects", { permission: "project:read", conditional: true }), { asked: [] }),
  token("a_route_s_role_is_met_by_an_assignment", { assignments: [{ role: "member" }] }, ["GET", "/members"], allowed(principal({ assignments: [{ role: "member" }] }), "GET /members")),
  token("a_route_s_role_is_met_by_what_an_assignment_inherits", { assignments: [{ role: "lead", notAfter: now + 1 }] }, ["GET", "/members"], allowed(principal({ assignments: [{ role: "lead", notAfter: now + 1 }] }), "GET /members")),
  token("a_route_s_role_is_not_met_by_an_assignment_that_is_over", { assignments: [{ role: "member", notAfter: now }] }, ["GET", "/members"], roleMissing()),
  token("a_route_s_role_is_not_met_by_an_assignment_that_has_not_begun", { assignments: [{ role: "member", notBefore: now + 1 }] }, ["GET", "/members"], roleMissing()),
  token("a_route_s_role_is_not_met_by_a_tenant_s_role", { assignments: [inAcme] }, ["GET", "/members"], roleMissing()),
  token("a_token_without_assignments_has_none", { roles: ["member"] }, reports, reported({ roles: ["member"] })),
  token("an_assignment_by_a_path_counts", { "https://shop.example/app": { "held.by": [{ role: "member" }] } }, reports, reported({ assignments: [{ role: "member" }] }), { config: "nested" }),
  token("an_assignment_beside_the_path_does_not_count", { assignments: [{ role: "member" }] }, reports, permissionDenied(), { config: "nested" }),
  token("assignments_are_read_from_nowhere_where_no_path_is_given", { assignments: [{ role: "member" }] }, reports, permissionDenied(), { config: "unread" }),
  token("malformed_assignments_that_nobody_reads_do_no_harm", { assignments: 5 }, me, allowed(principal(), "GET /me"), { config: "unread" }),

  // What an issuer may assert
  token("an_assignment_of_a_role_that_may_be_asserted_counts", { assignments: [{ role: "member" }] }, reports, reported({ assignments: [{ role: "member" }] }), { config: "bounded" }),
  token("an_assignment_of_a_role_that_may_not_be_asserted_is_dropped", { assignments: [{ role: "lead" }] }, me, allowed(principal(), "GET /me", { dropped: { roles: ["lead"] } }), { config: "bounded" }),
  token("a_dropped_assignment_permits_nothing", { assignments: [{ role: "lead" }] }, reports, permissionDenied(), { config: "bounded" }),
  token("a_dropped_assignment_leaves_the_others", { assignments: [{ role: "lead", tenant: "acme" }, inAcme] }, me, allowed(principal({ assignments: [inAcme] }), "GET /me", { dropped: { roles: ["lead"] } }), { config: "bounded" }),
  token("a_dropped_role_comes_before_a_dropped_assignment", { roles: ["lead"], assignments: [{ role: "clerk" }] }, me, allowed(principal(), "GET /me", { dropped: { roles: ["lead", "clerk"] } }), { config: "bounded" }),
  token("where_all_roles_may_be_asserted_all_assignments_count", { assignments: [{ role: "lead" }] }, reports, reported({ assignments: [{ role: "lead" }] }), { config: "unbounded" }),
  token("where_no_role_may_be_asserted_no_assignment_counts", { assignments: [{ role: "member" }] }, me, allowed(principal(), "GET /me", { dropped: { roles: ["member"] } }), { config: "nothing" }),
  malformed("what_may_not_be_asserted_must_still_be_of_its_form", [{ role: 5 }], "nothing"),

  // Malformed ones
  malformed("assignments_that_are_text_are_refused", "member"),
  malformed("assignments_that_are_an_object_are_refused", { role: "member" }),
  malformed("assignments_that_are_a_number_are_refused", 5),
  malformed("an_assignment_that_is_text_is_refused", ["member"]),
  malformed("an_assignment_that_is_null_is_refused", [null]),
  malformed("an_assignment_that_is_a_list_is_refused", [["member"]]),
  malformed("an_assignment_without_a_role_is_refused", [{ tenant: "acme" }]),
  malformed("an_assignment_whose_role_is_a_number_is_refused", [{ role: 5 }]),
  malformed("an_assignment_whose_tenant_is_a_number_is_refused", [{ role: "member", tenant: 5 }]),
  malformed("an_assignment_whose_tenant_is_null_is_refused", [{ role: "member", tenant: null }]),
  malformed("an_assignment_whose_beginning_is_text_is_refused", [{ role: "member", notBefore: "1790000000" }]),
  malformed("an_assignment_whose_end_is_text_is_refused", [{ role: "member", notAfter: "never" }]),
  malformed("an_assignment_whose_end_is_null_is_refused", [{ role: "member", notAfter: null }]),
  malformed("an_assignment_with_an_unknown_member_is_refused", [{ role: "member", until: now - 1 }]),
  malformed("one_malformed_assignment_beside_a_good_one_is_enough", [{ role: "member" }, { role: true }]),
  malformed("a_member_named_proto_in_an_assignment_is_unknown", [{ role: "member", ["__proto__"]: { tenant: "acme" } }]),

  // API keys
  byKey("an_api_key_s_assignment_counts", "key", reports, allowed(service({ assignments: [{ role: "member" }] }), "GET /report", { permission: "report" })),
  byKey("an_api_key_s_assignment_counts_in_its_time", "key_in_time", reports, allowed(service({ assignments: [{ role: "member", notBefore: now, notAfter: now + 1 }] }), "GET /report", { permission: "report" })),
  { ...byKey("an_api_key_s_assignment_does_not_count_behind_its_time", "key_in_time", reports, permissionDenied()), now: now + 1 },
  { ...byKey("an_api_key_s_assignment_does_not_count_before_its_time", "key_in_time", reports, permissionDenied()), now: now - 1 },
  byKey("an_api_key_s_assignment_counts_in_its_tenant", "key_in_tenant", ["GET", "/projects/1"], allowed(service({ roles: ["plain"], assignments: [inAcme] }), "GET /projects/{id}", { permission: "project:read", resource: project }), { tenant_id: "acme" }),
  byKey("an_api_key_s_assignment_does_not_count_in_another_tenant", "key_in_tenant", ["GET", "/projects/1"], notAllowed("tenant_mismatch"), { tenant_id: "other" }),
  byKey("an_api_key_s_assignment_in_a_tenant_meets_no_route_s_role", "key_in_tenant", ["GET", "/members"], roleMissing()),
];
