// The condition language, as grants and deny rules use it: what is true, what is false, what is an
// error, and what stays open while no instance is known.

import { allowed, guest, notAllowed, notFound, principal, unauthenticated, unavailable } from "../forge/expect.mjs";
import { casesOf, fails, is, isAnyway, isNot, isNotAnyway, isOpen, policyOf } from "../forge/expression.mjs";
import { request, withToken } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, issuer, now, usual } from "../forge/token.mjs";

export const about = "The condition language: operators, functions, errors and their absorption, and what stays open without an instance.";

const attributes = {
  id: "string",
  text: "string",
  other: "string",
  n: "int",
  m: "int",
  ratio: "double",
  flag: "bool",
  tags: "list(string)",
  numbers: "list(int)",
  at: "timestamp",
  span: "duration",
  address: "ip",
  networks: "list(ip)",
};
const sections = {
  attributes,
  permissions: ["read_users"],
  subject: { attributes: { department: "string", level: "int", teams: "list(string)" } },
  context: { attributes: { address: "ip", source: "string", level: "int" } },
  action: { attributes: { soft: "bool", count: "int" } },
};
const of = (properties) => ({ properties });
const raw = String.raw;
const seconds = (text) => Date.parse(text) / 1000;

const integers = [
  is("the_largest_integer_is_one", "9223372036854775807 > 9223372036854775806"),
  is("the_smallest_integer_is_one", "-9223372036854775808 < -9223372036854775807"),
  is("an_integer_in_hexadecimal_is_one", "0x7fffffffffffffff == 9223372036854775807 && 0xFF == 255 && -0x10 == -16"),
  is("two_large_integers_that_a_double_cannot_tell_apart_differ", "9007199254740993 != 9007199254740992"),
  is("an_attribute_of_2_to_53_stays_an_integer", "resource.n + 1 == 9007199254740993", of({ n: 9007199254740992 })),
  isNot("an_attribute_of_2_to_53_is_not_one_more", "resource.n == 9007199254740993", of({ n: 9007199254740992 })),
  fails("one_more_than_the_largest_integer_is_an_overflow", "9223372036854775807 + resource.n > 0", of({ n: 1 })),
  is("none_more_than_the_largest_integer_is_no_overflow", "9223372036854775807 + resource.n > 0", of({ n: 0 })),
  fails("one_less_than_the_smallest_integer_is_an_overflow", "-9223372036854775808 - resource.n < 0", of({ n: 1 })),
  fails("a_product_beyond_the_largest_integer_is_an_overflow", "resource.n * resource.n > 0", of({ n: 3037000500 })),
  is("a_product_below_the_largest_integer_is_none", "resource.n * resource.n == 9223372030926249001", of({ n: 3037000499 })),
  fails("the_smallest_integer_has_no_negative", "-(-9223372036854775807 - resource.n) > 0", of({ n: 1 })),
  fails("the_smallest_integer_divided_by_minus_one_is_an_overflow", "(-9223372036854775807 - resource.n) / -1 > 0", of({ n: 1 })),
  fails("a_division_by_zero_is_an_error", "10 / resource.n == 0", of({ n: 0 })),
  fails("a_remainder_by_zero_is_an_error", "10 % resource.n == 0", of({ n: 0 })),
  is("a_division_cuts_towards_zero", "-resource.n / 2 == -3", of({ n: 7 })),
  is("a_remainder_has_the_sign_of_what_is_divided", "-resource.n % 3 == -1", of({ n: 7 })),
  is("a_product_comes_before_a_sum", "1 + resource.n * 3 == 7", of({ n: 2 })),
  is("brackets_come_first", "(1 + resource.n) * 3 == 9", of({ n: 2 })),
  is("differences_are_taken_from_the_left", "resource.n - 4 - 3 == 3", of({ n: 10 })),
  is("quotients_are_taken_from_the_left", "resource.n / 10 / 2 == 5", of({ n: 100 })),
  is("an_integer_at_the_limit_is_at_most_it", "resource.n <= 5 && resource.n >= 5", of({ n: 5 })),
  isNot("an_integer_at_the_limit_is_not_below_it", "resource.n < 5 || resource.n > 5", of({ n: 5 })),
  fails("an_integer_with_a_fraction_is_of_the_wrong_type", "resource.n > 0", of({ n: 1.5 })),
  fails("an_integer_as_text_is_of_the_wrong_type", "resource.n > 0", of({ n: "1" })),
  fails("an_integer_that_is_true_is_of_the_wrong_type", "resource.n > 0", of({ n: true })),
  fails("an_integer_in_a_list_is_of_the_wrong_type", "resource.n > 0", of({ n: [1] })),
  fails("an_integer_with_an_exponent_is_of_the_wrong_type", "resource.n > 0", of({ n: 1e21 })),
];

const doubles = [
  is("a_double_is_a_double", "resource.ratio == 0.5", of({ ratio: 0.5 })),
  is("a_double_without_its_zero_is_one", "resource.ratio == .5", of({ ratio: 0.5 })),
  is("a_double_with_an_exponent_is_one", "1e3 == 1000.0 && 25E-2 == 0.25 && resource.ratio == 1.5e+2", of({ ratio: 150 })),
  is("a_whole_number_is_a_double_where_one_is_declared", "resource.ratio == 1.0", of({ ratio: 1 })),
  isNot("doubles_are_not_rounded", "resource.ratio + 0.2 == 0.3", of({ ratio: 0.1 })),
  is("a_double_divided_by_zero_is_without_bound", "resource.ratio / 0.0 > 1e300 && -resource.ratio / 0.0 < -1e300", of({ ratio: 1 })),
  is("what_is_no_number_is_unlike_itself", "resource.ratio / 0.0 != resource.ratio / 0.0", of({ ratio: 0 })),
  isNot("what_is_no_number_is_not_like_itself", "resource.ratio / 0.0 == resource.ratio / 0.0", of({ ratio: 0 })),
  isNot("what_is_no_number_is_below_nothing", "resource.ratio / 0.0 < 1.0 || resource.ratio / 0.0 >= 1.0", of({ ratio: 0 })),
  is("minus_zero_is_zero", "-resource.ratio == 0.0", of({ ratio: 0 })),
  is("doubles_add_and_multiply", "resource.ratio * 4.0 - 1.0 == 1.0 + 0.0", of({ ratio: 0.5 })),
  fails("a_double_as_text_is_of_the_wrong_type", "resource.ratio > 0.0", of({ ratio: "0.5" })),
];

