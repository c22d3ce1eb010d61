import * as given from "../arguments.js";
import { moment, span } from "../moment.js";
import { report } from "../report.js";
import type { AtomicStore } from "../stores/store.js";
import { contended, settle, stateOf, TRIES } from "./contention.js";
import { ask } from "./engine.js";
import { IssuerError } from "./error.js";
import { storeName } from "./store-names.js";
import { whole } from "./whole.js";

/** How many attempts, and how quickly. */
export interface AttemptBudget {
  /** Attempts without a wait, 1 to 10,000. */
  readonly free: number;
  /** Seconds to wait after the first that is not free, 1 to `longest`. It doubles with each. */
  readonly first: number;
  /** Seconds: the longest wait, 1 to 3,600. */
  readonly longest: number;
  /** Seconds, 1 to 86,400: one attempt is forgotten each time they have passed. */
  readonly forget: number;
}

/** How attempts are counted, and where. */
export interface AttemptsOptions {
  /** Of several attempts at once each counts, as this store promises. */
  readonly store: AtomicStore;
  /** For an account, from devices that it does not know. `{ free: 5, first: 1, longest: 900, forget: 3600 }` where absent. */
  readonly account?: AttemptBudget;
  /** For a network, to all accounts together. `{ free: 50, first: 1, longest: 900, forget: 60 }` where absent. */
  readonly address?: AttemptBudget;
  /** For a device that the account knows. That of `account` where absent. */
  readonly device?: AttemptBudget;
  /** Whether somebody may try where the store fails: `deny` where absent. With `allow` nothing counts then. The error is reported. */
  readonly onUnavailable?: "deny" | "allow";
  /** Seconds since 1970; `Date.now() / 1000` where absent. */
  readonly clock?: () => number;
}

/** Who tries. */
export interface AttemptBy {
  /** What they want to sign in to, as it is looked up (of one case, for example), also where there is no such account: else a lock tells that there is one. */
  readonly account: string;
  /**
   * The IP address that the platform or a proxy of your own tells, without port. IPv6 counts by its first 64 bits. Where there
   * is none, leave it out: nothing counts for it.
   */
  readonly address?: string | undefined;
  /** What the device's cookie holds: the text that {@link AllowedAttempt.succeeded} gave. Any other text is of no known device. */
  readonly device?: string | null | undefined;
}

/** Somebody may try once. The attempt has counted; where it fails there is nothing to do. */
export interface AllowedAttempt {
  readonly allowed: true;
  /** Whether the account was signed in to from this device before. */
  readonly knownDevice: boolean;
  /**
   * A hundred attempts in a row have failed before this one (NIST SP 800-63B-4 §3.2.2): the right password alone should not do.
   * Ask for another factor, or for a new password by mail, before you call `succeeded`.
   */
  readonly exhausted: boolean;
  /** If this attempt fails: seconds until the next is allowed. */
  readonly retryAfter: number;
  /**
   * All factors were right. The attempt is given back, those before on the account are forgotten, and the device is known
   * for 180 days behind its last attempt. Gives the device's name: a secret for a cookie (`__Host-`, `HttpOnly`, `Secure`,
   * `SameSite=Lax`) that outlives the session; `null` where the store fails, which is reported and no reason to refuse.
   */
  succeeded(): Promise<string | null>;
  /**
   * It came to no end, through no fault of who tried: it has not counted. That is so where the password was right and a code is
   * still to come, for which another attempt is begun. A store that fails is reported.
   */
  withdrawn(): Promise<void>;
}

/** The password must not be looked at. */
export interface RefusedAttempt {
  readonly allowed: false;
  /** `contended`: so many attempts at once that this one could not be counted. `unavailable`: the store fails. */
  readonly reason: "locked" | "contended" | "unavailable";
  /** Seconds until it may be allowed, 1 or more: the value of `Retry-After`. */
  readonly retryAfter: number;
}

/** What is counted for, in the order in which it is written. */
const COUNTED = ["account", "address", "device"] as const;
type Counted = (typeof COUNTED)[number];
type Names = { readonly [Each in Counted]: string | null };

/** What counts one attempt. */
interface Taken {
  readonly counted: Counted;
  readonly name: string;
  readonly state: unknown;
}

