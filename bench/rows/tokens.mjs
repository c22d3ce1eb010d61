// A token that nobody has seen, and the same one again and again.

import * as aws from "../peers/aws-jwt-verify.mjs";
import * as fastJwt from "../peers/fast-jwt.mjs";
import * as hono from "../peers/hono.mjs";
import * as jose from "../peers/jose.mjs";
import * as portcullis from "../peers/portcullis.mjs";
import { callsOf } from "../measure.mjs";
import { authorization, fresh, refused, trusted } from "../tokens.mjs";

const floor = (questions) => ({ name: "floor", run: (index) => fresh(questions[index % questions.length]) !== "" });

async function refusing(name, verify, algorithm) {
  for (const [what, bytes] of Object.entries(refused(algorithm))) {
    if ((await verify(fresh(bytes))) !== false) throw new Error(`${name} takes ${what} (${algorithm})`);
  }
}

async function unseen(algorithm, count, goals) {
  const told = trusted(algorithm);
  const verifiers = {
    portcullis: portcullis.verifier(told),
    "fast-jwt": fastJwt.verifier(told),
    jose: await jose.verifier(told),
    hono: await hono.verifier(told),
    ...(algorithm === "HS256" ? {} : { "aws-jwt-verify": aws.verifier(told) }),
  };
  for (const [name, verify] of Object.entries(verifiers)) await refusing(name, verify, algorithm);
  const questions = Array.from({ length: callsOf(count) }, () => authorization(algorithm));
  const contestants = Object.entries(verifiers).map(([name, verify]) => ({ name, run: (index) => verify(fresh(questions[index])) }));
  return { name: `${algorithm} token never seen`, unit: "µs", odd: true, count, contestants: [floor(questions), ...contestants], goals };
}

/** Without goals for hono and aws-jwt-verify: the design names none. */
export const unseenRows = [
  () => unseen("HS256", 2_000, { "fast-jwt": 1.25, jose: 5 }),
  () => unseen("EdDSA", 400, { "fast-jwt": 1, jose: 1.3 }),
  () => unseen("RS256", 400, { jose: 1, "fast-jwt": 0.9 }),
  () => unseen("ES256", 400, { jose: 1, "fast-jwt": 0.9 }),
];

/** The guard decides on the route too; the peers know no routes. */
export async function seenRow() {
  const told = trusted("HS256");
  const questions = Array.from({ length: 64 }, () => authorization("HS256"));
  const url = Buffer.from("/articles");
  const decide = portcullis.gate(told);
  const caches = { "fast-jwt": fastJwt.cachingVerifier(told), "fast-jwt, cache keyed by the token": fastJwt.textCachingVerifier(told) };
  for (const [name, verify] of Object.entries({ portcullis: decide, ...caches })) {
    await refusing(name, (header) => verify(header, "/articles"), "HS256");
  }
  if (decide(fresh(questions[0]), "/articles", "DELETE") !== false) throw new Error("portcullis: an editor may delete");
  const contestants = Object.entries({ portcullis: decide, ...caches }).map(([name, verify]) => ({
    name,
    run: (index) => verify(fresh(questions[index & 63]), fresh(url)),
  }));
  const empty = { name: "floor", run: (index) => fresh(questions[index & 63]) !== "" && fresh(url) !== "" };
  const goals = { "fast-jwt": 3, "fast-jwt, cache keyed by the token": 3 };
  return { name: "HS256 token seen before, and a route", unit: "µs", odd: true, contestants: [empty, ...contestants], goals };
}
