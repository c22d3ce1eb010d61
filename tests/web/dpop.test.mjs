// Proof of possession in portcullis/full, with keys that WebCrypto made.

import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { plainGuard, plainPolicy } from "./blog.mjs";
import { here, home } from "./home.mjs";
import { full, imported, stores } from "./package.mjs";
import { newClient } from "./proofs.mjs";
import { issuer, jwk, now, secret, token } from "./tokens.mjs";
import { bundleWorker, serveWorker } from "./workerd.mjs";

const origin = "https://blog.example";
const nonceSecret = "TEST ONLY: 32 bytes for the nonces of DPoP";
const trustWith = (dpop = {}) => ({ issuers: [{ issuer, audience: "api", jwks: { keys: [jwk("ES256")] } }], dpop });
const boundTo = ({ jkt }, claims = {}) => token({ roles: ["editor"], cnf: { jkt }, ...claims }, "ES256");

/** What a client sends: the bound token and a fresh proof. */
async function presenting(client, bearer, { path = "/me", iat = now, ...claims } = {}) {
  const dpop = await client.proof("GET", `${origin}${path}`, bearer, { iat, ...claims });
  return { method: "GET", url: `${origin}${path}`, headers: { authorization: `DPoP ${bearer}`, dpop } };
}

function guardWith(dpop, options = {}) {
  const guard = plainGuard(full.imported, { trust: trustWith(dpop), ...options });
  const reasons = [];
  guard.onDecision(({ reason }) => reasons.push(reason));
  return { guard, reasons };
}

describe("a bound token", () => {
  test("passes_with_each_proof_once", async () => {
    const { guard, reasons } = guardWith({});
    const client = await newClient();
    const request = await presenting(client, boundTo(client));
    const first = await guard.check(request);
    assert.deepEqual([first.allowed, first.principal?.id], [true, "u1"]);
    const again = await guard.check(request);
    assert.deepEqual([again.status, again.code], [401, "invalid_dpop_proof"]);
    assert.match(again.headers["www-authenticate"], /^DPoP realm="api", error="invalid_dpop_proof"/);
    assert.equal((await guard.check(await presenting(client, boundTo(client)))).allowed, true);
    assert.deepEqual(reasons, ["permitted", "proof_replayed", "permitted"]);
  });

  test("is_of_no_use_to_somebody_else", async () => {
    const { guard, reasons } = guardWith({});
    const [owner, thief] = await Promise.all([newClient(), newClient()]);
    const bearer = boundTo(owner);
    assert.equal((await guard.check(await presenting(owner, bearer))).allowed, true);
    const stolen = [
      await presenting(thief, bearer),
      { method: "GET", url: `${origin}/me`, headers: { authorization: `Bearer ${bearer}` } },
      { method: "GET", url: `${origin}/me`, headers: { authorization: `DPoP ${bearer}` } },
    ];
    for (const request of stolen) assert.equal((await guard.check(request)).status, 401);
    assert.deepEqual(reasons.slice(1), ["proof_key_mismatch", "token_bound", "proof_missing"]);
    // The thief claims the owner's key, and signs with its own.
    const { headers } = await presenting(owner, bearer);
    const forged = await thief.proof("GET", `${origin}/me`, bearer, { iat: now }, { jwk: owner.jwk });
    assert.equal((await guard.check({ method: "GET", url: `${origin}/me`, headers: { ...headers, dpop: forged } })).status, 401);
    assert.equal(reasons.at(-1), "proof_signature");
  });

  test("is_verified_with_the_key_that_its_own_request_brought", async () => {
    const { guard } = guardWith({});
    const clients = await Promise.all(Array.from({ length: 5 }, newClient));
    for (let round = 0; round < 3; round += 1) {
      for (const client of clients) {
        const bearer = boundTo(client, { sub: client.jkt });
        const outcome = await guard.check(await presenting(client, bearer));
        assert.equal(outcome.principal?.id, client.jkt);
      }
    }
  });

  test("needs_no_promise_in_Node", async () => {
    const { guard } = guardWith({});
    assert.equal(guard.synchronous, true);
    const client = await newClient();
    const request = await presenting(client, boundTo(client));
    assert.deepEqual([guard.checkSync(request).allowed, guard.checkSync(request).status], [true, 401]);
    assert.equal(guardWith({}, { replays: new stores.imported.MemoryReplays() }).guard.synchronous, false);
  });

  test("needs_a_promise_where_WebCrypto_verifies_whoever_signed_the_token", async () => {
    const { Guard } = await import(pathToFileURL(join(home, "node_modules/portcullis/dist/full/bundle.js")).href);
    for (const dpop of [{}, { replay: false }]) {
      const guard = new Guard({ policy: plainPolicy, trust: { issuers: [{ issuer, audience: "api", secret }], dpop } });
      assert.equal(guard.synchronous, false);
    }
  });

  test("takes_the_url_that_clients_see", async () => {
    const { guard, reasons } = guardWith({ externalUrl: `${origin}/api` });
    const client = await newClient();
    const bearer = boundTo(client);
    const behindProxy = async (path) => ({ ...(await presenting(client, bearer, { path })), url: "/me" });
    assert.equal((await guard.check(await behindProxy("/api/me"))).allowed, true);
    assert.equal((await guard.check(await behindProxy("/me"))).status, 401);
    assert.deepEqual(reasons, ["permitted", "proof_url"]);
    const without = guardWith({});
    await without.guard.check(await behindProxy("/me"));
    assert.deepEqual(without.reasons, ["proof_url_unknown"]);
  });
});

