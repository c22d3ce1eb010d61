// Filters that are none, names and values that are more than that, and conditions that no filter says.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { PGlite } from "@electric-sql/pglite";
import { sql } from "drizzle-orm";
import { pgTable, text } from "drizzle-orm/pg-core";
import { home } from "./home.mjs";
import { openD1 } from "./lists/d1.mjs";
import { policy, subjects, unlisted } from "./lists/desk.mjs";
import { bundle, full, imported, required } from "./package.mjs";
import { now } from "./tokens.mjs";

const { FilterError, Guard, init, toDrizzle, toPrisma, toSql } = full.imported;
const clock = () => now;
const eq = (attribute, type, value) => ({ op: "eq", attribute, type, value });
const failing = (code, more = {}) => (error) => {
  assert.ok(error instanceof FilterError, error.stack);
  assert.equal(error.name, "FilterError");
  assert.equal(error.code, code, error.message);
  for (const [name, value] of Object.entries(more)) assert.equal(error[name], value);
  return true;
};

describe("filterFor", () => {
  const guard = new Guard({ policy, clock });
  const filterFor = (permission, options) => guard.filterFor(subjects.ann, permission, options);

  test("gives_plain_data_that_nobody_changes", () => {
    const filter = filterFor("item:two");
    assert.deepEqual(filter, {
      op: "or",
      filters: [
        { op: "eq", attribute: "open", type: "bool", value: true },
        {
          op: "and",
          filters: [
            { op: "eq", attribute: "owner", type: "string", value: "ann" },
            { op: "gt", attribute: "count", type: "int", value: 3 },
          ],
        },
      ],
    });
    assert.ok(Object.isFrozen(filter) && Object.isFrozen(filter.filters) && Object.isFrozen(filter.filters[1].filters[0]));
  });

  test("selects_nothing_by_a_permission_that_is_none", () => {
    for (const permission of ["item:unknown", "unknown:read", "unknown", "", ":", "item:", "*", "item:*"]) assert.deepEqual(filterFor(permission), { op: "none" }, permission);
    assert.deepEqual(guard.filterFor({ id: "" }, "item:yes"), { op: "none" });
    assert.deepEqual(guard.filterFor({}, "item:yes"), { op: "none" });
  });

  test("counts_elevated_roles_where_it_is_told", () => {
    const asked = (subject, elevated) => guard.filterFor(subject, "item:admin", { elevated });
    assert.deepEqual(asked(subjects.adminOnly), { op: "none" });
    assert.deepEqual(asked(subjects.adminOnly, false), { op: "none" });
    assert.deepEqual(asked(subjects.adminOnly, true), { op: "all" });
    assert.deepEqual(asked(subjects.stale, true), { op: "none" });
  });

  test("reads_the_context", () => {
    assert.deepEqual(filterFor("item:word", { context: { words: ["open", "new"] } }), { op: "in", attribute: "status", type: "string", values: ["open", "new"] });
    assert.deepEqual(filterFor("item:word", { context: { words: [] } }), { op: "none" });
  });

  test("is_used_rightly_or_throws", () => {
    for (const use of [
      () => guard.filterFor(null, "item:yes"),
      () => guard.filterFor(subjects.ann, 5),
      () => filterFor("item:yes", null),
      () => filterFor("item:yes", { contxt: {} }),
      () => filterFor("item:yes", { context: "words" }),
      () => filterFor("item:yes", { elevated: 1 }),
    ]) {
      assert.throws(use, (error) => error instanceof TypeError && /^filterFor: /.test(error.message));
    }
  });

  test("is_of_the_larger_file", () => {
    for (const small of [imported, required, bundle]) {
      const other = new small.Guard({ policy: { policy: "p", revision: 1, permissions: ["a"] } });
      assert.throws(() => other.filterFor({ id: "u1" }, "a"), /filterFor: this is in portcullis\/full/);
      assert.throws(() => small.toSql({ op: "all" }, { dialect: "sqlite" }), /toSql: this is in portcullis\/full/);
      assert.deepEqual(small.toPrisma({ op: "all" }, { provider: "sqlite" }), { id: { notIn: [] } });
    }
    assert.equal(imported.FilterError, FilterError);
  });

  const asking = (when, rules = []) => {
    const { item } = policy.resources;
    const resources = { item: { ...item, actions: ["read"], owner: undefined, tenant: undefined } };
    const roles = { reader: { permits: [{ permission: "item:read", when }] } };
    return new Guard({ policy: { ...policy, resources, exclusive: undefined, roles, rules }, clock });
  };

  for (const [when, expression] of Object.entries(unlisted)) {
    test(`says_what_no_filter_says: ${when}`, () => {
      const path = "roles.reader.permits[0].when";
      assert.throws(() => asking(when).filterFor(subjects.ann, "item:read"), failing("not_expressible", { path, expression }));
    });
  }

  test("says_of_rules_too_what_no_filter_says", () => {
    const rule = { id: "long", effect: "deny", permissions: ["item:read"] };
    const ask = (more) => asking("true", [{ ...rule, ...more }]).filterFor(subjects.ann, "item:read");
    assert.throws(() => ask({ when: "size(resource.title) > 3" }), failing("not_expressible", { path: "rules.long.when", expression: "size(resource.title) > 3" }));
    assert.throws(() => ask({ when: "resource.open", unless: "size(resource.title) > 3" }), failing("not_expressible", { path: "rules.long.unless", expression: "size(resource.title) > 3" }));
  });

  test("needs_no_filter_for_what_is_decided_without", () => {
    assert.deepEqual(asking("subject.level > 9 && size(resource.title) > 3").filterFor(subjects.ann, "item:read"), { op: "none" });
    assert.deepEqual(asking("subject.level > 3 || size(resource.title) > 3").filterFor(subjects.ann, "item:read"), { op: "all" });
    assert.deepEqual(asking("size(resource.title) > 3").filterFor(subjects.nobody, "item:read"), { op: "none" });
  });

  test("has_an_end", () => {
    const comparisons = Array.from({ length: 40 }, (_, index) => `resource.count > ${index}`).join(" && resource.amount > 3 || ");
    const permits = Array.from({ length: 14 }, (_, index) => ({ permission: "item:yes", when: comparisons.replaceAll("> 3", `> ${index}`) }));
    const many = { ...policy, rules: [], exclusive: undefined, roles: { reader: { permits } } };
    assert.throws(() => new Guard({ policy: many, clock }).filterFor(subjects.ann, "item:yes"), failing("too_large"));
    const long = asking("subject.groups.exists(a, subject.groups.exists(b, a == b + 'x')) || resource.open");
    assert.throws(() => long.filterFor(subjects.crowded, "item:read"), failing("budget"));
  });
});

