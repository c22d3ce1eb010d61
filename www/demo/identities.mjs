// DEMO ONLY. Makes the credentials that identities.json describes, with keys that live as long as this process.
//
// `node identities.mjs` prints { jwks, identities: [{ name, token, headers }] } for a host in another language.
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { argv } from "node:process";
import { pathToFileURL } from "node:url";

const described = JSON.parse(readFileSync(new URL("identities.json", import.meta.url), "utf8"));

const generate = {
  rsa: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
  p256: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
  ed25519: () => generateKeyPairSync("ed25519"),
};

const signers = {
  RS256: (key, bytes) => sign("sha256", bytes, key.privateKey),
  ES256: (key, bytes) => sign("sha256", bytes, { key: key.privateKey, dsaEncoding: "ieee-p1363" }),
  EdDSA: (key, bytes) => sign(null, bytes, key.privateKey),
  HS256: (key, bytes) => createHmac("sha256", key.secret).update(bytes).digest(),
};

/** Makes the keys anew: `jwks` is what the issuer publishes, `mint(now)` what the identities send. */
export function makeIdentities() {
  const keys = new Map();
  for (const [name, key] of Object.entries(described.keys)) {
    if (key.kind === "secret") keys.set(name, key);
    else if (key.kind === "public-key-text") keys.set(name, { ...key, secret: publicKeyText(keys.get(key.of)) });
    else keys.set(name, { ...key, ...generate[key.kind]() });
  }
  const published = [...keys].filter(([, key]) => key.published);
  const jwks = {
    keys: published.map(([kid, key]) => ({ ...key.publicKey.export({ format: "jwk" }), kid, alg: key.alg, use: "sig" })),
  };
  return { jwks, mint: (now) => described.identities.map((identity) => credential(identity, keys, now)) };
}

/** The trust document with the address of the key set in its place. */
export function trustFor(jwksUri) {
  const template = readFileSync(new URL("trust.json", import.meta.url), "utf8");
  return template.replace("{{jwksUri}}", jwksUri);
}

function credential({ name, group, label, about, token: how, apiKey, authorization }, keys, now) {
  const token = how === undefined ? null : sealed(how, keys, now);
  const headers = {};
  if (token !== null) headers["authorization"] = `Bearer ${token}`;
  if (authorization !== undefined) headers["authorization"] = authorization;
  if (apiKey !== undefined) headers["x-api-key"] = apiKey;
  return { name, group, label, about, token, headers };
}

function sealed({ key: keyName, alg, kid, claims, times, afterSigning }, keys, now) {
  const key = keys.get(keyName);
  const header = { alg: alg ?? key.alg, typ: "JWT", ...(keyName !== undefined && { kid: kid ?? keyName }) };
  const dated = { ...claims };
  for (const [claim, seconds] of Object.entries(times)) dated[claim] = now + seconds;
  const signingInput = `${part(header)}.${part(dated)}`;
  const signature = key === undefined ? "" : signers[key.alg](key, Buffer.from(signingInput)).toString("base64url");
  const payload = afterSigning === undefined ? part(dated) : part({ ...dated, ...afterSigning });
  return `${part(header)}.${payload}.${signature}`;
}

function part(value) {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function publicKeyText(key) {
  return key.publicKey.export({ format: "pem", type: "spki" });
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  const { jwks, mint } = makeIdentities();
  console.log(JSON.stringify({ jwks, identities: mint(Math.floor(Date.now() / 1000)) }, null, 2));
}
