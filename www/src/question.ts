import type { Fields } from "./request.js";

/** Under which names the handles of an allowed request are kept. */
export interface Names {
  /** The credential's text; empty for none. */
  readonly token: string;
  /** Method and URL. */
  readonly place: string;
}

/** What comes with a request. */
export interface Circumstances {
  /** JSON. */
  readonly context: string | undefined;
  readonly requestId: string | undefined;
  readonly now: number;
  /** Somebody listens for the event. */
  readonly audited: boolean;
}

/**
 * A request, ready for the core. Whatever the event will want is read here: between the core's answer and
 * the event nobody else's code runs.
 */
export class Question {
  readonly now: number;
  /** Empty where there is none. */
  readonly requestId: string;
  /** Where handles may answer. */
  readonly names: Names | undefined;
  readonly #fields: Fields | undefined;
  readonly #context: string | undefined;

  /** `fields` is `undefined` where the request cannot be read: the core then gets none, and refuses. */
  constructor(fields: Fields | undefined, { context, requestId, now, audited }: Circumstances) {
    this.now = now;
    this.#fields = fields;
    this.#context = context;
    this.requestId = requestId ?? (audited ? header(fields, "x-request-id") : undefined) ?? "";
    // On the short way the core sees no justification, and an event would not tell it.
    const justified = context !== undefined || (audited && header(fields, "x-justification") !== undefined);
    const token = justified ? undefined : fields?.soleToken();
    const place = token === undefined ? undefined : fields?.place();
    this.names = token === undefined || place === undefined ? undefined : { token, place };
  }

  /** All fields for the core. */
  text(): string {
    try {
      return this.#fields?.text(this.#context) ?? "";
    } catch {
      return ""; // a header that cannot be read
    }
  }
}

function header(fields: Fields | undefined, name: string): string | undefined {
  try {
    return fields?.read(name);
  } catch {
    return undefined;
  }
}
