// What portcullis/full knows beside: tokens that the provider is asked about, tokens that are bound to a key, and keys
// that are handed from one isolate to another.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { clientToken, revoke, signIn } from "./client.mjs";
import {
  assertAllowed,
  assertRefused,
  assertUnavailable,
  bearerRealm,
  cooldown,
  dpopAlgorithms,
  dpopRealm,
  fresh,
  invalidToken,
  stale,
  withError,
} from "./expectation.mjs";
import { machineToken, provided, siteOf, trusting } from "./fixtures.mjs";
import { ProofKey } from "./keys.mjs";
import { audience, clientFor, gate as api, machine, resourceFor } from "./provider.mjs";
import { bearer, origin } from "./site.mjs";

const entry = "portcullis/full";
const site = siteOf();

describe("portcullis: what only portcullis/full knows", () => {
  const issuer = "https://id.example";
  const introspection = { endpoint: `${issuer}/introspection`, clientId: "api", clientSecret: "TEST ONLY: secret" };
  const documents = {
    "issuers[0].introspection": trusting({ issuer, audience, introspection }),
    dpop: { ...trusting({ issuer, audience }), dpop: {} },
  };

  for (const [path, trust] of Object.entries(documents)) {
    test(`does_not_load: ${path}`, async () => {
      await assert.rejects(site.gate({ entry: "portcullis", trust }), { name: "ConfigError", path, code: "unsupported" });
      await site.gate({ entry, trust });
    });
  }
});

describe("portcullis/full: introspection", () => {
  const held = provided("RS256");
  const maxAge = 60;
  const unavailable = (answer) => assertUnavailable(answer, "introspection_unavailable");
  const opaque = async (request = {}) =>
    (await signIn(held.issuer, { client: clientFor("RS256"), resource: resourceFor("opaque"), ...request })).access_token;
  const trust = (secret = api.secret) => {
    const endpoint = held.metadata.introspection_endpoint;
    return trusting({ issuer: held.issuer, audience, introspection: { endpoint, clientId: api.id, clientSecret: secret, maxAge } });
  };

  test("tells_whose_an_opaque_token_is_and_is_asked_once_in_a_while", async () => {
    const gate = await site.gate({ entry, trust: trust() });
    const token = await opaque();
    for (let times = 0; times < 2; times += 1) {
      assertAllowed(await gate.ask("/me", bearer(token)), { kind: "user", id: "ann", issuer: held.issuer, roles: ["editor"], scopes: ["notes:read"] });
    }
    assertAllowed(await gate.ask("/notes", bearer(token)));
    assert.deepEqual(await gate.fetched(), [held.metadata.introspection_endpoint]);
    await gate.move(maxAge + 1);
    assertAllowed(await gate.ask("/me", bearer(token)));
    assert.deepEqual(await gate.fetched(), [held.metadata.introspection_endpoint]);
  });

  test("ends_a_token_that_was_revoked_once_the_kept_answer_is_old", async () => {
    const gate = await site.gate({ entry, trust: trust() });
    const [token, other] = [await opaque(), await opaque({ account: "bob" })];
    assertAllowed(await gate.ask("/me", bearer(token)));
    await revoke(held.issuer, { client: clientFor("RS256"), token });
    await gate.move(maxAge - 5);
    assertAllowed(await gate.ask("/me", bearer(token)));
    await gate.move(10);
    assertRefused(await gate.ask("/me", bearer(token)), "token_inactive");
    assertAllowed(await gate.ask("/me", bearer(other)), { id: "bob" });
  });

  test("knows_nothing_of_a_token_that_nobody_gave_out", async () => {
    const gate = await site.gate({ entry, trust: trust() });
    assertRefused(await gate.ask("/me", bearer("nobody-gave-this-out")), "token_inactive");
  });

  test("takes_an_opaque_token_for_another_audience_for_nobody", async () => {
    const gate = await site.gate({ entry, trust: { issuers: [{ ...trust().issuers[0], audience: "https://other.example" }] } });
    assertRefused(await gate.ask("/me", bearer(await opaque())), "audience_mismatch");
  });

  test("is_unavailable_where_the_provider_does_not_answer_it", async () => {
    const gate = await site.gate({ entry, trust: trust() });
    const stranger = await site.gate({ entry, trust: trust("TEST ONLY: not the secret") });
    const token = await opaque();
    unavailable(await stranger.ask("/me", bearer(token)));
    // This provider introspects no JWT.
    unavailable(await gate.ask("/me", bearer(await machineToken(held, "RS256"))));

    assertAllowed(await gate.ask("/me", bearer(token)));
    await held.provider.stop();
    assertAllowed(await gate.ask("/me", bearer(token)));
    await gate.move(maxAge + 1);
    unavailable(await gate.ask("/me", bearer(token)));
    await held.provider.start();
    assertAllowed(await gate.ask("/me", bearer(token)));
  });

  test("carries_the_binding_of_a_sender_constrained_token", async () => {
    const gate = await site.gate({ entry, trust: { ...trust(), dpop: {} } });
    const proofKey = await ProofKey.make("ES256");
    const token = await opaque({ proofKey });
    assertAllowed(await gate.ask("/me", withProof(proofKey, token)), { id: "ann" });
    assertRefused(await gate.ask("/me", bearer(token)), "token_bound", `${bearerRealm}, ${invalidToken}, ${dpopRealm}, ${dpopAlgorithms}`);
  });
});

