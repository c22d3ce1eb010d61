// Break-glass grants: a permission for one principal, signed by somebody who may give it.

import { createHash } from "node:crypto";
import { publicJwk } from "./sign.mjs";
import { audience, jwt, now } from "./token.mjs";

export const giver = "https://break.example";

/** What a trust document says of those who give grants. */
export const breakGlass = (more = {}) => ({ audience, issuers: [{ issuer: giver, jwks: { keys: [publicJwk("stranger_ed25519", { kid: "glass" })] } }], ...more });

const usual = {
  iss: giver,
  sub: "u1",
  aud: audience,
  iat: now - 10,
  exp: now + 600,
  jti: "g1",
  given_by: "boss@example.com",
  reason: "the pager went off",
  permissions: ["restart"],
};

/** A grant; `changes` replaces claims, and `undefined` takes away. */
export const grant = (changes = {}, header = {}, key = "stranger_ed25519", options = {}) =>
  jwt({ alg: "EdDSA", typ: "break-glass+jwt", kid: "glass", ...header }, { ...usual, ...changes }, key, options);

/** What the event says of a grant that decided. */
export const decidedBy = (changes = {}) => {
  const { given_by, jti, reason, exp } = { ...usual, ...changes };
  return { givenBy: given_by, jtiHash: createHash("sha256").update(jti).digest("base64url"), reason, expires: exp };
};
