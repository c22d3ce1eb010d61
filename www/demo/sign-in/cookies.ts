// The cookies of the sign-in side. `__Host-` binds each to this host alone, over TLS or on loopback.

export const names = {
  /** The access token, which the guard reads. */
  session: "__Host-session",
  /** The refresh token. */
  refresh: "__Host-refresh",
  /** A sign-in that waits for its second factor. */
  step: "__Host-step",
  /** Tells this browser from others at an account's attempts. */
  device: "__Host-device",
} as const;

export type CookieName = keyof typeof names;

/** The value of a cookie, `null` where it is not there, or more than once: somebody else may have set the second one. */
export function cookie(request: Request, name: CookieName): string | null {
  const values = (request.headers.get("cookie") ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${names[name]}=`))
    .map((pair) => pair.slice(names[name].length + 1));
  return values.length === 1 ? (values[0] ?? null) : null;
}

/** A Set-Cookie field; `seconds` is how long the browser keeps it. */
export function kept(name: CookieName, value: string, seconds: number): string {
  return `${names[name]}=${value}; Path=/; Max-Age=${Math.floor(seconds)}; Secure; HttpOnly; SameSite=Strict`;
}

export function dropped(name: CookieName): string {
  return kept(name, "", 0);
}

/** The answer with cookies beside it. */
export function withCookies(response: Response, ...cookies: readonly string[]): Response {
  for (const text of cookies) response.headers.append("set-cookie", text);
  return response;
}
