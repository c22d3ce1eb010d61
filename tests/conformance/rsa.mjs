// Writes rsa.json: RSA as Wycheproof's sets do not have it. Moduli that fill no whole bytes, the public exponents that
// are in use, and signatures whose first byte is zero: some platforms take those without it, too, and then one
// signature has two spellings (RFC 8017 §8.1.2 step 1). The private keys are thrown away. Random: run it to have others.

import { constants, generateKeyPairSync, sign } from "node:crypto";
import { writeFileSync } from "node:fs";

const about = "RSA signatures as Wycheproof's sets do not have them, made by rsa.mjs. TEST ONLY: their keys are nobody's.";
const sound = [[2048, 3], [2048, 17], [2048, 37], [2048, 65537], [2049, 65537], [2050, 65537], [2056, 65537], [3071, 65537]];
// One platform imports no key with another exponent than those above.
const refused = [5, 257, 65539, 4294967291];

const keys = [];
const cases = [];
for (const [bits, exponent] of sound) {
  const { publicKey, privateKey } = pair(bits, exponent);
  for (const algorithm of ["RS256", "PS256"]) {
    const add = adding(`${bits} bits, e ${exponent}, ${algorithm}`, algorithm, publicKey);
    const { message, signature } = beginningWithZero((text) => signed(algorithm, privateKey, text));
    const numbers = BigInt(`0x${signature.toString("hex")}`) + BigInt(`0x${Buffer.from(publicKey.n, "base64url").toString("hex")}`);
    add("as it is", message, signature, "valid");
    add("without its zero", message, signature.subarray(1), "invalid");
    add("with a zero more", message, Buffer.concat([Buffer.alloc(1), signature]), "invalid");
    add("plus the modulus", message, Buffer.from(numbers.toString(16).padStart(2 * signature.length, "0"), "hex"), "invalid");
    if (algorithm === "RS256") continue;
    add("a salt of 31 bytes", message, signed(algorithm, privateKey, message, 31), "invalid");
    add("the longest salt", message, signed(algorithm, privateKey, message, constants.RSA_PSS_SALTLEN_MAX_SIGN), "invalid");
  }
}
for (const exponent of refused) {
  const { publicKey, privateKey } = pair(2048, exponent);
  const message = Buffer.from("message");
  adding(`2048 bits, e ${exponent}, RS256`, "RS256", publicKey)("as it is", message, signed("RS256", privateKey, message), "key refused");
}
writeFileSync(new URL("rsa.json", import.meta.url), `${JSON.stringify({ about, keys, cases }, null, 2)}\n`);

function pair(modulusLength, publicExponent) {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength, publicExponent });
  const { n, e } = publicKey.export({ format: "jwk" });
  return { publicKey: { kty: "RSA", n, e }, privateKey };
}

function adding(prefix, algorithm, jwk) {
  keys.push({ algorithm, jwk: JSON.stringify(jwk) });
  const key = keys.length - 1;
  return (name, message, signature, verdict) =>
    cases.push({ name: `${prefix}, ${name}`, key, message: message.toString("base64url"), signature: signature.toString("base64url"), verdict });
}

function signed(algorithm, key, message, saltLength = 32) {
  if (algorithm === "RS256") return sign("sha256", message, key);
  return sign("sha256", message, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
}

function beginningWithZero(make) {
  for (let count = 0; ; count += 1) {
    const message = Buffer.from(`message ${count}`);
    const signature = make(message);
    if (signature[0] === 0) return { message, signature };
  }
}
