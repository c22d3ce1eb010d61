// The authenticator and the recovery codes.
import { ownUser, sessionIn } from "./account.js";
import { body } from "./body.js";
import type { Call } from "./call.js";
import { limited } from "./limits.js";
import type { Press } from "./press.js";
import { Refusal } from "./refusals.js";
import { seal, unseal } from "./seal.js";
import { endOthers } from "./sessions.js";
import { setSecondFactor } from "./users.js";
import type { User } from "./users.js";

/** A new secret, for the authenticator to read. Nothing is kept of it but what the page sends back, sealed. */
export async function begin(call: Call): Promise<Response> {
  await limited(call, "security");
  const user = await ownUser(call);
  const { secret, uri } = call.press.parts.newSecondFactor(user.name);
  const proposal = await seal(secret, proposalOf(user), await call.press.sealing);
  return Response.json({ secret, uri, proposal });
}

/** Takes the secret from which the authenticator has made a code. Sessions that began without it end. */
export async function confirm(call: Call): Promise<Response> {
  await limited(call, "security");
  const { press, request } = call;
  const { proposal = "", code = "" } = await body(request, "proposal", "code");
  const user = await ownUser(call);
  const secret = await unseal(proposal, proposalOf(user), await press.sealing).catch(() => {
    throw new Refusal("malformed_request");
  });
  const { accepted } = await press.parts.codes.use({ account: user.id, secret, code });
  if (!accepted) throw new Refusal("invalid_code");
  await setSecondFactor(press.db, user.id, await seal(secret, user.id, await press.sealing));
  await endOthers(press, user.id, sessionIn(call.grant));
  note(press, user, "set");
  return Response.json({ recoveryCodes: await press.parts.recovery.renew(user.id) });
}

export async function remove(call: Call): Promise<Response> {
  await limited(call, "security");
  const user = await ownUser(call);
  await setSecondFactor(call.press.db, user.id, null);
  await call.press.parts.recovery.remove(user.id);
  note(call.press, user, "removed");
  return Response.json({});
}

/** Ten new ones in the place of those that are left. */
export async function recoveryCodes(call: Call): Promise<Response> {
  await limited(call, "security");
  const user = await ownUser(call);
  note(call.press, user, "new recovery codes");
  return Response.json({ recoveryCodes: await call.press.parts.recovery.renew(user.id) });
}

/** The secret that the user's authenticator has. */
export async function secretOf(press: Press, user: User): Promise<string> {
  if (user.secondFactor === null) throw new Refusal("conflict");
  return unseal(user.secondFactor, user.id, await press.sealing);
}

/** A proposal is none of the secrets in the database. */
function proposalOf(user: User): string {
  return `proposal for ${user.id}`;
}

function note(press: Press, user: User, reason: string): void {
  press.note({ kind: "account", subject: user.id, what: "second factor", decision: "allow", reason, status: null, elevated: true });
}
