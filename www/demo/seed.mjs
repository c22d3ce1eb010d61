// The accounts that are there when the demo first opens. As a command, while no demo runs there, it forgets the demo's data,
// makes them anew and says who they are.
import { randomBytes, randomUUID } from "node:crypto";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { Passwords } from "portcullis/issuer";
import { createTables, dataIn, forgetData, keepPrinted, printedIn, usualFolder } from "./data.mjs";

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
 * kept as hashes. Where somebody is there already all stays as it is, and the answer is that of the first time; `null` where
 * nobody knows it.
 */
export async function seed(db, accounts, folder, now) {
  await createTables(db);
  if ((await db.prepare("SELECT id FROM users LIMIT 1").first()) !== null) return printedIn(folder);
  const made = accounts.map(newAccount);
  const [first, second] = made;
  const articles = [
    [first, "Why a gate has a wicket", "So that one person can pass without raising it."],
    [second, "On closing time", "The porter rings twice."],
  ];
  const written = articles
    .filter(([author]) => author !== undefined)
    .map(([author, title, text]) =>
      db.prepare("INSERT INTO articles (id, author_id, title, body, created_at) VALUES (?, ?, ?, ?, ?)").bind(randomUUID(), author.id, title, text, now),
    );
  await db.batch([...made.map((account) => added(db, account, now)), ...written]);
  keepPrinted(folder, made);
  return made;
}

/** One more account, with a password that is made for it. */
export async function addAccount(db, account, now) {
  const made = newAccount(account);
  await added(db, made, now).run();
  return made;
}

function newAccount({ name, roles, about }) {
  return { id: `user-${randomUUID()}`, name, roles, about, password: newPassword() };
}

function added(db, { id, name, roles, password }, now) {
  return db
    .prepare("INSERT INTO users (id, name, password, roles, created_at) VALUES (?, ?, ?, ?, ?)")
    .bind(id, name, passwords.hash(password), JSON.stringify(roles), now);
}

/** The accounts, one on a line. */
export function whoTheyAre(accounts) {
  if (accounts === null) return "  Whoever could the last time. `node www/demo/seed.mjs` forgets them all, and makes the accounts anew.";
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
  if (folder === null || words.length > 0) {
    console.error("usage: node seed.mjs, with DATA as the folder of the data");
    return 2;
  }
  forgetData(folder);
  const { durableObjects: _, ...data } = dataIn(folder);
  const worker = new Miniflare({ modules: true, script: "export default {}", cf: false, ...data });
  try {
    const accounts = await seed(await worker.getD1Database("DB"), staff, folder, Math.floor(Date.now() / 1000));
    console.log(`Who may sign in:\n\n${whoTheyAre(accounts)}`);
  } finally {
    await worker.dispose();
  }
  return 0;
}

if (argv[1] === fileURLToPath(import.meta.url)) exit(await main(argv.slice(2)));
