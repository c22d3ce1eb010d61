import { entryOf } from "./api-key-entry.js";
import { jsonOf } from "./attributes.js";
import { fetchKeys, introspect, under, type Fetch } from "./issuer-requests.js";
import { moment } from "./moment.js";
import type { ApiKeyStore, Loader, ReplayStore, RevocationStore } from "./types.js";

/** The one thing that the core asks the host for before it goes on, but for a signature: that is in signed.ts. */
export type Need = { readonly pending: number } & (
  | { readonly need: "keys"; readonly url: string; /** Older keys are there, which answer meanwhile. */ readonly stale: boolean }
  | { readonly need: "introspection"; readonly url: string; readonly authorization: string; readonly body: string }
  | { readonly need: "revocation"; readonly names: readonly string[] }
  | { readonly need: "replay"; readonly name: string; readonly until: number }
  | { readonly need: "apiKey"; readonly hash: string }
  | { readonly need: "resource"; readonly type: string; readonly id: string }
);

/** What the host found, in the words of the core's `resume`. */
export interface Answer {
  readonly code: typeof NO | typeof YES | typeof FAILED | typeof LATER;
  /** For the input buffer. */
  readonly body: string | Uint8Array;
}

export const NO = 0;
export const YES = 1;
export const FAILED = 2;
const LATER = 3;

const no: Answer = { code: NO, body: "" };
const yes: Answer = { code: YES, body: "" };
const failed: Answer = { code: FAILED, body: "" };
/** The host is at work on it, and the core is to go on with what it has. */
export const later: Answer = { code: LATER, body: "" };

/** What needs are answered with. */
export interface Means {
  readonly fetch: Fetch;
  /** What the clock says when an answer comes behind the request. */
  readonly now: () => number;
  readonly loaders: ReadonlyMap<string, Loader>;
  /** For each resource type, the attributes that are read. */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
  readonly apiKeys: ApiKeyStore | undefined;
  readonly revocations: RevocationStore | undefined;
  readonly replays: ReplayStore;
}

/**
 * Does what the core asks for. Whatever goes wrong outside the core is the answer `failed`: a promise of this
 * never rejects.
 */
export function answer(need: Need, means: Means): Answer | Promise<Answer> {
  switch (need.need) {
    case "keys":
      return guarded(async () => {
        const { cacheControl, body } = await fetchKeys(means.fetch, need.url);
        return found(under([cacheControl], body));
      });
    case "introspection":
      return guarded(async () => found(await introspect(means.fetch, need.url, need.authorization, need.body)));
    case "revocation":
      return guarded(() => then(means.revocations?.lookup(need.names), (moments) => found(facts(moments))));
    case "replay":
      return guarded(() => then(means.replays.remember(need.name, need.until), fresh));
    case "apiKey":
      return guarded(() => then(means.apiKeys?.lookup(need.hash), known));
    case "resource": {
      const { type, id } = need;
      return guarded(() => then(means.loaders.get(type)?.(id), (resource) => loaded(resource, means.attributes.get(type) ?? [])));
    }
  }
}

function found(body: string | Uint8Array): Answer {
  return { code: YES, body };
}

// What a store answers is looked at closely: a mistake there must not pass for the absence of a fact.

function facts(moments: unknown): string {
  // That there is one for each name, the core sees itself.
  if (!Array.isArray(moments)) throw new TypeError("a revocation store gives a list");
  return JSON.stringify(Array.from(moments, fact));
}

function fact(found: unknown): number | null {
  return found === null ? null : moment("what a revocation store gives", found);
}

function known(entry: unknown): Answer {
  return entry === null ? no : found(entryOf("what a store of API keys gives", entry));
}

function fresh(isNew: unknown): Answer {
  if (typeof isNew !== "boolean") throw new TypeError("a replay store gives true or false");
  return isNew ? yes : no;
}

function loaded(resource: object | null | undefined, names: readonly string[]): Answer {
  if (resource === undefined || resource === null) return no;
  if (typeof resource !== "object") throw new TypeError("a loader gives an object, null or undefined");
  return found(jsonOf(resource, names));
}

function guarded(work: () => Answer | Promise<Answer>): Answer | Promise<Answer> {
  try {
    const answered = work();
    return answered instanceof Promise ? answered.catch(() => failed) : answered;
  } catch {
    return failed;
  }
}

/** Goes on at once where the value is there, so that a check is asynchronous only where it must be. */
function then<Value, Result>(value: Value | PromiseLike<Value>, next: (value: Value) => Result): Result | Promise<Result> {
  return isPromise(value) ? Promise.resolve(value).then(next) : next(value);
}

function isPromise<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
