// The body of a request: a small JSON object of texts, or a refusal.
import { Refusal } from "./refusals.js";

const largest = 16 * 1024;

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
  const value = parsed(await bounded(request));
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Refusal("malformed_request");
  return value as Readonly<Record<string, unknown>>;
}

async function bounded(request: Request): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let size = 0;
  try {
    for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > largest) throw new Refusal("too_large");
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal("malformed_request");
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("malformed_request");
  }
}
