// CEL's conformance tests, asked of the whole core. Each passes or is refused when it loads; none is answered otherwise than
// CEL does. guard.wasm answers the same, but for patterns, which it leaves out.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { tests } from "@bufbuild/cel-spec/testdata/conformance.js";
import { judgeCel } from "./conformance/cel.mjs";
import { folder, openCore } from "./conformance/core.mjs";
import { root } from "./home.mjs";

/** How many tests of each file pass at least. A change to the language that loses some fails here. */
const floors = JSON.parse(readFileSync(join(root, "tests/conformance/cel.json"), "utf8"));

/** By the name of the file. One of them, `unknowns`, has no test. */
const files = new Map(tests.suites.map((file) => [file.name, casesOf(file)]).filter(([, cases]) => cases.length > 0));

describe("CEL's conformance tests", () => {
  let [core, small] = [];
  before(async () => {
    core = await openCore("wasm-full");
    small = await openCore("wasm");
  });

  test("have a floor for each file", () => {
    assert.deepEqual(Object.keys(floors), [...files.keys()]);
  });

  for (const [file, cases] of files) {
    test(`pass, or do not load: ${file}`, () => {
      let passed = 0;
      const [refused, wrong] = [{}, []];
      for (const { name, source } of cases) {
        const said = judgeCel(core.cel, source);
        if (said.passed) passed += 1;
        if (said.refused !== undefined) refused[said.refused] = (refused[said.refused] ?? 0) + 1;
        if (said.wrong !== undefined) wrong.push(`${name}: ${source.expr}\n  ${said.wrong}`);
      }
      report({ file, cases: cases.length, passed, refused, wrong: wrong.length });
      assert.equal(wrong.length, 0, `${wrong.length} of ${cases.length} answers are wrong\n${wrong.join("\n")}`);
      assert.ok(passed >= floors[file], `${passed} pass, and ${floors[file]} did`);
    });
  }

  test("are answered alike by guard.wasm, but for patterns", () => {
    let leftOut = 0;
    for (const { name, source } of [...files.values()].flat()) {
      let answer;
      const asked = (...question) => (answer = small.cel(...question));
      const said = judgeCel(asked, source);
      if (answer?.includes('"needs_full"')) {
        leftOut += 1;
        assert.match(source.expr, /matches\(/, name);
      } else {
        assert.deepEqual(said, judgeCel(core.cel, source), name);
      }
    }
    assert.ok(leftOut >= 9, `${leftOut} were left out`);
  });
});

function casesOf({ suites = [] }) {
  return suites.flatMap(({ name: section, tests: cases = [] }) => cases.map(({ original }) => ({ name: `${section}/${original.name}`, source: original })));
}

/** For the table. */
function report(row) {
  mkdirSync(join(folder, "cel"), { recursive: true });
  writeFileSync(join(folder, "cel", `${row.file}.json`), JSON.stringify(row));
}
