// What the guard promises in JavaScript, beside the answers themselves.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { admin, articleGuard, clock, editor, plainGuard, plainPolicy, policy, request, trust, trustFetched, trustIn } from "./blog.mjs";
import { imported } from "./package.mjs";
import { now, signed, token } from "./tokens.mjs";

const { ConfigError, Guard } = imported;

const subject = { id: "u1", roles: ["editor"] };

function assertFrozen(value, path = "it") {
  if (typeof value !== "object" || value === null) return;
  assert.ok(Object.isFrozen(value), `${path} is not frozen`);
  for (const [name, member] of Object.entries(value)) assertFrozen(member, `${path}.${name}`);
}

describe("what the guard returns", () => {
  test("is_frozen_to_its_leaves", async () => {
    const guard = plainGuard(imported);
    const events = [];
    guard.onDecision((event) => events.push(event));
    const bearer = token({ roles: ["admin"], profile: { languages: ["de", { level: 1 }] } });
    const first = await guard.check(request("GET", "/articles/1", bearer));
    const again = await guard.check(request("GET", "/articles/1", bearer));
    assert.equal(first.principal.attributes.profile.languages[1].level, 1);
    for (const outcome of [first, again, await guard.check(request("GET", "/me"))]) assertFrozen(outcome);
    assertFrozen(guard.evaluate({ subject, action: "read", resource: { type: "article", id: "1" } }));
    assertFrozen(guard.explain({ subject, action: "update", resource: { type: "article", id: "1", properties: { author_id: "u1" } } }));
    assert.equal(events.length, 3);
    for (const event of events) assertFrozen(event);
  });

  test("a_response_is_new_at_each_call", async () => {
    const refusal = await plainGuard(imported).check(request("GET", "/me"));
    const [one, other] = [refusal.response(), refusal.response()];
    assert.notEqual(one, other);
    assert.equal(one.status, refusal.status);
    assert.equal(await one.text(), JSON.stringify(refusal.problem));
    assert.equal(await other.text(), JSON.stringify(refusal.problem));
    assert.deepEqual(Object.fromEntries(one.headers), { ...refusal.headers });
  });

  test("a_member_named_proto_stays_data", async () => {
    const payload = `{"iss":"https://id.example","aud":"api","sub":"u1","exp":${now + 60},"profile":{"__proto__":{"roles":["admin"]}}}`;
    const { principal } = await plainGuard(imported).check(request("GET", "/me", signed('{"alg":"HS256"}', payload)));
    const { profile } = principal.attributes;
    assert.ok(Object.hasOwn(profile, "__proto__"));
    assert.equal(Object.getPrototypeOf(profile), Object.prototype);
    assert.equal(profile.roles, undefined);
  });

  test("an_attribute_named_proto_stays_data", async () => {
    const issuers = [{ ...trust.issuers[0], claims: { attributes: JSON.parse('{"__proto__":"profile"}') } }];
    const { principal } = await plainGuard(imported, { trust: { issuers } }).check(request("GET", "/me", token({ profile: { isAdmin: true } })));
    assert.equal(JSON.stringify(principal.attributes), '{"__proto__":{"isAdmin":true}}');
    assert.equal(principal.attributes.isAdmin, undefined);
  });
});

