// `can`: the quick question, with the answer of `evaluate`.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { editor, plainGuard, request } from "./blog.mjs";
import { full, imported } from "./package.mjs";

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

const circle = {};
circle.self = circle;
const uncarried = {
  a_bigint: 1n,
  no_number: Number.NaN,
  no_end: Number.POSITIVE_INFINITY,
  a_function: () => false,
  a_symbol: Symbol("no"),
  no_date: new Date(Number.NaN),
  what_says_nothing: { toJSON: () => undefined },
  itself: circle,
};

for (const [entry, { Guard }] of Object.entries({ portcullis: imported, "portcullis/full": full.imported })) {
  describe(`a value that JSON cannot carry: ${entry}`, () => {
    const attributes = { suspended: "bool", tags: "list(string)" };
    const policy = {
      policy: "blog",
      revision: 1,
      resources: { article: { actions: ["read"], owner: "author", attributes: { author: "string", locked: "bool", tags: "list(string)" } } },
      subject: { attributes },
      context: { attributes },
      action: { attributes },
      roles: { reader: { permits: ["article:read"] }, author: { permits: [{ permission: "article:read", owner: true }] } },
      rules: ["subject.suspended", "resource.locked", "context.suspended", "action.suspended"].map((attribute) => (
        { id: attribute, effect: "deny", permissions: ["article:read"], when: `has(${attribute}) && ${attribute}` }
      )),
    };
    const guard = new Guard({ policy });
    const reader = { id: "u1", roles: ["reader"] };
    const asked = (subject, properties, more = {}) => ({ subject, action: "read", resource: { type: "article", properties }, ...more });

    test("is_absent_nowhere", () => {
      for (const none of [{}, { suspended: undefined }, { suspended: null }]) {
        assert.equal(guard.can({ ...reader, attributes: none }, "article:read", { locked: undefined }, none), true);
        const { decision } = guard.evaluate(asked({ ...reader, attributes: none }, { locked: null }, { action: { name: "read", properties: none } }));
        assert.equal(decision, true);
      }
      for (const [what, value] of Object.entries(uncarried)) {
        assert.equal(guard.can(reader, "article:read", { locked: value }), false, what);
        assert.equal(guard.evaluate(asked(reader, { locked: value })).context.rule, "resource.locked", what);
        const suspended = { ...reader, attributes: { suspended: value } };
        assert.equal(guard.can(suspended, "article:read", {}), false, what);
        assert.equal(guard.evaluate(asked(suspended, {})).decision, false, what);
      }
    });

    test("takes_no_other_value_with_it", () => {
      for (const [what, value] of Object.entries(uncarried)) {
        for (const other of ["other", "tags"]) {
          const subject = { ...reader, attributes: { [other]: other === "tags" ? ["a", value] : value, suspended: true } };
          assert.equal(guard.can(subject, "article:read", {}), false, `${what}, ${other}`);
          assert.equal(guard.evaluate(asked(subject, {})).decision, false, `${what}, ${other}`);
        }
      }
    });

    test("owns_nothing", () => {
      for (const [what, value] of Object.entries(uncarried)) {
        assert.equal(guard.can({ id: "u1", roles: ["author"] }, "article:read", { author: value }), false, what);
        assert.equal(guard.can({ id: value, roles: ["author"] }, "article:read", { author: value }), false, what);
      }
    });

    test("is_a_mistake_in_a_context_and_of_an_action", () => {
      for (const [what, value] of Object.entries(uncarried)) {
        for (const given of [{ suspended: value }, { tags: [value] }]) {
          assert.throws(() => guard.can(reader, "article:read", {}, given), TypeError, what);
          assert.throws(() => guard.evaluate(asked(reader, {}, { context: given })), TypeError, what);
          assert.throws(() => guard.explain(asked(reader, {}, { action: { name: "read", properties: given } })), TypeError, what);
        }
      }
    });
  });
}
