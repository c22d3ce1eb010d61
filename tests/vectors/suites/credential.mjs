// What a request presents: Bearer (RFC 6750 §2.1), the cookie and its cross-site rule, the API key
// header, and more than one of them at once.

import { createHash } from "node:crypto";
import { allowed, crossSite, guest, invalidApiKey, invalidToken, malformed, principal, unauthenticated } from "../forge/expect.mjs";
import { request } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, issuer, usual } from "../forge/token.mjs";

export const about = "What a request presents, and what is malformed, foreign, doubled or from another site.";

const policy = {
  policy: "credential",
  revision: 1,
  permissions: ["read_users"],
  routes: [
    { route: "GET /public", allow: "everyone" },
    { route: "* /me", allow: "authenticated" },
    { route: "GET /users", permission: "read_users" },
  ],
};

const issuers = [{ issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] } }];
const keyText = "an-api-key-of-more-than-32-characters-1";
const apiKeys = [{ id: "ci", hash: `sha256:${createHash("sha256").update(keyText).digest("base64url")}` }];

export const configs = {
  bearer: { policy, trust: { issuers } },
  cookie: { policy, trust: { issuers, credentials: { cookie: "__Host-session" } } },
  keys: { policy, trust: { issuers, apiKeys } },
  all: { policy, trust: { issuers, apiKeys, credentials: { cookie: "__Host-session" } } },
  no_keys: { policy, trust: { issuers, apiKeys: [] } },
  named: { policy, trust: { issuers, apiKeys, credentials: { header: "x-access-token", apiKeyHeader: "x-service-key" } } },
};

const token = usual();
const user = principal();
const service = principal({ kind: "service", id: "ci", issuer: null });
const both = 'Bearer realm="api", ApiKey realm="api"';
const bothMalformed = 'Bearer realm="api", error="invalid_request", error_description="Malformed credentials", ApiKey realm="api"';

const me = (config, name, headers, expect, { method = "GET", path = "/me" } = {}) => ({
  name,
  config,
  token: token.note,
  request: request(method, path, headers),
  expect,
});

const signedIn = () => allowed(user, "* /me");
const header = (name, value, expect, options) => me("bearer", name, [["authorization", value]], expect, options);
const cookie = (name, headers, expect, options) => me("cookie", name, headers, expect, options);
const session = ["cookie", `__Host-session=${token.text}`];
const crossing = (method, headers, name, expect) => cookie(name, [session, ...headers], expect, { method });

