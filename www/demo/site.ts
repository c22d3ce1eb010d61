// The handlers. Each runs only for a request that the guard let through, and knows who asks.
import type { Granted } from "portcullis";

type Article = {
  readonly author_id: string;
  readonly title: string;
  readonly text: string;
  readonly edited_by?: string;
};

interface Call {
  readonly request: Request;
  readonly id: string;
  readonly grant: Granted;
}

type Handler = (call: Call) => Response | Promise<Response>;

export const articles = new Map<string, Article>();
const users = new Map<string, string>();
const posts = new Map<string, string>();

/** Fills the shelves as they are when the demo opens. */
export function restock(): void {
  refill(articles, [
    ["1", { author_id: "olga", title: "Why a gate has a wicket", text: "So that one person can pass without raising it." }],
    ["2", { author_id: "stan", title: "On closing time", text: "The porter rings twice." }],
    ["3", { author_id: "ada", title: "Keys, and who holds them", text: "Fewer than you think." }],
  ]);
  refill(users, [["1", "vera"], ["2", "olga"], ["3", "stan"], ["4", "mona"], ["5", "ada"]]);
  refill(posts, [["1", "First!"], ["2", "Well argued."], ["3", "Is there a gate for dogs?"]]);
}

function refill<Value>(map: Map<string, Value>, entries: readonly (readonly [string, Value])[]): void {
  map.clear();
  for (const [id, value] of entries) map.set(id, value);
}

restock();

const handlers: readonly (readonly [string, URLPattern, Handler])[] = [
  ["GET", at("/"), () => Response.json({ site: "Wicket Press", demo: "/demo/" })],
  ["GET", at("/public/:id+"), ({ id }) => Response.json({ page: id, text: "Everyone may read this." })],
  ["GET", at("/articles"), () => Response.json([...articles].map(([id, { title }]) => ({ id, title })))],
  ["GET", at("/articles/:id"), ({ id }) => found(articles.get(id))],
  ["PUT", at("/articles/:id"), updateArticle],
  ["GET", at("/users"), () => Response.json(Object.fromEntries(users))],
  ["DELETE", at("/users/:id"), ({ id, grant }) => Response.json({ user: id, deleted: users.delete(id), by: grant.principal.id })],
  ["DELETE", at("/posts/:id"), ({ id, grant }) => Response.json({ post: id, deleted: posts.delete(id), by: grant.principal.id })],
  ["GET", at("/admin-panel"), adminPanel],
  ["GET", at("/external-data"), ({ grant }) => Response.json({ for: grant.principal.id, headlines: [...articles.values()].map(({ title }) => title) })],
  ["POST", at("/export"), ({ grant }) => Response.json({ by: grant.principal.id, articles: articles.size, users: users.size, posts: posts.size })],
  ["GET", at("/me"), ({ grant }) => Response.json(grant.principal)],
];

/** Answers a request that the guard let through. */
export async function site(request: Request, grant: Granted): Promise<Response> {
  const method = request.method === "HEAD" ? "GET" : request.method;
  for (const [handled, pattern, handler] of handlers) {
    const match = handled === method ? pattern.exec(request.url) : null;
    if (match === null) continue;
    const response = await handler({ request, id: decodeURIComponent(match.pathname.groups["id"] ?? ""), grant });
    response.headers.set("cache-control", "no-store");
    return request.method === "HEAD" ? new Response(null, response) : response;
  }
  return found(undefined);
}

function at(pathname: string): URLPattern {
  return new URLPattern({ pathname: pathname === "/" ? "/" : `${pathname}{/}?` });
}

function found(value: object | undefined): Response {
  return value === undefined ? Response.json({ error: "nothing here" }, { status: 404 }) : Response.json(value);
}

async function updateArticle({ request, id, grant }: Call): Promise<Response> {
  const article = articles.get(id);
  if (article === undefined) return found(undefined);
  const text = await request.text();
  const updated = { ...article, ...(text !== "" && { text }), edited_by: grant.principal.id };
  articles.set(id, updated);
  return Response.json(updated);
}

function adminPanel({ grant }: Call): Response {
  return Response.json({
    welcome: grant.principal.id,
    articles: articles.size,
    users: users.size,
    posts: posts.size,
  });
}
