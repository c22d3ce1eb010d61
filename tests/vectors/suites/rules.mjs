// Deny rules without a condition: they always hold, and beat every permit (design.md §5, 1).

import { allowed, no, notAllowed, notFound, permissionDenied, principal, unauthenticated, yes } from "../forge/expect.mjs";
import { request, withToken } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, issuer, usual } from "../forge/token.mjs";

export const about = "Deny rules: they beat every permit, and their order changes nothing.";

const trust = {
  issuers: [{ issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] }, asserts: { roles: true, permissions: true } }],
  guest: { roles: ["guest"] },
};

const policy = (rules) => ({
  policy: "rules",
  revision: 1,
  resources: {
    article: { actions: ["create", "read", "update", "delete"], owner: "author_id" },
    draft: { actions: ["read", "delete"], hide: true },
  },
  permissions: ["delete_post", "read_users"],
  roles: {
    guest: { permits: ["delete_post"] },
    editor: { permits: ["article:read", "article:update", "article:delete", "draft:delete", "delete_post"] },
    author: { permits: [{ permission: "article:delete", owner: true }] },
    all: { permits: ["*"] },
    reader: { permits: ["article:read"] },
  },
  ...(rules === undefined ? {} : { rules }),
  routes: [
    { route: "GET /articles/{id}", permission: "article:read" },
    { route: "PUT /articles/{id}", permission: "article:update" },
    { route: "DELETE /articles/{id}", permission: "article:delete" },
    { route: "DELETE /drafts/{id}", permission: "draft:delete" },
    { route: "DELETE /posts/{id}", permission: "delete_post" },
    { route: "GET /users", permission: "read_users" },
  ],
});

const kept = { id: "articles-stay", effect: "deny", permissions: ["article:delete"], message: "Articles stay." };
const drafts = { id: "drafts-stay", effect: "deny", permissions: ["draft:delete"] };
const posts = { id: "posts-stay", effect: "deny", permissions: ["delete_post", "read_users"] };
const first = { id: "a-rule", effect: "deny", permissions: ["delete_post"], message: "The first." };
const second = { id: "b-rule", effect: "deny", permissions: ["delete_post"], message: "The second." };

export const configs = {
  rules: { policy: policy([kept, drafts, posts]), trust },
  reversed: { policy: policy([posts, drafts, kept]), trust },
  type: { policy: policy([{ id: "frozen", effect: "deny", permissions: ["article:*"] }]), trust },
  everything: { policy: policy([{ id: "closed", effect: "deny", permissions: ["*"] }]), trust },
  two: { policy: policy([first, second]), trust },
  two_reversed: { policy: policy([second, first]), trust },
  none: { policy: policy([]), trust },
  absent: { policy: policy(), trust },
};

const call = (name, config, role, [method, path], expect, resources) => ({ name, config, ...withToken(usual({ roles: [role] }), path, method), resources, expect });
const ask = (name, config, role, permission, expect) => {
  const [type, action] = permission.includes(":") ? permission.split(":") : [undefined, permission];
  return { name, config, ask: { subject: { id: "u1", roles: [role] }, action: { name: action }, ...(type === undefined ? {} : { resource: { type } }) }, expect };
};
const denied = (rule, message = "Not allowed") => no("not_allowed", "denied_by_rule", 403, message, { rule });
const missing = no("permission_denied", "permission_missing", 403, "Permission denied");
const article = { type: "article", id: "1" };

