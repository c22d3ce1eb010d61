// Passwords of portcullis/issuer: by the vectors that the crate is tested with, and beside Node's own functions.

import assert from "node:assert/strict";
import { pbkdf2Sync, randomBytes, scryptSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { root } from "./home.mjs";
import { issuer } from "./package.mjs";

const vectors = JSON.parse(readFileSync(join(root, "tests/issuer/vectors/passwords.json"), "utf8"));
const [right, old, wrong] = ["right", "right, to be hashed anew", "wrong"];
/** The least that is taken. */
const cost = { memoryKib: 7168, passes: 5 };

/** What the two methods say. */
function verified(passwords, password, stored) {
  if (!passwords.verify(password, stored)) return wrong;
  return passwords.needsRehash(stored) ? old : right;
}

const base64 = (bytes) => bytes.toString("base64").replace(/=+$/, "");
const passlib = (bytes) => base64(bytes).replaceAll("+", ".");

for (const [way, { IssuerError, Passwords }] of Object.entries(issuer)) {
  const refusal = (code) => (error) => error instanceof IssuerError && error.code === code;

  describe(`passwords, ${way}`, () => {
    test("are_hashed_as_owasp_advises_and_verified", () => {
      const passwords = new Passwords();
      const hash = passwords.hash("correct horse");
      assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
      assert.equal(verified(passwords, "correct horse", hash), right);
      for (const other of ["correct hors", "correct horse ", "Correct horse", ""]) assert.equal(verified(passwords, other, hash), wrong, other);
      assert.notEqual(passwords.hash("correct horse"), hash);
    });

    test("that_others_have_hashed_are_verified", () => {
      const passwords = new Passwords({ cost });
      const texts = vectors.right.filter(({ password, memoryKib }) => password !== undefined && memoryKib === undefined);
      assert.ok(texts.length > 25);
      for (const { source, password, stored } of texts) {
        assert.equal(verified(passwords, password, stored), old, `${source}: ${stored}`);
        assert.equal(verified(passwords, `${password}x`, stored), wrong, `${source}: ${stored}`);
      }
    });

    test("are_refused_where_the_stored_text_is_no_hash_or_too_dear", () => {
      const passwords = new Passwords({ cost });
      for (const { why, stored, code } of vectors.refused) {
        assert.throws(() => passwords.verify("password", stored), refusal(code), why);
        assert.throws(() => passwords.needsRehash(stored), refusal(code), why);
      }
    });

    test("are_verified_against_what_node_has_hashed", () => {
      const passwords = new Passwords({ cost });
      for (let turn = 0; turn < 12; turn += 1) {
        const password = ["secret", "p\u00e4ssw\u00f6rd", "\u{1f511} key", "a\0b"][turn % 4];
        const salt = randomBytes(1 + turn * 5);
        const length = 16 + turn * 4;
        const [ln, r, p] = [1 + turn, 1 + (turn % 3), 1 + (turn % 2)];
        const iterations = 1 + turn * 100;
        const key = scryptSync(password, salt, length, { N: 2 ** ln, r, p });
        const stored = [`$scrypt$ln=${ln},r=${r},p=${p}$${base64(salt)}$${base64(key)}`];
        for (const digest of ["sha1", "sha256", "sha512"]) {
          const key = pbkdf2Sync(password, salt, iterations, length, digest);
          stored.push(`$pbkdf2-${digest}$i=${iterations}$${base64(salt)}$${base64(key)}`);
          stored.push(`$pbkdf2-${digest}$i=${iterations},l=${length}$${base64(salt)}$${base64(key)}`);
          stored.push(`$pbkdf2-${digest}$${iterations}$${passlib(salt)}$${passlib(key)}`);
          const text = salt.toString("hex").slice(0, 64);
          if (digest !== "sha512") stored.push(`pbkdf2_${digest}$${iterations}$${text}$${pbkdf2Sync(password, text, iterations, length, digest).toString("base64")}`);
        }
        for (const text of stored) {
          assert.equal(verified(passwords, password, text), old, text);
          assert.equal(verified(passwords, `${password}x`, text), wrong, text);
        }
      }
    });

    test("of_scrypt_as_owasp_advises_it_want_a_higher_limit", () => {
      const salt = randomBytes(16);
      const key = scryptSync("a", salt, 32, { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 });
      const stored = `$scrypt$ln=17,r=8,p=1$${base64(salt)}$${base64(key)}`;
      assert.throws(() => new Passwords().verify("a", stored), refusal("cost_too_high"));
      assert.equal(verified(new Passwords({ limits: { memoryKib: 131_072 } }), "a", stored), old);
    });

    test("beyond_the_memory_that_there_is_are_refused_and_the_next_is_verified", () => {
      const limits = { memoryKib: 4_194_304, workKib: 4_294_967_295, lanes: 255, bcryptCost: 31, pbkdf2Iterations: 4_294_967_295 };
      const passwords = new Passwords({ cost, limits });
      const hash = passwords.hash("a");
      const key = base64(Buffer.alloc(32));
      for (const stored of [`$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$${key}`, `$scrypt$ln=21,r=15,p=1$c29tZXNhbHQ$${key}`]) {
        assert.throws(() => passwords.verify("a", stored), refusal("memory_unavailable"), stored);
        assert.equal(verified(passwords, "a", hash), right);
      }
      assert.throws(() => passwords.verify("a", `$scrypt$ln=22,r=8,p=1$c29tZXNhbHQ$${key}`), refusal("cost_too_high"));
    });

    test("of_nobody_and_beside_what_is_no_hash_want_the_work_of_a_wrong_one", () => {
      // The work is seen where it cannot be done.
      const passwords = new Passwords({ cost: { memoryKib: 4_194_304, passes: 1 }, limits: { memoryKib: 4_194_304, workKib: 4_194_304 } });
      for (const stored of [null, "nonsense", "$2x$"]) assert.throws(() => passwords.verify("a", stored), refusal("memory_unavailable"), stored);
      assert.throws(() => passwords.hash("a"), refusal("memory_unavailable"));
    });

    test("of_nobody_are_wrong", () => {
      const passwords = new Passwords({ cost });
      for (const password of ["a", "", "\0"]) assert.equal(verified(passwords, password, null), wrong);
      assert.equal(passwords.verify("a", undefined), false);
      for (const hash of [1, {}, ["$2b$"], ""]) assert.throws(() => passwords.verify("a", hash), hash === "" ? refusal("hash_malformed") : TypeError);
    });

    test("are_the_same_however_their_characters_are_composed", () => {
      const passwords = new Passwords({ cost });
      for (const [composed, apart] of [["caf\u00e9", "cafe\u0301"], ["\u1f82", "\u03b1\u0313\u0300\u0345"], ["\u212b", "\u00c5"], ["\uac01", "\u1100\u1161\u11a8"]]) {
        assert.equal(verified(passwords, apart, passwords.hash(composed)), right, composed);
        assert.equal(verified(passwords, composed, passwords.hash(apart)), right, composed);
      }
      // As others have hashed it, who took it as it was typed.
      const apart = "cafe\u0301 au lait";
      const theirs = `$pbkdf2-sha256$1000$${passlib(Buffer.from("some salt"))}$${passlib(pbkdf2Sync(apart, "some salt", 1000, 32, "sha256"))}`;
      assert.deepEqual([verified(passwords, apart, theirs), verified(passwords, apart.normalize("NFC"), theirs)], [old, wrong]);
      // Compatibility is not composition: these are two passwords.
      assert.equal(verified(passwords, "fi", passwords.hash("\ufb01")), wrong);
    });

    test("have_so_many_bytes_and_all_count", () => {
      const passwords = new Passwords({ cost });
      const longest = "\u00e9".repeat(512);
      const hash = passwords.hash(longest);
      assert.equal(verified(passwords, longest, hash), right);
      assert.equal(verified(passwords, "e\u0301".repeat(512), hash), right);
      assert.equal(verified(passwords, `${longest.slice(0, -1)}e`, hash), wrong);
      // As long as it gets before it is composed.
      const composed = "\u1f82".repeat(341);
      assert.equal(verified(passwords, "\u03b1\u0313\u0300\u0345".repeat(341), passwords.hash(composed)), right);

      const long = [`${longest}a`, "a".repeat(1025), "a".repeat(4097), "a".repeat(5_000_000), "\u{1f511}".repeat(257), "\u{1f511}".repeat(100_000), "\u0300\u0316".repeat(500_000)];
      for (const password of long) {
        assert.throws(() => passwords.hash(password), refusal("password_too_long"));
        for (const stored of [hash, "nonsense", null]) assert.equal(passwords.verify(password, stored), false);
      }
      assert.throws(() => passwords.hash(""), refusal("password_empty"));
      for (const password of [undefined, null, 1, {}, ["a"], new Uint8Array(3)]) {
        assert.throws(() => passwords.hash(password), TypeError);
        assert.throws(() => passwords.verify(password, hash), TypeError);
      }
    });

    test("with_a_pepper_want_it_again", () => {
      const secret = randomBytes(32);
      const given = Buffer.from(secret);
      const peppered = new Passwords({ cost, pepper: { id: "2026", secret: given } });
      // What is done to the bytes afterwards changes nothing.
      given.fill(0);
      const hash = peppered.hash("a");
      assert.match(hash, /^\$argon2id\$v=19\$m=7168,t=5,p=1,keyid=MjAyNg\$/);
      assert.equal(verified(peppered, "a", hash), right);
      const next = { id: "2027", secret: new Uint8Array(randomBytes(32)) };
      assert.equal(verified(new Passwords({ cost, pepper: next, oldPeppers: [{ id: "2026", secret }] }), "a", hash), old);
      assert.equal(verified(new Passwords({ cost, oldPeppers: [{ id: "2026", secret: randomBytes(32) }] }), "a", hash), wrong);
      assert.throws(() => new Passwords({ cost, pepper: next }).verify("a", hash), refusal("pepper_unknown"));
      assert.equal(verified(peppered, "a", new Passwords({ cost }).hash("a")), old);
      assert.ok(!JSON.stringify(peppered).includes("2026"));
    });

    test("want_settings_that_hold", () => {
      const secret = randomBytes(16);
      for (const [options, code] of [
        [{ cost: { memoryKib: 19 } }, "cost_out_of_range"],
        [{ cost: { memoryKib: 7168, passes: 4 } }, "cost_out_of_range"],
        [{ cost: { memoryKib: 65_537 } }, "cost_out_of_range"],
        [{ cost: { passes: 0 } }, "cost_out_of_range"],
        [{ cost: { lanes: 5 } }, "cost_out_of_range"],
        [{ limits: { bcryptCost: 32 } }, "limit_out_of_range"],
        [{ limits: { memoryKib: 0 } }, "limit_out_of_range"],
        [{ pepper: { id: "", secret } }, "pepper_malformed"],
        [{ pepper: { id: "a", secret: secret.subarray(1) } }, "pepper_malformed"],
        [{ pepper: { id: "a", secret }, oldPeppers: [{ id: "a", secret }] }, "pepper_repeated"],
        [{ oldPeppers: Array.from({ length: 17 }, (_, place) => ({ id: `k${place}`, secret })) }, "too_many_peppers"],
      ]) {
        assert.throws(() => new Passwords(options), refusal(code), code);
      }
      for (const options of [
        null, 1, { costs: {} }, { cost: 2 }, { cost: null }, { cost: { memory: 19_456 } }, { cost: { passes: 1.5 } }, { cost: { passes: "2" } },
        { cost: { passes: -1 } }, { cost: { passes: Number.NaN } }, { cost: { memoryKib: 2 ** 32 } }, { limits: { lanes: "4" } }, { limits: { scrypt: 1 } },
        { pepper: "secret" }, { pepper: { id: 1, secret } }, { pepper: { id: "a", secret: "0123456789abcdef" } }, { oldPeppers: {} }, { oldPeppers: [null] },
      ]) {
        assert.throws(() => new Passwords(options), TypeError, JSON.stringify(options));
      }
      assert.equal(verified(new Passwords({ cost: { memoryKib: undefined, passes: 3 } }), "a", null), wrong);
    });
  });
}
