// Import and first answer, each in a Node of its own.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { spread } from "../measure.mjs";
import { authorization, fresh, trusted } from "../tokens.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 11);
const script = fileURLToPath(new URL("../cold.mjs", import.meta.url));

function started(words) {
  return Number(execFileSync(process.execPath, [script, ...words], { encoding: "utf8" }));
}

function row(name, contestants, goals) {
  const all = Object.entries({ floor: [], ...contestants }).map(([contestant, words]) => ({ name: contestant, words, rounds: [] }));
  for (let turn = 0; turn < ROUNDS; turn += 1) {
    for (let place = 0; place < all.length; place += 1) {
      const contestant = all[(turn + place) % all.length];
      contestant.rounds.push(started(contestant.words));
    }
  }
  return { name, unit: "ms", figures: all.map(({ name: contestant, rounds }) => ({ name: contestant, ...spread(rounds) })), goals };
}

export function coldDecisionRow() {
  const contestants = {
    portcullis: ["portcullis", "firstDecision"],
    casbin: ["casbin", "firstDecision"],
    "@cedar-policy/cedar-wasm": ["cedar-wasm", "firstDecision"],
  };
  return row("import and first decision, cold", contestants, { "@cedar-policy/cedar-wasm": 5 });
}

export function coldTokenRow() {
  const words = ["firstToken", fresh(authorization("HS256")), JSON.stringify(trusted("HS256"))];
  return row("import and first HS256 token, cold", { portcullis: ["portcullis", ...words], jose: ["jose", ...words] }, {});
}
