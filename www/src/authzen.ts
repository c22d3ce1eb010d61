import * as given from "./arguments.js";
import type { ConfigError } from "./config-error.js";
import { door, type Door } from "./door.js";
import type { Guard } from "./guard.js";
import { TextEncoder } from "./wasm/text.js";

// What upkeep does for this, each by its number; see src/wasm/upkeep.rs.
const DIRECTORY = 8;
const DIRECTORY_EXPLAINED = 9;
const ANSWER = 10;
const UNAUTHENTICATED = 11;

/** No call has a longer body; one byte more is read, so that the core says what is wrong. */
const MAX_BODY_BYTES = 256 * 1024;
/** As much as crosses to the core at once, and the core's own limit. */
const MAX_DIRECTORY_BYTES = 1024 * 1024;

const REQUEST_ID = "x-request-id";

const encoder = new TextEncoder();

/** What an AuthZEN decision point is made of, beside its guard. */
export interface AuthzenOptions {
  /**
   * Subjects and resources by type and id, or its JSON text: `{ user: { u1: { roles: ["editor"], email: "…" } }, article:
   * { 1: { author: "u1" } } }`. Of an entity `roles`, `permissions`, `scopes`, `assignments`, `acr`, `amr` and `authTime`
   * say what it is as a subject; all other members are attributes, and win over a request's `properties`. At most 1 MiB,
   * 10,000 entities and 100 members in each.
   */
  readonly directory: object | string;
  /**
   * Who may ask. A function says yes with `true`, and anything else is a 401. A guard checks the request itself, by the
   * routes of its policy, and its refusal is the answer: it may be the same guard.
   *
   * **Where this is absent everybody may ask**, and whoever may ask learns who may do what: leave it out only where
   * something in front of the handler lets nobody else through.
   */
  readonly authenticate?: ((request: Request) => boolean | Promise<boolean>) | Pick<Guard, "check">;
  /**
   * Where the decision point is, with a path where it is under one: `https://pdp.example`. The origin of each request's
   * URL where absent; that is the sender's word wherever `Host` is.
   */
  readonly baseUrl?: string;
  /**
   * Whether denials have the explanation's sentence in `context.reason_admin`. It names roles and rules: for callers that
   * may know the policy. `false` where absent.
   */
  readonly explain?: boolean;
}

/**
 * A decision point that speaks the OpenID AuthZEN Authorization API 1.0, as a fetch handler: evaluation, evaluations, the
 * three searches and the metadata. The guard must be of `portcullis/full`.
 *
 * ```ts
 * import { authzen } from "portcullis/authzen";
 * import { Guard } from "portcullis/full";
 *
 * const guard = new Guard({ policy, trust });
 * export default { fetch: authzen(guard, { directory, authenticate: guard }) };
 * ```
 *
 * A decision is no audit event: whoever asks for one enforces it, and writes it down.
 *
 * @throws {@link ConfigError} where the directory does not load, and `TypeError` where an argument is none.
 */
export function authzen(guard: Guard, options: AuthzenOptions): (request: Request) => Promise<Response> {
  const way = given.object("authzen: guard", guard)[door] as Door | undefined;
  if (way === undefined) throw new TypeError("authzen: guard must be a Guard of portcullis/full");
  const { directory, authenticate, baseUrl, explain, ...others } = given.object("authzen: options", options);
  for (const name of Object.keys(others)) throw new TypeError(`authzen: there is no option ${name}`);
  if (explain !== undefined && typeof explain !== "boolean") throw new TypeError("authzen: explain must be true or false");
  const text = typeof directory === "string" ? directory : given.jsonText("authzen: directory", given.object("authzen: directory", directory));
  const point = new DecisionPoint(way, text, explain ?? false);
  const base = baseUrl === undefined ? undefined : baseOf(given.text("authzen: baseUrl", baseUrl));
  const refusal = gate(authenticate, point);

  return async (request) => {
    const response = (await refusal(request)) ?? (await answered(point, request, base));
    const id = request.headers.get(REQUEST_ID);
    if (id !== null) response.headers.set(REQUEST_ID, id);
    return response;
  };
}

