/** Fetches a key set; the global `fetch` is one. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const TIMEOUT_MILLISECONDS = 5_000;
const MAX_BYTES = 64 * 1024;

/** The bytes of the key set at `url`. Rejects where they cannot be had; what they mean is the core's to say. */
export async function fetchKeySet(fetch: Fetch, url: string): Promise<Uint8Array> {
  const response = await fetch(url, {
    headers: { accept: "application/jwk-set+json, application/json" },
    // workerd knows no "error"; a redirect that is not followed is no 200, which is the same refusal.
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error("the key set was not found");
  }
  return readBody(response);
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
      throw new Error("the key set is too large");
    }
    bytes.set(value, length);
    length += value.length;
  }
  return bytes.subarray(0, length);
}
