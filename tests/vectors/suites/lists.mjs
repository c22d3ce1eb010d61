// Filters of lists: what is left of a policy where all but the resource is known. Negation stands before the
// comparisons alone, and what is known is worked out.

import { asked } from "../forge/question.mjs";
import { now } from "../forge/token.mjs";

export const about = "Filters of lists: which resources a subject may do something to, and the SQL that selects them.";

// Conditions of grants of the role `probe`, each on an action of its own.
const grants = {
  equal: "resource.status == 'draft'",
  turned: "1000 > resource.words",
  unequal: "resource.status != 'draft'",
  not: "!(resource.words < 1000)",
  known: "resource.department == subject.department",
  missing: "resource.department == subject.office",
  "missing-not": "!(resource.department == subject.office)",
  "missing-or": "resource.department == subject.office || resource.status == 'draft'",
  "missing-and": "resource.department == subject.office && resource.status == 'draft'",
  decided: "subject.department == 'news' && resource.status == 'draft'",
  undone: "subject.department == 'sports' && resource.status == 'draft'",
  both: "resource.status == 'draft' && resource.words < 1000",
  either: "resource.status == 'draft' || resource.words < 1000",
  "de-morgan": "!(resource.status == 'draft' || resource.words < 1000 && resource.urgent)",
  choice: "resource.urgent ? resource.words < 100 : resource.words < 1000",
  flag: "resource.urgent",
  "flag-not": "!resource.urgent",
  "flag-false": "resource.urgent == false",
  there: "has(resource.department)",
  "not-there": "!has(resource.department)",
  one: "resource.status in ['draft', 'review', 'draft']",
  "one-not": "!(resource.status in ['draft', 'review'])",
  "one-none": "resource.status in []",
  "one-alone": "resource.status in ['draft']",
  merged: "resource.status == 'draft' || resource.status == 'review' || resource.status in ['ready']",
  "merged-not": "resource.status != 'draft' && resource.status != 'review'",
  mine: "resource.department in subject.departments",
  tagged: "'urgent' in resource.tags",
  "tagged-not": "!('urgent' in resource.tags)",
  shared: "resource.tags.exists(tag, tag in subject.departments)",
  "shared-turned": "subject.departments.exists(one, one in resource.tags)",
  spared: "resource.tags.all(tag, tag != 'secret')",
  each: "subject.departments.all(one, one in resource.tags)",
  nobody: "subject.nothing.exists(one, one in resource.tags)",
  starts: "resource.title.startsWith('50%_')",
  ends: "!resource.title.endsWith('é')",
  holds: "resource.title.contains('O\\'Hara')",
  before: "resource.made < now - duration('24h')",
  scored: "resource.score >= 0.5",
  whole: "resource.score > 2.0",
  ordered: "resource.title < 'm'",
  twin: "resource.made < resource.due",
  "twin-text": "resource.title >= resource.status",
  counted: "7 in resource.counts",
  "counted-mine": "resource.tags.exists(tag, tag in subject.absent)",
  "counted-none": "!resource.tags.exists(tag, tag in subject.absent)",
  "counted-any": "resource.counts.exists(count, count in [7, 8])",
  pinned: "resource.urgent || !resource.urgent",
  "mine-both": "resource.department in subject.departments && resource.status in subject.departments",
  sized: "size(resource.title) > 3",
  sum: "resource.words + 1 < 1000",
  inner: "resource.status == 'draft' && (resource.words < 10 || resource.title.size() > 3)",
  "sum-decided": "subject.department == 'news' || resource.words + 1 < 1000",
  span: "resource.span > duration('1h')",
  host: "resource.host == ip('192.0.2.1')",
  large: "resource.words == 9007199254740992",
  split: "resource.made < timestamp('2026-01-01T00:00:00.5Z')",
  "in-resource": "resource.status in resource.tags",
  "all-in": "resource.tags.all(tag, tag in subject.departments)",
  "one-of": "subject.departments.exists_one(one, one == resource.status)",
  "one-of-not": "!subject.departments.exists_one(one, one == resource.status)",
  "one-in": "resource.tags.exists_one(tag, tag == 'urgent')",
  many: "subject.numbers.exists(one, one == resource.words && resource.score > 0.0)",
};

