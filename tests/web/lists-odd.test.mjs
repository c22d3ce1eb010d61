// Columns that hold what no attribute of their type may be. `can` takes it for an error, so a filter must not select it where
// it would have to be compared, nor pass a rule over.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { PGlite } from "@electric-sql/pglite";
import { allowed } from "./apps/lists/allowed.js";
import { openD1 } from "./lists/d1.mjs";
import { fillD1, fillPostgres } from "./lists/databases.mjs";
import { policy, questions } from "./lists/desk.mjs";
import { columns, rows } from "./lists/rows.mjs";
import { full } from "./package.mjs";
import { now } from "./tokens.mjs";

const { Guard, toSql } = full.imported;
const guard = new Guard({ policy, clock: () => now });

const asked = questions.filter(({ name }) => /^(ann|bob) /.test(name));
const usual = { ...rows.at(-1), owner: "ann", tenant: "acme", status: "open", open: true, hidden: false, count: 4 };
const ids = (list) => list.map(({ id }) => id).sort();

/** A row for each, with all else as usual. */
const oddRows = (odd, write) =>
  Object.entries(odd).flatMap(([name, values]) => values.map((value, index) => ({ ...usual, id: `${name} ${index}`, [name]: write(value, name) })));

describe("odd values in D1", () => {
  const lists = {
    string: ['"x"', '{"x":"x"}', '["x",5]', '["y",null]', '[["x"]]', "5", "null", '["y",true]', '["y","y"]', '["\\u0078"]', "x", "", '["x"', "['x']"],
    int: ['[7,"7"]', "[7.5]", '["7"]', "[1,null]", "7", "[7]"],
    double: ['[0.1,"x"]', '["0.1"]', "[1,null]", "[1]"],
    bool: ["[1]", "[true,1]", '["true"]', "[false]"],
  };
  const odd = {
    title: [5, 0, 1.5],
    count: ["abc", 1.5, ""],
    price: ["abc", "", 9e307, -9e307],
    open: [2, "true", 0.5, -1, ""],
    created: ["abc", "", 253402300800, 1.79e12, -62135596801, now - 0.5],
    due: ["abc", "", 253402300800, 1.79e12, -62135596801, now + 3600.5],
    tags: lists.string,
    groups: lists.string,
    numbers: lists.int,
    weights: lists.double,
    flags: lists.bool,
  };
  let opened;
  let db;
  let items;

  before(async () => {
    opened = openD1();
    ({ db } = opened);
    await fillD1(db, []);
    const names = Object.keys(columns);
    const insert = db.prepare(`INSERT INTO item VALUES (${names.map(() => "?").join(", ")})`);
    const written = oddRows(odd, (value) => value).map((row) => names.map((name) => (typeof row[name] === "boolean" ? Number(row[name]) : row[name])));
    await db.batch(written.map((values) => insert.bind(...values)));
    const { results } = await db.prepare("SELECT * FROM item").all();
    items = results.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, read(columns[name], value)])));
  });

  after(() => opened?.close());

  function read(type, value) {
    if (value === null) return null;
    if (type.startsWith("list")) return parsed(value);
    if (type === "bool" && (value === 0 || value === 1)) return value === 1;
    return type === "timestamp" && typeof value === "number" && !Number.isInteger(value) ? new Date(value * 1000).toISOString() : value;
  }

  /** What is no JSON stays a text, which no list is. */
  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }

  test("select_nothing_that_the_guard_does_not_allow", async () => {
    for (const question of asked) {
      const filter = guard.filterFor(question.subject, question.permission, { context: question.context });
      const { text, parameters } = toSql(filter, { dialect: "sqlite" });
      const { results } = await db.prepare(`SELECT "id" FROM item WHERE ${text}`).bind(...parameters).all();
      assert.deepEqual(ids(results), ids(allowed(guard, question, items)), `${question.name}: ${JSON.stringify(filter)}`);
    }
  });
});

describe("odd values in PostgreSQL", () => {
  const moments = ["infinity", "-infinity", "0044-03-15 BC", "20000-01-01Z", "2026-09-21T14:13:19.999999Z"];
  const odd = {
    price: ["NaN", "Infinity", "-Infinity"],
    ratio: ["NaN", "Infinity"],
    created: moments,
    due: moments,
    tags: ["{y,NULL}", "{x,NULL}", "{NULL}", "{}", "{{x},{y}}", "{{y}}", "[0:0]={x}"],
    groups: ["{q,NULL}", "{x,NULL}", "{NULL}"],
    numbers: ["{1,NULL}", "{7,NULL}"],
    weights: ["{1,NULL}", "{0.1,NaN}", "{1,Infinity}", "{0.1,-Infinity}"],
    flags: ["{false,NULL}", "{true,NULL}"],
  };
  let db;
  let items;

  before(async () => {
    db = await PGlite.create();
    await fillPostgres(db, []);
    for (const row of oddRows(odd, (value) => value)) {
      const filled = Object.entries(row).filter(([, value]) => value !== null);
      // Unknown literals: each is what its column makes of it.
      const values = filled.map(([, value]) => `'${String(value)}'`);
      await db.exec(`INSERT INTO item (${filled.map(([name]) => `"${name}"`).join(", ")}) VALUES (${values.join(", ")})`);
    }
    ({ rows: items } = await db.query("SELECT * FROM item"));
  });

  after(() => db?.close());

  test("select_nothing_that_the_guard_does_not_allow", async () => {
    for (const question of asked) {
      const filter = guard.filterFor(question.subject, question.permission, { context: question.context });
      const { text, parameters } = toSql(filter, { dialect: "postgres" });
      const { rows: found } = await db.query(`SELECT "id" FROM item WHERE ${text}`, parameters);
      assert.deepEqual(ids(found), ids(allowed(guard, question, items)), `${question.name}: ${JSON.stringify(filter)}`);
    }
  });
});
