// What the core asks of the host: resources, key sets, signatures. A failure there is a refusal, never an allow.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { admin, articleGuard, editor, plainGuard, plainPolicy, request, trustFetched, trustIn } from "./blog.mjs";
import { bundle, fullBundle, imported } from "./package.mjs";
import { jwk, token } from "./tokens.mjs";

const put = (id, bearer = editor) => request("PUT", `/articles/${id}`, bearer);

describe("a loader", () => {
  test("is_called_once_with_the_id_and_only_where_the_answer_hangs_on_it", async () => {
    const asked = [];
    const guard = articleGuard(imported, (...parameters) => {
      asked.push(parameters);
      return { author_id: "u1" };
    });
    assert.equal((await guard.check(put("7%20b"))).allowed, true);
    assert.deepEqual(asked, [["7 b"]]);
    await guard.check(request("GET", "/articles/7", editor));
    await guard.check(request("PUT", "/articles/7"));
    await guard.check(put("7", "garbage"));
    await guard.check(put("7", admin));
    assert.equal(asked.length, 1);
  });

  const unavailable = {
    throws: () => {
      throw new Error("no database");
    },
    rejects: () => Promise.reject(new Error("no database")),
    gives_text: () => "article",
    gives_true: () => true,
    gives_a_getter_that_throws: () => ({
      get author_id() {
        throw new Error("no row");
      },
    }),
    gives_a_proxy_that_throws: () =>
      new Proxy({}, {
        getOwnPropertyDescriptor() {
          throw new Error("no row");
        },
      }),
    gives_a_then_that_throws: () => ({
      get then() {
        throw new Error("no promise");
      },
    }),
  };
  for (const [name, loader] of Object.entries(unavailable)) {
    test(`that_${name}_makes_the_resource_unavailable`, async () => {
      const outcome = await articleGuard(imported, loader).check(put("1"));
      assert.deepEqual([outcome.allowed, outcome.status, outcome.code], [false, 503, "unavailable"]);
    });
  }

  for (const nothing of [null, undefined, Promise.resolve(null)]) {
    test(`that_finds_${nothing instanceof Promise ? "null_later" : nothing}_is_a_404`, async () => {
      const outcome = await articleGuard(imported, () => nothing).check(put("1"));
      assert.deepEqual([outcome.status, outcome.code], [404, "not_found"]);
    });
  }

  test("finds_objects_of_any_class_and_thenables", async () => {
    class Row {
      get author_id() {
        return "u1";
      }
    }
    const thenable = { then: (resolve) => resolve({ author_id: "u1" }) };
    const bare = Object.assign(Object.create(null), { author_id: "u1" });
    for (const found of [new Row(), thenable, bare, Promise.resolve(new Row())]) {
      assert.equal((await articleGuard(imported, () => found).check(put("1"))).allowed, true);
    }
  });

  test("gives_no_attribute_where_json_cannot_carry_it", async () => {
    const circle = {};
    circle.self = circle;
    for (const author_id of [undefined, 1n, Symbol("u1"), () => "u1", Number.NaN, circle, { toJSON: () => undefined }]) {
      const outcome = await articleGuard(imported, () => ({ author_id })).check(put("1"));
      assert.deepEqual([outcome.allowed, outcome.status], [false, 403], String(typeof author_id));
    }
  });

  test("reads_nothing_that_the_policy_does_not_name", async () => {
    const resource = {
      author_id: "u1",
      get secret() {
        throw new Error("read");
      },
    };
    assert.equal((await articleGuard(imported, () => resource).check(put("1"))).allowed, true);
  });
});

describe("checks that wait at the same time", () => {
  test("keep_their_own_answers", async () => {
    const waiting = new Map();
    const guard = articleGuard(imported, (id) => new Promise((resolve) => waiting.set(id, resolve)));
    const ids = Array.from({ length: 40 }, (_, index) => String(index));
    const outcomes = Promise.all(ids.map((id) => guard.check(put(id))));
    for (const id of ids.toReversed?.() ?? [...ids].reverse()) {
      assert.equal((await guard.check(request("GET", "/public/a"))).allowed, true);
      waiting.get(id)(Number(id) % 3 === 0 ? { author_id: "u1" } : Number(id) % 3 === 1 ? { author_id: "other" } : null);
    }
    assert.deepEqual(
      (await outcomes).map(({ allowed, status, resource }) => (allowed ? resource.id : status)),
      ids.map((id) => [id, 403, 404][Number(id) % 3]),
    );
  });
});

