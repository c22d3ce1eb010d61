// What a wrong password takes, a name that nobody has, and a stored text that is no hash: whoever signs in should not be
// able to tell. In workerd it is the whole request that is timed, from outside, which is all that anybody sees.

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Passwords } from "portcullis/issuer";
import { root } from "../../tests/web/home.mjs";
import { spread } from "../measure.mjs";
import { ROUNDS } from "../rounds.mjs";
import { bundled } from "../runtimes/bundle.mjs";
import { asked, configure, started } from "../runtimes/process.workerd.mjs";

/** Attempts in a round. */
const COUNT = 8;
const PASSWORD = "correct horse battery staple";

const worker = `import { Passwords } from "portcullis/issuer";
const passwords = new Passwords();
export default { async fetch(request) {
  const { password, stored } = await request.json();
  try {
    return new Response(String(passwords.verify(password, stored)));
  } catch (error) {
    return new Response(error.code);
  }
} };`;

const starters = {
  node() {
    const passwords = new Passwords();
    const attempt = ({ password, stored }) => {
      try {
        return String(passwords.verify(password, stored));
      } catch (error) {
        return error.code;
      }
    };
    return { attempt, close() {} };
  },

  async workerd() {
    const folder = join(root, "target/bench/sign-in");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await bundled("workerd", undefined, folder, worker);
    configure(folder);
    const { port, close } = await started(folder);
    return { attempt: (attempted) => asked(port, JSON.stringify(attempted)), close };
  },
};

/** Without a goal: what the machine does besides is more than what could be told. The ratio should be one. */
export async function passwordRow(runtime) {
  const stored = new Passwords().hash(PASSWORD);
  const attempts = [
    { name: "portcullis", stored, answer: "false" },
    { name: "portcullis, a name that nobody has", stored: null, answer: "false" },
    { name: "portcullis, a hash that is none", stored: `${stored}$`, answer: "hash_malformed" },
  ].map((made) => ({ ...made, rounds: [] }));
  const { attempt, close } = await starters[runtime]();
  try {
    if ((await attempt({ password: PASSWORD, stored })) !== "true") throw new Error("the right password is wrong");
    // The first turn does not count.
    for (let turn = -1; turn < ROUNDS; turn += 1) {
      for (let place = 0; place < attempts.length; place += 1) {
        const { name, stored: kept, answer, rounds } = attempts[(turn + attempts.length + place) % attempts.length];
        const start = performance.now();
        for (let call = 0; call < COUNT; call += 1) {
          const said = await attempt({ password: `${PASSWORD} ${call}`, stored: kept });
          if (said !== answer) throw new Error(`${name}: ${said}`);
        }
        if (turn >= 0) rounds.push((performance.now() - start) / COUNT);
      }
    }
  } finally {
    await close();
  }
  return { name: "a wrong password", unit: "ms", figures: attempts.map(({ name, rounds }) => ({ name, ...spread(rounds) })), goals: {} };
}
