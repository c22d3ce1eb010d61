// API keys: text of one's own, and the form with a prefix and a checksum.

import { allowed, invalidApiKey, malformed, permissionDenied, principal, scopeMissing } from "../forge/expect.mjs";
import { apiKey, apiKeyHash } from "../forge/api_key.mjs";
import { request } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, issuer, now } from "../forge/token.mjs";

export const about = "API keys: their form, their checksum, their prefix, their end, and what they may.";

const policy = {
  policy: "api_key",
  revision: 1,
  permissions: ["read_data", "write_data"],
  roles: { service: { permits: ["read_data"] } },
  routes: [
    { route: "GET /me", allow: "authenticated" },
    { route: "GET /public", allow: "everyone" },
    { route: "GET /data", permission: "read_data" },
    { route: "POST /data", permission: "write_data" },
    { route: "POST /export", scope: "export" },
  ],
};

const issuers = [{ issuer, audience, jwks: { keys: [publicJwk("ed25519")] } }];
const keysOf = (...apiKeys) => ({ policy, trust: { issuers, apiKeys } });
const entry = (id, text, members = {}) => ({ id, hash: apiKeyHash(text), ...members });

const plain = "plain-key-of-32-characters-in-all"; // 33 characters
const shortest = "s".repeat(32);
const longest = "l".repeat(512);
const tooShort = "t".repeat(31);
const tooLong = "g".repeat(513);
const symbols = "!#$%&'()*+-./:;<=>?@[]^_`{|}~0123456789";

const body = "0OIl1abcdefghijkLMNOPQRSTUVwx9";
const live = apiKey("pk_live", body);
const second = apiKey("pk_live", "B".repeat(30));
const test = apiKey("pk_test", body);
const outer = apiKey("pk", "C".repeat(30));
const strange = apiKey("pk_live", "D".repeat(30));
const expired = apiKey("pk_old", "E".repeat(30));
const unchecked = `pk_live_${"F".repeat(36)}`;
const short = "pk_live_short-and-of-one-s-own-making";
const glued = `pk_live${"G".repeat(36)}`;

export const configs = {
  plain: keysOf(
    entry("plain", plain),
    entry("shortest", shortest),
    entry("longest", longest),
    entry("too-short", tooShort),
    entry("too-long", tooLong),
    entry("symbols", symbols),
  ),
  prefixed: keysOf(
    entry("live", live, { prefix: "pk_live" }),
    entry("second", second, { prefix: "pk_live" }),
    entry("outer", outer, { prefix: "pk" }),
    entry("expired", expired, { prefix: "pk_old", notAfter: now }),
  ),
  mixed: keysOf(
    entry("live", live, { prefix: "pk_live" }),
    entry("unchecked", unchecked),
    entry("strange", strange),
    entry("short", short),
    entry("glued", glued),
    entry("test", test),
  ),
  wrong_entry: keysOf(entry("live", live, { prefix: "pk" }), entry("second", second, { prefix: "pk_live" })),
  ends: keysOf(entry("now", plain, { notAfter: now }), entry("soon", shortest, { notAfter: now + 1 }), entry("before", longest, { notAfter: now - 1 })),
  rights: keysOf(
    entry("role", plain, { roles: ["service"] }),
    entry("permission", shortest, { permissions: ["write_data"] }),
    entry("scope", longest, { scopes: ["export", "read"] }),
    entry("all", symbols, { roles: ["service", "unknown"], permissions: ["read_data", "write_data"], scopes: ["export"] }),
  ),
};

const service = (id, members = {}) => principal({ kind: "service", id, issuer: null, ...members });
const sent = (name, config, key, expect, path = "/me", method = "GET") => ({ name, config, request: request(method, path, [["x-api-key", key]]), expect });
const pass = (name, config, key, id) => sent(name, config, key, allowed(service(id), "GET /me"));
const refuse = (name, config, key, reason) => sent(name, config, key, invalidApiKey(reason));
const bothMalformed = 'Bearer realm="api", error="invalid_request", error_description="Malformed credentials", ApiKey realm="api"';

const replaced = (text, index, character) => text.slice(0, index) + character + text.slice(index + 1);
const at = "pk_live_".length;

