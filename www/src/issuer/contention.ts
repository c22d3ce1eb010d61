import type { AtomicStore, Entry } from "../stores/store.js";
import { IssuerError } from "./error.js";

/** How often a race is run. Each that is lost another has won, so many at once still come to an end. */
export const TRIES = 12;

/** Milliseconds: the longest pause after the first lost race, and after any. */
const FIRST_PAUSE = 20;
const LONGEST_PAUSE = 160;

/** What the core decided: an answer, and what is to be kept from here on; nothing where all stays as it is. */
export interface Decided<Result> {
  readonly result: Result;
  readonly write?: { readonly state: unknown; readonly until: number };
}

/**
 * Reads, lets the core decide, and writes on the condition that nobody else has written since. On a lost race it begins
 * again after a {@link pause}, because another decision may then be right.
 *
 * @throws {@link IssuerError} `store_contended` after 12 lost races, `state_malformed`; what the store throws.
 */
export async function settle<Result>(store: AtomicStore, name: string, decide: (state: unknown) => Decided<Result> | Promise<Decided<Result>>): Promise<Result> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const entry = await store.read(name);
    const { result, write } = await decide(stateOf(entry));
    if (write === undefined) return result;
    if (await store.swap(name, entry?.version ?? null, JSON.stringify(write.state), write.until)) return result;
    await pause(tried);
  }
  throw contended();
}

/**
 * A pause after the lost race of that number, from 0: who lost together would else meet again each time. It is random, up to
 * 20 ms, and up to twice as long after each race until it is 160: all pauses together are 0.7 seconds in the mean and 1.42 at
 * most. None follows the last race.
 */
export async function pause(tried: number): Promise<void> {
  if (tried + 1 >= TRIES) return;
  const longest = Math.min(FIRST_PAUSE * 2 ** tried, LONGEST_PAUSE);
  // Who can foresee it gains nothing by that.
  await new Promise((resolve) => setTimeout(resolve, Math.random() * longest));
}

/**
 * What an entry says; `null` where there is none, and only there. Whether it is what the core wrote the core looks at.
 *
 * @throws {@link IssuerError} `state_malformed`.
 */
export function stateOf(entry: Entry | null): unknown {
  if (entry === null) return null;
  let state: unknown = null;
  try {
    state = JSON.parse(entry.value);
  } catch {
    // No JSON is as little of ours as `null` is.
  }
  if (state === null) throw new IssuerError({ code: "state_malformed", message: "what the store holds was not written by this library" });
  return state;
}

export function contended(): IssuerError {
  return new IssuerError({ code: "store_contended", message: "others write to the same place of the store all the time" });
}
