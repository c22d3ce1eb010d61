// Whose id it is: prefixes that keep the subjects of two issuers apart, services and guests by token, and what an
// issuer may not assert of them.

import { apiKeyHash } from "../forge/api_key.mjs";
import { allowed, invalidToken, notAllowed, permissionDenied, principal, unauthenticated } from "../forge/expect.mjs";
import { request, withToken } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, claims, issuer, jwt, now } from "../forge/token.mjs";

export const about = "Principals of several issuers: prefixes of ids, services, guests by token, and what is dropped.";

const policy = {
  policy: "subjects",
  revision: 1,
  resources: { article: { actions: ["update"], owner: "author_id" } },
  permissions: ["read_users"],
  roles: { author: { permits: [{ permission: "article:update", owner: true }] }, admin: { permits: ["read_users"] } },
  routes: [
    { route: "GET /me", allow: "authenticated" },
    { route: "GET /public", allow: "everyone" },
    { route: "PUT /articles/{id}", permission: "article:update" },
    { route: "GET /users", permission: "read_users" },
    { route: "POST /export", scope: "export" },
  ],
};

const other = "https://other.example";
const third = "https://third.example";
const anonymous = "https://projectref.supabase.co/auth/v1";
const keyText = "an-api-key-of-more-than-32-characters-1";

