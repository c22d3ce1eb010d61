// The doors: signing up, in and out, the second step, a guest, refreshing, and proving once more who one is.
import { IssuerError } from "portcullis/issuer";
import type { AllowedAttempt, SignInMethod } from "portcullis/issuer";
import { sessionIn } from "./account.js";
import { takeOver } from "./articles.js";
import { body } from "./body.js";
import type { Call } from "./call.js";
import { cookie, dropped, kept, withCookies } from "./cookies.js";
import { addressOf, limited } from "./limits.js";
import type { Press } from "./press.js";
import { Refusal, refuse } from "./refusals.js";
import { secretOf } from "./second-factor.js";
import { endSession, forgotten, goOn, startSession } from "./sessions.js";
import { addUser, nameFrom, newPasswordFrom, renewHash, userNamed, userOf } from "./users.js";
import type { User } from "./users.js";

/** Seconds for which the browser keeps the name by which an account knows it. */
const deviceLife = 180 * 86_400;

/** Who asks; for the page. */
export async function session({ press, request, grant: { principal } }: Call): Promise<Response> {
  const { id, kind, roles, acr, authTime } = principal;
  const user = kind === "user" ? await userOf(press.db, id) : null;
  const refreshes = cookie(request, "refresh") !== null;
  if (user === null) return Response.json({ signedIn: false, guest: isKnownGuest(principal), id, roles, refreshes });
  return Response.json({ signedIn: true, guest: false, id, name: user.name, roles, acr, authTime, secondFactor: user.secondFactor !== null, refreshes });
}

/** Somebody without a name, who may write. */
export async function guest(call: Call): Promise<Response> {
  const { press, grant: { principal } } = call;
  if (principal.kind !== "guest" || isKnownGuest(principal)) throw new Refusal("conflict");
  await limited(call, "guest");
  const { token, seconds } = await press.parts.guestToken();
  return withCookies(Response.json({}, { status: 201 }), kept("session", token, seconds));
}

export async function signUp(call: Call): Promise<Response> {
  const { press, request } = call;
  const { name = "", password = "" } = await body(request, "name", "password");
  nameFrom(name);
  await limited(call, "account");
  await newPasswordFrom(password, name);
  const attempt = await begun(press, request, name);
  const user = await addUser(press.db, name, press.parts.passwords.hash(password), press.now());
  press.note({ kind: "account", subject: user.id, what: "sign-up", decision: "allow", reason: "signed_up", status: null, elevated: false });
  return enter(call, user, ["password"], attempt);
}

export async function signIn(call: Call): Promise<Response> {
  const { press, request } = call;
  const { name = "", password = "" } = await body(request, "name", "password");
  const attempt = await begun(press, request, name);
  const user = await userNamed(press.db, name);
  // After a hundred wrong guesses a right one alone proves nothing, so none is looked at, whoever it is.
  if (attempt.exhausted) throw locked(press, user?.id ?? null);
  // Without a user it costs as much.
  if (!isRight(press, password, user) || user === null) throw wrong(press, user);
  const { passwords } = press.parts;
  const known = passwords.needsRehash(user.password) ? await renewHash(press.db, user, passwords.hash(password)) : user;
  if (user.secondFactor === null) return enter(call, known, ["password"], attempt);
  await attempt.withdrawn();
  const step = await press.parts.startStep(known);
  return withCookies(Response.json({ next: "code" }), kept("step", step.text, step.seconds));
}

/** Password and recovery code together: the way in for an owner at a strange browser, while somebody goes on guessing. */
export async function byRecoveryCode(call: Call): Promise<Response> {
  const { press, request } = call;
  const { name = "", password = "", recoveryCode = "" } = await body(request, "name", "password", "recoveryCode");
  const attempt = await begun(press, request, name, { unguessable: true });
  const user = await userNamed(press.db, name);
  // The code is used up whatever the password: else whoever has one could guess at that without end.
  const { accepted } = await press.parts.recovery.use(user?.id ?? "nobody", recoveryCode);
  if (!isRight(press, password, user) || !accepted || user === null) throw wrong(press, user);
  return enter(call, user, ["password", "recoveryCode"], attempt);
}

/** The second step: a code of the authenticator, or a recovery code in its place. */
export async function secondStep(call: Call): Promise<Response> {
  const { press, request } = call;
  const { code, recoveryCode } = await body(request, "code?", "recoveryCode?");
  if ((code === undefined) === (recoveryCode === undefined)) throw new Refusal("malformed_request");
  const step = cookie(request, "step");
  const user = step === null ? null : await waitingUser(press, step);
  if (step === null || user === null) return withCookies(refuse("session_ended"), dropped("step"));
  // Six digits can be guessed in the end; a recovery code cannot.
  const attempt = await begun(press, request, user.name, { unguessable: code === undefined });
  if (code !== undefined && attempt.exhausted) throw locked(press, user.id);
  const method = await shown(press, user, { code, recoveryCode });
  await press.parts.endStep(step);
  return withCookies(await enter(call, user, ["password", method], attempt), dropped("step"));
}

/** A new access token for the newest refresh token. The roles are those that the user has now. */
export async function refresh({ press, request }: Call): Promise<Response> {
  const presented = cookie(request, "refresh");
  const refreshed = presented === null ? null : await press.parts.rotate(presented);
  if (refreshed?.ok === true) return goOn(press, refreshed.family, refreshed.token, Response.json({}));
  if (refreshed?.reason === "reused") {
    const { id, subject } = refreshed.family;
    await endSession(press, subject, id);
    press.note({ kind: "account", subject, what: "refresh", decision: "deny", reason: "refresh_token_reused", status: 401, elevated: false });
  }
  return forgotten(refuse("session_ended"));
}

