// Numbers that look random and are the same at each run.

/** A generator (SplitMix32) with what the mutations want of it. */
export function seeded(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  /** From 0 to `limit` - 1. */
  const below = (limit) => next() % limit;
  return { below, pick: (list) => list[below(list.length)] };
}
