import * as given from "../arguments.js";
import { moment, span } from "../moment.js";
import { report } from "../report.js";
import type { AtomicStore, Entry } from "../stores/store.js";
import { contended, pause, settle, stateOf, TRIES } from "./contention.js";
import { ask } from "./engine.js";
import { IssuerError } from "./error.js";
import { storeName } from "./store-names.js";

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
  /**
   * Of several attempts at once each counts, as this store promises. Whoever guesses at accounts that there are not makes
   * entries, for a day each, as fast as their addresses allow: a `MemoryStore` that is full by that denies everybody.
   */
  readonly store: AtomicStore;
  /** For an account, from devices that it does not know. `{ free: 5, first: 1, longest: 900, forget: 3600 }` where absent. */
  readonly account?: AttemptBudget;
  /** For a network, to all accounts together. `{ free: 50, first: 1, longest: 900, forget: 60 }` where absent. */
  readonly address?: AttemptBudget;
  /** For a device that the account knows. That of `account` where absent. */
  readonly device?: AttemptBudget;
  /**
   * Whether somebody may try where the store fails: `deny` where absent. With `allow` nothing counts then. The error is
   * reported. A store that is full (`store_full`) always denies: whoever guesses could fill it.
   */
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
  /**
   * What is shown cannot be guessed: a recovery code, a passkey. The account's lock does not hold for it, and the address
   * alone counts: so whoever goes on guessing does not lock the owner's last way in. `false` where absent.
   */
  readonly unguessable?: boolean;
}

/** Somebody may try once. The attempt has counted; where it fails there is nothing to do. */
export interface AllowedAttempt {
  readonly allowed: true;
  /** Whether the account was signed in to from this device before. */
  readonly knownDevice: boolean;
  /**
   * A hundred attempts in a row have failed before this one (NIST SP 800-63B-4 §3.2.2): the right password alone should not do.
   * Ask for another factor that cannot be guessed, or for a new password by mail, before you call `succeeded`; and answer a
   * wrong password as a right one then, or the answer tells which it was.
   */
  readonly exhausted: boolean;
  /** If this attempt fails: seconds until the next is allowed. */
  readonly retryAfter: number;
  /**
   * All factors were right. The attempt is given back, those before on the account are forgotten, and the device is known
   * for 180 days behind its last attempt; of more than ten devices those that were used last. Gives the device's name: a
   * secret for a cookie (`__Host-`, `HttpOnly`, `Secure`, `SameSite=Lax`) that outlives the session; `null` where the store
   * fails, which is reported and no reason to refuse.
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

/**
 * What an address counts as: an IPv4 address is its own, of IPv6 the first 64 bits count, and one of IPv4 in the form of IPv6
 * is one of IPv4. {@link Attempts} does so itself; this is for limits of your own, such as a platform's.
 *
 * ```ts
 * networkOf("2001:db8:1:2:3:4:5:6"); // "2001:db8:1:2::/64"
 * ```
 *
 * @throws {@link IssuerError} `attempts_address` where the text is no IP address.
 */
export function networkOf(address: string): string {
  given.text("networkOf: address", address);
  return ask((core) => core.network_of(address));
}

const OPTIONS: readonly (keyof AttemptsOptions)[] = ["store", "account", "address", "device", "onUnavailable", "clock"];

/** What is counted for, in the order in which it is written. */
const COUNTED = ["account", "address", "device"] as const;
type Counted = (typeof COUNTED)[number];
type Names = { readonly account: string; readonly address: string | null; readonly device: string };

/** What counts one attempt. */
interface Taken {
  readonly counted: Counted;
  readonly name: string;
  readonly state: unknown;
}

/** Who tries, as the core and the store know them. */
interface Known {
  readonly names: Names;
  /** The device, where the text has the form of one. */
  readonly device: string | undefined;
  readonly isUnguessable: boolean;
}

/**
 * How often somebody may guess a password or a code: some attempts are free, and then each locks for twice as long, up to a
 * longest wait of 15 minutes. Nothing is locked for good.
 *
 * An attempt counts before the password is looked at, and success gives it back. It counts for the account and for the
 * address; from a device that has signed in to the account before it counts for that device alone, so that nobody's guesses
 * lock the owner out of the devices they use (OWASP's device cookies). On a strange device they keep the owner waiting for as
 * long as they go on: there a way in that cannot be guessed is theirs alone ({@link AttemptBy.unguessable}).
 *
 * ```js
 * const attempts = new Attempts({ store });
 * const attempt = await attempts.begin({ account: email, address, device: cookie });
 * if (!attempt.allowed) return tooManyRequests(attempt.retryAfter);
 * if (!passwords.verify(password, hash)) return invalidCredentials();
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
    const { store, account, address, device = account, onUnavailable = "deny", clock = now } = given.members("new Attempts: options", options, OPTIONS);
    this.#store = watched(given.atomicStore("new Attempts: store", store));
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
    const { account, address, device, unguessable = false } = given.members("Attempts.begin", by, ["account", "address", "device", "unguessable"]);
    given.text("Attempts.begin: account", account);
    if (typeof unguessable !== "boolean") throw new TypeError("Attempts.begin: unguessable must be true or false");
    const names: Names = {
      account: storeName("attempts.account", account),
      address: address === undefined ? null : storeName("attempts.address", networkOf(given.text("Attempts.begin: address", address))),
      device: storeName("attempts.devices", account),
    };
    try {
      return await this.#begin({ names, device: deviceOf(device), isUnguessable: unguessable });
    } catch (error) {
      // Not a failing store: so many at once are a guesser's, and so never allowed.
      if (error instanceof IssuerError && error.code === "store_contended") return refused("contended", 1);
      if (!isFailing(error)) throw error;
      report(error.cause ?? error);
      return this.#isOpen && !isFull(error) ? uncounted() : refused("unavailable", 1);
    }
  }

  /**
   * Forgets the attempts on an account, and those of its devices, which are known as before: somebody has found out who asks.
   * Rejects where the store fails.
   */
  async release(account: string): Promise<void> {
    given.text("Attempts.release: account", account);
    const at = moment("Attempts: clock", this.#clock());
    await settle(this.#store, storeName("attempts.devices", account), (devices) => {
      return devices === null ? { result: undefined } : { result: undefined, write: ask((core) => core.release_devices(devices, at)) };
    });
    await this.#store.remove(storeName("attempts.account", account));
  }

