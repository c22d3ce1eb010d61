// The packed package beside its peers, in one Node. Prints a table and writes target/bench/node.json. No figure fails.
// `ROUNDS=31` measures longer.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { root } from "../tests/web/home.mjs";
import { measured } from "./measure.mjs";
import { version } from "./peers/portcullis.mjs";
import { compared, printed } from "./report.mjs";
import { coldDecisionRow, coldTokenRow } from "./rows/cold.mjs";
import { conditionRow, growthRow, rolesRow } from "./rows/decisions.mjs";
import { sizesRow } from "./rows/sizes.mjs";
import { seenRow, unseenRows } from "./rows/tokens.mjs";

const installed = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")).devDependencies;
const machine = {
  processor: cpus()[0]?.model ?? "unknown processor",
  cores: cpus().length,
  architecture: arch(),
  node: process.version,
  load: loadavg()[0],
};
const versions = { portcullis: version, ...installed };

console.log(`Node ${machine.node}, ${machine.processor}, ${machine.cores} cores, ${machine.architecture}; load ${machine.load.toFixed(2)}`);
console.log(`${Object.entries(versions).map((pair) => pair.join(" ")).join(", ")}\n`);

const rows = [];
for (const made of [...unseenRows, seenRow, rolesRow, conditionRow, growthRow, coldDecisionRow, coldTokenRow, sizesRow]) {
  const row = await made();
  // What was timed in this process comes in nanoseconds.
  const figures = row.figures ?? (await measured(row)).map(({ name, ...spread }) => ({ name, ...inMicroseconds(spread) }));
  const result = compared({ ...row, figures });
  console.log(printed(result));
  rows.push(result);
}

const judged = rows.flatMap(({ name, figures }) => figures.filter(({ goal }) => goal !== undefined).map((figure) => ({ row: name, ...figure })));
const missed = judged.filter(({ met }) => !met);
console.log(`${judged.length - missed.length} of ${judged.length} goals met${missed.map(({ row, name, goal }) => `\n  missed: ${row}, ${name}, ${goal}`).join("")}`);

const folder = join(root, "target/bench");
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "node.json"), `${JSON.stringify({ machine, versions, rows }, undefined, 2)}\n`);
// Cedarling's timers would keep the process.
process.exit();

function inMicroseconds(spread) {
  return Object.fromEntries(Object.entries(spread).map(([name, figure]) => [name, figure / 1_000]));
}
