// `can`: the quick question, with the answer of `evaluate`.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, test } from "node:test";
import { editor, plainGuard, plainPolicy, request } from "./blog.mjs";
import { home } from "./home.mjs";
import { full, imported } from "./package.mjs";
import { now, token } from "./tokens.mjs";

const subject = { id: "u1", roles: ["editor"] };

/** Prints by how many MiB the memory grows while instances of 40 types are asked after, each with long labels before a title. */
const growing = `
  const memories = [];
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, given) {
      const made = Reflect.construct(target, given);
      if (made.exports.memory) memories.push(made.exports.memory);
      return made;
    },
  });
  const { Guard } = await import("portcullis");
  const types = Array.from({ length: 40 }, (_, index) => "t" + index);
  const attributes = { labels: "list(string)", title: "string" };
  const policy = {
    policy: "p", revision: 1,
    resources: Object.fromEntries(types.map((type) => [type, { actions: ["read"], attributes }])),
    roles: { any: { permits: types.map((type) => ({ permission: type + ":read", when: "has(resource.labels) && has(resource.title)" })) } },
    routes: [],
  };
  const guard = new Guard({ policy });
  const ask = (type, title) => guard.can({ id: "u1", roles: ["any"] }, type + ":read", { labels: Array.from({ length: 16_000 }, () => ""), title });
  ask(types[0], "first");
  const before = memories[0].buffer.byteLength;
  const last = JSON.parse('"' + JSON.parse(process.argv[1]) + '"');
  for (const type of types) if (ask(type, last) !== last.isWellFormed()) throw new Error(type);
  console.log((memories[0].buffer.byteLength - before) / 2 ** 20);
`;

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

  test("reads_the_clock_where_the_time_matters_and_sees_it_pass", () => {
    const timed = { ...plainPolicy, resources: { article: { actions: ["read", "update"], owner: "author_id", attributes: { due: "timestamp", author_id: "string" } } } };
    const roles = { ...plainPolicy.roles, late: { permits: [{ permission: "article:read", when: "resource.due < now" }] } };
    let time = now;
    let reads = 0;
    const asked = plainGuard(imported, { policy: { ...timed, roles, routes: [] }, clock: () => ((reads += 1), time) });
    for (let round = 0; round < 3; round += 1) {
      reads = 0;
      assert.equal(asked.can({ id: "u1", roles: ["admin"] }, "read_users"), true);
      assert.equal(asked.can({ id: "u1", roles: ["viewer"] }, "read_users"), false);
    }
    assert.equal(reads, 0, "these answers are the same at every time, and both subjects are known");
    const held = { id: "u1", assignments: [{ role: "admin", notAfter: now + 10 }] };
    const late = { id: "u1", roles: ["late"] };
    const answers = () => [asked.can(held, "read_users"), asked.can(late, "article:read", { due: now + 10 }), asked.can(late, "article:read", { due: now - 1 })];
    assert.deepEqual([answers(), answers()], [[true, false, true], [true, false, true]]);
    time = now + 11;
    assert.deepEqual(answers(), [false, true, true]);
    time = now;
    assert.deepEqual(answers(), [true, false, true]);
    assert.ok(reads > 0);
  });

  test("remembers_what_hangs_on_the_subject_alone_for_that_subject_alone", () => {
    const names = Array.from({ length: 100 }, (_, number) => `do_${number}`);
    const policy = { ...plainPolicy, permissions: names, roles: { even: { permits: names.filter((_, number) => number % 2 === 0) }, odd: { permits: names.filter((_, number) => number % 2 === 1) } }, routes: [{ route: "GET /me", allow: "authenticated" }] };
    const asked = plainGuard(imported, { policy });
    const principals = ["even", "odd"].map((role) => asked.checkSync(request("GET", "/me", token({ sub: role, roles: [role] }))).principal);
    for (let round = 0; round < 3; round += 1) {
      for (const [place, name] of names.entries()) {
        assert.deepEqual(principals.map((principal) => asked.can(principal, name)), [place % 2 === 0, place % 2 === 1], name);
      }
    }
  });

  test("tells_texts_of_every_kind_apart", () => {
    const owners = ["u1", "", "u1\n", "u1\n=u1", "=u1", ".", "u1.", "ü1", "\u{1f600}", "u\u0000", "u1".repeat(100), '"u1"', "\\", "null", "\ud800", "\ufffd"];
    for (const id of owners.filter((owner) => owner !== "")) {
      for (const owner of [...owners, null, 7, true, ["u1"], { id: "u1" }]) {
        const expected = id === owner && id !== "\ud800";
        assert.equal(guard.can({ id, roles: ["editor"] }, "article:update", { author_id: owner }), expected, JSON.stringify([id, owner]));
      }
    }
  });

  test("says_of_each_resource_what_evaluate_says_whatever_was_asked_before", () => {
    const attributes = { name: "string", size: "int", ratio: "double", open: "bool", tags: "list(string)" };
    const conditions = ["resource.name != 'x'", "resource.size < 5", "resource.ratio < 5.0", "resource.open", "size(resource.tags) < 2"];
    const actions = conditions.map((_, place) => `do${place}`);
    const resources = { note: { actions, attributes }, page: { actions, attributes } };
    const permits = Object.keys(resources).flatMap((type) => conditions.map((when, place) => ({ permission: `${type}:do${place}`, when })));
    const asked = plainGuard(imported, { policy: { ...plainPolicy, resources, roles: { any: { permits } }, routes: [] } });
    const who = { id: "u1", roles: ["any"] };
    const values = [undefined, null, "x", "y", "", "\u00fc", "y".repeat(64), "y".repeat(65), "y".repeat(2000), "\n", "\u007f", true, false, 0, -0, 7, -7, 4.5, 5e-324, 1e21];
    values.push(Number.MAX_SAFE_INTEGER, 2 ** 53, -(2 ** 53), 2 ** 63, [], ["a"], ["a", "b"], {}, new Date(0), new String("y"), Object(7));
    const instances = values.flatMap((value) => Object.keys(attributes).map((name, place) => ({ action: `do${place}`, properties: { name: value, [name]: value } })));
    const expected = instances.map(({ action, properties }) => asked.evaluate({ subject: who, action, resource: { type: "note", properties } }).decision);
    assert.deepEqual(new Set(expected), new Set([true, false]));
    const answered = (type, place) => assert.equal(asked.can(who, `${type}:${instances[place].action}`, instances[place].properties), expected[place], JSON.stringify(instances[place]));
    for (const before of instances.keys()) {
      for (const place of instances.keys()) {
        answered("note", before);
        answered(place % 2 === 0 ? "note" : "page", place);
      }
    }
  });

  test("a_text_is_as_long_for_can_as_for_evaluate", () => {
    const resources = { note: { actions: ["do"], attributes: { name: "string" } } };
    const permits = [{ permission: "note:do", when: "resource.name != 'x'" }];
    const asked = plainGuard(imported, { policy: { ...plainPolicy, resources, roles: { any: { permits } }, routes: [] } });
    for (const length of [64, 1024, 65_534, 65_535, 70_000, 300_000]) {
      const properties = { name: "y".repeat(length) };
      const who = { id: "u1", roles: ["any"] };
      const { decision } = asked.evaluate({ subject: who, action: "do", resource: { type: "note", properties } });
      assert.deepEqual([asked.can(who, "note:do", properties), decision], [true, true], `${length}`);
    }
  });

  test("keeps_nothing_of_a_long_resource_whether_it_is_refused_or_not", () => {
    const grown = (last) => Number(execFileSync(process.execPath, ["--input-type=module", "--eval", growing, JSON.stringify(last)], { cwd: home, encoding: "utf8" }));
    assert.ok(grown("whole") < 2, "whole");
    assert.ok(grown("cut \ud83d") < 2, "cut");
  });

  test("a_resource_that_asks_the_guard_while_it_is_read_is_answered_for_itself", () => {
    const asking = (owner, whom) => ({
      get author_id() {
        assert.equal(guard.can(subject, "article:update", { author_id: whom }), whom === "u1");
        return owner;
      },
    });
    for (let round = 0; round < 3; round += 1) {
      assert.equal(guard.can(subject, "article:update", asking("u1", "u2")), true);
      assert.equal(guard.can(subject, "article:update", asking("u2", "u1")), false);
    }
  });

  test("takes_lists_as_json_says_them", () => {
    const may = (roles) => guard.can({ id: "u1", roles }, "read_users");
    for (const roles of [["admin"], ["a\"b\n", "\ufffd", "admin"], new Proxy(["admin"], {}), Object.assign(["viewer"], { toJSON: () => ["admin"] })]) assert.equal(may(roles), true);
    const hidden = new Proxy(["admin"], { get: (list, name) => (name === "toJSON" ? () => ["viewer"] : list[name]) });
    const elsewhere = Object.assign(["viewer"], { [Symbol.iterator]: () => ["admin"].values() });
    for (const roles of [[], ["viewer"], ["admin", ,], ["admin", null], ["admin", Number.NaN], ["admin", "\ud800"], [["admin"]], Object.assign(["admin"], { toJSON: () => ["viewer"] }), Object.assign(["admin"], { toJSON: () => undefined }), hidden, elsewhere]) assert.equal(may(roles), false);
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
