// Keys that are renewed behind the answer: `waitUntil`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { plainPolicy, request, trustFetched } from "./blog.mjs";
import { home } from "./home.mjs";
import { full, imported } from "./package.mjs";
import { issuer, jwk, now, token } from "./tokens.mjs";
import { trappingModule } from "./trapping.mjs";

const entries = {
  portcullis: { portcullis: imported, wasm: "guard.wasm" },
  "portcullis/full": { portcullis: full.imported, wasm: "full/full.wasm" },
};

const key = (kid) => ({ ...jwk("ES256"), kid });
const signed = (kid = "a") => token({ exp: now + 200_000, roles: ["editor"] }, "ES256", kid);

/** A guard whose clock and issuer the test holds: a fetch waits until it is answered. */
function siteOf({ Guard }) {
  const world = { now, fetches: [], works: [] };
  const fetch = () => new Promise((resolve, reject) => world.fetches.push({ resolve, reject }));
  world.guard = new Guard({ policy: plainPolicy, trust: trustFetched, clock: () => world.now, fetch });
  asking(world);
  world.answer = (keys, index = world.fetches.length - 1) => world.fetches[index].resolve(Response.json({ keys }));
  return world;
}

/** The same with a set that is past its time. */
async function staleSiteOf(portcullis) {
  const world = siteOf(portcullis);
  const first = world.ask(signed());
  world.answer([key("a")]);
  assert.equal(await first, 200);
  assert.equal(world.works.length, 0);
  world.now += 601;
  return world;
}

const discovery = `${issuer}/.well-known/openid-configuration`;
const [here, there] = [`${issuer}/jwks`, `${issuer}/keys`];
const tells = (jwks_uri) => () => Response.json({ issuer, jwks_uri });
const holds = (...kids) => () => Response.json({ keys: kids.map(key) });
const fails = () => new Response(null, { status: 500 });

/** A guard that finds out where the keys are, a day after it did: both are to be looked up again. `answers`: by URL. */
async function discoveringSiteOf({ Guard }) {
  const world = { now, fetched: [], works: [], answers: { [discovery]: tells(here), [here]: holds("a") } };
  const fetch = async (url) => {
    world.fetched.push(url);
    return world.answers[url]();
  };
  world.guard = new Guard({ policy: plainPolicy, trust: { issuers: [{ issuer, audience: "api" }] }, clock: () => world.now, fetch });
  asking(world);
  assert.equal(await world.ask(signed()), 200);
  assert.deepEqual(world.fetched.splice(0), [discovery, here]);
  world.now += 86_401;
  return world;
}

function asking(world) {
  world.waitUntil = (work) => void world.works.push(work);
  world.ask = async (bearer, { waitUntil = world.waitUntil, headers } = {}) => {
    const outcome = await world.guard.check({ ...request("GET", "/me", bearer), ...(headers && { headers }) }, { waitUntil });
    return outcome.allowed ? 200 : outcome.status;
  };
}

