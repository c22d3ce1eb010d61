// A small site behind a guard, for the tests of the package's own behaviour.

import { issuer, jwk, now, secret, token } from "./tokens.mjs";

export const policy = {
  policy: "blog",
  revision: 1,
  resources: { article: { actions: ["read", "update"], owner: "author_id" } },
  permissions: ["read_users"],
  roles: {
    viewer: { permits: ["article:read"] },
    editor: { inherits: ["viewer"], permits: [{ permission: "article:update", owner: true }] },
    admin: { inherits: ["editor"], permits: ["read_users", "article:update"] },
  },
  routes: [
    { route: "GET /public/**", allow: "everyone" },
    { route: "GET /me", allow: "authenticated" },
    { route: "GET /users", permission: "read_users" },
    { route: "GET /articles/{id}", permission: "article:read" },
    { route: "PUT /articles/{id}", permission: "article:update" },
  ],
};

/** The same without the route that wants a loader. */
export const plainPolicy = { ...policy, routes: policy.routes.slice(0, 4) };

const shared = { issuer, audience: "api", claims: { attributes: { profile: "profile" } } };

export const trust = { issuers: [{ ...shared, secret }], apiKeys: [] };
export const trustIn = (algorithm) => ({ issuers: [{ ...shared, jwks: { keys: [jwk(algorithm)] } }] });
export const trustFetched = { issuers: [{ ...shared, jwksUri: "https://id.example/jwks" }] };

/** A request as Node's server has it. */
export function request(method, url, bearer, headers = {}) {
  return { method, url, headers: { host: "blog.example", ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }), ...headers } };
}

export const clock = () => now;

/** A guard of the plain policy. */
export function plainGuard({ Guard }, options = {}) {
  return new Guard({ policy: plainPolicy, trust, clock, ...options });
}

/** A guard with a loader for articles. */
export function articleGuard({ Guard }, article, options = {}) {
  return new Guard({ policy, trust, clock, resources: { article }, ...options });
}

export const editor = token({ roles: ["editor"] });
export const admin = token({ sub: "a1", roles: ["admin"] });
