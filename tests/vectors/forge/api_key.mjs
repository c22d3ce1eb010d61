// API keys as ARCHITECTURE.md describes them: prefix, `_`, 30 base62 characters, 6 of checksum.

import { createHash } from "node:crypto";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** What the trust document holds of a key. */
export const apiKeyHash = (text) => `sha256:${createHash("sha256").update(text).digest("base64url")}`;

/** The first four bytes of the SHA-256 of `text`, as a big-endian number in base62, six characters. */
export const checksum = (text) => {
  let number = createHash("sha256").update(text).digest().readUInt32BE(0);
  let digits = "";
  for (let place = 0; place < 6; place += 1) {
    digits = alphabet[number % 62] + digits;
    number = Math.floor(number / 62);
  }
  return digits;
};

/** A whole key: `body` is its 30 characters. */
export const apiKey = (prefix, body) => `${prefix}_${body}${checksum(`${prefix}_${body}`)}`;
