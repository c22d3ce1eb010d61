// Refresh tokens of portcullis/issuer over a store: rotation, the grace, theft, ends, and fifty at once.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { issuer as issuers, stores } from "./package.mjs";
import { now } from "./tokens.mjs";

const secret = "TEST ONLY: 32 bytes at the least";
const secrets = [{ id: "a", secret }];
const signIn = { methods: ["password", "otp"], at: now - 5 };

for (const [way, { IssuerError, RefreshTokens }] of Object.entries(issuers)) {
  const { MemoryStore } = stores[way];
  const isRefused = (code) => (error) => error instanceof IssuerError && error.code === code;

  /** Refresh tokens over a store whose clock the test moves. */
  function setUp(options = {}) {
    const time = { now };
    const clock = () => time.now;
    const store = new MemoryStore({ clock });
    const tokens = new RefreshTokens({ secrets, store, idle: 100, absolute: 250, clock, ...options });
    return { time, store, tokens };
  }
  const start = (tokens) => tokens.start({ subject: "u1", client: "web", scope: ["read"], signIn, data: "{}" });

  describe(`refresh tokens, ${way}`, () => {
    test("rotate_and_keep_how_somebody_signed_in", async () => {
      const { time, tokens } = setUp();
      const first = await start(tokens);
      assert.match(first.token, /^[\w-]{22}\.0\.[\w-]{43}$/);
      const known = { id: first.family.id, subject: "u1", client: "web", scope: ["read"], signIn, data: "{}", startedAt: now, isRevoked: false };
      assert.deepEqual(first.family, { ...known, refreshedAt: now, endsAt: now + 100 });
      time.now += 50;
      const second = await tokens.rotate(first.token, "web");
      assert.deepEqual([second.ok, second.isReplay], [true, false]);
      assert.deepEqual(second.family, { ...known, refreshedAt: now + 50, endsAt: now + 150 });
      assert.notEqual(second.token, first.token);
      assert.deepEqual(await tokens.family(first.family.id), second.family);
    });

    test("are_given_again_within_the_grace_and_are_theft_after_it", async () => {
      const { time, tokens } = setUp();
      const { token } = await start(tokens);
      const next = await tokens.rotate(token, "web");
      time.now += 9;
      const again = await tokens.rotate(token, "web");
      assert.deepEqual([again.ok, again.isReplay, again.token], [true, true, next.token]);
      time.now += 1;
      const stolen = await tokens.rotate(token, "web");
      assert.deepEqual([stolen.ok, stolen.reason, stolen.family.isRevoked], [false, "reused", true]);
      for (const one of [token, next.token]) assert.equal((await tokens.rotate(one, "web")).reason, "revoked");
    });

    test("end_when_idle_and_when_old", async () => {
      const { time, tokens } = setUp();
      let { token } = await start(tokens);
      for (const seconds of [99, 99, 51]) {
        time.now += seconds;
        const refreshed = await tokens.rotate(token, "web");
        assert.equal(refreshed.ok, true, String(seconds));
        ({ token } = refreshed);
      }
      time.now += 1;
      // The store has forgotten it by then.
      assert.equal((await tokens.rotate(token, "web")).ok, false);
    });

    test("that_are_forged_reach_no_store", async () => {
      const { tokens } = setUp();
      const { token, family } = await start(tokens);
      const asked = [];
      const spy = { read: (name) => asked.push(name) && null, swap: () => assert.fail("written"), remove: () => undefined };
      const spied = new RefreshTokens({ secrets, store: spy });
      const mac = token.split(".")[2];
      const other = mac.startsWith("A") ? `B${mac.slice(1)}` : `A${mac.slice(1)}`;
      for (const forged of ["", ".", "..", family.id, `${family.id}.0.${other}`, `${family.id}.1.${mac}`, `${token} `, `${token}.`, "x".repeat(100_000), "\ud800.0.x", `${family.id}.0.${mac}=`]) {
        assert.deepEqual(await spied.rotate(forged, "web"), { ok: false, reason: "unknown", family: undefined });
      }
      assert.deepEqual(asked, []);
      assert.equal((await spied.rotate(token, "web")).reason, "unknown");
      assert.deepEqual(asked, [`refresh.${family.id}`]);
    });

    test("are_of_their_client_alone", async () => {
      const { tokens } = setUp();
      const { token, family } = await start(tokens);
      assert.deepEqual(await tokens.rotate(token, "app"), { ok: false, reason: "unknown", family: undefined });
      assert.equal((await tokens.family(family.id)).isRevoked, false);
      assert.equal((await tokens.rotate(token, "web")).ok, true);
    });

    test("are_revoked", async () => {
      const { tokens } = setUp();
      const { token, family } = await start(tokens);
      assert.equal(await tokens.revoke(family.id), true);
      assert.equal((await tokens.rotate(token, "web")).reason, "revoked");
      assert.equal((await tokens.family(family.id)).isRevoked, true);
      assert.equal(await tokens.revoke("A".repeat(22)), false);
      assert.equal(await tokens.family("A".repeat(22)), null);
    });

    test("outlive_the_secret_that_made_them", async () => {
      const { store, tokens } = setUp();
      const { token } = await start(tokens);
      const newer = { id: "b", secret: crypto.getRandomValues(new Uint8Array(32)) };
      const both = new RefreshTokens({ secrets: [newer, ...secrets], store, clock: () => now });
      const next = await both.rotate(token, "web");
      const alone = new RefreshTokens({ secrets: [newer], store, clock: () => now });
      assert.equal((await alone.rotate(token, "web")).reason, "unknown");
      assert.equal((await alone.rotate(next.token, "web")).ok, true);
    });

    test("are_not_in_the_store", async () => {
      const { store, tokens } = setUp();
      const { token, family } = await start(tokens);
      const { token: next } = await tokens.rotate(token, "web");
      const { value } = store.read(`refresh.${family.id}`);
      for (const one of [token, next]) assert.equal(value.includes(one.split(".")[2]), false);
    });

    test("of_fifty_at_once_without_a_grace_one_is_given_and_the_family_ends", async () => {
      const { tokens } = setUp({ grace: 0 });
      const { token, family } = await start(tokens);
      const answers = await Promise.all(Array.from({ length: 50 }, () => tokens.rotate(token, "web")));
      assert.equal(answers.filter(({ ok }) => ok).length, 1);
      assert.equal(answers.filter(({ reason }) => reason === "reused").length, 1);
      assert.equal((await tokens.family(family.id)).isRevoked, true);
    });

    test("of_fifty_at_once_within_the_grace_all_are_the_same", async () => {
      const { tokens } = setUp();
      const { token, family } = await start(tokens);
      const answers = await Promise.all(Array.from({ length: 50 }, () => tokens.rotate(token, "web")));
      assert.equal(new Set(answers.map((answer) => answer.token)).size, 1);
      assert.equal(answers.filter(({ isReplay }) => !isReplay).length, 1);
      assert.equal((await tokens.family(family.id)).isRevoked, false);
    });

    test("give_up_where_the_store_never_lets_them_win", async () => {
      const { store, tokens } = setUp();
      const { token, family } = await start(tokens);
      let tries = 0;
      const lost = { read: (name) => store.read(name), swap: () => ((tries += 1), false), remove: () => undefined };
      const losing = new RefreshTokens({ secrets, store: lost, clock: () => now });
      await assert.rejects(losing.rotate(token, "web"), isRefused("store_contended"));
      assert.equal(tries, 8);
      await assert.rejects(losing.revoke(family.id), isRefused("store_contended"));
    });

    test("are_not_given_where_the_store_is_down", async () => {
      const { token } = await start(setUp().tokens);
      const failing = async () => Promise.reject(new Error("down"));
      const down = new RefreshTokens({ secrets, store: { read: failing, swap: failing, remove: failing }, clock: () => now });
      await assert.rejects(down.rotate(token, "web"), /down/);
      await assert.rejects(start(down), /down/);
    });

    test("have_limits", async () => {
      const { store, tokens } = setUp();
      for (const [options, code] of [
        [{ secrets: [] }, "refresh_secret_missing"],
        [{ secrets: [{ id: "a", secret: "short" }] }, "refresh_secret_too_short"],
        [{ secrets: [...secrets, ...secrets] }, "refresh_secret_id"],
        [{ secrets: [{ id: "", secret }] }, "refresh_secret_id"],
        [{ secrets: Array.from({ length: 9 }, (_, id) => ({ id: String(id), secret })) }, "refresh_secrets_too_many"],
        [{ idle: 0 }, "refresh_rules"],
        [{ idle: 11, absolute: 10 }, "refresh_rules"],
        [{ grace: 61 }, "refresh_rules"],
      ]) {
        assert.throws(() => new RefreshTokens({ secrets, store, ...options }), isRefused(code), code);
      }
      for (const options of [{ secrets: "x" }, { secrets: [null] }, { secrets: [{ id: "a", secret: 1 }] }, { store: null }, { idle: -1 }, { grace: Number.NaN }, { clock: 1 }]) {
        assert.throws(() => new RefreshTokens({ secrets, store, ...options }), TypeError);
      }
      const grant = { subject: "u1", client: "web" };
      for (const [more, code] of [
        [{ subject: "" }, "refresh_name"],
        [{ client: "c".repeat(256) }, "refresh_name"],
        [{ scope: ["a b"] }, "refresh_scope"],
        [{ data: "x".repeat(4097) }, "refresh_data_too_large"],
      ]) {
        await assert.rejects(tokens.start({ ...grant, ...more }), isRefused(code), code);
      }
      for (const more of [{ subject: 1 }, { scope: "read" }, { data: {} }, { signIn: 1 }]) await assert.rejects(tokens.start({ ...grant, ...more }), TypeError);
      for (const token of [undefined, null, 1, {}]) await assert.rejects(tokens.rotate(token, "web"), TypeError);
    });
  });
}
