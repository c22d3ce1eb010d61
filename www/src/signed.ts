import { call, type Views } from "./engine.js";
import type { SignatureQuestion } from "./host.js";
import type { Registration } from "./registration.js";
import * as core from "./wasm/core.js";

/** A signature as the core asks for it. Its bytes are views of the core's memory. */
export class Signed implements SignatureQuestion {
  readonly pending: number;
  readonly key: number;
  readonly algorithm: string;
  readonly #guard: number;
  readonly #views: Views;
  readonly #input: number;
  readonly #inputLength: number;
  readonly #signature: number;
  readonly #length: number;
  #jwk: string | undefined;

  /** `address`: where the core says what it asks. */
  constructor({ epoch, guard }: Registration, address: number) {
    const { views } = epoch;
    const [pending = 0, key = 0, name = 0, nameLength = 0, input = 0, inputLength = 0, signature = 0, length = 0] = views.words(address, 8);
    this.pending = pending;
    this.key = key;
    this.algorithm = views.name(name, nameLength);
    this.#guard = guard;
    this.#views = views;
    this.#input = input;
    this.#inputLength = inputLength;
    this.#signature = signature;
    this.#length = length;
  }

  /** The key that a request brought can be asked for only now: of the newest need. */
  jwk(): string {
    return (this.#jwk ??= call(() => core.jwk(this.#guard, this.key)));
  }

  // Looked at behind the key, for which the core may have been asked.

  get input(): Uint8Array<ArrayBuffer> {
    return this.#views.bytes(this.#input, this.#inputLength);
  }

  get signature(): Uint8Array<ArrayBuffer> {
    return this.#views.bytes(this.#signature, this.#length);
  }
}
