// What stays when the demo ends: its database, its Durable Objects, and the secrets without which they are worth nothing.
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";
import { fileURLToPath } from "node:url";
import { D1ApiKeys } from "portcullis/stores/api-keys";
import { schema as stores } from "portcullis/stores/d1";

const own = readFileSync(new URL("schema.sql", import.meta.url), "utf8");

/** The folder: DATA, else one beside this file; `null`, which is in memory, with CI=true. */
export function usualFolder() {
  if (env.DATA !== undefined) return env.DATA;
  return env.CI === "true" ? null : fileURLToPath(new URL(".data", import.meta.url));
}

/** Miniflare's settings for it, with the secrets as bindings; in memory where the folder is `null`. */
export function dataIn(folder) {
  if (folder === null) return { bindings: newSecrets(), ...bound({}) };
  const kept = versionIn(folder);
  mkdirSync(kept, { recursive: true, mode: 0o700 });
  return {
    bindings: secretsIn(join(kept, "secrets.json")),
    ...bound({ d1Persist: join(kept, "d1"), durableObjectsPersist: join(kept, "objects") }),
  };
}

/** Removes it, and nothing else that is in the folder. */
export function forgetData(folder) {
  rmSync(versionIn(folder), { recursive: true, force: true });
}

/** Other tables are in another folder. */
function versionIn(folder) {
  return join(folder, `wicket-press-${createHash("sha256").update(own).update(stores).digest("hex").slice(0, 12)}`);
}

/** The tables, where they are not there yet. */
export async function createTables(db) {
  for (const statement of statementsOf(own + stores)) await db.prepare(statement).run();
  await new D1ApiKeys(db).create();
}

function bound(persist) {
  return { d1Databases: ["DB"], durableObjects: { STORE: { className: "StoreObject", useSQLite: true } }, ...persist };
}

/** What was printed when the accounts were made, to be printed again: DEMO ONLY, a site keeps no password. */
export function printedIn(folder) {
  return folder === null ? null : read(join(versionIn(folder), "accounts.json"));
}

export function keepPrinted(folder, accounts) {
  if (folder !== null) write(join(versionIn(folder), "accounts.json"), accounts);
}

function secretsIn(file) {
  const kept = read(file);
  if (kept !== null) return kept;
  const secrets = newSecrets();
  write(file, secrets);
  return secrets;
}

/** `null` where there is no such file. */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    return null;
  }
}

/** For its owner's eyes, and never over another one. */
function write(file, value) {
  writeFileSync(file, JSON.stringify(value), { flag: "wx", mode: 0o600 });
}

function newSecrets() {
  return {
    REFRESH_SECRET: randomBytes(32).toString("base64url"),
    SEALING_KEY: randomBytes(32).toString("base64"),
  };
}

/** D1 takes one statement at a time. No text in the schemas has a semicolon inside. */
function statementsOf(sql) {
  return sql
    .replace(/^\s*--.*$/gm, "")
    .split(";")
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}
