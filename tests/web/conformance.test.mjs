// Wycheproof's cases, asked of every verifier that runs in JavaScript. What they say must be what the native verifiers
// said, case by case; whether that is right, tests/conformance.rs has told.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { folder } from "./conformance/core.mjs";
import { prepare, verifiers } from "./conformance/verifiers.mjs";

describe("the conformance suites", () => {
  let suites;
  before(() => {
    prepare();
    const paths = readdirSync(join(folder, "cases")).map((name) => `cases/${name}`);
    suites = paths.map((path) => ({ path, suite: JSON.parse(readFileSync(join(folder, path), "utf8")) }));
  });

  for (const [name, open] of Object.entries(verifiers)) {
    test(`have one verdict: ${name}`, async () => {
      const verifier = await open();
      let [asked, decidedByHost, ed25519ByHost] = [0, 0, 0];
      const differences = [];
      try {
        for (const { suite, path } of suites) {
          const { verdicts, hosted } = await verifier.judge(suite, path);
          asked += suite.cases.length;
          decidedByHost += hosted;
          if (suite.keys.every(({ algorithm }) => algorithm === "EdDSA")) ed25519ByHost += hosted;
          suite.cases.forEach(({ name: number, verdict }, place) => {
            if (verdict !== verdicts[place]) differences.push({ suite: suite.suite, case: number, native: verdict, verdict: String(verdicts[place]) });
          });
        }
      } finally {
        await verifier.close();
      }
      report({ verifier: name, cases: asked, hosted: decidedByHost, differences });
      assert.deepEqual(differences, []);
      // Without the cases of the host's algorithms the run would say nothing of the host.
      assert.ok(decidedByHost > 5_000 && asked - decidedByHost > 500, `${decidedByHost} of ${asked} were the host's`);
      assert.ok(name.includes("full.wasm") ? ed25519ByHost === 0 : ed25519ByHost > 100, `${ed25519ByHost} of Ed25519 were the host's`);
    });
  }
});

/** For the table. */
function report(row) {
  mkdirSync(join(folder, "verifiers"), { recursive: true });
  writeFileSync(join(folder, "verifiers", `${row.verifier.replace(/\W+/g, "-")}.json`), JSON.stringify(row));
}
