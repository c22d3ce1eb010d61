// ES*, RS* and EdDSA by WebCrypto, which is there ten to fifty times as fast as the same in WebAssembly.

import { ask } from "./engine.js";
import { IssuerError } from "./error.js";
import type { ReadKey, SigningAlgorithm } from "./keys.js";

/** The token of `header.payload`. */
export type Sign = (input: string) => Promise<string>;

interface Facts {
  /** To import a key, and with `modulusLength` to make one. */
  readonly key: { readonly name: string; readonly namedCurve?: string; readonly hash?: string };
  /** To sign. ECDSA gives R and S side by side, as JWS wants it (RFC 7518 §3.4). */
  readonly sign: { readonly name: string; readonly hash?: string };
}

const ecdsa = (namedCurve: string, hash: string): Facts => ({ key: { name: "ECDSA", namedCurve }, sign: { name: "ECDSA", hash } });
const rsa = (hash: string): Facts => ({ key: { name: "RSASSA-PKCS1-v1_5", hash }, sign: { name: "RSASSA-PKCS1-v1_5" } });

const FACTS: Readonly<Partial<Record<SigningAlgorithm, Facts>>> = {
  ES256: ecdsa("P-256", "SHA-256"),
  ES384: ecdsa("P-384", "SHA-384"),
  ES512: ecdsa("P-521", "SHA-512"),
  RS256: rsa("SHA-256"),
  RS384: rsa("SHA-384"),
  RS512: rsa("SHA-512"),
  EdDSA: { key: { name: "Ed25519" }, sign: { name: "Ed25519" } },
};

/** What each key signs once, so that one whose private members belong to another public key is found before anybody has its tokens. */
const PROBE = new TextEncoder().encode("portcullis");

/** Members that say what a key is. Platforms differ in what they take of `alg`, `use` and `key_ops`. */
const PUBLIC = ["kty", "crv", "x", "y", "n", "e"];
const PRIVATE = [...PUBLIC, "d", "p", "q", "dp", "dq", "qi"];

/** How a key signs that the core has read. */
export async function signerOf(read: ReadKey): Promise<Sign> {
  const facts = factsOf(read.algorithm);
  const key = await importing(() => importKey(facts, read.privateJwk, PRIVATE, "sign"));
  const isItsOwn = await importing(async () => {
    const signature = await crypto.subtle.sign(facts.sign, key, PROBE);
    return crypto.subtle.verify(facts.sign, await importKey(facts, read.privateJwk, PUBLIC, "verify"), signature, PROBE);
  });
  if (!isItsOwn) throw mismatch();
  return async (input) => {
    const signature = await crypto.subtle.sign(facts.sign, key, new TextEncoder().encode(input));
    return ask((core) => core.join_token(read.algorithm, input, new Uint8Array(signature)));
  };
}

/** A new private key as the text of its JWK. */
export async function generate(algorithm: SigningAlgorithm): Promise<string> {
  const { key } = factsOf(algorithm);
  const wanted = key.name === "RSASSA-PKCS1-v1_5" ? { ...key, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) } : key;
  const pair = (await crypto.subtle.generateKey(wanted, true, ["sign", "verify"])) as CryptoKeyPair;
  const jwk = await crypto.subtle.exportKey("jwk", pair.privateKey);
  return JSON.stringify({ ...membersOf(jwk, PRIVATE), alg: algorithm });
}

function factsOf(algorithm: SigningAlgorithm): Facts {
  const facts = FACTS[algorithm];
  if (facts === undefined) throw new IssuerError({ code: "key_algorithm", message: "alg is no algorithm that is signed with here" });
  return facts;
}

async function importKey(facts: Facts, jwk: string, members: readonly string[], usage: "sign" | "verify"): Promise<CryptoKey> {
  return crypto.subtle.importKey("jwk", membersOf(JSON.parse(jwk) as JsonWebKey, members), facts.key, false, [usage]);
}

function membersOf(jwk: JsonWebKey, members: readonly string[]): JsonWebKey {
  return Object.fromEntries(Object.entries(jwk).filter(([name]) => members.includes(name))) as JsonWebKey;
}

/** A platform's own error could hold a part of the key. */
async function importing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotSupportedError") {
      throw new IssuerError({ code: "key_algorithm", message: "this platform does not sign with that algorithm" });
    }
    throw mismatch();
  }
}

function mismatch(): IssuerError {
  return new IssuerError({ code: "key_mismatch", message: "the private members do not belong to the public ones" });
}
