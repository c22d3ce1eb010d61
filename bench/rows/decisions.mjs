// May she? By roles alone, by a condition, and with a large policy.

import * as accesscontrol from "../peers/accesscontrol.mjs";
import * as casbin from "../peers/casbin.mjs";
import * as casl from "../peers/casl.mjs";
import * as cedarling from "../peers/cedarling-wasm.mjs";
import * as cedar from "../peers/cedar-wasm.mjs";
import * as cel from "../peers/cel-js.mjs";
import * as portcullis from "../peers/portcullis.mjs";
import { authorization, fresh, trusted } from "../tokens.mjs";

const floor = { name: "floor", run: (index) => (index & 1) === 0 };

async function row(name, contestants, goals) {
  const all = [floor, ...Object.entries(contestants).map(([contestant, run]) => ({ name: contestant, run }))];
  for (const { name: contestant, run } of all) {
    for (let index = 0; index < 256; index += 1) {
      if ((await run(index)) !== ((index & 1) === 0)) throw new Error(`${name}: ${contestant} answers question ${index} wrongly`);
    }
  }
  return { name, unit: "µs", odd: false, contestants: all, goals };
}

/** Who asks was verified by the guard: the header of a token of ann's, and what the guard trusts. */
const ann = () => [fresh(authorization("HS256", { sub: "ann" })), trusted("HS256")];

export const rolesRow = async () =>
  row(
    "can, by roles alone",
    {
      portcullis: portcullis.roles(...ann()),
      "portcullis, a subject of one's own": portcullis.roles(),
      "@casl/ability": casl.roles(),
      accesscontrol: accesscontrol.roles(),
      casbin: await casbin.roles(),
      "@cedar-policy/cedar-wasm": cedar.roles(),
      "@janssenproject/cedarling_wasm": cedarling.roles(),
    },
    { "@casl/ability": 1, casbin: 20, "@cedar-policy/cedar-wasm": 500 },
  );

export const conditionRow = async () =>
  row(
    "can, with a condition on two attributes",
    {
      portcullis: portcullis.conditions(...ann()),
      "portcullis, a subject of one's own": portcullis.conditions(),
      "@casl/ability": casl.conditions(),
      "@marcbachmann/cel-js, the condition alone": cel.conditions(),
      casbin: await casbin.conditions(),
      "@cedar-policy/cedar-wasm": cedar.conditions(),
      "@janssenproject/cedarling_wasm": cedarling.conditions(),
    },
    { casbin: 5, "@cedar-policy/cedar-wasm": 100 },
  );

/** A policy has 10,000 permissions at most, and ten are there already. */
export const growthRow = async () =>
  row(
    "the same, with 9,990 more roles and rules",
    { portcullis: portcullis.conditions(...ann(), 9_990), "portcullis, 10 more": portcullis.conditions(...ann(), 10) },
    { "portcullis, 10 more": { within: 1.5 } },
  );
