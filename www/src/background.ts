import { isCurrent } from "./engine.js";
import { fetchKeys } from "./issuer.js";
import type { Means } from "./need.js";
import type { Registrar, Registration } from "./registration.js";
import { supplyKeys } from "./upkeep.js";

/**
 * Fetches keys that a guard has in an older form, and hands them to it, while requests are answered with those. The
 * promise never rejects. What comes when the guard was made anew meanwhile is for nobody.
 */
export async function renewKeys(url: string, { fetch, now }: Means, registrar: Registrar, registration: Registration): Promise<void> {
  const fetched = await fetchKeys(fetch, url).catch(() => undefined);
  if (!isCurrent(registration.epoch)) return;
  try {
    supplyKeys(registration.guard, url, fetched, now());
    registrar.keepKeys(registration, now());
  } catch {
    // The engine failed, or the clock: the next request finds out for itself.
  }
}
