// What a row needs of a page. It is cross-origin isolated, so its clock goes by 5 µs; else it would by 100 µs.

export const runtime = "chromium";
export const roundNs = 20_000_000;
export const clock = "performance.now";
export const now = () => performance.now() * 1_000_000;
export const referenceClock = "Date.now";
export const reference = () => Date.now() * 1_000_000;

/** By the protocol of the developer tools. */
export const collect = () => globalThis.collectGarbage();

const encoder = new TextEncoder();
const decoder = new TextDecoder();
export const bytes = (text) => encoder.encode(text);
export const fresh = (header) => decoder.decode(header);
