// How cost grows: curves, memory and allocations of the packed package, in Node. Prints tables and writes
// target/bench/growth.json. No figure fails. `node --expose-gc growth/run.mjs revocations` measures only what has that
// word in its name, and writes nothing; `ROUNDS=31` measures longer.

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { arch, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../../tests/web/home.mjs";
import { keptCurves } from "./curves/kept.mjs";
import { policyCurves } from "./curves/policies.mjs";
import { questionCurves } from "./curves/questions.mjs";
import { tokenCurves } from "./curves/tokens.mjs";
import { measured } from "./measure.mjs";
import { anew, version } from "./package.mjs";
import { curveTable, plainTable } from "./report.mjs";

const wanted = process.argv[2];
const machine = {
  processor: cpus()[0]?.model ?? "unknown processor",
  cores: cpus().length,
  architecture: arch(),
  node: process.version,
  load: loadavg()[0],
};
console.log(`portcullis ${version}, Node ${machine.node}, ${machine.processor}, ${machine.cores} cores, ${machine.architecture}; load ${machine.load.toFixed(2)}\n`);

const curves = [];
for (const made of [...tokenCurves, ...policyCurves, ...questionCurves, ...keptCurves]) {
  anew();
  const curve = made();
  if (wanted !== undefined && !curve.name.includes(wanted)) continue;
  const result = await measured(curve);
  console.log(curveTable(result));
  curves.push(result);
}

const tables = [];
for (const { script, name, flags } of [
  { script: "memory.mjs", name: "memory of principals", flags: ["--expose-gc"] },
  // So much room for young objects that none is swept while they are counted.
  { script: "allocated.mjs", name: "allocated for a decision", flags: ["--expose-gc", "--min-semi-space-size=256", "--max-semi-space-size=256"] },
]) {
  if (wanted !== undefined && !name.includes(wanted)) continue;
  const own = JSON.parse(execFileSync(process.execPath, [...flags, fileURLToPath(new URL(script, import.meta.url))], { encoding: "utf8" }));
  for (const table of own) console.log(plainTable(table));
  tables.push(...own);
}

if (wanted === undefined) {
  const folder = join(root, "target/bench");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "growth.json"), `${JSON.stringify({ machine, version, curves, tables }, undefined, 2)}\n`);
}
