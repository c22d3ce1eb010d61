// What Auth0's node-oauth2-jwt-bearer (MIT) tests, as cases of our own: packages/access-token-jwt/test (validate.test.ts,
// jwt-verifier.test.ts, index.test.ts, discovery.test.ts, claim-check.test.ts, dpop-verifier.test.ts,
// token-verifier.test.ts, mtls-verifier.test.ts) and packages/oauth2-bearer/test/get-token.test.ts. Where its answer is
// another, `about` says so and why.

import { allowed, invalidToken, malformed, principal, scopeMissing, unauthenticated, unavailable } from "../forge/expect.mjs";
import { bearerTokenRefused, bound, call, dpop, dpopTokenRefused, proof, proofRefused, thumbprint } from "../forge/proof.mjs";
import { bearer, origin, request, withToken } from "../forge/request.mjs";
import { publicJwk, secret } from "../forge/sign.mjs";
import { audience, changed, claims, issuer, jwt, now, raw, signingInput, usual } from "../forge/token.mjs";

export const about = "The situations that Auth0's verifier tests, answered by this guard.";

const policy = {
  policy: "peers_auth0",
  revision: 1,
  routes: [
    { route: "* /me", allow: "authenticated" },
    { route: "GET /users/{id}", allow: "authenticated" },
    { route: "GET /export", scope: "export" },
  ],
};
const site = (members, trust = {}) => ({ policy, trust: { issuers: [{ issuer, audience, ...members }], ...trust } });
const set = (...keys) => ({ jwks: { keys } });
const ed = set(publicJwk("ed25519", { kid: "ed" }));
const tenant = (number) => `https://tenant${number}.example`;
const jwksUrl = "https://id.example/keys";
const openid = "https://id.example/.well-known/openid-configuration";
const hash = "ad".repeat(32);

export const configs = {
  plain: site(ed),
  strict: site({ ...ed, profile: "access-token" }),
  ten: site({ ...ed, leeway: 10, maxAge: 10 }),
  hundred: site({ ...ed, leeway: 0, maxAge: 100 }),
  patient: site({ ...ed, leeway: 75 }),
  audiences: site({ ...ed, audience: ["foo", "bar"] }),
  hs384: site({ secret: secret("hs512"), algorithms: ["HS384"] }),
  secret: site({ secret: secret("hs256") }),
  fetched: site({ jwksUri: jwksUrl }),
  discovered: site({}),
  discovered_path: site({ issuer: "https://id.example/oidc/" }),
  discovered_oauth: site({ issuer: "https://id.example/oauth2", discovery: "oauth" }),
  tenants: {
    policy,
    trust: {
      issuers: [
        { issuer: tenant(1), audience, ...ed },
        { issuer: tenant(2), audience, ...set(publicJwk("stranger_ed25519", { kid: "ed" })) },
        { issuer: tenant(3), audience, secret: secret("hs256") },
      ],
    },
  },
  dpop: { full: true, ...site(ed, { dpop: {} }) },
  es256: { full: true, ...site(ed, { dpop: { algorithms: ["ES256"] } }) },
  required: { full: true, ...site({ ...ed, binding: "dpop" }, { dpop: {} }) },
  certificate: { full: true, ...site(ed, { credentials: { clientCertificate: { header: "x-certificate-hash", format: "sha256" } } }) },
};

const signedIn = (who, route = "* /me") => allowed(principal(who), route);
const pass = (name, config, token, who, more = {}) => ({ name, config, ...withToken(token), ...more, expect: signedIn(who) });
const refuse = (name, config, token, reason, more = {}) => ({ name, config, ...withToken(token), ...more, expect: invalidToken(reason) });
const ok = (name, changes, config = "plain") => pass(name, config, usual(changes));
const bad = (name, changes, reason, config = "plain") => refuse(name, config, usual(changes), reason);
/** Its answer is meant to be another. */
const differs = (entry, why, verdict = "accepts") => ({ ...entry, about: `Auth0's verifier ${verdict}: ${why}` });

const unsigned = (alg) => raw(`${signingInput({ alg, typ: "JWT" }, claims())}.AAAA`, `alg ${alg}`);
const access = (changes = {}, header = {}) => usual({ client_id: "app", jti: "t1", ...changes }, { typ: "at+jwt", ...header });

