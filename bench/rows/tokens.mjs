// A token that nobody has seen, good or to be refused, and the same one again and again.

import { bytes, fresh, runtime } from "#host";
import { callsOf } from "../measure.mjs";
import { contestants } from "../peers/all.mjs";
import { authorization, expired, forged, refused, several, trusted } from "../tokens.mjs";

async function refusing({ name, run: verify }, algorithm) {
  for (const [what, header] of Object.entries(await refused(algorithm))) {
    if ((await verify(fresh(header))) !== false) throw new Error(`${name} takes ${what} (${algorithm})`);
  }
}

/** Verifiers without a cache, each of which has refused what it must. Who takes no good token either is absent. */
async function verifiers(peers, algorithm) {
  const told = await trusted(algorithm);
  const names = ["portcullis", "fast-jwt", "jose", "hono", ...(algorithm === "HS256" ? [] : ["aws-jwt-verify"])];
  const all = await contestants(peers, Object.fromEntries(names.map((name) => [name, (peer) => peer.verifier(told)])));
  const absent = algorithm === "HS256" ? { "aws-jwt-verify": "it knows no secrets" } : {};
  for (const one of all) {
    await refusing(one, algorithm);
    if ((await one.run(fresh(await authorization(algorithm)))) === true) continue;
    if (one.name === "portcullis") throw new Error(`portcullis refuses a good token (${algorithm})`);
    absent[one.name] = "it refuses a good token here";
  }
  return { all: all.filter(({ name }) => absent[name] === undefined), absent };
}

function row(name, { all, absent }, questions, count, odd, goals) {
  const floor = { name: "floor", again: true, run: (index) => fresh(questions[index % questions.length]) !== "" && (odd || (index & 1) === 0) };
  const asked = all.map(({ name: contestant, run: verify }) => ({ name: contestant, run: (index) => verify(fresh(questions[index])) }));
  return { name, unit: "µs", odd, count, contestants: [floor, ...asked], absent, goals };
}

async function unseen(peers, algorithm, count, goals) {
  const all = await verifiers(peers, algorithm);
  const questions = await several(callsOf(count), () => authorization(algorithm));
  return row(`${algorithm} token never seen`, all, questions, count, true, goals);
}

/** RSA and ECDSA are the platform's everywhere: the design has goals for Node, some for workerd, none for browsers. */
const byPlatform = { node: { jose: 1, "fast-jwt": 0.9 }, workerd: { jose: 1 }, chromium: {} }[runtime];

/** Without goals for hono and aws-jwt-verify: the design names none. */
export const unseenRows = [
  (peers) => unseen(peers, "HS256", 6_000, { "fast-jwt": 1.25, jose: 5 }),
  (peers) => unseen(peers, "EdDSA", 1_500, { "fast-jwt": 1, jose: 1.3 }),
  (peers) => unseen(peers, "RS256", 1_000, byPlatform),
  (peers) => unseen(peers, "ES256", 1_500, byPlatform),
];

/** By turns a good one, and one that is forged or has expired. */
export async function refusedRow(peers) {
  const count = 3_000;
  const all = await verifiers(peers, "HS256");
  const made = [authorization, forged, authorization, expired];
  const questions = await several(callsOf(count), (index) => made[index % made.length]("HS256"));
  return row("HS256 token never seen, every other one refused", all, questions, count, false, {});
}

const notes = {
  "fast-jwt, cache keyed by the token":
    "without a goal, which is for the cache as it comes: fast-jwt warns of every key but its hash, and its documentation offers the token itself, by which portcullis too remembers, only to those who are not concerned about leaks.",
};

/** The guard decides on the route too; the peers know no routes. */
export async function seenRow(peers) {
  const told = await trusted("HS256");
  const questions = await several(64, () => authorization("HS256"));
  const url = bytes("/articles");
  const all = await contestants(peers, {
    portcullis: (peer) => peer.gate(told),
    "fast-jwt": (peer) => peer.cachingVerifier(told),
    "fast-jwt, cache keyed by the token": (peer) => peer.textCachingVerifier(told),
  });
  const [{ run: decide }] = all;
  for (const { name, run: verify } of all) await refusing({ name, run: (header) => verify(header, "/articles") }, "HS256");
  if (decide(fresh(questions[0]), "/articles", "DELETE") !== false) throw new Error("portcullis: an editor may delete");
  const asked = all.map(({ name, run: verify }) => ({ name, run: (index) => verify(fresh(questions[index & 63]), fresh(url)) }));
  const floor = { name: "floor", run: (index) => fresh(questions[index & 63]) !== "" && fresh(url) !== "" };
  return { name: "HS256 token seen before, and a route", unit: "µs", odd: true, contestants: [floor, ...asked], goals: { "fast-jwt": 3 }, notes };
}
