// server.wasm, as it is before it loses its names, made to count what it allocates: two globals more, and in front of the
// function that every allocation goes through, four instructions for each. Nothing else of the code is touched.

import { bodiesOf, CODE, EXPORT, GLOBAL, importsOf, namesOf, Reader, sectionOf, sectionsOf } from "./sections.mjs";

/** The allocator's own: in front of it Rust's `__rust_alloc` and the like are compiled into whoever calls them. */
const ALLOCATING = /^rlsf::flex::FlexTlsf<.*>::allocate::h[0-9a-f]{16}$/;
/** Its parameter that says how many bytes are wanted, behind itself and the alignment. */
const SIZE = 2;

export const COUNT = "counted allocations";
export const BYTES = "counted bytes";

const I32 = 0x7f;
const MUTABLE = 1;
const GLOBAL_KIND = 3;
const [LOCAL_GET, GLOBAL_GET, GLOBAL_SET, I32_CONST, I32_ADD, END] = [0x20, 0x23, 0x24, 0x41, 0x6a, 0x0b];

function leb(value) {
  const bytes = [];
  do {
    bytes.push((value & 127) | (value > 127 ? 128 : 0));
    value = Math.floor(value / 128);
  } while (value > 0);
  return bytes;
}

const sized = (bytes) => Buffer.concat([Buffer.from(leb(bytes.length)), bytes]);

/** A vector with so many items more. */
function longer(bytes, items) {
  const reader = new Reader(bytes);
  const length = reader.number();
  return Buffer.concat([Buffer.from(leb(length + items.length)), bytes.subarray(reader.at), ...items.map((item) => Buffer.from(item))]);
}

/** The body with instructions in front of its first, which stands behind the locals. */
function counted(body, instructions) {
  const reader = new Reader(body);
  for (let left = reader.number(); left > 0; left -= 1) {
    reader.number();
    reader.take(1);
  }
  return Buffer.concat([body.subarray(0, reader.at), Buffer.from(instructions), body.subarray(reader.at)]);
}

const adding = (global, ...value) => [GLOBAL_GET, ...leb(global), ...value, I32_ADD, GLOBAL_SET, ...leb(global)];

/** The module that counts; {@link COUNT} and {@link BYTES} are among its exports. */
export function counting(file) {
  const sections = sectionsOf(file);
  const imports = importsOf(sections);
  const functions = imports.filter((kind) => kind === 0).length;
  const globals = imports.filter((kind) => kind === GLOBAL_KIND).length + new Reader(sectionOf(sections, GLOBAL)).number();
  const names = namesOf(sections);
  let found = 0;
  const bodies = bodiesOf(sections).map((body, index) => {
    if (!ALLOCATING.test(names.get(functions + index))) return sized(body);
    found += 1;
    return sized(counted(body, [...adding(globals, I32_CONST, 1), ...adding(globals + 1, LOCAL_GET, ...leb(SIZE))]));
  });
  if (found !== 1) throw new Error(`${found} functions have the allocator's name`);
  const zero = [I32, MUTABLE, I32_CONST, 0, END];
  const exported = (name, number) => [...leb(name.length), ...Buffer.from(name), GLOBAL_KIND, ...leb(number)];
  const changed = {
    [GLOBAL]: (bytes) => longer(bytes, [zero, zero]),
    [EXPORT]: (bytes) => longer(bytes, [exported(COUNT, globals), exported(BYTES, globals + 1)]),
    [CODE]: () => Buffer.concat([Buffer.from(leb(bodies.length)), ...bodies]),
  };
  const kept = sections.filter(({ name }) => name === undefined);
  const parts = kept.map(({ id, bytes }) => Buffer.concat([Buffer.from([id]), sized((changed[id] ?? Buffer.from)(bytes))]));
  return new WebAssembly.Module(Buffer.concat([file.subarray(0, 8), ...parts]));
}
