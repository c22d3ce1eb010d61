// Conditions, rules and tenants, asked of the packed package: `can`, `evaluate` and `explain` say one thing, in both files.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bundle, full, fullBundle, imported } from "./package.mjs";
import { now } from "./tokens.mjs";

const policy = {
  policy: "desk",
  revision: 1,
  resources: {
    ticket: {
      actions: ["read", "refund", "approve"],
      owner: "opened_by",
      tenant: "company",
      attributes: { opened_by: "string", company: "string", status: "string", amount: "int", card: { type: "string", redact: true }, due: "timestamp", tags: "list(string)" },
    },
  },
  subject: { attributes: { limit: "int" } },
  context: { attributes: { ip: "ip" } },
  action: { attributes: { reason: "string" } },
  roles: {
    customer: { permits: [{ permission: "ticket:read", owner: true, when: "resource.status != 'hidden'" }] },
    agent: { permits: ["ticket:read", { permission: "ticket:refund", when: "resource.amount <= subject.limit && resource.card != ''" }] },
    lead: { permits: ["ticket:approve"] },
    auditor: { permits: ["ticket:read"] },
    chief: { permits: ["ticket:refund"], elevated: { justification: true } },
  },
  exclusive: [["agent", "auditor"]],
  rules: [
    { id: "closed", effect: "deny", permissions: ["ticket:refund", "ticket:approve"], when: "resource.status == 'closed'", unless: "'vip' in resource.tags", message: "This ticket is closed." },
    { id: "not-your-own", effect: "deny", permissions: ["ticket:approve"], when: "resource.opened_by == subject.id" },
    { id: "office", effect: "require", permissions: ["ticket:refund"], when: "cidr('10.0.0.0/8').containsIP(context.ip)", message: "Refunds are made in the office." },
    { id: "said", effect: "require", permissions: ["ticket:approve"], when: "size(action.reason) >= 3 && now < resource.due" },
  ],
};

const ticket = { opened_by: "u1", company: "acme", status: "open", amount: 40, card: "4111", due: now + 60, tags: [] };
const agent = { id: "a1", roles: ["agent"], attributes: { limit: 100 } };
const office = { ip: "10.1.2.3" };

