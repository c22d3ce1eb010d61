// D1 and Durable Objects inside workerd: the suite in there, and its races by requests from here.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { home } from "./home.mjs";
import { stores } from "./package.mjs";
import { run, suites } from "./stores/suite.mjs";
import { bundleWorker, serveWorker } from "./workerd.mjs";

const { AtomicReplays, D1Revocations, D1Store, DurableStore } = stores.imported;
const engines = {
  d1Databases: { DATABASE: "database", EMPTY: "empty" },
  kvNamespaces: { FACTS: "facts" },
  durableObjects: { OBJECTS: { className: "StoreObject", useSQLite: true }, BROKEN: { className: "BrokenObject", useSQLite: true } },
};
const seconds = Math.floor(Date.now() / 1000);

describe("the stores of Cloudflare, in workerd", () => {
  let served;
  let address;
  before(async () => {
    bundleWorker("stores");
    served = serveWorker("stores", engines);
    address = await served.ready;
    // Twice, as a migration that is run again.
    for (const _ of "12") assert.ok((await ask("https://schema.example/")).count > 0);
  });
  after(() => served?.dispose());

  const ask = async (url, body) => (await served.dispatchFetch(url, { method: "POST", body: body ?? "" })).json();

  const inside = { d1: ["cases", "races"], "d1-revocations": ["revocations"], durable: ["cases", "races"], "durable-shards": ["cases", "races"] };
  for (const [engine, names] of Object.entries(inside)) {
    for (const suite of names) {
      for (const name of suites[suite]) {
        test(`${name}: ${engine}`, async () => assert.deepEqual(await ask(`https://worker.example/${engine}/${suite}/${name}`), { passed: true }));
      }
    }
  }

  // KV keeps a fact for a minute at least, and of two at once it may lose one.
  for (const name of ["answers_come_in_the_order_of_the_names", "moments_alone_are_taken"]) {
    test(`${name}: kv`, async () => assert.deepEqual(await ask(`https://worker.example/kv-revocations/revocations/${name}`), { passed: true }));
  }

  /** A store whose every call is a request over a socket of its own. */
  const remote = (engine) => (clock) =>
    Object.fromEntries(
      ["read", "swap", "remove"].map((method) => [
        method,
        async (...parameters) => {
          const response = await fetch(new URL(engine, address), { method: "POST", body: JSON.stringify({ method, parameters, now: clock() }) });
          const { answer, failed } = await response.json();
          if (failed !== undefined) throw new Error(failed);
          return answer;
        },
      ]),
    );
  for (const engine of ["d1", "durable", "durable-shards"]) {
    for (const name of suites.races) {
      test(`${name}: ${engine}, over HTTP`, () => run("races", name, { store: remote(engine), AtomicReplays }));
    }
  }

  test("what_has_ended_is_swept_from_d1_and_nothing_else", async () => {
    const past = seconds - 1_000_000;
    const store = remote("d1")(() => past);
    for (const [name, until] of [["sweep.a", past + 10], ["sweep.b", past + 11], ["sweep.c", past + 12]]) await store.swap(name, null, "1", until);
    const [swept] = await ask(`https://sweep.example/${past + 11.9}`);
    assert.ok(swept >= 2);
    assert.deepEqual([await store.read("sweep.a"), await store.read("sweep.b"), (await store.read("sweep.c")).value], [null, null, "1"]);
    assert.deepEqual(await ask(`https://sweep.example/${past + 11}`), [0, 0]);
  });

  test("what_has_ended_is_swept_from_an_object_by_its_alarm", async () => {
    const store = remote("durable")(() => seconds - 10_000);
    for (const [name, until] of [["sweep.a", seconds - 2000], ["sweep.b", seconds - 100], ["sweep.c", seconds + 2000]]) await store.swap(name, null, "1", until);
    const rows = async () => (await ask("https://objects.example/portcullis.0/rows")).map(({ name }) => name).filter((name) => name.startsWith("sweep."));
    assert.deepEqual(await rows(), ["sweep.a", "sweep.b", "sweep.c"]);
    const { set, next } = await ask("https://objects.example/portcullis.0/alarm");
    for (const moment of [set, next]) assert.ok(moment > Date.now() && moment <= Date.now() + 3_600_000, String(moment));
    // What ended a moment ago by this clock may not have ended yet by another one.
    assert.deepEqual(await rows(), ["sweep.b", "sweep.c"]);
    const { set: none, next: neither } = await ask("https://objects.example/empty/alarm");
    assert.deepEqual([none, neither], [null, null]);
  });

  test("names_are_spread_over_the_objects", async () => {
    const store = remote("durable-shards")(() => seconds);
    for (let turn = 0; turn < 100; turn += 1) await store.swap(`spread.${turn}`, null, "1", seconds + 60);
    const held = [];
    for (let shard = 0; shard < 16; shard += 1) {
      const rows = await ask(`https://objects.example/portcullis.${shard}/rows`);
      held.push(rows.filter(({ name }) => name.startsWith("spread.") && name !== "spread.").length);
    }
    assert.equal(held.reduce((sum, one) => sum + one, 0), 100);
    assert.ok(Math.max(...held) < 20 && Math.min(...held) > 0, String(held));
  });
});

