/** What a store refuses, or cannot do now. */
export class StoreError extends Error {
  /** A stable word: `name_malformed`, `value_malformed`, `value_too_large`, `store_full`, `store_unavailable`. */
  readonly code: string;

  constructor(code: string, message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.name = "StoreError";
    this.code = code;
  }
}
