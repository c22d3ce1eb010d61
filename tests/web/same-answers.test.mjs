// What is remembered changes no answer: `can` says what `evaluate` says, and a guard that has answered for long what a
// fresh one says. Policies, subjects, resources, requests and clocks are chance's, the same in each run.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { chance } from "./chance.mjs";
import { home } from "./home.mjs";
import { bundle, full, imported } from "./package.mjs";
import { issuer, jwk, now, secret, token } from "./tokens.mjs";

const POLICIES = 150;
const QUESTIONS = 60;
const GUARDS = 25;
const REQUESTS = 80;

const attributes = { owner: "string", status: "string", amount: "int", due: "timestamp", tags: "list(string)", tenant: "string" };
const permissions = ["doc:read", "doc:write", "memo:read", "memo:write", "bare", "other"];
const names = ["r0", "r1", "r2", "r3", "r4"];
const tenants = ["t1", "t2"];

// What hangs on the subject alone, on the time, and on a resource.
const always = ["subject.level > 3", "'r1' in subject.roles", "has(subject.acr)", "subject.kind == 'user'", "has(context.ip)", "'s' in subject.scopes"];
const timed = ["now < timestamp('2026-09-21T14:13:50Z')", "subject.authTime < now", "has(subject.authTime)"];
const aboutResource = ["resource.amount > 3", "resource.owner == subject.id", "now < resource.due", "!has(resource.owner)", "'x' in resource.tags", "resource.amount / 0 == 1", "has(resource.tenant)"];

const trust = {
  issuers: [
    { issuer, audience: "api", secret, asserts: { permissions: true }, claims: { assignments: "assignments", attributes: { level: "level" } } },
    { issuer: "https://two.example", audience: "api", jwks: { keys: [jwk("ES256")] }, idPrefix: "two:" },
  ],
};

function condition({ is, pick }, atoms, depth = 2) {
  if (depth === 0 || is(0.4)) return is(0.2) ? `!(${pick(atoms)})` : pick(atoms);
  return `(${condition({ is, pick }, atoms, depth - 1)}) ${pick(["&&", "||"])} (${condition({ is, pick }, atoms, depth - 1)})`;
}

function policyBy(chosen, revision, routes) {
  const { is, pick, some, maybe } = chosen;
  const when = (permission) => condition(chosen, permission.includes(":") ? [...always, ...timed, ...aboutResource] : [...always, ...timed]);
  const grant = (permission) => (is(0.4) ? permission : { permission, ...maybe(permission.startsWith("memo") ? 0.3 : 0, { owner: true }), ...maybe(0.7, { when: when(permission) }) });
  const elevated = () => ({ ...maybe(0.5, { acr: ["gold"] }), ...maybe(0.5, { maxAuthAge: 60 }), ...maybe(0.4, { justification: true }) });
  const role = (place) => ({ permits: some([...permissions, "*", "*:read"]).map(grant), ...maybe(0.4, { inherits: some(names.slice(0, place)) }), ...maybe(0.25, { elevated: elevated() }) });
  const restricted = pick(permissions);
  const rule = { id: "rule", effect: pick(["deny", "require"]), permissions: [restricted], when: when(restricted), ...maybe(0.3, { unless: when(restricted) }) };
  return {
    policy: "chance",
    revision,
    resources: { doc: { actions: ["read", "write"], attributes, ...maybe(0.6, { tenant: "tenant" }) }, memo: { actions: ["read", "write"], attributes, owner: "owner" } },
    permissions: ["bare", "other"],
    subject: { attributes: { level: "int" } },
    context: { attributes: { ip: "string" } },
    roles: Object.fromEntries(names.map((name, place) => [name, role(place)])),
    rules: some([rule]),
    routes,
  };
}

