// Redis, for servers: a script runs alone, so a look and a write in one script are one step. A key holds the end, the
// version and the value, parted by spaces. The end that counts is the one in there, by the caller's clock; that of the
// key is later, and only makes room. src/stores/redis.rs has the same scripts, and both may share one Redis.

import * as given from "../arguments.js";
import { moment } from "../moment.js";
import type { RevocationStore } from "../types.js";
import { available, entryOf, freshVersion, nameOf, timeOf, valueOf, versionOf, type AtomicStore, type Entry, type StoreOptions } from "./store.js";

export { StoreError } from "./error.js";
export { AtomicReplays } from "./replays.js";
export type { AtomicStore, Entry, StoreOptions } from "./store.js";

/**
 * What is used of a client of Redis: a client, a pool or a cluster of `@redis/client` 5 or later fits as it is. For
 * ioredis: `{ eval: (script, { keys, arguments: given }) => redis.eval(script, keys.length, ...keys, ...given) }`.
 *
 * How long it waits for a Redis that is not there is the client's: give it a timeout and no queue for what it cannot send,
 * in `@redis/client` `commandsQueueMaxLength` or `disableOfflineQueue`.
 */
export interface RedisClient {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** How the stores in Redis are made. */
export interface RedisOptions extends StoreOptions {
  /** What each key begins with; `portcullis:` where absent. Visible ASCII. */
  readonly prefix?: string;
}

/** Seconds for which a key outlasts its entry: the clocks of the callers are others than Redis's. */
const SLACK = 600;

/** `ARGV`: now. What is there, and what is no entry is an error. */
const HELD = `
local held = redis.call('GET', KEYS[1])
local ends, version, value
if held then
  ends, version, value = string.match(held, '^(%d+) (%x+) (.*)$')
  if not ends then return redis.error_reply('ERR not an entry of portcullis') end
  if tonumber(ends) <= tonumber(ARGV[1]) then version = nil end
end
`;

const READ = `${HELD}
if version then return { version, value } end
return false
`;

/** Further `ARGV`: what must be there, `-` for nothing or `=` and its version; the key's new text, and when the key ends in milliseconds. */
const SWAP = `${HELD}
if (version and '=' .. version or '-') ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[1], ARGV[3], 'PXAT', ARGV[4])
return 1
`;

const REMOVE = "return redis.call('DEL', KEYS[1])";

/**
 * Entries in Redis 6.2 or later. They are as lasting as Redis is set up to be: without `appendfsync always` what it wrote
 * last may be gone after a crash, and a replica that takes over may lack it. With another `maxmemory-policy` than
 * `noeviction` Redis forgets entries before their end.
 *
 * ```ts
 * const store = new RedisStore(await createClient({ url, disableOfflineQueue: true }).connect());
 * await store.swap("a", null, "first", Date.now() / 1000 + 60); // true
 * ```
 */
export class RedisStore implements AtomicStore {
  readonly #client: RedisClient;
  readonly #prefix: string;
  readonly #clock: () => number;

  constructor(client: RedisClient, options: RedisOptions = {}) {
    const { prefix = "portcullis:", clock = now } = given.members("new RedisStore: options", options, ["prefix", "clock"]);
    this.#client = client;
    this.#prefix = nameOf(prefix);
    this.#clock = clock;
  }

