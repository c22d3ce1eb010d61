// Tokens described by header, claims and key, or by raw text where the point is a malformed one.
// Each is `{ text, note }`: the note stands in the case as `"token"`, so that a reader sees what the
// base64url hides.

import { sign } from "./sign.mjs";

export const now = 1790000000;
export const issuer = "https://id.example";
export const audience = "api";

/** The claims of an ordinary token; `claims` replaces, and `undefined` takes away. */
export const claims = (changes = {}) => ({ iss: issuer, aud: audience, sub: "u1", iat: now - 10, exp: now + 600, ...changes });

export const base64url = (bytes) => Buffer.from(bytes).toString("base64url");

const bytesOf = (part) => {
  if (Buffer.isBuffer(part)) return part;
  return Buffer.from(typeof part === "string" ? part : JSON.stringify(part), "utf8");
};

const noteOf = (part) => (Buffer.isBuffer(part) ? `hex:${part.toString("hex")}` : part);

/**
 * A signed token. `header` and `payload` are objects, or text or bytes that are taken as they are.
 * `options.algorithm` is what really signs, where the header says otherwise; `options.variant` is
 * handed to the signer; `options.changed` is a sentence for the note.
 */
export const jwt = (header, payload, key, options = {}) => {
  const input = `${base64url(bytesOf(header))}.${base64url(bytesOf(payload))}`;
  const algorithm = options.algorithm ?? header.alg.replace("EdDSA", "Ed25519");
  const signature = sign(algorithm, key, Buffer.from(input), options.variant);
  const note = { header: noteOf(header), claims: noteOf(payload), key: Buffer.isBuffer(key) ? options.keyNote : key };
  if (options.algorithm !== undefined) note.signedWith = options.algorithm;
  if (options.changed !== undefined) note.changed = options.changed;
  return { text: `${input}.${base64url(signature)}`, note };
};

/** The signing input alone, for those who sign by hand. */
export const signingInput = (header, payload) => `${base64url(bytesOf(header))}.${base64url(bytesOf(payload))}`;

/** A token of which the text was changed after signing. */
export const changed = (token, sentence, change) => {
  const [header, payload, signature] = token.text.split(".");
  return { text: change({ text: token.text, header, payload, signature }), note: { ...token.note, changed: sentence } };
};

/** A token with another signature. `signature` is bytes. */
export const withSignature = (token, sentence, signature) =>
  changed(token, sentence, ({ header, payload }) => `${header}.${payload}.${base64url(signature)}`);

/** Text that is sent as a token. */
export const raw = (text, sentence) => ({ text, note: sentence });

/** The usual token: Ed25519, key `ed`. */
export const usual = (changes = {}, header = {}) => jwt({ alg: "EdDSA", typ: "JWT", kid: "ed", ...header }, claims(changes), "ed25519");
