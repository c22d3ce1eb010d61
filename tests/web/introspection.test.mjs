// Tokens that only their issuer can read (RFC 7662), in portcullis/full.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { plainGuard, request } from "./blog.mjs";
import { full, imported } from "./package.mjs";
import { issuer, now, token } from "./tokens.mjs";

const endpoint = `${issuer}/introspect`;
const introspection = { endpoint, clientId: "api: one", clientSecret: "TEST ONLY: söcret", maxAge: 60 };
const trust = { issuers: [{ issuer, audience: "api", introspection }] };
const active = { active: true, iss: issuer, aud: "api", sub: "u1", exp: now + 600, roles: ["editor"] };

/** A guard, and what its issuer was asked. */
function site(answer) {
  const world = { now, asked: [], reasons: [] };
  const fetch = (...parameters) => {
    world.asked.push(parameters);
    return answer(...parameters);
  };
  world.guard = plainGuard(full.imported, { trust, fetch, clock: () => world.now });
  world.guard.onDecision(({ reason }) => world.reasons.push(reason));
  world.ask = (bearer = "an opaque+token/1==".replace(" ", ".")) => world.guard.check(request("GET", "/me", bearer));
  return world;
}

describe("introspection", () => {
  test("asks_with_care_and_keeps_the_answer_for_a_while", async () => {
    const world = site(async () => Response.json(active));
    for (let round = 0; round < 3; round += 1) assert.equal((await world.ask()).principal?.id, "u1");
    assert.equal(world.asked.length, 1);
    const [[url, init]] = world.asked;
    assert.equal(url, endpoint);
    assert.deepEqual([init.method, init.redirect], ["POST", "manual"]);
    assert.ok(init.signal instanceof AbortSignal);
    const credentials = Buffer.from("api%3A+one:TEST+ONLY%3A+s%C3%B6cret").toString("base64");
    assert.deepEqual(init.headers, {
      accept: "application/json",
      authorization: `Basic ${credentials}`,
      "content-type": "application/x-www-form-urlencoded",
    });
    assert.deepEqual([...new URLSearchParams(init.body)], [["token", "an.opaque+token/1=="], ["token_type_hint", "access_token"]]);
    world.now += 61;
    assert.equal((await world.ask()).allowed, true);
    assert.equal(world.asked.length, 2);
  });

  test("never_takes_one_answer_for_another_token", async () => {
    const subjects = { first: "u1", second: "u2" };
    const world = site(async (_, { body }) => Response.json({ ...active, sub: subjects[new URLSearchParams(body).get("token")] }));
    for (let round = 0; round < 2; round += 1) {
      for (const [bearer, sub] of Object.entries(subjects)) assert.equal((await world.ask(bearer)).principal?.id, sub);
    }
    assert.equal(world.asked.length, 2);
  });

  test("refuses_a_token_that_is_not_active", async () => {
    const world = site(async () => Response.json({ active: false }));
    const { status, code } = await world.ask();
    assert.deepEqual([status, code, world.reasons], [401, "invalid_token", ["token_inactive"]]);
  });

  const body = JSON.stringify(active);
  const unavailable = {
    not_found: async () => new Response(body, { status: 404 }),
    a_redirect: async () => new Response(null, { status: 307, headers: { location: "https://other.example" } }),
    html: async () => new Response("<html></html>"),
    an_answer_that_does_not_say: async () => Response.json({ ...active, active: undefined }),
    an_answer_that_says_it_in_words: async () => Response.json({ ...active, active: "true" }),
    an_answer_that_says_it_twice: async () => new Response(body.replace("{", '{"active":false,')),
    too_much: async () => new Response(body.padEnd(65537)),
    a_fetch_that_rejects: () => Promise.reject(new TypeError("no network")),
    a_fetch_that_throws: () => {
      throw new Error("no network");
    },
  };
  for (const [name, answer] of Object.entries(unavailable)) {
    test(`is_unavailable: ${name}`, async () => {
      const world = site(answer);
      const { status, headers } = await world.ask();
      assert.deepEqual([status, headers["retry-after"], world.reasons], [503, "5", ["introspection_unavailable"]]);
    });
  }

  test("asks_its_issuer_alone_for_a_jwt_too", async () => {
    const world = site(async () => Response.json(active));
    assert.equal((await world.ask(token())).allowed, true);
    assert.equal((await world.ask(token({ iss: "https://other.example" }))).status, 401);
    assert.equal(world.asked.length, 1);
  });

  test("makes_the_guard_wait_and_is_unknown_to_the_smaller_entry", () => {
    const { guard } = site(async () => Response.json(active));
    assert.equal(guard.synchronous, false);
    assert.throws(() => guard.checkSync(request("GET", "/me")), TypeError);
    assert.throws(() => plainGuard(imported, { trust }), { name: "ConfigError", path: "issuers[0].introspection", code: "unsupported" });
  });
});
