/** There is no filter, or it cannot be said to that database. A wider one is never given instead. */
export class FilterError extends Error {
  /**
   * - `not_expressible`: no filter says what a condition of the policy says, or the database cannot be asked that.
   * - `too_large`, `budget`: the filter would have more than 512 comparisons or 10,000 values, or costs more than one decision may.
   * - `malformed`: that is no filter.
   * - `name`: a column, field or table is not there, or cannot be used.
   * - `engine_failed`: there is no answer.
   */
  readonly code: "not_expressible" | "too_large" | "budget" | "malformed" | "name" | "engine_failed";
  /** Where the condition stands in the policy: `roles.editor.permits[1].when`. */
  readonly path?: string;
  /** The part of the condition that no filter says. */
  readonly expression?: string;

  constructor(facts: { readonly code: FilterError["code"]; readonly message: string; readonly path?: string; readonly expression?: string }) {
    super(facts.message);
    this.name = "FilterError";
    this.code = facts.code;
    if (facts.path !== undefined) this.path = facts.path;
    if (facts.expression !== undefined) this.expression = facts.expression;
  }
}
