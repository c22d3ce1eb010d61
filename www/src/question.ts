import type { Fields } from "./request.js";

/** Under which names the handles of an allowed request are kept. */
export interface Names {
  /** The credential's text; empty for none. */
  readonly token: string;
  readonly method: string;
  /** The URL without query and fragment. */
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
}

export type WaitUntil = (work: Promise<unknown>) => void;

/** Of a request that comes alone. */
export const ALONE: Circumstances = Object.freeze({ context: undefined, nonce: undefined, accessToken: undefined, requestId: undefined, waitUntil: undefined });

/** Whether nothing comes with the request that the core would not see on the short way. */
export function isPlain({ context, nonce, accessToken }: Circumstances): boolean {
  return context === undefined && nonce === undefined && accessToken === undefined;
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
  readonly #circumstances: Circumstances;

  /** `fields` is `undefined` where the request cannot be read: the core then gets none, and refuses. `audited`: somebody listens for the event. */
  constructor(fields: Fields | undefined, circumstances: Circumstances, now: number, audited: boolean) {
    this.now = now;
    this.#fields = fields;
    this.#circumstances = circumstances;
    // Somebody may begin to listen while the host is at work.
    this.requestId = audited ? requestId(fields, circumstances) : (circumstances.requestId ?? "");
    const token = isPlain(circumstances) ? fields?.soleToken() : undefined;
    const place = token === undefined ? undefined : fields?.place();
    this.names = token === undefined || place === undefined ? undefined : { token, method: fields?.method ?? "", place };
  }

  get waitUntil(): WaitUntil | undefined {
    return this.#circumstances.waitUntil;
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

/** What the event will call the request; empty for nothing. */
export function requestId(fields: Fields | undefined, { requestId }: Circumstances): string {
  return requestId ?? header(fields, "x-request-id") ?? "";
}

/** What the core is told beside the request: JSON on one line. */
function line(circumstances: Circumstances): string | undefined {
  const { context, nonce, accessToken, waitUntil } = circumstances;
  if (waitUntil === undefined && isPlain(circumstances)) return undefined;
  const members: string[] = [];
  if (context !== undefined) members.push(`"context":${context}`);
  if (nonce !== undefined) members.push(`"nonce":${JSON.stringify(nonce)}`);
  if (accessToken !== undefined) members.push(`"accessToken":${JSON.stringify(accessToken)}`);
  // The host can fetch behind the answer.
  if (waitUntil !== undefined) members.push('"later":true');
  return `{${members.join(",")}}`;
}

/** A header that the event may want; one that cannot be read is none. */
export function header(fields: Fields | undefined, name: string): string | undefined {
  try {
    return fields?.read(name);
  } catch {
    return undefined;
  }
}
