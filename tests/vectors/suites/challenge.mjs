// The challenges (RFC 6750 §3, RFC 9449 §7.1, RFC 9470 §3, RFC 9728 §5.1): which schemes, in which
// order, with which parameters. Every header is written out in full, without forge/expect.mjs.

import { createHash } from "node:crypto";
import { bound, nonceOf, noted, presenting, proof } from "../forge/proof.mjs";
import { bearer, origin, request } from "../forge/request.mjs";
import { publicJwk, secret } from "../forge/sign.mjs";
import { audience, issuer, now, raw, usual } from "../forge/token.mjs";

export const about = "Challenges: every scheme and all of them together, their errors, their parameters, and nothing of the request in them.";

const policy = {
  policy: "challenge",
  revision: 1,
  permissions: ["purge", "read_users"],
  roles: {
    viewer: { permits: ["read_users"] },
    admin: { permits: ["purge"], elevated: { acr: ["mfa", "urn:example:hardware"], maxAuthAge: 900 } },
    strong: { permits: ["purge"], elevated: { acr: ["mfa"] } },
    fresh: { permits: ["purge"], elevated: { maxAuthAge: 0 } },
  },
  routes: [
    { route: "* /me", allow: "authenticated" },
    { route: "GET /public", allow: "everyone" },
    { route: "GET /users", permission: "read_users" },
    { route: "POST /export", scope: "export:all" },
    { route: "POST /purge", permission: "purge" },
    { route: "GET /admin", role: "admin" },
  ],
};

const entry = { issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] } };
const other = { issuer: "https://other.example", audience, jwks: { keys: [publicJwk("stranger_ed25519", { kid: "ed" })] } };
const issuers = [entry];
const wanting = (binding) => [{ ...entry, binding }];
const keyText = "an-api-key-of-more-than-32-characters-1";
const apiKeys = [{ id: "ci", hash: `sha256:${createHash("sha256").update(keyText).digest("base64url")}` }];
const plain = (trust) => ({ policy, trust });
const full = (trust) => ({ full: true, policy, trust });
const metadata = "https://blog.example/.well-known/oauth-protected-resource";
const awkward = 'the "blog" \\ api, realm="x"';
const nonceSecret = secret("hs256");
const nonce = nonceOf(Buffer.from(nonceSecret.base64url, "base64url"), 300, now);
const cookie = { cookie: "__Host-session" };

export const configs = {
  tokens: plain({ issuers }),
  tokens_keys: plain({ issuers, apiKeys }),
  keys: plain({ apiKeys }),
  nothing: plain({}),
  metadata: plain({ issuers, apiKeys, resourceMetadata: metadata }),
  awkward: plain({ issuers, apiKeys, realm: awkward }),
  dpop: full({ issuers, dpop: {}, guest: { roles: [] }, credentials: cookie }),
  dpop_keys: full({ issuers, apiKeys, dpop: {} }),
  dpop_two: full({ issuers, dpop: { algorithms: ["ES256", "EdDSA"] } }),
  dpop_one: full({ issuers, dpop: { algorithms: ["ES256"] } }),
  dpop_realm: full({ issuers, dpop: { algorithms: ["ES256"] }, realm: "blog" }),
  dpop_awkward: full({ issuers, apiKeys, dpop: { algorithms: ["ES256"] }, realm: awkward }),
  dpop_metadata: full({ issuers, apiKeys, dpop: { algorithms: ["ES256"], nonce: { secret: nonceSecret } }, resourceMetadata: metadata }),
  nonce: full({ issuers, apiKeys, dpop: { algorithms: ["ES256"], nonce: { secret: nonceSecret } } }),
  bound: full({ issuers: wanting("dpop"), dpop: { algorithms: ["ES256"] } }),
  bound_keys: full({ issuers: wanting("dpop"), apiKeys, dpop: { algorithms: ["ES256"] } }),
  bound_both: full({ issuers: [...wanting("dpop"), { ...other, binding: "dpop" }], dpop: { algorithms: ["ES256"] } }),
  bound_one_of_two: full({ issuers: [...wanting("dpop"), other], dpop: { algorithms: ["ES256"] } }),
  bound_any: full({ issuers: wanting("any"), dpop: { algorithms: ["ES256"] } }),
  certificates: full({ issuers: wanting("certificate"), credentials: { clientCertificate: { header: "client-cert", format: "rfc9440" } } }),
};