/**
 * How often somebody may guess a password or a code: some attempts are free, and then each locks for twice as long, up to a
 * longest wait of 15 minutes. Nothing is locked for good.
 *
 * An attempt counts before the password is looked at, and success gives it back. It counts for the account and for the
 * address; from a device that has signed in to the account before it counts for that device alone, so that nobody's guesses
 * lock the owner out of the devices they use (OWASP's device cookies).
 *
 * ```js
 * const attempts = new Attempts({ store });
 * const attempt = await attempts.begin({ account: email, address, device: cookie });
 * if (!attempt.allowed) return tooManyRequests(attempt.retryAfter);
 * if (!(await passwords.verify(password, hash)).valid) return invalidCredentials();
 * const device = await attempt.succeeded();
 * ```
 *
 * @throws {@link IssuerError} `attempts_free`, `attempts_wait`, `attempts_forget`.
 */
export class Attempts {
  readonly #store: AtomicStore;
  readonly #clock: () => number;
  readonly #isOpen: boolean;
  readonly #limits: { readonly [Each in Counted]: AttemptBudget | undefined };

  constructor(options: AttemptsOptions) {
    const { store, account, address, device = account, onUnavailable = "deny", clock = now } = given.object("new Attempts: options", options);
    this.#store = watched(given.object("new Attempts: store", store));
    this.#clock = given.aFunction("new Attempts: clock", clock);
    if (onUnavailable !== "deny" && onUnavailable !== "allow") throw new TypeError("new Attempts: onUnavailable must be deny or allow");
    this.#isOpen = onUnavailable === "allow";
    const limits = { account: budget("account", account), address: budget("address", address), device: budget("device", device) };
    this.#limits = limits;
    ask((core) => core.check_attempt_limits(limits));
  }

  /**
   * Counts an attempt, where it is allowed.
   *
   * @throws {@link IssuerError} `attempts_address` where the address is no IP address.
   */
  async begin(by: AttemptBy): Promise<AllowedAttempt | RefusedAttempt> {
    const { account, address, device } = given.object("Attempts.begin", by);
    given.text("Attempts.begin: account", account);
    const names: Names = {
      account: storeName("attempts.account", account),
      address: address === undefined ? null : storeName("attempts.address", networkOf(address)),
      device: deviceName(account, device),
    };
    try {
      return await this.#begin(account, device ?? null, names);
    } catch (error) {
      // Not a failing store: so many at once are a guesser's, and so never allowed.
      if (error instanceof IssuerError && error.code === "store_contended") return refused("contended", 1);
      if (!isFailing(error)) throw error;
      report(error.cause ?? error);
      return this.#isOpen ? uncounted() : refused("unavailable", 1);
    }
  }

  /** Forgets the attempts on an account, from devices that it does not know: the password is a new one. Throws what the store throws. */
  async forget(account: string): Promise<void> {
    const name = storeName("attempts.account", given.text("Attempts.forget: account", account));
    await this.#store.remove(name);
  }

