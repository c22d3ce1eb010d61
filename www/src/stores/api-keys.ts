import * as given from "../arguments.js";
import { entryOf } from "../api-key-entry.js";
import { moment } from "../moment.js";
import type { ApiKeyEntry, ApiKeyStore } from "../types.js";
import { StoreError } from "./error.js";
import { available, sweptUntil, timeOf } from "./store.js";

export { StoreError } from "./error.js";

/** A key as its owner sees it in a list: all but the key, which nobody has any more, and its hash. */
export interface KeptApiKey {
  readonly entry: ApiKeyEntry;
  /** What its owner calls it. */
  readonly label: string;
  /** When it was made, in seconds since 1970. */
  readonly created: number;
}

/** How the stores of API keys are made. */
export interface ApiKeysOptions {
  /** Seconds since 1970. `Date.now() / 1000` where absent. */
  readonly clock?: () => number;
  /** How many keys that have not ended one owner may have; 100 where absent. Keys without an owner are not counted. */
  readonly perOwner?: number;
}

/** The same in memory. */
export interface MemoryApiKeysOptions extends ApiKeysOptions {
  /** How many keys are kept at most; 100,000 where absent. Those that have ended make room. */
  readonly bound?: number;
}

/** The same in D1. */
export interface D1ApiKeysOptions extends ApiKeysOptions {
  /** The table: letters, digits and `_`; `api_keys` where absent. */
  readonly table?: string;
}

/** What is used of a D1 database's binding. */
export interface ApiKeyDatabase {
  prepare(text: string): {
    bind(...parameters: (string | number | null)[]): {
      all(): Promise<{ readonly results: readonly object[]; readonly meta: { readonly changes: number } }>;
    };
  };
}

const BOUND = 100_000;
const PER_OWNER = 100;
const MAX_LABEL = 200;

/** What a key is known by: `sha256:` and the unpadded base64url of the SHA-256 of the whole key. */
const HASH = /^sha256:[0-9A-Za-z_-]{42}[AEIMQUYcgkosw048]$/;

/** What one `sweep` removes at most, so that a large backlog does not outlast the time that a statement has. */
const SWEPT = 10_000;

/** The moment from which on a key is refused, in SQL: nothing where it does not end. */
const END = "json_extract(entry, '$.notAfter')";

type Answer = Awaited<ReturnType<ReturnType<ReturnType<ApiKeyDatabase["prepare"]>["bind"]>["all"]>>;

interface Row {
  /** JSON. */
  readonly entry: string;
  readonly label: string;
  readonly created: number;
}

interface Kept extends Row {
  readonly hash: string;
  readonly id: string;
  readonly owner: string | undefined;
}

/**
 * API keys in the memory of this process: for tests, and for a server of one process that may forget them.
 *
 * ```ts
 * const keys = new MemoryApiKeys();
 * const guard = new Guard({ policy, trust, apiKeys: keys });
 * const { key, hash } = newApiKey("wicket");
 * keys.insert(hash, { id: crypto.randomUUID(), owner: user.id, roles: ["author"] }, "my laptop");
 * ```
 */
export class MemoryApiKeys implements ApiKeyStore {
  readonly #byHash = new Map<string, Kept>();
  readonly #byId = new Map<string, Kept>();
  readonly #bound: number;
  readonly #perOwner: number;
  readonly #clock: () => number;

  constructor(options: MemoryApiKeysOptions = {}) {
    const { clock = now, perOwner = PER_OWNER, bound = BOUND } = given.members("new MemoryApiKeys: options", options, ["clock", "perOwner", "bound"]);
    this.#bound = given.whole("new MemoryApiKeys: bound", bound);
    this.#perOwner = given.whole("new MemoryApiKeys: perOwner", perOwner);
    this.#clock = clock;
  }

  lookup(hash: string): ApiKeyEntry | null {
    const kept = this.#byHash.get(hash);
    return kept === undefined ? null : (JSON.parse(kept.entry) as ApiKeyEntry);
  }

