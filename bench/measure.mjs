// How a row is measured. Contestants take turns, round by round, each time beginning with another one, so that what the
// machine does besides meets all of them. Every answer is looked at in the measured loop too.

const ROUNDS = Number(process.env.ROUNDS ?? 11);
const WARM = 3;
/** How long a round should take where the row does not say how many calls it has; and how many calls at least. */
const ROUND_NS = 20_000_000;
const LEAST = 64;

/** All calls of a row that says how many there are in a round. */
export const callsOf = (count) => count * (ROUNDS + WARM);

/** Even questions are to be answered with yes, odd ones as the row says. */
async function round({ name, run, waits }, first, count, odd) {
  globalThis.gc?.();
  const start = process.hrtime.bigint();
  for (let index = first; index < first + count; index += 1) {
    const answer = waits ? await run(index) : run(index);
    if (answer !== ((index & 1) === 0 || odd)) throw new Error(`${name}: a wrong answer to question ${index}`);
  }
  return Number(process.hrtime.bigint() - start) / count;
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
  for (let turn = 0; turn < WARM + ROUNDS; turn += 1) {
    for (let place = 0; place < all.length; place += 1) {
      const contestant = all[(turn + place) % all.length];
      const spent = await round(contestant, turn * (count ?? 0), contestant.count, odd);
      if (turn >= WARM) contestant.rounds.push(spent);
      else if (count === undefined) contestant.count = 2 * Math.max(LEAST / 2, Math.round(ROUND_NS / spent / 2));
    }
  }
  return all.map(({ name, rounds }) => ({ name, ...spread(rounds) }));
}

/** The median, the quartiles and the ends. */
export function spread(figures) {
  const sorted = [...figures].sort((left, right) => left - right);
  const at = (part) => sorted[Math.round((sorted.length - 1) * part)];
  return { median: at(0.5), lower: at(0.25), upper: at(0.75), least: at(0), most: at(1) };
}