const strings = [
  is("texts_that_are_equal_are_equal", "resource.text == 'draft'", of({ text: "draft" })),
  isNot("texts_in_another_case_differ", "resource.text == 'draft'", of({ text: "Draft" })),
  isNot("texts_with_a_space_differ", "resource.text == 'draft'", of({ text: "draft " })),
  is("the_empty_text_is_a_text", "resource.text == '' && size(resource.text) == 0", of({ text: "" })),
  is("texts_are_ordered_by_code_point", "'Z' < 'a' && 'a' < 'aa' && 'aa' <= 'aa' && resource.text > 'a'", of({ text: "b" })),
  is("a_text_beyond_the_first_plane_comes_behind_it", raw`resource.text < '\U0001F600'`, of({ text: "\uff5e" })),
  is("a_text_is_counted_by_code_points", "size(resource.text) == 3 && resource.text.size() == 3", of({ text: "h😀é" })),
  isNot("what_looks_the_same_may_be_another_text", raw`resource.text == 'e\u0301'`, of({ text: "\u00e9" })),
  is("a_combining_mark_counts_as_a_code_point", "size(resource.text) == 2", of({ text: "e\u0301" })),
  is("escapes_stand_for_characters", raw`resource.text == '\x41\u00e9\U0001F600\101\n\t\\\''`, of({ text: "Aé😀A\n\t\\'" })),
  is("a_raw_text_has_no_escapes", raw`resource.text == r'\d' && r"\d" == '\\d' && R'\n' != '\n'`, of({ text: "\\d" })),
  is("a_text_may_stand_in_either_quotes", `resource.text == "it's" && '"' == "\\""`, of({ text: "it's" })),
  is("text_beyond_ascii_stands_in_a_condition_as_it_is", "resource.text == 'Grüße, 世界 😀'", of({ text: "Grüße, 世界 😀" })),
  is("two_texts_are_joined", "resource.text + '-' + resource.other == 'a-b'", of({ text: "a", other: "b" })),
  is("a_text_begins_with_its_beginning", "resource.text.startsWith('dra') && resource.text.startsWith('')", of({ text: "draft" })),
  isNot("a_text_does_not_begin_with_its_end", "resource.text.startsWith('ft')", of({ text: "draft" })),
  is("a_text_ends_with_its_end", "resource.text.endsWith('ft') && resource.text.endsWith('')", of({ text: "draft" })),
  isNot("a_text_does_not_end_with_more_than_itself", "resource.text.endsWith('a draft')", of({ text: "draft" })),
  is("a_text_contains_its_middle", "resource.text.contains(resource.other)", of({ text: "draft", other: "raf" })),
  isNot("a_text_does_not_contain_another_case", "resource.text.contains('RAF')", of({ text: "draft" })),
  fails("a_number_is_no_text", "resource.text == '5'", of({ text: 5 })),
  fails("an_object_is_no_text", "resource.text == 'a'", of({ text: { text: "a" } })),
  fails("a_list_of_one_text_is_no_text", "resource.text != 'b'", of({ text: ["a"] })),
];

const patterns = [
  is("a_pattern_is_searched", "resource.text.matches('b')", of({ text: "abc" })),
  is("a_pattern_may_be_asked_as_a_function", "matches(resource.text, 'b')", of({ text: "abc" })),
  isNot("a_pattern_that_is_not_there_is_not_found", "resource.text.matches('d')", of({ text: "abc" })),
  is("a_pattern_may_be_anchored", "resource.text.matches('^[a-z]+$')", of({ text: "abc" })),
  isNot("an_anchored_pattern_wants_the_whole_text", "resource.text.matches('^[a-z]+$')", of({ text: "abc1" })),
  isNot("the_end_is_the_text_s_and_no_line_s", "resource.text.matches('^abc$')", of({ text: "abc\n" })),
  isNot("the_beginning_is_the_text_s_and_no_line_s", "resource.text.matches('^abc$')", of({ text: "x\nabc" })),
  isNot("a_dot_is_no_line_break", "resource.text.matches('a.b')", of({ text: "a\nb" })),
  is("a_dot_is_one_code_point", "resource.text.matches('^.$')", of({ text: "😀" })),
  is("an_escaped_dot_is_a_dot", raw`resource.text.matches('^v1\\.0$')`, of({ text: "v1.0" })),
  isNot("an_escaped_dot_is_nothing_else", raw`resource.text.matches(r'^v1\.0$')`, of({ text: "v1x0" })),
  isNot("a_digit_is_one_of_ascii", raw`resource.text.matches(r'\d')`, of({ text: "٣" })),
  isNot("a_word_s_character_is_one_of_ascii", raw`resource.text.matches(r'\w')`, of({ text: "é" })),
  is("a_class_may_go_beyond_ascii", "resource.text.matches('^[à-ü]+$')", of({ text: "éè" })),
  isNot("a_class_that_is_negated_takes_the_others", "resource.text.matches('[^a-z]')", of({ text: "abc" })),
  is("a_class_may_hold_escapes", raw`resource.text.matches(r'^[\w.\-]+@[\w\-]+\.[a-z]{2,}$')`, of({ text: "ann.b@shop-1.example" })),
  is("a_boundary_stands_between_words", raw`resource.text.matches(r'\bcat\b')`, of({ text: "a cat." })),
  isNot("a_boundary_stands_not_inside_a_word", raw`resource.text.matches(r'\bcat\b')`, of({ text: "concatenate" })),
  is("a_count_at_its_edge_matches", "resource.text.matches('^a{2,3}$')", of({ text: "aaa" })),
  isNot("a_count_beyond_its_edge_does_not_match", "resource.text.matches('^a{2,3}$')", of({ text: "aaaa" })),
  isNot("a_count_below_its_edge_does_not_match", "resource.text.matches('^a{2,}$')", of({ text: "a" })),
  is("one_of_two_is_enough", "resource.text.matches('^(?:draft|final)$')", of({ text: "final" })),
  isNot("two_of_two_are_too_many", "resource.text.matches('^(draft|final)$')", of({ text: "draftfinal" })),
  is("a_lazy_count_has_the_same_verdict", "resource.text.matches('^a+?b*?c??$')", of({ text: "aaabc" })),
  is("a_pattern_may_ignore_case", "resource.text.matches('(?i)^draft$')", of({ text: "DrAFt" })),
  is("a_character_by_its_number_is_that_character", raw`resource.text.matches(r'^\x41\x{1F600}$')`, of({ text: "A😀" })),
  is("the_empty_pattern_is_everywhere", "resource.text.matches('')", of({ text: "" })),
  isNot("a_pattern_that_other_engines_take_for_ever_on_is_answered", "resource.text.matches('^(a*)*$')", of({ text: `${"a".repeat(200)}b` })),
];

