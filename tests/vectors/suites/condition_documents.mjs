// What of a policy with conditions does not load, and beside each the neighbour that does.

import { apiKeyHash } from "../forge/api_key.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, issuer } from "../forge/token.mjs";

export const about = "Conditions, attributes, tenants, fields, exclusive roles and assignments that do not load, each beside one that does.";

// A policy that loads. Each case changes one thing.
const base = {
  policy: "condition_documents",
  revision: 1,
  resources: {
    article: {
      actions: ["read", "update"],
      owner: "author_id",
      fields: ["title", "body"],
      attributes: {
        author_id: "string",
        status: "string",
        n: "int",
        ratio: "double",
        flag: "bool",
        tags: "list(string)",
        numbers: "list(int)",
        at: "timestamp",
        span: "duration",
        address: "ip",
        shared: "string",
        mixed: "string",
      },
    },
    image: { actions: ["read"], fields: ["title"], attributes: { width: "int", shared: "string", mixed: "int" } },
    plain: { actions: ["read"] },
  },
  permissions: ["read_users"],
  subject: { attributes: { department: "string", level: "int" } },
  context: { attributes: { address: "ip", level: "int" } },
  action: { attributes: { soft: "bool" } },
  roles: { reader: { permits: ["article:read"] }, writer: {}, approver: {}, requester: {} },
};

const policy = (name, changes, path, code, more = {}) => ({ name, policy: { ...base, ...changes }, ...more, error: { document: "policy", path, code } });
const loads = (name, changes, more = {}) => ({ name, policy: { ...base, ...changes }, ...more, error: null });

/** A condition that does not load, and one that does. */
const pair = (name, wrong, right, grant = "article:update") => {
  const roles = (when) => ({ roles: { ...base.roles, reader: { permits: ["article:read", { permission: grant, when }] } } });
  return [
    policy(`${name}_does_not_load`, roles(wrong), "roles.reader.permits[1].when", "condition"),
    loads(`${name}_has_a_neighbour_that_loads`, roles(right)),
  ];
};
const rule = (members) => ({ rules: [{ id: "r", effect: "deny", permissions: ["article:update"], ...members }] });
const rulePair = (name, wrong, right, permissions, member = "when") => [
  policy(`${name}_does_not_load`, rule({ permissions, [member]: wrong }), `rules[0].${member}`, "condition"),
  loads(`${name}_has_a_neighbour_that_loads`, rule({ permissions, [member]: right })),
];
/** Any other document that does not load, and one that does. */
const beside = (name, wrong, path, code, right) => [policy(`${name}_does_not_load`, wrong, path, code), loads(`${name}_has_a_neighbour_that_loads`, right)];

const permit = (members) => ({ roles: { ...base.roles, reader: { permits: [{ permission: "article:update", ...members }] } } });
const permitPair = (name, wrong, path, code, right) => beside(name, permit(wrong), `roles.reader.permits[0].${path}`, code, permit(right));
const titled = { resources: { article: base.resources.article, image: base.resources.image } };
const withType = (members) => ({ resources: { ...base.resources, video: { actions: ["read"], ...members } } });
const typePair = (name, wrong, path, code, right) => beside(name, withType(wrong), `resources.video.${path}`, code, withType(right));
const attributes = (name, wrong, path, code, right) => typePair(name, { attributes: wrong }, `attributes${path}`, code, { attributes: right });
const exclusive = (name, wrong, path, code, right) => beside(name, { exclusive: wrong }, `exclusive${path}`, code, { exclusive: right });

// Trust documents.
const entry = { issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] } };
const key = { id: "ci", hash: apiKeyHash("an-api-key-of-more-than-32-characters-1") };
const trust = (name, wrong, path, code, right) => [
  { name: `${name}_does_not_load`, policy: base, trust: wrong, error: { document: "trust", path, code } },
  { name: `${name}_has_a_neighbour_that_loads`, policy: base, trust: right, error: null },
];
const apiKey = (assignments) => ({ apiKeys: [{ ...key, assignments }] });
const assignments = (name, wrong, path, code, right = [{ role: "reader" }]) => trust(name, apiKey(wrong), `apiKeys[0].assignments${path}`, code, apiKey(right));
const claims = (value) => ({ issuers: [{ ...entry, claims: { assignments: value } }] });

const raw = String.raw;
const brackets = (count) => `${"(".repeat(count)}resource.flag${")".repeat(count)}`;
const bangs = (count) => `${"!".repeat(count)}resource.flag`;
const lengthOf = (bytes) => {
  const frame = "resource.status == ''";
  return `resource.status == '${"a".repeat(bytes - frame.length)}'`;
};
const accented = (bytes) => {
  const frame = "resource.status == 'a'";
  return `resource.status == 'a${"é".repeat((bytes - frame.length) / 2)}'`;
};
const elements = (count) => `resource.n in [${Array.from({ length: count }, () => "1").join(",")}]`;
const chain = (operator, count) => Array.from({ length: count }, () => "true").join(operator);
const pattern = (name, wrong, right) => pair(name, `resource.status.matches(r'${wrong}')`, `resource.status.matches(r'${right}')`);

