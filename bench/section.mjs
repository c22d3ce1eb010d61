// What the README says of a record: first the goals, then what is missed and why.

import { absences, figureTable } from "./section/figures.mjs";
import { goalTable, missed, remarks } from "./section/goals.mjs";
import { growthFigures, growthLines } from "./section/growth.mjs";
import { nativeLines } from "./section/native.mjs";

const list = (title, lines) => (lines.length === 0 ? [] : [title, "", ...lines, ""]);
const named = (versions) => Object.entries(versions).map((pair) => pair.join(" ")).join(", ");

/** Between the marks of the README: of a record that is whole, or of none. */
export function section({ runs, growth, native }, reasons) {
  if (runs.size === 0) return "No run is recorded, so nothing is claimed.\n";
  const [{ machine, versions }] = runs.values();
  const { processor, cores, architecture } = machine;
  const { portcullis, ...peers } = versions;
  const { portcullis: same, ...crates } = native.versions;
  const [rustc] = native.machine.rustc.split(" (");
  return [
    `portcullis ${portcullis} on ${processor}, ${cores} cores, ${architecture}: ${[...[...runs.values()].map(({ runtime }) => runtime), rustc].join("; ")}. A ratio is how many times as long the other takes; beside “we within” it is how many times as long portcullis takes.`,
    "",
    ...goalTable(runs),
    "",
    ...list("Missed, and why:", missed(runs, reasons)),
    ...list("Beside the goals:", remarks(runs)),
    "![How long others take, and how large they are, beside portcullis](bench/results/chart.svg)",
    "",
    ...nativeLines(native, reasons),
    ...growthLines(growth),
    "<details><summary>Every figure</summary>",
    "",
    `Packages: ${named(peers)}. Crates: ${named(crates)}.`,
    "",
    "The median, in parentheses the quartiles, and how many times ours. The floor is an empty call with the same arguments.",
    "",
    ...figureTable(runs),
    "",
    ...list("Absent:", absences(runs)),
    ...figureTable(new Map([["native", native]])),
    "",
    ...growthFigures(growth),
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
