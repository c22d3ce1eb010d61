// The same on PostgreSQL: `toSql`, with the database's own order of texts another than that of their code points.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { PGlite } from "@electric-sql/pglite";
import { allowed } from "./apps/lists/allowed.js";
import { fillPostgres } from "./lists/databases.mjs";
import { policy, questions } from "./lists/desk.mjs";
import { rows } from "./lists/rows.mjs";
import { selects, someFilters } from "./lists/selects.mjs";
import { full } from "./package.mjs";
import { now } from "./tokens.mjs";

const { Guard, toSql } = full.imported;

describe("lists on PostgreSQL", () => {
  const guard = new Guard({ policy, clock: () => now });
  let db;
  let items;

  before(async () => {
    db = await PGlite.create();
    // Not that of the server, whatever it may be.
    await fillPostgres(db, rows, { text: 'text COLLATE "und-x-icu"' });
    ({ rows: items } = await db.query('SELECT * FROM "item"'));
  });

  after(() => db?.close());

  async function selected(filter, options = {}, before = []) {
    const { text, parameters } = toSql(filter, { dialect: "postgres", ...options });
    const { rows: found } = await db.query(`SELECT "id" FROM "item" WHERE ${text}${before.length === 0 ? "" : " AND $1::bigint = 1"}`, [...before, ...parameters]);
    return found.map(({ id }) => id).sort();
  }

  const ids = (list) => list.map(({ id }) => id).sort();

  test("are_ordered_otherwise_by_the_database", async () => {
    const { rows: found } = await db.query(`SELECT "id" FROM "item" WHERE "title" < 'm'`);
    assert.notDeepEqual(ids(found), await selected({ op: "lt", attribute: "title", type: "string", value: "m" }));
  });

  test("select_what_the_guard_allows", async () => {
    for (const question of questions) {
      const { name, subject, permission, elevated, context } = question;
      const filter = guard.filterFor(subject, permission, { context, elevated });
      assert.deepEqual(await selected(filter), ids(allowed(guard, question, items)), `${name}: ${JSON.stringify(filter)}`);
    }
  });

  test("take_filters_of_any_form_beside_other_parameters", async () => {
    for (const filter of someFilters(1000, 11)) {
      const expected = ids(rows.filter((row) => selects(filter, row)));
      assert.deepEqual(await selected(filter), expected, JSON.stringify(filter));
      assert.deepEqual(await selected(filter, { firstParameter: 2, table: "item" }, [1]), expected, JSON.stringify(filter));
    }
  });
});