const attributes = {
  author_id: "string",
  status: "string",
  title: "string",
  department: "string",
  words: "int",
  score: "double",
  urgent: "bool",
  made: "timestamp",
  due: "timestamp",
  span: "duration",
  host: "ip",
  tags: "list(string)",
  counts: "list(int)",
};

const policy = {
  policy: "lists",
  revision: 1,
  resources: {
    doc: { actions: [...Object.keys(grants), "own", "own-draft", "open", "titles", "frozen", "gated", "unless", "blind", "closed"], owner: "author_id", fields: ["body"], attributes },
    page: { actions: ["read", "update"], tenant: "tenant_id", attributes: { tenant_id: "string", status: "string" } },
    file: { actions: ["read"], owner: { resource: "owner_email", subject: "email" } },
  },
  permissions: ["ping"],
  subject: { attributes: { department: "string", office: "string", email: "string", departments: "list(string)", nothing: "list(string)", numbers: "list(int)", absent: "list(string)" } },
  context: { attributes: { network: "string" } },
  roles: {
    probe: { permits: Object.entries(grants).map(([name, when]) => ({ permission: `doc:${name}`, when })) },
    author: { permits: [{ permission: "doc:own", owner: true }, { permission: "doc:own-draft", owner: true, when: "resource.status == 'draft'" }, { permission: "file:read", owner: true }] },
    drafter: { permits: [{ permission: "doc:own", when: "resource.status == 'draft'" }] },
    reader: { permits: ["doc:open", "doc:frozen", "doc:gated", "doc:unless", "doc:blind", "doc:closed", "page:read", "ping"] },
    titler: { permits: [{ permission: "doc:titles", fields: ["title"] }] },
    publisher: { permits: [{ permission: "page:read", when: "resource.status == 'published'" }] },
    editor: { permits: ["page:read", "page:update"] },
    drafts: { permits: [{ permission: "page:update", when: "resource.status == 'draft'" }] },
    published: { permits: [{ permission: "page:update", when: "resource.status == 'published'" }] },
    admin: { permits: ["doc:own"], elevated: { acr: ["mfa"] } },
    chief: { permits: [{ permission: "doc:own", when: "'chief' in subject.roles && resource.urgent" }], elevated: {} },
    maker: { permits: ["doc:open"] },
    checker: { permits: [] },
  },
  exclusive: [["maker", "checker"]],
  rules: [
    { id: "frozen", effect: "deny", permissions: ["doc:frozen"], when: "resource.status == 'archived'" },
    { id: "gated", effect: "require", permissions: ["doc:gated"], when: "context.network == 'office' || resource.words < 10" },
    { id: "unless", effect: "deny", permissions: ["doc:unless"], when: "resource.status == 'archived'", unless: "resource.author_id == subject.id" },
    { id: "blind", effect: "deny", permissions: ["doc:blind"], when: "resource.department == subject.office" },
    { id: "closed", effect: "deny", permissions: ["doc:closed"] },
  ],
};

export const configs = { site: { policy } };

const attributesOfSubject = { department: "news", email: "u1@blog.example", departments: ["news", "sports"], nothing: [] };
const list = (name, permission, roles, expect, { subject = {}, context, ...more } = {}) => {
  const question = asked(permission, { subject: { roles, attributes: attributesOfSubject, ...subject }, context });
  return { name, list: question, ...more, expect };
};
const probe = (name, action, filter, more) => list(name, `doc:${action}`, ["probe"], filter === null ? more.expect : { filter, ...more?.expect }, more?.given);

