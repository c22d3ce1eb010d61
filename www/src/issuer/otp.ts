import * as given from "../arguments.js";
import { FOREVER, pastMoment } from "../moment.js";
import type { AtomicStore } from "../stores/store.js";
import { settle } from "./contention.js";
import { ask } from "./engine.js";
import { storeName } from "./store-names.js";

/** The hash under the HMAC, as the URI names it. Many apps know `SHA1` alone; what is broken of SHA-1 HMAC does not rest on. */
export type OtpAlgorithm = "SHA1" | "SHA256" | "SHA512";

/** How codes are. What the app was told in the URI must stay. */
export interface OtpOptions {
  /** `SHA1` where absent. */
  readonly algorithm?: OtpAlgorithm;
  /** Digits of a code, 6 to 8; 6 where absent. */
  readonly digits?: number;
}

/** How codes by the time are. */
export interface TotpOptions extends OtpOptions {
  /** Seconds of a time step, 15 to 120; 30 where absent. */
  readonly period?: number;
  /** How many steps on each side of the present one are tried, 0 to 10; 1 where absent. Each makes a guess likelier to be right. */
  readonly window?: number;
}

/** How codes by a counter are. */
export interface HotpOptions extends OtpOptions {
  /** How many counters beyond the next are tried, 0 to 100; 10 where absent. Each makes a guess likelier to be right. */
  readonly lookAhead?: number;
}

/** What the app shows beside the code. */
export interface OtpLabel {
  /** Who asks for the code: 1 to 128 bytes of UTF-8 without colons and control characters. */
  readonly issuer: string;
  /** Whose code it is, by the same rule. */
  readonly account: string;
  /** The secret, in base32. */
  readonly secret: string;
}

/** A code that somebody typed. */
export interface OtpUse {
  /** Whose authenticator it is: the account, or where one may have several the account and which. */
  readonly account: string;
  /** Its secret, in base32: of either case, with spaces, hyphens and padding or without; 16 to 128 bytes. */
  readonly secret: string;
  /** What was typed: digits, with spaces anywhere. */
  readonly code: string;
}

/** Where used codes are kept, and what time it is. */
export interface OtpPlace {
  /** Of several uses of one code at once exactly one is accepted, as this store promises. */
  readonly store: AtomicStore;
  /** Seconds since 1970; `Date.now() / 1000` where absent. */
  readonly clock?: () => number;
}

/** What became of a code by the time. */
export type TotpUsed =
  | { readonly accepted: true; /** The time step whose code it was. */ readonly step: number }
  | { readonly accepted: false; /** `used`: right, but it or a later one was accepted already. */ readonly reason: "wrong" | "used" };

/** What became of a code by a counter. */
export type HotpUsed =
  | { readonly accepted: true; /** The counter that comes next. */ readonly counter: number }
  | { readonly accepted: false; /** `unknown`: nobody has begun this account's counter. */ readonly reason: "wrong" | "unknown" };

const TOTP: readonly (keyof TotpOptions)[] = ["algorithm", "digits", "period", "window"];
const HOTP: readonly (keyof HotpOptions)[] = ["algorithm", "digits", "lookAhead"];

/** Settings as the core has them. */
interface Settings {
  readonly algorithm: string;
  readonly digits: number;
  readonly period?: number;
  readonly window?: number;
  readonly lookAhead?: number;
}

/**
 * A new secret in base32, as long as the hash: 20, 32 or 64 bytes. It must be readable to check codes, so keep it encrypted
 * where you can.
 */
export function newOtpSecret(algorithm: OtpAlgorithm = "SHA1"): string {
  const name = algorithmOf("newOtpSecret", algorithm);
  return ask((core) => core.new_otp_secret(name));
}

/**
 * The `otpauth://` URI by which an app takes a secret up, as a QR code for the most part. It is as secret as the secret.
 * Some apps know only SHA1, 6 digits and 30 seconds, and pass over what the URI says.
 *
 * @throws {@link IssuerError} `otp_label`, `otp_secret_malformed`, `otp_secret_too_short`, `otp_secret_too_long`, `otp_digits`,
 * `otp_period`, `otp_window`.
 */
export function totpUri(label: OtpLabel, options: TotpOptions = {}): string {
  const { issuer, account, secret } = labelOf("totpUri", label);
  const settings = totpSettings("totpUri", options);
  return ask((core) => core.totp_uri(settings, secret, issuer, account));
}

/**
 * The same for codes by a counter, of which the app's next is `counter`.
 *
 * @throws {@link IssuerError} as {@link totpUri}, `otp_counter`, `otp_look_ahead`.
 */
export function hotpUri(label: OtpLabel, counter = 0, options: HotpOptions = {}): string {
  const { issuer, account, secret } = labelOf("hotpUri", label);
  const settings = hotpSettings("hotpUri", options);
  const next = given.whole("hotpUri: counter", counter);
  return ask((core) => core.hotp_uri(settings, secret, issuer, account, next));
}

/** The code of a moment, in seconds since 1970: what an app shows. RFC 6238. Throws as {@link totpUri}. */
export function totpCode(secret: string, now: number, options: TotpOptions = {}): string {
  given.text("totpCode: secret", secret);
  const settings = totpSettings("totpCode", options);
  const at = pastMoment("totpCode: now", now);
  return ask((core) => core.totp_code(settings, secret, at));
}

/** The code of a counter. RFC 4226. Throws as {@link hotpUri}. */
export function hotpCode(secret: string, counter: number, options: HotpOptions = {}): string {
  given.text("hotpCode: secret", secret);
  const settings = hotpSettings("hotpCode", options);
  const at = given.whole("hotpCode: counter", counter);
  return ask((core) => core.hotp_code(settings, secret, at));
}