const lists = [
  is("an_element_is_in_its_list", "resource.text in ['draft', 'final']", of({ text: "final" })),
  isNot("another_element_is_not_in_the_list", "resource.text in ['draft', 'final']", of({ text: "fin" })),
  isNot("nothing_is_in_an_empty_list", "'a' in resource.tags", of({ tags: [] })),
  is("an_element_is_in_the_attribute", "'a' in resource.tags", of({ tags: ["b", "a"] })),
  is("lists_that_are_equal_are_equal", "resource.tags == ['a', 'b']", of({ tags: ["a", "b"] })),
  isNot("lists_in_another_order_differ", "resource.tags == ['b', 'a']", of({ tags: ["a", "b"] })),
  is("a_list_that_is_longer_differs", "resource.tags != ['a', 'b',]", of({ tags: ["a", "b", "a"] })),
  is("a_list_is_counted", "size(resource.tags) == 2 && resource.tags.size() == 2", of({ tags: ["a", "a"] })),
  is("the_first_element_is_the_one_at_zero", "resource.tags[0] == 'a' && [1, 2, 3][2] == 3", of({ tags: ["a", "b"] })),
  fails("an_element_behind_the_last_is_an_error", "resource.tags[2] == 'a'", of({ tags: ["a", "b"] })),
  fails("an_element_before_the_first_is_an_error", "resource.tags[resource.n] == 'a'", of({ tags: ["a", "b"], n: -1 })),
  is("all_of_nothing_are_anything", "resource.numbers.all(x, x > 5)", of({ numbers: [] })),
  isNot("of_nothing_there_is_none", "resource.numbers.exists(x, x > 5)", of({ numbers: [] })),
  is("all_that_are_there_are", "resource.numbers.all(x, x > 5)", of({ numbers: [6, 7] })),
  isNot("one_that_is_not_is_enough", "resource.numbers.all(x, x > 5)", of({ numbers: [6, 5] })),
  is("one_that_is_is_enough", "resource.numbers.exists(x, x > 5)", of({ numbers: [5, 6] })),
  is("exactly_one_is_one", "resource.numbers.exists_one(x, x > 5)", of({ numbers: [5, 6] })),
  isNot("two_are_not_exactly_one", "resource.numbers.exists_one(x, x > 5)", of({ numbers: [7, 6] })),
  is("a_filter_keeps_what_is", "resource.numbers.filter(x, x > 5) == [6, 7]", of({ numbers: [6, 5, 7] })),
  is("a_map_changes_each", "resource.numbers.map(x, x * 2) == [2, 4]", of({ numbers: [1, 2] })),
  is("a_map_may_filter_first", "resource.numbers.map(x, x > 1, x * 2) == [4]", of({ numbers: [1, 2] })),
  is("a_map_may_change_the_type", "resource.numbers.map(x, x > 1) == [false, true]", of({ numbers: [1, 2] })),
  is("a_macro_may_stand_in_a_macro", "resource.numbers.all(x, resource.numbers.exists(y, y == x))", of({ numbers: [1, 2] })),
  is("two_macros_may_use_one_name_side_by_side", "resource.numbers.exists(x, x == 1) && resource.tags.exists(x, x == 'a')", of({ numbers: [1], tags: ["a"] })),
  is("a_list_of_the_subject_meets_one_of_the_resource", "resource.tags.exists(t, t in subject.teams)", { properties: { tags: ["a", "b"] }, subject: { attributes: { teams: ["b"] } } }),
  is("one_that_is_makes_up_for_an_error", "resource.numbers.exists(x, 4 / x == 2)", of({ numbers: [0, 2] })),
  fails("an_error_where_none_is_stays_one", "resource.numbers.exists(x, 4 / x == 2)", of({ numbers: [0, 1] })),
  isNot("one_that_is_not_makes_up_for_an_error", "resource.numbers.all(x, 4 / x == 2)", of({ numbers: [0, 1] })),
  fails("an_error_where_all_others_are_stays_one", "resource.numbers.all(x, 4 / x == 2)", of({ numbers: [0, 2] })),
  fails("an_error_beside_exactly_one_stays_one", "resource.numbers.exists_one(x, 4 / x == 2)", of({ numbers: [0, 2] })),
  fails("an_error_in_a_filter_stays_one", "size(resource.numbers.filter(x, 4 / x == 2)) > 0", of({ numbers: [0, 2] })),
  fails("an_error_in_a_map_stays_one", "size(resource.numbers.map(x, 4 / x)) > 0", of({ numbers: [0, 2] })),
  fails("a_list_with_one_element_of_the_wrong_type_is_of_the_wrong_type", "'a' in resource.tags", of({ tags: ["a", 5] })),
  fails("a_list_with_null_is_of_the_wrong_type", "'a' in resource.tags", of({ tags: ["a", null] })),
  fails("a_text_is_no_list", "'a' in resource.tags", of({ tags: "a" })),
  fails("an_object_is_no_list", "size(resource.tags) == 1", of({ tags: { 0: "a" } })),
];

const logic = [
  isNot("false_and_an_error_are_false", "false && resource.text == 'a'"),
  isNot("an_error_and_false_are_false", "resource.text == 'a' && false"),
  isNot("an_attribute_that_is_false_makes_up_for_an_error", "resource.text == 'a' && resource.flag", of({ flag: false })),
  is("true_or_an_error_is_true", "true || resource.text == 'a'"),
  is("an_error_or_true_is_true", "resource.text == 'a' || true"),
  is("an_attribute_that_is_true_makes_up_for_an_error", "resource.text == 'a' || resource.flag", of({ flag: true })),
  fails("true_and_an_error_are_an_error", "true && resource.text == 'a'"),
  fails("an_error_and_true_are_an_error", "resource.text == 'a' && true"),
  fails("false_or_an_error_is_an_error", "false || resource.text == 'a'"),
  fails("an_error_or_false_is_an_error", "resource.text == 'a' || false"),
  fails("an_error_and_an_error_are_an_error", "resource.text == 'a' && resource.n == 1"),
  fails("an_error_or_an_error_is_an_error", "resource.text == 'a' || resource.n == 1"),
  fails("not_an_error_is_an_error", "!(resource.text == 'a')"),
  fails("unequal_to_what_is_missing_is_an_error", "resource.text != 'a'"),
  isNot("false_at_the_end_of_a_chain_makes_up_for_an_error_at_its_beginning", "resource.text == 'a' && true && false"),
  is("true_at_the_end_of_a_chain_makes_up_for_an_error_at_its_beginning", "resource.text == 'a' || false || true"),
  isNot("both_sides_of_and_must_be_true", "resource.flag && resource.n == 1", of({ flag: true, n: 2 })),
  is("one_side_of_or_is_enough", "resource.flag || resource.n == 1", of({ flag: false, n: 1 })),
  is("and_comes_before_or", "resource.flag || resource.flag && !resource.flag", of({ flag: true })),
  isNot("not_comes_before_and", "!resource.flag && resource.flag", of({ flag: false })),
  is("two_nots_are_none", "!!resource.flag", of({ flag: true })),
  is("relations_are_taken_from_the_left", "resource.n < 2 == true", of({ n: 1 })),
  is("false_comes_before_true", "resource.flag < true", of({ flag: false })),
  is("the_chosen_side_alone_is_evaluated", "resource.flag ? resource.n == 1 : resource.text == 'a'", of({ flag: true, n: 1 })),
  isNot("the_other_side_alone_is_evaluated", "resource.flag ? resource.text == 'a' : resource.n == 1", of({ flag: false, n: 2 })),
  fails("a_choice_by_what_is_missing_is_an_error", "resource.flag ? true : true", of({ n: 1 })),
  is("a_choice_may_stand_in_a_choice", "resource.n == 1 ? resource.flag : resource.n == 2 ? true : false", of({ n: 2 })),
  is("a_choice_may_be_a_value", "(resource.flag ? 1 : 2) + resource.n == 3", of({ flag: false, n: 1 })),
  is("a_comment_and_line_breaks_are_nothing", "resource.flag // the flag\n  && // and\r\n\ttrue", of({ flag: true })),
  is("the_condition_true_is_true", "true"),
  isNot("the_condition_false_is_false", "false"),
  fails("a_flag_that_is_text_is_of_the_wrong_type", "resource.flag", of({ flag: "true" })),
  fails("a_flag_that_is_a_number_is_of_the_wrong_type", "resource.flag", of({ flag: 1 })),
];

