// `filterFor` and `toSql` in a Worker, on D1: what the database selects is what the guard allows, row by row.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { d1Of } from "./lists/d1.mjs";
import { fillD1 } from "./lists/databases.mjs";
import { permissions, policy, questions } from "./lists/desk.mjs";
import { columns, rows } from "./lists/rows.mjs";
import { ops, selects, someFilters } from "./lists/selects.mjs";
import { now } from "./tokens.mjs";
import { bundleWorker, serveWorker } from "./workerd.mjs";

const OPS = ["all", "none", "and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "in", "same", "present", "startsWith", "endsWith", "contains", "hasSome"];

describe("lists on D1", () => {
  let worker;
  let answers;

  before(async () => {
    bundleWorker("lists");
    worker = serveWorker("lists", { d1Databases: { DB: "lists" }, bindings: { POLICY: policy, COLUMNS: columns, NOW: now } });
    await fillD1(d1Of(worker), rows);
    answers = await asked({ questions });
  });

  after(() => worker?.dispose());

  const asked = async (body) => {
    const response = await worker.dispatchFetch("https://desk.example/", { method: "POST", body: JSON.stringify(body) });
    return response.json();
  };

  test("select_what_the_guard_allows", async () => {
    const met = new Set();
    const [all, part] = [new Set(), new Set()];
    for (const [index, { name, permission }] of questions.entries()) {
      const { error, filter, selected, allowed } = answers[index];
      assert.equal(error, undefined, `${name}: ${error?.message}`);
      assert.deepEqual(selected, allowed, `${name}: ${JSON.stringify(filter)}`);
      for (const op of ops(filter)) met.add(op);
      if (selected.length > 0) all.add(permission);
      if (selected.length > 0 && selected.length < rows.length) part.add(permission);
    }
    // None of it is said of nothing.
    assert.deepEqual([...met].sort(), [...OPS].sort());
    const always = ["item:no", "item:fielded", "item:underFalse", "item:unknown", "unknown:read", "unknown"];
    assert.deepEqual(permissions.filter((permission) => !all.has(permission) && !always.includes(permission)), []);
    const whole = ["item:yes", "item:vip", "report", "audit"];
    assert.deepEqual(permissions.filter((permission) => !part.has(permission) && !always.includes(permission) && !whole.includes(permission)), []);
  });

  test("mean_what_their_filter_says", async () => {
    for (const [index, { name }] of questions.entries()) {
      const { filter, selected } = answers[index];
      assert.deepEqual(selected, rows.filter((row) => selects(filter, row)).map(({ id }) => id), `${name}: ${JSON.stringify(filter)}`);
    }
  });

  test("take_filters_of_any_form", async () => {
    const filters = someFilters(2000);
    const found = await asked({ filters, options: { table: "item" } });
    for (const [index, filter] of filters.entries()) {
      assert.equal(found[index].error, undefined, `${found[index].error?.message}: ${JSON.stringify(filter)}`);
      assert.deepEqual(found[index].selected, rows.filter((row) => selects(filter, row)).map(({ id }) => id), JSON.stringify(filter));
    }
    assert.deepEqual([...new Set(filters.flatMap(ops))].sort(), [...OPS].sort());
  });
});
