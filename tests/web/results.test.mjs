// The README and the pictures show the recorded run of the benchmarks, and nothing else: bench/results/.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { chart } from "../../bench/chart.mjs";
import { drawings } from "../../bench/drawings.mjs";
import { chart as growthChart } from "../../bench/growth/chart.mjs";
import { plainTable } from "../../bench/growth/report.mjs";
import { compared, printed } from "../../bench/report.mjs";
import { folder, reasons, recordIn, runtimes, whole } from "../../bench/results.mjs";
import { section, withSection } from "../../bench/section.mjs";
import { missed } from "../../bench/section/goals.mjs";
import { root } from "./home.mjs";
import { because, figure, growth, native, nativeOf, run, some } from "./made-up-runs.mjs";

const page = readFileSync(join(root, "README.md"), "utf8");
const record = recordIn(folder);
const files = existsSync(folder) ? readdirSync(folder).sort() : [];

describe("the recorded run", () => {
  test("is_what_the_README_says", () => {
    assert.equal(page, withSection(page, section(record, reasons())), "make bench-record writes it there");
  });

  test("is_of_all_that_is_measured_and_drawn_or_there_is_none", () => {
    const drawn = files.length === 0 ? {} : drawings(whole(record));
    const measured = [...Object.keys(runtimes), "growth", "native"].map((name) => `${name}.json`);
    assert.deepEqual(files, files.length === 0 ? [] : [...measured, ...Object.keys(drawn)].sort());
    for (const [name, drawing] of Object.entries(drawn)) assert.equal(readFileSync(join(folder, name), "utf8"), drawing, "make bench-record draws it");
  });
});

