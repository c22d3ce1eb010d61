/** A bounded map whose entries end: what has ended makes room for what comes, and nothing else does. */
export class Expiring<Value> {
  readonly #bound: number;
  readonly #entries = new Map<string, { readonly value: Value; readonly until: number }>();
  // Before this moment nothing ends: a full map is looked through at most once in a second.
  #nextEnd = Number.POSITIVE_INFINITY;

  constructor(bound: number) {
    this.#bound = bound;
  }

  /** The entry, for as long as it has not made room. */
  get(name: string): { readonly value: Value; readonly until: number } | undefined {
    return this.#entries.get(name);
  }

  /** Whether there was room. */
  set(name: string, value: Value, until: number, now: number): boolean {
    if (this.#entries.size >= this.#bound && !this.#entries.has(name)) {
      this.#forget(now);
      if (this.#entries.size >= this.#bound) return false;
    }
    this.#entries.set(name, { value, until });
    this.#nextEnd = Math.min(this.#nextEnd, until);
    return true;
  }

  delete(name: string): void {
    this.#entries.delete(name);
  }

  /** Those that have not ended. */
  *current(now: number): Iterable<readonly [name: string, value: Value, until: number]> {
    for (const [name, { value, until }] of this.#entries) if (now < until) yield [name, value, until];
  }

  #forget(now: number): void {
    if (now < this.#nextEnd) return;
    this.#nextEnd = Number.POSITIVE_INFINITY;
    for (const [name, { until }] of this.#entries) {
      if (until <= now) this.#entries.delete(name);
      else this.#nextEnd = Math.min(this.#nextEnd, until);
    }
  }
}
