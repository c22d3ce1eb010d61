// What the site answers, and what its guard says of it in the audit event.

import assert from "node:assert/strict";

// What ARCHITECTURE.md says of keys and time, in seconds. This provider's answer has no Cache-Control.
export const fresh = 600;
export const stale = 86_400;
export const cooldown = 30;
export const retry = 5;

export const bearerRealm = 'Bearer realm="api"';
export const dpopRealm = 'DPoP realm="api"';
export const dpopAlgorithms = 'algs="RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA"';
export const withError = (code, description) => `error="${code}", error_description="${description}"`;
export const invalidToken = withError("invalid_token", "Invalid or expired token");

/** Allowed; `principal`: members of who asked. */
export function assertAllowed(answer, principal = {}) {
  assert.deepEqual([answer.status, answer.reason], [200, "permitted"]);
  for (const [name, value] of Object.entries(principal)) assert.deepEqual(answer.body.principal[name], value, name);
}

export function assertRefused(answer, reason, challenge = `${bearerRealm}, ${invalidToken}`) {
  assert.deepEqual([answer.status, answer.reason, answer.headers["www-authenticate"]], [401, reason, challenge]);
  assert.equal(answer.headers["retry-after"], undefined);
}

export function assertUnavailable(answer, reason) {
  assert.deepEqual([answer.status, answer.body.code, answer.reason], [503, "unavailable", reason]);
  assert.deepEqual([answer.headers["retry-after"], answer.headers["www-authenticate"]], ["5", undefined]);
}
