// Which route a request meets: paths, methods, specificity, preflights.

import { allowed, guest, permissionDenied, principal, unauthenticated } from "../forge/expect.mjs";
import { bearer, request } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, issuer, usual } from "../forge/token.mjs";

export const about = "Which route a request meets: the path and its normalisation, the method, the most specific pattern, preflights.";

const trust = {
  issuers: [{ issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] } }],
  guest: { roles: ["guest"] },
  credentials: { cookie: "session" },
};

const site = {
  policy: "request",
  revision: 1,
  resources: { article: { actions: ["read", "update", "list"] } },
  roles: {
    guest: { permits: ["article:read", "article:list"] },
    editor: { permits: ["article:update"] },
  },
  routes: [
    { route: "GET /", allow: "everyone" },
    { route: "GET /me", allow: "authenticated" },
    { route: "GET /public/**", allow: "everyone" },
    { route: "GET /articles", permission: "article:list" },
    { route: "GET /articles/{id}", permission: "article:read" },
    { route: "PUT /articles/{id}", permission: "article:update" },
    { route: "GET /by-slug/{slug}", permission: "article:read", resource: "{slug}" },
    { route: "POST /forms", allow: "everyone" },
    { route: "DELETE /forms", role: "editor" },
    { route: "OPTIONS /capabilities", allow: "everyone" },
    { route: "* /any", allow: "everyone" },
  ],
};

// Who is most specific; the routes stand in no helpful order.
const specific = [
  { route: "GET /**", allow: "everyone" },
  { route: "GET /files/**", allow: "everyone" },
  { route: "GET /files/{id}", allow: "everyone" },
  { route: "GET /files/new", allow: "everyone" },
  { route: "GET /files/{id}/raw", allow: "everyone" },
  { route: "GET /{section}/new/{id}", allow: "everyone" },
  { route: "GET /files/{id}/{part}", allow: "everyone" },
  { route: "* /files/new", allow: "everyone" },
  { route: "* /files/{id}", allow: "everyone" },
  { route: "GET /a/{x}/c", allow: "everyone" },
  { route: "GET /a/b/**", allow: "everyone" },
  { route: "POST /a/b/c", allow: "everyone" },
];

const specificity = (routes) => ({ policy: { policy: "specificity", revision: 1, routes }, trust });

export const configs = {
  site: { policy: site, trust },
  specific: specificity(specific),
  specific_reversed: specificity(specific.toReversed()),
  no_guest_role: { policy: site, trust: { issuers: trust.issuers } },
  empty: { policy: { policy: "empty", revision: 0 }, trust },
};

const somebody = guest(["guest"]);
const editor = usual({ roles: ["editor"] });
const user = principal({ roles: ["editor"] });

const ask = (name, method, path, expect, headers = [], config = "site") => ({ name, config, request: request(method, path, headers), expect });
const passes = (name, path, route, members = {}) => ask(name, "GET", path, allowed(somebody, route, members));
const article = (name, path, id) => passes(name, path, "GET /articles/{id}", { permission: "article:read", resource: { type: "article", id } });
const malformed = (name, path) => ask(name, "GET", path, unauthenticated("path_malformed"));
const url = (name, text, expect) => ({ name, config: "site", request: { method: "GET", url: text, headers: [] }, expect });
const undeclared = (name, method, path, headers = []) => ask(name, method, path, unauthenticated("route_undeclared"), headers);

const anyRoute = (name, path, route, method = "GET") =>
  ["specific", "specific_reversed"].map((config) =>
    ask(config === "specific" ? name : `${name}_in_whatever_order`, method, path, allowed(somebody, route), [], config),
  );

const preflight = (method, more = []) => [["origin", "https://front.example"], ["access-control-request-method", method], ...more];

