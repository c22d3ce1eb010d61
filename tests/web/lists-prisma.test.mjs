// `toPrisma`, with Prisma's own client and query compiler: on D1 and on PostgreSQL.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { PGlite } from "@electric-sql/pglite";
import { PrismaD1 } from "@prisma/adapter-d1";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { allowed } from "./apps/lists/allowed.js";
import { openD1 } from "./lists/d1.mjs";
import { fewer, policy } from "./lists/desk.mjs";
import { fillPostgres } from "./lists/databases.mjs";
import { prismaClient } from "./lists/prisma.mjs";
import { columns, rows as manyRows } from "./lists/rows.mjs";
import { ops, selects, someFilters } from "./lists/selects.mjs";
import { full } from "./package.mjs";
import { now } from "./tokens.mjs";

const { FilterError, Guard, toPrisma } = full.imported;

const isList = (name) => columns[name].startsWith("list");
const changed = (row, change) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, change(name, value)]));

/** Prisma reads a list that is NULL as one that is empty: here there is none. */
const rows = manyRows.map((row) => changed(row, (name, value) => (isList(name) ? (value ?? []) : value)));

/** The row as Prisma's client on SQLite takes it. */
function inserted(row) {
  const members = Object.entries(row).filter(([name]) => !isList(name));
  return Object.fromEntries(members.map(([name, value]) => [name, columns[name] === "timestamp" && value !== null ? new Date(value * 1000) : value]));
}

/** The row as conditions read it, which know no bigint. */
const held = (row) => changed(row, (_, value) => (Array.isArray(value) ? value.map(plain) : plain(value)));
const readsList = ({ attribute, filter, filters = [] }) => (attribute !== undefined && isList(attribute)) || [filter ?? [], filters].flat().some(readsList);
const plain = (value) => (typeof value === "bigint" ? Number(value) : value);

const providers = {
  sqlite: {
    async open() {
      const { db, close } = openD1();
      const types = { string: "TEXT", int: "INTEGER", double: "REAL", bool: "BOOLEAN", timestamp: "DATETIME" };
      const made = Object.entries(columns).filter(([, type]) => type in types).map(([name, type]) => `"${name}" ${types[type]}`);
      await db.prepare(`CREATE TABLE item (${made.join(", ")})`).run();
      const prisma = new (await prismaClient("sqlite"))({ adapter: new PrismaD1(db) });
      // One by one: D1 takes a hundred parameters.
      for (const row of rows) await prisma.item.create({ data: inserted(row) });
      return { prisma, close };
    },
    unsaid: ["hasSome", "startsWith", "endsWith", "contains"],
  },
  postgresql: {
    async open() {
      const db = await PGlite.create();
      await fillPostgres(db, rows);
      const prisma = new (await prismaClient("postgresql"))({ adapter: new PrismaPGlite(db) });
      return { prisma, close: () => db.close() };
    },
    unsaid: ["lt", "le", "gt", "ge", "startsWith", "endsWith", "contains"],
  },
};

for (const [provider, { open, unsaid }] of Object.entries(providers)) {
  describe(`lists by Prisma on ${provider}`, () => {
    const guard = new Guard({ policy, clock: () => now });
    let opened;
    let items;

    before(async () => {
      opened = await open();
      items = (await opened.prisma.item.findMany()).map(held);
    });

    after(() => opened?.close());

    /** `undefined` where Prisma cannot say it. */
    function where(filter) {
      try {
        return toPrisma(filter, { provider, required: ["id"], references: opened.prisma.item.fields });
      } catch (error) {
        assert.ok(error instanceof FilterError && error.code === "not_expressible", error.stack);
        assert.ok(ops(filter).some((op) => unsaid.includes(op) || op === "same"), `${error.message}: ${JSON.stringify(filter)}`);
        return undefined;
      }
    }

    const found = async (condition) => (await opened.prisma.item.findMany({ where: condition, select: { id: true } })).map(({ id }) => id).sort();
    const ids = (list) => list.map(({ id }) => id).sort();

    test("select_what_the_guard_allows", async () => {
      const said = new Set();
      let unsaidOnes = 0;
      for (const question of fewer) {
        const { name, subject, permission, elevated, context } = question;
        const filter = guard.filterFor(subject, permission, { context, elevated });
        const condition = where(filter);
        if (condition === undefined) {
          unsaidOnes += 1;
          continue;
        }
        for (const op of ops(filter)) said.add(op);
        assert.deepEqual(await found(condition), ids(allowed(guard, question, items)), `${name}: ${JSON.stringify(filter)}`);
      }
      assert.ok(unsaidOnes > 0 && unsaidOnes < fewer.length / 3, `${unsaidOnes} of ${fewer.length}`);
      for (const op of ["all", "none", "and", "or", "not", "eq", "ne", "lt", "ge", "in", "same", "present"]) assert.ok(said.has(op), op);
    });

    test("take_filters_of_any_form_in_any_place", async () => {
      let said = 0;
      for (const filter of someFilters(250, 17)) {
        const condition = provider === "sqlite" && readsList(filter) ? undefined : where(filter);
        if (condition === undefined) continue;
        said += 1;
        const selected = rows.filter((row) => selects(filter, row));
        const message = `${JSON.stringify(filter)} is ${JSON.stringify(condition)}`;
        assert.deepEqual(await found(condition), ids(selected), message);
        assert.deepEqual(await found({ AND: [condition, {}] }), ids(selected), message);
        assert.deepEqual(await found({ AND: [condition, { id: { not: "i1" } }] }), ids(selected.filter(({ id }) => id !== "i1")), message);
        assert.deepEqual(await found({ OR: [condition, { id: "i1" }] }), ids(rows.filter((row) => row.id === "i1" || selected.includes(row))), message);
      }
      assert.ok(said > 100, String(said));
    });

    test("say_all_and_none_so_that_no_place_takes_it_away", async () => {
      for (const [op, count] of [["all", rows.length], ["none", 0]]) {
        const condition = toPrisma({ op }, { provider });
        const negated = { NOT: condition };
        for (const one of [condition, { AND: condition }, { AND: [condition] }, { AND: [{}, condition] }, { OR: [condition] }, { AND: [{ AND: [condition, {}] }] }]) {
          assert.equal(await opened.prisma.item.count({ where: one }), count, JSON.stringify(one));
        }
        assert.equal(await opened.prisma.item.count({ where: negated }), rows.length - count);
      }
    });
  });
}