test("what_was_written_is_there_when_the_worker_starts_again", async () => {
  bundleWorker("stores");
  const folder = mkdtempSync(join(home, "kept-"));
  const kept = { d1Persist: join(folder, "d1"), durableObjectsPersist: join(folder, "objects") };
  const ask = async (served, engine, method, ...parameters) => {
    const response = await served.dispatchFetch(`https://worker.example/${engine}`, { method: "POST", body: JSON.stringify({ method, parameters, now: seconds }) });
    return (await response.json()).answer;
  };
  const during = async (work) => {
    const served = serveWorker("stores", { ...engines, ...kept });
    try {
      await work(served);
    } finally {
      await served.dispose();
    }
  };
  try {
    await during(async (served) => {
      await served.dispatchFetch("https://schema.example/");
      for (const engine of ["d1", "durable"]) assert.equal(await ask(served, engine, "swap", "kept", null, "the value", seconds + 600), true);
    });
    await during(async (served) => {
      for (const engine of ["d1", "durable"]) {
        const { value, version } = await ask(served, engine, "read", "kept");
        assert.equal(value, "the value");
        const swaps = [null, version].map((expected) => ask(served, engine, "swap", "kept", expected, "next", seconds + 600));
        assert.deepEqual(await Promise.all(swaps), [false, true]);
      }
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe("an engine that answers otherwise than it should", () => {
  const unavailable = { name: "StoreError", code: "store_unavailable" };
  const d1 = (answer) => ({ prepare: () => ({ bind: () => ({ all: async () => answer }) }) });
  const object = (answer, ok = true) => ({ getByName: () => ({ fetch: async () => ({ ok, json: async () => answer }) }) });

  for (const answer of [undefined, null, {}, { results: [] }, { meta: { changes: "1" } }, { meta: { changes: -1 } }, { meta: {} }]) {
    test(`says_that_it_is_unavailable: D1, ${JSON.stringify(answer)}`, async () => {
      await assert.rejects(new D1Store(d1(answer)).swap("a", null, "1", seconds), unavailable);
      await assert.rejects(new D1Store(d1(answer)).remove("a"), unavailable);
      await assert.rejects(new D1Revocations(d1(answer)).revoke("a", 1, 1), unavailable);
    });
  }

  for (const answer of [undefined, null, {}, { results: null }, { results: [1] }, { results: [{ value: 1, version: "a" }] }, { results: [{ value: "1" }] }]) {
    test(`says_that_it_is_unavailable: a read of D1, ${JSON.stringify(answer)}`, async () => {
      await assert.rejects(new D1Store(d1(answer)).read("a"), unavailable);
    });
  }

  for (const results of [undefined, null, [null], [{}], [{ name: "a" }], [{ name: "a", not_before: "1" }], [{ name: 1, not_before: 1 }]]) {
    test(`says_that_it_is_unavailable: a fact in D1, ${JSON.stringify(results)}`, async () => {
      await assert.rejects(new D1Revocations(d1({ results })).lookup(["a"]), unavailable);
    });
  }

  for (const answer of [undefined, null, 1, {}, { answer: 1 }, { answer: "true" }]) {
    test(`says_that_it_is_unavailable: an object, ${JSON.stringify(answer)}`, async () => {
      await assert.rejects(new DurableStore(object(answer)).read("a"), unavailable);
      await assert.rejects(new DurableStore(object(answer)).swap("a", null, "1", seconds), unavailable);
      await assert.rejects(new DurableStore(object({ answer: true }, false)).swap("a", null, "1", seconds), unavailable);
    });
  }

  test("takes_a_number_of_shards_alone", () => {
    for (const shards of [0, -1, 1.5, "2", Number.NaN, 1025, null]) assert.throws(() => new DurableStore(object(), { shards }), TypeError, String(shards));
  });
});