const all = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA";
const titles = { 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 503: "Service Unavailable" };

/** A refusal whose headers are these, in this order. */
const refused = (status, code, detail, reason, own) => ({
  allowed: false,
  status,
  headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...own },
  body: `{"type":"about:blank","title":"${titles[status]}","status":${status},"detail":"${detail}","code":"${code}"}`,
  reason,
});
const challenged = (status, code, detail) => (reason, challenge, more = {}) => refused(status, code, detail, reason, { "www-authenticate": challenge, ...more });

const unauthenticated = challenged(401, "authentication_required", "Authentication required");
const malformed = challenged(400, "malformed_credentials", "Malformed credentials");
const invalidToken = challenged(401, "invalid_token", "Invalid or expired token");
const invalidApiKey = challenged(401, "invalid_api_key", "Invalid API key");
const invalidProof = challenged(401, "invalid_dpop_proof", "Invalid DPoP proof");
const nonceWanted = challenged(401, "use_dpop_nonce", "DPoP nonce required");
const stronger = challenged(401, "insufficient_user_authentication", "Stronger authentication required");
const scopeMissing = challenged(403, "insufficient_scope", "Insufficient scope");

const nobody = (name, config, challenge, { path = "/me", reason = "authentication_missing", headers = [], method = "GET" } = {}) => ({
  name,
  config,
  request: request(method, path, headers),
  expect: unauthenticated(reason, challenge),
});

const as = (name, config, given, expect, { path = "/me", method = "GET", headers = [bearer(given)], ...members } = {}) => ({
  name,
  config,
  token: given.note,
  request: request(method, path, headers),
  ...members,
  expect,
});

/** By the scheme DPoP, with a proof that fits. */
const proven = (name, config, changes, expect, { path = "/me", method = "GET", claims = {}, ...members } = {}) => {
  const given = bound(publicJwk("p256"), changes);
  const made = proof(given, "p256", "ES256", { htm: method, htu: `${origin}${path}`, ...claims });
  return { name, config, token: noted(given, made), request: request(method, path, presenting(given, made)), ...members, expect };
};

const strange = raw("eyJhbGciOiJFZERTQSJ9.e30.AAAA", "no issuer, no signature");
const dpopStrange = [["authorization", `DPoP ${strange.text}`]];
const escaped = 'the \\"blog\\" \\\\ api, realm=\\"x\\"';
const admin = { roles: ["admin"], acr: "pwd", auth_time: now - 60 };
const weak = ', error="insufficient_user_authentication", error_description="Stronger authentication required"';
const lacking = ', error="insufficient_scope", error_description="Insufficient scope", scope="export:all"';
const invalid = ', error="invalid_token", error_description="Invalid or expired token"';
const bad = ', error="invalid_request", error_description="Malformed credentials"';
const post = (path) => ({ method: "POST", path });

