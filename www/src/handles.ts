/**
 * A map that forgets. It holds at most twice `bound` entries; when the younger half is full the older
 * half goes. What is asked for stays young.
 */
export class Generations<Key, Value> {
  readonly #bound: number;
  #young = new Map<Key, Value>();
  #old = new Map<Key, Value>();

  constructor(bound: number) {
    this.#bound = bound;
  }

  get(key: Key): Value | undefined {
    const value = this.#young.get(key);
    if (value !== undefined) return value;
    const older = this.#old.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  delete(key: Key): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  set(key: Key, value: Value): void {
    if (this.#young.size >= this.#bound) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}

/** The methods of requests that are kept apart. A policy's routes have seven. */
const METHODS = 16;

/** The same by method and URL, for each method. */
export class Places<Value> {
  readonly #bound: number;
  readonly #methods = new Map<string, Generations<string, Value>>();

  constructor(bound: number) {
    this.#bound = bound;
  }

  get(method: string, url: string): Value | undefined {
    return this.#methods.get(method)?.get(url);
  }

  delete(method: string, url: string): void {
    this.#methods.get(method)?.delete(url);
  }

  set(method: string, url: string, value: Value): void {
    const known = this.#methods.get(method);
    if (known !== undefined) known.set(url, value);
    else if (this.#methods.size < METHODS) {
      const urls = new Generations<string, Value>(this.#bound);
      urls.set(url, value);
      this.#methods.set(method, urls);
    }
  }
}

/**
 * The same by credentials. They come as another string each time, and a `Map` reads each from end to end to hash it: so
 * what stands under the last characters, which of a token are its signature's, is compared with the whole text.
 */
export class Credentials<Entry extends { readonly token: string }> {
  readonly #entries: Generations<number, Entry>;

  constructor(bound: number) {
    this.#entries = new Generations(bound);
  }

  get(token: string): Entry | undefined {
    const entry = this.#entries.get(tail(token));
    return entry !== undefined && entry.token === token ? entry : undefined;
  }

  delete(token: string): void {
    if (this.get(token) !== undefined) this.#entries.delete(tail(token));
  }

  /** In the place of another one with the same last characters. */
  set(entry: Entry): void {
    this.#entries.set(tail(entry.token), entry);
  }
}

const TAIL = 12;

function tail(text: string): number {
  let number = text.length;
  for (let index = Math.max(0, text.length - TAIL); index < text.length; index += 1) number = Math.imul(number, 31) + text.charCodeAt(index);
  return number & 0x3fff_ffff;
}
