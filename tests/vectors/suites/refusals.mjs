// The table of refusals (design.md §6), row by row. Every expectation is written out in full.

import { createHash } from "node:crypto";
import { request, withToken } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, changed, issuer, now, raw, usual } from "../forge/token.mjs";

export const about = "Each row of the table of refusals: exact status, headers and body.";

const policy = {
  policy: "blog",
  revision: 7,
  resources: {
    article: { actions: ["create", "read", "update", "delete"], owner: "author_id" },
    draft: { actions: ["read", "update"], owner: "author_id", hide: true },
  },
  permissions: ["read_users", "delete_post", "purge"],
  roles: {
    guest: { permits: ["article:read"] },
    viewer: { inherits: ["guest"], permits: ["read_users"] },
    editor: {
      inherits: ["viewer"],
      permits: [
        "delete_post",
        "article:delete",
        { permission: "article:update", owner: true },
        { permission: "draft:update", owner: true },
      ],
    },
    admin: { permits: ["purge"], elevated: { acr: ["mfa"], maxAuthAge: 900, justification: true } },
  },
  rules: [
    { id: "articles-stay", effect: "deny", permissions: ["article:delete"] },
    { id: "posts-are-kept", effect: "deny", permissions: ["delete_post"], message: "Posts are kept." },
  ],
  routes: [
    { route: "GET /public", allow: "everyone" },
    { route: "GET /me", allow: "authenticated" },
    { route: "POST /me", allow: "authenticated" },
    { route: "GET /users", permission: "read_users" },
    { route: "DELETE /users/{id}", role: "admin" },
    { route: "POST /export", scope: "export" },
    { route: "POST /purge", permission: "purge" },
    { route: "DELETE /posts/{id}", permission: "delete_post" },
    { route: "DELETE /articles/{id}", permission: "article:delete" },
    { route: "PUT /articles/{id}", permission: "article:update" },
    { route: "PUT /drafts/{id}", permission: "draft:update" },
  ],
};

const issuers = [{ issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] } }];
const keyText = "an-api-key-of-more-than-32-characters-1";
const apiKeys = [{ id: "ci", hash: `sha256:${createHash("sha256").update(keyText).digest("base64url")}` }];
const guest = { roles: ["guest"] };
const credentials = { cookie: "session" };

export const configs = {
  tokens: { policy, trust: { issuers, guest, credentials } },
  both: { policy, trust: { issuers, apiKeys, guest } },
  api_keys: { policy, trust: { apiKeys } },
  nothing: { policy, trust: {} },
  fetched: { policy, trust: { issuers: [{ issuer, audience, jwksUri: "https://id.example/jwks" }] } },
  quoted: { policy, trust: { issuers, realm: 'the "blog" \\ api' } },
  metadata: { policy, trust: { issuers, resourceMetadata: "https://blog.example/.well-known/oauth-protected-resource" } },
};

const strange = raw("eyJhbGciOiJFZERTQSJ9.e30.AAAA", "no issuer, no signature");
const editor = usual({ roles: ["editor"] });
const admin = (members = {}) => usual({ roles: ["admin"], ...members });

