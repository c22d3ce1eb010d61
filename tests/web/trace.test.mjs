// What was checked on the way to an event, in portcullis/full: for the developer, never for the caller.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { editor, plainGuard, request } from "./blog.mjs";
import { full } from "./package.mjs";
import { now, token } from "./tokens.mjs";

async function traced(bearer, url = "/me") {
  const guard = plainGuard(full.imported);
  let event;
  guard.onDecision((told) => {
    event = told;
  });
  const outcome = await guard.check(request("GET", url, bearer));
  return { guard, outcome, event, checks: guard.trace(event) };
}

describe("trace", () => {
  test("ends_with_what_failed", async () => {
    const { outcome, event, checks } = await traced(token({ exp: now - 61 }));
    assert.equal(event.reason, "expired");
    assert.deepEqual(checks.at(-1), { check: "expired", passed: false, detail: event.detail });
    const before = checks.slice(0, -1);
    assert.ok(before.length > 0 && before.every((check) => check.passed === true && Object.keys(check).length === 2));
    const words = before.map(({ check }) => check);
    for (const word of ["malformed_authorization", "issuer_unknown", "signature_invalid", "audience_mismatch"]) assert.ok(words.includes(word), word);
    for (const word of ["not_yet_valid", "permission_missing"]) assert.ok(!words.includes(word), word);
    assert.ok(words.indexOf("signature_invalid") < words.indexOf("audience_mismatch"));
    assert.ok(Object.isFrozen(checks) && Object.isFrozen(checks[0]));
    assert.ok(!JSON.stringify([outcome, await outcome.response().text()]).includes("expired\""));
  });

  test("has_passed_everything_where_the_request_is_allowed", async () => {
    const { event, checks } = await traced(editor);
    assert.equal(event.decision, "allow");
    assert.ok(checks.length > 0 && checks.every(({ passed }) => passed));
  });

  test("names_a_detail", async () => {
    const { checks } = await traced(editor, "/users");
    assert.deepEqual(checks.at(-1), { check: "permission_missing", passed: false, detail: "read_users" });
  });

  test("is_of_an_event", async () => {
    const { guard } = await traced(editor);
    for (const event of [undefined, null, "event", 5, {}]) assert.throws(() => guard.trace(event), TypeError);
  });
});
