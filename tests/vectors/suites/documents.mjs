// Documents that must not load, with where and why; and a few that do, beside those that do not.

import { apiKeyHash } from "../forge/api_key.mjs";
import { plusPrime, smallestPoint } from "../forge/curve.mjs";
import { block, ecInfo, pem, plainInfo, rsaInfo } from "../forge/pem.mjs";
import { privateJwk, publicJwk, secret } from "../forge/sign.mjs";
import { audience, issuer } from "../forge/token.mjs";

export const about = "Policy and trust documents that do not load: the document, the path in it, the code.";

// A policy that loads. Each case changes one thing.
const base = {
  policy: "documents",
  revision: 1,
  resources: { article: { actions: ["read", "update"], owner: "author_id" }, image: { actions: ["read"] } },
  permissions: ["read_users"],
  roles: { reader: { permits: ["article:read"] } },
};
const without = (document, ...members) => Object.fromEntries(Object.entries(document).filter(([name]) => !members.includes(name)));

const policy = (name, changes, path, code, loaders) => ({ name, policy: typeof changes === "string" ? changes : { ...base, ...changes }, loaders, ...(code === "loader_missing" && { trust: {} }), error: { document: "policy", path, code } });
const policyIs = (name, document, path, code) => ({ name, policy: document, error: { document: "policy", path, code } });
const loads = (name, changes, loaders) => ({ name, policy: { ...base, ...changes }, loaders, error: null });

const roles = (name, declared, path, code) => policy(name, { roles: declared }, path, code);
const permits = (name, permit, path, code) => roles(name, { reader: { permits: [permit] } }, path, code);
const resources = (name, declared, path, code) => policy(name, { resources: declared, roles: {} }, path, code);
const article = (name, declared, path, code) => resources(name, { article: declared }, path, code);
const rule = (name, declared, path, code) => policy(name, { rules: [declared] }, path, code);
const routes = (name, declared, path, code, loaders) => policy(name, { routes: declared }, path, code, loaders);
const route = (name, declared, path, code) => routes(name, [declared], path, code);
const pattern = (name, text) => route(name, { route: text, allow: "everyone" }, "routes[0].route", "bad_value");

// A trust document that loads.
const ed = publicJwk("ed25519", { kid: "ed" });
const entry = { issuer, audience, jwks: { keys: [ed] } };
const key = { id: "ci", hash: apiKeyHash("an-api-key-of-more-than-32-characters-1") };

const trust = (name, document, path, code) => ({ name, policy: base, trust: document, error: { document: "trust", path, code } });
const trustLoads = (name, document) => ({ name, policy: base, trust: document, error: null });
const issuerIs = (name, changes, path, code) => trust(name, { issuers: [{ ...entry, ...changes }] }, path, code);
const keyless = without(entry, "jwks");
const secretIs = (name, value, path, code, members = {}) => trust(name, { issuers: [{ ...keyless, secret: value, ...members }] }, path, code);
const jwk = (name, value, code) => trust(name, { issuers: [{ ...entry, jwks: { keys: [value] } }] }, "issuers[0].jwks.keys[0]", code);
const uri = (name, value, code = "insecure_uri") => trust(name, { issuers: [{ ...keyless, jwksUri: value }] }, "issuers[0].jwksUri", code);
const apiKey = (name, changes, path, code) => trust(name, { apiKeys: [{ ...key, ...changes }] }, path, code);
const credentials = (name, value, path, code) => trust(name, { credentials: value }, path, code);

const discovered = (name, members, path, code) => trust(name, { issuers: [{ ...keyless, ...members }] }, `issuers[0].${path}`, code);
const presets = ["auth0", "keycloak", "cognito", "entra", "supabase", "clerk", "firebase", "cloudflare-access"];
const template = { issuer: "https://login.microsoftonline.com/{tenantid}/v2.0", audience, preset: "entra" };
const tenants = (name, members, path, code) => {
  const document = { issuers: [{ ...template, ...members }] };
  return code === undefined ? trustLoads(name, document) : trust(name, document, `issuers[0].${path}`, code);
};
const prefixes = (name, first, second) =>
  trust(name, { issuers: [{ ...entry, idPrefix: first }, { ...entry, issuer: "https://other.example", idPrefix: second }] }, "issuers[1].idPrefix", "duplicate");

/** API keys of these ids beside issuers with prefixes of ids; `place` is that of the one that does not load. */
const keyBehind = (name, idPrefix, ids, place, others = []) => {
  const apiKeys = ids.map((id, index) => ({ id, hash: apiKeyHash(`an-api-key-of-more-than-32-characters-${index}`) }));
  const document = { apiKeys, issuers: [{ ...entry, idPrefix }, ...others] };
  return place === undefined ? trustLoads(name, document) : trust(name, document, `apiKeys[${place}].id`, "duplicate");
};

/** Of the whole core alone. */
const whole = (document) => ({ ...document, full: true });
const pemLoads = (name, value) => whole(trustLoads(name, { issuers: [{ ...keyless, pem: value }] }));
const pemIs = (name, value, path, code) => whole(trust(name, { issuers: [{ ...keyless, pem: value }] }, `issuers[0].pem${path}`, code));

const rsa = (members) => publicJwk("rsa", { kid: "rsa", ...members });
const p256 = (members) => publicJwk("p256", { kid: "p256", ...members });
const modulusBytes = (length, first = 0xc1) => Buffer.concat([Buffer.from([first]), Buffer.alloc(length - 2, 0x5a), Buffer.from([0x0b])]);
const modulus = (length, first) => modulusBytes(length, first).toString("base64url");
const raw = (coordinate) => Buffer.from(coordinate, "base64url");
const p256Info = ecInfo("p256", Buffer.concat([Buffer.from([4]), raw(p256().x), raw(p256().y)]));
const cut = (text) => Buffer.from(text, "base64url").subarray(1).toString("base64url");

const long = "n".repeat(129);

