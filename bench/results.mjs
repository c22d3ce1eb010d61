// Runs, as they are written to files: of the package by runtime, row and contestant; of how cost grows; of the crate. Imports nothing that is installed, because a test
// reads it too, and so do the two files that show runs.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const folder = join(import.meta.dirname, "results");
export const runtimes = { node: "Node", workerd: "workerd", chromium: "Chromium" };
/** What a column is called. */
export const places = { ...runtimes, native: "Rust" };

const json = (path) => JSON.parse(readFileSync(path, "utf8"));

/** The runs in a folder by their runtime, in the order of `runtimes`. */
export function runsIn(place) {
  const there = Object.keys(runtimes).filter((runtime) => existsSync(join(place, `${runtime}.json`)));
  return new Map(there.map((runtime) => [runtime, json(join(place, `${runtime}.json`))]));
}

/** All that a folder has; where there is nothing of `growth` or `native`, that is absent. */
export function recordIn(place) {
  const beside = ["growth", "native"].filter((name) => existsSync(join(place, `${name}.json`)));
  return { runs: runsIn(place), ...Object.fromEntries(beside.map((name) => [name, json(join(place, `${name}.json`))])) };
}

/** The record, if all of it is there, of the same packages on the same processor. */
export function whole(record) {
  const { runs, growth, native } = record;
  const all = { ...Object.fromEntries(runs), growth, native };
  const lacking = [...Object.keys(runtimes), "growth", "native"].filter((name) => all[name] === undefined);
  if (lacking.length > 0) throw new Error(`there is no run of ${lacking.join(", ")}: make bench`);
  const distinct = (values) => new Set(values).size;
  const packages = distinct([...runs.values()].map(({ versions }) => JSON.stringify(versions)));
  const ours = distinct([...runs.values(), native].map(({ versions }) => versions.portcullis).concat(growth.version));
  const machines = distinct(Object.values(all).map(({ machine }) => machine.processor));
  if (packages > 1 || ours > 1 || machines > 1) throw new Error("the runs are of different packages or machines: make bench");
  // From a cold start in workerd that of an empty Worker is taken off, which on a busy machine may have been the longer one.
  for (const { rows } of [...runs.values(), native]) {
    for (const { name: row, figures } of rows) {
      for (const { name, median } of figures) if (!name.startsWith("floor") && !(median > 0)) throw new Error(`${row}, ${name}: no time at all, so the machine was busy: make bench`);
    }
  }
  return record;
}

/** By row and peer; for the crate beside others within `native`. */
export const reasons = () => json(join(import.meta.dirname, "reasons.json"));

/** Every row by its name, with what `of` says of it in each runtime: in the order in which they are measured. */
export function byRow(runs, of) {
  const names = [...new Set([...runs.values()].flatMap(({ rows }) => rows.map(({ name }) => name)))];
  return names.map((name) => {
    const cells = new Map();
    for (const [runtime, { rows }] of runs) {
      const row = rows.find((one) => one.name === name);
      if (row !== undefined) cells.set(runtime, of(row));
    }
    return { name, cells };
  });
}

/** Each contestant of a row with its figure in each runtime. */
export function byContestant(cells) {
  const names = [...new Set([...cells.values()].flatMap(({ figures }) => figures.map(({ name }) => name)))];
  return names.map((name) => ({
    name,
    figures: new Map([...cells].map(([runtime, { figures }]) => [runtime, figures.find((one) => one.name === name)]).filter(([, figure]) => figure !== undefined)),
  }));
}

/** Each goal with its figures: of a row and a contestant, in one or more runtimes. */
export function goals(runs) {
  return byRow(runs, (row) => row).flatMap(({ name: row, cells }) =>
    byContestant(cells).flatMap(({ name, figures }) => {
      const judged = new Map([...figures].filter(([, { goal }]) => goal !== undefined));
      const texts = new Set([...judged.values()].map(({ goal }) => goal));
      return [...texts].map((goal) => ({ row, name, goal, unit: [...cells.values()][0].unit, figures: new Map([...judged].filter(([, figure]) => figure.goal === goal)) }));
    }),
  );
}