describe("portcullis/full: a token that is bound to a key", () => {
  const held = provided("RS256");
  const invalidProof = `${dpopRealm}, ${withError("invalid_dpop_proof", "Invalid DPoP proof")}, ${dpopAlgorithms}`;
  const nonceWanted = `${dpopRealm}, ${withError("use_dpop_nonce", "DPoP nonce required")}, ${dpopAlgorithms}`;
  const trust = (dpop = {}, issuer = {}) => ({ ...trusting({ issuer: held.issuer, audience, profile: "access-token", ...issuer }), dpop });
  const flow = (proofKey) => signIn(held.issuer, { client: clientFor("RS256"), resource: resourceFor("RS256"), proofKey });

  for (const algorithm of ["ES256", "EdDSA", "Ed25519"]) {
    describe(`by ${algorithm}`, () => {
      let gate;
      let proofKey;
      let token;
      before(async () => {
        gate = await site.gate({ entry, trust: trust() });
        proofKey = await ProofKey.make(algorithm);
        const given = await flow(proofKey);
        assert.equal(given.token_type, "DPoP");
        token = given.access_token;
      });

      test("is_taken_with_a_proof_for_each_request", async () => {
        for (let times = 0; times < 3; times += 1) assertAllowed(await gate.ask("/me", withProof(proofKey, token)), { kind: "user", id: "ann" });
        assertAllowed(await gate.ask("/notes?page=2", withProof(proofKey, token, { path: "/notes" })));
      });

      test("is_refused_as_a_bearer_token", async () => {
        const challenge = `${bearerRealm}, ${invalidToken}, ${dpopRealm}, ${dpopAlgorithms}`;
        assertRefused(await gate.ask("/me", bearer(token)), "token_bound", challenge);
        // Nor does the proof help where the scheme says Bearer.
        assertRefused(await gate.ask("/me", { ...withProof(proofKey, token), ...bearer(token) }), "token_bound", challenge);
      });

      test("is_refused_without_a_proof", async () => {
        assertRefused(await gate.ask("/me", { authorization: `DPoP ${token}` }), "proof_missing", invalidProof);
      });

      test("is_refused_with_a_proof_that_was_seen", async () => {
        const headers = withProof(proofKey, token);
        assertAllowed(await gate.ask("/me", headers));
        assertRefused(await gate.ask("/me", headers), "proof_replayed", invalidProof);
        const another = withProof(proofKey, token);
        const answers = await Promise.all(Array.from({ length: 10 }, () => gate.ask("/me", another)));
        assert.equal(answers.filter(({ status }) => status === 200).length, 1);
        for (const answer of answers) if (answer.status !== 200) assertRefused(answer, "proof_replayed", invalidProof);
      });

      test("is_refused_with_a_proof_for_something_else", async () => {
        const other = await ProofKey.make(algorithm);
        const { access_token } = await flow(proofKey);
        const cases = {
          proof_key_mismatch: withProof(other, token),
          proof_method: withProof(proofKey, token, { method: "POST" }),
          proof_url: withProof(proofKey, token, { path: "/notes" }),
          proof_token: { authorization: `DPoP ${token}`, dpop: withProof(proofKey, access_token).dpop },
          proof_time: withProof(proofKey, token, { now: gate.now - 70 }),
        };
        for (const [reason, headers] of Object.entries(cases)) assertRefused(await gate.ask("/me", headers), reason, invalidProof);
      });

      test("is_taken_in_its_time_alone", async () => {
        const headers = withProof(proofKey, token);
        await gate.move(70);
        assertRefused(await gate.ask("/me", headers), "proof_time", invalidProof);
        assertAllowed(await gate.ask("/me", withProof(proofKey, token, { now: gate.now })));
      });

      test("is_taken_with_the_nonce_that_the_guard_asks_for", async () => {
        const lifetime = 300;
        const wanting = await site.gate({ entry, trust: trust({ nonce: { secret: "TEST ONLY: 32 bytes for the nonces of DPoP", lifetime } }) });
        const ask = (nonce) => wanting.ask("/me", withProof(proofKey, token, { nonce, now: wanting.now }));
        const refused = await ask();
        assertRefused(refused, "proof_nonce", nonceWanted);
        const first = refused.headers["dpop-nonce"];
        assert.match(first, /^[A-Za-z0-9_-]{22}$/);
        assertAllowed(await ask(first), { id: "ann" });
        assertRefused(await ask(`${first.slice(1)}A`), "proof_nonce", nonceWanted);

        await wanting.move(lifetime);
        assertAllowed(await ask(first), { id: "ann" });
        await wanting.move(lifetime);
        const again = await ask(first);
        assertRefused(again, "proof_nonce", nonceWanted);
        assert.notEqual(again.headers["dpop-nonce"], first);
        assertAllowed(await ask(again.headers["dpop-nonce"]), { id: "ann" });
      });

      test("is_a_service_s_as_well", async () => {
        const { access_token } = await clientToken(held.issuer, { credentials: machine, resource: resourceFor("RS256"), proofKey });
        assertAllowed(await gate.ask("/me", withProof(proofKey, access_token, { now: gate.now })), { kind: "service", id: machine.id });
      });
    });
  }

  test("is_the_only_kind_where_the_issuer_is_to_bind", async () => {
    const gate = await site.gate({ entry, trust: trust({}, { binding: "dpop" }) });
    const proofKey = await ProofKey.make("EdDSA");
    const { access_token } = await flow(proofKey);
    assertAllowed(await gate.ask("/me", withProof(proofKey, access_token)));
    const unbound = await machineToken(held, "RS256");
    const { status, reason } = await gate.ask("/me", bearer(unbound));
    assert.deepEqual([status, reason], [401, "binding_missing"]);
    const nobody = await gate.ask("/me");
    assertRefused(nobody, "authentication_missing", `${dpopRealm}, ${dpopAlgorithms}`);
  });

  test("is_another_than_one_that_is_not", async () => {
    const gate = await site.gate({ entry, trust: trust() });
    const unbound = await machineToken(held, "RS256");
    assertAllowed(await gate.ask("/me", bearer(unbound)));
    const headers = withProof(await ProofKey.make("ES256"), unbound);
    assertRefused(await gate.ask("/me", headers), "binding_missing", `${dpopRealm}, ${invalidToken}, ${dpopAlgorithms}`);
  });
});

