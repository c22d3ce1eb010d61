// The table, and whether the goals of the design are met.

const columns = [44, 10, 22, 11, 0];
const line = (...cells) => cells.map((cell, place) => (place === 0 ? cell.padEnd(columns[0]) : place === 4 ? `  ${cell}` : cell.padStart(columns[place]))).join("").trimEnd();
export const number = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3));

/**
 * A goal is how many times as long the peer should take at least; or what a size may be at most, or how much of its time
 * we may take. `wanted` is the ratio to ours that this asks for.
 */
function judged({ name, median }, ours, goals) {
  const goal = goals[name];
  if (goal === undefined) return undefined;
  if (goal.within !== undefined) return { goal: `we within ${number(goal.within)}×`, wanted: 1 / goal.within, met: ours.median <= median * goal.within };
  if (goal.most !== undefined) return { goal: `at most ${goal.most}`, met: median <= goal.most };
  return { goal: `${number(goal)}×`, wanted: goal, met: median / ours.median >= goal };
}

/** The row as it is written to the JSON file: with the ratio to ours and the goal beside each figure. */
export function compared({ name, unit, figures, goals, absent = {}, notes = {} }) {
  const ours = figures.find((one) => one.name === "portcullis");
  return {
    name,
    unit,
    figures: figures.map((one) => ({
      ...one,
      ...(one === ours || /^(floor|guard\.wasm alone)/.test(one.name) ? {} : { ratio: one.median / ours.median }),
      ...judged(one, ours, goals),
    })),
    absent,
    notes: Object.fromEntries(Object.entries(notes).filter(([who]) => figures.some((one) => one.name === who))),
  };
}

export function printed({ name, unit, figures, absent, notes }) {
  const rows = figures.map(({ name: contestant, median, lower, upper, ratio, goal, met }) =>
    line(
      `  ${contestant}`,
      number(median),
      lower === undefined ? "" : `${number(lower)} – ${number(upper)}`,
      ratio === undefined ? "" : `${number(ratio)}×`,
      goal === undefined ? "" : `goal ${goal}: ${met ? "met" : "missed"}`,
    ),
  );
  return [line(name, unit, figures.some(({ lower }) => lower !== undefined) ? "quartiles" : "", "to ours", ""), ...rows, ...absences(absent), ...remarks(notes), ""].join("\n");
}

/** Who could not take part, and why. */
export const absences = (absent) => Object.entries(absent).map(([name, reason]) => `  absent: ${name}: ${reason}`);

const remarks = (notes) => Object.entries(notes).map(([name, note]) => `  ${name}: ${note}`);

/** What the clock is, and how it stands the check: see clock.mjs. */
export const clockLine = ({ of, step, measured, reference, byReference }) =>
  `clock: ${of}, by steps of ${number(step)} µs at least; what took ${number(measured)} ms took ${number(byReference)} ms by ${reference}`;

/** How many goals are met, and those that are not. */
export function tally(rows) {
  const judged = rows.flatMap(({ name, figures }) => figures.filter(({ goal }) => goal !== undefined).map((figure) => ({ row: name, ...figure })));
  const missed = judged.filter(({ met }) => !met);
  return `${judged.length - missed.length} of ${judged.length} goals met${missed.map(({ row, name, goal }) => `\n  missed: ${row}, ${name}, ${goal}`).join("")}`;
}
