// A WebAssembly file, read as far as its sections, the bodies of its functions and their names. It stands in the order
// of the specification (WebAssembly Core, §5): a number for the section, its length, its bytes.

export const IMPORT = 2;
export const GLOBAL = 6;
export const EXPORT = 7;
export const CODE = 10;
export const DATA = 11;
const CUSTOM = 0;
/** Of the bytes of a name section: the part that names functions. */
const FUNCTION_NAMES = 1;

const HEAD = 8;

/** Reads numbers (LEB128), vectors and texts one after the other. */
export class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  number() {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = this.bytes[this.at++];
      value += (byte & 127) * factor;
      factor *= 128;
      if (byte < 128) return value;
    }
  }

  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text() {
    return Buffer.from(this.take(this.number())).toString("utf8");
  }

  get done() {
    return this.at >= this.bytes.length;
  }
}

/** `{ id, name, bytes }` of each; only a custom section has a name, which does not stand in its bytes. */
export function sectionsOf(file) {
  const reader = new Reader(file, HEAD);
  const sections = [];
  while (!reader.done) {
    const id = reader.number();
    const bytes = reader.take(reader.number());
    const inner = new Reader(bytes);
    const name = id === CUSTOM ? inner.text() : undefined;
    sections.push({ id, name, bytes: bytes.subarray(inner.at) });
  }
  return sections;
}

export const sectionOf = (sections, id) => sections.find((section) => section.id === id)?.bytes ?? new Uint8Array();

/** The kinds of what is imported: 0 a function, 3 a global. */
export function importsOf(sections) {
  const reader = new Reader(sectionOf(sections, IMPORT));
  const kinds = [];
  for (let left = reader.number(); left > 0; left -= 1) {
    reader.text();
    reader.text();
    const kind = reader.take(1)[0];
    kinds.push(kind);
    if (kind === 0) reader.number();
    else if (kind === 3) reader.take(2);
    else throw new Error(`an import of kind ${kind}, which is not expected here`);
  }
  return kinds;
}

/** The body of each function of the file's own. */
export function bodiesOf(sections) {
  const reader = new Reader(sectionOf(sections, CODE));
  return Array.from({ length: reader.number() }, () => reader.take(reader.number()));
}

/** Names by the number of the function, imported ones counted first; none where the file has lost them. */
export function namesOf(sections) {
  const names = new Map();
  const reader = new Reader(sections.find(({ name }) => name === "name")?.bytes ?? new Uint8Array());
  while (!reader.done) {
    const part = reader.number();
    const inner = new Reader(reader.take(reader.number()));
    if (part !== FUNCTION_NAMES) continue;
    for (let left = inner.number(); left > 0; left -= 1) names.set(inner.number(), inner.text());
  }
  return names;
}
