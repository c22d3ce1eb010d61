/** Seconds since 1970: the end of the year 9999, for what is kept until it is removed. Every store takes it. */
export const FOREVER = 253_402_300_799;

/** Whole seconds since 1970; a fraction is rounded up. Throws a `TypeError` where the value is no moment. */
export function moment(what: string, value: unknown): number {
  const seconds = typeof value === "number" ? Math.ceil(value) : Number.NaN;
  if (!Number.isSafeInteger(seconds) || seconds < 0) throw new TypeError(`${what} must be seconds since 1970`);
  return seconds;
}

/**
 * The same, rounded down: the moment of what has happened. So it lies ahead of nobody's clock, and before what is revoked at
 * once.
 */
export function pastMoment(what: string, value: unknown): number {
  return moment(what, typeof value === "number" ? Math.floor(value) : value);
}

/** A span in whole seconds; a fraction is rounded up. Throws a `TypeError` where the value is none. */
export function span(what: string, value: unknown): number {
  const seconds = typeof value === "number" ? Math.ceil(value) : Number.NaN;
  if (!Number.isSafeInteger(seconds) || seconds < 0) throw new TypeError(`${what} must be a number of seconds`);
  return seconds;
}
