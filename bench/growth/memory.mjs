// What cached principals hold, as JSON: `node --expose-gc memory.mjs`. wasm memory by the instance's own memory object,
// which grows by pages of 64 KiB and never shrinks; JavaScript's heap behind a collection.

import { grown } from "./documents.mjs";
import { fresh, header, request } from "./headers.mjs";
import { memoryOf } from "./instances.mjs";
import { guardOf } from "./package.mjs";
import { spread } from "./spread.mjs";

const KEPT = 2_048;
const GUARDS = 5;
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const DISTINCT = [0, 1_000, KEPT, 10_000, 100_000, 200_000];

const policy = grown({});

function fill(guard, count) {
  for (let number = 0; number < count; number += 1) {
    const outcome = guard.checkSync(request("/me", fresh(header({ roles: ["role5"] }))));
    if (!outcome.allowed) throw new Error("a token is refused");
  }
}

function held() {
  globalThis.gc();
  globalThis.gc();
  return { wasm: memoryOf().byteLength, heap: process.memoryUsage().heapUsed };
}

const guards = [guardOf(policy)];
const bounded = [];
let before;
for (const [place, distinct] of DISTINCT.entries()) {
  fill(guards[0], distinct - (DISTINCT[place - 1] ?? 0));
  const now = held();
  before ??= now;
  bounded.push({
    name: `${distinct.toLocaleString("en")} distinct tokens`,
    figures: { "wasm memory, KiB more": (now.wasm - before.wasm) / 1024, "JS heap, KiB more": (now.heap - before.heap) / 1024 },
  });
}

const rounds = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const made = Array.from({ length: GUARDS }, () => guardOf(policy));
  guards.push(...made);
  const start = held();
  for (const guard of made) fill(guard, KEPT);
  const end = held();
  rounds.push({ wasm: (end.wasm - start.wasm) / (GUARDS * KEPT), heap: (end.heap - start.heap) / (GUARDS * KEPT) });
}

const columns = { "wasm memory, bytes": spread(rounds.map(({ wasm }) => wasm)), "JS heap, bytes": spread(rounds.map(({ heap }) => heap)) };
const each = { name: `with its token of ${header({ roles: ["role5"] }).length} bytes`, figures: columns };
console.log(
  JSON.stringify([
    { key: "guard", name: "memory of one guard, which remembers at most 2,048 tokens", columns: Object.keys(bounded[0].figures), rows: bounded },
    { key: "principal", name: `memory for each principal, of ${(GUARDS * KEPT).toLocaleString("en")} in ${GUARDS} guards`, columns: Object.keys(columns), rows: [each] },
  ]),
);