  async read(name: string): Promise<Entry | null> {
    const asked = { keys: [this.#prefix + nameOf(name)], arguments: [String(timeOf(this.#clock))] };
    return available(async () => {
      const answer = await this.#client.eval(READ, asked);
      if (answer === null) return null;
      if (!Array.isArray(answer)) throw new TypeError("Redis gives a version and a value");
      return entryOf({ version: answer[0] as unknown, value: answer[1] as unknown });
    });
  }

  async swap(name: string, version: string | null, value: string, until: number): Promise<boolean> {
    const key = this.#prefix + nameOf(name);
    const ends = moment("until", until);
    const held = `${ends} ${freshVersion()} ${valueOf(value)}`;
    const expected = versionOf(version) === null ? "-" : `=${version}`;
    const asked = { keys: [key], arguments: [String(timeOf(this.#clock)), expected, held, endOfKey(ends)] };
    return available(async () => {
      const answer = await this.#client.eval(SWAP, asked);
      if (answer !== 0 && answer !== 1) throw new TypeError("Redis says whether it wrote");
      return answer === 1;
    });
  }

  async remove(name: string): Promise<void> {
    const asked = { keys: [this.#prefix + nameOf(name)], arguments: [] };
    await available(async () => {
      const answer = await this.#client.eval(REMOVE, asked);
      if (answer !== 0 && answer !== 1) throw new TypeError("Redis says how many it removed");
    });
  }
}

/** As {@link HELD}, of a fact. */
const FACT = `
local held = redis.call('GET', KEYS[1])
local ends, moment
if held then
  ends, moment = string.match(held, '^(%d+) (%d+)$')
  if not ends then return redis.error_reply('ERR not a revocation of portcullis') end
  ends, moment = tonumber(ends), tonumber(moment)
  if ends <= tonumber(ARGV[1]) then ends, moment = 0, 0 end
end
`;

const LOOKUP = `${FACT}
if held and ends > 0 then return string.format('%.0f', moment) end
return false
`;

/** Further `ARGV`: the moment, the end, and the seconds for which the key outlasts it. */
const REVOKE = `${FACT}
ends = math.max(ends or 0, tonumber(ARGV[3]))
moment = math.max(moment or 0, tonumber(ARGV[2]))
redis.call('SET', KEYS[1], string.format('%.0f %.0f', ends, moment), 'PXAT', string.format('%.0f', (ends + tonumber(ARGV[4])) * 1000))
return 1
`;

/** Facts of revocation in Redis: what one process revokes, all others see at their next look. */
export class RedisRevocations implements RevocationStore {
  readonly #client: RedisClient;
  readonly #prefix: string;
  readonly #clock: () => number;

  constructor(client: RedisClient, options: RedisOptions = {}) {
    const { prefix = "portcullis:", clock = now } = given.members("new RedisRevocations: options", options, ["prefix", "clock"]);
    this.#client = client;
    this.#prefix = `${nameOf(prefix)}revocation.`;
    this.#clock = clock;
  }

  /** One question for each name, because the keys of a cluster lie on several machines. */
  lookup(names: readonly string[]): Promise<(number | null)[]> {
    return Promise.all(names.map((name) => this.#fact(name)));
  }

  /**
   * Keeps a fact: the name that `guard.revocationName` gives, the moment before which tokens are refused, and until when
   * the fact is kept; seconds since 1970. Of two facts of one name the later moments count.
   */
  async revoke(name: string, notBefore: number, until: number): Promise<void> {
    const key = this.#prefix + nameOf(name);
    const moments = [timeOf(this.#clock), moment("notBefore", notBefore), moment("until", until), SLACK].map(String);
    await available(async () => {
      const answer = await this.#client.eval(REVOKE, { keys: [key], arguments: moments });
      if (answer !== 1) throw new TypeError("Redis says that it wrote");
    });
  }

  async #fact(name: string): Promise<number | null> {
    const asked = { keys: [this.#prefix + nameOf(name)], arguments: [String(timeOf(this.#clock))] };
    return available(async () => {
      const answer = await this.#client.eval(LOOKUP, asked);
      if (answer === null) return null;
      // As text, because a client may round a number.
      if (typeof answer !== "string" || !/^[0-9]{1,16}$/.test(answer)) throw new TypeError("Redis gives a moment");
      return moment("a moment", Number(answer));
    });
  }
}

/** Milliseconds. Beyond what Redis takes nothing ends. */
function endOfKey(until: number): string {
  return String(Math.min((until + SLACK) * 1000, Number.MAX_SAFE_INTEGER));
}

function now(): number {
  return Date.now() / 1000;
}
