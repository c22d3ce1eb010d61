// A cold start in workerd: from the start of a process to the answer to its first request, without what the same takes
// with an empty Worker in the same turn. So it has the compiling of the bundle and of its wasm, and nothing of workerd's
// own.

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tests/web/home.mjs";
import { bundled } from "./bundle.mjs";
import { asked, configure, started } from "./process.workerd.mjs";

/** Loaded in the request, because Cedarling draws random numbers while it loads, which a Worker may do nowhere else. */
const worker = (load) => `export default { async fetch(request) {
  const input = await request.json();
  const yes = ${load};
  return new Response("", { status: yes === true ? 200 : 500 });
} };`;

export async function made(peer, work) {
  const folder = join(root, "target/bench/cold", `${peer ?? "floor"}-${work}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await bundled("workerd", undefined, folder, worker(peer === undefined ? "true" : `await (await import("../peers/${peer}.mjs")).${work}(input)`));
  configure(folder);
  return folder;
}

export async function first(folder, input) {
  const start = performance.now();
  const { port, close } = await started(folder);
  await asked(port, JSON.stringify(input));
  const spent = performance.now() - start;
  await close();
  return spent;
}

export function over([floor, ...others]) {
  const rest = others.map(({ name, rounds }) => ({ name, rounds: rounds.map((spent, turn) => spent - floor.rounds[turn]) }));
  return [{ name: "floor: an empty Worker, taken off", rounds: floor.rounds }, ...rest];
}
