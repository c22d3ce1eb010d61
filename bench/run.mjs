// The packed package beside its peers in one runtime: `node run.mjs node|workerd|chromium`. Prints a table and writes
// target/bench/<runtime>.json. No figure fails.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { root } from "../tests/web/home.mjs";
import { absences, clockLine, compared, printed, tally } from "./report.mjs";
import { rowsAround } from "./rows/around.mjs";

const [runtime = "node"] = process.argv.slice(2);
const { about, run } = await import(`./runtimes/${runtime}.mjs`);

const packageOf = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const { devDependencies } = packageOf("package.json");
const { esbuild, ...installed } = devDependencies;
const versions = { portcullis: packageOf("node_modules/portcullis/package.json").version, ...installed };
const machine = { processor: cpus()[0]?.model ?? "unknown processor", cores: cpus().length, architecture: arch(), load: loadavg()[0] };
const rows = [];
let clock;
let absent = {};

function row(made) {
  const result = compared(made);
  console.log(printed(result));
  rows.push(result);
}

await run((told) => {
  if (told.clock !== undefined) {
    clock = told.clock;
    console.log(`${about()}, ${machine.processor}, ${machine.cores} cores, ${machine.architecture}; load ${machine.load.toFixed(2)}`);
    console.log(`${Object.entries(versions).map((pair) => pair.join(" ")).join(", ")}\n${clockLine(clock)}`);
  }
  if (told.absent !== undefined) {
    absent = told.absent;
    console.log([...absences(absent), ""].join("\n"));
  }
  if (told.row !== undefined) row(told.row);
});
for (const make of rowsAround[runtime]) row(await make());
console.log(tally(rows));

const folder = join(root, "target/bench");
mkdirSync(folder, { recursive: true });
const result = { runtime: about(), machine, clock, versions, absent, rows };
writeFileSync(join(folder, `${runtime}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
// Cedarling's timers would keep the process.
process.exit();
