// The body of a request: a small JSON object of texts, or a refusal.
import { Refusal } from "./refusals.js";

const largest = 16 * 1024;
/** Whoever sends more slowly sends nothing. */
const patienceMs = 10_000;

/**
 * The same request with its body here. It is read before the guard is asked: whoever holds the end of a body back until they
 * have lost a role must not have been checked before.
 */
export async function whole(request: Request): Promise<Request> {
  if (request.body === null) return request;
  const { url, method, headers } = request;
  return new Request(url, { method, headers, body: await inTime(bytesOf(request.body)) });
}

async function inTime(reading: Promise<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Refusal("malformed_request")), patienceMs);
  });
  try {
    return await Promise.race([reading, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function bytesOf(body: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(largest);
  let size = 0;
  try {
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
      if (size + chunk.byteLength > largest) throw new Refusal("too_large");
      bytes.set(chunk, size);
      size += chunk.byteLength;
    }
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal("malformed_request");
  }
  return bytes.slice(0, size);
}

/** The members that are named; each must be a text, or may be absent where `?` stands behind its name. */
export async function body(request: Request, ...names: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const given = await json(request);
  const allowed = new Map(names.map((name) => (name.endsWith("?") ? [name.slice(0, -1), false] : [name, true])));
  for (const [name, value] of Object.entries(given)) {
    if (!allowed.has(name) || typeof value !== "string") throw new Refusal("malformed_request");
  }
  for (const [name, required] of allowed) if (required && !Object.hasOwn(given, name)) throw new Refusal("malformed_request");
  return given as Readonly<Record<string, string>>;
}

/** The whole object. A form of another site could not send this type without asking first. */
export async function json(request: Request): Promise<Readonly<Record<string, unknown>>> {
  if (request.headers.get("content-type") !== "application/json") throw new Refusal("malformed_request");
  const value = parsed(textOf(await request.arrayBuffer()));
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Refusal("malformed_request");
  return value as Readonly<Record<string, unknown>>;
}

function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal("malformed_request");
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("malformed_request");
  }
}
