// The audit log in D1: each refusal, each change, each use of an elevated role. Whoever fills it with their own doings
// pushes out nobody else's.
import type { DecisionEvent } from "portcullis/full";
import type { Database, Statement } from "../env.js";
import { isUserId } from "./users.js";

export interface Happening {
  readonly at: number;
  /** An id; `null` for whoever has none. Never a name that somebody typed: it may be a password in the wrong field. */
  readonly subject: string | null;
  readonly what: string;
  readonly decision: "allow" | "deny";
  readonly reason: string;
  readonly status: number | null;
  readonly elevated: boolean;
  /** By somebody who only said that they are the subject. */
  readonly atTheDoor?: true;
}

/** Entries of one user: of what was allowed, of what was refused, and of what others did at the door in that name. */
const keptOfUser = 1000;
/** The same of all who are no users. */
const keptOfOthers = 5000;
/** Seconds. */
const keptFor = 90 * 86_400;
/** How often it is looked at what goes: once in so many entries. */
const stride = 64;
const shown = 100;

/** A decision of the guard. What was read is no news, nor that somebody came to a door that is open. */
export function ofDecision(event: DecisionEvent): Happening | null {
  const changes = event.method !== "GET" && event.method !== "HEAD" && event.subject !== null;
  if (event.decision === "allow" && !changes && !event.elevated) return null;
  return {
    at: event.time,
    subject: event.subject?.id ?? null,
    what: event.route ?? event.method,
    decision: event.decision,
    reason: event.reason,
    status: event.status,
    elevated: event.elevated,
  };
}

export async function record(db: Database, happening: Happening): Promise<void> {
  await insert(db, happening).run();
  if (Math.random() < 1 / stride) await trim(db, whoseIs(happening), happening.decision).run();
}

/** What is older than 90 days goes. */
export async function sweepAudit(db: Database, now: number): Promise<void> {
  await db.prepare("DELETE FROM audit WHERE at <= ?").bind(now - keptFor).run();
}

/** The newest first; of one user, or of all. */
export async function happenings(db: Database, user: string | null): Promise<readonly Happening[]> {
  const columns = "at, subject, what, decision, reason, status, elevated";
  const all = db.prepare(`SELECT ${columns} FROM audit ORDER BY id DESC LIMIT ${shown}`);
  const own = db.prepare(`SELECT ${columns} FROM audit WHERE whose IN (?, ?) ORDER BY id DESC LIMIT ${shown}`);
  const { results } = await (user === null ? all : own.bind(user, atTheDoorOf(user))).all<Omit<Happening, "elevated"> & { elevated: number }>();
  return results.map((row) => ({ ...row, elevated: row.elevated === 1 }));
}

function insert(db: Database, happening: Happening): Statement {
  const { at, subject, what, decision, reason, status, elevated } = happening;
  return db
    .prepare("INSERT INTO audit (at, whose, subject, what, decision, reason, status, elevated) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
    .bind(at, whoseIs(happening), subject?.slice(0, 128) ?? null, what.slice(0, 128), decision, reason, status, elevated ? 1 : 0);
}

/** Uses of an elevated role end by age alone. */
function trim(db: Database, whose: string, decision: string): Statement {
  const kept = whose === "" ? keptOfOthers : keptOfUser;
  return db
    .prepare("DELETE FROM audit WHERE whose = ?1 AND decision = ?2 AND elevated = 0 AND id <= (SELECT id FROM audit WHERE whose = ?1 AND decision = ?2 ORDER BY id DESC LIMIT 1 OFFSET ?3)")
    .bind(whose, decision, kept);
}

/** The user's, their door's, or that of all others together. */
function whoseIs({ subject, atTheDoor }: Happening): string {
  if (subject === null || !isUserId(subject)) return "";
  return atTheDoor === true ? atTheDoorOf(subject) : subject;
}

function atTheDoorOf(user: string): string {
  return `at the door of ${user}`;
}
