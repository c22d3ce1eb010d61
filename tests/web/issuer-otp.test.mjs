// One-time codes as portcullis/issuer makes and takes them.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, test } from "node:test";
import { issuer, stores } from "./package.mjs";
import { slow } from "./slow.mjs";
import { now } from "./tokens.mjs";

const { MemoryStore } = stores.imported;
const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"; // 12345678901234567890
const long = { SHA1: secret, SHA256: `${secret}GEZDGNBVGY3TQOJQGEZA`, SHA512: `${"GEZDGNBVGY3TQOJQ".repeat(6)}GEZDGNA` };
const clock = () => now;
const refusal = (code) => (error) => error.name === "IssuerError" && error.code === code && !error.message.includes(secret);

/** RFC 6238, appendix B: seconds and the codes of SHA1, SHA256 and SHA512. */
const vectors = [
  [59, "94287082", "46119246", "90693936"],
  [1111111109, "07081804", "68084774", "25091201"],
  [1111111111, "14050471", "67062674", "99943326"],
  [1234567890, "89005924", "91819424", "93441116"],
  [2000000000, "69279037", "90698825", "38618901"],
  [20000000000, "65353130", "77737706", "47863826"],
];

for (const [way, { hotpCode, HotpCodes, hotpUri, newOtpSecret, totpCode, TotpCodes, totpUri }] of Object.entries(issuer)) {
  describe(`one-time codes, ${way}`, () => {
    test("are_those_of_rfc_4226_and_rfc_6238", () => {
      const codes = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
      codes.forEach((code, counter) => assert.equal(hotpCode(secret, counter), code));
      for (const [seconds, ...codes] of vectors) {
        Object.entries(long).forEach(([algorithm, secret], place) => assert.equal(totpCode(secret, seconds, { algorithm, digits: 8 }), codes[place]));
      }
      assert.equal(totpCode(secret, 59.9, { digits: 8 }), "94287082");
      assert.notEqual(totpCode(secret, 60, { digits: 8 }), "94287082");
    });

    test("are_those_that_node_works_out", () => {
      for (const [algorithm, hash, digits] of [["SHA1", "sha1", 6], ["SHA256", "sha256", 7], ["SHA512", "sha512", 8]]) {
        for (const counter of [0, 1, 2 ** 32, 2 ** 53 - 1]) {
          const message = Buffer.alloc(8);
          message.writeBigUInt64BE(BigInt(counter));
          const mac = createHmac(hash, "12345678901234567890").update(message).digest();
          const number = mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff;
          assert.equal(hotpCode(secret, counter, { algorithm, digits }), String(number % 10 ** digits).padStart(digits, "0"));
        }
      }
    });

    test("have_random_secrets_as_long_as_the_hash", () => {
      assert.match(newOtpSecret(), /^[A-Z2-7]{32}$/);
      assert.match(newOtpSecret("SHA256"), /^[A-Z2-7]{52}$/);
      assert.match(newOtpSecret("SHA512"), /^[A-Z2-7]{103}$/);
      assert.equal(new Set(Array.from({ length: 100 }, () => newOtpSecret())).size, 100);
      for (const algorithm of ["SHA-1", "sha1", "MD5", null, 1]) assert.throws(() => newOtpSecret(algorithm), TypeError);
    });

    test("have_a_uri", () => {
      const label = { issuer: "Wicket & Söhne", account: "ada@example.org", secret };
      const uri = new URL(totpUri(label));
      assert.equal(uri.protocol + uri.host, "otpauth:totp");
      assert.equal(decodeURIComponent(uri.pathname), "/Wicket & Söhne:ada@example.org");
      assert.deepEqual(Object.fromEntries(uri.searchParams), { secret, issuer: "Wicket & Söhne", algorithm: "SHA1", digits: "6", period: "30" });
      const counted = new URL(hotpUri(label, 7, { algorithm: "SHA256", digits: 8 }));
      assert.equal(counted.host, "hotp");
      assert.deepEqual(Object.fromEntries(counted.searchParams), { secret, issuer: "Wicket & Söhne", algorithm: "SHA256", digits: "8", counter: "7" });
      for (const account of ["", "a:b", "a\nb", "ä".repeat(65)]) assert.throws(() => totpUri({ ...label, account }), refusal("otp_label"));
      for (const account of [undefined, null, 1]) assert.throws(() => totpUri({ ...label, account }), TypeError);
    });

    test("have_limits_with_names", () => {
      const made = (options) => () => new TotpCodes({ store: new MemoryStore(), ...options });
      const counted = (options) => () => new HotpCodes({ store: new MemoryStore(), ...options });
      for (const digits of [5, 9, 256, 2 ** 53 - 1]) assert.throws(made({ digits }), refusal("otp_digits"));
      for (const period of [0, 14, 121, 2 ** 53 - 1]) assert.throws(made({ period }), refusal("otp_period"));
      assert.throws(made({ window: 11 }), refusal("otp_window"));
      assert.throws(counted({ lookAhead: 101 }), refusal("otp_look_ahead"));
      for (const wrong of [{ digits: "6" }, { digits: 6.5 }, { period: -1 }, { window: Number.NaN }, { algorithm: "SHA-1" }, { store: undefined }, { clock: 1 }]) {
        assert.throws(made(wrong), TypeError, JSON.stringify(wrong));
      }
      for (const [secret, code] of [["", "otp_secret_too_short"], ["GEZDGNBVGY3TQOJQ", "otp_secret_too_short"], ["0".repeat(32), "otp_secret_malformed"], ["A".repeat(300), "otp_secret_too_long"], ["\ud800".repeat(32), "otp_secret_malformed"]]) {
        assert.throws(() => totpCode(secret, now), refusal(code), secret);
      }
      assert.throws(() => totpCode(secret, -1), TypeError);
      assert.throws(() => totpCode(secret, 1, { windw: 0 }), TypeError);
      assert.throws(() => new TotpCodes({ store: new MemoryStore(), windw: 0 }), TypeError);
      assert.throws(() => new HotpCodes({ store: new MemoryStore(), window: 0 }), TypeError);
      assert.throws(() => new TotpCodes({ store: {} }), TypeError);
      assert.throws(() => hotpCode(secret, 2 ** 53), TypeError);
    });

    test("are_accepted_once", async () => {
      const codes = new TotpCodes({ store: new MemoryStore({ clock }), clock });
      const use = (code, account = "ada") => codes.use({ account, secret, code });
      const [before, code, after, later] = [-30, 0, 30, 60].map((away) => totpCode(secret, now + away));
      assert.deepEqual(await use(later), { accepted: false, reason: "wrong" });
      assert.deepEqual(await use(code), { accepted: true, step: Math.floor(now / 30) });
      assert.deepEqual(await use(code), { accepted: false, reason: "used" });
      assert.deepEqual(await use(before), { accepted: false, reason: "used" });
      assert.equal((await use(code, "bob")).accepted, true);
      assert.equal((await use(`${after.slice(0, 3)} ${after.slice(3)}`)).accepted, true);
      for (const code of ["", "12345", "1234567", "12345a", "１２３４５６", "\ud800"]) assert.deepEqual(await use(code), { accepted: false, reason: "wrong" });
    });

    test("of_fifty_at_once_are_accepted_once", async () => {
      for (const store of [new MemoryStore({ clock }), slow(new MemoryStore({ clock }))]) {
        const codes = new TotpCodes({ store, clock });
        const code = totpCode(secret, now);
        const used = await Promise.all(Array.from({ length: 50 }, () => codes.use({ account: "ada", secret, code })));
        assert.equal(used.filter(({ accepted }) => accepted).length, 1);
        assert.equal(used.filter(({ reason }) => reason === "used").length, 49);
      }
    });

    test("by_a_counter_are_accepted_once_and_in_order", async () => {
      const codes = new HotpCodes({ store: slow(new MemoryStore({ clock })) });
      const use = (counter) => codes.use({ account: "ada", secret, code: hotpCode(secret, counter) });
      assert.deepEqual(await use(0), { accepted: false, reason: "unknown" });
      await codes.begin("ada");
      assert.deepEqual(await use(3), { accepted: true, counter: 4 });
      assert.deepEqual(await use(3), { accepted: false, reason: "wrong" });
      assert.deepEqual(await use(0), { accepted: false, reason: "wrong" });
      assert.deepEqual(await use(15), { accepted: false, reason: "wrong" });
      const used = await Promise.all(Array.from({ length: 50 }, () => use(4)));
      assert.equal(used.filter(({ accepted }) => accepted).length, 1);
      await codes.begin("ada", 20);
      assert.deepEqual(await use(20), { accepted: true, counter: 21 });
      await codes.remove("ada");
      assert.deepEqual(await use(21), { accepted: false, reason: "unknown" });
    });

    test("are_not_accepted_where_the_store_fails_or_holds_something_else", async () => {
      const code = totpCode(secret, now);
      const failing = { read: () => null, swap: () => Promise.reject(new Error("down")), remove: () => {} };
      await assert.rejects(new TotpCodes({ store: failing, clock }).use({ account: "ada", secret, code }), /down/);
      const lost = { read: () => null, swap: () => false, remove: () => {} };
      await assert.rejects(new TotpCodes({ store: lost, clock }).use({ account: "ada", secret, code }), refusal("store_contended"));
      for (const value of ["", "{", "{}", "-1", "1.5", '"1"', "1e400", "[1]"]) {
        const odd = { read: () => ({ value, version: "1" }), swap: () => true, remove: () => {} };
        await assert.rejects(new TotpCodes({ store: odd, clock }).use({ account: "ada", secret, code }), refusal("state_malformed"), value);
        await assert.rejects(new HotpCodes({ store: odd }).use({ account: "ada", secret, code }), refusal("state_malformed"), value);
      }
      await assert.rejects(new TotpCodes({ store: failing, clock: () => Number.NaN }).use({ account: "ada", secret, code }), TypeError);
      for (const use of [undefined, {}, { account: "a", secret, code: 123456 }, { account: 1, secret, code }]) {
        await assert.rejects(new TotpCodes({ store: failing, clock }).use(use), TypeError);
      }
    });

    test("are_kept_under_the_names_of_the_crate_as_it_keeps_them", async () => {
      // As `tests/redis.rs` has them.
      const known = "totp.s7Y8sz0E8A15KR03wg5ielxWqCUy7vrJ3sNzwexoPfM";
      const store = new MemoryStore({ clock });
      const { step } = await new TotpCodes({ store, clock }).use({ account: "u1", secret, code: totpCode(secret, now) });
      assert.equal(store.read(known).value, String(step));
    });

    test("leave_no_text_of_a_person_in_the_store", async () => {
      const kept = [];
      const store = { read: () => null, swap: (...words) => kept.push(words) > 0, remove: () => {} };
      await new TotpCodes({ store, clock }).use({ account: "ada@example.org", secret, code: totpCode(secret, now) });
      const [[name, version, value, until]] = kept;
      assert.match(name, /^totp\.[\w-]{43}$/);
      assert.deepEqual([version, value], [null, String(Math.floor(now / 30))]);
      assert.equal(until, (Math.floor(now / 30) + 1) * 30 + 86_400);
    });
  });
}
