// The JSON Schemas of the package beside the parser: what loads is valid, and what is refused for its form is not valid.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as everything from "./everything.mjs";
import { home, suites } from "./home.mjs";
import { full } from "./package.mjs";

const { Guard, ConfigError } = full.imported;
const KINDS = ["policy", "trust"];
const resolve = createRequire(join(home, "index.cjs")).resolve;
const schemas = Object.fromEntries(KINDS.map((kind) => [kind, JSON.parse(readFileSync(resolve(`portcullis/${kind}.schema.json`), "utf8"))]));
// A part of a schema that restricts another part need not say its type again.
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
const validators = Object.fromEntries(KINDS.map((kind) => [kind, ajv.compile(schemas[kind])]));

/** The codes that tell of a document's form. */
const FORM = new Set(["wrong_type", "missing_member", "unknown_member", "bad_value", "bad_name"]);

/** What else a parser says, and why a schema cannot always. */
const BEYOND = {
  json: "not JSON at all, or a member twice, which a parsed document no longer shows",
  too_large: "the length of the text",
  too_many: "what all parts together come to",
  duplicate: "an id, hash or prefix that stands in two places",
  duplicate_route: "two patterns that match the same",
  unknown_role: "a reference",
  unknown_permission: "a reference",
  unknown_resource_type: "a reference",
  unknown_field: "a reference",
  role_cycle: "a chain of references",
  exclusive_roles: "a chain of references",
  missing_owner: "a reference",
  loader_missing: "what the program gives beside the document",
  condition: "a language of its own",
  unsupported: "what the other file knows",
  several_keys: "it can, and does; the parser has a word of its own",
  insecure_uri: "it can, and does; the parser has a word of its own",
  weak_key: "the bytes of a secret, the size of a modulus",
  bad_key: "what a key is in mathematics",
};

/** What is no good value because of another place of the document. By the member's path without its numbers and names. */
const BESIDE = [
  { path: /^routes\.\*\.resource$/, why: "the parameter must be one of the route" },
  { path: /^(breakGlass|credentials)\.(header|apiKeyHeader|clientCertificate\.header)$/, why: "no two credentials have one header, with the names that hold where none is said" },
  { path: /^issuers\.\*\.algorithms$/, why: "one of the keys must allow one of them" },
  { path: /^resources\.\*\.(owner|owner\.resource|owner\.subject|tenant)$/, why: "the attribute must be declared, as a string" },
  { path: /^roles\.\*\.permits\.\*\.fields$/, why: "a wildcard may name a permission that has no resource type" },
];

const isBeside = ({ code, path }) => code === "bad_value" && BESIDE.some((exception) => exception.path.test(shape(stepsOf(path))));

function parsed(document) {
  if (typeof document !== "string") return document;
  try {
    return JSON.parse(document);
  } catch {
    return undefined;
  }
}

/** Where the names of members are the author's. */
const MAPS = new Set(["resources", "roles", "resources.*.attributes", "subject.attributes", "context.attributes", "action.attributes", "issuers.*.claims.attributes"]);

/** A way without names and numbers: `roles.*.permits.*.permission`. */
function shape(steps) {
  const plain = [];
  for (const step of steps) plain.push(typeof step === "number" || MAPS.has(plain.join(".")) ? "*" : step);
  return plain.join(".");
}