describe("a run", () => {
  test("shows_each_goal_met_or_missed", () => {
    const text = section({ runs: some, growth, native }, because);
    assert.match(text, /^\| work \| beside \| goal \| Node \| workerd \|$/m);
    assert.match(text, /^\| counting \| @scope\/other \| 5\.00× \| 10\.0× \| \*\*3\.00×\*\* missed \|$/m);
    assert.match(text, /^- \*\*counting, @scope\/other\*\*: 3\.00× in workerd; goal 5\.00×\. It counts by twos\.$/m);
    assert.match(text, /^- third in workerd: it needs <beads>$/m);
    assert.match(text, /^- fourth in Node, workerd: it counts no beads \(counting\)$/m);
    assert.match(text, /^\| @scope\/other \| 20\.0 \(20\.0 – 20\.0\), 10\.0× \| 6\.00 \(6\.00 – 6\.00\), 3\.00× \|$/m);
    assert.match(text, /^portcullis 0\.1\.0 on Abacus, 2 cores, wood: Node v1; workerd 2; rustc 3\. /);
    assert.match(text, /^Packages: other 7\. Crates: abacus 8\.$/m);
    assert.equal(text.split("Abacus").length, 2, "the machine is named once");
  });

  test("says_where_somebody_with_a_goal_is_absent", () => {
    const one = run("workerd 2", 6, { "@scope/other": "it needs beads" });
    one.rows[0].figures.pop();
    const text = section({ runs: new Map([["node", run("Node v1", 20)], ["workerd", one]]), growth, native }, {});
    assert.match(text, /^\| counting \| @scope\/other \| 5\.00× \| 10\.0× \| absent \|$/m);
  });

  test("says_why_somebody_has_no_goal", () => {
    const figures = [figure("portcullis", 2), figure("sharp", 5), figure("blunt", 9)];
    const made = compared({ name: "cutting", unit: "µs", figures, goals: { blunt: 3 }, notes: { sharp: "it cuts itself.", gone: "it is not here." } });
    assert.deepEqual(made.notes, { sharp: "it cuts itself." });
    assert.match(printed(made), /^ {2}sharp: it cuts itself\.$/m);
    const text = section({ runs: new Map([["node", { ...run("Node v1", 20), rows: [made] }]]), growth, native }, {});
    assert.match(text, /^- cutting, sharp: 2\.50× in Node; it cuts itself\.$/m);
    assert.match(text, /^\| cutting \| blunt \| 3\.00× \| 4\.50× \|$/m);
    assert.doesNotMatch(text, /^\| cutting \| sharp/m);
  });

  test("has_the_crate_beside_others", () => {
    const text = section({ runs: some, growth, native }, because);
    assert.match(text, /^\| work, µs \| portcullis \| abacus \|$/m);
    assert.match(text, /^\| adding \| 2\.00<br>slowly: 3\.00, 1\.50× \| 4\.00, 2\.00× \|$/m);
    assert.match(text, /^\| the same, with more \| 2\.00<br>10 more: 2\.00; 1\.00×, goal we within 1\.50× \| {2}\|$/m);
    assert.match(text, /^\| work, µs \| portcullis \| quill \|\n.*\n\| signing \| 8\.00 \| goose: 4\.00, 0\.500×<br>swan: 40\.0, 5\.00× \|$/m);
    assert.match(text, /^\| quill, swan \| 40\.0 \(40\.0 – 40\.0\), 5\.00× \|$/m);
    assert.doesNotMatch(text, /in Rust/);
  });

  test("has_a_reason_where_the_crate_misses_its_goal", () => {
    const slow = { runs: some, growth, native: nativeOf(0.5) };
    const name = "the same, with more";
    assert.throws(() => section(slow, { ...because, [name]: { "portcullis, 10 more": "No." } }), /no reason: "native", "the same, with more", "portcullis, 10 more", goal we within 1\.50×, 2\.00× in Rust/);
    const text = section(slow, { ...because, native: { [name]: { "portcullis, 10 more": "It is full." } } });
    assert.match(text, /^\| the same, with more \| 2\.00<br>10 more: 1\.00; \*\*2\.00×\*\* missed, goal we within 1\.50× \| {2}\|$/m);
    assert.match(text, /^- \*\*the same, with more, portcullis, 10 more\*\*: 2\.00× in Rust; goal we within 1\.50×\. It is full\.$/m);
  });

  test("has_how_cost_grows", () => {
    const text = section({ runs: some, growth, native }, because);
    assert.match(text, /^!\[[^\]]+\]\(bench\/results\/growth\.svg\)$/m);
    assert.match(text, /^\| memory for each principal \| JS heap, bytes \|\n.*\n\| one \| 1,692 \|$/m);
    assert.match(text, /^\| allocated for a decision \| wasm, allocations \| wasm, bytes \| JS heap, bytes \|\n.*\n\| one \| 0 \| 0\.50 \| 360 \|$/m);
    assert.match(text, /^\| loading the policy, ms; of each \| 10 \| 1,000 \|\n.*\n\| beads \| 1\.00 \| 100 \|$/m);
    assert.match(text, /^\| \*\*beads of the abacus\*\*, µs for an abacus \|.*\n\| beads \| 10: 1000 \| 1,000: 100000 \| 100× \| 0\.00 \|$/m);
    assert.match(plainTable(growth.tables[0]), /^ {2}one +0$/m);
  });

  test("has_every_curve_in_its_picture", () => {
    const svg = growthChart(growth);
    assert.deepEqual([...svg.matchAll(/class="name" x="0" y="12">([^<]*)</g)].map(([, name]) => name), ["beads of the abacus", "loading the policy"]);
    assert.match(svg, />beads: 100×</);
    assert.match(svg, />┆ too_many: 900</);
    assert.doesNotMatch(svg, /Abacus/);
  });

  test("is_taken_whole_or_not_at_all", () => {
    const all = new Map([...some, ["chromium", run("Chromium 3", 20)]]);
    assert.deepEqual(Object.keys(whole({ runs: all, growth, native })), ["runs", "growth", "native"]);
    assert.throws(() => whole({ runs: some, native }), /there is no run of chromium, growth: make bench/);
    assert.throws(() => whole({ runs: new Map([...all, ["node", run("Node v1", -20)]]), growth, native }), /counting, @scope\/other: no time at all/);
    const mixed = /different packages or machines/;
    assert.throws(() => whole({ runs: all, native, growth: { ...growth, version: "0.2.0" } }), mixed);
    assert.throws(() => whole({ runs: all, growth, native: { ...native, versions: { ...native.versions, portcullis: "0.2.0" } } }), mixed);
    assert.throws(() => whole({ runs: all, growth, native: { ...native, machine: { ...native.machine, processor: "Slide rule" } } }), mixed);
    assert.throws(() => whole({ runs: new Map([...all, ["node", { ...run("Node v1", 20), versions: { portcullis: "0.1.0", other: "9" } }]]), growth, native }), mixed);
  });

  test("is_not_shown_where_a_missed_goal_has_no_reason", () => {
    assert.throws(() => section({ runs: some, growth, native }, {}), /no reason: "counting", "@scope\/other", goal 5\.00×, 3\.00× in workerd/);
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