export const documents = [
  loads("a_policy_with_attributes_loads", {}),

  // Syntax
  ...pair("an_empty_condition", "", "true"),
  ...pair("a_condition_of_white_space", " \n", " true\n"),
  ...pair("a_condition_that_is_a_comment", "// true", "true // true"),
  ...pair("a_condition_that_is_cut_off", "resource.flag &&", "resource.flag && true"),
  ...pair("something_behind_a_condition", "resource.flag true", "resource.flag == true"),
  ...pair("one_equals_sign", "resource.n = 1", "resource.n == 1"),
  ...pair("one_ampersand", "resource.flag & true", "resource.flag && true"),
  ...pair("an_and_in_letters", "resource.flag and true", "resource.flag && true"),
  ...pair("a_bracket_that_is_not_closed", "(resource.flag", "(resource.flag)"),
  ...pair("a_bracket_that_was_not_opened", "resource.flag)", "(resource.flag)"),
  ...pair("a_list_that_is_not_closed", "resource.n in [1, 2", "resource.n in [1, 2]"),
  ...pair("a_list_with_two_commas", "resource.n in [1,,2]", "resource.n in [1,2,]"),
  ...pair("a_choice_without_its_other_side", "resource.flag ? true", "resource.flag ? true : false"),
  ...pair("a_text_that_is_not_closed", "resource.status == 'a", "resource.status == 'a'"),
  ...pair("a_text_with_a_line_break", "resource.status == 'a\nb'", raw`resource.status == 'a\nb'`),
  ...pair("a_character_that_is_none_of_the_language", "resource.flag # true", "resource.flag // true"),
  ...pair("a_line_separator", "resource.flag \u2028&& true", "resource.flag \n&& true"),
  ...pair("a_semicolon", "resource.flag;", "resource.flag"),
  ...pair("a_reserved_word", "resource.tags.exists(package, package == 'a')", "resource.tags.exists(bundle, bundle == 'a')"),

  // Literals
  ...pair("an_unknown_escape", raw`resource.status == '\q'`, raw`resource.status == '\\q'`),
  ...pair("an_escape_that_is_cut_off", raw`resource.status == '\x4'`, raw`resource.status == '\x41'`),
  ...pair("an_escape_of_half_a_pair", raw`resource.status == '\ud83d\ude00'`, raw`resource.status == '\U0001f600'`),
  ...pair("an_escape_beyond_unicode", raw`resource.status == '\U00110000'`, raw`resource.status == '\U0010ffff'`),
  ...pair("an_octal_escape_beyond_a_byte", raw`resource.status == '\400'`, raw`resource.status == '\377'`),
  ...pair("an_integer_beyond_64_bits", "resource.n < 9223372036854775808", "resource.n < 9223372036854775807"),
  ...pair("a_negative_integer_beyond_64_bits", "resource.n > -9223372036854775809", "resource.n > -9223372036854775808"),
  ...pair("an_integer_in_hexadecimal_beyond_64_bits", "resource.n < 0x8000000000000000", "resource.n < 0x7fffffffffffffff"),
  ...pair("an_integer_in_hexadecimal_without_digits", "resource.n == 0x", "resource.n == 0x0"),
  ...pair("an_unsigned_integer", "resource.n == 1u", "resource.n == 1"),
  ...pair("a_double_that_ends_in_its_point", "resource.ratio == 1.", "resource.ratio == 1.0"),
  ...pair("a_double_with_an_empty_exponent", "resource.ratio == 1e", "resource.ratio == 1e0"),
  ...pair("bytes", "resource.status == b'a'", "resource.status == r'a'"),
  ...pair("null", "resource.status == null", "has(resource.status)"),
  ...pair("a_map", "{'a': true}['a']", "[true][0]"),
  ...pair("a_list_of_two_types", "resource.n in [1, 'a']", "resource.n in [1, 2]"),

  // Names
  ...pair("an_unknown_root", "article.status == 'a'", "resource.status == 'a'"),
  ...pair("a_root_alone", "resource == resource", "resource.status == resource.status"),
  ...pair("a_bare_name", "status == 'a'", "resource.status == 'a'"),
  ...pair("an_attribute_that_is_not_declared", "resource.title == 'a'", "resource.status == 'a'"),
  ...pair("an_attribute_in_another_case", "resource.Status == 'a'", "resource.status == 'a'"),
  ...pair("an_attribute_that_every_object_has", "resource.constructor == 'a'", "resource.status == 'a'"),
  ...pair("an_attribute_named_proto_that_is_not_declared", `resource["__proto__"] == 'a'`, `resource["status"] == 'a'`),
  ...pair("an_attribute_by_a_name_that_is_worked_out", "resource['sta' + 'tus'] == 'a'", "resource['status'] == 'a'"),
  ...pair("an_attribute_by_another_attribute", "resource[resource.status] == 'a'", "resource[r'status'] == 'a'"),
  ...pair("an_attribute_of_an_attribute", "resource.status.size == 1", "resource.status.size() == 1"),
  ...pair("a_subject_s_attribute_that_is_not_declared", "subject.email == 'a'", "subject.department == 'a'"),
  ...pair("an_issuer_of_the_subject", "subject.issuer == 'a'", "subject.id == 'a'"),
  ...pair("the_subject_s_attributes_as_one", "subject.attributes.department == 'a'", "subject.department == 'a'"),
  ...pair("a_context_s_attribute_that_is_not_declared", "context.risk > 1", "context.level > 1"),
  ...pair("an_action_s_attribute_that_is_not_declared", "action.hard", "action.soft"),
  ...pair("the_time_under_another_name", "time > timestamp('2026-01-01T00:00:00Z')", "now > timestamp('2026-01-01T00:00:00Z')"),
  ...pair("the_time_as_a_function", "now() > timestamp('2026-01-01T00:00:00Z')", "now > timestamp('2026-01-01T00:00:00Z')"),
  ...pair("a_variable_named_like_a_root", "resource.tags.all(subject, subject == 'a')", "resource.tags.all(s, s == 'a')"),
  ...pair("a_variable_named_like_one_around_it", "resource.tags.all(x, resource.numbers.all(x, x == 1))", "resource.tags.all(x, resource.numbers.all(y, y == 1))"),
  ...pair("a_variable_outside_its_macro", "resource.tags.all(x, x == 'a') && x == 'a'", "resource.tags.all(x, x == 'a') && resource.tags.exists(x, x == 'a')"),
  ...pair("a_variable_that_is_no_name", "resource.tags.all(x.y, true)", "resource.tags.all(x, true)"),
  ...pair("a_macro_on_what_is_no_list", "resource.status.all(x, x == 'a')", "resource.tags.all(x, x == 'a')"),
  ...pair("a_macro_whose_predicate_is_no_bool", "resource.numbers.exists(x, x)", "resource.numbers.exists(x, x > 0)"),
  ...pair("a_macro_without_a_predicate", "resource.numbers.exists(x)", "resource.numbers.exists(x, true)"),
  ...pair("has_of_what_is_no_attribute", "has(resource.status == 'a')", "has(resource.status)"),
  ...pair("has_of_an_attribute_that_is_not_declared", "has(resource.title)", "has(resource.status)"),

  // Types
  ...pair("a_condition_that_is_a_text", "resource.status", "resource.status == ''"),
  ...pair("a_condition_that_is_an_integer", "1", "1 == 1"),
  ...pair("a_condition_that_is_a_list", "resource.tags", "resource.tags == ['a']"),
  ...pair("an_integer_beside_a_double", "1 == 1.0", "1.0 == 1.0"),
  ...pair("an_integer_attribute_beside_a_double", "resource.n > 0.5", "resource.ratio > 0.5"),
  ...pair("a_text_beside_an_integer", "resource.status == 1", "resource.status == '1'"),
  ...pair("a_text_beside_a_timestamp", "now > '2026-01-01T00:00:00Z'", "now > timestamp('2026-01-01T00:00:00Z')"),
  ...pair("an_address_beside_a_text", "resource.address == '192.0.2.1'", "resource.address == ip('192.0.2.1')"),
  ...pair("two_lists_of_two_types", "resource.tags == [1]", "resource.tags == ['a']"),
  ...pair("an_element_of_another_type", "1 in resource.tags", "1 in resource.numbers"),
  ...pair("in_what_is_no_list", "'a' in resource.status", "'a' in resource.tags"),
  ...pair("and_with_what_is_no_bool", "resource.flag && resource.n", "resource.flag && resource.n == 1"),
  ...pair("not_of_what_is_no_bool", "!resource.status", "!resource.flag"),
  ...pair("minus_of_a_text", "-resource.status == 'a'", "-resource.n == 1"),
  ...pair("a_sum_of_a_text_and_an_integer", "resource.status + 1 == 'a1'", "resource.status + '1' == 'a1'"),
  ...pair("a_difference_of_texts", "resource.status - 'a' == ''", "resource.n - 1 == 0"),
  ...pair("a_remainder_of_doubles", "resource.ratio % 2.0 == 0.0", "resource.n % 2 == 0"),
  ...pair("a_sum_of_timestamps", "now + now > now", "now + duration('1h') > now"),
  ...pair("an_order_of_lists", "resource.tags < ['a']", "size(resource.tags) < 1"),
  ...pair("an_order_of_addresses", "resource.address < ip('192.0.2.1')", "resource.address != ip('192.0.2.1')"),
  ...pair("networks_that_are_compared", "cidr('192.0.2.0/24') == cidr('192.0.2.0/24')", "ip('192.0.2.0') == ip('192.0.2.0')"),
  ...pair("an_index_that_is_a_text", "resource.tags['a'] == 'a'", "resource.tags[0] == 'a'"),
  ...pair("an_index_of_a_text", "resource.status[0] == 'a'", "resource.tags[0] == 'a'"),
  ...pair("a_choice_between_two_types", "(resource.flag ? 1 : 'a') == 1", "(resource.flag ? 1 : 2) == 1"),
  ...pair("a_choice_by_what_is_no_bool", "resource.n ? true : false", "resource.n == 1 ? true : false"),

  // Functions
  ...pair("an_unknown_function", "length(resource.status) == 1", "size(resource.status) == 1"),
  ...pair("an_unknown_method", "resource.status.trim() == 'a'", "resource.status.contains('a')"),
  ...pair("a_function_in_another_case", "resource.status.startswith('a')", "resource.status.startsWith('a')"),
  ...pair("a_conversion", "string(resource.n) == '1'", "resource.n == 1"),
  ...pair("a_type_as_a_value", "type(resource.n) == int", "resource.n == 1"),
  ...pair("dyn", "dyn(resource.n) == 1", "resource.n == 1"),
  ...pair("a_method_with_too_many_arguments", "resource.status.startsWith('a', 'b')", "resource.status.startsWith('a')"),
  ...pair("a_method_with_too_few_arguments", "resource.status.startsWith()", "resource.status.startsWith('')"),
  ...pair("a_method_with_an_argument_of_another_type", "resource.status.startsWith(1)", "resource.status.startsWith('1')"),
  ...pair("the_size_of_an_integer", "size(resource.n) == 1", "size(resource.tags) == 1"),
  ...pair("an_hour_of_an_integer", "resource.n.getHours() == 1", "resource.at.getHours() == 1"),
  ...pair("a_month_of_a_duration", "resource.span.getMonth() == 1", "resource.span.getMinutes() == 1"),
  ...pair("a_zone_by_its_name", "now.getHours('Europe/Berlin') == 1", "now.getHours('+02:00') == 1"),
  ...pair("a_zone_that_is_none", "now.getHours('+2') == 1", "now.getHours('+02:00') == 1"),
  ...pair("a_zone_of_99_hours", "now.getHours('+99:00') == 1", "now.getHours('+09:00') == 1"),
  ...pair("a_zone_that_is_an_attribute", "now.getHours(resource.status) == 1", "now.getHours('UTC') == 1"),
  ...pair("a_timestamp_that_is_none", "now > timestamp('2026-01-01')", "now > timestamp('2026-01-01T00:00:00Z')"),
  ...pair("a_timestamp_of_a_day_that_no_month_has", "now > timestamp('2026-02-29T00:00:00Z')", "now > timestamp('2028-02-29T00:00:00Z')"),
  ...pair("a_duration_that_is_none", "resource.span > duration('1 hour')", "resource.span > duration('1h')"),
  ...pair("an_address_that_is_none", "resource.address == ip('192.0.2')", "resource.address == ip('192.0.2.0')"),
  ...pair("a_network_that_is_none", "cidr('192.0.2.0').containsIP(resource.address)", "cidr('192.0.2.0/24').containsIP(resource.address)"),
  ...pair("a_network_of_too_many_bits", "cidr('192.0.2.0/33').containsIP(resource.address)", "cidr('192.0.2.0/32').containsIP(resource.address)"),
  ...pair("a_division_of_constants_by_zero", "resource.n == 1 / 0", "resource.n == 1 / 1"),
  ...pair("an_overflow_of_constants", "resource.n == 9223372036854775807 + 1", "resource.n == 9223372036854775806 + 1"),
  ...pair("an_index_of_constants_behind_the_last", "[true][1]", "[true][0]"),
  loads("a_division_by_zero_that_is_never_evaluated_loads", permit({ when: "false && 1 / 0 == 1" })),

  // Patterns
  pair("a_pattern_that_is_an_attribute", "resource.status.matches(subject.department)", "resource.status.matches('a')"),
  pattern("a_pattern_with_an_open_bracket", "(a", "(a)"),
  pattern("a_pattern_with_an_open_class", "[a", "[a]"),
  pattern("a_pattern_with_a_class_from_z_to_a", "[z-a]", "[a-z]"),
  pattern("a_pattern_with_nothing_to_repeat", "*a", "a*"),
  pattern("a_pattern_with_two_stars", "a**", "(?:a*)*"),
  pattern("a_pattern_with_a_reference_back", raw`(a)\1`, "(a)a"),
  pattern("a_pattern_that_looks_ahead", "a(?=b)", "a(?:b)"),
  pattern("a_pattern_that_looks_behind", "(?<=a)b", "ab"),
  pattern("a_pattern_with_a_name", "(?P<x>a)", "(a)"),
  pattern("a_pattern_with_a_class_of_unicode", raw`\pL`, "[a-z]"),
  pattern("a_pattern_with_another_flag", "(?s)a.b", "(?i)a.b"),
  pattern("a_pattern_with_a_flag_in_the_middle", "a(?i)b", "(?i)ab"),
  pattern("a_pattern_with_a_count_beyond_100", "a{101}", "a{100}"),
  pattern("a_pattern_with_a_count_backwards", "a{3,2}", "a{2,3}"),
  pattern("a_pattern_that_grows_too_large", "((a{50}){50}){50}", "(a{5}){5}"),
  pattern("a_pattern_with_an_escape_of_a_letter", raw`\y`, raw`\.`),
].flat();

