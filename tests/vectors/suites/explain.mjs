// Explanations: why a decision fell, for the reviewer. The sentence itself (`summary`) is left out;
// everything else is written out.

import { yes } from "../forge/expect.mjs";
import { asked, conditional, conditionFailed, denied, exclusive, fieldsOnly, justify, missing, notOwner, stronger, tenantMismatch, unknown, unmet } from "../forge/question.mjs";
import { now } from "../forge/token.mjs";

export const about = "Explanations: the grant, the rule, what failed of a condition and what it saw, and what would allow.";

// Conditions of grants of the role `probe`, each on an action of its own.
const grants = {
  one: "resource.status == 'draft'",
  two: "resource.status == 'draft' && resource.words < 1000",
  three: "resource.status == 'draft' && resource.words < 1000 && subject.department == 'news'",
  either: "resource.status == 'draft' || resource.words < 1000",
  mixed: "resource.status == 'draft' || resource.words < 1000 && subject.department == 'news'",
  nested: "resource.status == 'draft' && (resource.words < 1000 || 'urgent' in resource.tags)",
  opposite: "!(resource.status == 'archived')",
  chosen: "resource.urgent ? resource.words < 100 : resource.words < 1000",
  listed: "resource.tags.exists(tag, tag == resource.status)",
  twice: "resource.words > 10 && resource.words * resource.words < 1000",
  divided: "1000 / resource.words > 1",
  grown: "resource.words + 9223372036854775807 > 0",
  indexed: "resource.tags[2] == 'urgent'",
  networked: "cidr('192.0.2.0/24').containsIP(context.source)",
  redacted: "resource.secret == 'swordfish'",
  compared: "resource.secret == resource.status",
  cleared: "subject.clearance > 3 && resource.status == 'draft'",
  never: "false",
  roles: "'lead' in subject.roles",
  named: "action.soft && subject.id == 'u2'",
  there: "has(resource.status) && resource.status == 'draft'",
  context: "context.level >= 5",
  "or-error": "resource.status == 'draft' || resource.words > 10",
};
const rules = {
  archived: { effect: "deny", when: "resource.status == 'archived'", message: "This is archived." },
  closed: { effect: "deny" },
  any: { effect: "deny", when: "resource.status == 'archived' || resource.words > 1000" },
  pair: { effect: "deny", when: "resource.status == 'archived' && resource.words > 1000" },
  deeper: { effect: "deny", when: "resource.status == 'archived' || resource.words > 1000 && 'urgent' in resource.tags" },
  hidden: { effect: "deny", when: "resource.secret != 'swordfish'" },
  error: { effect: "deny", when: "subject.id == 'u1' && resource.words > 1000" },
  ready: { effect: "require", when: "resource.status == 'ready'", message: "It is not ready." },
  both: { effect: "require", when: "resource.status == 'ready' && resource.words > 0" },
  some: { effect: "require", when: "resource.status == 'ready' || resource.urgent" },
};

const probes = Object.entries(grants).map(([name, when]) => ({ permission: `doc:${name}`, when }));
const attributes = {
  author_id: "string",
  status: "string",
  words: "int",
  urgent: "bool",
  tags: "list(string)",
  secret: { type: "string", redact: true },
};
const wide = { id: "wide", effect: "deny", permissions: ["doc:fenced"], when: "resource.status == 'archived'" };

