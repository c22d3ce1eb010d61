import { jsonOf, linesOf } from "./attributes.js";
import { call, failed, write } from "./engine.js";
import { FilterError } from "./filter-error.js";
import { freeze } from "./freeze.js";
import { Generations } from "./handles.js";
import { isPrincipal, setSubjectNumber, subjectNumber } from "./principal.js";
import * as upkeep from "./upkeep.js";
import { PERMISSIONS_KEPT, type Registrar, type Registration } from "./registration.js";
import * as core from "./wasm/core.js";
import type { AccessRequest, Decision, Explanation, Filter, JsonObject, Principal, ResourceObject, Subject } from "./types.js";

// The core's answers.
const NO = 0;
const YES = 1;
const UNKNOWN = 3;
const MISS = 4;
const TIME = 5;

/** In the place of the time, where the core is to say whether it matters: to read a clock takes longer than to decide. */
const UNSET = Number.NaN;

const SUBJECT_MEMBERS = ["id", "kind", "roles", "assignments", "permissions", "scopes", "attributes", "acr", "amr", "authTime"];

/** Asks the core whether a subject may, and why. */
export class DecisionPoint {
  readonly #registrar: Registrar;
  /** By permission, under the policy that has these resource types. */
  #kinds = new Generations<string, Kind>(PERMISSIONS_KEPT);
  #resources: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(registrar: Registrar) {
    this.#registrar = registrar;
  }

  /** `clock` is read only where the core says that the time matters: reading it takes longer than most decisions. */
  can(subject: Subject, permission: string, resource: ResourceObject | undefined, clock: () => number): boolean {
    const known = resource === undefined ? this.#answerFor(subject, permission) : undefined;
    if (known !== undefined) return known;
    // What the caller's objects run, they run before the core is asked: it may be this guard once more.
    const who = isPrincipal(subject) ? subject : jsonOf(subject, SUBJECT_MEMBERS);
    const asked = this.#kindOf(permission);
    const instance = resource === undefined ? "" : linesOf(resource, asked.attributes);
    const code = this.#codeOf(who, permission, instance, asked.timed ? clock() : UNSET);
    if (code !== TIME) return code === YES;
    asked.timed = true;
    return this.#codeOf(who, permission, instance, clock()) === YES;
  }

  /** What numbers alone are enough for; `undefined` where the core must be told more. */
  #answerFor(subject: Subject, permission: string): boolean | undefined {
    const { live } = this.#registrar;
    const known = live === undefined ? undefined : subjectNumber(subject, live);
    const number = known === undefined ? undefined : live?.permissions.get(permission);
    if (live === undefined || known === undefined || number === undefined) return undefined;
    try {
      const code = core.can(live.guard, known, number, 0, UNSET);
      return code === YES ? true : code === NO ? false : undefined;
    } catch (error) {
      failed(error);
      return false;
    }
  }

  #codeOf(subject: Principal | string, permission: string, instance: string, now: number): number {
    try {
      const { live } = this.#registrar;
      if (live === undefined && Number.isNaN(now)) return TIME;
      const code = answer(live ?? this.#registrar.renew(now), subject, permission, instance, now);
      if (code !== UNKNOWN) return code;
      return Number.isNaN(now) ? TIME : answer(this.#registrar.renew(now), subject, permission, instance, now);
    } catch {
      return NO;
    }
  }

  evaluate(request: AccessRequest, now: number): Decision {
    const text = this.#asked(request, now, (guard, question) => core.evaluate(guard, question, now));
    return text === undefined ? this.#failed() : freeze(JSON.parse(text) as Decision);
  }

  explain(request: AccessRequest, now: number): Explanation {
    const text = this.#asked(request, now, (guard, question) => core.explain(guard, question, now));
    if (text !== undefined) return freeze(JSON.parse(text) as Explanation);
    const { message } = this.#failed().context;
    return freeze({
      ...this.#failed(),
      summary: message ?? "",
      permission: null,
      rolesInEffect: [],
      grant: null,
      rolesThatWouldAllow: [],
      ownership: null,
      rule: null,
      condition: null,
      change: null,
    });
  }

  /** `"all"`, or the names of the members. */
  fields(request: AccessRequest, now: number): "all" | readonly string[] {
    const text = this.#asked(request, now, (guard, question) => upkeep.fields(guard, question, now));
    return text === undefined ? [] : (JSON.parse(text) as "all" | readonly string[]);
  }

  /** Throws a {@link FilterError} where there is none. */
  filter(request: AccessRequest, elevated: boolean, now: number): Filter {
    const text = this.#asked(request, now, (guard, question) => upkeep.filter(guard, question, elevated, now));
    if (text === undefined) throw new FilterError({ code: "engine_failed", message: "the engine failed" });
    const answer = JSON.parse(text) as Filtered;
    if ("error" in answer) throw new FilterError(answer.error);
    return freeze(answer.filter);
  }

  #asked(request: AccessRequest, now: number, work: (guard: number, question: string) => string): string | undefined {
    const question = this.#textOf(request);
    try {
      const { guard } = this.#registrar.current(now);
      const text = call(() => work(guard, question));
      if (text !== "") return text;
      const anew = this.#registrar.renew(now).guard;
      return call(() => work(anew, question)) || undefined;
    } catch {
      return undefined;
    }
  }

  #textOf({ subject, action, resource, context }: AccessRequest): string {
    const members = [`"subject":${jsonOf(subject, SUBJECT_MEMBERS)}`];
    const { name, properties } = typeof action === "string" ? { name: action } : action;
    members.push(`"action":${JSON.stringify({ name, properties })}`);
    if (resource !== undefined) members.push(`"resource":${this.#resource(resource)}`);
    if (context !== undefined) members.push(`"context":${JSON.stringify(context)}`);
    return `{${members.join(",")}}`;
  }

  #resource({ type, id, properties }: NonNullable<AccessRequest["resource"]>): string {
    const members = [`"type":${JSON.stringify(type)}`];
    if (id !== undefined) members.push(`"id":${JSON.stringify(id)}`);
    if (properties !== undefined) members.push(`"properties":${jsonOf(properties, this.#attributes(type))}`);
    return `{${members.join(",")}}`;
  }

  #kindOf(permission: string): Kind {
    const { resources } = this.#registrar.about;
    if (this.#resources !== resources) {
      this.#resources = resources;
      this.#kinds = new Generations(PERMISSIONS_KEPT);
    }
    const known = this.#kinds.get(permission);
    if (known !== undefined) return known;
    const kind = { attributes: resources.get(typeOf(permission)) ?? [], timed: false };
    this.#kinds.set(permission, kind);
    return kind;
  }

  #attributes(type: string): readonly string[] {
    return this.#registrar.about.resources.get(type) ?? [];
  }

  /** What a refused check would say where the core has no answer. */
  #failed(): Decision {
    const { code, status, problem } = this.#registrar.about.failure;
    return freeze({ decision: false, context: { code, reason: "engine_failed", status, message: problem.detail } });
  }
}

