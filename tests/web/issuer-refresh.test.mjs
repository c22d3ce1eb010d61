// Refresh tokens of portcullis/issuer over a store: rotation, the grace, theft, ends, what revokes them, and fifty at once.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { issuer as issuers, stores } from "./package.mjs";
import { now } from "./tokens.mjs";

const secret = "TEST ONLY: 32 bytes at the least";
const secrets = [{ id: "a", secret }];
const signIn = { methods: ["password", "otp"], at: now - 5 };

/** The same store, and the names that it is asked for. */
function spyOn(store, asked) {
  return {
    read: (name) => {
      asked.push(name);
      return store.read(name);
    },
    swap: (...words) => store.swap(...words),
    remove: (name) => store.remove(name),
  };
}

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
      for (const id of ["A".repeat(22), "", "subject", `${family.id}.0`, "\ud800", "x".repeat(100_000)]) {
        assert.equal(await tokens.revoke(id), false);
        assert.equal(await tokens.family(id), null);
      }
    });

    test("of_a_subject_are_all_revoked_at_once", async () => {
      const { time, tokens } = setUp();
      const old = [await start(tokens), await tokens.start({ subject: "u1", client: "app" })];
      const other = await tokens.start({ subject: "u2", client: "web" });
      time.now += 1;
      const same = await start(tokens);
      assert.equal(await tokens.revokeSubject("u1"), undefined);
      for (const { token, family } of [...old, same]) {
        const { reason, family: known } = await tokens.rotate(token, family.client);
        assert.deepEqual([reason, known.id, known.isRevoked], ["revoked", family.id, true]);
        assert.equal((await tokens.family(family.id)).isRevoked, true);
      }
      assert.equal((await tokens.rotate(other.token, "web")).ok, true);
      // Those that begin behind it count, in the same second and by a clock that is behind too.
      for (const seconds of [0, 1, -50]) {
        time.now += seconds;
        const later = await start(tokens);
        assert.equal((await tokens.rotate(later.token, "web")).ok, true, String(seconds));
        assert.equal((await tokens.family(later.family.id)).isRevoked, false);
      }
    });

    test("of_a_subject_are_revoked_again_in_the_same_second", async () => {
      const { tokens } = setUp();
      for (let times = 0; times < 3; times += 1) {
        const { token } = await start(tokens);
        await tokens.revokeSubject("u1");
        assert.equal((await tokens.rotate(token, "web")).reason, "revoked", String(times));
      }
    });

    test("of_a_subject_that_is_revoked_while_the_store_answers_do_not_begin_behind_it", async () => {
      const { time, store, tokens } = setUp();
      const asking = {
        read: async (name) => {
          const entry = store.read(name);
          if (name.startsWith("refresh.subject")) {
            await tokens.revokeSubject("u1");
            time.now += 1;
          }
          return entry;
        },
        swap: (...words) => store.swap(...words),
        remove: (name) => store.remove(name),
      };
      const { token } = await start(new RefreshTokens({ secrets, store: asking, clock: () => time.now }));
      assert.equal((await tokens.rotate(token, "web")).reason, "revoked");
    });

    test("of_a_subject_are_revoked_however_it_is_written", async () => {
      for (const subject of ["ann@example.org", "\u00e9\u20ac\u{1f600}", "__proto__", "a\ud800", "s".repeat(255)]) {
        const { tokens } = setUp();
        const { token } = await tokens.start({ subject, client: "web" });
        await tokens.revokeSubject(subject);
        assert.equal((await tokens.rotate(token, "web")).reason, "revoked", subject);
      }
      const { tokens } = setUp();
      for (const subject of ["", "s".repeat(256)]) await assert.rejects(tokens.revokeSubject(subject), isRefused("refresh_name"));
    });

    test("of_a_subject_stay_revoked_whatever_a_clock_says", async () => {
      const { time, store, tokens } = setUp({ idle: 250 });
      const { token } = await start(tokens);
      await tokens.revokeSubject("u1");
      time.now -= 50;
      await tokens.revokeSubject("u1");
      for (const seconds of [0, 50, 249, 50]) {
        time.now += seconds;
        assert.equal((await tokens.rotate(token, "web")).ok, false, String(seconds));
      }
      // What is remembered ends with the last family that it is about.
      const asked = [];
      const spied = new RefreshTokens({ secrets, clock: () => time.now, store: spyOn(store, asked) });
      await spied.revokeSubject("u1");
      assert.match(asked[0], /^refresh\.subject\.[\w-]{43}$/);
      assert.equal(asked[0].includes("u1"), false);
      time.now = now + 90 * 86_400 + 298;
      assert.notEqual(store.read(asked[0]), null);
      time.now += 1;
      assert.equal(store.read(asked[0]), null);
    });

    test("that_rotate_while_their_subject_is_revoked_gain_nothing", async () => {
      const { time, store, tokens } = setUp();
      const { token } = await start(tokens);
      time.now += 1;
      // Revoked when the rotation has read all that it reads.
      let hasRead = 0;
      const late = {
        ...spyOn(store, []),
        swap: async (...words) => {
          if (hasRead === 0) await tokens.revokeSubject("u1");
          hasRead += 1;
          return store.swap(...words);
        },
      };
      const rotating = new RefreshTokens({ secrets, store: late, idle: 100, absolute: 250, clock: () => time.now });
      const next = await rotating.rotate(token, "web");
      assert.equal(next.ok, true);
      for (const one of [token, next.token]) assert.equal((await rotating.rotate(one, "web")).reason, "revoked");
    });

    test("are_taken_back_by_their_client", async () => {
      const { time, tokens } = setUp();
      for (const which of [0, 1, 2]) {
        const { token, family } = await start(tokens);
        const given = [token];
        for (let count = 0; count < 2; count += 1) {
          time.now += 20;
          given.push((await tokens.rotate(given.at(-1), "web")).token);
        }
        assert.equal(await tokens.revokeToken(given[which], "app"), null);
        assert.equal((await tokens.family(family.id)).isRevoked, false);
        const known = await tokens.family(family.id);
        for (let twice = 0; twice < 2; twice += 1) assert.deepEqual(await tokens.revokeToken(given[which], "web"), { ...known, isRevoked: true });
        for (const one of given) assert.equal((await tokens.rotate(one, "web")).reason, "revoked");
        time.now += 250;
        assert.equal(await tokens.revokeToken(given[which], "web"), null);
      }
    });

    test("that_are_none_take_nothing_back_and_reach_no_store", async () => {
      const { tokens } = setUp();
      const { token, family } = await start(tokens);
      const asked = [];
      const spied = new RefreshTokens({ secrets, store: { ...spyOn({ read: () => null }, asked), swap: () => assert.fail("written") } });
      for (const forged of ["", ".", "..", family.id, `${token}.`, `${token.slice(0, -2)}AA`, "x".repeat(100_000)]) assert.equal(await spied.revokeToken(forged, "web"), null);
      assert.deepEqual(asked, []);
      assert.equal(await spied.revokeToken(token, "web"), null);
      assert.deepEqual(asked, [`refresh.${family.id}`]);
      for (const wrong of [undefined, null, 1]) {
        await assert.rejects(tokens.revokeToken(wrong, "web"), TypeError);
        await assert.rejects(tokens.revokeToken(token, wrong), TypeError);
        for (const method of ["revokeSubject", "revoke", "family"]) await assert.rejects(tokens[method](wrong), TypeError);
      }
    });

    test("are_malformed_where_the_store_holds_what_is_not_ours", async () => {
      const { store, tokens } = setUp();
      const { token, family } = await start(tokens);
      const name = `refresh.${family.id}`;
      const { value } = store.read(name);
      const whole = JSON.parse(value);
      const put = (name, text) => {
        store.remove(name);
        store.swap(name, null, text, now + 50);
      };
      const malformed = isRefused("state_malformed");
      for (const junk of ["", "{", "null", "1", "[]", "{}", '"x"', value.slice(1), JSON.stringify({ ...whole, generation: -1 }), JSON.stringify({ ...whole, started: 1.5 }), JSON.stringify({ ...whole, grant: null })]) {
        put(name, junk);
        for (const use of [tokens.rotate(token, "web"), tokens.revokeToken(token, "web"), tokens.revoke(family.id), tokens.family(family.id)]) await assert.rejects(use, malformed, junk);
        assert.equal(store.read(name).value, junk);
      }
      put(name, value);
      const names = [];
      await new RefreshTokens({ secrets, store: spyOn(store, names), clock: () => now - 1 }).revokeSubject("u1");
      const [ofSubject] = names;
      const revoked = JSON.parse(store.read(ofSubject).value);
      for (const junk of ["", "null", "{}", "1", JSON.stringify({ ...revoked, at: "1" })]) {
        put(ofSubject, junk);
        for (const use of [tokens.rotate(token, "web"), tokens.revokeSubject("u1"), tokens.family(family.id)]) await assert.rejects(use, malformed, junk);
        assert.equal(store.read(ofSubject).value, junk);
      }
      // Nobody is kept signed in by junk: a family is revoked by itself all the same.
      assert.equal(await tokens.revoke(family.id), true);
      store.remove(ofSubject);
      assert.equal((await tokens.rotate(token, "web")).reason, "revoked");
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
      assert.equal(tries, 12);
      await Promise.all([losing.revoke(family.id), losing.revokeToken(token, "web"), losing.revokeSubject("u1")].map((one) => assert.rejects(one, isRefused("store_contended"))));
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
      assert.throws(() => new RefreshTokens({ secrets, store, idel: 60 }), TypeError);
      assert.throws(() => new RefreshTokens({ secrets, store: {} }), TypeError);
      await assert.rejects(tokens.start({ ...grant, sginIn: undefined }), TypeError);
      for (const more of [{ subject: 1 }, { scope: "read" }, { data: {} }, { signIn: 1 }]) await assert.rejects(tokens.start({ ...grant, ...more }), TypeError);
      for (const token of [undefined, null, 1, {}]) await assert.rejects(tokens.rotate(token, "web"), TypeError);
    });
  });
}
