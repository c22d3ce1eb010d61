// Recovery codes as portcullis/issuer makes and takes them.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { issuer, stores } from "./package.mjs";
import { slow } from "./slow.mjs";

const { MemoryStore } = stores.imported;

for (const [way, { IssuerError, newRecoveryCodes, RecoveryCodes, spendRecoveryCode }] of Object.entries(issuer)) {
  describe(`recovery codes, ${way}`, () => {
    test("are_ten_and_random", () => {
      const { codes, hashes } = newRecoveryCodes();
      assert.deepEqual([codes.length, hashes.length], [10, 10]);
      codes.forEach((code, place) => {
        assert.match(code, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){5}$/);
        assert.equal(hashes[place], `sha256:${createHash("sha256").update(code.replaceAll("-", "")).digest("base64url")}`);
      });
      assert.equal(new Set(Array.from({ length: 50 }, () => newRecoveryCodes().codes).flat()).size, 500);
    });

    test("are_spent_once", () => {
      const { codes, hashes } = newRecoveryCodes();
      const left = spendRecoveryCode(` ${codes[4].toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l")} `, hashes);
      assert.deepEqual(left, hashes.toSpliced(4, 1));
      assert.equal(spendRecoveryCode(codes[4], left), null);
      for (const text of ["", codes[0].slice(1), `${codes[0]}0`, "U".repeat(24), "\ud800".repeat(24), hashes[0]]) assert.equal(spendRecoveryCode(text, hashes), null);
      assert.equal(spendRecoveryCode(codes[0], []), null);
      assert.throws(() => spendRecoveryCode(codes[0], Array(101).fill(hashes[0])), (error) => error instanceof IssuerError && error.code === "recovery_codes_too_many");
      for (const wrong of [undefined, null, hashes[0], [1], { length: 1 }]) assert.throws(() => spendRecoveryCode(codes[0], wrong), TypeError);
      assert.throws(() => spendRecoveryCode(null, hashes), TypeError);
    });

    test("are_kept_in_a_store", async () => {
      const recovery = new RecoveryCodes({ store: slow(new MemoryStore()) });
      assert.deepEqual(await recovery.use("ada", "0".repeat(24)), { accepted: false, left: 0 });
      const codes = await recovery.renew("ada");
      assert.equal(await recovery.left("ada"), 10);
      assert.deepEqual(await recovery.use("ada", codes[0]), { accepted: true, left: 9 });
      assert.deepEqual(await recovery.use("ada", codes[0]), { accepted: false, left: 9 });
      assert.deepEqual(await recovery.use("bob", codes[1]), { accepted: false, left: 0 });
      const others = await recovery.renew("ada");
      assert.deepEqual(await recovery.use("ada", codes[1]), { accepted: false, left: 10 });
      for (const [place, code] of others.entries()) assert.deepEqual(await recovery.use("ada", code), { accepted: true, left: 9 - place });
      assert.deepEqual(await recovery.use("ada", others[0]), { accepted: false, left: 0 });
      await recovery.renew("ada");
      await recovery.remove("ada");
      assert.equal(await recovery.left("ada"), 0);
    });

    test("of_fifty_uses_at_once_one_is_accepted", async () => {
      for (const store of [new MemoryStore(), slow(new MemoryStore())]) {
        const recovery = new RecoveryCodes({ store });
        const [code] = await recovery.renew("ada");
        const used = await Promise.all(Array.from({ length: 50 }, () => recovery.use("ada", code)));
        assert.equal(used.filter(({ accepted }) => accepted).length, 1);
        assert.equal(await recovery.left("ada"), 9);
      }
    });

    test("are_not_accepted_where_the_store_fails_or_holds_something_else", async () => {
      const { codes, hashes } = newRecoveryCodes();
      const over = (store) => new RecoveryCodes({ store: { read: () => ({ value: JSON.stringify(hashes), version: "1" }), swap: () => true, remove: () => {}, ...store } });
      assert.equal((await over({}).use("ada", codes[0])).accepted, true);
      await assert.rejects(over({ swap: () => Promise.reject(new Error("down")) }).use("ada", codes[0]), /down/);
      await assert.rejects(over({ swap: () => false }).use("ada", codes[0]), (error) => error instanceof IssuerError && error.code === "store_contended");
      for (const value of ["", "{}", "[1]", "1", '"sha256:"', "[[]]"]) {
        const odd = over({ read: () => ({ value, version: "1" }) });
        const refused = (error) => error instanceof IssuerError && error.code === "state_malformed";
        await assert.rejects(odd.use("ada", codes[0]), refused, value);
        await assert.rejects(odd.left("ada"), refused, value);
      }
      for (const account of [undefined, null, 1]) await assert.rejects(over({}).use(account, codes[0]), TypeError);
      assert.throws(() => new RecoveryCodes({}), TypeError);
    });

    test("leave_no_text_of_a_person_and_no_code_in_the_store", async () => {
      const kept = [];
      const recovery = new RecoveryCodes({ store: { read: () => null, swap: (...words) => kept.push(words) > 0, remove: () => {} } });
      const codes = await recovery.renew("ada@example.org");
      const [[name, version, value]] = kept;
      assert.match(name, /^recovery\.[\w-]{43}$/);
      assert.equal(version, null);
      assert.equal(codes.some((code) => value.includes(code) || value.includes(code.replaceAll("-", ""))), false);
    });
  });
}
