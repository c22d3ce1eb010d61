import { freeze } from "./freeze.js";
import type { Assignment, JsonObject, Principal, PrincipalKind } from "./types.js";

/** As the core writes it: what is empty or null at the end is not there. */
type Listed = readonly [
  kind: PrincipalKind,
  id: string,
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

/** How long the list of a principal is at most of whom nothing is known but roles. */
const PLAIN = 4;

/** A principal from the core's list of its members, frozen to its leaves, so that one look at it is enough. */
export function principalFrom(text: string): Principal {
  const listed = JSON.parse(text) as Listed;
  const principal = listed.length > PLAIN ? whole(listed) : plain(listed);
  new Mark(principal);
  return Object.freeze(principal);
}

function plain([kind, id, issuer = null, roles = NO_NAMES]: Listed): Principal {
  Object.freeze(roles);
  return { kind, id, issuer, roles, permissions: NO_NAMES, scopes: NO_NAMES, attributes: NO_ATTRIBUTES, acr: null, amr: NO_NAMES, authTime: null };
}

function whole(listed: Listed): Principal {
  const [, , , , assignments, permissions = NO_NAMES, scopes = NO_NAMES, attributes = NO_ATTRIBUTES, acr = null, amr = NO_NAMES, authTime = null] = freeze(listed);
  const { kind, id, issuer, roles } = plain(listed);
  const held = assignments === undefined || assignments.length === 0 ? {} : { assignments };
  return { kind, id, issuer, roles, ...held, permissions, scopes, attributes, acr, amr, authTime };
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
