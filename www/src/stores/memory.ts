import { Expiring } from "../expiring.js";
import { moment } from "../moment.js";
import type { ReplayStore, RevocationStore } from "../types.js";
import { nameOf, timeOf, valueOf, versionOf, type AtomicStore, type Entry } from "./store.js";

export { StoreError } from "./error.js";
export { AtomicReplays } from "./replays.js";
export type { AtomicStore, Entry } from "./store.js";

/** How the stores in memory are made. */
export interface MemoryOptions {
  /** Seconds since 1970. `Date.now() / 1000` where absent. */
  readonly clock?: () => number;
  /** How many entries are kept at most; 100,000 where absent. Behind that a newcomer is refused: nothing is forgotten before its time. */
  readonly bound?: number;
}

const BOUND = 100_000;

/** Remembers the proofs that this process has seen. Where several processes answer under one URL, each of them would take a proof once. */
export class MemoryReplays implements ReplayStore {
  readonly #seen: Expiring<null>;
  readonly #clock: () => number;

  constructor({ clock = now, bound = BOUND }: MemoryOptions = {}) {
    this.#seen = new Expiring(bound);
    this.#clock = clock;
  }

  /** Throws a `RangeError` where there is no room: the request is then refused as unavailable. */
  remember(name: string, until: number): boolean {
    if (this.#seen.get(name) !== undefined) return false;
    if (!this.#seen.set(name, null, moment("until", until), this.#clock())) throw new RangeError("there is no room for one more proof");
    return true;
  }
}

/** Facts of revocation in the memory of this process. */
export class MemoryRevocations implements RevocationStore {
  readonly #facts: Expiring<number>;
  readonly #clock: () => number;

  constructor({ clock = now, bound = BOUND }: MemoryOptions = {}) {
    this.#facts = new Expiring(bound);
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
 * `RangeError` where there is no room for one more name.
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

  constructor({ clock = now, bound = BOUND }: MemoryOptions = {}) {
    this.#entries = new Expiring(bound);
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
    if (!this.#entries.set(name, entry, end, timeOf(this.#clock))) throw new RangeError("there is no room for one more entry");
    this.#writes += 1;
    return true;
  }

  remove(name: string): void {
    this.#entries.delete(nameOf(name));
  }
}

function now(): number {
  return Date.now() / 1000;
}