export const cases = [
  // A text of one's own
  pass("a_key_of_one_s_own_is_taken", "plain", plain, "plain"),
  pass("a_key_of_32_characters_is_taken", "plain", shortest, "shortest"),
  pass("a_key_of_512_characters_is_taken", "plain", longest, "longest"),
  pass("a_key_of_visible_ascii_without_a_comma_is_taken", "plain", symbols, "symbols"),
  refuse("a_key_of_31_characters_is_malformed", "plain", tooShort, "api_key_malformed"),
  refuse("a_key_of_513_characters_is_malformed", "plain", tooLong, "api_key_malformed"),
  refuse("a_key_of_one_character_is_malformed", "plain", "x", "api_key_malformed"),
  refuse("an_unknown_key_is_refused", "plain", "another-key-of-more-than-32-characters", "api_key_unknown"),
  refuse("a_key_with_a_character_more_is_unknown", "plain", `${plain}x`, "api_key_unknown"),
  refuse("a_key_with_a_character_less_is_unknown", "plain", plain.slice(0, -1), "api_key_unknown"),
  refuse("a_key_in_another_case_is_unknown", "plain", plain.toUpperCase(), "api_key_unknown"),
  refuse("the_hash_is_not_the_key", "plain", apiKeyHash(plain), "api_key_unknown"),
  sent("an_empty_key_is_a_bad_request", "plain", "", malformed("malformed_api_key", bothMalformed)),
  sent("an_invalid_key_is_refused_on_a_public_route_too", "plain", "another-key-of-more-than-32-characters", invalidApiKey("api_key_unknown"), "/public"),
  sent("a_valid_key_is_somebody_on_a_public_route", "plain", plain, allowed(service("plain"), "GET /public"), "/public"),

  // Prefix and checksum
  pass("a_key_with_prefix_and_checksum_is_taken", "prefixed", live, "live"),
  pass("a_second_key_of_the_prefix_is_taken", "prefixed", second, "second"),
  pass("a_key_of_a_shorter_prefix_is_taken", "prefixed", outer, "outer"),
  refuse("a_mistyped_character_breaks_the_checksum", "prefixed", replaced(live, at + 6, "Z"), "api_key_checksum"),
  refuse("a_zero_for_an_o_breaks_the_checksum", "prefixed", replaced(live, at + 1, "0"), "api_key_checksum"),
  refuse("an_l_for_an_i_breaks_the_checksum", "prefixed", replaced(live, at + 2, "l"), "api_key_checksum"),
  refuse("two_characters_exchanged_break_the_checksum", "prefixed", `${live.slice(0, at + 8)}${live[at + 9]}${live[at + 8]}${live.slice(at + 10)}`, "api_key_checksum"),
  refuse("another_case_breaks_the_checksum", "prefixed", replaced(live, at + 5, live[at + 5].toUpperCase()), "api_key_checksum"),
  refuse("a_checksum_of_zeros_is_wrong", "prefixed", `${live.slice(0, -6)}000000`, "api_key_checksum"),
  refuse("a_checksum_of_another_key_is_wrong", "prefixed", live.slice(0, -6) + second.slice(-6), "api_key_checksum"),
  refuse("the_checksum_covers_the_prefix", "prefixed", `pk_old${live.slice("pk_live".length)}`, "api_key_checksum"),
  refuse("a_truncated_key_is_malformed", "prefixed", live.slice(0, -1), "api_key_malformed"),
  refuse("a_key_without_its_checksum_is_malformed", "prefixed", live.slice(0, -6), "api_key_malformed"),
  refuse("an_extended_key_is_malformed", "prefixed", `${live}0`, "api_key_malformed"),
  refuse("a_character_that_is_not_base62_is_malformed", "prefixed", replaced(live, at + 3, "-"), "api_key_malformed"),
  refuse("an_underscore_in_the_body_is_malformed", "prefixed", replaced(live, at + 3, "_"), "api_key_malformed"),
  refuse("a_prefix_and_its_underscore_alone_are_malformed", "prefixed", "pk_live_", "api_key_malformed"),
  refuse("a_right_checksum_of_an_unknown_key_is_unknown", "prefixed", strange, "api_key_unknown"),
  refuse("an_expired_key_is_expired", "prefixed", expired, "api_key_expired"),
  refuse("a_mistyped_expired_key_breaks_the_checksum", "prefixed", replaced(expired, 10, "F"), "api_key_checksum"),
  refuse("a_prefix_in_another_case_is_another", "prefixed", live.replace("pk_live", "PK_LIVE"), "api_key_unknown"),

  // The prefix decides, and nothing is asked after it
  refuse("a_key_of_another_environment_falls_to_the_shorter_prefix_and_is_malformed", "prefixed", test, "api_key_malformed"),
  refuse("the_longest_prefix_is_chosen_though_a_shorter_one_has_the_hash", "wrong_entry", live, "api_key_unknown"),
  pass("the_longest_prefix_s_own_key_is_taken", "wrong_entry", second, "second"),
  pass("a_prefixed_key_beside_a_text_of_one_s_own_is_taken", "mixed", live, "live"),
  refuse("a_key_with_a_prefix_is_not_looked_up_without_its_checksum", "mixed", unchecked, "api_key_checksum"),
  refuse("a_key_with_a_prefix_is_not_looked_up_among_those_without", "mixed", strange, "api_key_unknown"),
  refuse("a_key_with_a_prefix_and_no_form_is_not_looked_up_among_those_without", "mixed", short, "api_key_malformed"),
  pass("a_key_without_the_prefix_s_underscore_has_no_prefix", "mixed", glued, "glued"),
  pass("a_key_whose_prefix_nobody_names_is_a_text_of_one_s_own", "mixed", test, "test"),

  // The end
  refuse("a_key_whose_end_is_now_is_expired", "ends", plain, "api_key_expired"),
  pass("a_key_whose_end_is_in_a_second_is_taken", "ends", shortest, "soon"),
  refuse("a_key_whose_end_is_past_is_expired", "ends", longest, "api_key_expired"),

  // What it may
  sent("a_key_s_role_permits", "rights", plain, allowed(service("role", { roles: ["service"] }), "GET /data", { permission: "read_data" }), "/data"),
  sent("a_key_s_role_permits_no_more", "rights", plain, permissionDenied(), "/data", "POST"),
  sent("a_key_s_permission_counts", "rights", shortest, allowed(service("permission", { permissions: ["write_data"] }), "POST /data", { permission: "write_data" }), "/data", "POST"),
  sent("a_key_s_permission_is_no_other", "rights", shortest, permissionDenied(), "/data"),
  sent("a_key_s_scope_counts", "rights", longest, allowed(service("scope", { scopes: ["export", "read"] }), "POST /export"), "/export", "POST"),
  sent("a_key_without_the_scope_lacks_it", "rights", plain, scopeMissing("export"), "/export", "POST"),
  sent("a_key_is_a_service_with_all_that_its_entry_says", "rights", symbols, allowed(service("all", { roles: ["service", "unknown"], permissions: ["read_data", "write_data"], scopes: ["export"] }), "GET /me")),
  sent("a_key_without_rights_has_none", "plain", plain, permissionDenied(), "/data"),
];
