// Grants of fields: they never grant the whole object.

import { allowed, notAllowed, notFound, principal, unauthenticated, yes } from "../forge/expect.mjs";
import { asked, conditional, conditionFailed, denied, fieldsOnly, missing, notOwner, signIn, stronger } from "../forge/question.mjs";
import { request, withToken } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, issuer, now, usual } from "../forge/token.mjs";

export const about = "Grants of fields: what they do not allow, and what stands beside them.";

const attributes = { author_id: "string", status: "string", locked: "bool" };
const policy = {
  policy: "fields",
  revision: 1,
  resources: {
    doc: { actions: ["read", "update", "remove"], owner: "author_id", fields: ["title", "body", "salary"], attributes },
    file: { actions: ["read"], fields: ["title"], hide: true },
  },
  roles: {
    guest: { permits: [{ permission: "doc:read", fields: ["title"] }] },
    titles: { permits: [{ permission: "doc:read", fields: ["title"] }] },
    bodies: { permits: [{ permission: "doc:read", fields: ["title", "body", "salary", "author_id", "status", "locked"] }] },
    all: { permits: [{ permission: "doc:*", fields: ["title"] }] },
    everywhere: { permits: [{ permission: "*:read", fields: ["title"] }] },
    authors: { permits: [{ permission: "doc:read", owner: true, fields: ["body"] }] },
    public: { permits: [{ permission: "doc:read", when: "resource.status == 'public'", fields: ["body"] }] },
    reader: { permits: ["doc:read"] },
    owners: { permits: [{ permission: "doc:read", owner: true }] },
    published: { permits: [{ permission: "doc:read", when: "resource.status == 'public'" }] },
    heir: { inherits: ["titles"] },
    admin: { permits: ["doc:read"], elevated: { acr: ["mfa"] } },
    updater: { permits: [{ permission: "doc:update", fields: ["title"] }] },
  },
  rules: [{ id: "locked", effect: "deny", permissions: ["doc:update"], when: "resource.locked" }],
  routes: [
    { route: "GET /docs/{id}", permission: "doc:read" },
    { route: "GET /docs", permission: "doc:read", handler: "decides" },
    { route: "GET /files/{id}", permission: "file:read" },
  ],
};
const trust = { issuers: [{ issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] } }], guest: { roles: ["guest"] } };

export const configs = { site: { policy, trust } };

const ask = (name, roles, given, expect, permission = "doc:read") => ({ name, ask: asked(permission, { ...given, subject: { roles, ...given.subject } }), expect });
const of = (properties) => ({ properties });
const doc = { type: "doc", id: "1" };
const call = (name, roles, path, found, expect, wanted) => ({
  name,
  ...withToken(usual({ roles }), path),
  resources: { doc: { 1: found }, file: { 1: found } },
  expect,
  asked: wanted,
});

export const cases = [
  ask("a_grant_of_fields_does_not_grant_the_object", ["titles"], of({}), fieldsOnly),
  ask("a_grant_of_fields_does_not_grant_the_type", ["titles"], {}, fieldsOnly),
  ask("a_grant_of_all_its_fields_does_not_grant_the_object", ["bodies"], of({}), fieldsOnly),
  ask("two_grants_of_fields_do_not_grant_the_object", ["titles", "bodies"], of({}), fieldsOnly),
  ask("an_inherited_grant_of_fields_does_not_grant_the_object", ["heir"], of({}), fieldsOnly),
  ask("a_grant_of_fields_by_a_type_s_star_does_not_grant_the_object", ["all"], of({}), fieldsOnly, "doc:remove"),
  ask("a_grant_of_fields_by_an_action_s_star_does_not_grant_the_object", ["everywhere"], of({}), fieldsOnly),
  ask("a_grant_of_fields_grants_no_other_action", ["titles"], of({}), missing, "doc:update"),
  ask("a_grant_of_the_object_beside_one_of_fields_is_enough", ["titles", "reader"], of({}), yes()),
  ask("a_grant_of_the_object_beside_one_of_fields_is_enough_in_another_order", ["reader", "titles"], of({}), yes()),
  ask("the_subject_s_own_permission_beside_a_grant_of_fields_is_enough", ["titles"], { subject: { permissions: ["doc:read"] }, properties: {} }, yes()),
  ask("a_grant_of_fields_by_ownership_that_holds_is_of_fields_only", ["authors"], of({ author_id: "u1" }), fieldsOnly),
  ask("a_grant_of_fields_by_ownership_that_does_not_hold_lacks_ownership", ["authors"], of({ author_id: "u2" }), notOwner),
  ask("a_grant_of_fields_by_a_condition_that_is_true_is_of_fields_only", ["public"], of({ status: "public" }), fieldsOnly),
  ask("a_grant_of_fields_by_a_condition_that_is_false_has_failed", ["public"], of({ status: "draft" }), conditionFailed),
  ask("a_grant_of_fields_by_a_condition_that_errs_has_failed", ["public"], of({}), conditionFailed),
  ask("a_condition_that_failed_is_told_before_the_fields", ["titles", "published"], of({ status: "draft" }), conditionFailed),
  ask("the_fields_are_told_before_what_is_another_s", ["titles", "owners"], of({ author_id: "u2" }), fieldsOnly),
  ask("one_s_own_object_beside_a_grant_of_fields_is_granted", ["titles", "owners"], of({ author_id: "u1" }), yes()),
  ask("an_open_grant_of_the_object_beside_one_of_fields_is_open", ["titles", "owners"], {}, conditional),
  ask("a_rule_comes_before_the_fields", ["updater"], of({ locked: true }), denied("locked"), "doc:update"),
  ask("a_rule_that_does_not_fire_leaves_the_fields", ["updater"], of({ locked: false }), fieldsOnly, "doc:update"),
  ask("an_elevated_grant_of_the_object_wants_its_sign_in", ["titles", "admin"], of({}), stronger),
  ask("an_elevated_grant_of_the_object_is_elevated", ["titles", "admin"], { subject: { acr: "mfa" }, properties: {} }, yes({ elevated: true })),
  ask("a_guest_with_a_grant_of_fields_is_asked_to_sign_in", ["guest"], { subject: { kind: "guest" }, properties: {} }, signIn("fields_only")),

  call("a_route_is_not_opened_by_a_grant_of_fields", ["titles"], "/docs/1", {}, notAllowed("fields_only")),
  call("a_handler_is_not_asked_about_a_grant_of_fields", ["titles"], "/docs", "fails", notAllowed("fields_only"), []),
  call("a_route_is_opened_by_a_grant_of_the_object", ["titles", "reader"], "/docs/1", "fails", allowed(principal({ roles: ["titles", "reader"] }), "GET /docs/{id}", { permission: "doc:read", resource: doc }), []),
  call("a_route_of_a_hidden_type_is_not_found_by_a_grant_of_fields", ["everywhere"], "/files/1", {}, notFound("fields_only")),
  { name: "a_guest_with_a_grant_of_fields_gets_401", request: request("GET", "/docs/1"), resources: { doc: { 1: {} } }, expect: unauthenticated("fields_only") },
  {
    name: "a_strong_sign_in_opens_a_route_beside_a_grant_of_fields",
    ...withToken(usual({ roles: ["titles", "admin"], acr: "mfa", auth_time: now - 60 }), "/docs/1"),
    resources: { doc: { 1: {} } },
    expect: allowed(principal({ roles: ["titles", "admin"], acr: "mfa", authTime: now - 60 }), "GET /docs/{id}", { permission: "doc:read", resource: doc, elevated: true }),
  },
];