const presence = [
  fails("a_missing_attribute_is_an_error", "resource.text == 'a'"),
  fails("an_attribute_that_is_null_is_missing", "resource.text == 'a'", of({ text: null })),
  fails("two_missing_attributes_are_not_equal", "resource.text == resource.other"),
  fails("two_nulls_are_not_equal", "resource.text == resource.other", of({ text: null, other: null })),
  fails("a_missing_attribute_is_not_in_a_list", "resource.text in ['a']"),
  fails("a_missing_list_is_not_empty", "size(resource.tags) == 0"),
  fails("a_missing_list_has_not_all_of_anything", "resource.tags.all(t, t == 'a')"),
  fails("a_missing_flag_is_not_false", "!resource.flag"),
  is("what_is_there_is_there", "has(resource.text)", of({ text: "" })),
  isNot("what_is_missing_is_not_there", "has(resource.text)"),
  isNot("what_is_null_is_not_there", "has(resource.text)", of({ text: null })),
  is("what_is_of_the_wrong_type_is_there", "has(resource.text)", of({ text: 5 })),
  is("false_is_there", "has(resource.flag)", of({ flag: false })),
  isNot("what_is_asked_for_first_may_be_missing", "has(resource.text) && resource.text == 'a'"),
  is("what_is_missing_may_be_wanted", "!has(resource.text) || resource.text == 'a'"),
  isNot("of_a_context_that_is_not_given_nothing_is_there", "has(context.level)"),
  fails("of_a_context_that_is_not_given_everything_is_missing", "context.level < 5"),
  fails("of_an_empty_context_everything_is_missing", "context.level < 5", { context: {} }),
  is("the_context_is_read", "context.level < 5 && context.source == 'web'", { context: { level: 1, source: "web" } }),
  fails("a_context_of_the_wrong_type_is_an_error", "context.level < 5", { context: { level: "1" } }),
  is("the_action_s_properties_are_read", "action.soft && action.count == 2", { action: { soft: true, count: 2 } }),
  fails("an_action_without_properties_has_none", "action.soft"),
  isNot("an_action_without_properties_has_none_there", "has(action.soft)"),
  is("the_action_s_name_is_the_part_behind_its_type", "action.name == 'the_action_s_name_is_the_part_behind_its_type'"),
  isNot("the_action_s_name_is_not_the_permission", "action.name == 'thing:deny/the_action_s_name_is_not_the_permission'"),
  is("the_action_s_name_is_its_whole_name", "action.name == 'deny/x' || action.name.startsWith('the_action_s_name_is_its')"),
  is("the_resource_s_id_is_an_attribute", "resource.id == '7'", { id: "7", properties: {} }),
  is("an_id_among_the_properties_comes_first", "resource.id == '8'", { id: "7", properties: { id: "8" } }),
  fails("a_resource_without_an_id_has_none", "resource.id == '7'"),
  fails("an_id_of_null_among_the_properties_is_missing", "resource.id == '7'", { id: "7", properties: { id: null } }),
];

const subjects = [
  is("the_subject_s_id_is_read", "subject.id == 'u1'"),
  isNot("the_subject_s_id_is_compared_to_the_letter", "subject.id == 'U1'"),
  is("a_subject_is_a_user_where_it_does_not_say", "subject.kind == 'user'"),
  is("a_service_is_a_service", "subject.kind == 'service'", { subject: { kind: "service" } }),
  is("a_guest_is_a_guest", "subject.kind == 'guest'", { subject: { kind: "guest" } }),
  is("the_subject_s_roles_are_read", "'reader' in subject.roles"),
  is("the_inherited_roles_are_among_them", "'base' in subject.roles"),
  is("the_subject_s_roles_are_those_and_no_others", "size(subject.roles) == 2", { subject: { roles: ["reader", "reader", "base"] } }),
  isNot("a_role_that_nobody_declared_is_not_in_effect", "'ghost' in subject.roles", { subject: { roles: ["reader", "ghost"] } }),
  isNot("a_role_named_proto_is_not_in_effect", "'__proto__' in subject.roles || 'constructor' in subject.roles"),
  is("the_subject_s_scopes_are_read", "'export' in subject.scopes", { subject: { scopes: ["read", "export"] } }),
  isNot("a_subject_without_scopes_has_none", "'export' in subject.scopes"),
  is("the_subject_s_permissions_are_read", "'read_users' in subject.permissions", { subject: { permissions: ["read_users"] } }),
  isNot("a_subject_without_permissions_has_none", "'read_users' in subject.permissions"),
  is("the_methods_of_the_sign_in_are_read", "'otp' in subject.amr", { subject: { amr: ["pwd", "otp"] } }),
  isNot("a_sign_in_without_methods_has_none", "'otp' in subject.amr"),
  is("the_class_of_the_sign_in_is_read", "subject.acr == 'mfa'", { subject: { acr: "mfa" } }),
  fails("a_class_that_is_not_known_is_missing", "subject.acr != 'pwd'"),
  fails("a_class_that_is_null_is_missing", "subject.acr != 'pwd'", { subject: { acr: null } }),
  isNot("a_class_that_is_not_known_is_not_there", "has(subject.acr)"),
  is("the_time_of_the_sign_in_is_a_timestamp", "now - subject.authTime < duration('15m')", { subject: { authTime: now - 899 } }),
  isNot("the_time_of_the_sign_in_has_an_edge", "now - subject.authTime < duration('15m')", { subject: { authTime: now - 900 } }),
  fails("a_time_of_the_sign_in_that_is_not_known_is_missing", "subject.authTime < now"),
  is("a_time_of_the_sign_in_may_be_a_minute_ahead_of_the_clock", "now - subject.authTime < duration('15m')", { subject: { authTime: now + 60 } }),
  fails("a_time_of_the_sign_in_further_ahead_is_not_believed", "now - subject.authTime < duration('15m')", { subject: { authTime: now + 61 } }),
  isNot("a_time_of_the_sign_in_that_is_not_believed_is_not_there", "has(subject.authTime)", { subject: { authTime: now + 61 } }),
  is("the_subject_s_attributes_are_read", "subject.department == resource.text && subject.level >= 3", { properties: { text: "news" }, subject: { attributes: { department: "news", level: 3 } } }),
  fails("a_subject_without_the_attribute_lacks_it", "subject.department == resource.text", of({ text: "news" })),
  fails("a_subject_whose_attribute_is_null_lacks_it", "subject.department == resource.text", { properties: { text: "news" }, subject: { attributes: { department: null } } }),
  fails("a_department_that_is_a_list_is_of_the_wrong_type", "subject.department == 'news'", { subject: { attributes: { department: ["news"] } } }),
  is("an_attribute_may_be_read_by_its_quoted_name", `subject["department"] == resource['text']`, { properties: { text: "news" }, subject: { attributes: { department: "news" } } }),
];

