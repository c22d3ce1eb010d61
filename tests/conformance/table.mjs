// Prints what the last runs wrote into target/conformance: a row for each suite, what the verifiers in JavaScript said,
// and a row for each file of CEL's tests. Fails where a case failed, or a run is missing.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { exit } from "node:process";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(here, "../../target/conformance");
/** The working group's own requests are asked only where they are at hand. */
const interop = existsSync(resolve(here, "../../../shared/vectors/authzen-todo.json")) ? ["AuthZEN interop (todo)"] : [];
/** What stands in front of the names of the suites that every run has. */
const expected = [...interop, "Ed25519", "RFC", "RSA", "Wycheproof", "differential", "vectors"];
const VERIFIERS = 6;

/**
 * `{ suite, cases, passed, deviations: [{ case, reason, count? }] }` each. A deviation, of one case or of `count`, is
 * among those that passed.
 */
const rows = read(folder);
/** `{ verifier, cases, hosted, differences: [{ suite, case, native, verdict }] }` each. */
const verifiers = read(join(folder, "verifiers"));
/** `{ file, cases, passed, refused: { word: count }, wrong }` each. What is refused has not passed. */
const cel = read(join(folder, "cel"));

// A case has passed where it has passed everywhere.
for (const row of rows) {
  const differing = verifiers.flatMap(({ differences }) => differences.filter(({ suite }) => suite === row.suite));
  row.passed -= new Set(differing.map((one) => one.case)).size;
}

const deviating = ({ deviations }) => deviations.reduce((total, { count = 1 }) => total + count, 0);
const failing = ({ cases, passed }) => cases - passed;
const missing = [
  ...expected.filter((name) => !rows.some(({ suite }) => suite.startsWith(name))).map((name) => `${name}: no suite has run`),
  ...Object.keys(JSON.parse(readFileSync(join(here, "cel.json"), "utf8")))
    .filter((name) => !cel.some(({ file }) => file === name))
    .map((name) => `CEL ${name}: the tests have not run`),
  ...(verifiers.length === VERIFIERS ? [] : [`${verifiers.length} of ${VERIFIERS} verifiers in JavaScript have run`]),
];

const sum = (number, of = rows) => of.reduce((total, row) => total + number(row), 0);
print(
  ["suite", "cases", "passed", "intended deviations"],
  [
    ...rows.map((row) => [row.suite, row.cases, row.passed, deviating(row)]),
    ["all", sum(({ cases }) => cases), sum(({ passed }) => passed), sum(deviating)],
  ],
);

const reasons = new Map();
for (const { suite, deviations } of rows) {
  for (const { reason, count = 1 } of deviations) {
    const found = reasons.get(reason) ?? { count: 0, suites: new Set() };
    found.count += count;
    found.suites.add(suite);
    reasons.set(reason, found);
  }
}
print(
  ["intended deviations", "cases", "suites"],
  [...reasons].sort(([, a], [, b]) => b.count - a.count).map(([reason, { count, suites }]) => [reason, count, suites.size]),
);

print(
  ["verifier of the signatures", "cases", "by the host", "other than native"],
  verifiers.map(({ verifier, cases, hosted, differences }) => [verifier, cases, hosted, differences.length]),
);

const refusals = ({ refused }) => sum((count) => count, Object.values(refused));
print(
  ["CEL's conformance tests", "cases", "passed", "refused at load", "wrong"],
  [
    ...cel.map((row) => [row.file, row.cases, row.passed, refusals(row), row.wrong]),
    ["all", ...[({ cases }) => cases, ({ passed }) => passed, refusals, ({ wrong }) => wrong].map((number) => sum(number, cel))],
  ],
);

const words = [...new Set(cel.flatMap(({ refused }) => Object.keys(refused)))].map((word) => {
  const counts = cel.map(({ refused }) => refused[word] ?? 0).filter((count) => count > 0);
  return [word, sum((count) => count, counts), counts.length];
});
print(["refused at load", "cases", "files"], words.sort(([, a], [, b]) => b - a));

for (const { file, wrong } of cel.filter(({ wrong }) => wrong > 0)) console.error(`conformance: CEL ${file}: ${wrong} wrong`);
for (const row of rows.filter((row) => failing(row) !== 0)) console.error(`conformance: ${row.suite}: ${failing(row)} failed`);
for (const problem of missing) console.error(`conformance: ${problem}`);
const failed = sum(failing) + sum(({ wrong }) => wrong, cel) + missing.length;
console.log(`${sum(({ passed }) => passed, [...rows, ...cel])} passed, ${failed} failed`);
exit(failed === 0 ? 0 : 1);

function read(place) {
  if (!existsSync(place)) return [];
  const names = readdirSync(place).filter((name) => name.endsWith(".json"));
  const collator = new Intl.Collator("en", { numeric: true });
  const name = ({ suite, verifier, file }) => suite ?? verifier ?? file;
  const found = names.map((path) => JSON.parse(readFileSync(join(place, path), "utf8")));
  return found.sort((a, b) => collator.compare(name(a), name(b)));
}

function print(head, lines) {
  const cells = [head, ...lines].map((line) => line.map((cell) => (typeof cell === "number" ? cell.toLocaleString("en") : cell)));
  const widths = head.map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  for (const [place, line] of cells.entries()) {
    const padded = line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])));
    console.log(padded.join("  ").trimEnd());
    if (place === 0) console.log(widths.map((width) => "-".repeat(width)).join("  "));
  }
  console.log();
}
