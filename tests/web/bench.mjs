// What the packed package costs in Node: microseconds for each piece of work, the median and the spread of several
// rounds in one process. No peers yet, and no claim: the machine's own speed is in every figure.

import { arch, cpus } from "node:os";
import { version } from "node:process";
import { admin, articleGuard, editor, plainGuard, request } from "./blog.mjs";
import { imported } from "./package.mjs";
import { token } from "./tokens.mjs";

const ROUNDS = 9;
const COUNT = 5_000;

const guard = plainGuard(imported);
const articles = articleGuard(imported, () => null);
const unseen = Array.from({ length: ROUNDS * COUNT + COUNT }, (_, index) => `Bearer ${token({ sub: `u${index}`, roles: ["editor", "viewer"], jti: `id-${index}` })}`);
const principal = guard.checkSync(request("GET", "/me", editor)).principal;
const own = { author_id: "u1" };
const me = (authorization) => ({ method: "GET", url: "https://blog.example/me", headers: { authorization } });
let next = 0;

const work = {
  "HS256 token never seen, and a route": () => guard.checkSync(me(unseen[next++])).allowed,
  "token and route seen before": () => guard.checkSync(me(`Bearer ${admin}`)).allowed,
  "token seen before, path never seen": () => guard.checkSync({ method: "GET", url: `/articles/${next++}`, headers: { authorization: `Bearer ${editor}` } }).allowed,
  "can: role, principal of the guard": () => articles.can(principal, "article:read"),
  "can: ownership, principal of the guard": () => articles.can(principal, "article:update", own),
  "can: ownership, a subject of one's own": () => articles.can({ id: "u1", roles: ["editor"] }, "article:update", own),
};

console.log(`Node ${version}, ${cpus()[0]?.model ?? "unknown processor"}, ${arch()}; ${ROUNDS} rounds of ${COUNT}`);
console.log(`${"".padEnd(42)}  median      min      max  µs`);
for (const [name, run] of Object.entries(work)) {
  next = 0;
  const rounds = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    const start = process.hrtime.bigint();
    for (let index = 0; index < COUNT; index += 1) if (run() !== true) throw new Error(`${name}: not allowed`);
    if (round >= 0) rounds.push(Number(process.hrtime.bigint() - start) / COUNT / 1_000);
  }
  rounds.sort((left, right) => left - right);
  const [median, min, max] = [rounds[ROUNDS >> 1], rounds[0], rounds.at(-1)].map((figure) => figure.toFixed(2).padStart(8));
  console.log(`${name.padEnd(42)}${median} ${min} ${max}`);
}