for (const [entry, { Guard }] of Object.entries({ portcullis: imported, "portcullis/bundle": bundle, "portcullis/full": full.imported, "portcullis/full, required": full.required, "portcullis/full/bundle": fullBundle })) {
  describe(`conditions, rules, tenants: ${entry}`, () => {
    const guard = new Guard({ policy, clock: () => now });

    /** The decision's reason, and its rule, where `can`, `evaluate` and `explain` agree on it. */
    const reason = (subject, action, properties, context) => {
      const resource = { type: "ticket", ...(properties === undefined ? {} : { properties }) };
      const question = { subject, action, resource, ...(context === undefined ? {} : { context }) };
      const decision = guard.evaluate(question);
      const { decision: explained, context: told } = guard.explain(question);
      assert.deepEqual({ decision: explained, context: told }, decision);
      const isPlain = decision.decision && decision.context.code === "permitted";
      if (typeof action === "string") assert.equal(guard.can(subject, `ticket:${action}`, properties, context), isPlain);
      const { code, reason: word, rule } = decision.context;
      return decision.decision ? code : [word, rule].filter((said) => said !== undefined).join(" ");
    };
    const approve = (said) => ({ name: "approve", ...(said === undefined ? {} : { properties: { reason: said } }) });

    test("a_condition_of_a_grant", () => {
      assert.equal(reason(agent, "refund", ticket, office), "permitted");
      assert.equal(reason(agent, "refund", { ...ticket, amount: 100 }, office), "permitted");
      assert.equal(reason(agent, "refund", { ...ticket, amount: 101 }, office), "condition_failed");
      assert.equal(reason(agent, "refund", { ...ticket, card: "" }, office), "condition_failed");
      for (const amount of [undefined, null, "40", 40.5, [40], true]) assert.equal(reason(agent, "refund", { ...ticket, amount }, office), "condition_failed", String(amount));
      for (const attributes of [undefined, {}, { limit: "100" }]) assert.equal(reason({ ...agent, attributes }, "refund", ticket, office), "condition_failed");
      assert.equal(reason({ id: "n1" }, "refund", ticket, office), "permission_missing");
    });

    test("a_condition_beside_ownership", () => {
      const customer = { id: "u1", roles: ["customer"] };
      assert.equal(reason(customer, "read", ticket), "permitted");
      assert.equal(reason(customer, "read", { ...ticket, opened_by: "u2" }), "not_owner");
      assert.equal(reason(customer, "read", { ...ticket, status: "hidden" }), "condition_failed");
      assert.equal(reason(customer, "read", { ...ticket, opened_by: "u2", status: "hidden" }), "not_owner");
      assert.equal(reason(customer, "read"), "conditional");
    });

    test("a_rule_that_requires_reads_the_context", () => {
      assert.equal(reason(agent, "refund", ticket), "requirement_failed office");
      assert.equal(reason(agent, "refund", ticket, {}), "requirement_failed office");
      for (const ip of ["11.1.2.3", "10.1.2", "::ffff:10.1.2.3", 7, null]) assert.equal(reason(agent, "refund", ticket, { ip }), "requirement_failed office", String(ip));
    });

    test("a_rule_that_denies", () => {
      const lead = { id: "l1", roles: ["lead"] };
      assert.equal(reason(lead, approve("fine"), ticket), "permitted");
      assert.equal(reason({ ...lead, id: "u1" }, approve("fine"), ticket), "denied_by_rule not-your-own");
      assert.equal(reason(lead, approve("fine"), { ...ticket, opened_by: undefined }), "denied_by_rule not-your-own");
      assert.equal(reason(lead, approve("fine"), { ...ticket, status: "closed" }), "denied_by_rule closed");
      assert.equal(reason(lead, approve("fine"), { ...ticket, status: "closed", tags: ["vip"] }), "permitted");
      assert.equal(reason(lead, approve("fine"), { ...ticket, status: "closed", tags: "vip" }), "denied_by_rule closed");
      assert.equal(reason(lead, approve("fine"), { ...ticket, status: undefined }), "denied_by_rule closed");
      assert.equal(reason(lead, approve("fine")), "conditional");
      assert.equal(reason({ id: "n1" }, approve("fine"), { ...ticket, status: "closed" }), "permission_missing");
    });

    test("what_an_action_brings_and_the_clock", () => {
      const lead = { id: "l1", roles: ["lead"] };
      for (const said of [undefined, "no", 7]) assert.equal(reason(lead, approve(said), ticket), "requirement_failed said");
      assert.equal(reason(lead, approve("yes"), { ...ticket, due: now }), "requirement_failed said");
      assert.equal(reason(lead, approve("yes"), { ...ticket, due: new Date((now + 1) * 1000) }), "permitted");
      assert.equal(reason(lead, "approve", ticket), "requirement_failed said");
    });

    test("a_role_in_a_tenant_and_for_a_time", () => {
      const assigned = (assignment) => ({ id: "a1", assignments: [{ role: "lead", tenant: "acme", ...assignment }] });
      assert.equal(reason(assigned({}), approve("fine"), ticket), "permitted");
      assert.equal(reason(assigned({}), approve("fine"), { ...ticket, company: "globex" }), "tenant_mismatch");
      assert.equal(reason(assigned({}), approve("fine"), { ...ticket, company: undefined }), "tenant_mismatch");
      assert.equal(reason(assigned({}), approve("fine")), "conditional");
      assert.equal(reason(assigned({ notBefore: now, notAfter: now + 1 }), approve("fine"), ticket), "permitted");
      assert.equal(reason(assigned({ notAfter: now }), approve("fine"), ticket), "permission_missing");
      assert.equal(reason(assigned({ notBefore: now + 1 }), approve("fine"), ticket), "permission_missing");
    });

    test("roles_that_exclude_each_other", () => {
      const both = { ...agent, roles: ["agent", "auditor"] };
      assert.equal(reason(both, "read", ticket), "roles_exclusive");
      assert.equal(reason({ ...both, roles: ["agent", "auditor", "customer"], id: "u1" }, "read", ticket), "permitted");
      const inOther = { ...agent, roles: ["agent"], assignments: [{ role: "auditor", tenant: "globex" }] };
      assert.equal(reason(inOther, "read", ticket), "permitted");
      assert.equal(reason(inOther, "read", { ...ticket, company: "globex" }), "roles_exclusive");
    });

    test("an_elevated_role_that_a_rule_holds_too", () => {
      const chief = { id: "c1", roles: ["chief"] };
      assert.equal(reason(chief, "refund", ticket, office), "justification_required");
      assert.equal(reason(chief, "refund", ticket, { ...office, justification: "the customer called" }), "permitted");
      assert.equal(reason(chief, "refund", ticket, { justification: "the customer called" }), "requirement_failed office");
    });

    test("an_explanation_of_what_a_condition_saw", () => {
      const question = { subject: agent, action: "refund", resource: { type: "ticket", id: "7", properties: { ...ticket, amount: 900, card: "4242" } }, context: office };
      assert.deepEqual(guard.explain(question), {
        decision: false,
        context: { code: "not_allowed", reason: "condition_failed", status: 403, message: "Not allowed" },
        summary: "It is granted under a condition, which is not true.",
        permission: "ticket:refund",
        rolesInEffect: ["agent"],
        grant: null,
        rolesThatWouldAllow: [],
        ownership: null,
        rule: null,
        condition: {
          path: "roles.agent.permits[1].when",
          source: "resource.amount <= subject.limit && resource.card != ''",
          failed: "resource.amount <= subject.limit",
          result: false,
          operands: [{ attribute: "resource.amount", value: 900 }, { attribute: "subject.limit", value: 100 }],
        },
        change: null,
      });
      const amount = { attribute: "resource.amount", missing: true };
      const card = { attribute: "resource.card", redacted: true };
      for (const [given, failed, result, operands] of [
        [{ card: "" }, "resource.card != ''", false, [card]],
        [{ card: undefined }, "resource.card != ''", "attribute_missing", [card]],
        [{ card: 4242 }, "resource.card != ''", "attribute_type", [card]],
        [{ amount: undefined }, "resource.amount <= subject.limit", "attribute_missing", [amount, { attribute: "subject.limit", value: 100 }]],
      ]) {
        const { condition } = guard.explain({ ...question, resource: { type: "ticket", properties: { ...ticket, ...given } } });
        assert.deepEqual([condition.failed, condition.result, condition.operands], [failed, result, operands]);
      }
    });

    test("an_explanation_of_a_rule", () => {
      const question = { subject: agent, action: "refund", resource: { type: "ticket", properties: ticket }, context: { ip: "192.0.2.1" } };
      const { context, rule, condition, grant } = guard.explain(question);
      assert.deepEqual(context, { code: "not_allowed", reason: "requirement_failed", status: 403, message: "Refunds are made in the office.", rule: "office" });
      assert.deepEqual([rule, grant], ["office", null]);
      assert.deepEqual(condition, {
        path: "rules.office.when",
        source: "cidr('10.0.0.0/8').containsIP(context.ip)",
        failed: "cidr('10.0.0.0/8').containsIP(context.ip)",
        result: false,
        operands: [{ attribute: "context.ip", value: "192.0.2.1" }],
      });
    });

    test("an_explanation_of_a_grant_and_of_the_change_that_would_allow", () => {
      const question = { subject: agent, action: "refund", resource: { type: "ticket", properties: ticket }, context: office };
      assert.deepEqual(guard.explain(question).grant, {
        role: "agent",
        path: ["agent"],
        permission: "ticket:refund",
        owner: false,
        when: "resource.amount <= subject.limit && resource.card != ''",
        elevated: false,
      });
      const { rolesThatWouldAllow, change } = guard.explain({ ...question, subject: { id: "n1" }, action: "read" });
      assert.deepEqual([rolesThatWouldAllow, change], [["agent", "auditor"], { kind: "role", role: "auditor" }]);
      assert.deepEqual(guard.explain({ ...question, subject: { id: "c1", roles: ["chief"] } }).change, { kind: "justification" });
    });

    test("a_document_that_does_not_load", () => {
      const faults = [
        ["resource.amount <= 'x'", "condition", /type_mismatch|mixed_types/],
        ["resource.colour == 'red'", "condition", /unknown_attribute/],
        ["resource.amount", "condition", /not_bool/],
        ["resource.amount <=", "condition", /syntax/],
      ];
      for (const [when, code, message] of faults) {
        const rules = [{ id: "r", effect: "deny", permissions: ["ticket:read"], when }];
        assert.throws(() => new Guard({ policy: { ...policy, rules } }), { name: "ConfigError", document: "policy", path: "rules[0].when", code, message });
      }
    });
  });
}

const pattern = { ...policy, rules: [{ id: "r", effect: "require", permissions: ["ticket:read"], when: "subject.id.matches('^a[0-9]+$')" }] };

describe("a pattern in a condition", () => {
  test("is_for_portcullis_full", () => {
    for (const { Guard } of [imported, bundle]) {
      for (const rule of [...pattern.rules, { id: "r", effect: "deny", permissions: ["ticket:read"], when: "false && matches(subject.id, 'a')" }]) {
        assert.throws(() => new Guard({ policy: { ...policy, rules: [rule] } }), { name: "ConfigError", document: "policy", path: "rules[0].when", code: "unsupported" });
      }
    }
  });

  test("is_matched_in_portcullis_full", () => {
    for (const { Guard } of [full.imported, full.required, fullBundle]) {
      const guard = new Guard({ policy: pattern });
      assert.deepEqual(["a1", "a", "ba1", "a1\n"].map((id) => guard.can({ ...agent, id }, "ticket:read", ticket)), [true, false, false, false]);
    }
  });
});
