// Cloudflare D1: one statement is one step, and `meta.changes` says whether it wrote.

import * as given from "../arguments.js";
import { moment } from "../moment.js";
import type { RevocationStore } from "../types.js";
import * as sqlite from "./sqlite.js";
import { available, entryOf, freshVersion, nameOf, sweptUntil, timeOf, valueOf, versionOf, type AtomicStore, type Entry, type StoreOptions } from "./store.js";

export { StoreError } from "./error.js";
export { AtomicReplays } from "./replays.js";
export type { AtomicStore, Entry, StoreOptions } from "./store.js";

/** What is used of a D1 database's binding. Not a session: that may read what was there before. */
export interface D1Database {
  prepare(query: string): D1Statement;
}

/** A prepared statement of D1. */
export interface D1Statement {
  bind(...values: (string | number)[]): D1Statement;
  all(): Promise<{ readonly results: readonly unknown[]; readonly meta: { readonly changes: number } }>;
}

/**
 * The tables of {@link D1Store} and {@link D1Revocations}, for `database.exec` or for a file of `wrangler d1 migrations`.
 * May be run again; one statement to a line.
 */
export const schema: string =
  sqlite.entriesSchema +
  "CREATE TABLE IF NOT EXISTS portcullis_revocations (name TEXT NOT NULL PRIMARY KEY, not_before INTEGER NOT NULL, until INTEGER NOT NULL) STRICT;\n" +
  "CREATE INDEX IF NOT EXISTS portcullis_revocations_until ON portcullis_revocations (until);\n";

/** What one `sweep` removes at most, so that a large backlog does not outlast the time that a statement has. */
const SWEPT = 10_000;

/**
 * Entries in D1, in the table of {@link schema}.
 *
 * ```ts
 * const store = new D1Store(env.DB);
 * await store.swap("a", null, "first", Date.now() / 1000 + 60); // true
 * ```
 */
export class D1Store implements AtomicStore {
  readonly #database: D1Database;
  readonly #clock: () => number;

  constructor(database: D1Database, options: StoreOptions = {}) {
    const { clock = now } = given.members("new D1Store: options", options, ["clock"]);
    this.#database = database;
    this.#clock = clock;
  }

  async read(name: string): Promise<Entry | null> {
    const bound = [nameOf(name), timeOf(this.#clock)];
    return available(async () => {
      const { results } = await this.#database.prepare(sqlite.read).bind(...bound).all();
      return results.length === 0 ? null : entryOf(results[0]);
    });
  }

  async swap(name: string, version: string | null, value: string, until: number): Promise<boolean> {
    const bound = [nameOf(name), valueOf(value), freshVersion(), moment("until", until), timeOf(this.#clock)];
    const expected = versionOf(version);
    const changed = await changes(this.#database, expected === null ? sqlite.insert : sqlite.update, ...bound, ...(expected === null ? [] : [expected]));
    return changed === 1;
  }

  async remove(name: string): Promise<void> {
    await changes(this.#database, sqlite.remove, nameOf(name));
  }

  /**
   * Removes what has ended, the oldest first, and says how many entries that were: 10,000 at most. For a cron trigger:
   * without it the table only grows.
   */
  sweep(time: number = timeOf(this.#clock)): Promise<number> {
    return changes(this.#database, sqlite.sweep, sweptUntil(time), SWEPT);
  }
}

const LOOKUP = "SELECT name, not_before FROM portcullis_revocations WHERE until > ?2 AND name IN (SELECT value FROM json_each(?1))";

/** What has ended counts as if it were not there. Binds the name, the moment before which tokens are refused, the end, and now. */
const REVOKE =
  "INSERT INTO portcullis_revocations (name, not_before, until) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET " +
  "not_before = CASE WHEN portcullis_revocations.until > ?4 THEN max(portcullis_revocations.not_before, excluded.not_before) ELSE excluded.not_before END, " +
  "until = max(portcullis_revocations.until, excluded.until)";

/** Facts of revocation in D1, in the table of {@link schema}: what one place revokes, all others see at their next look. */
export class D1Revocations implements RevocationStore {
  readonly #database: D1Database;
  readonly #clock: () => number;

  constructor(database: D1Database, options: StoreOptions = {}) {
    const { clock = now } = given.members("new D1Revocations: options", options, ["clock"]);
    this.#database = database;
    this.#clock = clock;
  }

  async lookup(names: readonly string[]): Promise<(number | null)[]> {
    const bound = [JSON.stringify(names.map(nameOf)), timeOf(this.#clock)];
    return available(async () => {
      const { results } = await this.#database.prepare(LOOKUP).bind(...bound).all();
      const facts = new Map(results.map(factOf));
      return names.map((name) => facts.get(name) ?? null);
    });
  }

  /**
   * Keeps a fact: the name that `guard.revocationName` gives, the moment before which tokens are refused, and until when
   * the fact is kept; seconds since 1970. Of two facts of one name the later moments count.
   */
  async revoke(name: string, notBefore: number, until: number): Promise<void> {
    await changes(this.#database, REVOKE, nameOf(name), moment("notBefore", notBefore), moment("until", until), timeOf(this.#clock));
  }

  /** As {@link D1Store.sweep}. */
  sweep(time: number = timeOf(this.#clock)): Promise<number> {
    return changes(this.#database, sqlite.swept("portcullis_revocations"), sweptUntil(time), SWEPT);
  }
}

function factOf(row: unknown): readonly [name: string, notBefore: number] {
  const { name, not_before } = row as { readonly name: unknown; readonly not_before: unknown };
  if (typeof name !== "string") throw new TypeError("a revocation has a name");
  return [name, moment("not_before", not_before)];
}

/** How many rows a statement wrote. */
function changes(database: D1Database, statement: string, ...bound: (string | number)[]): Promise<number> {
  return available(async () => {
    const { meta } = await database.prepare(statement).bind(...bound).all();
    if (!Number.isSafeInteger(meta.changes) || meta.changes < 0) throw new TypeError("D1 says how many rows a statement changed");
    return meta.changes;
  });
}

function now(): number {
  return Date.now() / 1000;
}
