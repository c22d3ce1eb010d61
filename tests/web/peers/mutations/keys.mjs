// Rows 1 to 10 of the corpus, and 20: who chooses the algorithm and the key.

import { createPublicKey } from "node:crypto";
import { privateJwk, publicJwk } from "../../../vectors/forge/sign.mjs";

const isSecret = ({ secret }) => secret !== undefined;
const isPublic = (site) => !isSecret(site);
const isRsa = ({ signer }) => /^[RP]S/.test(signer.algorithm);
const isEdwards = ({ signer }) => signer.algorithm === "EdDSA";

const named = (member, row, topic, values) =>
  values.map((value) => ({
    row,
    topic,
    name: `${member} is ${JSON.stringify(value) ?? "missing"}`.slice(0, 80),
    apply: (draft) => {
      if (value === undefined) delete draft.header[member];
      else draft.header[member] = value;
    },
  }));

const unknownAlgorithms = [
  ...["none", "None", "nOnE", "NONE", "", "HS257", "RS1", "ES256K", "Ed448", "A256GCM", "RSA-OAEP-256"],
  ...["toString", "__proto__", "constructor"],
];
const unknownKids = [
  ...["", "gone", "../../../../dev/null", "k' OR '1'='1", "p256\0", "https://evil.example/jwks", "k".repeat(4000)],
  ...["__proto__", "constructor", "toString"],
];

const algorithms = [
  ...named("alg", 1, "alg unknown", unknownAlgorithms),
  ...named("alg", 1, "alg of a wrong type", [undefined, null, 1, true, {}]),
  {
    row: 1,
    topic: "alg of a wrong type",
    name: "alg in a list",
    apply: (draft) => {
      draft.header.alg = [draft.header.alg];
    },
  },
  {
    row: 1,
    topic: "alg unknown",
    name: "alg in lower case",
    apply: (draft) => {
      draft.header.alg = String(draft.header.alg).toLowerCase();
    },
  },
  {
    row: 1,
    topic: "alg unknown",
    name: "alg with a space",
    apply: (draft) => {
      draft.header.alg = `${draft.header.alg} `;
    },
  },
  ...["none", "None", "HS256"].map((alg) => ({
    row: 1,
    topic: "unsigned",
    name: `alg ${alg} and no signature`,
    apply: (draft) => {
      draft.header.alg = alg;
      draft.signatureEdits.push(() => Buffer.alloc(0));
    },
  })),
  // The same key under another algorithm of its family: the header chooses (row 3), or says what did not sign (row 4).
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"].map((alg) => ({
    row: 3,
    topic: "alg of the same key",
    name: `signed with ${alg}`,
    applies: (site) => isRsa(site) && site.signer.algorithm !== alg,
    apply: (draft) => {
      draft.header.alg = alg;
      draft.signer.algorithm = alg;
    },
  })),
  ...["HS384", "HS512"].map((alg) => ({
    row: 3,
    topic: "alg of the same key",
    name: `signed with ${alg}`,
    applies: isSecret,
    apply: (draft) => {
      draft.header.alg = alg;
      draft.signer.algorithm = alg;
    },
  })),
  ...["HS256", "RS256", "RS512", "PS256", "ES256", "ES384", "ES512", "EdDSA"].map((alg) => ({
    row: 4,
    topic: "alg of another key",
    name: `alg says ${alg}`,
    applies: ({ signer }) => signer.algorithm !== alg,
    apply: (draft) => {
      draft.header.alg = alg;
    },
  })),
  ...[
    ["ES256", "p256"],
    ["ES384", "p384"],
    ["EdDSA", "ed25519"],
    ["RS256", "rsa"],
  ].map(([alg, key]) => ({
    row: 4,
    topic: "alg of another key",
    name: `signed by ${key}`,
    applies: ({ signer }) => signer.key !== key,
    apply: (draft) => {
      draft.header.alg = alg;
      draft.signer = { algorithm: alg, key };
    },
  })),
  {
    row: 4,
    topic: "alg Ed25519",
    name: "alg by its newer name",
    applies: isEdwards,
    apply: (draft) => {
      draft.header.alg = "Ed25519";
    },
  },
];

const publicKey = (draft) => createPublicKey({ key: privateJwk(draft.signer.key), format: "jwk" });
const texts = {
  "the PEM": (draft) => Buffer.from(publicKey(draft).export({ type: "spki", format: "pem" })),
  "the PEM, trimmed": (draft) => Buffer.from(publicKey(draft).export({ type: "spki", format: "pem" }).trim()),
  "the PEM behind white space": (draft) => Buffer.from(` \r\n${publicKey(draft).export({ type: "spki", format: "pem" })}`),
  "the PEM with CRLF": (draft) => Buffer.from(publicKey(draft).export({ type: "spki", format: "pem" }).replaceAll("\n", "\r\n")),
  "the DER": (draft) => publicKey(draft).export({ type: "spki", format: "der" }),
  "the JWK": (draft) => Buffer.from(JSON.stringify(publicJwk(draft.signer.key, { kid: draft.signer.key }))),
  "the bytes": (draft) => Buffer.from(publicJwk(draft.signer.key).n ?? publicJwk(draft.signer.key).x, "base64url"),
};