describe("a key set", () => {
  const answer = () => Response.json({ keys: [jwk("RS256"), jwk("ES256")] });
  const fetching = (fetch) => plainGuard(imported, { trust: trustFetched, fetch });
  const me = () => request("GET", "/me", token({}, "RS256"));

  test("is_fetched_once_with_care", async () => {
    const asked = [];
    const guard = fetching((url, init) => {
      asked.push({ url, init });
      return Promise.resolve(answer());
    });
    assert.equal((await guard.check(me())).allowed, true);
    assert.equal((await guard.check(request("GET", "/me", token({}, "ES256")))).allowed, true);
    assert.equal(asked.length, 1);
    const [{ url, init }] = asked;
    assert.equal(url, "https://id.example/jwks");
    assert.equal(init.redirect, "manual");
    assert.ok(init.signal instanceof AbortSignal);
    assert.match(init.headers.accept, /application\/jwk-set\+json/);
  });

  test("comes_in_pieces", async () => {
    const text = new TextEncoder().encode(await answer().text());
    const pieces = new ReadableStream({
      start(controller) {
        for (let index = 0; index < text.length; index += 100) controller.enqueue(text.slice(index, index + 100));
        controller.close();
      },
    });
    assert.equal((await fetching(async () => new Response(pieces)).check(me())).allowed, true);
  });

  test("of_64_KiB_is_the_largest", async () => {
    const text = await answer().text();
    const padded = (length) => fetching(async () => new Response(text + " ".repeat(length - text.length)));
    assert.equal((await padded(65536).check(me())).allowed, true);
    assert.equal((await padded(65537).check(me())).status, 503);
  });

  const unavailable = {
    that_is_not_found: async () => new Response(await answer().text(), { status: 404 }),
    that_is_created: async () => new Response(await answer().text(), { status: 201 }),
    that_redirects: async () => new Response(null, { status: 302, headers: { location: "https://id.example/other" } }),
    that_is_html: async () => new Response("<html></html>"),
    that_is_empty: async () => new Response(null),
    whose_fetch_rejects: () => Promise.reject(new TypeError("no network")),
    whose_fetch_throws: () => {
      throw new Error("no network");
    },
    whose_fetch_gives_nothing: () => undefined,
    whose_answer_is_no_response: async () => ({ status: 200, body: { getReader: () => ({ read: async () => ({ done: false, value: "text" }), cancel: async () => {} }) } }),
    whose_body_breaks: async () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            controller.error(new Error("broken"));
          },
        }),
      ),
    that_never_ends: async () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            controller.enqueue(new Uint8Array(4096).fill(32));
          },
        }),
      ),
  };
  for (const [name, fetch] of Object.entries(unavailable)) {
    test(`${name}_is_unavailable`, async () => {
      const outcome = await fetching(fetch).check(me());
      assert.deepEqual([outcome.allowed, outcome.status, outcome.headers["retry-after"]], [false, 503, "5"]);
    });
  }

  test("is_fetched_by_each_request_that_misses_it", async () => {
    const resolvers = [];
    const guard = fetching(() => new Promise((resolve) => resolvers.push(resolve)));
    const checks = [guard.check(me()), guard.check(me()), guard.check(me())];
    assert.ok(resolvers.length >= 1);
    for (const resolve of resolvers.reverse()) resolve(answer());
    for (const { allowed, status } of await Promise.all(checks)) assert.ok(allowed || status === 503);
  });
});

describe("EdDSA in portcullis/full", () => {
  test("is_verified_in_the_file_itself", (context) => {
    context.mock.method(crypto.subtle, "importKey", () => assert.fail("the host is asked"));
    const guard = plainGuard(fullBundle, { trust: trustIn("EdDSA") });
    const good = token({}, "EdDSA");
    assert.equal(guard.synchronous, true);
    assert.equal(guard.checkSync(request("GET", "/me", good)).principal.id, "u1");
    assert.equal(guard.checkSync(request("GET", "/me", `${good.slice(0, -4)}AAAA`)).status, 401);
  });
});

describe("a signature that the host verifies", () => {
  for (const algorithm of ["RS256", "ES256", "EdDSA"]) {
    const guardBy = (portcullis) => plainGuard(portcullis, { policy: plainPolicy, trust: trustIn(algorithm) });
    const good = token({}, algorithm);
    const [header, , signature] = good.split(".");
    const [, forged] = token({ sub: "a1", roles: ["admin"] }, algorithm).split(".");

    test(`is_verified_at_once_in_Node: ${algorithm}`, () => {
      const guard = guardBy(imported);
      assert.equal(guard.synchronous, true);
      for (let round = 0; round < 3; round += 1) {
        assert.equal(guard.checkSync(request("GET", "/me", good)).principal.id, "u1");
        assert.equal(guard.checkSync(request("GET", "/me", `${header}.${forged}.${signature}`)).status, 401);
      }
    });

    test(`is_waited_for_where_WebCrypto_verifies: ${algorithm}`, async () => {
      const guard = guardBy(bundle);
      assert.equal(guard.synchronous, false);
      assert.equal((await guard.check(request("GET", "/me", good))).principal.id, "u1");
      assert.equal((await guard.check(request("GET", "/me", `${header}.${forged}.${signature}`))).status, 401);
    });

    test(`is_unavailable_where_WebCrypto_lacks_the_algorithm: ${algorithm}`, async (context) => {
      const guard = guardBy(bundle);
      const lacking = context.mock.method(crypto.subtle, "importKey", async () => {
        throw new DOMException("Unrecognized name.", "NotSupportedError");
      });
      const { allowed, status } = await guard.check(request("GET", "/me", good));
      assert.deepEqual({ allowed, status }, { allowed: false, status: 503 });
      lacking.mock.restore();
      assert.equal((await guard.check(request("GET", "/me", good))).allowed, true);
    });
  }
});