export async function signOut({ press, request, grant }: Call): Promise<Response> {
  const presented = cookie(request, "refresh");
  const family = presented === null ? null : await press.parts.takeBack(presented);
  const session = sessionIn(grant);
  if (family !== null) await endSession(press, family.subject, family.id);
  else if (session !== null) await endSession(press, grant.principal.id, session);
  return forgotten(Response.json({}));
}

/** Proves once more who one is: the password, and the code where there is an authenticator. A new session takes the place of the old. */
export async function stepUp(call: Call): Promise<Response> {
  const { press, request, grant } = call;
  const { password = "", code } = await body(request, "password", "code?");
  const user = await userOf(press.db, grant.principal.id);
  if (user === null) throw new Refusal("session_ended");
  const attempt = await begun(press, request, user.name);
  if (attempt.exhausted) throw locked(press, user.id);
  if (!isRight(press, password, user)) throw wrong(press, user);
  const methods: SignInMethod[] = ["password"];
  if (user.secondFactor !== null) methods.push(await shown(press, user, { code: code ?? "", recoveryCode: undefined }));
  const answer = await enter(call, user, methods, attempt);
  const before = sessionIn(grant);
  if (before !== null) await endSession(press, user.id, before);
  return answer;
}

/** A stored hash that cannot be read is a wrong password to everybody, and the operator's to mend. */
function isRight(press: Press, password: string, user: User | null): boolean {
  try {
    return press.parts.passwords.verify(password, user?.password);
  } catch (error) {
    if (!(error instanceof IssuerError)) throw error;
    console.error(error);
    return false;
  }
}

function wrong(press: Press, user: User | null): Refusal {
  press.note({ kind: "door", subject: user?.id ?? null, what: "sign-in", decision: "deny", reason: "invalid_credentials", status: 401, elevated: false });
  return new Refusal("invalid_credentials");
}

interface Shown {
  readonly code: string | undefined;
  readonly recoveryCode: string | undefined;
}

/** Which second factor was shown; refuses a wrong one, and one that was used before. */
async function shown(press: Press, user: User, { code, recoveryCode }: Shown): Promise<SignInMethod> {
  const { codes, recovery } = press.parts;
  const { accepted } =
    code !== undefined ? await codes.use({ account: user.id, secret: await secretOf(press, user), code }) : await recovery.use(user.id, recoveryCode ?? "");
  if (accepted) return code !== undefined ? "otp" : "recoveryCode";
  press.note({ kind: "door", subject: user.id, what: "second step", decision: "deny", reason: "invalid_code", status: 401, elevated: false });
  throw new Refusal("invalid_credentials");
}

/** Signs in, and takes along what the guest wrote who stood at the door. */
async function enter({ press, request, grant }: Call, user: User, methods: readonly SignInMethod[], attempt: AllowedAttempt): Promise<Response> {
  const took = isKnownGuest(grant.principal) ? await takeOver(press.db, grant.principal.id, user.id) : 0;
  const answer = await startSession(press, request, user, { methods, at: press.now() }, Response.json({ name: user.name, took }));
  // Where the password has changed meanwhile, this browser is none that the account knows.
  if ((await userOf(press.db, user.id))?.password !== user.password) throw new Refusal("invalid_credentials");
  press.note({ kind: "sign-in", subject: user.id, what: "sign-in", decision: "allow", reason: methods.join("+"), status: null, elevated: false });
  const device = await attempt.succeeded();
  return device === null ? answer : withCookies(answer, kept("device", device, deviceLife));
}

/** A guest with a token; whoever has none is `guest` too, and nobody in particular. */
function isKnownGuest({ kind, roles }: { readonly kind: string; readonly roles: readonly string[] }): boolean {
  return kind === "guest" && roles.includes("guest");
}

/** Who has taken the first step, where the password is still the one that was shown then. */
async function waitingUser(press: Press, step: string): Promise<User | null> {
  const waiting = await press.parts.readStep(step);
  const user = waiting === null ? null : await userOf(press.db, waiting.userId);
  return user !== null && user.password === waiting?.password ? user : null;
}

/** Counts the attempt before anything is looked at; a lock is a refusal. */
async function begun(press: Press, request: Request, account: string, { unguessable = false } = {}): Promise<AllowedAttempt> {
  const attempt = await press.parts.attempts.begin({ account, address: addressOf(request), device: cookie(request, "device"), unguessable });
  if (attempt.allowed) return attempt;
  if (attempt.reason === "unavailable") throw new Refusal("unavailable", attempt.retryAfter);
  noteLock(press, (await userNamed(press.db, account))?.id ?? null, "too_many_attempts");
  throw new Refusal("too_many_attempts", attempt.retryAfter);
}

/** Waiting does not help: another browser that the account knows does, a recovery code, or an admin. */
function locked(press: Press, subject: string | null): Refusal {
  noteLock(press, subject, "account_locked");
  return new Refusal("account_locked");
}

function noteLock(press: Press, subject: string | null, reason: string): void {
  press.note({ kind: "door", subject, what: "sign-in", decision: "deny", reason, status: 429, elevated: false });
}
