// Verifies the suites without the core: `node check.mjs`.
//
// 1. generate.mjs writes what is committed, and nothing else is there.
// 2. Every suite has the shape that README.md describes, and names are unique sentences.
// 3. Every token that is expected to be accepted verifies with node:crypto under a key of its own
//    issuer, and carries claims that hold at `now`; every token that is expected to fail by its
//    signature does not verify, save those that only a strict verifier refuses.
// 4. Every API key that is expected to be accepted has the hash that its entry holds.

import { constants, createHash, createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { build } from "./generate.mjs";

const problems = [];
const problem = (where, what) => problems.push(`${where}: ${what}`);
const here = (name) => new URL(name, import.meta.url);

const titles = { 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 503: "Service Unavailable" };
const codes = {
  authentication_required: [401, "Authentication required"],
  malformed_credentials: [400, "Malformed credentials"],
  invalid_token: [401, "Invalid or expired token"],
  invalid_api_key: [401, "Invalid API key"],
  insufficient_user_authentication: [401, "Stronger authentication required"],
  insufficient_scope: [403, "Insufficient scope"],
  permission_denied: [403, "Permission denied"],
  forbidden: [403, "Forbidden"],
  not_allowed: [403, null],
  justification_required: [403, "Justification required"],
  cross_site_request: [403, "Cross-site request refused"],
  not_found: [404, "Not found"],
  unavailable: [503, "Try again later"],
};
const reasons = new Set(
  `malformed_authorization malformed_api_key malformed_cookie multiple_credentials cross_site
  token_too_large token_malformed token_encrypted token_encoding token_json header_member algorithm_unsupported critical_header
  issuer_missing issuer_unknown typ_mismatch algorithm_not_allowed keys_unavailable key_required key_unknown key_ambiguous
  signature_invalid claim_missing claim_type audience_mismatch authorized_party_mismatch expired not_yet_valid issued_in_future too_old
  api_key_malformed api_key_checksum api_key_unknown api_key_expired
  path_malformed route_undeclared authentication_missing unsupported_scheme scope_missing role_missing permission_unknown
  permission_missing not_owner resource_required denied_by_rule elevation_required justification_required resource_not_found
  resource_unavailable permitted conditional`.split(/\s+/),
);
const documentCodes = new Set(
  `json too_large wrong_type missing_member unknown_member bad_value bad_name unknown_role unknown_permission unknown_resource_type
  role_cycle duplicate duplicate_route missing_owner unsupported missing_keys several_keys weak_key bad_key insecure_uri
  loader_missing too_many`.split(/\s+/),
);
// RFC 8032 lets a verifier take these; the guard does not (design.md §4, strict).
const onlyStrict = /neutral_point|point_of_order/;

const members = (where, object, ...wanted) => {
  const names = Object.keys(object).join(" ");
  if (!wanted.includes(names)) problem(where, `members are ${names}`);
};

const checkRefusal = (where, expect) => {
  members(where, expect, "allowed status headers body reason");
  const [status, detail] = codes[JSON.parse(expect.body).code] ?? [];
  const body = JSON.parse(expect.body);
  if (expect.body !== JSON.stringify(body)) problem(where, "the body is not written as JSON.stringify writes it");
  members(where, body, "type title status detail code");
  if (body.status !== expect.status || status !== expect.status) problem(where, `status ${expect.status} for ${body.code}`);
  if (body.title !== titles[expect.status] || body.type !== "about:blank") problem(where, "title or type");
  if (detail !== null && body.detail !== detail) problem(where, `detail ${body.detail}`);
  members(
    where,
    expect.headers,
    "content-type cache-control",
    "content-type cache-control www-authenticate",
    "content-type cache-control retry-after",
  );
  const challenge = expect.headers["www-authenticate"];
  const wanted = expect.status === 401 || expect.status === 400 || body.code === "insufficient_scope";
  if ((challenge !== undefined) !== wanted) problem(where, "a challenge where none belongs, or none where one does");
  if ((expect.headers["retry-after"] !== undefined) !== (expect.status === 503)) problem(where, "retry-after");
  if (!reasons.has(expect.reason)) problem(where, `reason ${expect.reason}`);
};

const checkAllowed = (where, expect) => {
  members(where, expect, "allowed principal route permission resource elevated conditional preflight reason");
  members(where, expect.principal, "kind id issuer roles permissions scopes attributes acr amr authTime");
  if (expect.resource !== null) members(where, expect.resource, "type id");
  if (expect.reason !== (expect.conditional ? "conditional" : "permitted")) problem(where, `reason ${expect.reason}`);
};

const checkDecision = (where, expect) => {
  members(where, expect, "decision context");
  const { code, status, message, reason } = expect.context;
  if (expect.decision) {
    members(where, expect.context, "code reason", "code reason elevated");
    return;
  }
  members(where, expect.context, "code reason status message", "code reason status message rule");
  const [wanted, detail] = code === "conditional" ? [403, "Not allowed"] : codes[code];
  if (wanted !== status || (detail !== null && detail !== message)) problem(where, `${status} ${message} for ${code}`);
  if (!reasons.has(reason)) problem(where, `reason ${reason}`);
};

/** The token of a request, where it has one. */
const presented = (trust, request) => {
  const header = trust?.credentials?.header ?? "authorization";
  const cookie = trust?.credentials?.cookie;
  const found = [];
  for (const [name, value] of request.headers) {
    if (name.toLowerCase() === header) found.push(header === "authorization" ? value.trim().replace(/^bearer +/i, "") : value);
    if (cookie !== undefined && name.toLowerCase() === "cookie") {
      for (const part of value.split("; ")) if (part.startsWith(`${cookie}=`)) found.push(part.slice(cookie.length + 1));
    }
  }
  return found.length === 1 ? found[0] : undefined;
};

const hash = (algorithm) => `sha${algorithm.slice(2)}`;

const verifies = (key, algorithm, input, signature) => {
  if (key.secret !== undefined) {
    if (!algorithm.startsWith("HS")) return false;
    const mac = createHmac(hash(algorithm), key.secret).update(input).digest();
    return mac.length === signature.length && timingSafeEqual(mac, signature);
  }
  try {
    const publicKey = createPublicKey({ key: key.jwk, format: "jwk" });
    const type = publicKey.asymmetricKeyType;
    if (algorithm === "EdDSA" || algorithm === "Ed25519") return type === "ed25519" && verify(null, input, publicKey, signature);
    if (algorithm.startsWith("ES")) return type === "ec" && verify(hash(algorithm), input, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature);
    if (algorithm.startsWith("RS")) return type === "rsa" && verify(hash(algorithm), input, publicKey, signature);
    if (algorithm.startsWith("PS")) {
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      return type === "rsa" && verify(hash(algorithm), input, { key: publicKey, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }, signature);
    }
  } catch {
    // A key that node:crypto does not take verifies nothing.
  }
  return false;
};

const keysOf = (entry, fetched) => {
  if (typeof entry.secret === "string") return [{ secret: Buffer.from(entry.secret, "utf8") }];
  if (entry.secret !== undefined) return [{ secret: Buffer.from(entry.secret.base64url, "base64url") }];
  const body = entry.jwks ?? fetched?.[entry.jwksUri] ?? { keys: [] };
  const { keys } = typeof body === "string" ? JSON.parse(body) : body;
  return keys.map((jwk) => ({ jwk }));
};

/** Whether the token verifies under a key of its own issuer, and its claims. */
const examined = (token, trust, fetched) => {
  const [header, payload, signature] = token.split(".");
  const { alg, kid } = JSON.parse(Buffer.from(header, "base64url"));
  const claims = JSON.parse(Buffer.from(payload, "base64url"));
  const entry = trust.issuers.find(({ issuer }) => issuer === null || issuer === claims.iss);
  if (entry === undefined) return { valid: false, claims };
  const input = Buffer.from(`${header}.${payload}`);
  const candidates = keysOf(entry, fetched).filter(({ jwk }) => jwk === undefined || kid === undefined || jwk.kid === kid);
  return { valid: candidates.some((key) => verifies(key, alg, input, Buffer.from(signature ?? "", "base64url"))), claims, entry };
};

const checkCredential = (where, entry, trust) => {
  const token = presented(trust, entry.request);
  if (entry.expect.allowed) {
    const { kind, id, issuer } = entry.expect.principal;
    if (kind === "guest") return;
    if (token === undefined) {
      const name = trust.credentials?.apiKeyHeader ?? "x-api-key";
      const [, text] = entry.request.headers.find(([header]) => header.toLowerCase() === name) ?? [];
      const held = `sha256:${createHash("sha256").update(text ?? "").digest("base64url")}`;
      if (!trust.apiKeys.some((key) => key.id === id && key.hash === held)) problem(where, "the API key has not the hash of its entry");
      if (issuer !== null) problem(where, "an API key has no issuer");
      return;
    }
    const { valid, claims, entry: believed } = examined(token, trust, entry.keys);
    if (!valid) problem(where, "an accepted token does not verify");
    const leeway = believed?.leeway ?? 60;
    if (!(entry.now < Math.ceil(claims.exp) + leeway)) problem(where, "an accepted token has expired");
    if (issuer !== (claims.iss ?? null)) problem(where, "the principal has another issuer than the token");
    return;
  }
  if (entry.expect.reason !== "signature_invalid") return;
  if (token === undefined) problem(where, "there is no token to be refused");
  else if (examined(token, trust, entry.keys).valid && !onlyStrict.test(entry.name)) problem(where, "a refused signature verifies");
};

const checkCase = (suite, entry, configs) => {
  const where = `${suite}/${entry.name}`;
  const config = configs[entry.config];
  if (config === undefined) return problem(where, `no config ${entry.config}`);
  if (!Number.isSafeInteger(entry.now)) problem(where, "now");
  if ((entry.request === undefined) === (entry.ask === undefined)) return problem(where, "wants one of request and ask");
  if (entry.ask !== undefined) return checkDecision(where, entry.expect);
  members(where, entry.request, "method url headers");
  if (!entry.request.headers.every((pair) => pair.length === 2 && pair.every((part) => typeof part === "string"))) problem(where, "headers");
  if (entry.expect.allowed) checkAllowed(where, entry.expect);
  else checkRefusal(where, entry.expect);
  const routes = config.policy.routes ?? [];
  if (entry.expect.allowed && !entry.expect.preflight && !routes.some(({ route }) => route === entry.expect.route)) problem(where, "a route that is not declared");
  return checkCredential(where, entry, config.trust);
};

const checkDocument = (suite, entry) => {
  const where = `${suite}/${entry.name}`;
  if (entry.policy === undefined) problem(where, "no policy");
  if (entry.error === null) return;
  members(where, entry.error, "document path code");
  if (!documentCodes.has(entry.error.code)) problem(where, `code ${entry.error.code}`);
  const wrong = entry.trust === undefined || entry.error.code === "loader_missing" ? "policy" : "trust";
  if (entry.error.document !== wrong) problem(where, "the document is not the one that is wrong");
};

const written = await build();
for (const [name, text] of written) {
  if (readFileSync(here(name), "utf8") !== text) problem(name, "generate.mjs writes something else");
}
const expected = written.map(([name]) => name);
for (const name of readdirSync(here("."))) {
  if (name.endsWith(".json") && !expected.includes(name)) problem(name, "generate.mjs does not write it");
}

const names = new Map();
let count = 0;
for (const [name, text] of written.filter(([file]) => !file.includes("/"))) {
  const suite = JSON.parse(text);
  if (`${suite.suite}.json` !== name) problem(name, "the suite has another name");
  if (typeof suite.about !== "string") problem(name, "about");
  const used = new Set();
  for (const entry of suite.cases ?? suite.documents) {
    count += 1;
    if (!/^[a-z0-9]+(_[a-z0-9]+)+$/.test(entry.name)) problem(`${suite.suite}/${entry.name}`, "the name is no sentence");
    const full = `${suite.suite}/${entry.name}`;
    if (names.has(full)) problem(full, "the name is not unique");
    names.set(full, entry);
    used.add(entry.config);
    if (suite.cases === undefined) checkDocument(suite.suite, entry);
    else checkCase(suite.suite, entry, suite.configs);
  }
  for (const config of Object.keys(suite.configs ?? {})) if (!used.has(config)) problem(name, `config ${config} is not used`);
}

if (problems.length > 0) {
  for (const line of problems) console.error(line);
  console.error(`${problems.length} problems in ${count} cases`);
  process.exitCode = 1;
} else {
  console.log(`${count} cases in ${expected.length - 1} suites: well-formed, reproducible, every accepted credential verifies`);
}
