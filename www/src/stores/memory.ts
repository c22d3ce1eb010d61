import * as given from "../arguments.js";
import { Expiring } from "../expiring.js";
import { moment } from "../moment.js";
import type { RevocationStore } from "../types.js";
import { StoreError } from "./error.js";
import { BOUND, now, type MemoryOptions } from "./memory-replays.js";
import { nameOf, timeOf, valueOf, versionOf, type AtomicStore, type Entry } from "./store.js";

export { StoreError } from "./error.js";
export { MemoryReplays, type MemoryOptions } from "./memory-replays.js";
export { AtomicReplays } from "./replays.js";
export type { AtomicStore, Entry } from "./store.js";

/** Facts of revocation in the memory of this process. */
export class MemoryRevocations implements RevocationStore {
  readonly #facts: Expiring<number>;
  readonly #clock: () => number;

  constructor(options: MemoryOptions = {}) {
    const { clock = now, bound = BOUND } = given.members("new MemoryRevocations: options", options, ["clock", "bound"]);
    this.#facts = new Expiring(given.whole("new MemoryRevocations: bound", bound));
    this.#clock = clock;
  }

  lookup(names: readonly string[]): (number | null)[] {
    const asked = this.#clock();
    return names.map((name) => {
      const fact = this.#facts.get(name);
      return fact !== undefined && asked < fact.until ? fact.value : null;
    });
  }

  /**
   * Keeps a fact: the name that `guard.revocationName` gives, the moment before which tokens are refused, and until when
   * the fact is kept; seconds since 1970. Of two facts of one name the later moments count. Throws a `RangeError` where
   * there is no room.
   */
  revoke(name: string, notBefore: number, until: number): void {
    const fact = { value: moment("notBefore", notBefore), until: moment("until", until) };
    const asked = this.#clock();
    const known = this.#facts.get(name);
    const other = known !== undefined && asked < known.until ? known : fact;
    const added = this.#facts.set(name, Math.max(fact.value, other.value), Math.max(fact.until, other.until), asked);
    if (!added) throw new RangeError("there is no room for one more revocation");
  }
}

/**
 * Entries in the memory of this process, in the order of its calls: enough for one process, and for tests. It throws a
 * {@link StoreError} `store_full` where there is no room for one more name.
 *
 * ```ts
 * const store = new MemoryStore();
 * store.swap("a", null, "first", Date.now() / 1000 + 60); // true
 * store.swap("a", null, "second", Date.now() / 1000 + 60); // false: there is something
 * store.swap("a", store.read("a")?.version ?? null, "second", Date.now() / 1000 + 60); // true
 * ```
 */
export class MemoryStore implements AtomicStore {
  readonly #entries: Expiring<Entry>;
  readonly #clock: () => number;
  #writes = 0;

  constructor(options: MemoryOptions = {}) {
    const { clock = now, bound = BOUND } = given.members("new MemoryStore: options", options, ["clock", "bound"]);
    this.#entries = new Expiring(given.whole("new MemoryStore: bound", bound));
    this.#clock = clock;
  }

  read(name: string): Entry | null {
    const kept = this.#entries.get(nameOf(name));
    return kept !== undefined && timeOf(this.#clock) < kept.until ? kept.value : null;
  }

  swap(name: string, version: string | null, value: string, until: number): boolean {
    const entry = Object.freeze({ value: valueOf(value), version: String(this.#writes + 1) });
    const end = moment("until", until);
    if ((this.read(name)?.version ?? null) !== versionOf(version)) return false;
    if (!this.#entries.set(name, entry, end, timeOf(this.#clock))) throw new StoreError("store_full", "there is no room for one more entry");
    this.#writes += 1;
    return true;
  }

  remove(name: string): void {
    this.#entries.delete(nameOf(name));
  }
}