/** The question that `can` asks where it has a context. */
export function question(subject: Subject, permission: string, properties: ResourceObject | undefined, context: JsonObject): AccessRequest {
  const type = typeOf(permission);
  if (type === "") return { subject, action: permission, context };
  const resource = properties === undefined ? { type } : { type, properties };
  return { subject, action: permission.slice(type.length + 1), resource, context };
}

/** `article` of `article:update`; nothing of a bare permission. */
function typeOf(permission: string): string {
  return permission.slice(0, Math.max(0, permission.indexOf(":")));
}

/** What is known of the questions about a permission. */
interface Kind {
  readonly attributes: readonly string[];
  /** The time mattered once. */
  timed: boolean;
}

type Filtered = { readonly filter: Filter } | { readonly error: ConstructorParameters<typeof FilterError>[0] };

function answer(registration: Registration, subject: Principal | string, permission: string, instance: string, now: number): number {
  const number = permissionHandle(registration, permission);
  const code = answerFor(registration, subjectHandle(registration, subject), number, instance, now);
  // The core has forgotten the subject.
  return code === MISS ? answerFor(registration, register(registration, subject), number, instance, now) : code;
}

function answerFor({ guard }: Registration, subject: number, permission: number, instance: string, now: number): number {
  const length = write(instance);
  if (length === undefined) return NO;
  try {
    return core.can(guard, subject, permission, length, now);
  } catch (error) {
    throw failed(error);
  }
}

function subjectHandle(registration: Registration, subject: Principal | string): number {
  const known = typeof subject === "string" ? registration.subjects.get(subject) : subjectNumber(subject, registration);
  return known ?? register(registration, subject);
}

function register(registration: Registration, subject: Principal | string): number {
  const { guard, subjects } = registration;
  const length = write(typeof subject === "string" ? subject : jsonOf(subject, SUBJECT_MEMBERS));
  const handle = length === undefined ? 0 : call(() => core.subject(guard, length));
  if (typeof subject === "string") subjects.set(subject, handle);
  else setSubjectNumber(subject, registration, handle);
  return handle;
}

function permissionHandle({ guard, permissions }: Registration, permission: string): number {
  const known = permissions.get(permission);
  if (known !== undefined) return known;
  const length = write(permission);
  const handle = length === undefined ? 0 : call(() => core.permission(guard, length));
  permissions.set(permission, handle);
  return handle;
}
