// What stays when the demo ends: its database, its Durable Objects, and the secrets without which they are worth nothing.
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
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

/** Miniflare's settings for it, with the secrets as bindings; in memory where the folder is `null`. Other tables are in another folder. */
export function dataIn(folder) {
  if (folder === null) return { bindings: newSecrets(), ...bound({}) };
  const version = createHash("sha256").update(own).update(stores).digest("hex").slice(0, 12);
  const kept = join(folder, version);
  mkdirSync(kept, { recursive: true, mode: 0o700 });
  return {
    bindings: secretsIn(join(kept, "secrets.json")),
    ...bound({ d1Persist: join(kept, "d1"), durableObjectsPersist: join(kept, "objects") }),
  };
}

/** The tables, where they are not there yet. */
export async function createTables(db) {
  for (const statement of statementsOf(own + stores)) await db.prepare(statement).run();
  await new D1ApiKeys(db).create();
}

function bound(persist) {
  return { d1Databases: ["DB"], durableObjects: { STORE: { className: "StoreObject", useSQLite: true } }, ...persist };
}

function secretsIn(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  const secrets = newSecrets();
  writeFileSync(file, JSON.stringify(secrets), { flag: "wx", mode: 0o600 });
  return secrets;
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
