// What one decision allocates, as JSON: in JavaScript's heap by what is used before and after so many calls, less what
// the same loop without the guard uses; in wasm by counting. To be run with young space for all of it, as run.mjs says.

import { readFileSync } from "node:fs";
import { PerformanceObserver } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { exportsOf } from "./instances.mjs";
import { BYTES, COUNT, counting } from "./counting.mjs";
import { decisions } from "./decisions.mjs";
import { named, use } from "./package.mjs";
import { spread } from "./spread.mjs";

const CALLS = 10_000;
const WARM = 4;
const ROUNDS = Number(process.env.ROUNDS ?? 11);

let swept = 0;
new PerformanceObserver((list) => (swept += list.getEntries().length)).observe({ entryTypes: ["gc"] });

function loop(work) {
  const start = process.memoryUsage().heapUsed;
  for (let index = 0; index < CALLS; index += 1) if (work(index) !== true) throw new Error("a wrong answer");
  return process.memoryUsage().heapUsed - start;
}

/** Bytes of the heap for each call of one round. Nothing is collected meanwhile: that would hide what was made. */
async function used(work, prepare) {
  prepare?.(CALLS);
  globalThis.gc();
  await setImmediate();
  await setImmediate();
  const before = swept;
  const bytes = loop(work);
  await setImmediate();
  await setImmediate();
  if (swept !== before) throw new Error("something was collected while it was counted: more young space is needed");
  return bytes / CALLS;
}

async function heapOf({ run, floor, prepare }) {
  const rounds = [];
  for (let round = -WARM; round < ROUNDS; round += 1) {
    const own = (await used(run, prepare)) - (await used(floor));
    if (round >= 0) rounds.push(own);
  }
  return spread(rounds);
}

/** What the core allocates, of calls that all do the same. */
function countedOf({ run, prepare }) {
  const calls = 1_000;
  prepare?.(2 * calls);
  for (let index = 0; index < calls; index += 1) run(index);
  const counters = exportsOf();
  prove(counters);
  const before = [counters[COUNT].value, counters[BYTES].value];
  for (let index = calls; index < 2 * calls; index += 1) if (run(index) !== true) throw new Error("a wrong answer");
  if (exportsOf() !== counters) throw new Error("the instance ended while it was counted");
  return { count: (counters[COUNT].value - before[0]) / calls, bytes: (counters[BYTES].value - before[1]) / calls };
}

/** A piece that is asked for counts as one, with its bytes. */
function prove({ [COUNT]: count, [BYTES]: bytes, __wbindgen_malloc: take, __wbindgen_free: free }) {
  const before = [count.value, bytes.value];
  free(take(1_000, 1), 1_000, 1);
  if (count.value - before[0] !== 1 || bytes.value - before[1] !== 1_000) throw new Error("what is allocated is not what is counted");
}

const heap = {};
for (const [name, made] of Object.entries(decisions)) heap[name] = await heapOf(made());
use(counting(readFileSync(named)));
const rows = Object.entries(decisions).map(([name, made]) => {
  const { count, bytes } = countedOf(made());
  return { name, figures: { "JS heap, bytes": heap[name], "wasm, allocations": count, "wasm, bytes": bytes } };
});
console.log(JSON.stringify([{ key: "decision", name: "allocated for a decision", columns: Object.keys(rows[0].figures), rows }]));
