// DPoP (RFC 9449) around the proof: schemes, tokens that change them, nonces, replay, and what the host
// is asked and when. The proof itself is looked at in the suite dpop_proof.

import { createHash } from "node:crypto";
import { allowed, guest, invalidToken, malformed, permissionDenied, principal, unauthenticated, unavailable } from "../forge/expect.mjs";
import {
  bearerTokenRefused,
  bound,
  byP256,
  call,
  dpop,
  dpopTokenRefused,
  nonceAsked,
  nonceOf,
  noted,
  own,
  presenting,
  proof,
  proofRefused,
  rfc9449,
  thumbprint,
} from "../forge/proof.mjs";
import { bearer, origin, request } from "../forge/request.mjs";
import { publicJwk, secret } from "../forge/sign.mjs";
import { audience, issuer, now, raw, usual, withSignature } from "../forge/token.mjs";

export const about = "DPoP: the scheme, bound tokens by another scheme, nonces, replay, and what comes when.";

const policy = {
  policy: "dpop",
  revision: 1,
  resources: { article: { actions: ["read", "update"], owner: "author_id" } },
  permissions: ["read_data"],
  roles: { author: { permits: [{ permission: "article:update", owner: true }] } },
  routes: [
    { route: "* /me", allow: "authenticated" },
    { route: "GET /public", allow: "everyone" },
    { route: "GET /data", permission: "read_data" },
    { route: "PUT /articles/{id}", permission: "article:update" },
    { route: "GET /protectedresource", allow: "authenticated" },
  ],
};

const keySet = { jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] } };
const issuers = [{ issuer, audience, ...keySet }];
const keyText = "an-api-key-of-more-than-32-characters-1";
const apiKeys = [{ id: "ci", hash: `sha256:${createHash("sha256").update(keyText).digest("base64url")}` }];
const full = (trust) => ({ full: true, policy, trust });
const site = (members = {}, trust = {}) => full({ issuers, dpop: members, ...trust });

const nonceSecret = secret("hs256");
const nonceBytes = Buffer.from(nonceSecret.base64url, "base64url");
const nonceText = "a text of 32 bytes for the nonce";
const introspection = { endpoint: "https://server.example.com/introspect", clientId: "rs", clientSecret: "rs-secret" };

export const configs = {
  usual: site(),
  nonce: site({ nonce: { secret: nonceSecret } }),
  nonce_30: site({ nonce: { secret: nonceText, lifetime: 30 } }),
  nonce_day: site({ nonce: { secret: nonceSecret, lifetime: 86400 } }),
  no_replay: site({ replay: false }),
  cookie: site({}, { credentials: { cookie: "__Host-session" } }),
  named: site({}, { credentials: { header: "x-access-token" } }),
  keys: site({}, { apiKeys }),
  fetched: site({}, { issuers: [{ issuer, audience, jwksUri: "https://id.example/jwks" }] }),
  stored: site({}, { revocation: { source: "store" } }),
  bound: site({}, { issuers: [{ issuer, audience, ...keySet, binding: "dpop" }] }),
  any_binding: site({}, { issuers: [{ issuer, audience, ...keySet, binding: "any" }] }),
  certificates: full({ issuers, credentials: { clientCertificate: { header: "client-cert", format: "rfc9440" } } }),
  rfc: full({ issuers: [{ issuer: "https://server.example.com", audience: null, introspection }], dpop: {} }),
};

const p256 = publicJwk("p256");
const token = bound(p256);
const signedIn = (route = "* /me", who = principal()) => allowed(who, route);
const pass = (name, made, options) => call(name, token, made, signedIn(), options);
const refuse = (name, made, reason, options) => call(name, token, made, proofRefused(reason), options);

const usualProof = (changes = {}) => proof(token, "p256", "ES256", changes);
const good = usualProof();
const noProof = { text: undefined, note: null };

