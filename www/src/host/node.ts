import type * as Crypto from "node:crypto";
import { createRequire } from "node:module";
import { algorithmOf, ImportedKeys, type SignatureAlgorithm, type SignatureQuestion, type SignatureVerifier } from "../host.js";

/** Whether {@link Verifier.verify} answers at once. */
export const synchronous: boolean = true;

/** A KeyObject is bound to no algorithm. */
const ANY = 0;

const curves = { "P-256": "prime256v1", "P-384": "secp384r1", "P-521": "secp521r1" } as const;

let loaded: typeof Crypto | undefined;

/** Node's own cryptography. It takes Node milliseconds to load, and guards that know secrets alone never want it. */
function crypto(): typeof Crypto {
  loaded ??= (builtin("node:crypto") ?? createRequire(process.execPath)("node:crypto")) as typeof Crypto;
  return loaded;
}

/** From Node 20.16 and 22.3 on. */
function builtin(name: string): unknown {
  return (process as { readonly getBuiltinModule?: (name: string) => unknown }).getBuiltinModule?.(name);
}

/** A key with what Node is told of it for one algorithm. */
interface Prepared {
  readonly key: Crypto.KeyObject;
  readonly algorithm: string;
  readonly digest: string | null;
  /** `undefined` where it is no key of the algorithm. */
  readonly input: Crypto.VerifyKeyObjectInput | undefined;
}

/** Verifies with Node's own cryptography, at once. */
export class Verifier implements SignatureVerifier {
  readonly #keys = new ImportedKeys<Prepared>();

  verify(question: SignatureQuestion): boolean {
    const { digest, input } = this.#prepared(question) ?? {};
    return input !== undefined && crypto().verify(digest, question.input, input, question.signature);
  }

  #prepared(question: SignatureQuestion): Prepared | undefined {
    const known = this.#keys.get(question, ANY);
    if (known?.algorithm === question.algorithm) return known;
    const row = algorithmOf(question.algorithm);
    const key = known?.key ?? importKey(question.jwk());
    if (key === undefined) return undefined;
    const digest = row.scheme === "ed25519" ? null : `sha${row.hash}`;
    const input = isKeyOf(row, key) ? { key, ...verification(row) } : undefined;
    const prepared = { key, algorithm: question.algorithm, digest, input };
    this.#keys.set(question, ANY, prepared);
    return prepared;
  }
}

function importKey(jwk: string): Crypto.KeyObject | undefined {
  try {
    return crypto().createPublicKey({ key: JSON.parse(jwk) as Crypto.JsonWebKeyInput["key"], format: "jwk" });
  } catch {
    return undefined;
  }
}

function isKeyOf(row: SignatureAlgorithm, key: Crypto.KeyObject): boolean {
  if (row.scheme === "ed25519") return key.asymmetricKeyType === "ed25519";
  if (row.scheme !== "ecdsa") return key.asymmetricKeyType === "rsa";
  return key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === curves[row.curve];
}

function verification(row: SignatureAlgorithm): { readonly dsaEncoding?: "ieee-p1363"; readonly padding?: number; readonly saltLength?: number } {
  if (row.scheme === "ed25519") return {};
  if (row.scheme === "ecdsa") return { dsaEncoding: "ieee-p1363" };
  if (row.scheme === "pkcs1") return { padding: crypto().constants.RSA_PKCS1_PADDING };
  // The salt is as long as the digest (RFC 7518 §3.5).
  return { padding: crypto().constants.RSA_PKCS1_PSS_PADDING, saltLength: row.hash / 8 };
}