// 2026-09-21T14:13:20Z, a Monday.
const officeHours = "now.getDayOfWeek('+02:00') >= 1 && now.getDayOfWeek('+02:00') <= 5 && now.getHours('+02:00') >= 8 && now.getHours('+02:00') < 18";
const at = (text) => ({ now: seconds(text) });

const times = [
  is("the_time_is_a_timestamp", "now == timestamp('2026-09-21T14:13:20Z')"),
  is("a_timestamp_with_an_offset_is_the_same_moment", "now == timestamp('2026-09-21T16:13:20+02:00')"),
  is("an_attribute_may_be_a_moment_as_text", "resource.at == now", of({ at: "2026-09-21T09:43:20-04:30" })),
  is("an_attribute_may_be_a_moment_in_seconds", "resource.at == now", of({ at: now })),
  is("a_moment_may_have_a_fraction", "resource.at > now && resource.at < now + duration('1s')", of({ at: "2026-09-21T14:13:20.5Z" })),
  fails("a_day_is_no_moment", "resource.at <= now", of({ at: "2026-09-21" })),
  fails("a_moment_without_an_offset_is_none", "resource.at <= now", of({ at: "2026-09-21T14:13:20" })),
  fails("a_day_that_no_month_has_is_no_moment", "resource.at <= now", of({ at: "2026-02-30T00:00:00Z" })),
  fails("a_word_is_no_moment", "resource.at <= now", of({ at: "yesterday" })),
  fails("a_number_with_a_fraction_is_no_moment", "resource.at <= now", of({ at: now + 0.5 })),
  fails("a_flag_is_no_moment", "resource.at <= now", of({ at: true })),
  isNot("a_moment_is_not_before_itself", "resource.at < now || resource.at > now", of({ at: now })),
  is("a_moment_and_a_duration_are_a_moment", "now + duration('1h') == timestamp('2026-09-21T15:13:20Z') && now - duration('14h13m20s') == timestamp('2026-09-21T00:00:00Z')"),
  is("two_moments_are_a_duration_apart", "now - timestamp('2026-09-21T14:00:00Z') == duration('13m20s')"),
  is("durations_add_and_subtract", "duration('1h') + duration('30m') == duration('90m') && duration('1h') - duration('90m') == duration('-30m')"),
  is("an_attribute_may_be_a_duration", "resource.span == duration('1h30m') && resource.span > duration('89m59s')", of({ span: "90m" })),
  fails("a_duration_without_a_unit_is_none", "resource.span > duration('0s')", of({ span: "90" })),
  fails("a_duration_that_is_a_number_is_none", "resource.span > duration('0s')", of({ span: 90 })),
  fails("an_empty_duration_is_none", "resource.span >= duration('0s')", of({ span: "" })),
  fails("a_moment_beyond_the_year_9999_is_an_overflow", "resource.at + duration('1s') > now", of({ at: "9999-12-31T23:59:59Z" })),
  is("the_parts_of_a_moment_are_read", "now.getFullYear() == 2026 && now.getMonth() == 8 && now.getDate() == 21 && now.getDayOfMonth() == 20 && now.getDayOfWeek() == 1 && now.getDayOfYear() == 263"),
  is("the_parts_of_a_day_are_read", "now.getHours() == 14 && now.getMinutes() == 13 && now.getSeconds() == 20 && now.getMilliseconds() == 0"),
  is("the_milliseconds_of_a_moment_are_read", "resource.at.getMilliseconds() == 250", of({ at: "2026-09-21T14:13:20.250Z" })),
  is("a_zone_to_the_east_is_later", "now.getHours('+02:00') == 16 && now.getHours('02:00') == 16"),
  is("a_zone_to_the_west_is_earlier", "now.getHours('-05:30') == 8 && now.getMinutes('-05:30') == 43"),
  is("utc_is_a_zone", "now.getHours('UTC') == 14"),
  is("a_zone_may_change_the_day", "now.getDayOfWeek('+10:00') == 2 && now.getDate('+10:00') == 22"),
  is("a_zone_may_lead_back_to_the_day_before", "resource.at.getDate() == 1 && resource.at.getDate('-00:30') == 31 && resource.at.getMonth('-00:30') == 7", of({ at: "2026-09-01T00:15:00Z" })),
  is("a_zone_may_change_the_year", "resource.at.getFullYear() == 2026 && resource.at.getFullYear('+00:01') == 2027 && resource.at.getDayOfYear('+00:01') == 0", of({ at: "2026-12-31T23:59:30Z" })),
  is("a_leap_year_has_366_days", "resource.at.getDayOfYear() == 365 && resource.at.getMonth() == 11", of({ at: "2028-12-31T12:00:00Z" })),
  is("a_moment_before_1970_has_parts_too", "resource.at.getFullYear() == 1969 && resource.at.getSeconds() == 59 && resource.at.getDayOfWeek() == 3", of({ at: -1 })),
  is("a_duration_is_read_in_whole_units", "duration('90m30s').getHours() == 1 && duration('90m30s').getMinutes() == 90 && duration('90m30s').getSeconds() == 5430"),
  is("the_milliseconds_of_a_duration_are_a_part", "duration('123.321456789s').getMilliseconds() == 321"),
  is("inside_the_office_hours_is_inside", officeHours),
  is("the_first_second_of_the_office_hours_is_inside", officeHours, at("2026-09-21T06:00:00Z")),
  isNot("the_second_before_the_office_hours_is_outside", officeHours, at("2026-09-21T05:59:59Z")),
  is("the_last_second_of_the_office_hours_is_inside", officeHours, at("2026-09-21T15:59:59Z")),
  isNot("the_second_behind_the_office_hours_is_outside", officeHours, at("2026-09-21T16:00:00Z")),
  isNot("a_saturday_is_outside_the_office_hours", officeHours, at("2026-09-26T10:00:00Z")),
  isNot("a_monday_s_midnight_is_outside_the_office_hours", officeHours, at("2026-09-20T22:30:00Z")),
];

