import * as given from "../arguments.js";
import { ask } from "./engine.js";

/** What a new hash costs: argon2id's parameters. Less than OWASP advises is refused. */
export interface PasswordCost {
  /** KiB of memory: 7,168 at least, by default 19,456 (19 MiB). */
  readonly memoryKib?: number;
  /** How often the memory is gone through; with it 35,840 KiB at least. By default 2. */
  readonly passes?: number;
  /** Lanes. More of them are no quicker here. By default 1. */
  readonly lanes?: number;
}

/**
 * What a stored hash may cost. It is read from a store, so it could be made to take all memory and time.
 *
 * The defaults fit an isolate of Cloudflare's with its 128 MB. scrypt's advised 2^17/8/1 does not: for hashes of it raise
 * `memoryKib` to 131,072, where there is that much.
 */
export interface PasswordLimits {
  /** KiB of memory: argon2id's `m`; for scrypt N·r·p/8. By default 65,536 (64 MiB), at most 4,194,304. */
  readonly memoryKib?: number;
  /** argon2id's memory times its passes, in KiB. By default 262,144 (256 MiB). */
  readonly workKib?: number;
  /** argon2id's `p`. By default 4, at most 255. */
  readonly lanes?: number;
  /** bcrypt's cost. By default 14, at most 31. */
  readonly bcryptCost?: number;
  /** PBKDF2's iterations, times the parts of a hash that is longer than its hash function's. By default 2,000,000. */
  readonly pbkdf2Iterations?: number;
}

/** A secret that goes into hashes and is not kept beside them. */
export interface Pepper {
  /** 1 to 8 letters, digits, `-` and `_`, which stand in each hash, as `keyid`. */
  readonly id: string;
  /** 16 to 64 random bytes. */
  readonly secret: Uint8Array;
}

/** How passwords are hashed and verified. */
export interface PasswordOptions {
  readonly cost?: PasswordCost;
  readonly limits?: PasswordLimits;
  /** Goes into every new hash. */
  readonly pepper?: Pepper;
  /** In stored hashes alone: 16 at most. */
  readonly oldPeppers?: readonly Pepper[];
}

/** The options as they cross. */
export interface PasswordSettings extends PasswordCost {
  readonly limits: PasswordLimits;
  readonly pepper: Pepper | undefined;
  readonly oldPeppers: readonly Pepper[];
}

const COST: readonly (keyof PasswordCost)[] = ["memoryKib", "passes", "lanes"];
const LIMITS: readonly (keyof PasswordLimits)[] = ["memoryKib", "workKib", "lanes", "bcryptCost", "pbkdf2Iterations"];
/** The core counts in 32 bits. */
const MAX_NUMBER = 2 ** 32 - 1;
/** The longest password in bytes, and so in characters. */
const MAX_PASSWORD = 1024;
/** A character of NFC is one of four before it at most. */
const MOST_COMPOSED = 4;

/**
 * Hashes passwords with argon2id, and verifies them against that, bcrypt (`$2a$`, `$2b$`, `$2y$`), scrypt
 * (`$scrypt$ln=…,r=…,p=…$…`) and PBKDF2 (`$pbkdf2-sha256$i=…$…`, passlib's and Django's), read strictly.
 *
 * A password is normalised to NFC (NIST SP 800-63B-4 §3.1.1.2), and has 1 to 1,024 bytes of UTF-8, all of which count; half
 * a surrogate pair counts as U+FFFD. What is not in NFC is verified as it was typed too, because others have hashed it so.
 * `hash` and `verify` compute here and now: about 60 ms at the default cost, in which nothing
 * else runs in the thread. The memory that a hash has wanted stays taken for the next.
 *
 * @example
 * ```ts
 * const passwords = new Passwords();
 * await db.insert({ name, hash: passwords.hash(password) });
 * // Later. Nobody has that name? It takes as long.
 * const user = await db.find(name);
 * if (!passwords.verify(password, user?.hash)) throw new Error("Invalid credentials");
 * // Only where it is still the same: the password may have been changed meanwhile.
 * if (passwords.needsRehash(user.hash)) await db.replaceHash({ name, before: user.hash, after: passwords.hash(password) });
 * ```
 */
export class Passwords {
  readonly #settings: PasswordSettings;

