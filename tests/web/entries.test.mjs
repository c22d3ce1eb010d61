// What `portcullis` leaves to `portcullis/full`: it says so, and does nothing else.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { plainGuard, plainPolicy, trust } from "./blog.mjs";
import { full, imported, required, stores } from "./package.mjs";
import { issuer, jwk, now, secret } from "./tokens.mjs";

const small = { imported, required };
const namesTheOther = { name: "TypeError", message: /portcullis\/full/ };

const apiKey = { id: "ci", hash: `sha256:${"A".repeat(43)}` };

/** An event, as a guard tells it. */
function anEvent() {
  const guard = plainGuard(full.imported);
  let event;
  guard.onDecision((told) => {
    event = told;
  });
  guard.checkSync({ method: "GET", url: "/me", headers: {} });
  return event;
}

describe("a function of portcullis/full", () => {
  const keys = plainGuard(full.imported).exportKeys();
  const event = anEvent();
  const calls = {
    revoke: (guard) => guard.revoke({ subject: "u1", issuer }),
    revokeAnApiKey: (guard) => guard.revoke({ apiKey: "ci", notBefore: now, until: now + 60 }),
    revokeNothing: (guard) => guard.revoke(),
    revocationName: (guard) => guard.revocationName({ jti: "t1", issuer }),
    exportKeys: (guard) => guard.exportKeys(),
    importKeys: (guard) => guard.importKeys(keys),
    resourceMetadata: (guard) => guard.resourceMetadata(),
    trace: (guard) => guard.trace(event),
    replacePolicy: (guard) => guard.replacePolicy({ ...plainPolicy, revision: 2 }),
    fields: (guard) => guard.fields({ id: "u1" }, "article:read"),
    filter: (guard) => guard.filter({ id: "u1" }, "article:read", {}),
  };
  for (const [name, call] of Object.entries(calls)) {
    for (const [way, portcullis] of Object.entries(small)) {
      test(`throws_a_type_error_in_portcullis: ${name}, ${way}`, () => {
        const guard = plainGuard(portcullis);
        assert.throws(() => call(guard), namesTheOther);
        // It was no failure of the engine: the guard is as it was.
        assert.equal(guard.checkSync({ method: "GET", url: "/public/a", headers: {} }).allowed, true);
      });
    }
    if (name === "revokeNothing") continue;
    test(`is_there_in_portcullis_full: ${name}`, () => {
      for (const portcullis of Object.values(full)) call(plainGuard(portcullis, { trust: { ...trust, apiKeys: [apiKey] } }));
    });
  }

  const options = { revocations: new stores.imported.MemoryRevocations(), replays: new stores.imported.MemoryReplays() };
  for (const [name, store] of Object.entries(options)) {
    test(`has_no_store_in_portcullis: ${name}`, () => {
      for (const portcullis of Object.values(small)) assert.throws(() => plainGuard(portcullis, { [name]: store }), namesTheOther);
    });
  }
});

describe("a trust document for portcullis/full", () => {
  const held = { issuer, audience: "api", secret };
  const published = { issuer, audience: "api", jwks: { keys: [jwk("ES256")] } };
  const pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";
  const template = "https://login.microsoftonline.com/{tenantid}/v2.0";
  const credentials = { clientCertificate: { header: "client-cert", format: "rfc9440" } };
  const documents = {
    "issuers[0].preset": { issuers: [{ issuer, audience: "api", preset: "auth0" }] },
    "issuers[0].tenants": { issuers: [{ issuer: template, audience: "api", tenants: "any" }] },
    "issuers[0].pem": { issuers: [{ issuer, audience: "api", pem }] },
    "issuers[0].introspection": { issuers: [{ issuer, audience: "api", introspection: { endpoint: `${issuer}/introspect`, clientId: "a", clientSecret: "b" } }] },
    "issuers[0].binding": { issuers: [{ ...published, binding: "certificate" }] },
    revocation: { issuers: [held], revocation: {} },
    dpop: { issuers: [held], dpop: {} },
    "credentials.clientCertificate": { issuers: [held], credentials },
  };
  // Tenants are of a preset, and a certificate comes in a header.
  const whole = {
    ...documents,
    "issuers[0].tenants": { issuers: [{ issuer: template, audience: "api", tenants: "any", preset: "entra" }] },
    "issuers[0].binding": { ...documents["issuers[0].binding"], credentials },
  };
  for (const [path, document] of Object.entries(documents)) {
    test(`does_not_load_in_portcullis: ${path}`, () => {
      for (const { Guard, ConfigError } of Object.values(small)) {
        assert.throws(() => new Guard({ policy: plainPolicy, trust: document }), (error) => {
          assert.ok(error instanceof ConfigError);
          assert.deepEqual([error.document, error.path, error.code], ["trust", path, "unsupported"]);
          return true;
        });
      }
    });

    test(`loads_in_portcullis_full: ${path}`, () => {
      for (const { Guard } of Object.values(full)) new Guard({ policy: plainPolicy, trust: whole[path] });
    });
  }

  test("that_asks_for_no_more_loads_in_both", () => {
    const document = { issuers: [published], resourceMetadata: "https://api.example/.well-known/oauth-protected-resource" };
    for (const portcullis of [imported, full.imported]) {
      const { headers } = plainGuard(portcullis, { trust: document }).checkSync({ method: "GET", url: "/me", headers: {} });
      assert.match(headers["www-authenticate"], /resource_metadata="https:\/\/api\.example/);
    }
  });
});