describe("an engine that fails", () => {
  const guard = new Guard({ policy, clock });
  const whole = new WebAssembly.Module(readFileSync(join(home, "node_modules/portcullis/dist/full/full.wasm")));
  const empty = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));

  afterEach(() => init({ module: whole }));

  test("selects_nothing", () => {
    const ask = () => guard.filterFor(subjects.superuser, "item:yes");
    const write = () => toSql({ op: "all" }, { dialect: "sqlite" });
    init({ module: empty });
    assert.throws(ask, failing("engine_failed"));
    assert.throws(write, failing("engine_failed"));
    init({ module: whole });
    assert.deepEqual(ask(), { op: "all" });
    assert.equal(write().text, "1 = 1");
  });

  test("need_not_have_a_guard_before_it_writes", () => {
    const script = 'import { toSql } from "portcullis/full"; console.log(toSql({ op: "none" }, { dialect: "sqlite" }).text);';
    assert.equal(execFileSync(process.execPath, ["--input-type=module", "--eval", script], { cwd: home, encoding: "utf8" }).trim(), "1 = 0");
  });
});

describe("a filter that is none", () => {
  const circle = { op: "not" };
  circle.filter = circle;
  const deep = (depth) => Array.from({ length: depth }).reduce((filter) => ({ op: "and", filters: [filter] }), { op: "all" });
  const compared = { attribute: "a", type: "string", value: "v" };
  const listed = { attribute: "a", type: "string", values: ["v"] };
  const none = [
    undefined, null, 5, "all", true, [], [{ op: "all" }], {}, { op: "ALL" }, { op: "toString" }, { op: "has", ...compared }, { op: ["all"] }, { op: "all", attribute: "a" },
    { op: "and" }, { op: "or", filters: {} }, { op: "and", filters: [null] }, { op: "and", filters: [{ op: "all" }, "none"] }, { op: "and", filters: [], filter: { op: "none" } },
    { op: "not" }, { op: "not", filter: undefined }, { op: "not", filter: [{ op: "all" }] },
    { op: "eq" }, { op: "eq", ...compared, value: undefined }, { op: "eq", ...compared, value: null }, { op: "eq", ...compared, value: 5 }, { op: "eq", ...compared, value: ["v"] },
    { op: "eq", ...compared, value: { toString: "v" } }, { op: "eq", ...compared, attribute: 5 }, { op: "eq", ...compared, type: "text" }, { op: "eq", ...compared, values: ["v"] },
    { op: "eq", attribute: "a", value: "v" }, { op: "ne", ...compared, value: "\ud800" },
    ...[1.5, 2 ** 53, -(2 ** 53), Number.NaN, "1", true].map((value) => eq("a", "int", value)),
    ...[Number.NaN, Infinity, -Infinity, "1", null].map((value) => eq("a", "double", value)),
    ...[0, 1, "true", null].map((value) => eq("a", "bool", value)),
    ...[1.5, "2026-01-01T00:00:00Z", 1e300].map((value) => eq("a", "timestamp", value)),
    { op: "in", ...listed, values: undefined }, { op: "in", ...listed, values: "v" }, { op: "in", ...listed, values: ["v", 5] }, { op: "in", ...listed, values: [null] }, { op: "in", ...listed, values: ["v", undefined] },
    { op: "same", compare: "eq", attributes: ["a"], type: "int" }, { op: "same", compare: "eq", attributes: ["a", "b", "c"], type: "int" }, { op: "same", compare: "like", attributes: ["a", "b"], type: "int" },
    { op: "same", compare: "eq", attributes: ["a", 5], type: "int" }, { op: "same", compare: "eq", attributes: ["a", "b"] }, { op: "same", attributes: ["a", "b"], type: "int" },
    { op: "present" }, { op: "present", attribute: null }, { op: "present", attribute: "a", value: false },
    { op: "startsWith", attribute: "a" }, { op: "contains", attribute: "a", value: 5 }, { op: "endsWith", ...compared },
    { op: "hasSome", ...listed, values: undefined }, { op: "hasSome", attribute: "a", type: "timestamp", values: [0] }, { op: "hasSome", attribute: "a", values: ["v"] },
    eq("a", "int", 1n), circle, deep(1000), deep(100_000),
  ];
  const columns = pgTable("t", { a: text(), b: text() });
  const emitters = {
    toSql: (filter) => toSql(filter, { dialect: "sqlite" }),
    toPrisma: (filter) => toPrisma(filter, { provider: "postgresql" }),
    toDrizzle: (filter) => toDrizzle(filter, { dialect: "postgres", columns, operators: { sql } }),
  };
  const shown = (filter) => {
    try {
      return JSON.stringify(filter)?.slice(0, 80) ?? String(filter);
    } catch {
      return "what JSON cannot carry";
    }
  };

  for (const [name, emit] of Object.entries(emitters)) {
    test(`is_refused_by_${name}`, () => {
      for (const filter of none) assert.throws(() => emit(filter), failing("malformed"), shown(filter));
    });

    test(`may_be_deep_and_long_for_${name}`, () => {
      emit(deep(14));
      const many = Array.from({ length: 2000 }, (_, index) => eq("a", "string", `v${index}`));
      emit({ op: "or", filters: many });
    });
  }

  test("is_too_large_for_the_engine", () => {
    assert.throws(() => toSql(eq("a", "string", "v".repeat(2 ** 21)), { dialect: "sqlite" }), failing("too_large"));
  });
});

