// Wicket Press: a publishing site of twelve routes behind one guard, and beside it people who sign in: sign-in/press.ts.
import { Guard } from "portcullis";
import { waitUntil } from "cloudflare:workers";
import { desk } from "./desk.js";
import type { Env } from "./env.js";
import policy from "./policy.json";
import { isSignInSide, keep, signInSide } from "./sign-in/press.js";
import { articles, site } from "./site.js";

function guardFor(policy: object | string, env: Env): Guard {
  const guard = new Guard({
    policy,
    trust: env.TRUST,
    resources: { article: (id) => articles.get(id) },
  });
  guard.onDecision((event) => {
    waitUntil(env.AUDIT.fetch("http://audit/", { method: "POST", body: JSON.stringify(event) }));
  });
  return guard;
}

let guard: Guard | undefined;
let edited: string | null = null;

/** Puts another policy in force. A policy that does not load throws, and the one in force stays. */
function usePolicy(text: string, env: Env): void {
  guard = guardFor(text, env);
  edited = text;
}

const worker = {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (isSignInSide(pathname)) return signInSide(request, env);
    if (/^\/demo(\/|$)/.test(pathname)) {
      return desk(request, env, { edited: () => edited, use: (text) => usePolicy(text, env) });
    }
    guard ??= guardFor(policy, env);
    const outcome = await guard.check(request);
    if (!outcome.allowed) return outcome.response();
    if (outcome.preflight) return new Response(null, { status: 204 });
    return site(request, outcome);
  },

  async scheduled(_: unknown, env: Env): Promise<void> {
    await keep(env);
  },
};

export { StoreObject } from "portcullis/stores/durable";
export { worker as default };
