// Break-glass grants: a signed permission for one principal and a short time, used only where nothing else grants.
// And the documents that say who may give them, and who may sign policies.

import { apiKeyHash } from "../forge/api_key.mjs";
import { allowed, guest, invalidToken, justificationNeeded, notAllowed, notFound, permissionDenied, principal, roleMissing, scopeMissing, strongerNeeded, unavailable } from "../forge/expect.mjs";
import { breakGlass, decidedBy, giver, grant } from "../forge/grant.mjs";
import { bearer, request, withToken } from "../forge/request.mjs";
import { factName, pushedFact } from "../forge/revocation.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, changed, issuer, now, raw, usual, withSignature } from "../forge/token.mjs";

export const about = "Break-glass grants: who may use them, when they decide, and what makes them invalid.";

const policy = {
  policy: "break_glass",
  revision: 1,
  resources: {
    article: { actions: ["read", "update", "delete"], owner: "author_id", attributes: { author_id: "string", status: "string" } },
    secret: { actions: ["read"], hide: true },
    note: { actions: ["read"], tenant: "tenant_id", attributes: { tenant_id: "string" }, fields: ["body"] },
  },
  permissions: ["restart", "halt", "wipe", "read_log"],
  roles: {
    operator: { permits: ["halt"] },
    deputy: { permits: ["halt"], elevated: { acr: ["mfa"] } },
    explainer: { permits: ["restart"], elevated: { justification: true } },
    author: { permits: [{ permission: "article:update", owner: true }] },
    reviewer: { permits: [{ permission: "article:update", when: "resource.status == 'draft'" }] },
    glancer: { permits: [{ permission: "note:read", fields: ["body"] }] },
    requester: { permits: ["halt"] },
    approver: {},
  },
  exclusive: [["requester", "approver"]],
  rules: [
    { id: "never", effect: "deny", permissions: ["wipe"], message: "Nobody wipes." },
    { id: "frozen", effect: "deny", permissions: ["article:update", "article:delete"], when: "resource.status == 'frozen'" },
  ],
  routes: [
    { route: "GET /me", allow: "authenticated" },
    { route: "GET /public", allow: "everyone" },
    { route: "POST /restart", permission: "restart" },
    { route: "POST /halt", permission: "halt" },
    { route: "POST /wipe", permission: "wipe" },
    { route: "GET /log", permission: "read_log", role: "operator" },
    { route: "GET /logs", permission: "read_log", scope: "log" },
    { route: "GET /articles/{id}", permission: "article:read" },
    { route: "PUT /articles/{id}", permission: "article:update" },
    { route: "PATCH /articles/{id}", permission: "article:update", handler: "decides" },
    { route: "DELETE /articles/{id}", permission: "article:delete" },
    { route: "GET /articles", permission: "article:read" },
    { route: "GET /secrets/{id}", permission: "secret:read" },
    { route: "GET /notes/{id}", permission: "note:read" },
  ],
};

const ed = { keys: [publicJwk("ed25519", { kid: "ed" })] };
const keyText = "an-api-key-of-more-than-32-characters-1";
const entry = { issuer, audience, jwks: ed };
const trust = { issuers: [entry], apiKeys: [{ id: "ci", hash: apiKeyHash(keyText) }], breakGlass: breakGlass() };

export const configs = {
  site: { policy, trust },
  short: { policy, trust: { ...trust, breakGlass: breakGlass({ maxLifetime: 60 }) } },
  long: { policy, trust: { ...trust, breakGlass: breakGlass({ maxLifetime: 86_400 }) } },
  named: { policy, trust: { ...trust, breakGlass: breakGlass({ header: "X-Emergency" }) } },
  several: { policy, trust: { ...trust, breakGlass: breakGlass({ audience: ["first", "second"] }) } },
  guests: { policy, trust: { ...trust, guest: { roles: ["operator"] } } },
  prefixed: { policy, trust: { ...trust, issuers: [{ ...entry, idPrefix: "id|" }] } },
  store: { policy, trust: { ...trust, revocation: { source: "store" } } },
  store_allow: { policy, trust: { ...trust, revocation: { source: "store", onUnavailable: "allow" } } },
  waived: { policy, trust: { ...trust, issuers: [{ ...entry, issuer: null }] } },
  without: { policy, trust: { issuers: [entry] } },
};

const header = (given) => ["x-break-glass", typeof given === "string" ? given : given.text];