function subjectBy({ is, pick, some, maybe, below }) {
  const assignment = (role) => ({ role, ...maybe(0.5, { tenant: pick(tenants) }), ...maybe(0.4, { notBefore: now + below(100) - 50 }), ...maybe(0.4, { notAfter: now + below(100) - 50 }) });
  const { level, ...others } = {
    ...maybe(0.4, { assignments: some(names).map(assignment) }),
    ...maybe(0.2, { permissions: some(permissions, 0.2) }),
    ...maybe(0.5, { level: below(8) }),
    ...maybe(0.5, { acr: pick(["gold", "tin"]) }),
    ...maybe(0.5, { authTime: now + below(300) - 150 }),
    ...maybe(0.3, { scopes: ["s"] }),
  };
  return { id: pick(["u1", "u2"]), roles: some(names, is(0.2) ? 0 : 0.5), ...others, ...(level === undefined ? {} : { attributes: { level } }) };
}

/** A token that says the same of the subject. */
function tokenOf({ id, roles, assignments, permissions, attributes, acr, authTime, scopes }, more = {}) {
  return token({ sub: id, roles, assignments, permissions, level: attributes?.level, acr, auth_time: authTime, scope: scopes?.join(" "), ...more });
}

function resourceBy({ is, pick, below, some }) {
  if (is(0.3)) return undefined;
  const good = { owner: () => pick(["u1", "u2"]), status: () => "open", amount: () => below(8), due: () => now + below(200) - 100, tags: () => some(["x", "y"]), tenant: () => pick(tenants) };
  const uncommon = [undefined, null, "", "=u1", "u1\n", "ü", "\ud800", "a".repeat(101), 1.5, true, [1], {}, { a: 1 }, new Date((now + 5) * 1000), () => 1, 10n, NaN];
  const resource = {};
  for (const [name, value] of Object.entries(good)) if (is(0.85)) resource[name] = is(0.85) ? value() : pick(uncommon);
  return resource;
}

test("can_says_what_evaluate_says_at_every_time_in_every_file", () => {
  const chosen = chance(1);
  const { is, pick, below } = chosen;
  const answers = { true: 0, false: 0 };
  for (let round = 0; round < POLICIES; round += 1) {
    let time = now;
    const policy = policyBy(chosen, 1, [{ route: "GET /me", allow: "authenticated" }]);
    const guards = [imported, bundle, full.imported].map(({ Guard }) => new Guard({ policy, trust, clock: () => time }));
    const subjects = Array.from({ length: 4 }, () => subjectBy(chosen));
    const principals = subjects.map((subject) => guards[0].checkSync({ method: "GET", url: "/me", headers: { authorization: `Bearer ${tokenOf(subject)}` } }).principal);
    for (let question = 0; question < QUESTIONS; question += 1) {
      if (is(0.3)) time = now + below(300) - 150;
      const [subject, permission, properties] = [pick([...subjects, ...principals.filter((principal) => principal !== undefined)]), pick([...permissions, "doc:nothing", "nothing"]), resourceBy(chosen)];
      const [type, action] = permission.includes(":") ? permission.split(":") : [undefined, permission];
      const resource = type === undefined ? {} : { resource: { type, ...(properties === undefined ? {} : { properties }) } };
      const { decision, context } = guards[0].evaluate({ subject, action, ...resource });
      const expected = decision && context.code === "permitted";
      for (const guard of guards) {
        // Twice: what is new, and what is known.
        const said = [guard.can(subject, permission, properties), guard.can(subject, permission, properties)];
        assert.deepEqual(said, [expected, expected], `policy ${round}, question ${question}: ${permission}`);
      }
      answers[expected] += 1;
    }
  }
  assert.ok(answers.true > 1000 && answers.false > 1000, JSON.stringify(answers));
});

const wasm = Object.fromEntries([["imported", "server.wasm"], ["full", "full/full.wasm"]].map(([name, path]) => [name, new WebAssembly.Module(readFileSync(join(home, "node_modules/portcullis/dist", path)))]));

afterEach(() => {
  imported.init({ module: wasm.imported });
  full.imported.init({ module: wasm.full });
});

