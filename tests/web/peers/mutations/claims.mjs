// Rows 22 to 26 of the corpus, and 34: types of claims, times, issuer and audience, kinds of token, scopes, `cnf`.

import { audience, issuer, now } from "../../../vectors/forge/token.mjs";
import { accessTokenClaims } from "../sites.mjs";

const claim = (row, topic, name, value) => ({
  row,
  topic,
  name: `${name} is ${(value === undefined ? "missing" : JSON.stringify(value)).slice(0, 60)}`,
  apply: (draft) => {
    if (value === undefined) delete draft.claims[name];
    else draft.claims[name] = value;
  },
});
/** A claim as raw JSON text, for numbers that JavaScript would write in another way. */
const raw = (row, topic, name, text) => ({
  row,
  topic,
  name: `${name} is ${text.slice(0, 60)}`,
  apply: (draft) => {
    draft.claims[name] = "@raw@";
    draft.claimsEdits.unshift((bytes) => Buffer.from(bytes.toString("utf8").replace('"@raw@"', text)));
  },
});

const types = [
  ...["exp", "nbf", "iat", "auth_time"].flatMap((name) =>
    ["1790000600", "", null, true, false, [now + 600], {}].map((value) => claim(22, "a date of a wrong type", name, value)),
  ),
  ...["iss", "sub", "jti", "azp", "client_id", "acr", "nonce", "sid"].flatMap((name) =>
    [1, null, true, false, [], ["u1"], {}].map((value) => claim(22, "a text of a wrong type", name, value)),
  ),
  claim(22, "a text of a wrong type", "iss", [issuer]),
  ...[1, null, true, {}, { api: true }].map((value) => claim(22, "aud of a wrong type", "aud", value)),
  ...[["api", 1], [null, "api"], [["api"]], ["api", {}]].map((value) => claim(22, "aud of a wrong type", "aud", value)),
  ...[5, {}, [1], "pwd"].map((value) => claim(22, "amr", "amr", value)),
  ...[5, true, {}, [5], [null], [["editor"]]].map((value) => claim(22, "roles of a wrong type", "roles", value)),
  ...[5, {}, [{}]].map((value) => claim(22, "roles of a wrong type", "permissions", value)),
  claim(22, "an empty subject", "sub", ""),
];

const offsets = [
  -100_000, -3661, -3660, -3659, -3600.5, -3600, -3599, -61, -60.5, -60, -59.5, -59, -1, -0.5, 0, 0.5, 1, 59, 59.5, 60, 60.5, 61, 100_000,
];
const times = [
  ...["exp", "nbf", "iat"].flatMap((name) => offsets.map((offset) => claim(23, `${name} near now`, name, now + offset))),
  claim(23, "no exp", "exp", undefined),
  claim(23, "no iat", "iat", undefined),
  ...["exp", "nbf", "iat"].flatMap((name) => [
    ...["0", "-0", "-1", "1.79e9", "1790000600.0", "17900006e2"].map((text) => raw(23, `${name} near now`, name, text)),
    ...["9007199254740992", "-9007199254740992"].map((text) => raw(23, `${name} near now`, name, text)),
    ...["9007199254740993", "-9007199254740994", `1${"0".repeat(100)}`, "1e300", "-1e300"].map((text) =>
      raw(23, "a date beyond 2^53", name, text),
    ),
    raw(23, "a number that no double holds", name, "1e400"),
  ]),
];

const parties = [
  claim(24, "no iss", "iss", undefined),
  ...[
    "https://id.exampl",
    "https://id.example/",
    "https://ID.example",
    "",
    " https://id.example",
    "https://id.example\n",
    "https://evil.example",
    "https://id.example.evil.example",
  ].map((value) => claim(24, "another iss", "iss", value)),
  claim(24, "no aud", "aud", undefined),
  ...["ap", "api-admin", "API", "api/", "api ", "other api", "", "other"].map((value) => claim(24, "another aud", "aud", value)),
  ...[[], ["other"], ["ap", "i"], ["API"]].map((value) => claim(24, "another aud", "aud", value)),
  ...[[audience], ["other", audience], [audience, audience]].map((value) => claim(24, "harmless", "aud", value)),
  claim(24, "no sub", "sub", undefined),
  ...["other", audience].map((value) => claim(24, "harmless", "azp", value)),
  ...["__proto__", "constructor", "Zoë 🦊", "guest"].map((value) => claim(24, "another sub", "sub", value)),
];

const typ = (topic, value) => ({
  row: 25,
  topic,
  name: `typ is ${JSON.stringify(value) ?? "missing"}`,
  apply: (draft) => {
    if (value === undefined) delete draft.header.typ;
    else draft.header.typ = value;
  },
});
const kinds = [
  ...[
    "logout+jwt",
    "dpop+jwt",
    "secevent+jwt",
    "rt+jwt",
    "client-authentication+jwt",
    "application/logout+jwt",
    "",
    "JWT ",
    "text/jwt",
    "at+jwt ",
    "JOSE",
  ].map((value) => typ("typ of another kind", value)),
  ...[1, null, {}, ["JWT"], true].map((value) => typ("typ of a wrong type", value)),
  ...["JWT", "jwt", "application/jwt", "APPLICATION/JWT", "at+jwt", "AT+JWT", "application/at+jwt", "Application/AT+JWT"].map((value) =>
    typ("typ", value),
  ),
  typ("no typ", undefined),
  ...accessTokenClaims.map((name) => claim(25, "a claim that the profile wants", name, undefined)),
  ...[1, null, "JWT"].map((value) => ({
    row: 25,
    topic: typeof value === "string" ? "harmless" : "cty of a wrong type",
    name: `cty is ${value}`,
    apply: (draft) => Object.assign(draft.header, { cty: value }),
  })),
];

const scopes = [
  ...["read", "read write", ["read", "write"], "", []].map((value) => claim(26, "scope", "scope", value)),
  ...["read  write", " read", "read ", "read\twrite", 'read "write"', "lesen prüfen", 5, true, {}, ["read", 5]].map((value) =>
    claim(26, "scope that is none", "scope", value),
  ),
  ...[5, {}, "a  b"].map((value) => claim(26, "scope that is none", "scp", value)),
];

// Row 34: a token that is bound to a key is no bearer token, so a guard without proofs refuses it.
const bound = [
  { jkt: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" },
  { "x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2" },
  { kid: "k" },
  {},
  [],
  "k",
  null,
].map((value) => claim(34, "cnf", "cnf", value));

export const claimMutations = [...types, ...times, ...parties, ...kinds, ...scopes, ...bound];
