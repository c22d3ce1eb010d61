// What a row needs of workerd. Its own clock is no good for this: on Cloudflare it stands still while a request
// computes, so that nobody can time a secret, and in the open build it goes by whole milliseconds. So the clock is that
// of the Node which has started it, asked over loopback before a round and after; measure.mjs takes off what asking
// costs. Asking is I/O, so the clock would go on even where it stands still.

import { env } from "cloudflare:workers";

export const runtime = "workerd";
/** Twice as long as elsewhere, because asking for the time takes longer, and not always equally long. */
export const roundNs = 40_000_000;
export const clock = "Node's process.hrtime over loopback";

export const now = async () => Number(await (await env.HOST.fetch("http://host/now")).text());

/** `--expose-gc`. */
export const collect = () => globalThis.gc?.();

const encoder = new TextEncoder();
const decoder = new TextDecoder();
export const bytes = (text) => encoder.encode(text);
export const fresh = (header) => decoder.decode(header);