describe("portcullis/full: a new isolate", () => {
  const held = provided("EdDSA", "RS256");
  const trust = () => trusting({ issuer: held.issuer, audience });

  test("starts_with_the_keys_that_another_one_left_in_KV", async () => {
    const [first, cold, warm, late] = await Promise.all([
      site.gate({ entry, trust: trust(), isolate: "first" }),
      ...Array.from({ length: 3 }, () => site.gate({ entry, trust: trust(), isolate: "second" })),
    ]);
    const tokens = await Promise.all(["EdDSA", "RS256"].map((algorithm) => machineToken(held, algorithm)));
    assertAllowed(await first.ask("/me", bearer(tokens[0])));
    await first.save();
    await held.provider.stop();

    assertUnavailable(await cold.ask("/me", bearer(tokens[0])), "keys_unavailable");
    assert.equal(await warm.load(), 1);
    for (const token of tokens) assertAllowed(await warm.ask("/me", bearer(token)), { id: machine.id });
    assert.deepEqual(await warm.fetched(), []);
    assert.equal(await warm.load(), 0, "they are not newer than themselves");

    await warm.move(fresh + 1);
    for (const token of tokens) assertAllowed(await warm.ask("/me", bearer(token)));
    assert.deepEqual(await warm.fetched(), [held.keys]);

    await late.move(fresh + stale + 60);
    assert.equal(await late.load(), 0, "they are too old");
    assertUnavailable(await late.ask("/me", bearer(tokens[0])), "keys_unavailable");

    await held.provider.start();
    await warm.move(cooldown + 1);
    assertAllowed(await warm.ask("/me", bearer(tokens[1])));
    assert.deepEqual(await warm.fetched(), [held.keys]);
  });

  test("takes_no_keys_of_another_issuer", async () => {
    const first = await site.gate({ entry, trust: trust() });
    assertAllowed(await first.ask("/me", bearer(await machineToken(held, "EdDSA"))));
    await first.save();
    const second = await site.gate({ entry, isolate: "second", trust: trusting({ issuer: "https://other.example", audience }) });
    assert.equal(await second.load(), 0);
  });
});

function withProof(proofKey, token, { method = "GET", path = "/me", ...claims } = {}) {
  return { authorization: `DPoP ${token}`, dpop: proofKey.proof(method, `${origin}${path}`, { accessToken: token, ...claims }) };
}