describe("toSql", () => {
  test("writes_parameters_and_quoted_names_alone", () => {
    const filter = { op: "and", filters: [eq("author", "string", "ann"), { op: "not", filter: { op: "in", attribute: "status", type: "string", values: ["a", "b"] } }] };
    const written = toSql(filter, { dialect: "postgres", table: "article", columns: { author: "author_id" }, firstParameter: 3 });
    assert.match(written.text, /^\(.*"article"\."author_id".*\$3.* AND .*"article"\."status".*\$4.*\)$/s);
    assert.deepEqual(written.parameters, ["ann", ["a", "b"]]);
    assert.ok(Object.isFrozen(written) && Object.isFrozen(written.parameters) && Object.isFrozen(written.parameters[1]));
    const { text: sqlite, parameters } = toSql(filter, { dialect: "sqlite" });
    assert.equal([...sqlite.matchAll(/\?/g)].length, 2);
    assert.deepEqual(parameters, ["ann", '["a","b"]']);
    for (const dialect of ["postgres", "sqlite"]) assert.doesNotMatch(toSql(filter, { dialect }).text, /ann/);
  });

  test("refuses_options_that_are_none", () => {
    const sqlite = { dialect: "sqlite" };
    for (const options of [undefined, null, {}, { dialect: "mysql" }, { ...sqlite, tables: "a" }, { ...sqlite, table: 5 }, { ...sqlite, columns: "a" }, { ...sqlite, columns: { a: 5 } }, { ...sqlite, columns: { a: undefined } }, { ...sqlite, firstParameter: 0 }, { ...sqlite, firstParameter: "1" }, { ...sqlite, firstParameter: 65_536 }]) {
      assert.throws(() => toSql({ op: "all" }, options), TypeError);
    }
  });

  test("refuses_names_that_cannot_be_quoted", () => {
    for (const dialect of ["postgres", "sqlite"]) {
      for (const name of ["", "a\0b"]) {
        assert.throws(() => toSql(eq(name, "int", 1), { dialect }), failing("name"));
        assert.throws(() => toSql(eq("a", "int", 1), { dialect, columns: { a: name } }), failing("name"));
        assert.throws(() => toSql(eq("a", "int", 1), { dialect, table: name }), failing("name"));
      }
    }
  });
});

