// What a request may look like, and what becomes of one that cannot be read.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { editor, plainGuard, request, trust } from "./blog.mjs";
import { imported } from "./package.mjs";

describe("a request that cannot be read is refused", () => {
  const throwing = () => {
    throw new Error("hostile");
  };
  const cases = {
    no_members: {},
    a_method_that_is_no_text: { method: 5, url: "/public/a", headers: {} },
    a_url_that_is_no_text: { method: "GET", url: new URL("https://blog.example/public/a"), headers: {} },
    no_headers: { method: "GET", url: "/public/a" },
    headers_that_are_text: { method: "GET", url: "/public/a", headers: "authorization: Bearer x" },
    a_header_that_is_a_number: { method: "GET", url: "/public/a", headers: { authorization: 5 } },
    a_header_that_is_an_object: { method: "GET", url: "/public/a", headers: { authorization: { toString: () => "Bearer x" } } },
    a_pair_of_three: { method: "GET", url: "/public/a", headers: [["origin", "a", "b"]] },
    a_pair_that_is_text: { method: "GET", url: "/public/a", headers: ["origin"] },
    a_method_that_throws: { get method() { return throwing(); }, url: "/public/a", headers: {} },
    headers_that_throw: { method: "GET", url: "/public/a", headers: { get: throwing } },
    headers_that_throw_late: { method: "GET", url: "/public/a", headers: { get: (name) => (name === "authorization" || name === "x-api-key" ? null : throwing()) } },
    a_getter_that_throws: { method: "GET", url: "/public/a", headers: { get authorization() { return throwing(); } } },
    a_proxy_that_throws: new Proxy({}, { get: throwing }),
    a_line_break_in_the_method: { method: "GET\n/public/a", url: "/public/a", headers: {} },
    a_line_break_in_the_url: { method: "GET", url: "/public/a\n", headers: {} },
    a_line_break_in_a_header: { method: "GET", url: "/public/a", headers: { authorization: "Bearer x\n=y" } },
    a_url_of_a_megabyte: { method: "GET", url: `/public/${"a".repeat(1 << 20)}`, headers: {} },
    a_lone_surrogate: { method: "GET", url: "/public/\ud800", headers: {} },
  };
  for (const [name, hostile] of Object.entries(cases)) {
    test(name, async () => {
      const guard = plainGuard(imported);
      for (const outcome of [await guard.check(hostile), await guard.check(hostile)]) {
        assert.equal(outcome.allowed, false);
        assert.ok([400, 401, 403, 503].includes(outcome.status));
        assert.equal(outcome.response().status, outcome.status);
      }
      assert.equal((await guard.check(request("GET", "/public/a"))).allowed, true);
    });
  }
});

describe("every form of headers says the same", () => {
  const guard = plainGuard(imported);
  const authorization = `Bearer ${editor}`;
  const forms = {
    a_request: new Request("https://blog.example/me", { headers: { authorization } }),
    headers: { method: "GET", url: "/me", headers: new Headers({ authorization }) },
    a_map: { method: "GET", url: "/me", headers: new Map([["authorization", authorization]]) },
    a_record: { method: "GET", url: "/me", headers: { authorization, origin: undefined } },
    a_record_with_a_list: { method: "GET", url: "/me", headers: { authorization: [authorization], cookie: [] } },
    pairs: { method: "GET", url: "/me", headers: [["Authorization", authorization]] },
  };
  for (const [name, form] of Object.entries(forms)) {
    test(name, () => assert.equal(guard.checkSync(form).principal?.id, "u1"));
  }

  const doubled = {
    a_list_of_two: { authorization: [authorization, authorization] },
    two_pairs: [["authorization", authorization], ["AUTHORIZATION", authorization]],
  };
  for (const [name, headers] of Object.entries(doubled)) {
    test(`${name}_is_malformed`, () => {
      const outcome = guard.checkSync({ method: "GET", url: "/me", headers });
      assert.deepEqual([outcome.status, outcome.code], [400, "malformed_credentials"]);
    });
  }

  test("what_every_object_inherits_is_no_header", () => {
    const issuers = trust.issuers;
    const named = plainGuard(imported, { trust: { issuers, credentials: { header: "constructor" } } });
    assert.equal(named.checkSync({ method: "GET", url: "/public/a", headers: {} }).allowed, true);
  });
});
