import { instanceOf, jsonOf, linesOf, type Instance } from "./attributes.js";
import { call, failed, write, writeLines } from "./engine.js";
import { FilterError } from "./filter-error.js";
import { freeze } from "./freeze.js";
import { isPrincipal, setSubjectNumber, subjectNumber } from "./principal.js";
import * as upkeep from "./upkeep.js";
import type { Kind, Registrar, Registration } from "./registration.js";
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

  constructor(registrar: Registrar) {
    this.#registrar = registrar;
  }

  /** `clock` is read only where the core says that the time matters: reading it takes longer than most decisions. */
  can(subject: Subject, permission: string, resource: ResourceObject | undefined, clock: () => number): boolean {
    const { live } = this.#registrar;
    const kind = live?.kinds.get(permission);
    const number = live === undefined || kind === undefined ? undefined : numberOf(subject, live);
    if (live === undefined || kind === undefined || number === undefined) return this.#canOf(subject, permission, resource, clock);
    const instance = resource === undefined ? "" : instanceOf(resource, kind.attributes);
    const now = kind.timed ? clock() : UNSET;
    // What the caller's objects and clock run may be this guard once more.
    const code = this.#registrar.live === live ? this.#codeOf(live, number, kind.number, instance, now) : MISS;
    if (code === YES) return true;
    if (code === NO) return false;
    kind.timed ||= code === TIME;
    return this.#canOf(subject, permission, resource, clock);
  }

  /** The same where something is new: the subject, the permission, or that the time matters. */
  #canOf(subject: Subject, permission: string, resource: ResourceObject | undefined, clock: () => number): boolean {
    const { about } = this.#registrar;
    const attributes = about.resources.get(typeOf(permission)) ?? [];
    const who = isPrincipal(subject) ? subject : jsonOf(subject, SUBJECT_MEMBERS);
    const instance = resource === undefined ? "" : instanceOf(resource, attributes);
    const now = clock();
    // The lines are those of a policy that is not in force any more.
    if (this.#registrar.about !== about) return false;
    const ask = (registration: Registration): number => {
      const number = subjectHandle(registration, who);
      const kind = kindOf(registration, permission, attributes);
      const code = this.#codeOf(registration, number, kind.number, instance, now);
      // The core has forgotten the subject.
      return code === MISS ? this.#codeOf(registration, register(registration, who), kind.number, instance, now) : code;
    };
    try {
      const code = ask(this.#registrar.current(now));
      return (code === UNKNOWN ? ask(this.#registrar.renew(now)) : code) === YES;
    } catch {
      return false;
    }
  }

  #codeOf({ guard }: Registration, subject: number, permission: number, instance: Instance, now: number): number {
    try {
      const length = instance === "" ? 0 : written(instance);
      return length === undefined ? NO : core.can(guard, subject, permission, length, now);
    } catch (error) {
      failed(error);
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
    const { about } = this.#registrar;
    const question = this.#textOf(request);
    // It has the attributes that a policy reads which is not in force any more.
    if (this.#registrar.about !== about) return undefined;
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

type Filtered = { readonly filter: Filter } | { readonly error: ConstructorParameters<typeof FilterError>[0] };

function written(instance: Instance): number | undefined {
  return typeof instance === "string" ? write(instance) : (writeLines(instance) ?? write(linesOf(instance)));
}

/** The number under which the core knows the subject, where it does. */
function numberOf(subject: Subject, registration: Registration): number | undefined {
  const number = subjectNumber(subject, registration.principals);
  if (number !== undefined || isPrincipal(subject)) return number;
  return registration.subjects.get(jsonOf(subject, SUBJECT_MEMBERS));
}

function subjectHandle(registration: Registration, subject: Principal | string): number {
  const known = typeof subject === "string" ? registration.subjects.get(subject) : subjectNumber(subject, registration.principals);
  return known ?? register(registration, subject);
}

function register(registration: Registration, subject: Principal | string): number {
  const { guard, subjects } = registration;
  const length = write(typeof subject === "string" ? subject : jsonOf(subject, SUBJECT_MEMBERS));
  const handle = length === undefined ? 0 : call(() => core.subject(guard, length));
  if (typeof subject === "string") subjects.set(subject, handle);
  else setSubjectNumber(subject, registration.principals, handle);
  return handle;
}

function kindOf({ guard, kinds }: Registration, permission: string, attributes: readonly string[]): Kind {
  const known = kinds.get(permission);
  if (known !== undefined) return known;
  const length = write(permission);
  const number = length === undefined ? 0 : call(() => core.permission(guard, length));
  const kind = { number, attributes, timed: false };
  kinds.set(permission, kind);
  return kind;
}
