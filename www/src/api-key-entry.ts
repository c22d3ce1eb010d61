import * as given from "./arguments.js";
import { isUncarried } from "./uncarried.js";

/**
 * What a store holds of an API key, as JSON. A member that is `undefined` is none: JSON would leave it out in silence, and
 * a key whose `notAfter` comes from a column that is called otherwise would never end.
 */
export function entryOf(what: string, entry: unknown): string {
  const text: unknown = JSON.stringify(given.object(what, entry), function (this: object, name: string, said: unknown) {
    if (said === undefined || isUncarried(this, name, said)) throw new TypeError(`${what} must be what JSON can carry, and ${JSON.stringify(name)} is not`);
    return said;
  });
  if (typeof text !== "string") throw new TypeError(`${what} must be what JSON can carry`);
  return text;
}
