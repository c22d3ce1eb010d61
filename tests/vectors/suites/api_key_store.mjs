// API keys that the host looks up: what it is asked, what its answer is worth, and for how long.

import { apiKey, apiKeyHash } from "../forge/api_key.mjs";
import { allowed, invalidApiKey, invalidToken, permissionDenied, principal, scopeMissing, unauthenticated, unavailable } from "../forge/expect.mjs";
import { request, withToken } from "../forge/request.mjs";
import { pushedFact, factName } from "../forge/revocation.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, issuer, now, usual } from "../forge/token.mjs";

export const about = "API keys that the host looks up: by their hash alone, behind form and checksum; what its answer may say, and how long it is remembered.";

const policy = {
  policy: "api_key_store",
  revision: 1,
  subject: { attributes: { owner: "string" } },
  resources: { article: { actions: ["update"], attributes: { author_id: "string" } } },
  permissions: ["read_data", "write_data"],
  roles: { service: { permits: ["read_data"] }, tool: { permits: [{ permission: "article:update", when: "resource.author_id == subject.owner" }] } },
  routes: [
    { route: "GET /me", allow: "authenticated" },
    { route: "GET /public", allow: "everyone" },
    { route: "GET /data", permission: "read_data" },
    { route: "POST /data", permission: "write_data" },
    { route: "POST /export", scope: "export" },
    { route: "PUT /articles/{id}", permission: "article:update" },
  ],
};

const issuers = [{ issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] } }];
const base = { prefix: "wicket", idPrefix: "key:" };

const body = "0OIl1abcdefghijkLMNOPQRSTUVwx9";
const key = apiKey("wicket", body);
const other = apiKey("wicket", "B".repeat(30));
const nearer = apiKey("wicket_ci", body);
const nearerStored = apiKey("wicket_app", body);
const outer = apiKey("wick", body);
const listedText = "a-listed-key-of-more-than-32-characters";
const plainLookalike = "wicket_a-listed-key-of-more-than-32-characters";

const listed = [
  { id: "ci", prefix: "wicket_ci", hash: apiKeyHash(nearer), roles: ["service"] },
  { id: "outer", prefix: "wick", hash: apiKeyHash(outer) },
  { id: "plain", hash: apiKeyHash(listedText) },
  { id: "lookalike", hash: apiKeyHash(plainLookalike) },
];

const site = (store = {}, more = {}) => ({ policy, trust: { apiKeyStore: { ...base, ...store }, ...more } });

export const configs = {
  alone: site(),
  remembered: site({ maxAge: 60 }),
  beside: site({}, { issuers, apiKeys: listed }),
  some: site({ asserts: { roles: ["service"], permissions: ["write_data"], scopes: ["export"] } }),
  all: site({ asserts: { roles: true, permissions: true, scopes: true } }),
  none: site({ asserts: {} }),
  pushed: site({ maxAge: 3600 }, { revocation: {} }),
  asked_twice: site({ maxAge: 3600 }, { revocation: { source: "store", maxAge: 0 } }),
  asked_twice_kept: site({ maxAge: 3600 }, { revocation: { source: "store", maxAge: 60 } }),
  lenient: site({}, { revocation: { source: "store", onUnavailable: "allow" } }),
  renamed: site({}, { credentials: { apiKeyHeader: "x-wicket" }, realm: "wicket" }),
};

const service = (id, members = {}) => principal({ kind: "service", id: `key:${id}`, issuer: null, ...members });
const facts = (members = {}) => ({ apiKey: { owner: null, expires: null, dropped: null, ...members } });
const letIn = (who, route, apiKeyFacts = {}, members = {}) => ({ ...allowed(who, route, members), ...facts(apiKeyFacts) });
const by = (text, [method, url] = ["GET", "/me"], header = "x-api-key") => request(method, url, [[header, text]]);
const ask = (text) => `apiKey ${apiKeyHash(text)}`;
const holds = (entry, text = key) => ({ [apiKeyHash(text)]: entry });
const k1 = { id: "k1" };

