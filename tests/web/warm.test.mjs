// Keys that another guard has fetched: exportKeys and importKeys of portcullis/full.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { plainPolicy, request, trustFetched } from "./blog.mjs";
import { full } from "./package.mjs";
import { jwk, now, token } from "./tokens.mjs";

const url = trustFetched.issuers[0].jwksUri;
const keys = JSON.stringify({ keys: [jwk("ES256")] });
const bearer = token({ exp: now + 200_000 }, "ES256");

function site({ jwksUri = url, time = now } = {}) {
  const world = { now: time, fetched: 0 };
  const fetch = async () => {
    world.fetched += 1;
    return new Response(keys);
  };
  const trust = { issuers: [{ ...trustFetched.issuers[0], jwksUri }] };
  world.guard = new full.imported.Guard({ policy: plainPolicy, trust, clock: () => world.now, fetch });
  world.ask = async () => (await world.guard.check(request("GET", "/me", bearer))).allowed;
  return world;
}

/** What a guard exports that has fetched. */
async function exported() {
  const world = site();
  assert.equal(await world.ask(), true);
  return world.guard.exportKeys();
}

describe("exported keys", () => {
  test("are_json_text_of_public_keys", async () => {
    const expected = { version: 1, sets: [{ url, jwksUri: null, keys, fetched: now, freshUntil: now + 600 }] };
    assert.deepEqual(JSON.parse(await exported()), expected);
    assert.deepEqual(JSON.parse(site().guard.exportKeys()), { version: 1, sets: [] });
  });

  test("spare_the_next_guard_its_fetch", async () => {
    const text = await exported();
    const world = site({ time: now + 500 });
    assert.equal(world.guard.importKeys(text), 1);
    assert.deepEqual([await world.ask(), world.fetched], [true, 0]);
    assert.equal(world.guard.exportKeys(), text);
    assert.equal(world.guard.importKeys(text), 0);
  });

  test("count_as_long_as_they_would_have_there", async () => {
    const text = await exported();
    const old = site({ time: now + 600 + 86_400 });
    assert.equal(old.guard.importKeys(text), 0);
    const early = site({ time: now - 1 });
    assert.equal(early.guard.importKeys(text), 0);
  });

  test("are_passed_over_where_they_are_not_of_this_guard", async () => {
    const text = await exported();
    const other = site({ jwksUri: "https://id.example/other" });
    assert.equal(other.guard.importKeys(text), 0);
    assert.deepEqual([await other.ask(), other.fetched], [true, 1]);
  });

  test("are_passed_over_where_they_are_none", async () => {
    const text = await exported();
    const { guard } = site();
    const broken = ["", "null", "[]", "{}", "garbage", text.slice(1), text.replace('"version":1', '"version":2'), "\ud800", " ".repeat(2 << 20)];
    for (const each of broken) assert.equal(guard.importKeys(each), 0);
    for (const each of [undefined, null, {}, 5]) assert.throws(() => guard.importKeys(each), TypeError);
  });

  test("are_taken_by_a_guard_that_the_engine_has_forgotten", async () => {
    const text = await exported();
    const world = site();
    for (let index = 0; index < 65; index += 1) site().guard.can({ id: "u1" }, "read_users");
    assert.equal(world.guard.importKeys(text), 1);
    for (let index = 0; index < 65; index += 1) site().guard.can({ id: "u1" }, "read_users");
    assert.equal(world.guard.exportKeys(), text);
    assert.deepEqual([await world.ask(), world.fetched], [true, 0]);
  });
});
