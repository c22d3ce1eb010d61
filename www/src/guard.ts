import * as given from "./arguments.js";
import { Audience, type Listener } from "./audit.js";
import { ConfigError } from "./config-error.js";
import { DecisionPoint, question } from "./decision-point.js";
import { door, type Door } from "./door.js";
import { Enforcement } from "./enforcement.js";
import { freeze } from "./freeze.js";
import { moment } from "./moment.js";
import { ALONE, type Circumstances } from "./question.js";
import { Registrar } from "./registration.js";
import { MemoryReplays } from "./stores/memory-replays.js";
import * as upkeep from "./upkeep.js";
import { synchronous } from "#host";
import type { PermissionOf } from "./define-policy.js";
import type {
  AccessRequest,
  Check,
  CheckOptions,
  Decision,
  DecisionEvent,
  Explanation,
  Filter,
  FilterOptions,
  GuardOptions,
  JsonObject,
  Outcome,
  RequestLike,
  ResourceObject,
  Revocation,
  RevocationTarget,
  SignedPolicy,
  Subject,
} from "./types.js";

/** Seconds for which a revocation of what ends by itself is kept where nothing else is said: 30 days. */
const LIFE_OF_A_REVOCATION = 2_592_000;

/** The last moment that there is. A key that leaked is no better in 30 days. */
const FOR_EVER = Number.MAX_SAFE_INTEGER;

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
export class Guard<Policy = unknown> {
  readonly #registrar: Registrar;
  readonly #enforcement: Enforcement;
  readonly #decisionPoint: DecisionPoint;
  readonly #audience = new Audience();
  readonly #clock: () => number;
  readonly #time = (): number => this.#now();
  /** The host makes requests wait, whatever the policy. */
  readonly #waits: boolean;

  /**
   * Loads the documents, at once.
   *
   * @throws {@link ConfigError} where a document does not load, with the path in it.
   */
  constructor(options: GuardOptions & { readonly policy: Policy | object | string }) {
    const { policy, signature, trust, resources, clock, fetch, apiKeys, revocations, replays, ...others } = given.object("new Guard: options", options);
    for (const name of Object.keys(others)) throw new TypeError(`new Guard: there is no option ${name}`);
    const loaders = given.loadersOf(resources);
    if (clock !== undefined) given.aFunction("new Guard: clock", clock);
    if (fetch !== undefined) given.aFunction("new Guard: fetch", fetch);
    if (apiKeys !== undefined) given.aFunction("new Guard: apiKeys.lookup", given.object("new Guard: apiKeys", apiKeys).lookup);
    if (revocations !== undefined) given.aFunction("new Guard: revocations.lookup", given.object("new Guard: revocations", revocations).lookup);
    if (replays !== undefined) given.aFunction("new Guard: replays.remember", given.object("new Guard: replays", replays).remember);
    this.#clock = clock ?? (() => Date.now() / 1000);
    const registrar = new Registrar({
      policy: given.documentText("new Guard: policy", policy),
      signature: given.signature("new Guard: signature", signature),
      trust: trust === undefined ? undefined : given.documentText("new Guard: trust", trust),
      loaders: [...loaders.keys()],
    });
    this.#registrar = registrar;
    const { about } = registrar;
    if (apiKeys !== undefined) this.#mustBeFull("new Guard: apiKeys");
    if (revocations !== undefined) this.#mustBeFull("new Guard: revocations");
    if (replays !== undefined) this.#mustBeFull("new Guard: replays");
    const asksStore = about.stores?.revocation === true;
    if (asksStore && revocations === undefined) throw new TypeError("new Guard: revocations is missing, and the trust document wants a store");
    if (!asksStore && revocations !== undefined) throw new TypeError("new Guard: revocations would never be asked: trust.revocation.source is not store");
    const asksKeys = about.stores?.apiKeys === true;
    if (asksKeys && apiKeys === undefined) throw new TypeError("new Guard: apiKeys is missing, and the trust document wants a store of them");
    if (!asksKeys && apiKeys !== undefined) throw new TypeError("new Guard: apiKeys would never be asked: the trust document has no apiKeyStore");
    const now = this.#time;
    const means = {
      fetch: (url: string, init: RequestInit) => (fetch ?? globalThis.fetch)(url, init),
      now,
      loaders,
      get attributes() {
        return registrar.about.resources;
      },
      apiKeys,
      revocations,
      replays: replays ?? new MemoryReplays({ clock: now }),
    };
    // The memory's answer is there at once; another store's may be a promise.
    this.#waits = asksKeys || asksStore || (about.stores?.replays === true && replays !== undefined) || (about.hostVerified && !synchronous);
    this.#enforcement = new Enforcement(this.#registrar, means, this.#audience);
    this.#decisionPoint = new DecisionPoint(this.#registrar);
  }

