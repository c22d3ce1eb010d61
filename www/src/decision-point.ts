import { jsonOf } from "./attributes.js";
import { call, write } from "./engine.js";
import { freeze } from "./freeze.js";
import { isPrincipal } from "./outcome.js";
import type { Registrar, Registration } from "./registration.js";
import * as core from "./wasm/core.js";
import type { AccessRequest, Decision, Explanation, JsonObject, ResourceObject, Subject } from "./types.js";

// The core's answers.
const NO = 0;
const YES = 1;
const UNKNOWN = 3;
const MISS = 4;

const SUBJECT_MEMBERS = ["id", "kind", "roles", "permissions", "scopes", "attributes", "acr", "authTime"];

/** Asks the core whether a subject may, and why. */
export class DecisionPoint {
  readonly #registrar: Registrar;

  constructor(registrar: Registrar) {
    this.#registrar = registrar;
  }

  can(subject: Subject, permission: string, resource: ResourceObject | undefined, now: number): boolean {
    const instance = resource === undefined ? "" : jsonOf(resource, this.#attributes(typeOf(permission)));
    try {
      const code = canAs(this.#registrar.current(), subject, permission, instance, now);
      return (code === UNKNOWN ? canAs(this.#registrar.renew(), subject, permission, instance, now) : code) === YES;
    } catch {
      return false;
    }
  }

  evaluate(request: AccessRequest, now: number): Decision {
    const answer = this.#asked(request, (guard, text) => core.evaluate(guard, text, now));
    return answer === undefined ? this.#failed() : freeze(JSON.parse(answer) as Decision);
  }

  explain(request: AccessRequest, now: number): Explanation {
    const answer = this.#asked(request, (guard, text) => core.explain(guard, text, now));
    if (answer !== undefined) return freeze(JSON.parse(answer) as Explanation);
    const { message } = this.#failed().context;
    return freeze({
      ...this.#failed(),
      summary: message ?? "",
      permission: null,
      rolesInEffect: [],
      grant: null,
      rolesThatWouldAllow: [],
      ownership: null,
    });
  }

  #asked(request: AccessRequest, work: (guard: number, text: string) => string): string | undefined {
    const text = this.#textOf(request);
    try {
      const { guard } = this.#registrar.current();
      const answer = call(() => work(guard, text));
      if (answer !== "") return answer;
      const anew = this.#registrar.renew().guard;
      return call(() => work(anew, text)) || undefined;
    } catch {
      return undefined;
    }
  }

  #textOf({ subject, action, resource, context }: AccessRequest): string {
    const members = [`"subject":${jsonOf(subject, SUBJECT_MEMBERS)}`];
    members.push(`"action":${JSON.stringify({ name: typeof action === "string" ? action : action.name })}`);
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

function canAs(registration: Registration, subject: Subject, permission: string, instance: string, now: number): number {
  const right = permissionHandle(registration, permission);
  const first = canWith(registration, subjectHandle(registration, subject), right, instance, now);
  if (first !== MISS) return first;
  // The core has forgotten the subject.
  const anew = registerSubject(registration, subject, jsonOf(subject, SUBJECT_MEMBERS));
  return canWith(registration, anew, right, instance, now);
}

function canWith({ guard }: Registration, subject: number, permission: number, instance: string, now: number): number {
  const length = write(instance);
  return length === undefined ? NO : call(() => core.can(guard, subject, permission, length, now));
}

function subjectHandle(registration: Registration, subject: Subject): number {
  const known = isPrincipal(subject) ? registration.principals.get(subject) : undefined;
  if (known !== undefined) return known;
  const text = jsonOf(subject, SUBJECT_MEMBERS);
  return registration.subjects.get(text) ?? registerSubject(registration, subject, text);
}

function registerSubject({ guard, principals, subjects }: Registration, subject: Subject, text: string): number {
  const length = write(text);
  const handle = length === undefined ? 0 : call(() => core.subject(guard, length));
  if (isPrincipal(subject)) principals.set(subject, handle);
  else subjects.set(text, handle);
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