/** One request of `u1` with these roles and that grant. */
const asks = (name, given, expect, { roles = [], changes = {}, at = ["POST", "/restart"], config = "site", headers = [], ...more } = {}) => ({
  name,
  config,
  about: typeof given === "string" ? undefined : `the grant: ${JSON.stringify(given.note)}`,
  ...withToken(usual({ roles, ...changes }), at[1], at[0], [header(given), ...headers]),
  ...more,
  expect,
});
const plain = (name, expect, options = {}) => {
  const { roles = [], changes = {}, at = ["POST", "/restart"], config = "site", headers = [], ...more } = options;
  return { name, config, ...withToken(usual({ roles, ...changes }), at[1], at[0], headers), ...more, expect };
};

const who = (roles = [], members = {}) => principal({ roles, ...members });
/** Allowed by the grant. */
const byGrant = (route, permission, { claims = {}, roles = [], members = {}, ...more } = {}) => ({
  ...allowed(who(roles, members), route, { permission, elevated: true, ...more }),
  breakGlass: decidedBy(claims),
});
const restarted = (claims = {}) => byGrant("POST /restart", "restart", { claims });
const invalid = invalidToken("break_glass_invalid");
const ended = invalidToken("break_glass_expired");
const others = invalidToken("break_glass_subject");
const of = (id, attributes) => ({ resources: { article: { [id]: attributes } } });
const article = (id) => ({ resource: { type: "article", id } });
const updates = (claims = {}) => grant({ permissions: ["article:update"], ...claims });
const put = ["PUT", "/articles/1"];
const good = grant();
const twoDays = now + 172_800;