const ours = { issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed25519" })] } };
const theirs = { issuer: other, audience, jwks: { keys: [publicJwk("stranger_ed25519", { kid: "stranger_ed25519" })] } };
const site = (...issuers) => ({ policy, trust: { issuers } });

export const configs = {
  one_prefix: site(ours, { ...theirs, idPrefix: "other|" }),
  two_prefixes: site({ ...ours, idPrefix: "id|" }, { ...theirs, idPrefix: "other|" }),
  by_email: site({ ...ours, claims: { id: "email" } }, { ...theirs, idPrefix: "other|" }),
  prefixed_email: site({ ...ours, idPrefix: "id|", claims: { id: "email" } }),
  three: site({ ...ours, idPrefix: "id|" }, { ...theirs, idPrefix: "other|" }, { issuer: third, audience, jwks: { keys: [publicJwk("p256", { kid: "p256" })] } }),
  no_prefix: site(ours, theirs),
  keys: { policy, trust: { issuers: [{ ...ours, idPrefix: "id|" }], apiKeys: [{ id: "ci", hash: apiKeyHash(keyText) }] } },
  anonymous: site({ ...ours, issuer: anonymous, preset: "supabase", idPrefix: "anon|" }, { ...theirs }),
  anonymous_dropped: site({ ...ours, issuer: anonymous, preset: "supabase", asserts: { roles: ["authenticated"] } }),
  bounded: site({ ...ours, asserts: { roles: ["author"], permissions: ["read_users"], scopes: ["export"] } }, { ...theirs, asserts: { roles: true, permissions: true, scopes: true } }),
  none: site({ ...ours, asserts: { roles: [], permissions: [], scopes: [] } }),
  all: site({ ...ours, asserts: { roles: true, permissions: true, scopes: true } }),
  unsaid: site(ours),
};

const signers = { [issuer]: "ed25519", [anonymous]: "ed25519", [other]: "stranger_ed25519", [third]: "p256" };
const token = (changes = {}) => {
  const payload = claims(changes);
  const kid = signers[payload.iss];
  return jwt({ alg: kid === "p256" ? "ES256" : "EdDSA", typ: "JWT", kid }, payload, kid);
};

const pass = (name, config, changes, who, more) => ({ name, config, ...withToken(token(changes)), expect: allowed(principal({ issuer: changes.iss ?? issuer, ...who }), "GET /me", more) });
const refuse = (name, config, changes, reason) => ({ name, config, ...withToken(token(changes)), expect: invalidToken(reason) });
const at = (name, config, changes, [method, path], expect, resources) => ({ name, config, ...withToken(token(changes), path, method), ...(resources === undefined ? {} : { resources }), expect });

const article = { type: "article", id: "1" };
const update = ["PUT", "/articles/1"];
const updated = (who) => allowed(principal(who), "PUT /articles/{id}", { permission: "article:update", resource: article });
const guestClaims = { iss: anonymous, role: "authenticated", is_anonymous: true };
const anonymousGuest = (id, more = {}) => principal({ kind: "guest", issuer: anonymous, id, roles: ["authenticated"], ...more });

export const cases = [
  // The prefix stands in front of each id
  pass("an_id_has_its_issuer_s_prefix", "one_prefix", { iss: other }, { id: "other|u1" }),
  pass("an_id_of_an_issuer_without_prefix_has_none", "one_prefix", {}, { id: "u1" }),
  pass("each_id_has_its_own_issuer_s_prefix", "two_prefixes", {}, { id: "id|u1" }),
  pass("the_same_subject_of_another_issuer_is_another_id", "two_prefixes", { iss: other }, { id: "other|u1" }),
  pass("an_id_by_another_claim_has_the_prefix_too", "prefixed_email", { email: "ann@shop.example" }, { id: "id|ann@shop.example" }),
  pass("a_service_has_the_prefix_too", "one_prefix", { iss: other, sub: "app", client_id: "app" }, { kind: "service", id: "other|app" }),
  pass("a_client_with_the_prefix_is_no_service_of_that_name", "one_prefix", { iss: other, sub: "app", client_id: "other|app" }, { id: "other|app" }),
  pass("a_prefix_is_put_on_whatever_stands_there", "one_prefix", { iss: other, sub: "other|u1" }, { id: "other|other|u1" }),
  pass("a_prefix_is_put_before_the_prefix_of_another", "two_prefixes", { sub: "other|u1" }, { id: "id|other|u1" }),
  pass("without_prefixes_ids_are_as_they_are", "no_prefix", { iss: other, sub: "other|u1" }, { id: "other|u1" }),
  { name: "an_api_key_has_no_prefix", config: "keys", request: request("GET", "/me", [["x-api-key", keyText]]), expect: allowed(principal({ kind: "service", id: "ci", issuer: null }), "GET /me") },
  {
    name: "a_guest_without_a_token_has_no_prefix",
    config: "two_prefixes",
    request: request("GET", "/public"),
    expect: allowed(principal({ kind: "guest", id: "guest", issuer: null }), "GET /public"),
  },

  // An id that would be another issuer's
  refuse("an_id_that_begins_with_another_issuer_s_prefix_is_refused", "one_prefix", { sub: "other|u1" }, "subject_conflict"),
  refuse("an_id_that_is_another_issuer_s_prefix_is_refused", "one_prefix", { sub: "other|" }, "subject_conflict"),
  refuse("an_id_by_another_claim_that_begins_with_another_issuer_s_prefix_is_refused", "by_email", { email: "other|ann@shop.example" }, "subject_conflict"),
  refuse("a_service_that_begins_with_another_issuer_s_prefix_is_refused", "one_prefix", { sub: "other|app", client_id: "other|app" }, "subject_conflict"),
  refuse("one_of_several_prefixes_is_enough", "three", { iss: third, sub: "id|u1" }, "subject_conflict"),
  refuse("the_other_of_several_prefixes_is_enough", "three", { iss: third, sub: "other|u1" }, "subject_conflict"),
  pass("an_id_that_lacks_a_character_of_the_prefix_is_another", "one_prefix", { sub: "other" }, { id: "other" }),
  pass("an_id_that_holds_the_prefix_inside_is_another", "one_prefix", { sub: "x-other|u1" }, { id: "x-other|u1" }),
  pass("an_id_with_the_prefix_in_another_case_is_another", "one_prefix", { sub: "Other|u1" }, { id: "Other|u1" }),
  pass("a_sub_that_is_not_the_id_may_begin_with_the_prefix", "by_email", { sub: "other|u1", email: "ann@shop.example" }, { id: "ann@shop.example" }),
  pass("an_issuer_without_prefix_beside_two_keeps_its_ids", "three", { iss: third }, { id: "u1" }),
  at("an_id_of_another_s_is_refused_on_a_public_route_too", "one_prefix", { sub: "other|u1" }, ["GET", "/public"], invalidToken("subject_conflict")),
  refuse("an_expired_token_comes_before_an_id_of_another_s", "one_prefix", { sub: "other|u1", exp: now - 60 }, "expired"),
  refuse("a_token_that_is_too_young_comes_before_an_id_of_another_s", "one_prefix", { sub: "other|u1", nbf: now + 61 }, "not_yet_valid"),

  // Ownership by the whole id
  at("the_id_with_its_prefix_owns", "one_prefix", { iss: other, roles: ["author"] }, update, updated({ issuer: other, id: "other|u1", roles: ["author"] }), { article: { 1: { author_id: "other|u1" } } }),
  at("the_id_without_its_prefix_owns_nothing", "one_prefix", { iss: other, roles: ["author"] }, update, notAllowed("not_owner"), { article: { 1: { author_id: "u1" } } }),
  at("the_id_of_another_issuer_owns_its_own", "one_prefix", { roles: ["author"] }, update, updated({ id: "u1", roles: ["author"] }), { article: { 1: { author_id: "u1" } } }),
  at("the_id_of_another_issuer_owns_nothing_of_the_first", "one_prefix", { roles: ["author"] }, update, notAllowed("not_owner"), { article: { 1: { author_id: "other|u1" } } }),

  // Guests by token
  { name: "an_anonymous_user_is_a_guest_with_the_prefix", config: "anonymous", ...withToken(token(guestClaims), "/public"), expect: allowed(anonymousGuest("anon|u1"), "GET /public") },
  { name: "an_anonymous_user_is_not_authenticated", config: "anonymous", ...withToken(token(guestClaims)), expect: unauthenticated("authentication_missing") },
  { name: "an_anonymous_user_with_a_role_is_a_guest_with_that_role", config: "anonymous", ...withToken(token({ ...guestClaims, role: "admin" }), "/users"), expect: allowed(anonymousGuest("anon|u1", { roles: ["admin"] }), "GET /users", { permission: "read_users" }) },
  { name: "an_anonymous_user_owns_nothing", config: "anonymous", ...withToken(token({ ...guestClaims, role: "author" }), "/articles/1", "PUT"), resources: { article: { 1: { author_id: "anon|u1" } } }, expect: unauthenticated("not_owner") },
  pass("the_same_user_after_signing_up_keeps_the_id", "anonymous", { ...guestClaims, is_anonymous: false }, { id: "anon|u1", roles: ["authenticated"] }),
  pass("is_anonymous_of_another_issuer_says_nothing", "anonymous", { iss: other, is_anonymous: true }, { id: "u1" }),
  refuse("an_anonymous_user_of_another_issuer_is_refused", "anonymous", { iss: other, sub: "anon|u1", is_anonymous: true }, "subject_conflict"),
  { name: "what_a_guest_s_issuer_may_not_assert_is_dropped", config: "anonymous_dropped", ...withToken(token({ ...guestClaims, role: ["authenticated", "admin"] }), "/public"), expect: allowed(anonymousGuest("u1"), "GET /public", { dropped: { roles: ["admin"] } }) },
  { name: "a_guest_is_denied_what_was_dropped", config: "anonymous_dropped", ...withToken(token({ ...guestClaims, role: ["authenticated", "admin"] }), "/users"), expect: unauthenticated("permission_missing") },

  // What an issuer may not assert
  pass("what_may_not_be_asserted_is_dropped", "bounded", { roles: ["author", "admin"], permissions: ["read_users", "write_users"], scope: "export read" }, { roles: ["author"], permissions: ["read_users"], scopes: ["export"] }, { dropped: { roles: ["admin"], permissions: ["write_users"], scopes: ["read"] } }),
  pass("the_other_issuer_may_assert_what_it_may", "bounded", { iss: other, roles: ["author", "admin"], permissions: ["read_users", "write_users"], scope: "export read" }, { roles: ["author", "admin"], permissions: ["read_users", "write_users"], scopes: ["export", "read"] }),
  pass("what_is_dropped_keeps_its_order", "bounded", { roles: ["z", "author", "a", "m"] }, { roles: ["author"] }, { dropped: { roles: ["z", "a", "m"] } }),
  pass("one_role_as_text_is_dropped", "bounded", { roles: "admin" }, {}, { dropped: { roles: ["admin"] } }),
  pass("a_role_in_another_case_is_dropped", "bounded", { roles: ["Author"] }, {}, { dropped: { roles: ["Author"] } }),
  pass("a_role_named_proto_is_dropped_as_any_other", "bounded", { roles: ["__proto__", "constructor"] }, {}, { dropped: { roles: ["__proto__", "constructor"] } }),
  pass("an_empty_list_drops_everything", "none", { roles: ["author"], permissions: ["read_users"], scope: "export" }, {}, { dropped: { roles: ["author"], permissions: ["read_users"], scopes: ["export"] } }),
  pass("where_all_may_be_asserted_nothing_is_dropped", "all", { roles: ["author"], permissions: ["read_users"], scope: "export" }, { roles: ["author"], permissions: ["read_users"], scopes: ["export"] }),
  pass("where_nothing_is_said_permissions_are_dropped", "unsaid", { roles: ["author"], permissions: ["read_users"], scope: "export" }, { roles: ["author"], scopes: ["export"] }, { dropped: { permissions: ["read_users"] } }),
  pass("where_the_token_says_nothing_nothing_is_dropped", "none", {}, {}),
  pass("empty_lists_are_not_dropped", "none", { roles: [], permissions: [], scope: "" }, {}),
  at("a_dropped_role_permits_nothing", "bounded", { roles: ["admin"] }, ["GET", "/users"], permissionDenied()),
  at("a_role_that_may_be_asserted_permits", "bounded", { iss: other, roles: ["admin"] }, ["GET", "/users"], allowed(principal({ issuer: other, roles: ["admin"] }), "GET /users", { permission: "read_users" })),
  at("a_dropped_permission_permits_nothing", "none", { permissions: ["read_users"] }, ["GET", "/users"], permissionDenied()),
];
