// Which members of a resource somebody may see or write: `fields` and `filter` of portcullis/full.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { home } from "./home.mjs";
import { full, fullBundle, imported, required } from "./package.mjs";
import { now } from "./tokens.mjs";

const policy = {
  policy: "records",
  revision: 1,
  resources: {
    record: {
      actions: ["read", "update"],
      owner: "author",
      tenant: "company",
      attributes: { author: "string", company: "string", status: "string" },
      fields: ["title", "body", "salary", "__proto__", "toString"],
    },
  },
  permissions: ["report"],
  context: { attributes: { inside: "bool" } },
  roles: {
    guest: { permits: [{ permission: "record:read", fields: ["title"] }] },
    reader: { inherits: ["guest"], permits: [{ permission: "record:read", when: "resource.status == 'public'", fields: ["body", "status"] }] },
    author: { permits: [{ permission: "record:*", owner: true, fields: ["title", "body"] }] },
    payroll: { permits: [{ permission: "record:read", when: "context.inside", fields: ["salary"] }] },
    strange: { permits: [{ permission: "record:read", fields: ["__proto__", "toString"] }] },
    whole: { permits: ["record:read", "report"] },
    auditor: { permits: [{ permission: "record:read", fields: ["company"] }] },
    chief: { permits: ["record:read"], elevated: { justification: true } },
  },
  exclusive: [["payroll", "auditor"]],
  rules: [{ id: "sealed", effect: "deny", permissions: ["record:read"], when: "has(resource.status) && resource.status == 'sealed'" }],
};

const record = { author: "u1", company: "acme", status: "public", title: "T", body: "B", salary: 7, note: "N" };
const who = (...roles) => ({ id: "u1", roles });

