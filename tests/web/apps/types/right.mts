// Compiles, under the strictest flags.

import {
  ConfigError,
  Guard,
  init,
  type AccessRequest,
  type Allowed,
  type CheckOptions,
  type Decision,
  type DecisionEvent,
  type Explanation,
  type GuardOptions,
  type JsonObject,
  type Loader,
  type Outcome,
  type Principal,
  type PrincipalKind,
  type Problem,
  type RefusalCode,
  type Rejected,
  type RequestLike,
  type Resource,
  type Subject,
} from "portcullis";

interface Article {
  readonly title: string;
  readonly author_id: string;
}

class Draft {
  author_id = "u1";
}

declare const articles: ReadonlyMap<string, Article>;
declare const module: WebAssembly.Module;

const load: Loader = async (id) => articles.get(id);
const options: GuardOptions = { policy: {}, trust: "{}", resources: { article: load, draft: () => new Draft() }, clock: () => 0, fetch: (url, init) => fetch(url, init) };
const guard: Guard = new Guard(options);

export async function handle(request: Request): Promise<Response> {
  const settings: CheckOptions = { requestId: "1", context: { justification: "because" } };
  const outcome: Outcome = await guard.check(request, settings);
  if (!outcome.allowed) {
    const refused: Rejected = outcome;
    const code: RefusalCode = refused.code;
    const problem: Problem = refused.problem;
    return code === problem.code ? refused.response() : Response.json(problem);
  }
  const allowed: Allowed = outcome;
  const principal: Principal = allowed.principal;
  const kind: PrincipalKind = principal.kind;
  return new Response(`${kind} ${principal.id} ${allowed.resource?.id ?? ""} ${String(guard.can(principal, "article:update", articles.get("1")))}`);
}

const node: RequestLike = { method: "GET", url: "/", headers: { host: "a", "set-cookie": ["b", "c"], via: undefined } };
const pairs: RequestLike = { method: "GET", url: "/", headers: [["host", "a"]] };
export const outcomes: readonly Outcome[] = [guard.checkSync(node), guard.checkSync(pairs)];

const subject: Subject = { id: "u1", roles: ["editor"] };
const resource: Resource = { type: "article", id: "1", properties: { author_id: "u1" } };
const question: AccessRequest = { subject, action: { name: "update" }, resource, context: {} };
export const decision: Decision = guard.evaluate(question);
export const explanation: Explanation = guard.explain({ ...question, action: "update" });
export const may: boolean = guard.can(subject, "article:update", resource.properties, {});

const leave: () => void = guard.onDecision((event: DecisionEvent) => {
  const { policy } = event;
  console.log(policy.hash, event.token?.jtiHash ?? "");
});
leave();
init({ module });

try {
  new Guard({ policy: "{}" });
} catch (error) {
  if (error instanceof ConfigError) console.error(error.document, error.path, error.code, error.message);
}

export const attributes: JsonObject = { a: [1, null, { b: "c" }] };
export const drafts: boolean = guard.can(subject, "draft:update", new Draft());
