// MemoryStore, and the suite of the stores in Node.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { stores } from "./package.mjs";
import { run, suites } from "./stores/suite.mjs";
import { now } from "./tokens.mjs";

for (const [way, { AtomicReplays, MemoryRevocations, MemoryStore }] of Object.entries(stores)) {
  describe(`MemoryStore, ${way}`, () => {
    const engine = { store: (clock) => new MemoryStore({ clock }), AtomicReplays };
    for (const suite of ["cases", "races"]) for (const name of suites[suite]) test(name, () => run(suite, name, engine));

    test("is_bounded_and_loses_none_silently", () => {
      let time = now;
      const store = new MemoryStore({ clock: () => time, bound: 2 });
      assert.deepEqual([store.swap("a", null, "1", now + 10), store.swap("b", null, "1", now + 20)], [true, true]);
      for (const wrong of [{ maxEntries: 2 }, { bound: Number.NaN }, { bound: "2" }]) assert.throws(() => new MemoryStore(wrong), TypeError);
      const full = { name: "StoreError", code: "store_full" };
      assert.throws(() => store.swap("c", null, "1", now + 10), full);
      assert.equal(store.read("c"), null);
      assert.equal(store.swap("b", store.read("b").version, "2", now + 20), true);
      assert.deepEqual([store.read("a").value, store.read("b").value], ["1", "2"]);
      time = now + 10;
      assert.equal(store.swap("c", null, "1", now + 20), true);
      assert.throws(() => store.swap("a", null, "2", now + 20), full);
      store.remove("b");
      assert.equal(store.swap("a", null, "2", now + 20), true);
    });

    test("what_was_read_cannot_be_changed", () => {
      const store = new MemoryStore({ clock: () => now });
      store.swap("a", null, "1", now + 10);
      assert.throws(() => {
        store.read("a").value = "2";
      }, TypeError);
      assert.equal(store.read("a").value, "1");
    });
  });

  describe(`MemoryRevocations, ${way}`, () => {
    const engine = { facts: (clock) => new MemoryRevocations({ clock }) };
    for (const name of suites.revocations) test(name, () => run("revocations", name, engine));
  });
}
