import { algorithmOf, ImportedKeys, type SignatureAlgorithm, type SignatureQuestion, type SignatureVerifier } from "../host.js";

/** Whether {@link Verifier.verify} answers at once. */
export const synchronous: boolean = false;

/** A key with what the platform is told of its algorithm. A CryptoKey is bound to one. */
interface Imported {
  readonly key: CryptoKey;
  readonly verification: AlgorithmIdentifier | EcdsaParams | RsaPssParams;
}

/** Verifies with the Web Cryptography API. */
export class Verifier implements SignatureVerifier {
  // Keys, not promises of keys: some edge runtimes let no request wait for what another one began.
  readonly #keys = new ImportedKeys<Imported>();

  /** The platform's own promise, which it gives when it has a copy of the bytes (Web Cryptography API, the verify method). */
  verify(question: SignatureQuestion): Promise<boolean> {
    const row = algorithmOf(question.algorithm);
    const known = this.#keys.get(question, row.number);
    if (known === undefined) return this.#first(question, row);
    return crypto.subtle.verify(known.verification, known.key, question.signature, question.input);
  }

  /** With a key that is not imported yet. */
  async #first(question: SignatureQuestion, row: SignatureAlgorithm): Promise<boolean> {
    const [signature, input] = [question.signature.slice(), question.input.slice()];
    const key = await importKey(JSON.parse(question.jwk()) as JsonWebKey, row);
    if (key === undefined) return false;
    const imported = { key, verification: verification(row) };
    this.#keys.set(question, row.number, imported);
    return crypto.subtle.verify(imported.verification, key, signature, input);
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
