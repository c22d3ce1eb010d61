// What the sign-in side refuses beside the guard, in the guard's form: problem JSON (RFC 9457), one row for each.
// Rows that the guard has too are word for word the guard's.

const rows = {
  malformed_request: [400, "Bad Request", "The request is not one that this endpoint takes"],
  invalid_credentials: [401, "Unauthorized", "Invalid credentials"],
  session_ended: [401, "Unauthorized", "The session has ended"],
  cross_site_request: [403, "Forbidden", "Cross-site request refused"],
  not_found: [404, "Not Found", "Not found"],
  name_taken: [409, "Conflict", "This name is taken"],
  conflict: [409, "Conflict", "That has changed meanwhile"],
  too_large: [413, "Content Too Large", "Too much at once"],
  invalid_name: [422, "Unprocessable Content", "A name has 3 to 32 letters a to z, digits and hyphens, and begins with a letter"],
  invalid_password: [422, "Unprocessable Content", "A password has 15 to 256 characters"],
  guessable_password: [422, "Unprocessable Content", "This password is too easy to guess"],
  invalid_code: [422, "Unprocessable Content", "The code is not the one that the authenticator shows now"],
  invalid_article: [422, "Unprocessable Content", "An article has a title of 1 to 120 and a text of 1 to 4,000 characters"],
  invalid_label: [422, "Unprocessable Content", "A label has 1 to 40 characters"],
  invalid_roles: [422, "Unprocessable Content", "Roles are writer, moderator and admin"],
  too_many_keys: [422, "Unprocessable Content", "There are ten keys already; revoke one first"],
  too_many_requests: [429, "Too Many Requests", "Too much at once"],
  account_locked: [429, "Too Many Requests", "Too many attempts. Sign in from a browser that you have used before or with a recovery code, or ask an admin"],
  too_many_attempts: [429, "Too Many Requests", "Too many attempts"],
  unavailable: [503, "Service Unavailable", "Try again later"],
} as const;

export type Refused = keyof typeof rows;

/** A 401 names what it would take (RFC 9110 §15.5.2), as the guard's does. */
const challenge = 'Bearer realm="wicket-press", ApiKey realm="wicket-press"';

/** Seconds, as the guard says it with its own 503. */
const patience = 5;

/** A refusal as a response; `retryAfter` in seconds. */
export function refuse(code: Refused, retryAfter?: number): Response {
  const [status, title, detail] = rows[code];
  const wait = retryAfter ?? (status === 503 ? patience : undefined);
  return new Response(JSON.stringify({ type: "about:blank", title, status, detail, code }), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(status === 401 && { "www-authenticate": challenge }),
      ...(wait !== undefined && { "retry-after": String(Math.ceil(wait)) }),
    },
  });
}

/** Thrown by whatever finds out; the dispatcher answers it. */
export class Refusal extends Error {
  readonly code: Refused;
  readonly retryAfter: number | undefined;

  constructor(code: Refused, retryAfter?: number) {
    super(code);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}
