import { Expiring } from "./expiring.js";
import * as upkeep from "./upkeep.js";

/** A pushed revocation, as it crosses to the core. */
export interface Fact {
  readonly name: string;
  readonly notBefore: number;
  readonly until: number;
}

/** The core's own bound. */
const MAX_FACTS = 100_000;

/**
 * What a guard was told beside its documents: the revocations that were pushed, and the keys that were fetched. The core
 * loses both where an instance ends or a guard is forgotten, so they are kept here, and a guard that is made anew is
 * told them before it is asked anything. guard.wasm knows no revocations, and fetches its keys again.
 */
export class Facts {
  readonly #revocations = new Expiring<number>(MAX_FACTS);
  #keys = "";

  /** Keeps the revocation and tells the guard. A trap on the way does not lose it. Throws a `RangeError` where there is no room for one more. */
  revoke(guard: number, { name, notBefore, until }: Fact, now: number): void {
    const known = this.#revocations.get(name);
    const other = known !== undefined && now < known.until ? known : { value: notBefore, until };
    const fact = { name, notBefore: Math.max(notBefore, other.value), until: Math.max(until, other.until) };
    const isKept = this.#revocations.set(name, fact.notBefore, fact.until, now);
    if (isKept && isTold(guard, fact, now)) return;
    if (known === undefined) this.#revocations.delete(name);
    throw new RangeError("revoke: there is no room for one more fact; keep them in a store");
  }

  /** Keeps the keys that the guard has. */
  keepKeys(guard: number, now: number): void {
    const text = upkeep.exportKeys(guard, now);
    if (text !== "") this.#keys = text;
  }

  /** Tells all of it to a guard that was just made. Throws where a revocation is not taken: without it the guard must not answer. */
  repeat(guard: number, now: number): void {
    for (const [name, notBefore, until] of this.#revocations.current(now)) {
      if (!isTold(guard, { name, notBefore, until }, now)) throw new Error("the guard does not take its revocations");
    }
    if (this.#keys !== "") upkeep.importKeys(guard, this.#keys, now);
  }
}

function isTold(guard: number, fact: Fact, now: number): boolean {
  return upkeep.revoke(guard, JSON.stringify(fact), now);
}
