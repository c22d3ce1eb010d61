// Questions to the decision point (OpenID AuthZEN Authorization API 1.0 §6): the shape of the question
// and of the answer. What the answers hang on is in the other suites.

import { no, yes } from "../forge/expect.mjs";

export const about = "Questions to the decision point: shapes, types, unknown permissions, conditions, guests and services.";

const policy = {
  policy: "evaluate",
  revision: 1,
  resources: {
    article: { actions: ["create", "read", "update", "publish/now"], owner: "author_id" },
    note: { actions: ["read"], owner: "owner_id", hide: true },
  },
  permissions: ["read_users", "read"],
  roles: {
    reader: { permits: ["article:read", "read_users"] },
    author: { inherits: ["reader"], permits: ["article:create", "article:publish/now", { permission: "article:update", owner: true }, { permission: "note:read", owner: true }] },
    guest: { permits: ["article:read"] },
  },
};

export const configs = { site: { policy } };

const ask = (name, question, expect) => ({ name, ask: question, expect });
const question = (name, subject, action, resource, expect, context) =>
  ask(name, { subject, action: { name: action }, ...(resource === undefined ? {} : { resource }), ...(context === undefined ? {} : { context }) }, expect);

const reader = { id: "u1", roles: ["reader"] };
const author = { id: "u1", roles: ["author"] };
const guest = { id: "guest", kind: "guest", roles: ["guest"] };
const article = { type: "article" };

const missing = no("permission_denied", "permission_missing", 403, "Permission denied");
const unknown = no("permission_denied", "permission_unknown", 403, "Permission denied");
const conditional = no("conditional", "conditional", 403, "Not allowed");
const notOwner = no("not_allowed", "not_owner", 403, "Not allowed");
const signIn = (reason) => no("authentication_required", reason, 401, "Authentication required");

export const cases = [
  // Typed and bare
  question("a_typed_permission_is_an_action_on_a_type", reader, "read", article, yes()),
  question("a_typed_permission_may_name_an_instance", reader, "read", { type: "article", id: "1" }, yes()),
  question("a_typed_permission_may_bring_properties", reader, "read", { type: "article", id: "1", properties: { author_id: "u2" } }, yes()),
  question("properties_without_an_id_are_an_instance", author, "update", { type: "article", properties: { author_id: "u1" } }, yes()),
  question("properties_without_an_id_are_another_s_instance", author, "update", { type: "article", properties: { author_id: "u2" } }, notOwner),
  question("a_bare_permission_has_no_resource", reader, "read_users", undefined, yes()),
  question("a_bare_permission_is_missing", reader, "read", undefined, missing),
  question("a_typed_permission_is_missing", reader, "create", article, missing),
  question("an_action_with_a_slash_is_an_action", author, "publish/now", article, yes()),
  question("an_action_with_a_slash_is_missing", reader, "publish/now", article, missing),
  ask("an_action_that_is_text_is_short_for_its_name", { subject: reader, action: "read", resource: article }, yes()),

  // Unknown
  question("an_unknown_bare_permission_is_unknown", reader, "write_users", undefined, unknown),
  question("an_unknown_action_is_unknown", reader, "remove", article, unknown),
  question("an_unknown_type_is_unknown", reader, "read", { type: "video" }, unknown),
  question("a_bare_permission_on_a_type_is_unknown", reader, "read_users", article, unknown),
  question("an_action_without_its_type_is_unknown", author, "create", undefined, unknown),
  question("an_unknown_permission_asks_a_guest_to_sign_in", guest, "remove", article, signIn("permission_unknown")),
  question("a_name_that_every_object_has_is_unknown", reader, "toString", undefined, unknown),

  // Conditions
  question("asked_of_the_type_a_condition_answers_conditional", author, "update", article, conditional),
  question("asked_of_an_id_without_properties_a_condition_answers_conditional", author, "update", { type: "article", id: "1" }, conditional),
  question("asked_of_empty_properties_a_condition_answers_no", author, "update", { type: "article", id: "1", properties: {} }, notOwner),
  question("asked_of_one_s_own_a_condition_answers_yes", author, "update", { type: "article", id: "1", properties: { author_id: "u1" } }, yes()),
  question("asked_of_a_hidden_type_a_condition_answers_conditional", author, "read", { type: "note" }, conditional),
  question("asked_of_another_s_hidden_instance_it_is_not_found", author, "read", { type: "note", id: "1", properties: { owner_id: "u2" } }, no("not_found", "not_owner", 404, "Not found")),
  question("asked_of_a_hidden_type_without_the_permission_it_is_not_found", reader, "read", { type: "note" }, no("not_found", "permission_missing", 404, "Not found")),
  question("asked_of_a_hidden_type_a_guest_may_sign_in", guest, "read", { type: "note" }, signIn("permission_missing")),

  // Subjects
  question("a_subject_without_roles_lacks_the_permission", { id: "u1" }, "read", article, missing),
  question("a_subject_of_kind_user_is_a_user", { ...reader, kind: "user" }, "read", article, yes()),
  question("a_service_is_a_subject", { id: "ci", kind: "service", roles: ["reader"] }, "read", article, yes()),
  question("a_service_lacks_a_permission", { id: "ci", kind: "service", roles: ["reader"] }, "create", article, missing),
  question("a_guest_is_a_subject", guest, "read", article, yes()),
  question("a_guest_lacks_a_permission", guest, "create", article, signIn("permission_missing")),
  question("a_subject_s_own_permission_counts", { id: "u1", permissions: ["article:create"] }, "create", article, yes()),
  question("a_subject_s_own_bare_permission_counts", { id: "u1", permissions: ["read"] }, "read", undefined, yes()),
  question("a_subject_s_own_permission_is_compared_to_the_letter", { id: "u1", permissions: ["article:Create"] }, "create", article, missing),
  question("a_subject_s_own_wildcard_is_no_permission", { id: "u1", permissions: ["*", "article:*", "*:create"] }, "create", article, missing),
  question("a_subject_s_own_permission_that_nobody_declared_is_unknown", { id: "u1", permissions: ["write_users"] }, "write_users", undefined, unknown),
  question("a_subject_s_own_permission_needs_no_ownership", { id: "u1", permissions: ["article:update"] }, "update", { type: "article", id: "1", properties: { author_id: "u2" } }, yes()),
  question("a_subject_s_scopes_are_no_permissions", { id: "u1", scopes: ["article:read", "read_users"] }, "read_users", undefined, missing),
  question("a_subject_as_the_guard_makes_it_is_a_subject", { kind: "user", id: "u1", issuer: "https://id.example", roles: ["reader"], permissions: [], scopes: [], attributes: {}, acr: null, amr: [], authTime: null }, "read", article, yes()),
  question("a_context_changes_nothing_where_nothing_reads_it", reader, "read", article, yes(), { ip: "192.0.2.1", justification: "none" }),
  question("a_context_opens_nothing", reader, "create", article, missing, { roles: ["author"], justification: "please" }),
];