/**
 * Codes by the time (RFC 6238), each accepted once. Let {@link Attempts} count before a code is looked at: six digits are soon
 * guessed.
 *
 * ```js
 * const codes = new TotpCodes({ store });
 * const { accepted } = await codes.use({ account: "u1", secret, code: "123 456" });
 * ```
 *
 * @throws {@link IssuerError} `otp_digits`, `otp_period`, `otp_window`.
 */
export class TotpCodes {
  readonly #store: AtomicStore;
  readonly #clock: () => number;
  readonly #settings: Settings;

  constructor(options: OtpPlace & TotpOptions) {
    const { store, clock = now, ...codes } = given.members("new TotpCodes: options", options, ["store", "clock", ...TOTP]);
    this.#store = given.atomicStore("new TotpCodes: store", store);
    this.#clock = given.aFunction("new TotpCodes: clock", clock);
    const settings = totpSettings("new TotpCodes", codes);
    this.#settings = settings;
    ask((core) => core.check_totp(settings));
  }

  /**
   * Looks at a code. The step of an accepted one is kept, and it and all before it are refused from then on. What is kept
   * ends a day after the step.
   *
   * @throws {@link IssuerError} `otp_secret_malformed`, `otp_secret_too_short`, `otp_secret_too_long`, `store_contended`,
   * `state_malformed`; what the store throws. None of these is an accepted code.
   */
  async use(use: OtpUse): Promise<TotpUsed> {
    const { account, secret, code } = useOf("TotpCodes.use", use);
    const at = pastMoment("TotpCodes: clock", this.#clock());
    return await settle<TotpUsed>(this.#store, storeName("totp", account), (state) => {
      const used = ask((core) => core.use_totp(this.#settings, secret, code, at, state));
      if (!used.accepted) return { result: { accepted: false, reason: used.reason } };
      return { result: { accepted: true, step: used.state }, write: { state: used.state, until: used.until } };
    });
  }
}

/**
 * Codes by a counter (RFC 4226), each accepted once. The counter is kept in the store, and without it no code is accepted: a
 * store that lost it would accept old codes else.
 *
 * @throws {@link IssuerError} `otp_digits`, `otp_look_ahead`.
 */
export class HotpCodes {
  readonly #store: AtomicStore;
  readonly #settings: Settings;

  constructor(options: Omit<OtpPlace, "clock"> & HotpOptions) {
    const { store, ...codes } = given.members("new HotpCodes: options", options, ["store", ...HOTP]);
    this.#store = given.atomicStore("new HotpCodes: store", store);
    const settings = hotpSettings("new HotpCodes", codes);
    this.#settings = settings;
    ask((core) => core.check_hotp(settings));
  }

  /** The counter that a new secret begins with, in place of what was before. With the secret of before, old codes are right again. */
  async begin(account: string, counter = 0): Promise<void> {
    given.text("HotpCodes.begin: account", account);
    const state = given.whole("HotpCodes.begin: counter", counter);
    await settle(this.#store, storeName("hotp", account), () => ({ result: undefined, write: { state, until: FOREVER } }));
  }

  /**
   * Looks at a code. The counter behind that of an accepted one is kept.
   *
   * @throws {@link IssuerError} as {@link TotpCodes.use}, `otp_counter`.
   */
  async use(use: OtpUse): Promise<HotpUsed> {
    const { account, secret, code } = useOf("HotpCodes.use", use);
    return await settle<HotpUsed>(this.#store, storeName("hotp", account), (state) => {
      const used = ask((core) => core.use_hotp(this.#settings, secret, code, state));
      if (!used.accepted) return { result: { accepted: false, reason: used.reason } };
      return { result: { accepted: true, counter: used.state }, write: { state: used.state, until: FOREVER } };
    });
  }

  /** Forgets an account's counter: no code is accepted until one is begun. */
  async remove(account: string): Promise<void> {
    given.text("HotpCodes.remove: account", account);
    await this.#store.remove(storeName("hotp", account));
  }
}

function now(): number {
  return Date.now() / 1000;
}

function algorithmOf(method: string, algorithm: unknown): string {
  if (algorithm === "SHA1" || algorithm === "SHA256" || algorithm === "SHA512") return algorithm;
  throw new TypeError(`${method}: algorithm must be SHA1, SHA256 or SHA512`);
}

function totpSettings(method: string, options: TotpOptions): Settings {
  const { algorithm = "SHA1", digits = 6, period = 30, window = 1 } = given.members(`${method}: options`, options, TOTP);
  return {
    algorithm: algorithmOf(method, algorithm),
    digits: given.whole(`${method}: digits`, digits),
    period: given.whole(`${method}: period`, period),
    window: given.whole(`${method}: window`, window),
  };
}

function hotpSettings(method: string, options: HotpOptions): Settings {
  const { algorithm = "SHA1", digits = 6, lookAhead = 10 } = given.members(`${method}: options`, options, HOTP);
  return {
    algorithm: algorithmOf(method, algorithm),
    digits: given.whole(`${method}: digits`, digits),
    lookAhead: given.whole(`${method}: lookAhead`, lookAhead),
  };
}

function labelOf(method: string, label: OtpLabel): OtpLabel {
  const { issuer, account, secret } = given.members(`${method}: label`, label, ["issuer", "account", "secret"]);
  given.texts(`${method}: label`, { issuer, account, secret });
  return { issuer, account, secret };
}

function useOf(method: string, use: OtpUse): OtpUse {
  const { account, secret, code } = given.members(method, use, ["account", "secret", "code"]);
  given.texts(method, { account, secret, code });
  return { account, secret, code };
}