const confusions = ["HS256", "HS384", "HS512"].flatMap((alg) =>
  Object.entries(texts).map(([what, bytes]) => ({
    row: 2,
    topic: "a public key for a secret",
    name: `${alg} with ${what}`,
    applies: isPublic,
    apply: (draft, random) => {
      if (typeof draft.signer.key !== "string") return;
      draft.signer = { algorithm: alg, key: bytes(draft) };
      draft.header.alg = alg;
      if (random.below(2) === 0) delete draft.header.kid;
    },
  })),
);

const stranger = {
  HS256: "stranger_hs256",
  RS256: "stranger_rsa",
  PS256: "stranger_rsa",
  ES256: "stranger_p256",
  EdDSA: "stranger_ed25519",
};
const strangers = {
  "its key": (jwk) => ({ jwk }),
  "a key set of its own": () => ({ jku: "https://evil.example/jwks" }),
  "a certificate": () => ({ x5c: ["MIIB"] }),
  "a certificate's address": () => ({ x5u: "https://evil.example/cert" }),
};

const embedded = Object.entries(strangers).flatMap(([what, members]) => [
  {
    row: 6,
    topic: "a key in the token",
    name: `a stranger brings ${what}`,
    applies: (site) => isPublic(site) && stranger[site.signer.algorithm] !== undefined,
    apply: (draft, random) => {
      const key = stranger[draft.signer.algorithm];
      if (key === undefined) return;
      Object.assign(draft.header, members(publicJwk(key)));
      draft.signer = { ...draft.signer, key };
      if (random.below(2) === 0) delete draft.header.kid;
    },
  },
  {
    row: 6,
    topic: "a key in the token",
    name: `the issuer's token brings ${what}`,
    applies: isPublic,
    apply: (draft) => {
      Object.assign(draft.header, members(publicJwk("stranger_p256")));
    },
  },
]);

const kids = [
  ...named("kid", 7, "kid of a wrong type", [1, null, {}, [], true]),
  ...named("kid", 7, "kid that names nothing", unknownKids),
  ...named("kid", 7, "no kid", [undefined]),
  {
    row: 7,
    topic: "kid that names nothing",
    name: "kid in upper case",
    applies: isPublic,
    apply: (draft) => {
      draft.header.kid = String(draft.header.kid).toUpperCase();
    },
  },
  ...["stranger_ed25519", "rsa", "p256"].map((kid) => ({
    row: 7,
    topic: "kid of another key",
    name: `kid names ${kid}`,
    applies: ({ name }) => name === "several",
    apply: (draft) => {
      draft.header.kid = kid;
    },
  })),
];

const secrets = [
  { name: "an empty secret", key: Buffer.alloc(0) },
  { name: "a secret of one byte", key: Buffer.alloc(1) },
  { name: "the text of the secret", key: Buffer.from(privateJwk("hs256").k) },
  { name: "another's secret", key: "stranger_hs256" },
].map(({ name, key }) => ({
  row: 9,
  topic: "another secret",
  name: `signed with ${name}`,
  applies: isSecret,
  apply: (draft) => {
    draft.signer = { ...draft.signer, key };
  },
}));

const encryptedHeaders = [
  { alg: "RSA-OAEP-256", enc: "A256GCM" },
  { alg: "dir", enc: "A256GCM", zip: "DEF" },
  { alg: "PBES2-HS256+A128KW", enc: "A128CBC-HS256", p2c: 2147483647, p2s: "AAAA" },
  { alg: "ECDH-ES", enc: "A128GCM", epk: publicJwk("p256") },
];
const encrypted = encryptedHeaders.map((header) => ({
  row: header.zip === undefined && header.p2c === undefined ? 10 : 20,
  topic: "encrypted",
  name: `a JWE by ${header.alg}`,
  apply: (draft) => {
    draft.textEdits.push(() => `${Buffer.from(JSON.stringify(header)).toString("base64url")}.AAAA.AAAA.AAAA.AAAA`);
  },
}));

const unprotected = {
  row: 5,
  topic: "not three parts",
  name: "a JWS in JSON, whose algorithm nobody signed",
  apply: (draft) => {
    draft.textEdits.push((text) => {
      const [header, payload, signature] = text.split(".");
      return JSON.stringify({ payload, protected: header, header: { alg: "none" }, signature });
    });
  },
};

export const keyMutations = [...algorithms, ...confusions, ...embedded, ...kids, ...secrets, ...encrypted, unprotected];
