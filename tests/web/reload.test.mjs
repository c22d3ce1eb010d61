// A policy is replaced while its guard answers, in portcullis/full. Handles and numbers that were given under the one
// before are forgotten, what is known of tokens and keys is not; and the guard that is made anew after a trap has the
// policy in force.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { admin, articleGuard, editor, plainGuard, plainPolicy, policy, request, trustFetched, trustIn } from "./blog.mjs";
import { home } from "./home.mjs";
import { full, fullBundle, imported, required } from "./package.mjs";
import { issuer, jwk, now, token } from "./tokens.mjs";
import { trappingModule } from "./trapping.mjs";

const wasm = readFileSync(join(home, "node_modules/portcullis/dist/full/full.wasm"));

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

/** A later revision, in which roles are as given. */
const later = (revision, roles, of = plainPolicy) => ({ ...of, revision, roles: { ...of.roles, ...roles } });
const withoutUsers = (revision) => later(revision, { admin: { inherits: ["editor"], permits: ["article:update"] } });

function told(guard) {
  const events = [];
  guard.onDecision(({ reason, policy: { revision } }) => events.push([reason, revision]));
  return events;
}

for (const [name, { Guard }] of Object.entries({ ...full, bundle: fullBundle })) {
  describe(`replacePolicy (${name})`, () => {
    const made = (options = {}) => plainGuard({ Guard }, options);

    test("decides_the_next_request_and_the_next_question", async () => {
      const guard = made();
      const events = told(guard);
      const users = request("GET", "/users", admin);
      const subject = { id: "a1", roles: ["admin"] };
      const question = { subject, action: "read_users" };
      // Twice: by the full way, and by handles.
      for (let round = 0; round < 2; round += 1) assert.equal((await guard.check(users)).allowed, true);
      const { principal } = guard.checkSync(users);
      for (let round = 0; round < 2; round += 1) assert.equal(guard.can(subject, "read_users") && guard.can(principal, "read_users"), true);
      guard.replacePolicy(withoutUsers(2));
      for (let round = 0; round < 2; round += 1) assert.equal((await guard.check(users)).status, 403);
      assert.deepEqual([guard.can(subject, "read_users"), guard.can(principal, "read_users")], [false, false]);
      assert.equal(guard.evaluate(question).context.reason, "permission_missing");
      assert.equal(guard.explain(question).grant, null);
      guard.replacePolicy(JSON.stringify({ ...plainPolicy, revision: 3 }));
      for (let round = 0; round < 2; round += 1) assert.equal((await guard.check(users)).allowed, true);
      assert.deepEqual([guard.can(subject, "read_users"), guard.can(principal, "read_users")], [true, true]);
      const [allowed, refused] = [["permitted", 1], ["permission_missing", 2]];
      assert.deepEqual(events, [allowed, allowed, allowed, refused, refused, ["permitted", 3], ["permitted", 3]]);
    });

    test("forgets_the_numbers_of_permissions_and_roles", () => {
      const guard = made();
      const subject = { id: "u1", roles: ["viewer"] };
      assert.deepEqual([guard.can(subject, "article:read"), guard.can(subject, "read_users")], [true, false]);
      // In front of all others: every number stands for another name now.
      const permissions = ["a", "b", "c", "read_users"];
      guard.replacePolicy({ ...later(2, { a: { permits: ["a"] }, viewer: { permits: ["article:read"] } }), permissions });
      assert.deepEqual([guard.can(subject, "article:read"), guard.can(subject, "read_users"), guard.can(subject, "a")], [true, false, false]);
    });

    test("lets_go_of_what_a_principal_that_is_kept_was_known_beside", async () => {
      const guard = made();
      const me = (sub) => guard.checkSync(request("GET", "/me", token({ sub }))).principal;
      const kept = me("u1");
      assert.equal(guard.can(kept, "read_users"), false);
      const other = new WeakRef(me("u2"));
      guard.replacePolicy({ ...plainPolicy, revision: 2 });
      await new Promise(setImmediate);
      collectGarbage();
      assert.equal(other.deref(), undefined);
      assert.equal(guard.can(kept, "read_users"), false);
    });

    test("forgets_routes", () => {
      const guard = made();
      const place = request("GET", "/public/1", editor);
      assert.equal(guard.checkSync(place).route, "GET /public/**");
      assert.equal(guard.checkSync(place).route, "GET /public/**");
      guard.replacePolicy({ ...plainPolicy, revision: 2, routes: [{ route: "GET /public/{id}", allow: "authenticated" }] });
      assert.equal(guard.checkSync(place).route, "GET /public/{id}");
      assert.equal(guard.checkSync(request("GET", "/me", editor)).status, 403);
    });

    const refusals = {
      a_lower_revision: [{ ...plainPolicy, revision: 6 }, "revision", "revision_not_newer"],
      the_same_revision_of_another_document: [withoutUsers(7), "revision", "revision_not_newer"],
      another_policy: [{ ...plainPolicy, revision: 8, policy: "other" }, "policy", "bad_value"],
      an_unknown_role: [later(8, { admin: { inherits: ["nobody"] } }), "roles.admin.inherits[0]", "unknown_role"],
      what_wants_a_loader: [{ ...policy, revision: 8 }, "routes[4].permission", "loader_missing"],
      no_json: ["{", "", "json"],
    };
    for (const [what, [document, path, code]] of Object.entries(refusals)) {
      test(`refuses_${what}_and_serves_on`, () => {
        const guard = made({ policy: { ...plainPolicy, revision: 7 } });
        const events = told(guard);
        const users = request("GET", "/users", admin);
        assert.equal(guard.checkSync(users).allowed, true);
        assert.throws(() => guard.replacePolicy(document), { name: "ConfigError", document: "policy", path, code });
        assert.equal(guard.checkSync(users).allowed, true);
        assert.equal(guard.can({ id: "a1", roles: ["admin"] }, "read_users"), true);
        assert.deepEqual(events, [["permitted", 7], ["permitted", 7]]);
      });
    }

    test("takes_the_same_document_again", () => {
      const guard = made();
      guard.replacePolicy(plainPolicy);
      guard.replacePolicy(JSON.stringify(plainPolicy, null, 2));
      assert.equal(guard.checkSync(request("GET", "/users", admin)).allowed, true);
    });

    test("throws_a_type_error_for_what_is_no_document", () => {
      const guard = made();
      for (const wrong of [undefined, null, 7, true]) assert.throws(() => guard.replacePolicy(wrong), TypeError);
      assert.equal(guard.checkSync(request("GET", "/users", admin)).allowed, true);
    });

    test("works_for_a_decision_point", () => {
      const guard = new Guard({ policy });
      assert.equal(guard.can({ id: "a1", roles: ["admin"] }, "read_users"), true);
      guard.replacePolicy(later(2, { admin: { permits: ["article:read"] } }, policy));
      assert.equal(guard.can({ id: "a1", roles: ["admin"] }, "read_users"), false);
    });

    test("matches_and_loads_again_for_a_request_that_waits", async () => {
      const loads = [];
      const guard = articleGuard({ Guard }, (id) => new Promise((found) => loads.push([id, found])));
      const events = told(guard);
      const attributes = { author_id: "string", locked: "bool" };
      const resources = { article: { ...policy.resources.article, attributes } };
      const rules = [{ id: "locked", effect: "deny", permissions: ["article:update"], when: "has(resource.locked) && resource.locked" }];
      const [mine, locked] = [1, 2].map((id) => guard.check(request("PUT", `/articles/${id}`, editor)));
      guard.replacePolicy({ ...policy, revision: 2, resources, rules });
      const open = (author_id, isLocked) => ({ author_id, locked: isLocked });
      for (const [, found] of loads.splice(0)) found(open("u1", false));
      while (loads.length < 2) await new Promise(setImmediate);
      for (const [id, found] of loads) found(open("u1", id === "2"));
      assert.deepEqual([(await mine).allowed, (await locked).status], [true, 403]);
      assert.deepEqual(events, [["permitted", 2], ["denied_by_rule", 2]]);
    });

    test("refuses_a_question_whose_resource_was_read_for_the_policy_before", () => {
      const resources = { article: { actions: ["read"], attributes: { title: "string", locked: "bool" } } };
      const roles = { viewer: { permits: [{ permission: "article:read", when: "resource.title != ''" }] } };
      const of = { policy: "blog", revision: 1, resources, roles };
      const rules = [{ id: "locked", effect: "deny", permissions: ["article:read"], when: "has(resource.locked) && resource.locked" }];
      const subject = { id: "u1", roles: ["viewer"] };
      const question = (properties) => ({ subject, action: "read", resource: { type: "article", properties } });
      const ways = {
        can: (guard, article) => guard.can(subject, "article:read", article),
        can_with_a_context: (guard, article) => guard.can(subject, "article:read", article, {}),
        evaluate: (guard, article) => guard.evaluate(question(article)).decision,
        explain: (guard, article) => guard.explain(question(article)).decision,
        fields: (guard, article) => guard.fields(subject, "article:read", article) === "all",
      };
      for (const [way, ask] of Object.entries(ways)) {
        for (const asks of [0, 2]) {
          const guard = new Guard({ policy: of, clock: () => now });
          for (let round = 0; round < asks; round += 1) assert.equal(ask(guard, { title: "a", locked: true }), true, way);
          const replacing = {
            locked: true,
            get title() {
              guard.replacePolicy({ ...of, revision: 2, rules });
              return "a";
            },
          };
          assert.equal(ask(guard, replacing), false, way);
          assert.equal(ask(guard, { title: "a", locked: true }), false, way);
          assert.equal(ask(guard, { title: "a", locked: false }), true, way);
        }
      }
    });

    test("does_not_fetch_keys_again", async () => {
      let fetches = 0;
      const fetch = () => {
        fetches += 1;
        return Promise.resolve(Response.json({ keys: [jwk("EdDSA")] }));
      };
      const guard = made({ trust: trustFetched, fetch });
      const me = request("GET", "/users", token({ roles: ["admin"] }, "EdDSA"));
      const waiting = guard.check(me);
      guard.replacePolicy(withoutUsers(2));
      assert.equal((await waiting).status, 403);
      guard.replacePolicy({ ...plainPolicy, revision: 3 });
      assert.equal((await guard.check(me)).allowed, true);
      assert.equal(fetches, 1);
    });

    test("knows_the_keys_that_the_host_has_imported", async () => {
      const guard = made({ trust: trustIn("RS256") });
      const me = request("GET", "/users", token({ roles: ["admin"] }, "RS256"));
      assert.equal((await guard.check(me)).allowed, true);
      guard.replacePolicy(withoutUsers(2));
      assert.equal((await guard.check(me)).status, 403);
    });

    test("says_anew_whether_it_is_synchronous", async () => {
      const guard = articleGuard({ Guard }, () => ({ author_id: "u1" }));
      assert.equal(guard.synchronous, false);
      guard.replacePolicy({ ...plainPolicy, revision: 2 });
      assert.equal(guard.synchronous, true);
      assert.equal(guard.checkSync(request("GET", "/users", admin)).allowed, true);
      guard.replacePolicy({ ...policy, revision: 3 });
      assert.throws(() => guard.checkSync(request("GET", "/users", admin)), TypeError);
      assert.equal((await guard.check(request("PUT", "/articles/1", editor))).allowed, true);
    });
  });
}

