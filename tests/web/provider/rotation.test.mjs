// Keys over time: the provider changes, moves and withdraws them, stops and starts, while requests run. Nobody but the
// guard's clock waits.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertAllowed, assertRefused, assertUnavailable, cooldown, fresh, retry, stale } from "./expectation.mjs";
import { entries, machineToken, provided, siteOf, trusting } from "./fixtures.mjs";
import { ProofKey } from "./keys.mjs";
import { audience, machine } from "./provider.mjs";
import { bearer } from "./site.mjs";

const site = siteOf();

for (const entry of entries) {
  describe(`${entry}: keys that the provider changes`, () => {
    const held = provided("ES256");
    const trust = () => trusting({ issuer: held.issuer, audience, profile: "access-token" });

    test("stop_nobody_while_requests_run", async () => {
      const gate = await site.gate({ entry, trust: trust() });
      let before = await times(10, () => machineToken(held, "ES256"));
      assertAllowed(await gate.ask("/me", bearer(before[0])));
      await gate.fetched();
      for (let round = 0; round < 4; round += 1) {
        await gate.move(cooldown + 1);
        const running = keepAsking(gate, before);
        await held.provider.rotate();
        const since = await times(10, () => machineToken(held, "ES256"));
        const answers = await times(60, (index) => gate.ask("/me", bearer(since[index % since.length])));
        const settled = await times(20, (index) => gate.ask("/me", bearer(since[index % since.length])));
        const others = await running.end();

        assert.ok(others.length >= 8);
        for (const answer of [...others, ...settled]) assertAllowed(answer, { id: machine.id });
        // Who comes with the new key while it is being fetched may be told to come again, and never that it is unknown.
        for (const answer of answers) if (answer.status !== 200) assertUnavailable(answer, "keys_unavailable");
        assert.ok(answers.some(({ status }) => status === 200));
        assert.deepEqual(await gate.fetched(), [held.keys]);
        before = since;
      }
    });

    test("are_not_fetched_twice_within_the_cooldown", async () => {
      const gate = await site.gate({ entry, trust: trust() });
      assertAllowed(await gate.ask("/me", bearer(await machineToken(held, "ES256"))));
      await gate.fetched();
      await held.provider.rotate();
      const token = await machineToken(held, "ES256");
      await gate.move(cooldown - 5);
      for (const answer of await times(5, () => gate.ask("/me", bearer(token)))) assertRefused(answer, "key_unknown");
      assert.deepEqual(await gate.fetched(), []);
      await gate.move(10);
      assertAllowed(await gate.ask("/me", bearer(token)));
      assert.deepEqual(await gate.fetched(), [held.keys]);
    });

    test("end_the_tokens_of_those_that_were_withdrawn", async () => {
      const gate = await site.gate({ entry, trust: trust() });
      const [seen, unseen] = await times(2, () => machineToken(held, "ES256"));
      assertAllowed(await gate.ask("/me", bearer(seen)));
      await held.provider.rotate();
      held.provider.withdraw();
      const token = await machineToken(held, "ES256");
      await gate.fetched();
      // The guard cannot know yet: its set is fresh.
      await gate.move(fresh - 60);
      assertAllowed(await gate.ask("/me", bearer(seen)));
      assert.deepEqual(await gate.fetched(), []);
      await gate.move(61);
      assertRefused(await gate.ask("/me", bearer(seen)), "key_unknown");
      assertRefused(await gate.ask("/me", bearer(unseen)), "key_unknown");
      assertAllowed(await gate.ask("/me", bearer(token)));
      assert.deepEqual(await gate.fetched(), [held.keys]);
    });

    test("end_them_as_soon_as_a_new_one_makes_the_guard_fetch", async () => {
      const gate = await site.gate({ entry, trust: trust() });
      const old = await machineToken(held, "ES256");
      assertAllowed(await gate.ask("/me", bearer(old)));
      await held.provider.rotate();
      held.provider.withdraw();
      const token = await machineToken(held, "ES256");
      await gate.move(cooldown + 1);
      assertAllowed(await gate.ask("/me", bearer(old)));
      assertAllowed(await gate.ask("/me", bearer(token)));
      assertRefused(await gate.ask("/me", bearer(old)), "key_unknown");
    });

    test("are_found_again_where_they_were_moved_to", async () => {
      const gate = await site.gate({ entry, trust: trust() });
      const token = await machineToken(held, "ES256");
      assertAllowed(await gate.ask("/me", bearer(token)));
      await gate.fetched();
      const before = held.keys;
      held.keys = held.provider.moveKeys();

      // The old place is believed for a day, and the old keys while it gives none.
      await gate.move(fresh + 1);
      assertAllowed(await gate.ask("/me", bearer(token)));
      assert.deepEqual(await gate.fetched(), [before]);

      // A provider that is down when it is asked anew does not fix the old place for another day.
      await held.provider.stop();
      await gate.move(stale - fresh);
      assertAllowed(await gate.ask("/me", bearer(token)));
      assert.deepEqual(await gate.fetched(), [held.discovery, before]);
      await held.provider.start();
      await gate.move(fresh + 1);
      assertAllowed(await gate.ask("/me", bearer(token)));
      assert.deepEqual(await gate.fetched(), [held.discovery, held.keys]);
    });

    test("make_nobody_fetch_again_for_one_that_a_fetch_did_not_bring", async () => {
      const gate = await site.gate({ entry, trust: trust() });
      const forged = (await ProofKey.make("ES256")).sign({ kid: "never", typ: "at+jwt" }, { iss: held.issuer });
      assertAllowed(await gate.ask("/me", bearer(await machineToken(held, "ES256"))));
      await gate.fetched();
      await gate.move(cooldown + 1);
      assertRefused(await gate.ask("/me", bearer(forged)), "key_unknown");
      assert.deepEqual(await gate.fetched(), [held.keys]);
      await gate.move(cooldown + 1);
      assertRefused(await gate.ask("/me", bearer(forged)), "key_unknown");
      assert.deepEqual(await gate.fetched(), []);
      await gate.move(120);
      assertRefused(await gate.ask("/me", bearer(forged)), "key_unknown");
      assert.deepEqual(await gate.fetched(), [held.keys]);
    });
  });

  for (const background of [false, true]) {
    describe(`${entry}: a provider that stops${background ? ", with fetches behind the answer" : ""}`, () => {
      const held = provided("RS256");
      const trust = () => trusting({ issuer: held.issuer, audience, profile: "access-token" });

      test("leaves_its_keys_for_a_day_and_is_well_again_when_it_is_back", async () => {
        const gate = await site.gate({ entry, background, trust: trust() });
        const [token, unseen] = await times(2, () => machineToken(held, "RS256"));
        assertAllowed(await gate.ask("/me", bearer(token)));
        await gate.fetched();

        await held.provider.stop();
        await gate.move(fresh + 1);
        for (const answer of await times(20, (index) => gate.ask("/me", bearer([token, unseen][index % 2])))) assertAllowed(answer);
        assert.deepEqual(await gate.fetched(), [held.keys]);
        assertAllowed(await gate.ask("/me", bearer(token)));
        assert.deepEqual(await gate.fetched(), [], "nobody fetches right after a failure");

        await gate.move(stale - 60);
        assertAllowed(await gate.ask("/me", bearer(token)));
        assert.notDeepEqual(await gate.fetched(), []);

        await gate.move(60);
        assertUnavailable(await gate.ask("/me", bearer(token)), "keys_unavailable");
        assert.notDeepEqual(await gate.fetched(), []);
        assertUnavailable(await gate.ask("/me", bearer(unseen)), "keys_unavailable");
        assert.deepEqual(await gate.fetched(), [], "nobody fetches right after a failure");

        await held.provider.start();
        await gate.move(retry + 1);
        assertAllowed(await gate.ask("/me", bearer(token)));
        assertAllowed(await gate.ask("/me", bearer(unseen)));
        assert.equal((await gate.fetched()).filter((url) => url === held.keys).length, 1);
      });

      test("leaves_a_new_key_unknown_until_it_is_back", async () => {
        const gate = await site.gate({ entry, background, trust: trust() });
        const old = await machineToken(held, "RS256");
        assertAllowed(await gate.ask("/me", bearer(old)));
        await held.provider.rotate();
        const token = await machineToken(held, "RS256");
        await held.provider.stop();
        await gate.fetched();

        await gate.move(cooldown + 1);
        assertUnavailable(await gate.ask("/me", bearer(token)), "keys_unavailable");
        assert.deepEqual(await gate.fetched(), [held.keys]);
        assertUnavailable(await gate.ask("/me", bearer(token)), "keys_unavailable");
        assertAllowed(await gate.ask("/me", bearer(old)));
        assert.deepEqual(await gate.fetched(), [], "nobody fetches right after a failure");

        await held.provider.start();
        await gate.move(cooldown + 1);
        assertAllowed(await gate.ask("/me", bearer(token)));
        assertAllowed(await gate.ask("/me", bearer(old)));
        assert.deepEqual(await gate.fetched(), [held.keys]);
      });

      test("telling_what_it_is_is_still_asked_for_its_keys", async () => {
        const gate = await site.gate({ entry, background, trust: trust() });
        const old = await machineToken(held, "RS256");
        assertAllowed(await gate.ask("/me", bearer(old)));
        await held.provider.rotate();
        held.provider.withdraw();
        held.provider.tellMetadata(false);
        await gate.fetched();

        // After a day its place is to be looked up again.
        await gate.move(stale + 1);
        const fetched = [];
        for (let turns = 0; turns < 3; turns += 1) {
          await gate.ask("/me", bearer(old));
          fetched.push(...(await gate.fetched()));
          await gate.move(retry + 1);
        }
        held.provider.tellMetadata(true);
        assert.deepEqual([fetched[0], fetched.includes(held.keys)], [held.discovery, true], fetched.join());
        assertRefused(await gate.ask("/me", bearer(old)), "key_unknown");
        assertAllowed(await gate.ask("/me", bearer(await machineToken(held, "RS256"))));
      });

      test("that_was_never_reached_is_unavailable", async () => {
        const gate = await site.gate({ entry, background, trust: trust() });
        const token = await machineToken(held, "RS256");
        await held.provider.stop();
        assertUnavailable(await gate.ask("/me", bearer(token)), "keys_unavailable");
        assert.deepEqual(await gate.fetched(), [held.discovery]);
        await held.provider.start();
        assertUnavailable(await gate.ask("/me", bearer(token)), "keys_unavailable");
        assert.deepEqual(await gate.fetched(), []);
        await gate.move(retry + 1);
        assertAllowed(await gate.ask("/me", bearer(token)));
        assert.deepEqual(await gate.fetched(), [held.discovery, held.keys]);
      });
    });
  }
}

/** Asks with these tokens in turn, several at a time, until it is told to end. */
function keepAsking(gate, tokens) {
  const answers = [];
  let running = true;
  const ask = async (_, worker) => {
    for (let turn = worker; running; turn += 1) answers.push(await gate.ask("/me", bearer(tokens[turn % tokens.length])));
  };
  const working = Promise.all(Array.from({ length: 8 }, ask));
  return {
    async end() {
      running = false;
      await working;
      return answers;
    },
  };
}

const times = (count, work) => Promise.all(Array.from({ length: count }, (_, index) => work(index)));
