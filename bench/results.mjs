// What the README says of a recorded run: bench/results/*.json, and the reasons for goals that are missed. Imports
// nothing that is installed, because a test reads it too.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { number } from "./report.mjs";

export const folder = join(import.meta.dirname, "results");
export const runtimes = { node: "Node", workerd: "workerd", chromium: "Chromium" };

const json = (path) => JSON.parse(readFileSync(path, "utf8"));

/** The runs in a folder by their runtime, in the order of `runtimes`. */
export function runsIn(place) {
  const there = Object.keys(runtimes).filter((runtime) => existsSync(join(place, `${runtime}.json`)));
  return new Map(there.map((runtime) => [runtime, json(join(place, `${runtime}.json`))]));
}

/** By row and peer. */
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
function goals(runs) {
  return byRow(runs, (row) => row).flatMap(({ name: row, cells }) =>
    byContestant(cells).flatMap(({ name, figures }) => {
      const judged = new Map([...figures].filter(([, { goal }]) => goal !== undefined));
      const texts = new Set([...judged.values()].map(({ goal }) => goal));
      return [...texts].map((goal) => ({ row, name, goal, unit: [...cells.values()][0].unit, figures: new Map([...judged].filter(([, figure]) => figure.goal === goal)) }));
    }),
  );
}

/** How it stands: the ratio, or for a size the size. A goal of ours to stay within is told by the ratio to the other. */
function standing({ ratio, median, wanted, goal }, unit) {
  if (wanted === undefined) return `${number(median)} ${unit}`;
  return `${number(goal.startsWith("we within") ? 1 / ratio : ratio)}×`;
}

const row = (cells) => `| ${cells.join(" | ")} |`;
const head = (cells) => [row(cells), `|${cells.map(() => "---").join("|")}|`];

function goalTable(runs) {
  const lines = goals(runs).map(({ row: work, name, goal, unit, figures }) => {
    const cells = [...runs.keys()].map((runtime) => {
      const figure = figures.get(runtime);
      if (figure === undefined) return "";
      const text = standing(figure, unit);
      return figure.met ? text : `**${text}** missed`;
    });
    return row([work, name, goal, ...cells]);
  });
  return [...head(["work", "beside", "goal", ...[...runs.keys()].map((runtime) => runtimes[runtime])]), ...lines];
}

/** The goals that are missed, with the reason. */
export function missed(runs, told) {
  return goals(runs).flatMap(({ row: work, name, goal, unit, figures }) => {
    const where = [...figures].filter(([, { met }]) => !met).map(([runtime, figure]) => `${standing(figure, unit)} in ${runtimes[runtime]}`);
    if (where.length === 0) return [];
    const reason = told[work]?.[name];
    if (reason === undefined) throw new Error(`bench/reasons.json gives no reason: "${work}", "${name}", goal ${goal}, ${where.join(", ")}`);
    return [`- **${work}, ${name}**: ${where.join(", ")}; goal ${goal}. ${reason}`];
  });
}

function figureTable(runs) {
  const lines = byRow(runs, (one) => one).flatMap(({ name: work, cells }) => {
    const [{ unit }] = cells.values();
    const lines = byContestant(cells).map(({ name, figures }) => {
      const told = [...runs.keys()].map((runtime) => {
        const figure = figures.get(runtime);
        if (figure === undefined) return "";
        const { median, lower, upper, ratio } = figure;
        return `${number(median)}${lower === undefined ? "" : ` (${number(lower)} – ${number(upper)})`}${ratio === undefined ? "" : `, ${number(ratio)}×`}`;
      });
      return row([name, ...told]);
    });
    return [row([`**${work}**, ${unit}`, ...[...runs.keys()].map(() => "")]), ...lines];
  });
  return [...head(["", ...[...runs.keys()].map((runtime) => runtimes[runtime])]), ...lines];
}

/** Who did not take part where, by the run and by the row. */
function absences(runs) {
  return [...runs].flatMap(([runtime, { absent, rows }]) => [
    ...Object.entries(absent).map(([name, reason]) => `${name} in ${runtimes[runtime]} (${reason})`),
    ...rows.flatMap((one) => Object.entries(one.absent).map(([name, reason]) => `${name} in ${runtimes[runtime]}, ${one.name} (${reason})`)),
  ]);
}

/** Between the marks of the README. */
export function section(runs, told) {
  if (runs.size === 0) return "No run is recorded, so nothing is claimed.\n";
  const [{ machine, versions }] = runs.values();
  const { processor, cores, architecture } = machine;
  const because = missed(runs, told);
  const absent = absences(runs);
  return [
    "![How long others take, and how large they are, beside portcullis](bench/results/chart.svg)",
    "",
    `${processor}, ${cores} cores, ${architecture}. ${[...runs.values()].map(({ runtime }) => runtime).join("; ")}. ${Object.entries(versions).map((pair) => pair.join(" ")).join(", ")}.`,
    "",
    ...goalTable(runs),
    "",
    ...(because.length === 0 ? [] : ["Missed, and why:", "", ...because, ""]),
    ...(absent.length === 0 ? [] : [`Absent: ${absent.join("; ")}.`, ""]),
    "<details><summary>Every figure</summary>",
    "",
    "The median, in parentheses the quartiles, and how many times ours. The floor is an empty call with the same arguments.",
    "",
    ...figureTable(runs),
    "",
    "</details>",
    "",
  ].join("\n");
}

const START = "<!-- bench -->\n";
const END = "<!-- /bench -->";

/** The page with that between the marks. */
export function withSection(page, text) {
  const start = page.indexOf(START);
  const end = page.indexOf(END);
  if (start === -1 || end < start) throw new Error("README.md has no marks for the benchmarks");
  return `${page.slice(0, start)}${START}${text}${page.slice(end)}`;
}