const answered = (name, entry, expect, more = {}) => ({ name, request: by(key), apiKeys: holds(entry), expect, ...more });
const is = (name, entry, expect, [method, url], config) => ({ name, config, request: by(key, [method, url]), apiKeys: holds(entry), expect });

const unreadable = {
  no_entry: {},
  an_empty_id: { id: "" },
  an_id_that_is_no_text: { id: 1 },
  an_id_that_is_null: { id: null },
  roles_that_are_one_text: { ...k1, roles: "service" },
  roles_that_are_null: { ...k1, roles: null },
  a_role_that_is_no_text: { ...k1, roles: ["service", 1] },
  permissions_that_are_an_object: { ...k1, permissions: {} },
  scopes_that_are_a_text: { ...k1, scopes: "export" },
  an_end_that_is_null: { ...k1, notAfter: null },
  an_end_that_is_a_text: { ...k1, notAfter: "2026-11-23" },
  an_end_before_1970: { ...k1, notAfter: -1 },
  an_end_with_a_fraction: { ...k1, notAfter: now + 0.5 },
  an_end_of_another_name: { ...k1, not_after: now },
  an_owner_that_is_null: { ...k1, owner: null },
  an_owner_that_is_empty: { ...k1, owner: "" },
  an_assignment_without_a_role: { ...k1, assignments: [{ tenant: "t1" }] },
  an_assignment_with_a_member_too_many: { ...k1, assignments: [{ role: "service", until: now }] },
  a_hash: { ...k1, hash: apiKeyHash(key) },
  a_prefix: { ...k1, prefix: "wicket" },
  a_kind: { ...k1, kind: "user" },
  attributes: { ...k1, attributes: {} },
};

