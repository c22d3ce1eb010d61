// What the bytes of guard.wasm are: `node bench/bytes.mjs [<file with names>]`, after `make build`. The published file has
// no names, so this reads target/guard/core_bg.wasm, which is the same code before squeeze.mjs and wasm-opt made it
// smaller: the shares are near, the sizes are not. What wasm-opt makes of target/guard/trapping.wat with --debuginfo and
// the options of scripts/build-wasm.sh has names and is as small as what is published. The first table has both side by side.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { areaOf, plainName } from "./growth/areas.mjs";
import { bodiesOf, importsOf, namesOf, sectionsOf } from "./growth/sections.mjs";

const LARGEST = 30;
const KINDS = ["custom", "types", "imports", "functions", "tables", "memories", "globals", "exports", "start", "elements", "code", "data", "data count"];

const built = fileURLToPath(new URL("../target/guard", import.meta.url));
const named = process.argv[2] ?? join(built, "core_bg.wasm");
const shipped = join(built, "guard.wasm");

const count = (value) => value.toLocaleString("en");
const sum = (values) => values.reduce((total, value) => total + value, 0);
const share = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`;

function print(title, head, rows) {
  console.log(title);
  for (const [name, ...cells] of [head, ...rows]) console.log(`  ${cells.map((cell) => String(cell).padStart(12)).join("")}   ${name}`);
  console.log("");
}

function sizesOf(file) {
  const sizes = new Map();
  for (const { id, name, bytes } of sectionsOf(file)) {
    const kind = name === undefined ? KINDS[id] : `custom: ${name}`;
    sizes.set(kind, (sizes.get(kind) ?? 0) + bytes.length);
  }
  return sizes;
}

const [file, small] = [named, shipped].map((path) => readFileSync(path));
const [before, after] = [file, small].map(sizesOf);
const rows = [...new Set([...before.keys(), ...after.keys()])].map((kind) => [kind, count(before.get(kind) ?? 0), count(after.get(kind) ?? 0)]);
print("Sections, in bytes", ["", "with names", "shipped"], [...rows, ["the whole file", count(file.length), count(small.length)]]);

const sections = sectionsOf(file);
const names = namesOf(sections);
if (names.size === 0) throw new Error(`${named} has no names`);
const imported = importsOf(sections).filter((kind) => kind === 0).length;
const functions = bodiesOf(sections).map((body, index) => ({ name: names.get(imported + index) ?? "", bytes: body.length }));
const all = sum(functions.map(({ bytes }) => bytes));

const groups = new Map();
for (const one of functions) groups.set(areaOf(one.name), [...(groups.get(areaOf(one.name)) ?? []), one]);
const byArea = [...groups].map(([area, own]) => ({ area, bytes: sum(own.map(({ bytes }) => bytes)), count: own.length })).sort((left, right) => right.bytes - left.bytes);
print(
  "Code, by where it was written",
  ["", "bytes", "share", "functions"],
  [...byArea.map(({ area, bytes, count: own }) => [area, count(bytes), share(bytes, all), own]), ["all", count(all), "100 %", functions.length]],
);

const largest = functions.toSorted((left, right) => right.bytes - left.bytes).slice(0, LARGEST);
print(`The ${LARGEST} largest functions`, ["", "bytes", "share"], largest.map(({ name, bytes }) => [plainName(name), count(bytes), share(bytes, all)]));
