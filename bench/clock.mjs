// Whether the clock that measures is sound: fifty pieces of work are timed by it and, around the same pieces, by another.

import { clock, now, reference, referenceClock, roundNs } from "#host";
import { spread } from "./measure.mjs";

const PIECES = 50;
/** A clock that stands still is off by all; one that is asked over loopback, on a busy machine, by a hundredth or two. */
const TOLERANCE = 0.1;

/** By its result no engine can leave it out. */
function work(size) {
  let sum = 0;
  for (let index = 0; index < size; index += 1) sum = (Math.imul(sum, 31) + index) | 0;
  return sum;
}

/** What it costs to ask the other clock, in nanoseconds. */
async function asking() {
  const trips = [];
  for (let index = 0; index < 51; index += 1) {
    const start = await reference();
    trips.push((await reference()) - start);
  }
  return spread(trips).median;
}

/** The shortest time in which the clock is seen to move on, in nanoseconds. */
function leastStep() {
  let least = Infinity;
  for (let seen = 0; seen < 20; seen += 1) {
    const start = now();
    let end = start;
    for (let tries = 0; end === start && tries < 1e8; tries += 1) end = now();
    if (end > start) least = Math.min(least, end - start);
  }
  return least;
}

/** The pieces by both clocks, in milliseconds, and the least step in microseconds. */
export async function proven() {
  const trip = await asking();
  let size = 1_024;
  const byReference = async () => {
    const start = await reference();
    const before = now();
    const sum = work(size);
    const spent = now() - before;
    return { spent, around: (await reference()) - start - trip, sum };
  };
  while ((await byReference()).around < roundNs || (await byReference()).around < roundNs) size *= 2;
  let [measured, around] = [0, 0];
  for (let piece = 0; piece < PIECES; piece += 1) {
    const one = await byReference();
    measured += one.spent;
    around += one.around;
  }
  if (Math.abs(measured / around - 1) > TOLERANCE) throw new Error(`${clock} says ${measured} ns where ${referenceClock} says ${around}`);
  return { of: clock, step: leastStep() / 1_000, measured: measured / 1e6, reference: referenceClock, byReference: around / 1e6 };
}
