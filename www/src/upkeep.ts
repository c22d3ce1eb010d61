import { call, EngineFailure, write } from "./engine.js";
import { under, type Fetched } from "./issuer-requests.js";
import * as core from "./wasm/core.js";

// What the core does for a guard beside its requests, each by its number.
const SUPPLY = 0;
const SUPPLY_FAILED = 1;
const EXPORT_KEYS = 2;
const IMPORT_KEYS = 3;
const REVOKE = 4;
const REVOCATION_NAME = 5;
const RESOURCE_METADATA = 6;
const TRACE = 7;
const FIELDS = 20;
const FILTER = 21;
const FILTER_ELEVATED = 22;
const REPLACE_POLICY = 30;

const YES = "1";

// What was supplied is of no issuer here, or nothing more is to be fetched for it; else the answer is a URL.
const NOBODYS = "";
const DONE = ".";

/** The core's answer; `""` for none, and where guard.wasm leaves that to full.wasm. */
export function upkeep(guard: number, what: number, input: string | Uint8Array, now: number): string {
  const length = write(input);
  return length === undefined ? "" : call(() => core.upkeep(guard, what, length, now));
}

/**
 * Hands over what was fetched from `url` in the background; `undefined` where that failed. The URL that is to be fetched
 * next, where there is one: behind an issuer's metadata, had or not, are its keys.
 */
export function supplyKeys(guard: number, url: string, fetched: Fetched | undefined, now: number): string | undefined {
  const next =
    fetched === undefined
      ? upkeep(guard, SUPPLY_FAILED, url, now)
      : upkeep(guard, SUPPLY, under([url, fetched.cacheControl], fetched.body), now);
  return next === NOBODYS || next === DONE ? undefined : next;
}

/** Puts the policy of the other guard in force, and forgets that one. `{ error }` as JSON where it is refused. */
export function replacePolicy(guard: number, other: number, now: number): string | undefined {
  const answer = call(() => core.upkeep(guard, REPLACE_POLICY, other, now));
  if (answer === "") throw new EngineFailure("one of the two guards is not known");
  return answer === DONE ? undefined : answer;
}

/** The key sets that were fetched. */
export function exportKeys(guard: number, now: number): string {
  return upkeep(guard, EXPORT_KEYS, "", now);
}

/** How many key sets were taken. */
export function importKeys(guard: number, keys: string, now: number): number {
  return Number(upkeep(guard, IMPORT_KEYS, keys, now));
}

/** Whether the fact was taken. */
export function revoke(guard: number, fact: string, now: number): boolean {
  return upkeep(guard, REVOKE, fact, now) === YES;
}

/** The name of what is to be revoked; `""` where nobody can say what that is. */
export function revocationName(guard: number, target: string, now: number): string {
  return upkeep(guard, REVOCATION_NAME, target, now);
}

/** The metadata of the protected resource as JSON; `""` where there are none. */
export function resourceMetadata(guard: number, now: number): string {
  return upkeep(guard, RESOURCE_METADATA, "", now);
}

/** The checks of an event as JSON; `""` where it is none. */
export function trace(guard: number, event: string, now: number): string {
  return upkeep(guard, TRACE, event, now);
}

/** The members that the subject of an access request may see or write, as JSON. */
export function fields(guard: number, request: string, now: number): string {
  return upkeep(guard, FIELDS, request, now);
}

/** The filter of what the subject of an access request may act on, as JSON, or why there is none. */
export function filter(guard: number, request: string, elevated: boolean, now: number): string {
  return upkeep(guard, elevated ? FILTER_ELEVATED : FILTER, request, now);
}