  /** Whether {@link checkSync} may be used: no request can want what the host must wait for, nor a signature that only WebCrypto verifies. */
  get synchronous(): boolean {
    return this.#registrar.about.synchronous && !this.#waits;
  }

  /**
   * Who asks, and may they: the whole way of a request. It waits only where keys must be fetched, a resource
   * loaded, or an issuer, a store or WebCrypto asked.
   */
  check(request: RequestLike, options?: CheckOptions): Promise<Outcome> {
    try {
      return this.#enforcement.check(given.object("check: request", request), circumstances(options), this.#now());
    } catch (error) {
      // An async function here would make the answer wait twice more.
      return Promise.reject(error);
    }
  }

  /** The same without a promise, where the guard is {@link synchronous}. */
  checkSync(request: RequestLike, options?: CheckOptions): Outcome {
    if (!this.synchronous) throw new TypeError("checkSync: this guard fetches, loads, looks up or verifies with WebCrypto; use check");
    return this.#enforcement.checkSync(given.object("check: request", request), circumstances(options), this.#now());
  }

  /**
   * Whether the subject may: on this resource, or, without one, on every resource of the type. What only an
   * instance can tell is `false` without one.
   *
   * `permission` is written as in the policy: `article:update`, or a bare name. Where the policy came from
   * {@link definePolicy}, no other text compiles.
   */
  can(subject: Subject, permission: PermissionOf<Policy>, resource?: ResourceObject | null, context?: JsonObject): boolean {
    given.object("can: subject", subject);
    given.text("can: permission", permission);
    const instance = resource === undefined || resource === null ? undefined : given.object("can: resource", resource);
    if (context === undefined) return this.#decisionPoint.can(subject, permission, instance, this.#time);
    given.jsonText("can: context", given.object("can: context", context));
    const asked = question(subject, permission, instance, context);
    const { decision, context: answer } = this.#decisionPoint.evaluate(asked, this.#now());
    return decision && answer.code === "permitted";
  }

  /**
   * Which members of the resource the subject may see or write: `"all"`, or their names, sorted. Elevated roles are not
   * tried. Without `resource` what hangs on an instance does not count.
   *
   * In `portcullis/full`.
   */
  fields(subject: Subject, permission: PermissionOf<Policy>, resource?: ResourceObject | null, context?: JsonObject): "all" | readonly string[] {
    this.#mustBeFull("fields");
    return this.#fieldsOf("fields", subject, permission, resource ?? undefined, context);
  }

  /**
   * A new object with those own members of `object` that {@link fields} names; `object` itself is not changed.
   *
   * In `portcullis/full`.
   */
  filter<Resource extends ResourceObject>(subject: Subject, permission: PermissionOf<Policy>, object: Resource, context?: JsonObject): Partial<Resource> {
    this.#mustBeFull("filter");
    const fields = this.#fieldsOf("filter", subject, permission, given.object("filter: object", object), context);
    const kept = Object.entries(object).filter(([name]) => fields === "all" || fields.includes(name));
    return Object.fromEntries(kept) as Partial<Resource>;
  }

