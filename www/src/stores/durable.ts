// A Durable Object answers one question at a time, as long as it awaits nothing between its look and its write. So the
// decision is one statement of its SQLite, and all that awaits is before it or behind it.

import * as given from "../arguments.js";
import { moment } from "../moment.js";
import * as sqlite from "./sqlite.js";
import { available, entryOf, freshVersion, nameOf, timeOf, valueOf, versionOf, type AtomicStore, type Entry, type StoreOptions } from "./store.js";

export { StoreError } from "./error.js";
export { AtomicReplays } from "./replays.js";
export type { AtomicStore, Entry, StoreOptions } from "./store.js";

/** What is used of the binding of a Durable Object's class. */
export interface DurableNamespace {
  getByName(name: string): DurableStub;
}

/** One object, as it is called from elsewhere. */
export interface DurableStub {
  fetch(url: string, init: { readonly method: string; readonly body: string }): Promise<{ readonly ok: boolean; json(): Promise<unknown> }>;
}

/** What is used of the state that a Durable Object is made with. Its class must be one with SQLite. */
export interface DurableState {
  readonly storage: {
    readonly sql: { exec(query: string, ...values: (string | number)[]): { toArray(): unknown[] } };
    getAlarm(): Promise<number | null>;
    setAlarm(milliseconds: number): Promise<void>;
  };
}

/** How a {@link DurableStore} is made. */
export interface DurableOptions extends StoreOptions {
  /**
   * Over how many objects the names are spread, 1 to 1024; 1 where absent. One object answers some hundred questions in a
   * second. With another number the store looks for its entries elsewhere: what it held is as good as lost.
   */
  readonly shards?: number;
}

const MOST_SHARDS = 1024;

/** Milliseconds between two sweeps. */
const BETWEEN_SWEEPS = 3_600_000;

/** Milliseconds until the next part. */
const BETWEEN_PARTS = 1000;

/** Seconds for which an entry outlasts its end before it is swept: the clocks of the callers are others than the object's. */
const SLACK = 600;

/** What one sweep removes at most, so that others are answered between two parts of a large backlog. */
const SWEPT = 10_000;

type Question =
  | { readonly do: "read"; readonly name: string; readonly now: number }
  | { readonly do: "swap"; readonly name: string; readonly version: string | null; readonly value: string; readonly until: number; readonly now: number }
  | { readonly do: "remove"; readonly name: string };

/**
 * Entries in Durable Objects of the class {@link StoreObject}.
 *
 * ```ts
 * export { StoreObject } from "portcullis/stores/durable"; // in the worker's main module, and in wrangler.json:
 * // "durable_objects": { "bindings": [{ "name": "STORE", "class_name": "StoreObject" }] },
 * // "migrations": [{ "tag": "v1", "new_sqlite_classes": ["StoreObject"] }]
 *
 * const store = new DurableStore(env.STORE, { shards: 16 });
 * await store.swap("a", null, "first", Date.now() / 1000 + 60); // true
 * ```
 */
export class DurableStore implements AtomicStore {
  readonly #namespace: DurableNamespace;
  readonly #shards: number;
  readonly #clock: () => number;

  constructor(namespace: DurableNamespace, options: DurableOptions = {}) {
    const { shards = 1, clock = () => Date.now() / 1000 } = given.members("new DurableStore: options", options, ["shards", "clock"]);
    if (!Number.isInteger(shards) || shards < 1 || shards > MOST_SHARDS) throw new TypeError(`new DurableStore: shards must be 1 to ${MOST_SHARDS}`);
    this.#namespace = namespace;
    this.#shards = shards;
    this.#clock = clock;
  }

  async read(name: string): Promise<Entry | null> {
    return this.#ask({ do: "read", name: nameOf(name), now: timeOf(this.#clock) }, (answer) => (answer === null ? null : entryOf(answer)));
  }

  async swap(name: string, version: string | null, value: string, until: number): Promise<boolean> {
    const question = { name: nameOf(name), version: versionOf(version), value: valueOf(value), until: moment("until", until), now: timeOf(this.#clock) };
    return this.#ask({ do: "swap", ...question }, (answer) => {
      if (typeof answer !== "boolean") throw new TypeError("the object says whether it wrote");
      return answer;
    });
  }

  async remove(name: string): Promise<void> {
    await this.#ask({ do: "remove", name: nameOf(name) }, () => null);
  }

  #ask<Answer>(question: Question, answered: (answer: unknown) => Answer): Promise<Answer> {
    return available(async () => {
      const shard = this.#namespace.getByName(`portcullis.${shardOf(question.name, this.#shards)}`);
      const response = await shard.fetch("https://store.invalid/", { method: "POST", body: JSON.stringify(question) });
      if (!response.ok) throw new Error("the object refuses");
      return answered(((await response.json()) as { readonly answer?: unknown }).answer);
    });
  }
}

/** FNV-1a, for an even spread: nothing hangs on its being hard to foretell. */
function shardOf(name: string, shards: number): number {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) % shards;
}

/**
 * The Durable Object of {@link DurableStore}. It answers whoever holds its binding, and sweeps what has ended in an alarm.
 * Where it fails, it throws: whoever asked is told that there is no answer.
 */
export class StoreObject {
  readonly #storage: DurableState["storage"];
  #alarmed = false;

  constructor(state: DurableState) {
    this.#storage = state.storage;
    this.#storage.sql.exec(sqlite.entriesSchema);
  }

  async fetch(request: Request): Promise<Response> {
    const question = (await request.json()) as Question;
    const answer = this.#answer(question);
    if (answer === true) await this.#setAlarm();
    return Response.json({ answer });
  }

  async alarm(): Promise<void> {
    const ended = Math.floor(Date.now() / 1000) - SLACK;
    this.#rows(sqlite.sweep, ended, SWEPT);
    if (this.#rows("SELECT 1 FROM portcullis_entries WHERE until <= ?1 LIMIT 1", ended).length > 0) {
      await this.#storage.setAlarm(Date.now() + BETWEEN_PARTS);
    } else {
      // The next write sees to it, where there is nothing.
      this.#alarmed = false;
      if (this.#rows("SELECT 1 FROM portcullis_entries LIMIT 1").length > 0) await this.#setAlarm();
    }
  }

  /** Awaits nothing. What comes here may come from another version of the package, so it is looked at once more. */
  #answer(question: Question): Entry | null | boolean {
    const name = nameOf(question.name);
    switch (question.do) {
      case "read": {
        const [row] = this.#rows(sqlite.read, name, question.now);
        return row === undefined ? null : entryOf(row);
      }
      case "swap": {
        const version = versionOf(question.version);
        const written = [name, valueOf(question.value), freshVersion(), moment("until", question.until), question.now] as const;
        const rows = version === null ? this.#rows(`${sqlite.insert} RETURNING 1`, ...written) : this.#rows(`${sqlite.update} RETURNING 1`, ...written, version);
        return rows.length === 1;
      }
      case "remove":
        this.#rows(sqlite.remove, name);
        return null;
      default:
        throw new TypeError("an object of the store reads, swaps and removes");
    }
  }

  #rows(statement: string, ...bound: (string | number)[]): unknown[] {
    return this.#storage.sql.exec(statement, ...bound).toArray();
  }

  async #setAlarm(): Promise<void> {
    if (this.#alarmed) return;
    this.#alarmed = true;
    if ((await this.#storage.getAlarm()) === null) await this.#storage.setAlarm(Date.now() + BETWEEN_SWEEPS);
  }
}
