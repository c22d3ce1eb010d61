// All that is timed inside a runtime, one row after the other. `tell` hears the clock first, then who is absent, then
// each row, with its figures in microseconds.

import { proven } from "./clock.mjs";
import { measured } from "./measure.mjs";
import { loaded } from "./peers/all.mjs";
import { conditionRow, growthRow, ownershipRow, rolesRow } from "./rows/decisions.mjs";
import { refusedRow, seenRow, unseenRows } from "./rows/tokens.mjs";

export async function suite(tell) {
  await tell({ clock: await proven() });
  const { peers, absent } = await loaded();
  await tell({ absent });
  for (const make of [...unseenRows, refusedRow, seenRow, rolesRow, ownershipRow, conditionRow, growthRow]) {
    const row = await make(peers);
    const figures = (await measured(row)).map(({ name, ...spread }) => ({ name, ...inMicroseconds(spread) }));
    await tell({ row: { name: row.name, unit: row.unit, figures, absent: row.absent, goals: row.goals, notes: row.notes } });
  }
}

function inMicroseconds(spread) {
  return Object.fromEntries(Object.entries(spread).map(([name, figure]) => [name, figure / 1_000]));
}
