// Fetched keys over time, which one vector cannot say: how long they count, and how often they are fetched.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { plainPolicy, request, trustFetched } from "./blog.mjs";
import { imported } from "./package.mjs";
import { jwk, now, token } from "./tokens.mjs";

const long = { exp: now + 100_000 };
const signed = (kid, alg = "ES256") => token({ roles: ["editor"], ...long }, alg, kid);

/** A guard whose clock and key set the test moves. */
function site(keys) {
  const world = { now, keys, fetched: 0 };
  const fetch = async () => {
    world.fetched += 1;
    if (world.keys === undefined) throw new TypeError("nobody answers");
    return Response.json({ keys: world.keys });
  };
  world.guard = new imported.Guard({ policy: plainPolicy, trust: trustFetched, clock: () => world.now, fetch });
  world.status = async (bearer, url = "/me") => {
    const outcome = await world.guard.check(request("GET", url, bearer));
    return outcome.allowed ? 200 : outcome.status;
  };
  return world;
}

const key = (kid, alg = "ES256") => ({ ...jwk(alg), kid });

describe("a fetched key", () => {
  test("that_was_withdrawn_ends_what_was_seen_before", async () => {
    const world = site([key("a")]);
    assert.deepEqual([await world.status(signed("a")), await world.status(signed("a"))], [200, 200]);
    world.keys = [key("b")];
    world.now += 601;
    assert.deepEqual([await world.status(signed("a")), await world.status(signed("a"))], [401, 401]);
    assert.equal(world.fetched, 2);
  });

  test("is_asked_for_anew_when_its_time_is_over_though_the_token_was_seen", async () => {
    const world = site([key("a")]);
    await world.status(signed("a"));
    world.now += 601;
    assert.equal(await world.status(signed("a")), 200);
    assert.equal(world.fetched, 2);
  });

  test("does_not_answer_for_a_moment_before_it_was_verified", async () => {
    const world = site([key("a")]);
    const early = token({ ...long, nbf: now - 10 }, "ES256", "a");
    assert.equal(await world.status(early), 200);
    world.now -= 500;
    assert.notEqual(await world.status(early), 200);
  });

  test("that_is_unknown_is_fetched_for_once_however_many_ask", async () => {
    const world = site([key("a")]);
    await world.status(signed("a"));
    world.now += 31;
    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => world.status(signed(`random-${index}`))));
    assert.equal(world.fetched, 2);
    // The one that had it fetched knows; the others could not while it was under way.
    assert.deepEqual([answers.filter((status) => status === 401).length, answers.filter((status) => status === 503).length], [1, 199]);
    assert.equal(await world.status(signed("random-again")), 401);
    assert.equal(world.fetched, 2);
  });

  test("that_nobody_has_yet_is_fetched_a_bounded_number_of_times", async () => {
    const world = site(undefined);
    await Promise.all(Array.from({ length: 200 }, () => world.status(signed("a"))));
    assert.ok(world.fetched <= 32, `${world.fetched} fetches`);
  });

  test("is_not_forgotten_for_a_set_without_keys", async () => {
    const world = site([key("a")]);
    await world.status(signed("a"));
    world.keys = [];
    world.now += 31;
    // What the fetch brought is no set, so nobody knows of the unknown key.
    assert.equal(await world.status(signed("b")), 503);
    assert.equal(await world.status(signed("a"), "/users?new"), 403);
  });
});

describe("those who wait", () => {
  test("are_not_pushed_out_by_those_who_come_behind", async () => {
    const trust = { issuers: [{ ...trustFetched.issuers[0], jwksUri: undefined, jwks: { keys: [key("a")] } }] };
    const policy = {
      ...plainPolicy,
      routes: [...plainPolicy.routes, { route: "PUT /articles/{id}", permission: "article:update" }],
    };
    let found;
    const article = () => new Promise((resolve) => { found = resolve; });
    const guard = new imported.Guard({ policy, trust, clock: () => now, resources: { article } });
    const waiting = guard.check(request("PUT", "/articles/1", signed("a")));
    while (found === undefined) await new Promise((resolve) => setImmediate(resolve));
    const forged = `${signed("a").slice(0, -8)}AAAAAAAA`;
    for (let index = 0; index < 3_000; index += 1) assert.equal((await guard.check(request("GET", "/me", forged))).status, 401);
    found({ author_id: "u1" });
    assert.equal((await waiting).allowed, true);
  });

  test("have_their_guard_kept_while_others_are_made", async () => {
    const world = site([key("a")]);
    let answer;
    const fetch = () => new Promise((resolve) => { answer = () => resolve(Response.json({ keys: [key("a")] })); });
    const guard = new imported.Guard({ policy: plainPolicy, trust: trustFetched, clock: () => now, fetch });
    const waiting = guard.check(request("GET", "/me", signed("a")));
    for (let index = 0; index < 100; index += 1) site([key("a")]).guard.can({ id: "u1" }, "read_users");
    answer();
    assert.equal((await waiting).allowed, true);
    assert.equal(world.fetched, 0);
  });
});

describe("a record of headers", () => {
  test("has_names_in_any_case", async () => {
    const { guard } = site([key("a")]);
    const answers = await Promise.all(
      [{ Authorization: "Bearer garbage" }, { authorization: "Bearer a", Authorization: "Bearer b" }].map((headers) =>
        guard.check({ method: "GET", url: "/public/a", headers }),
      ),
    );
    assert.deepEqual(answers.map(({ status }) => status), [401, 400]);
  });
});

describe("a preflight", () => {
  test("names_no_route_to_run", async () => {
    const { guard } = site([key("a")]);
    const headers = { origin: "https://front.example", "access-control-request-method": "GET" };
    const { allowed, preflight, route, permission, principal } = await guard.check({ method: "OPTIONS", url: "/users", headers });
    assert.deepEqual({ allowed, preflight, route, permission, kind: principal.kind }, { allowed: true, preflight: true, route: null, permission: null, kind: "guest" });
  });
});
