// The tables of the terminal.

const WIDTH = 36;

const figure = (value) => (value === 0 ? "0" : value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
const count = (value) => value.toLocaleString("en");
const spreadOf = ({ median, lower, upper }) => (lower === 0 && upper === 0 ? "0" : `${figure(median)} (${figure(lower)} – ${figure(upper)})`);

/** A curve: a row for each place on its axis, a column for each series; below them how it grows, and where it ends. */
export function curveTable({ name, axis, unit, of, series, limits }) {
  const places = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((left, right) => left - right);
  const head = `${name}: ${unit} for ${of}; median (quartiles)`;
  const titles = `${axis.split(",")[0].padStart(16)}${series.map((one) => one.name.padStart(WIDTH)).join("")}`;
  const rows = places.map((x) => `${count(x).padStart(16)}${series.map(({ points }) => cell(points.find((point) => point.x === x))).join("")}`);
  const under = [
    `${"most : least".padStart(16)}${series.map(({ ratio }) => `${figure(ratio)}×`.padStart(WIDTH)).join("")}`,
    `${"last tenfold".padStart(16)}${series.map(({ exponent }) => `exponent ${exponent.toFixed(2)}`.padStart(WIDTH)).join("")}`,
  ];
  const ends = limits.map(({ at, name: limit }) => `  limit at ${count(at)}: ${limit}`);
  return [head, titles, ...rows, ...under, ...ends, ""].join("\n");
}

const cell = (point) => (point === undefined ? "" : spreadOf(point)).padStart(WIDTH);

/** Figures by name, with the columns that are named. */
export function plainTable({ name, columns, rows }) {
  const title = `${name}: median (quartiles)`;
  const head = `${"".padEnd(52)}${columns.map((column) => column.padStart(30)).join("")}`;
  const lines = rows.map((row) => `  ${row.name.padEnd(50)}${columns.map((column) => shown(row.figures[column]).padStart(30)).join("")}`);
  return [title, head, ...lines, ""].join("\n");
}

const shown = (value) => (value === undefined ? "" : typeof value === "number" ? figure(value) : spreadOf(value));