describe("replacePolicy in portcullis/full", () => {
  test("keeps_what_was_revoked", () => {
    const guard = plainGuard(full.imported);
    const gone = token({ sub: "a1", roles: ["admin"], iat: now - 10, jti: "t1" });
    assert.equal(guard.checkSync(request("GET", "/users", gone)).allowed, true);
    guard.revoke({ jti: "t1", issuer });
    guard.replacePolicy({ ...plainPolicy, revision: 2 });
    assert.equal(guard.checkSync(request("GET", "/users", gone)).status, 401);
    assert.equal(guard.checkSync(request("GET", "/users", admin)).allowed, true);
  });
});

describe("replacePolicy in portcullis", () => {
  test("is_for_the_other_file_and_changes_nothing", () => {
    for (const small of [imported, required]) {
      const guard = plainGuard(small);
      for (const document of [withoutUsers(2), JSON.stringify(withoutUsers(2)), undefined]) {
        assert.throws(() => guard.replacePolicy(document), { name: "TypeError", message: /portcullis\/full/ });
      }
      assert.equal(guard.checkSync(request("GET", "/users", admin)).allowed, true);
      assert.equal(guard.can({ id: "a1", roles: ["admin"] }, "read_users"), true);
    }
  });
});

describe("replacePolicy and a trap", () => {
  const moment = 666;
  let time = now;
  const clock = () => time;
  beforeEach(() => full.imported.init({ module: trappingModule(wasm, moment, "unreachable") }));
  afterEach(() => full.imported.init({ module: new WebAssembly.Module(wasm) }));

  test("the_guard_that_is_made_anew_has_the_policy_in_force", () => {
    const guard = plainGuard(full.imported, { clock });
    guard.replacePolicy(withoutUsers(2));
    time = moment;
    assert.equal(guard.checkSync(request("GET", "/public/never-seen")).status, 503);
    time = now;
    assert.equal(guard.checkSync(request("GET", "/users", admin)).status, 403);
    assert.equal(guard.can({ id: "a1", roles: ["admin"] }, "read_users"), false);
    assert.throws(() => guard.replacePolicy(plainPolicy), { code: "revision_not_newer" });
    guard.replacePolicy({ ...plainPolicy, revision: 3 });
    assert.equal(guard.checkSync(request("GET", "/users", admin)).allowed, true);
  });

  test("more_guards_than_an_instance_has_room_for_keep_their_policies", () => {
    const guards = Array.from({ length: 70 }, () => plainGuard(full.imported, { clock }));
    guards.forEach((guard, place) => guard.replacePolicy(place % 2 === 0 ? withoutUsers(2) : { ...plainPolicy, revision: 2 }));
    guards.forEach((guard, place) => assert.equal(guard.checkSync(request("GET", "/users", admin)).allowed, place % 2 === 1));
  });
});
