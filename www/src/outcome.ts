import { freeze } from "./freeze.js";
import type { Allowed, Granted, Principal, Problem, RefusalCode, Rejected } from "./types.js";

/** What a route's handle stands for. */
export type RouteFacts = Pick<Granted, "route" | "permission" | "resource">;

// The principals that a guard of this module made: frozen to their leaves, so that one look at them is enough.
const principals = new WeakSet<object>();

export function isPrincipal(value: object): value is Principal {
  return principals.has(value);
}

const ELEVATED = 1;
const CONDITIONAL = 2;

/** An allow from what the handles stand for, and the core's flags. */
export function allowed(principal: Principal, { route, permission, resource }: RouteFacts, flags: number): Granted {
  return Object.freeze({
    allowed: true,
    principal,
    route,
    permission,
    resource,
    elevated: (flags & ELEVATED) !== 0,
    conditional: (flags & CONDITIONAL) !== 0,
    preflight: false,
  });
}

/** The core's outcome, from its JSON. */
export function outcomeFrom(text: string): Allowed | Refusal {
  const outcome = JSON.parse(text) as Allowed | Rejected;
  if (!outcome.allowed) return new Refusal(outcome);
  freeze(outcome);
  principals.add(outcome.principal);
  return outcome;
}

/** A refusal as the core made it. */
export class Refusal implements Rejected {
  readonly allowed = false;
  readonly status: number;
  readonly code: RefusalCode;
  readonly headers: Readonly<Record<string, string>>;
  readonly problem: Problem;

  constructor({ status, code, headers, problem }: Omit<Rejected, "allowed" | "response">) {
    this.status = status;
    this.code = code;
    this.headers = freeze(headers);
    this.problem = freeze(problem);
    Object.freeze(this);
  }

  response(): Response {
    // The core writes JSON as JSON.stringify does, so these are its bytes.
    return new Response(JSON.stringify(this.problem), { status: this.status, headers: this.headers });
  }
}
