import * as core from "./wasm/core.js";
import { TextEncoder } from "./wasm/text.js";
import { load } from "#wasm";
import type { Plain } from "./attributes.js";

/** The core trapped: that call has no answer, and what the instance knew is gone. */
export class EngineFailure extends Error {
  constructor(cause: unknown) {
    super("the engine failed", { cause });
    this.name = "EngineFailure";
  }
}

/** One life of the instance, from its boot to a trap. Every handle belongs to one. */
export class Epoch {
  readonly #memory: WebAssembly.Memory;
  readonly views: Views;
  #input = new Uint8Array();

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.views = new Views(memory);
  }

  /**
   * Where the core reads what is written, with that much room at least; `undefined` where that is too much. The core
   * moves it only to make more room, and where the memory has grown since, the view is empty.
   */
  input(capacity: number): Uint8Array | undefined {
    if (this.#input.length < capacity) {
      const room = Math.max(capacity, USUAL_INPUT);
      const pointer = call(() => core.input(room));
      if (pointer === 0) return undefined;
      this.#input = new Uint8Array(this.#memory.buffer, pointer, room);
    }
    return this.#input;
  }
}

/** What the core hands over by its place in memory. What is given counts until the next call, which may make the memory grow. */
export class Views {
  readonly #memory: WebAssembly.Memory;
  readonly #names = new Map<number, string>();
  #words = new Uint32Array();

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  /** All of the memory, four bytes a word. */
  get words(): Uint32Array {
    // Where the memory has grown since, the view is empty.
    if (this.#words.length === 0) this.#words = new Uint32Array(this.#memory.buffer);
    return this.#words;
  }

  bytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#memory.buffer, address, length);
  }

  /** A name that never changes. */
  name(address: number, length: number): string {
    const known = this.#names.get(address);
    if (known !== undefined) return known;
    const name = String.fromCharCode(...this.bytes(address, length));
    this.#names.set(address, name);
    return name;
  }
}

/** Bytes of most inputs. */
const USUAL_INPUT = 8192;

let given: WebAssembly.Module | undefined;
let epoch: Epoch | undefined;
const encoder = new TextEncoder();

/** Ends the epoch; the next one is of this module. */
export function use(module: WebAssembly.Module): void {
  given = module;
  epoch = undefined;
}

/** The epoch that is, or a new one: the wasm boots at its first use and after a trap, synchronously. */
export function current(): Epoch {
  epoch ??= new Epoch(core.boot(given ?? load()).memory);
  return epoch;
}

export function isCurrent(candidate: Epoch): boolean {
  return candidate === epoch;
}

/** Calls the core. Whatever it throws ends the epoch. */
export function call<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw failed(error);
  }
}

/** Ends the epoch for what the core threw: a trap leaves the instance in no state to trust. */
export function failed(error: unknown): EngineFailure {
  epoch = undefined;
  return new EngineFailure(error);
}

/** Writes text or bytes where the core reads them; the number of bytes, or `undefined` where they are too many. */
export function write(data: string | Uint8Array): number | undefined {
  if (data.length === 0) return 0;
  // Three bytes for each UTF-16 unit are always enough; past the buffer's limit the exact number may still fit.
  const source = typeof data === "string" && data.length > 0x40000 ? encoder.encode(data) : data;
  const target = current().input(typeof source === "string" ? source.length * 3 : source.length);
  if (target === undefined) return undefined;
  if (typeof source === "string") return isWrittenAsAscii(source, target, 0, NUL) ? source.length : encoder.encodeInto(source, target).written;
  target.set(source);
  return source.length;
}

/**
 * Writes each value in a line: text behind an equals sign, nothing for none, everything else as text; and a full stop
 * behind the last line. The number of bytes, or `undefined` where a text is long or not printable ASCII.
 */
export function writeLines(values: readonly Plain[]): number | undefined {
  const target = current().input(USUAL_INPUT);
  if (target === undefined) return undefined;
  let end = 0;
  for (const value of values) {
    if (value !== undefined) {
      if (typeof value === "string") target[end++] = EQUALS;
      const text = typeof value === "string" ? value : String(value);
      if (!isWrittenAsAscii(text, target, end, SPACE)) return undefined;
      end += text.length;
    }
    target[end++] = LINE_FEED;
  }
  target[end++] = FULL_STOP;
  return end > target.length ? undefined : end;
}

/** Longer text is faster with the encoder. */
const SHORT = 64;

const NUL = 0x00;
const LINE_FEED = 0x0a;
const SPACE = 0x20;
const FULL_STOP = 0x2e;
const EQUALS = 0x3d;
const TILDE = 0x7e;

/** Whether the text is short, and has ASCII from `least` to the tilde alone. What is past the end of the target is not written. */
function isWrittenAsAscii(text: string, target: Uint8Array, from: number, least: number): boolean {
  if (text.length > SHORT) return false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < least || code > TILDE) return false;
    target[from + index] = code;
  }
  return true;
}