  async #begin(account: string, device: string | null, names: Names): Promise<AllowedAttempt | RefusedAttempt> {
    for (let tried = 0; tried < TRIES; tried += 1) {
      const [entries, states] = await this.#read(names);
      const at = moment("Attempts: clock", this.#clock());
      const answer = ask((core) => core.begin_attempt(this.#limits, states, at));
      if (!answer.allowed) return refused("locked", answer.retryAfter);
      const taken: Taken[] = [];
      let isLost = false;
      for (const counted of COUNTED) {
        const [name, state] = [names[counted], answer.states[counted]];
        if (name === null || state === undefined) continue;
        isLost = !(await this.#store.swap(name, entries[counted]?.version ?? null, JSON.stringify(state), keepUntil(counted, at)));
        if (isLost) break;
        taken.push({ counted, name, state });
      }
      if (!isLost) {
        const known = answer.states.device === undefined ? null : device;
        return this.#allowed(account, known, taken, answer);
      }
      await this.#withdraw(taken);
    }
    throw contended();
  }

  async #read(names: Names): Promise<[{ readonly [Each in Counted]: Awaited<ReturnType<AtomicStore["read"]>> }, Record<Counted, unknown>]> {
    const read = (name: string | null) => (name === null ? null : this.#store.read(name));
    const [account, address, device] = await Promise.all([read(names.account), read(names.address), read(names.device)]);
    try {
      return [{ account, address, device }, { account: stateOf(account), address: stateOf(address), device: stateOf(device) }];
    } catch (cause) {
      throw new Failing(cause);
    }
  }

  #allowed(account: string, known: string | null, taken: readonly Taken[], told: { readonly exhausted: boolean; readonly retryAfter: number }): AllowedAttempt {
    let hasEnded = false;
    const end = async <Result>(work: () => Promise<Result>): Promise<Result | null> => {
      if (hasEnded) throw new Error("this attempt has ended");
      hasEnded = true;
      try {
        return await work();
      } catch (error) {
        if (!isFailing(error) && !(error instanceof IssuerError && error.code === "store_contended")) throw error;
        report(error instanceof Failing ? error.cause : error);
        return null;
      }
    };
    return {
      allowed: true,
      knownDevice: known !== null,
      exhausted: told.exhausted,
      retryAfter: told.retryAfter,
      succeeded: () => end(() => this.#succeeded(account, known, taken)),
      withdrawn: async () => {
        await end(() => this.#withdraw(taken));
      },
    };
  }

  async #succeeded(account: string, known: string | null, taken: readonly Taken[]): Promise<string> {
    for (const { counted, name, state } of taken) await this.#settleSuccess(counted, name, state);
    if (known !== null) return known;
    const device = ask((core) => core.new_device());
    await this.#settleSuccess("device", storeName("attempts.device", account, device), null);
    return device;
  }

  async #settleSuccess(counted: Counted, name: string, taken: unknown): Promise<void> {
    const at = moment("Attempts: clock", this.#clock());
    const isOver = await settle(this.#store, name, (state) => {
      const left = ask((core) => core.attempt_succeeded(counted, state, taken));
      if (left === undefined) return { result: state !== null };
      return { result: false, write: { state: left, until: keepUntil(counted, at) } };
    });
    if (isOver) await this.#store.remove(name);
  }

  async #withdraw(taken: readonly Taken[]): Promise<void> {
    const at = moment("Attempts: clock", this.#clock());
    for (const { counted, name, state } of taken) {
      await settle(this.#store, name, (kept) => {
        if (kept === null) return { result: undefined };
        const left = ask((core) => core.attempt_withdrawn(kept, state));
        return { result: undefined, write: { state: left, until: keepUntil(counted, at) } };
      });
    }
  }
}

/** A store that fails, apart from all else that is thrown. */
class Failing extends Error {
  constructor(cause: unknown) {
    super("the store of attempts fails", { cause });
  }
}

/** What is kept and is no state is a store that fails too. */
function isFailing(error: unknown): error is Error {
  return error instanceof Failing || (error instanceof IssuerError && error.code === "state_malformed");
}

function watched(store: AtomicStore): AtomicStore {
  const watch = async <Answer>(work: () => Answer | Promise<Answer>): Promise<Answer> => {
    try {
      return await work();
    } catch (cause) {
      throw new Failing(cause);
    }
  };
  return {
    read: (name) => watch(() => store.read(name)),
    swap: (name, version, value, until) => watch(() => store.swap(name, version, value, until)),
    remove: (name) => watch(() => store.remove(name)),
  };
}

function refused(reason: RefusedAttempt["reason"], retryAfter: number): RefusedAttempt {
  return { allowed: false, reason, retryAfter };
}

/** An attempt that nothing counts. */
function uncounted(): AllowedAttempt {
  return { allowed: true, knownDevice: false, exhausted: false, retryAfter: 0, succeeded: async () => null, withdrawn: async () => {} };
}

function now(): number {
  return Date.now() / 1000;
}

function budget(which: Counted, settings: AttemptBudget | undefined): AttemptBudget | undefined {
  if (settings === undefined) return undefined;
  const what = `new Attempts: ${which}`;
  const { free, first, longest, forget } = given.object(what, settings);
  return {
    free: whole(`${what}.free`, free),
    first: span(`${what}.first`, first),
    longest: span(`${what}.longest`, longest),
    forget: span(`${what}.forget`, forget),
  };
}

function networkOf(address: unknown): string {
  const text = given.text("Attempts.begin: address", address);
  return ask((core) => core.network_of(text));
}

function deviceName(account: string, device: unknown): string | null {
  if (device === undefined || device === null) return null;
  const text = given.text("Attempts.begin: device", device);
  return ask((core) => core.is_device(text)) ? storeName("attempts.device", account, text) : null;
}

function keepUntil(counted: Counted, at: number): number {
  return ask((core) => core.keep_attempt_until(counted, at));
}
