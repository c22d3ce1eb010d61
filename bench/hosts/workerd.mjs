// What a row needs of workerd. On Cloudflare its clock stands still while a request computes, so that nobody can time a
// secret; in the open build it goes on, by whole milliseconds. Over a round that evens out: it begins anywhere within
// one, and ends so. Node's clock, asked over loopback, would be finer, but an answer is late by what the machine does
// meanwhile, always late and never early. So it is the reference: measure.mjs goes no further where the two disagree, as
// they do where this one stands still.

import { env } from "cloudflare:workers";

export const runtime = "workerd";
/** Three times as long as elsewhere: a millisecond is coarse. */
export const roundNs = 60_000_000;
export const clock = "performance.now";
export const now = () => performance.now() * 1_000_000;
export const referenceClock = "Node's clock, over loopback";
export const reference = async () => Number(await (await env.HOST.fetch("http://host/now")).text());

/** `--expose-gc`. */
export const collect = () => globalThis.gc?.();

const encoder = new TextEncoder();
const decoder = new TextDecoder();
export const bytes = (text) => encoder.encode(text);
export const fresh = (header) => decoder.decode(header);
