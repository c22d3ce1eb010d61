import { algorithmOf, ImportedKeys, type SignatureAlgorithm, type SignatureQuestion, type SignatureVerifier } from "../host.js";

/** Whether {@link Verifier.verify} answers at once. */
export const synchronous: boolean = false;

/** Verifies with the Web Cryptography API. */
export class Verifier implements SignatureVerifier {
  // Keys, not promises of keys: some edge runtimes let no request wait for what another one began.
  // A CryptoKey is bound to one algorithm.
  readonly #keys = new ImportedKeys<CryptoKey>();

  async verify(question: SignatureQuestion): Promise<boolean> {
    const row = algorithmOf(question.algorithm);
    const key = this.#keys.get(question, question.algorithm) ?? (await this.#imported(question, row));
    return key !== undefined && crypto.subtle.verify(verification(row), key, question.signature, question.input);
  }

  async #imported(question: SignatureQuestion, row: SignatureAlgorithm): Promise<CryptoKey | undefined> {
    const key = await importKey(JSON.parse(question.jwk()) as JsonWebKey, row);
    if (key !== undefined) this.#keys.set(question, question.algorithm, key);
    return key;
  }
}

async function importKey(jwk: JsonWebKey, row: SignatureAlgorithm): Promise<CryptoKey | undefined> {
  try {
    return await crypto.subtle.importKey("jwk", jwk, importing(row), false, ["verify"]);
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotSupportedError") throw error;
    return undefined;
  }
}

function importing(row: SignatureAlgorithm): Algorithm | EcKeyImportParams | RsaHashedImportParams {
  if (row.scheme === "ed25519") return { name: "Ed25519" };
  if (row.scheme === "ecdsa") return { name: "ECDSA", namedCurve: row.curve };
  return { name: row.scheme === "pss" ? "RSA-PSS" : "RSASSA-PKCS1-v1_5", hash: `SHA-${row.hash}` };
}

function verification(row: SignatureAlgorithm): AlgorithmIdentifier | EcdsaParams | RsaPssParams {
  if (row.scheme === "ed25519") return { name: "Ed25519" };
  if (row.scheme === "ecdsa") return { name: "ECDSA", hash: `SHA-${row.hash}` };
  // The salt is as long as the digest (RFC 7518 §3.5).
  return row.scheme === "pss" ? { name: "RSA-PSS", saltLength: row.hash / 8 } : { name: "RSASSA-PKCS1-v1_5" };
}
