// The README and the chart show the recorded run of the benchmarks, and nothing else: bench/results/.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { chart } from "../../bench/chart.mjs";
import { folder, reasons, runsIn, runtimes } from "../../bench/results.mjs";
import { missed, section, withSection } from "../../bench/section.mjs";
import { root } from "./home.mjs";

const page = readFileSync(join(root, "README.md"), "utf8");
const runs = runsIn(folder);
const drawing = join(folder, "chart.svg");

describe("the recorded run", () => {
  test("is_what_the_README_says", () => {
    assert.equal(page, withSection(page, section(runs, reasons())), "make bench-record writes it there");
  });

  test("is_of_every_runtime_and_drawn_or_there_is_none", () => {
    assert.deepEqual([...runs.keys()], runs.size === 0 ? [] : Object.keys(runtimes));
    assert.equal(existsSync(drawing), runs.size > 0);
    if (runs.size > 0) assert.equal(readFileSync(drawing, "utf8"), chart(runs), "make bench-record draws it");
  });
});

describe("a run", () => {
  const machine = { processor: "Abacus", cores: 2, architecture: "wood" };
  const rowOf = (theirs) => ({
    name: "counting",
    unit: "µs",
    figures: [
      { name: "floor", median: 0.1, lower: 0.1, upper: 0.2 },
      { name: "portcullis", median: 2, lower: 1.5, upper: 3 },
      { name: "@scope/other", median: theirs, lower: theirs, upper: theirs, ratio: theirs / 2, goal: "5.00×", wanted: 5, met: theirs >= 10 },
    ],
    absent: { fourth: "it counts no beads" },
  });
  const run = (runtime, theirs, absent = {}) => ({ runtime, machine, versions: { portcullis: "0.1.0" }, absent, rows: [rowOf(theirs)] });
  const some = new Map([["node", run("Node v1", 20)], ["workerd", run("workerd 2", 6, { third: "it needs <beads>" })]]);

  test("shows_each_goal_met_or_missed", () => {
    const text = section(some, { counting: { "@scope/other": "It counts by twos." } });
    assert.match(text, /^\| work \| beside \| goal \| Node \| workerd \|$/m);
    assert.match(text, /^\| counting \| @scope\/other \| 5\.00× \| 10\.0× \| \*\*3\.00×\*\* missed \|$/m);
    assert.match(text, /^- \*\*counting, @scope\/other\*\*: 3\.00× in workerd; goal 5\.00×\. It counts by twos\.$/m);
    assert.match(text, /^- third in workerd: it needs <beads>$/m);
    assert.match(text, /^- fourth in Node, workerd: it counts no beads \(counting\)$/m);
    assert.match(text, /^\| @scope\/other \| 20\.0 \(20\.0 – 20\.0\), 10\.0× \| 6\.00 \(6\.00 – 6\.00\), 3\.00× \|$/m);
    assert.match(text, /^Abacus, 2 cores, wood\. Node v1; workerd 2\. portcullis 0\.1\.0\.$/m);
  });

  test("is_not_shown_where_a_missed_goal_has_no_reason", () => {
    assert.throws(() => section(some, {}), /no reason: "counting", "@scope\/other", goal 5\.00×, 3\.00× in workerd/);
    assert.deepEqual(missed(new Map([["node", run("Node v1", 20)]]), {}), []);
  });

  test("is_drawn_with_a_mark_for_each_ratio", () => {
    const svg = chart(some);
    assert.match(svg, /<circle [^>]*class="met"><title>Node: @scope\/other, 10\.0×, goal 5\.00×<\/title>/);
    assert.match(svg, /<rect [^>]*class="missed"><title>workerd: @scope\/other, 3\.00×, goal 5\.00×<\/title>/);
    // By the logarithm.
    const place = (pattern, size) => Number(pattern.exec(svg)[1]) + size;
    const [ten, three] = [place(/<circle cx="([\d.]+)"[^>]*class="met"><title>Node/, 0), place(/<rect x="([\d.]+)"[^>]*class="missed"/, 3.2)];
    const [one] = [...svg.matchAll(/<path d="M([\d.]+) [^"]*" class="ours"/g)].map(([, x]) => Number(x));
    assert.ok(Math.abs((three - one) / (ten - one) - Math.log10(3)) < 0.01);
  });

  test("replaces_another_and_nothing_else", () => {
    const before = "# Title\n<!-- bench -->\nold\n<!-- /bench -->\nafter\n";
    assert.equal(withSection(before, "new\n"), "# Title\n<!-- bench -->\nnew\n<!-- /bench -->\nafter\n");
    assert.throws(() => withSection("# Title\n", "new\n"), /no marks/);
  });
});