const policy = {
  policy: "explain",
  revision: 1,
  resources: {
    doc: { actions: [...Object.keys(grants), ...Object.keys(rules).map((name) => `rule/${name}`), "fenced", "own", "own-and-one"], owner: "author_id", attributes },
    page: { actions: ["read", "update", "archive"], fields: ["title"], tenant: "tenant_id" },
    file: { actions: ["update"], owner: { resource: "owner_email", subject: "email" } },
  },
  permissions: ["export", "purge", "refund", "report"],
  subject: { attributes: { department: "string", email: "string", clearance: { type: "int", redact: true } } },
  context: { attributes: { level: "int", source: "string" } },
  action: { attributes: { soft: "bool" } },
  roles: {
    probe: { permits: [...probes, { permission: "doc:own", owner: true }, { permission: "doc:own-and-one", owner: true, when: "resource.words < 1000" }] },
    chief: { permits: ["doc:*"] },
    viewer: { permits: ["page:read"] },
    editor: { inherits: ["viewer"], permits: [{ permission: "page:update", when: "subject.department == 'news'" }] },
    manager: { inherits: ["editor"] },
    titles: { permits: [{ permission: "page:archive", fields: ["title"] }] },
    archivist: { permits: ["page:archive"] },
    mover: { permits: [{ permission: "file:update", owner: true }] },
    exporter: { permits: ["export", "page:read"] },
    sender: { permits: ["export"] },
    zealot: { permits: ["export"] },
    operator: { permits: ["purge"] },
    cashier: { permits: ["refund"] },
    admin: { permits: ["purge"], elevated: { acr: ["mfa", "hwk"], maxAuthAge: 900 } },
    clerk: { permits: ["refund"], elevated: { justification: true } },
    careful: { permits: ["report"], elevated: { acr: ["mfa"], maxAuthAge: 60, justification: true } },
    requester: { permits: ["report"] },
    approver: {},
    nobody: {},
  },
  exclusive: [["requester", "approver"]],
  rules: [...Object.entries(rules).map(([id, members]) => ({ id, permissions: [`doc:rule/${id}`], ...members })), wide],
};

export const configs = { site: { policy } };

const nothing = { rolesInEffect: [], grant: null, rolesThatWouldAllow: [], ownership: null, rule: null, condition: null, change: null };
const explain = (name, permission, given, decision, members) => ({
  name,
  explain: asked(permission, given),
  expect: { ...decision, permission, ...nothing, ...members },
});
const grant = (path, permission, members = {}) => ({ role: path.at(-1), path, permission, owner: false, when: null, elevated: false, ...members });
const role = (name) => ({ rolesThatWouldAllow: [name], change: { kind: "role", role: name } });

const value = (attribute, seen) => ({ attribute, value: seen });
const absent = (attribute) => ({ attribute, missing: true });
const redacted = (attribute) => ({ attribute, redacted: true });
const status = (seen) => value("resource.status", seen);
const words = (seen) => value("resource.words", seen);

const place = (action) => probes.findIndex(({ permission }) => permission === `doc:${action}`);
/** A grant of the role `probe` whose condition did not hold. */
const failed = (name, action, properties, part, result, operands, more = {}) =>
  explain(name, `doc:${action}`, { properties, ...more, subject: { roles: ["probe"], ...more.subject } }, conditionFailed, {
    rolesInEffect: ["probe"],
    ...role("chief"),
    condition: { path: `roles.probe.permits[${place(action)}].when`, source: grants[action], failed: part ?? grants[action], result, operands },
  });
/** A rule that fires on a chief, whom everything else allows. */
const fired = (name, id, properties, part, result, operands) => {
  const { effect, when, message } = rules[id];
  const decision = effect === "deny" ? denied(id, message) : unmet(id, message);
  return explain(name, `doc:rule/${id}`, { properties, subject: { roles: ["chief"] } }, decision, {
    rolesInEffect: ["chief"],
    rule: id,
    condition: when === undefined ? null : { path: `rules.${id}.when`, source: when, failed: part ?? when, result, operands },
  });
};
const permitted = (name, permission, given, members) => explain(name, permission, given, yes(), members);
const mine = { attribute: "author_id", owner: "u1", subject: "u1" };

