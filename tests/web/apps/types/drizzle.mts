// Drizzle's own types go in, and come out.

import * as operators from "drizzle-orm";
import { and, eq, sql, type SQL } from "drizzle-orm";
import { boolean, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { integer, sqliteTable, text as textInSqlite } from "drizzle-orm/sqlite-core";
import { toDrizzle, type DrizzleOptions, type Filter } from "portcullis/full";

declare const filter: Filter;

const articles = pgTable("articles", { id: uuid().primaryKey(), author: text(), at: timestamp(), open: boolean(), tags: text().array() });
const notes = sqliteTable("notes", { id: textInSqlite(), at: integer({ mode: "timestamp" }) });

export const first: SQL = toDrizzle(filter, { dialect: "postgres", columns: articles, operators });
export const second: SQL | undefined = and(eq(notes.id, "1"), toDrizzle(filter, { dialect: "sqlite", columns: { id: notes.id }, operators: { sql } }));

const options: DrizzleOptions<SQL> = { dialect: "sqlite", columns: notes, operators: { sql } };
export const third = toDrizzle(filter, options).getSQL();
// @ts-expect-error sql is wanted
toDrizzle(filter, { dialect: "sqlite", columns: notes, operators: { and } });