const inside = "cidr('192.0.2.0/24').containsIP(context.address)";
const inside6 = "cidr('2001:db8::/32').containsIP(context.address)";
const from = (address) => ({ context: { address } });

const networks = [
  is("an_address_inside_a_network_is_inside", inside, from("192.0.2.7")),
  is("the_first_address_of_a_network_is_inside", inside, from("192.0.2.0")),
  is("the_last_address_of_a_network_is_inside", inside, from("192.0.2.255")),
  isNot("the_address_behind_a_network_is_outside", inside, from("192.0.3.0")),
  isNot("the_address_before_a_network_is_outside", inside, from("192.0.1.255")),
  isNot("an_address_of_the_other_family_is_outside", inside, from("2001:db8::1")),
  is("an_address_inside_a_network_of_the_other_family_is_inside", inside6, from("2001:db8:ffff::1")),
  isNot("an_address_outside_a_network_of_the_other_family_is_outside", inside6, from("2001:db9::1")),
  isNot("an_old_address_is_outside_a_network_of_the_other_family", inside6, from("192.0.2.7")),
  is("a_network_of_one_address_holds_it", "cidr('192.0.2.7/32').containsIP(context.address)", from("192.0.2.7")),
  isNot("a_network_of_one_address_holds_no_other", "cidr('192.0.2.7/32').containsIP(context.address)", from("192.0.2.6")),
  is("a_network_of_all_holds_all_of_its_family", "cidr('0.0.0.0/0').containsIP(context.address)", from("255.255.255.255")),
  isNot("a_network_of_all_holds_none_of_the_other_family", "cidr('0.0.0.0/0').containsIP(context.address)", from("::1")),
  is("a_network_of_25_bits_is_half_as_large", "cidr('192.0.2.128/25').containsIP(context.address)", from("192.0.2.128")),
  isNot("a_network_of_25_bits_has_an_edge", "cidr('192.0.2.128/25').containsIP(context.address)", from("192.0.2.127")),
  is("a_network_holds_an_address_that_is_text", "cidr('192.0.2.0/24').containsIP('192.0.2.9') && cidr('192.0.2.0/24').containsIP(context.source)", { context: { source: "192.0.2.7" } }),
  fails("a_text_that_is_no_address_is_an_error", "cidr('192.0.2.0/24').containsIP(context.source)", { context: { source: "localhost" } }),
  fails("a_missing_address_is_an_error", inside),
  fails("an_address_that_is_a_name_is_of_the_wrong_type", inside, from("localhost")),
  fails("an_address_with_a_port_is_of_the_wrong_type", inside, from("192.0.2.7:443")),
  fails("an_address_with_a_leading_zero_is_of_the_wrong_type", inside, from("192.0.02.7")),
  fails("an_address_of_three_parts_is_of_the_wrong_type", inside, from("192.0.2")),
  fails("an_address_beyond_255_is_of_the_wrong_type", inside, from("192.0.2.256")),
  fails("an_address_with_a_space_is_of_the_wrong_type", inside, from(" 192.0.2.7")),
  fails("an_address_that_is_a_number_is_of_the_wrong_type", inside, from(3221225991)),
  fails("a_list_of_addresses_is_no_address", inside, from(["192.0.2.7"])),
  is("one_address_in_two_spellings_is_one", "context.address == ip('2001:db8::1')", from("2001:0DB8:0:0:0:0:0:1")),
  is("two_addresses_differ", "context.address != ip('192.0.2.8')", from("192.0.2.7")),
  is("a_list_of_addresses_may_hold_one", "context.address in resource.networks", { properties: { networks: ["192.0.2.6", "192.0.2.7"] }, ...from("192.0.2.7") }),
  is("a_text_may_be_asked_whether_it_is_an_address", "isIP(context.source) && !isIP('localhost') && !isIP('') && isIP('::1')", { context: { source: "192.0.2.7" } }),
  isNot("a_network_is_no_address", "isIP(context.source)", { context: { source: "192.0.2.0/24" } }),
];

const numbers40 = Array.from({ length: 40 }, (_, place) => place);
const cubed = "resource.numbers.all(x, resource.numbers.all(y, resource.numbers.all(z, x + y + z >= 0)))";
const joined = Array.from({ length: 64 }, () => "resource.text").join(" + ");

const limits = [
  is("a_few_steps_are_within_the_budget", cubed, of({ numbers: numbers40.slice(0, 8) })),
  fails("too_many_steps_are_an_error", cubed, of({ numbers: numbers40 })),
  is("a_joined_text_of_some_length_is_a_text", `size(${joined}) == 256`, of({ text: "a".repeat(4) })),
  fails("a_joined_text_beyond_64_kib_is_an_error", `size(${joined}) > 0`, of({ text: "a".repeat(1100) })),
];

// Names that mean something elsewhere. Computed, since an object literal would set the prototype.
const odd = { ["__proto__"]: "string", constructor: "string", toString: "string", "odd name": "string", "a.b": "string", é: "string", in: "string", tags: "list(string)" };
const oddSections = { attributes: odd, subject: { attributes: odd }, context: { attributes: odd }, action: { attributes: odd } };
const proto = (value) => ({ ["__proto__"]: value });

const names = [
  is("an_attribute_named_proto_is_read", `resource["__proto__"] == 'a' && resource.__proto__ == 'a'`, of(proto("a"))),
  fails("an_attribute_named_proto_that_is_not_there_is_missing", `resource["__proto__"] != 'a'`),
  fails("an_attribute_named_constructor_that_is_not_there_is_missing", "resource.constructor != 'a'"),
  isNot("an_attribute_named_constructor_that_is_not_there_is_not_there", "has(resource.constructor) || has(resource.toString) || has(resource.__proto__)"),
  is("an_attribute_named_constructor_is_read", "resource.constructor == 'a' && resource.toString == 'b'", of({ constructor: "a", toString: "b" })),
  is("a_subject_s_attribute_named_proto_is_read", `subject["__proto__"] == 'a'`, { subject: { attributes: proto("a") } }),
  fails("a_subject_s_attribute_named_proto_may_be_missing", `subject["__proto__"] != 'a'`),
  is("a_context_s_attribute_named_proto_is_read", `context["__proto__"] == 'a'`, { context: proto("a") }),
  fails("a_context_s_attribute_named_constructor_may_be_missing", "context.constructor != 'a'", { context: {} }),
  is("an_action_s_attribute_named_proto_is_read", `action["__proto__"] == 'a'`, { action: proto("a") }),
  is("an_attribute_with_a_space_is_read", `resource["odd name"] == 'a'`, of({ "odd name": "a" })),
  is("an_attribute_with_a_dot_is_one_name", `resource["a.b"] == 'a'`, of({ "a.b": "a" })),
  fails("an_attribute_with_a_dot_is_no_path", `resource["a.b"] == 'a'`, of({ a: { b: "a" } })),
  is("an_attribute_beyond_ascii_is_read", `resource["é"] == 'a'`, of({ é: "a" })),
  is("an_attribute_with_a_reserved_name_is_read", `resource["in"] == 'a'`, of({ in: "a" })),
  is("a_variable_may_have_any_other_name", "resource.tags.exists(constructor, constructor == 'a') && resource.tags.all(__proto__, __proto__ != 'b')", of({ tags: ["a"] })),
];

