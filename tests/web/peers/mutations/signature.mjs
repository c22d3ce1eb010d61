// Rows 11 to 15 of the corpus: the signature.

import { bigEndian, curveOrder, ed25519PlusOrder, ed25519WithR } from "../../../vectors/forge/sign.mjs";

const family =
  (pattern) =>
  ({ signer }) =>
    pattern.test(signer.algorithm);
const isEcdsa = family(/^ES/);
const isP256 = family(/^ES256$/);
const isEdwards = family(/^EdDSA$/);
const isPss = family(/^PS/);
const isMac = family(/^HS/);

const always = () => true;
const bytes = (row, topic, name, edit, applies = always) => ({
  row,
  topic,
  name,
  applies,
  apply: (draft, random) => draft.signatureEdits.push((signature, input) => edit(signature, random, input, draft)),
});
const parts = (topic, name, edit) => ({ row: 11, topic, name, apply: (draft) => draft.partEdits.push(edit) });
const text = (topic, name, edit) => ({ row: 11, topic, name, apply: (draft) => draft.textEdits.push(edit) });

const shape = [
  text("not three parts", "the header alone", (whole) => whole.split(".")[0]),
  text("not three parts", "no signature and no dot", (whole) => whole.split(".").slice(0, 2).join(".")),
  text("not three parts", "a fourth part", (whole) => `${whole}.AAAA`),
  text("not three parts", "a dot at the end", (whole) => `${whole}.`),
  text("not three parts", "a dot in front", (whole) => `.${whole}`),
  text("encrypted", "five parts of a JWS", (whole) => `${whole}.AAAA.AAAA`),
  text("not three parts", "six parts", (whole) => `${whole}.AAAA.AAAA.AAAA`),
  text("not three parts", "a thousand dots", (whole) => whole + ".".repeat(1000)),
  text("not three parts", "nothing but dots", () => ".."),
  parts("an empty part", "no signature", () => ({ signature: "" })),
  parts("an empty part", "no payload", () => ({ payload: "" })),
  parts("an empty part", "no header", () => ({ header: "" })),
];

const replaced = (part, from, to) => Buffer.from(Buffer.from(part, "base64url").toString("utf8").replace(from, to)).toString("base64url");
const tampered = [
  parts("tampered", "the payload of another", ({ payload }) => ({ payload: replaced(payload, '"u1"', '"root"') })),
  parts("tampered", "a header with one more member", ({ header }) => ({ header: replaced(header, /}$/, ',"x":1}') })),
  bytes(11, "tampered", "one bit of the signature", (signature, random) => {
    const changed = Buffer.from(signature);
    if (changed.length > 0) changed[random.below(changed.length)] ^= 1 << random.below(8);
    return changed;
  }),
  bytes(11, "tampered", "a signature of zeros", (signature) => Buffer.alloc(signature.length)),
  bytes(11, "tampered", "a signature of 0xff", (signature) => Buffer.alloc(signature.length, 0xff)),
  bytes(11, "tampered", "random bytes", (signature, random) => Buffer.from(Array.from(signature, () => random.below(256)))),
];

const lengths = [
  ["one byte less", (signature) => signature.subarray(0, -1)],
  ["half of it", (signature) => signature.subarray(0, signature.length / 2)],
  ["a zero in front", (signature) => Buffer.concat([Buffer.alloc(1), signature])],
  ["a zero at the end", (signature) => Buffer.concat([signature, Buffer.alloc(1)])],
  ["twice", (signature) => Buffer.concat([signature, signature])],
  ["a tag of 16 bytes", (signature) => signature.subarray(0, 16), isMac],
].map(([name, edit, applies]) => bytes(15, "signature of a wrong length", name, edit, applies));

const order = curveOrder["P-256"];
const number = (part) => BigInt(`0x${part.toString("hex") || "0"}`);
const halves = (signature) => [signature.subarray(0, signature.length / 2), signature.subarray(signature.length / 2)];
const ecdsa = [
  ["r = 0", (r, s) => [Buffer.alloc(r.length), s], isEcdsa],
  ["s = 0", (r, s) => [r, Buffer.alloc(s.length)], isEcdsa],
  ["r = n", (r, s) => [bigEndian(order, 32), s], isP256],
  ["s = n", (r) => [r, bigEndian(order, 32)], isP256],
  ["s + n", (r, s) => [r, bigEndian(number(s) + order, 33)], isP256],
].map(([name, edit, applies]) => bytes(12, "ecdsa out of range", name, (signature) => Buffer.concat(edit(...halves(signature))), applies));

const twins = [
  bytes(
    12,
    "ecdsa twin",
    "n - s",
    (signature) => {
      const [r, s] = halves(signature);
      return signature.length === 64 ? Buffer.concat([r, bigEndian((2n * order - number(s)) % order, 32)]) : signature;
    },
    isP256,
  ),
  {
    row: 12,
    topic: "ecdsa in DER",
    name: "a signature in DER",
    applies: isEcdsa,
    apply: (draft) => {
      draft.signer = { ...draft.signer, variant: { encoding: "der" } };
    },
  },
];

const point = (first, middle, last) => Buffer.concat([Buffer.from([first]), Buffer.alloc(30, middle), Buffer.from([last])]);
const isEd25519 = ({ signer }) => typeof signer.key === "string" && signer.key.endsWith("ed25519");
const smallOrder = [
  ["R is the neutral point", point(1, 0, 0)],
  ["R is the neutral point in a second spelling", point(1, 0, 0x80)],
  ["R is a point of order two", point(0xec, 0xff, 0x7f)],
].map(([name, r]) =>
  bytes(
    13,
    "ed25519 of small order",
    name,
    (signature, random, input, draft) => (isEd25519(draft) ? ed25519WithR(draft.signer.key, r, input) : signature),
    isEdwards,
  ),
);

const edwards = [
  bytes(13, "ed25519 out of range", "S + L", (signature) => (signature.length === 64 ? ed25519PlusOrder(signature) : signature), isEdwards),
  ...smallOrder,
];

const salts = [0, 20, 48, 190].map((saltLength) => ({
  row: 14,
  topic: "pss salt",
  name: `a salt of ${saltLength} bytes`,
  applies: isPss,
  apply: (draft) => {
    draft.signer = { ...draft.signer, variant: { saltLength } };
  },
}));

export const signatureMutations = [...shape, ...tampered, ...lengths, ...ecdsa, ...twins, ...edwards, ...salts];
