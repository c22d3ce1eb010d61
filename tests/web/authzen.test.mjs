// The AuthZEN decision point as a fetch handler: in workerd, where it is asked over HTTP, and in Node.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { home, root } from "./home.mjs";
import { authzen, full, imported, required } from "./package.mjs";
import { now } from "./tokens.mjs";
import { bundleWorker, serveWorker } from "./workerd.mjs";

const fixture = (name) => JSON.parse(readFileSync(join(root, `tests/authzen/${name}.json`), "utf8"));
const fixtures = { todo: fixture("todo"), records: fixture("records") };
const interop = join(root, "../shared/vectors/authzen-todo.json");

const apiKey = "TEST-ONLY-0123456789-0123456789-0123456789";
const hash = `sha256:${createHash("sha256").update(apiKey).digest("base64url")}`;
const origin = "https://pdp.example";
const wellKnown = "/.well-known/authzen-configuration";

const json = (body, headers = {}) => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: typeof body === "string" ? body : JSON.stringify(body),
});

const question = (user, action, record) => ({
  subject: { type: "user", id: user },
  action: { name: action },
  resource: { type: "record", id: record },
});

function endpoints(base) {
  return {
    policy_decision_point: base,
    access_evaluation_endpoint: `${base}/access/v1/evaluation`,
    access_evaluations_endpoint: `${base}/access/v1/evaluations`,
    search_subject_endpoint: `${base}/access/v1/search/subject`,
    search_resource_endpoint: `${base}/access/v1/search/resource`,
    search_action_endpoint: `${base}/access/v1/search/action`,
  };
}

