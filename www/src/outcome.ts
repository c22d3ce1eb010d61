import { freeze } from "./freeze.js";
import type { Granted, Preflight, Principal, Problem, RefusalCode, Rejected } from "./types.js";

/** What a route's handle stands for. */
export type RouteFacts = Pick<Granted, "route" | "permission" | "resource">;

const ELEVATED = 1;
const CONDITIONAL = 2;
const PREFLIGHT = 4;

/** An allow, with the core's flags. */
export function allowed(principal: Principal, { route, permission, resource }: RouteFacts, flags: number): Granted | Preflight {
  return Object.freeze({
    allowed: true,
    principal,
    route,
    permission,
    resource,
    elevated: (flags & ELEVATED) !== 0,
    conditional: (flags & CONDITIONAL) !== 0,
    preflight: (flags & PREFLIGHT) !== 0,
  }) as Granted | Preflight;
}

/** The facts of a route, from the core's JSON. */
export function routeFrom(text: string): RouteFacts {
  return freeze(JSON.parse(text) as RouteFacts);
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
