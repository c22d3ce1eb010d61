// What the cases expect, written by hand from the table of refusals (design.md §6) and from
// src/wasm/types.d.ts. The suite `refusals` writes each row out in full, without this file.

const problem = (title, status, detail, code) => JSON.stringify({ type: "about:blank", title, status, detail, code });

const refusal = (status, title, code, detail, reason, { challenge, retryAfter, dpopNonce } = {}) => ({
  allowed: false,
  status,
  headers: {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    ...(challenge === undefined ? {} : { "www-authenticate": challenge }),
    ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }),
    ...(dpopNonce === undefined ? {} : { "dpop-nonce": dpopNonce }),
  },
  body: problem(title, status, detail, code),
  reason,
});

/** 401 without `error`: nobody has signed in. */
export const unauthenticated = (reason, challenge = 'Bearer realm="api"') =>
  refusal(401, "Unauthorized", "authentication_required", "Authentication required", reason, { challenge });

/** 400. */
export const malformed = (reason, challenge = 'Bearer realm="api", error="invalid_request", error_description="Malformed credentials"') =>
  refusal(400, "Bad Request", "malformed_credentials", "Malformed credentials", reason, { challenge });

/** 401 for a token that is not to be believed. */
export const invalidToken = (reason, challenge = 'Bearer realm="api", error="invalid_token", error_description="Invalid or expired token"') =>
  refusal(401, "Unauthorized", "invalid_token", "Invalid or expired token", reason, { challenge });

/** 401 for an API key. */
export const invalidApiKey = (reason, challenge = 'ApiKey realm="api"') =>
  refusal(401, "Unauthorized", "invalid_api_key", "Invalid API key", reason, { challenge });

/** 401 for a proof of possession (RFC 9449 §7.1). */
export const invalidProof = (reason, challenge) =>
  refusal(401, "Unauthorized", "invalid_dpop_proof", "Invalid DPoP proof", reason, { challenge });

/** 401 for a proof without the nonce that is wanted (RFC 9449 §9). */
export const nonceWanted = (dpopNonce, challenge) =>
  refusal(401, "Unauthorized", "use_dpop_nonce", "DPoP nonce required", "proof_nonce", { challenge, dpopNonce });

/** 401 with what a stronger sign-in must have: `acr_values` and `max_age`. */
export const strongerNeeded = (parameters, reason = "elevation_required") =>
  refusal(401, "Unauthorized", "insufficient_user_authentication", "Stronger authentication required", reason, {
    challenge: `Bearer realm="api", error="insufficient_user_authentication", error_description="Stronger authentication required"${parameters}`,
  });

/** 403, a scope is missing. */
export const scopeMissing = (scope) =>
  refusal(403, "Forbidden", "insufficient_scope", "Insufficient scope", "scope_missing", {
    challenge: `Bearer realm="api", error="insufficient_scope", error_description="Insufficient scope", scope="${scope}"`,
  });

/** 403, the permission is missing, or the route is not declared. */
export const permissionDenied = (reason = "permission_missing") =>
  refusal(403, "Forbidden", "permission_denied", "Permission denied", reason);

/** 403, the role is missing. */
export const roleMissing = () => refusal(403, "Forbidden", "forbidden", "Forbidden", "role_missing");

/** 403, not the owner, or a deny rule; a rule may have its own message. */
export const notAllowed = (reason, message = "Not allowed") => refusal(403, "Forbidden", "not_allowed", message, reason);

/** 403, an elevated role wants a justification. */
export const justificationNeeded = () =>
  refusal(403, "Forbidden", "justification_required", "Justification required", "justification_required");

/** 403, a cookie on an unsafe request from elsewhere. */
export const crossSite = () => refusal(403, "Forbidden", "cross_site_request", "Cross-site request refused", "cross_site");

/** 404. */
export const notFound = (reason = "resource_not_found") => refusal(404, "Not Found", "not_found", "Not found", reason);

/** 503 with Retry-After. */
export const unavailable = (reason) =>
  refusal(503, "Service Unavailable", "unavailable", "Try again later", reason, { retryAfter: "5" });

/** A principal, with the members of types.d.ts in their order. */
export const principal = (members = {}) => ({
  kind: members.kind ?? "user",
  id: members.id ?? "u1",
  issuer: members.issuer === undefined ? "https://id.example" : members.issuer,
  roles: members.roles ?? [],
  ...(members.assignments === undefined ? {} : { assignments: members.assignments }),
  permissions: members.permissions ?? [],
  scopes: members.scopes ?? [],
  attributes: members.attributes ?? {},
  acr: members.acr ?? null,
  amr: members.amr ?? [],
  authTime: members.authTime ?? null,
});

/** A guest with the roles that `trust.guest` gives. */
export const guest = (roles = []) => principal({ kind: "guest", id: "guest", issuer: null, roles });

/** An allowed request. `dropped` is what the issuer may not assert. */
export const allowed = (who, route, members = {}) => ({
  allowed: true,
  principal: who,
  route,
  permission: members.permission ?? null,
  resource: members.resource ?? null,
  elevated: members.elevated ?? false,
  conditional: members.conditional ?? false,
  preflight: members.preflight ?? false,
  reason: members.conditional ? "conditional" : "permitted",
  ...(members.dropped === undefined ? {} : { dropped: { roles: [], permissions: [], scopes: [], ...members.dropped } }),
});

/** Answers of the decision point. */
export const yes = (members = {}) => ({ decision: true, context: { code: "permitted", reason: "permitted", ...members } });

export const no = (code, reason, status, message, members = {}) => ({
  decision: false,
  context: { code, reason, status, message, ...members },
});