  /**
   * Which resources {@link can} says yes to, as a filter that a database can be asked with: {@link toSql}, {@link toDrizzle},
   * {@link toPrisma}. It counts at the moment in which it was made. What elevated roles allow is in it only where
   * `elevated` says so.
   *
   * In `portcullis/full`.
   *
   * @throws {@link FilterError} where a condition says more than a filter can.
   */
  filterFor(subject: Subject, permission: PermissionOf<Policy>, options: FilterOptions = {}): Filter {
    this.#mustBeFull("filterFor");
    given.object("filterFor: subject", subject);
    given.text("filterFor: permission", permission);
    const { context = {}, elevated = false, ...others } = given.object("filterFor: options", options);
    for (const name of Object.keys(others)) throw new TypeError(`filterFor: there is no option ${name}`);
    given.jsonText("filterFor: context", given.object("filterFor: context", context));
    if (typeof elevated !== "boolean") throw new TypeError("filterFor: elevated must be true or false");
    return this.#decisionPoint.filter(question(subject, permission, undefined, context), elevated, this.#now());
  }

  /** The decision in AuthZEN's shape. */
  evaluate(request: AccessRequest): Decision {
    return this.#decisionPoint.evaluate(given.accessRequest("evaluate", request), this.#now());
  }

  /** The decision with its reasons. For the reviewer, not for the caller: it names roles and permissions. */
  explain(request: AccessRequest): Explanation {
    return this.#decisionPoint.explain(given.accessRequest("explain", request), this.#now());
  }

  /**
   * Puts another revision of the policy in force: the next check, and the next question, is decided by it. Its `revision`
   * must be greater than that of the policy in force, its `policy` the same; the same document once more changes nothing.
   * Where the trust document has `policyKeys`, it must come with its signature: `{ policy, signature }`.
   *
   * Keys, revocations and verified tokens stay. A request that waits goes on under the new policy, from its route on.
   *
   * In `portcullis/full`; elsewhere make another guard.
   *
   * @throws {@link ConfigError} where the document does not load, or is no later revision. The policy in force stays.
   */
  replacePolicy(policy: Policy | object | string | SignedPolicy): void {
    this.#mustBeFull("replacePolicy");
    this.#registrar.replacePolicy(given.maybeSigned("replacePolicy", policy), this.#now());
  }

  /** Hears of each decision of {@link check} and {@link checkSync}. The answer ends it. */
  onDecision(listener: (event: DecisionEvent) => void): () => void {
    return this.#audience.add(given.aFunction<Listener>("onDecision: listener", listener));
  }

  /**
   * The sets of keys that were fetched, as text: for {@link importKeys} of a guard with the same trust document, so that
   * it need not fetch them again. It holds public keys alone.
   *
   * In `portcullis/full`.
   */
  exportKeys(): string {
    this.#mustBeFull("exportKeys");
    return this.#ask(upkeep.exportKeys);
  }

  /**
   * Takes what {@link exportKeys} gave, and says how many sets were taken: those of this guard's issuers that still count
   * and are newer than what is here. Whoever can write the text decides whom the guard believes.
   *
   * In `portcullis/full`.
   */
  importKeys(keys: string): number {
    this.#mustBeFull("importKeys");
    given.text("importKeys: keys", keys);
    return this.#registrar.importKeys(keys, this.#now());
  }

