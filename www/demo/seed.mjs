// The accounts that are there when the demo opens: their passwords are made here, printed once, and kept as hashes.
import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { Passwords } from "portcullis/issuer";
import { D1ApiKeys } from "portcullis/stores/api-keys";
import { schema } from "portcullis/stores/d1";

/** Who works at Wicket Press. */
export const staff = [
  { name: "olga", roles: ["writer"], about: "writes" },
  { name: "stan", roles: ["writer"], about: "writes too" },
  { name: "mona", roles: ["writer", "moderator"], about: "deletes what should not be there" },
  { name: "ada", roles: ["writer", "admin"], about: "gives roles and reads the audit log, once she has set up a second factor" },
];

const passwords = new Passwords();
const letters = "abcdefghjkmnpqrstuvwxyz23456789";

/** Makes the tables and the accounts; answers them with their passwords. */
export async function seed(db, accounts, now) {
  for (const statement of statementsOf(readFileSync(new URL("schema.sql", import.meta.url), "utf8") + schema)) await db.prepare(statement).run();
  await new D1ApiKeys(db).create();
  const seeded = [];
  for (const account of accounts) seeded.push(await addAccount(db, account, now));
  const [first, second] = seeded;
  const articles = [
    [first, "Why a gate has a wicket", "So that one person can pass without raising it."],
    [second, "On closing time", "The porter rings twice."],
  ];
  for (const [author, title, text] of articles) {
    if (author === undefined) continue;
    await db
      .prepare("INSERT INTO articles (id, author_id, title, body, created_at) VALUES (?, ?, ?, ?, ?)")
      .bind(randomUUID(), author.id, title, text, now)
      .run();
  }
  return seeded;
}

/** An account with a password that is made for it. */
export async function addAccount(db, { name, roles, about }, now) {
  const id = `user-${randomUUID()}`;
  const password = newPassword();
  await db
    .prepare("INSERT INTO users (id, name, password, roles, created_at) VALUES (?, ?, ?, ?, ?)")
    .bind(id, name, passwords.hash(password), JSON.stringify(roles), now)
    .run();
  return { id, name, roles, about, password };
}

export async function makeSigningKeys() {
  return "[]";
}

/** Five groups of four letters and digits: 99 bits. */
function newPassword() {
  const groups = Array.from({ length: 5 }, () => Array.from({ length: 4 }, letter).join(""));
  return groups.join("-");
}

/** Each letter as often as another: what does not divide evenly is thrown away. */
function letter() {
  const fair = 256 - (256 % letters.length);
  for (;;) {
    const [byte] = randomBytes(1);
    if (byte < fair) return letters[byte % letters.length];
  }
}

/** D1 takes one statement at a time. No text in the schemas has a semicolon inside. */
function statementsOf(sql) {
  return sql
    .replace(/^\s*--.*$/gm, "")
    .split(";")
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}
