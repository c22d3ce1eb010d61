import type { RequestLike } from "./types.js";

/**
 * What the core reads of a request. A header is read once, so that a request cannot show one value to the
 * short way and another to the full one. Throws where the object is no {@link RequestLike}.
 */
export class Fields {
  readonly method: string;
  readonly url: string;
  /** The header of that lower-case name; `undefined` where it is absent. Reads anew at each call. */
  readonly read: (name: string) => string | undefined;
  readonly #names: readonly string[];
  readonly #values: (string | undefined)[];

  /** `credentials`: how many of the first names carry a credential; these are read at once. */
  constructor(request: RequestLike, names: readonly string[], credentials: number) {
    this.method = text(request.method);
    this.url = text(request.url);
    this.read = reader(request.headers);
    this.#names = names;
    this.#values = new Array(credentials);
    for (let index = 0; index < credentials; index += 1) this.#values[index] = this.read(names[index] ?? "");
  }

  /** The one credential, where there is none but in the token header; `""` for none at all. */
  soleToken(): string | undefined {
    const token = this.#values[0];
    if (token === "") return undefined;
    for (let index = 1; index < this.#values.length; index += 1) if (this.#values[index] !== undefined) return undefined;
    return token ?? "";
  }

  /** What names the route: the method, and the URL without query and fragment. */
  place(): string | undefined {
    if (this.method === "OPTIONS") return undefined;
    const end = this.url.search(/[?#]/);
    if (end < 0) return `${this.method}\n${this.url}`;
    return this.url.includes("access_token", end) ? undefined : `${this.method}\n${this.url.slice(0, end)}`;
  }

  /** The text for the core: one field in a line, an absent one empty, a present one after an equals sign. */
  text(circumstances: string | undefined): string {
    let text = `${this.method}\n${this.url}`;
    this.#names.forEach((name, index) => {
      text += line(index < this.#values.length ? this.#values[index] : this.read(name));
    });
    return text + line(circumstances);
  }
}

function line(value: string | undefined): string {
  return value === undefined ? "\n" : `\n=${value}`;
}

function reader(headers: unknown): (name: string) => string | undefined {
  if (Array.isArray(headers)) {
    const pairs = headers.map(pair);
    return (name) => joined(name, pairs.filter(([own]) => own === name).map(([, value]) => value));
  }
  if (typeof headers !== "object" || headers === null) throw new TypeError("headers are neither Headers nor a record nor pairs");
  if ("get" in headers && typeof headers.get === "function") {
    const { get } = headers;
    return (name) => optional(get.call(headers, name) as unknown);
  }
  // Names in any case, as gateways hand them over; two spellings of one name are two fields.
  const fields = Object.entries(headers);
  return (name) => {
    const values = fields.filter(([own, value]) => value !== undefined && value !== null && own.toLowerCase() === name);
    return joined(name, values.flatMap(([, value]: readonly [string, unknown]) => (Array.isArray(value) ? value.map(text) : [text(value)])));
  };
}

function pair(entry: unknown): readonly [string, string] {
  if (!Array.isArray(entry) || entry.length !== 2) throw new TypeError("a header is no pair");
  return [text(entry[0]).toLowerCase(), text(entry[1])];
}

// As `Headers` joins them (RFC 9110 §5.3), and cookies as HTTP/2 has it (RFC 9113 §8.2.3).
function joined(name: string, values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : values.join(name === "cookie" ? "; " : ", ");
}

function optional(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : text(value);
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("a part of the request is no text");
  return value;
}
