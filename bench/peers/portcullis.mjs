// The packed package, from where tests/web/install.mjs has installed it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { home } from "../../tests/web/home.mjs";
import { articles, audience, condition, conditional, grants, issuer, owned, parents, roleQuestions } from "../scenario.mjs";

const installed = join(home, "node_modules/portcullis");
const { Guard } = await import(pathToFileURL(join(home, "entries/guard.js")).href);

export const { version } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));

/** What a Worker loads, for the sizes. */
export const files = join(installed, "dist");

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

/** A token, and a route that is open to whoever is somebody. */
export function verifier(trusted) {
  const guard = guardFor(trusted);
  return (authorization) => {
    const outcome = guard.checkSync({ method: "GET", url: "/me", headers: { authorization } });
    return outcome.allowed && outcome.principal.id !== "";
  };
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

export function conditions(authorization, trusted, size) {
  const { guard, subject } = asking(authorization, trusted, size);
  return (index) => guard.can(subject, conditional, articles[index & 255]);
}

/** The first decision of a fresh process. */
export const firstDecision = () => roles()(0);
export const firstToken = (authorization, trusted) => verifier(trusted)(authorization);