/** One step of a case: a request with the token and a proof, or with `headers` in their place. */
const step = (time, given, made, expect, asked, { method = "GET", path = "/me", headers, ...members } = {}) => ({
  now: time,
  token: noted(given, made),
  request: request(method, path, headers ?? presenting(given, made)),
  ...members,
  expect,
  asked,
});

const long = bound(p256, { exp: now + 90000 });
const second = bound(p256, { sub: "u2" });
const stranger = bound(publicJwk("stranger_p256"), { sub: "u2" });
const later = (time, changes = {}) => proof(long, "p256", "ES256", { iat: time, jti: `proof-${time}`, ...changes });

const invalidRequest = ', error="invalid_request", error_description="Malformed credentials"';
const bothMalformed = `Bearer realm="api"${invalidRequest}, ${dpop(invalidRequest)}`;
const bare = `Bearer realm="api", ${dpop()}`;

const factName = (kind, value) => `${kind}.${createHash("sha256").update(JSON.stringify([issuer, value])).digest("base64url")}`;

const opaque = raw(rfc9449.accessToken, "the access token of RFC 9449 §7.1");
const rfcProof = raw(rfc9449.proof, "the proof of RFC 9449 §7.1, figure 13");
const rfcAnswer = {
  [introspection.endpoint]: {
    [rfc9449.accessToken]: {
      active: true,
      sub: "someone@example.com",
      iss: "https://server.example.com",
      nbf: 1562262611,
      exp: 1562266216,
      cnf: { jkt: rfc9449.thumbprint },
    },
  },
};
const rfcUser = principal({ id: "someone@example.com", issuer: "https://server.example.com" });
const rfcCase = (name, expect, { time = rfc9449.time, method = "GET", url = rfc9449.url, made = rfcProof, asked = [] } = {}) => ({
  ...call(name, opaque, made, expect, { config: "rfc", method, url }),
  now: time,
  introspection: rfcAnswer,
  asked: [`introspection ${introspection.endpoint}`, ...asked],
});

