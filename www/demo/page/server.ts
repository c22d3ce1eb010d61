// What the page says to the server: requests to the site as a visitor, and requests to the demo's own side.
import type { DecisionEvent, Problem, ResourceObject } from "portcullis";

/** Who may knock, as identities.mjs makes it. */
export interface Identity {
  readonly name: string;
  readonly group: "people" | "services" | "refused";
  readonly label: string;
  readonly about: string;
  readonly token: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the caller of a request sees. */
export interface Answer {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly challenge: string | null;
  readonly retryAfter: string | null;
  readonly body: string;
  readonly problem: Problem | null;
}

/** The site as the demo has it now; `policy` is `null` until a visitor changes it. */
export interface State {
  readonly policy: string | null;
  readonly articles: Readonly<Record<string, ResourceObject>>;
}

/** Why the server does not load a policy. */
export interface PolicyProblem {
  readonly document: string;
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** Sends a request to the site with the identity's credential. */
export async function send(identity: Identity, method: string, path: string): Promise<Answer> {
  const requestId = crypto.randomUUID();
  const response = await fetch(path, {
    method,
    headers: { ...identity.headers, "x-request-id": requestId },
    credentials: "omit",
    cache: "no-store",
  });
  const body = await response.text();
  const isProblem = response.headers.get("content-type") === "application/problem+json";
  return {
    requestId,
    method,
    path,
    status: response.status,
    challenge: response.headers.get("www-authenticate"),
    retryAfter: response.headers.get("retry-after"),
    body,
    problem: isProblem && body !== "" ? (JSON.parse(body) as Problem) : null,
  };
}

/** The audit event of a request, as the server's operator would read it. */
export async function eventOf(requestId: string): Promise<DecisionEvent | null> {
  const response = await fetch(`/demo/events/${requestId}`, { cache: "no-store" });
  return response.ok ? ((await response.json()) as DecisionEvent) : null;
}

export async function identities(): Promise<readonly Identity[]> {
  return (await desk("identities")) as readonly Identity[];
}

export async function state(): Promise<State> {
  return (await desk("state")) as State;
}

export async function restock(): Promise<void> {
  await fetch("/demo/restock", { method: "POST" });
}

/** Puts a policy in force on the server; answers why not, where it does not load. */
export async function usePolicy(text: string): Promise<PolicyProblem | null> {
  const response = await fetch("/demo/policy", { method: "POST", body: text });
  if (response.ok) return null;
  if (response.status === 422) return (await response.json()) as PolicyProblem;
  return { document: "policy", path: "", code: "too_large", message: `the server answered ${response.status}` };
}

async function desk(what: string): Promise<unknown> {
  const response = await fetch(`/demo/${what}`, { cache: "no-store" });
  if (!response.ok) throw new Error(`the demo answers ${response.status}`);
  return response.json();
}
