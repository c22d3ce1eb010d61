// What refresh tokens, attempts, one-time steps and recovery codes need of the place that keeps them.

import { object, text } from "../arguments.js";
import { FOREVER } from "../moment.js";
import { StoreError } from "./error.js";

/** What a store holds under a name. */
export interface Entry {
  /** The text that was written last. */
  readonly value: string;
  /** Changes with each write, and does not come back: also not where the entry ended and was written anew. Only ever compared. */
  readonly version: string;
}

/**
 * Reads and conditional writes. Of any number of writers that name the same version exactly one succeeds.
 *
 * A name is 1 to 512 characters of visible ASCII (`!` to `~`). A value is text of at most 65,536 bytes in UTF-8, without
 * lone surrogates and without the character U+0000. Moments are seconds since 1970; a fraction is rounded up.
 *
 * What each store promises:
 *
 * 1. **One winner.** To compare the version and to write is one step. Of all calls of `swap` with one name and one version,
 *    from any number of processes, exactly one is told `true`.
 * 2. **Its own writes.** What a `swap` that was told `true` wrote is what the next `read` finds, from any process.
 * 3. **The given end.** From the moment `until` on, and not before, the entry is as if it were not there: `read` gives
 *    `null`, a `swap` that names its version is told `false`, and one that names `null` succeeds. The clock is the caller's.
 *    Where `until` is past already, `swap` succeeds and nothing is there.
 * 4. **Nothing is lost.** An entry is not forgotten before its end to make room. What is kept in memory ends with the process.
 * 5. **No guess.** A store that cannot be reached, is full or answers otherwise than it should throws or rejects. `null` and
 *    `false` mean that it knows. Whether a `swap` that failed so was written is not known: read again.
 *
 * Throws or rejects with a {@link StoreError}: `name_malformed`, `value_malformed`, `value_too_large`, `store_unavailable`,
 * `store_full` (in memory alone); with a `TypeError` where an argument is of another type.
 */
export interface AtomicStore {
  /** What is under that name: `null` where there is nothing, or where it has ended. */
  read(name: string): Entry | null | Promise<Entry | null>;
  /**
   * Writes where the version is still that one (`null`: where there is nothing), and says whether it did. The entry ends at
   * `until`, whenever the one before would have.
   */
  swap(name: string, version: string | null, value: string, until: number): boolean | Promise<boolean>;
  /** Removes what is under that name, whatever it is. */
  remove(name: string): void | Promise<void>;
}

/** How the stores that several processes share are made. */
export interface StoreOptions {
  /** Seconds since 1970; `Date.now() / 1000` where absent. Those who share a store want clocks that agree to some seconds. */
  readonly clock?: () => number;
}

const LONGEST_NAME = 512;
const LARGEST_VALUE = 65_536;

/** A name that a store takes. */
export function nameOf(name: unknown): string {
  const given = text("name", name);
  if (given.length > LONGEST_NAME || !/^[!-~]+$/.test(given)) {
    throw new StoreError("name_malformed", "a name in a store is 1 to 512 characters of visible ASCII");
  }
  return given;
}

/** A value that a store takes. */
export function valueOf(value: unknown): string {
  const given = text("value", value);
  if (given.length > LARGEST_VALUE || new TextEncoder().encode(given).length > LARGEST_VALUE) {
    throw new StoreError("value_too_large", "a value in a store is at most 65536 bytes in UTF-8");
  }
  // No store gives these back as they were: the one is no text in UTF-8, the other ends a text in SQLite.
  if (/[\0\p{Surrogate}]/u.test(given)) throw new StoreError("value_malformed", "a value in a store has no lone surrogates and no U+0000");
  return given;
}

/** What the clock says, in whole seconds. A clock that says nothing must not pass for one by which all has ended. */
export function timeOf(clock: () => number): number {
  const seconds = clock();
  if (typeof seconds !== "number" || !Number.isFinite(seconds) || seconds < 0) throw new TypeError("clock must give seconds since 1970");
  // An end is a whole number, so it has come at the same second.
  return Math.floor(seconds);
}

/** Up to when a sweep removes what has ended. In milliseconds, as a cron trigger tells them, all would have. */
export function sweptUntil(time: number): number {
  if (time > FOREVER) throw new TypeError("sweep: the time must be in seconds since 1970");
  return timeOf(() => time);
}

/** A version that no write had before: 128 random bits. */
export function freshVersion(): string {
  return crypto.randomUUID().replaceAll("-", "");
}

/** What an engine gives for an entry, which must be one. */
export function entryOf(given: unknown): Entry {
  const { value, version } = object("an entry", given as { readonly value?: unknown; readonly version?: unknown });
  return { value: text("the value of an entry", value), version: text("the version of an entry", version) };
}

/** A version that a caller names: one that was read, or `null`. */
export function versionOf(version: unknown): string | null {
  return version === null ? null : text("version", version);
}

/** What the engine answers, or that it cannot be asked. */
export async function available<Answer>(asked: () => Promise<Answer>): Promise<Answer> {
  try {
    return await asked();
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    throw new StoreError("store_unavailable", "the store does not answer as it should", { cause });
  }
}
