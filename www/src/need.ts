import { jsonOf } from "./attributes.js";
import { call } from "./engine.js";
import type { Registration } from "./registration.js";
import { fetchKeySet, type Fetch } from "./keys.js";
import * as core from "./wasm/core.js";
import type { Loader } from "./types.js";

/** The one thing that the core asks the host for before it goes on. */
export type Need = { readonly pending: number } & (
  | { readonly need: "keys"; readonly url: string }
  | { readonly need: "signature"; readonly key: number; readonly algorithm: string }
  | { readonly need: "resource"; readonly type: string; readonly id: string }
);

/** What the host found, in the words of the core's `resume`. */
export interface Answer {
  readonly code: typeof NO | typeof YES | typeof FAILED;
  /** For the input buffer. */
  readonly body: string | Uint8Array;
}

const NO = 0;
const YES = 1;
export const FAILED = 2;

const no: Answer = { code: NO, body: "" };
const yes: Answer = { code: YES, body: "" };
const failed: Answer = { code: FAILED, body: "" };

/** What needs are answered with. */
export interface Means {
  readonly fetch: Fetch;
  readonly loaders: ReadonlyMap<string, Loader>;
  /** For each resource type, the attributes that are read. */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

/**
 * Does what the core asks for. Whatever goes wrong outside the core is the answer `failed`: a promise of this
 * never rejects.
 */
export function answer(need: Need, means: Means, { guard, verifier }: Registration): Answer | Promise<Answer> {
  switch (need.need) {
    case "keys":
      return guarded(() => fetchKeySet(means.fetch, need.url).then((body) => ({ code: YES, body })));
    case "signature": {
      // Read now: between two checks the core may forget what is pending.
      const input = call(() => core.signing_input(guard, need.pending));
      const signature = call(() => core.signature(guard, need.pending));
      const jwk = (): JsonWebKey => JSON.parse(call(() => core.jwk(guard, need.key))) as JsonWebKey;
      const { key, algorithm } = need;
      return guarded(() => then(verifier.verify({ key, jwk, algorithm, input, signature }), (valid) => (valid ? yes : no)));
    }
    case "resource": {
      const { type, id } = need;
      return guarded(() => then(means.loaders.get(type)?.(id), (found) => loaded(found, means.attributes.get(type) ?? [])));
    }
  }
}

function loaded(found: object | null | undefined, names: readonly string[]): Answer {
  if (found === undefined || found === null) return no;
  if (typeof found !== "object") throw new TypeError("a loader gives an object, null or undefined");
  return { code: YES, body: jsonOf(found, names) };
}

function guarded(work: () => Answer | Promise<Answer>): Answer | Promise<Answer> {
  try {
    const found = work();
    return found instanceof Promise ? found.catch(() => failed) : found;
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