export const cases = [
  // Bearer
  header("a_bearer_token_is_taken", `Bearer ${token.text}`, signedIn()),
  header("the_scheme_in_lower_case_is_taken", `bearer ${token.text}`, signedIn()),
  header("the_scheme_in_upper_case_is_taken", `BEARER ${token.text}`, signedIn()),
  header("the_scheme_in_mixed_case_is_taken", `bEaReR ${token.text}`, signedIn()),
  header("several_spaces_after_the_scheme_are_taken", `Bearer   ${token.text}`, signedIn()),
  me("bearer", "the_header_name_in_any_case_is_taken", [["Authorization", `Bearer ${token.text}`]], signedIn()),
  header("an_empty_header_is_malformed", "", malformed("malformed_authorization")),
  header("the_scheme_alone_is_malformed", "Bearer", malformed("malformed_authorization")),
  header("the_scheme_and_a_space_alone_are_malformed", "Bearer ", malformed("malformed_authorization")),
  header("a_tab_after_the_scheme_is_malformed", `Bearer\t${token.text}`, malformed("malformed_authorization")),
  header("a_tab_after_a_space_is_malformed", `Bearer \t${token.text}`, malformed("malformed_authorization")),
  header("two_tokens_are_malformed", `Bearer ${token.text} ${token.text}`, malformed("malformed_authorization")),
  header("white_space_around_the_value_is_no_part_of_it", ` Bearer ${token.text} \t`, signedIn()),
  header("a_parameter_after_the_token_is_malformed", `Bearer ${token.text} realm=api`, malformed("malformed_authorization")),
  header("a_comma_joined_value_is_malformed", `Bearer ${token.text}, Bearer ${token.text}`, malformed("malformed_authorization")),
  header("a_comma_after_the_token_is_malformed", `Bearer ${token.text},`, malformed("malformed_authorization")),
  header("another_scheme_joined_behind_is_malformed", `Bearer ${token.text}, Basic dTpw`, malformed("malformed_authorization")),
  header("a_quoted_token_is_malformed", `Bearer "${token.text}"`, malformed("malformed_authorization")),
  header("a_semicolon_is_no_token_character", `Bearer ${token.text};`, malformed("malformed_authorization")),
  header("a_percent_sign_is_no_token_character", `Bearer %65${token.text}`, malformed("malformed_authorization")),
  header("an_equals_sign_in_front_is_malformed", `Bearer =${token.text}`, malformed("malformed_authorization")),
  header("an_equals_sign_inside_is_malformed", `Bearer a=b.c.d`, malformed("malformed_authorization")),
  header("an_equals_sign_at_the_end_is_a_token_character_and_no_base64url", `Bearer ${token.text}=`, invalidToken("token_encoding")),
  header("a_tilde_is_a_token_character_and_no_base64url", `Bearer ${token.text}~`, invalidToken("token_encoding")),
  header("a_word_that_is_no_token_is_invalid_not_malformed", "Bearer garbage", invalidToken("token_malformed")),
  me(
    "bearer",
    "two_header_fields_are_malformed",
    [
      ["authorization", `Bearer ${token.text}`],
      ["authorization", `Bearer ${token.text}`],
    ],
    malformed("malformed_authorization"),
  ),
  me(
    "bearer",
    "two_header_fields_of_which_one_is_empty_are_malformed",
    [
      ["authorization", `Bearer ${token.text}`],
      ["authorization", ""],
    ],
    malformed("malformed_authorization"),
  ),
  header("a_malformed_header_is_refused_where_everyone_is_allowed", "Bearer", malformed("malformed_authorization"), { path: "/public" }),

  // Other schemes
  header("another_scheme_is_no_credential", "Basic dTpw", unauthenticated("unsupported_scheme")),
  header("another_scheme_lacks_the_permission_as_nobody_does", "Basic dTpw", unauthenticated("unsupported_scheme"), { path: "/users" }),
  header("another_scheme_passes_where_everyone_is_allowed", "Basic dTpw", allowed(guest(), "GET /public"), { path: "/public" }),
  header("dpop_is_another_scheme", `DPoP ${token.text}`, unauthenticated("unsupported_scheme")),
  header("a_scheme_that_begins_like_bearer_is_another", `Bearers ${token.text}`, unauthenticated("unsupported_scheme")),
  header("a_token_without_a_scheme_is_no_credential", token.text, unauthenticated("unsupported_scheme")),
  me(
    "keys",
    "another_scheme_beside_an_api_key_is_a_second_credential",
    [
      ["authorization", "Basic dTpw"],
      ["x-api-key", keyText],
    ],
    malformed("multiple_credentials", bothMalformed),
  ),
  cookie("another_scheme_beside_a_cookie_is_a_second_credential", [["authorization", "Basic dTpw"], session], malformed("multiple_credentials")),

  // The query
  me("bearer", "a_token_in_the_query_is_never_read", [], unauthenticated("authentication_missing"), {
    path: `/me?access_token=${token.text}`,
  }),
  me("bearer", "a_token_in_the_query_beside_a_header_is_a_second_one", [["authorization", `Bearer ${token.text}`]], malformed("multiple_credentials"), {
    path: `/me?access_token=${token.text}`,
  }),
  me("bearer", "a_token_that_stands_last_in_the_query_is_a_second_one", [["authorization", `Bearer ${token.text}`]], malformed("multiple_credentials"), {
    path: "/me?page=2&access_token=x",
  }),
  me("keys", "a_token_in_the_query_beside_an_api_key_is_a_second_one", [["x-api-key", keyText]], malformed("multiple_credentials", bothMalformed), {
    path: "/me?access_token=x",
  }),
  cookie("a_token_in_the_query_beside_a_cookie_is_a_second_one", [session], malformed("multiple_credentials"), { path: "/me?access_token=x" }),
  me("bearer", "a_parameter_with_a_longer_name_is_no_token", [["authorization", `Bearer ${token.text}`]], signedIn(), {
    path: "/me?my_access_token_id=x",
  }),
  me("bearer", "a_parameter_whose_value_is_the_word_is_no_token", [["authorization", `Bearer ${token.text}`]], signedIn(), {
    path: "/me?show=access_token",
  }),
  me("bearer", "a_token_in_the_query_does_no_harm_where_everyone_is_allowed", [], allowed(guest(), "GET /public"), {
    path: `/public?access_token=${token.text}`,
  }),

  // The API key header
  me("keys", "an_api_key_is_taken", [["x-api-key", keyText]], allowed(service, "* /me")),
  me("keys", "an_api_key_header_is_read_in_any_case", [["X-API-Key", keyText]], allowed(service, "* /me")),
  me("keys", "an_api_key_is_compared_to_the_letter", [["x-api-key", keyText.toUpperCase()]], invalidApiKey("api_key_unknown")),
  me("keys", "an_empty_api_key_is_malformed", [["x-api-key", ""]], malformed("malformed_api_key", bothMalformed)),
  me(
    "keys",
    "two_api_key_fields_are_malformed",
    [
      ["x-api-key", keyText],
      ["x-api-key", keyText],
    ],
    malformed("malformed_api_key", bothMalformed),
  ),
  me("keys", "a_joined_api_key_is_malformed", [["x-api-key", `${keyText}, ${keyText}`]], malformed("malformed_api_key", bothMalformed)),
  me("keys", "an_api_key_as_bearer_is_a_bad_token", [["authorization", `Bearer ${keyText}`]], invalidToken("token_malformed")),
  me("keys", "a_token_as_api_key_is_a_bad_key", [["x-api-key", token.text]], invalidApiKey("api_key_unknown")),
  me("bearer", "an_api_key_header_is_not_read_where_no_keys_are_taken", [["x-api-key", keyText]], unauthenticated("authentication_missing")),
  me("no_keys", "an_empty_list_of_keys_reads_no_header", [["x-api-key", keyText]], unauthenticated("authentication_missing")),
  me(
    "no_keys",
    "a_header_that_is_not_read_is_no_second_credential",
    [
      ["x-api-key", keyText],
      ["authorization", `Bearer ${token.text}`],
    ],
    signedIn(),
  ),
  me(
    "keys",
    "a_token_and_an_api_key_are_two_credentials",
    [
      ["authorization", `Bearer ${token.text}`],
      ["x-api-key", keyText],
    ],
    malformed("multiple_credentials", bothMalformed),
  ),
  me(
    "keys",
    "two_credentials_are_refused_where_everyone_is_allowed",
    [
      ["authorization", `Bearer ${token.text}`],
      ["x-api-key", keyText],
    ],
    malformed("multiple_credentials", bothMalformed),
    { path: "/public" },
  ),
  me(
    "keys",
    "a_malformed_header_comes_before_two_credentials",
    [
      ["authorization", ""],
      ["x-api-key", keyText],
    ],
    malformed("malformed_authorization", bothMalformed),
  ),

  // Headers with names of their own
  me("named", "a_header_with_a_name_of_its_own_holds_the_bare_token", [["x-access-token", token.text]], signedIn()),
  me("named", "a_header_with_a_name_of_its_own_holds_no_scheme", [["x-access-token", `Bearer ${token.text}`]], malformed("malformed_authorization", bothMalformed)),
  me("named", "an_empty_header_with_a_name_of_its_own_is_malformed", [["x-access-token", ""]], malformed("malformed_authorization", bothMalformed)),
  me("named", "authorization_is_not_read_where_another_header_is_named", [["authorization", `Bearer ${token.text}`]], unauthenticated("authentication_missing", both)),
  me("named", "an_api_key_header_with_a_name_of_its_own_is_read", [["x-service-key", keyText]], allowed(service, "* /me")),
  me("named", "the_default_api_key_header_is_not_read_where_another_is_named", [["x-api-key", keyText]], unauthenticated("authentication_missing", both)),

  // The cookie
  cookie("a_cookie_is_taken", [session], signedIn()),
  cookie("a_cookie_among_others_is_taken", [["cookie", `a=1; __Host-session=${token.text}; b=2`]], signedIn()),
  cookie("a_cookie_name_is_compared_to_the_letter", [["cookie", `__host-session=${token.text}`]], unauthenticated("authentication_missing")),
  cookie("a_longer_cookie_name_is_another", [["cookie", `x__Host-session=${token.text}`]], unauthenticated("authentication_missing")),
  cookie("a_cookie_inside_another_s_value_is_not_read", [["cookie", `a=__Host-session=${token.text}`]], unauthenticated("authentication_missing")),
  cookie("an_empty_cookie_is_malformed", [["cookie", "__Host-session="]], malformed("malformed_cookie")),
  cookie("a_cookie_with_a_character_that_no_token_has_is_malformed", [["cookie", `__Host-session=${token.text}|x`]], malformed("malformed_cookie")),
  cookie("a_cookie_that_is_no_token_is_invalid", [["cookie", "__Host-session=garbage"]], invalidToken("token_malformed")),
  cookie("two_cookies_of_the_name_are_two_credentials", [["cookie", `__Host-session=${token.text}; __Host-session=${token.text}`]], malformed("multiple_credentials")),
  cookie("a_cookie_and_a_header_are_two_credentials", [["authorization", `Bearer ${token.text}`], session], malformed("multiple_credentials")),
  me("all", "a_cookie_and_an_api_key_are_two_credentials", [["x-api-key", keyText], session], malformed("multiple_credentials", bothMalformed)),
  me("bearer", "a_cookie_is_not_read_where_none_is_named", [session], unauthenticated("authentication_missing")),
  me("bearer", "a_cookie_that_is_not_read_is_no_second_credential", [["authorization", `Bearer ${token.text}`], session], signedIn()),

  // Its cross-site rule
  crossing("HEAD", [["sec-fetch-site", "cross-site"]], "a_cross_site_head_with_a_cookie_passes", signedIn()),
  crossing("GET", [["sec-fetch-site", "cross-site"]], "a_cross_site_get_with_a_cookie_passes", signedIn()),
  crossing("OPTIONS", [["sec-fetch-site", "cross-site"]], "a_cross_site_options_with_a_cookie_passes", signedIn()),
  crossing("TRACE", [["sec-fetch-site", "cross-site"]], "a_cross_site_trace_with_a_cookie_passes", signedIn()),
  crossing("POST", [["sec-fetch-site", "same-origin"]], "a_post_from_the_same_origin_passes", signedIn()),
  crossing("POST", [["sec-fetch-site", "none"]], "a_post_by_the_user_s_own_hand_passes", signedIn()),
  crossing("POST", [["sec-fetch-site", "same-site"]], "a_post_from_the_same_site_is_refused", crossSite()),
  crossing("POST", [["sec-fetch-site", "cross-site"]], "a_post_from_another_site_is_refused", crossSite()),
  crossing("POST", [["sec-fetch-site", "anything"]], "a_post_from_a_site_of_unknown_kind_is_refused", crossSite()),
  crossing("PUT", [["sec-fetch-site", "cross-site"]], "a_put_from_another_site_is_refused", crossSite()),
  crossing("PATCH", [["sec-fetch-site", "cross-site"]], "a_patch_from_another_site_is_refused", crossSite()),
  crossing("DELETE", [["sec-fetch-site", "cross-site"]], "a_delete_from_another_site_is_refused", crossSite()),
  crossing("PROPFIND", [["sec-fetch-site", "cross-site"]], "an_unusual_method_from_another_site_is_refused", crossSite()),
  crossing("POST", [["origin", "https://blog.example"]], "a_post_with_the_own_origin_passes", signedIn()),
  crossing("POST", [["origin", "https://evil.example"]], "a_post_with_another_origin_is_refused", crossSite()),
  crossing("POST", [["origin", "http://blog.example"]], "a_post_with_another_scheme_is_refused", crossSite()),
  crossing("POST", [["origin", "https://blog.example:8443"]], "a_post_with_another_port_is_refused", crossSite()),
  crossing("POST", [["origin", "https://blog.example.evil.example"]], "a_post_with_a_longer_host_is_refused", crossSite()),
  crossing("POST", [["origin", "null"]], "a_post_with_the_origin_null_is_refused", crossSite()),
  crossing("POST", [["origin", ""]], "a_post_with_an_empty_origin_is_refused", crossSite()),
  crossing("POST", [], "a_post_with_neither_header_is_refused", crossSite()),
  crossing(
    "POST",
    [
      ["sec-fetch-site", "cross-site"],
      ["origin", "https://blog.example"],
    ],
    "the_origin_does_not_mend_a_cross_site_post",
    crossSite(),
  ),
  crossing(
    "POST",
    [
      ["sec-fetch-site", "same-origin"],
      ["origin", "https://proxy.example"],
    ],
    "the_origin_is_not_read_where_the_browser_says_same_origin",
    signedIn(),
  ),
  crossing("POST", [["referer", "https://blog.example/"]], "a_referer_is_no_origin", crossSite()),
  {
    ...crossing("POST", [["origin", "https://blog.example:8443"]], "a_post_with_the_own_port_passes", signedIn()),
    request: { method: "POST", url: "https://blog.example:8443/me", headers: [session, ["origin", "https://blog.example:8443"]] },
  },
  {
    ...crossing("POST", [], "a_post_without_the_own_port_is_refused", crossSite()),
    request: { method: "POST", url: "https://blog.example:8443/me", headers: [session, ["origin", "https://blog.example"]] },
  },
  cookie(
    "a_cross_site_post_with_a_bearer_token_passes",
    [
      ["authorization", `Bearer ${token.text}`],
      ["sec-fetch-site", "cross-site"],
    ],
    signedIn(),
    { method: "POST" },
  ),
  cookie("a_cross_site_post_without_a_cookie_asks_to_sign_in", [["sec-fetch-site", "cross-site"]], unauthenticated("authentication_missing"), { method: "POST" }),
  me("all", "a_cross_site_post_with_an_api_key_passes", [["x-api-key", keyText], ["sec-fetch-site", "cross-site"]], allowed(service, "* /me"), { method: "POST" }),
];
