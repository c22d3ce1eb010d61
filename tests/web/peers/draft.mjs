// A token while it is made: what it says, who signs it, and what is done to it afterwards.

import { sign } from "../../vectors/forge/sign.mjs";
import { audience, issuer, now } from "../../vectors/forge/token.mjs";

const base64url = (bytes) => Buffer.from(bytes).toString("base64url");

/** A token as the issuer of that site would make it. */
export function honest(site) {
  const { algorithm, key, kid } = site.signer;
  const access = site.profile === "access-token";
  return {
    header: { alg: algorithm, typ: access ? "at+jwt" : "JWT", ...(kid === undefined ? {} : { kid }) },
    claims: { iss: issuer, aud: audience, sub: "u1", iat: now - 10, exp: now + 600, ...(access ? { client_id: "app", jti: "t1" } : {}) },
    /** Changes of the JSON text or bytes, before it is signed. */
    headerEdits: [],
    claimsEdits: [],
    /** Who really signs. */
    signer: { algorithm, key },
    /** Changes of the bytes of the signature; they are given the signing input too. */
    signatureEdits: [],
    /** Changes of the three parts, `{ header, payload, signature }`, after it is signed. */
    partEdits: [],
    /** Changes of the whole text. */
    textEdits: [],
  };
}

const edited = (value, edits) => edits.reduce((bytes, edit) => Buffer.from(edit(bytes)), Buffer.from(JSON.stringify(value)));

// What a key can sign with. Two mutations may want a key and an algorithm that do not fit.
const abilities = [
  [/hs\d+$/, ["HS256", "HS384", "HS512"]],
  [/rsa/, ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]],
  [/p256$/, ["ES256"]],
  [/p384$/, ["ES384"]],
  [/p521$/, ["ES512"]],
  [/ed25519$/, ["Ed25519"]],
];
const fitting = (algorithm, key) => {
  const able = Buffer.isBuffer(key) ? abilities[0][1] : abilities.find(([pattern]) => pattern.test(key))[1];
  return able.includes(algorithm) ? algorithm : able[0];
};

/** The text of a draft. */
export function written(draft) {
  const header = base64url(edited(draft.header, draft.headerEdits));
  const payload = base64url(edited(draft.claims, draft.claimsEdits));
  const input = Buffer.from(`${header}.${payload}`);
  const { algorithm, key, variant } = draft.signer;
  const signed = sign(fitting(algorithm, key), key, input, variant);
  const signature = base64url(draft.signatureEdits.reduce((bytes, edit) => edit(bytes, input), signed));
  const parts = draft.partEdits.reduce((parts, edit) => ({ ...parts, ...edit(parts) }), { header, payload, signature });
  return draft.textEdits.reduce((text, edit) => edit(text), `${parts.header}.${parts.payload}.${parts.signature}`);
}

/** The JSON text with more members before its closing brace. */
export const withText = (members) => (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from(`,${members}}`)]);