  /**
   * @throws {@link IssuerError} `cost_out_of_range`, `limit_out_of_range`, `pepper_malformed`, `pepper_repeated`,
   * `too_many_peppers`.
   */
  constructor(options: PasswordOptions = {}) {
    const { cost = {}, limits = {}, pepper, oldPeppers = [], ...others } = given.object("new Passwords: options", options);
    for (const name of Object.keys(others)) throw new TypeError(`new Passwords: there is no option ${name}`);
    if (!Array.isArray(oldPeppers)) throw new TypeError("new Passwords: oldPeppers must be a list");
    this.#settings = {
      ...numbers("new Passwords: cost", cost, COST),
      limits: numbers("new Passwords: limits", limits, LIMITS),
      pepper: pepper === undefined ? undefined : pepperOf("new Passwords: pepper", pepper),
      oldPeppers: oldPeppers.map((old: unknown, place) => pepperOf(`new Passwords: oldPeppers[${place}]`, old)),
    };
    ask((core) => core.check_password_settings(this.#settings));
  }

  /**
   * The text to keep of a password: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`, under 256 characters of ASCII.
   *
   * @throws {@link IssuerError} `password_empty`, `password_too_long`, `memory_unavailable`, `random_unavailable`.
   */
  hash(password: string): string {
    const text = normalised(cut(given.text("hash: password", password)));
    return ask((core) => core.hash_password(this.#settings, text));
  }

  /**
   * Whether this is the password of a stored hash; `null` or `undefined` where nobody is stored, which takes as long as a
   * wrong password. (A hash of another scheme or cost takes its own time, until it has been made anew.)
   *
   * An empty password is never right, nor one that is too long for {@link hash}; nor, against bcrypt, one with a NUL or of
   * more than 72 bytes, which bcrypt would cut.
   *
   * @throws {@link IssuerError} of a stored text, after the work: `hash_malformed`, `hash_unsupported`, `cost_too_high`,
   * `pepper_unknown`, `memory_unavailable`. These are the operator's to mend: answer them like a wrong password.
   */
  verify(password: string, hash: string | null | undefined): boolean {
    const typed = cut(given.text("verify: password", password));
    const text = normalised(typed);
    const stored = hash === null || hash === undefined ? undefined : given.text("verify: hash", hash);
    const isRight = (text: string) => ask((core) => core.verify_password(this.#settings, text, stored));
    return isRight(text) || (text !== typed && isRight(typed));
  }

  /**
   * Whether a stored hash is of another scheme, cost, length or pepper than {@link hash} makes. Where the password was right,
   * hash it again and keep that.
   *
   * @throws {@link IssuerError} `hash_malformed`, `hash_unsupported`, `cost_too_high`, `pepper_unknown`.
   */
  needsRehash(hash: string): boolean {
    const stored = given.text("needsRehash: hash", hash);
    return ask((core) => core.password_needs_rehash(this.#settings, stored));
  }
}

/**
 * What is too long for the core in any case is cut, but not to a length that it takes: to normalise a long text can take
 * the square of its length, and memory that the core has taken it keeps.
 */
function cut(password: string): string {
  return password.slice(0, MOST_COMPOSED * MAX_PASSWORD + 1);
}

function normalised(password: string): string {
  return password.normalize("NFC").slice(0, MAX_PASSWORD + 1);
}

function pepperOf(what: string, value: unknown): Pepper {
  const { id, secret } = given.members(what, value as Pepper, ["id", "secret"]);
  given.text(`${what}.id`, id);
  if (!(secret instanceof Uint8Array)) throw new TypeError(`${what}.secret must be a Uint8Array`);
  // A Buffer's own slice is no copy.
  return { id, secret: new Uint8Array(secret) };
}

/** The numbers of an object that has no others: a name that is mistyped must not leave a cost as it was. */
function numbers<Numbers extends object>(what: string, value: Numbers, names: readonly string[]): Numbers {
  const numbers: [string, unknown][] = Object.entries(given.object(what, value)).filter(([, number]) => number !== undefined);
  for (const [name, number] of numbers) {
    if (!names.includes(name)) throw new TypeError(`${what} has no ${name}`);
    if (!Number.isInteger(number) || (number as number) < 0 || (number as number) > MAX_NUMBER) throw new TypeError(`${what}.${name} must be a whole number`);
  }
  return Object.fromEntries(numbers) as Numbers;
}
