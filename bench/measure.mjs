// How a row is measured. Contestants take turns, round by round, each time beginning with another one, so that what the
// machine does besides meets all of them. Every answer is looked at in the measured loop too.

import { clock, collect, now, roundNs } from "#host";
import { ROUNDS } from "./rounds.mjs";

const WARM = 3;
/** How many calls a round has at least. */
const LEAST = 64;

/** All calls of a row that says how many there are in a round. */
export const callsOf = (count) => count * (ROUNDS + WARM);

/** Even questions are to be answered with yes, odd ones as the row says. */
async function round({ name, run, waits }, first, count, odd, asking) {
  await collect();
  const start = await now();
  for (let index = first; index < first + count; index += 1) {
    const answer = waits ? await run(index) : run(index);
    if (answer !== ((index & 1) === 0 || odd)) throw new Error(`${name}: a wrong answer to question ${index}`);
  }
  return ((await now()) - start - asking) / count;
}

/** What it costs to ask for the time, in nanoseconds: next to nothing where the clock is at hand. */
async function askingForTheTime() {
  const trips = [];
  for (let index = 0; index < 51; index += 1) {
    const start = await now();
    trips.push((await now()) - start);
  }
  return spread(trips);
}

/**
 * Nanoseconds for each call. `contestants` have a `name` and `run(index)`; `odd` is the answer to every odd question;
 * with `count` a round is so long for all, because the questions were made beforehand and none may come twice.
 */
export async function measured({ contestants, odd, count }) {
  const all = [];
  for (const { name, run } of contestants) {
    const waits = run(0) instanceof Promise;
    all.push({ name, run, waits, count: count ?? LEAST, rounds: [] });
  }
  const { median: asking } = await askingForTheTime();
  for (let turn = 0; turn < WARM + ROUNDS; turn += 1) {
    for (let place = 0; place < all.length; place += 1) {
      const contestant = all[(turn + place) % all.length];
      const spent = await round(contestant, turn * (count ?? 0), contestant.count, odd, asking);
      if (turn >= WARM) contestant.rounds.push(spent);
      else if (count === undefined) contestant.count = 2 * Math.max(LEAST / 2, Math.round(roundNs / Math.max(spent, 1) / 2));
    }
  }
  return all.map(({ name, rounds }) => ({ name, ...spread(rounds) }));
}

const PARTS = 10;
const TURNS = 5;
/** By its result no engine can leave it out; it is never -1. */
const work = { name: "work", run: (index) => Math.imul(index, 31) !== -1 };

/**
 * What the clock is worth, in microseconds: what asking it costs, the least step it was seen to make, and a piece of
 * work of known size measured whole and in ten parts of one round each, by turns, the medians. What asking costs is in the
 * parts ten times as often, so the two are equal only where it is taken off rightly.
 */
export async function proven() {
  const asking = await askingForTheTime();
  const timed = async (calls) => (await round(work, 0, calls, true, asking.median)) * calls;
  let calls = 1_024;
  while ((await timed(calls)) < roundNs) calls *= 2;
  const whole = [];
  const parts = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    whole.push(await timed(calls * PARTS));
    let sum = 0;
    for (let part = 0; part < PARTS; part += 1) sum += await timed(calls);
    parts.push(sum);
  }
  let step = Infinity;
  for (let index = 0; index < 1_000; index += 1) {
    const start = await now();
    const moved = (await now()) - start;
    if (moved > 0) step = Math.min(step, moved);
  }
  const microseconds = (figure) => Math.round(figure) / 1_000;
  const { median, lower, upper } = asking;
  return { of: clock, asking: [lower, median, upper].map(microseconds), step: microseconds(step), whole: microseconds(spread(whole).median), parts: microseconds(spread(parts).median) };
}

/** The median, the quartiles and the ends. */
export function spread(figures) {
  const sorted = [...figures].sort((left, right) => left - right);
  const at = (part) => sorted[Math.round((sorted.length - 1) * part)];
  return { median: at(0.5), lower: at(0.25), upper: at(0.75), least: at(0), most: at(1) };
}
