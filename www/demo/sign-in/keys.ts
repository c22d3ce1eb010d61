// API keys that a user makes for a program, sees and revokes. The key is shown once; the database has its hash.
import { StoreError } from "portcullis/stores/api-keys";
import { body } from "./body.js";
import type { Call } from "./call.js";
import { limited } from "./limits.js";
import { Refusal } from "./refusals.js";

export async function keysOf({ press, grant }: Call): Promise<Response> {
  return Response.json(await press.parts.keysOf(grant.principal.id));
}

export async function makeKey(call: Call): Promise<Response> {
  const { press, request, grant } = call;
  await limited(call, "security");
  const { label = "" } = await body(request, "label");
  if (label.trim() === "" || label.length > 40) throw new Refusal("invalid_label");
  const { id } = grant.principal;
  const { key, id: keyId } = await press.parts.makeKey(id, label.trim()).catch((error: unknown) => {
    throw error instanceof StoreError && error.code === "api_keys_too_many" ? new Refusal("too_many_keys") : error;
  });
  press.note({ kind: "account", subject: id, what: "API key", decision: "allow", reason: `made ${keyId}`, status: null, elevated: true });
  return Response.json({ key }, { status: 201 });
}

export async function revokeKey({ press, grant, params }: Call): Promise<Response> {
  const key = params["key"] ?? "";
  if (!(await press.parts.revokeKey(grant.principal.id, key))) throw new Refusal("not_found");
  press.note({ kind: "account", subject: grant.principal.id, what: "API key", decision: "allow", reason: `revoked ${key}`, status: null, elevated: false });
  return Response.json({});
}

/** What a program reads with a key. */
export async function feed({ press, grant }: Call): Promise<Response> {
  const { results } = await press.db.prepare("SELECT title, created_at FROM articles ORDER BY created_at DESC LIMIT 20").all<{ title: string; created_at: number }>();
  return Response.json({ for: grant.principal.id, articles: results.map(({ title, created_at }) => ({ title, createdAt: created_at })) });
}
