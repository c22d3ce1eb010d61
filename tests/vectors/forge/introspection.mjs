// Opaque tokens, and what their authorization server says of them (RFC 7662 §2.2).

import { audience, now, raw } from "./token.mjs";

/** The authorization server whose tokens are opaque. */
export const server = "https://as.example";
export const endpoint = `${server}/introspect`;

/** What the trust document says of it. */
export const introspection = { endpoint, clientId: "api", clientSecret: "a secret of the api" };

/** A token that says nothing to anyone but its server. */
export const opaque = (text) => raw(text, "opaque: see what the introspection answers");

/** The members of an ordinary active answer; `changes` replaces, and `undefined` takes away. */
export const active = (changes = {}) =>
  Object.fromEntries(
    Object.entries({ active: true, iss: server, aud: audience, sub: "u1", exp: now + 600, ...changes }).filter(([, value]) => value !== undefined),
  );

/** The answers of a case: by the server's url, by token. */
export const answering = (token, answer) => ({ [endpoint]: { [token.text]: answer } });

/** What the host was asked. */
export const question = `introspection ${endpoint}`;