const fromTenant = (number, key, header = {}) => jwt({ alg: "EdDSA", kid: "ed", ...header }, claims({ iss: tenant(number) }), key);
const headers = (name, list, expect, path = "/me") => ({ name, config: "plain", token: usual().note, request: request("GET", path, list), expect });
const authorization = (name, value, expect) => headers(name, [["authorization", value]], expect);
const scoped = (name, scope, expect) => ({ name, config: "plain", ...withToken(usual({ scope }), "/export"), expect });

const keySet = (...keys) => ({ keys: { [jwksUrl]: { keys } } });
const a = publicJwk("ed25519", { kid: "a" });
const b = publicJwk("stranger_ed25519", { kid: "b" });
const signedBy = (kid, after = 0, iss = issuer) => jwt({ alg: "EdDSA", kid }, claims({ iss, iat: now + after - 10, exp: now + after + 600 }), kid === "b" ? "stranger_ed25519" : "ed25519");
const step = (after, token, expect, asked, keys) => ({ now: now + after, ...withToken(token), ...(keys === undefined ? {} : { keys }), expect, asked: asked.map((one) => `keys ${one}`) });
const found = (iss = issuer) => ({ issuer: iss, jwks_uri: jwksUrl });
const discovery = { [openid]: found(), [jwksUrl]: { keys: [a] } };
const gone = (name, keys, asked = [openid]) => ({ name, config: "discovered", ...withToken(signedBy("a")), keys, expect: unavailable("keys_unavailable"), asked: asked.map((one) => `keys ${one}`) });

const client = publicJwk("p256");
const given = bound(client);
const made = (changes, header, options) => proof(given, "p256", "ES256", changes, header, options);
const bySender = (name, changes = {}, { route, ...options } = {}) => call(name, given, made(changes), signedIn({}, route), { config: "dpop", ...options });
const badProof = (name, changes, reason, options = {}) => call(name, given, made(changes), proofRefused(reason), { config: "dpop", ...options });
const otherProof = (name, proved, reason, options = {}) => call(name, given, proved, proofRefused(reason), { config: "dpop", ...options });
const badBinding = (name, cnf, reason) => {
  const token = usual({ cnf });
  return call(name, token, proof(token, "p256", "ES256"), dpopTokenRefused(reason), { config: "dpop" });
};
const presented = (name, config, list, expect, token = given) => ({ name, config, token: token.note, request: request("GET", "/me", list), expect });
const bareBoth = `Bearer realm="api", ${dpop()}`;

const held = { cnf: { "x5t#S256": Buffer.from(hash, "hex").toString("base64url") } };
const byCertificate = (name, cnf, value, expect) => {
  const token = usual(cnf === undefined ? {} : { cnf });
  return { name, config: "certificate", token: token.note, request: request("GET", "/me", [bearer(token), ...(value === undefined ? [] : [["x-certificate-hash", value]])]), expect };
};

