// What callers hand over, as far as its members go. A name that is mistyped must not leave a limit as it was.

import * as given from "./arguments.js";
import type { AtomicStore } from "./stores/store.js";

/** An object that has no other members than these. */
export function membersOf<Value extends object>(what: string, value: Value, names: readonly (keyof Value & string)[]): Value {
  const known: readonly string[] = names;
  for (const name of Object.keys(given.object(what, value))) {
    if (!known.includes(name)) throw new TypeError(`${what}: there is no ${name}`);
  }
  return value;
}

/** A store that reads, swaps and removes. */
export function storeOf(what: string, store: AtomicStore): AtomicStore {
  const { read, swap, remove } = given.object(what, store);
  for (const [name, method] of Object.entries({ read, swap, remove })) given.aFunction(`${what}.${name}`, method);
  return store;
}
