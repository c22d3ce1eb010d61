// Takes the last run of make bench, all of it, for the one that the README shows: `make bench-record`.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../tests/web/home.mjs";
import { drawings } from "./drawings.mjs";
import { folder, reasons, recordIn, whole } from "./results.mjs";
import { section, withSection } from "./section.mjs";

const record = whole(recordIn(join(root, "target/bench")));
const { runs, ...beside } = record;
const page = join(root, "README.md");
// Made before anything is written: a missed goal without a reason leaves all as it was.
const written = withSection(readFileSync(page, "utf8"), section(record, reasons()));
const drawn = drawings(record);
mkdirSync(folder, { recursive: true });
for (const [name, run] of [...runs, ...Object.entries(beside)]) writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(run, undefined, 2)}\n`);
for (const [name, drawing] of Object.entries(drawn)) writeFileSync(join(folder, name), drawing);
writeFileSync(page, written);
console.log("recorded in bench/results/ and README.md");
