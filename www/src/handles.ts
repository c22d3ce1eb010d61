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

/** Methods that are kept for one URL. A policy's routes have seven, but a route for every method takes whatever comes. */
const METHODS = 16;

/** What is kept for one URL and method, and behind it the same URL's other methods. */
interface Place<Value> {
  readonly method: string;
  readonly value: Value;
  readonly next: Place<Value> | undefined;
  readonly length: number;
}

/** The same by URL and method: however many methods a caller invents, no more URLs are held, and none is shut out. */
export class Places<Value> {
  readonly #urls: Generations<string, Place<Value>>;

  constructor(bound: number) {
    this.#urls = new Generations(bound);
  }

  get(method: string, url: string): Value | undefined {
    let place = this.#urls.get(url);
    while (place !== undefined && place.method !== method) place = place.next;
    return place?.value;
  }

  /** Forgets the URL with all its methods. */
  delete(url: string): void {
    this.#urls.delete(url);
  }

  set(method: string, url: string, value: Value): void {
    const known = this.#urls.get(url);
    const next = known !== undefined && known.length < METHODS ? known : undefined;
    this.#urls.set(url, { method, value, next, length: (next?.length ?? 0) + 1 });
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