for (const [entry, { portcullis, wasm: name }] of Object.entries(entries)) {
  const site = () => siteOf(portcullis);
  const staleSite = () => staleSiteOf(portcullis);
  const discoveringSite = () => discoveringSiteOf(portcullis);

  describe(`${entry}: with waitUntil`, () => {
    test("a_request_is_answered_by_the_older_keys_while_they_are_renewed", async () => {
      const world = await staleSite();
      assert.equal(await world.ask(signed()), 200);
      assert.deepEqual([world.fetches.length, world.works.length], [2, 1]);
      // Nobody else fetches meanwhile.
      assert.deepEqual(await Promise.all(Array.from({ length: 50 }, () => world.ask(signed()))), Array(50).fill(200));
      assert.equal(world.fetches.length, 2);
      world.answer([key("b")]);
      await Promise.all(world.works);
      assert.deepEqual([await world.ask(signed("a")), await world.ask(signed("b"))], [401, 200]);
      assert.equal(world.fetches.length, 2);
    });

    test("the_promise_does_not_reject_where_the_fetch_does", async () => {
      const world = await staleSite();
      assert.equal(await world.ask(signed()), 200);
      world.fetches[1].reject(new TypeError("nobody answers"));
      await Promise.all(world.works);
      // After a failure nobody fetches for 30 seconds.
      world.now += 29;
      assert.equal(await world.ask(signed()), 200);
      assert.equal(world.fetches.length, 2);
      world.now += 1;
      assert.equal(await world.ask(signed()), 200);
      assert.deepEqual([world.fetches.length, world.works.length], [3, 2]);
    });

    const unusable = {
      a_set_without_keys: () => Response.json({ keys: [] }),
      no_set: () => new Response("<html></html>"),
      another_status: () => new Response("gone", { status: 410 }),
      no_response: () => undefined,
      one_byte_too_many: () => new Response(JSON.stringify({ keys: [key("b")] }).padEnd(65537)),
    };
    for (const [name, response] of Object.entries(unusable)) {
      test(`${name}_replaces_nothing`, async () => {
        const world = await staleSite();
        assert.equal(await world.ask(signed()), 200);
        world.fetches[1].resolve(response());
        await Promise.all(world.works);
        assert.equal(await world.ask(signed()), 200);
        assert.equal(world.fetches.length, 2);
      });
    }

    test("a_request_waits_where_there_are_no_keys_that_count", async () => {
      const world = await staleSite();
      world.now += 86_400;
      const asked = world.ask(signed());
      assert.deepEqual([world.fetches.length, world.works.length], [2, 0]);
      world.answer([key("a")]);
      assert.equal(await asked, 200);
    });

    test("the_short_way_stays_open", async () => {
      const world = site();
      const first = world.ask(signed());
      world.answer([key("a")]);
      await first;
      const read = [];
      const headers = { get: (name) => (read.push(name), name === "authorization" ? `Bearer ${signed()}` : null) };
      const bearer = `Bearer ${signed()}`;
      headers.get = (name) => (read.push(name), name === "authorization" ? bearer : null);
      assert.deepEqual([await world.ask(undefined, { headers }), await world.ask(undefined, { headers })], [200, 200]);
      assert.equal(read.filter((name) => name === "origin").length, 1);
    });

    test("a_host_that_does_not_wait_costs_no_answer", async (context) => {
      const thrown = [];
      context.mock.method(console, "error", (error) => thrown.push(error));
      const world = await staleSite();
      const works = [];
      const waitUntil = (work) => {
        works.push(work);
        throw new TypeError("Illegal invocation");
      };
      assert.equal(await world.ask(signed(), { waitUntil }), 200);
      assert.deepEqual(thrown.map(({ message }) => message), ["Illegal invocation"]);
      world.answer([key("b")]);
      await Promise.all(works);
      assert.deepEqual([await world.ask(signed("a")), await world.ask(signed("b"))], [401, 200]);
    });

    test("an_issuer_is_told_by_its_answer_how_long_keys_count", async () => {
      const world = await staleSite();
      await world.ask(signed());
      world.fetches[1].resolve(Response.json({ keys: [key("a")] }, { headers: { "cache-control": "public, max-age=3600" } }));
      await Promise.all(world.works);
      world.now += 3599;
      assert.equal(await world.ask(signed()), 200);
      assert.equal(world.fetches.length, 2);
      world.now += 1;
      assert.equal(await world.ask(signed()), 200);
      assert.equal(world.fetches.length, 3);
    });

    test("what_is_no_function_is_misuse", async () => {
      const { guard } = site();
      await assert.rejects(guard.check(request("GET", "/me"), { waitUntil: {} }), TypeError);
    });
  });

  describe(`${entry}: with waitUntil, an issuer that is discovered`, () => {
    const found = {
      the_metadata_and_then_the_keys: { answers: { [here]: holds("b") }, fetched: [discovery, here] },
      the_keys_where_they_are_now: { answers: { [discovery]: tells(there), [there]: holds("b"), [here]: fails }, fetched: [discovery, there] },
      the_keys_where_they_were_if_the_metadata_are_not_to_be_had: { answers: { [discovery]: fails, [here]: holds("b") }, fetched: [discovery, here] },
    };
    for (const [name, { answers, fetched }] of Object.entries(found)) {
      test(`is_asked_for_${name}`, async () => {
        const world = await discoveringSite();
        Object.assign(world.answers, answers);
        assert.equal(await world.ask(signed("a")), 200);
        assert.equal(world.works.length, 1);
        await Promise.all(world.works);
        assert.deepEqual(world.fetched, fetched);
        assert.deepEqual([await world.ask(signed("a")), await world.ask(signed("b"))], [401, 200]);
        assert.deepEqual([world.fetched, world.works.length], [fetched, 1]);
      });
    }

    test("that_is_down_keeps_the_older_keys_and_is_left_alone_for_30_seconds", async () => {
      const world = await discoveringSite();
      Object.assign(world.answers, { [discovery]: fails, [here]: fails });
      assert.equal(await world.ask(signed("a")), 200);
      await Promise.all(world.works);
      assert.deepEqual(world.fetched.splice(0), [discovery, here]);
      world.now += 29;
      assert.equal(await world.ask(signed("a")), 200);
      assert.equal(world.works.length, 1);
      world.now += 1;
      Object.assign(world.answers, { [discovery]: tells(there), [there]: holds("b") });
      assert.equal(await world.ask(signed("a")), 200);
      await Promise.all(world.works);
      assert.deepEqual([world.fetched, await world.ask(signed("a"))], [[discovery, there], 401]);
    });
  });

  describe(`${entry}: without waitUntil`, () => {
    test("one_request_waits_and_the_others_do_not", async () => {
      const world = await staleSite();
      const plain = (bearer) => world.guard.check(request("GET", "/me", bearer)).then(({ allowed, status }) => (allowed ? 200 : status));
      let first;
      const waiting = plain(signed("b")).then((status) => (first = status));
      assert.equal(await plain(signed()), 200);
      assert.deepEqual([first, world.fetches.length], [undefined, 2]);
      world.answer([key("b")]);
      assert.equal(await waiting, 200);
    });

    test("it_goes_on_with_the_older_keys_where_the_fetch_fails", async () => {
      const world = await staleSite();
      const waiting = world.guard.check(request("GET", "/me", signed()));
      world.fetches[1].reject(new TypeError("nobody answers"));
      assert.equal((await waiting).allowed, true);
    });
  });

  describe(`${entry}: keys that come after a trap`, () => {
    const wasm = readFileSync(join(home, "node_modules/portcullis/dist", name));
    const moment = 666;
    beforeEach(() => portcullis.init({ module: trappingModule(wasm, moment, "unreachable") }));
    afterEach(() => portcullis.init({ module: new WebAssembly.Module(wasm) }));

    test("are_for_nobody", async () => {
      const world = await staleSite();
      assert.equal(await world.ask(signed()), 200);
      const before = world.now;
      world.now = moment;
      assert.equal((await world.guard.check(request("GET", "/public/x"))).status, 503);
      world.now = before;
      // Another guard may have this one's number now.
      const other = site();
      const others = other.ask(signed("c"));
      other.answer([key("c")]);
      assert.equal(await others, 200);
      world.answer([key("b")], 1);
      await Promise.all(world.works);
      // The guard that was made anew asks for keys itself; portcullis/full answers with those of before meanwhile.
      const asked = world.ask(signed("a"));
      assert.deepEqual([world.fetches.length, world.works.length], entry === "portcullis" ? [3, 1] : [3, 2]);
      if (entry === "portcullis") world.answer([key("a")]);
      assert.equal(await asked, 200);
      assert.equal(await other.ask(signed("c")), 200);
    });
  });
}