export const cases = [
  // It decides where nothing else grants
  asks("a_grant_gives_a_permission_that_nothing_else_grants", good, restarted()),
  plain("without_the_grant_the_permission_is_missing", permissionDenied()),
  asks("a_grant_of_another_permission_gives_nothing", grant({ permissions: ["halt"] }), permissionDenied()),
  asks("a_grant_of_a_permission_that_nobody_declares_gives_nothing", grant({ permissions: ["reboot"] }), permissionDenied()),
  asks("a_grant_of_everything_gives_it", grant({ permissions: ["*"] }), restarted()),
  asks("a_grant_of_several_gives_each", grant({ permissions: ["halt", "restart"] }), restarted()),
  asks("a_grant_of_a_type_gives_its_actions", grant({ permissions: ["article:*"] }), byGrant("GET /articles/{id}", "article:read", article("1")), { at: ["GET", "/articles/1"] }),
  asks("a_grant_of_an_action_gives_it_on_each_type", grant({ permissions: ["*:read"] }), byGrant("GET /articles/{id}", "article:read", article("1")), { at: ["GET", "/articles/1"] }),
  asks("a_grant_of_a_type_gives_no_bare_permission", grant({ permissions: ["restart:*"] }), permissionDenied()),
  asks("a_grant_of_an_action_gives_no_bare_permission", grant({ permissions: ["*:restart"] }), permissionDenied()),
  asks("a_grant_of_all_types_and_actions_is_no_wildcard", grant({ permissions: ["*:*"] }), permissionDenied(), { at: ["GET", "/articles/1"] }),
  asks("a_grant_of_another_type_gives_nothing", grant({ permissions: ["note:*"] }), permissionDenied(), { at: ["GET", "/articles/1"] }),
  asks("a_grant_in_another_case_gives_nothing", grant({ permissions: ["Restart"] }), permissionDenied()),
  asks("a_grant_gives_a_hidden_resource", grant({ permissions: ["secret:read"] }), byGrant("GET /secrets/{id}", "secret:read", { resource: { type: "secret", id: "1" } }), { at: ["GET", "/secrets/1"] }),
  asks("a_grant_of_something_else_hides_on", good, notFound("permission_missing"), { at: ["GET", "/secrets/1"] }),

  // And not where something does
  asks("an_ordinary_grant_decides_before_it", grant({ permissions: ["halt"] }), allowed(who(["operator"]), "POST /halt", { permission: "halt" }), { roles: ["operator"], at: ["POST", "/halt"] }),
  asks("an_elevated_role_decides_before_it", grant({ permissions: ["halt"] }), allowed(who(["deputy"], { acr: "mfa" }), "POST /halt", { permission: "halt", elevated: true }), { roles: ["deputy"], changes: { acr: "mfa" }, at: ["POST", "/halt"] }),
  asks("an_elevated_role_that_wants_a_stronger_sign_in_asks_for_it", grant({ permissions: ["halt"] }), strongerNeeded(', acr_values="mfa"'), { roles: ["deputy"], at: ["POST", "/halt"] }),
  asks("an_elevated_role_that_wants_a_justification_asks_for_it", good, justificationNeeded(), { roles: ["explainer"] }),
  asks("a_route_that_wants_no_permission_needs_no_grant", good, allowed(who(), "GET /me"), { at: ["GET", "/me"] }),
  asks("a_public_route_needs_no_grant", good, allowed(who(), "GET /public"), { at: ["GET", "/public"] }),
  asks("a_grant_gives_no_role", grant({ permissions: ["read_log"] }), roleMissing(), { at: ["GET", "/log"] }),
  asks("a_grant_beside_the_role_gives_the_permission", grant({ permissions: ["read_log"] }), byGrant("GET /log", "read_log", { roles: ["operator"] }), { roles: ["operator"], at: ["GET", "/log"] }),
  asks("a_grant_gives_no_scope", grant({ permissions: ["read_log"] }), scopeMissing("log"), { at: ["GET", "/logs"] }),
  asks("a_grant_gives_no_route", grant({ permissions: ["*"] }), permissionDenied("route_undeclared"), { at: ["GET", "/nowhere"] }),

  // In the place of a grant that does not hold
  asks("a_grant_stands_in_for_ownership", updates(), byGrant("PUT /articles/{id}", "article:update", { roles: ["author"], ...article("1") }), { roles: ["author"], at: put, ...of("1", { author_id: "u2", status: "draft" }) }),
  asks("an_owner_needs_no_grant", updates(), allowed(who(["author"]), "PUT /articles/{id}", { permission: "article:update", ...article("1") }), { roles: ["author"], at: put, ...of("1", { author_id: "u1", status: "draft" }) }),
  asks("a_grant_stands_in_for_a_condition", updates(), byGrant("PUT /articles/{id}", "article:update", { roles: ["reviewer"], ...article("1") }), { roles: ["reviewer"], at: put, ...of("1", { author_id: "u2", status: "published" }) }),
  asks("a_condition_that_holds_needs_no_grant", updates(), allowed(who(["reviewer"]), "PUT /articles/{id}", { permission: "article:update", ...article("1") }), { roles: ["reviewer"], at: put, ...of("1", { author_id: "u2", status: "draft" }) }),
  asks("a_grant_stands_in_for_the_whole_of_an_object", grant({ permissions: ["note:read"] }), byGrant("GET /notes/{id}", "note:read", { roles: ["glancer"], resource: { type: "note", id: "1" } }), { roles: ["glancer"], at: ["GET", "/notes/1"] }),
  asks("a_grant_stands_in_for_roles_that_exclude_each_other", grant({ permissions: ["halt"] }), byGrant("POST /halt", "halt", { roles: ["requester", "approver"] }), { roles: ["requester", "approver"], at: ["POST", "/halt"] }),
  asks("a_resource_that_is_not_there_is_not_found", updates(), notFound(), { roles: ["author"], at: put }),
  asks("a_resource_that_cannot_be_loaded_is_unavailable", updates(), unavailable("resource_unavailable"), { roles: ["author"], at: put, resources: { article: { 1: "fails" } } }),

  // Rules still deny
  asks("a_rule_denies_what_a_grant_gives", grant({ permissions: ["wipe"] }), notAllowed("denied_by_rule", "Nobody wipes."), { at: ["POST", "/wipe"] }),
  plain("without_the_grant_the_permission_and_not_the_rule_is_told", permissionDenied(), { at: ["POST", "/wipe"] }),
  asks("a_rule_on_the_resource_denies_what_a_grant_gives", grant({ permissions: ["article:delete"] }), notAllowed("denied_by_rule"), { at: ["DELETE", "/articles/1"], ...of("1", { author_id: "u2", status: "frozen" }) }),
  asks("a_rule_on_the_resource_lets_a_grant_pass", grant({ permissions: ["article:delete"] }), byGrant("DELETE /articles/{id}", "article:delete", article("1")), { at: ["DELETE", "/articles/1"], ...of("1", { author_id: "u2", status: "draft" }) }),
  asks("a_rule_on_a_resource_that_says_nothing_denies", grant({ permissions: ["article:delete"] }), notAllowed("denied_by_rule"), { at: ["DELETE", "/articles/1"], ...of("1", { author_id: "u2" }) }),
  asks("a_rule_denies_an_owner_with_a_grant", updates(), notAllowed("denied_by_rule"), { roles: ["author"], at: put, ...of("1", { author_id: "u1", status: "frozen" }) }),
  asks("a_rule_that_is_open_is_left_to_the_handler", updates(), byGrant("PATCH /articles/{id}", "article:update", { conditional: true, ...article("1") }), { at: ["PATCH", "/articles/1"] }),

  // One resource
  asks("a_grant_for_one_resource_gives_that_one", updates({ resource: { type: "article", id: "1" } }), byGrant("PUT /articles/{id}", "article:update", article("1")), { at: put, ...of("1", { author_id: "u2", status: "draft" }) }),
  asks("a_grant_for_one_resource_gives_no_other", updates({ resource: { type: "article", id: "2" } }), permissionDenied(), { at: put }),
  asks("a_grant_for_one_resource_gives_none_of_another_type", updates({ resource: { type: "note", id: "1" } }), permissionDenied(), { at: put }),
  asks("a_grant_for_one_resource_gives_no_list", grant({ permissions: ["article:read"], resource: { type: "article", id: "1" } }), permissionDenied(), { at: ["GET", "/articles"] }),
  asks("a_grant_for_one_resource_gives_no_bare_permission", grant({ resource: { type: "article", id: "1" } }), permissionDenied()),
  asks("the_id_is_compared_as_it_is_decoded", grant({ permissions: ["article:read"], resource: { type: "article", id: "a b" } }), byGrant("GET /articles/{id}", "article:read", article("a b")), { at: ["GET", "/articles/a%20b"] }),

  // Whose it is
  asks("a_grant_for_somebody_else_is_refused", grant({ sub: "u2" }), others),
  asks("a_grant_for_somebody_else_is_refused_on_a_public_route", grant({ sub: "u2" }), others, { at: ["GET", "/public"] }),
  asks("a_grant_for_somebody_else_is_refused_where_it_is_not_needed", grant({ sub: "u2", permissions: ["halt"] }), others, { roles: ["operator"], at: ["POST", "/halt"] }),
  asks("a_grant_for_the_id_in_another_case_is_refused", grant({ sub: "U1" }), others),
  asks("a_grant_for_the_id_with_its_prefix_is_taken", grant({ sub: "id|u1" }), { ...restarted(), principal: who([], { id: "id|u1" }) }, { config: "prefixed" }),
  asks("a_grant_for_the_id_without_its_prefix_is_refused", good, others, { config: "prefixed" }),
  { name: "a_grant_proves_nobodys_identity", config: "site", request: request("POST", "/restart", [header(good)]), expect: others },
  { name: "a_guest_uses_no_grant", config: "guests", request: request("POST", "/restart", [header(grant({ sub: "guest" }))]), expect: others },
  { name: "a_guest_without_a_grant_is_a_guest", config: "guests", request: request("POST", "/halt"), expect: allowed(guest(["operator"]), "POST /halt", { permission: "halt" }) },
  { name: "a_service_uses_its_grant", config: "site", request: request("POST", "/restart", [["x-api-key", keyText], header(grant({ sub: "ci" }))]), expect: { ...restarted(), principal: principal({ kind: "service", id: "ci", issuer: null }) } },
  { name: "a_service_uses_no_users_grant", config: "site", request: request("POST", "/restart", [["x-api-key", keyText], header(good)]), expect: others },
  { name: "a_grant_is_no_token", config: "site", token: good.note, request: request("GET", "/me", [bearer(good)]), expect: invalidToken("issuer_unknown") },
  asks("a_token_that_is_refused_is_refused_first", grant({ sub: "u2" }), invalidToken("expired"), { changes: { exp: now - 61 } }),
  asks("a_token_is_no_grant", usual(), invalid),

  // Its time
  asks("a_grant_ends_with_its_second", grant({ exp: now }), ended),
  asks("a_grant_counts_up_to_its_end", grant({ exp: now + 1 }), restarted({ exp: now + 1 })),
  asks("a_grant_that_has_ended_is_refused_before_it_is_anybodys", grant({ exp: now - 1, sub: "u2" }), ended),
  asks("a_grant_of_an_hour_is_taken", grant({ iat: now - 60, exp: now + 3540 }), restarted({ exp: now + 3540 })),
  asks("a_grant_of_more_than_an_hour_is_refused", grant({ iat: now - 60, exp: now + 3541 }), invalid),
  asks("a_grant_of_as_long_as_the_document_says_is_taken", grant({ iat: now - 30, exp: now + 30 }), restarted({ exp: now + 30 }), { config: "short" }),
  asks("a_grant_of_longer_than_the_document_says_is_refused", grant({ iat: now - 30, exp: now + 31 }), invalid, { config: "short" }),
  asks("a_grant_of_a_day_is_taken_where_the_document_says_so", grant({ iat: now - 100, exp: now + 86_300 }), restarted({ exp: now + 86_300 }), { config: "long" }),
  asks("a_grant_of_two_days_is_taken_nowhere", grant({ iat: now, exp: twoDays }), invalid, { config: "long" }),
  asks("a_grant_that_ends_before_it_begins_is_refused", grant({ iat: now, exp: now }), invalid),
  asks("a_grant_of_a_clock_that_is_a_minute_ahead_is_taken", grant({ iat: now + 60 }), restarted()),
  asks("a_grant_of_the_future_is_refused", grant({ iat: now + 61 }), invalid),
  asks("a_grant_that_has_begun_is_taken", grant({ nbf: now }), restarted()),
  asks("a_grant_that_has_not_begun_is_refused", grant({ nbf: now + 1 }), invalid),
  asks("a_grant_whose_beginning_is_text_is_refused", grant({ nbf: String(now - 1) }), invalid),
  asks("a_grant_without_iat_is_refused", grant({ iat: undefined }), invalid),
  asks("a_grant_without_exp_is_refused", grant({ exp: undefined }), invalid),

  // Its form
  ...["sub", "aud", "jti", "given_by", "reason", "permissions", "iss"].map((name) => asks(`a_grant_without_${name}_is_refused`, grant({ [name]: undefined }), invalid)),
  ...["sub", "aud", "jti", "given_by", "reason"].map((name) => asks(`a_grant_with_an_empty_${name}_is_refused`, grant({ [name]: "" }), invalid)),
  ...["sub", "aud", "jti", "given_by", "reason", "permissions"].map((name) => asks(`a_grant_whose_${name}_is_a_number_is_refused`, grant({ [name]: 7 }), invalid)),
  asks("a_reason_of_1024_characters_is_taken", grant({ reason: "é".repeat(1024) }), restarted({ reason: "é".repeat(1024) })),
  asks("a_reason_of_1025_characters_is_refused", grant({ reason: "r".repeat(1025) }), invalid),
  asks("a_giver_of_256_characters_is_taken", grant({ given_by: "g".repeat(256) }), restarted({ given_by: "g".repeat(256) })),
  asks("a_giver_of_257_characters_is_refused", grant({ given_by: "g".repeat(257) }), invalid),
  asks("a_grant_of_no_permission_is_refused", grant({ permissions: [] }), invalid),
  asks("a_grant_of_an_empty_permission_is_refused", grant({ permissions: ["restart", ""] }), invalid),
  asks("a_grant_of_a_permission_that_is_a_number_is_refused", grant({ permissions: ["restart", 7] }), invalid),
  asks("a_grant_whose_permissions_are_text_is_refused", grant({ permissions: "restart" }), invalid),
  asks("a_grant_of_100_permissions_is_taken", grant({ permissions: [...Array.from({ length: 99 }, (_, place) => `p${place}`), "restart"] }), restarted()),
  asks("a_grant_of_101_permissions_is_refused", grant({ permissions: [...Array.from({ length: 100 }, (_, place) => `p${place}`), "restart"] }), invalid),
  ...[["text", "article"], ["null", null], ["without_id", { type: "article" }], ["without_type", { id: "1" }], ["with_an_empty_id", { type: "article", id: "" }], ["with_a_number", { type: "article", id: 1 }], ["with_more", { type: "article", id: "1", tenant: "t" }]].map(
    ([what, resource]) => asks(`a_grant_whose_resource_is_${what}_is_refused`, updates({ resource }), invalid, { at: put }),
  ),
  asks("a_grant_for_another_service_is_refused", grant({ aud: "https://other.example" }), invalid),
  asks("a_grant_for_the_service_in_another_case_is_refused", grant({ aud: audience.toUpperCase() }), invalid),
  asks("a_grant_for_several_services_is_taken", grant({ aud: ["https://other.example", audience] }), restarted()),
  asks("a_grant_for_several_other_services_is_refused", grant({ aud: ["https://other.example", "https://third.example"] }), invalid),
  asks("a_grant_for_no_service_is_refused", grant({ aud: [] }), invalid),
  asks("a_grant_whose_audience_has_a_number_is_refused", grant({ aud: [audience, 7] }), invalid),
  asks("a_grant_whose_audience_is_null_is_refused", grant({ aud: null }), invalid),
  asks("a_grant_for_one_of_several_names_of_the_service_is_taken", grant({ aud: "second" }), restarted(), { config: "several" }),
  asks("a_grant_for_none_of_several_names_of_the_service_is_refused", grant({ aud: "third" }), invalid, { config: "several" }),
  asks("a_grant_that_is_bound_to_a_key_is_refused", grant({ cnf: { jkt: "A".repeat(43) } }), invalid),
  asks("a_grant_with_a_claim_that_nobody_knows_is_refused", grant({ tenant: "t1" }), invalid),

  // Its signature
  asks("a_grant_of_a_stranger_is_refused", grant({ iss: "https://stranger.example" }), invalid),
  asks("a_grant_of_the_issuer_of_tokens_is_refused", grant({ iss: issuer }, { kid: "ed" }, "ed25519"), invalid),
  asks("a_grant_by_the_key_of_tokens_is_refused", grant({}, {}, "ed25519"), invalid),
  asks("a_grant_by_a_key_that_nobody_knows_is_refused", grant({}, { kid: "other" }), invalid),
  asks("a_grant_without_kid_is_refused", grant({}, { kid: undefined }), invalid),
  asks("a_grant_without_typ_is_refused", grant({}, { typ: undefined }), invalid),
  asks("a_grant_of_the_typ_of_tokens_is_refused", grant({}, { typ: "JWT" }), invalid),
  asks("a_grant_whose_typ_has_its_prefix_is_taken", grant({}, { typ: "application/Break-Glass+JWT" }), restarted()),
  asks("a_grant_by_the_other_name_of_its_algorithm_is_taken", grant({}, { alg: "Ed25519" }), restarted()),
  asks("a_grant_of_no_algorithm_is_refused", grant({}, { alg: "none" }, "stranger_ed25519", { algorithm: "Ed25519" }), invalid),
  asks("a_grant_by_a_shared_secret_is_refused", grant({}, { alg: "HS256" }, "hs256"), invalid),
  asks("a_grant_with_crit_is_refused", grant({}, { crit: ["x"] }), invalid),
  asks("a_changed_grant_is_refused", changed(good, "another payload", ({ header: head, signature }) => `${head}.${grant({ permissions: ["*"] }).text.split(".")[1]}.${signature}`), invalid),
  asks("a_grant_with_a_signature_of_zeros_is_refused", withSignature(good, "64 zeros", Buffer.alloc(64)), invalid),
  asks("a_grant_in_two_parts_is_refused", raw(good.text.split(".").slice(0, 2).join("."), "without its signature"), invalid),
  asks("a_padded_grant_is_refused", raw(`${good.text}==`, "with padding"), invalid),
  asks("text_is_no_grant", "please", invalid),
  asks("an_empty_grant_is_refused", "", invalid),
  asks("a_grant_with_its_scheme_is_refused", `Bearer ${good.text}`, invalid),
  asks("space_around_a_grant_is_no_part_of_it", `  ${good.text}\t`, restarted()),
  { ...asks("two_grants_are_refused", good, invalid, { headers: [header(good)] }) },

  // Where it stands
  asks("a_grant_is_read_from_the_header_that_the_document_names", "ignored", restarted(), { config: "named", headers: [["x-emergency", good.text]] }),
  asks("a_grant_in_another_header_is_none", good, permissionDenied(), { config: "named" }),
  asks("a_grant_is_none_where_the_document_knows_none", good, permissionDenied(), { config: "without" }),

  // Taken back
  asks("a_grant_that_was_taken_back_is_refused", good, invalidToken("revoked"), { push: [pushedFact("jti", giver, "g1", 0, now + 600)] }),
  asks("another_grant_that_was_taken_back_is_no_matter", good, restarted(), { push: [pushedFact("jti", giver, "g2", 0, now + 600)] }),
  asks("a_token_of_that_jti_is_no_grant_of_it", good, restarted(), { push: [pushedFact("jti", issuer, "g1", 0, now + 600)] }),
  asks("a_grant_is_taken_back_under_its_issuers_name_where_tokens_have_none", good, invalidToken("revoked"), { config: "waived", push: [pushedFact("jti", giver, "g1", 0, now + 600)] }),
  asks("a_grant_that_was_taken_back_is_refused_where_it_is_not_needed", good, invalidToken("revoked"), { at: ["GET", "/me"], push: [pushedFact("jti", giver, "g1", 0, now + 600)] }),
  asks("a_store_is_asked_for_the_grant_too", good, restarted(), { config: "store", revocations: {} }),
  asks("a_grant_that_a_store_has_taken_back_is_refused", good, invalidToken("revoked"), { config: "store", revocations: { [factName("jti", giver, "g1")]: 0 } }),
  asks("a_store_that_fails_makes_it_unavailable", good, unavailable("revocation_unavailable"), { config: "store", revocations: "fails" }),
  asks("a_store_that_fails_lets_it_pass_where_the_document_says_so", good, restarted(), { config: "store_allow", revocations: "fails" }),
  asks("what_is_pushed_counts_beside_a_store_that_fails", good, invalidToken("revoked"), { config: "store_allow", revocations: "fails", push: [pushedFact("jti", giver, "g1", 0, now + 600)] }),

  // Once more, with what was verified before
  {
    name: "a_grant_counts_for_the_request_that_presents_it",
    config: "site",
    steps: [
      { ...withToken(usual(), "/restart", "POST", [header(good)]), expect: restarted() },
      { ...withToken(usual(), "/restart", "POST"), expect: permissionDenied() },
      { ...withToken(usual(), "/restart", "POST", [header(good)]), expect: restarted() },
      { ...withToken(usual(), "/restart", "POST", [header(grant({ sub: "u2" }))]), expect: others },
      { ...withToken(usual(), "/restart", "POST", [header(good)]), push: [pushedFact("jti", giver, "g1", 0, now + 600)], expect: invalidToken("revoked") },
      { ...withToken(usual(), "/me"), expect: allowed(who(), "GET /me") },
    ],
  },
];

