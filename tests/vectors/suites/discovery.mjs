// Issuers that say by themselves where their keys are: OpenID Connect Discovery 1.0 §4, RFC 8414 §3.

import { allowed, guest, invalidToken, principal, unavailable } from "../forge/expect.mjs";
import { request, withToken } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, claims, issuer, jwt, now as start } from "../forge/token.mjs";

export const about = "Discovery: where the document is, what it must say, how long it is believed, and when it cannot be had.";

const policy = {
  policy: "discovery",
  revision: 1,
  routes: [
    { route: "GET /me", allow: "authenticated" },
    { route: "GET /public", allow: "everyone" },
  ],
};

const day = 86_400;
const life = 600;
const openid = "https://id.example/.well-known/openid-configuration";
const jwks = "https://id.example/keys";

const site = (...issuers) => ({ policy, trust: { issuers: issuers.map((members) => ({ issuer, audience, ...members })) } });

// Each form of an issuer, and where its document is.
const forms = {
  openid: [{}, openid],
  openid_by_name: [{ discovery: "openid" }, openid],
  openid_slash: [{ issuer: "https://id.example/" }, openid],
  openid_path: [{ issuer: "https://id.example/tenant/a" }, "https://id.example/tenant/a/.well-known/openid-configuration"],
  openid_path_slash: [{ issuer: "https://id.example/tenant/a/" }, "https://id.example/tenant/a/.well-known/openid-configuration"],
  openid_two_slashes: [{ issuer: "https://id.example/tenant//" }, "https://id.example/tenant//.well-known/openid-configuration"],
  openid_port: [{ issuer: "https://id.example:8443/a" }, "https://id.example:8443/a/.well-known/openid-configuration"],
  openid_loopback: [{ issuer: "http://127.0.0.1:8787" }, "http://127.0.0.1:8787/.well-known/openid-configuration"],
  oauth: [{ discovery: "oauth" }, "https://id.example/.well-known/oauth-authorization-server"],
  oauth_slash: [{ discovery: "oauth", issuer: "https://id.example/" }, "https://id.example/.well-known/oauth-authorization-server"],
  oauth_path: [{ discovery: "oauth", issuer: "https://id.example/tenant/a" }, "https://id.example/.well-known/oauth-authorization-server/tenant/a"],
  oauth_path_slash: [{ discovery: "oauth", issuer: "https://id.example/tenant/a/" }, "https://id.example/.well-known/oauth-authorization-server/tenant/a"],
  oauth_port: [{ discovery: "oauth", issuer: "https://id.example:8443/a" }, "https://id.example:8443/.well-known/oauth-authorization-server/a"],
  oauth_loopback: [{ discovery: "oauth", issuer: "http://localhost:8787/realms/a" }, "http://localhost:8787/.well-known/oauth-authorization-server/realms/a"],
};

const otherIssuer = "https://other.example";

export const configs = {
  ...Object.fromEntries(Object.entries(forms).map(([name, [members]]) => [name, site(members)])),
  two: site({}, { issuer: otherIssuer }),
  beside_keys: site({}, { issuer: otherIssuer, jwks: { keys: [publicJwk("stranger_ed25519", { kid: "b" })] } }),
};

const a = publicJwk("ed25519", { kid: "a" });
const b = publicJwk("stranger_ed25519", { kid: "b" });
const set = { keys: [a] };

const signed = (iss, moment = start, kid = "a") =>
  jwt({ alg: "EdDSA", typ: "JWT", kid }, claims({ iss, iat: moment - 10, exp: moment + life }), kid === "b" ? "stranger_ed25519" : "ed25519");

const document = (iss, jwksUri = jwks, members = {}) => ({ issuer: iss, authorization_endpoint: `${iss}/authorize`, jwks_uri: jwksUri, ...members });
const keysOf = (...urls) => urls.map((url) => `keys ${url}`);

const issuerOf = (config) => forms[config][0].issuer ?? issuer;
const wellKnown = (config) => forms[config][1];

