/** A whole number that is not negative. Throws a `TypeError` where the value is none. */
export function whole(what: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw new TypeError(`${what} must be a whole number`);
  return value;
}
