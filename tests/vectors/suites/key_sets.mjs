// Key sets over time: how long one counts, who asks for the next, and what happens where it does not come.
//
// `start` is the moment of the first step. The times are those of the contract: a set lives 600 s where nobody says
// otherwise, is used for a day after that where no newer one is to be had, and whoever failed waits 30 s (5 s without
// a set).

import { allowed, guest, invalidToken, principal, unavailable } from "../forge/expect.mjs";
import { request, withToken } from "../forge/request.mjs";
import { privateJwk, publicJwk } from "../forge/sign.mjs";
import { audience, claims, issuer, jwt, now as start } from "../forge/token.mjs";

export const about = "Fetched key sets over time: fresh, stale, beyond; unknown keys; failures and the waits behind them.";

const policy = {
  policy: "key_sets",
  revision: 1,
  routes: [
    { route: "GET /me", allow: "authenticated" },
    { route: "GET /public", allow: "everyone" },
  ],
};

const url = "https://id.example/jwks";
const otherIssuer = "https://other.example";
const otherUrl = "https://other.example/keys";

export const configs = {
  one: { policy, trust: { issuers: [{ issuer, audience, jwksUri: url }] } },
  two: {
    policy,
    trust: {
      issuers: [
        { issuer, audience, jwksUri: url },
        { issuer: otherIssuer, audience, jwksUri: otherUrl },
      ],
    },
  },
};

const day = 86_400;
const life = 600;

// `a` is there from the beginning, `b` comes when the keys rotate.
const a = publicJwk("ed25519", { kid: "a" });
const b = publicJwk("stranger_ed25519", { kid: "b" });
const signer = (kid) => (kid === "b" ? "stranger_ed25519" : "ed25519");

/** A token of that moment. Under a kid that nobody has it is signed by the key of `a`. */
const signed = (kid, moment, changes = {}, key = signer(kid)) => {
  const header = { alg: "EdDSA", typ: "JWT", ...(kid === null ? {} : { kid }) };
  return jwt(header, claims({ iat: moment - 10, exp: moment + life, ...changes }), key);
};

const answers = (keys) => (keys === undefined ? {} : { keys: { [url]: Array.isArray(keys) ? { keys } : keys } });

/** A request at `start + after`, with a token or its kid. `keys` is what a fetch would bring; absent: it fails. */
const step = (after, token, expect, asked, { keys, ...more } = {}) => ({
  now: start + after,
  ...withToken(typeof token === "string" ? signed(token, start + after) : token),
  ...answers(keys),
  ...more,
  expect,
  asked: asked ? [`keys ${url}`] : [],
});
const pass = (after, token, asked, more) => step(after, token, allowed(principal(), "GET /me"), asked, more);
const refuse = (after, token, reason, asked, more) => step(after, token, invalidToken(reason), asked, more);
const outage = (after, token, asked, more) => step(after, token, unavailable("keys_unavailable"), asked, more);

const fetched = { keys: [a] };
const cached = (cacheControl) => ({ keys: [a], cacheControl: { [url]: cacheControl } });
const later = (keys) => ({ later: true, ...(keys === undefined ? {} : { keys }) });

const steps = (name, ...list) => ({ name, config: "one", steps: list });

/** A set with that Cache-Control is fresh for so many seconds, and not for one more. */
const lives = (name, cacheControl, seconds) =>
  steps(name, pass(0, "a", true, cacheControl === undefined ? fetched : cached(cacheControl)), pass(seconds - 1, "a", false), pass(seconds, "a", true, fetched));

const manyKeys = (count) => JSON.stringify({ keys: Array.from({ length: count }, (_, index) => ({ ...a, kid: index === 0 ? "a" : `k${index}` })) });
const padded = (size) => {
  const text = JSON.stringify({ keys: [a], pad: "" });
  return JSON.stringify({ keys: [a], pad: "x".repeat(size - text.length) });
};

/** Answers that are no key set, or one in which nobody can verify anything. */
const noSets = {
  an_empty_body: "",
  a_page: "<!doctype html><title>Down for maintenance</title>",
  a_body_that_is_cut_off: '{"keys":[{"kty":"OKP"',
  a_list: "[]",
  an_object_without_keys: { version: 1 },
  an_empty_set: { keys: [] },
  a_set_of_private_keys: { keys: [privateJwk("ed25519", { kid: "a" })] },
  a_set_of_keys_for_encryption: { keys: [{ ...a, use: "enc" }] },
  a_set_of_unknown_keys: { keys: [{ kty: "AKP", kid: "a" }] },
  a_set_with_a_member_twice: `{"keys":[],"keys":[${JSON.stringify(a)}]}`,
  a_set_of_101_keys: manyKeys(101),
  a_set_of_65537_bytes: padded(65_537),
};