/** The document of a form, and the set that it names, are fetched. */
const found = (name, config, jwksUri = jwks) => ({
  name,
  config,
  ...withToken(signed(issuerOf(config))),
  keys: { [wellKnown(config)]: document(issuerOf(config), jwksUri), [jwksUri]: set },
  expect: allowed(principal({ issuer: issuerOf(config) }), "GET /me"),
  asked: keysOf(wellKnown(config), jwksUri),
});

/** A document that says nothing of use: the set is not asked for, though it is there. */
const refused = (name, body, config = "openid") => ({
  name,
  config,
  ...withToken(signed(issuerOf(config))),
  keys: { [wellKnown(config)]: body, [jwks]: set, "http://id.example/keys": set, "http://127.0.0.1/keys": set, "ftp://id.example/keys": set },
  expect: unavailable("keys_unavailable"),
  asked: keysOf(wellKnown(config)),
});
const taken = (name, body, config = "openid") => ({ ...found(name, config), keys: { [wellKnown(config)]: body, [jwks]: set } });

/** A step of the issuer that is discovered by OpenID. `keys` is by url; what is not there fails. */
const step = (after, asked, keys, expect = allowed(principal(), "GET /me"), more = {}) => ({
  now: start + after,
  ...withToken(signed(issuer, start + after)),
  ...(keys === undefined ? {} : { keys }),
  ...more,
  expect,
  asked: keysOf(...asked),
});
const outage = (after, asked, keys) => step(after, asked, keys, unavailable("keys_unavailable"));
const steps = (name, ...list) => ({ name, config: "openid", steps: list });
/** Where the lookup is due again and the host fetches in the background: what it fetches then is behind the answer. */
const behind = (after, keys) => {
  const { asked, ...one } = step(after, [], keys, undefined, { later: true });
  return one;
};

const both = { [openid]: document(issuer), [jwks]: set };
const alone = { [jwks]: set };
const moved = "https://id.example/new-keys";
// A token that is good for two days, so that it is seen before and after a lookup.
const lasting = jwt({ alg: "EdDSA", typ: "JWT", kid: "a" }, claims({ exp: start + 2 * day }), "ed25519");
const fresh = (keys) => ({ keys, cacheControl: { [jwks]: "max-age=86400" } });
const sized = (size) => {
  const text = JSON.stringify(document(issuer, jwks, { pad: "" }));
  return JSON.stringify(document(issuer, jwks, { pad: "x".repeat(size - text.length) }));
};

