// `toDrizzle`, with Drizzle itself: on D1 and on PostgreSQL.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { PGlite } from "@electric-sql/pglite";
import * as operators from "drizzle-orm";
import { drizzle as overD1 } from "drizzle-orm/d1";
import { alias, boolean, char, date, integer, numeric, pgEnum, pgTable, real, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { drizzle as overPglite } from "drizzle-orm/pglite";
import { sqliteTable, text as sqliteText, integer as sqliteInteger } from "drizzle-orm/sqlite-core";
import { allowed } from "./apps/lists/allowed.js";
import { openD1 } from "./lists/d1.mjs";
import { fewer, policy } from "./lists/desk.mjs";
import { columns, rows } from "./lists/rows.mjs";
import { selects, someFilters } from "./lists/selects.mjs";
import { inPostgres, inSqlite, otherInPostgres } from "./lists/tables.mjs";
import { full, imported, required } from "./package.mjs";
import { now } from "./tokens.mjs";

const { FilterError, Guard, toDrizzle } = full.imported;
const { and, sql } = operators;

/** The row as Drizzle takes it. */
function inserted(row) {
  const members = Object.entries(row).map(([name, value]) => [name, columns[name] === "timestamp" && value !== null ? new Date(value * 1000) : value]);
  return Object.fromEntries(members);
}

const databases = {
  D1: async () => {
    const { db: d1, close } = openD1();
    const types = { integer: "INTEGER", real: "REAL", text: "TEXT" };
    const made = Object.values(operators.getTableColumns(inSqlite)).map((column) => `"${column.name}" ${types[column.getSQLType()]}`);
    await d1.prepare(`CREATE TABLE item (${made.join(", ")})`).run();
    return { db: overD1(d1), table: inSqlite, dialect: "sqlite", close };
  },
  PostgreSQL: () => pglite(inPostgres),
  "PostgreSQL, other columns": () => pglite(otherInPostgres),
};

async function pglite(table) {
  const client = await PGlite.create();
  // A moment without a time zone is not to be one of the session's.
  await client.exec("SET TIME ZONE 'America/New_York'");
  const made = Object.values(operators.getTableColumns(table)).map((column) => `"${column.name}" ${column.getSQLType()}`);
  await client.exec(`CREATE TABLE "${operators.getTableName(table)}" (${made.join(", ")})`);
  return { db: overPglite({ client }), table, dialect: "postgres", close: () => client.close() };
}

for (const [name, open] of Object.entries(databases)) {
  describe(`lists by Drizzle on ${name}`, () => {
    const guard = new Guard({ policy, clock: () => now });
    let opened;
    let items;

    before(async () => {
      opened = await open();
      const { db, table } = opened;
      for (const row of rows) await db.insert(table).values(inserted(row));
      items = await db.select().from(table);
    });

    after(() => opened?.close());

    const ids = (list) => list.map(({ id }) => id).sort();
    const selected = async (filter, ...more) => {
      const { db, table, dialect } = opened;
      const where = toDrizzle(filter, { dialect, columns: table, operators });
      const found = await db.select({ id: table.id }).from(table).where(more.length === 0 ? where : and(...more, where));
      return ids(found);
    };

    test("select_what_the_guard_allows", async () => {
      for (const question of fewer) {
        const { name: asked, subject, permission, elevated, context } = question;
        const filter = guard.filterFor(subject, permission, { context, elevated });
        assert.deepEqual(await selected(filter), ids(allowed(guard, question, items)), `${asked}: ${JSON.stringify(filter)}`);
      }
    });

    test("take_filters_of_any_form_beside_other_conditions", async () => {
      const { table } = opened;
      for (const filter of someFilters(400, 13)) {
        const expected = ids(rows.filter((row) => selects(filter, row)));
        assert.deepEqual(await selected(filter, operators.ne(table.id, "nobody")), expected, JSON.stringify(filter));
      }
    });

    test("count_and_delete", async () => {
      const { db, table, dialect } = opened;
      const where = toDrizzle({ op: "eq", attribute: "id", type: "string", value: "empty" }, { dialect, columns: table, operators: { sql } });
      assert.equal(await db.$count(table, where), 1);
      await db.delete(table).where(where);
      assert.equal(await db.$count(table), rows.length - 1);
      assert.equal(await db.$count(table, where), 0);
    });
  });
}

describe("toDrizzle", () => {
  const refused = (filter, options, message) =>
    assert.throws(
      () => toDrizzle(filter, { dialect: "postgres", operators, ...options }),
      (error) => error instanceof FilterError && error.code === "name" && message.test(error.message),
    );
  const mood = pgEnum("mood", ["good", "bad"]);
  const odd = pgTable("odd", {
    id: uuid(),
    mood: mood(),
    name: char({ length: 3 }),
    day: date({ mode: "date" }),
    at: timestamp({ mode: "string" }),
    sum: numeric(),
    ratio: real(),
    count: integer(),
    open: boolean(),
    days: date({ mode: "date" }).array(),
    ids: uuid().array(),
    names: text().array(),
  });
  const eq = (attribute, type, value) => ({ op: "eq", attribute, type, value });

  test("wants_a_column_for_each_attribute", () => {
    refused(eq("missing", "string", "a"), { columns: odd }, /"missing" has no column/);
    refused({ op: "present", attribute: "toString" }, { columns: {} }, /"toString" has no column/);
    refused({ op: "present", attribute: "id" }, { columns: { id: "id" } }, /"id" has no column/);
  });

  test("wants_columns_that_compare_as_conditions_do", () => {
    for (const [name, type, value] of [
      ["name", "string", "a"],
      ["sum", "string", "1"],
      ["count", "string", "1"],
      ["sum", "double", 1],
      ["ratio", "double", 1],
      ["ratio", "int", 1],
      ["open", "int", 1],
      ["count", "bool", true],
      ["day", "timestamp", 0],
      ["at", "timestamp", 0],
      ["names", "string", "a"],
    ]) {
      refused(eq(name, type, value), { columns: odd }, new RegExp(`the column of "${name}" is of the type Pg\\w+, and the filter takes it for ${type}`));
    }
    refused({ op: "hasSome", attribute: "count", type: "int", values: [1] }, { columns: odd }, /PgInteger, and the filter takes it for a list of int/);
    refused({ op: "hasSome", attribute: "names", type: "int", values: [1] }, { columns: odd }, /PgArray/);
    refused({ op: "in", attribute: "name", type: "string", values: ["a", "b"] }, { columns: odd }, /PgChar/);
    refused({ op: "contains", attribute: "name", value: "a" }, { columns: odd }, /PgChar/);
    refused({ op: "same", compare: "eq", attributes: ["count", "open"], type: "int" }, { columns: odd }, /"open"/);
    const small = sqliteTable("small", { name: sqliteText(), at: sqliteInteger({ mode: "timestamp" }) });
    refused(eq("at", "int", 1), { dialect: "sqlite", columns: small }, /SQLiteTimestamp/);
    refused(eq("name", "string", "a"), { columns: small }, /SQLiteText/);
  });

  test("compares_ids_and_enums_as_texts", async () => {
    const client = await PGlite.create();
    try {
      const db = overPglite({ client });
      await client.exec("CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE TABLE odd (id uuid, mood mood, ids uuid[])");
      const id = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
      await client.query("INSERT INTO odd VALUES ($1, 'good', ARRAY[$1::uuid]), ('ffffffff-ffff-4fff-bfff-ffffffffffff', 'bad', '{}')", [id]);
      const count = (filter) => db.$count(odd, toDrizzle(filter, { dialect: "postgres", columns: odd, operators }));
      assert.equal(await count(eq("id", "string", id)), 1);
      // An application sees another text.
      assert.equal(await count(eq("id", "string", id.toUpperCase())), 0);
      assert.equal(await count(eq("id", "string", "nobody's")), 0);
      assert.equal(await count(eq("mood", "string", "bad")), 1);
      assert.equal(await count(eq("mood", "string", "better")), 0);
      assert.equal(await count({ op: "lt", attribute: "mood", type: "string", value: "c" }), 1);
      assert.equal(await count({ op: "startsWith", attribute: "id", value: "a0eebc99" }), 1);
      assert.equal(await count({ op: "in", attribute: "mood", type: "string", values: ["bad", "better"] }), 1);
      assert.equal(await count({ op: "same", compare: "lt", attributes: ["id", "mood"], type: "string" }), 1);
      assert.equal(await count({ op: "hasSome", attribute: "ids", type: "string", values: [id] }), 1);
    } finally {
      await client.close();
    }
  });

  test("reads_seconds_as_Drizzle_writes_them", async () => {
    const { db: d1, close } = openD1();
    try {
      const db = overD1(d1);
      const moments = sqliteTable("moments", { seconds: sqliteInteger({ mode: "timestamp" }), milliseconds: sqliteInteger({ mode: "timestamp_ms" }), plain: sqliteInteger() });
      await d1.prepare("CREATE TABLE moments (seconds INTEGER, milliseconds INTEGER, plain INTEGER)").run();
      await db.insert(moments).values({ seconds: new Date(now * 1000), milliseconds: new Date(now * 1000), plain: now });
      for (const attribute of ["seconds", "milliseconds", "plain"]) {
        for (const [op, difference, count] of [["eq", 0, 1], ["lt", 1, 1], ["lt", 0, 0], ["gt", -1, 1], ["ne", 0, 0]]) {
          const where = toDrizzle({ op, attribute, type: "timestamp", value: now + difference }, { dialect: "sqlite", columns: moments, operators });
          assert.equal(await db.$count(moments, where), count, `${attribute} ${op} ${difference}`);
        }
      }
    } finally {
      await close();
    }
  });

  test("takes_an_alias_of_a_table", () => {
    const other = alias(inPostgres, "i2");
    const where = toDrizzle(eq("title", "string", "a"), { dialect: "postgres", columns: other, operators });
    const { sql: text, params } = overPglite({ client: {} }).select().from(other).where(where).toSQL();
    assert.match(text, /"i2"\."title"/);
    assert.deepEqual(params, ["a"]);
  });

  test("refuses_options_that_are_none", () => {
    const filter = { op: "all" };
    for (const options of [undefined, {}, { dialect: "mysql", columns: odd, operators }, { dialect: "postgres", columns: odd }, { dialect: "postgres", operators }, { dialect: "postgres", columns: odd, operators: {} }, { dialect: "postgres", columns: odd, operators, table: "odd" }]) {
      assert.throws(() => toDrizzle(filter, options), TypeError);
    }
  });

  test("is_of_the_larger_file", () => {
    for (const small of [imported, required]) {
      assert.throws(() => small.toDrizzle({ op: "all" }, { dialect: "postgres", columns: odd, operators }), /portcullis\/full/);
    }
  });
});
