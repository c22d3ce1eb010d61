// Import and first answer, each in a process of its own. What starts is one file with a peer's own set-up, as a user
// would write it: all else is the package as it is installed, and for workerd as it is bundled.

import { spread } from "../measure.mjs";
import { ROUNDS } from "../rounds.mjs";
import * as inNode from "../runtimes/cold.node.mjs";
import * as inWorkerd from "../runtimes/cold.workerd.mjs";
import { authorization, trusted } from "../tokens.mjs";

const starters = { node: inNode, workerd: inWorkerd };

async function row(runtime, name, work, peers, input, goals) {
  const { made, first, over } = starters[runtime];
  const all = [];
  for (const [contestant, peer] of Object.entries({ floor: undefined, ...peers })) {
    all.push({ name: contestant, start: await made(peer, work), rounds: [] });
  }
  // The first turn brings the files into the machine's memory and does not count.
  for (let turn = -1; turn < ROUNDS; turn += 1) {
    for (let place = 0; place < all.length; place += 1) {
      const contestant = all[(turn + all.length + place) % all.length];
      const spent = await first(contestant.start, input);
      if (turn >= 0) contestant.rounds.push(spent);
    }
  }
  return { name, unit: "ms", figures: over(all).map(({ name: contestant, rounds }) => ({ name: contestant, ...spread(rounds) })), goals };
}

const engines = {
  portcullis: "portcullis",
  "@casl/ability": "casl",
  casbin: "casbin",
  "@cedar-policy/cedar-wasm": "cedar-wasm",
  "@janssenproject/cedarling_wasm": "cedarling-wasm",
};

export const coldDecisionRow = (runtime) =>
  row(runtime, "import and first decision, cold", "firstDecision", engines, {}, { "@cedar-policy/cedar-wasm": 5 });

export async function coldTokenRow(runtime) {
  const input = { authorization: new TextDecoder().decode(await authorization("HS256")), trusted: await trusted("HS256") };
  return row(runtime, "import and first HS256 token, cold", "firstToken", { portcullis: "portcullis", jose: "jose" }, input, {});
}
