// Keys that are made for the run, and the compact JWS (RFC 7515) of those whose private half is here.

import { createHash, generateKeyPair, randomUUID, sign } from "node:crypto";
import { promisify } from "node:util";

const generate = promisify(generateKeyPair);

const kinds = {
  RS256: ["rsa", { modulusLength: 2048 }],
  ES256: ["ec", { namedCurve: "P-256" }],
  EdDSA: ["ed25519"],
  Ed25519: ["ed25519"],
};

/** One private JWK for each algorithm, named by it and the number. */
export function generation(algorithms, number) {
  return Promise.all(
    algorithms.map(async (algorithm) => {
      const { privateKey } = await generate(...kinds[algorithm]);
      return { ...privateKey.export({ format: "jwk" }), alg: algorithm, kid: `${algorithm}-${number}`, use: "sig" };
    }),
  );
}

/** What a client proves the possession of with each request (RFC 9449). */
export class ProofKey {
  static async make(algorithm) {
    const { privateKey, publicKey } = await generate(...kinds[algorithm]);
    return new ProofKey(algorithm, privateKey, publicKey.export({ format: "jwk" }));
  }

  #algorithm;
  #privateKey;
  #jwk;

  constructor(algorithm, privateKey, jwk) {
    this.#algorithm = algorithm;
    this.#privateKey = privateKey;
    this.#jwk = jwk;
  }

  /** A proof for one request; `accessToken` where it goes with one. */
  proof(method, url, { accessToken, nonce, now = Date.now() / 1000 } = {}) {
    const ath = accessToken === undefined ? undefined : createHash("sha256").update(accessToken).digest("base64url");
    const claims = { jti: randomUUID(), htm: method, htu: url, iat: Math.floor(now), ath, nonce };
    return this.sign({ typ: "dpop+jwt", jwk: this.#jwk }, claims);
  }

  sign(header, claims) {
    const input = [{ alg: this.#algorithm, ...header }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    const key = { key: this.#privateKey, dsaEncoding: "ieee-p1363" };
    return `${input}.${sign(this.#algorithm.startsWith("Ed") ? null : "sha256", Buffer.from(input), key).toString("base64url")}`;
  }
}
