import { report } from "./report.js";
import type { DecisionEvent } from "./types.js";

/** Hears of each decision. */
export type Listener = (event: DecisionEvent) => void;

/** Who hears of decisions. What a listener throws is reported, and changes no decision. */
export class Audience {
  readonly #listeners = new Set<{ readonly listener: Listener }>();

  get empty(): boolean {
    return this.#listeners.size === 0;
  }

  /** The answer ends it. */
  add(listener: Listener): () => void {
    const entry = { listener };
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  tell(event: DecisionEvent): void {
    for (const { listener } of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        report(error);
      }
    }
  }
}

/** A random UUID (RFC 9562 §5.4). Browsers have `randomUUID` only on pages that came over TLS or from this machine. */
export function uuid(): string {
  const random: { readonly randomUUID?: () => string } = crypto;
  if (random.randomUUID !== undefined) return random.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
