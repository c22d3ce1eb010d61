// Ownership: a word, not an expression. It holds only where both ids are present, non-empty texts and
// equal, and the subject is no guest (design.md §5, 3).

import { allowed, no, notAllowed, notFound, permissionDenied, principal, unauthenticated, unavailable, yes } from "../forge/expect.mjs";
import { request, withToken } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, issuer, usual } from "../forge/token.mjs";

export const about = "Ownership: who owns what, the loader that says so, and what hides behind 404.";

const policy = {
  policy: "ownership",
  revision: 1,
  resources: {
    article: { actions: ["read", "update", "delete"], owner: "author_id" },
    file: { actions: ["read", "update"], owner: { resource: "ownerEmail", subject: "email" } },
    draft: { actions: ["read", "update"], owner: "author_id", hide: true },
    ["__proto__"]: { actions: ["update"], owner: "constructor" },
  },
  subject: { attributes: { email: "string" } },
  roles: {
    author: {
      permits: [
        "article:read",
        { permission: "article:update", owner: true },
        { permission: "file:update", owner: true },
        { permission: "draft:update", owner: true },
        { permission: "__proto__:update", owner: true },
      ],
    },
    owner_of_all: { permits: [{ permission: "article:*", owner: true }] },
    updater: { permits: [{ permission: "*:update", owner: true }] },
    editor: { permits: ["article:update", "draft:update"] },
    chief: { inherits: ["author", "editor"] },
    reader: { permits: ["article:read"] },
    guest: { permits: ["article:read"] },
  },
  routes: [
    { route: "GET /articles/{id}", permission: "article:read" },
    { route: "PUT /articles/{id}", permission: "article:update" },
    { route: "DELETE /articles/{id}", permission: "article:delete" },
    { route: "PUT /articles", permission: "article:update" },
    { route: "POST /articles", permission: "article:update", handler: "decides" },
    { route: "POST /articles/{id}", permission: "article:update", handler: "decides" },
    { route: "PUT /files/{id}", permission: "file:update" },
    { route: "PUT /drafts/{id}", permission: "draft:update" },
    { route: "PUT /secret/{id}", permission: "article:update", hide: true },
    { route: "PUT /things/{id}", permission: "__proto__:update" },
    { route: "PUT /named/{slug}", permission: "article:update", resource: "{slug}" },
  ],
};

const trust = {
  issuers: [{ issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] }, claims: { attributes: { email: "email" } } }],
  guest: { roles: ["guest"] },
};

export const configs = { site: { policy, trust } };

const author = usual({ roles: ["author"] });
const as = (role, changes = {}) => usual({ roles: [role], ...changes });
const who = (role, members = {}) => principal({ roles: [role], ...members });
const article = { type: "article", id: "1" };

/** `PUT /articles/1` by u1, a `role`, where the loader finds `found`. */
const put = (name, found, expect, role = "author") => ({
  name,
  ...withToken(as(role), "/articles/1", "PUT"),
  resources: { article: { 1: found } },
  expect,
});
const own = (role = "author") => allowed(who(role), "PUT /articles/{id}", { permission: "article:update", resource: article });
const notOwner = notAllowed("not_owner");

const question = (name, subject, resource, expect, action = "update") => ({ name, ask: { subject: { id: "u1", roles: ["author"], ...subject }, action: { name: action }, resource }, expect });
const asked = (name, properties, expect, subject = {}) => question(name, subject, { type: "article", id: "1", properties }, expect);
const noOwner = no("not_allowed", "not_owner", 403, "Not allowed");
const conditional = no("conditional", "conditional", 403, "Not allowed");

const file = (name, properties, attributes, expect) => question(name, attributes === undefined ? {} : { attributes }, { type: "file", id: "1", properties }, expect);

