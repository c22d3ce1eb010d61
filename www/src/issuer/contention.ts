import type { AtomicStore, Entry } from "../stores/store.js";
import { IssuerError } from "./error.js";

/** How often a lost race is run again. Each that is lost another has won, so many at once still come to an end. */
export const TRIES = 8;

/** Seconds since 1970: the end of the year 9999, for what is kept until it is removed. Every store takes it. */
export const FOREVER = 253_402_300_799;

/** What the core decided: an answer, and what is to be kept from here on; nothing where all stays as it is. */
export interface Decided<Result> {
  readonly result: Result;
  readonly write?: { readonly state: unknown; readonly until: number };
}

/**
 * Reads, lets the core decide, and writes on the condition that nobody else has written since. On a lost race it begins
 * again, because another decision may then be right.
 *
 * @throws {@link IssuerError} `store_contended` after 8 lost races, `state_malformed`; what the store throws.
 */
export async function settle<Result>(store: AtomicStore, name: string, decide: (state: unknown) => Decided<Result>): Promise<Result> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const entry = await store.read(name);
    const { result, write } = decide(stateOf(entry));
    if (write === undefined) return result;
    if (await store.swap(name, entry?.version ?? null, JSON.stringify(write.state), write.until)) return result;
  }
  throw contended();
}

/** What an entry says; `null` where there is none. Whether it is what the core wrote the core looks at. */
export function stateOf(entry: Entry | null): unknown {
  if (entry === null) return null;
  try {
    return JSON.parse(entry.value);
  } catch {
    throw new IssuerError({ code: "state_malformed", message: "what the store holds was not written by this library" });
  }
}

export function contended(): IssuerError {
  return new IssuerError({ code: "store_contended", message: "others write to the same place of the store all the time" });
}
