// How a curve is measured: all its points take turns, round by round, each time beginning with another one, so that what
// the machine does besides meets all of them. Every answer is looked at in the measured loop.

import { spread } from "./spread.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 11);
const WARM = 3;
/** How long a round should take, and how many calls it has at least where one alone does not take that long. */
const ROUND_NS = 20_000_000;
const LEAST = 16;

/**
 * `at(size)` gives the place on the axis and what is measured there: for each series `run(index)`, which is true where
 * the answer is right, and where a call uses something up `prepare(count)`, which is not timed. `limits()` asks the core
 * for what is one too many.
 */
export async function measured({ sizes, at, limits, ...facts }) {
  const points = sizes.flatMap((size) => {
    const { x = size, series } = at(size);
    return Object.entries(series).map(([name, work]) => ({ name, x, ...work, count: 1, rounds: [] }));
  });
  for (const point of points) point.waits = await waits(point);
  for (let turn = 0; turn < WARM + ROUNDS; turn += 1) {
    for (let place = 0; place < points.length; place += 1) {
      const point = points[(turn + place) % points.length];
      const spent = await round(point);
      if (turn >= WARM) point.rounds.push(spent / 1_000);
      else point.count = spent * LEAST > 10 * ROUND_NS ? 1 : Math.max(LEAST, Math.round(ROUND_NS / spent));
    }
  }
  const series = [...new Set(points.map(({ name }) => name))].map((name) => {
    const own = points.filter((point) => point.name === name).map(({ x, rounds }) => ({ x, ...spread(rounds) }));
    return { name, points: own, ...growth(own) };
  });
  return { ...facts, series, limits: (await limits?.()) ?? [] };
}

/** Asks once: whether the answer is a promise. */
async function waits({ name, x, run, prepare }) {
  await prepare?.(1);
  const answer = run(0);
  if ((await answer) !== true) throw new Error(`${name}, ${x}: the first answer is wrong`);
  return answer instanceof Promise;
}

/** Nanoseconds for each call. */
async function round({ name, x, run, prepare, waits, count }) {
  await prepare?.(count);
  globalThis.gc?.();
  const start = process.hrtime.bigint();
  for (let index = 0; index < count; index += 1) {
    if ((waits ? await run(index) : run(index)) !== true) throw new Error(`${name}, ${x}: a wrong answer`);
  }
  return Number(process.hrtime.bigint() - start) / count;
}

/** How many times as long the last takes as the first; and the exponent of the last tenfold: 0 is flat, 1 is linear. */
function growth(points) {
  const [one, last] = [points[0], points.at(-1)];
  const before = points.findLast(({ x }) => x <= last.x / 9) ?? one;
  return { ratio: last.median / one.median, exponent: Math.log(last.median / before.median) / Math.log(last.x / before.x) };
}
