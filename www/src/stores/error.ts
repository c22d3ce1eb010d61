/** What a store refuses, or cannot do now. */
export class StoreError extends Error {
  /**
   * A stable word: `name_malformed`, `value_malformed`, `value_too_large`, `store_full`, `store_unavailable`; of API keys
   * `api_key_hash_taken`, `api_key_id_taken`, `api_keys_too_many`.
   */
  readonly code: string;

  constructor(code: string, message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.name = "StoreError";
    this.code = code;
  }
}
