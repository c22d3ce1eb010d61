import { isCurrent } from "./engine.js";
import { fetchKeys } from "./issuer-requests.js";
import type { Means } from "./need.js";
import type { Registrar, Registration } from "./registration.js";
import { supplyKeys } from "./upkeep.js";

/**
 * Fetches keys that a guard has in an older form, and hands them to it, while requests are answered with those. The
 * promise never rejects. What comes when the guard was made anew meanwhile is for nobody.
 */
export async function renewKeys(url: string, means: Means, registrar: Registrar, registration: Registration): Promise<void> {
  const next = await renew(url, means, registrar, registration);
  // Once: behind metadata are keys, and behind keys is nothing.
  if (next !== undefined) await renew(next, means, registrar, registration);
}

/** The URL that is to be fetched next, where there is one. */
async function renew(url: string, { fetch, now }: Means, registrar: Registrar, registration: Registration): Promise<string | undefined> {
  const fetched = await fetchKeys(fetch, url).catch(() => undefined);
  if (!isCurrent(registration.epoch)) return undefined;
  try {
    const next = supplyKeys(registration.guard, url, fetched, now());
    registrar.keepKeys(registration, now());
    return next;
  } catch {
    // The engine failed, or the clock: the next request finds out for itself.
    return undefined;
  }
}