  /**
   * Forgets the attempts on an account, and its devices: the password is a new one, and who knew the old one is a stranger.
   * Rejects where the store fails. An attempt that began before and succeeds after makes its device known: look once more at
   * what it has shown before you call `succeeded`.
   */
  async forget(account: string): Promise<void> {
    given.text("Attempts.forget: account", account);
    await this.#store.remove(storeName("attempts.devices", account));
    await this.#store.remove(storeName("attempts.account", account));
  }

  async #begin(who: Known): Promise<AllowedAttempt | RefusedAttempt> {
    for (let tried = 0; tried < TRIES; tried += 1) {
      const [entries, states] = await this.#read(who);
      const at = moment("Attempts: clock", this.#clock());
      const answer = ask((core) => core.begin_attempt(this.#limits, states, who.device, who.isUnguessable, at));
      if (!answer.allowed) return refused("locked", answer.retryAfter);
      const taken: Taken[] = [];
      let isLost = false;
      for (const counted of COUNTED) {
        const [name, keep] = [who.names[counted], answer.keep[counted]];
        if (name === null || keep === undefined) continue;
        isLost = !(await this.#store.swap(name, entries[counted]?.version ?? null, JSON.stringify(keep.state), keep.until));
        if (isLost) break;
        taken.push({ counted, name, state: answer.taken[counted] });
      }
      if (!isLost) return this.#allowed(who, taken, answer);
      for (const each of taken) await this.#end(each, who.device, false);
      await pause(tried);
    }
    throw contended();
  }

  async #read({ names, device }: Known): Promise<[{ readonly [Each in Counted]: Entry | null }, { readonly [Each in Counted]: unknown }]> {
    const read = (name: string | null) => (name === null ? null : this.#store.read(name));
    const [account, address, devices] = await Promise.all([read(names.account), read(names.address), read(device === undefined ? null : names.device)]);
    return [{ account, address, device: devices }, { account: stateOf(account), address: stateOf(address), device: stateOf(devices) }];
  }

  #allowed(who: Known, taken: readonly Taken[], told: { readonly exhausted: boolean; readonly retryAfter: number }): AllowedAttempt {
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
      knownDevice: taken.some(({ counted }) => counted === "device"),
      exhausted: told.exhausted,
      retryAfter: told.retryAfter,
      succeeded: () => end(() => this.#succeeded(who, taken)),
      withdrawn: async () => {
        await end(async () => {
          for (const each of taken) await this.#end(each, who.device, false);
        });
      },
    };
  }

  async #succeeded({ names, device, isUnguessable }: Known, taken: readonly Taken[]): Promise<string> {
    for (const each of taken) await this.#end(each, device, true);
    if (isUnguessable) await this.#store.remove(names.account);
    if (device !== undefined && taken.some(({ counted }) => counted === "device")) return device;
    const made = ask((core) => core.new_device());
    await this.#end({ counted: "device", name: names.device, state: null }, made, true);
    return made;
  }

  /** Gives back what counted an attempt. */
  async #end({ counted, name, state: taken }: Taken, device: string | undefined, hasSucceeded: boolean): Promise<void> {
    const at = moment("Attempts: clock", this.#clock());
    const isOver = await settle(this.#store, name, (state) => {
      const left = ask((core) => {
        if (counted !== "device") return core.end_attempt(this.#limits, counted, state, taken, hasSucceeded, at);
        return core.end_attempt_of_device(state, device ?? "", taken, hasSucceeded, at);
      });
      return left === undefined ? { result: counted === "account" && state !== null && hasSucceeded } : { result: false, write: left };
    });
    if (isOver) await this.#store.remove(name);
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

/** Whoever guesses can fill a store: that must not be the way past what counts. */
function isFull(error: Error): boolean {
  return error.cause instanceof Error && "code" in error.cause && error.cause.code === "store_full";
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
  const { free, first, longest, forget } = given.members(what, settings, ["free", "first", "longest", "forget"]);
  return {
    free: given.whole(`${what}.free`, free),
    first: span(`${what}.first`, first),
    longest: span(`${what}.longest`, longest),
    forget: span(`${what}.forget`, forget),
  };
}

function deviceOf(device: unknown): string | undefined {
  if (device === undefined || device === null) return undefined;
  const text = given.text("Attempts.begin: device", device);
  return ask((core) => core.is_device(text)) ? text : undefined;
}
