import type { RequestLike } from "./types.js";

// Characters of a method and a URL beyond which they name no place. The whole URL counts: a part of a text may hold all of
// it in memory.
const LONGEST_PLACE = 4096;

/**
 * What the core reads of a request. A credential is read once, so that a request cannot show one value to the short way
 * and another to the full one.
 */
export class Fields {
  readonly #names: readonly string[];
  readonly #values: (string | undefined)[];
  #method = "";
  #url = "";
  #headers: unknown = undefined;

  /** `credentials`: how many of the first names carry a credential; these are read at once. */
  constructor(names: readonly string[], credentials: number) {
    this.#names = names;
    this.#values = new Array<string | undefined>(credentials).fill(undefined);
  }

  /** Reads another request. Throws where the object is no {@link RequestLike}. */
  take(request: RequestLike): void {
    this.#method = text(request.method);
    this.#url = text(request.url);
    this.#headers = request.headers;
    for (let index = 0; index < this.#values.length; index += 1) this.#values[index] = this.read(this.#names[index] ?? "");
  }

  /** Holds on to nothing of the request. */
  clear(): void {
    this.#method = "";
    this.#url = "";
    this.#headers = undefined;
    this.#values.fill(undefined);
  }

  /** The header of that lower-case name; `undefined` where it is absent. Reads anew at each call. */
  read(name: string): string | undefined {
    return headerOf(this.#headers, name);
  }

  /** The one credential, where there is none but in the token header; `""` for none at all. */
  soleToken(): string | undefined {
    const token = this.#values[0];
    if (token === "") return undefined;
    for (let index = 1; index < this.#values.length; index += 1) if (this.#values[index] !== undefined) return undefined;
    return token ?? "";
  }

  get method(): string {
    return this.#method;
  }

  /** What names the route beside the method: the URL without query and fragment. */
  place(): string | undefined {
    if (this.#method === "OPTIONS" || this.#method.length + this.#url.length > LONGEST_PLACE) return undefined;
    const end = endOfPath(this.#url);
    if (end < 0) return this.#url;
    return this.#url.includes("access_token", end) ? undefined : this.#url.slice(0, end);
  }

  /** The text for the core: one field in a line, an absent one empty, a present one after an equals sign. */
  text(circumstances: string | undefined): string {
    let text = `${this.#method}\n${this.#url}`;
    for (let index = 0; index < this.#names.length; index += 1) {
      text += line(index < this.#values.length ? this.#values[index] : this.read(this.#names[index] ?? ""));
    }
    return text + line(circumstances);
  }
}

/** Where the query or the fragment begins; -1 where there is neither. */
function endOfPath(url: string): number {
  const query = url.indexOf("?");
  const fragment = url.indexOf("#");
  return query < 0 || (fragment >= 0 && fragment < query) ? fragment : query;
}

function line(value: string | undefined): string {
  return value === undefined ? "\n" : `\n=${value}`;
}

function headerOf(headers: unknown, name: string): string | undefined {
  if (typeof headers !== "object" || headers === null) throw new TypeError("headers are neither Headers nor a record nor pairs");
  if (Array.isArray(headers)) return fromPairs(headers, name);
  if ("get" in headers && typeof headers.get === "function") return optional(headers.get(name) as unknown);
  return fromRecord(headers as Readonly<Record<string, unknown>>, name);
}

function fromPairs(pairs: readonly unknown[], name: string): string | undefined {
  let found: string | undefined;
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) throw new TypeError("a header is no pair");
    const value = text(pair[1]);
    if (text(pair[0]).toLowerCase() === name) found = joined(found, name, value);
  }
  return found;
}

/** Names in any case, as gateways hand them over; two spellings of one name are two fields. */
function fromRecord(fields: Readonly<Record<string, unknown>>, name: string): string | undefined {
  let found: string | undefined;
  for (const own of Object.keys(fields)) {
    if (own.length !== name.length || (own !== name && own.toLowerCase() !== name)) continue;
    const value = fields[own];
    if (value === undefined || value === null) continue;
    if (!Array.isArray(value)) found = joined(found, name, text(value));
    else for (const one of value) found = joined(found, name, text(one));
  }
  return found;
}

// As `Headers` joins them (RFC 9110 §5.3), and cookies as HTTP/2 has it (RFC 9113 §8.2.3).
function joined(before: string | undefined, name: string, value: string): string {
  if (before === undefined) return value;
  return `${before}${name === "cookie" ? "; " : ", "}${value}`;
}

function optional(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : text(value);
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("a part of the request is no text");
  return value;
}