export const cases = [
  // validate.test.ts: alg and typ
  ...["none", "None", "NONE"].map((alg, place) => refuse(`alg_none_in_spelling_${place + 1}_is_refused`, "plain", unsigned(alg), "algorithm_unsupported")),
  refuse("an_algorithm_that_is_not_listed_is_refused", "hs384", jwt({ alg: "HS256" }, claims(), "hs512"), "algorithm_not_allowed"),
  pass("the_algorithm_that_is_listed_is_taken", "hs384", jwt({ alg: "HS384" }, claims(), "hs512")),
  refuse("a_typ_of_jwt_is_refused_where_it_is_strict", "strict", access({}, { typ: "JWT" }), "typ_mismatch"),
  refuse("a_typ_of_one_is_refused_where_it_is_strict", "strict", access({}, { typ: 1 }), "header_member"),
  pass("a_typ_of_at_jwt_is_taken_where_it_is_strict", "strict", access()),
  pass("a_typ_in_upper_case_is_taken_where_it_is_strict", "strict", access({}, { typ: "AT+JWT" })),
  pass("a_typ_with_application_is_taken_where_it_is_strict", "strict", access({}, { typ: "application/at+jwt" })),

  // validate.test.ts: claims
  ...["sub", "client_id", "jti", "iat"].map((claim) => refuse(`no_${claim}_is_refused_where_it_is_strict`, "strict", access({ [claim]: undefined }), "claim_missing")),
  refuse("a_sub_of_one_is_refused_where_it_is_strict", "strict", access({ sub: 1 }), "claim_type"),
  refuse("a_client_id_in_a_list_is_refused_where_it_is_strict", "strict", access({ client_id: ["bar"] }), "claim_type"),
  refuse("a_jti_of_true_is_refused_where_it_is_strict", "strict", access({ jti: true }), "claim_type"),
  differs(bad("no_sub_is_refused_where_it_is_not_strict", { sub: undefined }, "claim_missing"), "only its strict mode wants sub; a principal needs an id"),
  bad("another_issuer_is_refused", { iss: "foo" }, "issuer_unknown"),
  bad("another_audience_is_refused", { aud: "baz" }, "audience_mismatch", "audiences"),
  bad("another_audience_in_a_list_is_refused", { aud: ["baz"] }, "audience_mismatch", "audiences"),
  bad("an_audience_of_one_is_refused", { aud: 1 }, "claim_type", "audiences"),
  ok("one_of_our_audiences_is_taken", { aud: "foo" }, "audiences"),
  ok("both_of_our_audiences_are_taken", { aud: ["foo", "bar"] }, "audiences"),
  ok("our_audiences_among_others_are_taken", { aud: ["foo", "bar", "baz"] }, "audiences"),
  bad("an_expiry_in_the_past_is_refused", { iat: now - 90, exp: now - 50 }, "expired", "hundred"),
  bad("an_expiry_that_is_a_word_is_refused", { exp: "foo" }, "claim_type"),
  ok("an_expiry_within_the_leeway_is_taken", { exp: now - 50 }, "patient"),
  bad("a_token_older_than_its_maximum_age_is_refused", { iat: now - 100 }, "too_old", "hundred"),
  bad("an_iat_that_is_a_word_is_refused", { iat: "foo" }, "claim_type"),
  bad("an_iat_in_the_future_is_refused", { iat: now + 100 }, "issued_in_future", "ten"),
  differs(bad("an_iat_in_the_future_is_refused_without_a_maximum_age_too", { iat: now + 100 }, "issued_in_future"), "without `maxTokenAge` any number will do"),
  bad("an_iat_long_ago_is_refused", { iat: now - 100 }, "too_old", "ten"),
  ok("an_iat_within_the_maximum_age_is_taken", { iat: now - 19 }, "ten"),
  bad("a_not_before_in_the_future_is_refused", { nbf: now + 100 }, "not_yet_valid", "patient"),
  ok("a_not_before_within_the_leeway_is_taken", { nbf: now + 75 }, "patient"),
  bad("a_not_before_of_false_is_refused", { nbf: false }, "claim_type"),

  // jwt-verifier.test.ts: broken tokens, several issuers
  refuse("a_corrupt_token_is_refused", "plain", changed(usual(), "CORRUPT- in front", ({ text }) => `CORRUPT-${text}`), "token_json"),
  { name: "a_header_that_is_no_base64_is_refused", config: "plain", ...withToken(raw("!!!notbase64!!!.payload.signature", "no base64")), expect: malformed("malformed_authorization") },
  refuse("a_header_without_alg_is_refused", "plain", raw(`${signingInput({ typ: "JWT" }, claims())}.AAAA`, "no alg"), "header_member"),
  pass("a_token_of_the_first_tenant_is_taken", "tenants", fromTenant(1, "ed25519"), { issuer: tenant(1) }),
  pass("a_token_of_the_second_tenant_is_taken", "tenants", fromTenant(2, "stranger_ed25519"), { issuer: tenant(2) }),
  pass("a_token_of_the_tenant_with_a_secret_is_taken", "tenants", jwt({ alg: "HS256" }, claims({ iss: tenant(3) }), "hs256"), { issuer: tenant(3) }),
  refuse("a_tenant_cannot_sign_for_another", "tenants", fromTenant(1, "stranger_ed25519"), "signature_invalid"),
  refuse("a_tenant_s_secret_is_no_key_of_another", "tenants", jwt({ alg: "HS256", kid: "ed" }, claims({ iss: tenant(1) }), "hs256"), "algorithm_not_allowed"),
  refuse("a_tenant_with_a_secret_takes_no_other_algorithm", "tenants", jwt({ alg: "EdDSA" }, claims({ iss: tenant(3) }), "ed25519"), "algorithm_not_allowed"),
  refuse("a_tenant_that_nobody_configured_is_refused", "tenants", fromTenant(4, "ed25519"), "issuer_unknown"),
  bad("no_iss_among_tenants_is_refused", { iss: undefined }, "issuer_missing", "tenants"),
  differs(bad("a_tenant_in_upper_case_and_with_a_port_is_another", { iss: "https://TENANT1.EXAMPLE:443" }, "issuer_unknown", "tenants"), "it normalises URLs; RFC 7519 §2 compares issuers to the letter"),
  differs(bad("a_tenant_with_a_slash_is_another", { iss: `${tenant(1)}/` }, "issuer_unknown", "tenants"), "it adds or drops the slash; RFC 7519 §2 compares issuers to the letter"),

  // discovery.test.ts, index.test.ts, jwt-verifier.test.ts: where the keys are
  pass("keys_that_are_discovered_are_taken", "discovered", signedBy("a"), {}, { keys: discovery, asked: [`keys ${openid}`, `keys ${jwksUrl}`] }),
  pass("a_path_with_a_slash_is_discovered", "discovered_path", signedBy("a", 0, "https://id.example/oidc/"), { issuer: "https://id.example/oidc/" }, {
    keys: { "https://id.example/oidc/.well-known/openid-configuration": found("https://id.example/oidc/"), [jwksUrl]: { keys: [a] } },
  }),
  pass("an_oauth_server_with_a_path_is_discovered", "discovered_oauth", signedBy("a", 0, "https://id.example/oauth2"), { issuer: "https://id.example/oauth2" }, {
    keys: { "https://id.example/.well-known/oauth-authorization-server/oauth2": found("https://id.example/oauth2"), [jwksUrl]: { keys: [a] } },
  }),
  differs(gone("the_other_document_is_not_tried", { "https://id.example/.well-known/oauth-authorization-server": found(), [jwksUrl]: { keys: [a] } }), "it tries OpenID's document and then OAuth's; here the trust document says which"),
  gone("a_document_that_is_empty_is_unavailable", { [openid]: "", [jwksUrl]: { keys: [a] } }),
  gone("a_document_that_cannot_be_had_is_unavailable", { [jwksUrl]: { keys: [a] } }),
  gone("a_document_without_keys_is_unavailable", { [openid]: { issuer }, [jwksUrl]: { keys: [a] } }),
  differs(gone("a_document_of_another_issuer_is_unavailable", { [openid]: found("https://op.example"), [jwksUrl]: { keys: [a] } }), "it takes the issuer that the document names; OpenID Connect Discovery §4.3 wants the configured one"),
  {
    name: "a_document_and_its_keys_are_fetched_once",
    config: "discovered",
    steps: [
      step(0, signedBy("a"), signedIn(), [openid, jwksUrl], discovery),
      step(0, signedBy("a"), signedIn(), []),
      step(599, signedBy("a", 599), signedIn(), []),
      step(600, signedBy("a", 600), signedIn(), [jwksUrl], discovery),
    ],
  },
  {
    name: "what_failed_is_not_remembered_for_long",
    config: "discovered",
    steps: [
      step(0, signedBy("a"), unavailable("keys_unavailable"), [openid], {}),
      step(6, signedBy("a"), unavailable("keys_unavailable"), [openid, jwksUrl], { [openid]: found() }),
      step(12, signedBy("a"), signedIn(), [jwksUrl], { [jwksUrl]: { keys: [a] } }),
    ],
  },
  {
    name: "keys_that_rotate_are_followed",
    config: "fetched",
    steps: [
      step(0, signedBy("a"), signedIn(), [jwksUrl], keySet(a).keys),
      step(30, signedBy("b", 30), signedIn(), [jwksUrl], keySet(b).keys),
      step(31, signedBy("a", 31), invalidToken("key_unknown"), []),
    ],
  },
  refuse("a_rsa_token_where_a_secret_is_configured_is_refused", "secret", jwt({ alg: "RS256" }, claims(), "rsa"), "algorithm_not_allowed"),

  // get-token.test.ts
  differs(headers("no_token_is_a_bare_challenge", [], unauthenticated("authentication_missing")), "with 400, as its own tests say; RFC 6750 §3.1 says 401 without an error", "refuses"),
  authorization("a_token_in_the_header_is_taken", `Bearer ${usual().text}`, signedIn()),
  authorization("the_scheme_in_lower_case_is_taken", `bearer ${usual().text}`, signedIn()),
  authorization("an_empty_token_is_malformed", "Bearer ", malformed("malformed_authorization")),
  authorization("a_word_behind_the_token_is_malformed", `Bearer ${usual().text} extra`, malformed("malformed_authorization")),
  authorization("a_header_that_is_one_word_is_no_credential", "badtoken", unauthenticated("unsupported_scheme")),
  differs(headers("a_token_in_the_query_is_not_read", [], unauthenticated("authentication_missing"), `/me?access_token=${usual().text}`), "it reads access_token of a GET; RFC 6750 §2.3 advises against it, and logs keep URLs"),
  headers("a_token_in_header_and_query_is_malformed", [bearer(usual())], malformed("multiple_credentials"), `/me?access_token=${usual().text}`),

  // claim-check.test.ts
  scoped("no_scope_lacks_the_scope", undefined, scopeMissing("export")),
  scoped("other_scopes_lack_the_scope", "bar baz", scopeMissing("export")),
  scoped("the_scope_among_others_is_taken", "bar export", signedIn({ scopes: ["bar", "export"] }, "GET /export")),
  scoped("the_scope_in_a_list_is_taken", ["export", "bar"], signedIn({ scopes: ["export", "bar"] }, "GET /export")),
  scoped("a_scope_of_true_is_refused", true, invalidToken("claim_type")),

  // dpop-verifier.test.ts: the request and the token
  bySender("a_bound_token_with_its_proof_is_taken"),
  bySender("the_dpop_scheme_in_mixed_case_is_taken", {}, { scheme: "dPoP" }),
  presented("a_proof_without_a_token_is_no_credential", "dpop", [["dpop", made().text]], unauthenticated("authentication_missing", bareBoth)),
  presented("a_bound_token_without_a_proof_is_refused", "dpop", [["authorization", `DPoP ${given.text}`]], proofRefused("proof_missing")),
  otherProof("two_proofs_are_refused", { text: `${made().text},${made().text}`, note: "two proofs" }, "proof_malformed"),
  badBinding("an_unbound_token_with_a_proof_is_refused", undefined, "binding_missing"),
  badBinding("cnf_that_is_text_is_refused", "bad", "claim_type"),
  badBinding("cnf_that_is_a_list_is_refused", [], "claim_type"),
  badBinding("cnf_of_nothing_is_refused", {}, "binding_unsupported"),
  badBinding("a_thumbprint_that_is_a_number_is_refused", { jkt: 123 }, "claim_type"),
  (() => {
    const token = usual({ cnf: { jkt: thumbprint(client), extra: "x" } });
    return differs(call("cnf_with_a_member_more_is_taken", token, proof(token, "p256", "ES256"), signedIn(), { config: "dpop" }), "several members; RFC 7800 §3.1 lets unknown ones be ignored, and the known one must hold", "refuses");
  })(),

  // dpop-verifier.test.ts: the proof
  otherProof("a_proof_of_two_parts_is_refused", { text: "abc.def", note: "two parts" }, "proof_malformed"),
  otherProof("a_proof_of_another_typ_is_refused", made({}, { typ: "wrong" }), "proof_typ"),
  otherProof("a_proof_without_typ_is_refused", made({}, { typ: undefined }), "proof_typ"),
  call("a_proof_by_an_algorithm_that_is_not_listed_is_refused", bound(publicJwk("rsa")), proof(bound(publicJwk("rsa")), "rsa", "RS256"), proofRefused("proof_algorithm", "ES256"), { config: "es256" }),
  bySender("a_proof_by_an_algorithm_that_is_listed_is_taken", {}, { config: "es256" }),
  otherProof("a_proof_that_was_tampered_with_is_refused", changed(made(), "another jti", ({ header, payload, signature }) => `${header}.${Buffer.from(Buffer.from(payload, "base64url").toString().replace("proof-1", "proof-2")).toString("base64url")}.${signature}`), "proof_signature"),
  otherProof("a_proof_without_its_key_is_refused", made({}, { jwk: undefined }), "proof_key"),
  otherProof("a_proof_whose_key_is_a_word_is_refused", made({}, { jwk: "not-an-object" }), "proof_key"),
  ...["iat", "htm", "htu", "jti", "ath"].map((claim) => badProof(`a_proof_without_${claim}_is_refused`, { [claim]: undefined }, "proof_claim")),
  ...["htm", "htu", "ath"].map((claim) => badProof(`a_proof_whose_${claim}_is_a_number_is_refused`, { [claim]: 123 }, "proof_claim")),
  badProof("a_proof_whose_iat_is_a_word_is_refused", { iat: "bad" }, "proof_claim"),
  badProof("a_proof_of_long_ago_is_refused", { iat: now - 1000 }, "proof_time"),
  badProof("a_proof_of_the_future_is_refused", { iat: now + 1000 }, "proof_time"),
  badProof("a_proof_for_another_method_is_refused", { htm: "POST" }, "proof_method"),
  badProof("a_proof_for_another_url_is_refused", { htu: `${origin}/other` }, "proof_url"),
  badProof("a_proof_for_another_token_is_refused", { ath: "tampered" }, "proof_token"),
  otherProof("a_proof_by_another_key_is_refused", proof(given, "stranger_p256", "ES256"), "proof_key_mismatch"),
  bySender("claims_of_one_s_own_in_a_proof_are_ignored", { foo: "bar", aud: "https://api.example.com", nbf: now - 10, exp: now + 300, nested: { a: 1 } }),
  bySender("query_and_fragment_in_a_proof_are_ignored", { htu: `${origin}/me?foo=bar#hash` }),
  bySender("scheme_and_host_in_upper_case_are_the_same", { htu: "HTTPS://BLOG.EXAMPLE/me" }),
  bySender("the_default_port_is_no_port", { htu: "https://blog.example:443/me" }),
  badProof("another_port_is_another_url", { htu: "https://blog.example:8443/me" }, "proof_url"),
  bySender("an_escape_of_a_plain_character_is_that_character", { htu: `${origin}/users/%7eann` }, { path: "/users/~ann", route: "GET /users/{id}" }),
  differs(badProof("dot_segments_in_a_proof_are_not_resolved", { htu: `${origin}/path/../me` }, "proof_url"), "it resolves them, as RFC 9449 §4.3 says a server should; no client sends them, and a request with them is refused here"),
  differs(badProof("a_user_in_a_proof_s_url_is_refused", { htu: "https://user:pass@blog.example/me" }, "proof_url"), "it strips them; an http URL has none (RFC 9110 §4.2.4)"),

  // token-verifier.test.ts: schemes
  presented("a_bound_token_as_bearer_is_refused", "dpop", [bearer(given)], bearerTokenRefused("token_bound")),
  differs(presented("a_proof_beside_an_unbound_bearer_token_is_ignored", "dpop", [bearer(usual()), ["dpop", made().text]], signedIn(), usual()), "a proof by the wrong scheme; RFC 9449 §7.1 says nothing of it, and the token is not bound", "refuses"),
  presented("an_unbound_bearer_token_is_refused_where_dpop_is_required", "required", [["authorization", `DPoP ${usual().text}`], ["dpop", made().text]], invalidToken("binding_missing", dpop(', error="invalid_token", error_description="Invalid or expired token"')), usual()),
  presented("another_scheme_is_no_credential", "dpop", [["authorization", `MAC ${given.text}`]], unauthenticated("unsupported_scheme", bareBoth)),
  call("a_bound_token_in_header_and_query_is_malformed", given, made(), malformed("multiple_credentials", `Bearer realm="api", error="invalid_request", error_description="Malformed credentials", ${dpop(', error="invalid_request", error_description="Malformed credentials"')}`), { config: "dpop", path: `/me?access_token=${given.text}` }),
  presented("no_token_where_dpop_is_required_names_dpop_alone", "required", [], unauthenticated("authentication_missing", dpop())),

  // mtls-verifier.test.ts
  byCertificate("a_token_with_its_certificate_is_taken", held.cnf, hash, signedIn()),
  byCertificate("a_token_without_its_certificate_is_refused", held.cnf, undefined, invalidToken("certificate_missing")),
  byCertificate("a_token_with_another_certificate_is_refused", held.cnf, "ba".repeat(32), invalidToken("certificate_mismatch")),
  byCertificate("a_token_with_what_is_no_certificate_is_refused", held.cnf, "not a certificate", invalidToken("certificate_malformed")),
  differs(byCertificate("an_unbound_token_with_a_certificate_is_taken", undefined, hash, signedIn()), "it wants every token bound where it is on; here `binding` says so", "refuses"),
  byCertificate("a_certificate_s_thumbprint_that_is_a_number_is_refused", { "x5t#S256": 123 }, hash, invalidToken("claim_type")),
  byCertificate("an_empty_thumbprint_is_of_another_certificate", { "x5t#S256": "" }, hash, invalidToken("certificate_mismatch")),
  byCertificate("a_token_that_is_bound_to_a_key_too_needs_its_proof", { ...held.cnf, jkt: "abc" }, hash, invalidToken("token_bound")),
];
