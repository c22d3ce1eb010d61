import * as given from "../arguments.js";
import { FOREVER } from "../moment.js";
import type { AtomicStore } from "../stores/store.js";
import { settle, stateOf } from "./contention.js";
import { ask } from "./engine.js";
import { IssuerError } from "./error.js";
import { storeName } from "./store-names.js";

/** Codes that were made: show `codes` to their owner once, and keep `hashes`. */
export interface NewRecoveryCodes {
  /** Ten secrets of 120 random bits, `XXXX-XXXX-XXXX-XXXX-XXXX-XXXX` in Crockford's base32. */
  readonly codes: readonly string[];
  /** Of each, in that order: `sha256:` and the base64url of its SHA-256. With so many bits a plain hash is enough (NIST SP 800-63B-4 §3.1.2). */
  readonly hashes: readonly string[];
}

/** What became of a recovery code. */
export interface RecoveryUsed {
  /** Whether it was one, not used before. It is used from here on. */
  readonly accepted: boolean;
  /** How many codes are left. */
  readonly left: number;
}

/** Ten new recovery codes, for who keeps the hashes elsewhere than in {@link RecoveryCodes}. */
export function newRecoveryCodes(): NewRecoveryCodes {
  return ask((core) => core.new_recovery_codes());
}

/**
 * The hashes that are left when a typed code is used, or `null` where it is none of them. A code may be typed in either case,
 * with spaces and hyphens anywhere, `O` for `0`, `I` and `L` for `1`. Keep what is left on the condition that nobody has
 * written since: of two that use one code at once one wins.
 *
 * @throws {@link IssuerError} `recovery_codes_too_many` where there are more than 100 hashes.
 */
export function spendRecoveryCode(code: string, hashes: readonly string[]): readonly string[] | null {
  given.text("spendRecoveryCode: code", code);
  if (!areHashes(hashes)) throw new TypeError("spendRecoveryCode: hashes must be a list of texts");
  return ask((core) => core.spend_recovery_code(code, hashes)) ?? null;
}

/**
 * Recovery codes in a store: ten for each account, each used once. They have 120 bits, which nobody guesses: {@link Attempts}
 * need count none but the address before one is looked at (`unguessable`).
 *
 * Throws {@link IssuerError} `store_contended` and `state_malformed`, and what the store throws. None of these is an accepted
 * code.
 *
 * ```js
 * const recovery = new RecoveryCodes({ store });
 * const codes = await recovery.renew("u1"); // shown once
 * const { accepted, left } = await recovery.use("u1", typed);
 * ```
 */
export class RecoveryCodes {
  readonly #store: AtomicStore;

  /** Of several uses of one code at once exactly one is accepted, as the store promises. */
  constructor(options: { readonly store: AtomicStore }) {
    const { store } = given.members("new RecoveryCodes: options", options, ["store"]);
    this.#store = given.atomicStore("new RecoveryCodes: store", store);
  }

  /** Ten new codes in the place of those before, which are refused from here on. */
  async renew(account: string): Promise<readonly string[]> {
    const name = nameOf("renew", account);
    const { codes, hashes } = newRecoveryCodes();
    return await settle(this.#store, name, () => ({ result: codes, write: { state: hashes, until: FOREVER } }));
  }

  /** Uses a code. */
  async use(account: string, code: string): Promise<RecoveryUsed> {
    const name = nameOf("use", account);
    given.text("RecoveryCodes.use: code", code);
    return await settle<RecoveryUsed>(this.#store, name, (state) => {
      const hashes = hashesOf(state);
      const left = spendRecoveryCode(code, hashes);
      if (left === null) return { result: { accepted: false, left: hashes.length } };
      return { result: { accepted: true, left: left.length }, write: { state: left, until: FOREVER } };
    });
  }

  /** How many codes an account has left. */
  async left(account: string): Promise<number> {
    return hashesOf(stateOf(await this.#store.read(nameOf("left", account)))).length;
  }

  /** Forgets an account's codes: none is accepted. */
  async remove(account: string): Promise<void> {
    await this.#store.remove(nameOf("remove", account));
  }
}

function nameOf(method: string, account: unknown): string {
  return storeName("recovery", given.text(`RecoveryCodes.${method}: account`, account));
}

function areHashes(hashes: unknown): hashes is readonly string[] {
  return Array.isArray(hashes) && hashes.every((hash) => typeof hash === "string");
}

/** None where nothing is kept. */
function hashesOf(state: unknown): readonly string[] {
  const hashes = state ?? [];
  if (areHashes(hashes)) return hashes;
  throw new IssuerError({ code: "state_malformed", message: "what the store holds was not written by this library" });
}