describe("misuse throws a TypeError", () => {
  const guard = plainGuard(imported);
  const cases = {
    options_that_are_no_object: () => new Guard(null),
    an_option_that_does_not_exist: () => new Guard({ policy, trusted: trust }),
    a_policy_that_is_neither_object_nor_text: () => new Guard({ policy: 5 }),
    a_missing_policy: () => new Guard({ trust }),
    a_policy_that_holds_itself: () => {
      const circle = { ...policy };
      circle.self = circle;
      return new Guard({ policy: circle });
    },
    a_trust_of_null: () => new Guard({ policy, trust: null }),
    resources_that_are_no_object: () => new Guard({ policy, trust, resources: "article" }),
    a_loader_that_is_no_function: () => new Guard({ policy, trust, resources: { article: {} } }),
    a_resource_type_with_a_line_break: () => new Guard({ policy, trust, resources: { "article\nother": () => null } }),
    a_clock_that_is_no_function: () => new Guard({ policy: plainPolicy, trust, clock: now }),
    a_fetch_that_is_no_function: () => new Guard({ policy: plainPolicy, trust, fetch: "https" }),
    a_clock_without_a_number: () => plainGuard(imported, { clock: () => Number.NaN }).checkSync(request("GET", "/me")),
    a_clock_without_an_end: () => plainGuard(imported, { clock: () => Number.POSITIVE_INFINITY }).evaluate({ subject, action: "read_users" }),
    a_request_that_is_no_object: () => guard.checkSync("GET /me"),
    a_request_of_null: () => guard.checkSync(null),
    options_of_a_check_that_are_no_object: () => guard.checkSync(request("GET", "/me"), 5),
    a_request_id_that_is_no_text: () => guard.checkSync(request("GET", "/me"), { requestId: 5 }),
    a_context_that_is_no_object: () => guard.checkSync(request("GET", "/me"), { context: "because" }),
    a_nonce_that_is_no_text: () => guard.checkSync(request("GET", "/me"), { nonce: 5 }),
    an_access_token_that_is_no_text: () => guard.checkSync(request("GET", "/me"), { accessToken: null }),
    a_wait_until_that_is_no_function: () => guard.checkSync(request("GET", "/me"), { waitUntil: Promise.resolve() }),
    a_context_that_json_cannot_carry: () => guard.checkSync(request("GET", "/me"), { context: { count: 1n } }),
    a_subject_that_is_no_object: () => guard.can("u1", "article:read"),
    a_permission_that_is_no_text: () => guard.can(subject, 5),
    a_resource_that_is_no_object: () => guard.can(subject, "article:read", "1"),
    a_context_of_can_that_is_no_object: () => guard.can(subject, "article:read", {}, "because"),
    a_question_that_is_no_object: () => guard.evaluate("may u1 read?"),
    a_question_without_a_subject: () => guard.evaluate({ action: "read" }),
    a_question_without_an_action: () => guard.evaluate({ subject }),
    an_action_without_a_name: () => guard.explain({ subject, action: {} }),
    a_resource_without_a_type: () => guard.evaluate({ subject, action: "read", resource: { id: "1" } }),
    a_resource_whose_id_is_a_number: () => guard.evaluate({ subject, action: "read", resource: { type: "article", id: 1 } }),
    properties_that_are_no_object: () => guard.evaluate({ subject, action: "read", resource: { type: "article", properties: 1 } }),
    a_listener_that_is_no_function: () => guard.onDecision({}),
    a_module_that_is_none: () => imported.init({ module: new Uint8Array() }),
    no_module_at_all: () => imported.init(),
  };
  for (const [name, misuse] of Object.entries(cases)) test(name, () => assert.throws(misuse, TypeError));

  test("from_check_as_a_rejection", async () => {
    await assert.rejects(guard.check(null), TypeError);
    await assert.rejects(guard.check(request("GET", "/me"), { requestId: 5 }), TypeError);
  });

  test("check_sync_of_a_guard_that_must_wait", () => {
    const waiting = [plainGuard(imported, { trust: trustFetched }), articleGuard(imported, () => null)];
    for (const guard of waiting) {
      assert.equal(guard.synchronous, false);
      assert.throws(() => guard.checkSync(request("GET", "/public/a")), TypeError);
    }
    for (const guard of [plainGuard(imported), plainGuard(imported, { trust: trustIn("RS256") })]) assert.equal(guard.synchronous, true);
  });
});

describe("a document that does not load", () => {
  test("throws_a_config_error_with_its_path", () => {
    const broken = { ...plainPolicy, roles: { editor: { permits: ["article:read", "article:fly"] } } };
    assert.throws(() => new Guard({ policy: broken, trust }), (error) => {
      assert.ok(error instanceof ConfigError && error instanceof Error);
      assert.equal(error.name, "ConfigError");
      assert.equal(error.document, "policy");
      assert.equal(error.path, "roles.editor.permits[1]");
      assert.equal(error.code, "unknown_permission");
      assert.ok(error.message.length > 0);
      return true;
    });
  });

  test("never_shows_a_secret", () => {
    const issuers = [{ ...trust.issuers[0], secret: "short and secret" }];
    assert.throws(() => new Guard({ policy: plainPolicy, trust: { issuers } }), (error) => {
      assert.equal(error.document, "trust");
      assert.ok(!`${error.message} ${error.stack} ${JSON.stringify(error)}`.includes("short and secret"));
      return true;
    });
  });

  test("json_text_loads_as_the_object_does", () => {
    const guard = new Guard({ policy: JSON.stringify(plainPolicy), trust: JSON.stringify(trust), clock });
    assert.equal(guard.checkSync(request("GET", "/me", editor)).allowed, true);
  });
});