export const cases = [
  // Where the document is
  found("an_issuer_without_keys_is_discovered", "openid"),
  found("an_issuer_is_discovered_by_openid_where_it_says_so", "openid_by_name"),
  found("the_slash_behind_an_issuer_is_dropped", "openid_slash"),
  found("an_issuer_with_a_path_is_discovered_below_it", "openid_path"),
  found("the_slash_behind_a_path_is_dropped", "openid_path_slash"),
  found("one_slash_is_dropped_and_no_more", "openid_two_slashes"),
  found("an_issuer_with_a_port_is_discovered_there", "openid_port"),
  found("an_issuer_on_a_loopback_address_is_discovered_over_http", "openid_loopback", "http://127.0.0.1:8787/keys"),
  found("oauth_discovery_has_its_own_document", "oauth"),
  found("oauth_discovery_of_an_issuer_with_a_slash_drops_it", "oauth_slash"),
  found("oauth_discovery_stands_between_host_and_path", "oauth_path"),
  found("oauth_discovery_drops_the_slash_behind_a_path", "oauth_path_slash"),
  found("oauth_discovery_stands_behind_the_port", "oauth_port"),
  found("oauth_discovery_on_a_loopback_address_is_over_http", "oauth_loopback", "http://localhost:8787/keys"),
  found("keys_may_be_at_another_host", "openid", "https://keys.example/a/b?version=1"),
  {
    ...found("a_document_at_the_place_of_the_other_kind_is_not_looked_for", "oauth"),
    keys: { [openid]: document(issuer), [jwks]: set },
    expect: unavailable("keys_unavailable"),
    asked: keysOf(wellKnown("oauth")),
  },
  {
    ...found("an_openid_document_at_the_oauth_place_is_not_looked_for", "openid"),
    keys: { [wellKnown("oauth")]: document(issuer), [jwks]: set },
    expect: unavailable("keys_unavailable"),
    asked: keysOf(openid),
  },

  // The issuer of the document is the one that was asked for, to the letter
  refused("a_document_of_another_issuer_is_refused", document("https://evil.example")),
  refused("a_document_of_an_issuer_with_a_slash_more_is_refused", document("https://id.example/")),
  refused("a_document_of_an_issuer_with_a_slash_less_is_refused", document("https://id.example"), "openid_slash"),
  refused("a_document_of_an_issuer_in_another_case_is_refused", document("https://ID.example")),
  refused("a_document_of_an_issuer_with_another_path_is_refused", document("https://id.example/tenant/b"), "openid_path"),
  refused("a_document_of_an_issuer_with_a_longer_path_is_refused", document("https://id.example/tenant/ab"), "openid_path"),
  refused("a_document_of_the_host_is_not_one_of_its_tenant", document("https://id.example"), "oauth_path"),
  refused("a_document_of_an_issuer_over_http_is_refused", document("http://id.example")),
  refused("a_document_of_an_issuer_with_its_default_port_is_refused", document("https://id.example:443")),
  refused("a_document_of_an_issuer_with_a_space_is_refused", document("https://id.example ")),
  refused("a_document_without_issuer_is_refused", { jwks_uri: jwks }),
  refused("a_document_whose_issuer_is_null_is_refused", { ...document(issuer), issuer: null }),
  refused("a_document_whose_issuer_is_a_list_is_refused", { ...document(issuer), issuer: [issuer] }),
  refused("a_document_with_two_issuers_is_refused", `{"issuer":"https://evil.example","issuer":"${issuer}","jwks_uri":"${jwks}"}`),

  // The place of the keys
  refused("a_document_without_a_place_of_keys_is_refused", { issuer }),
  refused("a_document_whose_place_of_keys_is_null_is_refused", document(issuer, null)),
  refused("a_document_whose_place_of_keys_is_a_list_is_refused", document(issuer, [jwks])),
  refused("a_document_whose_place_of_keys_is_empty_is_refused", document(issuer, "")),
  refused("a_document_whose_place_of_keys_is_a_path_is_refused", document(issuer, "/keys")),
  refused("a_document_whose_place_of_keys_has_no_scheme_is_refused", document(issuer, "//id.example/keys")),
  refused("keys_over_http_are_refused", document(issuer, "http://id.example/keys")),
  refused("keys_over_http_on_a_loopback_address_are_refused_where_the_issuer_is_elsewhere", document(issuer, "http://127.0.0.1/keys")),
  refused("keys_over_another_scheme_are_refused", document(issuer, "ftp://id.example/keys")),
  refused("keys_in_a_file_are_refused", document(issuer, "file:///etc/keys")),
  refused("keys_over_http_elsewhere_are_refused_for_an_issuer_on_a_loopback_address", document("http://127.0.0.1:8787", "http://id.example/keys"), "openid_loopback"),
  found("keys_over_https_are_taken_for_an_issuer_on_a_loopback_address", "openid_loopback"),
  {
    ...found("a_set_in_the_place_of_the_document_is_none", "openid"),
    keys: { [openid]: set },
    expect: unavailable("keys_unavailable"),
    asked: keysOf(openid),
  },

  // A document is no set, and names itself for nobody
  refused("a_document_that_names_itself_is_refused", document(issuer, openid)),
  refused("a_document_that_names_itself_and_holds_keys_is_refused", document(issuer, openid, { keys: [a] })),
  refused("an_oauth_document_that_names_itself_is_refused", document(issuer, wellKnown("oauth")), "oauth"),
  {
    ...found("a_document_that_names_itself_with_a_query_is_fetched_as_a_set_once", "openid"),
    keys: { [openid]: document(issuer, `${openid}?`), [`${openid}?`]: document(issuer, `${openid}?`) },
    expect: unavailable("keys_unavailable"),
    asked: keysOf(openid, `${openid}?`),
  },
  {
    ...found("the_document_of_the_other_kind_is_no_set", "openid"),
    keys: { [openid]: document(issuer, wellKnown("oauth")), [wellKnown("oauth")]: document(issuer) },
    expect: unavailable("keys_unavailable"),
    asked: keysOf(openid, wellKnown("oauth")),
  },

  // The document is one
  refused("an_empty_document_is_refused", ""),
  refused("a_page_in_place_of_a_document_is_refused", "<!doctype html><title>Sign in</title>"),
  refused("a_document_that_is_cut_off_is_refused", `{"issuer":"${issuer}","jwks_uri":"${jwks}"`),
  refused("a_document_with_text_behind_it_is_refused", `${JSON.stringify(document(issuer))}x`),
  refused("a_document_that_is_a_list_is_refused", [document(issuer)]),
  refused("a_document_that_is_text_is_refused", JSON.stringify(issuer)),
  refused("a_document_with_two_places_of_keys_is_refused", `{"issuer":"${issuer}","jwks_uri":"https://evil.example/keys","jwks_uri":"${jwks}"}`),
  refused("a_document_with_a_member_twice_is_refused", `{"issuer":"${issuer}","jwks_uri":"${jwks}","a":1,"a":2}`),
  refused("a_document_of_65537_bytes_is_refused", sized(65_537)),
  taken("a_document_of_65536_bytes_is_taken", sized(65_536)),
  taken("a_document_that_says_more_is_taken", document(issuer, jwks, { response_types_supported: ["code"], extra: { a: [1, null] } })),
  taken("a_document_with_white_space_is_taken", `\n ${JSON.stringify(document(issuer), null, 2)}\n`),
  {
    ...found("a_document_that_cannot_be_had_is_unavailable", "openid"),
    keys: alone,
    expect: unavailable("keys_unavailable"),
    asked: keysOf(openid),
  },
  {
    ...found("a_set_that_cannot_be_had_is_unavailable", "openid"),
    keys: { [openid]: document(issuer) },
    expect: unavailable("keys_unavailable"),
    asked: keysOf(openid, jwks),
  },
  {
    ...found("a_page_in_place_of_the_set_is_unavailable", "openid"),
    keys: { [openid]: document(issuer), [jwks]: "<!doctype html>" },
    expect: unavailable("keys_unavailable"),
    asked: keysOf(openid, jwks),
  },
  {
    ...found("an_unknown_key_is_unknown_after_discovery", "openid"),
    ...withToken(signed(issuer, start, "b")),
    expect: invalidToken("key_unknown"),
  },

  // Asked for where it is needed
  { name: "no_credential_discovers_nothing", config: "openid", request: request("GET", "/public"), expect: allowed(guest(), "GET /public"), asked: [] },
  { name: "a_token_of_nobody_s_discovers_nothing", config: "openid", ...withToken(signed("https://evil.example")), expect: invalidToken("issuer_unknown"), asked: [] },
  { name: "an_issuer_discovers_its_own_document_alone", config: "two", ...withToken(signed(issuer)), keys: both, expect: allowed(principal(), "GET /me"), asked: keysOf(openid, jwks) },
  {
    name: "the_document_of_another_issuer_does_not_count",
    config: "two",
    ...withToken(signed(otherIssuer)),
    keys: { ...both, [`${otherIssuer}/.well-known/openid-configuration`]: document(issuer) },
    expect: unavailable("keys_unavailable"),
    asked: keysOf(`${otherIssuer}/.well-known/openid-configuration`),
  },
  {
    name: "an_issuer_with_keys_of_its_own_discovers_nothing",
    config: "beside_keys",
    ...withToken(signed(otherIssuer, start, "b")),
    keys: both,
    expect: allowed(principal({ issuer: otherIssuer }), "GET /me"),
    asked: [],
  },

  // Over time
  steps("the_place_of_the_keys_is_known_for_a_day", step(0, [openid, jwks], both), step(1, [], {}), step(life, [jwks], alone), step(2 * life, [jwks], alone), step(day - 1, [jwks], alone)),
  steps("the_place_of_the_keys_is_looked_up_again_after_a_day", step(0, [openid, jwks], both), step(day, [openid, jwks], both), step(day + life, [jwks], alone), step(2 * day - life, [jwks], alone), step(2 * day, [openid, jwks], both)),
  steps("a_fresh_set_looks_nothing_up", step(0, [openid, jwks], both), step(day - 1, [jwks], alone), step(day, [], {}), step(day - 1 + life, [openid, jwks], both)),
  steps("the_place_of_the_keys_may_change", step(0, [openid, jwks], both), step(day, [openid, moved], { [openid]: document(issuer, moved), [moved]: set }), step(day + life, [moved], { [moved]: set })),
  steps(
    "where_the_lookup_fails_the_known_place_is_used",
    step(0, [openid, jwks], both),
    step(day, [openid, jwks], alone),
    step(day + 1, [], {}),
  ),
  steps(
    "where_the_document_is_another_s_the_known_place_is_used",
    step(0, [openid, jwks], both),
    step(day, [openid, jwks], { [openid]: document("https://evil.example", "https://evil.example/keys"), [jwks]: set, "https://evil.example/keys": { keys: [b] } }),
  ),
  steps(
    "where_the_document_names_itself_the_known_place_is_used",
    step(0, [openid, jwks], both),
    step(day, [openid, jwks], { [openid]: document(issuer, openid), [jwks]: set }),
    step(day + 1, [], {}),
  ),
  steps("after_a_document_that_names_itself_five_seconds_pass", outage(0, [openid], { [openid]: document(issuer, openid) }), outage(4, [], both), step(5, [openid, jwks], both)),

  // Each is fetched once at most for a request
  steps("where_lookup_and_set_fail_the_stale_set_serves_and_each_was_asked_for_once", step(0, [openid, jwks], both), step(day, [openid, jwks], {}), step(day + 29, [], {}), step(day + 30, [openid, jwks], both)),
  steps("where_lookup_and_set_fail_beyond_the_day_each_was_asked_for_once", step(0, [openid, jwks], both), outage(life + day, [openid, jwks], {}), outage(life + day + 4, [], both), step(life + day + 5, [openid, jwks], both)),
  steps("where_the_new_place_fails_the_old_one_is_not_asked", step(0, [openid, jwks], both), step(day, [openid, moved], { [openid]: document(issuer, moved), [jwks]: set })),
  steps(
    "an_unknown_key_after_a_day_asks_for_each_once",
    step(0, [openid, jwks], both),
    step(day - 1, [jwks], alone),
    { ...step(day + 29, [openid, jwks], both, invalidToken("key_unknown")), ...withToken(signed(issuer, start + day + 29, "b")) },
    step(day + 30, [], {}),
  ),
  steps(
    "an_unknown_key_where_lookup_and_set_fail_asks_for_each_once",
    step(0, [openid, jwks], both),
    step(day - 1, [jwks], alone),
    { ...outage(day + 29, [openid, jwks], {}), ...withToken(signed(issuer, start + day + 29, "b")) },
    { ...outage(day + 58, [], both), ...withToken(signed(issuer, start + day + 58, "b")) },
    step(day + 58, [], {}),
  ),
  steps("without_a_set_the_known_place_is_asked_and_the_document_is_not", outage(0, [openid, jwks], { [openid]: document(issuer) }), outage(5, [jwks], {}), outage(10, [jwks], {}), step(15, [jwks], alone)),

  // In the background: the document, and then the set
  steps("a_lookup_in_the_background_fetches_the_set_behind_it", step(0, [openid, jwks], both), behind(day, both), step(day + 1, [], {}), step(day + life - 1, [], {}), step(day + life, [jwks], alone)),
  steps(
    "a_lookup_in_the_background_that_fails_fetches_the_known_place_behind_it",
    { ...step(0, [openid, jwks], both), ...withToken(lasting) },
    { ...behind(day, { [jwks]: { keys: [b] } }), ...withToken(lasting) },
    { ...step(day + 1, [], {}, invalidToken("key_unknown")), ...withToken(lasting) },
    { ...step(day + 2, [], {}), ...withToken(signed(issuer, start + day + 2, "b")) },
  ),
  steps(
    "a_document_of_another_in_the_background_leaves_the_known_place",
    { ...step(0, [openid, jwks], both), ...withToken(lasting) },
    { ...behind(day, { [openid]: document("https://evil.example", moved), [moved]: { keys: [a] }, [jwks]: { keys: [b] } }), ...withToken(lasting) },
    { ...step(day + 1, [], {}, invalidToken("key_unknown")), ...withToken(lasting) },
    { ...step(day + 2, [], {}), ...withToken(signed(issuer, start + day + 2, "b")) },
  ),
  steps(
    "a_document_that_names_itself_in_the_background_leaves_the_known_place",
    { ...step(0, [openid, jwks], both), ...withToken(lasting) },
    { ...behind(day, { [openid]: document(issuer, openid, { keys: [a] }), [jwks]: { keys: [b] } }), ...withToken(lasting) },
    { ...step(day + 1, [], {}, invalidToken("key_unknown")), ...withToken(lasting) },
    { ...step(day + 2, [], {}), ...withToken(signed(issuer, start + day + 2, "b")) },
  ),
  steps(
    "a_lookup_in_the_background_may_name_another_place",
    { ...step(0, [openid, jwks], both), ...withToken(lasting) },
    { ...behind(day, { [openid]: document(issuer, moved), [moved]: { keys: [b] }, [jwks]: set }), ...withToken(lasting) },
    { ...step(day + 1, [], {}, invalidToken("key_unknown")), ...withToken(lasting) },
    { ...step(day + life, [moved], { [moved]: { keys: [b] } }), ...withToken(signed(issuer, start + day + life, "b")) },
  ),
  steps("where_all_fails_in_the_background_the_stale_set_serves", step(0, [openid, jwks], both), behind(day, {}), step(day + 1, [], {}), step(day + 29, [], {}), step(day + 30, [openid, jwks], both)),
  steps("a_set_of_a_day_is_looked_up_in_the_background_when_it_is_stale", { ...step(0, [openid, jwks]), ...fresh(both) }, step(day - 1, [], {}), behind(day, { [jwks]: { keys: [b] } }), step(day + 1, [], {}, invalidToken("key_unknown"))),

  steps("a_document_is_not_believed_for_its_cache_control", step(0, [openid, jwks], both, undefined, { cacheControl: { [openid]: "max-age=60" } }), step(life, [jwks], alone)),
  steps("the_cache_control_of_the_set_is_that_of_the_set", step(0, [openid, jwks], both, undefined, { cacheControl: { [openid]: "max-age=60", [jwks]: "max-age=1200" } }), step(1199, [], {}), step(1200, [jwks], alone)),
  steps("after_a_failed_lookup_five_seconds_pass", outage(0, [openid], alone), outage(4, [], both), step(5, [openid, jwks], both)),
  steps("after_a_failed_set_the_place_is_known", outage(0, [openid, jwks], { [openid]: document(issuer) }), outage(4, [], both), step(5, [jwks], alone)),
  steps("a_stale_set_serves_while_its_issuer_is_down", step(0, [openid, jwks], both), step(life, [jwks], {}), step(life + 29, [], {}), step(life + 30, [jwks], alone)),
  steps("a_discovered_set_beyond_its_day_is_nobody_s", step(0, [openid, jwks], both), outage(life + day, [openid, jwks], {})),
  steps("a_discovered_set_may_come_later", step(0, [openid, jwks], both), step(life, [jwks], alone, undefined, { later: true }), step(life + 1, [], {}), step(2 * life, [jwks], alone)),
  steps(
    "an_unknown_key_fetches_the_set_and_not_the_document",
    step(0, [openid, jwks], both),
    { ...step(30, [jwks], { [jwks]: { keys: [a, b] } }), ...withToken(signed(issuer, start + 30, "b")) },
    step(31, [], {}),
  ),
  steps(
    "a_key_withdrawn_from_a_discovered_set_stops",
    step(0, [openid, jwks], both),
    { ...step(100, [jwks], { [jwks]: { keys: [b] } }), ...withToken(signed(issuer, start + 100, "b")) },
    step(101, [], {}, invalidToken("key_unknown")),
  ),
];
