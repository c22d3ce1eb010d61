import { freeze } from "./freeze.js";
import { Generations } from "./handles.js";
import type { Assignment, JsonObject, Principal, PrincipalKind } from "./types.js";

/** What the core writes before the id: what is empty or null at the end is not there. */
type Listed = readonly [
  kind: PrincipalKind,
  issuer?: string | null,
  roles?: readonly string[],
  assignments?: readonly Assignment[],
  permissions?: readonly string[],
  scopes?: readonly string[],
  attributes?: JsonObject,
  acr?: string | null,
  amr?: readonly string[],
  authTime?: number | null,
];

const NO_NAMES: readonly string[] = Object.freeze([]);
const NO_ATTRIBUTES: JsonObject = Object.freeze({});

/** What a principal is beside its id. Most have the same issuer and the same roles as many others. */
type Common = Omit<Principal, "id">;

const COMMON_KEPT = 64;
const LONGEST_KEPT = 512;

const known = new Generations<string, Common>(COMMON_KEPT);
let newest: { readonly text: string; readonly common: Common } | undefined;

/** A principal from the core's text, frozen to its leaves, so that one look at it is enough. */
export function principalFrom(text: string): Principal {
  // JSON has no line break inside.
  const end = text.indexOf("\n");
  const { kind, issuer, roles, assignments, permissions, scopes, attributes, acr, amr, authTime } = commonFrom(text.slice(0, end));
  const id = text.slice(end + 1);
  const principal: Principal =
    assignments === undefined
      ? { kind, id, issuer, roles, permissions, scopes, attributes, acr, amr, authTime }
      : { kind, id, issuer, roles, assignments, permissions, scopes, attributes, acr, amr, authTime };
  new Mark(principal);
  return Object.freeze(principal);
}

function commonFrom(text: string): Common {
  if (newest !== undefined && newest.text === text) return newest.common;
  let common = known.get(text);
  if (common === undefined) {
    common = read(text);
    if (text.length <= LONGEST_KEPT) known.set(text, common);
  }
  newest = { text, common };
  return common;
}

function read(text: string): Common {
  const listed = freeze(JSON.parse(text) as Listed);
  const [kind, issuer = null, roles = NO_NAMES, assignments, permissions = NO_NAMES, scopes = NO_NAMES, attributes = NO_ATTRIBUTES, acr = null, amr = NO_NAMES, authTime = null] = listed;
  const held = assignments === undefined || assignments.length === 0 ? {} : { assignments };
  return { kind, issuer, roles, ...held, permissions, scopes, attributes, acr, amr, authTime };
}

/** Whether a guard of this module made it. */
export function isPrincipal(value: object): value is Principal {
  return Mark.isOn(value);
}

/** The numbers of principals in one place; those are in it that have another one elsewhere. A principal holds on to nothing but this. */
export type SubjectNumbers = WeakMap<object, number>;

/** The number that the principal has there as a subject. */
export function subjectNumber(principal: object, numbers: SubjectNumbers): number | undefined {
  return Mark.numberOf(principal, numbers) ?? numbers.get(principal);
}

export function setSubjectNumber(principal: Principal, numbers: SubjectNumbers, number: number): void {
  if (!Mark.setNumber(principal, numbers, number)) numbers.set(principal, number);
}

/** Lets a subclass put its private fields on an object that is there already. */
class Bearing {
  constructor(bearer: object) {
    return bearer;
  }
}

/** A private field is found several times faster than an entry of a `WeakMap`. */
class Mark extends Bearing {
  #numbers: SubjectNumbers | undefined;
  #number = 0;

  static isOn(value: object): boolean {
    return #number in value;
  }

  static numberOf(value: object, numbers: SubjectNumbers): number | undefined {
    return #number in value && value.#numbers === numbers ? value.#number : undefined;
  }

  /** `false` where there is a number of elsewhere. */
  static setNumber(value: object, numbers: SubjectNumbers, number: number): boolean {
    if (!(#number in value) || (value.#numbers !== undefined && value.#numbers !== numbers)) return false;
    value.#numbers = numbers;
    value.#number = number;
    return true;
  }
}
