// The statements of the stores on SQLite: D1, and what a Durable Object keeps. An entry that has ended stays until it is
// written anew or swept, and no statement sees it.

/** One statement to a line, as D1's `exec` wants it. */
export const entriesSchema =
  "CREATE TABLE IF NOT EXISTS portcullis_entries (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL, version TEXT NOT NULL, until INTEGER NOT NULL) STRICT;\n" +
  "CREATE INDEX IF NOT EXISTS portcullis_entries_until ON portcullis_entries (until);\n";

/** `?1` the name, `?2` now. */
export const read = "SELECT value, version FROM portcullis_entries WHERE name = ?1 AND until > ?2";

/** `?1` the name, `?2` the value, `?3` its version, `?4` until when, `?5` now. Changes one row where there was nothing, or what has ended. */
export const insert =
  "INSERT INTO portcullis_entries (name, value, version, until) VALUES (?1, ?2, ?3, ?4) " +
  "ON CONFLICT (name) DO UPDATE SET value = excluded.value, version = excluded.version, until = excluded.until WHERE portcullis_entries.until <= ?5";

/** As {@link insert}; `?6` the version that must still be there. Changes one row where it is. */
export const update = "UPDATE portcullis_entries SET value = ?2, version = ?3, until = ?4 WHERE name = ?1 AND until > ?5 AND version = ?6";

/** `?1` the name. */
export const remove = "DELETE FROM portcullis_entries WHERE name = ?1";

/** `?1` now, `?2` how many at most: those first that ended first. */
export const sweep = swept("portcullis_entries");

/** What removes those of a table that have ended. */
export function swept(table: string): string {
  return `DELETE FROM ${table} WHERE name IN (SELECT name FROM ${table} WHERE until <= ?1 ORDER BY until LIMIT ?2)`;
}
