// The way of a token and a route that were seen before: numbers alone, and the same answers.

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { admin, editor, plainGuard, plainPolicy, request, trust } from "./blog.mjs";
import { home } from "./home.mjs";
import { imported } from "./package.mjs";
import { now, token } from "./tokens.mjs";

/** Headers that count which names are read: the full way reads all, the short way only credentials. */
function counting(headers) {
  const read = [];
  return {
    read,
    get(name) {
      read.push(name);
      return headers[name] ?? null;
    },
  };
}

function check(guard, method, url, headers = {}, options = undefined) {
  const counted = counting(headers);
  const outcome = guard.checkSync({ method, url, headers: counted }, options);
  return { outcome, short: !counted.read.includes("origin") && !counted.read.includes("x-justification") };
}

const bearer = (text) => ({ authorization: `Bearer ${text}` });

describe("the short way", () => {
  test("is_taken_for_a_token_and_a_route_that_were_seen", () => {
    const guard = plainGuard(imported);
    const first = check(guard, "GET", "/me", bearer(editor));
    const second = check(guard, "GET", "/me", bearer(editor));
    assert.deepEqual([first.short, second.short], [false, true]);
    assert.deepEqual(second.outcome, first.outcome);
    assert.equal(second.outcome.principal, first.outcome.principal);
  });

  test("is_taken_for_guests_too", () => {
    const guard = plainGuard(imported);
    const first = check(guard, "GET", "/public/a");
    const second = check(guard, "GET", "/public/a");
    assert.equal(second.short, true);
    assert.equal(JSON.stringify(second.outcome), JSON.stringify(first.outcome));
  });

  test("whoever_has_the_same_roles_is_somebody_of_their_own", () => {
    const guard = plainGuard(imported);
    const ids = ["a", "b", "\n", "a\nb\n", '"\\', '["user"]\n', "\u0000é\u{1f600}\u2028", "x".repeat(2_000)];
    for (const roles of [["editor"], ["viewer"], ["editor"], ["editor", "viewer"], [], ["\n"]]) {
      for (const id of ids) {
        const { principal } = check(guard, "GET", "/me", bearer(token({ sub: id, roles }))).outcome;
        const alone = check(plainGuard(imported), "GET", "/me", bearer(token({ sub: id, roles }))).outcome.principal;
        assert.deepEqual([principal.id, principal.roles, JSON.stringify(principal)], [id, roles, JSON.stringify(alone)]);
        for (const part of [principal, principal.roles, principal.attributes]) assert.ok(Object.isFrozen(part));
      }
    }
  });

  test("answers_as_the_full_way_for_every_pair", () => {
    const guard = plainGuard(imported);
    const urls = ["/me", "/users", "/articles/1", "/articles/2", "/articles/1?page=2", "/articles/1#top", "https://blog.example/articles/1", "/public/a/b", "/nowhere"];
    const tokens = [undefined, editor, admin, token({ roles: ["viewer"] }), "garbage"];
    for (let round = 0; round < 3; round += 1) {
      for (const url of urls) {
        for (const text of tokens) {
          for (const method of ["GET", "HEAD", "POST"]) {
            const headers = text === undefined ? {} : bearer(text);
            const warm = check(guard, method, url, headers).outcome;
            const cold = check(plainGuard(imported), method, url, headers).outcome;
            assert.equal(JSON.stringify(warm), JSON.stringify(cold), `${method} ${url}`);
          }
        }
      }
    }
  });

  test("sees_that_a_token_expires", () => {
    let time = now;
    const guard = plainGuard(imported, { clock: () => time });
    const text = token({ exp: now + 100 });
    const seen = [];
    guard.onDecision(({ reason }) => seen.push(reason));
    for (time of [now, now + 1, now + 159]) assert.equal(check(guard, "GET", "/me", bearer(text)).outcome.allowed, true);
    for (time of [now + 160, now + 1000]) {
      const { outcome } = check(guard, "GET", "/me", bearer(text));
      assert.deepEqual([outcome.status, outcome.code], [401, "invalid_token"]);
    }
    time = now + 159;
    assert.equal(check(guard, "GET", "/me", bearer(text)).outcome.allowed, true);
    assert.deepEqual(seen, ["permitted", "permitted", "permitted", "expired", "expired", "permitted"]);
  });

  const others = {
    a_second_credential: ["GET", "/me", { "x-api-key": "k".repeat(40) }],
    a_token_in_the_query: ["GET", "/me?access_token=abc", {}],
    a_malformed_header: ["GET", "/me", { authorization: "" }],
  };
  for (const [name, [method, url, headers]] of Object.entries(others)) {
    test(`is_not_taken_with_${name}`, () => {
      const withKeys = { ...trust, apiKeys: [{ id: "ci", hash: `sha256:${"A".repeat(43)}`, roles: ["viewer"] }] };
      const guard = plainGuard(imported, { trust: withKeys });
      check(guard, "GET", "/me", bearer(editor));
      assert.equal(check(guard, "GET", "/me", bearer(editor)).short, true);
      const { outcome, short } = check(guard, method, url, { ...bearer(editor), ...headers });
      assert.equal(short, false);
      assert.deepEqual([outcome.status, outcome.code], [400, "malformed_credentials"]);
    });
  }

  test("is_not_taken_with_a_context_nor_for_OPTIONS", () => {
    const policy = { ...plainPolicy, routes: [...plainPolicy.routes, { route: "* /any", allow: "everyone" }] };
    const guard = plainGuard(imported, { policy });
    for (let round = 0; round < 2; round += 1) {
      assert.equal(check(guard, "OPTIONS", "/any", bearer(editor)).short, false);
      assert.equal(check(guard, "GET", "/any", bearer(editor), { context: {} }).short, false);
      assert.equal(check(guard, "GET", "/any", bearer(editor), { context: { justification: "because" } }).outcome.allowed, true);
    }
  });

  test("is_not_taken_where_an_ID_token_is_held_against_something", () => {
    const idToken = token({ iat: now, nonce: "n" });
    const issuers = [{ ...trust.issuers[0], profile: "id-token" }];
    const guard = plainGuard(imported, { trust: { issuers } });
    const ask = (options) => {
      const { outcome, short } = check(guard, "GET", "/me", bearer(idToken), options);
      return [outcome.allowed, short];
    };
    const waiting = { waitUntil: () => undefined };
    assert.deepEqual([ask(waiting), ask(waiting)], [[true, false], [true, true]]);
    for (let round = 0; round < 2; round += 1) {
      assert.deepEqual(ask({ nonce: "n" }), [true, false]);
      assert.deepEqual(ask({ nonce: "another" }), [false, false]);
      assert.deepEqual(ask({ accessToken: "any" }), [true, false]);
    }
    assert.deepEqual(ask(waiting), [true, true]);
  });

  test("is_not_taken_where_an_event_has_a_justification_to_tell", () => {
    const guard = plainGuard(imported);
    const told = [];
    guard.onDecision(({ justification }) => told.push(justification));
    for (let round = 0; round < 2; round += 1) {
      check(guard, "GET", "/me", { ...bearer(editor), "x-justification": "because" });
      check(guard, "GET", "/me", bearer(editor));
    }
    assert.deepEqual(told, ["because", null, "because", null]);
  });

  test("takes_no_other_route_for_a_method_with_a_path_in_it", () => {
    const policy = { ...plainPolicy, routes: [{ route: "* /public", allow: "everyone" }, { route: "GET /users", permission: "read_users" }] };
    const guard = plainGuard(imported, { policy });
    for (let round = 0; round < 2; round += 1) {
      check(guard, "GET", "/public", bearer(editor));
      for (const method of ["GET\n/public", "GET /public", "GET\n", "\n/public"]) {
        assert.equal(check(guard, method, "/users", bearer(editor)).outcome.allowed, false);
        assert.equal(check(guard, method, "", bearer(editor)).outcome.allowed, false);
      }
    }
  });

  test("forgets_tokens_and_routes_and_stays_right", () => {
    const guard = plainGuard(imported);
    const tokens = Array.from({ length: 3000 }, (_, index) => token({ sub: `u${index}`, roles: index % 2 === 0 ? ["admin"] : ["viewer"] }));
    for (let round = 0; round < 2; round += 1) {
      tokens.forEach((text, index) => {
        const me = check(guard, "GET", `/public/${index}`, bearer(text)).outcome;
        assert.equal(me.principal.id, `u${index}`);
        assert.equal(me.route, "GET /public/**");
        const users = check(guard, "GET", "/users", bearer(text)).outcome;
        assert.equal(users.allowed, index % 2 === 0);
      });
    }
  });

  test("is_taken_again_for_a_route_that_the_core_had_to_forget", () => {
    const guard = plainGuard(imported);
    const ask = (path) => check(guard, "GET", path, bearer(editor)).short;
    ask("/public/kept");
    // The core keeps the newest 2,048; what is asked for all the time stays in the host's map.
    for (let number = 0; number < 2500; number += 1) {
      ask(`/public/${number}`);
      if (number % 100 === 0) ask("/public/kept");
    }
    ask("/public/kept");
    assert.equal(ask("/public/kept"), true);
  });

  test("is_not_taken_for_what_is_too_long_to_keep", () => {
    const policy = { ...plainPolicy, routes: [{ route: "* /public/**", allow: "everyone" }] };
    const guard = plainGuard(imported, { policy });
    const long = "a".repeat(4096);
    for (const [method, url] of [["GET", `/public/${long}`], ["GET", `/public/a?${long}`], ["GET", `/public/a#${long}`], [long.toUpperCase(), "/public/a"]]) {
      for (let round = 0; round < 2; round += 1) {
        const { outcome, short } = check(guard, method, url, bearer(editor));
        assert.deepEqual([outcome.allowed, short], [true, false]);
      }
    }
    assert.equal(check(guard, "GET", "/public/a?q", bearer(editor)).short, false);
    assert.equal(check(guard, "GET", "/public/a?q", bearer(editor)).short, true);
  });

  test("gives_the_same_outcome_where_nothing_has_changed", () => {
    const guard = plainGuard(imported);
    const ask = (path) => check(guard, "GET", path, bearer(editor)).outcome;
    for (const path of ["/me", "/articles/1"]) ask(path);
    const [me, article] = [ask("/me"), ask("/articles/1")];
    assert.deepEqual([me.route, article.route, article.resource], ["GET /me", "GET /articles/{id}", { type: "article", id: "1" }]);
    assert.equal(ask("/articles/1"), ask("/articles/1"));
    assert.ok(Object.isFrozen(me));
  });

  test("tells_tokens_apart_that_end_alike", () => {
    const guard = plainGuard(imported);
    const [start, end] = [editor.slice(0, -43), editor.slice(-43)];
    for (let round = 0; round < 3; round += 1) {
      assert.equal(check(guard, "GET", "/me", bearer(editor)).outcome.principal?.id, "u1");
      for (const other of [`${start}A${end.slice(1)}`, `${start.slice(0, -2)}${start.at(-1)}${start.at(-2)}${end}`]) {
        assert.equal(check(guard, "GET", "/me", bearer(other)).outcome.allowed, false);
      }
    }
  });

  test("is_not_led_astray_by_a_request_that_checks_another_while_it_is_read", () => {
    const guard = plainGuard(imported);
    const me = (token) => guard.checkSync({ method: "GET", url: "/me", headers: bearer(token) });
    for (let round = 0; round < 3; round += 1) {
      const nested = { get: (name) => (name === "authorization" ? (me(admin), `Bearer ${editor}`) : (me(admin), null)) };
      assert.equal(guard.checkSync({ method: "GET", url: "/me", headers: nested }).principal.id, "u1");
      assert.equal(me(admin).principal.id, "a1");
    }
  });

  test("keeps_guards_apart", () => {
    const open = plainGuard(imported);
    const closed = plainGuard(imported, { policy: { ...plainPolicy, roles: {}, routes: [{ route: "GET /users", role: "none" }], ...{ roles: { none: { permits: [] } } } } });
    for (let round = 0; round < 3; round += 1) {
      assert.equal(check(open, "GET", "/users", bearer(admin)).outcome.allowed, true);
      assert.equal(check(closed, "GET", "/users", bearer(admin)).outcome.status, 403);
    }
  });
});

