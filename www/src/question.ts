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
  readonly nonce: string | undefined;
  readonly accessToken: string | undefined;
  readonly requestId: string | undefined;
  /** Keeps the host alive for work behind the answer. */
  readonly waitUntil: WaitUntil | undefined;
  readonly now: number;
  /** Somebody listens for the event. */
  readonly audited: boolean;
}

export type WaitUntil = (work: Promise<unknown>) => void;

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
  readonly waitUntil: WaitUntil | undefined;
  readonly #fields: Fields | undefined;
  readonly #circumstances: Circumstances;

  /** `fields` is `undefined` where the request cannot be read: the core then gets none, and refuses. */
  constructor(fields: Fields | undefined, circumstances: Circumstances) {
    const { context, nonce, accessToken, requestId, waitUntil, now, audited } = circumstances;
    this.now = now;
    this.waitUntil = waitUntil;
    this.#fields = fields;
    this.#circumstances = circumstances;
    this.requestId = requestId ?? (audited ? header(fields, "x-request-id") : undefined) ?? "";
    // On the short way the core sees none of these, and an event would not tell a justification.
    const isPlain = context === undefined && nonce === undefined && accessToken === undefined;
    const isShort = isPlain && !(audited && header(fields, "x-justification") !== undefined);
    const token = isShort ? fields?.soleToken() : undefined;
    const place = token === undefined ? undefined : fields?.place();
    this.names = token === undefined || place === undefined ? undefined : { token, place };
  }

  /** All fields for the core. */
  text(): string {
    try {
      return this.#fields?.text(line(this.#circumstances)) ?? "";
    } catch {
      return ""; // a header that cannot be read
    }
  }
}

/** What the core is told beside the request: JSON on one line. */
function line({ context, nonce, accessToken, waitUntil }: Circumstances): string | undefined {
  const members: string[] = [];
  if (context !== undefined) members.push(`"context":${context}`);
  if (nonce !== undefined) members.push(`"nonce":${JSON.stringify(nonce)}`);
  if (accessToken !== undefined) members.push(`"accessToken":${JSON.stringify(accessToken)}`);
  // The host can fetch behind the answer.
  if (waitUntil !== undefined) members.push('"later":true');
  return members.length === 0 ? undefined : `{${members.join(",")}}`;
}

function header(fields: Fields | undefined, name: string): string | undefined {
  try {
    return fields?.read(name);
  } catch {
    return undefined;
  }
}
