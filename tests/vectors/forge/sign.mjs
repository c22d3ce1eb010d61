// Signatures for the vectors, by node:crypto and the TEST ONLY keys of keys.json.
//
// ECDSA and PSS signatures are random. So that a second run changes nothing, each of them is kept in
// tokens.json under the SHA-256 of its description (algorithm, key, variant, signing input): a
// signature whose description is unchanged is read from there, a new one is made once, and one that
// no suite wants any more is dropped. All other algorithms are deterministic and are not kept.

import { createHash, createHmac, createPrivateKey, constants, privateEncrypt, sign as nodeSign } from "node:crypto";
import { readFileSync } from "node:fs";

const { keys } = JSON.parse(readFileSync(new URL("keys.json", import.meta.url), "utf8"));

const privateMembers = ["d", "p", "q", "dp", "dq", "qi", "k"];

/** The JWK of a key without its private members; `members` are added or replace. */
export const publicJwk = (name, members = {}) => ({
  ...Object.fromEntries(Object.entries(keys[name]).filter(([member]) => !privateMembers.includes(member))),
  ...members,
});

/** The whole private JWK, for the cases that show one where none may be. */
export const privateJwk = (name, members = {}) => ({ ...keys[name], ...members });

/** What a trust document's `secret` says for a symmetric key. */
export const secret = (name) => ({ base64url: keys[name].k });

const hashes = { 256: "sha256", 384: "sha384", 512: "sha512" };

const secretBytes = (key) => {
  if (Buffer.isBuffer(key)) return key;
  return Buffer.from(keys[key].k, "base64url");
};

const kept = new Map(Object.entries(JSON.parse(readFileSync(new URL("tokens.json", import.meta.url), "utf8")).signatures));
const wanted = new Map();

/** What tokens.json must hold after this run. */
export const keptSignatures = () => ({
  about: "Random signatures (ECDSA, PSS) by the hash of their description: see sign.mjs. TEST ONLY.",
  signatures: Object.fromEntries([...wanted].sort(([a], [b]) => (a < b ? -1 : 1))),
});

const once = (description, make) => {
  const name = createHash("sha256").update(JSON.stringify(description)).digest("base64url");
  const signature = wanted.get(name) ?? kept.get(name) ?? make().toString("base64url");
  wanted.set(name, signature);
  return Buffer.from(signature, "base64url");
};

/**
 * Signs `input`. `variant` bends one thing: `saltLength` for PSS, `encoding: "der"` for ECDSA.
 */
export const sign = (algorithm, key, input, variant = {}) => {
  const family = algorithm.slice(0, 2);
  const hash = hashes[algorithm.slice(2)];
  if (family === "HS") return createHmac(hash, secretBytes(key)).update(input).digest();
  const privateKey = createPrivateKey({ key: keys[key], format: "jwk" });
  const described = { algorithm, key, variant, input: Buffer.from(input).toString("base64url") };
  switch (family) {
    case "Ed":
      return nodeSign(null, input, privateKey);
    case "RS":
      return nodeSign(hash, input, { key: privateKey, padding: constants.RSA_PKCS1_PADDING });
    case "PS":
      return once(described, () =>
        nodeSign(hash, input, {
          key: privateKey,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: variant.saltLength ?? constants.RSA_PSS_SALTLEN_DIGEST,
        }),
      );
    case "ES":
      return once(described, () => nodeSign(hash, input, { key: privateKey, dsaEncoding: variant.encoding ?? "ieee-p1363" }));
    default:
      throw new Error(`no such algorithm: ${algorithm}`);
  }
};

/** An RSA signature over a block that the caller has padded by hand. */
export const rsaBlock = (key, block) =>
  privateEncrypt({ key: createPrivateKey({ key: keys[key], format: "jwk" }), padding: constants.RSA_NO_PADDING }, block);

// Ed25519 by hand, to make what no honest signer makes (RFC 8032 §5.1).
const order = 2n ** 252n + 27742317777372353535851937790883648493n;
const fromLittleEndian = (bytes) => BigInt(`0x${Buffer.from(bytes).reverse().toString("hex") || "0"}`);
const toLittleEndian = (number) => Buffer.from(number.toString(16).padStart(64, "0"), "hex").reverse();

/** The same signature with S + L in place of S (RFC 8032 §5.1.7 wants S below L). */
export const ed25519PlusOrder = (signature) =>
  Buffer.concat([signature.subarray(0, 32), toLittleEndian(fromLittleEndian(signature.subarray(32)) + order)]);

/** A signature with a chosen R, for which [S]B = R + [k]A holds where R is the neutral point. */
export const ed25519WithR = (key, r, input) => {
  const digest = createHash("sha512").update(Buffer.from(keys[key].d, "base64url")).digest();
  const scalar = Buffer.from(digest.subarray(0, 32));
  scalar[0] &= 248;
  scalar[31] = (scalar[31] & 127) | 64;
  const publicKey = Buffer.from(keys[key].x, "base64url");
  const challenge = createHash("sha512").update(Buffer.concat([r, publicKey, Buffer.from(input)])).digest();
  const s = ((fromLittleEndian(challenge) % order) * (fromLittleEndian(scalar) % order)) % order;
  return Buffer.concat([r, toLittleEndian(s)]);
};

// The orders of the curves (SEC 2), for r = n and the high-S twin.
export const curveOrder = {
  "P-256": 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
};

export const bigEndian = (number, length) => Buffer.from(number.toString(16).padStart(length * 2, "0"), "hex");
