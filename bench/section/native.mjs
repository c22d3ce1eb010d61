// The crate beside other crates: a column for each crate, whose ways to be set up stand below each other.

import { number } from "../report.mjs";
import { judgement, missed } from "./goals.mjs";
import { head, row } from "./table.mjs";

const OURS = "portcullis";
const FLOOR = "floor";

/** "jsonwebtoken, aws-lc-rs" is the crate and one of its ways. */
function parts(name) {
  const [crate, ...way] = name.split(", ");
  return { crate, way: way.join(", ") };
}

/** The rows whose peers are the same, or have one in common, are one table; a row without peers goes to the one before. */
function tables(rows) {
  const all = [];
  for (const one of rows) {
    const crates = [...new Set(one.figures.map(({ name }) => parts(name).crate))].filter((crate) => crate !== OURS && crate !== FLOOR);
    let table = crates.length === 0 ? all.at(-1) : all.find((other) => crates.some((crate) => other.crates.has(crate)));
    if (table === undefined) all.push((table = { crates: new Set(), rows: [] }));
    for (const crate of crates) table.crates.add(crate);
    table.rows.push(one);
  }
  return all;
}

function told(figure, unit) {
  const { way } = parts(figure.name);
  const goal = figure.goal === undefined ? "" : `; ${judgement(figure, unit)}, goal ${figure.goal}`;
  const ratio = figure.ratio === undefined || goal !== "" ? "" : `, ${number(figure.ratio)}×`;
  return `${way === "" ? "" : `${way}: `}${number(figure.median)}${ratio}${goal}`;
}

function table({ crates, rows }) {
  const [{ unit }] = rows;
  const columns = [OURS, ...crates];
  const lines = rows.map(({ name: work, figures }) => {
    const cells = columns.map((crate) => figures.filter(({ name }) => parts(name).crate === crate).map((figure) => told(figure, unit)).join("<br>"));
    return row([work, ...cells]);
  });
  return [...head([`work, ${unit}`, ...columns]), ...lines, ""];
}

export function nativeLines(native, reasons) {
  const because = missed(new Map([["native", native]]), reasons.native ?? {}, '"native", ');
  return [
    "### The crate",
    "",
    "The Rust crate beside others: medians, and how many times ours.",
    "",
    ...tables(native.rows).flatMap(table),
    ...(because.length === 0 ? [] : ["Missed, and why:", "", ...because, ""]),
  ];
}