/** The way that the path of an error names: `roles.editor.permits[1].permission`. */
function stepsOf(path) {
  const steps = path.matchAll(/\[([0-9]+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g);
  return [...steps].map(([, number, quoted, plain]) => (number === undefined ? (plain ?? JSON.parse(quoted)) : Number(number)));
}

/** Each document of the vectors with what the parser must say of it. */
function documents() {
  const found = [];
  for (const { suite, configs = {}, documents = [] } of suites()) {
    for (const [name, config] of Object.entries(configs)) {
      for (const kind of KINDS) if (config[kind] !== undefined) found.push({ name: `${suite}: ${name}`, kind, document: parsed(config[kind]), error: null });
    }
    for (const vector of documents) {
      for (const kind of KINDS) {
        const document = parsed(vector[kind]);
        if (document === undefined) continue;
        found.push({ name: `${suite}: ${vector.name}`, kind, document, error: vector.error?.document === kind ? vector.error : null });
      }
    }
  }
  return found;
}

const all = documents();
const refusing = ({ kind, document }) => (validators[kind](document) ? null : ajv.errorsText(validators[kind].errors));

describe("the schemas", () => {
  test("take_every_document_of_the_vectors_that_loads", () => {
    const loading = all.filter(({ error }) => error === null);
    const refused = loading.map((each) => [each.name, refusing(each)]).filter(([, error]) => error !== null);
    assert.deepEqual(refused, []);
    assert.ok(loading.length > 500, String(loading.length));
  });

  test("refuse_every_document_of_the_vectors_whose_form_is_wrong", () => {
    const wrong = all.filter(({ error }) => error !== null && FORM.has(error.code));
    const taken = wrong.filter((each) => refusing(each) === null);
    assert.deepEqual(taken.filter(({ error }) => !isBeside(error)).map(({ name }) => name), []);
    assert.ok(wrong.length > 300 && taken.length < 20, `${taken.length} of ${wrong.length}`);
  });

  test("know_every_code", () => {
    const unknown = all.map(({ error }) => error?.code ?? "json").filter((code) => !FORM.has(code) && !Object.hasOwn(BEYOND, code));
    assert.deepEqual(unknown, []);
  });

  for (const kind of KINDS) {
    test(`describe_every_member: ${kind}`, () => {
      const silent = members(schemas[kind]).filter(({ schema }) => text(schema, "title", kind) === undefined || text(schema, "description", kind) === undefined);
      assert.deepEqual(silent.map(({ at }) => at), []);
    });

    test(`have_no_member_that_is_not_in_the_document_with_everything: ${kind}`, () => {
      const names = new Set(places(everything[kind]).map(({ path }) => path.at(-1)));
      assert.deepEqual(members(schemas[kind]).map(({ name }) => name).filter((name) => !names.has(name)), []);
    });
  }
});

/** The members that a schema declares, but for those that it only restricts further. */
function members(schema, at = "#") {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]) => {
    const here = `${at}/${keyword}`;
    if (keyword === "if" || keyword === "allOf" || keyword === "dependentSchemas" || at.endsWith("/jwk")) return [];
    if (keyword !== "properties") return members(value, here);
    const own = Object.entries(value).filter(([, member]) => typeof member === "object" && (Object.keys(member).length > 1 || member.$ref !== undefined));
    return own.flatMap(([name, member]) => [{ name, at: `${here}/${name}`, schema: member }, ...members(member, `${here}/${name}`)]);
  });
}

/** A text that stands there, or where the reference leads. */
function text(schema, name, kind) {
  if (schema[name] !== undefined || schema.$ref === undefined) return schema[name];
  return text(schemas[kind].$defs[schema.$ref.replace("#/$defs/", "")], name, kind);
}

describe("the schemas and the parser agree", () => {
  test("on_names_that_are_taken", () => {
    const document = (section, name) => ({ policy: "p", revision: 1, [section]: { attributes: { [name]: "string" } } });
    const subject = ["id", "kind", "roles", "permissions", "scopes", "amr", "acr", "authTime"];
    for (const [section, names] of Object.entries({ subject, action: ["name"], context: [] })) {
      for (const name of [...subject, "name", "other"]) {
        const asked = document(section, name);
        const isFree = !names.includes(name);
        assert.deepEqual([errorOf("policy", asked) === null, refusing({ kind: "policy", document: asked }) === null], [isFree, isFree], `${section} ${name}`);
      }
    }
  });

  for (const kind of KINDS) {
    test(`on_the_document_with_everything: ${kind}`, () => {
      assert.equal(errorOf(kind, everything[kind]), null);
      assert.equal(refusing({ kind, document: everything[kind] }), null);
    });

    test(`on_every_change_of_a_document_that_loads: ${kind}`, () => {
      let compared = 0;
      const differing = [];
      for (const { document, path, what } of changes(kind)) {
        const error = errorOf(kind, document);
        const refused = refusing({ kind, document });
        // A text twice in one list, a schema can say.
        const isWrong = error !== null && (FORM.has(error.code) || (error.code === "duplicate" && what === "a text twice")) && !isBeside(error);
        if (error === null ? refused !== null : isWrong && refused === null) differing.push(`${path}: ${what}: ${error?.code} at ${error?.path}; ${refused}`);
        compared += 1;
      }
      assert.deepEqual(differing, []);
      assert.ok(compared > 500, String(compared));
    });
  }
});

