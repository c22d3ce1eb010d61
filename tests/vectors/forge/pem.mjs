// Public keys as PEM (RFC 7468 §13), from the JWK or from DER that is put together by hand.

import { createPublicKey } from "node:crypto";
import { publicJwk } from "./sign.mjs";

/** DER in one block, 64 characters to a line. */
export const block = (der, label = "PUBLIC KEY") => {
  const lines = Buffer.from(der).toString("base64").match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
};

/** The SubjectPublicKeyInfo of a JWK, by node:crypto. */
export const spki = (jwk) => createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "der" });

/** A key of keys.json. */
export const pem = (name) => block(spki(publicJwk(name)));

const length = (size) => {
  if (size < 128) return Buffer.from([size]);
  const bytes = size < 256 ? [size] : [size >> 8, size & 255];
  return Buffer.from([0x80 | bytes.length, ...bytes]);
};

/** A value of DER (X.690 §8, §10). */
export const der = (tag, ...contents) => {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
};

const integer = (bytes) => der(0x02, bytes[0] & 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes);
const bits = (bytes) => der(0x03, Buffer.alloc(1), bytes);

/** Object identifiers, encoded. */
export const oid = {
  rsa: Buffer.from("06092a864886f70d010101", "hex"),
  ec: Buffer.from("06072a8648ce3d0201", "hex"),
  p256: Buffer.from("06082a8648ce3d030107", "hex"),
  p384: Buffer.from("06052b81040022", "hex"),
  secp256k1: Buffer.from("06052b8104000a", "hex"),
  ed25519: Buffer.from("06032b6570", "hex"),
  ed448: Buffer.from("06032b6571", "hex"),
  x25519: Buffer.from("06032b656e", "hex"),
};

/** An RSA key of any numbers, good or bad (RFC 3279 §2.3.1). */
export const rsaInfo = (modulus, exponent = Buffer.from([1, 0, 1])) =>
  der(0x30, der(0x30, oid.rsa, Buffer.from([5, 0])), bits(der(0x30, integer(modulus), integer(exponent))));

/** A point of any curve (RFC 5480 §2). */
export const ecInfo = (curve, point) => der(0x30, der(0x30, oid.ec, oid[curve]), bits(point));

/** A key of which the algorithm is its identifier alone (RFC 8410 §4). */
export const plainInfo = (name, key) => der(0x30, der(0x30, oid[name]), bits(key));
