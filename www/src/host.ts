import { Generations } from "./handles.js";

/**
 * What the core leaves to the host's cryptography: signatures that pure Rust in wasm verifies 10 to 25
 * times slower than the platform does, and Ed25519 for its bytes in guard.wasm. `#host` is `host/node.ts` where Node's own is at hand, else
 * `host/webcrypto.ts`.
 */
export interface SignatureVerifier {
  /**
   * Whether the signature is valid; a promise where {@link synchronous} is false. A key that is no key of
   * that algorithm verifies nothing. Throws, or rejects, where the platform lacks the algorithm.
   */
  verify(question: SignatureQuestion): boolean | Promise<boolean>;
}

export interface SignatureQuestion {
  /** The number of a key that the guard trusts, one guard's: so one verifier is for one guard. 0: the request brought the key. */
  readonly key: number;
  /** The public key (RFC 7517) as JSON text: `kty` with `n` and `e`, or `crv`, `x` and, but for Ed25519, `y`. Asked for where the number is 0 or new, and before anything is waited for. */
  jwk(): string;
  readonly algorithm: string;
  /** Like the signature a view of memory that may move: whoever waits copies it first. */
  readonly input: Uint8Array<ArrayBuffer>;
  /** As JWS has it (RFC 7518 §3.4): for ECDSA the two numbers, not DER. */
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** RFC 7518 §3.1 and RFC 8037 §3.1: what stands behind each name. `hash` is the digest's length in bits. */
export type SignatureAlgorithm = { /** Tells it from the others. */ readonly number: number } & (
  | { readonly scheme: "ecdsa"; readonly hash: 256 | 384 | 512; readonly curve: "P-256" | "P-384" | "P-521" }
  | { readonly scheme: "pkcs1" | "pss"; readonly hash: 256 | 384 | 512 }
  | { readonly scheme: "ed25519" }
);

const algorithms: ReadonlyMap<string, SignatureAlgorithm> = new Map<string, SignatureAlgorithm>([
  ["ES256", { number: 0, scheme: "ecdsa", hash: 256, curve: "P-256" }],
  ["ES384", { number: 1, scheme: "ecdsa", hash: 384, curve: "P-384" }],
  ["ES512", { number: 2, scheme: "ecdsa", hash: 512, curve: "P-521" }],
  ["RS256", { number: 3, scheme: "pkcs1", hash: 256 }],
  ["RS384", { number: 4, scheme: "pkcs1", hash: 384 }],
  ["RS512", { number: 5, scheme: "pkcs1", hash: 512 }],
  ["PS256", { number: 6, scheme: "pss", hash: 256 }],
  ["PS384", { number: 7, scheme: "pss", hash: 384 }],
  ["PS512", { number: 8, scheme: "pss", hash: 512 }],
  ["EdDSA", { number: 9, scheme: "ed25519" }],
]);
/** How many there are. */
const ALGORITHMS = 10;

/** The row of that name. Throws where there is none. */
export function algorithmOf(name: string): SignatureAlgorithm {
  const algorithm = algorithms.get(name);
  if (algorithm === undefined) throw new Error(`no algorithm of the host: ${name}`);
  return algorithm;
}

const TRUSTED_KEPT = 256;
const BROUGHT_KEPT = 256;

/**
 * Imported keys, of each kind a bounded number: those that the guard trusts, by their numbers, and those that requests
 * bring, by their text, so that nobody who brings keys pushes out the others.
 */
export class ImportedKeys<Key> {
  // At most twice as many as these.
  readonly #trusted = new Generations<string | number, Key>(TRUSTED_KEPT);
  readonly #brought = new Generations<string | number, Key>(BROUGHT_KEPT);

  /** `algorithm`: the number of the one that an imported key is bound to; the same in all calls where it is bound to none. */
  get(question: SignatureQuestion, algorithm: number): Key | undefined {
    return this.#kind(question).get(name(question, algorithm));
  }

  set(question: SignatureQuestion, algorithm: number, key: Key): void {
    this.#kind(question).set(name(question, algorithm), key);
  }

  #kind({ key }: SignatureQuestion): Generations<string | number, Key> {
    return key === BROUGHT ? this.#brought : this.#trusted;
  }
}

const BROUGHT = 0;

function name(question: SignatureQuestion, algorithm: number): string | number {
  return question.key === BROUGHT ? `${algorithm} ${question.jwk()}` : question.key * ALGORITHMS + algorithm;
}