documents.push(
  // Limits
  ...pair("a_condition_of_2049_bytes", lengthOf(2049), lengthOf(2048)),
  ...pair("a_condition_of_2050_bytes_and_fewer_characters", accented(2050), accented(2048)),
  ...pair("a_condition_with_40_brackets", brackets(40), brackets(30)),
  ...pair("a_condition_with_1000_brackets", brackets(1000), brackets(10)),
  ...pair("a_condition_with_1000_nots", bangs(1000), bangs(10)),
  ...pair("a_condition_with_a_list_of_900_elements", elements(900), elements(200)),
  ...pair("a_condition_with_a_hundred_choices", `${"true ? ".repeat(100)}true${" : true".repeat(100)}`, "true ? true : false ? true : false"),
  loads("a_chain_of_200_ands_loads", permit({ when: chain(" && ", 200) })),
  loads("a_chain_of_200_ors_loads", permit({ when: chain("||", 200) })),

  // Where a condition stands
  ...permitPair("a_condition_that_is_true_without_quotes", { when: true }, "when", "wrong_type", { when: "true" }),
  ...permitPair("a_condition_that_is_null", { when: null }, "when", "wrong_type", {}),
  ...permitPair("a_condition_that_is_an_object", { when: { owner: true } }, "when", "wrong_type", { owner: true, when: "true" }),
  ...permitPair("unless_at_a_grant", { unless: "true" }, "unless", "unknown_member", { when: "true" }),
  ...rulePair("a_wrong_condition_of_a_rule", "resource.title == 'a'", "resource.status == 'a'", ["article:update"]),
  ...rulePair("a_wrong_exception_of_a_rule", "resource.title == 'a'", "'writer' in subject.roles", ["article:update"], "unless"),
  ...beside("a_condition_of_a_rule_that_is_no_text", rule({ when: false }), "rules[0].when", "wrong_type", rule({ when: "false" })),
  ...beside("an_exception_of_a_rule_that_is_no_text", rule({ unless: 5 }), "rules[0].unless", "wrong_type", rule({ unless: "true" })),
  ...beside("a_requirement_without_a_condition", rule({ effect: "require" }), "rules[0].when", "missing_member", rule({ effect: "require", when: "true" })),
  ...beside("a_requirement_with_an_exception_alone", rule({ effect: "require", unless: "true" }), "rules[0].when", "missing_member", rule({ effect: "require", when: "true", unless: "false" })),
  loads("a_deny_rule_without_a_condition_loads", rule({})),
  loads("a_deny_rule_with_an_exception_alone_loads", rule({ unless: "resource.flag" })),
  ...beside("a_rule_that_requires_in_a_member", rule({ require: "true" }), "rules[0].require", "unknown_member", rule({ effect: "require", when: "true" })),
  ...beside("a_condition_of_a_route", { routes: [{ route: "GET /", permission: "read_users", when: "true" }] }, "routes[0].when", "unknown_member", { routes: [{ route: "GET /", permission: "read_users" }] }),

  // Which types a condition reads
  ...rulePair("an_attribute_that_one_of_two_types_lacks", "resource.status == 'a'", "resource.shared == 'a'", ["article:read", "image:read"]),
  ...rulePair("an_attribute_of_two_types_with_two_types", "resource.mixed == 'a'", "resource.shared == 'a'", ["article:read", "image:read"]),
  ...rulePair("an_attribute_that_a_type_without_attributes_lacks", "resource.shared == 'a'", "subject.department == 'a'", ["article:read", "plain:read"]),
  ...rulePair("an_attribute_behind_an_action_s_star", "resource.shared == 'a'", "subject.department == 'a'", ["*:read"]),
  ...rulePair("an_attribute_of_a_bare_permission", "resource.status == 'a'", "subject.department == 'a'", ["read_users"]),
  ...rulePair("an_attribute_of_another_type", "resource.width > 1", "resource.n > 1", ["article:*"]),
  ...pair("an_attribute_of_another_type_at_a_grant", "resource.width > 1", "resource.n > 1"),
  ...pair("an_attribute_behind_a_star_at_a_grant", "resource.shared == 'a'", "subject.department == 'a'", "*:read"),

  // Attributes
  ...attributes("attributes_that_are_a_list", ["status"], "", "wrong_type", { status: "string" }),
  ...attributes("an_attribute_whose_type_is_unknown", { status: "text" }, ".status", "bad_value", { status: "string" }),
  ...attributes("an_attribute_whose_type_is_in_another_case", { status: "String" }, ".status", "bad_value", { status: "string" }),
  ...attributes("an_attribute_whose_type_is_empty", { status: "" }, ".status", "bad_value", { status: "bool" }),
  ...attributes("an_attribute_that_is_a_network", { status: "cidr" }, ".status", "bad_value", { status: "ip" }),
  ...attributes("an_attribute_that_may_be_anything", { status: "dyn" }, ".status", "bad_value", { status: "double" }),
  ...attributes("an_attribute_that_is_a_list_of_nothing", { status: "list()" }, ".status", "bad_value", { status: "list(string)" }),
  ...attributes("an_attribute_that_is_a_list_of_what_is_unknown", { status: "list(text)" }, ".status", "bad_value", { status: "list(timestamp)" }),
  ...attributes("an_attribute_that_is_a_list_without_its_end", { status: "list(string" }, ".status", "bad_value", { status: "list(duration)" }),
  ...attributes("an_attribute_whose_type_is_a_number", { status: 5 }, ".status", "wrong_type", { status: "int" }),
  ...attributes("an_attribute_whose_type_is_null", { status: null }, ".status", "wrong_type", { status: "int" }),
  ...attributes("an_attribute_as_an_object_without_its_type", { status: { redact: true } }, ".status.type", "missing_member", { status: { type: "string", redact: true } }),
  ...attributes("an_attribute_as_an_object_with_an_unknown_type", { status: { type: "text" } }, ".status.type", "bad_value", { status: { type: "list(ip)" } }),
  ...attributes("an_attribute_whose_redact_is_text", { status: { type: "string", redact: "yes" } }, ".status.redact", "wrong_type", { status: { type: "string", redact: false } }),
  ...attributes("an_attribute_with_an_unknown_member", { status: { type: "string", hide: true } }, ".status.hide", "unknown_member", { status: { type: "string" } }),
  ...attributes("an_attribute_with_an_odd_name_and_an_unknown_type", { ["a.b"]: "text" }, '["a.b"]', "bad_value", { ["a.b"]: "string" }),
  ...attributes("an_attribute_named_proto_with_an_unknown_type", { ["__proto__"]: "text" }, ".__proto__", "bad_value", { ["__proto__"]: "string" }),
  ...["id", "kind", "roles", "permissions", "scopes", "amr", "acr", "authTime"].map((name) =>
    policy(`a_subject_s_attribute_named_${name.toLowerCase()}_does_not_load`, { subject: { attributes: { department: "string", level: "int", [name]: "string" } } }, `subject.attributes.${name}`, "bad_value"),
  ),
  loads("a_subject_s_attribute_named_name_loads", { subject: { attributes: { name: "string" } } }),
  policy("an_action_s_attribute_named_name_does_not_load", { action: { attributes: { name: "string" } } }, "action.attributes.name", "bad_value"),
  loads("an_action_s_attribute_named_id_loads", { action: { attributes: { id: "string" } } }),
  loads("a_resource_s_and_a_context_s_attribute_may_have_any_name", { context: { attributes: { id: "string", name: "string", roles: "string" } }, ...withType({ attributes: { id: "string", name: "string", roles: "string" } }) }),
  ...beside("a_subject_that_is_a_list", { subject: [] }, "subject", "wrong_type", { subject: {} }),
  ...beside("a_subject_with_an_unknown_member", { subject: { attribute: {} } }, "subject.attribute", "unknown_member", { subject: { attributes: {} } }),
  ...beside("a_context_with_an_unknown_member", { context: { attribute: {} } }, "context.attribute", "unknown_member", { context: { attributes: {} } }),
  ...beside("an_action_with_an_unknown_member", { action: { name: "read" } }, "action.name", "unknown_member", { action: { attributes: {} } }),
  ...beside("a_context_s_attribute_whose_type_is_unknown", { context: { attributes: { address: "cidr" } } }, "context.attributes.address", "bad_value", { context: { attributes: { address: "ip" } } }),

  // Tenants and fields of a type
  ...typePair("a_tenant_that_is_a_number", { tenant: 5 }, "tenant", "wrong_type", { tenant: "tenant_id" }),
  ...typePair("a_tenant_that_is_no_text_attribute", { tenant: "tenant_id", attributes: { tenant_id: "int" } }, "tenant", "bad_value", { tenant: "tenant_id", attributes: { tenant_id: "string" } }),
  ...typePair("fields_of_a_type_that_are_text", { fields: "title" }, "fields", "wrong_type", { fields: ["title"] }),
  ...typePair("a_field_of_a_type_that_is_a_number", { fields: ["title", 5] }, "fields[1]", "wrong_type", { fields: ["title", "5"] }),

  // Fields of a grant
  ...permitPair("fields_that_are_text", { fields: "title" }, "fields", "wrong_type", { fields: ["title"] }),
  ...permitPair("no_fields", { fields: [] }, "fields", "bad_value", { fields: ["status"] }),
  ...permitPair("a_field_that_is_a_number", { fields: ["title", 1] }, "fields[1]", "wrong_type", { fields: ["title", "body"] }),
  ...permitPair("a_field_that_nobody_declared", { fields: ["title", "summary"] }, "fields[1]", "unknown_field", { fields: ["title", "status"] }),
  ...permitPair("a_field_in_another_case", { fields: ["Title"] }, "fields[0]", "unknown_field", { fields: ["title"] }),
  ...permitPair("a_field_that_every_object_has", { fields: ["constructor"] }, "fields[0]", "unknown_field", { fields: ["body"] }),
  ...permitPair("a_field_that_is_a_star", { fields: ["*"] }, "fields[0]", "unknown_field", { fields: ["body"] }),
  ...permitPair("a_field_of_another_type", { fields: ["width"] }, "fields[0]", "unknown_field", { permission: "image:read", fields: ["width"] }),
  ...permitPair("a_field_that_one_of_the_types_lacks", { permission: "*:read", fields: ["title"] }, "fields[0]", "unknown_field", { permission: "article:*", fields: ["title"] }),
  ...permitPair("fields_of_a_bare_permission", { permission: "read_users", fields: ["title"] }, "fields", "bad_value", { permission: "read_users" }),
  ...beside("fields_of_everything", { ...titled, ...permit({ permission: "*", fields: ["title"] }) }, "roles.reader.permits[0].fields", "bad_value", { ...titled, ...permit({ permission: "*:read", fields: ["title"] }) }),
  loads("a_grant_of_fields_with_ownership_and_a_condition_loads", permit({ owner: true, when: "resource.flag", fields: ["title", "status"] })),

  // Roles that exclude each other
  ...exclusive("exclusive_roles_that_are_an_object", {}, "", "wrong_type", []),
  ...exclusive("exclusive_roles_without_a_list_around_them", ["requester", "approver"], "[0]", "wrong_type", [["requester", "approver"]]),
  ...exclusive("an_exclusive_role_that_is_a_number", [["requester", 5]], "[0][1]", "wrong_type", [["requester", "approver"]]),
  ...exclusive("one_exclusive_role", [["requester"]], "[0]", "bad_value", [["requester", "approver"]]),
  ...exclusive("no_exclusive_role", [["requester", "approver"], []], "[1]", "bad_value", [["requester", "approver"], ["reader", "writer"]]),
  ...exclusive("an_exclusive_role_twice", [["requester", "approver", "requester"]], "[0][2]", "duplicate", [["requester", "approver", "writer"]]),
  ...exclusive("an_exclusive_role_that_is_unknown", [["requester", "auditor"]], "[0][1]", "unknown_role", [["requester", "writer"]]),
  ...beside(
    "a_role_that_inherits_two_that_exclude_each_other",
    { roles: { ...base.roles, boss: { inherits: ["requester", "approver"] } }, exclusive: [["requester", "approver"]] },
    "roles.boss",
    "exclusive_roles",
    { roles: { ...base.roles, boss: { inherits: ["requester", "writer"] } }, exclusive: [["requester", "approver"]] },
  ),
  ...beside(
    "a_role_that_inherits_one_that_excludes_it",
    { roles: { ...base.roles, approver: { inherits: ["requester"] } }, exclusive: [["requester", "approver"]] },
    "roles.approver",
    "exclusive_roles",
    { roles: { ...base.roles, approver: { inherits: ["writer"] } }, exclusive: [["requester", "approver"]] },
  ),
  ...beside(
    "a_role_that_inherits_two_of_three_from_afar",
    { roles: { ...base.roles, a: { inherits: ["approver"] }, b: { inherits: ["writer"] }, c: { inherits: ["a", "b"] } }, exclusive: [["requester", "approver", "writer"]] },
    "roles.c",
    "exclusive_roles",
    { roles: { ...base.roles, a: { inherits: ["approver"] }, b: { inherits: ["reader"] }, c: { inherits: ["a", "b"] } }, exclusive: [["requester", "approver", "writer"]] },
  ),
  policy(
    "of_two_roles_that_have_what_is_exclusive_the_first_by_name_is_told",
    { roles: { ...base.roles, z: { inherits: ["requester", "approver"] }, b: { inherits: ["approver", "requester"] } }, exclusive: [["requester", "approver"]] },
    "roles.b",
    "exclusive_roles",
  ),

  // Assignments
  ...assignments("assignments_of_an_api_key_that_are_an_object", {}, "", "wrong_type"),
  ...assignments("an_assignment_that_is_text", ["reader"], "[0]", "wrong_type"),
  ...assignments("an_assignment_without_a_role", [{ tenant: "acme" }], "[0].role", "missing_member", [{ role: "reader", tenant: "acme" }]),
  ...assignments("an_assignment_whose_role_is_a_number", [{ role: 5 }], "[0].role", "wrong_type"),
  ...assignments("an_assignment_whose_tenant_is_a_number", [{ role: "reader", tenant: 5 }], "[0].tenant", "wrong_type", [{ role: "reader", tenant: "5" }]),
  ...assignments("an_assignment_whose_tenant_is_null", [{ role: "reader", tenant: null }], "[0].tenant", "wrong_type"),
  ...assignments("an_assignment_whose_beginning_is_text", [{ role: "reader", notBefore: "2026-01-01" }], "[0].notBefore", "wrong_type", [{ role: "reader", notBefore: 1790000000 }]),
  ...assignments("an_assignment_whose_end_is_text", [{ role: "reader", notAfter: "never" }], "[0].notAfter", "wrong_type", [{ role: "reader", notAfter: 1790000000 }]),
  ...assignments("an_assignment_whose_end_has_a_fraction", [{ role: "reader", notAfter: 1.5 }], "[0].notAfter", "bad_value", [{ role: "reader", notAfter: 1 }]),
  ...assignments("an_assignment_with_an_unknown_member", [{ role: "reader" }, { role: "writer", until: 5 }], "[1].until", "unknown_member", [{ role: "reader" }, { role: "writer", notAfter: 5 }]),
  ...trust("a_claim_of_assignments_that_is_a_number", claims(5), "issuers[0].claims.assignments", "wrong_type", claims("app.assignments")),
  ...trust("a_claim_of_assignments_without_a_path", claims([]), "issuers[0].claims.assignments", "bad_value", claims(["app", "assignments"])),

  // What a route hangs on
  policy(
    "a_route_on_a_condition_of_the_instance_wants_a_loader",
    { ...permit({ when: "resource.flag" }), routes: [{ route: "PUT /articles/{id}", permission: "article:update" }] },
    "routes[0].permission",
    "loader_missing",
    { trust: {} },
  ),
  loads("a_route_on_a_condition_of_the_instance_with_its_loader_loads", { ...permit({ when: "resource.flag" }), routes: [{ route: "PUT /articles/{id}", permission: "article:update" }] }, { trust: {}, loaders: ["article"] }),
  loads("a_route_on_a_condition_of_the_subject_wants_no_loader", { ...permit({ when: "subject.level > 1 && context.level > 1" }), routes: [{ route: "PUT /articles/{id}", permission: "article:update" }] }, { trust: {} }),
  loads("a_route_on_a_condition_whose_handler_decides_wants_no_loader", { ...permit({ when: "resource.flag" }), routes: [{ route: "PUT /articles/{id}", permission: "article:update", handler: "decides" }] }, { trust: {} }),
  policy(
    "a_route_on_a_rule_of_the_instance_wants_a_loader",
    { ...rule({ permissions: ["article:read"], when: "resource.flag" }), routes: [{ route: "GET /articles/{id}", permission: "article:read" }] },
    "routes[0].permission",
    "loader_missing",
    { trust: {} },
  ),
  policy(
    "a_route_on_an_exception_of_the_instance_wants_a_loader",
    { ...rule({ permissions: ["article:read"], unless: "resource.flag" }), routes: [{ route: "GET /articles/{id}", permission: "article:read" }] },
    "routes[0].permission",
    "loader_missing",
    { trust: {} },
  ),
  policy(
    "a_route_on_a_requirement_of_the_instance_wants_a_loader",
    { ...rule({ effect: "require", permissions: ["article:read"], when: "resource.flag" }), routes: [{ route: "GET /articles/{id}", permission: "article:read" }] },
    "routes[0].permission",
    "loader_missing",
    { trust: {} },
  ),
  loads("a_route_on_a_rule_of_the_subject_wants_no_loader", { ...rule({ permissions: ["article:read"], when: "subject.level > 1", unless: "context.level > 1" }), routes: [{ route: "GET /articles/{id}", permission: "article:read" }] }, { trust: {} }),
  loads("a_route_on_what_a_rule_of_the_instance_does_not_name_wants_no_loader", { ...rule({ permissions: ["article:update"], when: "resource.flag" }), routes: [{ route: "GET /articles/{id}", permission: "article:read" }] }, { trust: {} }),
  policy(
    "a_route_of_a_type_with_tenants_wants_a_loader",
    { resources: { ...base.resources, note: { actions: ["read"], tenant: "tenant_id" } }, roles: { ...base.roles, member: { permits: ["note:read"] } }, routes: [{ route: "GET /notes/{id}", permission: "note:read" }] },
    "routes[0].permission",
    "loader_missing",
    { trust: {} },
  ),
  loads(
    "a_route_of_a_type_with_tenants_and_its_loader_loads",
    { resources: { ...base.resources, note: { actions: ["read"], tenant: "tenant_id" } }, roles: { ...base.roles, member: { permits: ["note:read"] } }, routes: [{ route: "GET /notes/{id}", permission: "note:read" }] },
    { trust: {}, loaders: ["note"] },
  ),
);
