// `can`: the quick question, with the answer of `evaluate`.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { editor, plainGuard, request } from "./blog.mjs";
import { imported } from "./package.mjs";

const subject = { id: "u1", roles: ["editor"] };

describe("can", () => {
  const guard = plainGuard(imported);

  test("answers_what_evaluate_answers", () => {
    for (const roles of [[], ["viewer"], ["editor"], ["admin"], ["nobody"]]) {
      for (const permission of ["article:read", "article:update", "read_users", "article:fly", "fly", "other:read", ""]) {
        for (const properties of [undefined, {}, { author_id: "u1" }, { author_id: "u2" }, { author_id: null }]) {
          const who = { id: "u1", roles };
          const [type, action] = permission.includes(":") ? permission.split(":") : [undefined, permission];
          const resource = type === undefined ? {} : { resource: { type, ...(properties === undefined ? {} : { properties }) } };
          const { decision, context } = guard.evaluate({ subject: who, action, ...resource });
          const expected = decision && context.code === "permitted";
          assert.equal(guard.can(who, permission, properties), expected, `${roles} ${permission} ${JSON.stringify(properties)}`);
          assert.equal(guard.can(who, permission, properties, {}), expected, "with a context");
        }
      }
    }
    assert.equal(guard.can({ id: "u1", roles: ["editor"] }, "article:update", { author_id: "u1" }), true);
    assert.equal(guard.can({ id: "u1", roles: ["editor"] }, "article:update", { author_id: "u2" }), false);
    assert.equal(guard.can({ id: "u1", roles: ["editor"] }, "article:update"), false);
    assert.equal(guard.can({ id: "u1", roles: ["editor"] }, "article:update", null), false);
  });

  test("knows_the_principals_that_a_guard_made", () => {
    const { principal } = guard.checkSync(request("GET", "/me", editor));
    for (const asked of [guard, plainGuard(imported)]) {
      for (let round = 0; round < 3; round += 1) {
        assert.equal(asked.can(principal, "article:update", { author_id: "u1" }), true);
        assert.equal(asked.can(principal, "read_users"), false);
        assert.equal(asked.can({ ...principal, roles: ["admin"] }, "read_users"), true);
      }
    }
  });

  test("sees_that_a_subject_has_changed", () => {
    const changing = { id: "u1", roles: ["admin"] };
    assert.equal(guard.can(changing, "read_users"), true);
    changing.roles = ["viewer"];
    assert.equal(guard.can(changing, "read_users"), false);
  });

  test("is_false_for_what_is_no_subject", () => {
    for (const nobody of [{}, { id: "" }, { id: 5 }, { id: "u1", roles: "admin" }, { id: "u1", roles: [5] }, { id: "u1", kind: "root", roles: ["admin"] }]) {
      assert.equal(guard.can(nobody, "read_users"), false, JSON.stringify(nobody));
    }
  });

  test("takes_nothing_from_a_polluted_prototype", () => {
    try {
      Object.prototype.roles = ["admin"];
      Object.prototype.author_id = "u1";
      assert.equal(guard.can({ id: "u1" }, "read_users"), false);
      assert.equal(guard.can({ id: "u1", roles: ["editor"] }, "article:update", {}), false);
    } finally {
      delete Object.prototype.roles;
      delete Object.prototype.author_id;
    }
  });

  test("reads_inherited_members_of_a_resource", () => {
    class Article {
      get author_id() {
        return "u1";
      }
    }
    assert.equal(guard.can(subject, "article:update", new Article()), true);
  });

  test("remembers_no_more_than_it_must_and_stays_right", () => {
    const { principal } = guard.checkSync(request("GET", "/me", editor));
    assert.equal(guard.can(principal, "article:update", { author_id: "u1" }), true);
    for (let index = 0; index < 5000; index += 1) {
      const who = { id: `u${index}`, roles: ["editor"] };
      assert.equal(guard.can(who, "article:update", { author_id: `u${index}` }), true);
      assert.equal(guard.can(who, "article:update", { author_id: "other" }), false);
      assert.equal(guard.can(who, `article:unknown-${index}`), false);
    }
    assert.equal(guard.can(principal, "article:update", { author_id: "u1" }), true);
    assert.equal(guard.can(principal, "article:update", { author_id: "u2" }), false);
    assert.equal(guard.can({ id: "u0", roles: ["editor"] }, "article:update", { author_id: "u0" }), true);
  });
});