export const cases = [
  // Who presents nothing: every scheme, without an error (RFC 6750 §3.1)
  nobody("tokens_alone_are_asked_for_as_bearer", "tokens", 'Bearer realm="api"'),
  nobody("tokens_and_keys_are_asked_for_in_that_order", "tokens_keys", 'Bearer realm="api", ApiKey realm="api"'),
  nobody("keys_alone_are_asked_for_alone", "keys", 'ApiKey realm="api"'),
  nobody("where_nothing_is_taken_bearer_is_asked_for", "nothing", 'Bearer realm="api"'),
  nobody("bearer_and_dpop_are_asked_for_in_that_order", "dpop", `Bearer realm="api", DPoP realm="api", algs="${all}"`),
  nobody("bearer_dpop_and_keys_are_asked_for_in_that_order", "dpop_keys", `Bearer realm="api", DPoP realm="api", algs="${all}", ApiKey realm="api"`),
  nobody("dpop_names_its_algorithms", "dpop_two", 'Bearer realm="api", DPoP realm="api", algs="ES256 EdDSA"'),
  nobody("dpop_names_its_only_algorithm", "dpop_one", 'Bearer realm="api", DPoP realm="api", algs="ES256"'),
  nobody("an_issuer_that_wants_dpop_asks_for_no_bearer", "bound", 'DPoP realm="api", algs="ES256"'),
  nobody("an_issuer_that_wants_dpop_asks_for_no_bearer_beside_keys", "bound_keys", 'DPoP realm="api", algs="ES256", ApiKey realm="api"'),
  nobody("two_issuers_that_want_dpop_ask_for_no_bearer", "bound_both", 'DPoP realm="api", algs="ES256"'),
  nobody("one_issuer_that_takes_bearer_asks_for_it", "bound_one_of_two", 'Bearer realm="api", DPoP realm="api", algs="ES256"'),
  nobody("an_issuer_that_wants_any_binding_asks_for_both", "bound_any", 'Bearer realm="api", DPoP realm="api", algs="ES256"'),
  nobody("an_issuer_that_wants_certificates_asks_for_bearer", "certificates", 'Bearer realm="api"'),
  nobody("another_scheme_gets_the_bare_challenges", "dpop_one", 'Bearer realm="api", DPoP realm="api", algs="ES256"', { headers: [["authorization", "Basic dTpw"]], reason: "unsupported_scheme" }),
  nobody("a_guest_who_lacks_a_permission_gets_the_bare_challenges", "dpop", `Bearer realm="api", DPoP realm="api", algs="${all}"`, { path: "/users", reason: "permission_missing" }),
  nobody("a_guest_who_lacks_a_scope_gets_the_bare_challenges", "dpop", `Bearer realm="api", DPoP realm="api", algs="${all}"`, { path: "/export", method: "POST", reason: "scope_missing" }),
  nobody("a_guest_who_lacks_a_role_gets_the_bare_challenges", "dpop", `Bearer realm="api", DPoP realm="api", algs="${all}"`, { path: "/admin", reason: "role_missing" }),

  // An invalid token: the scheme by which it came, and the bare DPoP beside a Bearer's
  as("an_invalid_bearer_token_is_told_bearer", "tokens", strange, invalidToken("issuer_missing", `Bearer realm="api"${invalid}`)),
  as("an_invalid_bearer_token_is_told_no_api_key", "tokens_keys", strange, invalidToken("issuer_missing", `Bearer realm="api"${invalid}`)),
  as("an_invalid_bearer_token_is_told_dpop_too", "dpop_one", strange, invalidToken("issuer_missing", `Bearer realm="api"${invalid}, DPoP realm="api", algs="ES256"`)),
  as("an_invalid_bearer_token_is_told_dpop_too_and_no_api_key", "dpop_keys", strange, invalidToken("issuer_missing", `Bearer realm="api"${invalid}, DPoP realm="api", algs="${all}"`)),
  as("an_invalid_token_in_a_cookie_is_told_both", "dpop", strange, invalidToken("issuer_missing", `Bearer realm="api"${invalid}, DPoP realm="api", algs="${all}"`), { headers: [["cookie", `__Host-session=${strange.text}`]] }),
  as("an_invalid_token_by_dpop_is_told_dpop_alone", "dpop_one", strange, invalidToken("issuer_missing", `DPoP realm="api"${invalid}, algs="ES256"`), { headers: dpopStrange }),
  as("an_invalid_token_by_dpop_is_told_dpop_alone_beside_keys", "dpop_keys", strange, invalidToken("issuer_missing", `DPoP realm="api"${invalid}, algs="${all}"`), { headers: dpopStrange }),
  as("an_invalid_token_by_dpop_where_bearer_is_not_taken_is_told_dpop_alone", "bound", strange, invalidToken("issuer_missing", `DPoP realm="api"${invalid}, algs="ES256"`), { headers: dpopStrange }),
  as("an_invalid_bearer_token_where_bearer_is_not_taken_is_told_dpop_alone", "bound", strange, invalidToken("issuer_missing", `DPoP realm="api"${invalid}, algs="ES256"`)),
  proven("an_expired_token_by_dpop_is_told_dpop_alone", "dpop_one", { exp: now - 61 }, invalidToken("expired", `DPoP realm="api"${invalid}, algs="ES256"`)),

  // An invalid API key: its scheme alone
  as("an_invalid_api_key_is_told_its_scheme_alone", "dpop_keys", raw("", "no token"), invalidApiKey("api_key_unknown", 'ApiKey realm="api"'), { headers: [["x-api-key", "another-key-of-more-than-32-characters"]] }),

  // A proof: DPoP alone, whatever else is taken
  proven("a_bad_proof_is_told_dpop_alone", "dpop_one", {}, invalidProof("proof_method", 'DPoP realm="api", error="invalid_dpop_proof", error_description="Invalid DPoP proof", algs="ES256"'), { claims: { htm: "PUT" } }),
  proven("a_bad_proof_is_told_dpop_alone_beside_keys", "dpop_keys", {}, invalidProof("proof_method", `DPoP realm="api", error="invalid_dpop_proof", error_description="Invalid DPoP proof", algs="${all}"`), { claims: { htm: "PUT" } }),
  proven("a_bad_proof_where_bearer_is_not_taken_is_told_dpop_alone", "bound", {}, invalidProof("proof_method", 'DPoP realm="api", error="invalid_dpop_proof", error_description="Invalid DPoP proof", algs="ES256"'), { claims: { htm: "PUT" } }),
  as("a_missing_proof_is_told_dpop_alone", "dpop_one", bound(publicJwk("p256")), invalidProof("proof_missing", 'DPoP realm="api", error="invalid_dpop_proof", error_description="Invalid DPoP proof", algs="ES256"'), { headers: [["authorization", `DPoP ${bound(publicJwk("p256")).text}`]] }),
  proven("a_bad_proof_hands_out_no_nonce", "nonce", {}, invalidProof("proof_method", 'DPoP realm="api", error="invalid_dpop_proof", error_description="Invalid DPoP proof", algs="ES256"'), { claims: { htm: "PUT" } }),
  proven("a_missing_nonce_is_told_dpop_alone_with_the_nonce_last", "nonce", {}, nonceWanted("proof_nonce", 'DPoP realm="api", error="use_dpop_nonce", error_description="DPoP nonce required", algs="ES256"', { "dpop-nonce": nonce })),
  proven("a_missing_nonce_is_told_with_the_resource_metadata", "dpop_metadata", {}, nonceWanted("proof_nonce", `DPoP realm="api", error="use_dpop_nonce", error_description="DPoP nonce required", algs="ES256", resource_metadata="${metadata}"`, { "dpop-nonce": nonce })),
  proven("a_token_by_dpop_that_has_expired_hands_out_no_nonce", "nonce", { exp: now - 61 }, invalidToken("expired", `DPoP realm="api"${invalid}, algs="ES256"`)),
  proven("a_replay_store_that_fails_has_no_challenge", "dpop_one", {}, refused(503, "unavailable", "Try again later", "replay_unavailable", { "retry-after": "5" }), { replays: "fails" }),

  // A stronger sign-in (RFC 9470)
  as("a_stronger_sign_in_is_asked_for_under_bearer", "tokens", usual(admin), stronger("elevation_required", `Bearer realm="api"${weak}, acr_values="mfa urn:example:hardware", max_age="900"`), post("/purge")),
  as("a_stronger_sign_in_is_asked_for_under_bearer_and_dpop_stands_beside_it", "dpop_one", usual(admin), stronger("elevation_required", `Bearer realm="api"${weak}, acr_values="mfa urn:example:hardware", max_age="900", DPoP realm="api", algs="ES256"`), post("/purge")),
  proven("a_stronger_sign_in_is_asked_for_under_dpop_alone", "dpop_one", admin, stronger("elevation_required", `DPoP realm="api"${weak}, acr_values="mfa urn:example:hardware", max_age="900", algs="ES256"`), post("/purge")),
  as("an_acr_alone_is_asked_for_under_bearer", "dpop_one", usual({ roles: ["strong"] }), stronger("elevation_required", `Bearer realm="api"${weak}, acr_values="mfa", DPoP realm="api", algs="ES256"`), post("/purge")),
  proven("an_acr_alone_is_asked_for_under_dpop", "dpop_one", { roles: ["strong"] }, stronger("elevation_required", `DPoP realm="api"${weak}, acr_values="mfa", algs="ES256"`), post("/purge")),
  proven("a_fresh_sign_in_alone_is_asked_for_under_dpop", "dpop_one", { roles: ["fresh"] }, stronger("elevation_required", `DPoP realm="api"${weak}, max_age="0", algs="ES256"`), post("/purge")),
  proven("a_route_for_an_elevated_role_asks_for_a_stronger_sign_in_under_dpop", "dpop_one", admin, stronger("elevation_required", `DPoP realm="api"${weak}, acr_values="mfa urn:example:hardware", max_age="900", algs="ES256"`), { path: "/admin" }),
  as("a_stronger_sign_in_than_a_cookie_s_is_asked_for_under_bearer", "dpop", usual(admin), stronger("elevation_required", `Bearer realm="api"${weak}, acr_values="mfa urn:example:hardware", max_age="900", DPoP realm="api", algs="${all}"`), { path: "/admin", headers: [["cookie", `__Host-session=${usual(admin).text}`]] }),

  // A scope
  as("a_scope_is_asked_for_under_bearer", "tokens", usual(), scopeMissing("scope_missing", `Bearer realm="api"${lacking}`), post("/export")),
  as("a_scope_is_asked_for_under_bearer_and_dpop_stands_beside_it", "dpop_one", usual({ scope: "export" }), scopeMissing("scope_missing", `Bearer realm="api"${lacking}, DPoP realm="api", algs="ES256"`), post("/export")),
  as("a_scope_is_asked_for_under_bearer_and_no_api_key", "dpop_keys", usual(), scopeMissing("scope_missing", `Bearer realm="api"${lacking}, DPoP realm="api", algs="${all}"`), post("/export")),
  proven("a_scope_is_asked_for_under_dpop_alone", "dpop_one", {}, scopeMissing("scope_missing", `DPoP realm="api"${lacking}, algs="ES256"`), post("/export")),
  proven("a_scope_is_asked_for_under_dpop_alone_beside_keys", "dpop_keys", {}, scopeMissing("scope_missing", `DPoP realm="api"${lacking}, algs="${all}"`), post("/export")),
  proven("a_scope_is_asked_for_where_bearer_is_not_taken", "bound_keys", {}, scopeMissing("scope_missing", `DPoP realm="api"${lacking}, algs="ES256"`), post("/export")),
  proven("a_permission_that_is_missing_has_no_challenge_under_dpop_either", "dpop_one", {}, refused(403, "permission_denied", "Permission denied", "permission_missing", {}), { path: "/users" }),
  proven("a_role_that_is_missing_has_no_challenge_under_dpop_either", "dpop_one", {}, refused(403, "forbidden", "Forbidden", "role_missing", {}), { path: "/admin" }),

  // Malformed credentials: all schemes, and the error under those that know it
  as("a_malformed_header_is_told_all_schemes", "tokens_keys", raw("", "no token"), malformed("malformed_authorization", `Bearer realm="api"${bad}, ApiKey realm="api"`), { headers: [["authorization", "Bearer"]] }),
  as("a_malformed_bearer_header_is_told_the_error_under_dpop_too", "dpop_keys", raw("", "no token"), malformed("malformed_authorization", `Bearer realm="api"${bad}, DPoP realm="api"${bad}, algs="${all}", ApiKey realm="api"`), { headers: [["authorization", "Bearer"]] }),
  as("a_malformed_dpop_header_is_told_the_error_under_bearer_too", "dpop_one", raw("", "no token"), malformed("malformed_authorization", `Bearer realm="api"${bad}, DPoP realm="api"${bad}, algs="ES256"`), { headers: [["authorization", "DPoP"]] }),
  as("a_malformed_header_where_bearer_is_not_taken_is_told_the_error_under_dpop", "bound_keys", raw("", "no token"), malformed("malformed_authorization", `DPoP realm="api"${bad}, algs="ES256", ApiKey realm="api"`), { headers: [["authorization", "Bearer"]] }),
  as("two_credentials_are_told_all_schemes", "dpop_keys", usual(), malformed("multiple_credentials", `Bearer realm="api"${bad}, DPoP realm="api"${bad}, algs="${all}", ApiKey realm="api"`), { headers: [bearer(usual()), ["x-api-key", keyText]] }),
  as("a_malformed_api_key_is_told_all_schemes", "dpop_keys", raw("", "no token"), malformed("malformed_api_key", `Bearer realm="api"${bad}, DPoP realm="api"${bad}, algs="${all}", ApiKey realm="api"`), { headers: [["x-api-key", ""]] }),

  // Resource metadata (RFC 9728 §5.1): last, under Bearer and DPoP
  nobody("resource_metadata_stand_under_bearer_and_not_under_api_key", "metadata", `Bearer realm="api", resource_metadata="${metadata}", ApiKey realm="api"`),
  nobody("resource_metadata_stand_under_bearer_and_dpop", "dpop_metadata", `Bearer realm="api", resource_metadata="${metadata}", DPoP realm="api", algs="ES256", resource_metadata="${metadata}", ApiKey realm="api"`),
  as("resource_metadata_stand_last_under_both", "dpop_metadata", strange, invalidToken("issuer_missing", `Bearer realm="api"${invalid}, resource_metadata="${metadata}", DPoP realm="api", algs="ES256", resource_metadata="${metadata}"`)),
  as("resource_metadata_stand_last_behind_the_algorithms", "dpop_metadata", strange, invalidToken("issuer_missing", `DPoP realm="api"${invalid}, algs="ES256", resource_metadata="${metadata}"`), { headers: dpopStrange }),
  as("resource_metadata_stand_behind_the_scope", "dpop_metadata", usual(), scopeMissing("scope_missing", `Bearer realm="api"${lacking}, resource_metadata="${metadata}", DPoP realm="api", algs="ES256", resource_metadata="${metadata}"`), post("/export")),
  as("resource_metadata_stand_behind_the_stronger_sign_in", "dpop_metadata", usual(admin), stronger("elevation_required", `Bearer realm="api"${weak}, acr_values="mfa urn:example:hardware", max_age="900", resource_metadata="${metadata}", DPoP realm="api", algs="ES256", resource_metadata="${metadata}"`), post("/purge")),
  proven("resource_metadata_stand_behind_the_scope_under_dpop", "dpop_metadata", {}, scopeMissing("scope_missing", `DPoP realm="api"${lacking}, algs="ES256", resource_metadata="${metadata}"`), { ...post("/export"), claims: { nonce } }),
  as("resource_metadata_stand_in_a_bad_request", "dpop_metadata", raw("", "no token"), malformed("malformed_authorization", `Bearer realm="api"${bad}, resource_metadata="${metadata}", DPoP realm="api"${bad}, algs="ES256", resource_metadata="${metadata}", ApiKey realm="api"`), { headers: [["authorization", "Bearer"]] }),
  as("an_invalid_api_key_is_told_no_resource_metadata", "metadata", raw("", "no token"), invalidApiKey("api_key_unknown", 'ApiKey realm="api"'), { headers: [["x-api-key", "another-key-of-more-than-32-characters"]] }),

  // The realm (RFC 9110 §11.5, §5.6.4)
  nobody("the_realm_is_the_same_under_every_scheme", "dpop_realm", 'Bearer realm="blog", DPoP realm="blog", algs="ES256"'),
  nobody("the_realm_is_escaped_under_bearer_and_api_key", "awkward", `Bearer realm="${escaped}", ApiKey realm="${escaped}"`),
  nobody("the_realm_is_escaped_under_every_scheme", "dpop_awkward", `Bearer realm="${escaped}", DPoP realm="${escaped}", algs="ES256", ApiKey realm="${escaped}"`),
  as("the_realm_is_escaped_before_an_error", "dpop_awkward", strange, invalidToken("issuer_missing", `DPoP realm="${escaped}"${invalid}, algs="ES256"`), { headers: dpopStrange }),
  as("the_realm_is_escaped_for_an_invalid_api_key", "awkward", raw("", "no token"), invalidApiKey("api_key_unknown", `ApiKey realm="${escaped}"`), { headers: [["x-api-key", "another-key-of-more-than-32-characters"]] }),
  proven("the_realm_is_escaped_for_a_bad_proof", "dpop_awkward", {}, invalidProof("proof_method", `DPoP realm="${escaped}", error="invalid_dpop_proof", error_description="Invalid DPoP proof", algs="ES256"`), { claims: { htm: "PUT" } }),

  // Nothing of the request stands in its refusal
  as("a_quote_in_the_header_stays_out_of_the_challenge", "dpop_one", raw("", "no token"), malformed("malformed_authorization", `Bearer realm="api"${bad}, DPoP realm="api"${bad}, algs="ES256"`), { headers: [["authorization", 'Bearer x", error="none']] }),
  nobody("a_scheme_of_one_s_own_stays_out_of_the_challenge", "dpop_one", 'Bearer realm="api", DPoP realm="api", algs="ES256"', { headers: [["authorization", 'Evil realm="evil"']], reason: "unsupported_scheme" }),
  nobody("an_escaped_line_break_in_the_path_stays_out_of_the_challenge", "dpop_one", 'Bearer realm="api", DPoP realm="api", algs="ES256"', { path: "/me%0D%0Aset-cookie:%20a=b", reason: "path_malformed" }),
  proven("a_line_break_in_a_proof_s_method_stays_out_of_the_challenge", "dpop_one", {}, invalidProof("proof_method", 'DPoP realm="api", error="invalid_dpop_proof", error_description="Invalid DPoP proof", algs="ES256"'), { claims: { htm: "GET\r\nset-cookie: a=b" } }),
  proven("a_line_break_in_a_proof_s_nonce_stays_out_of_the_challenge", "nonce", {}, nonceWanted("proof_nonce", 'DPoP realm="api", error="use_dpop_nonce", error_description="DPoP nonce required", algs="ES256"', { "dpop-nonce": nonce }), { claims: { nonce: 'x"\r\nset-cookie: a=b' } }),
  as("a_line_break_in_a_token_s_issuer_stays_out_of_the_challenge", "dpop_one", usual({ iss: 'https://evil.example"\r\nset-cookie: a=b' }), invalidToken("issuer_unknown", `Bearer realm="api"${invalid}, DPoP realm="api", algs="ES256"`)),
  as("a_line_break_in_a_token_s_scope_stays_out_of_the_challenge", "dpop_one", usual({ scope: ["read\r\nset-cookie:a"] }), invalidToken("claim_type", `Bearer realm="api"${invalid}, DPoP realm="api", algs="ES256"`), post("/export")),
  proven("a_quote_in_a_token_s_acr_stays_out_of_the_challenge", "dpop_one", { roles: ["strong"], acr: 'x", error="none' }, stronger("elevation_required", `DPoP realm="api"${weak}, acr_values="mfa", algs="ES256"`), post("/purge")),
];