describe("AuthZEN in workerd", () => {
  let server;
  before(() => {
    bundleWorker("authzen");
    server = serveWorker("authzen", { bindings: { FIXTURES: fixtures, API_KEY_HASH: hash, NOW: now } });
  });
  after(() => server.dispose());

  const sent = (path, init, point = "todo") => server.dispatchFetch(`${origin}${path}?point=${point}`, init);
  const asked = async (path, body) => {
    const response = await sent(path, json(body));
    assert.equal(response.status, 200);
    return response.json();
  };

  test("the_interop_file_holds", { skip: existsSync(interop) ? false : "there is no ../shared/vectors/authzen-todo.json" }, async () => {
    const { evaluation, evaluations } = JSON.parse(readFileSync(interop, "utf8"));
    const wrong = [];
    for (const { request, expected } of evaluation) {
      const { decision } = await asked("/access/v1/evaluation", request);
      if (decision !== expected) wrong.push(request);
    }
    for (const { request, expected } of evaluations) {
      const answer = await asked("/access/v1/evaluations", request);
      const decisions = answer.evaluations.map(({ decision }) => ({ decision }));
      if (JSON.stringify(decisions) !== JSON.stringify(expected)) wrong.push(request);
    }
    const cases = evaluation.length + evaluations.length;
    report({ suite: "AuthZEN interop (todo)", cases, passed: cases - wrong.length, deviations: [] });
    assert.deepEqual(wrong, []);
    assert.equal(cases, 43);
  });

  test("searches_go_through_all_pages", async () => {
    const request = { subject: { type: "user" }, action: { name: "can_read_user" }, resource: { type: "user", id: Object.keys(fixtures.todo.directory.user)[0] } };
    const found = [];
    let page = { limit: 2 };
    do {
      const answer = await asked("/access/v1/search/subject", { ...request, page });
      found.push(...answer.results.map(({ id }) => id));
      page = { limit: 2, token: answer.page.next_token };
    } while (page.token !== "");
    assert.deepEqual(found, Object.keys(fixtures.todo.directory.user).sort());
    const actions = await asked("/access/v1/search/action", { subject: { type: "user", id: found[0] }, resource: { type: "todo", id: "1" } });
    assert.ok(actions.results.some(({ name }) => name === "can_delete_todo"));
  });

  test("the_request_id_comes_back_whatever_the_answer", async () => {
    const id = { "x-request-id": "bfe9eb29-ab87-4ca3-be83-a1d5d8305716" };
    const answers = {
      200: await sent("/access/v1/evaluation", json(question("u", "a", "r"), id)),
      400: await sent("/access/v1/evaluation", json("", id)),
      401: await sent("/access/v1/evaluation", json(question("u", "a", "r"), id), "asked"),
      404: await sent("/access/v1/other", json({}, id)),
      405: await sent("/access/v1/evaluation", { headers: id }),
    };
    for (const [status, response] of Object.entries(answers)) {
      assert.equal(response.status, Number(status));
      assert.equal(response.headers.get("x-request-id"), id["x-request-id"]);
      assert.equal(response.headers.get("content-type"), "application/json");
      assert.equal(response.headers.get("cache-control"), "no-store");
      await response.arrayBuffer();
    }
    assert.equal((await sent("/access/v1/evaluation", json({}))).headers.get("x-request-id"), null);
  });

  test("what_is_no_request_gets_a_sentence", async () => {
    const cases = [
      [json(""), 400, /^the body is not strict JSON/],
      [json({}), 400, "subject is missing"],
      [{ ...json({}), headers: { "content-type": "text/plain" } }, 400, "the content type must be application/json"],
      [json(new Uint8Array([0x22, 0xff, 0x22])), 400, /./],
      [json(" ".repeat(64 * 1024 + 1)), 413, "the body is longer than 65536 bytes"],
      [json(" ".repeat(2 << 20)), 413, "the body is longer than 65536 bytes"],
    ];
    for (const [init, status, sentence] of cases) {
      const response = await sent("/access/v1/evaluation", init);
      assert.equal(response.status, status);
      const said = await response.json();
      if (sentence instanceof RegExp) assert.match(said, sentence);
      else assert.equal(said, sentence);
    }
    const wrong = await sent("/access/v1/evaluation", { method: "PUT", body: "{}" });
    assert.deepEqual([wrong.status, wrong.headers.get("allow")], [405, "POST"]);
    await wrong.arrayBuffer();
  });

  test("the_metadata_names_the_endpoints", async () => {
    assert.deepEqual(await (await sent(wellKnown)).json(), endpoints(origin));
    const head = await sent(wellKnown, { method: "HEAD" });
    assert.deepEqual([head.status, await head.text()], [200, ""]);
    const tenant = await sent(`${wellKnown}/tenant1`, {}, "empty");
    assert.deepEqual(await tenant.json(), endpoints(`${origin}/tenant1`));
    const decided = await sent("/tenant1/access/v1/evaluation", json(question("u", "a", "r")), "empty");
    assert.equal((await decided.json()).decision, false);
    assert.equal((await sent("/access/v1/evaluation", json({}), "empty")).status, 404);
  });

  test("a_guard_in_front_refuses_in_its_own_words", async () => {
    const body = question("alice", "write", "record-2");
    const refused = await sent("/access/v1/evaluation", json(body, { "x-request-id": "a" }), "guarded");
    assert.equal(refused.status, 401);
    assert.match(refused.headers.get("www-authenticate"), /^ApiKey realm=/);
    assert.equal(refused.headers.get("content-type"), "application/problem+json");
    assert.equal(refused.headers.get("x-request-id"), "a");
    assert.equal((await refused.json()).code, "authentication_required");

    const denied = await sent("/access/v1/evaluation", json(body, { "x-api-key": apiKey }), "guarded");
    const { decision, context } = await denied.json();
    assert.deepEqual([denied.status, decision, context.reason], [200, false, "not_owner"]);
    assert.deepEqual(context.reason_user, { 403: "Not allowed" });
    assert.match(context.reason_admin[403], /does not own/);

    const preflight = { method: "OPTIONS", headers: { origin: "https://a.example", "access-control-request-method": "POST" } };
    assert.equal((await sent("/access/v1/evaluation", preflight, "guarded")).status, 405);
    assert.equal((await sent(wellKnown, {}, "guarded")).status, 200);
  });

  test("a_function_in_front_says_yes_or_401", async () => {
    const ask = (headers) => sent("/access/v1/evaluation", json(question("alice", "write", "record-1"), headers), "asked");
    const answer = await ask({ "x-api-key": apiKey });
    assert.deepEqual(await answer.json(), { decision: true, context: { code: "permitted", reason: "permitted" } });
    for (const headers of [{}, { "x-api-key": "another" }]) {
      const refused = await ask(headers);
      assert.deepEqual([refused.status, await refused.json()], [401, "the caller is not authenticated"]);
    }
  });
});

/** For the table of `make conformance`. */
function report(row) {
  const folder = join(root, "target/conformance");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "authzen.json"), JSON.stringify(row));
}

