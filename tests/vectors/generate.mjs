// Writes the suites: `node generate.mjs`.
//
// Each suite stands in suites/<name>.mjs as data; this file puts the members of each case in order
// and writes <name>.json beside itself. Nothing is read from the core: the expectations are written
// by hand. Random signatures are kept in forge/tokens.json (see forge/sign.mjs), so that a second
// run changes nothing; check.mjs holds that.

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { keptSignatures } from "./forge/sign.mjs";
import { now } from "./forge/token.mjs";

const names = readdirSync(new URL("suites", import.meta.url))
  .filter((name) => name.endsWith(".mjs"))
  .map((name) => name.slice(0, -".mjs".length))
  .sort();

const width = 110;

/** JSON in which what is short stands on one line. */
const pretty = (value, indent = "") => {
  const line = JSON.stringify(value);
  if (typeof value !== "object" || value === null) return line;
  const deeper = `${indent}  `;
  const entries = Array.isArray(value)
    ? value.map((element) => pretty(element, deeper))
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([name, member]) => `${JSON.stringify(name)}: ${pretty(member, deeper)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0) return open + close;
  const inline = Array.isArray(value) ? `[${entries.join(", ")}]` : `{ ${entries.join(", ")} }`;
  if (indent.length + inline.length <= width && !inline.includes("\n")) return inline;
  return `${open}\n${entries.map((entry) => deeper + entry).join(",\n")}\n${indent}${close}`;
};

// What the host of a request knows and answers.
const host = ["nonce", "accessToken", "later", "keys", "cacheControl", "resources", "revocations", "replays", "introspection", "apiKeys", "push"];
const caseOrder = ["name", "about", "config", "now", "token", "request", "ask", "explain", "list", "elevated", "sql", "context", ...host, "steps", "expect", "asked"];
const stepOrder = ["about", "now", "token", "request", "context", ...host, "expect", "asked"];
const documentOrder = ["name", "about", "full", "policy", "trust", "loaders", "error"];

const ordered = (entry, order, where) => {
  for (const member of Object.keys(entry)) {
    if (!order.includes(member)) throw new Error(`${where}: unknown member ${member}`);
  }
  return Object.fromEntries(order.filter((member) => entry[member] !== undefined).map((member) => [member, entry[member]]));
};

const orderedCase = (entry, config, suite) => {
  const where = `${suite}: ${entry.name}`;
  if (entry.steps === undefined) return ordered({ ...entry, config: entry.config ?? config, now: entry.now ?? now }, caseOrder, where);
  return ordered({ ...entry, config: entry.config ?? config, steps: entry.steps.map((step) => ordered({ now, ...step }, stepOrder, where)) }, caseOrder, where);
};

// What only the whole core knows (ARCHITECTURE.md, "Two files").
const whole = ["pem", "introspection", "binding", "dpop", "clientCertificate", "preset", "tenants", "revocation", "breakGlass", "policyKeys", "apiKeyStore"];

/** The same, marked where its trust document has such a member, or its policy a condition with a pattern. */
const marked = (entry) => {
  const policy = typeof entry.policy === "string" ? entry.policy : JSON.stringify(entry.policy ?? null);
  const trust = typeof entry.trust === "string" ? entry.trust : JSON.stringify(entry.trust ?? null);
  const { full: _, ...others } = entry;
  return policy.includes("matches(") || whole.some((member) => trust.includes(`"${member}":`)) ? { full: true, ...others } : others;
};

/** The suites as `[file name, text]`, and the signatures to keep. */
export const build = async () => {
  const files = [];
  for (const name of names) {
    const { about, configs, cases, documents } = await import(`./suites/${name}.mjs`);
    const suite =
      documents === undefined
        ? {
            suite: name,
            about,
            configs: Object.fromEntries(Object.entries(configs).map(([config, entry]) => [config, marked(entry)])),
            cases: cases.map((entry) => orderedCase(entry, Object.keys(configs)[0], name)),
          }
        : { suite: name, about, documents: documents.map((entry) => ordered(marked(entry), documentOrder, `${name}: ${entry.name}`)) };
    files.push([`${name}.json`, `${pretty(suite)}\n`]);
  }
  files.push(["forge/tokens.json", `${JSON.stringify(keptSignatures(), null, 2)}\n`]);
  return files;
};

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [name, text] of await build()) {
    const file = new URL(name, import.meta.url);
    let before = "";
    try {
      before = readFileSync(file, "utf8");
    } catch {
      // The file is new.
    }
    if (before === text) continue;
    writeFileSync(file, text);
    console.log(`wrote ${name}`);
  }
}
