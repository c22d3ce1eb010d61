// The demo's own side, under /demo/: the page, the visitors' credentials, the policy in force, the audit
// events. It stands beside the guard, not behind it, so it answers on loopback only.
import { ConfigError } from "portcullis";
import type { Env } from "./env.js";
import { articles, restock } from "./site.js";

interface PolicyInForce {
  /** The visitor's policy; `null` where it is still policy.json. */
  edited(): string | null;
  use(text: string): void;
}

const pageHeaders = {
  "content-security-policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const largestPolicy = 256 * 1024;

export async function desk(request: Request, env: Env, policy: PolicyInForce): Promise<Response> {
  const url = new URL(request.url);
  if (!isLoopback(url.hostname)) return Response.json({ error: "loopback only" }, { status: 403 });
  if (!isSafe(request.method) && !isOwnOrigin(request, url)) return Response.json({ error: "this page only" }, { status: 403 });

  switch (`${request.method} ${url.pathname}`) {
    case "GET /demo/state":
      return Response.json({ policy: policy.edited(), articles: Object.fromEntries(articles) });
    case "GET /demo/identities":
      return env.IDENTITIES.fetch("http://identities/");
    case "POST /demo/policy":
      return usePolicy(await request.text(), policy);
    case "POST /demo/restock":
      restock();
      return Response.json({});
  }
  if (request.method === "GET" && url.pathname.startsWith("/demo/events/")) {
    return env.AUDIT.fetch(`http://audit/${url.pathname.slice("/demo/events/".length)}`);
  }
  const file = await env.ASSETS.fetch(request);
  const response = new Response(file.body, file);
  for (const [name, value] of Object.entries(pageHeaders)) response.headers.set(name, value);
  return response;
}

function usePolicy(text: string, policy: PolicyInForce): Response {
  if (text.length > largestPolicy) return Response.json({ error: "policy too large" }, { status: 413 });
  try {
    policy.use(text);
    return Response.json({});
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { document, path, code, message } = error;
    return Response.json({ document, path, code, message }, { status: 422 });
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === "127.0.0.1" || hostname === "localhost" || hostname === "[::1]";
}

function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

/** A browser names the origin of every POST; whoever names none is no browser. */
function isOwnOrigin(request: Request, url: URL): boolean {
  const origin = request.headers.get("origin");
  return origin === null || origin === url.origin;
}
