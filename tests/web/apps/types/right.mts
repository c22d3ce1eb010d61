// Compiles, under the strictest flags.

import {
  ConfigError,
  Guard,
  init,
  type AccessRequest,
  type ApiKeyStore,
  type Allowed,
  type Check,
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
  type ReplayStore,
  type Resource,
  type Revocation,
  type RevocationStore,
  type RevocationTarget,
  type Subject,
} from "portcullis";
import { authzen, type AuthzenOptions } from "portcullis/authzen";
import * as full from "portcullis/full";
import { D1ApiKeys, MemoryApiKeys, type ApiKeyDatabase, type KeptApiKey } from "portcullis/stores/api-keys";
import { KvKeys, KvRevocations, type KvNamespace } from "portcullis/stores/kv";
import { MemoryReplays, MemoryRevocations } from "portcullis/stores/memory";

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

// Stores, of the package and of one's own.
declare const namespace: KvNamespace;
declare const rows: ReadonlyMap<string, number>;
export const revocations: readonly RevocationStore[] = [
  new MemoryRevocations(),
  new KvRevocations(namespace, { clock: () => 0 }),
  { lookup: (names) => names.map((name) => rows.get(name) ?? null) },
];
declare const database: ApiKeyDatabase;
export const apiKeys: readonly ApiKeyStore[] = [
  new MemoryApiKeys({ bound: 10 }),
  new D1ApiKeys(database, { table: "keys", perOwner: 5 }),
  { lookup: async (hash) => (rows.has(hash) ? { id: "k1", roles: ["editor"], owner: "u1", notAfter: 1 } : null) },
];
export const mine: Promise<KeptApiKey[]> = new D1ApiKeys(database).list("u1");
export const keyed: full.Guard = new full.Guard({ policy: {}, trust: {}, apiKeys: new MemoryApiKeys() });
const replays: readonly ReplayStore[] = [new MemoryReplays({ bound: 10 }), { remember: async (name, until) => !rows.has(name) && until > 0 }];
const proving: full.Guard = new full.Guard({ policy: {}, ...(replays[0] === undefined ? {} : { replays: replays[0] }) });

const target: RevocationTarget = { subject: "u1", issuer: null };
const revocation: Revocation = { ...target, notBefore: 0, until: 1 };
proving.revoke(revocation);
proving.revoke({ apiKey: "ci" });
export const name: string = proving.revocationName({ sid: "s1", issuer: "https://id.example" });

const keys = new KvKeys(namespace, "keys");
export async function renew(request: Request, context: { waitUntil(work: Promise<unknown>): void }): Promise<number> {
  const waitUntil = (work: Promise<unknown>): void => context.waitUntil(work);
  await proving.check(request, { nonce: "n", accessToken: "a", waitUntil });
  waitUntil(keys.save(proving.exportKeys()));
  return proving.importKeys(await keys.load());
}

declare const article: Article;
export const seen: "all" | readonly string[] = proving.fields(subject, "article:read", article, { inside: true });
export const kept: Partial<Article> = proving.filter(subject, "article:read", article);
proving.replacePolicy("{}");
proving.replacePolicy({ policy: { policy: "blog", revision: 2 }, signature: "a..b" });

export const metadata: JsonObject | null = proving.resourceMetadata();
proving.onDecision((event) => {
  const checks: readonly Check[] = proving.trace(event);
  for (const check of checks) if (!check.passed) console.log(check.check, check.detail, event.token?.dropped?.roles.length);
});

const point: AuthzenOptions = { directory: { user: { u1: { roles: ["editor"] } } }, baseUrl: "https://pdp.example", explain: false };
const openPoint: (request: Request) => Promise<Response> = authzen(new full.Guard({ policy: {} }), point);
const closedPoint = authzen(new full.Guard({ policy: {} }), { ...point, authenticate: new full.Guard({ policy: {} }) });
const askedPoint = authzen(new full.Guard({ policy: {} }), { ...point, authenticate: async (request: Request) => request.headers.has("x-api-key") });
export { askedPoint, closedPoint, openPoint };