export const cases = [
  call("a_deny_rule_beats_a_permit", "rules", "editor", ["DELETE", "/articles/1"], notAllowed("denied_by_rule", "Articles stay.")),
  call("a_deny_rule_beats_a_wildcard", "rules", "all", ["DELETE", "/articles/1"], notAllowed("denied_by_rule", "Articles stay.")),
  call("a_deny_rule_without_a_message_says_not_allowed", "rules", "editor", ["DELETE", "/posts/1"], notAllowed("denied_by_rule")),
  call("a_deny_rule_denies_its_second_permission", "rules", "all", ["GET", "/users"], notAllowed("denied_by_rule")),
  call("a_deny_rule_denies_nothing_else", "rules", "editor", ["PUT", "/articles/1"], allowed(principal({ roles: ["editor"] }), "PUT /articles/{id}", { permission: "article:update", resource: article })),
  call("the_order_of_rules_does_not_matter", "reversed", "editor", ["DELETE", "/articles/1"], notAllowed("denied_by_rule", "Articles stay.")),
  call("the_order_of_rules_opens_nothing", "reversed", "editor", ["DELETE", "/posts/1"], notAllowed("denied_by_rule")),
  call("the_order_of_rules_closes_nothing", "reversed", "editor", ["PUT", "/articles/1"], allowed(principal({ roles: ["editor"] }), "PUT /articles/{id}", { permission: "article:update", resource: article })),
  call("a_missing_permission_comes_before_a_deny_rule", "rules", "reader", ["DELETE", "/articles/1"], permissionDenied()),
  call("a_deny_rule_beats_the_owner", "rules", "author", ["DELETE", "/articles/1"], notAllowed("denied_by_rule", "Articles stay."), { article: { 1: { author_id: "u1" } } }),
  call("a_deny_rule_on_a_hidden_type_is_not_found", "rules", "editor", ["DELETE", "/drafts/1"], notFound("denied_by_rule"), { draft: { 1: {} } }),
  {
    name: "a_deny_rule_asks_a_guest_to_sign_in",
    config: "rules",
    request: request("DELETE", "/posts/1"),
    expect: unauthenticated("denied_by_rule"),
  },
  {
    name: "a_deny_rule_beats_a_token_s_own_permission",
    config: "rules",
    ...withToken(usual({ permissions: ["delete_post"] }), "/posts/1", "DELETE"),
    expect: notAllowed("denied_by_rule"),
  },
  {
    name: "a_token_s_own_permission_counts_where_no_rule_denies",
    config: "none",
    ...withToken(usual({ permissions: ["delete_post"] }), "/posts/1", "DELETE"),
    expect: allowed(principal({ permissions: ["delete_post"] }), "DELETE /posts/{id}", { permission: "delete_post" }),
  },
  call("a_deny_rule_on_a_type_denies_one_action", "type", "all", ["GET", "/articles/1"], notAllowed("denied_by_rule")),
  call("a_deny_rule_on_a_type_denies_another_action", "type", "all", ["DELETE", "/articles/1"], notAllowed("denied_by_rule")),
  call("a_deny_rule_on_a_type_denies_no_bare_permission", "type", "editor", ["DELETE", "/posts/1"], allowed(principal({ roles: ["editor"] }), "DELETE /posts/{id}", { permission: "delete_post" })),
  call("a_deny_rule_on_everything_denies_a_bare_permission", "everything", "all", ["DELETE", "/posts/1"], notAllowed("denied_by_rule")),
  call("a_deny_rule_on_everything_denies_a_typed_permission", "everything", "all", ["GET", "/articles/1"], notAllowed("denied_by_rule")),
  call("of_two_rules_the_first_by_its_id_is_told", "two", "editor", ["DELETE", "/posts/1"], notAllowed("denied_by_rule", "The first.")),
  call("of_two_rules_the_first_by_its_id_is_told_in_whatever_order", "two_reversed", "editor", ["DELETE", "/posts/1"], notAllowed("denied_by_rule", "The first.")),
  call("an_empty_list_of_rules_denies_nothing", "none", "editor", ["DELETE", "/posts/1"], allowed(principal({ roles: ["editor"] }), "DELETE /posts/{id}", { permission: "delete_post" })),
  call("no_rules_deny_nothing", "absent", "editor", ["DELETE", "/posts/1"], allowed(principal({ roles: ["editor"] }), "DELETE /posts/{id}", { permission: "delete_post" })),
  ask("asked_the_rule_is_named", "rules", "editor", "delete_post", denied("posts-stay")),
  ask("asked_the_rule_s_message_is_told", "rules", "editor", "article:delete", denied("articles-stay", "Articles stay.")),
  ask("asked_the_first_of_two_rules_is_named", "two", "editor", "delete_post", denied("a-rule", "The first.")),
  ask("asked_the_first_of_two_rules_is_named_in_whatever_order", "two_reversed", "editor", "delete_post", denied("a-rule", "The first.")),
  ask("asked_without_the_permission_no_rule_is_named", "rules", "reader", "delete_post", missing),
  ask("asked_for_what_no_rule_denies_the_answer_is_yes", "rules", "editor", "article:update", yes()),
];