describe("a nonce", () => {
  test("is_asked_for_and_then_taken", async () => {
    const { guard } = guardWith({ nonce: { secret: nonceSecret } });
    const client = await newClient();
    const bearer = boundTo(client);
    const refused = await guard.check(await presenting(client, bearer));
    assert.deepEqual([refused.status, refused.code, Object.keys(refused.headers).at(-1)], [401, "use_dpop_nonce", "dpop-nonce"]);
    const nonce = refused.response().headers.get("dpop-nonce");
    assert.equal((await guard.check(await presenting(client, bearer, { nonce }))).allowed, true);
  });
});

describe("a store of replays", () => {
  const checked = async (remember, dpop = {}) => {
    const { guard, reasons } = guardWith(dpop, { replays: { remember } });
    const client = await newClient();
    const outcome = await guard.check(await presenting(client, boundTo(client)));
    return { outcome, reasons };
  };

  test("is_asked_once_for_each_proof_that_held", async () => {
    const asked = [];
    const remember = async (...parameters) => {
      asked.push(parameters);
      return true;
    };
    const { outcome } = await checked(remember, { window: 30 });
    assert.equal(outcome.allowed, true);
    assert.equal(asked.length, 1);
    const [[name, until]] = asked;
    assert.match(name, /^[A-Za-z0-9_-]{43}$/);
    // The window, and a minute more for a store whose clock is another.
    assert.equal(until, now + 30 + 61);
  });

  test("is_asked_again_for_a_token_that_was_seen", async () => {
    let asked = 0;
    const { guard } = guardWith({}, { replays: { remember: () => (asked += 1) > 0 } });
    const client = await newClient();
    const bearer = boundTo(client);
    for (let round = 0; round < 3; round += 1) assert.equal((await guard.check(await presenting(client, bearer))).allowed, true);
    assert.equal(asked, 3);
  });

  test("that_has_seen_it_refuses", async () => {
    const { outcome, reasons } = await checked(() => Promise.resolve(false));
    assert.deepEqual([outcome.status, reasons], [401, ["proof_replayed"]]);
  });

  const unavailable = {
    throws: () => {
      throw new Error("no store");
    },
    rejects: () => Promise.reject(new Error("no store")),
    gives_nothing: () => undefined,
    gives_text: () => "true",
    gives_a_number: async () => 1,
  };
  for (const [name, remember] of Object.entries(unavailable)) {
    test(`that_${name}_is_unavailable`, async () => {
      const { outcome, reasons } = await checked(remember);
      assert.deepEqual([outcome.status, outcome.code, reasons], [503, "unavailable", ["replay_unavailable"]]);
    });
  }

  test("is_not_asked_where_the_trust_document_wants_none", async () => {
    const { outcome } = await checked(
      () => {
        throw new Error("asked");
      },
      { replay: false },
    );
    assert.equal(outcome.allowed, true);
  });
});

describe("the smaller entry", () => {
  test("knows_no_dpop", () => {
    assert.throws(() => plainGuard(imported, { trust: trustWith() }), { name: "ConfigError", document: "trust", path: "dpop", code: "unsupported" });
  });

  test("refuses_a_token_whose_binding_it_cannot_check", async () => {
    const { issuers } = trustWith();
    const guard = plainGuard(imported, { trust: { issuers } });
    const reasons = [];
    guard.onDecision(({ reason }) => reasons.push(reason));
    const headers = { authorization: `Bearer ${boundTo(await newClient())}` };
    assert.equal((await guard.check({ method: "GET", url: `${origin}/me`, headers })).status, 401);
    assert.deepEqual(reasons, ["binding_unsupported"]);
  });
});

describe("in workerd", () => {
  let worker;
  before(() => {
    cpSync(join(here, "proofs.mjs"), join(home, "proofs.mjs"));
    bundleWorker("dpop");
    worker = serveWorker("dpop", { bindings: { DOCUMENTS: { policy: plainPolicy, trust: trustWith({ nonce: { secret: nonceSecret } }) }, NOW: now } });
  });
  after(() => worker?.dispose());

  const answer = async ({ url, headers }) => {
    const response = await worker.dispatchFetch(url, { headers });
    return [response.status, (await response.json()).code, response.headers.get("dpop-nonce")];
  };

  test("a_client_is_asked_for_a_nonce_and_then_let_in_once", async () => {
    const client = await newClient();
    const bearer = boundTo(client);
    const [status, code, nonce] = await answer(await presenting(client, bearer));
    assert.deepEqual([status, code], [401, "use_dpop_nonce"]);
    const request = await presenting(client, bearer, { nonce });
    assert.deepEqual(await answer(request), [200, undefined, null]);
    assert.deepEqual(await answer(request), [401, "invalid_dpop_proof", null]);
  });

  test("a_client_that_lives_there_is_let_in", async () => {
    const asked = (path, body) => worker.dispatchFetch(`https://client.example/${path}`, { method: "POST", body });
    const jkt = await (await asked("key")).text();
    const response = await asked("visit", boundTo({ jkt }));
    assert.deepEqual([response.status, await response.json()], [200, { id: "u1" }]);
  });
});