/** The core's decision point over one directory. */
class DecisionPoint {
  readonly #way: Door;
  readonly #directory: string;
  readonly #keep: number;
  /** Under which the core keeps the directory: made of what is in it. */
  #name: string;

  constructor(way: Door, directory: string, explain: boolean) {
    if (encoder.encode(directory).length > MAX_DIRECTORY_BYTES) {
      throw way.misconfigured({ document: "directory", path: "", code: "too_large", message: "directory: the text is too large" });
    }
    this.#way = way;
    this.#directory = directory;
    this.#keep = explain ? DIRECTORY_EXPLAINED : DIRECTORY;
    this.#name = this.#kept();
  }

  answer(method: string, path: string, contentType: string | null, baseUrl: string, body: Uint8Array): Response {
    const asked = (): string => {
      const head = encoder.encode(`${JSON.stringify([this.#name, method, path, contentType, baseUrl])}\n`);
      const input = new Uint8Array(head.length + body.length);
      input.set(head);
      input.set(body, head.length);
      return this.#way.ask(ANSWER, input);
    };
    return this.#response(() => {
      const text = asked();
      if (text !== "") return text;
      // The core has forgotten the directory: behind a trap, or behind many others.
      this.#name = this.#kept();
      return asked();
    });
  }

  unauthenticated(): Response {
    return this.#response(() => this.#way.ask(UNAUTHENTICATED, ""));
  }

  #kept(): string {
    const kept = JSON.parse(this.#way.ask(this.#keep, this.#directory)) as
      | { readonly name: string }
      | { readonly error: ConstructorParameters<typeof ConfigError>[0] };
    if ("error" in kept) throw this.#way.misconfigured(kept.error);
    return kept.name;
  }

  #response(ask: () => string): Response {
    try {
      const { status, headers, body } = JSON.parse(ask()) as {
        readonly status: number;
        readonly headers: Readonly<Record<string, string>>;
        readonly body: string;
      };
      return new Response(body === "" ? null : body, { status, headers });
    } catch {
      return this.#way.unavailable();
    }
  }
}

/** What refuses a request before it is read; `undefined` where it may go on. */
function gate(authenticate: AuthzenOptions["authenticate"], point: DecisionPoint): (request: Request) => Promise<Response | undefined> {
  if (authenticate === undefined) return async () => undefined;
  if (typeof authenticate === "function") {
    return async (request) => ((await authenticate(request)) === true ? undefined : point.unauthenticated());
  }
  given.aFunction("authzen: authenticate", given.object("authzen: authenticate", authenticate).check);
  return async (request) => {
    const outcome = await authenticate.check(request);
    return outcome.allowed ? undefined : outcome.response();
  };
}

async function answered(point: DecisionPoint, request: Request, base: string | undefined): Promise<Response> {
  const { origin, pathname } = new URL(request.url);
  const body = await readBody(request);
  return point.answer(request.method, pathname, request.headers.get("content-type"), base ?? origin, body);
}

/** The body, or of a longer one its beginning. What breaks off on the way is no JSON, and is refused as such. */
async function readBody(request: Request): Promise<Uint8Array> {
  if (request.bodyUsed) throw new TypeError("authzen: the body of the request was read before");
  const bytes = new Uint8Array(MAX_BODY_BYTES + 1);
  let length = 0;
  const reader: ReadableStreamDefaultReader<unknown> | undefined = request.body?.getReader();
  try {
    while (reader !== undefined && length < bytes.length) {
      const { done, value } = await reader.read();
      if (done) break;
      if (!(value instanceof Uint8Array)) return bytes.subarray(0, 0);
      const piece = value.subarray(0, bytes.length - length);
      bytes.set(piece, length);
      length += piece.length;
    }
    if (length === bytes.length) await reader?.cancel();
  } catch {
    return bytes.subarray(0, 0);
  }
  return bytes.subarray(0, length);
}

function baseOf(text: string): string {
  const { protocol, origin, pathname, href } = new URL(text);
  // Without user, query and fragment there is nothing else in it.
  if (!/^https?:$/.test(protocol) || href !== `${origin}${pathname}`) throw new TypeError("authzen: baseUrl must be an http or https URL without user, query and fragment");
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}
