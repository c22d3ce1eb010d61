// The way of real tokens: a real OpenID provider gives them out, a Worker in workerd takes them.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { signIn, signInHybrid } from "./client.mjs";
import { assertAllowed, assertRefused, assertUnavailable, bearerRealm, withError } from "./expectation.mjs";
import { entries, machineToken, provided, siteOf, trusting } from "./fixtures.mjs";
import { ProofKey } from "./keys.mjs";
import { audience, clientFor, machine, resourceFor } from "./provider.mjs";
import { bearer } from "./site.mjs";

const algorithms = ["RS256", "ES256", "EdDSA", "Ed25519"];

const site = siteOf();

for (const entry of entries) {
  describe(`${entry}: an issuer that is named alone`, () => {
    const held = provided("ES256");

    test("has_its_keys_found_and_fetched_once", async () => {
      const gate = await site.gate({ entry, trust: trusting({ issuer: held.issuer, audience }) });
      const token = await machineToken(held, "ES256");
      assertAllowed(await gate.ask("/me", bearer(token)));
      assert.deepEqual(await gate.fetched(), [held.discovery, held.keys]);
      assertAllowed(await gate.ask("/me", bearer(token)));
      assertAllowed(await gate.ask("/me", bearer(await machineToken(held, "ES256"))));
      assert.deepEqual(await gate.fetched(), []);
    });

    test("is_looked_up_as_an_authorization_server_where_the_trust_says_so", async () => {
      const gate = await site.gate({ entry, trust: trusting({ issuer: held.issuer, audience, discovery: "oauth" }) });
      assertAllowed(await gate.ask("/me", bearer(await machineToken(held, "ES256"))));
      assert.deepEqual(await gate.fetched(), [`${held.issuer}/.well-known/oauth-authorization-server`, held.keys]);
    });

    test("is_not_believed_where_its_metadata_are_of_another", async () => {
      const other = `${held.issuer}/`;
      const gate = await site.gate({ entry, trust: trusting({ issuer: other, audience }) });
      const forged = (await ProofKey.make("ES256")).sign({ kid: "ES256-1" }, { iss: other, aud: audience, sub: "ann", exp: 4e9 });
      assertUnavailable(await gate.ask("/me", bearer(forged)), "keys_unavailable");
      assert.deepEqual(await gate.fetched(), [held.discovery]);
    });

    test("is_asked_for_its_keys_only_where_a_token_names_it", async () => {
      const gate = await site.gate({ entry, trust: trusting({ issuer: "https://other.example", audience }) });
      assertRefused(await gate.ask("/me", bearer(await machineToken(held, "ES256"))), "issuer_unknown");
      assert.deepEqual(await gate.fetched(), []);
    });
  });

  describe(`${entry}: the code flow with PKCE`, () => {
    const held = provided(...algorithms);

    for (const algorithm of algorithms) {
      describe(`with ${algorithm}`, () => {
        const nonce = "n-0S6_WzA2Mj";
        const client = clientFor(algorithm);
        let tokens;
        let access;
        let identity;
        before(async () => {
          tokens = await signIn(held.issuer, { client, resource: resourceFor(algorithm), nonce });
          access = await site.gate({ entry, trust: trusting({ issuer: held.issuer, audience, profile: "access-token" }) });
          identity = await site.gate({ entry, trust: trusting({ issuer: held.issuer, audience: client, profile: "id-token" }) });
        });

        test("gives_an_access_token_that_is_taken", async () => {
          const { issuer } = held;
          const principal = { kind: "user", id: "ann", issuer, roles: ["editor"], permissions: [], scopes: ["notes:read"], attributes: {}, acr: null, amr: [], authTime: null };
          for (const seen of [false, true]) {
            const answer = await access.ask("/me", bearer(tokens.access_token));
            assertAllowed(answer);
            assert.deepEqual([seen, answer.body.principal], [seen, principal]);
          }
        });

        test("gives_one_whose_roles_and_scopes_open_and_close_routes", async () => {
          assertAllowed(await access.ask("/notes", bearer(tokens.access_token)));
          const { status, reason, headers } = await access.ask("/notes", bearer(tokens.access_token), { method: "POST" });
          const challenge = `${bearerRealm}, ${withError("insufficient_scope", "Insufficient scope")}, scope="notes:write"`;
          assert.deepEqual([status, reason, headers["www-authenticate"]], [403, "scope_missing", challenge]);
        });

        test("gives_one_whose_signature_counts", async () => {
          const [header, claims, signature] = tokens.access_token.split(".");
          const forged = [header, claims, `${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`].join(".");
          assertRefused(await access.ask("/me", bearer(forged)), "signature_invalid");
        });

        test("gives_an_id_token_that_is_taken_with_its_nonce", async () => {
          const options = { nonce, accessToken: tokens.access_token };
          assertAllowed(await identity.ask("/me", bearer(tokens.id_token), { options }), { kind: "user", id: "ann", issuer: held.issuer });
        });

        test("gives_an_id_token_that_is_refused_with_another_nonce", async () => {
          assertRefused(await identity.ask("/me", bearer(tokens.id_token), { options: { nonce: "another" } }), "nonce_mismatch");
          // An accepted token does not spare the next caller's nonce.
          assertAllowed(await identity.ask("/me", bearer(tokens.id_token), { options: { nonce } }));
          assertRefused(await identity.ask("/me", bearer(tokens.id_token), { options: { nonce: "another" } }), "nonce_mismatch");
        });

        test("gives_an_id_token_without_a_nonce_where_none_was_sent", async () => {
          const { id_token } = await signIn(held.issuer, { client, resource: resourceFor(algorithm) });
          assertAllowed(await identity.ask("/me", bearer(id_token)));
          const answer = await identity.ask("/me", bearer(id_token), { options: { nonce } });
          assertRefused(answer, "claim_missing");
          assert.equal(answer.detail, "nonce");
        });

        test("gives_no_id_token_for_an_access_token_nor_the_other_way", async () => {
          assertRefused(await access.ask("/me", bearer(tokens.id_token)), "typ_mismatch");
          assertRefused(await identity.ask("/me", bearer(tokens.access_token)), "typ_mismatch");
          const any = await site.gate({ entry, trust: trusting({ issuer: held.issuer, audience }) });
          assertRefused(await any.ask("/me", bearer(tokens.id_token)), "audience_mismatch");
        });

        test("gives_in_its_hybrid_form_an_id_token_for_one_access_token_alone", async () => {
          const { front, back } = await signInHybrid(held.issuer, { client, resource: resourceFor(algorithm), nonce });
          const ask = (accessToken) => identity.ask("/me", bearer(front.id_token), { options: { nonce, accessToken } });
          assertAllowed(await ask(front.access_token));
          assertRefused(await ask(back.access_token), "access_token_mismatch");
          assertAllowed(await access.ask("/me", bearer(front.access_token)), { id: "ann" });
        });
      });
    }
  });

  describe(`${entry}: a client that acts for itself`, () => {
    const held = provided("RS256");

    test("is_a_service", async () => {
      const gate = await site.gate({ entry, trust: trusting({ issuer: held.issuer, audience, profile: "access-token" }) });
      const answer = await gate.ask("/me", bearer(await machineToken(held, "RS256")));
      assertAllowed(answer, { kind: "service", id: machine.id, issuer: held.issuer, roles: [], scopes: ["notes:read"] });
      const { status, reason } = await gate.ask("/notes", bearer(await machineToken(held, "RS256")));
      assert.deepEqual([status, reason], [403, "permission_missing"]);
    });
  });

  describe(`${entry}: an opaque token`, () => {
    const held = provided("RS256");

    test("is_refused_where_nobody_is_asked_about_it", async () => {
      const gate = await site.gate({ entry, trust: trusting({ issuer: held.issuer, audience }) });
      const { access_token } = await signIn(held.issuer, { client: clientFor("RS256"), resource: resourceFor("opaque") });
      assertRefused(await gate.ask("/me", bearer(access_token)), "token_malformed");
      assert.deepEqual(await gate.fetched(), []);
    });
  });
}
