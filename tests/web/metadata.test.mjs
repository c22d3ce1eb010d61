// The metadata of the protected resource (RFC 9728), in portcullis/full.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { plainGuard, plainPolicy, trust, trustFetched } from "./blog.mjs";
import { full } from "./package.mjs";

const policy = { ...plainPolicy, routes: [...plainPolicy.routes, { route: "POST /export", scope: "export" }] };
const at = (resourceMetadata, more = {}) => ({ ...trustFetched, resourceMetadata, ...more });
const wellKnown = "https://api.example/.well-known/oauth-protected-resource";

describe("resourceMetadata", () => {
  test("is_the_document_to_be_served", () => {
    const guard = plainGuard(full.imported, { policy, trust: at(wellKnown) });
    const expected = {
      resource: "https://api.example",
      authorization_servers: ["https://id.example"],
      bearer_methods_supported: ["header"],
      scopes_supported: ["export"],
    };
    const found = guard.resourceMetadata();
    assert.equal(JSON.stringify(found), JSON.stringify(expected));
    assert.ok(Object.isFrozen(found) && Object.isFrozen(found.scopes_supported));
    assert.equal(guard.resourceMetadata().resource, expected.resource);
  });

  test("names_the_path_of_the_resource", () => {
    const guard = plainGuard(full.imported, { trust: at(`${wellKnown}/mcp`) });
    assert.equal(guard.resourceMetadata().resource, "https://api.example/mcp");
  });

  test("says_what_proofs_are_taken", () => {
    const guard = plainGuard(full.imported, { trust: at(wellKnown, { dpop: { algorithms: ["ES256"] } }) });
    assert.deepEqual(guard.resourceMetadata().dpop_signing_alg_values_supported, ["ES256"]);
  });

  test("is_null_where_there_is_none", () => {
    assert.equal(plainGuard(full.imported).resourceMetadata(), null);
    assert.equal(plainGuard(full.imported, { trust: at("https://api.example/metadata") }).resourceMetadata(), null);
    assert.equal(new full.imported.Guard({ policy }).resourceMetadata(), null);
    assert.equal(plainGuard(full.imported, { trust: { ...trust } }).resourceMetadata(), null);
  });
});
