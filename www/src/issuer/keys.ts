import * as given from "../arguments.js";
import { ask } from "./engine.js";
import { IssuerError } from "./error.js";
import { generate, signerOf, type Sign } from "./signer.js";

/** What tokens are signed with here. `EdDSA` is Ed25519. */
export type SigningAlgorithm = "HS256" | "HS384" | "HS512" | "ES256" | "ES384" | "ES512" | "RS256" | "RS384" | "RS512" | "EdDSA";

const ALGORITHMS: readonly string[] = ["HS256", "HS384", "HS512", "ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "EdDSA"];

/** A JWK (RFC 7517 §4): public, or private and then a secret. */
export interface Jwk {
  readonly kty: string;
  readonly alg?: string;
  readonly kid?: string;
  readonly use?: string;
  readonly [member: string]: unknown;
}

/** What a key is that was read: see `read_signing_key` of the core. */
export interface ReadKey {
  readonly algorithm: SigningAlgorithm;
  readonly kid: string | undefined;
  readonly publicJwk: string | undefined;
  readonly privateJwk: string;
  readonly isHostSigned: boolean;
}

/**
 * A key that signs tokens with one algorithm.
 *
 * ```ts
 * const key = await SigningKey.generate("ES256");
 * await secrets.put("signing-key", JSON.stringify(key.privateJwk())); // a secret
 * const again = await SigningKey.read(JSON.parse(await secrets.get("signing-key")));
 * again.publicJwk; // { kty: "EC", crv: "P-256", x, y, alg: "ES256", use: "sig", kid }
 * ```
 *
 * HS256, HS384 and HS512 are signed in the core; ES*, RS* and EdDSA by the platform's WebCrypto.
 */
export class SigningKey {
  readonly algorithm: SigningAlgorithm;
  /** Its name: `kid` of the JWK, else its thumbprint (RFC 7638). A secret has none but its own. */
  readonly kid: string | undefined;
  /** What others need to verify; `undefined` for a secret. */
  readonly publicJwk: Jwk | undefined;
  readonly #private: string;
  readonly #sign: Sign;

  private constructor(read: ReadKey, sign: Sign) {
    this.algorithm = read.algorithm;
    this.kid = read.kid;
    this.publicJwk = read.publicJwk === undefined ? undefined : Object.freeze(JSON.parse(read.publicJwk) as Jwk);
    this.#private = read.privateJwk;
    this.#sign = sign;
  }

  /**
   * A new key. RSA keys have 2048 bits.
   *
   * @throws {@link IssuerError} `key_algorithm`.
   */
  static async generate(algorithm: SigningAlgorithm): Promise<SigningKey> {
    if (!ALGORITHMS.includes(given.text("SigningKey.generate: algorithm", algorithm))) {
      throw new IssuerError({ code: "key_algorithm", message: "alg is no algorithm that is signed with here" });
    }
    const jwk = algorithm.startsWith("HS") ? ask((core) => core.new_secret_key(algorithm)) : await generate(algorithm);
    return SigningKey.#of(jwk);
  }

  /**
   * A key from a private JWK, or its JSON text: RSA from 2048 bits with all its members, EC and Ed25519 with `d`, and secrets
   * of at least the bytes of their hash. `alg` where absent is HS256, RS256 or the curve's.
   *
   * @throws {@link IssuerError} `key_not_json`, `key_malformed`, `key_algorithm`, `key_weak`, `key_mismatch`. None of them
   * holds a part of the key.
   */
  static async read(jwk: Jwk | string): Promise<SigningKey> {
    return SigningKey.#of(typeof jwk === "string" ? jwk : given.jsonText("SigningKey.read: jwk", given.object("SigningKey.read: jwk", jwk)));
  }

  static async #of(jwk: string): Promise<SigningKey> {
    const read = ask((core) => core.read_signing_key(jwk));
    const inCore: Sign = async (input) => ask((core) => core.sign_token(read.privateJwk, input));
    return new SigningKey(read, read.isHostSigned ? await signerOf(read) : inCore);
  }

  /** All of it, to be kept where secrets are. */
  privateJwk(): Jwk {
    return JSON.parse(this.#private) as Jwk;
  }

  /** A token of `header.payload`, which the core has written. */
  async sign(input: string): Promise<string> {
    return this.#sign(given.text("SigningKey.sign: input", input));
  }
}