  /**
   * Keeps a key: its hash, what it may, and what its owner calls it (at most 200 characters). Its id must be new: a key that
   * has ended keeps its own until it is revoked or swept.
   *
   * @throws {@link StoreError} `api_key_hash_taken`, `api_key_id_taken`; `api_keys_too_many` where the owner has as many keys
   * that have not ended as one may have; `store_full`.
   */
  insert(hash: string, entry: ApiKeyEntry, label: string = ""): void {
    const time = timeOf(this.#clock);
    const kept = checked(hash, entry, label, time);
    if (this.#byHash.has(hash)) throw hashTaken();
    if (this.#byId.has(kept.id)) throw idTaken();
    if (kept.owner !== undefined && this.#of(kept.owner).filter((own) => !hasEnded(own, time)).length >= this.#perOwner) throw tooMany();
    if (this.#byHash.size >= this.#bound) this.sweep(time);
    if (this.#byHash.size >= this.#bound) throw new StoreError("store_full", "there is no room for one more key");
    this.#keep(kept);
  }

  /** The keys of that owner, the oldest first; those that have ended too, until they are swept. */
  list(owner: string): KeptApiKey[] {
    return this.#of(given.text("list: owner", owner)).map(shown);
  }

  /** Has the key of that id end at that moment, in seconds since 1970, or sooner where it ends sooner. Whether there is one. */
  end(id: string, notAfter: number): boolean {
    const kept = this.#byId.get(given.text("end: id", id));
    const last = moment("end: notAfter", notAfter);
    if (kept === undefined) return false;
    const entry = JSON.parse(kept.entry) as ApiKeyEntry;
    this.#keep({ ...kept, entry: JSON.stringify({ ...entry, notAfter: Math.min(entry.notAfter ?? last, last) }) });
    return true;
  }

  /** Forgets the key of that id. Whether there was one. */
  revoke(id: string): boolean {
    const kept = this.#byId.get(given.text("revoke: id", id));
    if (kept === undefined) return false;
    this.#byId.delete(kept.id);
    return this.#byHash.delete(kept.hash);
  }

  /** Forgets the keys that have ended by then, and says how many those were. Where there is no room `insert` does so itself. */
  sweep(time: number = timeOf(this.#clock)): number {
    const now = sweptUntil(time);
    const ended = [...this.#byId.values()].filter((kept) => hasEnded(kept, now));
    for (const { id } of ended) this.revoke(id);
    return ended.length;
  }

  #keep(kept: Kept): void {
    this.#byHash.set(kept.hash, kept);
    this.#byId.set(kept.id, kept);
  }

  #of(owner: string): Kept[] {
    return [...this.#byId.values()].filter((kept) => kept.owner === owner);
  }
}

/**
 * API keys in a table of Cloudflare D1. It says the same as {@link MemoryApiKeys}, and keeps what it is told.
 *
 * Each look-up is one query by the primary key. Ask the primary: a replica that lags would still know a key that was taken
 * back. Where D1 fails, each method rejects with a {@link StoreError} `store_unavailable`.
 */
export class D1ApiKeys implements ApiKeyStore {
  readonly #database: ApiKeyDatabase;
  readonly #table: string;
  readonly #perOwner: number;
  readonly #clock: () => number;

  constructor(database: ApiKeyDatabase, options: D1ApiKeysOptions = {}) {
    const { clock = now, perOwner = PER_OWNER, table = "api_keys" } = given.members("new D1ApiKeys: options", options, ["clock", "perOwner", "table"]);
    if (!/^[A-Za-z_][0-9A-Za-z_]{0,62}$/.test(table)) throw new TypeError("D1ApiKeys: table must be 1 to 63 letters, digits and _, and begin with no digit");
    this.#database = database;
    this.#table = table;
    this.#perOwner = given.whole("new D1ApiKeys: perOwner", perOwner);
    this.#clock = clock;
  }

  /** The statements that make the table and its indexes, where they are not there: for {@link create}, or a migration. */
  get schema(): readonly string[] {
    const table = this.#table;
    // What is looked for is read out of the entry, so that nothing stands in two places.
    return [
      `CREATE TABLE IF NOT EXISTS ${table} (hash TEXT NOT NULL PRIMARY KEY, entry TEXT NOT NULL, label TEXT NOT NULL, created INTEGER NOT NULL, id TEXT NOT NULL UNIQUE GENERATED ALWAYS AS (json_extract(entry, '$.id')) VIRTUAL, owner TEXT GENERATED ALWAYS AS (json_extract(entry, '$.owner')) VIRTUAL)`,
      `CREATE INDEX IF NOT EXISTS ${table}_by_owner ON ${table} (owner, created)`,
      `CREATE INDEX IF NOT EXISTS ${table}_by_end ON ${table} (${END})`,
    ];
  }

  /** Makes the table where it is not there. */
  async create(): Promise<void> {
    for (const statement of this.schema) await this.#ask(statement);
  }

  async lookup(hash: string): Promise<ApiKeyEntry | null> {
    const [row] = await this.#rows(`SELECT entry FROM ${this.#table} WHERE hash = ?1`, hash);
    return row === undefined ? null : (JSON.parse(row.entry) as ApiKeyEntry);
  }

  /**
   * As {@link MemoryApiKeys.insert}, but that there is always room for another owner. Of several that come at once no more are
   * kept than one owner may have; which of the reasons it was is looked for afterwards.
   */
  async insert(hash: string, entry: ApiKeyEntry, label: string = ""): Promise<void> {
    const time = timeOf(this.#clock);
    const kept = checked(hash, entry, label, time);
    const rows = await this.#ask(
      `INSERT INTO ${this.#table} (hash, entry, label, created) SELECT ?1, ?2, ?3, ?4 WHERE (SELECT count(*) FROM ${this.#table} WHERE owner = ?5 AND coalesce(${END} > ?7, 1)) < ?6 ON CONFLICT DO NOTHING RETURNING hash`,
      kept.hash,
      kept.entry,
      kept.label,
      kept.created,
      kept.owner ?? null,
      this.#perOwner,
      time,
    );
    if (rows.length > 0) return;
    const others = (await this.#ask(`SELECT hash FROM ${this.#table} WHERE hash = ?1 OR id = ?2`, kept.hash, kept.id)) as readonly { readonly hash: unknown }[];
    if (others.some((other) => other.hash === kept.hash)) throw hashTaken();
    throw others.length > 0 ? idTaken() : tooMany();
  }

  /** As {@link MemoryApiKeys.list}. */
  async list(owner: string): Promise<KeptApiKey[]> {
    const rows = await this.#rows(`SELECT entry, label, created FROM ${this.#table} WHERE owner = ?1 ORDER BY created, rowid`, given.text("list: owner", owner));
    return rows.map(shown);
  }

  /** As {@link MemoryApiKeys.end}. */
  async end(id: string, notAfter: number): Promise<boolean> {
    const rows = await this.#ask(
      `UPDATE ${this.#table} SET entry = json_set(entry, '$.notAfter', min(coalesce(json_extract(entry, '$.notAfter'), CAST(?2 AS INTEGER)), CAST(?2 AS INTEGER))) WHERE id = ?1 RETURNING hash`,
      given.text("end: id", id),
      moment("end: notAfter", notAfter),
    );
    return rows.length > 0;
  }

  /** As {@link MemoryApiKeys.revoke}. */
  async revoke(id: string): Promise<boolean> {
    return (await this.#ask(`DELETE FROM ${this.#table} WHERE id = ?1 RETURNING hash`, given.text("revoke: id", id))).length > 0;
  }

  /**
   * Removes the keys that have ended by then, those first that ended first, and says how many that were: 10,000 at most. For
   * a cron trigger: without it the table and the lists of the owners only grow.
   */
  async sweep(time: number = timeOf(this.#clock)): Promise<number> {
    const statement = `DELETE FROM ${this.#table} WHERE hash IN (SELECT hash FROM ${this.#table} WHERE ${END} <= ?1 ORDER BY ${END} LIMIT ?2)`;
    return (await this.#run(statement, sweptUntil(time), SWEPT)).meta.changes;
  }

  #rows(text: string, ...parameters: string[]): Promise<readonly Row[]> {
    return this.#ask(text, ...parameters) as Promise<readonly Row[]>;
  }

  async #ask(text: string, ...parameters: (string | number | null)[]): Promise<readonly object[]> {
    return (await this.#run(text, ...parameters)).results;
  }

  #run(text: string, ...parameters: (string | number | null)[]): Promise<Answer> {
    return available(() => this.#database.prepare(text).bind(...parameters).all());
  }
}

/** What is wrong with an entry beyond that the guard says when it reads it. */
function checked(hash: string, entry: ApiKeyEntry, label: string, created: number): Kept {
  if (!HASH.test(given.text("insert: hash", hash))) throw new TypeError("insert: hash must be sha256: and the base64url of 32 bytes");
  const { id, owner } = given.object("insert: entry", entry);
  if (given.text("insert: entry.id", id) === "") throw new TypeError("insert: entry.id must not be empty");
  if (owner !== undefined && given.text("insert: entry.owner", owner) === "") throw new TypeError("insert: entry.owner must not be empty");
  if (given.text("insert: label", label).length > MAX_LABEL) throw new TypeError(`insert: label must have at most ${MAX_LABEL} characters`);
  return { hash, entry: entryOf("insert: entry", entry), id, owner, label, created };
}

/** Whether the guard refuses it by then. */
function hasEnded({ entry }: Kept, time: number): boolean {
  const { notAfter } = JSON.parse(entry) as ApiKeyEntry;
  return typeof notAfter === "number" && notAfter <= time;
}

function hashTaken(): StoreError {
  return new StoreError("api_key_hash_taken", "there is a key with that hash");
}

function idTaken(): StoreError {
  return new StoreError("api_key_id_taken", "there is a key with that id");
}

function tooMany(): StoreError {
  return new StoreError("api_keys_too_many", "the owner has as many keys as one may have");
}

function shown({ entry, label, created }: Row): KeptApiKey {
  return { entry: JSON.parse(entry) as ApiKeyEntry, label, created };
}

function now(): number {
  return Date.now() / 1000;
}