const methods = { usual: ["GET"], odd: ["HEAD", "POST", "PUT", "OPTIONS", "get"] };
const urls = { usual: ["/p/1", "/p/2", "/q", "/any/x"], odd: ["/p/1?x=1", "/p/1#f", "/p/1?access_token=a", "/q?access_token=a", "/q/", "/any/%41", "https://site.example/q", "/p/..", "/none"] };
const wants = [{ allow: "everyone" }, { allow: "authenticated" }, { allow: "authenticated" }, { permission: "bare" }, { permission: "other" }, { permission: "bare", hide: true }, { role: "r0" }, { role: "r3" }, { scope: "s" }];
const routesBy = ({ pick }) => ["GET /p/{id}", "POST /p/{id}", "* /any/**", "GET /q", "PUT /q"].map((route) => ({ route, ...pick(wants) }));

/** A guard whose listener hears what is told, but for the event's own id. */
function heard(guard) {
  const events = [];
  guard.onDecision(({ id, ...event }) => events.push(event));
  return events;
}

/** Headers that say which were read. */
function counting(headers) {
  const read = [];
  return { read, get: (name) => (read.push(name), headers[name] ?? null) };
}

for (const [name, entry] of Object.entries({ imported, full: full.imported })) {
  test(`a_guard_that_has_answered_for_long_says_what_a_fresh_one_says: ${name}`, () => {
    const chosen = chance(name.length);
    const { is, pick, below, maybe } = chosen;
    const seen = { short: 0, refused: 0 };
    for (let round = 0; round < GUARDS; round += 1) {
      let time = now;
      const made = (policy) => new entry.Guard({ policy, trust, clock: () => time });
      let policy = policyBy(chosen, 1, routesBy(chosen));
      const guard = made(policy);
      const events = is(0.5) ? heard(guard) : undefined;
      const revoked = [];
      const tokens = Array.from({ length: 3 }, (_, place) => tokenOf(subjectBy(chosen), { exp: now + (is(0.7) ? 1000 : below(300)), jti: `t${place}`, ...maybe(0.2, { nbf: now + below(50) - 40 }) }));
      tokens.push(token({ iss: "https://two.example", roles: ["r0"] }, "ES256"), ...(is(0.3) ? ["garbage"] : []));
      for (let number = 0; number < REQUESTS; number += 1) {
        const event = below(100);
        if (event < 5) time = now + below(400) - 100;
        if (event === 5) entry.init({ module: wasm[name] });
        if (event === 6) for (let other = 0; other < 65; other += 1) made(policy).can({ id: "u1" }, "bare");
        if (event === 7 && name === "full") guard.replacePolicy((policy = policyBy(chosen, policy.revision + 1, routesBy(chosen))));
        if (event === 8 && name === "full") {
          revoked.push({ jti: `t${below(3)}`, issuer, notBefore: now, until: now + 10_000 });
          guard.revoke(revoked.at(-1));
        }
        const scheme = is(0.8) ? "Bearer" : pick(["bearer", "Bearer ", "Basic"]);
        const headers = { ...maybe(0.9, { authorization: `${scheme} ${pick(tokens)}` }), ...maybe(0.1, { "x-justification": "why" }), ...maybe(0.1, { "x-request-id": "r" }) };
        const [method, url] = [methods, urls].map(({ usual, odd }) => pick(is(0.75) ? usual : odd));
        const fresh = made(policy);
        for (const fact of revoked) fresh.revoke(fact);
        const freshEvents = events === undefined ? undefined : heard(fresh);
        const expected = fresh.checkSync({ method, url, headers });
        for (let times = 1 + below(3); times > 0; times -= 1) {
          const counted = counting(headers);
          events?.splice(0);
          const outcome = guard.checkSync({ method, url, headers: is(0.6) ? counted : pick([headers, new Headers(headers), Object.entries(headers)]) });
          const at = `guard ${round}, request ${number}`;
          assert.equal(JSON.stringify(outcome), JSON.stringify(expected), at);
          assert.deepEqual(events, freshEvents, at);
          if (!outcome.allowed) seen.refused += 1;
          // The full way reads more than credentials.
          else if (counted.read.includes("authorization") && !counted.read.includes("origin")) seen.short += 1;
        }
      }
    }
    assert.ok(seen.short > 200 && seen.refused > 500, JSON.stringify(seen));
  });
}