for (const [way, { Guard, init }] of Object.entries({ ...full, bundle: fullBundle })) {
  describe(`fields and filter: ${way}`, () => {
    const guard = new Guard({ policy, clock: () => now });
    const seen = (subject, object, context, permission = "record:read") => {
      const fields = guard.fields(subject, permission, object, context);
      if (object === undefined) return fields;
      const filtered = guard.filter(subject, permission, object, context);
      assert.deepEqual(Object.keys(filtered), Object.keys(object).filter((name) => fields === "all" || fields.includes(name)));
      for (const name of Object.keys(filtered)) assert.equal(filtered[name], object[name]);
      // Whoever sees all may, and nobody else.
      assert.equal(guard.can(subject, permission, object, context), fields === "all");
      return fields;
    };

    test("are_those_of_all_grants_that_hold", () => {
      assert.deepEqual(seen(who("guest"), record), ["title"]);
      assert.deepEqual(seen(who("reader"), record), ["body", "status", "title"]);
      assert.deepEqual(seen(who("reader"), { ...record, status: "draft" }), ["title"]);
      assert.deepEqual(seen(who("reader"), { ...record, status: undefined }), ["title"]);
      assert.deepEqual(seen(who("author"), record), ["body", "title"]);
      assert.deepEqual(seen(who("author"), { ...record, author: "u2" }), []);
      assert.deepEqual(seen(who("author", "reader"), { ...record, author: "u2" }), ["body", "status", "title"]);
      assert.deepEqual(seen(who(), record), []);
      assert.deepEqual(seen(who("nobody"), record), []);
    });

    test("are_all_where_one_grant_is_of_the_whole", () => {
      assert.equal(seen(who("guest", "whole"), record), "all");
      assert.equal(seen({ id: "u1", permissions: ["record:read"] }, record), "all");
      assert.equal(guard.fields(who("whole"), "report"), "all");
      assert.deepEqual(guard.fields(who("guest"), "report"), []);
    });

    test("are_of_that_permission", () => {
      assert.deepEqual(seen(who("author"), record, undefined, "record:update"), ["body", "title"]);
      for (const permission of ["record:update", "record:fly", "other:read", "fly", ""]) assert.deepEqual(seen(who("whole", "guest"), record, undefined, permission), []);
    });

    test("hang_on_the_context", () => {
      assert.deepEqual(seen(who("payroll"), record, { inside: true }), ["salary"]);
      for (const context of [undefined, {}, { inside: false }, { inside: "true" }, { inside: null }]) assert.deepEqual(seen(who("payroll"), record, context), []);
    });

    test("are_none_where_a_rule_denies", () => {
      for (const role of ["guest", "whole", "author"]) assert.deepEqual(seen(who(role), { ...record, status: "sealed" }), []);
      assert.deepEqual(seen(who("whole"), { ...record, status: 1n }), []);
    });

    test("without_an_instance_leave_out_what_hangs_on_it", () => {
      const open = new Guard({ policy: { ...policy, rules: [] } });
      for (const none of [undefined, null]) {
        assert.deepEqual(open.fields(who("reader"), "record:read", none), ["title"]);
        assert.deepEqual(open.fields(who("author"), "record:read", none), []);
        assert.equal(open.fields(who("whole"), "record:read", none), "all");
        // The rule of the other may deny.
        assert.deepEqual(guard.fields(who("whole"), "record:read", none), []);
      }
      const tenant = { id: "u1", roles: ["guest"], assignments: [{ role: "whole", tenant: "acme" }] };
      assert.deepEqual(open.fields(tenant, "record:read"), []);
    });

    test("count_a_role_of_a_tenant_there", () => {
      const subject = { id: "u1", assignments: [{ role: "whole", tenant: "acme" }, { role: "guest", tenant: "globex" }, { role: "reader", tenant: "acme", notAfter: now }] };
      assert.equal(seen(subject, record), "all");
      assert.deepEqual(seen(subject, { ...record, company: "globex" }), ["title"]);
      assert.deepEqual(seen(subject, { ...record, company: undefined }), []);
    });

    test("count_no_roles_that_exclude_each_other", () => {
      assert.deepEqual(seen(who("auditor"), record), ["company"]);
      assert.deepEqual(seen(who("auditor", "payroll", "guest"), record, { inside: true }), ["title"]);
    });

    test("try_no_elevated_role", () => {
      assert.deepEqual(guard.fields(who("chief", "guest"), "record:read", record, { justification: "an incident" }), ["title"]);
      assert.deepEqual(guard.filter(who("chief"), "record:read", record, { justification: "an incident" }), {});
    });

    test("filter_keeps_own_members_and_changes_nothing", () => {
      class Row {
        author = "u1";
        title = "T";
        get body() {
          return "B";
        }
      }
      const row = Object.freeze(new Row());
      assert.deepEqual(guard.filter(who("author"), "record:read", row), { title: "T" });
      assert.deepEqual(guard.filter(who("whole"), "record:read", row), { author: "u1", title: "T" });
      const hidden = Object.defineProperty({ title: "T" }, "body", { value: "B", enumerable: false });
      assert.deepEqual(guard.filter(who("whole"), "record:read", hidden), { title: "T" });
      const whole = guard.filter(who("whole"), "record:read", record);
      assert.notEqual(whole, record);
      assert.deepEqual(whole, record);
    });

    test("filter_takes_no_name_for_more_than_a_name", () => {
      const object = JSON.parse('{ "title": "T", "__proto__": { "admin": true }, "toString": 1 }');
      const kept = guard.filter(who("strange"), "record:read", object);
      assert.equal(JSON.stringify(kept), '{"__proto__":{"admin":true},"toString":1}');
      assert.deepEqual([Object.getPrototypeOf(kept), kept.admin], [Object.prototype, undefined]);
      assert.deepEqual(guard.filter(who("strange"), "record:read", {}), {});
    });

    test("are_misused_with_a_type_error", () => {
      const misuses = [
        () => guard.fields("u1", "record:read"),
        () => guard.fields(who("guest"), 5),
        () => guard.fields(who("guest"), "record:read", "1"),
        () => guard.fields(who("guest"), "record:read", record, "inside"),
        () => guard.fields(who("guest"), "record:read", record, { inside: 1n }),
        () => guard.filter(who("guest"), "record:read"),
        () => guard.filter(who("guest"), "record:read", null),
        () => guard.filter(null, "record:read", record),
      ];
      for (const misuse of misuses) assert.throws(misuse, TypeError);
    });

    test("are_of_nobody_where_the_subject_is_none", () => {
      for (const nobody of [{}, { id: "" }, { id: 5, roles: ["whole"] }, { id: "u1", roles: "whole" }, { id: "u1", kind: "root", roles: ["whole"] }]) {
        assert.deepEqual([guard.fields(nobody, "record:read", record), guard.filter(nobody, "record:read", record)], [[], {}]);
      }
    });

    test("are_none_where_the_engine_does_not_start_and_are_there_again", () => {
      init({ module: new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)) });
      try {
        assert.deepEqual([guard.fields(who("whole"), "record:read", record), guard.filter(who("whole"), "record:read", record)], [[], {}]);
      } finally {
        init({ module: new WebAssembly.Module(readFileSync(join(home, "node_modules/portcullis/dist/full/full.wasm"))) });
      }
      assert.equal(seen(who("whole"), record), "all");
    });
  });
}

describe("fields and filter in portcullis", () => {
  test("are_for_the_other_file", () => {
    for (const { Guard } of [imported, required]) {
      const guard = new Guard({ policy });
      for (const call of [() => guard.fields(who("whole"), "record:read", record), () => guard.filter(who("whole"), "record:read", record)]) {
        assert.throws(call, { name: "TypeError", message: /portcullis\/full/ });
      }
      // The policy loads, and what is granted of fields is not granted.
      assert.deepEqual([guard.can(who("guest"), "record:read", record), guard.can(who("whole"), "record:read", record)], [false, true]);
    }
  });
});
