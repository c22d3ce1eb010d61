// Writes ed25519.json: keys and signatures at the edges of Ed25519, where verifiers differ and Wycheproof has no case.
// What we say is RFC 8032 §5.1.7 without the cofactor, and no point of small order, nor a second spelling of any.

import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";

const p = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const modulo = (a, m = p) => ((a % m) + m) % m;
const d = modulo(-121665n * inverse(121666n));
const identity = [0n, 1n];
const base = point(modulo(4n * inverse(5n)), 0);

// TEST ONLY: the secret scalar of one key, and what every signature is made with.
const secret = 123456789012345678901234567890123456789012345678901234567890123456789n;
const nonce = 987654321098765432109876543210987654321098765432109876543210987654321n;
const A = multiply(secret, base);
const R = multiply(nonce, base);
const torsion = ofOrderEight();

const about = "Ed25519 at its edges, made by ed25519.mjs. TEST ONLY: its key is nobody's.";
const keys = [];
const cases = [];

honest();
keysOfSmallOrder();
keysInASecondSpelling();
pointsOfMixedOrder();
nonces();
scalars();
writeFileSync(new URL("ed25519.json", import.meta.url), `${JSON.stringify({ about, keys, cases }, null, 2)}\n`);

function honest() {
  const message = messageWhere(() => true);
  add("a signature", encode(A), message, signature(encode(R), S(encode(R), encode(A), message)), "valid");
  add("of another message", encode(A), Buffer.from("another"), signature(encode(R), S(encode(R), encode(A), message)), "invalid");
}

/** Under such a key whoever likes can sign: with R the identity and S zero, where k makes the key vanish. */
function keysOfSmallOrder() {
  for (let count = 0n; count < 8n; count += 1n) {
    const key = encode(multiply(count, torsion));
    const message = messageWhere((text) => challenge(encode(identity), key, text) % 8n === 0n);
    add(`a key that is ${count} times a point of order 8`, key, message, signature(encode(identity), 0n), "key refused");
  }
}

function keysInASecondSpelling() {
  const message = messageWhere(() => true);
  const spellings = {
    "a key with y = p, that is 0": little(p),
    "a key with y = p + 1, that is 1": little(p + 1n),
    "a key with y = p + 3, of large order": little(p + 3n),
    "a key with y = 1 and a sign that 0 has not": negative(little(1n)),
    "a key with y = -1 and a sign that 0 has not": negative(little(p - 1n)),
  };
  for (const [name, key] of Object.entries(spellings)) add(name, key, message, signature(encode(identity), 0n), "key refused");
  // No point at all has this y.
  add("a key that is no point", little(2n), message, signature(encode(R), 0n), "key refused");
  add("a key of 31 bytes", encode(A).subarray(1), message, signature(encode(R), 0n), "key refused");
}

/** Signed with the scalar of A alone: the equation holds without the cofactor only where k takes the rest away. */
function pointsOfMixedOrder() {
  const mixed = encode(add2(A, torsion));
  const vanishing = messageWhere((text) => challenge(encode(R), mixed, text) % 8n === 0n);
  add("a key of mixed order, its small part gone", mixed, vanishing, signature(encode(R), S(encode(R), mixed, vanishing)), "valid");
  const staying = messageWhere((text) => challenge(encode(R), mixed, text) % 8n !== 0n);
  add("a key of mixed order, its small part there", mixed, staying, signature(encode(R), S(encode(R), mixed, staying)), "invalid");
  const r = encode(add2(R, torsion));
  add("R of mixed order", encode(A), staying, signature(r, S(r, encode(A), staying)), "invalid");
  const cancelling = messageWhere((text) => challenge(r, mixed, text) % 8n === 7n);
  add("R and a key of mixed order, their small parts cancelling", mixed, cancelling, signature(r, S(r, mixed, cancelling)), "valid");
  const adding = messageWhere((text) => challenge(r, mixed, text) % 8n !== 7n);
  add("R and a key of mixed order, their small parts there", mixed, adding, signature(r, S(r, mixed, adding)), "invalid");
  // A multiple of L is no multiple of 8: the number that multiplies the key is the one below L.
  const isGone = (text, number) => number(encode(R), mixed, text) % 8n === 0n;
  const byReduced = messageWhere((text) => isGone(text, challenge) && !isGone(text, digest));
  add("a key of mixed order, its small part gone by the hash modulo L", mixed, byReduced, signature(encode(R), S(encode(R), mixed, byReduced)), "valid");
  const byWhole = messageWhere((text) => !isGone(text, challenge) && isGone(text, digest));
  add("a key of mixed order, its small part gone by the whole hash", mixed, byWhole, signature(encode(R), S(encode(R), mixed, byWhole)), "invalid");
}

