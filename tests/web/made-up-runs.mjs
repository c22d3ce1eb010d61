// Small runs that nobody has measured, for results.test.mjs: of the package in two runtimes, of how cost grows, and of the
// crate beside two others.

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

export const run = (runtime, theirs, absent = {}) => ({ runtime, machine, versions: { portcullis: "0.1.0", other: "7" }, absent, rows: [rowOf(theirs)] });
export const some = new Map([["node", run("Node v1", 20)], ["workerd", run("workerd 2", 6, { third: "it needs <beads>" })]]);

export const figure = (name, median, more = {}) => ({ name, median, lower: median, upper: median, ...more });
const row = (name, figures) => ({ name, unit: "µs", figures, absent: {} });
const within = (ratio) => ({ ratio, goal: "we within 1.50×", wanted: 1 / 1.5, met: ratio >= 1 / 1.5 });

export const nativeOf = (ratio) => ({
  machine: { ...machine, rustc: "rustc 3 (of old)" },
  versions: { portcullis: "0.1.0", abacus: "8" },
  rows: [
    row("adding", [figure("floor", 0.1), figure("portcullis", 2), figure("portcullis, slowly", 3, { ratio: 1.5 }), figure("abacus", 4, { ratio: 2 })]),
    row("the same, with more", [figure("portcullis", 2), figure("portcullis, 10 more", 2 * ratio, within(ratio))]),
    row("signing", [figure("portcullis", 8), figure("quill, goose", 4, { ratio: 0.5 }), figure("quill, swan", 40, { ratio: 5 })]),
  ],
});

const points = [10, 1_000].map((x) => ({ x, median: 100 * x, lower: 90 * x, upper: 120 * x }));
const curve = (name) => ({ name, axis: "of each", unit: "µs", of: "an abacus", series: [{ name: "beads", points, ratio: 100, exponent: -0.001 }], limits: [{ at: 900, name: "too_many: 900" }] });
const table = (key, name, figures) => ({ key, name, columns: Object.keys(figures), rows: [{ name: "one", figures }] });

export const growth = {
  machine,
  version: "0.1.0",
  curves: [curve("beads of the abacus"), curve("loading the policy")],
  tables: [
    table("guard", "memory of one guard", { "wasm memory, KiB more": 0 }),
    table("principal", "memory for each principal", { "JS heap, bytes": { median: 1692.3, lower: 1, upper: 2000 } }),
    table("decision", "allocated for a decision", { "wasm, allocations": 0, "wasm, bytes": 0.5, "JS heap, bytes": { median: 360.02, lower: 360, upper: 361 } }),
  ],
};

export const because = { counting: { "@scope/other": "It counts by twos." } };
export const native = nativeOf(1);