export const documents = [
  // Policy: JSON
  loads("a_policy_loads", {}),
  { name: "the_smallest_policy_loads", policy: { policy: "smallest", revision: 0 }, error: null },
  { name: "a_policy_as_text_loads", policy: '{"policy":"text","revision":1}', error: null },
  policyIs("a_policy_that_is_no_json_does_not_load", "policy: yaml", "", "json"),
  policyIs("an_empty_text_does_not_load", "", "", "json"),
  policyIs("a_policy_that_is_cut_off_does_not_load", '{"policy":"a","revision":1', "", "json"),
  policyIs("text_behind_a_policy_does_not_load", '{"policy":"a","revision":1} {}', "", "json"),
  policyIs("a_trailing_comma_does_not_load", '{"policy":"a","revision":1,}', "", "json"),
  policyIs("a_comment_does_not_load", '{"policy":"a","revision":1} // seven', "", "json"),
  policyIs("a_member_twice_does_not_load", '{"policy":"a","revision":1,"revision":2}', "", "json"),
  policyIs("a_member_twice_by_an_escape_does_not_load", '{"policy":"a","revision":1,"r\\u0065vision":2}', "", "json"),
  policyIs("a_role_twice_does_not_load", '{"policy":"a","revision":1,"roles":{"r":{},"r":{}}}', "", "json"),
  policyIs("a_lone_surrogate_does_not_load", '{"policy":"\\ud800","revision":1}', "", "json"),
  policyIs("a_deep_policy_does_not_load", `{"policy":"a","revision":1,"x":${"[".repeat(1000)}${"]".repeat(1000)}}`, "", "json"),
  policyIs("a_policy_that_is_a_list_does_not_load", "[]", "", "wrong_type"),
  policyIs("a_policy_that_is_null_does_not_load", "null", "", "wrong_type"),
  policyIs("a_policy_that_is_a_number_does_not_load", "7", "", "wrong_type"),

  // Policy: its own members
  policyIs("a_policy_without_name_does_not_load", without(base, "policy"), "policy", "missing_member"),
  policyIs("a_policy_without_revision_does_not_load", without(base, "revision"), "revision", "missing_member"),
  policy("a_name_that_is_a_number_does_not_load", { policy: 5 }, "policy", "wrong_type"),
  policy("a_name_that_is_null_does_not_load", { policy: null }, "policy", "wrong_type"),
  policy("an_empty_policy_name_does_not_load", { policy: "" }, "policy", "bad_name"),
  policy("a_revision_that_is_text_does_not_load", { revision: "1" }, "revision", "wrong_type"),
  policy("a_negative_revision_does_not_load", { revision: -1 }, "revision", "bad_value"),
  policy("a_revision_with_a_fraction_does_not_load", { revision: 1.5 }, "revision", "bad_value"),
  policyIs("a_revision_beyond_2_to_53_does_not_load", '{"policy":"a","revision":9007199254740994}', "revision", "bad_value"),
  { name: "a_revision_of_2_to_53_loads", policy: '{"policy":"a","revision":9007199254740992}', error: null },
  policy("a_misspelt_member_does_not_load", { role: {} }, "role", "unknown_member"),
  policy("a_member_in_another_case_does_not_load", { Roles: {} }, "Roles", "unknown_member"),
  policyIs("a_member_named_proto_does_not_load", '{"policy":"a","revision":1,"__proto__":{}}', "__proto__", "unknown_member"),
  policy("a_member_with_a_dot_is_quoted_in_the_path", { "a.b": 1 }, '["a.b"]', "unknown_member"),
  policy("a_member_with_a_quote_is_escaped_in_the_path", { 'a"b': 1 }, '["a\\"b"]', "unknown_member"),
  policy("an_empty_member_is_quoted_in_the_path", { "": 1 }, '[""]', "unknown_member"),
  policy("resources_that_are_a_list_do_not_load", { resources: [] }, "resources", "wrong_type"),
  policy("permissions_that_are_an_object_do_not_load", { permissions: {} }, "permissions", "wrong_type"),
  policy("roles_that_are_a_list_do_not_load", { roles: [] }, "roles", "wrong_type"),
  policy("rules_that_are_an_object_do_not_load", { rules: {} }, "rules", "wrong_type"),
  policy("routes_that_are_an_object_do_not_load", { routes: {} }, "routes", "wrong_type"),

  // Resources
  article("a_type_without_actions_does_not_load", {}, "resources.article.actions", "missing_member"),
  article("actions_that_are_text_do_not_load", { actions: "read" }, "resources.article.actions", "wrong_type"),
  article("an_action_that_is_a_number_does_not_load", { actions: ["read", 5] }, "resources.article.actions[1]", "wrong_type"),
  article("an_action_with_a_space_does_not_load", { actions: ["read all"] }, "resources.article.actions[0]", "bad_name"),
  article("an_action_with_a_colon_does_not_load", { actions: ["article:read"] }, "resources.article.actions[0]", "bad_name"),
  article("an_empty_action_does_not_load", { actions: [""] }, "resources.article.actions[0]", "bad_name"),
  article("an_action_that_is_a_star_does_not_load", { actions: ["*"] }, "resources.article.actions[0]", "bad_name"),
  article("an_action_of_129_characters_does_not_load", { actions: [long] }, "resources.article.actions[0]", "bad_name"),
  article("an_action_twice_does_not_load", { actions: ["read", "update", "read"] }, "resources.article.actions[2]", "duplicate"),
  article("an_unknown_member_of_a_type_does_not_load", { actions: ["read"], verbs: [] }, "resources.article.verbs", "unknown_member"),
  article("an_owner_that_is_a_number_does_not_load", { actions: ["read"], owner: 5 }, "resources.article.owner", "wrong_type"),
  article("an_owner_without_its_subject_s_attribute_does_not_load", { actions: ["read"], owner: { resource: "o" } }, "resources.article.owner.subject", "missing_member"),
  article("an_owner_without_its_resource_s_attribute_does_not_load", { actions: ["read"], owner: { subject: "s" } }, "resources.article.owner.resource", "missing_member"),
  article("an_owner_with_an_unknown_member_does_not_load", { actions: ["read"], owner: { resource: "o", subject: "s", user: "u" } }, "resources.article.owner.user", "unknown_member"),
  article("hide_that_is_text_does_not_load", { actions: ["read"], hide: "yes" }, "resources.article.hide", "wrong_type"),
  resources("a_type_with_a_space_does_not_load", { "an article": { actions: ["read"] } }, 'resources["an article"]', "bad_name"),
  resources("a_type_with_a_colon_does_not_load", { "a:b": { actions: ["read"] } }, 'resources["a:b"]', "bad_name"),
  resources("a_type_with_a_slash_does_not_load", { "a/b": { actions: ["read"] } }, 'resources["a/b"]', "bad_name"),
  resources("an_empty_type_does_not_load", { "": { actions: ["read"] } }, 'resources[""]', "bad_name"),
  resources("a_type_of_129_characters_does_not_load", { [long]: { actions: ["read"] } }, `resources.${long}`, "bad_name"),
  resources("a_type_beyond_ascii_does_not_load", { é: { actions: ["read"] } }, 'resources["é"]', "bad_name"),
  resources("a_type_that_is_a_list_does_not_load", { article: ["read"] }, "resources.article", "wrong_type"),
  loads("a_type_of_128_characters_loads", { resources: { ["n".repeat(128)]: { actions: ["read"] } }, roles: {} }),
  loads("a_type_and_an_action_with_dots_load", { resources: { "blog.article": { actions: ["comments/read.all"] } }, roles: { r: { permits: ["blog.article:comments/read.all"] } } }),

  // Bare permissions
  policy("a_bare_permission_with_a_colon_does_not_load", { permissions: ["article:read"] }, "permissions[0]", "bad_name"),
  policy("a_bare_permission_that_is_a_star_does_not_load", { permissions: ["*"] }, "permissions[0]", "bad_name"),
  policy("an_empty_bare_permission_does_not_load", { permissions: [""] }, "permissions[0]", "bad_name"),
  policy("a_bare_permission_with_a_space_does_not_load", { permissions: ["read users"] }, "permissions[0]", "bad_name"),
  policy("a_bare_permission_with_a_slash_does_not_load", { permissions: ["users/read"] }, "permissions[0]", "bad_name"),
  policy("a_bare_permission_that_is_a_number_does_not_load", { permissions: [1] }, "permissions[0]", "wrong_type"),
  policy("a_bare_permission_twice_does_not_load", { permissions: ["read_users", "read_users"] }, "permissions[1]", "duplicate"),

  // Roles
  roles("a_role_that_is_a_list_does_not_load", { reader: ["article:read"] }, "roles.reader", "wrong_type"),
  roles("a_role_with_a_space_does_not_load", { "a reader": {} }, 'roles["a reader"]', "bad_name"),
  roles("a_role_with_a_colon_does_not_load", { "a:b": {} }, 'roles["a:b"]', "bad_name"),
  roles("an_empty_role_does_not_load", { "": {} }, 'roles[""]', "bad_name"),
  roles("a_role_that_is_a_star_does_not_load", { "*": {} }, 'roles["*"]', "bad_name"),
  roles("a_role_with_a_newline_is_escaped_in_the_path", { "a\nb": {} }, 'roles["a\\nb"]', "bad_name"),
  roles("an_unknown_member_of_a_role_does_not_load", { reader: { permit: [] } }, "roles.reader.permit", "unknown_member"),
  roles("an_unknown_member_of_a_role_with_a_dot_is_found", { "a.b": { permit: [] } }, 'roles["a.b"].permit', "unknown_member"),
  roles("permits_that_are_text_do_not_load", { reader: { permits: "article:read" } }, "roles.reader.permits", "wrong_type"),
  roles("inherits_that_is_text_does_not_load", { reader: {}, editor: { inherits: "reader" } }, "roles.editor.inherits", "wrong_type"),
  roles("an_inherited_role_that_is_a_number_does_not_load", { editor: { inherits: [5] } }, "roles.editor.inherits[0]", "wrong_type"),
  roles("an_inherited_role_that_is_unknown_does_not_load", { reader: {}, editor: { inherits: ["reader", "writer"] } }, "roles.editor.inherits[1]", "unknown_role"),
  roles("an_inherited_role_in_another_case_is_unknown", { reader: {}, editor: { inherits: ["Reader"] } }, "roles.editor.inherits[0]", "unknown_role"),
  roles("an_inherited_role_that_every_object_has_is_unknown", { editor: { inherits: ["constructor"] } }, "roles.editor.inherits[0]", "unknown_role"),
  roles("a_role_that_inherits_itself_does_not_load", { editor: { inherits: ["editor"] } }, "roles.editor.inherits", "role_cycle"),
  roles("two_roles_that_inherit_each_other_do_not_load", { b: { inherits: ["a"] }, a: { inherits: ["b"] } }, "roles.a.inherits", "role_cycle"),
  roles("three_roles_in_a_circle_do_not_load", { c: { inherits: ["d"] }, e: { inherits: ["c"] }, d: { inherits: ["e"] } }, "roles.c.inherits", "role_cycle"),
  roles("a_cycle_that_is_entered_from_outside_is_named_by_its_own_roles", { a: { inherits: ["b"] }, b: { inherits: ["c"] }, c: { inherits: ["b"] } }, "roles.b.inherits", "role_cycle"),
  loads("a_diamond_is_no_cycle", { roles: { top: { inherits: ["left", "right"] }, left: { inherits: ["foot"] }, right: { inherits: ["foot"] }, foot: {} } }),

  // Permits
  permits("a_permit_that_is_a_number_does_not_load", 5, "roles.reader.permits[0]", "wrong_type"),
  permits("a_permit_that_is_unknown_does_not_load", "delete_users", "roles.reader.permits[0]", "unknown_permission"),
  permits("a_permit_with_an_unknown_action_does_not_load", "article:publish", "roles.reader.permits[0]", "unknown_permission"),
  permits("a_permit_with_an_action_of_another_type_does_not_load", "image:update", "roles.reader.permits[0]", "unknown_permission"),
  permits("a_permit_with_an_unknown_type_does_not_load", "video:read", "roles.reader.permits[0]", "unknown_resource_type"),
  permits("a_permit_with_a_part_of_a_type_does_not_load", "art:read", "roles.reader.permits[0]", "unknown_resource_type"),
  permits("a_wildcard_of_an_unknown_type_does_not_load", "video:*", "roles.reader.permits[0]", "unknown_resource_type"),
  permits("a_wildcard_of_an_unknown_action_does_not_load", "*:publish", "roles.reader.permits[0]", "unknown_permission"),
  permits("a_permit_without_action_does_not_load", "article:", "roles.reader.permits[0]", "bad_name"),
  permits("a_permit_without_type_does_not_load", ":read", "roles.reader.permits[0]", "bad_name"),
  permits("a_permit_with_two_colons_does_not_load", "article:read:own", "roles.reader.permits[0]", "bad_name"),
  permits("an_empty_permit_does_not_load", "", "roles.reader.permits[0]", "bad_name"),
  permits("a_star_in_a_type_does_not_load", "art*:read", "roles.reader.permits[0]", "bad_name"),
  permits("a_star_in_an_action_does_not_load", "article:re*", "roles.reader.permits[0]", "bad_name"),
  permits("a_star_in_a_bare_permission_does_not_load", "read_*", "roles.reader.permits[0]", "bad_name"),
  permits("two_stars_do_not_load", "**", "roles.reader.permits[0]", "bad_name"),
  permits("a_permit_with_a_space_does_not_load", "article: read", "roles.reader.permits[0]", "bad_name"),
  permits("a_permit_as_an_object_without_permission_does_not_load", { owner: true }, "roles.reader.permits[0].permission", "missing_member"),
  permits("a_permit_as_an_object_with_an_unknown_permission_does_not_load", { permission: "article:publish" }, "roles.reader.permits[0].permission", "unknown_permission"),
  permits("a_permit_as_an_object_with_an_unknown_type_does_not_load", { permission: "video:read" }, "roles.reader.permits[0].permission", "unknown_resource_type"),
  permits("a_permit_with_an_unknown_member_does_not_load", { permission: "article:read", own: true }, "roles.reader.permits[0].own", "unknown_member"),
  permits("a_permit_with_require_does_not_load", { permission: "article:read", require: "true" }, "roles.reader.permits[0].require", "unknown_member"),
  permits("an_owner_that_is_text_does_not_load", { permission: "article:update", owner: "yes" }, "roles.reader.permits[0].owner", "wrong_type"),
  permits("an_owner_on_a_type_that_declares_none_does_not_load", { permission: "image:read", owner: true }, "roles.reader.permits[0].owner", "missing_owner"),
  permits("an_owner_on_a_bare_permission_does_not_load", { permission: "read_users", owner: true }, "roles.reader.permits[0].owner", "missing_owner"),
  permits("an_owner_on_a_wildcard_with_a_type_that_declares_none_does_not_load", { permission: "*:read", owner: true }, "roles.reader.permits[0].owner", "missing_owner"),
  permits("an_owner_on_everything_does_not_load", { permission: "*", owner: true }, "roles.reader.permits[0].owner", "missing_owner"),
  loads("an_owner_on_a_wildcard_of_types_that_declare_one_loads", { roles: { reader: { permits: [{ permission: "article:*", owner: true }, { permission: "*:update", owner: true }] } } }),
  policyIs("a_star_where_nothing_is_declared_does_not_load", { policy: "a", revision: 1, roles: { r: { permits: ["*"] } } }, "roles.r.permits[0]", "unknown_permission"),
  policyIs("a_type_s_star_where_it_has_no_actions_does_not_load", { policy: "a", revision: 1, resources: { article: { actions: [] } }, roles: { r: { permits: ["article:*"] } } }, "roles.r.permits[0]", "unknown_permission"),

  // elevated
  roles("elevated_that_is_true_does_not_load", { admin: { elevated: true } }, "roles.admin.elevated", "wrong_type"),
  roles("an_unknown_member_of_elevated_does_not_load", { admin: { elevated: { mfa: true } } }, "roles.admin.elevated.mfa", "unknown_member"),
  roles("an_acr_that_is_text_does_not_load", { admin: { elevated: { acr: "mfa" } } }, "roles.admin.elevated.acr", "wrong_type"),
  roles("an_acr_list_with_a_number_does_not_load", { admin: { elevated: { acr: ["mfa", 2] } } }, "roles.admin.elevated.acr[1]", "wrong_type"),
  roles("an_acr_with_a_space_does_not_load", { admin: { elevated: { acr: ["m fa"] } } }, "roles.admin.elevated.acr[0]", "bad_value"),
  roles("an_acr_with_a_quote_does_not_load", { admin: { elevated: { acr: ['m"fa'] } } }, "roles.admin.elevated.acr[0]", "bad_value"),
  roles("an_empty_list_of_acr_does_not_load", { admin: { elevated: { acr: [] } } }, "roles.admin.elevated.acr", "bad_value"),
  roles("an_age_that_is_text_does_not_load", { admin: { elevated: { maxAuthAge: "900" } } }, "roles.admin.elevated.maxAuthAge", "wrong_type"),
  roles("a_negative_age_does_not_load", { admin: { elevated: { maxAuthAge: -1 } } }, "roles.admin.elevated.maxAuthAge", "bad_value"),
  roles("an_age_with_a_fraction_does_not_load", { admin: { elevated: { maxAuthAge: 0.5 } } }, "roles.admin.elevated.maxAuthAge", "bad_value"),
  roles("a_justification_that_is_text_does_not_load", { admin: { elevated: { justification: "yes" } } }, "roles.admin.elevated.justification", "wrong_type"),

  // Rules
  rule("a_rule_without_id_does_not_load", { effect: "deny", permissions: ["read_users"] }, "rules[0].id", "missing_member"),
  rule("a_rule_without_effect_does_not_load", { id: "r", permissions: ["read_users"] }, "rules[0].effect", "missing_member"),
  rule("a_rule_without_permissions_does_not_load", { id: "r", effect: "deny" }, "rules[0].permissions", "missing_member"),
  rule("a_rule_with_another_effect_does_not_load", { id: "r", effect: "forbid", permissions: ["read_users"] }, "rules[0].effect", "bad_value"),
  rule("a_rule_with_an_effect_in_another_case_does_not_load", { id: "r", effect: "Deny", permissions: ["read_users"] }, "rules[0].effect", "bad_value"),
  rule("a_rule_whose_id_is_no_name_does_not_load", { id: "a rule", effect: "deny", permissions: ["read_users"] }, "rules[0].id", "bad_name"),
  rule("a_rule_with_an_unknown_permission_does_not_load", { id: "r", effect: "deny", permissions: ["read_users", "article:publish"] }, "rules[0].permissions[1]", "unknown_permission"),
  rule("a_rule_with_an_unknown_type_does_not_load", { id: "r", effect: "deny", permissions: ["video:*"] }, "rules[0].permissions[0]", "unknown_resource_type"),
  rule("a_rule_with_permissions_as_text_does_not_load", { id: "r", effect: "deny", permissions: "read_users" }, "rules[0].permissions", "wrong_type"),
  rule("a_rule_with_no_permission_does_not_load", { id: "r", effect: "deny", permissions: [] }, "rules[0].permissions", "bad_value"),
  rule("a_rule_with_a_message_that_is_a_number_does_not_load", { id: "r", effect: "deny", permissions: ["read_users"], message: 5 }, "rules[0].message", "wrong_type"),
  rule("a_rule_with_owner_does_not_load", { id: "r", effect: "deny", permissions: ["article:read"], owner: true }, "rules[0].owner", "unknown_member"),
  rule("a_rule_with_fields_does_not_load", { id: "r", effect: "deny", permissions: ["article:read"], fields: ["title"] }, "rules[0].fields", "unknown_member"),
  rule("a_rule_with_an_unknown_member_does_not_load", { id: "r", effect: "deny", permissions: ["read_users"], if: "true" }, "rules[0].if", "unknown_member"),
  rule("a_rule_that_is_text_does_not_load", "deny", "rules[0]", "wrong_type"),
  policy("a_rule_s_id_twice_does_not_load", { rules: [{ id: "r", effect: "deny", permissions: ["read_users"] }, { id: "r", effect: "deny", permissions: ["article:read"] }] }, "rules[1].id", "duplicate"),

  // Routes
  route("a_route_without_route_does_not_load", { allow: "everyone" }, "routes[0].route", "missing_member"),
  route("a_route_that_wants_nothing_does_not_load", { route: "GET /" }, "routes[0].permission", "missing_member"),
  route("a_route_that_is_text_does_not_load", "GET /", "routes[0]", "wrong_type"),
  route("a_route_whose_route_is_a_number_does_not_load", { route: 5, allow: "everyone" }, "routes[0].route", "wrong_type"),
  route("an_unknown_member_of_a_route_does_not_load", { route: "GET /", allow: "everyone", cache: true }, "routes[0].cache", "unknown_member"),
  route("an_unknown_allow_does_not_load", { route: "GET /", allow: "nobody" }, "routes[0].allow", "bad_value"),
  route("an_allow_that_is_true_does_not_load", { route: "GET /", allow: true }, "routes[0].allow", "wrong_type"),
  route("allow_beside_a_permission_does_not_load", { route: "GET /", allow: "everyone", permission: "read_users" }, "routes[0].allow", "bad_value"),
  route("allow_beside_a_role_does_not_load", { route: "GET /", allow: "authenticated", role: "reader" }, "routes[0].allow", "bad_value"),
  route("allow_beside_a_scope_does_not_load", { route: "GET /", allow: "authenticated", scope: "read" }, "routes[0].allow", "bad_value"),
  route("a_route_with_an_unknown_permission_does_not_load", { route: "GET /", permission: "article:publish" }, "routes[0].permission", "unknown_permission"),
  route("a_route_with_an_unknown_bare_permission_does_not_load", { route: "GET /", permission: "write_users" }, "routes[0].permission", "unknown_permission"),
  route("a_route_with_an_unknown_type_does_not_load", { route: "GET /", permission: "video:read" }, "routes[0].permission", "unknown_resource_type"),
  route("a_route_with_a_wildcard_does_not_load", { route: "GET /", permission: "article:*" }, "routes[0].permission", "bad_name"),
  route("a_route_with_a_star_for_its_permission_does_not_load", { route: "GET /", permission: "*" }, "routes[0].permission", "bad_name"),
  route("a_route_with_an_unknown_role_does_not_load", { route: "GET /", role: "admin" }, "routes[0].role", "unknown_role"),
  route("a_route_with_a_scope_of_two_words_does_not_load", { route: "GET /", scope: "read write" }, "routes[0].scope", "bad_value"),
  route("a_route_with_an_empty_scope_does_not_load", { route: "GET /", scope: "" }, "routes[0].scope", "bad_value"),
  route("a_route_with_a_quote_in_its_scope_does_not_load", { route: "GET /", scope: 're"ad' }, "routes[0].scope", "bad_value"),
  route("a_route_with_a_newline_in_its_scope_does_not_load", { route: "GET /", scope: "read\r\nx: y" }, "routes[0].scope", "bad_value"),
  route("a_route_whose_resource_is_no_parameter_of_its_own_does_not_load", { route: "GET /articles/{slug}", permission: "article:read", resource: "{id}" }, "routes[0].resource", "bad_value"),
  route("a_route_whose_resource_has_no_braces_does_not_load", { route: "GET /articles/{slug}", permission: "article:read", resource: "slug" }, "routes[0].resource", "bad_value"),
  route("a_route_with_a_resource_for_a_bare_permission_does_not_load", { route: "GET /users/{id}", permission: "read_users", resource: "{id}" }, "routes[0].resource", "bad_value"),
  route("a_route_with_an_unknown_handler_does_not_load", { route: "GET /articles/{id}", permission: "article:read", handler: "asks" }, "routes[0].handler", "bad_value"),
  route("a_route_with_hide_that_is_text_does_not_load", { route: "GET /", permission: "read_users", hide: "yes" }, "routes[0].hide", "wrong_type"),
  route("a_route_with_unless_does_not_load", { route: "GET /", permission: "read_users", unless: "true" }, "routes[0].unless", "unknown_member"),

  pattern("an_empty_route_does_not_load", ""),
  pattern("a_route_without_method_does_not_load", "/articles"),
  pattern("a_route_without_path_does_not_load", "GET"),
  pattern("a_route_with_a_method_and_a_space_alone_does_not_load", "GET "),
  pattern("a_route_with_two_spaces_does_not_load", "GET  /articles"),
  pattern("a_route_with_something_behind_its_path_does_not_load", "GET /articles x"),
  pattern("a_route_whose_path_has_no_slash_does_not_load", "GET articles"),
  pattern("a_route_with_a_double_slash_does_not_load", "GET /a//b"),
  pattern("a_route_with_a_dot_segment_does_not_load", "GET /a/./b"),
  pattern("a_route_with_a_double_dot_segment_does_not_load", "GET /a/../b"),
  pattern("a_route_with_a_query_does_not_load", "GET /a?b=1"),
  pattern("a_route_with_a_fragment_does_not_load", "GET /a#b"),
  pattern("a_route_with_two_stars_in_the_middle_does_not_load", "GET /a/**/b"),
  pattern("a_route_with_two_stars_inside_a_segment_does_not_load", "GET /a/b**"),
  pattern("a_route_with_one_star_for_a_segment_does_not_load", "GET /a/*"),
  pattern("a_route_with_an_empty_parameter_does_not_load", "GET /a/{}"),
  pattern("a_route_with_an_open_parameter_does_not_load", "GET /a/{id"),
  pattern("a_route_with_text_before_a_parameter_does_not_load", "GET /a/x{id}"),
  pattern("a_route_with_text_behind_a_parameter_does_not_load", "GET /a/{id}.json"),
  pattern("a_route_with_a_parameter_twice_does_not_load", "GET /a/{id}/b/{id}"),
  pattern("a_route_with_a_space_in_a_parameter_does_not_load", "GET /a/{i d}"),

  routes("the_same_route_twice_does_not_load", [{ route: "GET /a", allow: "everyone" }, { route: "GET /a", allow: "everyone" }], "routes[1].route", "duplicate_route"),
  routes("two_routes_that_differ_in_their_parameters_names_do_not_load", [{ route: "GET /a/{id}", allow: "everyone" }, { route: "GET /b", allow: "everyone" }, { route: "GET /a/{slug}", allow: "authenticated" }], "routes[2].route", "duplicate_route"),
  routes("the_same_route_with_a_star_twice_does_not_load", [{ route: "* /a/**", allow: "everyone" }, { route: "* /a/**", allow: "authenticated" }], "routes[1].route", "duplicate_route"),
  loads("two_routes_of_two_methods_load", { routes: [{ route: "GET /a", allow: "everyone" }, { route: "POST /a", allow: "everyone" }, { route: "* /a", allow: "everyone" }] }),
  loads("a_parameter_and_a_literal_load", { routes: [{ route: "GET /a/{id}", allow: "everyone" }, { route: "GET /a/new", allow: "everyone" }, { route: "GET /a/**", allow: "everyone" }, { route: "GET /{section}/new", allow: "everyone" }] }),

  // Loaders
  policy(
    "a_route_that_hangs_on_a_resource_wants_a_loader",
    { roles: { author: { permits: [{ permission: "article:update", owner: true }] } }, routes: [{ route: "GET /a", allow: "everyone" }, { route: "PUT /articles/{id}", permission: "article:update" }] },
    "routes[1].permission",
    "loader_missing",
  ),
  policy(
    "a_loader_of_another_type_is_none",
    { roles: { author: { permits: [{ permission: "article:update", owner: true }] } }, routes: [{ route: "PUT /articles/{id}", permission: "article:update" }] },
    "routes[0].permission",
    "loader_missing",
    ["image"],
  ),
  policy(
    "a_wildcard_by_ownership_wants_a_loader",
    { roles: { author: { permits: [{ permission: "*:update", owner: true }] } }, routes: [{ route: "PUT /articles/{id}", permission: "article:update" }] },
    "routes[0].permission",
    "loader_missing",
  ),
  policy(
    "one_role_that_hangs_on_a_resource_wants_a_loader_whatever_the_others_say",
    { roles: { author: { permits: [{ permission: "article:update", owner: true }] }, editor: { permits: ["article:update"] } }, routes: [{ route: "PUT /articles/{id}", permission: "article:update" }] },
    "routes[0].permission",
    "loader_missing",
  ),
  loads(
    "a_route_with_its_loader_loads",
    { roles: { author: { permits: [{ permission: "article:update", owner: true }] } }, routes: [{ route: "PUT /articles/{id}", permission: "article:update" }] },
    ["article"],
  ),
  loads("a_route_whose_handler_decides_wants_no_loader", {
    roles: { author: { permits: [{ permission: "article:update", owner: true }] } },
    routes: [{ route: "PUT /articles/{id}", permission: "article:update", handler: "decides" }],
  }),
  loads("a_route_without_condition_wants_no_loader", { routes: [{ route: "GET /articles/{id}", permission: "article:read" }] }),

  // Trust: JSON and its own members
  trustLoads("a_trust_document_loads", { issuers: [entry], apiKeys: [key], guest: { roles: ["reader"] } }),
  trustLoads("an_empty_trust_document_loads", {}),
  trust("a_trust_document_that_is_no_json_does_not_load", "{issuers}", "", "json"),
  trust("a_trust_document_with_a_member_twice_does_not_load", '{"issuers":[],"issuers":[]}', "", "json"),
  trust("a_trust_document_that_is_a_list_does_not_load", "[]", "", "wrong_type"),
  trust("a_misspelt_member_of_trust_does_not_load", { issuer: [] }, "issuer", "unknown_member"),
  trust("issuers_that_are_an_object_do_not_load", { issuers: {} }, "issuers", "wrong_type"),

  // Revocation
  trustLoads("revocation_with_its_defaults_loads", { revocation: {} }),
  trustLoads("revocation_with_all_its_members_loads", { revocation: { source: "store", maxAge: 30, onUnavailable: "allow" } }),
  trustLoads("revocation_with_the_shortest_age_loads", { revocation: { source: "pushed", maxAge: 0, onUnavailable: "deny" } }),
  trustLoads("revocation_with_the_longest_age_loads", { revocation: { maxAge: 3600 } }),
  trust("revocation_that_is_true_does_not_load", { revocation: true }, "revocation", "wrong_type"),
  trust("an_unknown_member_of_revocation_does_not_load", { revocation: { facts: [] } }, "revocation.facts", "unknown_member"),
  trust("an_unknown_source_of_revocation_does_not_load", { revocation: { source: "kv" } }, "revocation.source", "bad_value"),
  trust("a_source_of_revocation_that_is_a_number_does_not_load", { revocation: { source: 1 } }, "revocation.source", "wrong_type"),
  trust("an_age_of_revocation_beyond_an_hour_does_not_load", { revocation: { maxAge: 3601 } }, "revocation.maxAge", "bad_value"),
  trust("a_negative_age_of_revocation_does_not_load", { revocation: { maxAge: -1 } }, "revocation.maxAge", "bad_value"),
  trust("an_age_of_revocation_with_a_fraction_does_not_load", { revocation: { maxAge: 0.5 } }, "revocation.maxAge", "bad_value"),
  trust("an_age_of_revocation_that_is_text_does_not_load", { revocation: { maxAge: "30" } }, "revocation.maxAge", "wrong_type"),
  trust("an_unknown_answer_to_an_outage_does_not_load", { revocation: { onUnavailable: "open" } }, "revocation.onUnavailable", "bad_value"),
  trust("an_answer_to_an_outage_that_is_false_does_not_load", { revocation: { onUnavailable: false } }, "revocation.onUnavailable", "wrong_type"),
  trust("a_realm_with_a_newline_does_not_load", { realm: "api\r\nx: y" }, "realm", "bad_value"),
  trust("a_realm_beyond_ascii_does_not_load", { realm: "prüfung" }, "realm", "bad_value"),
  trust("a_realm_that_is_a_number_does_not_load", { realm: 5 }, "realm", "wrong_type"),
  trust("resource_metadata_with_a_newline_do_not_load", { resourceMetadata: "https://a.example/\n" }, "resourceMetadata", "bad_value"),
  trust("guest_that_is_true_does_not_load", { guest: true }, "guest", "wrong_type"),
  trust("an_unknown_member_of_guest_does_not_load", { guest: { roles: [], kind: "user" } }, "guest.kind", "unknown_member"),
  trust("guest_roles_that_are_text_do_not_load", { guest: { roles: "guest" } }, "guest.roles", "wrong_type"),

  // Issuers
  trust("an_issuer_without_issuer_does_not_load", { issuers: [without(entry, "issuer")] }, "issuers[0].issuer", "missing_member"),
  trust("an_issuer_without_audience_does_not_load", { issuers: [without(entry, "audience")] }, "issuers[0].audience", "missing_member"),
  issuerIs("an_issuer_with_a_secret_and_a_key_set_does_not_load", { secret: secret("hs256") }, "issuers[0]", "several_keys"),
  issuerIs("an_issuer_with_a_key_set_and_its_url_does_not_load", { jwksUri: "https://id.example/jwks" }, "issuers[0]", "several_keys"),
  issuerIs("an_issuer_that_is_a_number_does_not_load", { issuer: 5 }, "issuers[0].issuer", "wrong_type"),
  issuerIs("an_empty_issuer_does_not_load", { issuer: "" }, "issuers[0].issuer", "bad_value"),
  trust("a_waived_issuer_beside_another_does_not_load", { issuers: [entry, { ...entry, issuer: null }] }, "issuers[1].issuer", "bad_value"),
  trust("an_issuer_twice_does_not_load", { issuers: [entry, { ...entry, audience: "other" }] }, "issuers[1].issuer", "duplicate"),
  issuerIs("an_audience_that_is_a_number_does_not_load", { audience: 5 }, "issuers[0].audience", "wrong_type"),
  issuerIs("an_audience_list_with_a_number_does_not_load", { audience: ["api", 5] }, "issuers[0].audience[1]", "wrong_type"),
  issuerIs("an_empty_list_of_audiences_does_not_load", { audience: [] }, "issuers[0].audience", "bad_value"),
  issuerIs("an_empty_audience_does_not_load", { audience: "" }, "issuers[0].audience", "bad_value"),
  issuerIs("an_unknown_member_of_an_issuer_does_not_load", { aud: "api" }, "issuers[0].aud", "unknown_member"),
  issuerIs("a_leeway_beyond_600_does_not_load", { leeway: 601 }, "issuers[0].leeway", "bad_value"),
  issuerIs("a_negative_leeway_does_not_load", { leeway: -1 }, "issuers[0].leeway", "bad_value"),
  issuerIs("a_leeway_with_a_fraction_does_not_load", { leeway: 0.5 }, "issuers[0].leeway", "bad_value"),
  issuerIs("a_leeway_that_is_text_does_not_load", { leeway: "60" }, "issuers[0].leeway", "wrong_type"),
  trustLoads("a_leeway_of_600_loads", { issuers: [{ ...entry, leeway: 600 }] }),
  issuerIs("a_negative_maximum_age_does_not_load", { maxAge: -1 }, "issuers[0].maxAge", "bad_value"),
  issuerIs("a_maximum_age_that_is_text_does_not_load", { maxAge: "1h" }, "issuers[0].maxAge", "wrong_type"),
  issuerIs("an_unknown_profile_does_not_load", { profile: "oidc" }, "issuers[0].profile", "bad_value"),
  issuerIs("a_profile_that_is_a_number_does_not_load", { profile: 1 }, "issuers[0].profile", "wrong_type"),
  issuerIs("the_algorithm_none_does_not_load", { algorithms: ["none"] }, "issuers[0].algorithms[0]", "bad_value"),
  issuerIs("an_unknown_algorithm_does_not_load", { algorithms: ["EdDSA", "ES256K"] }, "issuers[0].algorithms[1]", "bad_value"),
  issuerIs("an_algorithm_in_lower_case_does_not_load", { algorithms: ["eddsa"] }, "issuers[0].algorithms[0]", "bad_value"),
  issuerIs("an_empty_list_of_algorithms_does_not_load", { algorithms: [] }, "issuers[0].algorithms", "bad_value"),
  issuerIs("algorithms_that_are_text_do_not_load", { algorithms: "EdDSA" }, "issuers[0].algorithms", "wrong_type"),
  issuerIs("claims_that_are_a_list_do_not_load", { claims: [] }, "issuers[0].claims", "wrong_type"),
  issuerIs("an_unknown_member_of_claims_does_not_load", { claims: { role: "roles" } }, "issuers[0].claims.role", "unknown_member"),
  issuerIs("a_path_of_claims_that_is_a_number_does_not_load", { claims: { roles: 5 } }, "issuers[0].claims.roles", "wrong_type"),
  issuerIs("an_empty_path_of_claims_does_not_load", { claims: { roles: "" } }, "issuers[0].claims.roles", "bad_value"),
  issuerIs("a_path_of_claims_with_an_empty_part_does_not_load", { claims: { roles: "realm..roles" } }, "issuers[0].claims.roles", "bad_value"),
  issuerIs("an_empty_list_as_a_path_of_claims_does_not_load", { claims: { id: [] } }, "issuers[0].claims.id", "bad_value"),
  issuerIs("a_path_of_claims_with_a_number_does_not_load", { claims: { roles: ["realm", 0] } }, "issuers[0].claims.roles[1]", "wrong_type"),
  issuerIs("a_path_of_an_attribute_that_is_a_number_does_not_load", { claims: { attributes: { department: 5 } } }, "issuers[0].claims.attributes.department", "wrong_type"),
  issuerIs("asserts_that_is_true_does_not_load", { asserts: true }, "issuers[0].asserts", "wrong_type"),
  issuerIs("an_unknown_member_of_asserts_does_not_load", { asserts: { groups: true } }, "issuers[0].asserts.groups", "unknown_member"),
  issuerIs("asserted_roles_that_are_text_do_not_load", { asserts: { roles: "editor" } }, "issuers[0].asserts.roles", "wrong_type"),
  issuerIs("an_asserted_role_that_is_a_number_does_not_load", { asserts: { roles: ["editor", 5] } }, "issuers[0].asserts.roles[1]", "wrong_type"),

  issuerIs("a_path_of_the_session_that_is_a_number_does_not_load", { claims: { session: 5 } }, "issuers[0].claims.session", "wrong_type"),
  issuerIs("an_empty_path_of_the_session_does_not_load", { claims: { session: "" } }, "issuers[0].claims.session", "bad_value"),
  issuerIs("a_path_of_acr_with_an_empty_part_does_not_load", { claims: { acr: "a..b" } }, "issuers[0].claims.acr", "bad_value"),
  issuerIs("a_path_of_acr_that_is_true_does_not_load", { claims: { acr: true } }, "issuers[0].claims.acr", "wrong_type"),
  trustLoads("paths_of_session_and_acr_load", { issuers: [{ ...entry, claims: { session: ["urn:example:session"], acr: "authentication.level" } }] }),

  // Discovery
  trustLoads("an_issuer_without_keys_is_discovered", { issuers: [keyless] }),
  trustLoads("openid_discovery_loads", { issuers: [{ ...keyless, discovery: "openid" }] }),
  trustLoads("oauth_discovery_loads", { issuers: [{ ...keyless, discovery: "oauth" }] }),
  trustLoads("an_issuer_with_a_port_and_a_path_is_discovered", { issuers: [{ ...keyless, issuer: "https://id.example:8443/tenant/a/" }] }),
  trustLoads("an_issuer_on_a_loopback_address_is_discovered_over_http", { issuers: [{ ...keyless, issuer: "http://127.0.0.1:8787/realms/a" }] }),
  issuerIs("discovery_beside_a_key_set_does_not_load", { discovery: "openid" }, "issuers[0].discovery", "bad_value"),
  discovered("discovery_beside_a_url_of_keys_does_not_load", { jwksUri: "https://id.example/jwks", discovery: "oauth" }, "discovery", "bad_value"),
  discovered("discovery_beside_a_secret_does_not_load", { secret: secret("hs256"), discovery: "openid" }, "discovery", "bad_value"),
  discovered("an_unknown_discovery_does_not_load", { discovery: "oidc" }, "discovery", "bad_value"),
  discovered("discovery_that_is_true_does_not_load", { discovery: true }, "discovery", "wrong_type"),
  discovered("a_waived_issuer_is_not_discovered", { issuer: null }, "issuer", "bad_value"),
  discovered("an_issuer_over_http_is_not_discovered", { issuer: "http://id.example" }, "issuer", "insecure_uri"),
  discovered("an_issuer_over_http_on_a_host_that_begins_like_localhost_is_not_discovered", { issuer: "http://localhost.evil.example" }, "issuer", "insecure_uri"),
  discovered("an_issuer_of_another_scheme_is_not_discovered", { issuer: "ftp://id.example" }, "issuer", "insecure_uri"),
  discovered("an_issuer_with_a_query_is_not_discovered", { issuer: "https://id.example/?tenant=a" }, "issuer", "bad_value"),
  discovered("an_issuer_with_a_fragment_is_not_discovered", { issuer: "https://id.example/#a" }, "issuer", "bad_value"),
  trustLoads("an_issuer_over_http_with_its_own_keys_loads", { issuers: [{ ...entry, issuer: "http://id.example" }] }),
  trustLoads("an_issuer_that_is_no_url_with_its_own_keys_loads", { issuers: [{ ...entry, issuer: "id?example" }] }),

  // Presets
  ...presets.map((preset) => trustLoads(`the_preset_${preset.replace("-", "_")}_loads`, { issuers: [{ ...keyless, preset }] })),
  trustLoads("a_preset_beside_a_key_set_loads", { issuers: [{ ...entry, preset: "keycloak" }] }),
  issuerIs("an_unknown_preset_does_not_load", { preset: "okta" }, "issuers[0].preset", "bad_value"),
  issuerIs("a_preset_in_another_case_does_not_load", { preset: "Auth0" }, "issuers[0].preset", "bad_value"),
  issuerIs("an_empty_preset_does_not_load", { preset: "" }, "issuers[0].preset", "bad_value"),
  issuerIs("a_preset_that_is_a_number_does_not_load", { preset: 5 }, "issuers[0].preset", "wrong_type"),
  tenants("a_template_with_its_tenants_loads", { tenants: ["11111111-2222-3333-4444-555555555555"] }),
  tenants("a_template_for_any_tenant_loads", { tenants: "any" }),
  tenants("a_template_without_tenants_does_not_load", {}, "tenants", "missing_member"),
  tenants("an_empty_list_of_tenants_does_not_load", { tenants: [] }, "tenants", "bad_value"),
  tenants("tenants_that_are_another_word_do_not_load", { tenants: "all" }, "tenants", "bad_value"),
  tenants("tenants_that_are_true_do_not_load", { tenants: true }, "tenants", "bad_value"),
  tenants("a_tenant_that_is_a_number_does_not_load", { tenants: ["a", 5] }, "tenants[1]", "wrong_type"),
  tenants("tenants_of_an_issuer_without_template_do_not_load", { issuer: "https://login.microsoftonline.com/a/v2.0", tenants: ["a"] }, "tenants", "bad_value"),
  tenants("a_template_with_two_places_does_not_load", { issuer: "https://login.microsoftonline.com/{tenantid}/{tenantid}/v2.0", tenants: ["a"] }, "issuer", "bad_value"),
  issuerIs("tenants_without_a_preset_do_not_load", { tenants: "any" }, "issuers[0].tenants", "bad_value"),
  issuerIs("tenants_of_another_preset_do_not_load", { preset: "auth0", tenants: "any" }, "issuers[0].tenants", "bad_value"),

  // Padding and the prefix of ids
  trustLoads("padded_base64_loads", { issuers: [{ ...entry, paddedBase64: true }] }),
  trustLoads("padded_base64_that_is_false_loads", { issuers: [{ ...entry, paddedBase64: false }] }),
  issuerIs("padded_base64_that_is_text_does_not_load", { paddedBase64: "yes" }, "issuers[0].paddedBase64", "wrong_type"),
  trustLoads("a_prefix_of_ids_loads", { issuers: [{ ...entry, idPrefix: "example|" }] }),
  trustLoads("a_prefix_of_ids_of_64_characters_loads", { issuers: [{ ...entry, idPrefix: "p".repeat(64) }] }),
  trustLoads("two_prefixes_of_ids_load", { issuers: [{ ...entry, idPrefix: "a:" }, { ...entry, issuer: "https://other.example", idPrefix: "b:" }, { ...entry, issuer: "https://third.example" }] }),
  trustLoads("two_prefixes_of_ids_in_two_cases_load", { issuers: [{ ...entry, idPrefix: "a:" }, { ...entry, issuer: "https://other.example", idPrefix: "A:" }] }),
  issuerIs("an_empty_prefix_of_ids_does_not_load", { idPrefix: "" }, "issuers[0].idPrefix", "bad_value"),
  issuerIs("a_prefix_of_ids_of_65_characters_does_not_load", { idPrefix: "p".repeat(65) }, "issuers[0].idPrefix", "bad_value"),
  issuerIs("a_prefix_of_ids_beyond_ascii_does_not_load", { idPrefix: "prüfung:" }, "issuers[0].idPrefix", "bad_value"),
  issuerIs("a_prefix_of_ids_with_a_newline_does_not_load", { idPrefix: "a\n" }, "issuers[0].idPrefix", "bad_value"),
  issuerIs("a_prefix_of_ids_with_a_delete_character_does_not_load", { idPrefix: "a\u007f" }, "issuers[0].idPrefix", "bad_value"),
  issuerIs("a_prefix_of_ids_that_is_a_number_does_not_load", { idPrefix: 5 }, "issuers[0].idPrefix", "wrong_type"),
  prefixes("a_prefix_of_ids_twice_does_not_load", "a:", "a:"),
  prefixes("a_prefix_of_ids_that_goes_on_from_another_does_not_load", "a:", "a:b:"),
  prefixes("a_prefix_of_ids_with_which_another_begins_does_not_load", "a:b:", "a:"),

  keyBehind("an_api_key_whose_id_begins_with_a_prefix_of_ids_does_not_load", "id|", ["id|ci"], 0),
  keyBehind("an_api_key_whose_id_is_a_prefix_of_ids_does_not_load", "id|", ["id|"], 0),
  keyBehind("a_second_api_key_whose_id_begins_with_a_prefix_of_ids_does_not_load", "id|", ["ci", "id|ci"], 1),
  keyBehind("an_api_key_whose_id_begins_with_the_prefix_of_a_second_issuer_does_not_load", "id|", ["other|ci"], 0, [{ ...entry, issuer: "https://other.example", idPrefix: "other|" }]),
  keyBehind("an_api_key_whose_id_holds_a_prefix_of_ids_inside_loads", "id|", ["ci-id|"]),
  keyBehind("an_api_key_whose_id_lacks_a_character_of_a_prefix_of_ids_loads", "id|", ["id"]),
  keyBehind("an_api_key_whose_id_begins_with_a_prefix_of_ids_in_another_case_loads", "id|", ["ID|ci"]),
  keyBehind("several_api_keys_beside_a_prefix_of_ids_load", "id|", ["ci", "cd", "x:id|"]),

  // Secrets
  secretIs("a_secret_of_31_bytes_is_weak", "s".repeat(31), "issuers[0].secret", "weak_key"),
  secretIs("an_empty_secret_is_weak", "", "issuers[0].secret", "weak_key"),
  secretIs("a_secret_of_31_bytes_in_base64url_is_weak", { base64url: Buffer.alloc(31, 7).toString("base64url") }, "issuers[0].secret", "weak_key"),
  secretIs("a_secret_of_47_bytes_is_weak_for_hs384", "s".repeat(47), "issuers[0].secret", "weak_key", { algorithms: ["HS384"] }),
  secretIs("a_secret_of_63_bytes_is_weak_for_hs512", "s".repeat(63), "issuers[0].secret", "weak_key", { algorithms: ["HS512"] }),
  secretIs("a_secret_is_as_weak_as_the_longest_hash_makes_it", "s".repeat(32), "issuers[0].secret", "weak_key", { algorithms: ["HS256", "HS512"] }),
  secretIs("a_secret_that_is_a_number_does_not_load", 5, "issuers[0].secret", "wrong_type"),
  secretIs("a_secret_with_padding_does_not_load", { base64url: `${Buffer.alloc(32, 7).toString("base64url")}=` }, "issuers[0].secret.base64url", "bad_value"),
  secretIs("a_secret_in_plain_base64_does_not_load", { base64url: `${"+/".repeat(21)}A` }, "issuers[0].secret.base64url", "bad_value"),
  secretIs("a_secret_without_its_base64url_does_not_load", {}, "issuers[0].secret.base64url", "missing_member"),
  secretIs("a_secret_with_an_unknown_member_does_not_load", { hex: "00" }, "issuers[0].secret.hex", "unknown_member"),
  trustLoads("a_secret_of_32_bytes_loads", { issuers: [{ ...keyless, secret: "s".repeat(32) }] }),
  trustLoads("a_secret_is_measured_in_bytes_of_utf8", { issuers: [{ ...keyless, secret: "é".repeat(16) }] }),
  trustLoads("a_secret_of_64_bytes_loads_for_hs512", { issuers: [{ ...keyless, secret: "s".repeat(64), algorithms: ["HS512"] }] }),

  // Key sets
  issuerIs("a_key_set_that_is_a_list_does_not_load", { jwks: [ed] }, "issuers[0].jwks", "wrong_type"),
  issuerIs("a_key_set_without_keys_does_not_load", { jwks: {} }, "issuers[0].jwks.keys", "missing_member"),
  issuerIs("keys_that_are_an_object_do_not_load", { jwks: { keys: {} } }, "issuers[0].jwks.keys", "wrong_type"),
  issuerIs("a_key_set_of_101_keys_does_not_load", { jwks: { keys: Array.from({ length: 101 }, (_, index) => ({ kty: "OKP", crv: "Ed25519", kid: `k${index}`, x: ed.x })) } }, "issuers[0].jwks.keys", "too_many"),
  issuerIs("the_second_key_is_named_where_it_is_bad", { jwks: { keys: [ed, { ...ed, use: "enc" }] } }, "issuers[0].jwks.keys[1]", "bad_key"),
  jwk("a_private_ed25519_key_does_not_load", privateJwk("ed25519"), "bad_key"),
  jwk("a_private_rsa_key_does_not_load", privateJwk("rsa"), "bad_key"),
  jwk("a_private_p256_key_does_not_load", privateJwk("p256"), "bad_key"),
  jwk("a_symmetric_key_in_a_key_set_does_not_load", privateJwk("hs256"), "bad_key"),
  jwk("a_key_for_encryption_does_not_load", { ...ed, use: "enc" }, "bad_key"),
  jwk("a_key_that_may_only_sign_does_not_load", { ...ed, key_ops: ["sign"] }, "bad_key"),
  jwk("a_key_of_an_unknown_type_does_not_load", { kty: "AKP" }, "bad_key"),
  jwk("a_key_without_a_type_does_not_load", without(ed, "kty"), "bad_key"),
  jwk("a_key_on_an_unknown_curve_does_not_load", { ...ed, crv: "Ed448" }, "bad_key"),
  jwk("an_ed25519_key_of_31_bytes_does_not_load", { ...ed, x: cut(ed.x) }, "bad_key"),
  jwk("an_ed25519_key_of_small_order_does_not_load", { ...ed, x: `AQ${"A".repeat(41)}` }, "bad_key"),
  jwk("an_ed25519_key_without_x_does_not_load", without(ed, "x"), "bad_key"),
  jwk("a_p256_key_with_a_short_x_does_not_load", p256({ x: cut(p256().x) }), "bad_key"),
  jwk("a_p256_key_without_y_does_not_load", without(p256(), "y"), "bad_key"),
  jwk("an_rsa_key_of_1024_bits_is_weak", rsa({ n: modulus(128) }), "weak_key"),
  jwk("an_rsa_key_of_2047_bits_is_weak", rsa({ n: modulus(256, 0x7f) }), "weak_key"),
  jwk("an_rsa_key_of_8193_bits_does_not_load", rsa({ n: modulus(1025, 0x01) }), "bad_key"),
  jwk("an_rsa_key_with_an_even_modulus_does_not_load", rsa({ n: Buffer.alloc(256, 0xfe).toString("base64url") }), "bad_key"),
  jwk("an_rsa_key_with_an_even_exponent_does_not_load", rsa({ e: "AQAA" }), "bad_key"),
  jwk("an_rsa_key_with_the_exponent_1_does_not_load", rsa({ e: "AQ" }), "bad_key"),
  jwk("an_rsa_key_with_a_huge_exponent_does_not_load", rsa({ e: "AQAAAAE" }), "bad_key"),
  jwk("an_rsa_key_without_n_does_not_load", without(rsa(), "n"), "bad_key"),
  jwk("a_key_for_another_key_s_algorithm_does_not_load", rsa({ alg: "ES256" }), "bad_key"),
  jwk("a_key_for_hs256_does_not_load", rsa({ alg: "HS256" }), "bad_key"),
  jwk("a_key_for_none_does_not_load", rsa({ alg: "none" }), "bad_key"),
  jwk("a_key_for_another_curve_s_algorithm_does_not_load", p256({ alg: "ES384" }), "bad_key"),

  jwk("a_p256_key_off_its_curve_does_not_load", p256({ y: p256().x }), "bad_key"),
  jwk("a_p384_key_off_its_curve_does_not_load", publicJwk("p384", { x: publicJwk("p384").y }), "bad_key"),
  jwk("a_p521_key_off_its_curve_does_not_load", publicJwk("p521", { y: publicJwk("p521").x }), "bad_key"),
  jwk("a_p256_key_of_zeros_does_not_load", p256({ x: "A".repeat(43), y: "A".repeat(43) }), "bad_key"),
  jwk("a_p256_key_with_the_prime_added_to_x_does_not_load", plusPrime(smallestPoint("P-256"), "x"), "bad_key"),
  jwk("a_p384_key_with_the_prime_added_to_x_does_not_load", plusPrime(smallestPoint("P-384"), "x"), "bad_key"),
  jwk("a_p521_key_with_the_prime_added_to_y_does_not_load", plusPrime(publicJwk("p521"), "y"), "bad_key"),
  trustLoads("a_p256_key_with_the_smallest_x_loads", { issuers: [{ ...keyless, jwks: { keys: [smallestPoint("P-256")] } }] }),

  // PEM
  ...["rsa", "rsa_3072", "p256", "p384", "p521", "ed25519"].map((name) => pemLoads(`a_${name}_key_in_pem_loads`, pem(name))),
  pemLoads("a_key_in_pem_with_line_breaks_of_two_characters_loads", pem("p256").replaceAll("\n", "\r\n")),
  pemLoads("a_key_in_pem_without_its_last_line_break_loads", pem("p256").trimEnd()),
  pemLoads("a_list_of_keys_in_pem_loads", [{ kid: "a", pem: pem("rsa") }, { kid: "b", pem: pem("p256") }]),
  pemIs("pem_that_is_a_number_does_not_load", 5, "", "wrong_type"),
  pemIs("an_empty_pem_does_not_load", "", "", "bad_key"),
  pemIs("an_empty_list_of_pem_does_not_load", [], "", "bad_value"),
  pemIs("a_list_of_pem_that_holds_text_does_not_load", [pem("p256")], "[0]", "wrong_type"),
  pemIs("a_key_in_pem_without_its_kid_does_not_load", [{ pem: pem("p256") }], "[0].kid", "missing_member"),
  pemIs("a_kid_without_its_key_in_pem_does_not_load", [{ kid: "a" }], "[0].pem", "missing_member"),
  pemIs("a_kid_beside_pem_that_is_a_number_does_not_load", [{ kid: 1, pem: pem("p256") }], "[0].kid", "wrong_type"),
  pemIs("an_unknown_member_beside_pem_does_not_load", [{ kid: "a", pem: pem("p256"), alg: "ES256" }], "[0].alg", "unknown_member"),
  pemIs("the_second_key_in_pem_is_named_where_it_is_bad", [{ kid: "a", pem: pem("p256") }, { kid: "b", pem: "b" }], "[1].pem", "bad_key"),
  pemIs("text_that_is_no_pem_does_not_load", publicJwk("ed25519").x, "", "bad_key"),
  pemIs("two_keys_in_one_pem_do_not_load", pem("p256") + pem("ed25519"), "", "bad_key"),
  pemIs("a_pem_without_its_end_does_not_load", pem("p256").replace(/-----END.*/s, ""), "", "bad_key"),
  pemIs("a_pem_that_ends_as_something_else_does_not_load", pem("p256").replace("END PUBLIC KEY", "END CERTIFICATE"), "", "bad_key"),
  pemIs("a_pem_in_base64url_does_not_load", pem("ed25519").replace("/", "_"), "", "bad_key"),
  pemIs("a_pem_without_its_padding_does_not_load", pem("p256").replaceAll("=", ""), "", "bad_key"),
  pemIs("a_pem_that_is_cut_off_does_not_load", block(p256Info.subarray(0, -1)), "", "bad_key"),
  pemIs("a_pem_with_a_byte_behind_the_key_does_not_load", block(Buffer.concat([p256Info, Buffer.alloc(1)])), "", "bad_key"),
  pemIs("an_rsa_public_key_of_pkcs1_does_not_load", block(Buffer.from("30030201", "hex"), "RSA PUBLIC KEY"), "", "bad_key"),
  pemIs("a_certificate_in_place_of_a_key_does_not_load", block(p256Info, "CERTIFICATE"), "", "bad_key"),
  pemIs("a_private_key_in_pem_does_not_load", block(p256Info, "PRIVATE KEY"), "", "bad_key"),
  pemIs("an_rsa_key_of_1024_bits_in_pem_is_weak", block(rsaInfo(modulusBytes(128))), "", "weak_key"),
  pemIs("an_rsa_key_of_2047_bits_in_pem_is_weak", block(rsaInfo(modulusBytes(256, 0x7f))), "", "weak_key"),
  pemIs("an_rsa_key_of_8193_bits_in_pem_does_not_load", block(rsaInfo(modulusBytes(1025, 0x01))), "", "bad_key"),
  pemIs("an_rsa_key_with_an_even_modulus_in_pem_does_not_load", block(rsaInfo(Buffer.alloc(256, 0xfe))), "", "bad_key"),
  pemIs("an_rsa_key_with_the_exponent_1_in_pem_does_not_load", block(rsaInfo(modulusBytes(256), Buffer.from([1]))), "", "bad_key"),
  pemIs("an_rsa_key_with_an_even_exponent_in_pem_does_not_load", block(rsaInfo(modulusBytes(256), Buffer.from([1, 0, 0]))), "", "bad_key"),
  pemIs("a_p256_key_off_its_curve_in_pem_does_not_load", block(ecInfo("p256", Buffer.concat([Buffer.from([4]), raw(p256().x), raw(p256().x)]))), "", "bad_key"),
  pemIs("a_p384_point_on_p256_in_pem_does_not_load", block(ecInfo("p256", Buffer.concat([Buffer.from([4]), raw(publicJwk("p384").x), raw(publicJwk("p384").y)]))), "", "bad_key"),
  pemIs("the_point_at_infinity_in_pem_does_not_load", block(ecInfo("p256", Buffer.alloc(1))), "", "bad_key"),
  pemIs("a_key_on_an_unknown_curve_in_pem_does_not_load", block(ecInfo("secp256k1", Buffer.concat([Buffer.from([4]), raw(p256().x), raw(p256().y)]))), "", "bad_key"),
  pemIs("a_key_for_key_agreement_in_pem_does_not_load", block(plainInfo("x25519", raw(ed.x))), "", "bad_key"),
  pemIs("an_ed448_key_in_pem_does_not_load", block(plainInfo("ed448", Buffer.alloc(57, 7))), "", "bad_key"),
  pemIs("an_ed25519_key_of_31_bytes_in_pem_does_not_load", block(plainInfo("ed25519", raw(ed.x).subarray(1))), "", "bad_key"),
  pemIs("an_ed25519_key_of_small_order_in_pem_does_not_load", block(plainInfo("ed25519", raw(`AQ${"A".repeat(41)}`))), "", "bad_key"),
  whole(issuerIs("an_issuer_with_a_key_set_and_pem_does_not_load", { pem: pem("p256") }, "issuers[0]", "several_keys")),
  whole(issuerIs("an_issuer_with_a_secret_and_pem_does_not_load", { jwks: undefined, secret: secret("hs256"), pem: pem("p256") }, "issuers[0]", "several_keys")),
  whole(discovered("discovery_beside_pem_does_not_load", { pem: pem("p256"), discovery: "openid" }, "discovery", "bad_value")),

  // URLs
  trustLoads("an_https_url_loads", { issuers: [{ ...keyless, jwksUri: "https://id.example/jwks" }] }),
  trustLoads("http_on_localhost_loads", { issuers: [{ ...keyless, jwksUri: "http://localhost:8787/jwks" }] }),
  trustLoads("http_on_127_0_0_1_loads", { issuers: [{ ...keyless, jwksUri: "http://127.0.0.1/jwks" }] }),
  trustLoads("http_on_the_ipv6_loopback_loads", { issuers: [{ ...keyless, jwksUri: "http://[::1]:8787/jwks" }] }),
  uri("http_does_not_load", "http://id.example/jwks"),
  uri("http_on_a_host_that_begins_like_localhost_does_not_load", "http://localhost.evil.example/jwks"),
  uri("http_on_a_host_that_begins_like_127_0_0_1_does_not_load", "http://127.0.0.1.evil.example/jwks"),
  uri("http_with_localhost_for_a_user_does_not_load", "http://localhost@evil.example/jwks"),
  uri("http_on_0_0_0_0_does_not_load", "http://0.0.0.0/jwks"),
  uri("another_scheme_does_not_load", "ftp://id.example/jwks"),
  uri("a_file_does_not_load", "file:///etc/jwks"),
  trust("a_url_that_is_a_number_does_not_load", { issuers: [{ ...keyless, jwksUri: 5 }] }, "issuers[0].jwksUri", "wrong_type"),

  // API keys
  trust("api_keys_that_are_an_object_do_not_load", { apiKeys: {} }, "apiKeys", "wrong_type"),
  trust("an_api_key_without_id_does_not_load", { apiKeys: [without(key, "id")] }, "apiKeys[0].id", "missing_member"),
  trust("an_api_key_without_hash_does_not_load", { apiKeys: [without(key, "hash")] }, "apiKeys[0].hash", "missing_member"),
  apiKey("an_api_key_itself_is_no_hash", { hash: "an-api-key-of-more-than-32-characters-1" }, "apiKeys[0].hash", "bad_value"),
  apiKey("a_hash_of_another_kind_does_not_load", { hash: `md5:${"A".repeat(22)}` }, "apiKeys[0].hash", "bad_value"),
  apiKey("a_hash_that_is_too_short_does_not_load", { hash: key.hash.slice(0, -2) }, "apiKeys[0].hash", "bad_value"),
  apiKey("a_hash_with_padding_does_not_load", { hash: `${key.hash}=` }, "apiKeys[0].hash", "bad_value"),
  apiKey("a_hash_in_hexadecimal_does_not_load", { hash: `sha256:${"0a".repeat(32)}` }, "apiKeys[0].hash", "bad_value"),
  apiKey("a_hash_that_is_a_number_does_not_load", { hash: 5 }, "apiKeys[0].hash", "wrong_type"),
  apiKey("a_prefix_with_a_hyphen_does_not_load", { prefix: "pk-live" }, "apiKeys[0].prefix", "bad_value"),
  apiKey("an_empty_prefix_does_not_load", { prefix: "" }, "apiKeys[0].prefix", "bad_value"),
  apiKey("a_prefix_of_33_characters_does_not_load", { prefix: "p".repeat(33) }, "apiKeys[0].prefix", "bad_value"),
  apiKey("an_end_that_is_text_does_not_load", { notAfter: "2030-01-01" }, "apiKeys[0].notAfter", "wrong_type"),
  apiKey("an_unknown_member_of_an_api_key_does_not_load", { key: "secret" }, "apiKeys[0].key", "unknown_member"),
  apiKey("an_api_key_s_roles_as_text_do_not_load", { roles: "service" }, "apiKeys[0].roles", "wrong_type"),
  apiKey("an_empty_id_of_an_api_key_does_not_load", { id: "" }, "apiKeys[0].id", "bad_value"),
  trust("an_api_key_s_id_twice_does_not_load", { apiKeys: [key, { ...key, hash: apiKeyHash("an-api-key-of-more-than-32-characters-2") }] }, "apiKeys[1].id", "duplicate"),
  trust("an_api_key_s_hash_twice_does_not_load", { apiKeys: [key, { ...key, id: "other" }] }, "apiKeys[1].hash", "duplicate"),

  // Where credentials stand
  trustLoads("credentials_load", { credentials: { header: "x-token", apiKeyHeader: "x-service-key", cookie: "__Host-session" } }),
  credentials("an_unknown_member_of_credentials_does_not_load", { query: "token" }, "credentials.query", "unknown_member"),
  credentials("a_header_with_a_space_does_not_load", { header: "x token" }, "credentials.header", "bad_value"),
  credentials("a_header_with_a_newline_does_not_load", { header: "x-token\n" }, "credentials.header", "bad_value"),
  credentials("an_empty_header_does_not_load", { header: "" }, "credentials.header", "bad_value"),
  credentials("an_api_key_header_with_a_colon_does_not_load", { apiKeyHeader: "x:key" }, "credentials.apiKeyHeader", "bad_value"),
  credentials("a_cookie_name_with_a_semicolon_does_not_load", { cookie: "a;b" }, "credentials.cookie", "bad_value"),
  credentials("a_cookie_name_with_an_equals_sign_does_not_load", { cookie: "a=b" }, "credentials.cookie", "bad_value"),
  credentials("an_empty_cookie_name_does_not_load", { cookie: "" }, "credentials.cookie", "bad_value"),
  credentials("a_cookie_name_that_is_a_list_does_not_load", { cookie: ["session"] }, "credentials.cookie", "wrong_type"),
  credentials("a_token_in_the_cookie_header_does_not_load", { header: "Cookie" }, "credentials.header", "bad_value"),
  credentials("an_api_key_in_the_origin_does_not_load", { apiKeyHeader: "origin" }, "credentials.apiKeyHeader", "bad_value"),
  credentials("one_header_for_both_credentials_does_not_load", { header: "x-key", apiKeyHeader: "x-key" }, "credentials.apiKeyHeader", "bad_value"),
];
