// How a row is measured. Contestants take turns, round by round, each time beginning with another one, so that what the
// machine does besides meets all of them. Every answer is looked at in the measured loop too.

import { collect, now, roundNs } from "#host";
import { ROUNDS } from "./rounds.mjs";

/** How many rounds do not count, and how many calls come before those that do: with fewer, engines still compile. */
const WARM = 3;
const WARM_CALLS = 6_000;
/** How many calls a round has at least. */
const LEAST = 64;
/** How many times as long the next round may be. */
const MOST_LONGER = 1_000;

const warmRounds = (count = WARM_CALLS) => Math.max(WARM, Math.ceil(WARM_CALLS / count));
/** All calls of a row that says how many there are in a round. */
export const callsOf = (count) => count * (warmRounds(count) + ROUNDS);

/** Even questions are to be answered with yes, odd ones as the row says. Nanoseconds for all of them. */
async function round({ name, run, waits }, first, count, odd) {
  const start = now();
  for (let index = first; index < first + count; index += 1) {
    const answer = waits ? await run(index) : run(index);
    if (answer !== ((index & 1) === 0 || odd)) throw new Error(`${name}: a wrong answer to question ${index}`);
  }
  return now() - start;
}

/**
 * Nanoseconds for each call. `contestants` have a `name` and `run(index)`; `odd` is the answer to every odd question;
 * with `count` a round is so long for all, because the questions were made beforehand and none may come twice, except
 * for those that say `again`.
 */
export async function measured({ contestants, odd, count }) {
  const all = [];
  for (const { name, run, again } of contestants) {
    const waits = run(0) instanceof Promise;
    const fixed = count !== undefined && again !== true;
    all.push({ name, run, waits, fixed, count: fixed ? count : LEAST, rounds: [] });
  }
  const warm = warmRounds(count);
  for (let turn = 0; turn < warm + ROUNDS; turn += 1) {
    for (let place = 0; place < all.length; place += 1) {
      const contestant = all[(turn + place) % all.length];
      await collect();
      const spent = (await round(contestant, contestant.fixed ? turn * count : 0, contestant.count, odd)) / contestant.count;
      if (turn >= warm) contestant.rounds.push(spent);
      else if (!contestant.fixed) contestant.count = lengthened(contestant.count, spent);
    }
  }
  return all.map(({ name, rounds }) => ({ name, ...spread(rounds) }));
}

/** An even count that fills a round, and not much more than it can know: a coarse clock may have seen next to nothing. */
function lengthened(count, spent) {
  const wanted = Math.round(roundNs / Math.max(spent, 1));
  return 2 * Math.max(LEAST / 2, Math.round(Math.min(wanted, count * MOST_LONGER) / 2));
}

/** The median, the quartiles and the ends. */
export function spread(figures) {
  const sorted = [...figures].sort((left, right) => left - right);
  const at = (part) => sorted[Math.round((sorted.length - 1) * part)];
  return { median: at(0.5), lower: at(0.25), upper: at(0.75), least: at(0), most: at(1) };
}