describe("explain", () => {
  test("names_the_grant", () => {
    const { decision, grant, rolesInEffect } = plainGuard(imported).explain({ subject: { id: "a1", roles: ["admin"] }, action: { name: "read" }, resource: { type: "article", id: "1" } });
    assert.equal(decision, true);
    assert.equal(grant.role, "viewer");
    assert.deepEqual(rolesInEffect, ["admin", "editor", "viewer"]);
  });
});

describe("an audit event", () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

  test("is_made_for_each_decision_of_check", async () => {
    const guard = plainGuard(imported);
    const events = [];
    guard.onDecision((event) => events.push(event));
    await guard.check(request("GET", "/users", admin));
    await guard.check(request("GET", "/users", editor));
    guard.checkSync(request("GET", "/me"));
    guard.can(subject, "article:read");
    guard.evaluate({ subject, action: "read", resource: { type: "article", id: "1" } });
    assert.deepEqual(events.map(({ decision, reason }) => [decision, reason]), [
      ["allow", "permitted"],
      ["deny", "permission_missing"],
      ["deny", "authentication_missing"],
    ]);
    assert.ok(events.every(({ id }) => uuid.test(id)));
    assert.equal(new Set(events.map(({ id }) => id)).size, 3);
    assert.ok(!JSON.stringify(events).includes(admin.slice(-20)));
  });

  test("tells_the_request_id", async () => {
    const guard = plainGuard(imported);
    const seen = [];
    guard.onDecision(({ requestId }) => seen.push(requestId));
    const headers = { "x-request-id": "from-header" };
    for (let round = 0; round < 2; round += 1) {
      await guard.check(request("GET", "/me", editor, headers), { requestId: "from-option" });
      await guard.check(request("GET", "/me", editor, headers));
      await guard.check(request("GET", "/me", editor));
      await guard.check(request("GET", "/me", editor, { "x-request-id": "not visible\u0007" }));
    }
    const round = ["from-option", "from-header", null, null];
    assert.deepEqual(seen, [...round, ...round]);
  });

  test("tells_the_callers_request_id_to_who_began_to_listen_meanwhile", async () => {
    let found;
    const guard = articleGuard(imported, () => new Promise((resolve) => (found = resolve)));
    const waiting = guard.check(request("PUT", "/articles/1", editor), { requestId: "from-option" });
    const seen = [];
    guard.onDecision(({ requestId }) => seen.push(requestId));
    found({ author_id: "u1" });
    assert.equal((await waiting).allowed, true);
    assert.deepEqual(seen, ["from-option"]);
  });

  test("reaches_every_listener_until_it_leaves", async () => {
    const guard = plainGuard(imported);
    const heard = [];
    const listener = (event) => heard.push(event.id);
    const leave = guard.onDecision(listener);
    const leaveAgain = guard.onDecision(listener);
    await guard.check(request("GET", "/me"));
    assert.equal(heard.length, 2);
    leave();
    leave();
    await guard.check(request("GET", "/me"));
    assert.equal(heard.length, 3);
    leaveAgain();
    await guard.check(request("GET", "/me"));
    assert.equal(heard.length, 3);
  });

  test("changes_no_answer_where_a_listener_throws", async (context) => {
    const thrown = [];
    context.mock.method(console, "error", (error) => thrown.push(error));
    const guard = plainGuard(imported);
    const heard = [];
    guard.onDecision(() => {
      throw new Error("the listener fails");
    });
    guard.onDecision((event) => heard.push(event));
    assert.equal((await guard.check(request("GET", "/me", editor))).allowed, true);
    assert.equal((await guard.check(request("GET", "/me"))).status, 401);
    assert.equal(heard.length, 2);
    assert.deepEqual(thrown.map(({ message }) => message), ["the listener fails", "the listener fails"]);
  });
});
