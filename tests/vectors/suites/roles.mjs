// Roles: inheritance, wildcards by segment, typed and bare permissions, and names that are nothing special.

import { allowed, no, permissionDenied, principal, roleMissing, scopeMissing, yes } from "../forge/expect.mjs";
import { withToken } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, issuer, usual } from "../forge/token.mjs";

export const about = "What roles permit: inheritance, wildcards by segment, and names that are nothing special.";

const trust = { issuers: [{ issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] } }] };

const resources = {
  article: { actions: ["create", "read", "update", "delete", "comments/read"] },
  image: { actions: ["read", "delete"] },
  imagery: { actions: ["read"] },
};
const permissions = ["read_users", "delete_post", "read"];

const policy = {
  policy: "roles",
  revision: 1,
  resources,
  permissions,
  roles: {
    nothing: {},
    reader: { permits: ["article:read"] },
    writer: { inherits: ["reader"], permits: ["article:create"] },
    editor: { inherits: ["writer"], permits: ["article:update"] },
    left: { inherits: ["reader"], permits: ["image:read"] },
    right: { inherits: ["reader"], permits: ["read_users"] },
    both: { inherits: ["left", "right"] },
    everything: { permits: ["*"] },
    articles: { permits: ["article:*"] },
    images: { permits: ["image:*"] },
    readers: { permits: ["*:read"] },
    deleters: { permits: ["*:delete"] },
    commenters: { permits: ["*:comments/read"] },
    bare: { permits: ["read"] },
    object: { permits: [{ permission: "article:read" }] },
    inheritor: { inherits: ["everything"] },
  },
  routes: [
    { route: "GET /users", permission: "read_users" },
    { route: "DELETE /posts/{id}", permission: "delete_post" },
    { route: "GET /articles/{id}", permission: "article:read" },
    { route: "GET /editors", role: "editor" },
    { route: "GET /writers", role: "writer" },
    { route: "GET /all/{id}", scope: "read", role: "writer", permission: "article:update" },
    { route: "GET /two", role: "reader", permission: "read_users" },
  ],
};

// Names that mean something elsewhere. Computed, since an object literal would set the prototype.
const special = {
  policy: "special",
  revision: 1,
  resources: { ["__proto__"]: { actions: ["toString", "__proto__"] }, constructor: { actions: ["prototype"] } },
  permissions: ["toString", "__proto__", "hasOwnProperty"],
  roles: {
    ["__proto__"]: { permits: ["toString"] },
    constructor: { inherits: ["__proto__"], permits: ["__proto__:toString"] },
    toString: { permits: ["__proto__:*"] },
    valueOf: { permits: ["*:prototype"] },
  },
};

export const configs = {
  roles: { policy, trust },
  special: { policy: special },
  plain: { policy: { policy: "plain", revision: 1, resources, permissions, roles: { reader: { permits: ["article:read"] } } } },
};

const missing = no("permission_denied", "permission_missing", 403, "Permission denied");
const unknown = no("permission_denied", "permission_unknown", 403, "Permission denied");

const ask = (name, roles, permission, expect, config = "roles") => {
  const [type, action] = permission.includes(":") ? permission.split(":") : [undefined, permission];
  return { name, config, ask: { subject: { id: "u1", roles }, action: { name: action }, ...(type === undefined ? {} : { resource: { type } }) }, expect };
};
const can = (name, role, permission, config) => ask(name, [role], permission, yes(), config);
const cannot = (name, role, permission, config) => ask(name, [role], permission, missing, config);

