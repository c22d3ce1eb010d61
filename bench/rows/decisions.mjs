// May she? By roles alone, by ownership, by a condition, and with a large policy.

import { contestants } from "../peers/all.mjs";
import { authorization, trusted } from "../tokens.mjs";
import { fresh } from "#host";

const floor = { name: "floor", run: (index) => (index & 1) === 0 };

async function row(name, peers, made, goals) {
  const all = [floor, ...(await contestants(peers, made))];
  for (const { name: contestant, run } of all) {
    for (let index = 0; index < 256; index += 1) {
      if ((await run(index)) !== ((index & 1) === 0)) throw new Error(`${name}: ${contestant} answers question ${index} wrongly`);
    }
  }
  return { name, unit: "µs", odd: false, contestants: all, goals };
}

/** Who asks was verified by the guard: the header of a token of ann's, and what the guard trusts. */
const ann = async () => [fresh(await authorization("HS256", { sub: "ann" })), await trusted("HS256")];

export async function rolesRow(peers) {
  const who = await ann();
  const made = {
    portcullis: (peer) => peer.roles(...who),
    "portcullis, a subject of one's own": (peer) => peer.roles(),
    "@casl/ability": (peer) => peer.roles(),
    accesscontrol: (peer) => peer.roles(),
    casbin: (peer) => peer.roles(),
    "@cedar-policy/cedar-wasm": (peer) => peer.roles(),
    "@janssenproject/cedarling_wasm": (peer) => peer.roles(),
  };
  return row("can, by roles alone", peers, made, { "@casl/ability": 1, casbin: 20, "@cedar-policy/cedar-wasm": 500 });
}

/** Without goals: the design names none. */
export async function ownershipRow(peers) {
  const who = await ann();
  const made = {
    portcullis: (peer) => peer.ownership(...who),
    "portcullis, a subject of one's own": (peer) => peer.ownership(),
    "@casl/ability": (peer) => peer.ownership(),
    accesscontrol: (peer) => peer.ownership(),
    casbin: (peer) => peer.ownership(),
    "@cedar-policy/cedar-wasm": (peer) => peer.ownership(),
    "@janssenproject/cedarling_wasm": (peer) => peer.ownership(),
  };
  return row("can, by ownership", peers, made, {});
}

export async function conditionRow(peers) {
  const who = await ann();
  const made = {
    portcullis: (peer) => peer.conditions(...who),
    "portcullis, a subject of one's own": (peer) => peer.conditions(),
    "@casl/ability": (peer) => peer.conditions(),
    accesscontrol: (peer) => peer.conditions(),
    "@marcbachmann/cel-js, the condition alone": (peer) => peer.conditions(),
    casbin: (peer) => peer.conditions(),
    "@cedar-policy/cedar-wasm": (peer) => peer.conditions(),
    "@janssenproject/cedarling_wasm": (peer) => peer.conditions(),
  };
  return row("can, with a condition on two attributes", peers, made, { casbin: 5, "@cedar-policy/cedar-wasm": 100 });
}

/** A policy has 10,000 permissions at most, and ten are there already. */
export async function growthRow(peers) {
  const who = await ann();
  const made = {
    portcullis: (peer) => peer.conditions(...who, 9_990),
    "portcullis, 10 more": (peer) => peer.conditions(...who, 10),
  };
  return row("the same, with 9,990 more roles and rules", peers, made, { "portcullis, 10 more": { within: 1.5 } });
}
