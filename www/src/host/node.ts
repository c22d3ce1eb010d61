import { constants, createPublicKey, verify, type KeyObject } from "node:crypto";
import { Generations } from "../handles.js";
import { algorithmOf, KEYS_KEPT, type SignatureAlgorithm, type SignatureQuestion, type SignatureVerifier } from "../host.js";

/** Whether {@link Verifier.verify} answers at once. */
export const synchronous: boolean = true;

const curves = { "P-256": "prime256v1", "P-384": "secp384r1", "P-521": "secp521r1" } as const;

/** Verifies with Node's own cryptography, at once. */
export class Verifier implements SignatureVerifier {
  readonly #keys = new Generations<number, KeyObject>(KEYS_KEPT);

  verify({ key, jwk, algorithm, input, signature }: SignatureQuestion): boolean {
    const row = algorithmOf(algorithm);
    let imported = this.#keys.get(key);
    if (imported === undefined) {
      imported = importKey(jwk());
      if (imported === undefined) return false;
      this.#keys.set(key, imported);
    }
    return isKeyOf(row, imported) && verify(`sha${row.hash}`, input, { key: imported, ...verification(row) }, signature);
  }
}

function importKey(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: { ...jwk }, format: "jwk" });
  } catch {
    return undefined;
  }
}

function isKeyOf(row: SignatureAlgorithm, key: KeyObject): boolean {
  if (row.scheme !== "ecdsa") return key.asymmetricKeyType === "rsa";
  return key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === curves[row.curve];
}

function verification(row: SignatureAlgorithm): { readonly dsaEncoding: "ieee-p1363" } | { readonly padding: number; readonly saltLength?: number } {
  if (row.scheme === "ecdsa") return { dsaEncoding: "ieee-p1363" };
  if (row.scheme === "pkcs1") return { padding: constants.RSA_PKCS1_PADDING };
  // The salt is as long as the digest (RFC 7518 §3.5).
  return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: row.hash / 8 };
}