export const cases = [
  {
    name: "a_missing_credential_gets_a_bare_challenge",
    request: request("GET", "/me"),
    expect: {
      allowed: false,
      status: 401,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate": 'Bearer realm="api"',
      },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Authentication required","code":"authentication_required"}',
      reason: "authentication_missing",
    },
  },
  {
    name: "a_guest_who_lacks_a_permission_is_asked_to_sign_in",
    request: request("GET", "/users"),
    expect: {
      allowed: false,
      status: 401,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate": 'Bearer realm="api"',
      },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Authentication required","code":"authentication_required"}',
      reason: "permission_missing",
    },
  },
  {
    name: "a_guest_who_lacks_a_role_is_asked_to_sign_in",
    request: request("DELETE", "/users/1"),
    expect: {
      allowed: false,
      status: 401,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate": 'Bearer realm="api"',
      },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Authentication required","code":"authentication_required"}',
      reason: "role_missing",
    },
  },
  {
    name: "a_guest_who_lacks_a_scope_is_asked_to_sign_in",
    request: request("POST", "/export"),
    expect: {
      allowed: false,
      status: 401,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate": 'Bearer realm="api"',
      },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Authentication required","code":"authentication_required"}',
      reason: "scope_missing",
    },
  },
  {
    name: "a_missing_credential_gets_both_challenges_where_both_are_taken",
    config: "both",
    request: request("GET", "/me"),
    expect: {
      allowed: false,
      status: 401,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate": 'Bearer realm="api", ApiKey realm="api"',
      },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Authentication required","code":"authentication_required"}',
      reason: "authentication_missing",
    },
  },
  {
    name: "a_missing_credential_gets_the_api_key_challenge_alone_where_only_keys_are_taken",
    config: "api_keys",
    request: request("GET", "/me"),
    expect: {
      allowed: false,
      status: 401,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate": 'ApiKey realm="api"',
      },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Authentication required","code":"authentication_required"}',
      reason: "authentication_missing",
    },
  },
  {
    name: "a_missing_credential_gets_a_bare_challenge_where_nobody_is_trusted",
    config: "nothing",
    request: request("GET", "/me"),
    expect: {
      allowed: false,
      status: 401,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate": 'Bearer realm="api"',
      },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Authentication required","code":"authentication_required"}',
      reason: "authentication_missing",
    },
  },
  {
    name: "a_realm_is_escaped_in_the_challenge",
    config: "quoted",
    request: request("GET", "/me"),
    expect: {
      allowed: false,
      status: 401,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate": 'Bearer realm="the \\"blog\\" \\\\ api"',
      },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Authentication required","code":"authentication_required"}',
      reason: "authentication_missing",
    },
  },
  {
    name: "the_resource_metadata_stand_in_the_challenge",
    config: "metadata",
    request: request("GET", "/me"),
    expect: {
      allowed: false,
      status: 401,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate":
          'Bearer realm="api", resource_metadata="https://blog.example/.well-known/oauth-protected-resource"',
      },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Authentication required","code":"authentication_required"}',
      reason: "authentication_missing",
    },
  },
  {
    name: "the_resource_metadata_stand_last_in_the_challenge",
    config: "metadata",
    ...withToken(strange),
    expect: {
      allowed: false,
      status: 401,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate":
          'Bearer realm="api", error="invalid_token", error_description="Invalid or expired token", resource_metadata="https://blog.example/.well-known/oauth-protected-resource"',
      },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Invalid or expired token","code":"invalid_token"}',
      reason: "issuer_missing",
    },
  },
  {
    name: "a_malformed_header_is_a_bad_request",
    request: request("GET", "/me", [["authorization", "Bearer"]]),
    expect: {
      allowed: false,
      status: 400,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate": 'Bearer realm="api", error="invalid_request", error_description="Malformed credentials"',
      },
      body: '{"type":"about:blank","title":"Bad Request","status":400,"detail":"Malformed credentials","code":"malformed_credentials"}',
      reason: "malformed_authorization",
    },
  },
  {
    name: "a_malformed_header_gets_all_challenges",
    config: "both",
    request: request("GET", "/me", [["authorization", "Bearer"]]),
    expect: {
      allowed: false,
      status: 400,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate":
          'Bearer realm="api", error="invalid_request", error_description="Malformed credentials", ApiKey realm="api"',
      },
      body: '{"type":"about:blank","title":"Bad Request","status":400,"detail":"Malformed credentials","code":"malformed_credentials"}',
      reason: "malformed_authorization",
    },
  },
  {
    name: "a_malformed_header_gets_the_api_key_challenge_alone_where_only_keys_are_taken",
    config: "api_keys",
    request: request("GET", "/me", [["x-api-key", ""]]),
    expect: {
      allowed: false,
      status: 400,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate": 'ApiKey realm="api"',
      },
      body: '{"type":"about:blank","title":"Bad Request","status":400,"detail":"Malformed credentials","code":"malformed_credentials"}',
      reason: "malformed_api_key",
    },
  },
  {
    name: "two_credentials_are_a_bad_request",
    config: "both",
    ...withToken(editor, "/me", "GET", [["x-api-key", keyText]]),
    expect: {
      allowed: false,
      status: 400,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate":
          'Bearer realm="api", error="invalid_request", error_description="Malformed credentials", ApiKey realm="api"',
      },
      body: '{"type":"about:blank","title":"Bad Request","status":400,"detail":"Malformed credentials","code":"malformed_credentials"}',
      reason: "multiple_credentials",
    },
  },
  {
    name: "a_malformed_header_is_refused_on_a_public_route_too",
    request: request("GET", "/public", [["authorization", "Bearer a b"]]),
    expect: {
      allowed: false,
      status: 400,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate": 'Bearer realm="api", error="invalid_request", error_description="Malformed credentials"',
      },
      body: '{"type":"about:blank","title":"Bad Request","status":400,"detail":"Malformed credentials","code":"malformed_credentials"}',
      reason: "malformed_authorization",
    },
  },
  {
    name: "an_invalid_token_gets_invalid_token",
    ...withToken(
      changed(editor, "the first character of the signature", ({ header, payload, signature }) => {
        const first = signature.startsWith("A") ? "B" : "A";
        return `${header}.${payload}.${first}${signature.slice(1)}`;
      }),
    ),
    expect: {
      allowed: false,
      status: 401,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate": 'Bearer realm="api", error="invalid_token", error_description="Invalid or expired token"',
      },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Invalid or expired token","code":"invalid_token"}',
      reason: "signature_invalid",
    },
  },
  {
    name: "an_expired_token_reads_like_an_invalid_one",
    ...withToken(usual({ exp: now - 3600 })),
    expect: {
      allowed: false,
      status: 401,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate": 'Bearer realm="api", error="invalid_token", error_description="Invalid or expired token"',
      },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Invalid or expired token","code":"invalid_token"}',
      reason: "expired",
    },
  },
  {
    name: "an_invalid_token_is_refused_on_a_public_route_too",
    ...withToken(usual({ exp: now - 3600 }), "/public"),
    expect: {
      allowed: false,
      status: 401,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate": 'Bearer realm="api", error="invalid_token", error_description="Invalid or expired token"',
      },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Invalid or expired token","code":"invalid_token"}',
      reason: "expired",
    },
  },
  {
    name: "an_invalid_token_is_refused_before_an_undeclared_route",
    ...withToken(usual({ exp: now - 3600 }), "/nowhere"),
    expect: {
      allowed: false,
      status: 401,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate": 'Bearer realm="api", error="invalid_token", error_description="Invalid or expired token"',
      },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Invalid or expired token","code":"invalid_token"}',
      reason: "expired",
    },
  },
  {
    name: "an_invalid_token_is_refused_before_a_malformed_path",
    ...withToken(usual({ exp: now - 3600 }), "/me/../me"),
    expect: {
      allowed: false,
      status: 401,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate": 'Bearer realm="api", error="invalid_token", error_description="Invalid or expired token"',
      },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Invalid or expired token","code":"invalid_token"}',
      reason: "expired",
    },
  },
  {
    name: "an_invalid_token_gets_the_bearer_challenge_alone",
    config: "both",
    ...withToken(usual({ aud: "another" })),
    expect: {
      allowed: false,
      status: 401,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate": 'Bearer realm="api", error="invalid_token", error_description="Invalid or expired token"',
      },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Invalid or expired token","code":"invalid_token"}',
      reason: "audience_mismatch",
    },
  },
  {
    name: "a_token_where_nobody_is_trusted_is_invalid",
    config: "nothing",
    ...withToken(editor),
    expect: {
      allowed: false,
      status: 401,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate": 'Bearer realm="api", error="invalid_token", error_description="Invalid or expired token"',
      },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Invalid or expired token","code":"invalid_token"}',
      reason: "issuer_unknown",
    },
  },
  {
    name: "an_invalid_api_key_gets_the_api_key_challenge_alone",
    config: "both",
    request: request("GET", "/me", [["x-api-key", "an-api-key-of-more-than-32-characters-2"]]),
    expect: {
      allowed: false,
      status: 401,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate": 'ApiKey realm="api"',
      },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Invalid API key","code":"invalid_api_key"}',
      reason: "api_key_unknown",
    },
  },
  {
    name: "a_stronger_sign_in_is_asked_for_with_acr_values_and_max_age",
    ...withToken(admin({ acr: "pwd", auth_time: now - 3600 }), "/users/1", "DELETE"),
    expect: {
      allowed: false,
      status: 401,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate":
          'Bearer realm="api", error="insufficient_user_authentication", error_description="Stronger authentication required", acr_values="mfa", max_age="900"',
      },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Stronger authentication required","code":"insufficient_user_authentication"}',
      reason: "elevation_required",
    },
  },
  {
    name: "a_missing_justification_is_forbidden",
    ...withToken(admin({ acr: "mfa", auth_time: now - 60 }), "/purge", "POST"),
    expect: {
      allowed: false,
      status: 403,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
      body: '{"type":"about:blank","title":"Forbidden","status":403,"detail":"Justification required","code":"justification_required"}',
      reason: "justification_required",
    },
  },
  {
    name: "a_missing_scope_is_named",
    ...withToken(usual({ scope: "read" }), "/export", "POST"),
    expect: {
      allowed: false,
      status: 403,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate":
          'Bearer realm="api", error="insufficient_scope", error_description="Insufficient scope", scope="export"',
      },
      body: '{"type":"about:blank","title":"Forbidden","status":403,"detail":"Insufficient scope","code":"insufficient_scope"}',
      reason: "scope_missing",
    },
  },
  {
    name: "a_missing_permission_is_denied_without_a_challenge",
    ...withToken(usual({ roles: ["guest"] }), "/users"),
    expect: {
      allowed: false,
      status: 403,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
      body: '{"type":"about:blank","title":"Forbidden","status":403,"detail":"Permission denied","code":"permission_denied"}',
      reason: "permission_missing",
    },
  },
  {
    name: "a_missing_role_is_forbidden_without_a_challenge",
    ...withToken(editor, "/users/1", "DELETE"),
    expect: {
      allowed: false,
      status: 403,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
      body: '{"type":"about:blank","title":"Forbidden","status":403,"detail":"Forbidden","code":"forbidden"}',
      reason: "role_missing",
    },
  },
  {
    name: "another_s_article_is_not_allowed",
    ...withToken(editor, "/articles/1", "PUT"),
    resources: { article: { 1: { author_id: "u2" } } },
    expect: {
      allowed: false,
      status: 403,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
      body: '{"type":"about:blank","title":"Forbidden","status":403,"detail":"Not allowed","code":"not_allowed"}',
      reason: "not_owner",
    },
  },
  {
    name: "a_deny_rule_without_a_message_is_not_allowed",
    ...withToken(editor, "/articles/1", "DELETE"),
    expect: {
      allowed: false,
      status: 403,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
      body: '{"type":"about:blank","title":"Forbidden","status":403,"detail":"Not allowed","code":"not_allowed"}',
      reason: "denied_by_rule",
    },
  },
  {
    name: "a_deny_rule_speaks_its_own_message",
    ...withToken(editor, "/posts/1", "DELETE"),
    expect: {
      allowed: false,
      status: 403,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
      body: '{"type":"about:blank","title":"Forbidden","status":403,"detail":"Posts are kept.","code":"not_allowed"}',
      reason: "denied_by_rule",
    },
  },
  {
    name: "a_cookie_on_a_cross_site_post_is_refused",
    token: editor.note,
    request: request("POST", "/me", [
      ["cookie", `session=${editor.text}`],
      ["sec-fetch-site", "cross-site"],
    ]),
    expect: {
      allowed: false,
      status: 403,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
      body: '{"type":"about:blank","title":"Forbidden","status":403,"detail":"Cross-site request refused","code":"cross_site_request"}',
      reason: "cross_site",
    },
  },
  {
    name: "a_cross_site_request_is_refused_before_its_token_is_read",
    request: request("POST", "/me", [
      ["cookie", "session=not.a.token"],
      ["sec-fetch-site", "cross-site"],
    ]),
    expect: {
      allowed: false,
      status: 403,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
      body: '{"type":"about:blank","title":"Forbidden","status":403,"detail":"Cross-site request refused","code":"cross_site_request"}',
      reason: "cross_site",
    },
  },
  {
    name: "an_undeclared_route_asks_a_guest_to_sign_in",
    request: request("GET", "/nowhere"),
    expect: {
      allowed: false,
      status: 401,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "www-authenticate": 'Bearer realm="api"',
      },
      body: '{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Authentication required","code":"authentication_required"}',
      reason: "route_undeclared",
    },
  },
  {
    name: "an_undeclared_route_is_a_permission_that_nobody_has",
    ...withToken(editor, "/nowhere"),
    expect: {
      allowed: false,
      status: 403,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
      body: '{"type":"about:blank","title":"Forbidden","status":403,"detail":"Permission denied","code":"permission_denied"}',
      reason: "route_undeclared",
    },
  },
  {
    name: "a_malformed_path_is_a_route_that_is_not_declared",
    ...withToken(editor, "/public/../me"),
    expect: {
      allowed: false,
      status: 403,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
      body: '{"type":"about:blank","title":"Forbidden","status":403,"detail":"Permission denied","code":"permission_denied"}',
      reason: "path_malformed",
    },
  },
  {
    name: "a_resource_that_is_not_there_is_not_found",
    ...withToken(editor, "/articles/9", "PUT"),
    resources: { article: {} },
    expect: {
      allowed: false,
      status: 404,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
      body: '{"type":"about:blank","title":"Not Found","status":404,"detail":"Not found","code":"not_found"}',
      reason: "resource_not_found",
    },
  },
  {
    name: "a_hidden_resource_is_not_found",
    ...withToken(editor, "/drafts/1", "PUT"),
    resources: { draft: { 1: { author_id: "u2" } } },
    expect: {
      allowed: false,
      status: 404,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
      body: '{"type":"about:blank","title":"Not Found","status":404,"detail":"Not found","code":"not_found"}',
      reason: "not_owner",
    },
  },
  {
    name: "keys_that_cannot_be_had_are_unavailable_and_never_401",
    config: "fetched",
    ...withToken(editor),
    keys: {},
    expect: {
      allowed: false,
      status: 503,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store", "retry-after": "5" },
      body: '{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"Try again later","code":"unavailable"}',
      reason: "keys_unavailable",
    },
  },
  {
    name: "a_loader_that_fails_is_unavailable",
    ...withToken(editor, "/articles/1", "PUT"),
    resources: { article: { 1: "fails" } },
    expect: {
      allowed: false,
      status: 503,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store", "retry-after": "5" },
      body: '{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"Try again later","code":"unavailable"}',
      reason: "resource_unavailable",
    },
  },
];
