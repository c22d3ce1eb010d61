// Every figure of the runs, and who is in none.

import { number } from "../report.mjs";
import { byContestant, byRow, places } from "../results.mjs";
import { above, head, row } from "./table.mjs";

const shown = ({ median, lower, upper, ratio }) =>
  `${number(median)}${lower === undefined ? "" : ` (${number(lower)} – ${number(upper)})`}${ratio === undefined ? "" : `, ${number(ratio)}×`}`;

export function figureTable(runs) {
  const columns = [...runs.keys()];
  const lines = byRow(runs, (one) => one).flatMap(({ name: work, cells }) => {
    const [{ unit }] = cells.values();
    const own = byContestant(cells).map(({ name, figures }) => row([name, ...columns.map((place) => (figures.has(place) ? shown(figures.get(place)) : ""))]));
    return [above(work, `, ${unit}`, columns.length + 1), ...own];
  });
  return [...head(["", ...columns.map((place) => places[place])]), ...lines];
}

/** Who did not take part, why, where, and in which rows, if not in all. */
export function absences(runs) {
  const found = new Map();
  const put = (name, reason, work, place) => {
    const key = JSON.stringify([name, reason, work]);
    found.set(key, [...(found.get(key) ?? []), places[place]]);
  };
  for (const [place, { absent, rows }] of runs) {
    for (const [name, reason] of Object.entries(absent)) put(name, reason, "", place);
    for (const one of rows) for (const [name, reason] of Object.entries(one.absent)) put(name, reason, one.name, place);
  }
  const works = new Map();
  for (const [key, where] of found) {
    const [name, reason, work] = JSON.parse(key);
    const line = `- ${name} in ${where.join(", ")}: ${reason}`;
    works.set(line, [...(works.get(line) ?? []), ...(work === "" ? [] : [work])]);
  }
  return [...works].map(([line, some]) => (some.length === 0 ? line : `${line} (${some.join("; ")})`));
}