describe("the schemas and the parser have one limit", () => {
  const { issuers } = everything.trust;
  const [secret] = issuers;
  const pem = issuers.find(({ pem }) => typeof pem === "string").pem;
  const key = issuers.find(({ jwks }) => jwks !== undefined).jwks.keys[0];
  const many = (count, make = (number) => `n${number}`) => Array.from({ length: count }, (_, number) => make(number));
  const named = (count, value) => Object.fromEntries(many(count).map((name) => [name, value]));
  const start = { policy: "p", revision: 1, permissions: ["a"] };
  const issued = (members) => ({ issuers: [{ ...secret, ...members }] });
  const hash = (number) => `sha256:${Buffer.from(String(number).padStart(32, "0")).toString("base64url")}`;
  const claims = (members) => issued({ claims: members });

  /** By the place: the limit, and a document of that size. */
  const limits = {
    policy: {
      policy: [128, (size) => ({ ...start, policy: "p".repeat(size) })],
      permissions: [10_000, (size) => ({ ...start, permissions: many(size) })],
      resources: [10_000, (size) => ({ ...start, resources: named(size, { actions: [] }) })],
      actions: [1000, (size) => ({ ...start, resources: { a: { actions: many(size) } } })],
      attributes: [1000, (size) => ({ ...start, subject: { attributes: named(size, "int") } })],
      fields: [1000, (size) => ({ ...start, resources: { a: { actions: [], fields: many(size) } } })],
      roles: [10_000, (size) => ({ ...start, roles: named(size, {}) })],
      inherits: [1000, (size) => ({ ...start, roles: { ...named(size, {}), r: { inherits: many(size) } } })],
      permits: [1000, (size) => ({ ...start, roles: { r: { permits: many(size, () => "a") } } })],
      "permits: fields": [1000, (size) => ({ ...start, resources: { a: { actions: ["b"], fields: many(1000), attributes: { x: "int" } } }, roles: { r: { permits: [{ permission: "a:b", fields: ["x", ...many(size - 1)] }] } } })],
      acr: [1000, (size) => ({ ...start, roles: { r: { elevated: { acr: many(size) } } } })],
      exclusive: [1000, (size) => ({ ...start, roles: { r: {}, s: {} }, exclusive: many(size, () => ["r", "s"]) })],
      "one of exclusive": [1000, (size) => ({ ...start, roles: named(size, {}), exclusive: [many(size)] })],
      rules: [10_000, (size) => ({ ...start, rules: many(size, (number) => ({ id: `n${number}`, effect: "deny", permissions: ["a"] })) })],
      "permissions of a rule": [1000, (size) => ({ ...start, rules: [{ id: "i", effect: "deny", permissions: many(size, () => "a") }] })],
      message: [500, (size) => ({ ...start, rules: [{ id: "i", effect: "deny", permissions: ["a"], message: "m".repeat(size) }] })],
      when: [2048, (size) => ({ ...start, rules: [{ id: "i", effect: "deny", permissions: ["a"], when: "true".padEnd(size) }] })],
      routes: [10_000, (size) => ({ ...start, routes: many(size, (number) => ({ route: `GET /n${number}`, allow: "everyone" })) })],
      segments: [64, (size) => ({ ...start, routes: [{ route: `GET ${"/s".repeat(size)}`, allow: "everyone" }] })],
      "segments with a rest": [64, (size) => ({ ...start, routes: [{ route: `GET ${"/s".repeat(size - 1)}/**`, allow: "everyone" }] })],
      revision: [2 ** 53, (size) => ({ ...start, revision: size }), 2],
    },
    trust: {
      issuers: [100, (size) => ({ issuers: many(size, (number) => ({ issuer: `n${number}`, audience: "a", secret: secret.secret })) })],
      apiKeys: [10_000, (size) => ({ apiKeys: many(size, (number) => ({ id: `n${number}`, hash: hash(number) })) })],
      guest: [1000, (size) => ({ guest: { roles: many(size) } })],
      audience: [1000, (size) => issued({ audience: many(size) })],
      "claims: path": [1000, (size) => claims({ id: many(size) })],
      "claims: attributes": [1000, (size) => claims({ attributes: named(size, "a") })],
      asserts: [1000, (size) => issued({ asserts: { roles: many(size) } })],
      idPrefix: [64, (size) => issued({ idPrefix: "p".repeat(size) })],
      jwks: [100, (size) => ({ issuers: [{ issuer: "i", audience: "a", jwks: { keys: many(size, (number) => ({ ...key, kid: `n${number}` })) } }] })],
      pem: [100, (size) => ({ issuers: [{ issuer: "i", audience: "a", pem: many(size, (number) => ({ kid: `n${number}`, pem })) }] })],
      tenants: [1000, (size) => ({ issuers: [{ ...issuers.find(({ tenants }) => tenants !== undefined), tenants: many(size) }] })],
      "roles of an API key": [1000, (size) => ({ apiKeys: [{ id: "i", hash: hash(0), roles: many(size) }] })],
      prefix: [32, (size) => ({ apiKeys: [{ id: "i", hash: hash(0), prefix: "p".repeat(size) }] })],
      cookie: [128, (size) => ({ credentials: { cookie: "c".repeat(size) } })],
      header: [128, (size) => ({ credentials: { header: "h".repeat(size) } })],
      leeway: [600, (size) => issued({ leeway: size })],
      maxAge: [315_360_000, (size) => issued({ maxAge: size })],
      "prefix of a store": [32, (size) => ({ apiKeyStore: { prefix: "p".repeat(size), idPrefix: "k" } })],
      "idPrefix of a store": [64, (size) => ({ apiKeyStore: { prefix: "p", idPrefix: "k".repeat(size) } })],
      "maxAge of a store": [3600, (size) => ({ apiKeyStore: { prefix: "p", idPrefix: "k", maxAge: size } })],
      window: [600, (size) => ({ dpop: { window: size } })],
      lifetime: [86_400, (size) => ({ dpop: { nonce: { secret: secret.secret, lifetime: size } } })],
      notAfter: [2 ** 53, (size) => ({ apiKeys: [{ id: "i", hash: hash(0), notAfter: size }] }), 2],
    },
  };

  for (const [kind, places] of Object.entries(limits)) {
    for (const [place, [limit, make, step = 1]] of Object.entries(places)) {
      test(`of ${kind}: ${place}`, () => {
        const [within, beyond] = [make(limit), make(limit + step)];
        assert.deepEqual([errorOf(kind, within), refusing({ kind, document: within })], [null, null]);
        assert.deepEqual([errorOf(kind, beyond) === null, refusing({ kind, document: beyond }) === null], [false, false]);
      });
    }
  }
});

