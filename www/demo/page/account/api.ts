// What the page says to the server. An access token that has ended is renewed once behind the caller's back; where the
// guard wants a stronger or fresher sign-in, the page asks for it and then tries again.

/** A refusal, as the server told it. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  /** Seconds. */
  readonly retryAfter: number | null;
  /** The guard wants two factors. */
  readonly wantsSecondFactor: boolean;

  constructor(status: number, { code, detail }: { readonly code: string; readonly detail: string }, headers: Headers) {
    super(detail);
    this.status = status;
    this.code = code;
    this.retryAfter = headers.has("retry-after") ? Number(headers.get("retry-after")) : null;
    this.wantsSecondFactor = headers.get("www-authenticate")?.includes("acr_values=") ?? false;
  }
}

/** How the page is asked for what the server wants; set by main.ts. */
export interface Hooks {
  /** Whether the user has proved once more who they are. */
  readonly stepUp: (refused: Refused) => Promise<boolean>;
  /** The session is renewed, perhaps with other roles. */
  readonly renewed: () => Promise<void>;
  /** There is no session any more. */
  readonly ended: () => void;
}

let hooks: Hooks | undefined;

export function setHooks(given: Hooks): void {
  hooks = given;
}

/** Calls an endpoint of /api; the answer's JSON. Throws {@link Refused}. */
export async function call<Answer = unknown>(method: string, path: string, body?: object): Promise<Answer> {
  let renewed = false;
  let proved = false;
  for (;;) {
    try {
      return await once<Answer>(method, path, body);
    } catch (error) {
      if (!(error instanceof Refused) || hooks === undefined) throw error;
      if (error.code === "insufficient_user_authentication" && !proved) {
        proved = await hooks.stepUp(error);
        if (!proved) throw error;
      } else if ((error.code === "authentication_required" || error.code === "invalid_token") && !renewed) {
        renewed = await renew();
        if (!renewed) hooks.ended();
        if (!renewed) throw error;
        await hooks.renewed();
      } else {
        throw error;
      }
    }
  }
}

/** The same, as it is: for the doors, where a refusal is an answer. */
export async function once<Answer = unknown>(method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`/api/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    cache: "no-store",
  });
  if (response.ok) return (await response.json()) as Answer;
  const isProblem = response.headers.get("content-type") === "application/problem+json";
  const problem = isProblem ? ((await response.json()) as { code: string; detail: string }) : { code: "unavailable", detail: "Try again later" };
  throw new Refused(response.status, problem, response.headers);
}

let renewal: Promise<boolean> | undefined;

/** A new access token; calls that come meanwhile wait for the same one. */
export function renew(): Promise<boolean> {
  renewal ??= once("POST", "refresh", {})
    .then(
      () => true,
      (error: unknown) => {
        if (error instanceof Refused && error.status === 401) return false;
        throw error;
      },
    )
    .finally(() => {
      renewal = undefined;
    });
  return renewal;
}
