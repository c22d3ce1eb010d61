// The items in tables, with the columns that the README names.

import { columns } from "./rows.mjs";

const SQLITE = { string: "TEXT", int: "INTEGER", double: "REAL", bool: "INTEGER", timestamp: "REAL" };
const POSTGRES = { string: "text", int: "bigint", double: "double precision", bool: "boolean", timestamp: "timestamptz" };

const element = (type) => type.slice(5, -1);
const isList = (type) => type.startsWith("list");
const names = Object.keys(columns);
const quoted = names.map((name) => `"${name}"`).join(", ");

const inSqlite = (value, type) => {
  if (value === null) return null;
  if (isList(type)) return JSON.stringify(value);
  return type === "bool" ? Number(value) : value;
};

const inPostgres = (value, type) => (type === "timestamp" && value !== null ? new Date(value * 1000).toISOString() : value);

/** Makes the table in D1, or in what speaks as it does. */
export async function fillD1(db, rows, table = "item") {
  const types = Object.entries(columns).map(([name, type]) => `"${name}" ${isList(type) ? "TEXT" : SQLITE[type]}`);
  await db.prepare(`CREATE TABLE "${table}" (${types.join(", ")})`).run();
  const insert = db.prepare(`INSERT INTO "${table}" (${quoted}) VALUES (${names.map(() => "?").join(", ")})`);
  if (rows.length > 0) await db.batch(rows.map((row) => insert.bind(...names.map((name) => inSqlite(row[name], columns[name])))));
}

/** Makes the table in PGlite. `text` is the type of texts. */
export async function fillPostgres(db, rows, { table = "item", text = "text" } = {}) {
  const typed = (type) => (type === "string" ? text : POSTGRES[type]);
  const types = Object.entries(columns).map(([name, type]) => `"${name}" ${isList(type) ? `${POSTGRES[element(type)]}[]` : typed(type)}`);
  await db.exec(`CREATE TABLE "${table}" (${types.join(", ")})`);
  const places = names.map((_, index) => `$${index + 1}`).join(", ");
  for (const row of rows) {
    await db.query(`INSERT INTO "${table}" (${quoted}) VALUES (${places})`, names.map((name) => inPostgres(row[name], columns[name])));
  }
}
