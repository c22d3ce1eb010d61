// The accounts that are there when the demo opens. As a command it makes them in the demo's data, and says who they are:
// `node seed.mjs`, while no demo runs there; `node seed.mjs --anew` forgets all else before.
import { randomBytes, randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { Passwords } from "portcullis/issuer";
import { createTables, dataIn, usualFolder } from "./data.mjs";

/** Who works at Wicket Press. */
export const staff = [
  { name: "olga", roles: ["writer"], about: "writes" },
  { name: "stan", roles: ["writer"], about: "writes too" },
  { name: "mona", roles: ["writer", "moderator"], about: "deletes what should not be there" },
  { name: "ada", roles: ["writer", "admin"], about: "gives roles and reads the audit log, once she has set up a second factor" },
];

const passwords = new Passwords();
const letters = "abcdefghjkmnpqrstuvwxyz23456789";

/**
 * Makes the tables, the accounts and their first articles. Answers the accounts with their passwords, which are made here and
 * kept as hashes. An account that is there is as new afterwards: another password, its roles, no second factor, no session.
 */
export async function seed(db, accounts, now) {
  await createTables(db);
  const seeded = [];
  for (const account of accounts) seeded.push(await addAccount(db, account, now));
  const [first, second] = seeded;
  const articles = [
    ["wicket", first, "Why a gate has a wicket", "So that one person can pass without raising it."],
    ["closing-time", second, "On closing time", "The porter rings twice."],
  ];
  for (const [id, author, title, text] of articles) {
    if (author === undefined) continue;
    await db
      .prepare("INSERT INTO articles (id, author_id, title, body, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
      .bind(id, author.id, title, text, now)
      .run();
  }
  return seeded;
}

/** An account with a password that is made for it. */
export async function addAccount(db, { name, roles, about }, now) {
  const password = newPassword();
  const { id } = await db
    .prepare(
      "INSERT INTO users (id, name, password, roles, created_at) VALUES (?, ?, ?, ?, ?) " +
        "ON CONFLICT (name) DO UPDATE SET password = excluded.password, roles = excluded.roles, second_factor = NULL RETURNING id",
    )
    .bind(`user-${randomUUID()}`, name, passwords.hash(password), JSON.stringify(roles), now)
    .first();
  await db.prepare("DELETE FROM sessions WHERE user_id = ?").bind(id).run();
  return { id, name, roles, about, password };
}

/** The accounts, one on a line. */
export function whoTheyAre(accounts) {
  const width = Math.max(...accounts.map(({ name }) => name.length));
  return accounts.map(({ name, password, about }) => `  ${name.padEnd(width)}  ${password}  ${about}`).join("\n");
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

async function main(words) {
  const folder = usualFolder();
  if (folder === null || words.some((word) => word !== "--anew")) {
    console.error("usage: node seed.mjs [--anew], with DATA as the folder of the data");
    return 2;
  }
  if (words.includes("--anew")) rmSync(folder, { recursive: true, force: true });
  const { durableObjects: _, ...data } = dataIn(folder);
  const worker = new Miniflare({ modules: true, script: "export default {}", cf: false, ...data });
  try {
    const accounts = await seed(await worker.getD1Database("DB"), staff, Math.floor(Date.now() / 1000));
    console.log(`Who may sign in:\n\n${whoTheyAre(accounts)}`);
  } finally {
    await worker.dispose();
  }
  return 0;
}

if (argv[1] === fileURLToPath(import.meta.url)) exit(await main(argv.slice(2)));
