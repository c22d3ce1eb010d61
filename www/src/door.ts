import type { ConfigError } from "./config-error.js";

/**
 * By this name `portcullis/authzen` finds its way into a guard, whichever file the guard's class came from: a module, a
 * CommonJS bundle, the one-file bundle.
 */
export const door: unique symbol = Symbol.for("portcullis.authzen");

/** What an entry beside the guard may ask of the core. */
export interface Door {
  /** Upkeep's answer; `""` for none. Throws where the core has none to give. */
  readonly ask: (what: number, input: string | Uint8Array) => string;
  /** The error of the guard's own file, so that whoever catches it knows its class. */
  readonly misconfigured: (...facts: ConstructorParameters<typeof ConfigError>) => ConfigError;
  /** What a refused check would answer where the core is dead. */
  readonly unavailable: () => Response;
}
