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
    const { words } = views;
    const place = address >>> 2;
    this.pending = words[place] ?? 0;
    this.key = words[place + 1] ?? 0;
    this.algorithm = views.name(words[place + 2] ?? 0, words[place + 3] ?? 0);
    this.#input = words[place + 4] ?? 0;
    this.#inputLength = words[place + 5] ?? 0;
    this.#signature = words[place + 6] ?? 0;
    this.#length = words[place + 7] ?? 0;
    this.#guard = guard;
    this.#views = views;
    // The key that a request brought is the newest need's: later it could be another request's.
    if (this.key === 0) this.#jwk = call(() => core.jwk(guard, 0));
  }

  /** The key, a JWK. */
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
