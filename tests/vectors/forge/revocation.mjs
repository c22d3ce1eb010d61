// The names of facts of revocation: a kind, and the SHA-256 of the JSON text of issuer and value.

import { createHash } from "node:crypto";

/** `kind` is `subject`, `jti`, `sid`, `key` or `apikey`; `issuer` null where there is none. */
export const factName = (kind, issuer, value) => `${kind}.${createHash("sha256").update(JSON.stringify([issuer, value])).digest("base64url")}`;

/** A fact as a case pushes it. `of` says in the words of the package's `revoke` what the name is made from. */
export const pushedFact = (kind, issuer, value, notBefore, until) => ({
  name: factName(kind, issuer, value),
  of: { [kind === "apikey" ? "apiKey" : kind]: value, ...(issuer === null ? {} : { issuer }) },
  notBefore,
  until,
});
