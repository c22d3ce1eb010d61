// A policy and a trust document in which each member stands that there is. Their keys and secrets are TEST ONLY.

import { jwk } from "./tokens.mjs";

export const policy = {
  policy: "everything",
  revision: 7,
  resources: {
    article: {
      actions: ["create", "read", "update"],
      owner: "author_id",
      tenant: "tenant_id",
      attributes: { author_id: "string", tenant_id: "string", status: { type: "string", redact: true }, tags: "list(string)" },
      fields: ["title", "body"],
      hide: true,
    },
    album: { actions: ["read", "photos/add"], owner: { resource: "keeper", subject: "email" } },
  },
  permissions: ["read_users"],
  subject: { attributes: { email: "string", clearance: "int" } },
  context: { attributes: { network: "ip" } },
  action: { attributes: { soft: "bool" } },
  roles: {
    reader: { permits: ["article:read", "album:*"] },
    editor: {
      inherits: ["reader"],
      permits: [{ permission: "article:update", owner: true, when: "resource.status != 'archived'", fields: ["title", "status"] }],
    },
    auditor: { permits: ["read_users"] },
    admin: { permits: ["*"], elevated: { acr: ["mfa"], maxAuthAge: 900, justification: true } },
  },
  exclusive: [["editor", "auditor"]],
  rules: [
    { id: "frozen", effect: "deny", permissions: ["article:update"], when: "resource.status == 'archived'", unless: "'admin' in subject.roles", message: "This article is archived." },
    { id: "office", effect: "require", permissions: ["*:read"], when: "now.getHours() < 18" },
  ],
  routes: [
    { route: "GET /articles/{slug}", permission: "article:read", resource: "{slug}", handler: "decides", hide: true },
    { route: "POST /users", role: "admin", scope: "users" },
    { route: "* /public/**", allow: "everyone" },
  ],
};

const pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";
const site = (name) => `https://${name}.example`;

export const trust = {
  issuers: [
    {
      issuer: site("secret"),
      audience: ["api", "web"],
      secret: "TEST ONLY: at least thirty-two bytes",
      algorithms: ["HS256"],
      profile: "access-token",
      leeway: 5,
      maxAge: 3600,
      claims: {
        id: "sub",
        roles: ["realm.access", "roles"],
        permissions: "permissions",
        scopes: "scope",
        session: "sid",
        acr: "acr",
        assignments: "assignments",
        attributes: { email: "email" },
      },
      asserts: { roles: ["editor"], permissions: true, scopes: false },
      idPrefix: "secret|",
      paddedBase64: true,
    },
    { issuer: site("bytes"), audience: null, secret: { base64url: "VEVTVCBPTkxZOiBhdCBsZWFzdCB0aGlydHktdHdvIGJ5dGVz" } },
    { issuer: site("set"), audience: "api", jwks: { keys: [jwk("ES256"), { ...jwk("RS256"), alg: "RS256", use: "sig", key_ops: ["verify"] }] }, binding: "any" },
    { issuer: site("url"), audience: "api", jwksUri: `${site("url")}/jwks` },
    { issuer: site("pem"), audience: "api", pem },
    { issuer: site("pems"), audience: "api", pem: [{ kid: "a", pem }] },
    { issuer: site("asked"), audience: "api", introspection: { endpoint: `${site("asked")}/introspect`, clientId: "a", clientSecret: "TEST ONLY", maxAge: 30 } },
    { issuer: site("found"), audience: "api", discovery: "oauth" },
    { issuer: "https://login.microsoftonline.com/{tenantid}/v2.0", audience: "api", preset: "entra", tenants: ["t1"] },
  ],
  apiKeys: [
    {
      id: "ci",
      hash: `sha256:${"A".repeat(43)}`,
      prefix: "acme",
      roles: ["reader"],
      assignments: [{ role: "editor", tenant: "t1", notBefore: 1, notAfter: 2 }],
      permissions: ["read_users"],
      scopes: ["users"],
      notAfter: 1900000000,
    },
  ],
  apiKeyStore: { prefix: "wicket", idPrefix: "key|", asserts: { roles: ["reader"], permissions: false, scopes: true }, maxAge: 30 },
  guest: { roles: ["reader"] },
  credentials: {
    header: "authorization",
    apiKeyHeader: "x-api-key",
    cookie: "session",
    clientCertificate: { header: "client-cert", format: "rfc9440" },
  },
  realm: "api",
  resourceMetadata: `${site("api")}/.well-known/oauth-protected-resource`,
  revocation: { source: "pushed", maxAge: 30, onUnavailable: "deny" },
  breakGlass: { audience: ["api", "web"], issuers: [{ issuer: site("break"), jwks: { keys: [{ ...jwk("EdDSA"), kid: "glass" }] } }], header: "x-emergency", maxLifetime: 600 },
  policyKeys: { jwks: { keys: [{ ...jwk("EdDSA"), kid: "release" }] }, minimumRevision: 7 },
  dpop: {
    algorithms: ["ES256"],
    window: 60,
    nonce: { secret: "TEST ONLY: at least thirty-two bytes", lifetime: 300 },
    replay: true,
    externalUrl: site("api"),
  },
};