export const cases = [
  // Allowed
  permitted("a_grant_is_explained_by_its_role", "page:read", { subject: { roles: ["viewer"] } }, { rolesInEffect: ["viewer"], grant: grant(["viewer"], "page:read") }),
  permitted("an_inherited_grant_is_explained_by_its_path", "page:read", { subject: { roles: ["manager"] } }, { rolesInEffect: ["editor", "manager", "viewer"], grant: grant(["manager", "editor", "viewer"], "page:read") }),
  permitted("a_wildcard_is_explained_as_the_policy_writes_it", "doc:fenced", { properties: { status: "draft" }, subject: { roles: ["chief"] } }, { rolesInEffect: ["chief"], grant: grant(["chief"], "doc:*") }),
  permitted("a_bare_permission_is_explained", "export", { subject: { roles: ["sender"] } }, { rolesInEffect: ["sender"], grant: grant(["sender"], "export") }),
  permitted("a_grant_is_explained_by_its_condition", "page:update", { properties: {}, subject: { roles: ["editor"], attributes: { department: "news" } } }, { rolesInEffect: ["editor", "viewer"], grant: grant(["editor"], "page:update", { when: "subject.department == 'news'" }) }),
  permitted("a_grant_of_one_s_own_is_explained_by_ownership", "doc:own", { properties: { author_id: "u1" }, subject: { roles: ["probe"] } }, { rolesInEffect: ["probe"], grant: grant(["probe"], "doc:own", { owner: true }), ownership: mine }),
  permitted("a_grant_of_one_s_own_with_a_condition_is_explained_by_both", "doc:own-and-one", { properties: { author_id: "u1", words: 999 }, subject: { roles: ["probe"] } }, { rolesInEffect: ["probe"], grant: grant(["probe"], "doc:own-and-one", { owner: true, when: "resource.words < 1000" }), ownership: mine }),
  permitted("an_assigned_role_is_explained_as_any_other", "export", { subject: { assignments: [{ role: "sender", notAfter: now + 1 }] } }, { rolesInEffect: ["sender"], grant: grant(["sender"], "export") }),
  permitted("roles_that_are_not_in_effect_are_not_shown", "export", { subject: { roles: ["ghost", "sender"], assignments: [{ role: "viewer", notAfter: now }] } }, { rolesInEffect: ["sender"], grant: grant(["sender"], "export") }),
  explain("an_elevated_grant_is_explained_as_elevated", "purge", { subject: { roles: ["admin"], acr: "mfa", authTime: now - 60 } }, yes({ elevated: true }), { rolesInEffect: ["admin"], grant: grant(["admin"], "purge", { elevated: true }) }),
  permitted("an_ordinary_grant_beside_an_elevated_one_is_explained_as_ordinary", "purge", { subject: { roles: ["admin", "operator"], acr: "mfa", authTime: now - 60 } }, { rolesInEffect: ["admin", "operator"], grant: grant(["operator"], "purge") }),

  // Nothing permits
  explain("a_missing_permission_is_explained_by_the_role_that_would_allow", "purge", { subject: { roles: ["viewer"] } }, missing, { rolesInEffect: ["viewer"], ...role("operator") }),
  explain("of_several_roles_the_one_with_the_fewest_permissions_would_do", "export", { subject: { roles: ["viewer"] } }, missing, { rolesInEffect: ["viewer"], rolesThatWouldAllow: ["exporter", "sender", "zealot"], change: { kind: "role", role: "sender" } }),
  explain("roles_that_inherit_the_grant_would_allow_too", "page:read", { properties: {}, subject: { roles: ["nobody"] } }, missing, { rolesInEffect: ["nobody"], rolesThatWouldAllow: ["editor", "exporter", "manager", "viewer"], change: { kind: "role", role: "viewer" } }),
  explain("a_role_whose_condition_fails_would_not_allow", "page:update", { properties: {}, subject: { roles: ["nobody"], attributes: { department: "sport" } } }, missing, { rolesInEffect: ["nobody"] }),
  explain("a_role_whose_condition_holds_would_allow", "page:update", { properties: {}, subject: { roles: ["viewer"], attributes: { department: "news" } } }, missing, { rolesInEffect: ["viewer"], rolesThatWouldAllow: ["editor", "manager"], change: { kind: "role", role: "editor" } }),
  explain("a_role_that_a_rule_denies_would_not_allow", "doc:fenced", { properties: { status: "archived" }, subject: { roles: ["nobody"] } }, missing, { rolesInEffect: ["nobody"] }),
  explain("a_role_that_no_rule_denies_would_allow", "doc:fenced", { properties: { status: "draft" }, subject: { roles: ["nobody"] } }, missing, { rolesInEffect: ["nobody"], ...role("chief") }),
  explain("an_unknown_permission_is_explained_as_none", "page:fly", { subject: { roles: ["viewer"] } }, unknown, { permission: null, rolesInEffect: ["viewer"] }),
  explain("a_grant_of_fields_is_explained_by_the_role_of_the_object", "page:archive", { properties: {}, subject: { roles: ["titles"] } }, fieldsOnly, { rolesInEffect: ["titles"], ...role("archivist") }),

  // Ownership
  explain("another_s_is_explained_by_both_ids", "doc:own", { properties: { author_id: "u2" }, subject: { roles: ["probe"] } }, notOwner, { rolesInEffect: ["probe"], ...role("chief"), ownership: { attribute: "author_id", owner: "u2", subject: "u1" } }),
  explain("a_missing_owner_is_explained_as_null", "doc:own", { properties: {}, subject: { roles: ["probe"] } }, notOwner, { rolesInEffect: ["probe"], ...role("chief"), ownership: { attribute: "author_id", owner: null, subject: "u1" } }),
  explain("an_owner_of_the_wrong_type_is_shown", "doc:own", { properties: { author_id: ["u1"] }, subject: { roles: ["probe"] } }, notOwner, { rolesInEffect: ["probe"], ...role("chief"), ownership: { attribute: "author_id", owner: ["u1"], subject: "u1" } }),
  explain("ownership_by_another_attribute_shows_it", "file:update", { properties: { owner_email: "ann@shop.example" }, subject: { roles: ["mover"], attributes: { email: "bob@shop.example" } } }, notOwner, { rolesInEffect: ["mover"], ownership: { attribute: "owner_email", owner: "ann@shop.example", subject: "bob@shop.example" } }),
  explain("another_s_that_fails_its_condition_too_is_explained_by_ownership", "doc:own-and-one", { properties: { author_id: "u2", words: 2000 }, subject: { roles: ["probe"] } }, notOwner, { rolesInEffect: ["probe"], ...role("chief"), ownership: { attribute: "author_id", owner: "u2", subject: "u1" } }),

  // A grant's condition: which part, and what it saw
  failed("a_condition_is_explained_by_what_it_saw", "one", { status: "published" }, undefined, false, [status("published")]),
  failed("a_missing_attribute_is_explained_as_missing", "one", {}, undefined, "attribute_missing", [absent("resource.status")]),
  failed("an_attribute_that_is_null_is_explained_as_missing", "one", { status: null }, undefined, "attribute_missing", [absent("resource.status")]),
  failed("an_attribute_of_the_wrong_type_is_shown", "one", { status: 5 }, undefined, "attribute_type", [status(5)]),
  failed("of_and_the_first_part_that_is_false_is_told", "two", { status: "published", words: 2000 }, "resource.status == 'draft'", false, [status("published")]),
  failed("of_and_the_second_part_is_told_where_the_first_is_true", "two", { status: "draft", words: 2000 }, "resource.words < 1000", false, [words(2000)]),
  failed("of_and_a_part_that_errs_is_told_where_the_first_is_true", "two", { status: "draft" }, "resource.words < 1000", "attribute_missing", [absent("resource.words")]),
  failed("of_a_chain_the_last_part_is_told_where_the_others_are_true", "three", { status: "draft", words: 5 }, "subject.department == 'news'", false, [value("subject.department", "sport")], { subject: { attributes: { department: "sport" } } }),
  failed("of_a_chain_the_middle_part_is_told", "three", { status: "draft", words: 2000 }, "resource.words < 1000", false, [words(2000)], { subject: { attributes: { department: "news" } } }),
  failed("of_or_that_is_false_the_whole_is_told", "either", { status: "published", words: 2000 }, undefined, false, [status("published"), words(2000)]),
  failed("of_or_with_and_inside_the_whole_is_told", "mixed", { status: "published", words: 5 }, undefined, false, [status("published"), words(5), value("subject.department", "sport")], { subject: { attributes: { department: "sport" } } }),
  failed("of_and_with_or_inside_the_or_is_told", "nested", { status: "draft", words: 2000, tags: ["late"] }, "resource.words < 1000 || 'urgent' in resource.tags", false, [words(2000), value("resource.tags", ["late"])]),
  failed("of_and_with_or_inside_the_first_part_is_told", "nested", { status: "published", words: 2000, tags: ["late"] }, "resource.status == 'draft'", false, [status("published")]),
  failed("of_or_that_errs_the_whole_is_told", "or-error", { status: "published" }, undefined, "attribute_missing", [status("published"), absent("resource.words")]),
  failed("of_not_the_whole_is_told", "opposite", { status: "archived" }, undefined, false, [status("archived")]),
  failed("of_a_choice_the_whole_is_told", "chosen", { urgent: true, words: 200 }, undefined, false, [value("resource.urgent", true), words(200)]),
  failed("of_a_macro_the_whole_is_told", "listed", { tags: ["a", "b"], status: "c" }, undefined, false, [value("resource.tags", ["a", "b"]), status("c")]),
  failed("an_attribute_that_is_read_twice_is_shown_once", "twice", { words: 100 }, "resource.words * resource.words < 1000", false, [words(100)]),
  failed("a_division_by_zero_is_told", "divided", { words: 0 }, undefined, "division_by_zero", [words(0)]),
  failed("an_overflow_is_told", "grown", { words: 1 }, undefined, "overflow", [words(1)]),
  failed("an_index_behind_the_last_is_told", "indexed", { tags: ["a"] }, undefined, "index_out_of_range", [value("resource.tags", ["a"])]),
  failed("a_value_that_is_none_is_told", "networked", {}, undefined, "value", [value("context.source", "localhost")], { context: { source: "localhost" } }),
  failed("a_condition_without_operands_has_none", "never", {}, undefined, false, []),
  failed("the_roles_in_effect_are_an_operand", "roles", {}, undefined, false, [value("subject.roles", ["probe"])]),
  failed("an_attribute_of_the_action_is_an_operand", "named", {}, "action.soft", false, [value("action.soft", false)], { action: { soft: false } }),
  failed("the_subject_s_id_is_an_operand", "named", {}, "subject.id == 'u2'", false, [value("subject.id", "u1")], { action: { soft: true } }),
  failed("a_context_that_is_not_given_is_missing", "context", {}, undefined, "attribute_missing", [absent("context.level")]),
  failed("an_attribute_of_the_context_is_an_operand", "context", {}, undefined, false, [value("context.level", 4)], { context: { level: 4 } }),
  failed("what_is_asked_for_first_is_told", "there", {}, "has(resource.status)", false, [absent("resource.status")]),

  // Redaction
  failed("a_redacted_attribute_is_not_shown", "redacted", { secret: "letmein" }, undefined, false, [redacted("resource.secret")]),
  failed("a_redacted_attribute_beside_another_is_not_shown", "compared", { secret: "letmein", status: "draft" }, undefined, false, [redacted("resource.secret"), status("draft")]),
  failed("a_redacted_attribute_of_the_wrong_type_is_not_shown", "redacted", { secret: 12345 }, undefined, "attribute_type", [redacted("resource.secret")]),
  failed("a_redacted_attribute_of_the_subject_is_not_shown", "cleared", { status: "draft" }, "subject.clearance > 3", false, [redacted("subject.clearance")], { subject: { attributes: { clearance: 2 } } }),
  failed("a_redacted_attribute_that_was_not_decisive_is_not_mentioned", "cleared", { status: "published" }, "resource.status == 'draft'", false, [status("published")], { subject: { attributes: { clearance: 4 } } }),

  // Rules
  fired("a_rule_is_explained_by_what_it_saw", "archived", { status: "archived" }, undefined, true, [status("archived")]),
  fired("a_rule_that_errs_is_explained_by_what_is_missing", "archived", {}, undefined, "attribute_missing", [absent("resource.status")]),
  fired("a_rule_without_a_condition_is_explained_by_its_id", "closed", {}),
  fired("of_a_rule_s_or_the_first_true_part_is_told", "any", { status: "archived", words: 2000 }, "resource.status == 'archived'", true, [status("archived")]),
  fired("of_a_rule_s_or_the_true_part_behind_a_false_one_is_told", "any", { status: "draft", words: 2000 }, "resource.words > 1000", true, [words(2000)]),
  fired("of_a_rule_s_or_the_true_part_behind_one_that_errs_is_told", "any", { words: 2000 }, "resource.words > 1000", true, [words(2000)]),
  fired("of_a_rule_s_or_that_errs_the_whole_is_told", "any", { status: "draft" }, undefined, "attribute_missing", [status("draft"), absent("resource.words")]),
  fired("of_a_rule_s_and_that_is_true_the_whole_is_told", "pair", { status: "archived", words: 2000 }, undefined, true, [status("archived"), words(2000)]),
  fired("of_a_rule_s_and_that_errs_the_part_is_told", "error", {}, "resource.words > 1000", "attribute_missing", [absent("resource.words")]),
  fired("of_a_rule_s_or_with_and_inside_the_and_is_told", "deeper", { status: "draft", words: 2000, tags: ["urgent"] }, "resource.words > 1000 && 'urgent' in resource.tags", true, [words(2000), value("resource.tags", ["urgent"])]),
  fired("a_rule_s_redacted_attribute_is_not_shown", "hidden", { secret: "letmein" }, undefined, true, [redacted("resource.secret")]),
  fired("a_requirement_is_explained_by_what_it_saw", "ready", { status: "draft" }, undefined, false, [status("draft")]),
  fired("a_requirement_that_errs_is_explained_by_what_is_missing", "ready", {}, undefined, "attribute_missing", [absent("resource.status")]),
  fired("of_a_requirement_s_and_the_first_part_that_is_false_is_told", "both", { status: "ready", words: 0 }, "resource.words > 0", false, [words(0)]),
  fired("of_a_requirement_s_or_that_is_false_the_whole_is_told", "some", { status: "draft", urgent: false }, undefined, false, [status("draft"), value("resource.urgent", false)]),

  // What an elevated role wants, tenants, exclusive roles, what is open
  explain("a_stronger_sign_in_would_change_it", "purge", { subject: { roles: ["admin"] } }, stronger, { rolesInEffect: ["admin"], rolesThatWouldAllow: ["operator"], change: { kind: "sign-in", acr: ["mfa", "hwk"], maxAge: 900 } }),
  explain("a_fresher_sign_in_would_change_it", "purge", { subject: { roles: ["admin"], acr: "mfa", authTime: now - 901 } }, stronger, { rolesInEffect: ["admin"], rolesThatWouldAllow: ["operator"], change: { kind: "sign-in", acr: ["mfa", "hwk"], maxAge: 900 } }),
  explain("a_justification_would_change_it", "refund", { subject: { roles: ["clerk"] } }, justify, { rolesInEffect: ["clerk"], rolesThatWouldAllow: ["cashier"], change: { kind: "justification" } }),
  explain("of_a_sign_in_and_a_justification_the_sign_in_is_told", "report", { subject: { roles: ["careful"] } }, stronger, { rolesInEffect: ["careful"], rolesThatWouldAllow: ["requester"], change: { kind: "sign-in", acr: ["mfa"], maxAge: 60 } }),
  explain("behind_the_sign_in_the_justification_is_told", "report", { subject: { roles: ["careful"], acr: "mfa", authTime: now } }, justify, { rolesInEffect: ["careful"], rolesThatWouldAllow: ["requester"], change: { kind: "justification" } }),
  explain("two_exclusive_roles_are_not_in_effect", "report", { subject: { roles: ["requester", "approver", "nobody"] } }, exclusive, { rolesInEffect: ["nobody"], ...role("requester") }),
  explain("a_tenant_s_role_elsewhere_is_explained_by_the_role_that_would_allow", "page:archive", { properties: { tenant_id: "other" }, subject: { roles: ["nobody"], assignments: [{ role: "archivist", tenant: "acme" }] } }, tenantMismatch, { rolesInEffect: ["nobody"], ...role("archivist") }),
  explain("what_is_open_is_explained_by_the_role_that_would_allow", "doc:one", { subject: { roles: ["probe"] } }, conditional, { rolesInEffect: ["probe"], ...role("chief") }),
];