const all = { op: "all" };
const none = { op: "none" };
const and = (...filters) => ({ op: "and", filters });
const or = (...filters) => ({ op: "or", filters });
const not = (filter) => ({ op: "not", filter });
const compare = (op, attribute, type, value) => ({ op, attribute, type, value });
const eq = (attribute, value, type = "string") => compare("eq", attribute, type, value);
const ne = (attribute, value, type = "string") => compare("ne", attribute, type, value);
const among = (attribute, ...values) => ({ op: "in", attribute, type: "string", values });
const some = (attribute, type, ...values) => ({ op: "hasSome", attribute, type, values });
const present = (attribute) => ({ op: "present", attribute });
const text = (op, attribute, value) => ({ op, attribute, value });
const draft = eq("status", "draft");
const few = compare("lt", "words", "int", 1000);
const mine = eq("author_id", "u1");
const inexpressible = (action, expression) => ({ expect: { error: { code: "not_expressible", path: `roles.probe.permits[${Object.keys(grants).indexOf(action)}].when`, expression } } });
const sql = (sqlite, postgres) => ({ ...(sqlite === undefined ? {} : { sqlite }), ...(postgres === undefined ? {} : { postgres }) });
const written = (statement, ...parameters) => ({ text: statement, parameters });
const assigned = (...pairs) => ({ subject: { assignments: pairs.map(([role, tenant, more = {}]) => ({ role, tenant, ...more })) } });
const elsewhere = (...tenants) => or(not(present("tenant_id")), tenants.length === 1 ? ne("tenant_id", tenants[0]) : not(among("tenant_id", ...tenants)));

