// Attempts as portcullis/issuer counts them.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { issuer, stores } from "./package.mjs";
import { slow } from "./slow.mjs";

const { MemoryStore } = stores.imported;

for (const [way, { Attempts, IssuerError, networkOf }] of Object.entries(issuer)) {
  /** Attempts whose time the test tells. */
  function at(options = {}) {
    const time = { now: 1_790_000_000 };
    const clock = () => time.now;
    const store = options.store ?? new MemoryStore({ clock });
    return { time, store, attempts: new Attempts({ clock, ...options, store }) };
  }

  /** What is reported while the work is done. */
  async function reported(work) {
    const errors = [];
    const { reportError } = globalThis;
    globalThis.reportError = (error) => errors.push(error.message);
    try {
      await work();
    } finally {
      globalThis.reportError = reportError;
    }
    return errors;
  }

  const stranger = { account: "ada", address: "192.0.2.1" };
  const codeIs = (code) => (error) => error instanceof IssuerError && error.code === code;

  /** Signs in, and gives the device. */
  async function signIn(attempts, by) {
    const attempt = await attempts.begin(by);
    assert.equal(attempt.allowed, true);
    return attempt.succeeded();
  }

  describe(`attempts, ${way}`, () => {
    test("wait_twice_as_long_each_time", async () => {
      const { time, attempts } = at();
      const waits = [];
      for (let count = 0; count < 18; count += 1) {
        const { allowed, retryAfter, exhausted, knownDevice } = await attempts.begin(stranger);
        assert.deepEqual([allowed, exhausted, knownDevice], [true, false, false]);
        waits.push(retryAfter);
        if (retryAfter > 0) {
          time.now += retryAfter - 1;
          assert.deepEqual(await attempts.begin(stranger), { allowed: false, reason: "locked", retryAfter: 1 });
          time.now += 1;
        }
      }
      assert.deepEqual(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
      time.now += 16 * 3600;
      assert.equal((await attempts.begin(stranger)).retryAfter, 0);
    });

    test("at_once_each_count_before_the_password_is_looked_at", async () => {
      for (const wrapped of [(store) => store, slow]) {
        const { attempts } = at({ store: wrapped(new MemoryStore({ clock: () => 1_790_000_000 })) });
        const begun = await Promise.all(Array.from({ length: 50 }, () => attempts.begin(stranger)));
        const allowed = begun.filter(({ allowed }) => allowed).length;
        assert.ok(allowed >= 1 && allowed <= 6, String(allowed));
        const reasons = new Set(begun.map(({ reason }) => reason));
        reasons.delete(undefined);
        for (const reason of reasons) assert.ok(reason === "locked" || reason === "contended", reason);
        // What was lost in a race was given back to the address.
        const { attempts: again } = at({ store: wrapped(new MemoryStore({ clock: () => 1_790_000_000 })) });
        const others = await Promise.all(Array.from({ length: 50 }, (_, number) => again.begin({ account: `a${number}` })));
        assert.equal(others.filter(({ allowed }) => allowed).length, 50);
      }
    });

    test("are_given_back_on_success", async () => {
      const { attempts } = at();
      for (let count = 0; count < 5; count += 1) await attempts.begin(stranger);
      await signIn(attempts, stranger);
      for (let count = 0; count < 5; count += 1) assert.equal((await attempts.begin(stranger)).retryAfter, 0);
      assert.equal((await attempts.begin(stranger)).retryAfter, 1);
    });

    test("end_once", async () => {
      const { attempts } = at();
      const attempt = await attempts.begin(stranger);
      await attempt.succeeded();
      await assert.rejects(attempt.succeeded(), /has ended/);
      await assert.rejects(attempt.withdrawn(), /has ended/);
    });

    test("that_are_withdrawn_have_not_counted", async () => {
      const { attempts } = at();
      for (let count = 0; count < 40; count += 1) await (await attempts.begin(stranger)).withdrawn();
      assert.equal((await attempts.begin(stranger)).retryAfter, 0);
    });

    test("of_others_never_lock_a_known_device", async () => {
      const { time, attempts } = at();
      const device = await signIn(attempts, stranger);
      assert.match(device, /^[\w-]{22}$/);
      for (let count = 0; count < 30; count += 1) {
        const guess = await attempts.begin(stranger);
        if (!guess.allowed) time.now += guess.retryAfter;
      }
      assert.equal((await attempts.begin({ ...stranger, account: "ada" })).allowed, false);
      const own = await attempts.begin({ ...stranger, device });
      assert.deepEqual([own.allowed, own.knownDevice, own.retryAfter], [true, true, 0]);
      assert.equal(await own.succeeded(), device);
      // The owner's success is not the guesser's.
      assert.equal((await attempts.begin(stranger)).allowed, false);
    });

    test("of_a_known_device_wait_too", async () => {
      const { attempts } = at();
      const device = await signIn(attempts, stranger);
      const own = { ...stranger, device };
      for (let count = 0; count < 6; count += 1) assert.equal((await attempts.begin(own)).knownDevice, true);
      assert.deepEqual(await attempts.begin(own), { allowed: false, reason: "locked", retryAfter: 1 });
      assert.equal((await attempts.begin(stranger)).allowed, true);
    });

    test("of_a_device_that_the_account_does_not_know_count_for_the_account", async () => {
      const { time, attempts } = at();
      const device = await signIn(attempts, { account: "eve", address: "192.0.2.1" });
      for (const text of [device, "", "A".repeat(22), "x", "\ud800", null, undefined, device.repeat(1000)]) {
        assert.equal((await attempts.begin({ account: "ada", address: "192.0.2.1", device: text })).knownDevice, false);
        time.now += 4;
      }
      const own = await signIn(attempts, stranger);
      assert.notEqual(own, device);
      time.now += 180 * 86_400;
      assert.equal((await attempts.begin({ ...stranger, device: own })).knownDevice, false);
    });

    test("of_an_account_are_forgotten_with_its_devices", async () => {
      const { attempts } = at();
      const device = await signIn(attempts, stranger);
      for (let count = 0; count < 6; count += 1) await attempts.begin(stranger);
      assert.equal((await attempts.begin(stranger)).allowed, false);
      await attempts.forget("ada");
      const again = await attempts.begin({ ...stranger, device });
      assert.deepEqual([again.allowed, again.knownDevice, again.retryAfter], [true, false, 0]);
    });

    test("that_succeed_over_and_over_fill_no_store", async () => {
      // An account, an address and its devices: three entries.
      const { attempts, time } = at({ store: new MemoryStore({ bound: 3, clock: () => 1_790_000_000 }) });
      const devices = [];
      for (let count = 0; count < 40; count += 1) {
        devices.push(await signIn(attempts, stranger));
        time.now += 1;
      }
      assert.equal(new Set(devices).size, 40);
      const known = [];
      for (const device of devices) {
        const attempt = await attempts.begin({ ...stranger, device });
        known.push(attempt.knownDevice);
        await attempt.withdrawn();
      }
      assert.deepEqual(known, devices.map((_, place) => place >= 30));
    });

    test("from_one_network_count_for_all_accounts", async () => {
      const { attempts } = at();
      for (let count = 0; count < 51; count += 1) {
        const address = `2001:db8:0:1:${count.toString(16)}::1`;
        assert.equal((await attempts.begin({ account: `a${count}`, address })).allowed, true);
      }
      assert.deepEqual(await attempts.begin({ account: "ada", address: "2001:db8:0:1::" }), { allowed: false, reason: "locked", retryAfter: 1 });
      assert.equal((await attempts.begin({ account: "ada", address: "2001:db8:0:2::" })).allowed, true);
      assert.equal((await attempts.begin({ account: "ada" })).allowed, true);
      for (const address of ["", "unknown", "192.0.2.1:80", "192.0.2.1, 192.0.2.2"]) {
        await assert.rejects(attempts.begin({ account: "ada", address }), codeIs("attempts_address"), address);
        assert.throws(() => networkOf(address), codeIs("attempts_address"), address);
      }
      assert.deepEqual(["2001:db8:1:2:3:4:5:6", "::ffff:192.0.2.7", "192.0.2.7"].map(networkOf), ["2001:db8:1:2::/64", "192.0.2.7", "192.0.2.7"]);
      assert.throws(() => networkOf(undefined), TypeError);
    });

    test("with_what_nobody_guesses_are_not_locked_by_guesses", async () => {
      const { attempts } = at();
      const guesses = { account: "ada", address: "192.0.2.1" };
      while ((await attempts.begin(guesses)).allowed);
      const owner = { account: "ada", address: "192.0.2.2", unguessable: true };
      const wrong = await attempts.begin(owner);
      assert.deepEqual([wrong.allowed, wrong.knownDevice, wrong.exhausted], [true, false, false]);
      assert.equal((await attempts.begin(guesses)).allowed, false, "it changes nothing for who guesses");
      const device = await (await attempts.begin(owner)).succeeded();
      assert.equal((await attempts.begin({ ...guesses, device })).knownDevice, true);
      assert.equal((await attempts.begin(guesses)).allowed, true, "success ends the row");
      for (let count = 0; count < 50; count += 1) await attempts.begin({ ...owner, account: `a${count}` });
      assert.deepEqual(await attempts.begin(owner), { allowed: false, reason: "locked", retryAfter: 1 });
      await assert.rejects(attempts.begin({ ...owner, unguessable: "yes" }), TypeError);
    });

    test("are_forgotten_with_the_devices_or_without", async () => {
      const { attempts } = at();
      const device = await signIn(attempts, { account: "ada" });
      const lock = async () => {
        while ((await attempts.begin({ account: "ada" })).allowed);
      };
      await lock();
      await attempts.release("ada");
      assert.equal((await attempts.begin({ account: "ada" })).allowed, true);
      assert.equal((await attempts.begin({ account: "ada", device })).knownDevice, true);
      while ((await attempts.begin({ account: "ada", device })).allowed);
      await attempts.release("ada");
      const released = await attempts.begin({ account: "ada", device });
      assert.deepEqual([released.allowed, released.knownDevice], [true, true]);
      // Who began before the devices were forgotten is not known again by ending after.
      const begun = await attempts.begin({ account: "ada", device });
      await lock();
      await attempts.forget("ada");
      await begun.succeeded();
      const after = await attempts.begin({ account: "ada", device });
      assert.deepEqual([after.allowed, after.knownDevice], [true, false]);
      await assert.rejects(attempts.release(undefined), TypeError);
    });

    test("that_are_a_hundred_in_a_row_are_told", async () => {
      const { time, attempts } = at();
      for (let count = 0; count < 100; count += 1) {
        const { allowed, exhausted, retryAfter } = await attempts.begin({ account: "ada" });
        assert.deepEqual([allowed, exhausted], [true, false]);
        time.now += retryAfter;
      }
      const next = await attempts.begin({ account: "ada" });
      assert.deepEqual([next.allowed, next.exhausted], [true, true]);
      await attempts.forget("ada");
      assert.equal((await attempts.begin({ account: "ada" })).exhausted, false);
    });

    test("have_limits_with_names", () => {
      const usual = { free: 5, first: 1, longest: 900, forget: 3600 };
      const made = (account) => () => at({ account });
      for (const free of [0, 10_001, 2 ** 53 - 1]) assert.throws(made({ ...usual, free }), codeIs("attempts_free"));
      for (const wait of [{ first: 0 }, { first: 901 }, { longest: 3601 }]) assert.throws(made({ ...usual, ...wait }), codeIs("attempts_wait"));
      for (const forget of [0, 86_401]) assert.throws(made({ ...usual, forget }), codeIs("attempts_forget"));
      for (const wrong of [null, 1, {}, { ...usual, free: "5" }, { ...usual, free: 1.5 }, { ...usual, forget: -1 }]) assert.throws(made(wrong), TypeError);
      for (const wrong of [{ onUnavailable: "open" }, { clock: 1 }, { store: 1 }]) assert.throws(() => at(wrong), TypeError);
    });

    test("take_the_budgets_that_are_given", async () => {
      const { time, attempts } = at({ account: { free: 1, first: 10, longest: 15, forget: 60 } });
      const waits = [];
      for (let count = 0; count < 4; count += 1) {
        const { retryAfter } = await attempts.begin({ account: "ada" });
        waits.push(retryAfter);
        time.now += retryAfter;
      }
      assert.deepEqual(waits, [0, 10, 15, 15]);
    });

    test("are_denied_where_the_store_fails_unless_it_is_said_otherwise", async () => {
      const down = () => Promise.reject(new Error("down"));
      const throwing = () => {
        throw new Error("down");
      };
      const working = { read: () => null, swap: () => true, remove: () => {} };
      const odd = (value) => ({ ...working, read: () => ({ value, version: "1" }) });
      const failing = [{ ...working, read: down }, { ...working, read: throwing }, { ...working, swap: down }];
      const malformed = ["", "{", "1", "[]", "{}", '{"level":-1,"since":0,"until":0,"failures":0}', '{"level":1.5,"since":0,"until":0,"failures":0}', '{"level":1,"since":0,"until":0}'];
      for (const store of [...failing, ...malformed.map(odd)]) {
        const errors = await reported(async () => {
          assert.deepEqual(await at({ store }).attempts.begin(stranger), { allowed: false, reason: "unavailable", retryAfter: 1 });
          const open = await at({ store, onUnavailable: "allow" }).attempts.begin(stranger);
          assert.equal(open.allowed, true);
          assert.equal(await open.succeeded(), null);
        });
        assert.equal(errors.length, 2);
        assert.match(errors[0], /down|was not written by this library/);
      }
    });

    test("are_denied_where_the_race_is_always_lost", async () => {
      const store = { read: () => null, swap: () => false, remove: () => {} };
      for (const onUnavailable of ["deny", "allow"]) {
        assert.deepEqual(await at({ store, onUnavailable }).attempts.begin(stranger), { allowed: false, reason: "contended", retryAfter: 1 });
      }
    });

    test("that_succeeded_stay_so_where_the_store_fails_afterwards", async () => {
      let isDown = false;
      const kept = new MemoryStore({ clock: () => 1_790_000_000 });
      const up = (work) => {
        if (isDown) throw new Error("down");
        return work();
      };
      const store = { read: (name) => up(() => kept.read(name)), swap: (...words) => up(() => kept.swap(...words)), remove: (name) => up(() => kept.remove(name)) };
      const { attempts } = at({ store });
      const [first, second] = [await attempts.begin(stranger), await attempts.begin(stranger)];
      isDown = true;
      const errors = await reported(async () => {
        assert.equal(await first.succeeded(), null);
        await second.withdrawn();
      });
      assert.deepEqual(errors, ["down", "down"]);
    });

    test("are_kept_under_the_names_of_the_crate", async () => {
      // As `tests/redis.rs` has them.
      const { store, attempts } = at();
      await attempts.begin({ account: "\u{fc}\"\\\u{1}\n\u{2028}\u{7f}\u{1f511}" });
      const entry = store.read("attempts.account.q6hvqMnDx9nNd_-_jKGhANIY1oziriFpR9850sNZLSk");
      assert.deepEqual(Object.keys(JSON.parse(entry.value)), ["level", "since", "until", "failures"]);
    });

    test("are_denied_where_the_store_is_full_whatever_else_is_allowed", async () => {
      const clock = () => 1_790_000_000;
      const { attempts } = at({ store: new MemoryStore({ clock, bound: 1 }), onUnavailable: "allow" });
      const errors = await reported(async () => {
        assert.equal((await attempts.begin({ account: "ada" })).allowed, true);
        assert.deepEqual(await attempts.begin({ account: "eve" }), { allowed: false, reason: "unavailable", retryAfter: 1 });
      });
      assert.equal(errors.length, 1);
    });

    test("leave_no_text_of_a_person_in_the_store", async () => {
      const names = [];
      const kept = new MemoryStore({ clock: () => 1_790_000_000 });
      const store = {
        read: (name) => kept.read(name),
        swap: (name, ...words) => {
          names.push(`${name} ${words.join(" ")}`);
          return kept.swap(name, ...words);
        },
        remove: (name) => kept.remove(name),
      };
      const { attempts } = at({ store });
      const device = await signIn(attempts, { account: "ada@example.org", address: "192.0.2.1" });
      await attempts.begin({ account: "ada@example.org", address: "192.0.2.1", device });
      assert.deepEqual(new Set(names.map((name) => name.split(".")[1])), new Set(["account", "address", "devices"]));
      for (const name of names) {
        assert.match(name, /^attempts\.(account|address|devices)\.[\w-]{43} /);
        for (const text of ["ada", "192", device]) assert.equal(name.includes(text), false, name);
      }
    });

    test("ask_for_what_they_need", async () => {
      const { attempts } = at();
      for (const wrong of [undefined, null, {}, { account: 1 }, { account: "a", address: 1 }, { account: "a", address: null }, { account: "a", device: 1 }, { account: "a", adress: "192.0.2.1" }]) {
        await assert.rejects(attempts.begin(wrong), TypeError);
      }
      const store = new MemoryStore();
      const limit = { free: 1, first: 1, longest: 1, forget: 1 };
      for (const wrong of [undefined, {}, { store: new Map() }, { store, accout: limit }, { store, account: { ...limit, forgets: 1 } }]) {
        assert.throws(() => new Attempts(wrong), TypeError);
      }
    });
  });
}