export const cases = [
  // The scheme
  pass("the_scheme_in_lower_case_is_taken", good, { scheme: "dpop" }),
  pass("the_scheme_in_upper_case_is_taken", good, { scheme: "DPOP" }),
  pass("several_spaces_after_the_scheme_are_taken", good, { scheme: "DPoP  " }),
  {
    ...pass("the_header_name_in_any_case_is_taken", good),
    request: request("GET", "/me", [
      ["Authorization", `DPoP ${token.text}`],
      ["DPoP", good.text],
    ]),
  },
  {
    ...pass("white_space_around_the_proof_is_no_part_of_it", good),
    request: request("GET", "/me", [
      ["authorization", `DPoP ${token.text}`],
      ["dpop", ` ${good.text}\t`],
    ]),
  },
  ...[
    ["the_scheme_alone_is_malformed", "DPoP"],
    ["the_scheme_and_a_space_alone_are_malformed", "DPoP "],
    ["a_tab_after_the_scheme_is_malformed", `DPoP\t${token.text}`],
    ["two_tokens_are_malformed", `DPoP ${token.text} ${token.text}`],
    ["a_comma_joined_value_is_malformed", `DPoP ${token.text}, DPoP ${token.text}`],
    ["bearer_joined_behind_dpop_is_malformed", `DPoP ${token.text}, Bearer ${token.text}`],
    ["dpop_joined_behind_bearer_is_malformed", `Bearer ${token.text}, DPoP ${token.text}`],
    ["dpop_hidden_behind_another_scheme_is_malformed", `Basic dTpw, DPoP ${token.text}`],
  ].map(([name, value]) => ({
    name,
    token: noted(token, good),
    request: request("GET", "/me", [
      ["authorization", value],
      ["dpop", good.text],
    ]),
    expect: malformed("malformed_authorization", bothMalformed),
  })),
  {
    name: "two_authorization_fields_are_malformed",
    token: noted(token, good),
    request: request("GET", "/me", [
      ["authorization", `DPoP ${token.text}`],
      ["authorization", `Bearer ${token.text}`],
      ["dpop", good.text],
    ]),
    expect: malformed("malformed_authorization", bothMalformed),
  },
  call("dpop_and_an_api_key_are_two_credentials", token, good, malformed("multiple_credentials", `${bothMalformed}, ApiKey realm="api"`), { config: "keys", headers: [["x-api-key", keyText]] }),
  call("dpop_and_a_cookie_are_two_credentials", token, good, malformed("multiple_credentials", bothMalformed), { config: "cookie", headers: [["cookie", `__Host-session=${token.text}`]] }),
  call("dpop_and_a_token_in_the_query_are_two_credentials", token, good, malformed("multiple_credentials", bothMalformed), { path: `/me?access_token=${token.text}` }),
  {
    name: "a_scheme_that_begins_like_dpop_is_another",
    token: noted(token, good),
    request: request("GET", "/me", [
      ["authorization", `DPoPs ${token.text}`],
      ["dpop", good.text],
    ]),
    expect: unauthenticated("unsupported_scheme", bare),
  },
  {
    name: "a_proof_alone_is_no_credential",
    token: good.note,
    request: request("GET", "/me", [["dpop", good.text]]),
    expect: unauthenticated("authentication_missing", bare),
    asked: [],
  },
  {
    name: "a_proof_alone_does_no_harm_where_everyone_is_allowed",
    token: good.note,
    request: request("GET", "/public", [["dpop", good.text]]),
    expect: allowed(guest(), "GET /public"),
  },
  {
    name: "where_trust_has_no_dpop_it_is_another_scheme",
    config: "certificates",
    token: noted(token, good),
    request: request("GET", "/me", presenting(token, good)),
    expect: unauthenticated("unsupported_scheme"),
  },

  // The token comes first
  call("the_token_s_signature_is_looked_at_first", withSignature(token, "64 bytes of 1", Buffer.alloc(64, 1)), good, dpopTokenRefused("signature_invalid"), { asked: [] }),
  own("an_expired_token_with_a_bad_proof_has_expired", bound(p256, { iat: now - 900, exp: now - 60 }), () => raw("garbage", "no proof"), dpopTokenRefused("expired"), { asked: [] }),
  own("an_expired_token_with_a_good_proof_has_expired", bound(p256, { iat: now - 900, exp: now - 60 }), byP256, dpopTokenRefused("expired"), { asked: [] }),
  own("a_token_within_its_leeway_with_a_good_proof_is_taken", bound(p256, { iat: now - 900, exp: now - 59 }), byP256, signedIn()),
  own("a_token_for_others_is_refused_whatever_its_proof", bound(p256, { aud: "other" }), byP256, dpopTokenRefused("audience_mismatch")),
  own("what_is_no_token_is_refused_whatever_its_proof", raw("garbage", "no token"), byP256, dpopTokenRefused("token_malformed")),
  call("an_invalid_token_is_refused_where_everyone_is_allowed", raw("garbage", "no token"), good, dpopTokenRefused("token_malformed"), { path: "/public" }),

  // A bound token by another scheme, an unbound one by this
  {
    name: "a_bound_token_as_bearer_is_refused",
    token: token.note,
    request: request("GET", "/me", [bearer(token)]),
    expect: bearerTokenRefused("token_bound"),
    asked: [],
  },
  call("a_bound_token_as_bearer_with_its_proof_is_refused", token, good, bearerTokenRefused("token_bound"), { scheme: "Bearer", asked: [] }),
  call("a_bound_token_as_bearer_is_refused_where_everyone_is_allowed", token, good, bearerTokenRefused("token_bound"), { scheme: "Bearer", path: "/public" }),
  {
    name: "a_bound_token_in_a_cookie_is_refused",
    config: "cookie",
    token: token.note,
    request: request("GET", "/me", [["cookie", `__Host-session=${token.text}`]]),
    expect: bearerTokenRefused("token_bound"),
  },
  {
    name: "a_bound_token_in_a_cookie_with_its_proof_is_refused",
    config: "cookie",
    token: noted(token, good),
    request: request("GET", "/me", [
      ["cookie", `__Host-session=${token.text}`],
      ["dpop", good.text],
    ]),
    expect: bearerTokenRefused("token_bound"),
  },
  {
    name: "a_bound_token_in_a_header_of_its_own_is_refused",
    config: "named",
    token: noted(token, good),
    request: request("GET", "/me", [
      ["x-access-token", token.text],
      ["dpop", good.text],
    ]),
    expect: bearerTokenRefused("token_bound"),
  },
  {
    name: "a_bound_token_as_bearer_is_refused_where_trust_has_no_dpop",
    config: "certificates",
    token: token.note,
    request: request("GET", "/me", [bearer(token)]),
    expect: invalidToken("token_bound"),
  },
  own("an_unbound_token_by_dpop_is_refused", usual(), byP256, dpopTokenRefused("binding_missing"), { asked: [] }),
  {
    name: "an_unbound_token_by_dpop_without_a_proof_is_refused_for_itself",
    token: usual().note,
    request: request("GET", "/me", [["authorization", `DPoP ${usual().text}`]]),
    expect: dpopTokenRefused("binding_missing"),
  },
  {
    name: "an_unbound_token_as_bearer_is_taken",
    token: usual().note,
    request: request("GET", "/me", [bearer(usual())]),
    expect: signedIn(),
    asked: [],
  },
  {
    name: "a_proof_beside_an_unbound_bearer_token_is_not_read",
    token: usual().note,
    request: request("GET", "/me", [bearer(usual()), ["dpop", "garbage"]]),
    expect: signedIn(),
    asked: [],
  },
  {
    name: "a_proof_beside_an_unbound_cookie_is_not_read",
    config: "cookie",
    token: usual().note,
    request: request("GET", "/me", [
      ["cookie", `__Host-session=${usual().text}`],
      ["dpop", "garbage"],
    ]),
    expect: signedIn(),
  },

  // cnf
  own("a_member_of_cnf_that_nobody_knows_beside_jkt_is_not_read", usual({ cnf: { jkt: thumbprint(p256), kid: "phone" } }), byP256, signedIn()),
  ...[
    ["a_thumbprint_that_is_a_number_is_of_the_wrong_type", { jkt: 5 }, "claim_type"],
    ["a_thumbprint_that_is_null_is_of_the_wrong_type", { jkt: null }, "claim_type"],
    ["a_thumbprint_that_is_a_list_is_of_the_wrong_type", { jkt: [thumbprint(p256)] }, "claim_type"],
    ["cnf_as_text_is_of_the_wrong_type", thumbprint(p256), "claim_type"],
    ["cnf_as_null_is_of_the_wrong_type", null, "claim_type"],
    ["cnf_as_a_list_is_of_the_wrong_type", [{ jkt: thumbprint(p256) }], "claim_type"],
    ["a_key_in_cnf_itself_is_not_supported", { jwk: p256 }, "binding_unsupported"],
    ["an_empty_cnf_is_not_supported", {}, "binding_unsupported"],
  ].map(([name, cnf, reason]) => {
    const given = usual({ cnf });
    return call(name, given, proof(given, "p256", "ES256"), dpopTokenRefused(reason), { asked: [] });
  }),
  ...[
    ["a_thumbprint_with_padding_is_another", `${thumbprint(p256)}=`],
    ["a_thumbprint_in_another_case_is_another", thumbprint(p256).toLowerCase()],
    ["an_empty_thumbprint_is_another", ""],
    ["a_thumbprint_in_hexadecimal_is_another", Buffer.from(thumbprint(p256), "base64url").toString("hex")],
  ].map(([name, jkt]) => {
    const given = usual({ cnf: { jkt } });
    return call(name, given, proof(given, "p256", "ES256"), proofRefused("proof_key_mismatch"));
  }),

  // proof_missing
  { ...call("a_bound_token_without_a_proof_is_refused", token, noProof, proofRefused("proof_missing")), request: request("GET", "/me", [["authorization", `DPoP ${token.text}`]]), asked: [] },
  {
    ...call("a_bound_token_without_a_proof_is_refused_where_everyone_is_allowed", token, noProof, proofRefused("proof_missing")),
    request: request("GET", "/public", [["authorization", `DPoP ${token.text}`]]),
  },
  {
    ...call("a_proof_in_another_header_is_none", token, good, proofRefused("proof_missing")),
    request: request("GET", "/me", [
      ["authorization", `DPoP ${token.text}`],
      ["x-dpop", good.text],
    ]),
  },

  // proof_nonce
  {
    name: "a_proof_without_nonce_is_told_the_nonce_and_taken_with_it",
    config: "nonce",
    steps: [
      step(now, long, later(now), nonceAsked(nonceOf(nonceBytes, 300, now)), []),
      step(now, long, later(now, { nonce: nonceOf(nonceBytes, 300, now) }), signedIn(), ["replay"]),
      step(now + 1, long, later(now + 1, { nonce: nonceOf(nonceBytes, 300, now) }), signedIn(), ["replay"]),
    ],
  },
  {
    name: "a_nonce_lives_in_its_own_lifetime_and_the_one_after",
    config: "nonce",
    steps: [
      step(1790000100, long, later(1790000100, { nonce: nonceOf(nonceBytes, 300, 1790000100) }), signedIn(), ["replay"]),
      step(1790000399, long, later(1790000399, { nonce: nonceOf(nonceBytes, 300, 1790000100) }), signedIn(), ["replay"]),
      step(1790000400, long, later(1790000400, { nonce: nonceOf(nonceBytes, 300, 1790000100) }), signedIn(), ["replay"]),
      step(1790000699, long, later(1790000699, { nonce: nonceOf(nonceBytes, 300, 1790000100) }), signedIn(), ["replay"]),
      step(1790000700, long, later(1790000700, { nonce: nonceOf(nonceBytes, 300, 1790000100) }), nonceAsked(nonceOf(nonceBytes, 300, 1790000700)), []),
      step(1790000700, long, later(1790000700, { nonce: nonceOf(nonceBytes, 300, 1790000400) }), signedIn(), ["replay"]),
    ],
  },
  {
    name: "a_nonce_s_lifetime_may_be_30_s",
    config: "nonce_30",
    steps: [
      step(now, long, later(now, { nonce: nonceOf(nonceText, 30, now) }), signedIn(), ["replay"]),
      step(now + 30, long, later(now + 30, { nonce: nonceOf(nonceText, 30, now) }), signedIn(), ["replay"]),
      step(now + 60, long, later(now + 60, { nonce: nonceOf(nonceText, 30, now) }), nonceAsked(nonceOf(nonceText, 30, now + 60)), []),
    ],
  },
  {
    name: "a_nonce_s_lifetime_may_be_a_day",
    config: "nonce_day",
    steps: [
      step(now, long, later(now, { nonce: nonceOf(nonceBytes, 86400, now) }), signedIn(), ["replay"]),
      step(now + 86400, long, later(now + 86400, { nonce: nonceOf(nonceBytes, 86400, now) }), signedIn(), ["replay"]),
    ],
  },
  ...[
    ["a_nonce_of_another_secret_is_refused", nonceOf(Buffer.alloc(32, 7), 300, now)],
    ["a_nonce_of_one_s_own_making_is_refused", "AAAAAAAAAAAAAAAAAAAAAA"],
    ["a_nonce_of_the_next_lifetime_is_refused", nonceOf(nonceBytes, 300, now + 300)],
    ["a_nonce_of_the_lifetime_before_the_last_is_refused", nonceOf(nonceBytes, 300, now - 600)],
    ["a_nonce_with_a_character_more_is_refused", `${nonceOf(nonceBytes, 300, now)}A`],
    ["a_nonce_with_a_character_less_is_refused", nonceOf(nonceBytes, 300, now).slice(0, -1)],
    ["an_empty_nonce_is_refused", ""],
    ["a_nonce_that_is_a_number_is_refused", 5],
    ["a_nonce_that_is_null_is_refused", null],
    ["a_nonce_in_a_list_is_refused", [nonceOf(nonceBytes, 300, now)]],
  ].map(([name, nonce]) => call(name, token, usualProof({ nonce }), nonceAsked(nonceOf(nonceBytes, 300, now)), { config: "nonce", asked: [] })),
  pass("a_nonce_of_the_last_lifetime_is_taken", usualProof({ nonce: nonceOf(nonceBytes, 300, now - 300) }), { config: "nonce" }),
  pass("a_nonce_that_nobody_wanted_is_not_read", usualProof({ nonce: "anything" })),
  call("a_nonce_is_wanted_where_everyone_is_allowed_too", token, usualProof({ htu: `${origin}/public` }), nonceAsked(nonceOf(nonceBytes, 300, now)), { config: "nonce", path: "/public" }),
  {
    name: "who_presents_nothing_is_told_no_nonce",
    config: "nonce",
    request: request("GET", "/me"),
    expect: unauthenticated("authentication_missing", bare),
  },
  {
    name: "a_bearer_token_wants_no_nonce",
    config: "nonce",
    token: usual().note,
    request: request("GET", "/me", [bearer(usual())]),
    expect: signedIn(),
  },

  // proof_replayed
  {
    name: "a_proof_is_taken_once",
    steps: [
      step(now, long, later(now), signedIn(), ["replay"]),
      step(now, long, later(now), proofRefused("proof_replayed"), ["replay"]),
      step(now + 60, long, later(now), proofRefused("proof_replayed"), ["replay"]),
      step(now + 61, long, later(now), proofRefused("proof_time"), []),
      step(now + 61, long, later(now + 61), signedIn(), ["replay"]),
    ],
  },
  {
    name: "a_jti_is_taken_once_whatever_else_the_proof_says",
    steps: [
      step(now, long, later(now, { jti: "once" }), signedIn(), ["replay"]),
      step(now + 1, long, later(now + 1, { jti: "once" }), proofRefused("proof_replayed"), ["replay"]),
      step(now + 1, long, later(now + 1, { jti: "once", htm: "POST" }), proofRefused("proof_replayed"), ["replay"], { method: "POST" }),
      step(now + 1, long, later(now + 1, { jti: "Once" }), signedIn(), ["replay"]),
    ],
  },
  {
    name: "a_jti_of_another_key_is_another",
    steps: [
      step(now, long, later(now, { jti: "once" }), signedIn(), ["replay"]),
      step(now, stranger, proof(stranger, "stranger_p256", "ES256", { jti: "once" }), signedIn("* /me", principal({ id: "u2" })), ["replay"]),
      step(now, long, later(now, { jti: "once" }), proofRefused("proof_replayed"), ["replay"]),
    ],
  },
  {
    name: "a_jti_of_the_same_key_for_another_token_is_the_same",
    steps: [
      step(now, long, later(now, { jti: "once" }), signedIn(), ["replay"]),
      step(now, second, proof(second, "p256", "ES256", { jti: "once" }), proofRefused("proof_replayed"), ["replay"]),
    ],
  },
  {
    name: "a_refused_proof_is_not_remembered",
    steps: [
      step(now, long, later(now, { ath: "AAAA" }), proofRefused("proof_token"), []),
      step(now, long, later(now), signedIn(), ["replay"]),
    ],
  },
  {
    name: "a_proof_that_was_taken_for_one_method_is_not_taken_for_another",
    steps: [
      step(now, long, later(now), signedIn(), ["replay"]),
      step(now, long, later(now), proofRefused("proof_method"), [], { method: "POST" }),
    ],
  },
  {
    name: "without_a_store_for_replay_nobody_is_asked",
    config: "no_replay",
    steps: [
      step(now, long, later(now), signedIn(), []),
      step(now, long, later(now), signedIn(), []),
    ],
  },
  {
    name: "a_store_for_replay_that_fails_refuses_for_now",
    steps: [
      step(now, long, later(now), unavailable("replay_unavailable"), ["replay"], { replays: "fails" }),
      step(now, long, later(now), signedIn(), ["replay"]),
      step(now, long, later(now), proofRefused("proof_replayed"), ["replay"]),
    ],
  },
  call("a_store_for_replay_that_fails_refuses_where_everyone_is_allowed", token, usualProof({ htu: `${origin}/public` }), unavailable("replay_unavailable"), { path: "/public", replays: "fails", asked: ["replay"] }),
  call("a_store_for_replay_is_not_asked_where_there_is_none", token, good, signedIn(), { config: "no_replay", replays: "fails", asked: [] }),

  // A token that was seen before is proven anew
  {
    name: "the_same_token_wants_a_new_proof_each_time",
    steps: [
      step(now, long, later(now, { jti: "1" }), signedIn(), ["replay"]),
      step(now, long, later(now, { jti: "2" }), signedIn(), ["replay"]),
      step(now + 1, long, later(now + 1, { jti: "3" }), signedIn(), ["replay"]),
      step(now + 1, long, noProof, proofRefused("proof_missing"), [], { headers: [["authorization", `DPoP ${long.text}`]] }),
      step(now + 1, long, noProof, bearerTokenRefused("token_bound"), [], { headers: [bearer(long)] }),
      step(now + 1, long, proof(long, "stranger_p256", "ES256", { iat: now + 1, jti: "4" }), proofRefused("proof_key_mismatch"), []),
      step(now + 1, long, raw("garbage", "no proof"), proofRefused("proof_malformed"), []),
      step(now + 1, long, later(now + 1, { jti: "5" }), signedIn(), ["replay"]),
    ],
  },
  {
    name: "the_same_token_wants_a_new_proof_for_another_route",
    steps: [
      step(now, long, later(now), signedIn(), ["replay"]),
      step(now, long, later(now), proofRefused("proof_url"), [], { path: "/public" }),
      step(now, long, later(now, { htu: `${origin}/public`, jti: "2" }), signedIn("GET /public"), ["replay"], { path: "/public" }),
    ],
  },
  {
    name: "an_unbound_token_that_was_taken_as_bearer_is_not_taken_by_dpop",
    steps: [
      { now, token: usual().note, request: request("GET", "/me", [bearer(usual())]), expect: signedIn(), asked: [] },
      step(now, usual(), proof(usual(), "p256", "ES256"), dpopTokenRefused("binding_missing"), []),
      { now, token: usual().note, request: request("GET", "/me", [bearer(usual())]), expect: signedIn(), asked: [] },
    ],
  },

  // What comes when
  refuse("the_token_s_hash_is_looked_at_before_the_store_is_asked", usualProof({ ath: "AAAA" }), "proof_token", { replays: "fails", asked: [] }),
  call("the_proof_is_looked_at_before_revocation_is_asked", token, usualProof({ ath: "AAAA" }), proofRefused("proof_token"), { config: "stored", revocations: "fails", asked: [] }),
  call("revocation_is_asked_before_replay", token, good, signedIn(), { config: "stored", revocations: {}, asked: ["revocation", "replay"] }),
  call("a_revoked_token_s_proof_is_not_remembered", token, good, dpopTokenRefused("revoked"), { config: "stored", revocations: { [factName("subject", "u1")]: now }, asked: ["revocation"] }),
  call("revocation_that_is_unavailable_asks_no_further", token, good, unavailable("revocation_unavailable"), { config: "stored", revocations: "fails", asked: ["revocation"] }),
  call("keys_are_fetched_before_a_proof_is_looked_at", token, good, signedIn(), { config: "fetched", keys: { "https://id.example/jwks": { keys: [publicJwk("ed25519", { kid: "ed" })] } }, asked: ["keys https://id.example/jwks", "replay"] }),
  call("keys_that_cannot_be_had_are_told_before_a_bad_proof", token, raw("garbage", "no proof"), unavailable("keys_unavailable"), { config: "fetched", keys: {}, asked: ["keys https://id.example/jwks"] }),
  call("a_proof_is_spent_though_the_permission_is_missing", token, usualProof({ htu: `${origin}/data` }), permissionDenied(), { path: "/data", asked: ["replay"] }),
  own(
    "a_resource_is_loaded_after_the_proof_was_taken",
    bound(p256, { roles: ["author"] }),
    (given) => proof(given, "p256", "ES256", { htm: "PUT", htu: `${origin}/articles/1` }),
    allowed(principal({ roles: ["author"] }), "PUT /articles/{id}", { permission: "article:update", resource: { type: "article", id: "1" } }),
    { method: "PUT", path: "/articles/1", resources: { article: { 1: { author_id: "u1" } } }, asked: ["replay", "resource article/1"] },
  ),
  call("a_bad_proof_loads_no_resource", token, good, proofRefused("proof_method"), { method: "PUT", path: "/articles/1", resources: { article: { 1: "fails" } }, asked: [] }),

  // What an issuer's tokens must be
  call("an_issuer_that_wants_dpop_takes_a_bound_token", token, good, signedIn(), { config: "bound" }),
  call("an_issuer_that_wants_dpop_refuses_a_bad_proof", token, usualProof({ htm: "POST" }), proofRefused("proof_method"), { config: "bound" }),
  {
    name: "an_issuer_that_wants_any_binding_refuses_an_unbound_token",
    config: "any_binding",
    token: usual().note,
    request: request("GET", "/me", [bearer(usual())]),
    expect: bearerTokenRefused("binding_missing"),
  },
  call("an_issuer_that_wants_any_binding_takes_a_token_bound_by_dpop", token, good, signedIn(), { config: "any_binding" }),
  {
    name: "who_presents_nothing_to_an_issuer_that_wants_dpop_is_asked_for_dpop_alone",
    config: "bound",
    request: request("GET", "/me"),
    expect: unauthenticated("authentication_missing", dpop()),
  },
  {
    name: "an_unbound_bearer_token_of_an_issuer_that_wants_dpop_is_refused",
    config: "bound",
    token: usual().note,
    request: request("GET", "/me", [bearer(usual())]),
    expect: dpopTokenRefused("binding_missing"),
  },
  {
    name: "a_bound_bearer_token_of_an_issuer_that_wants_dpop_is_refused",
    config: "bound",
    token: token.note,
    request: request("GET", "/me", [bearer(token)]),
    expect: dpopTokenRefused("token_bound"),
  },

  // RFC 9449's own example
  rfcCase("the_request_of_rfc_9449_is_taken", allowed(rfcUser, "GET /protectedresource"), { asked: ["replay"] }),
  rfcCase("the_request_of_rfc_9449_is_taken_a_minute_later", allowed(rfcUser, "GET /protectedresource"), { time: rfc9449.time + 60, asked: ["replay"] }),
  rfcCase("the_request_of_rfc_9449_is_refused_after_that", proofRefused("proof_time"), { time: rfc9449.time + 61 }),
  rfcCase("the_request_of_rfc_9449_with_another_method_is_refused", proofRefused("proof_method"), { method: "POST" }),
  rfcCase("the_request_of_rfc_9449_to_another_resource_is_refused", proofRefused("proof_url"), { url: "https://resource.example.org/other" }),
  rfcCase("the_proof_of_rfc_9449_for_the_token_endpoint_is_refused", proofRefused("proof_claim"), { made: raw(rfc9449.tokenProof, "the proof of RFC 9449 §5, figure 5") }),
  {
    ...rfcCase("the_token_of_rfc_9449_as_bearer_is_refused", bearerTokenRefused("token_bound")),
    request: { method: "GET", url: rfc9449.url, headers: [["authorization", `Bearer ${rfc9449.accessToken}`]] },
  },
];
