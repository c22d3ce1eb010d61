import { jsonOf } from "./attributes.js";
import { call, write } from "./engine.js";
import { FilterError } from "./filter-error.js";
import { freeze } from "./freeze.js";
import { isPrincipal } from "./outcome.js";
import * as upkeep from "./upkeep.js";
import type { Registrar, Registration } from "./registration.js";
import * as core from "./wasm/core.js";
import type { AccessRequest, Decision, Explanation, Filter, JsonObject, Principal, ResourceObject, Subject } from "./types.js";

// The core's answers.
const NO = 0;
const YES = 1;
const UNKNOWN = 3;
const MISS = 4;

const SUBJECT_MEMBERS = ["id", "kind", "roles", "assignments", "permissions", "scopes", "attributes", "acr", "amr", "authTime"];

/** Asks the core whether a subject may, and why. */
export class DecisionPoint {
  readonly #registrar: Registrar;

  constructor(registrar: Registrar) {
    this.#registrar = registrar;
  }

  can(subject: Subject, permission: string, resource: ResourceObject | undefined, now: number): boolean {
    // What the caller's objects run, they run before the core is asked: it may be this guard once more.
    const asked = {
      subject: isPrincipal(subject) ? subject : jsonOf(subject, SUBJECT_MEMBERS),
      permission,
      instance: resource === undefined ? "" : jsonOf(resource, this.#attributes(typeOf(permission))),
      now,
    };
    try {
      const code = answer(this.#registrar.current(now), asked);
      return (code === UNKNOWN ? answer(this.#registrar.renew(now), asked) : code) === YES;
    } catch {
      return false;
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

interface Asked {
  /** A principal, or a subject's JSON. */
  readonly subject: Principal | string;
  readonly permission: string;
  /** The JSON of the resource's attributes; empty where the question is about the type. */
  readonly instance: string;
  readonly now: number;
}

function answer(registration: Registration, asked: Asked): number {
  const permission = permissionHandle(registration, asked.permission);
  const code = answerFor(registration, subjectHandle(registration, asked.subject), permission, asked);
  // The core has forgotten the subject.
  return code === MISS ? answerFor(registration, register(registration, asked.subject), permission, asked) : code;
}

function answerFor({ guard }: Registration, subject: number, permission: number, { instance, now }: Asked): number {
  const length = write(instance);
  return length === undefined ? NO : call(() => core.can(guard, subject, permission, length, now));
}

function subjectHandle(registration: Registration, subject: Principal | string): number {
  const { subjects, principals } = registration;
  const known = typeof subject === "string" ? subjects.get(subject) : principals.get(subject);
  return known ?? register(registration, subject);
}

function register({ guard, subjects, principals }: Registration, subject: Principal | string): number {
  const length = write(typeof subject === "string" ? subject : jsonOf(subject, SUBJECT_MEMBERS));
  const handle = length === undefined ? 0 : call(() => core.subject(guard, length));
  if (typeof subject === "string") subjects.set(subject, handle);
  else principals.set(subject, handle);
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