/** The error with which a document is refused; null where it loads. */
function errorOf(kind, document) {
  try {
    new Guard(kind === "policy" ? { policy: JSON.stringify(document) } : { policy: { policy: "smallest", revision: 1 }, trust: JSON.stringify(document) });
    return null;
  } catch (error) {
    // The trust document has loaded, and wants another policy.
    if (kind === "trust" && error instanceof ConfigError && error.document === "policy") return null;
    if (error instanceof ConfigError) return error;
    // The documents have loaded, and want a store.
    if (error instanceof TypeError && error.message.includes("wants a store")) return null;
    throw error;
  }
}

/** Documents that load, each with one change: at each place that has another shape than those before. */
function* changes(kind) {
  const loading = all.filter((each) => each.kind === kind && each.error === null);
  const seeds = [everything[kind], ...loading.map(({ document }) => document)].filter((seed) => errorOf(kind, seed) === null);
  const seen = new Set();
  for (const seed of seeds) {
    for (const { path, value } of places(seed)) {
      const kindOfPlace = `${shape(path)} ${typeOf(value)}`;
      if (seen.has(kindOfPlace)) continue;
      seen.add(kindOfPlace);
      const at = path.join(".");
      for (const other of [null, true, 5, -1, 1.5, "text", "", [], [5], {}, { strange: 1 }]) {
        if (path.length > 0 && JSON.stringify(other) !== JSON.stringify(value)) yield { document: changed(seed, path, () => other), path: at, what: JSON.stringify(other) };
      }
      if (path.length > 0) yield { document: removed(seed, path), path: at, what: "removed" };
      if (typeOf(value) === "object") yield { document: changed(seed, path, (own) => ({ ...own, strange: true })), path: at, what: "a strange member" };
      if (typeOf(value) === "array" && value.length > 0) yield { document: changed(seed, path, (own) => [...own, own[0]]), path: at, what: typeof value[0] === "string" ? "a text twice" : "an item twice" };
    }
  }
}

const typeOf = (value) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

/** Each value in a document with the way to it. */
function places(value, path = []) {
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [{ path, value }, ...inner.flatMap(([name, member]) => places(member, [...path, Array.isArray(value) ? Number(name) : name]))];
}

function changed(value, [step, ...others], change) {
  if (step === undefined) return change(value);
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copy[step] = changed(value[step], others, change);
  return copy;
}

function removed(value, path) {
  const step = path.at(-1);
  return changed(value, path.slice(0, -1), (parent) => {
    if (Array.isArray(parent)) return parent.filter((_, place) => place !== step);
    return Object.fromEntries(Object.entries(parent).filter(([name]) => name !== step));
  });
}
