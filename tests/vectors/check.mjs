// Verifies the suites without the core: `node check.mjs`.
//
// 1. generate.mjs writes what is committed, and nothing else is there.
// 2. Every suite has the shape that README.md describes, and names are unique sentences.
// 3. Every token that is expected to be accepted verifies with node:crypto under a key of its own
//    issuer (one that was fetched in this step or an earlier one), and has not expired at `now`; every
//    token that is expected to fail by its signature does not verify, save those that only a strict
//    verifier refuses. A token that is introspected has an active answer.
// 4. Every API key that is expected to be accepted has the hash that its entry holds, in the document or with the host.
// 5. Every token that is bound to a key or a certificate, or comes with a proof, is accepted or refused
//    as binding.mjs finds by itself.

import { constants, createHash, createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { bindingReasons, examineBinding, laterReasons } from "./binding.mjs";
import { checksum } from "./forge/api_key.mjs";
import { factName } from "./forge/revocation.mjs";
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
  invalid_dpop_proof: [401, "Invalid DPoP proof"],
  use_dpop_nonce: [401, "DPoP nonce required"],
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
  signature_invalid introspection_unavailable token_inactive claim_missing claim_type audience_mismatch authorized_party_mismatch
  nonce_mismatch access_token_mismatch expired not_yet_valid issued_in_future too_old claim_value subject_conflict
  binding_unsupported token_bound binding_missing certificate_missing certificate_malformed certificate_mismatch
  proof_missing proof_malformed proof_typ proof_algorithm proof_key proof_key_mismatch proof_signature proof_claim proof_method
  proof_url_unknown proof_url proof_time proof_nonce proof_token proof_replayed replay_unavailable
  revoked revocation_unavailable break_glass_invalid break_glass_expired break_glass_subject
  api_key_malformed api_key_checksum api_key_unavailable api_key_unknown api_key_expired api_key_revoked
  path_malformed route_undeclared authentication_missing unsupported_scheme scope_missing role_missing permission_unknown
  permission_missing not_owner resource_required denied_by_rule elevation_required justification_required resource_not_found
  resource_unavailable permitted conditional condition_failed requirement_failed fields_only tenant_mismatch roles_exclusive`.split(/\s+/),
);
const documentCodes = new Set(
  `json too_large wrong_type missing_member unknown_member bad_value bad_name unknown_role unknown_permission unknown_resource_type
  role_cycle duplicate duplicate_route missing_owner unsupported several_keys weak_key bad_key insecure_uri
  loader_missing too_many condition exclusive_roles unknown_field`.split(/\s+/),
);
// The reasons that name a rule.
const ruleReasons = new Set(["denied_by_rule", "requirement_failed"]);
const evaluationErrors = new Set("attribute_missing attribute_type overflow division_by_zero index_out_of_range value budget too_long".split(" "));
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
    "content-type cache-control www-authenticate dpop-nonce",
    "content-type cache-control retry-after",
  );
  const challenge = expect.headers["www-authenticate"];
  const wanted = expect.status === 401 || expect.status === 400 || body.code === "insufficient_scope";
  if ((challenge !== undefined) !== wanted) problem(where, "a challenge where none belongs, or none where one does");
  if ((expect.headers["dpop-nonce"] !== undefined) !== (body.code === "use_dpop_nonce")) problem(where, "dpop-nonce");
  if ((expect.headers["retry-after"] !== undefined) !== (expect.status === 503)) problem(where, "retry-after");
  if (!reasons.has(expect.reason)) problem(where, `reason ${expect.reason}`);
};

const checkAllowed = (where, expect) => {
  const always = "allowed principal route permission resource elevated conditional preflight reason";
  members(where, expect, always, `${always} dropped`, `${always} breakGlass`, `${always} apiKey`);
  if (expect.apiKey !== undefined) {
    members(where, expect.apiKey, "owner expires dropped");
    if (expect.apiKey.dropped !== null) members(where, expect.apiKey.dropped, "roles permissions scopes");
  }
  if (expect.breakGlass !== undefined) {
    members(where, expect.breakGlass, "givenBy jtiHash reason expires");
    if (!expect.elevated) problem(where, "a break-glass grant decided, and it is not elevated");
  }
  if (expect.dropped !== undefined) members(where, expect.dropped, "roles permissions scopes");
  const own = "permissions scopes attributes acr amr authTime";
  members(where, expect.principal, `kind id issuer roles ${own}`, `kind id issuer roles assignments ${own}`);
  if (expect.resource !== null) members(where, expect.resource, "type id");
  if (expect.reason !== (expect.conditional ? "conditional" : "permitted")) problem(where, `reason ${expect.reason}`);
};

const checkDecision = (where, expect) => {
  members(where, expect, "decision context");
  checkAnswer(where, expect);
};

/** What a decision and an explanation have in common. */
const checkAnswer = (where, expect) => {
  const { code, status, message, reason } = expect.context;
  if (expect.decision) {
    members(where, expect.context, "code reason", "code reason elevated");
    return;
  }
  members(where, expect.context, "code reason status message", "code reason status message rule");
  const [wanted, detail] = code === "conditional" ? [403, "Not allowed"] : codes[code];
  if (wanted !== status || (detail !== null && detail !== message)) problem(where, `${status} ${message} for ${code}`);
  if (!reasons.has(reason)) problem(where, `reason ${reason}`);
  if ((expect.context.rule !== undefined) !== ruleReasons.has(reason)) problem(where, "a rule where none decided, or none where one did");
};

const changes = { role: "kind role", "sign-in": "kind acr maxAge", justification: "kind" };

const checkOperand = (where, operand) => members(where, operand, "attribute value", "attribute redacted", "attribute missing");

const checkExplanation = (where, expect) => {
  const behind = "permission rolesInEffect grant rolesThatWouldAllow ownership rule condition change";
  members(where, expect, `decision context ${behind}`, `decision context summary ${behind}`);
  checkAnswer(where, expect);
  const { decision, context, grant, rolesInEffect, rolesThatWouldAllow, ownership, rule, condition, change } = expect;
  for (const roles of [rolesInEffect, rolesThatWouldAllow]) if (JSON.stringify(roles) !== JSON.stringify([...roles].sort())) problem(where, "roles that are not sorted");
  if (grant !== null) {
    members(where, grant, "role path permission owner when elevated");
    if (grant.path.at(-1) !== grant.role || grant.path.some((role) => !rolesInEffect.includes(role))) problem(where, "a path that does not lead to the grant's role");
  }
  if (ownership !== null) members(where, ownership, "attribute owner subject");
  if (rule !== (context.rule ?? null)) problem(where, "another rule than the decision's");
  if (condition !== null) {
    members(where, condition, "path source failed result operands");
    if (!condition.source.includes(condition.failed)) problem(where, "what failed is no part of the condition");
    if (typeof condition.result !== "boolean" && !evaluationErrors.has(condition.result)) problem(where, `result ${condition.result}`);
    for (const operand of condition.operands) checkOperand(where, operand);
  }
  if (change !== null) members(where, change, changes[change.kind]);
  if (decision && (rolesThatWouldAllow.length > 0 || rule !== null || condition !== null || change !== null)) problem(where, "what would allow, though it is allowed");
};

/** The token of a request, where it has one. */
const presented = (trust, request) => {
  const header = trust?.credentials?.header ?? "authorization";
  const cookie = trust?.credentials?.cookie;
  const found = [];
  for (const [name, value] of request.headers) {
    if (name.toLowerCase() === header) found.push(header === "authorization" ? value.trim().replace(/^(bearer|dpop) +/i, "") : value);
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

/** What each url answered last. */
const latest = (fetched) => Object.fromEntries(Object.entries(fetched).map(([url, bodies]) => [url, bodies.slice(-1)]));

/** The key sets among the answers to fetches, or that of one url. Each url has the answers of all steps so far. */
const fetchedSets = (fetched, url) =>
  Object.entries(fetched)
    .filter(([from]) => url === undefined || from === url)
    .flatMap(([, bodies]) => bodies)
    .map((body) => {
      if (typeof body !== "string") return body;
      try {
        return JSON.parse(body);
      } catch {
        return undefined;
      }
    })
    .filter((set) => Array.isArray(set?.keys));

const keysOf = (entry, fetched) => {
  if (typeof entry.secret === "string") return [{ secret: Buffer.from(entry.secret, "utf8") }];
  if (entry.secret !== undefined) return [{ secret: Buffer.from(entry.secret.base64url, "base64url") }];
  if (typeof entry.pem === "string") return [{ jwk: createPublicKey(entry.pem).export({ format: "jwk" }) }];
  if (entry.pem !== undefined) return entry.pem.map(({ kid, pem }) => ({ jwk: { ...createPublicKey(pem).export({ format: "jwk" }), kid } }));
  const sets = entry.jwks === undefined ? fetchedSets(fetched, entry.jwksUri) : [entry.jwks];
  return sets.flatMap(({ keys }) => keys.map((jwk) => ({ jwk })));
};

/** The issuer that a token names: itself, or by the template with its `tid` (Entra). */
const isOf = (entry, claims) =>
  entry.issuer === null || entry.issuer === claims.iss || (typeof claims.tid === "string" && entry.issuer.replace("{tenantid}", claims.tid) === claims.iss);

/** Whether the token verifies under a key of its own issuer, and its claims. */
const examined = (token, trust, fetched) => {
  const [header, payload, signature] = token.split(".");
  const { alg, kid } = JSON.parse(Buffer.from(header, "base64url"));
  const claims = JSON.parse(Buffer.from(payload, "base64url"));
  const entry = trust.issuers.find(({ issuer }) => issuer === claims.iss) ?? trust.issuers.find((one) => isOf(one, claims));
  if (entry === undefined) return { valid: false, claims };
  const input = Buffer.from(`${header}.${payload}`);
  const candidates = keysOf(entry, fetched).filter(({ jwk }) => jwk?.kid === undefined || kid === undefined || jwk.kid === kid);
  return { valid: candidates.some((key) => verifies(key, alg, input, Buffer.from(signature ?? "", "base64url"))), claims, entry };
};

/** The members of the last active answer to an introspection of that token, in this step or an earlier one (RFC 7662 §2.2). */
const introspected = (token, trust, answers) => {
  const entry = trust.issuers?.find(({ introspection }) => introspection !== undefined);
  const claims = answers.get(`${entry?.introspection.endpoint} ${token}`);
  return claims === undefined ? undefined : { claims, entry };
};

/** Keeps the active ones among the answers of a step. */
const keepAnswers = (answers, introspection) => {
  for (const [url, own] of Object.entries(introspection ?? {})) {
    for (const [token, answer] of Object.entries(own)) {
      try {
        const claims = typeof answer === "string" ? JSON.parse(answer) : answer;
        if (claims.active === true) answers.set(`${url} ${token}`, claims);
      } catch {
        // What is no answer makes nobody active.
      }
    }
  }
};

/** Compares the reason with the one that binding.mjs finds for a token that verifies. */
const checkBinding = (where, step, trust, token, { claims, entry }, proofs) => {
  const { allowed, reason } = step.expect;
  const wanted = bindingReasons.has(reason) ? reason : undefined;
  if (!allowed && wanted === undefined && !laterReasons.has(reason)) return;
  const taken = step.replays === "fails" || /^revo/.test(reason) ? new Set(proofs) : proofs;
  const found = examineBinding(step, trust, token, claims, entry, taken);
  if (found !== wanted) problem(where, `its binding is ${found ?? "good"}`);
};

const checkCredential = (where, step, trust, { fetched, answers, entries, proofs }) => {
  const { name, now, request, expect } = step;
  const token = presented(trust, request);
  if (expect.allowed) {
    const { kind, id, issuer } = expect.principal;
    if (kind === "guest" && issuer === null) return;
    if (token === undefined) {
      const header = trust.credentials?.apiKeyHeader ?? "x-api-key";
      const [, text] = request.headers.find(([own]) => own.toLowerCase() === header) ?? [];
      const held = `sha256:${createHash("sha256").update(text ?? "").digest("base64url")}`;
      if (expect.apiKey !== undefined) {
        // What the host has said of it, in this step or an earlier one.
        const entry = entries.get(held);
        if (`${trust.apiKeyStore.idPrefix}${entry?.id}` !== id) problem(where, "the host has not said whose the API key is");
        if (!text.startsWith(`${trust.apiKeyStore.prefix}_`) || checksum(text.slice(0, -6)) !== text.slice(-6)) problem(where, "an API key of another form");
        if (entry?.notAfter !== undefined && !(now < entry.notAfter)) problem(where, "an API key that has ended");
        return;
      }
      if (!trust.apiKeys.some((key) => key.id === id && key.hash === held)) problem(where, "the API key has not the hash of its entry");
      if (issuer !== null) problem(where, "an API key has no issuer");
      return;
    }
    const answer = introspected(token, trust, answers);
    const { valid, claims, entry: believed } = answer === undefined ? examined(token, trust, fetched) : { valid: true, ...answer };
    if (!valid) problem(where, "an accepted token does not verify");
    const leeway = believed?.leeway ?? 60;
    if (claims.exp !== undefined && !(now < Math.ceil(claims.exp) + leeway)) problem(where, "an accepted token has expired");
    if (claims.exp === undefined && answer === undefined) problem(where, "an accepted token has no end");
    if (issuer !== (claims.iss ?? (answer === undefined ? null : believed.issuer))) problem(where, "the principal has another issuer than the token");
    if (believed !== undefined) checkBinding(where, step, trust, token, { claims, entry: believed }, proofs);
    return;
  }
  if (token !== undefined && (bindingReasons.has(expect.reason) || laterReasons.has(expect.reason))) {
    checkBinding(where, step, trust, token, introspected(token, trust, answers) ?? examined(token, trust, fetched), proofs);
  }
  if (expect.reason !== "signature_invalid") return;
  if (token === undefined) problem(where, "there is no token to be refused");
  else if (examined(token, trust, latest(fetched)).valid && !onlyStrict.test(name)) problem(where, "a refused signature verifies");
};

const operands = {
  all: "op",
  none: "op",
  and: "op filters",
  or: "op filters",
  not: "op filter",
  same: "op compare attributes type",
  in: "op attribute type values",
  hasSome: "op attribute type values",
  present: "op attribute",
  ...Object.fromEntries(["eq", "ne", "lt", "le", "gt", "ge"].map((op) => [op, "op attribute type value"])),
  ...Object.fromEntries(["startsWith", "endsWith", "contains"].map((op) => [op, "op attribute value"])),
};

const checkFilter = (where, filter) => {
  if (operands[filter.op] === undefined) return problem(where, `op ${filter.op}`);
  members(where, filter, operands[filter.op]);
  for (const part of filter.filters ?? (filter.filter === undefined ? [] : [filter.filter])) checkFilter(where, part);
};

const checkList = (where, expect) => {
  if (expect.error !== undefined) {
    members(where, expect, "error");
    return members(where, expect.error, "code", "code path expression");
  }
  members(where, expect, "filter", "filter sqlite", "filter postgres", "filter sqlite postgres");
  checkFilter(where, expect.filter);
  for (const dialect of ["sqlite", "postgres"]) {
    if (expect[dialect] === undefined) continue;
    members(where, expect[dialect], "text parameters");
    const places = expect[dialect].text.match(dialect === "sqlite" ? /\?/g : /\$\d+/g) ?? [];
    if (places.length !== expect[dialect].parameters.length) problem(where, `${places.length} places for ${expect[dialect].parameters.length} parameters`);
  }
};

const askedWords = /^(keys \S+|revocation|replay|introspection \S+|apiKey sha256:[\w-]{43}|resource [^/]+\/.+)$/;

const checkRequest = (where, step, config, memory) => {
  if (!Number.isSafeInteger(step.now)) problem(where, "now");
  members(where, step.request, "method url headers");
  if (!step.request.headers.every((pair) => pair.length === 2 && pair.every((part) => typeof part === "string"))) problem(where, "headers");
  if (step.expect.allowed) checkAllowed(where, step.expect);
  else checkRefusal(where, step.expect);
  for (const asked of step.asked ?? []) if (!askedWords.test(asked)) problem(where, `asked ${asked}`);
  for (const { name, of, notBefore, until } of step.push ?? []) {
    const { issuer = null, ...named } = of;
    const [[kind, value], ...more] = Object.entries(named);
    if (more.length > 0 || factName(kind.toLowerCase(), issuer, value) !== name) problem(where, `${name} is another fact's name`);
    if (!Number.isSafeInteger(notBefore) || !Number.isSafeInteger(until)) problem(where, "a pushed fact");
  }
  const routes = config.policy.routes ?? [];
  if (step.expect.allowed && !step.expect.preflight && !routes.some(({ route }) => route === step.expect.route)) problem(where, "a route that is not declared");
  for (const [url, body] of Object.entries(step.keys ?? {})) {
    if (step.asked === undefined || step.asked.includes(`keys ${url}`)) (memory.fetched[url] ??= []).push(body);
  }
  keepAnswers(memory.answers, step.introspection);
  if (typeof step.apiKeys === "object") for (const [held, entry] of Object.entries(step.apiKeys)) memory.entries.set(held, entry);
  checkCredential(where, step, config.trust, memory);
};

const checkCase = (suite, entry, configs) => {
  const where = `${suite}/${entry.name}`;
  const config = configs[entry.config];
  if (config === undefined) return problem(where, `no config ${entry.config}`);
  if ([entry.request, entry.ask, entry.explain, entry.list, entry.steps].filter((one) => one !== undefined).length !== 1) return problem(where, "wants one of request, ask, explain, list and steps");
  if (entry.steps === undefined && !Number.isSafeInteger(entry.now)) problem(where, "now");
  if (entry.explain !== undefined) return checkExplanation(where, entry.expect);
  if (entry.list !== undefined) return checkList(where, entry.expect);
  if (entry.ask !== undefined) return checkDecision(where, entry.expect);
  const memory = { fetched: {}, answers: new Map(), entries: new Map(), proofs: new Set() };
  if (entry.steps === undefined) return checkRequest(where, entry, config, memory);
  if (entry.steps.length < 2) problem(where, "one step is no steps");
  return entry.steps.forEach((step, index) => checkRequest(`${where}[${index}]`, { ...step, name: entry.name }, config, memory));
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
