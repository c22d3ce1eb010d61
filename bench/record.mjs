// Takes the last run, of all three runtimes, for the one that the README shows: `make bench-record`.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../tests/web/home.mjs";
import { chart } from "./chart.mjs";
import { folder, reasons, runsIn, runtimes } from "./results.mjs";
import { section, withSection } from "./section.mjs";

const runs = runsIn(join(root, "target/bench"));
const lacking = Object.keys(runtimes).filter((runtime) => !runs.has(runtime));
if (lacking.length > 0) throw new Error(`there is no run of ${lacking.join(", ")}: make bench`);
const versions = new Set([...runs.values()].map((run) => JSON.stringify([run.versions, run.machine.processor])));
if (versions.size > 1) throw new Error("the runs are of different packages or machines: make bench");
const page = join(root, "README.md");
// Made before anything is written: a missed goal without a reason leaves all as it was.
const written = withSection(readFileSync(page, "utf8"), section(runs, reasons()));
mkdirSync(folder, { recursive: true });
for (const [runtime, run] of runs) writeFileSync(join(folder, `${runtime}.json`), `${JSON.stringify(run, undefined, 2)}\n`);
writeFileSync(join(folder, "chart.svg"), chart(runs));
writeFileSync(page, written);
console.log("recorded in bench/results/ and README.md");