  /**
   * Refuses from now on what the fact is about, in this guard alone. It holds 100,000 facts.
   *
   * Of a subject it refuses the tokens that were issued before `notBefore`, now where absent, which is rounded up: tokens say
   * whole seconds, so those of the present one are refused too. With a clock of whole seconds, name the next one.
   *
   * In `portcullis/full`.
   *
   * @throws RangeError where there is no room for one more.
   */
  revoke(revocation: Revocation): void {
    this.#mustBeFull("revoke");
    const now = this.#now();
    const { notBefore = this.#clock(), until = lastMoment(revocation, now), ...target } = given.object("revoke: revocation", revocation);
    const fact = {
      name: this.#revocationName("revoke", target),
      notBefore: moment("revoke: notBefore", notBefore),
      until: moment("revoke: until", until),
    };
    if (fact.until <= now) throw new TypeError("revoke: until must be later than now");
    this.#registrar.revoke(fact, now);
  }

  /**
   * The name under which a {@link RevocationStore} is asked for that. It tells nobody what it is about.
   *
   * In `portcullis/full`.
   */
  revocationName(target: RevocationTarget): string {
    this.#mustBeFull("revocationName");
    return this.#revocationName("revocationName", target);
  }

  /**
   * The metadata of the protected resource (RFC 9728 §3.2), to be served at the URL that the trust document names in
   * `resourceMetadata`; `null` where it names none with the well-known path directly behind the host.
   *
   * In `portcullis/full`.
   */
  resourceMetadata(): JsonObject | null {
    this.#mustBeFull("resourceMetadata");
    const text = this.#ask(upkeep.resourceMetadata);
    return text === "" ? null : freeze(JSON.parse(text) as JsonObject);
  }

  /**
   * What was checked on the way to that event, in order, up to what failed. For the developer: never send it to the caller.
   *
   * In `portcullis/full`.
   */
  trace(event: DecisionEvent): readonly Check[] {
    this.#mustBeFull("trace");
    const asked = given.jsonText("trace: event", given.object("trace: event", event));
    const text = this.#ask((guard, now) => upkeep.trace(guard, asked, now));
    if (text === "") throw new TypeError("trace: event must be one that onDecision gave");
    return freeze(JSON.parse(text) as Check[]);
  }

  /** For `portcullis/authzen` alone. */
  get [door](): Door {
    this.#mustBeFull("authzen");
    return {
      ask: (what, input) => this.#ask((guard, now) => upkeep.upkeep(guard, what, input, now)),
      misconfigured: (facts) => new ConfigError(facts),
      unavailable: () => this.#registrar.about.failure.response(),
    };
  }

  #fieldsOf(method: string, subject: Subject, permission: string, resource: ResourceObject | undefined, context: JsonObject | undefined): "all" | readonly string[] {
    given.object(`${method}: subject`, subject);
    given.text(`${method}: permission`, permission);
    const instance = resource === undefined ? undefined : given.object(`${method}: resource`, resource);
    if (context !== undefined) given.jsonText(`${method}: context`, given.object(`${method}: context`, context));
    return this.#decisionPoint.fields(question(subject, permission, instance, context ?? {}), this.#now());
  }

  #revocationName(method: string, target: RevocationTarget): string {
    const asked = given.revocationTarget(method, target);
    const name = this.#ask((guard, now) => upkeep.revocationName(guard, asked, now));
    if (name === "") throw new TypeError(`${method}: that names nothing which could be refused; say which issuer`);
    return name;
  }

  #ask(work: (guard: number, now: number) => string): string {
    const now = this.#now();
    return this.#registrar.ask(now, (guard) => work(guard, now));
  }

  /** guard.wasm leaves to full.wasm what a host tells a guard or asks of it beside requests. */
  #mustBeFull(what: string): void {
    if (this.#registrar.about.stores === null) throw new TypeError(`${what}: this is in portcullis/full`);
  }

  #now(): number {
    const now = Math.floor(this.#clock());
    if (!Number.isFinite(now)) throw new TypeError("clock: the time must be a finite number of seconds");
    return now;
  }
}

/** Until when a fact is kept where that is not said: an issuer's key and an API key have no end of their own. */
function lastMoment(target: RevocationTarget, now: number): number {
  const isKey = ("key" in target && target.key !== undefined) || ("apiKey" in target && target.apiKey !== undefined);
  return isKey ? FOR_EVER : now + LIFE_OF_A_REVOCATION;
}

function circumstances(options: CheckOptions | undefined): Circumstances {
  if (options === undefined) return ALONE;
  const { requestId, context, nonce, accessToken, waitUntil } = given.object("check: options", options);
  if (requestId !== undefined) given.text("check: requestId", requestId);
  if (nonce !== undefined) given.text("check: nonce", nonce);
  if (accessToken !== undefined) given.text("check: accessToken", accessToken);
  if (waitUntil !== undefined) given.aFunction("check: waitUntil", waitUntil);
  const text = context === undefined ? undefined : given.jsonText("check: context", given.object("check: context", context));
  return { context: text, nonce, accessToken, requestId, waitUntil };
}
