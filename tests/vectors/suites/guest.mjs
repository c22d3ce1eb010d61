// Requests without a credential, and what a guest never is.

import { allowed, guest, no, permissionDenied, principal, unauthenticated, yes } from "../forge/expect.mjs";
import { request, withToken } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, issuer, usual } from "../forge/token.mjs";

export const about = "Guests: what their role permits, and that they are never authenticated.";

const policy = {
  policy: "guest",
  revision: 1,
  resources: { article: { actions: ["read", "update"], owner: "author_id" } },
  permissions: ["search", "comment"],
  roles: {
    reader: { permits: ["search"] },
    guest: { inherits: ["reader"], permits: ["article:read", { permission: "article:update", owner: true }] },
    member: { permits: ["comment"] },
  },
  routes: [
    { route: "GET /public", allow: "everyone" },
    { route: "GET /me", allow: "authenticated" },
    { route: "GET /articles/{id}", permission: "article:read" },
    { route: "PUT /articles/{id}", permission: "article:update" },
    { route: "GET /search", permission: "search" },
    { route: "POST /comments", permission: "comment" },
    { route: "GET /guests", role: "guest" },
    { route: "GET /readers", role: "reader" },
    { route: "GET /members", role: "member" },
    { route: "GET /scoped", scope: "read" },
  ],
};

const issuers = [{ issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] } }];

export const configs = {
  guests: { policy, trust: { issuers, guest: { roles: ["guest"] } } },
  two_roles: { policy, trust: { issuers, guest: { roles: ["member", "guest"] } } },
  unknown_role: { policy, trust: { issuers, guest: { roles: ["visitor"] } } },
  no_roles: { policy, trust: { issuers, guest: { roles: [] } } },
  nobody: { policy, trust: { issuers } },
};

const get = (name, path, expect, config = "guests", method = "GET") => ({ name, config, request: request(method, path), expect });
const user = usual();
const somebody = guest(["guest"]);
const article = { type: "article", id: "1" };
const ask = (name, subject, action, expect, resource) => ({ name, config: "guests", ask: { subject, action, ...(resource === undefined ? {} : { resource }) }, expect });
const unsigned = (reason) => no("authentication_required", reason, 401, "Authentication required");

export const cases = [
  get("a_guest_passes_where_everyone_is_allowed", "/public", allowed(somebody, "GET /public")),
  get("a_guest_is_not_authenticated", "/me", unauthenticated("authentication_missing")),
  get("a_guest_s_role_permits", "/articles/1", allowed(somebody, "GET /articles/{id}", { permission: "article:read", resource: article })),
  get("a_guest_s_role_inherits", "/search", allowed(somebody, "GET /search", { permission: "search" })),
  get("a_guest_who_lacks_a_permission_may_sign_in", "/comments", unauthenticated("permission_missing"), "guests", "POST"),
  get("a_guest_has_the_guest_s_role", "/guests", allowed(somebody, "GET /guests")),
  get("a_guest_has_the_role_that_the_guest_s_role_inherits", "/readers", allowed(somebody, "GET /readers")),
  get("a_guest_who_lacks_a_role_may_sign_in", "/members", unauthenticated("role_missing")),
  get("a_guest_has_no_scope", "/scoped", unauthenticated("scope_missing")),
  get("a_guest_may_have_several_roles", "/members", allowed(guest(["member", "guest"]), "GET /members"), "two_roles"),
  get("a_guest_s_role_that_the_policy_does_not_know_counts_for_nothing", "/articles/1", unauthenticated("permission_missing"), "unknown_role"),
  get("a_guest_keeps_the_role_that_the_policy_does_not_know", "/public", allowed(guest(["visitor"]), "GET /public"), "unknown_role"),
  get("a_guest_without_roles_passes_where_everyone_is_allowed", "/public", allowed(guest(), "GET /public"), "no_roles"),
  get("a_guest_without_roles_lacks_every_permission", "/articles/1", unauthenticated("permission_missing"), "no_roles"),
  get("where_guests_are_not_named_everyone_is_still_allowed", "/public", allowed(guest(), "GET /public"), "nobody"),
  get("where_guests_are_not_named_they_have_no_role", "/guests", unauthenticated("role_missing"), "nobody"),
  get("where_guests_are_not_named_they_lack_every_permission", "/search", unauthenticated("permission_missing"), "nobody"),
  {
    name: "a_guest_owns_nothing_and_no_resource_is_loaded_for_one",
    config: "guests",
    request: request("PUT", "/articles/1"),
    resources: { article: { 1: "fails" } },
    expect: unauthenticated("not_owner"),
  },
  {
    name: "a_guest_owns_nothing_though_a_resource_bears_the_guest_s_id",
    config: "guests",
    request: request("PUT", "/articles/1"),
    resources: { article: { 1: { author_id: "guest" } } },
    expect: unauthenticated("not_owner"),
  },
  { name: "a_user_has_none_of_the_guest_s_roles", config: "guests", ...withToken(user, "/articles/1"), expect: permissionDenied() },
  { name: "a_user_without_roles_is_authenticated", config: "guests", ...withToken(user), expect: allowed(principal(), "GET /me") },
  {
    name: "a_user_with_the_id_of_a_guest_is_a_user",
    config: "guests",
    ...withToken(usual({ sub: "guest", roles: ["member"] })),
    expect: allowed(principal({ id: "guest", roles: ["member"] }), "GET /me"),
  },
  {
    name: "a_user_with_the_guest_s_role_is_a_user",
    config: "guests",
    ...withToken(usual({ roles: ["guest"] })),
    expect: allowed(principal({ roles: ["guest"] }), "GET /me"),
  },
  {
    name: "a_user_with_the_guest_s_role_lacks_a_permission_as_a_user",
    config: "guests",
    ...withToken(usual({ roles: ["guest"] }), "/comments", "POST"),
    expect: permissionDenied(),
  },
  {
    name: "a_user_with_the_guest_s_id_owns_what_bears_it",
    config: "guests",
    ...withToken(usual({ sub: "guest", roles: ["guest"] }), "/articles/1", "PUT"),
    resources: { article: { 1: { author_id: "guest" } } },
    expect: allowed(principal({ id: "guest", roles: ["guest"] }), "PUT /articles/{id}", { permission: "article:update", resource: article }),
  },
  ask("a_guest_as_subject_has_its_role", { id: "guest", kind: "guest", roles: ["guest"] }, "search", yes()),
  ask("a_guest_as_subject_may_sign_in", { id: "guest", kind: "guest", roles: ["guest"] }, "comment", unsigned("permission_missing")),
  ask("a_guest_as_subject_owns_nothing", { id: "guest", kind: "guest", roles: ["guest"] }, "update", unsigned("not_owner"), { type: "article", id: "1", properties: { author_id: "guest" } }),
  ask("a_subject_without_kind_is_a_user", { id: "guest", roles: ["guest"] }, "update", yes(), { type: "article", id: "1", properties: { author_id: "guest" } }),
];
