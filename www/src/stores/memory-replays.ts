// A file of its own, because every guard loads it, and only who asks for the other stores in memory loads those.

import * as given from "../arguments.js";
import { Expiring } from "../expiring.js";
import { moment } from "../moment.js";
import type { ReplayStore } from "../types.js";

/** How the stores in memory are made. */
export interface MemoryOptions {
  /** Seconds since 1970. `Date.now() / 1000` where absent. */
  readonly clock?: () => number;
  /** How many entries are kept at most; 100,000 where absent. Behind that a newcomer is refused: nothing is forgotten before its time. */
  readonly bound?: number;
}

/** How many entries a store keeps where nobody says. */
export const BOUND = 100_000;

/** Remembers the proofs that this process has seen. Where several processes answer under one URL, each of them would take a proof once. */
export class MemoryReplays implements ReplayStore {
  readonly #seen: Expiring<null>;
  readonly #clock: () => number;

  constructor(options: MemoryOptions = {}) {
    const { clock = now, bound = BOUND } = given.members("new MemoryReplays: options", options, ["clock", "bound"]);
    this.#seen = new Expiring(given.whole("new MemoryReplays: bound", bound));
    this.#clock = clock;
  }

  /** Throws a `RangeError` where there is no room: the request is then refused as unavailable. */
  remember(name: string, until: number): boolean {
    if (this.#seen.get(name) !== undefined) return false;
    if (!this.#seen.set(name, null, moment("until", until), this.#clock())) throw new RangeError("there is no room for one more proof");
    return true;
  }
}

/** Seconds since 1970. */
export function now(): number {
  return Date.now() / 1000;
}
