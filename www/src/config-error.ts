/** A document that cannot be loaded. Its `path` points into the document. */
export class ConfigError extends Error {
  /** `policy` or `trust`; `directory` is of `portcullis/authzen`. */
  readonly document: "policy" | "trust" | "directory";
  /** `roles.editor.permits[1].permission`; empty for the document itself. */
  readonly path: string;
  /** A stable word: `unknown_member`, `wrong_type`, `unknown_role`, … */
  readonly code: string;

  constructor(facts: { readonly document: ConfigError["document"]; readonly path: string; readonly code: string; readonly message: string }) {
    super(facts.message);
    this.name = "ConfigError";
    this.document = facts.document;
    this.path = facts.path;
    this.code = facts.code;
  }
}
