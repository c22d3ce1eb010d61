// Sessions: a family of refresh tokens, a row for the user to see, and an access token for some minutes.
import type { Database } from "../env.js";
import { dropped, kept, withCookies } from "./cookies.js";
import type { RefreshFamily, SignIn } from "./issuer.js";
import type { Press } from "./press.js";
import { Refusal } from "./refusals.js";
import { userOf } from "./users.js";
import type { User } from "./users.js";

interface Row {
  readonly id: string;
  readonly agent: string;
  readonly created_at: number;
  readonly seen_at: number;
}

/** How often a token waits for the second from which on its user's roles count. */
const mostWaits = 16;
const waitMs = 250;
/** Of one user; who signs in once more loses the one that was used least lately. */
const most = 20;

/** Signs in: a new family, a new row, and the cookies on the answer. */
export async function startSession(press: Press, request: Request, user: User, signIn: SignIn, answer: Response): Promise<Response> {
  const now = press.now();
  const { token, family } = await press.parts.startFamily(user.id, signIn);
  // What was shown is still what the account wants: the password may have changed meanwhile, and the other sessions ended.
  const { meta } = await press.db
    .prepare("INSERT INTO sessions (id, user_id, agent, created_at, seen_at, ends_at) SELECT ?, id, ?, ?, ?, ? FROM users WHERE id = ? AND password = ? AND second_factor IS ?")
    .bind(family.id, agentOf(request), now, now, family.endsAt, user.id, user.password, user.secondFactor)
    .run();
  if (meta.changes !== 1) {
    await press.parts.revokeFamily(family.id);
    throw new Refusal("invalid_credentials");
  }
  await endOldest(press, user.id, family.id);
  const access = await accessToken(press, user.id, family.id, signIn);
  return withCookies(answer, kept("session", access.token, access.seconds), kept("refresh", token, family.endsAt - now));
}

async function endOldest(press: Press, userId: string, but: string): Promise<void> {
  const { results } = await press.db
    .prepare("SELECT id FROM sessions WHERE user_id = ? AND id <> ? ORDER BY seen_at DESC, created_at DESC, id LIMIT -1 OFFSET ?")
    .bind(userId, but, most - 1)
    .all<{ id: string }>();
  await Promise.all(results.map(({ id }) => endSession(press, userId, id)));
}

/** Goes on with a session: the cookies of a family that was refreshed. */
export async function goOn(press: Press, family: RefreshFamily, token: string, answer: Response): Promise<Response> {
  const { id, subject, endsAt, signIn } = family;
  const now = press.now();
  const { meta } = await press.db.prepare("UPDATE sessions SET seen_at = ?, ends_at = ? WHERE id = ?").bind(now, endsAt, id).run();
  if (meta.changes !== 1 || signIn === undefined) throw new Refusal("session_ended");
  const access = await accessToken(press, subject, id, signIn);
  return withCookies(answer, kept("session", access.token, access.seconds), kept("refresh", token, endsAt - now));
}

/**
 * An access token with the roles of now. The moment is taken before the user is read: where the roles change behind that, the
 * token is one from before the change, and refused.
 */
async function accessToken(press: Press, userId: string, session: string, signIn: SignIn): Promise<{ readonly token: string; readonly seconds: number }> {
  for (let waits = 0; waits < mostWaits; waits += 1) {
    const at = press.now();
    const user = await userOf(press.db, userId);
    if (user === null) throw new Refusal("session_ended");
    if (user.tokensFrom <= at) return press.parts.accessToken(user, session, signIn, at);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  throw new Refusal("unavailable");
}

/** Ends a session of that user: its family gives no more tokens, and the one that is out is refused. */
export async function endSession(press: Press, userId: string, session: string): Promise<boolean> {
  const own = [session, userId];
  const found = await press.db.prepare("SELECT id FROM sessions WHERE id = ? AND user_id = ?").bind(...own).first<{ id: string }>();
  if (found === null) return false;
  // The row goes last: where a revocation fails, the session can be ended once more.
  await Promise.all([press.parts.revokeFamily(session), press.parts.revokeSession(press.guard, session)]);
  await press.db.prepare("DELETE FROM sessions WHERE id = ? AND user_id = ?").bind(...own).run();
  return true;
}

/** Ends all sessions of that user but one. */
export async function endOthers(press: Press, userId: string, but: string | null): Promise<void> {
  const { results } = await press.db.prepare("SELECT id FROM sessions WHERE user_id = ?").bind(userId).all<{ id: string }>();
  await Promise.all(results.filter(({ id }) => id !== but).map(({ id }) => endSession(press, userId, id)));
}

/** What nobody can go on with any more. */
export async function sweepSessions(db: Database, now: number): Promise<void> {
  await db.prepare("DELETE FROM sessions WHERE ends_at <= ?").bind(now).run();
}

export async function sessionsOf(press: Press, userId: string, current: string | null): Promise<readonly object[]> {
  const { results } = await press.db
    .prepare("SELECT id, agent, created_at, seen_at FROM sessions WHERE user_id = ? AND ends_at > ? ORDER BY seen_at DESC, id")
    .bind(userId, press.now())
    .all<Row>();
  return results.map(({ id, agent, created_at, seen_at }) => ({ id, agent, createdAt: created_at, seenAt: seen_at, current: id === current }));
}

/** Leaves nothing of the session in the browser. */
export function forgotten(answer: Response): Response {
  return withCookies(answer, dropped("session"), dropped("refresh"), dropped("step"));
}

/** Which browser, in words that a person knows again. */
function agentOf(request: Request): string {
  const text = request.headers.get("user-agent") ?? "";
  const browser = /Firefox|Edg|Chrome|Safari/.exec(text)?.[0] ?? "Another program";
  const system = /Windows|Android|iPhone|iPad|Mac OS X|Linux/.exec(text)?.[0];
  return `${browser === "Edg" ? "Edge" : browser}${system === undefined ? "" : ` on ${system.replace("Mac OS X", "macOS")}`}`;
}
