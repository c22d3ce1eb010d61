// Items, of which many lack something. The same at every run.

import { now } from "../tokens.mjs";

const HOUR = 3600;

const texts = [
  "", "a", "A", "a%", "a%b", "a_b", "axb", "ax", "O'Brien", "o'brien", 'say "x"', "back\\slash", "é", "e\u0301", "É", "ß", "SS", "żółć 🦊", "🦊", "\uffff", "\ue000",
  "m", "M", "z", "%", "_", "'; DROP TABLE item; --", "1", "NULL", "null", "tab\t", "new\nline", " m ", "İ", "i", "ann", "open",
];
const words = ["x", "y", "frozen", "", "X", "o'dd \"tag\"", "żółć 🦊", "'", "g3", "open"];

/** Of which type, and what they may be. */
const values = {
  owner: ["ann", "bob", "Ann", "", "'; DROP TABLE item; --", "cat"],
  tenant: ["acme", "globex", "", "ACME", "o'dd \"tenant\""],
  title: texts,
  other: [...texts, "ann", "O'Brien", ""],
  status: ["open", "Open", "new", "archived", "żółć 🦊", "x", "'", ""],
  count: [0, 1, 2, 3, 4, 5, 6, -1, -5, 9007199254740991, -9007199254740991],
  amount: [0, 1, 3, 6, -1],
  price: [0, 0.1, 0.2, 0.3, 0.30000000000000004, 5e-324, 1e22, 1e307, -9e307, -2, 2],
  ratio: [0, 0.1, 0.3, 1e22, -2],
  open: [true, false],
  hidden: [true, false],
  created: [now, now - 1, now + 1, now + 0.5, now - 0.001, 0, -1, 1767225600],
  due: [now, now + HOUR, now + HOUR + 1, now + HOUR + 0.25, now - HOUR, 1767225599, 1767225600, 4102444800],
  tags: [[], ["x"], ["x", "y"], ["y"], ["frozen", "x"], ["X"], [""], ["o'dd \"tag\""], ["żółć 🦊", "y"]],
  groups: words.map((word, place) => words.slice(place, place + (place % 3))),
  numbers: [[], [7], [1, 7, 9], [70], [-7], [9007199254740991, 7]],
  weights: [[], [0.1], [0.1, 0.2], [1e22], [0.30000000000000004], [1]],
  flags: [[], [true], [false], [true, false]],
};

/** The types of the columns. */
export const columns = {
  id: "string",
  owner: "string",
  tenant: "string",
  title: "string",
  other: "string",
  status: "string",
  count: "int",
  amount: "int",
  price: "double",
  ratio: "double",
  open: "bool",
  hidden: "bool",
  created: "timestamp",
  due: "timestamp",
  tags: "list(string)",
  groups: "list(string)",
  numbers: "list(int)",
  weights: "list(double)",
  flags: "list(bool)",
};

/** Numbers from 0 to 1 that look as if nobody had chosen them (mulberry32). */
export function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export const pick = (next, list) => list[Math.floor(next() * list.length)];

const next = chance(4);

function row(index) {
  const members = Object.entries(values).map(([name, list]) => [name, next() < 0.2 ? null : index < list.length ? list[index] : pick(next, list)]);
  return { id: `i${index}`, ...Object.fromEntries(members) };
}

/** Moments are seconds, also parts of one. */
export const rows = [...Array.from({ length: 120 }, (_, index) => row(index)), { id: "empty", ...Object.fromEntries(Object.keys(values).map((name) => [name, null])) }];
