// How the size of a policy tells on one decision, and on loading, in Node with the packed package: the same question to
// policies with 10 to 10,000 roles, rules and routes, each role's grant and each rule with a condition. Each figure is
// the median of several rounds, in one process.

import { cpus } from "node:os";
import { version } from "node:process";
import { trust } from "./blog.mjs";
import { imported } from "./package.mjs";
import { now, token } from "./tokens.mjs";

const SIZES = [10, 100, 1_000, 10_000];
const ROUNDS = 9;
const COUNT = 2_000;
const LOADS = 7;

const numbers = (count) => Array.from({ length: count }, (_, number) => number);
const object = (count, entry) => Object.fromEntries(numbers(count).map(entry));

/** The permission that is asked for stands in the middle of all others. */
function policyOf(size) {
  const attributes = { owner: "string", status: "string", amount: "int" };
  return {
    policy: "scale",
    revision: 1,
    resources: object(size, (number) => [`type${number}`, { actions: ["update"], attributes }]),
    roles: object(size, (number) => [`role${number}`, { permits: [{ permission: `type${number}:update`, when: `resource.owner == subject.id && resource.amount < ${number + 1000}` }] }]),
    rules: numbers(size).map((number) => ({ id: `rule${number}`, effect: "deny", permissions: [`type${number}:update`], when: "resource.status == 'archived'" })),
    routes: numbers(size).map((number) => ({ route: `GET /type${number}/all`, role: `role${number}` })),
  };
}

function measured(size) {
  const policy = JSON.stringify(policyOf(size));
  const options = { policy, trust, clock: () => now };
  const guard = new imported.Guard(options);
  const middle = size >> 1;
  const roles = [`role${middle}`];
  const subject = { id: "u1", roles };
  const resource = { owner: "u1", status: "draft", amount: 7 };
  const permission = `type${middle}:update`;
  const unseen = numbers(COUNT * (ROUNDS + 1)).map((number) => `Bearer ${token({ sub: `u${number}`, roles, jti: `id-${size}-${number}` })}`);
  const request = (authorization) => ({ method: "GET", url: `https://scale.example/type${middle}/all`, headers: { authorization } });
  let next = 0;
  return {
    "can, with a condition and a rule (µs)": median(() => guard.can(subject, permission, resource)),
    "evaluate, the same (µs)": median(() => guard.evaluate({ subject, action: "update", resource: { type: `type${middle}`, properties: resource } }).decision),
    "check, a token never seen (µs)": median(() => guard.checkSync(request(unseen[next++])).allowed),
    "new Guard (ms)": loading(options),
  };
}

function median(run) {
  const rounds = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    const start = process.hrtime.bigint();
    for (let index = 0; index < COUNT; index += 1) if (run() !== true) throw new Error("not allowed");
    if (round >= 0) rounds.push(Number(process.hrtime.bigint() - start) / COUNT / 1_000);
  }
  return middleOf(rounds);
}

function loading(options) {
  const rounds = [];
  for (let round = 0; round < LOADS; round += 1) {
    // Another revision, so that no guard is found to be there.
    const policy = options.policy.replace('"revision":1', `"revision":${round + 2}`);
    const start = process.hrtime.bigint();
    new imported.Guard({ ...options, policy });
    rounds.push(Number(process.hrtime.bigint() - start) / 1_000_000);
  }
  return middleOf(rounds);
}

function middleOf(rounds) {
  return rounds.sort((left, right) => left - right)[rounds.length >> 1];
}

console.log(`Node ${version}, ${cpus()[0]?.model ?? "unknown processor"}; roles, rules and routes of each policy, and the ratio of the largest to the least`);
const columns = SIZES.map((size) => measured(size));
console.log(`${"".padEnd(40)}${SIZES.map((size) => size.toLocaleString("en").padStart(10)).join("")}     ratio`);
for (const name of Object.keys(columns[0])) {
  const figures = columns.map((column) => column[name]);
  console.log(`${name.padEnd(40)}${figures.map((figure) => figure.toFixed(2).padStart(10)).join("")}${(figures.at(-1) / figures[0]).toFixed(2).padStart(10)}`);
}
