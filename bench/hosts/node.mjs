// What a row needs of Node: see rows and measure.mjs.

export const runtime = "node";
/** How long a round should last, in nanoseconds, where the row does not say how many calls it has. */
export const roundNs = 20_000_000;
export const clock = "process.hrtime";
/** Nanoseconds. */
export const now = () => Number(process.hrtime.bigint());
/** Another clock, by which that one is checked. */
export const referenceClock = "Date.now";
export const reference = () => Date.now() * 1_000_000;

/** `node --expose-gc`. */
export const collect = () => globalThis.gc?.();

export const bytes = (text) => Buffer.from(text);
/** The text of a header as it comes from a connection: another string each time, whose hash nobody knows. */
export const fresh = (header) => header.latin1Slice(0, header.length);