const without = [
  isOpen("an_attribute_of_the_instance_is_open", "resource.flag"),
  isOpen("what_is_there_in_the_instance_is_open", "has(resource.flag)"),
  isOpen("the_opposite_of_what_is_open_is_open", "!resource.flag"),
  isOpen("true_and_what_is_open_are_open", "true && resource.flag"),
  isOpen("false_or_what_is_open_is_open", "resource.flag || false"),
  isOpen("the_subject_beside_what_is_open_is_open", "subject.id == 'u1' && resource.flag"),
  isOpen("an_error_and_what_is_open_are_open", "context.level == 1 && resource.flag"),
  isOpen("what_is_open_or_an_error_is_open", "resource.flag || context.level == 1"),
  isOpen("a_choice_by_what_is_open_is_open", "resource.flag ? subject.id == 'u1' : subject.id == 'u2'"),
  isOpen("the_open_side_of_a_choice_is_open", "subject.id == 'u1' ? resource.flag : true"),
  isOpen("a_list_of_the_instance_is_open", "resource.tags.all(t, t == 'a')"),
  isOpen("an_element_that_is_open_leaves_the_list_open", "subject.roles.exists(role, role == resource.text)"),
  isOpen("of_an_id_alone_all_else_is_open", "resource.flag", { id: "7" }),
  isNotAnyway("false_and_what_is_open_are_false", "false && resource.n == 1"),
  isNotAnyway("what_is_open_and_false_are_false", "resource.n == 1 && false"),
  isNotAnyway("what_is_open_and_a_subject_s_false_are_false", "resource.n == 1 && subject.id == 'u2'"),
  isNotAnyway("the_chosen_side_of_a_choice_is_known", "subject.id == 'u1' ? false : resource.flag"),
  isAnyway("true_or_what_is_open_is_true", "true || resource.n == 1"),
  isAnyway("what_is_open_or_true_is_true", "resource.n == 1 || true"),
  isAnyway("what_is_open_or_a_subject_s_true_is_true", "resource.n == 1 || subject.id == 'u1'"),
  isAnyway("what_asks_nothing_of_the_instance_is_known", "subject.id == 'u1' && now > timestamp('2026-01-01T00:00:00Z')"),
  isAnyway("one_element_that_is_known_is_enough", "subject.roles.exists(role, role == resource.text || role == 'base')"),
];

const groups = { integers, doubles, strings, patterns, lists, logic, presence, subjects, times, networks, limits, names, without };

// Through requests, where a loader knows the instance.
const site = {
  policy: "conditions",
  revision: 1,
  resources: {
    article: { actions: ["read", "update", "publish", "archive"], owner: "author_id", attributes: { author_id: "string", status: "string", words: "int" } },
    draft: { actions: ["read"], hide: true, attributes: { status: "string" } },
  },
  permissions: ["export"],
  subject: { attributes: { department: "string" } },
  context: { attributes: { level: "int", address: "ip" } },
  roles: {
    guest: { permits: [{ permission: "article:read", when: "resource.status == 'public'" }] },
    reader: { permits: [{ permission: "article:read", when: "subject.department == 'news'" }] },
    editor: {
      permits: [
        { permission: "article:update", when: "resource.status != 'archived'" },
        { permission: "article:publish", when: "context.level > 5 && resource.status == 'ready'" },
        { permission: "article:archive", owner: true, when: "resource.words < 1000" },
        { permission: "draft:read", when: "resource.status == 'open'" },
        { permission: "export", when: "context.level > 5 && cidr('192.0.2.0/24').containsIP(context.address)" },
      ],
    },
    second: { permits: [{ permission: "article:update", when: "subject.department == 'news'" }] },
    methods: { permits: [{ permission: "export", when: "'otp' in subject.amr && subject.acr == 'mfa'" }] },
    hourly: { permits: [{ permission: "export", when: officeHours }] },
  },
  routes: [
    { route: "GET /articles/{id}", permission: "article:read" },
    { route: "PUT /articles/{id}", permission: "article:update" },
    { route: "PUT /articles", permission: "article:update" },
    { route: "POST /articles", permission: "article:update", handler: "decides" },
    { route: "POST /articles/{id}", permission: "article:publish", handler: "decides" },
    { route: "POST /articles/{id}/publication", permission: "article:publish" },
    { route: "DELETE /articles/{id}", permission: "article:archive" },
    { route: "GET /drafts/{id}", permission: "draft:read" },
    { route: "POST /export", permission: "export" },
  ],
};
const trust = {
  issuers: [{ issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] }, claims: { attributes: { department: "department" } } }],
  guest: { roles: ["guest"] },
};

export const configs = {
  ...Object.fromEntries(Object.entries(groups).map(([name, group]) => [name, { policy: policyOf(name, group, name === "names" ? oddSections : sections) }])),
  site: { policy: site, trust },
};

const article = { type: "article", id: "1" };
const call = (name, roles, [method, path], found, expect, { changes = {}, asked, ...more } = {}) => ({
  name,
  config: "site",
  ...withToken(usual({ roles, ...changes }), path, method),
  resources: { article: { 1: found }, draft: { 1: found } },
  ...more,
  expect,
  asked,
});
const granted = (roles, route, permission, members = {}, who = {}) => allowed(principal({ roles, ...who }), route, { permission, ...members });
const put = (name, found, expect, more) => call(name, ["editor"], ["PUT", "/articles/1"], found, expect, more);
const updated = granted(["editor"], "PUT /articles/{id}", "article:update", { resource: article });
const publish = (name, found, expect, more) => call(name, ["editor"], ["POST", "/articles/1/publication"], found, expect, more);
const remove = (name, found, expect, more) => call(name, ["editor"], ["DELETE", "/articles/1"], found, expect, more);
const exported = (name, expect, more) => call(name, ["editor"], ["POST", "/export"], "fails", expect, more);
const failed = notAllowed("condition_failed");
const level = (value) => ({ context: { level: value } });
const news = { attributes: { department: "news" } };
const visit = (name, found, expect, path = "/articles/1") => ({ name, config: "site", request: request("GET", path), resources: { article: { 1: found }, draft: { 1: found } }, expect });

