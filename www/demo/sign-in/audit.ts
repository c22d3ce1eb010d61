// The audit log in D1: each refusal, each change, each use of an elevated role. Whoever fills it with their own doings
// pushes out nobody else's, and nothing that changed an account.
import type { DecisionEvent } from "portcullis/full";
import type { Database, Statement } from "../env.js";
import { isUserId } from "./users.js";

/**
 * `route`: what the guard decided. `door`: what somebody did at a door in the name of a user that they did not prove to be.
 * `sign-in`: who came in. `account`: what changed an account, or who may what; it ends by age alone.
 */
const kinds = ["route", "door", "sign-in", "account"] as const;
type Kind = (typeof kinds)[number];

export interface Happening {
  readonly at: number;
  readonly kind: Kind;
  /** An id; `null` for whoever has none. Never a name that somebody typed: it may be a password in the wrong field. */
  readonly subject: string | null;
  readonly what: string;
  readonly decision: "allow" | "deny";
  readonly reason: string;
  readonly status: number | null;
  readonly elevated: boolean;
}

/** Entries of one user, of each kind and decision. */
const keptOfUser = 1000;
/** The same of all who are no users. */
const keptOfOthers = 5000;
/** Seconds. */
const keptFor = 90 * 86_400;
/** How often it is looked at what goes: once in so many entries. */
const stride = 64;
/** Of each kind. */
const shown = 50;

/** A decision of the guard. What was read is no news, nor that somebody came to a door that is open. */
export function ofDecision(event: DecisionEvent): Happening | null {
  const changes = event.method !== "GET" && event.method !== "HEAD" && event.subject !== null;
  if (event.decision === "allow" && !changes && !event.elevated) return null;
  return {
    at: event.time,
    kind: "route",
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
  if (happening.kind !== "account" && Math.random() < 1 / stride) await trim(db, happening).run();
}

/** What is older than 90 days goes. */
export async function sweepAudit(db: Database, now: number): Promise<void> {
  await db.prepare("DELETE FROM audit WHERE at <= ?").bind(now - keptFor).run();
}

/** The newest of each kind, the newest first; of one user, or of all. */
export async function happenings(db: Database, user: string | null): Promise<readonly Happening[]> {
  const columns = "id, at, kind, subject, what, decision, reason, status, elevated";
  const newest = (kind: Kind): Statement =>
    user === null
      ? db.prepare(`SELECT ${columns} FROM audit WHERE kind = ? ORDER BY id DESC LIMIT ${shown}`).bind(kind)
      : db.prepare(`SELECT ${columns} FROM audit WHERE kind = ? AND whose = ? ORDER BY id DESC LIMIT ${shown}`).bind(kind, user);
  const answers = await Promise.all(kinds.map((kind) => newest(kind).all<Omit<Happening, "elevated"> & { id: number; elevated: number }>()));
  const rows = answers.flatMap(({ results }) => results).sort((one, other) => other.id - one.id);
  return rows.map(({ id: _, ...row }) => ({ ...row, elevated: row.elevated === 1 }));
}

function insert(db: Database, happening: Happening): Statement {
  const { at, kind, subject, what, decision, reason, status, elevated } = happening;
  return db
    .prepare("INSERT INTO audit (at, whose, kind, subject, what, decision, reason, status, elevated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
    .bind(at, whoseIs(happening), kind, subject?.slice(0, 128) ?? null, what.slice(0, 128), decision, reason, status, elevated ? 1 : 0);
}

function trim(db: Database, happening: Happening): Statement {
  const whose = whoseIs(happening);
  const same = "whose = ?1 AND kind = ?2 AND decision = ?3";
  return db
    .prepare(`DELETE FROM audit WHERE ${same} AND id <= (SELECT id FROM audit WHERE ${same} ORDER BY id DESC LIMIT 1 OFFSET ?4)`)
    .bind(whose, happening.kind, happening.decision, whose === "" ? keptOfOthers : keptOfUser);
}

/** The user's, or that of all others together. */
function whoseIs({ subject }: Happening): string {
  return subject !== null && isUserId(subject) ? subject : "";
}
