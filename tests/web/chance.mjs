// Chance that is the same in each run.

/** Draws from a seed (mulberry32). */
export function chance(seed) {
  let state = seed;
  const draw = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound) => Math.floor(draw() * bound);
  return {
    below,
    /** Whether something that has this probability comes to pass. */
    is: (probability) => draw() < probability,
    pick: (items) => items[below(items.length)],
    some: (items, probability = 0.4) => items.filter(() => draw() < probability),
    /** The members, or none. */
    maybe: (probability, members) => (draw() < probability ? members : {}),
  };
}
