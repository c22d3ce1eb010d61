// What an issuer answers: its keys, where they are, and what a token of it is worth. All of it is the core's to judge.

import { TextEncoder } from "./wasm/text.js";

/** How the host reaches an issuer; the global `fetch` is one. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const TIMEOUT_MILLISECONDS = 5_000;
const MAX_BYTES = 64 * 1024;

const encoder = new TextEncoder();

/** An answer that may be kept for a while. */
export interface Fetched {
  /** The header `cache-control`; empty where there is none. */
  readonly cacheControl: string;
  readonly body: Uint8Array;
}

/** The key set, or the discovery document, at `url`. Rejects where it cannot be had. */
export async function fetchKeys(fetch: Fetch, url: string): Promise<Fetched> {
  const response = await answered(fetch, url, { headers: { accept: "application/jwk-set+json, application/json" } });
  const cacheControl: unknown = response.headers.get("cache-control");
  // A line break would end the line on which it crosses to the core.
  const isLine = typeof cacheControl === "string" && !/[\r\n]/.test(cacheControl);
  return { cacheControl: isLine ? cacheControl : "", body: await readBody(response) };
}

/** What an issuer says of a token (RFC 7662 §2). Rejects where that cannot be had. */
export async function introspect(fetch: Fetch, url: string, authorization: string, body: string): Promise<Uint8Array> {
  const headers = { accept: "application/json", authorization, "content-type": "application/x-www-form-urlencoded" };
  return readBody(await answered(fetch, url, { method: "POST", headers, body }));
}

/** Lines of text and the bytes behind them, as the core takes an answer. */
export function under(lines: readonly string[], body: Uint8Array): Uint8Array {
  const head = encoder.encode(lines.map((line) => `${line}\n`).join(""));
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}

async function answered(fetch: Fetch, url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, {
    ...init,
    // workerd knows no "error"; a redirect that is not followed is no 200, which is the same refusal.
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error("the answer is not 200");
  }
  return response;
}

async function readBody(response: Response): Promise<Uint8Array> {
  const bytes = new Uint8Array(MAX_BYTES);
  let length = 0;
  const reader: ReadableStreamDefaultReader<unknown> | undefined = response.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!(value instanceof Uint8Array) || length + value.length > MAX_BYTES) {
      await reader.cancel();
      throw new Error("the answer is too large");
    }
    bytes.set(value, length);
    length += value.length;
  }
  return bytes.subarray(0, length);
}