for (const way of ["imported", "required"]) {
  describe(`AuthZEN in Node, ${way}`, () => {
    const { Guard, ConfigError, init } = full[way];
    const handler = authzen[way].authzen;
    const { policy, directory } = fixtures.records;
    const guard = () => new Guard({ policy, clock: () => now });
    const evaluation = (user, action, record) => new Request(`${origin}/access/v1/evaluation`, json(question(user, action, record)));
    const decides = async (point, ...asked) => (await (await point(evaluation(...asked))).json()).decision;

    test("decides", async () => {
      for (const given of [directory, JSON.stringify(directory)]) {
        const point = handler(guard(), { directory: given });
        assert.equal(await decides(point, "alice", "write", "record-1"), true);
        assert.equal(await decides(point, "alice", "write", "record-2"), false);
      }
    });

    test("wants_a_guard_of_portcullis_full", () => {
      for (const small of [imported, required]) {
        assert.throws(() => handler(new small.Guard({ policy }), { directory }), { name: "TypeError", message: /portcullis\/full/ });
      }
      for (const none of [undefined, null, {}, "guard"]) assert.throws(() => handler(none, { directory }), TypeError);
    });

    test("wants_options_that_it_knows", () => {
      const wrong = [
        undefined,
        {},
        { directory: 5 },
        { directory: null },
        { directory, other: 1 },
        { directory, explain: "yes" },
        { directory, authenticate: true },
        { directory, authenticate: {} },
        { directory, baseUrl: 5 },
        { directory, baseUrl: "/access" },
        { directory, baseUrl: "ftp://pdp.example" },
        { directory, baseUrl: "https://u:p@pdp.example" },
        { directory, baseUrl: "https://pdp.example/?a" },
        { directory, baseUrl: "https://pdp.example/#a" },
      ];
      for (const options of wrong) assert.throws(() => handler(guard(), options), TypeError, JSON.stringify(options));
    });

    test("says_where_a_directory_is_wrong", () => {
      const faults = [
        [{ user: { u1: { roles: "editor" } } }, "user.u1.roles", "wrong_type"],
        ["{", "", "json"],
        [JSON.stringify({ user: { u1: { note: "x".repeat(1 << 20) } } }), "", "too_large"],
      ];
      for (const [document, path, code] of faults) {
        assert.throws(() => handler(guard(), { directory: document }), (error) => {
          assert.ok(error instanceof ConfigError);
          assert.deepEqual([error.document, error.path, error.code], ["directory", path, code]);
          return true;
        });
      }
      const most = { user: { u1: { note: "x".repeat((1 << 20) - '{"user":{"u1":{"note":""}}}'.length) } } };
      handler(guard(), { directory: most });
    });

    test("keeps_apart_the_directories_of_one_guard", async () => {
      const one = guard();
      const alice = handler(one, { directory: { user: { alice: { roles: ["keeper"] } } } });
      const bob = handler(one, { directory: { user: { bob: { roles: ["keeper"] } } } });
      const check = async () => {
        assert.deepEqual([await decides(alice, "alice", "write", "1"), await decides(alice, "bob", "write", "1")], [true, false]);
        assert.deepEqual([await decides(bob, "bob", "write", "1"), await decides(bob, "alice", "write", "1")], [true, false]);
      };
      await check();
      // A new instance knows neither, and is told by whoever comes first.
      init({ module: new WebAssembly.Module(readFileSync(join(home, "node_modules/portcullis/dist/full/full.wasm"))) });
      assert.deepEqual([await decides(bob, "alice", "write", "1"), await decides(alice, "alice", "write", "1")], [false, true]);
      await check();
      // More than the core keeps.
      const many = Array.from({ length: 20 }, (_, number) => handler(one, { directory: { user: { [`u${number}`]: { roles: ["keeper"] } } } }));
      for (const [number, point] of many.entries()) {
        assert.equal(await decides(point, `u${number}`, "write", "1"), true);
        assert.equal(await decides(point, "u99", "write", "1"), false);
      }
      await check();
    });

    test("says_why_where_it_may", async () => {
      const one = guard();
      const reasons = async (explain) => {
        const point = handler(one, explain === undefined ? { directory } : { directory, explain });
        const { context } = await (await point(evaluation("alice", "delete", "record-1"))).json();
        return [context.reason_user, context.reason_admin !== undefined];
      };
      const user = { 403: "Permission denied" };
      assert.deepEqual([await reasons(undefined), await reasons(true), await reasons(false)], [[user, false], [user, true], [user, false]]);
    });

    test("lets_nobody_ask_who_is_not_let", async () => {
      for (const said of [false, undefined, null, 0, "yes", 1, {}]) {
        const point = handler(guard(), { directory, authenticate: () => said });
        const response = await point(evaluation("alice", "write", "record-1"));
        assert.deepEqual([response.status, await response.json()], [401, "the caller is not authenticated"]);
      }
      const throwing = handler(guard(), { directory, authenticate: () => Promise.reject(new Error("the store is away")) });
      await assert.rejects(throwing(evaluation("alice", "write", "record-1")), /the store is away/);
    });

    test("reads_no_more_of_a_body_than_it_may", async () => {
      let pulled = 0;
      let cancelled = false;
      const body = new ReadableStream({
        pull(controller) {
          pulled += 1;
          controller.enqueue(new Uint8Array(64 * 1024).fill(0x20));
        },
        cancel() {
          cancelled = true;
        },
      });
      const request = new Request(`${origin}/access/v1/evaluations`, { ...json(""), body, duplex: "half" });
      const response = await handler(guard(), { directory })(request);
      assert.deepEqual([response.status, cancelled], [413, true]);
      assert.ok(pulled < 10, `${pulled} pieces`);
    });

    test("refuses_a_body_that_breaks_off", async () => {
      const body = new ReadableStream({
        pull() {
          throw new Error("the caller is gone");
        },
      });
      const request = new Request(`${origin}/access/v1/evaluation`, { ...json(""), body, duplex: "half" });
      assert.equal((await handler(guard(), { directory })(request)).status, 400);
      const read = evaluation("alice", "read", "record-1");
      await read.text();
      await assert.rejects(handler(guard(), { directory })(read), TypeError);
    });
  });
}
