// Rows 16 to 21 of the corpus: base64url, UTF-8, JSON, sizes and `crit`.

import { withText } from "../draft.mjs";

const partNames = ["header", "payload", "signature"];
const inParts = (topic, name, edit) =>
  partNames.map((part) => ({
    row: 16,
    topic,
    name: `${name} in the ${part}`,
    apply: (draft, random) => draft.partEdits.push((parts) => ({ [part]: edit(parts[part], random) })),
  }));
/** Not at an end: white space around a header's value is no part of it (RFC 9110 §5.5). */
const inserted = (character) => (part, random) => {
  const place = 1 + random.below(Math.max(part.length - 1, 1));
  return part.slice(0, place) + character + part.slice(place);
};

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** The last character with its unused bits set, where it has some. */
const trailing = (part) => {
  const unused = { 2: 0b1111, 3: 0b11 }[part.length % 4];
  return unused === undefined ? part : part.slice(0, -1) + alphabet[alphabet.indexOf(part.at(-1)) | unused];
};
/** A member that makes the part end where bits are left over. */
const filled = (member) => (draft) => {
  const edits = member === "header" ? draft.headerEdits : draft.claimsEdits;
  edits.push((bytes) => (bytes.length % 3 === 0 ? Buffer.concat([bytes, Buffer.from(" ")]) : bytes));
};

const base64 = [
  ...inParts("padding", "right padding", (part) => part.padEnd(Math.ceil(part.length / 4) * 4, "=")),
  ...inParts("padding", "padding too much", (part) => `${part}=====`),
  ...inParts("padding", "one equals sign", (part) => `${part}=`),
  ...inParts("base64 in place of base64url", "plus and slash", (part) => part.replaceAll("-", "+").replaceAll("_", "/")),
  ...[" ", "\t", "\n", "\r", "\0", "?", "~", "%", "*", "é", "\u2028", "+", "/"].flatMap((character) =>
    inParts("a foreign character", `${JSON.stringify(character)} inserted`, inserted(character)),
  ),
  ...inParts("a length that is none", "one character more", (part) => `${part}A`),
  ...inParts("a length that is none", "one character less", (part) => part.slice(0, -1)),
  ...inParts("a length that is none", "one character alone", () => "A"),
  ...partNames.map((part) => ({
    row: 16,
    topic: "trailing bits",
    name: `trailing bits in the ${part}`,
    apply: (draft) => {
      if (part !== "signature") filled(part)(draft);
      draft.partEdits.push((parts) => ({ [part]: trailing(parts[part]) }));
    },
  })),
];

/** The same of header and claims, before they are signed. */
const inBoth = (row, topic, name, edit) =>
  ["header", "claims"].map((part) => ({ row, topic, name: `${name} in the ${part}`, apply: (draft) => draft[`${part}Edits`].push(edit) }));
const withName = (raw) => (bytes) =>
  Buffer.concat([bytes.subarray(0, -1), Buffer.from(',"name":"a'), Buffer.from(raw), Buffer.from('b"}')]);
const utf16 = (bytes) => Buffer.from(bytes.toString("utf8"), "utf16le");

const utf8 = [
  ...inBoth(17, "invalid UTF-8", "0xff", withName([0xff])),
  ...inBoth(17, "invalid UTF-8", "an overlong slash", withName([0xc0, 0xaf])),
  ...inBoth(17, "invalid UTF-8", "a raw surrogate", withName([0xed, 0xa0, 0x80])),
  ...inBoth(17, "invalid UTF-8", "a cut-off sequence", withName([0xe2, 0x82])),
  ...inBoth(17, "lone surrogate", "\\ud800", withText('"name":"\\ud800"')),
  ...inBoth(17, "lone surrogate", "\\udc00 and \\ud800", withText('"name":"\\udc00\\ud800"')),
  ...inBoth(17, "byte order mark", "a byte order mark", (bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes])),
  ...inBoth(17, "another encoding", "UTF-16 LE", utf16),
  ...inBoth(17, "another encoding", "UTF-16 BE", (bytes) => utf16(bytes).swap16()),
  ...inBoth(17, "another encoding", "UTF-32", (bytes) => Buffer.from([...bytes].flatMap((byte) => [0, 0, 0, byte]))),
  ...inBoth(17, "harmless", "a pair of surrogates", withText('"fox":"\\ud83e\\udd8a é"')),
];

const number = (text) => withText(`"${text}":${text}`);
const nested = (depth) => withText(`"deep":${"[".repeat(depth)}${"]".repeat(depth)}`);