const hs256 = jwt({ alg: "HS256", kid: "a" }, claims(), Buffer.from(a.x, "base64url"), { keyNote: "the public key a" });
const forged = signed("a", start + 100, {}, "stranger_ed25519");
const old = signed("a", start, { exp: start + 2 * day });
const oldOfB = signed("b", start, { exp: start + 2 * day });
const ofOther = (moment) => signed("b", moment, { iss: otherIssuer });
const longest = "k".repeat(128);
const tooLong = "k".repeat(129);
const longestInUtf8 = "é".repeat(64);
const tooLongInUtf8 = "é".repeat(65);

export const cases = [
  // How long a set is fresh
  lives("a_set_without_cache_control_lives_ten_minutes", undefined, 600),
  lives("an_empty_cache_control_says_nothing", "", 600),
  lives("a_set_lives_as_long_as_its_max_age", "max-age=1200", 1200),
  lives("a_max_age_of_a_minute_is_taken", "max-age=60", 60),
  lives("a_max_age_of_a_minute_and_a_second_is_taken", "max-age=61", 61),
  lives("a_max_age_below_a_minute_is_a_minute", "max-age=59", 60),
  lives("a_max_age_of_zero_is_a_minute", "max-age=0", 60),
  lives("a_max_age_of_a_day_is_taken", "max-age=86400", day),
  lives("a_max_age_beyond_a_day_is_a_day", "max-age=86401", day),
  lives("a_max_age_of_a_year_is_a_day", "public, max-age=31536000, immutable", day),
  lives("a_max_age_beyond_every_number_is_a_day", `max-age=${"9".repeat(40)}`, day),
  lives("a_max_age_among_others_is_taken", "public, max-age=1200, must-revalidate", 1200),
  lives("a_max_age_in_quotes_is_taken", 'max-age="1200"', 1200),
  lives("a_max_age_in_another_case_is_taken", "Public, Max-Age=1200", 1200),
  lives("a_max_age_in_upper_case_is_taken", "MAX-AGE=1200", 1200),
  lives("without_spaces_a_max_age_is_taken", "public,max-age=1200,must-revalidate", 1200),
  lives("the_smaller_of_two_max_ages_is_taken", "max-age=300, max-age=1200", 300),
  lives("the_smaller_of_two_max_ages_is_taken_in_whatever_order", "max-age=1200, max-age=300", 300),
  lives("no_store_is_a_minute", "no-store", 60),
  lives("no_cache_is_a_minute", "no-cache", 60),
  lives("no_store_in_another_case_is_a_minute", "No-Store", 60),
  lives("no_store_beside_a_max_age_is_a_minute", "max-age=1200, no-store", 60),
  lives("no_cache_before_a_max_age_is_a_minute", "no-cache, max-age=1200", 60),
  lives("cache_control_without_max_age_says_nothing", "public, must-revalidate", 600),
  lives("a_max_age_for_shared_caches_says_nothing", "s-maxage=1200", 600),
  lives("a_directive_that_ends_like_max_age_says_nothing", "x-max-age=1200", 600),
  lives("a_directive_that_begins_like_no_store_says_nothing", "no-stored", 600),
  lives("stale_while_revalidate_says_nothing", "max-age=120, stale-while-revalidate=86400", 120),
  lives("a_max_age_that_is_a_word_says_nothing", "max-age=forever", 600),
  lives("a_max_age_without_a_number_says_nothing", "max-age=", 600),
  lives("a_max_age_alone_says_nothing", "max-age", 600),
  lives("a_negative_max_age_says_nothing", "max-age=-1", 600),
  lives("a_max_age_with_a_fraction_says_nothing", "max-age=1200.5", 600),
  lives("a_max_age_with_an_exponent_says_nothing", "max-age=12e2", 600),
  steps(
    "each_set_has_its_own_life",
    pass(0, "a", true, cached("max-age=60")),
    pass(60, "a", true, cached("max-age=1200")),
    pass(1259, "a", false),
    pass(1260, "a", true, cached("max-age=60")),
    pass(1319, "a", false),
    pass(1320, "a", true, fetched),
  ),

  // Asked for when it is needed, and not before
  steps(
    "who_needs_no_keys_asks_for_none_however_late_it_is",
    pass(0, "a", true, fetched),
    { now: start + 3 * day, request: request("GET", "/public"), expect: allowed(guest(), "GET /public"), asked: [] },
    pass(3 * day, "a", true, fetched),
  ),
  steps("a_fresh_set_serves_every_token", pass(0, "a", true, { keys: [a, b] }), pass(1, "b", false), pass(2, "a", false), pass(life - 1, "b", false)),
  steps("a_token_that_was_seen_before_has_stale_keys_fetched", pass(0, old, true, fetched), pass(1, old, false), pass(life, old, true, fetched), pass(life + 1, old, false)),
  {
    name: "each_issuer_has_its_own_set",
    config: "two",
    steps: [
      pass(0, "a", true, fetched),
      { ...step(1, ofOther(start + 1), allowed(principal({ issuer: otherIssuer }), "GET /me")), keys: { [otherUrl]: { keys: [b] } }, asked: [`keys ${otherUrl}`] },
      pass(life, "a", true, fetched),
      { ...step(life, ofOther(start + life), allowed(principal({ issuer: otherIssuer }), "GET /me")), asked: [] },
    ],
  },
  {
    name: "the_failure_of_one_issuer_keeps_no_other_waiting",
    config: "two",
    steps: [
      outage(0, "a", true),
      { ...step(1, ofOther(start + 1), allowed(principal({ issuer: otherIssuer }), "GET /me")), keys: { [otherUrl]: { keys: [b] } }, asked: [`keys ${otherUrl}`] },
      outage(2, "a", false, fetched),
    ],
  },

  // Stale
  steps("a_stale_set_is_replaced", pass(0, "a", true, fetched), pass(life, "a", true, { keys: [a, b] }), pass(life + 1, "b", false), pass(2 * life - 1, "a", false), pass(2 * life, "a", true, fetched)),
  steps("a_stale_set_serves_where_no_newer_one_comes", pass(0, "a", true, fetched), pass(life, "a", true), pass(life + 29, "a", false), pass(life + 30, "a", true), pass(life + 59, "a", false), pass(life + 60, "a", true, fetched), pass(life + 61, "a", false)),
  steps("a_stale_set_serves_to_its_last_second", pass(0, "a", true, fetched), pass(life + day - 1, "a", true)),
  steps("a_stale_set_serves_no_longer_than_a_day", pass(0, "a", true, fetched), outage(life + day, "a", true)),
  steps("a_set_of_a_minute_is_stale_for_a_day_too", pass(0, "a", true, cached("no-store")), pass(60 + day - 1, "a", true)),
  steps("a_set_of_a_day_is_stale_for_a_day_more", pass(0, "a", true, cached("max-age=86400")), pass(2 * day - 1, "a", true)),
  steps("after_two_days_a_set_of_a_day_is_nobody_s", pass(0, "a", true, cached("max-age=86400")), outage(2 * day, "a", true)),
  steps("a_failure_makes_no_stale_set_fresh", pass(0, "a", true, fetched), pass(life, "a", true), pass(life + 30, "a", true), pass(life + 60, "a", true), outage(life + day, "a", true)),
  steps(
    "a_newer_set_that_came_later_is_used_from_then_on",
    pass(0, "a", true, fetched),
    pass(life, "a", true, later([a, b])),
    pass(life + 1, "b", false),
    pass(2 * life - 1, "a", false),
    pass(2 * life, "a", true, fetched),
  ),
  steps("the_keys_that_come_later_have_their_own_life", pass(0, "a", true, fetched), pass(life, "a", true, { ...cached("max-age=60"), later: true }), pass(life + 59, "a", false), pass(life + 60, "a", true, fetched)),
  steps("what_fails_later_has_failed", pass(0, "a", true, fetched), pass(life, "a", true, later()), pass(life + 29, "a", false), pass(life + 30, "a", true, fetched), pass(life + 31, "a", false)),
  steps("what_comes_later_and_is_no_set_has_failed", pass(0, "a", true, fetched), pass(life, "a", true, later("<!doctype html>")), pass(life + 29, "a", false), pass(life + 30, "a", true, fetched)),
  steps("later_is_no_answer_without_a_set", pass(0, "a", true, later([a])), pass(1, "a", false)),
  steps("later_is_no_answer_beyond_the_day", pass(0, "a", true, fetched), pass(life + day, "a", true, later([a])), pass(life + day + 1, "a", false)),
  steps("later_is_no_answer_for_an_unknown_key", pass(0, "a", true, fetched), pass(life - 1, "b", true, later([a, b])), pass(life, "b", false)),
  steps("nothing_is_asked_for_later_while_the_set_is_fresh", pass(0, "a", true, fetched), pass(life - 1, "a", false, later([b])), pass(life, "a", true, later([a]))),

  // Unknown keys while the set is stale and the next one comes later: nobody can say yet
  steps("an_unknown_key_of_a_stale_set_that_comes_later_is_unavailable", pass(0, "a", true, fetched), outage(life, "b", true, later([a, b])), pass(life + 1, "b", false), pass(life + 2, "a", false)),
  steps(
    "an_unknown_key_while_the_set_comes_later_is_not_remembered_as_absent",
    pass(0, "a", true, fetched),
    outage(life, "b", true, later([a])),
    refuse(life + 1, "b", "key_unknown", false),
    pass(life + 30, "b", true, { keys: [a, b] }),
  ),
  steps("an_unknown_key_is_unavailable_where_what_comes_later_fails", pass(0, "a", true, fetched), outage(life, "b", true, later()), outage(life + 1, "b", false), pass(life + 2, "a", false), pass(life + 30, "b", true, { keys: [a, b] })),
  steps("an_unknown_key_is_unavailable_where_what_comes_later_is_no_set", pass(0, "a", true, fetched), outage(life, "b", true, later("<!doctype html>")), outage(life + 29, "b", false), pass(life + 30, "b", true, { keys: [a, b] })),
  steps(
    "what_is_known_to_be_absent_is_unknown_while_the_set_comes_later",
    pass(0, "a", true, cached("max-age=60")),
    refuse(40, "b", "key_unknown", true, cached("max-age=60")),
    refuse(100, "b", "key_unknown", true, later([a, b])),
    pass(101, "b", false),
  ),
  steps("a_token_without_kid_waits_for_no_set_that_comes_later", pass(0, "a", true, { keys: [a, b] }), refuse(life, signed(null, start + life), "key_required", true, later([a])), pass(life + 1, signed(null, start + life + 1), false)),

  // Without a set
  steps("without_a_set_a_failure_is_unavailable_and_five_seconds_pass", outage(0, "a", true), outage(4, "a", false, fetched), pass(5, "a", true, fetched), pass(6, "a", false)),
  steps("each_failure_begins_its_five_seconds_anew", outage(0, "a", true), outage(5, "a", true), outage(9, "a", false, fetched), pass(10, "a", true, fetched)),
  steps("beyond_the_day_five_seconds_pass_too", pass(0, "a", true, fetched), outage(life + day, "a", true), outage(life + day + 4, "a", false, fetched), pass(life + day + 5, "a", true, fetched)),
  steps("the_wait_of_a_stale_set_ends_with_it", pass(0, "a", true, fetched), pass(life + day - 1, "a", true), outage(life + day, "a", false, fetched), outage(life + day + 3, "a", false, fetched), pass(life + day + 4, "a", true, fetched)),
  steps("a_wait_is_not_shortened_by_another_token", outage(0, "a", true), outage(1, "b", false, { keys: [a, b] }), outage(2, "gone", false, { keys: [a, b] }), pass(5, "b", true, { keys: [a, b] })),
  steps(
    "a_wait_holds_on_a_public_route_too",
    outage(0, "a", true),
    { ...outage(1, "a", false, fetched), ...withToken(signed("a", start + 1), "/public") },
    { now: start + 2, request: request("GET", "/public"), expect: allowed(guest(), "GET /public"), asked: [] },
  ),

  // A clock that goes back
  steps("before_the_moment_of_its_fetch_a_set_is_fetched_anew", pass(0, "a", true, fetched), pass(-1, "a", true, fetched), pass(0, "a", false)),
  steps("before_the_moment_of_its_fetch_a_set_is_nobody_s", pass(0, "a", true, fetched), outage(-1, "a", true), pass(0, "a", false)),
  steps("long_before_its_fetch_a_set_is_nobody_s", pass(0, "a", true, fetched), outage(-3 * day, "a", true)),

  // Unknown keys
  steps("an_unknown_key_is_fetched_for", pass(0, "a", true, fetched), pass(30, "b", true, { keys: [a, b] }), pass(31, "a", false), pass(32, "b", false)),
  steps("an_unknown_key_waits_thirty_seconds_after_the_fetch", pass(0, "a", true, fetched), refuse(1, "b", "key_unknown", false, { keys: [a, b] }), refuse(29, "b", "key_unknown", false, { keys: [a, b] }), pass(30, "b", true, { keys: [a, b] })),
  steps("those_who_are_known_do_not_wait", pass(0, "a", true, fetched), refuse(1, "b", "key_unknown", false), pass(2, "a", false), refuse(30, "b", "key_unknown", true, fetched), pass(31, "a", false)),
  steps("an_unknown_key_that_the_first_set_lacks_is_unknown", refuse(0, "gone", "key_unknown", true, fetched), pass(1, "a", false)),
  steps(
    "a_flood_of_unknown_keys_is_one_fetch_in_thirty_seconds",
    pass(0, "a", true, fetched),
    refuse(30, "x1", "key_unknown", true, fetched),
    refuse(31, "x2", "key_unknown", false),
    refuse(45, "x3", "key_unknown", false),
    refuse(59, "x4", "key_unknown", false),
    refuse(60, "x5", "key_unknown", true, fetched),
    refuse(61, "x6", "key_unknown", false),
    pass(62, "a", false),
  ),
  steps("a_failed_fetch_for_an_unknown_key_is_unavailable", pass(0, "a", true, fetched), outage(30, "b", true), pass(31, "a", false), pass(60, "b", true, { keys: [a, b] })),
  steps("a_failed_fetch_counts_for_the_wait_of_unknown_keys", pass(0, "a", true, fetched), outage(30, "b", true), outage(59, "b", false, { keys: [a, b] }), pass(60, "b", true, { keys: [a, b] })),
  steps("a_stale_set_that_was_not_replaced_counts_for_the_wait_of_unknown_keys", pass(0, "a", true, fetched), pass(life, "a", true), outage(life + 29, "b", false, { keys: [a, b] }), pass(life + 30, "b", true, { keys: [a, b] })),
  steps("an_unknown_key_of_a_stale_set_is_in_the_newer_one", pass(0, "a", true, fetched), pass(life, "b", true, { keys: [a, b] }), pass(life + 1, "a", false)),
  steps("an_unknown_key_is_fetched_for_once_where_the_set_is_stale", pass(0, "a", true, fetched), refuse(life, "gone", "key_unknown", true, fetched), pass(life + 1, "a", false)),
  steps("a_set_that_came_for_an_unknown_key_begins_to_live_then", pass(0, "a", true, fetched), pass(100, "b", true, { keys: [a, b] }), pass(100 + life - 1, "a", false), pass(100 + life, "a", true, fetched)),
  steps("a_token_without_kid_is_no_unknown_key", pass(0, "a", true, { keys: [a, b] }), refuse(100, signed(null, start + 100), "key_required", false, { keys: [a] })),
  steps("a_forged_signature_fetches_nothing", pass(0, "a", true, fetched), refuse(100, forged, "signature_invalid", false, { keys: [a, b] })),
  steps("a_known_key_for_another_algorithm_fetches_nothing", pass(0, "a", true, fetched), refuse(100, hs256, "algorithm_not_allowed", false, fetched)),

  // What is known to be absent
  steps("a_key_that_a_fetch_did_not_bring_is_not_fetched_for_again_so_soon", refuse(0, "gone", "key_unknown", true, fetched), refuse(30, "gone", "key_unknown", false, fetched), refuse(119, "gone", "key_unknown", false, fetched), refuse(120, "gone", "key_unknown", true, fetched)),
  steps("what_is_known_to_be_absent_is_counted_from_its_own_fetch", pass(0, "a", true, fetched), refuse(30, "gone", "key_unknown", true, fetched), refuse(149, "gone", "key_unknown", false, fetched), refuse(150, "gone", "key_unknown", true, fetched)),
  steps("what_is_known_to_be_absent_keeps_no_other_waiting", refuse(0, "gone", "key_unknown", true, fetched), refuse(30, "gone", "key_unknown", false, fetched), pass(31, "b", true, { keys: [a, b] })),
  steps("a_fetch_that_failed_says_of_no_key_that_it_is_absent", pass(0, "a", true, fetched), outage(30, "b", true), pass(60, "b", true, { keys: [a, b] })),
  steps("a_key_that_was_absent_is_used_as_soon_as_a_set_has_it", refuse(0, "b", "key_unknown", true, fetched), refuse(30, "other", "key_unknown", true, { keys: [a, b] }), pass(31, "b", false)),
  steps(
    "a_set_that_has_a_key_forgets_that_it_was_absent",
    refuse(0, "b", "key_unknown", true, fetched),
    refuse(30, "x1", "key_unknown", true, { keys: [a, b] }),
    refuse(60, "x2", "key_unknown", true, fetched),
    pass(90, "b", true, { keys: [a, b] }),
  ),
  steps("a_kid_of_128_bytes_is_remembered_as_absent", refuse(0, longest, "key_unknown", true, fetched), refuse(30, longest, "key_unknown", false, fetched)),
  steps("a_kid_of_129_bytes_is_not_remembered", refuse(0, tooLong, "key_unknown", true, fetched), refuse(30, tooLong, "key_unknown", true, fetched)),
  steps("the_bytes_of_a_kid_are_those_of_utf8", refuse(0, longestInUtf8, "key_unknown", true, fetched), refuse(30, longestInUtf8, "key_unknown", false, fetched), refuse(31, tooLongInUtf8, "key_unknown", true, fetched), refuse(61, tooLongInUtf8, "key_unknown", true, fetched)),
  steps("a_kid_named_proto_is_remembered_as_any_other", refuse(0, "__proto__", "key_unknown", true, fetched), refuse(30, "__proto__", "key_unknown", false, fetched), refuse(31, "constructor", "key_unknown", true, fetched)),

  // Withdrawn and rotated
  steps("a_withdrawn_key_stops_with_the_new_set", pass(0, old, true, { keys: [a, b] }), pass(1, old, false), pass(life, "b", true, { keys: [b] }), refuse(life + 1, old, "key_unknown", false, fetched)),
  steps("a_withdrawn_key_stops_for_the_request_that_fetched", pass(0, old, true, { keys: [a, b] }), refuse(life, old, "key_unknown", true, { keys: [b] }), pass(life + 1, "b", false)),
  steps("a_key_that_is_withdrawn_later_stops_at_the_next_request", pass(0, old, true, { keys: [a, b] }), pass(life, old, true, later([b])), refuse(life + 1, old, "key_unknown", false, fetched), pass(life + 2, "b", false)),
  steps("a_key_that_an_unknown_one_shows_to_be_withdrawn_stops", pass(0, old, true, fetched), pass(1, old, false), pass(100, "b", true, { keys: [b] }), refuse(101, old, "key_unknown", false, fetched)),
  steps("a_withdrawn_key_is_fetched_for_as_an_unknown_one", pass(0, old, true, { keys: [a, b] }), pass(life, "b", true, { keys: [b] }), refuse(life + 30, old, "key_unknown", true, { keys: [b] }), refuse(life + 60, old, "key_unknown", false, fetched)),
  steps("a_withdrawn_key_may_come_back", pass(0, old, true, { keys: [a, b] }), pass(life, "b", true, { keys: [b] }), pass(life + 30, old, true, { keys: [a, b] })),
  steps("another_key_under_the_same_kid_ends_the_tokens_of_the_first", pass(0, old, true, fetched), pass(1, old, false), refuse(life, old, "signature_invalid", true, { keys: [{ ...b, kid: "a" }] }), refuse(life + 1, old, "signature_invalid", false)),
  steps("a_second_key_under_the_same_kid_makes_it_ambiguous", pass(0, old, true, fetched), refuse(life, old, "key_ambiguous", true, { keys: [a, { ...b, kid: "a" }] }), refuse(life + 1, old, "key_ambiguous", false)),
  steps(
    "a_key_that_is_there_twice_takes_no_other_s_place",
    pass(0, old, true, { keys: [a, b] }),
    pass(1, oldOfB, false),
    refuse(life, "a", "key_ambiguous", true, { keys: [a, a] }),
    refuse(life + 1, oldOfB, "key_unknown", false),
    refuse(life + 2, old, "key_ambiguous", false),
  ),
  steps("a_key_that_is_there_twice_later_takes_no_other_s_place", pass(0, oldOfB, true, { keys: [a, b] }), pass(life, oldOfB, true, later([a, a])), refuse(life + 1, oldOfB, "key_unknown", false)),
  steps("a_key_that_is_there_twice_from_now_on_is_ambiguous", pass(0, old, true, fetched), pass(1, old, false), pass(life, old, true, later([a, a])), refuse(life + 1, old, "key_ambiguous", false)),
  steps("a_key_that_was_there_twice_is_taken_when_it_is_there_once", refuse(0, old, "key_ambiguous", true, { keys: [a, a] }), pass(life, old, true, fetched)),
  steps("the_order_of_a_set_changes_nothing", pass(0, old, true, { keys: [a, b] }), pass(1, oldOfB, false), pass(life, "a", true, { keys: [b, a] }), pass(life + 1, old, false), pass(life + 2, oldOfB, false)),
  steps("the_order_of_a_set_changes_nothing_later", pass(0, old, true, { keys: [a, b] }), pass(1, oldOfB, false), pass(life, old, true, later([b, a])), pass(life + 1, oldOfB, false), pass(life + 2, old, false)),
  steps(
    "a_second_key_under_the_same_kid_makes_it_ambiguous_for_tokens_that_were_seen_before",
    pass(0, old, true, { keys: [a, b] }),
    pass(1, oldOfB, false),
    pass(life, "b", true, { keys: [a, { ...b, kid: "a" }, b] }),
    refuse(life + 1, old, "key_ambiguous", false),
    pass(life + 2, oldOfB, false),
  ),
  steps("a_second_key_in_the_place_of_another_makes_a_kid_ambiguous_for_tokens_that_were_seen_before", pass(0, old, true, { keys: [a, b] }), pass(life, old, true, later([a, { ...b, kid: "a" }])), refuse(life + 1, old, "key_ambiguous", false), refuse(life + 2, oldOfB, "key_unknown", false)),
  steps("a_second_key_of_another_algorithm_under_the_same_kid_leaves_it_plain", pass(0, old, true, fetched), pass(life, old, true, later([a, publicJwk("p256", { kid: "a" })])), pass(life + 1, old, false)),
  steps("a_withdrawn_key_stops_though_another_came_for_it", pass(0, oldOfB, true, { keys: [a, b] }), pass(life, "a", true, { keys: [a, { ...b, kid: "c" }] }), refuse(life + 1, oldOfB, "key_unknown", false)),
  steps("a_key_that_is_for_encryption_from_now_on_stops", pass(0, old, true, { keys: [a, b] }), refuse(life, old, "key_unknown", true, { keys: [{ ...a, use: "enc" }, b] }), pass(life + 1, "b", false)),
  steps(
    "keys_rotate",
    pass(0, "a", true, fetched),
    pass(100, "b", true, { keys: [a, b] }),
    pass(101, "a", false),
    pass(700, "a", true, { keys: [b, a] }),
    pass(1300, "b", true, { keys: [b] }),
    refuse(1301, "a", "key_unknown", false),
    pass(1302, "b", false),
  ),

  // What never replaces a set
  ...Object.entries(noSets).flatMap(([name, body]) => [
    steps(`${name}_replaces_no_stale_set`, pass(0, "a", true, fetched), pass(life, "a", true, { keys: body }), pass(life + 29, "a", false), pass(life + 30, "a", true, fetched)),
    steps(`${name}_replaces_no_fresh_set`, pass(0, "a", true, fetched), outage(30, "b", true, { keys: body }), pass(31, "a", false), pass(60, "b", true, { keys: [a, b] })),
  ]),
  steps("a_page_is_no_first_set", outage(0, "a", true, { keys: noSets.a_page }), outage(4, "a", false, fetched), pass(5, "a", true, fetched)),
  steps("an_empty_set_is_no_first_set", outage(0, "a", true, { keys: [] }), outage(4, "a", false, fetched), pass(5, "a", true, fetched)),
  steps("a_set_of_100_keys_replaces_a_stale_one", pass(0, "a", true, fetched), pass(life, "a", true, { keys: manyKeys(100) }), pass(life + 1, signed("k99", start + life + 1), false)),
  steps("a_set_of_65536_bytes_replaces_a_stale_one", pass(0, "a", true, { keys: [a, b] }), pass(life, "a", true, { keys: padded(65_536) }), refuse(life + 1, "b", "key_unknown", false)),
  steps("a_set_with_one_usable_key_replaces_a_stale_one", pass(0, "a", true, fetched), refuse(life, "a", "key_unknown", true, { keys: [{ ...a, use: "enc" }, { kty: "AKP" }, b] }), pass(life + 1, "b", false)),
];
