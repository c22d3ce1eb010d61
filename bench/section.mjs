// What the README says of a run.

import { number } from "./report.mjs";
import { byContestant, byRow, goals, runtimes } from "./results.mjs";

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

/** Who did not take part, why, where, and in which rows, if not in all. */
function absences(runs) {
  const places = new Map();
  const put = (name, reason, work, runtime) => {
    const key = JSON.stringify([name, reason, work]);
    places.set(key, [...(places.get(key) ?? []), runtimes[runtime]]);
  };
  for (const [runtime, { absent, rows }] of runs) {
    for (const [name, reason] of Object.entries(absent)) put(name, reason, "", runtime);
    for (const one of rows) for (const [name, reason] of Object.entries(one.absent)) put(name, reason, one.name, runtime);
  }
  const works = new Map();
  for (const [key, where] of places) {
    const [name, reason, work] = JSON.parse(key);
    const line = `- ${name} in ${where.join(", ")}: ${reason}`;
    works.set(line, [...(works.get(line) ?? []), ...(work === "" ? [] : [work])]);
  }
  return [...works].map(([line, some]) => (some.length === 0 ? line : `${line} (${some.join("; ")})`));
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
    ...(absent.length === 0 ? [] : ["Absent:", "", ...absent, ""]),
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
