// The vectors, in every runtime that the package is for, once for each entry.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { buildPage, openPage } from "./chromium.mjs";
import { openPageInFirefox } from "./firefox.mjs";
import { root, suites } from "./home.mjs";
import { full, imported, required } from "./package.mjs";
import { runVectors } from "./vectors.mjs";
import { bundleWorker, serveWorker } from "./workerd.mjs";

const all = suites();

/** `portcullis/full` knows what a config or a document marked `full` asks for; for `portcullis` it must not load. */
const entries = {
  portcullis: { imported, required, app: "worker" },
  "portcullis/full": { ...full, app: "worker-full" },
};

/** In which runtimes each suite ran, and the names of its cases that failed in any. */
const ran = new Map(all.map(({ suite }) => [suite, { runtimes: new Set(), failed: new Set() }]));
const RUNTIMES = 5 * Object.keys(entries).length;

function assertPassed(runtime, { passed, failed }, asked = all) {
  for (const { suite } of asked) ran.get(suite).runtimes.add(runtime);
  for (const { suite, name } of failed) ran.get(suite).failed.add(name);
  const shown = failed.slice(0, 20).map(({ suite, name, expected, actual }) => `${suite}: ${name}\n  expected ${expected}\n  actual   ${actual}`);
  assert.equal(failed.length, 0, `${failed.length} of ${passed + failed.length} answers differ\n${shown.join("\n")}`);
  const count = asked.reduce((sum, suite) => sum + size(suite), 0);
  assert.ok(count > 0 && passed >= count, `only ${passed} of ${count} vectors ran`);
}

function size({ cases, documents }) {
  return (cases ?? documents).length;
}

/** For the table of `make conformance`. A suite has passed where it has passed everywhere. */
function report() {
  const folder = join(root, "target/conformance");
  mkdirSync(folder, { recursive: true });
  for (const suite of all) {
    const { runtimes, failed } = ran.get(suite.suite);
    const passed = runtimes.size === RUNTIMES ? size(suite) - failed.size : 0;
    const row = { suite: `vectors ${suite.suite}`, cases: size(suite), passed, deviations: [] };
    writeFileSync(join(folder, `vectors-${suite.suite}.json`), JSON.stringify(row));
  }
}

describe("the vectors", () => {
  after(report);

  for (const [entry, { imported, required, app }] of Object.entries(entries)) {
    const options = { full: entry === "portcullis/full" };

    test(`pass in Node, imported: ${entry}`, async () => {
      assertPassed(`imported ${entry}`, await runVectors(imported, all, options));
    });

    test(`pass in Node, required: ${entry}`, async () => {
      assertPassed(`required ${entry}`, await runVectors(required, all, options));
    });

    describe(`in workerd: ${entry}`, () => {
      let worker;
      before(() => {
        bundleWorker(app);
        worker = serveWorker(app);
      });
      after(() => worker?.dispose());

      for (const suite of all) {
        test(`pass: ${suite.suite}`, async () => {
          const response = await worker.dispatchFetch("http://worker.example/", { method: "POST", body: JSON.stringify([suite]) });
          assertPassed(`workerd ${entry}`, await response.json(), [suite]);
        });
      }
    });
  }

  for (const [browser, open] of [["Chromium", openPage], ["Firefox", openPageInFirefox]]) {
    describe(`in ${browser}`, () => {
      let opened;
      before(async () => {
        await buildPage();
        opened = await open();
      });
      after(() => opened?.close());

      for (const entry of Object.keys(entries)) {
        test(`pass: ${entry}`, async () => {
          // One argument: Playwright hands over no more.
          const passed = await opened.page.evaluate(({ text, entry }) => globalThis.runVectors(text, entry), { text: JSON.stringify(all), entry });
          assertPassed(`${browser} ${entry}`, passed);
          assert.deepEqual(opened.problems, []);
        });
      }
    });
  }
});
