// The packed package, from where install.mjs has put it.

import { Guard } from "portcullis";
import { articles, audience, condition, conditional, grants, issuer, manuscripts, owned, parents, roleQuestions } from "../scenario.mjs";

const own = {
  editor: [
    { permission: owned, owner: true },
    { permission: conditional, when: condition },
  ],
};

export const policy = {
  policy: "bench",
  revision: 1,
  resources: {
    article: {
      actions: ["create", "read", "update", "publish", "delete"],
      owner: "author_id",
      attributes: { author_id: "string", status: "string" },
    },
    comment: { actions: ["create", "read", "delete"] },
    user: { actions: ["read", "ban"] },
  },
  roles: Object.fromEntries(
    Object.entries(grants).map(([role, permits]) => [
      role,
      { inherits: parents[role] === undefined ? [] : [parents[role]], permits: [...permits, ...(own[role] ?? [])] },
    ]),
  ),
  routes: [
    { route: "GET /me", allow: "authenticated" },
    { route: "GET /articles", permission: "article:read" },
    { route: "DELETE /articles", permission: "article:delete" },
  ],
};

const guardFor = ({ secret, jwk }, document = policy) =>
  new Guard({ policy: document, trust: { issuers: [{ issuer, audience, ...(jwk === undefined ? { secret } : { jwks: { keys: [jwk] } }) }] } });

/** A token, and a route that is open to whoever is somebody. With WebCrypto, keys other than secrets answer later. */
export function verifier(trusted) {
  const guard = guardFor(trusted);
  const request = (authorization) => ({ method: "GET", url: "/me", headers: { authorization } });
  const answer = (outcome) => outcome.allowed && outcome.principal.id !== "";
  if (guard.synchronous) return (authorization) => answer(guard.checkSync(request(authorization)));
  return async (authorization) => answer(await guard.check(request(authorization)));
}

/** A token, and a route that wants a permission. */
export function gate(trusted) {
  const guard = guardFor(trusted);
  return (authorization, url, method = "GET") => {
    const outcome = guard.checkSync({ method, url, headers: { authorization } });
    return outcome.allowed && outcome.principal.id !== "";
  };
}

/** That policy, and so many roles, with a conditional grant each, and rules that are about something else. */
function grown(size) {
  const numbers = Array.from({ length: size }, (_, number) => number);
  const other = (number) => [`type${number}`, { actions: ["update"], attributes: { owner: "string", status: "string" } }];
  const role = (number) => [`role${number}`, { permits: [{ permission: `type${number}:update`, when: "resource.owner == subject.id" }] }];
  return {
    ...policy,
    resources: { ...policy.resources, ...Object.fromEntries(numbers.map(other)) },
    roles: { ...policy.roles, ...Object.fromEntries(numbers.map(role)) },
    rules: numbers.map((number) => ({ id: `rule${number}`, effect: "deny", permissions: [`type${number}:update`], when: "resource.status == 'archived'" })),
  };
}

/** Of a principal that the guard has verified, or of a subject of one's own. */
const asking = (authorization, trusted, size) => {
  if (authorization === undefined) return { guard: new Guard({ policy }), subject: { id: "ann", roles: ["editor"] } };
  const guard = guardFor(trusted, size === undefined ? policy : grown(size));
  const { principal } = guard.checkSync({ method: "GET", url: "/me", headers: { authorization } });
  return { guard, subject: principal };
};

export function roles(authorization, trusted) {
  const { guard, subject } = asking(authorization, trusted);
  const permissions = roleQuestions.map(({ type, action }) => `${type}:${action}`);
  return (index) => guard.can(subject, permissions[index & 1]);
}

export function ownership(authorization, trusted) {
  const { guard, subject } = asking(authorization, trusted);
  return (index) => guard.can(subject, owned, manuscripts[index & 255]);
}

export function conditions(authorization, trusted, size) {
  const { guard, subject } = asking(authorization, trusted, size);
  return (index) => guard.can(subject, conditional, articles[index & 255]);
}

/** The first decision of a fresh process. */
export const firstDecision = () => roles()(0);
export const firstToken = ({ authorization, trusted }) => verifier(trusted)(authorization);
