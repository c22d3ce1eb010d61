// What wasm-opt does not do for a module that is downloaded and never debugged, done on its text:
// node scripts/squeeze.mjs trap|order <in.wat> <out.wat> [<fading> <rarity>]. The same text in gives the same text out.
//
// trap   A trap ends the epoch and nobody reads why. So what only panics becomes `unreachable`, and the places in the
//        source that it would have named become zeros; and so does what wasm-bindgen and js-sys keep in the table for
//        closures and futures, which never cross here. Functions are known by their names, which must be there yet.
// order  puts functions that are alike beside each other, because gzip looks back no further than 32 KB. Which numbers
//        are best differs from build to build by some hundred bytes.

import { readFileSync, writeFileSync } from "node:fs";
import { argv } from "node:process";

const FUNCTION = /^ \(func (\$"[^"]*"|\S+)(.*)\n[^]*?^ \)\n/gm;

const UNREACHABLE = [
  /^\$"<?(?:core|std|__rustc)\[.*(?:::panicking::|::rust_panic$|::rust_begin_unwind$|::__rust_start_panic$)/,
  /^\$"<?core\[.*::(?:panic_\w+|\w+_fail|\w+_failed)$/,
  /^\$"<?alloc\[.*::(?:assert_failed|handle_error|capacity_overflow|handle_alloc_error)$/,
  /^\$wasm_bindgen::convert::closures::/,
  /^\$(?:core::ptr::drop_in_place<alloc::rc::Rc<)?js_sys::/,
];

// What messages are put together with. It stays in the table when nothing but panics has used it.
const FORMATTING = [
  /^\$"?core(?:\[\w+\])?::fmt::(?:write|Write::write_fmt)$/,
  /^\$"?(?:core(?:\[\w+\])?::str::count::|<core(?:\[\w+\])?::fmt::Formatter>::pad)/,
  /^\$"?<(?!&?portcullis)[^>]* as core(?:\[\w+\])?::fmt::(?:Display|Debug|LowerHex)>::fmt$/,
  /^\$"?<[^>]* as core(?:\[\w+\])?::fmt::Write>::write_fmt$/,
];

function trap(text) {
  const panicking = emptied(text, UNREACHABLE);
  const silent = emptied(panicking, FORMATTING);
  return sorted(isCalled(silent, FORMATTING) ? panicking : silent).replace(/^( \(data \S+ \(i32\.const (\d+)\) ")((?:[^"\\]|\\.)*)/gm, (_, head, address, escaped) => head + text_of(without_places(bytes_of(escaped), Number(address))));
}

const matching = (patterns, name) => patterns.findIndex((pattern) => pattern.test(bare(name)));
const bare = (name) => name.replace(/"$/, "").replace(/::h[0-9a-f]{16}$/, "");

function emptied(text, patterns) {
  const found = patterns.map(() => 0);
  const made = text.replace(FUNCTION, (whole, name, signature) => {
    const index = matching(patterns, name);
    if (index < 0) return whole;
    found[index] += 1;
    return ` (func ${name}${signature}\n  (unreachable)\n )\n`;
  });
  // A compiler that names things otherwise is told of, rather than shipping what is larger.
  if (found.includes(0)) throw new Error(`no function has a name like ${patterns[found.indexOf(0)]}`);
  return made;
}

/** Whether one of those functions is called by its name. */
function isCalled(text, patterns) {
  return Array.from(text.matchAll(/^ +\((?:return_)?call (\$"[^"]*"|\S+)/gm)).some(([, name]) => matching(patterns, name) >= 0);
}

// By their names and what is in them, without the hashes, which differ from folder to folder: else so would the size.
function sorted(text) {
  const plain = (whole) => whole.replace(/::h[0-9a-f]{16}\b|\[[0-9a-f]{16}\]/g, "");
  const functions = Array.from(text.matchAll(FUNCTION), ([whole]) => [plain(whole), whole]);
  functions.sort(([one], [other]) => (one < other ? -1 : Number(one > other)));
  const start = text.search(/^ \(func /m);
  const end = start + functions.reduce((length, [, whole]) => length + whole.length, 0);
  return text.slice(0, start) + functions.map(([, whole]) => whole).join("") + text.slice(end);
}

// core::panic::Location: the address and the length of a file's name, a line, a column.
function without_places(data, address) {
  const kept = Buffer.from(data);
  for (let at = 0; at + 16 <= data.length; at += 4) {
    const start = data.readUInt32LE(at) - address;
    const end = start + data.readUInt32LE(at + 4);
    if (start < 0 || end > data.length || !/^[\w./-]+\.rs$/.test(data.toString("latin1", start, end))) continue;
    kept.fill(0, start, end);
    kept.fill(0, at, at + 16);
  }
  return kept;
}

const ESCAPES = { t: 9, n: 10, r: 13, '"': 34, "'": 39, "\\": 92 };

function bytes_of(escaped) {
  const bytes = escaped.replace(/\\(?:([0-9a-f]{2})|(.))/g, (_, hex, letter) => String.fromCharCode(hex ? Number.parseInt(hex, 16) : ESCAPES[letter]));
  return Buffer.from(bytes, "latin1");
}

function text_of(bytes) {
  return Array.from(bytes, (byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
}

// Greedy: behind a function stands the one that shares most with those before it, of which the nearer count more. What
// two functions share are pairs of lines; a pair that many have says little, and a long function has many. `fading` is
// what is left of a likeness behind each function, `rarity` how much less a pair says that more have.
function order(text, fading = 0.93, rarity = 0.4) {
  const functions = Array.from(text.matchAll(FUNCTION), ([whole]) => whole);
  const start = text.search(/^ \(func /m);
  const end = start + functions.join("").length;

  const owners = new Map();
  const pairs = functions.map((whole, index) => {
    const lines = whole.split("\n").slice(1).map((line) => line.trim()).filter((line) => line !== ")");
    const own = new Set(lines.slice(1).map((line, before) => `${lines[before]}\n${line}`));
    for (const pair of own) owners.set(pair, [...(owners.get(pair) ?? []), index]);
    return own;
  });

  const ordered = [];
  const left = new Set(functions.keys());
  const shared = functions.map(() => 0);
  let next = pairs.reduce((largest, own, index) => (own.size > pairs[largest].size ? index : largest), 0);
  while (left.delete(next)) {
    ordered.push(functions[next]);
    for (const index of left) shared[index] *= fading;
    for (const pair of pairs[next]) for (const index of owners.get(pair)) shared[index] += owners.get(pair).length ** -rarity;
    let best = -1;
    for (const index of left) {
      const likeness = shared[index] / (pairs[index].size + 8) ** 0.5;
      if (likeness > best) [best, next] = [likeness, index];
    }
  }
  return text.slice(0, start) + ordered.join("") + text.slice(end);
}

const [step, source, target, ...numbers] = argv.slice(2);
writeFileSync(target, { trap, order }[step](readFileSync(source, "latin1"), ...numbers.map(Number)), "latin1");