export const cases = [
  // Inheritance
  can("a_role_permits_what_it_says", "reader", "article:read"),
  cannot("a_role_permits_nothing_else", "reader", "article:create"),
  cannot("a_role_without_permits_permits_nothing", "nothing", "article:read"),
  can("a_role_inherits", "writer", "article:read"),
  can("a_role_inherits_what_its_parent_inherits", "editor", "article:read"),
  cannot("a_parent_does_not_inherit_back", "reader", "article:update"),
  can("a_diamond_permits_what_is_on_its_left", "both", "image:read"),
  can("a_diamond_permits_what_is_on_its_right", "both", "read_users"),
  can("a_diamond_permits_what_is_at_its_foot", "both", "article:read"),
  cannot("a_diamond_permits_nothing_else", "both", "image:delete"),
  ask("two_roles_permit_what_either_does", ["left", "right"], "read_users", yes()),
  ask("no_role_permits_nothing", [], "article:read", missing),
  ask("an_unknown_role_counts_for_nothing", ["admin"], "article:read", missing),
  ask("an_unknown_role_does_no_harm", ["admin", "reader"], "article:read", yes()),
  ask("a_role_in_another_case_is_unknown", ["Reader"], "article:read", missing),
  ask("an_empty_role_is_unknown", [""], "article:read", missing),
  ask("a_wildcard_is_no_role", ["*"], "article:read", missing),
  ask("the_same_role_twice_is_one_role", ["reader", "reader"], "article:read", yes()),
  ask("the_order_of_roles_does_not_matter", ["right", "left"], "image:read", yes()),
  can("a_permission_as_an_object_is_a_permission", "object", "article:read"),

  // Wildcards
  can("a_star_permits_a_typed_permission", "everything", "image:delete"),
  can("a_star_permits_a_bare_permission", "everything", "delete_post"),
  can("a_star_permits_an_action_with_a_slash", "everything", "article:comments/read"),
  can("a_star_is_inherited", "inheritor", "article:delete"),
  can("a_type_s_star_permits_its_actions", "articles", "article:delete"),
  can("a_type_s_star_permits_its_actions_with_a_slash", "articles", "article:comments/read"),
  cannot("a_type_s_star_permits_no_other_type", "articles", "image:read"),
  cannot("a_type_s_star_permits_no_type_that_begins_like_it", "images", "imagery:read"),
  cannot("a_type_s_star_permits_no_bare_permission", "articles", "read_users"),
  can("an_action_s_star_permits_it_on_one_type", "readers", "article:read"),
  can("an_action_s_star_permits_it_on_another_type", "readers", "imagery:read"),
  cannot("an_action_s_star_permits_no_other_action", "readers", "article:delete"),
  cannot("an_action_s_star_permits_no_action_that_ends_like_it", "readers", "article:comments/read"),
  cannot("an_action_s_star_permits_no_bare_permission", "readers", "read"),
  can("an_action_s_star_with_a_slash_permits_it", "commenters", "article:comments/read"),
  cannot("an_action_s_star_with_a_slash_permits_no_part_of_it", "commenters", "article:read"),
  can("an_action_s_star_permits_what_some_types_lack", "deleters", "image:delete"),
  can("a_bare_permission_is_permitted", "bare", "read"),
  cannot("a_bare_permission_is_no_action", "bare", "article:read"),
  cannot("an_action_is_no_bare_permission", "reader", "read"),

  // Unknown permissions are denied, whatever the role
  ask("an_unknown_bare_permission_is_denied", ["everything"], "delete_users", unknown),
  ask("an_unknown_action_is_denied", ["everything"], "article:publish", unknown),
  ask("an_action_of_another_type_is_denied", ["everything"], "imagery:delete", unknown),
  ask("an_unknown_type_is_denied", ["everything"], "video:read", unknown),
  ask("a_wildcard_in_a_question_is_no_permission", ["everything"], "article:*", unknown),
  ask("a_bare_wildcard_in_a_question_is_no_permission", ["everything"], "*", unknown),
  ask("an_empty_action_is_no_permission", ["everything"], "article:", unknown),
  ask("an_action_in_another_case_is_unknown", ["everything"], "article:Read", unknown),

  // Names like any other
  can("a_role_named_proto_is_a_role", "__proto__", "toString", "special"),
  cannot("a_role_named_proto_permits_nothing_else", "__proto__", "__proto__", "special"),
  can("a_role_named_constructor_inherits", "constructor", "toString", "special"),
  can("a_type_named_proto_is_a_type", "constructor", "__proto__:toString", "special"),
  cannot("a_type_named_proto_has_actions_of_its_own", "constructor", "__proto__:__proto__", "special"),
  can("a_role_named_to_string_has_a_wildcard", "toString", "__proto__:__proto__", "special"),
  can("a_role_named_value_of_has_a_wildcard", "valueOf", "constructor:prototype", "special"),
  ask("a_name_that_every_object_has_is_no_role", ["hasOwnProperty", "isPrototypeOf"], "toString", missing, "special"),
  ask("a_name_that_every_object_has_is_no_permission", ["toString", "constructor"], "valueOf", unknown, "special"),
  ask("a_name_that_every_object_has_is_no_type", ["toString"], "hasOwnProperty:toString", unknown, "special"),
  ask("proto_is_no_role_where_it_is_not_declared", ["__proto__"], "article:read", missing, "plain"),
  ask("constructor_is_no_role_where_it_is_not_declared", ["constructor"], "article:read", missing, "plain"),
  ask("to_string_is_no_role_where_it_is_not_declared", ["toString"], "read_users", missing, "plain"),
  ask("proto_is_no_permission_where_it_is_not_declared", ["reader"], "__proto__", unknown, "plain"),
  ask("constructor_is_no_type_where_it_is_not_declared", ["reader"], "constructor:read", unknown, "plain"),
  ask("to_string_is_no_action_where_it_is_not_declared", ["reader"], "article:toString", unknown, "plain"),

  // Through requests
  {
    name: "a_role_in_a_token_permits",
    config: "roles",
    ...withToken(usual({ roles: ["right"] }), "/users"),
    expect: allowed(principal({ roles: ["right"] }), "GET /users", { permission: "read_users" }),
  },
  {
    name: "a_principal_shows_its_roles_and_not_the_inherited_ones",
    config: "roles",
    ...withToken(usual({ roles: ["editor"] }), "/articles/7"),
    expect: allowed(principal({ roles: ["editor"] }), "GET /articles/{id}", { permission: "article:read", resource: { type: "article", id: "7" } }),
  },
  { name: "a_role_that_lacks_the_permission_is_denied", config: "roles", ...withToken(usual({ roles: ["right"] }), "/posts/1", "DELETE"), expect: permissionDenied() },
  { name: "a_role_named_constructor_in_a_token_is_unknown", config: "roles", ...withToken(usual({ roles: ["constructor", "__proto__"] }), "/users"), expect: permissionDenied() },
  { name: "a_route_for_a_role_takes_it", config: "roles", ...withToken(usual({ roles: ["editor"] }), "/editors"), expect: allowed(principal({ roles: ["editor"] }), "GET /editors") },
  { name: "a_route_for_a_role_takes_who_inherits_it", config: "roles", ...withToken(usual({ roles: ["editor"] }), "/writers"), expect: allowed(principal({ roles: ["editor"] }), "GET /writers") },
  { name: "a_route_for_a_role_refuses_whom_it_inherits", config: "roles", ...withToken(usual({ roles: ["writer"] }), "/editors"), expect: roleMissing() },
  { name: "a_route_for_a_role_is_not_opened_by_every_permission", config: "roles", ...withToken(usual({ roles: ["everything"] }), "/editors"), expect: roleMissing() },
  {
    name: "all_that_a_route_wants_must_hold",
    config: "roles",
    ...withToken(usual({ roles: ["editor"], scope: "read" }), "/all/1"),
    expect: allowed(principal({ roles: ["editor"], scopes: ["read"] }), "GET /all/{id}", { permission: "article:update", resource: { type: "article", id: "1" } }),
  },
  { name: "of_all_that_fails_the_scope_is_told_first", config: "roles", ...withToken(usual({ roles: ["nothing"] }), "/all/1"), expect: scopeMissing("read") },
  { name: "of_all_that_fails_the_role_is_told_next", config: "roles", ...withToken(usual({ roles: ["nothing"], scope: "read" }), "/all/1"), expect: roleMissing() },
  { name: "of_all_that_fails_the_permission_is_told_last", config: "roles", ...withToken(usual({ roles: ["writer"], scope: "read" }), "/all/1"), expect: permissionDenied() },
  { name: "the_permission_alone_is_not_enough_where_a_role_is_wanted", config: "roles", ...withToken(usual({ roles: ["everything"] }), "/two"), expect: roleMissing() },
  { name: "the_role_alone_is_not_enough_where_a_permission_is_wanted", config: "roles", ...withToken(usual({ roles: ["writer"] }), "/two"), expect: permissionDenied() },
  {
    name: "a_role_and_a_permission_from_two_roles_are_enough",
    config: "roles",
    ...withToken(usual({ roles: ["everything", "left"] }), "/two"),
    expect: allowed(principal({ roles: ["everything", "left"] }), "GET /two", { permission: "read_users" }),
  },
];