test("a map of handles holds twice its bound at most, and keeps what is asked for", async () => {
  const { Generations } = await import(join(home, "node_modules/portcullis/dist/handles.js"));
  const map = new Generations(10);
  for (let key = 0; key < 1000; key += 1) {
    map.set(key, String(key));
    assert.equal(map.get(0), "0");
  }
  const kept = Array.from({ length: 1000 }, (_, key) => key).filter((key) => map.get(key) !== undefined);
  assert.ok(kept.length <= 20, `${kept.length} are kept`);
  assert.ok(kept.includes(999));
});

test("a map by method and URL holds no more URLs for many methods, and shuts none of them out", async () => {
  const { Places } = await import(join(home, "node_modules/portcullis/dist/handles.js"));
  const places = new Places(10);
  const names = Array.from({ length: 100 }, (_, number) => String(number));
  for (const method of names) {
    for (const url of names) {
      places.set(method, url, `${method} ${url}`);
      assert.equal(places.get(method, url), `${method} ${url}`);
    }
  }
  const kept = names.filter((url) => names.some((method) => places.get(method, url) !== undefined));
  assert.ok(kept.length > 0 && kept.length <= 20, `${kept.length} are kept`);
  for (const method of names) places.set(method, "/", method);
  const methods = names.filter((method) => places.get(method, "/") !== undefined);
  assert.ok(methods.length > 0 && methods.length <= 16, `${methods.length} are kept`);
  assert.equal(places.get("99", "/other"), undefined);
  places.set("99", "/", "again");
  assert.equal(places.get("99", "/"), "again");
  places.delete("/");
  for (const method of names) assert.equal(places.get(method, "/"), undefined);
});

test("a map by credentials holds one of those that end alike, and gives it for its whole text alone", async () => {
  const { Credentials } = await import(join(home, "node_modules/portcullis/dist/handles.js"));
  const known = new Credentials(10);
  const [first, second] = ["a", "b"].map((start) => ({ token: `${start}${"x".repeat(40)}` }));
  known.set(first);
  assert.deepEqual([known.get(first.token), known.get(second.token), known.get("")], [first, undefined, undefined]);
  known.delete(second.token);
  assert.equal(known.get(first.token), first);
  known.set(second);
  assert.deepEqual([known.get(first.token), known.get(second.token)], [undefined, second]);
  known.set({ token: "" });
  assert.equal(known.get("")?.token, "");
});
