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
  /** The public key (RFC 7517) as JSON text: `kty` with `n` and `e`, or `crv`, `x` and, but for Ed25519, `y`. Asked for where the number is 0 or new. */
  readonly jwk: () => string;
  readonly algorithm: string;
  readonly input: Uint8Array<ArrayBuffer>;
  /** As JWS has it (RFC 7518 §3.4): for ECDSA the two numbers, not DER. */
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** RFC 7518 §3.1 and RFC 8037 §3.1: what stands behind each name. `hash` is the digest's length in bits. */
export type SignatureAlgorithm =
  | { readonly scheme: "ecdsa"; readonly hash: 256 | 384 | 512; readonly curve: "P-256" | "P-384" | "P-521" }
  | { readonly scheme: "pkcs1" | "pss"; readonly hash: 256 | 384 | 512 }
  | { readonly scheme: "ed25519" };

const algorithms: ReadonlyMap<string, SignatureAlgorithm> = new Map<string, SignatureAlgorithm>([
  ["ES256", { scheme: "ecdsa", hash: 256, curve: "P-256" }],
  ["ES384", { scheme: "ecdsa", hash: 384, curve: "P-384" }],
  ["ES512", { scheme: "ecdsa", hash: 512, curve: "P-521" }],
  ["RS256", { scheme: "pkcs1", hash: 256 }],
  ["RS384", { scheme: "pkcs1", hash: 384 }],
  ["RS512", { scheme: "pkcs1", hash: 512 }],
  ["PS256", { scheme: "pss", hash: 256 }],
  ["PS384", { scheme: "pss", hash: 384 }],
  ["PS512", { scheme: "pss", hash: 512 }],
  ["EdDSA", { scheme: "ed25519" }],
]);

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

  /** `purpose`: what an imported key is bound to, where that is more than itself. */
  get(question: SignatureQuestion, purpose: string): Key | undefined {
    return this.#kind(question).get(name(question, purpose));
  }

  set(question: SignatureQuestion, purpose: string, key: Key): void {
    this.#kind(question).set(name(question, purpose), key);
  }

  #kind({ key }: SignatureQuestion): Generations<string | number, Key> {
    return key === BROUGHT ? this.#brought : this.#trusted;
  }
}

const BROUGHT = 0;

function name({ key, jwk }: SignatureQuestion, purpose: string): string | number {
  if (key === BROUGHT) return `${purpose} ${jwk()}`;
  return purpose === "" ? key : `${purpose} ${key}`;
}