const [first] = trust.breakGlass.issuers;
const empty = { policy: "break_glass_documents", revision: 1 };
const document = (name, member, value, error, more = {}) => ({ name, full: true, policy: empty, trust: { ...more, [member]: value }, error });
const at = (path, code) => ({ document: "trust", path, code });
const glass = (name, value, path, code, more) => document(name, "breakGlass", value, code === undefined ? null : at(`breakGlass${path}`, code), more);
const withKeys = (...keys) => ({ audience, issuers: [{ ...first, jwks: { keys } }] });
const key = publicJwk("ed25519", { kid: "a" });
const signs = (name, value, path, code) => document(name, "policyKeys", value, at(`policyKeys${path}`, code));
const p256 = publicJwk("p256", { kid: "p" });

export const documents = [
  glass("break_glass_with_an_issuer_loads", breakGlass()),
  glass("break_glass_with_all_in_it_loads", breakGlass({ header: "X-Emergency", maxLifetime: 86_400 })),
  glass("break_glass_that_is_true_does_not_load", true, "", "wrong_type"),
  glass("break_glass_without_issuers_does_not_load", { audience }, ".issuers", "missing_member"),
  glass("break_glass_of_nobody_does_not_load", { audience, issuers: [] }, ".issuers", "bad_value"),
  glass("an_unknown_member_of_break_glass_does_not_load", breakGlass({ tenants: ["t1"] }), ".tenants", "unknown_member"),
  glass("break_glass_for_several_audiences_loads", breakGlass({ audience: ["first", "second"] })),
  glass("break_glass_without_an_audience_does_not_load", { issuers: [first] }, ".audience", "missing_member"),
  glass("break_glass_with_an_empty_audience_does_not_load", breakGlass({ audience: "" }), ".audience", "bad_value"),
  glass("break_glass_with_no_audience_does_not_load", breakGlass({ audience: [] }), ".audience", "bad_value"),
  glass("break_glass_that_waives_its_audience_does_not_load", breakGlass({ audience: null }), ".audience", "wrong_type"),
  glass("a_giver_without_a_name_does_not_load", { audience, issuers: [{ jwks: first.jwks }] }, ".issuers[0].issuer", "missing_member"),
  glass("a_giver_with_an_empty_name_does_not_load", { audience, issuers: [{ ...first, issuer: "" }] }, ".issuers[0].issuer", "bad_value"),
  glass("a_giver_without_keys_does_not_load", { audience, issuers: [{ issuer: giver }] }, ".issuers[0].jwks", "missing_member"),
  glass("a_giver_with_no_key_does_not_load", withKeys(), ".issuers[0].jwks.keys", "bad_value"),
  glass("a_giver_whose_keys_are_fetched_does_not_load", { audience, issuers: [{ issuer: giver, jwksUri: "https://break.example/jwks" }] }, ".issuers[0].jwksUri", "unknown_member"),
  glass("two_givers_of_one_name_do_not_load", { audience, issuers: [first, first] }, ".issuers[1].issuer", "duplicate"),
  glass("a_giver_with_another_kind_of_key_does_not_load", withKeys(p256), ".issuers[0].jwks.keys[0]", "unsupported"),
  glass("a_givers_key_without_a_name_does_not_load", withKeys(publicJwk("ed25519")), ".issuers[0].jwks.keys[0].kid", "missing_member"),
  glass("a_giver_with_two_keys_of_one_name_does_not_load", withKeys(key, publicJwk("stranger_ed25519", { kid: "a" })), ".issuers[0].jwks.keys[1].kid", "duplicate"),
  glass("a_giver_with_two_keys_loads", withKeys(key, publicJwk("stranger_ed25519", { kid: "b" }))),
  glass("a_lifetime_of_a_second_loads", breakGlass({ maxLifetime: 1 })),
  glass("a_lifetime_of_nothing_does_not_load", breakGlass({ maxLifetime: 0 }), ".maxLifetime", "bad_value"),
  glass("a_lifetime_of_more_than_a_day_does_not_load", breakGlass({ maxLifetime: 86_401 }), ".maxLifetime", "bad_value"),
  glass("a_lifetime_that_is_text_does_not_load", breakGlass({ maxLifetime: "3600" }), ".maxLifetime", "wrong_type"),
  ...["cookie", "X-Justification", "host", "not a header", "", "Authorization"].map((name) =>
    glass(`the_header_${name.toLowerCase().replaceAll(/[ -]/g, "_") || "without_a_name"}_does_not_load`, breakGlass({ header: name }), ".header", "bad_value"),
  ),
  glass("the_header_of_api_keys_does_not_load", breakGlass({ header: "x-key" }), ".header", "bad_value", { apiKeys: trust.apiKeys, credentials: { apiKeyHeader: "X-Key" } }),
  glass("the_header_of_certificates_does_not_load", breakGlass({ header: "Client-Cert" }), ".header", "bad_value", { credentials: { clientCertificate: { header: "client-cert", format: "rfc9440" } } }),
  glass("a_default_header_that_tokens_have_does_not_load", breakGlass(), ".header", "bad_value", { credentials: { header: "x-break-glass" } }),

  signs("policy_keys_that_are_a_list_do_not_load", [], "", "wrong_type"),
  signs("policy_keys_without_keys_do_not_load", {}, ".jwks", "missing_member"),
  signs("policy_keys_without_a_key_do_not_load", { jwks: { keys: [] } }, ".jwks.keys", "bad_value"),
  signs("policy_keys_of_another_kind_do_not_load", { jwks: { keys: [key, p256] } }, ".jwks.keys[1]", "unsupported"),
  signs("policy_keys_without_a_name_do_not_load", { jwks: { keys: [publicJwk("ed25519")] } }, ".jwks.keys[0].kid", "missing_member"),
  signs("two_policy_keys_of_one_name_do_not_load", { jwks: { keys: [key, key] } }, ".jwks.keys[1].kid", "duplicate"),
  signs("an_unknown_member_of_policy_keys_does_not_load", { jwks: { keys: [key] }, url: "https://keys.example" }, ".url", "unknown_member"),
  signs("a_least_revision_below_zero_does_not_load", { jwks: { keys: [key] }, minimumRevision: -1 }, ".minimumRevision", "bad_value"),
  signs("a_least_revision_that_is_text_does_not_load", { jwks: { keys: [key] }, minimumRevision: "7" }, ".minimumRevision", "wrong_type"),
];
