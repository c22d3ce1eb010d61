// The items as Drizzle's tables: with the columns of `databases.mjs`, and with others that an application may have.

import * as pg from "drizzle-orm/pg-core";
import * as sqlite from "drizzle-orm/sqlite-core";

const pgTexts = () => ({ id: pg.text(), owner: pg.text(), tenant: pg.text(), title: pg.text(), other: pg.text(), status: pg.text() });
const pgLists = () => ({
  tags: pg.text().array(),
  groups: pg.text().array(),
  numbers: pg.bigint({ mode: "number" }).array(),
  weights: pg.doublePrecision().array(),
  flags: pg.boolean().array(),
});
const pgNumbers = () => ({
  count: pg.bigint({ mode: "number" }),
  amount: pg.bigint({ mode: "number" }),
  price: pg.doublePrecision(),
  ratio: pg.doublePrecision(),
  open: pg.boolean(),
  hidden: pg.boolean(),
});

export const inPostgres = pg.pgTable("item", {
  ...pgTexts(),
  ...pgNumbers(),
  ...pgLists(),
  created: pg.timestamp({ withTimezone: true }),
  due: pg.timestamp({ withTimezone: true }),
});

/** Moments without a time zone, and names of Drizzle that are not the database's. */
export const otherInPostgres = pg.pgTable("other_item", {
  ...pgTexts(),
  ...pgNumbers(),
  ...pgLists(),
  title: pg.varchar("the_title", { length: 100 }),
  created: pg.timestamp("created_at"),
  due: pg.timestamp("due_at", { precision: 3 }),
});

const sqliteTexts = () => ({ id: sqlite.text(), owner: sqlite.text(), tenant: sqlite.text(), title: sqlite.text(), other: sqlite.text(), status: sqlite.text() });

export const inSqlite = sqlite.sqliteTable("item", {
  ...sqliteTexts(),
  count: sqlite.integer(),
  amount: sqlite.integer(),
  price: sqlite.real(),
  ratio: sqlite.real(),
  open: sqlite.integer({ mode: "boolean" }),
  hidden: sqlite.integer({ mode: "boolean" }),
  created: sqlite.integer({ mode: "timestamp_ms" }),
  due: sqlite.integer({ mode: "timestamp_ms" }),
  tags: sqlite.text({ mode: "json" }),
  groups: sqlite.text({ mode: "json" }),
  numbers: sqlite.text({ mode: "json" }),
  weights: sqlite.text({ mode: "json" }),
  flags: sqlite.text({ mode: "json" }),
});