export const cases = [
  ...Object.entries(groups).flatMap(([name, group]) => casesOf(name, group)),

  // What the loader finds
  put("a_loaded_attribute_meets_the_condition", { status: "draft" }, updated, { asked: ["resource article/1"] }),
  put("a_loaded_attribute_fails_the_condition", { status: "archived" }, failed),
  put("a_loaded_resource_without_the_attribute_fails_the_condition", {}, failed),
  put("a_loaded_attribute_that_is_null_fails_the_condition", { status: null }, failed),
  put("a_loaded_attribute_of_the_wrong_type_fails_the_condition", { status: 5 }, failed),
  put("other_loaded_attributes_do_not_matter", { status: "draft", words: "many", title: null, nested: { status: "archived" } }, updated),
  put("a_condition_on_what_is_not_there_is_not_found", undefined, notFound()),
  put("a_condition_on_what_cannot_be_loaded_is_unavailable", "fails", unavailable("resource_unavailable")),
  call("a_second_grant_is_enough_where_the_first_fails", ["editor", "second"], ["PUT", "/articles/1"], "fails", granted(["editor", "second"], "PUT /articles/{id}", "article:update", { resource: article }, news), { changes: { department: "news" }, asked: [] }),
  call("a_second_grant_that_fails_leaves_the_first", ["editor", "second"], ["PUT", "/articles/1"], { status: "draft" }, granted(["editor", "second"], "PUT /articles/{id}", "article:update", { resource: article }, { attributes: { department: "sport" } }), { changes: { department: "sport" } }),
  call("two_grants_that_fail_permit_nothing", ["editor", "second"], ["PUT", "/articles/1"], { status: "archived" }, failed),

  // The loader is asked only where the answer depends on it
  call("a_condition_on_the_subject_needs_no_loader", ["reader"], ["GET", "/articles/1"], "fails", granted(["reader"], "GET /articles/{id}", "article:read", { resource: article }, news), { changes: { department: "news" }, asked: [] }),
  call("a_condition_on_the_subject_that_fails_needs_no_loader", ["reader"], ["GET", "/articles/1"], "fails", failed, { changes: { department: "sport" }, asked: [] }),
  call("a_condition_on_what_the_token_does_not_say_needs_no_loader", ["reader"], ["GET", "/articles/1"], "fails", failed, { asked: [] }),
  publish("a_condition_that_is_false_anyway_needs_no_loader", "fails", failed, { ...level(5), asked: [] }),
  publish("a_condition_that_hangs_on_the_instance_needs_the_loader", { status: "ready" }, granted(["editor"], "POST /articles/{id}/publication", "article:publish", { resource: article }), { ...level(6), asked: ["resource article/1"] }),
  publish("a_condition_that_the_instance_fails_fails", { status: "draft" }, failed, level(6)),
  publish("an_error_beside_what_is_open_needs_the_loader", "fails", unavailable("resource_unavailable")),
  publish("an_error_beside_what_the_instance_meets_fails", { status: "ready" }, failed),

  // A context
  exported("a_context_meets_the_condition", granted(["editor"], "POST /export", "export"), { context: { level: 6, address: "192.0.2.7" } }),
  exported("a_context_at_the_limit_fails_the_condition", failed, { context: { level: 5, address: "192.0.2.7" } }),
  exported("a_context_from_another_network_fails_the_condition", failed, { context: { level: 6, address: "198.51.100.7" } }),
  exported("a_context_without_an_address_fails_the_condition", failed, level(6)),
  exported("no_context_fails_the_condition", failed),
  call("the_sign_in_meets_the_condition", ["methods"], ["POST", "/export"], "fails", granted(["methods"], "POST /export", "export", {}, { acr: "mfa", amr: ["pwd", "otp"] }), { changes: { acr: "mfa", amr: ["pwd", "otp"] } }),
  call("a_sign_in_without_the_method_fails_the_condition", ["methods"], ["POST", "/export"], "fails", failed, { changes: { acr: "mfa", amr: ["pwd"] } }),
  call("a_sign_in_that_says_nothing_fails_the_condition", ["methods"], ["POST", "/export"], "fails", failed),
  call("the_clock_meets_the_condition", ["hourly"], ["POST", "/export"], "fails", granted(["hourly"], "POST /export", "export")),

  // Ownership and a condition
  remove("one_s_own_that_meets_the_condition_is_allowed", { author_id: "u1", words: 999 }, granted(["editor"], "DELETE /articles/{id}", "article:archive", { resource: article })),
  remove("one_s_own_that_fails_the_condition_is_refused", { author_id: "u1", words: 1000 }, failed),
  remove("one_s_own_without_the_attribute_is_refused", { author_id: "u1" }, failed),
  remove("another_s_that_meets_the_condition_is_refused", { author_id: "u2", words: 999 }, notAllowed("not_owner")),
  remove("another_s_that_fails_the_condition_too_is_another_s", { author_id: "u2", words: 1000 }, notAllowed("not_owner")),

  // Types, handlers, hidden types, guests
  call("a_route_of_the_type_is_refused_where_the_condition_is_open", ["editor"], ["PUT", "/articles"], "fails", notAllowed("resource_required"), { asked: [] }),
  call("a_route_of_the_type_is_allowed_where_the_condition_is_known", ["second"], ["PUT", "/articles"], "fails", granted(["second"], "PUT /articles", "article:update", {}, news), { changes: { department: "news" }, asked: [] }),
  call("a_handler_decides_what_is_open", ["editor"], ["POST", "/articles"], "fails", granted(["editor"], "POST /articles", "article:update", { conditional: true }), { asked: [] }),
  call("a_handler_decides_what_is_open_of_an_instance", ["editor"], ["POST", "/articles/1"], "fails", granted(["editor"], "POST /articles/{id}", "article:publish", { resource: article, conditional: true }), { ...level(6), asked: [] }),
  call("a_handler_decides_nothing_where_the_condition_is_false", ["editor"], ["POST", "/articles/1"], "fails", failed, { ...level(5), asked: [] }),
  call("a_hidden_type_shows_itself_where_the_condition_is_met", ["editor"], ["GET", "/drafts/1"], { status: "open" }, granted(["editor"], "GET /drafts/{id}", "draft:read", { resource: { type: "draft", id: "1" } })),
  call("a_hidden_type_is_not_found_where_the_condition_fails", ["editor"], ["GET", "/drafts/1"], { status: "closed" }, notFound("condition_failed")),
  visit("a_guest_may_read_what_is_public", { status: "public" }, allowed(guest(["guest"]), "GET /articles/{id}", { permission: "article:read", resource: article })),
  visit("a_guest_is_asked_to_sign_in_where_the_condition_fails", { status: "draft" }, unauthenticated("condition_failed")),
  visit("a_guest_is_asked_to_sign_in_where_the_attribute_is_missing", {}, unauthenticated("condition_failed")),
];
