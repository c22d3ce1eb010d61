// The admin's side: users, their roles, the audit log. The role is elevated: the guard wants two factors, some minutes ago.
import { happenings } from "./audit.js";
import { json } from "./body.js";
import type { Call } from "./call.js";
import { Refusal } from "./refusals.js";
import { countFrom, givenRoles, listUsers, setRoles, userOf } from "./users.js";

/** Seconds by which the clocks of two isolates may differ. */
const clockSkew = 1;

export async function users({ press }: Call): Promise<Response> {
  return Response.json(await listUsers(press.db));
}

/** The user's tokens of this moment are refused from now on; refreshed ones have the new roles. */
export async function giveRoles({ press, request, grant, params }: Call): Promise<Response> {
  const { roles, ...others } = await json(request);
  if (!isRoles(roles) || Object.keys(others).length > 0) throw new Refusal("invalid_roles");
  const id = params["user"] ?? "";
  // Who takes the role from themselves could leave nobody who can give it back.
  if (id === grant.principal.id && !roles.includes("admin")) throw new Refusal("conflict");
  if (!(await setRoles(press.db, id, roles))) throw new Refusal("not_found");
  // A token of the very second in which the roles were written may have the old ones, and another isolate's clock may go ahead.
  const from = press.now() + 1 + clockSkew;
  await countFrom(press.db, id, from);
  await press.parts.revokeTokens(press.guard, id, from);
  press.note({ kind: "account", subject: id, what: "roles", decision: "allow", reason: `${roles.join("+")} by ${grant.principal.id}`, status: null, elevated: true });
  return Response.json({});
}

/** Forgets the failed attempts on an account: after too many its own password alone lets nobody in. */
export async function release({ press, grant, params }: Call): Promise<Response> {
  const user = await userOf(press.db, params["user"] ?? "");
  if (user === null) throw new Refusal("not_found");
  await press.parts.attempts.release(user.name);
  press.note({ kind: "account", subject: user.id, what: "attempts", decision: "allow", reason: `forgotten by ${grant.principal.id}`, status: null, elevated: true });
  return Response.json({});
}

export async function audit({ press }: Call): Promise<Response> {
  return Response.json(await happenings(press.db, null));
}

function isRoles(value: unknown): value is readonly string[] {
  if (!Array.isArray(value) || value.length === 0 || new Set(value).size !== value.length) return false;
  return value.every((role) => givenRoles.includes(role));
}
