import { call, isCurrent, write } from "./engine.js";
import { fetchKeys, under, type Fetched } from "./issuer.js";
import type { Means } from "./need.js";
import type { Registrar, Registration } from "./registration.js";
import * as core from "./wasm/core.js";

/**
 * Fetches keys that a guard has in an older form, and hands them to it, while requests are answered with those. The
 * promise never rejects. What comes when the guard was made anew meanwhile is for nobody.
 */
export async function renewKeys(url: string, { fetch, now }: Means, registrar: Registrar, registration: Registration): Promise<void> {
  const fetched = await fetchKeys(fetch, url).catch(() => undefined);
  if (!isCurrent(registration.epoch)) return;
  try {
    supply(registration.guard, url, fetched, now());
    registrar.keepKeys(registration);
  } catch {
    // The engine failed, or the clock: the next request finds out for itself.
  }
}

function supply(guard: number, url: string, fetched: Fetched | undefined, now: number): void {
  const length = write(fetched === undefined ? url : under([url, fetched.cacheControl], fetched.body));
  if (length === undefined) return;
  call(() => (fetched === undefined ? core.supply_failed(guard, length, now) : core.supply_keys(guard, length, now)));
}
