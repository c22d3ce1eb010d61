// Articles: everyone reads them, guests too write them, and only who wrote one changes it. The guard has decided before.
import type { Database } from "../env.js";
import { body } from "./body.js";
import type { Call } from "./call.js";
import { limited } from "./limits.js";
import { Refusal } from "./refusals.js";

interface Row {
  readonly id: string;
  readonly author_id: string;
  readonly title: string;
  readonly body: string;
  readonly created_at: number;
  readonly author: string | null;
}

const select = "SELECT a.id, a.author_id, a.title, a.body, a.created_at, u.name AS author FROM articles a LEFT JOIN users u ON u.id = a.author_id";

/** What the guard's decision hangs on. */
export async function loadArticle(db: Database, id: string): Promise<{ author_id: string } | null> {
  return db.prepare("SELECT author_id FROM articles WHERE id = ?").bind(id).first<{ author_id: string }>();
}

export async function listArticles({ press }: Call): Promise<Response> {
  const { results } = await press.db.prepare(`${select} ORDER BY a.created_at DESC, a.id LIMIT 100`).all<Row>();
  return Response.json(results.map(shown));
}

export async function readArticle({ press, params }: Call): Promise<Response> {
  const row = await press.db.prepare(`${select} WHERE a.id = ?`).bind(params["id"] ?? "").first<Row>();
  if (row === null) throw new Refusal("not_found");
  return Response.json(shown(row));
}

export async function createArticle(call: Call): Promise<Response> {
  const { press, request, grant } = call;
  const { title, text } = await article(request);
  await limited(call, "article");
  const id = crypto.randomUUID();
  await press.db
    .prepare("INSERT INTO articles (id, author_id, title, body, created_at) VALUES (?, ?, ?, ?, ?)")
    .bind(id, grant.principal.id, title, text, press.now())
    .run();
  return Response.json({ id }, { status: 201 });
}

/** It changes only what the guard saw: an article that changed hands meanwhile is another one's. */
export async function updateArticle({ press, request, grant, params }: Call): Promise<Response> {
  const { title, text } = await article(request);
  const { meta } = await press.db
    .prepare("UPDATE articles SET title = ?, body = ? WHERE id = ? AND author_id = ?")
    .bind(title, text, params["id"] ?? "", grant.principal.id)
    .run();
  if (meta.changes !== 1) throw new Refusal("not_found");
  return Response.json({});
}

export async function deleteArticle({ press, params }: Call): Promise<Response> {
  const { meta } = await press.db.prepare("DELETE FROM articles WHERE id = ?").bind(params["id"] ?? "").run();
  if (meta.changes !== 1) throw new Refusal("not_found");
  return Response.json({});
}

/** Hands over what a guest wrote to the user that the guest became. */
export async function takeOver(db: Database, guest: string, user: string): Promise<number> {
  const { meta } = await db.prepare("UPDATE articles SET author_id = ? WHERE author_id = ?").bind(user, guest).run();
  return meta.changes;
}

async function article(request: Request): Promise<{ title: string; text: string }> {
  const { title = "", text = "" } = await body(request, "title", "text");
  if (title.trim() === "" || title.length > 120 || text.trim() === "" || text.length > 4000) throw new Refusal("invalid_article");
  return { title: title.trim(), text };
}

/** With `author_id`, so that the page's guard can answer as this one does. */
function shown({ id, author_id, title, body, created_at, author }: Row): object {
  return { id, author_id, title, text: body, createdAt: created_at, author: author ?? "a guest" };
}