function nonces() {
  const message = messageWhere(() => true);
  const without = (r) => modulo(challenge(r, encode(A), message) * secret, L);
  for (const [name, r] of Object.entries({
    "R the identity": encode(identity),
    "R the identity with y = p + 1": little(p + 1n),
    "R the identity with a sign": negative(encode(identity)),
    "R with y = p, of order 4": little(p),
    "R of order 2": encode(multiply(4n, torsion)),
    "R of order 8": encode(torsion),
    "R no point": little(2n),
  })) {
    add(name, encode(A), message, signature(r, without(r)), "invalid");
  }
}

function scalars() {
  const message = messageWhere(() => true);
  const s = S(encode(R), encode(A), message);
  const whole = signature(encode(R), s);
  for (const [name, scalar] of Object.entries({ "S + L": s + L, "S + 2 L": s + 2n * L, "S + 8 L": s + 8n * L, "L - S": L - s, "S of zero": 0n, "S of L": L })) {
    add(name, encode(A), message, signature(encode(R), scalar), "invalid");
  }
  add("S with its highest bit", encode(A), message, negative(whole), "invalid");
  add("a byte less", encode(A), message, whole.subarray(0, 63), "invalid");
  add("a byte more", encode(A), message, Buffer.concat([whole, Buffer.alloc(1)]), "invalid");
  add("R and S in the other order", encode(A), message, Buffer.concat([whole.subarray(32), whole.subarray(0, 32)]), "invalid");
}

function add(name, key, message, signed, verdict) {
  const jwk = JSON.stringify({ kty: "OKP", crv: "Ed25519", x: key.toString("base64url") });
  if (keys.at(-1)?.jwk !== jwk) keys.push({ algorithm: "EdDSA", jwk });
  cases.push({ name, key: keys.length - 1, message: message.toString("base64url"), signature: signed.toString("base64url"), verdict });
}

function S(r, key, message) {
  return modulo(nonce + challenge(r, key, message) * secret, L);
}

/** The hash as a number below L (RFC 8032 §5.1.7 step 2). */
function challenge(r, key, message) {
  return modulo(digest(r, key, message), L);
}

/** SHA-512 of R, the key and the message. */
function digest(r, key, message) {
  const hash = createHash("sha512").update(r).update(key).update(message).digest();
  return BigInt(`0x${hash.reverse().toString("hex")}`);
}

function messageWhere(holds) {
  for (let count = 0; ; count += 1) {
    const message = Buffer.from(`message ${count}`);
    if (holds(message)) return message;
  }
}

function signature(r, s) {
  return Buffer.concat([r, little(s)]);
}

function little(number) {
  return Buffer.from(number.toString(16).padStart(64, "0"), "hex").reverse();
}

function encode([x, y]) {
  return x % 2n === 1n ? negative(little(y)) : little(y);
}

/** With the last bit set. */
function negative(bytes) {
  const copy = Buffer.from(bytes);
  copy[copy.length - 1] |= 0x80;
  return copy;
}

function ofOrderEight() {
  for (let y = 2n; ; y += 1n) {
    const found = point(y, 0);
    if (found === undefined) continue;
    const small = multiply(L, found);
    if (!same(multiply(4n, small), identity)) return small;
  }
}

/** The point with that y and that last bit of x (RFC 8032 §5.1.3). */
function point(y, sign) {
  const square = modulo((y * y - 1n) * inverse(d * y * y + 1n));
  let x = power(square, (p + 3n) / 8n);
  if (modulo(x * x) !== square) x = modulo(x * power(2n, (p - 1n) / 4n));
  if (modulo(x * x) !== square) return undefined;
  return [Number(x % 2n) === sign ? x : modulo(-x), y];
}

function add2([x1, y1], [x2, y2]) {
  const product = modulo(d * x1 * x2 * y1 * y2);
  return [modulo((x1 * y2 + x2 * y1) * inverse(1n + product)), modulo((y1 * y2 + x1 * x2) * inverse(1n - product))];
}

function multiply(scalar, of) {
  let sum = identity;
  for (const bit of scalar.toString(2)) {
    sum = add2(sum, sum);
    if (bit === "1") sum = add2(sum, of);
  }
  return sum;
}

function same([x1, y1], [x2, y2]) {
  return x1 === x2 && y1 === y2;
}

function inverse(number) {
  return power(modulo(number), p - 2n);
}

function power(number, exponent) {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = modulo(result * result);
    if (bit === "1") result = modulo(result * number);
  }
  return result;
}
