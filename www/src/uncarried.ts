/**
 * For a replacer of `JSON.stringify`, which calls it on the holder: whether that writes the member as null, leaves it out or
 * throws, though a value is there: a function, a bigint, a number that is none, a date that is none.
 */
export function isUncarried(holder: object, name: string, said: unknown): boolean {
  if (typeof said === "number") return !Number.isFinite(said);
  if (isNothing(said)) return !isNothing(Reflect.get(holder, name));
  return typeof said === "bigint" || typeof said === "function" || typeof said === "symbol";
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}