export const cases = [
  // Conditions of grants.
  probe("an_attribute_is_compared_with_a_constant", "equal", draft, {
    expect: sql(written("(typeof(`status`) = 'text' AND `status` = ? COLLATE BINARY)", "draft"), written('"status"::text = $1::text', "draft")),
  }),
  probe("a_constant_on_the_left_turns_the_comparison", "turned", compare("lt", "words", "int", 1000), {
    expect: sql(written("(typeof(`words`) = 'integer' AND `words` < ?)", 1000), written('"words" < $1::bigint', 1000)),
  }),
  probe("what_differs_must_be_there", "unequal", ne("status", "draft"), {
    expect: sql(written("(typeof(`status`) = 'text' AND `status` <> ? COLLATE BINARY)", "draft"), written('"status"::text <> $1::text', "draft")),
  }),
  probe("a_negation_turns_the_comparison_into_its_complement", "not", compare("ge", "words", "int", 1000)),
  probe("an_attribute_of_the_subject_is_a_value", "known", eq("department", "news")),
  probe("what_the_subject_lacks_is_equal_to_nothing", "missing", none),
  probe("what_the_subject_lacks_is_unequal_to_nothing_either", "missing-not", none),
  probe("what_has_no_value_leaves_the_other_part_of_an_or", "missing-or", draft),
  probe("what_has_no_value_leaves_nothing_of_an_and", "missing-and", none),
  probe("what_is_known_to_be_true_is_left_out", "decided", draft),
  probe("what_is_known_to_be_false_selects_nothing", "undone", none, { expect: sql(written("1 = 0"), written("1 = 0")) }),
  probe("both_parts_of_an_and_are_left", "both", and(draft, few), {
    expect: sql(
      written("((typeof(`status`) = 'text' AND `status` = ? COLLATE BINARY) AND (typeof(`words`) = 'integer' AND `words` < ?))", "draft", 1000),
      written('("status"::text = $1::text AND "words" < $2::bigint)', "draft", 1000),
    ),
  }),
  probe("both_parts_of_an_or_are_left", "either", or(draft, few)),
  probe("a_negation_goes_down_to_the_comparisons", "de-morgan", and(ne("status", "draft"), or(compare("ge", "words", "int", 1000), eq("urgent", false, "bool")))),
  probe("a_choice_asks_each_way", "choice", or(and(eq("urgent", true, "bool"), compare("lt", "words", "int", 100)), and(eq("urgent", false, "bool"), few))),
  probe("a_flag_is_compared_with_true", "flag", eq("urgent", true, "bool"), {
    expect: sql(written("(typeof(`urgent`) = 'integer' AND `urgent` = ?)", 1), written('"urgent" = $1::boolean', true)),
  }),
  probe("a_flag_that_is_not_set_is_false_and_there", "flag-not", eq("urgent", false, "bool")),
  probe("a_flag_that_is_compared_with_false_is_false", "flag-false", eq("urgent", false, "bool")),
  probe("either_value_of_a_flag_is_one_of_both", "pinned", { op: "in", attribute: "urgent", type: "bool", values: [true, false] }, {
    expect: sql(written("(typeof(`urgent`) = 'integer' AND `urgent` IN (SELECT `value` FROM json_each(?)))", "[1,0]"), written('"urgent" = ANY($1::boolean[])', [true, false])),
  }),
  probe("what_is_there_is_not_null", "there", present("department"), { expect: sql(written("`department` IS NOT NULL"), written('"department" IS NOT NULL')) }),
  probe("what_is_not_there_is_null", "not-there", not(present("department")), { expect: sql(written("`department` IS NULL"), written('"department" IS NULL')) }),
  probe("a_list_of_constants_holds_each_once", "one", among("status", "draft", "review"), {
    expect: sql(
      written("(typeof(`status`) = 'text' AND `status` COLLATE BINARY IN (SELECT `value` FROM json_each(?)))", '["draft","review"]'),
      written('"status"::text = ANY($1::text[])', ["draft", "review"]),
    ),
  }),
  probe("none_of_a_list_must_be_there", "one-not", not(among("status", "draft", "review")), {
    expect: sql(
      written("(typeof(`status`) = 'text' AND `status` COLLATE BINARY NOT IN (SELECT `value` FROM json_each(?)))", '["draft","review"]'),
      written('"status"::text <> ALL($1::text[])', ["draft", "review"]),
    ),
  }),
  probe("one_of_nothing_selects_nothing", "one-none", none),
  probe("one_of_one_is_equal_to_it", "one-alone", draft),
  probe("equalities_of_one_attribute_become_one_list", "merged", among("status", "draft", "review", "ready")),
  probe("inequalities_of_one_attribute_become_one_list", "merged-not", not(among("status", "draft", "review"))),
  probe("a_list_of_the_subject_is_a_list_of_values", "mine", among("department", "news", "sports")),
  probe("a_value_in_a_list_of_the_resource_is_sought_there", "tagged", some("tags", "string", "urgent"), {
    expect: sql(
      written(
        "(json_type(CASE WHEN typeof(`tags`) = 'text' AND json_valid(`tags`) THEN `tags` END) = 'array' AND NOT EXISTS (SELECT 1 FROM json_each(CASE WHEN typeof(`tags`) = 'text' AND json_valid(`tags`) THEN `tags` END) AS `portcullis_item` WHERE NOT (`portcullis_item`.`type` = 'text')) AND EXISTS (SELECT 1 FROM json_each(CASE WHEN typeof(`tags`) = 'text' AND json_valid(`tags`) THEN `tags` END) AS `portcullis_item` WHERE `portcullis_item`.`value` COLLATE BINARY IN (SELECT `value` FROM json_each(?))))",
        '["urgent"]',
      ),
      written('(CASE WHEN coalesce(array_ndims("tags"::text[]), 1) = 1 THEN array_position("tags"::text[], NULL) IS NULL END AND ("tags"::text[] && $1::text[]))', ["urgent"]),
    ),
  }),
  probe("a_value_that_is_not_in_a_list_leaves_the_list_there", "tagged-not", not(some("tags", "string", "urgent")), {
    expect: sql(
      written(
        "(json_type(CASE WHEN typeof(`tags`) = 'text' AND json_valid(`tags`) THEN `tags` END) = 'array' AND NOT EXISTS (SELECT 1 FROM json_each(CASE WHEN typeof(`tags`) = 'text' AND json_valid(`tags`) THEN `tags` END) AS `portcullis_item` WHERE NOT (`portcullis_item`.`type` = 'text')) AND NOT EXISTS (SELECT 1 FROM json_each(CASE WHEN typeof(`tags`) = 'text' AND json_valid(`tags`) THEN `tags` END) AS `portcullis_item` WHERE `portcullis_item`.`value` COLLATE BINARY IN (SELECT `value` FROM json_each(?))))",
        '["urgent"]',
      ),
      written('(CASE WHEN coalesce(array_ndims("tags"::text[]), 1) = 1 THEN array_position("tags"::text[], NULL) IS NULL END AND NOT ("tags"::text[] && $1::text[]))', ["urgent"]),
    ),
  }),
  probe("lists_that_share_an_item_are_one_comparison", "shared", some("tags", "string", "news", "sports")),
  probe("lists_that_share_an_item_are_the_same_from_the_other_side", "shared-turned", some("tags", "string", "news", "sports")),
  probe("a_list_that_holds_no_such_item_is_spared", "spared", not(some("tags", "string", "secret"))),
  probe("each_item_of_a_known_list_is_asked_by_itself", "each", and(some("tags", "string", "news"), some("tags", "string", "sports"))),
  probe("an_empty_list_of_the_subject_shares_nothing", "nobody", none),
  probe("the_start_of_a_text_is_compared_by_bytes_and_not_as_a_pattern", "starts", text("startsWith", "title", "50%_"), {
    expect: sql(
      written("(typeof(`title`) = 'text' AND substr(CAST(`title` AS BLOB), 1, 4) = CAST(? AS BLOB))", "50%_"),
      written('starts_with("title"::text, $1::text)', "50%_"),
    ),
  }),
  probe("the_end_of_a_text_has_as_many_bytes_as_what_is_sought", "ends", not(text("endsWith", "title", "é")), {
    expect: sql(
      written("(typeof(`title`) = 'text' AND substr(CAST(`title` AS BLOB), -2) IS NOT CAST(? AS BLOB))", "é"),
      written('NOT (right("title"::text, 1) COLLATE "C" = $1::text)', "é"),
    ),
  }),
  probe("a_quote_in_a_text_is_a_parameter_like_any_other", "holds", text("contains", "title", "O'Hara"), {
    expect: sql(
      written("(typeof(`title`) = 'text' AND instr(CAST(`title` AS BLOB), CAST(? AS BLOB)) > 0)", "O'Hara"),
      written('(strpos("title"::text, $1::text) > 0)', "O'Hara"),
    ),
  }),
  probe("a_moment_that_is_worked_out_from_now_is_a_number_of_seconds", "before", compare("lt", "made", "timestamp", now - 86_400), {
    expect: sql(
      written("(typeof(`made`) IN ('integer', 'real') AND `made` >= -62135596800 AND `made` < 253402300800 AND `made` < ?)", now - 86_400),
      written('("made" >= to_timestamp(-62135596800) AND "made" < to_timestamp(253402300800) AND "made" < to_timestamp($1::double precision))', now - 86_400),
    ),
  }),
  probe("a_double_is_compared_as_one", "scored", compare("ge", "score", "double", 0.5), {
    expect: sql(written("(typeof(`score`) IN ('integer', 'real') AND `score` > -1e308 AND `score` < 1e308 AND CAST(`score` AS REAL) >= ?)", 0.5), written('("score" > -1e308 AND "score" < 1e308 AND "score" >= $1::double precision)', 0.5)),
  }),
  probe("a_double_without_a_fraction_stays_a_double", "whole", compare("gt", "score", "double", 2)),
  probe("texts_are_ordered_by_code_point_in_every_dialect", "ordered", compare("lt", "title", "string", "m"), {
    expect: sql(written("(typeof(`title`) = 'text' AND +`title` < ? COLLATE BINARY)", "m"), written('"title"::text COLLATE "C" < $1::text', "m")),
  }),
  probe("two_attributes_of_the_resource_are_compared_with_each_other", "twin", { op: "same", compare: "lt", attributes: ["made", "due"], type: "timestamp" }, {
    expect: sql(
      written("(typeof(`made`) IN ('integer', 'real') AND `made` >= -62135596800 AND `made` < 253402300800 AND typeof(`due`) IN ('integer', 'real') AND `due` >= -62135596800 AND `due` < 253402300800 AND `made` < `due`)"),
      written('("made" >= to_timestamp(-62135596800) AND "made" < to_timestamp(253402300800) AND "due" >= to_timestamp(-62135596800) AND "due" < to_timestamp(253402300800) AND "made" < "due")'),
    ),
  }),
  probe("two_texts_of_the_resource_are_ordered_by_code_point", "twin-text", { op: "same", compare: "ge", attributes: ["title", "status"], type: "string" }, {
    expect: sql(written("(typeof(`title`) = 'text' AND typeof(`status`) = 'text' AND +`title` >= +`status` COLLATE BINARY)"), written('"title"::text COLLATE "C" >= "status"::text')),
  }),
  probe("a_list_that_the_subject_lacks_shares_nothing", "counted-mine", none),
  probe("a_number_in_a_list_of_numbers_is_sought_there", "counted", some("counts", "int", 7)),
  probe("one_of_some_numbers_in_a_list_is_one_comparison", "counted-any", some("counts", "int", 7, 8), {
    expect: sql(
      written(
        "(json_type(CASE WHEN typeof(`counts`) = 'text' AND json_valid(`counts`) THEN `counts` END) = 'array' AND NOT EXISTS (SELECT 1 FROM json_each(CASE WHEN typeof(`counts`) = 'text' AND json_valid(`counts`) THEN `counts` END) AS `portcullis_item` WHERE NOT (`portcullis_item`.`type` = 'integer')) AND EXISTS (SELECT 1 FROM json_each(CASE WHEN typeof(`counts`) = 'text' AND json_valid(`counts`) THEN `counts` END) AS `portcullis_item` WHERE `portcullis_item`.`value` IN (SELECT `value` FROM json_each(?))))",
        "[7,8]",
      ),
      written('(CASE WHEN coalesce(array_ndims("counts"::bigint[]), 1) = 1 THEN array_position("counts"::bigint[], NULL) IS NULL END AND ("counts"::bigint[] && $1::bigint[]))', [7, 8]),
    ),
  }),

  // What no filter says.
  probe("the_size_of_an_attribute_is_not_expressible", "sized", null, inexpressible("sized", "size(resource.title) > 3")),
  probe("arithmetic_on_an_attribute_is_not_expressible", "sum", null, inexpressible("sum", "resource.words + 1 < 1000")),
  probe("the_part_that_is_not_expressible_is_named", "inner", null, inexpressible("inner", "resource.title.size() > 3")),
  probe("what_is_not_expressible_need_not_be_where_the_rest_decides", "sum-decided", all),
  probe("a_duration_of_the_resource_is_not_expressible", "span", null, inexpressible("span", "resource.span > duration('1h')")),
  probe("an_address_of_the_resource_is_not_expressible", "host", null, inexpressible("host", "resource.host == ip('192.0.2.1')")),
  probe("a_number_that_a_double_does_not_hold_is_not_expressible", "large", null, inexpressible("large", "resource.words == 9007199254740992")),
  probe("a_part_of_a_second_is_not_expressible", "split", null, inexpressible("split", "resource.made < timestamp('2026-01-01T00:00:00.5Z')")),
  probe("an_attribute_in_a_list_of_the_same_resource_is_not_expressible", "in-resource", null, inexpressible("in-resource", "resource.status in resource.tags")),
  probe("a_list_all_of_whose_items_are_known_is_not_expressible", "all-in", null, inexpressible("all-in", "resource.tags.all(tag, tag in subject.departments)")),
  probe("an_empty_list_of_the_resource_is_not_expressible", "counted-none", null, inexpressible("counted-none", "resource.tags.exists(tag, tag in subject.absent)")),
  ...["one-of", "one-in"].map((action) => probe(`exactly_one_of_a_list_is_not_expressible_as_${action.replace("-", "_")}`, action, null, inexpressible(action, grants[action]))),
  probe("nor_is_that_it_is_not_exactly_one", "one-of-not", null, inexpressible("one-of-not", grants["one-of"])),
  probe("more_values_than_the_limit_are_refused", "mine", null, {
    expect: { error: { code: "too_large" } },
    given: { subject: { attributes: { departments: Array.from({ length: 10_001 }, (_, number) => number.toString(36)) } } },
  }),
  probe("more_values_than_the_limit_in_two_lists_are_refused", "mine-both", null, {
    expect: { error: { code: "too_large" } },
    given: { subject: { attributes: { departments: Array.from({ length: 5001 }, (_, number) => number.toString(36)) } } },
  }),
  probe("more_comparisons_than_the_limit_are_refused", "many", null, {
    expect: { error: { code: "too_large" } },
    given: { subject: { attributes: { numbers: Array.from({ length: 300 }, (_, number) => number) } } },
  }),

  // Grants.
  list("ownership_compares_with_the_subject_s_id", "doc:own", ["author"], { filter: mine }),
  list("ownership_by_another_attribute_compares_with_the_subject_s_own", "file:read", ["author"], { filter: eq("owner_email", "u1@blog.example") }),
  list("ownership_of_a_subject_without_that_attribute_selects_nothing", "file:read", ["author"], { filter: none }, { subject: { attributes: {} } }),
  list("a_guest_owns_nothing", "doc:own", ["author"], { filter: none }, { subject: { kind: "guest" } }),
  list("ownership_and_a_condition_of_one_grant_both_hold", "doc:own-draft", ["author"], { filter: and(mine, draft) }),
  list("grants_of_several_roles_are_alternatives", "doc:own", ["author", "drafter"], { filter: or(mine, draft) }),
  list("a_plain_grant_selects_everything", "doc:open", ["reader"], { filter: all, ...sql(written("1 = 1"), written("1 = 1")) }),
  list("a_grant_of_fields_selects_nothing", "doc:titles", ["titler"], { filter: none }),
  list("no_grant_selects_nothing", "doc:open", [], { filter: none }),
  list("a_permission_of_the_subject_s_own_selects_everything", "doc:own", [], { filter: all }, { subject: { permissions: ["doc:own"] } }),
  list("a_permission_that_is_not_declared_selects_nothing", "doc:unknown", ["reader"], { filter: none }),
  list("a_bare_permission_selects_everything_or_nothing", "ping", ["reader"], { filter: all }),
  list("roles_that_exclude_each_other_select_nothing", "doc:open", ["maker", "checker"], { filter: none }),

  // Rules.
  list("a_deny_rule_lets_pass_where_it_is_false", "doc:frozen", ["reader"], { filter: ne("status", "archived") }),
  list("a_requirement_lets_pass_where_it_is_true", "doc:gated", ["reader"], { filter: compare("lt", "words", "int", 10) }, { context: { network: "home" } }),
  list("a_requirement_that_the_context_meets_is_left_out", "doc:gated", ["reader"], { filter: all }, { context: { network: "office" } }),
  list("a_requirement_without_its_context_lets_pass_by_the_rest", "doc:gated", ["reader"], { filter: compare("lt", "words", "int", 10) }),
  list("an_exception_is_an_alternative_to_a_rule", "doc:unless", ["reader"], { filter: or(ne("status", "archived"), mine) }),
  list("a_deny_rule_that_cannot_be_evaluated_denies_all", "doc:blind", ["reader"], { filter: none }),
  list("a_deny_rule_without_condition_denies_all", "doc:closed", ["reader"], { filter: none }),

  // Tenants.
  list("a_role_of_a_tenant_selects_what_is_of_that_tenant", "page:read", [], { filter: eq("tenant_id", "t1") }, assigned(["editor", "t1"])),
  list("roles_of_several_tenants_select_what_is_of_one_of_them", "page:read", [], { filter: among("tenant_id", "t1", "t2") }, assigned(["editor", "t1"], ["editor", "t2"])),
  list("a_role_of_a_tenant_widens_what_a_role_selects_everywhere", "page:read", ["publisher"], { filter: or(eq("tenant_id", "t1"), eq("status", "published")) }, assigned(["editor", "t1"])),
  list("a_condition_of_one_tenant_alone_stays_within_it", "page:update", [], { filter: and(eq("tenant_id", "t1"), draft) }, assigned(["drafts", "t1"])),
  list("tenants_with_different_roles_are_told_apart", "page:update", ["drafts"], {
    filter: or(eq("tenant_id", "t1"), draft),
  }, assigned(["editor", "t1"], ["drafts", "t2"])),
  list("a_condition_in_one_tenant_and_another_elsewhere_are_kept_apart", "page:update", ["drafts"], {
    filter: or(and(eq("tenant_id", "t1"), among("status", "draft", "published")), and(elsewhere("t1"), draft)),
  }, assigned(["published", "t1"])),
  list("several_such_tenants_are_one_list", "page:update", ["drafts"], {
    filter: or(and(among("tenant_id", "t1", "t2"), among("status", "draft", "published")), and(elsewhere("t1", "t2"), draft)),
  }, assigned(["published", "t1"], ["published", "t2"])),
  list("a_role_of_a_tenant_that_has_ended_selects_nothing", "page:read", [], { filter: none }, assigned(["editor", "t1", { notAfter: now }])),
  list("a_role_without_a_tenant_selects_everything_while_it_lasts", "page:read", [], { filter: all }, assigned(["editor", undefined, { notAfter: now + 1 }])),

  // Elevated roles.
  list("an_elevated_role_is_not_tried", "doc:own", ["admin", "author"], { filter: mine }, { subject: { acr: "mfa" } }),
  list("an_elevated_role_whose_requirements_are_met_counts_where_that_is_asked", "doc:own", ["admin", "author"], { filter: all }, { subject: { acr: "mfa" }, elevated: true }),
  list("an_elevated_role_whose_requirements_are_not_met_does_not_count", "doc:own", ["admin", "author"], { filter: mine }, { elevated: true }),
  list("an_elevated_role_is_among_the_roles_while_it_is_tried", "doc:own", ["chief", "author"], { filter: or(mine, eq("urgent", true, "bool")) }, { elevated: true }),

  // SQL.
  list("columns_have_other_names_and_a_table_before_them", "doc:own", ["author"], {
    filter: mine,
    sqlite: written("(typeof(`d`.`created by`) = 'text' AND `d`.`created by` = ? COLLATE BINARY)", "u1"),
    postgres: written('"d"."created by"::text = $3::text', "u1"),
  }, { sql: { table: "d", columns: { author_id: "created by" }, firstParameter: 3 } }),
  list("a_quote_in_a_name_is_doubled", "doc:own", ["author"], {
    filter: mine,
    sqlite: written('(typeof(`a``b"c`) = \'text\' AND `a``b"c` = ? COLLATE BINARY)', "u1"),
    postgres: written('"a`b""c"::text = $1::text', "u1"),
  }, { sql: { columns: { author_id: 'a`b"c' } } }),
  list("the_number_of_a_row_is_no_column_in_sqlite", "doc:own", ["author"], { error: { code: "name" } }, { sql: { columns: { author_id: "ROWID" } } }),
  list("a_name_with_a_nul_is_refused", "doc:own", ["author"], { error: { code: "name" } }, { sql: { columns: { author_id: "a\u0000b" } } }),
  list("a_name_without_a_letter_is_refused", "doc:own", ["author"], { error: { code: "name" } }, { sql: { columns: { author_id: "" } } }),
  list("a_list_that_json_each_would_hide_wants_its_table", "doc:tagged", ["probe"], { error: { code: "name" } }, { sql: { columns: { tags: "Value" } } }),
  list("a_list_that_json_each_would_hide_is_seen_with_its_table", "doc:tagged", ["probe"], {
    filter: some("tags", "string", "urgent"),
    postgres: written('(CASE WHEN coalesce(array_ndims("d"."Value"::text[]), 1) = 1 THEN array_position("d"."Value"::text[], NULL) IS NULL END AND ("d"."Value"::text[] && $1::text[]))', ["urgent"]),
  }, { sql: { table: "d", columns: { tags: "Value" } } }),
];
