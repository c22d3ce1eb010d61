// Authorization headers, made at once and without waiting, so that a round can have its own.

import { issuer, secret, signed } from "../../tests/web/tokens.mjs";

const audience = "api";
export const trust = { issuers: [{ issuer, audience, secret }] };
export { issuer };

const algorithm = JSON.stringify({ alg: "HS256", typ: "JWT" });
let number = 0;

/** The bytes of a header of ann's, like no other, good for an hour, and as long as all that have the same claims. */
export function header(claims = {}) {
  number += 1;
  const now = Math.floor(Date.now() / 1_000);
  const usual = { iss: issuer, aud: audience, sub: "ann", jti: String(number).padStart(12, "0"), iat: now, exp: now + 3_600, roles: ["editor"] };
  return Buffer.from(`Bearer ${signed(algorithm, JSON.stringify({ ...usual, ...claims }))}`);
}

/** The text of a header as it comes from a connection: another string each time, whose hash nobody knows. */
export const fresh = (bytes) => bytes.latin1Slice(0, bytes.length);

export const request = (url, authorization) => ({ method: "GET", url, headers: { authorization } });
