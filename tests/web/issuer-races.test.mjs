// Fifty uses at once of what is of use once: portcullis/issuer inside workerd, over D1 and over a Durable Object.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { bundleWorker, serveWorker } from "./workerd.mjs";

const TIMES = 50;

describe("fifty at once, in workerd", () => {
  let served;
  let address;
  before(async () => {
    bundleWorker("issuer");
    served = serveWorker("issuer", { d1Databases: { DATABASE: "database" }, durableObjects: { OBJECTS: { className: "StoreObject", useSQLite: true } } });
    address = await served.ready;
    assert.ok((await (await fetch(new URL("schema", address))).json()).count > 0);
  });
  after(() => served?.dispose());

  for (const engine of ["d1", "durable"]) {
    const ask = async (what, body) => {
      const answer = await (await fetch(new URL(`${engine}/${what}`, address), { method: "POST", body: JSON.stringify(body) })).json();
      assert.equal(answer.failed, undefined, answer.failed);
      return answer;
    };
    const atOnce = (what, body) => Promise.all(Array.from({ length: TIMES }, () => ask(what, body)));

    test(`one_code_is_accepted_once: ${engine}`, async () => {
      const account = `code.${engine}`;
      const use = { account, ...(await ask("new-code", {})) };
      const answers = await atOnce("code", use);
      assert.equal(answers.filter(({ accepted }) => accepted).length, 1);
      assert.deepEqual(new Set(answers.filter(({ accepted }) => !accepted).map(({ reason }) => reason)), new Set(["used"]));
      assert.equal((await ask("code", use)).accepted, false);
    });

    test(`one_recovery_code_is_accepted_once: ${engine}`, async () => {
      const account = `recovery.${engine}`;
      const { code } = await ask("new-recovery", { account });
      const answers = await atOnce("recovery", { account, code });
      assert.deepEqual(answers.filter(({ accepted }) => accepted), [{ accepted: true, left: 9 }]);
      assert.deepEqual(await ask("recovery", { account, code }), { accepted: false, left: 9 });
    });

    test(`thirty_of_one_network_are_all_counted: ${engine}`, async () => {
      const begun = await Promise.all(Array.from({ length: 30 }, (_, number) => ask("attempt", { account: `${engine}.${number}`, address: "192.0.2.1" })));
      assert.deepEqual(begun, begun.map(() => ({ allowed: true })));
    });

    test(`one_refresh_token_is_rotated_once_and_without_grace_its_family_ends: ${engine}`, async () => {
      const { token } = await ask("new-refresh", { grace: 0 });
      const answers = await atOnce("refresh", { grace: 0, token });
      const won = answers.filter(({ ok }) => ok);
      assert.equal(won.length, 1);
      assert.ok(answers.some(({ reason }) => reason === "reused"));
      assert.deepEqual((await ask("refresh", { grace: 0, token: won[0].token })).reason, "revoked");
    });

    test(`one_refresh_token_has_one_successor_within_the_grace: ${engine}`, async () => {
      const { token } = await ask("new-refresh", { grace: 60 });
      const answers = await atOnce("refresh", { grace: 60, token });
      assert.deepEqual([new Set(answers.map(({ token }) => token)).size, answers.filter(({ isReplay }) => !isReplay).length], [1, 1]);
      assert.equal((await ask("refresh", { grace: 60, token: answers[0].token })).isReplay, false);
    });
  }
});