/** Names of columns, and of a table, that would be something else without their quotes. */
const names = ["a", 'a"b', "a`b", "a'b", "a]b", "a; DROP TABLE t; --", '" OR 1=1 --', "` OR 1=1 --", "a.b", "?", "$1", ":0:", "SELECT", "ａ", " ", "--", "/*", "\\", "A", "value", "__proto__", "constructor"];
const injected = ["'; DROP TABLE t; --", '" OR "1"="1', "` OR 1=1", "?", "$1", "\\'", "x') OR 1=1 --", "%", "1"];

const databases = {
  sqlite: async () => {
    const { db, close } = openD1();
    return {
      quoted: (name) => `\`${name.replaceAll("`", "``")}\``,
      run: async (statement, parameters = []) => (await db.prepare(statement).bind(...parameters).all()).results,
      close,
    };
  },
  postgres: async () => {
    const db = await PGlite.create();
    return {
      quoted: (name) => `"${name.replaceAll('"', '""')}"`,
      run: async (statement, parameters = []) => (await db.query(statement, parameters)).rows,
      close: () => db.close(),
    };
  },
};

for (const [dialect, open] of Object.entries(databases)) {
  describe(`names and values in ${dialect}`, () => {
    let opened;
    // SQLite's columns have no case.
    const own = names.filter((name) => dialect === "postgres" || name !== "A");

    before(async () => {
      opened = await open();
      const { quoted, run } = opened;
      await run(`CREATE TABLE ${quoted(names[5])} (${own.map((name) => `${quoted(name)} TEXT`).join(", ")})`);
      await run(`CREATE TABLE t (id INTEGER, v TEXT, l ${dialect === "sqlite" ? "TEXT" : "text[]"})`);
      await run("INSERT INTO t VALUES (1, 'v', NULL)");
      const places = own.map((_, index) => (dialect === "sqlite" ? "?" : `$${index + 1}`)).join(", ");
      for (const value of ["x", "y"]) await run(`INSERT INTO ${quoted(names[5])} VALUES (${places})`, own.map((name) => `${value}${name}`));
    });

    after(() => opened?.close());

    test("are_what_they_are", async () => {
      const { quoted, run } = opened;
      for (const name of own) {
        for (const filter of [
          eq(name, "string", `x${name}`),
          { op: "contains", attribute: name, value: `x${name}` },
          { op: "in", attribute: name, type: "string", values: [`x${name}`, "z"] },
          { op: "and", filters: [{ op: "present", attribute: name }, { op: "not", filter: eq(name, "string", `y${name}`) }] },
        ]) {
          for (const [named, options] of [[filter, {}], [filter, { table: names[5] }], [JSON.parse(JSON.stringify(filter).replaceAll(`"attribute":${JSON.stringify(name)}`, '"attribute":"other"')), { columns: { other: name } }]]) {
            const { text: where, parameters } = toSql(named, { dialect, ...options });
            const found = await run(`SELECT ${quoted("a")} AS found FROM ${quoted(names[5])} WHERE ${where}`, parameters);
            assert.deepEqual(found, [{ found: "xa" }], `${name}: ${where}`);
          }
        }
      }
    });

    test("that_are_no_column_are_an_error_and_no_text", async () => {
      const { run } = opened;
      for (const attribute of ["no_such_column", "v ", ...names.slice(1, 8)]) {
        for (const filter of [eq(attribute, "string", attribute), { op: "present", attribute }, { op: "same", compare: "eq", attributes: [attribute, attribute], type: "string" }]) {
          const { text: where, parameters } = toSql(filter, { dialect });
          await assert.rejects(async () => run(`SELECT id FROM t WHERE ${where}`, parameters), where);
        }
      }
      assert.deepEqual(await run("SELECT count(*) AS n FROM t"), [{ n: 1 }]);
    });

    test("that_are_SQL_are_values", async () => {
      const { run } = opened;
      for (const value of injected) {
        for (const filter of [
          eq("v", "string", value),
          { op: "in", attribute: "v", type: "string", values: [value, `${value}${value}`] },
          { op: "startsWith", attribute: "v", value },
          { op: "endsWith", attribute: "v", value },
          { op: "contains", attribute: "v", value },
          { op: "hasSome", attribute: "l", type: "string", values: [value] },
        ]) {
          const { text: where, parameters } = toSql(filter, { dialect });
          assert.ok(!where.includes(value) || value === "?" || value === "$1" || value === "1", where);
          assert.deepEqual(await run(`SELECT id FROM t WHERE ${where}`, parameters), [], JSON.stringify(filter));
        }
      }
      assert.deepEqual(await run("SELECT v FROM t"), [{ v: "v" }]);
    });
  });
}