export const cases = [
  answered("a_key_that_the_host_knows_is_a_service", k1, letIn(service("k1"), "GET /me"), { asked: [ask(key)] }),
  { name: "a_key_that_the_host_does_not_know", request: by(key), expect: invalidApiKey("api_key_unknown"), asked: [ask(key)] },
  { name: "a_key_that_only_another_one_s_entry_is_there_for", request: by(key), apiKeys: holds(k1, other), expect: invalidApiKey("api_key_unknown"), asked: [ask(key)] },
  { name: "a_host_that_fails", request: by(key), apiKeys: "fails", expect: unavailable("api_key_unavailable"), asked: [ask(key)] },
  { name: "a_host_that_fails_on_a_public_route", request: by(key, ["GET", "/public"]), apiKeys: "fails", expect: unavailable("api_key_unavailable") },
  { name: "an_unknown_key_on_a_public_route", request: by(key, ["GET", "/public"]), expect: invalidApiKey("api_key_unknown") },
  { name: "a_request_without_a_key_asks_nobody", request: request("GET", "/me", []), expect: unauthenticated("authentication_missing", 'ApiKey realm="api"'), asked: [] },

  { name: "a_mistyped_key_asks_nobody", request: by(key.replace("0OIl1", "OOIl1")), expect: invalidApiKey("api_key_checksum"), asked: [] },
  { name: "a_key_whose_checksum_is_another_asks_nobody", request: by(`${key.slice(0, -1)}${key.endsWith("0") ? "1" : "0"}`), expect: invalidApiKey("api_key_checksum"), asked: [] },
  { name: "a_key_that_is_cut_short_asks_nobody", request: by(key.slice(0, -1)), expect: invalidApiKey("api_key_malformed"), asked: [] },
  { name: "a_key_that_is_longer_asks_nobody", request: by(`${key}0`), expect: invalidApiKey("api_key_malformed"), asked: [] },
  { name: "a_prefix_alone_asks_nobody", request: by("wicket_"), expect: invalidApiKey("api_key_malformed"), asked: [] },
  { name: "a_prefix_without_its_underscore_is_another_s", request: by(`wicket${body}${"0".repeat(7)}`), expect: invalidApiKey("api_key_unknown"), asked: [] },
  { name: "a_prefix_of_another_case_is_another_s", request: by(apiKey("Wicket", body)), expect: invalidApiKey("api_key_unknown"), asked: [] },
  { name: "a_letter_beyond_base62_asks_nobody", request: by(`${key.slice(0, 10)}-${key.slice(11)}`), expect: invalidApiKey("api_key_malformed"), asked: [] },

  { name: "a_listed_key_whose_prefix_is_longer_is_the_document_s", config: "beside", request: by(nearer, ["GET", "/data"]), expect: allowed(principal({ kind: "service", id: "ci", issuer: null, roles: ["service"] }), "GET /data", { permission: "read_data" }), asked: [] },
  { name: "a_key_of_that_longer_prefix_that_is_not_listed_asks_nobody", config: "beside", request: by(apiKey("wicket_ci", "Z".repeat(30))), apiKeys: holds(k1, apiKey("wicket_ci", "Z".repeat(30))), expect: invalidApiKey("api_key_unknown"), asked: [] },
  { name: "a_listed_key_whose_prefix_is_shorter_is_the_document_s", config: "beside", request: by(outer), expect: allowed(principal({ kind: "service", id: "outer", issuer: null }), "GET /me"), asked: [] },
  { name: "a_longer_prefix_that_nobody_has_is_none", config: "beside", request: by(nearerStored), apiKeys: holds(k1, nearerStored), expect: invalidApiKey("api_key_malformed"), asked: [] },
  { name: "a_listed_key_without_a_prefix_is_the_document_s", config: "beside", request: by(listedText), expect: allowed(principal({ kind: "service", id: "plain", issuer: null }), "GET /me"), asked: [] },
  { name: "a_listed_key_that_looks_like_one_of_the_store_s_is_malformed", config: "beside", request: by(plainLookalike), expect: invalidApiKey("api_key_malformed"), asked: [] },
  { name: "a_key_of_the_store_beside_listed_ones", config: "beside", request: by(key), apiKeys: holds(k1), expect: letIn(service("k1"), "GET /me"), asked: [ask(key)] },
  { name: "a_token_beside_the_store", config: "beside", ...withToken(usual()), expect: allowed(principal(), "GET /me"), asked: [] },
  { name: "a_token_whose_subject_would_be_a_key", config: "beside", ...withToken(usual({ sub: "key:k1" })), expect: invalidToken("subject_conflict", 'Bearer realm="api", error="invalid_token", error_description="Invalid or expired token"') },
  { name: "the_header_has_the_name_that_is_said", config: "renamed", request: by(key, ["GET", "/me"], "X-Wicket"), apiKeys: holds(k1), expect: letIn(service("k1"), "GET /me") },
  { name: "the_challenge_has_the_realm_that_is_said", config: "renamed", request: by(key, ["GET", "/me"], "x-wicket"), expect: invalidApiKey("api_key_unknown", 'ApiKey realm="wicket"') },

  is("a_role_of_the_entry_permits", { ...k1, roles: ["service"] }, letIn(service("k1", { roles: ["service"] }), "GET /data", {}, { permission: "read_data" }), ["GET", "/data"]),
  is("without_a_role_nothing_permits", k1, permissionDenied(), ["GET", "/data"]),
  is("a_permission_is_not_believed_where_nothing_is_said", { ...k1, permissions: ["write_data"] }, permissionDenied(), ["POST", "/data"]),
  is("a_permission_is_believed_where_that_is_said", { ...k1, permissions: ["write_data"] }, letIn(service("k1", { permissions: ["write_data"] }), "POST /data", {}, { permission: "write_data" }), ["POST", "/data"], "all"),
  is("a_scope_of_the_entry_counts", { ...k1, scopes: ["export"] }, letIn(service("k1", { scopes: ["export"] }), "POST /export"), ["POST", "/export"]),
  is("a_scope_is_dropped_where_nothing_may_be_asserted", { ...k1, scopes: ["export"] }, scopeMissing("export"), ["POST", "/export"], "none"),
  is(
    "what_may_not_be_asserted_is_dropped_and_told",
    { ...k1, roles: ["service", "tool"], assignments: [{ role: "tool" }, { role: "service", tenant: "t1", notAfter: now + 1 }], permissions: ["read_data", "write_data"], scopes: ["export", "all"] },
    letIn(service("k1", { roles: ["service"], assignments: [{ role: "service", tenant: "t1", notAfter: now + 1 }], permissions: ["write_data"], scopes: ["export"] }), "GET /me", {
      dropped: { roles: ["tool", "tool"], permissions: ["read_data"], scopes: ["all"] },
    }),
    ["GET", "/me"],
    "some",
  ),
  is(
    "what_may_all_be_asserted_is_all_there",
    { ...k1, roles: ["a", "b"], permissions: ["c"], scopes: ["d"] },
    letIn(service("k1", { roles: ["a", "b"], permissions: ["c"], scopes: ["d"] }), "GET /me"),
    ["GET", "/me"],
    "all",
  ),
  is("an_owner_is_told_and_is_an_attribute", { ...k1, owner: "u1" }, letIn(service("k1", { attributes: { owner: "u1" } }), "GET /me", { owner: "u1" }), ["GET", "/me"]),
  {
    name: "a_condition_reads_the_owner",
    request: by(key, ["PUT", "/articles/7"]),
    apiKeys: holds({ ...k1, owner: "u1", roles: ["tool"] }),
    resources: { article: { 7: { author_id: "u1" } } },
    expect: letIn(service("k1", { roles: ["tool"], attributes: { owner: "u1" } }), "PUT /articles/{id}", { owner: "u1" }, { permission: "article:update", resource: { type: "article", id: "7" } }),
    asked: [ask(key), "resource article/7"],
  },
  answered("an_id_may_look_like_an_issuer_s", { id: "https://id.example|u1" }, letIn(service("https://id.example|u1"), "GET /me")),
  answered("an_id_may_have_the_prefix_itself", { id: "key:k1" }, letIn(service("key:k1"), "GET /me")),
  answered("a_name_that_every_object_has_is_an_id", { id: "__proto__" }, letIn(service("__proto__"), "GET /me")),

  answered("a_key_that_ends_later", { ...k1, notAfter: now + 1 }, letIn(service("k1"), "GET /me", { expires: now + 1 })),
  answered("a_key_that_ends_now", { ...k1, notAfter: now }, invalidApiKey("api_key_expired")),
  answered("a_key_that_ended_long_ago", { ...k1, notAfter: 0 }, invalidApiKey("api_key_expired")),

  ...Object.entries(unreadable).map(([what, entry]) => answered(`an_answer_with_${what}`, entry, unavailable("api_key_unavailable"))),

  {
    name: "an_answer_is_not_remembered_where_nothing_is_said",
    steps: [
      { request: by(key), apiKeys: holds(k1), expect: letIn(service("k1"), "GET /me"), asked: [ask(key)] },
      { request: by(key), apiKeys: holds({ id: "k2" }), expect: letIn(service("k2"), "GET /me"), asked: [ask(key)] },
      { request: by(key), expect: invalidApiKey("api_key_unknown"), asked: [ask(key)] },
    ],
  },
  {
    name: "an_answer_is_remembered_for_its_time",
    config: "remembered",
    steps: [
      { request: by(key), apiKeys: holds(k1), expect: letIn(service("k1"), "GET /me"), asked: [ask(key)] },
      { request: by(other), apiKeys: holds({ id: "k2" }, other), expect: letIn(service("k2"), "GET /me"), asked: [ask(other)] },
      { now: now + 59, request: by(key), expect: letIn(service("k1"), "GET /me"), asked: [] },
      { now: now + 60, request: by(key), expect: invalidApiKey("api_key_unknown"), asked: [ask(key)] },
      { now: now + 60, request: by(key), apiKeys: holds(k1), expect: letIn(service("k1"), "GET /me"), asked: [ask(key)] },
      { now: now + 59, request: by(key), apiKeys: "fails", expect: unavailable("api_key_unavailable"), asked: [ask(key)] },
    ],
  },
  {
    name: "a_key_ends_though_its_entry_is_remembered",
    config: "remembered",
    steps: [
      { request: by(key), apiKeys: holds({ ...k1, notAfter: now + 10 }), expect: letIn(service("k1"), "GET /me", { expires: now + 10 }), asked: [ask(key)] },
      { now: now + 9, request: by(key), expect: letIn(service("k1"), "GET /me", { expires: now + 10 }), asked: [] },
      { now: now + 10, request: by(key), apiKeys: holds({ ...k1, notAfter: now + 10 }), expect: invalidApiKey("api_key_expired"), asked: [ask(key)] },
    ],
  },
  {
    name: "a_failure_is_not_remembered",
    config: "remembered",
    steps: [
      { request: by(key), apiKeys: "fails", expect: unavailable("api_key_unavailable"), asked: [ask(key)] },
      { request: by(key), apiKeys: holds({}), expect: unavailable("api_key_unavailable"), asked: [ask(key)] },
      { request: by(key), apiKeys: holds(k1), expect: letIn(service("k1"), "GET /me"), asked: [ask(key)] },
    ],
  },
  {
    name: "a_pushed_fact_refuses_what_is_remembered",
    config: "pushed",
    steps: [
      { request: by(key), apiKeys: holds(k1), expect: letIn(service("k1"), "GET /me"), asked: [ask(key)] },
      { push: [pushedFact("apikey", null, "k1", now, now + 60)], request: by(key), expect: letIn(service("k1"), "GET /me"), asked: [] },
      { push: [pushedFact("apikey", null, "key:k1", now, now + 60)], request: by(key), expect: invalidApiKey("api_key_revoked"), asked: [] },
      { now: now + 60, request: by(key), expect: letIn(service("k1"), "GET /me"), asked: [] },
    ],
  },
  {
    name: "the_store_of_revocations_is_asked_behind_it",
    config: "asked_twice",
    steps: [
      { request: by(key), apiKeys: holds(k1), expect: letIn(service("k1"), "GET /me"), asked: [ask(key), "revocation"] },
      { request: by(key), revocations: { [factName("apikey", null, "key:k1")]: 0 }, expect: invalidApiKey("api_key_revoked"), asked: ["revocation"] },
      { request: by(key), revocations: "fails", expect: unavailable("revocation_unavailable"), asked: ["revocation"] },
    ],
  },
  {
    name: "what_the_store_of_revocations_says_is_believed_for_its_time",
    config: "asked_twice_kept",
    steps: [
      { request: by(key), apiKeys: holds(k1), expect: letIn(service("k1"), "GET /me"), asked: [ask(key), "revocation"] },
      { now: now + 59, request: by(key), expect: letIn(service("k1"), "GET /me"), asked: [] },
      { now: now + 60, request: by(key), expect: letIn(service("k1"), "GET /me"), asked: ["revocation"] },
    ],
  },
  { name: "revocations_that_nobody_tells_may_let_pass_and_keys_that_nobody_knows_may_not", config: "lenient", request: by(key), apiKeys: "fails", revocations: "fails", expect: unavailable("api_key_unavailable"), asked: [ask(key)] },
  { name: "revocations_that_nobody_tells_may_let_a_known_key_pass", config: "lenient", request: by(key), apiKeys: holds(k1), revocations: "fails", expect: letIn(service("k1"), "GET /me"), asked: [ask(key), "revocation"] },
];