export const cases = [
  // Through the loader
  put("the_owner_is_allowed", { author_id: "u1" }, own()),
  put("another_is_not_allowed", { author_id: "u2" }, notOwner),
  put("a_longer_id_is_another_s", { author_id: "u11" }, notOwner),
  put("an_id_in_another_case_is_another_s", { author_id: "U1" }, notOwner),
  put("an_id_with_a_space_is_another_s", { author_id: "u1 " }, notOwner),
  put("a_resource_without_an_owner_is_nobody_s", {}, notOwner),
  put("a_resource_whose_owner_is_null_is_nobody_s", { author_id: null }, notOwner),
  put("a_resource_whose_owner_is_empty_is_nobody_s", { author_id: "" }, notOwner),
  put("a_resource_whose_owner_is_a_number_is_nobody_s", { author_id: 1 }, notOwner),
  put("a_resource_whose_owner_is_a_list_is_nobody_s", { author_id: ["u1"] }, notOwner),
  put("a_resource_whose_owner_is_an_object_is_nobody_s", { author_id: { id: "u1" } }, notOwner),
  put("a_resource_whose_owner_is_true_is_nobody_s", { author_id: true }, notOwner),
  put("the_id_under_another_name_owns_nothing", { authorId: "u1", owner: "u1", id: "u1" }, notOwner),
  put("other_members_do_not_matter", { title: "x", author_id: "u1", tags: ["a"], nested: { author_id: "u2" } }, own()),
  put("a_resource_that_is_not_there_is_not_found", undefined, notFound()),
  put("a_loader_that_fails_is_unavailable", "fails", unavailable("resource_unavailable")),
  put("a_wildcard_of_the_type_owns", { author_id: "u1" }, own("owner_of_all"), "owner_of_all"),
  put("a_wildcard_of_the_type_owns_nothing_of_another", { author_id: "u2" }, notOwner, "owner_of_all"),
  put("a_wildcard_of_the_action_owns", { author_id: "u1" }, own("updater"), "updater"),
  put("a_wildcard_of_the_action_owns_nothing_of_another", { author_id: "u2" }, notOwner, "updater"),
  {
    name: "a_wildcard_of_the_type_owns_for_another_action",
    ...withToken(as("owner_of_all"), "/articles/1", "DELETE"),
    resources: { article: { 1: { author_id: "u1" } } },
    expect: allowed(who("owner_of_all"), "DELETE /articles/{id}", { permission: "article:delete", resource: article }),
  },
  { name: "a_wildcard_of_the_action_permits_no_other_action", ...withToken(as("updater"), "/articles/1", "DELETE"), resources: { article: { 1: "fails" } }, expect: permissionDenied() },

  // The loader is asked only where the answer depends on it
  put("who_may_without_condition_needs_no_loader", "fails", own("editor"), "editor"),
  put("who_may_by_another_role_without_condition_needs_no_loader", "fails", own("chief"), "chief"),
  put("who_may_not_at_all_needs_no_loader", "fails", permissionDenied(), "reader"),
  {
    name: "a_permission_without_condition_needs_no_loader",
    ...withToken(author, "/articles/1"),
    resources: { article: { 1: "fails" } },
    expect: allowed(who("author"), "GET /articles/{id}", { permission: "article:read", resource: article }),
  },
  {
    name: "who_may_without_condition_is_not_told_that_there_is_nothing",
    ...withToken(as("editor"), "/articles/9", "PUT"),
    resources: { article: {} },
    expect: allowed(who("editor"), "PUT /articles/{id}", { permission: "article:update", resource: { type: "article", id: "9" } }),
  },
  { name: "who_may_not_at_all_is_not_told_that_there_is_nothing", ...withToken(as("reader"), "/articles/9", "PUT"), resources: { article: {} }, expect: permissionDenied() },
  { name: "a_guest_needs_no_loader", request: request("PUT", "/articles/1"), resources: { article: { 1: "fails" } }, expect: unauthenticated("permission_missing") },
  {
    name: "a_named_parameter_is_loaded",
    ...withToken(author, "/named/hello", "PUT"),
    resources: { article: { hello: { author_id: "u1" } } },
    expect: allowed(who("author"), "PUT /named/{slug}", { permission: "article:update", resource: { type: "article", id: "hello" } }),
  },
  {
    name: "an_escaped_id_is_loaded_decoded",
    ...withToken(author, "/articles/a%20b", "PUT"),
    resources: { article: { "a b": { author_id: "u1" } } },
    expect: allowed(who("author"), "PUT /articles/{id}", { permission: "article:update", resource: { type: "article", id: "a b" } }),
  },
  {
    name: "an_id_named_proto_is_loaded_like_any_other",
    ...withToken(author, "/articles/__proto__", "PUT"),
    resources: { article: {} },
    expect: notFound(),
  },
  {
    name: "a_type_and_an_attribute_with_odd_names_are_like_any_other",
    ...withToken(author, "/things/1", "PUT"),
    resources: { ["__proto__"]: { 1: { constructor: "u1" } } },
    expect: allowed(who("author"), "PUT /things/{id}", { permission: "__proto__:update", resource: { type: "__proto__", id: "1" } }),
  },
  {
    name: "an_attribute_that_every_object_has_owns_nothing",
    ...withToken(author, "/things/1", "PUT"),
    resources: { ["__proto__"]: { 1: {} } },
    expect: notOwner,
  },

  // By another attribute of the subject
  {
    name: "an_owner_by_email_is_allowed",
    ...withToken(as("author", { email: "ann@example.com" }), "/files/1", "PUT"),
    resources: { file: { 1: { ownerEmail: "ann@example.com" } } },
    expect: allowed(who("author", { attributes: { email: "ann@example.com" } }), "PUT /files/{id}", { permission: "file:update", resource: { type: "file", id: "1" } }),
  },
  {
    name: "another_email_is_not_allowed",
    ...withToken(as("author", { email: "bob@example.com" }), "/files/1", "PUT"),
    resources: { file: { 1: { ownerEmail: "ann@example.com" } } },
    expect: notOwner,
  },
  {
    name: "the_id_is_no_email",
    ...withToken(as("author", { email: "ann@example.com" }), "/files/1", "PUT"),
    resources: { file: { 1: { ownerEmail: "u1" } } },
    expect: notOwner,
  },
  {
    name: "no_email_owns_nothing",
    ...withToken(author, "/files/1", "PUT"),
    resources: { file: { 1: {} } },
    expect: notOwner,
  },

  // hide
  {
    name: "a_hidden_type_shows_itself_to_its_owner",
    ...withToken(author, "/drafts/1", "PUT"),
    resources: { draft: { 1: { author_id: "u1" } } },
    expect: allowed(who("author"), "PUT /drafts/{id}", { permission: "draft:update", resource: { type: "draft", id: "1" } }),
  },
  { name: "a_hidden_type_is_not_found_by_another", ...withToken(author, "/drafts/1", "PUT"), resources: { draft: { 1: { author_id: "u2" } } }, expect: notFound("not_owner") },
  { name: "a_hidden_type_that_is_not_there_reads_the_same", ...withToken(author, "/drafts/1", "PUT"), resources: { draft: {} }, expect: notFound() },
  { name: "a_hidden_type_is_not_found_without_the_permission", ...withToken(as("reader"), "/drafts/1", "PUT"), resources: { draft: { 1: "fails" } }, expect: notFound("permission_missing") },
  { name: "a_hidden_type_asks_a_guest_to_sign_in", request: request("PUT", "/drafts/1"), resources: { draft: { 1: "fails" } }, expect: unauthenticated("permission_missing") },
  { name: "a_hidden_type_whose_loader_fails_is_unavailable", ...withToken(author, "/drafts/1", "PUT"), resources: { draft: { 1: "fails" } }, expect: unavailable("resource_unavailable") },
  { name: "a_hidden_route_is_not_found_by_another", ...withToken(author, "/secret/1", "PUT"), resources: { article: { 1: { author_id: "u2" } } }, expect: notFound("not_owner") },
  { name: "a_hidden_route_is_not_found_without_the_permission", ...withToken(as("reader"), "/secret/1", "PUT"), resources: { article: {} }, expect: notFound("permission_missing") },
  { name: "a_hidden_route_asks_a_guest_to_sign_in", request: request("PUT", "/secret/1"), resources: { article: {} }, expect: unauthenticated("permission_missing") },
  {
    name: "a_hidden_route_shows_itself_to_the_owner",
    ...withToken(author, "/secret/1", "PUT"),
    resources: { article: { 1: { author_id: "u1" } } },
    expect: allowed(who("author"), "PUT /secret/{id}", { permission: "article:update", resource: article }),
  },

  // A route of the type, and a handler that decides
  { name: "a_route_of_the_type_is_refused_where_only_a_condition_permits", ...withToken(author, "/articles", "PUT"), resources: { article: {} }, expect: notAllowed("resource_required") },
  { name: "a_route_of_the_type_is_allowed_without_condition", ...withToken(as("editor"), "/articles", "PUT"), resources: { article: {} }, expect: allowed(who("editor"), "PUT /articles", { permission: "article:update" }) },
  { name: "a_route_of_the_type_is_denied_without_the_permission", ...withToken(as("reader"), "/articles", "PUT"), resources: { article: {} }, expect: permissionDenied() },
  {
    name: "a_handler_decides_what_is_conditional",
    ...withToken(author, "/articles", "POST"),
    resources: { article: {} },
    expect: allowed(who("author"), "POST /articles", { permission: "article:update", conditional: true }),
  },
  {
    name: "a_handler_decides_and_no_loader_is_asked",
    ...withToken(author, "/articles/1", "POST"),
    resources: { article: { 1: "fails" } },
    expect: allowed(who("author"), "POST /articles/{id}", { permission: "article:update", resource: article, conditional: true }),
  },
  {
    name: "a_handler_has_nothing_to_decide_without_condition",
    ...withToken(as("editor"), "/articles/1", "POST"),
    resources: { article: { 1: "fails" } },
    expect: allowed(who("editor"), "POST /articles/{id}", { permission: "article:update", resource: article }),
  },
  { name: "a_handler_is_not_asked_without_the_permission", ...withToken(as("reader"), "/articles/1", "POST"), resources: { article: {} }, expect: permissionDenied() },
  { name: "a_handler_is_not_asked_about_a_guest", request: request("POST", "/articles/1"), resources: { article: {} }, expect: unauthenticated("permission_missing") },

  // Questions
  asked("asked_of_one_s_own_the_answer_is_yes", { author_id: "u1" }, yes()),
  asked("asked_of_another_s_the_answer_is_no", { author_id: "u2" }, noOwner),
  asked("asked_of_a_resource_without_owner_the_answer_is_no", {}, noOwner),
  asked("null_and_null_own_nothing", { author_id: null }, noOwner),
  asked("an_empty_owner_owns_nothing", { author_id: "" }, noOwner),
  asked("a_number_owns_nothing", { author_id: 7 }, noOwner, { id: "7" }),
  asked("a_service_may_own", { author_id: "app" }, yes(), { id: "app", kind: "service" }),
  asked("a_role_that_needs_no_ownership_asks_for_none", { author_id: "u2" }, yes(), { roles: ["editor"] }),
  question("asked_of_the_type_the_answer_is_conditional", {}, { type: "article" }, conditional),
  question("asked_of_an_id_alone_the_answer_is_conditional", {}, { type: "article", id: "1" }, conditional),
  question("asked_of_the_type_without_condition_the_answer_is_yes", { roles: ["editor"] }, { type: "article" }, yes()),
  question("asked_of_the_type_without_the_permission_the_answer_is_no", { roles: ["reader"] }, { type: "article" }, no("permission_denied", "permission_missing", 403, "Permission denied")),
  question("asked_of_the_type_one_role_without_condition_is_enough", { roles: ["author", "editor"] }, { type: "article" }, yes()),
  file("an_owner_by_email_owns", { ownerEmail: "ann@example.com" }, { email: "ann@example.com" }, yes()),
  file("another_email_owns_nothing", { ownerEmail: "ann@example.com" }, { email: "bob@example.com" }, noOwner),
  file("no_email_on_either_side_owns_nothing", {}, undefined, noOwner),
  file("null_on_both_sides_owns_nothing", { ownerEmail: null }, { email: null }, noOwner),
  file("empty_emails_own_nothing", { ownerEmail: "" }, { email: "" }, noOwner),
  file("equal_numbers_own_nothing", { ownerEmail: 5 }, { email: 5 }, noOwner),
  file("equal_lists_own_nothing", { ownerEmail: ["a"] }, { email: ["a"] }, noOwner),
  question("a_hidden_type_is_not_found_in_a_question_too", {}, { type: "draft", id: "1", properties: { author_id: "u2" } }, no("not_found", "not_owner", 404, "Not found")),
];
