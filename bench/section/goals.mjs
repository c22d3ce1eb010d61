// Which goals are met, and of those that are not why.

import { number } from "../report.mjs";
import { byContestant, byRow, goals, places } from "../results.mjs";
import { head, row } from "./table.mjs";

/** How it stands: the ratio, or for a size the size. A goal of ours to stay within is told by the ratio to the other. */
function standing({ ratio, median, wanted, goal }, unit) {
  if (wanted === undefined) return `${number(median)} ${unit}`;
  return `${number(goal.startsWith("we within") ? 1 / ratio : ratio)}×`;
}

/** The same, with whether it is enough. */
export function judgement(figure, unit) {
  const text = standing(figure, unit);
  return figure.met ? text : `**${text}** missed`;
}

function isAbsent({ absent, rows }, work, name) {
  const [peer] = name.split(",");
  return peer in absent || rows.some((one) => one.name === work && peer in one.absent);
}

export function goalTable(runs) {
  const lines = goals(runs).map(({ row: work, name, goal, unit, figures }) => {
    const cells = [...runs].map(([place, run]) => {
      const figure = figures.get(place);
      return figure === undefined ? (isAbsent(run, work, name) ? "absent" : "") : judgement(figure, unit);
    });
    return row([work, name, goal, ...cells]);
  });
  return [...head(["work", "beside", "goal", ...[...runs.keys()].map((place) => places[place])]), ...lines];
}

/** The goals that are missed, with the reason; `from` says where in reasons.json it should stand. */
export function missed(runs, told, from = "") {
  return goals(runs).flatMap(({ row: work, name, goal, unit, figures }) => {
    const where = [...figures].filter(([, { met }]) => !met).map(([place, figure]) => `${standing(figure, unit)} in ${places[place]}`);
    if (where.length === 0) return [];
    const reason = told[work]?.[name];
    if (reason === undefined) throw new Error(`bench/reasons.json gives no reason: ${from}"${work}", "${name}", goal ${goal}, ${where.join(", ")}`);
    return [`- **${work}, ${name}**: ${where.join(", ")}; goal ${goal}. ${reason}`];
  });
}

/** What a row says of one of its contestants, with how that stands. */
export function remarks(runs) {
  return byRow(runs, (one) => one).flatMap(({ name: work, cells }) => {
    const notes = Object.assign({}, ...[...cells.values()].map((one) => one.notes));
    return byContestant(cells).flatMap(({ name, figures }) => {
      if (notes[name] === undefined) return [];
      const where = [...figures].map(([place, { ratio }]) => `${number(ratio)}× in ${places[place]}`);
      return [`- ${work}, ${name}: ${where.join(", ")}; ${notes[name]}`];
    });
  });
}
