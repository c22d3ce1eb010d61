import type { ReplayStore } from "../types.js";
import { nameOf, type AtomicStore } from "./store.js";

/**
 * Remembers proofs in a store that all share who answer under one URL: of two requests with one proof exactly one is told
 * that it is new. Where the store fails, so does this: the request is then refused as unavailable.
 */
export class AtomicReplays implements ReplayStore {
  readonly #store: AtomicStore;

  constructor(store: AtomicStore) {
    this.#store = store;
  }

  async remember(name: string, until: number): Promise<boolean> {
    return this.#store.swap(`replay.${nameOf(name)}`, null, "", until);
  }
}
