// The crate beside its peers, measured by Criterion. Prints a table and writes target/bench/native.json. No figure fails.
// Words are handed on: `node bench/native/run.mjs --bench tokens`.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { arch, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spread } from "../measure.mjs";
import { compared, printed } from "../report.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const target = fileURLToPath(new URL("../../target", import.meta.url));
const measurements = join(target, "criterion");
const began = Date.now();

const machine = {
  processor: cpus()[0]?.model ?? "unknown processor",
  cores: cpus().length,
  architecture: arch(),
  rustc: execFileSync("rustc", ["--version"], { cwd: here, encoding: "utf8" }).trim(),
  load: loadavg()[0],
};

const env = { ...process.env, CRITERION_HOME: measurements };
execFileSync("cargo", ["bench", "--locked", "--target-dir", join(target, "native"), ...process.argv.slice(2)], { cwd: here, env, stdio: "inherit" });

const lock = readFileSync(join(here, "Cargo.lock"), "utf8");
const locked = (name) => new RegExp(`^name = "${name}"\nversion = "(.*)"$`, "m").exec(lock)[1];
const versions = Object.fromEntries(["portcullis", "jsonwebtoken", "jwt-simple", "cedar-policy", "casbin", "criterion"].map((name) => [name, locked(name)]));

/** The design's goal for a large policy; it names no native peer. */
const goals = { "portcullis, 10 more": { within: 1.5 } };

console.log(`\n${machine.rustc}, ${machine.processor}, ${machine.cores} cores, ${machine.architecture}; load ${machine.load.toFixed(2)}`);
console.log(`${Object.entries(versions).map((pair) => pair.join(" ")).join(", ")}\n`);
const figures = measured();
const rows = [...new Set(figures.map(({ row }) => row))].map((name) => {
  const own = figures.filter(({ row }) => row === name).map(({ row, ...figure }) => figure);
  return compared({ name, unit: "µs", figures: own, goals });
});
for (const row of rows) console.log(printed(row));

mkdirSync(join(target, "bench"), { recursive: true });
writeFileSync(join(target, "bench/native.json"), `${JSON.stringify({ machine, versions, rows }, undefined, 2)}\n`);

/** What this run has left, in the order in which it was measured. */
function measured() {
  const found = readdirSync(measurements, { recursive: true }).filter((path) => path.endsWith("new/sample.json"));
  return found
    .map((path) => ({ path: join(measurements, path), time: statSync(join(measurements, path)).mtimeMs }))
    .filter(({ time }) => time >= began)
    .sort((left, right) => left.time - right.time)
    .map(({ path }) => figure(path));
}

/** Criterion has nanoseconds, all calls of a sample together. */
function figure(path) {
  const { group_id: row, function_id: name } = JSON.parse(readFileSync(join(path, "../benchmark.json"), "utf8"));
  const { iters, times } = JSON.parse(readFileSync(path, "utf8"));
  return { row, name, ...spread(times.map((time, index) => time / iters[index] / 1_000)) };
}
