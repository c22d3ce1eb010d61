// One's own account: the password, the sessions, what happened.
import type { Granted } from "portcullis/full";
import { happenings } from "./audit.js";
import { body } from "./body.js";
import type { Call } from "./call.js";
import { limited } from "./limits.js";
import { Refusal } from "./refusals.js";
import { endOthers, endSession, sessionsOf } from "./sessions.js";
import { newPasswordFrom, setPassword, userOf } from "./users.js";
import type { User } from "./users.js";

export async function ownUser({ press, grant }: Call): Promise<User> {
  const user = await userOf(press.db, grant.principal.id);
  if (user === null) throw new Refusal("session_ended");
  return user;
}

export async function show(call: Call): Promise<Response> {
  const { id, name, roles, secondFactor } = await ownUser(call);
  return Response.json({ name, roles, secondFactor: secondFactor !== null, recoveryCodes: await call.press.parts.recovery.left(id) });
}

/** The other sessions end: whoever knew the old password may be in one. */
export async function changePassword(call: Call): Promise<Response> {
  const { press, request } = call;
  const { password = "" } = await body(request, "password");
  const user = await ownUser(call);
  await limited(call, "security");
  await setPassword(press.db, user.id, press.parts.passwords.hash(await newPasswordFrom(password, user.name)));
  await endOthers(press, user.id, sessionIn(call.grant));
  // Nor is any browser known any more: whoever knew the old password may sit before one.
  await press.parts.attempts.forget(user.name);
  press.note({ kind: "account", subject: user.id, what: "password", decision: "allow", reason: "changed", status: null, elevated: true });
  return Response.json({});
}

export async function sessions({ press, grant }: Call): Promise<Response> {
  return Response.json(await sessionsOf(press, grant.principal.id, sessionIn(grant)));
}

export async function endOne({ press, grant, params }: Call): Promise<Response> {
  if (!(await endSession(press, grant.principal.id, params["session"] ?? ""))) throw new Refusal("not_found");
  return Response.json({});
}

export async function activity({ press, grant }: Call): Promise<Response> {
  return Response.json(await happenings(press.db, grant.principal.id));
}

/** The session that the access token is of. */
export function sessionIn({ principal }: Granted): string | null {
  const { session } = principal.attributes;
  return typeof session === "string" ? session : null;
}
