// What is wrong with a document is said alike by every file. In guard.wasm and server.wasm the standard library's
// formatting is taken out: where an error still came by there, it would trap. The vectors' documents, changed by chance,
// the same in each run.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chance } from "./chance.mjs";
import { suites } from "./home.mjs";
import { bundle, full, imported } from "./package.mjs";

const DOCUMENTS = 8000;

const documents = suites().flatMap(({ configs = {}, documents = [] }) => [...Object.values(configs), ...documents]).map(({ policy, trust }) => ({ policy: policy ?? { policy: "p", revision: 1 }, trust }));

const values = [null, true, -1, 1.5, 1e300, "", "x", "*", "\u0000", "a".repeat(3000), [], {}, [[]], [null], "resource.x == 1", "1 +", "((", "http://x", ["a", "a"], Array.from({ length: 10_002 }, () => "a")];
const fragments = ["x", " ", "(", "'", "é", ":", "*", ".", "\n", "\\"];
const texts = ["", ",", "{", '"', "1e999", "\\ud800", "\u0000"];

/** The same with something in it that is other than it was. */
function changed(document, chosen) {
  const { is, pick, below } = chosen;
  if (typeof document === "string") return spliced(document, pick(texts), chosen);
  const copy = structuredClone(document);
  let holder = copy;
  for (;;) {
    const names = Object.keys(holder);
    const name = names.length === 0 ? "x" : pick(names);
    const value = holder[name];
    if (typeof value === "object" && value !== null && is(0.65)) {
      holder = value;
      continue;
    }
    if (is(0.2)) delete holder[name];
    else if (is(0.3)) holder[pick(["x", "a b", "when", "elevated", "permission"])] = structuredClone(pick(values));
    else if (typeof value === "string" && is(0.6)) holder[name] = spliced(value, pick(fragments), chosen);
    else if (Array.isArray(holder) && is(0.5)) holder.push(structuredClone(value));
    else if (typeof value === "number" && is(0.6)) holder[name] = value + pick([1, -1, 0.5, 1e10]);
    else holder[name] = structuredClone(pick(values));
    if (below(2) === 0) return copy;
    holder = copy;
  }
}

function spliced(text, fragment, { below }) {
  const place = below(text.length + 1);
  return text.slice(0, place) + fragment + text.slice(place + below(2));
}

function outcome({ Guard, ConfigError }, options) {
  try {
    new Guard(options);
    return "loads";
  } catch (error) {
    if (error instanceof ConfigError) return JSON.stringify([error.document, error.path, error.code, error.message]);
    // A store that the trust document wants.
    if (error instanceof TypeError && error.message.startsWith("new Guard: ")) return "loads";
    throw error;
  }
}

test("every_file_says_the_same_of_a_document", () => {
  const chosen = chance(1);
  const { is, pick } = chosen;
  const textOf = (document) => {
    const text = typeof document === "string" ? document : JSON.stringify(document);
    return is(0.1) ? spliced(text, pick(texts), chosen) : text;
  };
  const said = new Set();
  for (let number = 0; number < DOCUMENTS; number += 1) {
    const documentsOfOne = { ...pick(documents) };
    const which = documentsOfOne.trust === undefined || is(0.6) ? "policy" : "trust";
    documentsOfOne[which] = changed(documentsOfOne[which], chosen);
    const { policy, trust } = documentsOfOne;
    const options = { policy: textOf(policy), ...(trust === undefined ? {} : { trust: textOf(trust) }), ...(is(0.05) ? { resources: { nothing: () => null } } : {}) };
    const [first, ...others] = [imported, bundle].map((entry) => outcome(entry, options));
    assert.deepEqual(others, [first], JSON.stringify(options));
    const [, path, code] = first === "loads" ? [undefined, undefined, first] : JSON.parse(first);
    // Of what they leave out the smaller files say so, or, of a store of API keys, that they do not know it.
    if (code !== "unsupported" && path !== "apiKeyStore") assert.equal(outcome(full.imported, options), first, JSON.stringify(options));
    said.add(code);
  }
  assert.ok(said.size > 20, [...said].join(" "));
});
