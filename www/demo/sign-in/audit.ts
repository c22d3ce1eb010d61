// The audit log in D1: each decision of the guard, each sign-in, each change of an account. The newest thousands are kept.
import type { DecisionEvent } from "portcullis/full";
import type { Database, Statement } from "../env.js";

export interface Happening {
  readonly at: number;
  /** An id, or the name that somebody tried. */
  readonly subject: string | null;
  readonly what: string;
  readonly decision: "allow" | "deny";
  readonly reason: string;
  readonly status: number | null;
  readonly elevated: boolean;
}

const kept = 5000;
const shown = 100;

/** What everyone may read, and every page reads: allowed, it is no news. */
const dull: readonly (string | null)[] = ["GET /account", "GET /account/**", "GET /api/session", "GET /api/jwks"];

/** A decision of the guard. */
export function ofDecision(event: DecisionEvent): Happening | null {
  if (dull.includes(event.route) && event.decision === "allow") return null;
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
  await db.batch([insert(db, happening), db.prepare(`DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - ${kept}`)]);
}

/** The newest first; of one subject, or of all. */
export async function happenings(db: Database, subject: string | null): Promise<readonly Happening[]> {
  const columns = "at, subject, what, decision, reason, status, elevated";
  const all = db.prepare(`SELECT ${columns} FROM audit ORDER BY id DESC LIMIT ${shown}`);
  const own = db.prepare(`SELECT ${columns} FROM audit WHERE subject = ? ORDER BY id DESC LIMIT ${shown}`);
  const { results } = await (subject === null ? all : own.bind(subject)).all<Omit<Happening, "elevated"> & { elevated: number }>();
  return results.map((row) => ({ ...row, elevated: row.elevated === 1 }));
}

function insert(db: Database, { at, subject, what, decision, reason, status, elevated }: Happening): Statement {
  return db
    .prepare("INSERT INTO audit (at, subject, what, decision, reason, status, elevated) VALUES (?, ?, ?, ?, ?, ?, ?)")
    .bind(at, subject?.slice(0, 128) ?? null, what.slice(0, 128), decision, reason, status, elevated ? 1 : 0);
}
