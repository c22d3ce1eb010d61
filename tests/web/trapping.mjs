// The package's wasm, changed so that the core fails: `check` at one moment, or another function always.

/** Compiles the module with a trap put before `check`, in an `if` on its third parameter: where the clock says `moment`. */
export function trappingModule(wasm, moment, failing) {
  const sections = parse(wasm);
  const { index, imports } = exported(sections, "check");
  const now = new Uint8Array(new Float64Array([moment]).buffer);
  const body = failing === "overflow" ? [0x10, ...unsigned(index)] : [0x00]; // call itself for ever; unreachable
  const parameters = failing === "overflow" ? [0x20, 0, 0x20, 1, 0x20, 2] : [];
  const result = failing === "overflow" ? [0x0f] : []; // return
  const before = [0x20, 2, 0x44, ...now, 0x61, 0x04, 0x40, ...parameters, ...body, ...result, 0x0b];
  return new WebAssembly.Module(written(sections, index - imports, before));
}

/** Compiles the module with a trap in that function. */
export function trappingIn(wasm, name) {
  const sections = parse(wasm);
  const { index, imports } = exported(sections, name);
  return new WebAssembly.Module(written(sections, index - imports, [0x00])); // unreachable
}

/** Compiles the module with a `resume` that answers, whatever it is told, that something is needed: the same as before. */
export function endlessModule(wasm) {
  const sections = parse(wasm);
  const { index, imports } = exported(sections, "resume");
  const before = [0x41, 2, 0x0f]; // return NEED
  return new WebAssembly.Module(written(sections, index - imports, before));
}

const IMPORT = 2;
const EXPORT = 7;
const CODE = 10;

function parse(wasm) {
  const sections = [];
  const reader = reading(wasm, 8);
  while (!reader.done()) {
    const id = reader.byte();
    sections.push({ id, bytes: reader.bytes(reader.number()) });
  }
  return sections;
}

/** The index of the exported function, and how many functions are imported before the module's own. */
function exported(sections, wanted) {
  const imports = importedFunctions(sections.find(({ id }) => id === IMPORT));
  const reader = reading(sections.find(({ id }) => id === EXPORT).bytes);
  for (let left = reader.number(); left > 0; left -= 1) {
    const name = reader.text();
    const kind = reader.byte();
    const index = reader.number();
    if (name === wanted && kind === 0) return { index, imports };
  }
  throw new Error(`the module exports no ${wanted}`);
}

function importedFunctions(section) {
  if (section === undefined) return 0;
  const reader = reading(section.bytes);
  let functions = 0;
  for (let left = reader.number(); left > 0; left -= 1) {
    reader.text();
    reader.text();
    if (reader.byte() !== 0) throw new Error("an import that is no function");
    reader.number();
    functions += 1;
  }
  return functions;
}

function written(sections, position, before) {
  const parts = [Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00])];
  for (const { id, bytes } of sections) {
    const content = id === CODE ? changedCode(bytes, position, before) : bytes;
    parts.push(Buffer.from([id, ...unsigned(content.length)]), content);
  }
  return Buffer.concat(parts);
}

function changedCode(bytes, position, before) {
  const reader = reading(bytes);
  const count = reader.number();
  const parts = [Buffer.from(unsigned(count))];
  for (let index = 0; index < count; index += 1) {
    const body = reader.bytes(reader.number());
    const written = index === position ? insertedAfterLocals(body, before) : body;
    parts.push(Buffer.from(unsigned(written.length)), written);
  }
  return Buffer.concat(parts);
}

function insertedAfterLocals(body, before) {
  const reader = reading(body);
  for (let groups = reader.number(); groups > 0; groups -= 1) {
    reader.number();
    reader.byte();
  }
  return Buffer.concat([body.subarray(0, reader.position()), Buffer.from(before), body.subarray(reader.position())]);
}

function reading(bytes, start = 0) {
  let position = start;
  const reader = {
    done: () => position >= bytes.length,
    position: () => position,
    byte: () => bytes[position++],
    bytes: (length) => bytes.subarray(position, (position += length)),
    number() {
      let value = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = reader.byte();
        value |= (byte & 0x7f) << shift;
        if (byte < 0x80) return value >>> 0;
      }
    },
    text: () => new TextDecoder().decode(reader.bytes(reader.number())),
  };
  return reader;
}

function unsigned(value) {
  const out = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...out, rest];
    out.push((rest & 0x7f) | 0x80);
  }
}
