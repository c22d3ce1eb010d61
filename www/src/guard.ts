import { Audience, type Listener } from "./audit.js";
import { DecisionPoint, question } from "./decision-point.js";
import { Enforcement } from "./enforcement.js";
import { Question } from "./question.js";
import { Registrar } from "./registration.js";
import { Fields } from "./request.js";
import { synchronous } from "#host";
import type {
  AccessRequest,
  CheckOptions,
  Decision,
  DecisionEvent,
  Explanation,
  GuardOptions,
  JsonObject,
  Loader,
  Outcome,
  RequestLike,
  ResourceObject,
  Subject,
} from "./types.js";

/**
 * The gate: one policy, one trust, and an answer for each request.
 *
 * ```ts
 * const guard = new Guard({ policy, trust });
 * const outcome = await guard.check(request);
 * if (!outcome.allowed) return outcome.response();
 * outcome.principal.id;
 * ```
 *
 * What a request brings never throws; it ends in a refusal. A `TypeError` says that the guard is used wrongly.
 */
export class Guard {
  readonly #registrar: Registrar;
  readonly #enforcement: Enforcement;
  readonly #decisionPoint: DecisionPoint;
  readonly #audience = new Audience();
  readonly #clock: () => number;

  /**
   * Loads the documents, at once.
   *
   * @throws {@link ConfigError} where a document does not load, with the path in it.
   */
  constructor(options: GuardOptions) {
    const { policy, trust, resources, clock, fetch, ...others } = object("new Guard: options", options);
    for (const name of Object.keys(others)) throw new TypeError(`new Guard: there is no option ${name}`);
    const loaders = loadersOf(resources);
    if (clock !== undefined) aFunction("new Guard: clock", clock);
    if (fetch !== undefined) aFunction("new Guard: fetch", fetch);
    this.#clock = clock ?? (() => Date.now() / 1000);
    this.#registrar = new Registrar({
      policy: documentText("policy", policy),
      trust: trust === undefined ? undefined : documentText("trust", trust),
      loaders: [...loaders.keys()],
    });
    const means = {
      fetch: (url: string, init: RequestInit) => (fetch ?? globalThis.fetch)(url, init),
      loaders,
      attributes: this.#registrar.about.resources,
    };
    this.#enforcement = new Enforcement(this.#registrar, means, this.#audience);
    this.#decisionPoint = new DecisionPoint(this.#registrar);
  }

  /** Whether {@link checkSync} may be used: no request can want a fetched key or a resource, nor a signature that only WebCrypto verifies. */
  get synchronous(): boolean {
    const { about } = this.#registrar;
    return about.synchronous && (!about.hostVerified || synchronous);
  }

  /**
   * Who asks, and may they: the whole way of a request. It waits only where keys must be fetched, a resource
   * loaded, or WebCrypto asked.
   */
  async check(request: RequestLike, options?: CheckOptions): Promise<Outcome> {
    return this.#enforcement.check(this.#question(request, options));
  }

  /** The same without a promise, where the guard is {@link synchronous}. */
  checkSync(request: RequestLike, options?: CheckOptions): Outcome {
    if (!this.synchronous) throw new TypeError("checkSync: this guard fetches keys, loads resources or verifies with WebCrypto; use check");
    return this.#enforcement.checkSync(this.#question(request, options));
  }

  /**
   * Whether the subject may: on this resource, or, without one, on every resource of the type. What only an
   * instance can tell is `false` without one.
   *
   * `permission` is written as in the policy: `article:update`, or a bare name.
   */
  can(subject: Subject, permission: string, resource?: ResourceObject | null, context?: JsonObject): boolean {
    object("can: subject", subject);
    text("can: permission", permission);
    const instance = resource === undefined || resource === null ? undefined : object("can: resource", resource);
    if (context === undefined) return this.#decisionPoint.can(subject, permission, instance, this.#now());
    const asked = question(subject, permission, instance, object("can: context", context));
    const { decision, context: answer } = this.#decisionPoint.evaluate(asked, this.#now());
    return decision && answer.code === "permitted";
  }

  /** The decision in AuthZEN's shape. */
  evaluate(request: AccessRequest): Decision {
    return this.#decisionPoint.evaluate(accessRequest("evaluate", request), this.#now());
  }

  /** The decision with its reasons. For the reviewer, not for the caller: it names roles and permissions. */
  explain(request: AccessRequest): Explanation {
    return this.#decisionPoint.explain(accessRequest("explain", request), this.#now());
  }

  /** Hears of each decision of {@link check} and {@link checkSync}. The answer ends it. */
  onDecision(listener: (event: DecisionEvent) => void): () => void {
    return this.#audience.add(aFunction<Listener>("onDecision: listener", listener));
  }

  #question(request: RequestLike, options: CheckOptions | undefined): Question {
    object("check: request", request);
    if (options !== undefined) object("check: options", options);
    if (options?.requestId !== undefined) text("check: requestId", options.requestId);
    const context = options?.context === undefined ? undefined : jsonText("check: context", object("check: context", options.context));
    const circumstances = { context, requestId: options?.requestId, now: this.#now(), audited: !this.#audience.empty };
    return new Question(this.#fields(request), circumstances);
  }

  #fields(request: RequestLike): Fields | undefined {
    try {
      return new Fields(request, this.#registrar.about.headers, this.#registrar.about.credentials);
    } catch {
      return undefined;
    }
  }

  #now(): number {
    const now = Math.floor(this.#clock());
    if (!Number.isFinite(now)) throw new TypeError("clock: the time must be a finite number of seconds");
    return now;
  }
}

function loadersOf(resources: unknown): ReadonlyMap<string, Loader> {
  if (resources === undefined) return new Map();
  return new Map(
    Object.entries(object("new Guard: resources", resources)).map(([type, loader]) => {
      if (type.includes("\n")) throw new TypeError("new Guard: resources: a resource type has no line break");
      return [type, aFunction<Loader>(`new Guard: resources.${type}`, loader)];
    }),
  );
}

function documentText(name: string, document: unknown): string {
  return typeof document === "string" ? document : jsonText(`new Guard: ${name}`, object(`new Guard: ${name}`, document));
}

function accessRequest(method: string, request: AccessRequest): AccessRequest {
  const { subject, action, resource, context } = object(`${method}: request`, request);
  object(`${method}: subject`, subject);
  text(`${method}: action`, typeof action === "string" ? action : object(`${method}: action`, action).name);
  if (resource !== undefined) {
    const { type, id, properties } = object(`${method}: resource`, resource);
    text(`${method}: resource.type`, type);
    if (id !== undefined) text(`${method}: resource.id`, id);
    if (properties !== undefined) object(`${method}: resource.properties`, properties);
  }
  if (context !== undefined) jsonText(`${method}: context`, object(`${method}: context`, context));
  return request;
}

// In the glue a value of another type reads past the end of memory: so each argument is looked at here.

function object<Value>(what: string, value: Value): Value & object {
  if (typeof value !== "object" || value === null) throw new TypeError(`${what} must be an object`);
  return value;
}

function text(what: string, value: unknown): string {
  if (typeof value !== "string") throw new TypeError(`${what} must be text`);
  return value;
}

function aFunction<Kind extends (...parameters: never) => unknown>(what: string, value: unknown): Kind {
  if (typeof value !== "function") throw new TypeError(`${what} must be a function`);
  return value as Kind;
}

function jsonText(what: string, value: object): string {
  const json: unknown = JSON.stringify(value);
  if (typeof json !== "string") throw new TypeError(`${what} must be what JSON can carry`);
  return json;
}