const json = [
  ...["sub", "iss", "aud", "exp"].flatMap((claim) => [
    {
      row: 18,
      topic: "duplicate member",
      name: `${claim} twice, the second another`,
      apply: (draft) => draft.claimsEdits.push(withText(`"${claim}":${claim === "exp" ? 9_000_000_000 : '"other"'}`)),
    },
    {
      row: 18,
      topic: "duplicate member",
      name: `${claim} twice, the first another`,
      apply: (draft) =>
        draft.claimsEdits.push((bytes) =>
          Buffer.concat([Buffer.from(`{"${claim}":${claim === "exp" ? 1 : '"other"'},`), bytes.subarray(1)]),
        ),
    },
  ]),
  {
    row: 18,
    topic: "duplicate member",
    name: "sub twice by an escape",
    apply: (draft) => draft.claimsEdits.push(withText('"\\u0073ub":"root"')),
  },
  {
    row: 18,
    topic: "duplicate member",
    name: "cnf with a member twice",
    apply: (draft) => draft.claimsEdits.push(withText('"act":{"sub":"a","sub":"b"}')),
  },
  ...["alg", "typ", "kid", "\\u0061lg"].map((member) => ({
    row: 18,
    topic: "duplicate member",
    name: `${member} twice in the header`,
    apply: (draft) => draft.headerEdits.push((bytes) => Buffer.concat([Buffer.from(`{"${member}":"none",`), bytes.subarray(1)])),
  })),
  ...inBoth(18, "not JSON", "text behind", (bytes) => Buffer.concat([bytes, Buffer.from("x")])),
  ...inBoth(18, "not JSON", "a second object behind", (bytes) => Buffer.concat([bytes, Buffer.from("{}")])),
  ...inBoth(18, "not JSON", "a NUL behind", (bytes) => Buffer.concat([bytes, Buffer.alloc(1)])),
  ...inBoth(18, "not JSON", "NaN", number("NaN")),
  ...inBoth(18, "not JSON", "Infinity", number("Infinity")),
  ...inBoth(18, "not JSON", "a leading zero", number("01")),
  ...inBoth(18, "not JSON", "a comment", (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from("/* */}")])),
  ...inBoth(18, "not JSON", "a trailing comma", (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from(",}")])),
  ...inBoth(18, "not JSON", "single quotes", withText("'a':1")),
  ...inBoth(18, "not JSON", "a control character", withText('"a":"\n"')),
  ...inBoth(18, "not JSON", "a cut-off text", (bytes) => bytes.subarray(0, -1)),
  ...inBoth(18, "a number that no double holds", "1e400", number("1e400")),
  ...inBoth(18, "harmless", "-0", number("-0")),
  ...inBoth(18, "harmless", "2^53 + 1", number("9007199254740993")),
  ...inBoth(18, "harmless", "white space around", (bytes) => Buffer.concat([Buffer.from(" \t\r\n"), bytes, Buffer.from("\n")])),
  ...inBoth(18, "harmless", "__proto__", withText('"__proto__":{"sub":"root","alg":"none","exp":9000000000}')),
  ...inBoth(18, "harmless", "constructor", withText('"constructor":{"prototype":{}},"toString":1')),
  ...inBoth(18, "harmless", "a depth of 32", nested(31)),
  ...inBoth(18, "too deep", "a depth of 33", nested(32)),
  ...inBoth(18, "too deep", "a depth of 2000", nested(2000)),
  ...["[]", '"u1"', "1", "null", "true", "", " "].flatMap((text) =>
    inBoth(18, "not an object", JSON.stringify(text), () => Buffer.from(text)),
  ),
];

const sizes = [
  { row: 19, topic: "harmless", name: "a claim of 8,000 bytes", apply: (draft) => (draft.claims.pad = "x".repeat(8000)) },
  { row: 19, topic: "too large", name: "a claim of 20,000 bytes", apply: (draft) => (draft.claims.pad = "x".repeat(20_000)) },
  { row: 19, topic: "too large", name: "a claim of 400,000 bytes", apply: (draft) => (draft.claims.pad = "x".repeat(400_000)) },
  { row: 19, topic: "too large", name: "a header of 20,000 bytes", apply: (draft) => (draft.header.pad = "x".repeat(20_000)) },
  { row: 19, topic: "not three parts", name: "20,000 dots", apply: (draft) => draft.textEdits.push(() => ".".repeat(20_000)) },
];

const critical = [
  ["an unknown member", { crit: ["policy"], policy: 1 }],
  ["b64 false", { crit: ["b64"], b64: false }],
  ["b64 true", { crit: ["b64"], b64: true }],
  ["exp", { crit: ["exp"], exp: 1 }],
  ["a member that is absent", { crit: ["absent"] }],
  ["__proto__", { crit: ["__proto__"] }],
  ["constructor", { crit: ["constructor"] }],
  ["a registered member", { crit: ["alg"] }],
  ["the same twice", { crit: ["a", "a"], a: 1 }],
  ["nothing", { crit: [] }],
  ["a number", { crit: [1] }],
  ["an empty name", { crit: [""] }],
  ["a text", { crit: "exp" }],
  ["an object", { crit: { exp: true } }],
  ["true", { crit: true }],
  ["null", { crit: null }],
  ["false", { crit: false }],
  ["zero", { crit: 0 }],
  ["an empty text", { crit: "" }],
].map(([name, members]) => ({ row: 21, topic: "crit", name: `crit with ${name}`, apply: (draft) => Object.assign(draft.header, members) }));
const unencoded = [false, true, "false"].map((b64) => ({
  row: 21,
  topic: "b64 without crit",
  name: `b64 is ${JSON.stringify(b64)}`,
  apply: (draft) => Object.assign(draft.header, { b64 }),
}));

export const encodingMutations = [...base64, ...utf8, ...json, ...sizes, ...critical, ...unencoded];
