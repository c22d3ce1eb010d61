// The sign-in side of Wicket Press: a guard with a policy of its own, and the handlers behind it.
//
// Its policy is not the one that visitors edit under /demo/: whoever edits that one must not make themselves an admin here.
import { Guard } from "portcullis/full";
import type { CheckOptions, Outcome, RequestLike } from "portcullis/full";
import { waitUntil } from "cloudflare:workers";
import type { Database, Env, RateLimit } from "../env.js";
import * as account from "./account.js";
import * as admin from "./admin.js";
import { createArticle, deleteArticle, listArticles, loadArticle, readArticle, updateArticle } from "./articles.js";
import { ofDecision, record, sweepAudit } from "./audit.js";
import type { Happening } from "./audit.js";
import { whole } from "./body.js";
import type { Call } from "./call.js";
import * as doors from "./doors.js";
import { partsOf, trust } from "./issuer.js";
import type { Parts } from "./issuer.js";
import { feed, keysOf, makeKey, revokeKey } from "./keys.js";
import policy from "./policy.json";
import { Refusal, refuse } from "./refusals.js";
import { isOwn } from "./same-origin.js";
import { sealingKey } from "./seal.js";
import * as secondFactor from "./second-factor.js";
import { sweepSessions } from "./sessions.js";

/** What the handlers share: one for each isolate. */
export interface Press {
  readonly db: Database;
  readonly guard: Guard;
  readonly parts: Parts;
  readonly limiter: RateLimit;
  readonly sealing: Promise<CryptoKey>;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** Writes to the audit log, behind the answer. */
  readonly note: (happening: Omit<Happening, "at">) => void;
}

type Handler = (call: Call) => Response | Promise<Response>;

/** Doors are for those too whose old credential is refused: how else would they come in again? */
const atTheDoor: readonly string[] = ["GET /account", "GET /account/**", "GET /api/jwks", "GET /api/session"].concat(
  ["guest", "sign-up", "sign-in", "sign-in/code", "sign-in/recovery", "refresh", "sign-out"].map((door) => `POST /api/${door}`),
);

const handlers: Readonly<Record<string, Handler>> = {
  "GET /api/jwks": ({ press }) => press.parts.signing.published(),
  "GET /api/session": doors.session,
  "POST /api/guest": doors.guest,
  "POST /api/sign-up": doors.signUp,
  "POST /api/sign-in": doors.signIn,
  "POST /api/sign-in/code": doors.secondStep,
  "POST /api/sign-in/recovery": doors.byRecoveryCode,
  "POST /api/refresh": doors.refresh,
  "POST /api/sign-out": doors.signOut,
  "POST /api/step-up": doors.stepUp,
  "GET /api/articles": listArticles,
  "POST /api/articles": createArticle,
  "GET /api/articles/{id}": readArticle,
  "PUT /api/articles/{id}": updateArticle,
  "DELETE /api/articles/{id}": deleteArticle,
  "GET /api/account": account.show,
  "PUT /api/account/password": account.changePassword,
  "POST /api/account/second-factor": secondFactor.begin,
  "PUT /api/account/second-factor": secondFactor.confirm,
  "DELETE /api/account/second-factor": secondFactor.remove,
  "POST /api/account/recovery-codes": secondFactor.recoveryCodes,
  "GET /api/account/sessions": account.sessions,
  "DELETE /api/account/sessions/{session}": account.endOne,
  "GET /api/account/keys": keysOf,
  "POST /api/account/keys": makeKey,
  "DELETE /api/account/keys/{key}": revokeKey,
  "GET /api/account/activity": account.activity,
  "GET /api/feed": feed,
  "GET /api/admin/users": admin.users,
  "PUT /api/admin/users/{user}/roles": admin.giveRoles,
  "POST /api/admin/users/{user}/release": admin.release,
  "GET /api/admin/audit": admin.audit,
};

let opened: Press | undefined;
/** TEST ONLY: the stories move the clock. */
let offset = 0;

export function isSignInSide(pathname: string): boolean {
  return /^\/(account|api)(\/|$)/.test(pathname);
}

