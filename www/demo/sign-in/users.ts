// Users in D1.
import type { Database } from "../env.js";
import { isGuessable } from "./guessable.js";
import { Refusal } from "./refusals.js";

export interface User {
  readonly id: string;
  readonly name: string;
  readonly password: string;
  readonly roles: readonly string[];
  /** The sealed secret of the authenticator. */
  readonly secondFactor: string | null;
  readonly tokensFrom: number;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly password: string;
  readonly roles: string;
  readonly second_factor: string | null;
  readonly tokens_from: number;
}

/** Of no guest, and of no key. */
const idPrefix = "user-";

/** What an admin may give; the policy says what each is worth. */
export const givenRoles: readonly string[] = ["writer", "moderator", "admin"];

const columns = "id, name, password, roles, second_factor, tokens_from";

export async function userNamed(db: Database, name: string): Promise<User | null> {
  return user(await db.prepare(`SELECT ${columns} FROM users WHERE name = ?`).bind(name).first<Row>());
}

export async function userOf(db: Database, id: string): Promise<User | null> {
  return user(await db.prepare(`SELECT ${columns} FROM users WHERE id = ?`).bind(id).first<Row>());
}

/** A new writer. Of two who want one name at once, the second is told that it is taken. */
export async function addUser(db: Database, name: string, password: string, now: number): Promise<User> {
  const id = `${idPrefix}${crypto.randomUUID()}`;
  const roles = ["writer"];
  const { meta } = await db
    .prepare("INSERT INTO users (id, name, password, roles, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING")
    .bind(id, name, password, JSON.stringify(roles), now)
    .run();
  if (meta.changes !== 1) throw new Refusal("name_taken");
  return { id, name, password, roles, secondFactor: null, tokensFrom: 0 };
}

export async function setPassword(db: Database, id: string, password: string): Promise<void> {
  await db.prepare("UPDATE users SET password = ? WHERE id = ?").bind(password, id).run();
}

/** The same password, hashed anew: only where nobody has changed it meanwhile. The user as they are then. */
export async function renewHash(db: Database, user: User, password: string): Promise<User> {
  const { meta } = await db.prepare("UPDATE users SET password = ? WHERE id = ? AND password = ?").bind(password, user.id, user.password).run();
  return meta.changes === 1 ? { ...user, password } : user;
}

export async function setSecondFactor(db: Database, id: string, sealed: string | null): Promise<void> {
  await db.prepare("UPDATE users SET second_factor = ? WHERE id = ?").bind(sealed, id).run();
}

/** Gives the user other roles. */
export async function setRoles(db: Database, id: string, roles: readonly string[]): Promise<boolean> {
  const { meta } = await db.prepare("UPDATE users SET roles = ? WHERE id = ?").bind(JSON.stringify(roles), id).run();
  return meta.changes === 1;
}

/** Tokens from before that moment count no more, so none is made that says less. */
export async function countFrom(db: Database, id: string, tokensFrom: number): Promise<void> {
  await db.prepare("UPDATE users SET tokens_from = max(tokens_from, ?) WHERE id = ?").bind(tokensFrom, id).run();
}

export async function listUsers(db: Database): Promise<readonly object[]> {
  const { results } = await db
    .prepare("SELECT id, name, roles, second_factor IS NOT NULL AS guarded, created_at FROM users ORDER BY name LIMIT 500")
    .all<{ id: string; name: string; roles: string; guarded: number; created_at: number }>();
  return results.map(({ id, name, roles, guarded, created_at }) => ({
    id,
    name,
    roles: JSON.parse(roles) as readonly string[],
    secondFactor: guarded === 1,
    createdAt: created_at,
  }));
}

export function isUserId(id: string): boolean {
  return id.startsWith(idPrefix);
}

/** Whether somebody may have that name. */
function isName(text: string): boolean {
  return /^[a-z][a-z0-9-]{2,31}$/.test(text);
}

export function nameFrom(text: string): string {
  if (!isName(text)) throw new Refusal("invalid_name");
  return text;
}

/** NIST SP 800-63B-4 §3.1.1: 15 characters where nothing stands beside it, none that many have, no rules of composition. */
export async function newPasswordFrom(text: string, name: string): Promise<string> {
  const length = [...text.normalize("NFC")].length;
  if (length < 15 || length > 256) throw new Refusal("invalid_password");
  if (await isGuessable(text, name)) throw new Refusal("guessable_password");
  return text;
}

function user(row: Row | null): User | null {
  if (row === null) return null;
  const { id, name, password, roles, second_factor, tokens_from } = row;
  return { id, name, password, roles: JSON.parse(roles) as readonly string[], secondFactor: second_factor, tokensFrom: tokens_from };
}