describe("toPrisma", () => {
  const compared = (op, type, value) => ({ op, attribute: "a", type, value });
  const postgres = { provider: "postgresql" };
  const refused = (filter, options, code = "not_expressible") =>
    assert.throws(() => toPrisma(filter, options), (error) => error instanceof FilterError && error.code === code, JSON.stringify(filter));

  test("names_fields_as_it_is_told", () => {
    const filter = { op: "or", filters: [compared("eq", "int", 1), { op: "none" }, { op: "present", attribute: "b" }] };
    assert.deepEqual(toPrisma(filter, { ...postgres, fields: { a: "first" } }), { OR: [{ first: { equals: 1 } }, { NOT: { b: { equals: null } } }] });
    assert.deepEqual(toPrisma({ op: "none" }, { ...postgres, id: "number" }), { number: { in: [] } });
    const [there, notThere] = [{ op: "present", attribute: "a" }, { op: "not", filter: { op: "present", attribute: "a" } }];
    assert.deepEqual([there, notThere].map((filter) => toPrisma(filter, { ...postgres, required: ["a"] })), [{ id: { notIn: [] } }, { id: { in: [] } }]);
  });

  test("says_nothing_that_Prisma_would_widen", () => {
    for (const text of ["a%", "a_b", "back\\slash"]) {
      for (const op of ["startsWith", "endsWith", "contains"]) refused({ op, attribute: "a", value: text }, postgres);
    }
    assert.deepEqual(toPrisma({ op: "contains", attribute: "a", value: "a*b" }, postgres), { a: { contains: "a*b" } });
    for (const op of ["startsWith", "endsWith", "contains"]) refused({ op, attribute: "a", value: "a" }, { provider: "sqlite" });
    refused({ op: "hasSome", attribute: "a", type: "string", values: ["a"] }, { provider: "sqlite" });
    for (const op of ["lt", "le", "gt", "ge"]) {
      refused(compared(op, "string", "a"), postgres);
      refused({ op: "not", filter: compared(op, "string", "a") }, postgres);
      assert.equal(Object.keys(toPrisma(compared(op, "string", "a"), { provider: "sqlite" }).a).length, 1);
    }
    refused(compared("eq", "timestamp", 253_402_300_800), postgres);
    refused(compared("eq", "timestamp", -62_135_596_801), postgres);
  });

  test("compares_two_fields_by_references_alone", () => {
    const same = (compare, type) => ({ op: "same", compare, attributes: ["a", "b"], type });
    const references = { b: { name: "b" } };
    assert.deepEqual(toPrisma(same("le", "int"), { ...postgres, references }), { a: { lte: { name: "b" } } });
    refused(same("eq", "int"), postgres, "name");
    refused(same("eq", "int"), { ...postgres, references: {} }, "name");
    refused(same("eq", "int"), { ...postgres, references: { b: undefined } }, "name");
    refused(same("eq", "int"), { ...postgres, references: Object.create({ b: { name: "b" } }) }, "name");
    refused(same("lt", "string"), { ...postgres, references });
    refused(same("lt", "bool"), { ...postgres, references });
  });

  test("takes_no_field_for_an_operator", () => {
    for (const word of ["AND", "OR", "NOT", ""]) {
      refused({ op: "present", attribute: word }, postgres, "name");
      refused(compared("eq", "int", 1), { ...postgres, fields: { a: word } }, "name");
      assert.throws(() => toPrisma({ op: "all" }, { ...postgres, id: word }), TypeError);
    }
  });

  test("refuses_options_that_are_none", () => {
    for (const options of [undefined, {}, { provider: "mysql" }, { ...postgres, field: {} }, { ...postgres, fields: { a: 1 } }, { ...postgres, references: "b" }, { ...postgres, required: "a" }, { ...postgres, id: 5 }]) {
      assert.throws(() => toPrisma({ op: "all" }, options), TypeError);
    }
  });
});
