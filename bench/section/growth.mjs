// How cost grows: the picture, memory and allocations, the time to load a policy; and every curve in a line.

import { number } from "../report.mjs";
import { above, head, row } from "./table.mjs";

const count = (value) => value.toLocaleString("en");
const whole = (value) => (value === 0 ? "0" : Math.abs(value) >= 1 ? count(Number(value.toFixed(Math.abs(value) >= 100 ? 0 : 1))) : value.toPrecision(2));
/** Without a sign where it is none. */
const steepness = (exponent) => (Math.abs(exponent) < 0.005 ? 0 : exponent).toFixed(2);
const median = (figure) => whole(figure.median ?? figure);

function tableOf({ tables }, key) {
  const { name, columns, rows } = tables.find((table) => table.key === key);
  return [...head([name, ...columns]), ...rows.map((one) => row([one.name, ...columns.map((column) => median(one.figures[column]))])), ""];
}

const LOADING = "loading the policy";

function loading({ curves }) {
  const { axis, series } = curves.find(({ name }) => name === LOADING);
  const sizes = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((left, right) => left - right);
  const lines = series.map(({ name, points }) => {
    const cells = sizes.map((size) => points.find(({ x }) => x === size)).map((point) => (point === undefined ? "" : number(point.median / 1_000)));
    return row([name, ...cells]);
  });
  return [...head([`${LOADING}, ms; ${axis}`, ...sizes.map(count)]), ...lines, ""];
}

export function growthLines(growth) {
  return [
    "### How cost grows",
    "",
    "![How the time of a request or a question grows with what it is about](bench/results/growth.svg)",
    "",
    "Both scales are logarithmic: a level line does not grow, the grey slope is growth in proportion, and a dotted line is a limit.",
    "",
    ...tableOf(growth, "principal"),
    ...tableOf(growth, "decision"),
    ...loading(growth),
  ];
}

/** The ends of every curve, and how steep it is at last. */
export function growthFigures(growth) {
  const titles = ["at least", "at most", "times", "exponent of the last tenfold"];
  const end = ({ x, median }) => `${count(x)}: ${number(median)}`;
  const lines = growth.curves.flatMap(({ name, unit, of, series }) => [
    above(name, `, ${unit} for ${of}`, titles.length + 1),
    ...series.map(({ name: one, points, ratio, exponent }) => row([one, end(points[0]), end(points.at(-1)), `${number(ratio)}×`, steepness(exponent)])),
  ]);
  return [...tableOf(growth, "guard"), ...head(["", ...titles]), ...lines, ""];
}
