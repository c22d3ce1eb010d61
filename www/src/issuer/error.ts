/** What the sign-in side refuses to work with: a hash that is none, a cost beyond the limits, a key that is too short. */
export class IssuerError extends Error {
  /** A stable word: `hash_malformed`, `cost_too_high`, … */
  readonly code: string;

  constructor({ code, message }: { readonly code: string; readonly message: string }) {
    super(message);
    this.name = "IssuerError";
    this.code = code;
  }
}