/** Answers a request to /account or /api. */
export async function signInSide(incoming: Request, env: Env): Promise<Response> {
  try {
    const press = await pressOf(env);
    const request = await whole(incoming);
    if (!isOwn(request) && hasNoKey(request)) throw new Refusal("cross_site_request");
    const outcome = await checked(press, request);
    if (!outcome.allowed) return outcome.response();
    if (outcome.preflight) return new Response(null, { status: 204 });
    const { route } = outcome;
    const handler = route === null ? undefined : handlers[route];
    if (handler === undefined) return await page(request, env);
    const call = { press, request, grant: outcome, params: paramsOf(route ?? "", request) };
    const response = await handler(call);
    response.headers.set("cache-control", response.headers.get("cache-control") ?? "no-store");
    return response;
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.code, error.retryAfter);
    console.error(error);
    return refuse("unavailable");
  }
}

/** Removes what has ended, and lets the keys take turns; a cron trigger calls it. */
export async function keep(env: Env): Promise<void> {
  const { db, parts, now } = await pressOf(env);
  await Promise.all([parts.signing.turn(), parts.revocations.sweep(), parts.apiKeys.sweep(), sweepSessions(db, now()), sweepAudit(db, now())]);
}

async function pressOf(env: Env): Promise<Press> {
  if (env.CLOCK !== undefined) offset = Number(await (await env.CLOCK.fetch("http://clock/")).text());
  opened ??= open(env);
  return opened;
}

/** The guard's answer; at a door, that for nobody where the credential that was brought is refused. */
async function checked(press: Press, request: Request): Promise<Outcome> {
  const options: CheckOptions = { waitUntil: (work) => waitUntil(work) };
  const outcome = await press.guard.check(request, options);
  if (outcome.allowed || outcome.status !== 401) return outcome;
  const alone = await press.guard.check(withoutCookies(request), options);
  return alone.allowed && alone.route !== null && atTheDoor.includes(alone.route) ? alone : outcome;
}

function withoutCookies({ method, url, headers }: Request): RequestLike {
  const others = new Headers(headers);
  others.delete("cookie");
  return { method, url, headers: others };
}

/** Whoever shows a key is no browser that another site could have sent. */
function hasNoKey(request: Request): boolean {
  return !request.headers.has("x-api-key") && !request.headers.has("authorization");
}

function open(env: Env): Press {
  const db = env.DB;
  const now = (): number => Math.floor(Date.now() / 1000) + offset;
  const sealing = sealingKey(env.SEALING_KEY);
  const parts = partsOf(env, sealing, now);
  const guard = new Guard({
    policy,
    trust: trust(),
    // The only address that it asks for is the set of keys, which is here.
    fetch: () => parts.signing.published(),
    resources: { article: (id) => loadArticle(db, id) },
    clock: now,
    revocations: parts.revocations,
    apiKeys: parts.apiKeys,
  });
  const write = (happening: Happening): void => waitUntil(record(db, happening));
  guard.onDecision((event) => {
    const happening = ofDecision(event);
    if (happening !== null) write(happening);
  });
  return { db, guard, parts, limiter: env.MAKING, sealing, now, note: (happening) => write({ ...happening, at: now() }) };
}

/** What stands in the path where the route has names in braces. */
function paramsOf(route: string, request: Request): Readonly<Record<string, string>> {
  const pattern = (route.split(" ")[1] ?? "").split("/");
  const path = new URL(request.url).pathname.split("/");
  const named = pattern.flatMap((part, index) => (part.startsWith("{") ? [[part.slice(1, -1), decodeURIComponent(path[index] ?? "")]] : []));
  return Object.fromEntries(named) as Record<string, string>;
}

const pageHeaders = {
  "content-security-policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** The page's files. A path without a dot is a view of the page. */
async function page(request: Request, env: Env): Promise<Response> {
  const url = new URL(request.url);
  if (!/\.[a-z0-9]+$/.test(url.pathname)) url.pathname = "/account/";
  const file = await env.ASSETS.fetch(new Request(url, { method: request.method, headers: request.headers }));
  const response = new Response(file.body, file);
  for (const [name, value] of Object.entries(pageHeaders)) response.headers.set(name, value);
  return response;
}
