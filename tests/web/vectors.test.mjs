// The vectors, in every runtime that the package is for.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { buildPage, openPage } from "./chromium.mjs";
import { suites } from "./home.mjs";
import { imported, required } from "./package.mjs";
import { runVectors } from "./vectors.mjs";
import { bundleWorker, serveWorker } from "./workerd.mjs";

const all = suites();

function assertPassed({ passed, failed }) {
  const shown = failed.slice(0, 20).map(({ suite, name, expected, actual }) => `${suite}: ${name}\n  expected ${expected}\n  actual   ${actual}`);
  assert.equal(failed.length, 0, `${failed.length} of ${passed + failed.length} answers differ\n${shown.join("\n")}`);
  const count = all.reduce((sum, { cases, documents }) => sum + (cases ?? documents).length, 0);
  assert.ok(count > 0 && passed >= count, `only ${passed} of ${count} vectors ran`);
}

describe("the vectors", () => {
  test("pass in Node, imported", async () => {
    assertPassed(await runVectors(imported, all));
  });

  test("pass in Node, required", async () => {
    assertPassed(await runVectors(required, all));
  });

  describe("in workerd", () => {
    let worker;
    before(() => {
      bundleWorker();
      worker = serveWorker();
    });
    after(() => worker?.dispose());

    for (const suite of all) {
      test(`pass: ${suite.suite}`, async () => {
        const response = await worker.dispatchFetch("http://worker.example/", { method: "POST", body: JSON.stringify([suite]) });
        const { failed } = await response.json();
        assert.deepEqual(failed, []);
      });
    }
  });

  describe("in Chromium", () => {
    let opened;
    before(async () => {
      await buildPage();
      opened = await openPage();
    });
    after(() => opened?.close());

    test("pass", async () => {
      assertPassed(await opened.page.evaluate((text) => globalThis.runVectors(text), JSON.stringify(all)));
      assert.deepEqual(opened.problems, []);
    });
  });
});
