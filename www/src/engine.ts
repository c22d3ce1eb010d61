import * as core from "./wasm/core.js";
import { TextEncoder } from "./wasm/text.js";
import { load } from "#wasm";

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
  #bytes = new Uint8Array();

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  /** The instance's memory. It grows, and then the view of before is empty. */
  get bytes(): Uint8Array {
    if (this.#bytes.buffer !== this.#memory.buffer) this.#bytes = new Uint8Array(this.#memory.buffer);
    return this.#bytes;
  }
}

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

/** Calls the core. Whatever it throws ends the epoch: a trap leaves the instance in no state to trust. */
export function call<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    epoch = undefined;
    throw new EngineFailure(error);
  }
}

/** Writes text or bytes where the core reads them; the number of bytes, or `undefined` where they are too many. */
export function write(data: string | Uint8Array): number | undefined {
  if (data.length === 0) return 0;
  // Three bytes for each UTF-16 unit are always enough; past the buffer's limit the exact number may still fit.
  const source = typeof data === "string" && data.length > 0x40000 ? encoder.encode(data) : data;
  const capacity = typeof source === "string" ? source.length * 3 : source.length;
  const pointer = call(() => core.input(capacity));
  if (pointer === 0) return undefined;
  const target = current().bytes.subarray(pointer, pointer + capacity);
  if (typeof source === "string") return encoder.encodeInto(source, target).written;
  target.set(source);
  return source.length;
}
