import { constants, createPublicKey, verify, type JsonWebKeyInput, type KeyObject } from "node:crypto";
import { algorithmOf, ImportedKeys, type SignatureAlgorithm, type SignatureQuestion, type SignatureVerifier } from "../host.js";

/** Whether {@link Verifier.verify} answers at once. */
export const synchronous: boolean = true;

const curves = { "P-256": "prime256v1", "P-384": "secp384r1", "P-521": "secp521r1" } as const;

/** Verifies with Node's own cryptography, at once. */
export class Verifier implements SignatureVerifier {
  readonly #keys = new ImportedKeys<KeyObject>();

  verify(question: SignatureQuestion): boolean {
    const row = algorithmOf(question.algorithm);
    const key = this.#keys.get(question, "") ?? this.#imported(question);
    if (key === undefined || !isKeyOf(row, key)) return false;
    const digest = row.scheme === "ed25519" ? null : `sha${row.hash}`;
    return verify(digest, question.input, { key, ...verification(row) }, question.signature);
  }

  #imported(question: SignatureQuestion): KeyObject | undefined {
    const key = importKey(question.jwk());
    if (key !== undefined) this.#keys.set(question, "", key);
    return key;
  }
}

function importKey(jwk: string): KeyObject | undefined {
  try {
    return createPublicKey({ key: JSON.parse(jwk) as JsonWebKeyInput["key"], format: "jwk" });
  } catch {
    return undefined;
  }
}

function isKeyOf(row: SignatureAlgorithm, key: KeyObject): boolean {
  if (row.scheme === "ed25519") return key.asymmetricKeyType === "ed25519";
  if (row.scheme !== "ecdsa") return key.asymmetricKeyType === "rsa";
  return key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === curves[row.curve];
}

function verification(row: SignatureAlgorithm): { readonly dsaEncoding?: "ieee-p1363"; readonly padding?: number; readonly saltLength?: number } {
  if (row.scheme === "ed25519") return {};
  if (row.scheme === "ecdsa") return { dsaEncoding: "ieee-p1363" };
  if (row.scheme === "pkcs1") return { padding: constants.RSA_PKCS1_PADDING };
  // The salt is as long as the digest (RFC 7518 §3.5).
  return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: row.hash / 8 };
}
