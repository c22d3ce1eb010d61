import { IssuerError } from "./error.js";
import * as core from "./wasm/core.js";
import { load } from "#wasm-issuer";

let booted = false;

/**
 * Calls the core, which boots at its first use and after a trap. Nothing of a call stays behind in it.
 *
 * @throws {@link IssuerError} where the core refuses.
 */
export function ask<Result>(work: (from: typeof core) => Result): Result {
  if (!booted) {
    core.boot(load());
    booted = true;
  }
  try {
    return work(core);
  } catch (error) {
    if (isRefusal(error)) throw new IssuerError(error);
    // A trap: the instance is in no state to trust.
    booted = false;
    throw new Error("the issuer's engine failed", { cause: error });
  }
}

/** What the core throws is a plain object; a trap is an error of the runtime. */
function isRefusal(error: unknown): error is { readonly code: string; readonly message: string } {
  return typeof error === "object" && error !== null && !(error instanceof Error) && "code" in error && "message" in error;
}