export const cases = [
  // Declared and undeclared
  passes("the_root_is_a_path", "/", "GET /"),
  passes("a_query_is_no_part_of_the_path", "/?next=/me", "GET /"),
  passes("dots_in_a_query_do_not_matter", "/public/a?x=/../..//%2f%00", "GET /public/**"),
  {
    name: "a_url_without_its_origin_is_a_path",
    config: "site",
    request: { method: "GET", url: "/articles?page=2", headers: [] },
    expect: allowed(somebody, "GET /articles", { permission: "article:list" }),
  },
  article("a_parameter_is_the_resource_s_id", "/articles/42", "42"),
  passes("a_named_parameter_is_the_resource_s_id", "/by-slug/hello", "GET /by-slug/{slug}", { permission: "article:read", resource: { type: "article", id: "hello" } }),
  passes("a_route_of_the_type_names_no_resource", "/articles", "GET /articles", { permission: "article:list" }),
  ask("a_user_passes_a_declared_route", "PUT", "/articles/1", allowed(user, "PUT /articles/{id}", { permission: "article:update", resource: { type: "article", id: "1" } }), [bearer(editor)]),
  undeclared("a_route_that_is_not_declared_asks_a_guest_to_sign_in", "GET", "/nowhere"),
  ask("a_route_that_is_not_declared_is_denied_to_a_user", "GET", "/nowhere", permissionDenied("route_undeclared"), [bearer(editor)]),
  undeclared("a_path_that_goes_on_behind_a_route_is_not_declared", "GET", "/me/settings"),
  undeclared("a_path_that_begins_like_a_route_is_not_declared", "GET", "/mexico"),
  undeclared("a_path_that_ends_before_a_route_is_not_declared", "GET", "/by-slug"),
  undeclared("a_path_in_another_case_is_not_declared", "GET", "/ME"),
  ask("without_the_guest_s_role_its_permission_is_missing", "GET", "/articles/1", unauthenticated("permission_missing"), [], "no_guest_role"),
  ask("a_policy_without_routes_declares_none", "GET", "/", unauthenticated("route_undeclared"), [], "empty"),
  ask("a_policy_without_routes_declares_none_for_a_user_either", "GET", "/", permissionDenied("route_undeclared"), [bearer(editor)], "empty"),

  // Methods
  ask("head_counts_as_get", "HEAD", "/articles/1", allowed(somebody, "GET /articles/{id}", { permission: "article:read", resource: { type: "article", id: "1" } })),
  ask("head_counts_as_get_for_a_refusal_too", "HEAD", "/me", unauthenticated("authentication_missing")),
  undeclared("head_counts_as_nothing_else", "HEAD", "/forms"),
  undeclared("another_method_is_another_route", "DELETE", "/articles/1"),
  ask("another_method_is_another_route_for_a_user", "PATCH", "/articles/1", permissionDenied("route_undeclared"), [bearer(editor)]),
  ask("a_star_stands_for_get", "GET", "/any", allowed(somebody, "* /any")),
  ask("a_star_stands_for_delete", "DELETE", "/any", allowed(somebody, "* /any")),
  ask("a_star_stands_for_options", "OPTIONS", "/any", allowed(somebody, "* /any")),
  ask("a_star_stands_for_a_method_that_nobody_knows", "BREW", "/any", allowed(somebody, "* /any")),
  ask("a_header_does_not_override_the_method", "POST", "/forms", allowed(somebody, "POST /forms"), [["x-http-method-override", "DELETE"]]),
  ask("a_header_of_another_name_does_not_override_the_method", "POST", "/forms", allowed(somebody, "POST /forms"), [["x-method-override", "DELETE"], ["x-http-method", "DELETE"]]),
  ask("a_parameter_does_not_override_the_method", "POST", "/forms?_method=DELETE", allowed(somebody, "POST /forms")),
  ask("a_header_does_not_open_a_method", "DELETE", "/forms", unauthenticated("role_missing"), [["x-http-method-override", "POST"]]),

  // The path: a trailing slash and escapes
  passes("one_trailing_slash_is_dropped", "/articles/", "GET /articles", { permission: "article:list" }),
  article("one_trailing_slash_behind_a_parameter_is_dropped", "/articles/1/", "1"),
  ask("a_trailing_slash_opens_nothing", "GET", "/me/", unauthenticated("authentication_missing")),
  article("an_escape_is_decoded", "/articles/%31", "1"),
  article("an_escape_in_lower_case_is_decoded", "/articles/%c3%a9", "é"),
  article("an_escape_in_upper_case_is_decoded", "/articles/%C3%A9", "é"),
  article("an_escaped_space_is_decoded", "/articles/a%20b", "a b"),
  article("a_plus_sign_stays_a_plus_sign", "/articles/a+b", "a+b"),
  article("an_escape_is_decoded_once", "/articles/%2541", "%41"),
  article("a_doubly_escaped_dot_segment_is_a_name", "/articles/%252e%252e", "%2e%2e"),
  article("a_doubly_escaped_slash_is_a_name", "/articles/a%252fb", "a%2fb"),
  article("three_dots_are_a_name", "/articles/...", "..."),
  article("a_dot_inside_a_name_is_a_dot", "/articles/a.b", "a.b"),
  article("a_name_that_begins_with_two_dots_is_a_name", "/articles/..a", "..a"),
  article("an_escaped_question_mark_is_a_character", "/articles/a%3Fb", "a?b"),
  article("an_escaped_hash_is_a_character", "/articles/a%23b", "a#b"),
  article("a_semicolon_is_a_character", "/articles/1;v=2", "1;v=2"),
  article("a_name_named_proto_is_a_name", "/articles/__proto__", "__proto__"),
  malformed("a_literal_that_an_escape_spells_is_malformed", "/%6d%65"),

  // Malformed paths
  malformed("a_dot_segment_is_malformed", "/public/./a"),
  malformed("a_double_dot_segment_is_malformed", "/public/../me"),
  malformed("a_dot_segment_at_the_end_is_malformed", "/public/."),
  malformed("a_double_dot_segment_at_the_end_is_malformed", "/public/.."),
  malformed("a_double_dot_segment_at_the_start_is_malformed", "/../public/a"),
  malformed("an_escaped_dot_segment_is_malformed", "/public/%2e/a"),
  malformed("an_escaped_double_dot_segment_is_malformed", "/public/%2e%2e/me"),
  malformed("an_escaped_double_dot_segment_in_upper_case_is_malformed", "/public/%2E%2E/me"),
  malformed("a_half_escaped_double_dot_segment_is_malformed", "/public/.%2e/me"),
  malformed("a_double_slash_is_malformed", "/public//a"),
  malformed("a_double_slash_at_the_end_is_malformed", "/articles//"),
  malformed("a_double_slash_at_the_start_is_malformed", "//public/a"),
  malformed("an_escaped_slash_is_malformed", "/public/a%2fb"),
  malformed("an_escaped_slash_in_upper_case_is_malformed", "/public/a%2Fb"),
  malformed("an_escaped_backslash_is_malformed", "/public/a%5cb"),
  malformed("a_backslash_is_malformed", "/public/a\\b"),
  malformed("an_escaped_nul_is_malformed", "/public/a%00"),
  malformed("an_escaped_newline_is_malformed", "/public/a%0a"),
  malformed("an_escaped_tab_is_malformed", "/public/a%09"),
  malformed("an_escaped_delete_is_malformed", "/public/a%7f"),
  malformed("an_escaped_control_character_of_the_second_kind_is_malformed", "/public/a%c2%85"),
  malformed("a_percent_sign_at_the_end_is_malformed", "/public/a%"),
  malformed("half_an_escape_is_malformed", "/public/a%4"),
  malformed("an_escape_without_digits_is_malformed", "/public/%zz"),
  malformed("an_escape_with_one_digit_is_malformed", "/public/%4g"),
  malformed("an_old_unicode_escape_is_malformed", "/public/%u0041"),
  malformed("escaped_bytes_that_are_no_utf8_are_malformed", "/public/%ff"),
  malformed("an_escaped_overlong_slash_is_malformed", "/public/%c0%af"),
  malformed("an_escaped_surrogate_is_malformed", "/public/%ed%a0%80"),
  malformed("a_raw_character_beyond_ascii_is_malformed", "/public/é"),
  malformed("a_raw_space_is_malformed", "/public/a b"),
  malformed("a_raw_tab_is_malformed", "/public/a\tb"),
  malformed("a_raw_delete_is_malformed", "/public/a\u007f"),
  ask("a_malformed_path_is_denied_to_a_user", "GET", "/public/../me", permissionDenied("path_malformed"), [bearer(editor)]),
  ask("a_malformed_path_is_malformed_for_every_method", "OPTIONS", "/any/../any", unauthenticated("path_malformed")),
  passes("64_segments_are_taken", `/public${"/a".repeat(63)}`, "GET /public/**"),
  malformed("65_segments_are_malformed", `/public${"/a".repeat(64)}`),
  passes("8192_bytes_are_taken", `/public/${"a".repeat(8192 - 8)}`, "GET /public/**"),
  malformed("8193_bytes_are_malformed", `/public/${"a".repeat(8193 - 8)}`),
  passes("a_long_query_does_not_count", `/public/a?${"a".repeat(9000)}`, "GET /public/**"),

  // `**` stands for one or more segments
  passes("two_stars_stand_for_one_segment", "/public/a", "GET /public/**"),
  passes("two_stars_stand_for_many_segments", "/public/a/b/c/d", "GET /public/**"),
  undeclared("two_stars_do_not_stand_for_none", "GET", "/public"),
  undeclared("two_stars_do_not_stand_for_a_trailing_slash", "GET", "/public/"),

  // The most specific pattern wins, in whatever order the routes stand
  ...anyRoute("a_literal_comes_before_a_parameter", "/files/new", "GET /files/new"),
  ...anyRoute("a_parameter_comes_before_two_stars", "/files/1", "GET /files/{id}"),
  ...anyRoute("two_stars_take_what_is_left", "/files/1/2/3", "GET /files/**"),
  ...anyRoute("two_stars_further_left_take_the_rest", "/x/y", "GET /**"),
  ...anyRoute("a_literal_behind_a_parameter_comes_first", "/files/1/raw", "GET /files/{id}/raw"),
  ...anyRoute("a_parameter_behind_a_parameter_comes_next", "/files/1/head", "GET /files/{id}/{part}"),
  ...anyRoute("a_literal_further_left_decides", "/files/new/1", "GET /files/{id}/{part}"),
  ...anyRoute("a_literal_in_the_middle_matches_another_section", "/docs/new/1", "GET /{section}/new/{id}"),
  ...anyRoute("two_stars_behind_a_literal_come_before_a_parameter", "/a/b/c", "GET /a/b/**"),
  ...anyRoute("a_parameter_with_another_literal_is_tried_too", "/a/z/c", "GET /a/{x}/c"),
  ...anyRoute("a_way_that_leads_nowhere_is_left_again", "/a/z/y", "GET /**"),
  ...anyRoute("a_method_of_its_own_comes_before_a_star", "/files/new", "GET /files/new", "HEAD"),
  ...anyRoute("a_star_takes_the_other_methods", "/files/new", "* /files/new", "POST"),
  ...anyRoute("a_star_takes_the_other_methods_of_a_parameter", "/files/1", "* /files/{id}", "DELETE"),
  ...anyRoute("a_more_specific_path_for_another_method_does_not_hide", "/a/b/c", "POST /a/b/c", "POST"),
  ask("an_escape_does_not_choose_between_a_literal_and_a_parameter", "GET", "/files/%6Eew", unauthenticated("path_malformed"), [], "specific"),
  // A URL is http or https with a host, or a path
  url("a_url_of_http_is_taken", "http://blog.example/public/a", allowed(somebody, "GET /public/**")),
  url("a_scheme_in_upper_case_is_taken", "HTTPS://blog.example/public/a", allowed(somebody, "GET /public/**")),
  url("a_host_with_a_port_is_taken", "https://blog.example:8443/public/a", allowed(somebody, "GET /public/**")),
  url("a_host_that_is_an_ipv6_address_is_taken", "https://[::1]:8443/public/a", allowed(somebody, "GET /public/**")),
  url("a_url_without_a_host_is_malformed", "http:///public/a", unauthenticated("path_malformed")),
  url("a_url_with_half_a_host_is_malformed", "http://[/public/a", unauthenticated("path_malformed")),
  url("a_url_with_a_user_is_malformed", "https://me@blog.example/public/a", unauthenticated("path_malformed")),
  url("a_url_with_nothing_but_a_user_is_malformed", "https://@/public/a", unauthenticated("path_malformed")),
  url("a_url_of_another_scheme_is_malformed", "foo://blog.example/public/a", unauthenticated("path_malformed")),
  url("a_url_with_backslashes_is_malformed", "http:\\\\blog.example/public/a", unauthenticated("path_malformed")),
  url("a_path_that_begins_with_two_slashes_is_malformed", "//blog.example/public/a", unauthenticated("path_malformed")),
  undeclared("a_method_in_lower_case_is_undeclared", "get", "/public/a"),
  undeclared("a_star_takes_no_method_in_lower_case", "patch", "/any"),

  // Preflights
  ask("a_preflight_of_a_declared_route_passes", "OPTIONS", "/me", allowed(somebody, null, { preflight: true }), preflight("GET")),
  ask(
    "a_preflight_of_a_route_with_a_permission_passes",
    "OPTIONS",
    "/articles/1",
    allowed(somebody, null, { preflight: true }),
    preflight("PUT", [["access-control-request-headers", "authorization"]]),
  ),
  ask("a_preflight_of_a_route_with_a_role_passes", "OPTIONS", "/forms", allowed(somebody, null, { preflight: true }), preflight("DELETE")),
  ask("a_preflight_of_a_star_passes", "OPTIONS", "/any", allowed(somebody, null, { preflight: true }), preflight("PUT")),
  undeclared("a_preflight_of_an_undeclared_route_does_not_pass", "OPTIONS", "/nowhere", preflight("GET")),
  undeclared("a_preflight_of_an_undeclared_method_does_not_pass", "OPTIONS", "/articles/1", preflight("DELETE")),
  undeclared("a_preflight_of_two_methods_does_not_pass", "OPTIONS", "/articles/1", preflight("GET, PUT")),
  undeclared("options_without_origin_is_no_preflight", "OPTIONS", "/me", [["access-control-request-method", "GET"]]),
  undeclared("options_without_a_requested_method_is_no_preflight", "OPTIONS", "/me", [["origin", "https://front.example"]]),
  undeclared("another_method_with_a_preflight_s_headers_is_no_preflight", "DELETE", "/me", preflight("GET")),
  ask("a_get_with_a_preflight_s_headers_is_a_get", "GET", "/me", unauthenticated("authentication_missing"), preflight("GET")),
  ask("options_with_a_token_is_no_preflight", "OPTIONS", "/me", permissionDenied("route_undeclared"), [bearer(editor), ...preflight("GET")]),
  ask("options_with_a_cookie_is_no_preflight", "OPTIONS", "/me", permissionDenied("route_undeclared"), [["cookie", `session=${editor.text}`], ...preflight("GET")]),
  ask("a_declared_options_route_is_an_ordinary_one", "OPTIONS", "/capabilities", allowed(somebody, "OPTIONS /capabilities")),
  ask("a_preflight_with_a_malformed_path_does_not_pass", "OPTIONS", "/public/../me", unauthenticated("path_malformed"), preflight("GET")),
  ask("a_preflight_with_a_query_passes", "OPTIONS", "/me?x=1", allowed(somebody, null, { preflight: true }), preflight("GET")),
];
