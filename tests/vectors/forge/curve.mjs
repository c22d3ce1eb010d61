// Points of the NIST curves by their numbers (SEC 2 §2.4, §2.5, §2.6), for keys that no honest signer publishes.
// On all three a is -3, and the prime is 3 modulo 4.

import { bigEndian } from "./sign.mjs";

const curves = {
  "P-256": {
    length: 32,
    prime: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  "P-384": {
    length: 48,
    prime: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
  "P-521": {
    length: 66,
    prime: 2n ** 521n - 1n,
    b: 0x0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  },
};

const power = (base, exponent, modulus) => {
  let [result, square] = [1n, base % modulus];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
};

const text = (number, length) => bigEndian(number, length).toString("base64url");
const number = (coordinate) => BigInt(`0x${Buffer.from(coordinate, "base64url").toString("hex")}`);

/** The point with the smallest x, as a JWK; `members` are added or replace. */
export const smallestPoint = (crv, members = {}) => {
  const { length, prime, b } = curves[crv];
  for (let x = 0n; ; x += 1n) {
    const square = (x ** 3n + (prime - 3n) * x + b) % prime;
    const y = power(square, (prime + 1n) / 4n, prime);
    if ((y * y) % prime === square) return { kty: "EC", crv, x: text(x, length), y: text(y, length), ...members };
  }
};

/** The same point in a second spelling: the prime added to one of its coordinates. */
export const plusPrime = (jwk, coordinate) => {
  const { length, prime } = curves[jwk.crv];
  const sum = number(jwk[coordinate]) + prime;
  if (sum >= 1n << BigInt(8 * length)) throw new Error("the sum does not fit");
  return { ...jwk, [coordinate]: text(sum, length) };
};
