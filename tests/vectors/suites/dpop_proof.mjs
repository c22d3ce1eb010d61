// The proof itself (RFC 9449 §4.3): each check in its order, with a proof that just passes it and
// proofs that do not. What is around a proof stands in the suite dpop.

import { createHash } from "node:crypto";
import { allowed, permissionDenied, principal } from "../forge/expect.mjs";
import {
  accessTokenHash,
  beyondPrimeJwk,
  bound,
  call,
  nonceAsked,
  nonceOf,
  offCurveJwk,
  own,
  proof,
  proofClaims,
  proofOfSize,
  proofRefused,
  smallJwk,
  smallProof,
  unsignedProof,
} from "../forge/proof.mjs";
import { origin } from "../forge/request.mjs";
import { privateJwk, publicJwk, secret } from "../forge/sign.mjs";
import { audience, changed, issuer, jwt, now, raw, withSignature } from "../forge/token.mjs";

export const about = "DPoP proofs: which are taken, which are refused, and what is looked at first.";

const policy = {
  policy: "dpop_proof",
  revision: 1,
  routes: [
    { route: "GET /", allow: "authenticated" },
    { route: "* /me", allow: "authenticated" },
    { route: "GET /v1/me", allow: "authenticated" },
    { route: "GET /a/b", allow: "authenticated" },
    { route: "GET /users/{id}", allow: "authenticated" },
    { route: "GET /public", allow: "everyone" },
  ],
};

const issuers = [{ issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] } }];
const site = (dpop = {}) => ({ full: true, policy, trust: { issuers, dpop } });

const nonceSecret = secret("hs256");
const currentNonce = nonceOf(Buffer.from(nonceSecret.base64url, "base64url"), 300, now);

export const configs = {
  usual: site(),
  es256: site({ algorithms: ["ES256"] }),
  rsa: site({ algorithms: ["PS256", "EdDSA"] }),
  window_1: site({ window: 1 }),
  window_600: site({ window: 600 }),
  nonce: site({ nonce: { secret: nonceSecret } }),
  external: site({ externalUrl: "https://api.example" }),
  external_slash: site({ externalUrl: "https://API.example:443/" }),
  external_path: site({ externalUrl: "https://api.example/v1" }),
  external_path_slash: site({ externalUrl: "https://api.example/v1/" }),
  external_port: site({ externalUrl: "https://api.example:8443" }),
};

const p256 = publicJwk("p256");
const token = bound(p256);
const signedIn = (route = "* /me") => allowed(principal(), route);
const pass = (name, made, { route, ...options } = {}) => call(name, token, made, signedIn(route), options);
const refuse = (name, made, reason, options) => call(name, token, made, proofRefused(reason), options);

/** The usual proof, by the key p256, for `GET https://blog.example/me`. */
const usualProof = (changes = {}, header = {}, options = {}) => proof(token, "p256", "ES256", changes, header, options);
const good = usualProof();
const [goodHeader, goodPayload, goodSignature] = good.text.split(".");

const claim = (name, changes) => refuse(name, usualProof(changes), "proof_claim");
const text = (name, value, sentence) => refuse(name, raw(value, sentence), "proof_malformed");

/** Signed over header or payload that are text. */
const rawProof = (header, payload) => jwt(header, payload, "p256", { algorithm: "ES256" });
const headerText = JSON.stringify({ typ: "dpop+jwt", alg: "ES256", jwk: p256 });
const claimsText = JSON.stringify(proofClaims(token));
const headerWith = (more) => rawProof(`${headerText.slice(0, -1)},${more}}`, claimsText);
const claimsWith = (more) => rawProof(headerText, `${claimsText.slice(0, -1)},${more}}`);

/** A proof by a key of its own kind, for a token that is bound to that key. */
const byKey = (name, key, algorithm, jwk = publicJwk(key), options = {}) =>
  own(name, bound(jwk), (given) => proof(given, key, algorithm, {}, { jwk }), signedIn(), options);
const keyRefused = (name, key, algorithm, jwk) => own(name, bound(jwk), (given) => proof(given, key, algorithm, {}, { jwk }), proofRefused("proof_key"));
/** A key that no honest signature can be made with. */
const deadKey = (name, algorithm, jwk) => own(name, bound(jwk), (given) => unsignedProof(given, { alg: algorithm, jwk }), proofRefused("proof_key"));

const htu = (name, value, options) => pass(name, usualProof({ htu: value }), options);
const otherUrl = (name, value, options) => refuse(name, usualProof({ htu: value }), "proof_url", options);

export const cases = [
  // Keys and algorithms
  byKey("a_proof_by_es256_is_taken", "p256", "ES256"),
  byKey("a_proof_by_es384_is_taken", "p384", "ES384"),
  byKey("a_proof_by_es512_is_taken", "p521", "ES512"),
  byKey("a_proof_by_eddsa_is_taken", "stranger_ed25519", "EdDSA"),
  byKey("a_proof_by_ed25519_under_its_own_name_is_taken", "stranger_ed25519", "Ed25519"),
  byKey("a_proof_by_rs256_is_taken", "stranger_rsa", "RS256"),
  byKey("a_proof_by_rs512_is_taken", "stranger_rsa", "RS512"),
  byKey("a_proof_by_ps256_is_taken", "stranger_rsa", "PS256"),
  byKey("a_proof_by_ps384_is_taken", "stranger_rsa", "PS384"),
  byKey("a_proof_by_ps256_whose_key_says_so_is_taken", "stranger_rsa", "PS256", publicJwk("stranger_rsa", { alg: "PS256" })),
  byKey("a_proof_by_a_longer_rsa_key_is_taken", "rsa_3072", "RS256"),
  byKey("a_key_with_members_that_its_thumbprint_leaves_out_is_taken", "p256", "ES256", publicJwk("p256", { alg: "ES256", use: "sig", kid: "phone", key_ops: ["verify"] })),
  byKey("a_key_with_its_members_in_another_order_is_taken", "p256", "ES256", { y: p256.y, x: p256.x, kty: "EC", crv: "P-256" }),

  // proof_malformed
  text("an_empty_proof_is_malformed", "", "nothing"),
  text("a_word_is_a_malformed_proof", "garbage", "a word"),
  text("two_segments_are_a_malformed_proof", `${goodHeader}.${goodPayload}`, "the signature cut off with its dot"),
  text("four_segments_are_a_malformed_proof", `${good.text}.AAAA`, "a fourth segment"),
  text("a_proof_with_an_empty_signature_is_malformed", `${goodHeader}.${goodPayload}.`, "no signature"),
  text("a_proof_with_an_empty_payload_is_malformed", `${goodHeader}..${goodSignature}`, "no payload"),
  text("a_proof_with_padding_is_malformed", `${good.text}==`, "== at the end"),
  text("a_proof_in_plain_base64_is_malformed", `${goodHeader}.${goodPayload}.+${goodSignature.slice(1)}`, "+ in the signature"),
  text("a_proof_with_a_space_inside_is_malformed", `${goodHeader}. ${goodPayload}.${goodSignature}`, "a space behind the first dot"),
  text("two_proofs_in_one_field_are_malformed", `${good.text}, ${good.text}`, "the same proof twice, with a comma"),
  text("two_proofs_without_a_space_are_malformed", `${good.text},${good.text}`, "the same proof twice, with a comma"),
  text("a_comma_behind_a_proof_is_malformed", `${good.text},`, "a comma at the end"),
  text("the_scheme_in_front_of_a_proof_is_malformed", `DPoP ${good.text}`, "the scheme in front"),
  text("an_encrypted_proof_is_malformed", `${goodHeader}.AAAA.AAAA.AAAA.AAAA`, "five segments"),
  call("two_dpop_fields_are_malformed", token, good, proofRefused("proof_malformed"), { headers: [["dpop", good.text]] }),
  call("two_dpop_fields_with_two_proofs_are_malformed", token, good, proofRefused("proof_malformed"), { headers: [["dpop", usualProof({ jti: "proof-2" }).text]] }),
  call("two_dpop_fields_of_which_one_is_empty_are_malformed", token, good, proofRefused("proof_malformed"), { headers: [["dpop", ""]] }),
  refuse("a_header_that_is_a_list_is_a_malformed_proof", rawProof(`[${headerText}]`, claimsText), "proof_malformed"),
  refuse("a_payload_that_is_a_list_is_a_malformed_proof", rawProof(headerText, `[${claimsText}]`), "proof_malformed"),
  refuse("a_payload_that_is_no_json_is_a_malformed_proof", rawProof(headerText, `${claimsText} x`), "proof_malformed"),
  refuse("a_member_twice_in_the_header_is_a_malformed_proof", headerWith('"alg":"ES256"'), "proof_malformed"),
  refuse("a_member_twice_in_the_key_is_a_malformed_proof", rawProof(headerText.replace('"kty":"EC"', '"kty":"EC","kty":"EC"'), claimsText), "proof_malformed"),
  refuse("a_member_twice_in_the_payload_is_a_malformed_proof", claimsWith('"htm":"GET"'), "proof_malformed"),
  refuse("a_member_twice_by_an_escape_is_a_malformed_proof", claimsWith('"\\u0068tm":"GET"'), "proof_malformed"),
  refuse("a_payload_that_is_no_utf8_is_a_malformed_proof", jwt({ typ: "dpop+jwt", alg: "ES256", jwk: p256 }, Buffer.concat([Buffer.from(`${claimsText.slice(0, -1)},"a":"`), Buffer.from([0xff]), Buffer.from('"}')]), "p256"), "proof_malformed"),
  refuse("an_empty_crit_is_a_malformed_proof", usualProof({}, { crit: [] }), "proof_malformed"),
  refuse("an_unknown_crit_is_a_malformed_proof", usualProof({}, { crit: ["exp"], exp: now + 60 }), "proof_malformed"),
  refuse("an_unencoded_payload_is_a_malformed_proof", usualProof({}, { crit: ["b64"], b64: false }), "proof_malformed"),
  refuse("b64_without_crit_is_a_malformed_proof", usualProof({}, { b64: false }), "proof_malformed"),
  own("a_proof_of_16384_bytes_is_taken", bound(publicJwk("stranger_ed25519")), (given) => proofOfSize(given, 16384), signedIn()),
  own("a_proof_of_16385_bytes_is_malformed", bound(publicJwk("stranger_ed25519")), (given) => proofOfSize(given, 16385), proofRefused("proof_malformed")),
  pass("a_header_member_that_nobody_knows_is_not_read", usualProof({}, { kid: "phone", x: 1 })),
  pass("a_claim_that_nobody_knows_is_not_read", usualProof({ sub: "somebody", aud: 5 })),

  // proof_typ
  pass("a_typ_in_upper_case_is_taken", usualProof({}, { typ: "DPOP+JWT" })),
  pass("a_typ_with_application_in_front_is_taken", usualProof({}, { typ: "application/dpop+jwt" })),
  refuse("a_typ_of_jwt_is_refused", usualProof({}, { typ: "JWT" }), "proof_typ"),
  refuse("a_typ_of_an_access_token_is_refused", usualProof({}, { typ: "at+jwt" }), "proof_typ"),
  refuse("a_missing_typ_is_refused", usualProof({}, { typ: undefined }), "proof_typ"),
  refuse("a_typ_that_is_a_number_is_refused", usualProof({}, { typ: 5 }), "proof_typ"),
  refuse("an_empty_typ_is_refused", usualProof({}, { typ: "" }), "proof_typ"),
  refuse("a_typ_with_a_space_is_refused", usualProof({}, { typ: "dpop+jwt " }), "proof_typ"),
  refuse("a_typ_that_begins_like_it_is_refused", usualProof({}, { typ: "dpop+jwts" }), "proof_typ"),
  refuse("a_typ_of_another_media_type_is_refused", usualProof({}, { typ: "text/dpop+jwt" }), "proof_typ"),

  // proof_algorithm
  ...[
    ["none", "none"],
    ["none_with_a_capital", "None"],
    ["hs256", "HS256"],
    ["es256k", "ES256K"],
    ["es256_in_lower_case", "es256"],
    ["empty", ""],
    ["one_of_encryption", "RSA-OAEP-256"],
    ["a_number", 256],
  ].map(([name, alg]) => refuse(`an_algorithm_that_is_${name}_is_refused`, usualProof({}, { alg }, { algorithm: "ES256" }), "proof_algorithm")),
  refuse("a_missing_algorithm_is_refused", usualProof({}, { alg: undefined }, { algorithm: "ES256" }), "proof_algorithm"),
  own(
    "an_hmac_under_the_key_that_the_proof_brings_is_refused",
    bound(privateJwk("hs256")),
    (given) => proof(given, "hs256", "HS256", {}, { jwk: privateJwk("hs256") }),
    proofRefused("proof_algorithm"),
  ),
  byKey("an_algorithm_that_is_listed_is_taken", "p256", "ES256", p256, { config: "es256" }),
  own("an_algorithm_that_is_not_listed_is_refused", bound(publicJwk("stranger_ed25519")), (given) => proof(given, "stranger_ed25519", "EdDSA"), proofRefused("proof_algorithm", "ES256"), { config: "es256" }),
  byKey("an_rsa_algorithm_that_is_listed_is_taken", "stranger_rsa", "PS256", publicJwk("stranger_rsa"), { config: "rsa" }),
  own("an_rsa_algorithm_that_is_not_listed_is_refused", bound(publicJwk("stranger_rsa")), (given) => proof(given, "stranger_rsa", "RS256"), proofRefused("proof_algorithm", "PS256 EdDSA"), { config: "rsa" }),

  // proof_key
  refuse("a_proof_without_its_key_is_refused", usualProof({}, { jwk: undefined }), "proof_key"),
  refuse("a_key_that_is_null_is_refused", usualProof({}, { jwk: null }), "proof_key"),
  refuse("a_key_that_is_text_is_refused", usualProof({}, { jwk: JSON.stringify(p256) }), "proof_key"),
  refuse("a_key_that_is_a_list_is_refused", usualProof({}, { jwk: [p256] }), "proof_key"),
  refuse("an_empty_key_is_refused", usualProof({}, { jwk: {} }), "proof_key"),
  refuse("a_key_by_its_url_is_not_fetched", usualProof({}, { jwk: undefined, jku: "https://client.example/jwks" }), "proof_key", { asked: [] }),
  keyRefused("a_private_ec_key_is_refused", "p256", "ES256", privateJwk("p256")),
  keyRefused("a_private_ed25519_key_is_refused", "stranger_ed25519", "EdDSA", privateJwk("stranger_ed25519")),
  keyRefused("a_private_rsa_key_is_refused", "stranger_rsa", "RS256", privateJwk("stranger_rsa")),
  keyRefused("a_key_with_one_private_member_is_refused", "stranger_rsa", "RS256", publicJwk("stranger_rsa", { dp: "AQAB" })),
  keyRefused("a_key_for_encryption_is_refused", "p256", "ES256", publicJwk("p256", { use: "enc" })),
  keyRefused("a_key_that_may_not_verify_is_refused", "p256", "ES256", publicJwk("p256", { key_ops: ["sign"] })),
  keyRefused("a_key_for_another_algorithm_is_refused", "stranger_rsa", "PS256", publicJwk("stranger_rsa", { alg: "RS256" })),
  keyRefused("a_key_for_another_curve_s_algorithm_is_refused", "p256", "ES256", publicJwk("p256", { alg: "ES384" })),
  own("es256_under_a_key_of_p384_is_refused", bound(publicJwk("p384")), (given) => unsignedProof(given, { alg: "ES256", jwk: publicJwk("p384") }), proofRefused("proof_key")),
  own("es384_under_a_key_of_p256_is_refused", bound(p256), (given) => proof(given, "p256", "ES384", {}, {}, { algorithm: "ES384" }), proofRefused("proof_key")),
  own("rs256_under_an_ec_key_is_refused", bound(p256), (given) => unsignedProof(given, { alg: "RS256", jwk: p256 }, Buffer.alloc(256, 1)), proofRefused("proof_key")),
  own("es256_under_an_ed25519_key_is_refused", bound(publicJwk("stranger_ed25519")), (given) => unsignedProof(given, { alg: "ES256", jwk: publicJwk("stranger_ed25519") }), proofRefused("proof_key")),
  deadKey("a_symmetric_key_is_refused", "ES256", { kty: "oct", k: privateJwk("hs256").k }),
  deadKey("a_key_off_its_curve_is_refused", "ES256", offCurveJwk),
  deadKey("a_coordinate_beyond_the_field_is_refused", "ES256", beyondPrimeJwk),
  deadKey("a_coordinate_that_is_too_short_is_refused", "ES256", { ...p256, x: Buffer.from(p256.x, "base64url").subarray(1).toString("base64url") }),
  deadKey("a_key_that_names_another_curve_is_refused", "ES384", { ...p256, crv: "P-384" }),
  deadKey("a_key_on_an_unknown_curve_is_refused", "ES256", { ...p256, crv: "secp256k1" }),
  deadKey("an_ed25519_key_of_small_order_is_refused", "EdDSA", { kty: "OKP", crv: "Ed25519", x: `AQ${"A".repeat(41)}` }),
  own("an_rsa_key_of_1024_bits_is_refused", bound(smallJwk), smallProof, proofRefused("proof_key")),

  // proof_key_mismatch
  refuse("a_proof_by_another_key_is_refused", proof(token, "stranger_p256", "ES256"), "proof_key_mismatch", { asked: [] }),
  refuse("a_proof_by_a_key_of_another_kind_is_refused", proof(token, "stranger_ed25519", "EdDSA"), "proof_key_mismatch"),
  refuse("a_proof_by_the_issuer_s_own_key_is_refused", proof(token, "ed25519", "EdDSA"), "proof_key_mismatch"),

  // proof_signature
  refuse("a_proof_signed_by_another_key_is_refused", jwt({ typ: "dpop+jwt", alg: "ES256", jwk: p256 }, proofClaims(token), "stranger_p256"), "proof_signature", { asked: [] }),
  refuse("a_proof_whose_payload_was_changed_is_refused", changed(good, "the payload is that of a proof for POST", ({ header, signature }) => `${header}.${usualProof({ htm: "POST" }).text.split(".")[1]}.${signature}`), "proof_signature"),
  refuse("a_proof_with_a_signature_of_zeros_is_refused", withSignature(good, "64 zero bytes", Buffer.alloc(64)), "proof_signature"),
  refuse("a_proof_with_half_a_signature_is_refused", withSignature(good, "the first 32 bytes", Buffer.from(goodSignature, "base64url").subarray(0, 32)), "proof_signature"),
  refuse("a_proof_with_a_signature_in_der_is_refused", usualProof({}, {}, { variant: { encoding: "der" } }), "proof_signature"),
  own(
    "a_proof_by_eddsa_with_a_changed_signature_is_refused",
    bound(publicJwk("stranger_ed25519")),
    (given) => {
      const made = proof(given, "stranger_ed25519", "EdDSA");
      const bytes = Buffer.from(made.text.split(".")[2], "base64url");
      bytes[0] ^= 1;
      return withSignature(made, "a bit of its first byte is another", bytes);
    },
    proofRefused("proof_signature"),
  ),
  own("a_proof_by_ps256_that_is_signed_as_rs256_is_refused", bound(publicJwk("stranger_rsa")), (given) => proof(given, "stranger_rsa", "PS256", {}, {}, { algorithm: "RS256" }), proofRefused("proof_signature")),

  // proof_claim
  ...["jti", "htm", "htu", "iat", "ath"].flatMap((name) => [
    claim(`a_proof_without_${name}_is_refused`, { [name]: undefined }),
    claim(`a_proof_whose_${name}_is_null_is_refused`, { [name]: null }),
    claim(`a_proof_whose_${name}_is_a_list_is_refused`, { [name]: [proofClaims(token)[name]] }),
    claim(`a_proof_whose_${name}_is_${name === "iat" ? "text" : "a_number"}_is_refused`, { [name]: name === "iat" ? String(now) : 5 }),
  ]),
  claim("an_empty_jti_is_refused", { jti: "" }),
  pass("a_jti_of_one_byte_is_taken", usualProof({ jti: "1" })),
  pass("a_jti_of_256_bytes_is_taken", usualProof({ jti: "é".repeat(128) })),
  claim("a_jti_of_257_bytes_is_refused", { jti: "j".repeat(257) }),
  claim("a_jti_is_measured_in_bytes", { jti: "é".repeat(129) }),
  pass("an_iat_with_a_fraction_is_taken", usualProof({ iat: now - 0.5 })),

  // proof_method
  pass("a_proof_for_post_is_taken_with_post", usualProof({ htm: "POST" }), { method: "POST" }),
  refuse("a_proof_for_get_is_refused_with_post", good, "proof_method", { method: "POST" }),
  refuse("a_proof_for_post_is_refused_with_get", usualProof({ htm: "POST" }), "proof_method"),
  refuse("a_method_in_lower_case_in_the_proof_is_another", usualProof({ htm: "get" }), "proof_method"),
  refuse("a_method_in_lower_case_in_the_request_is_another", good, "proof_method", { method: "get" }),
  refuse("an_empty_method_in_the_proof_is_another", usualProof({ htm: "" }), "proof_method"),
  refuse("a_star_is_no_method", usualProof({ htm: "*" }), "proof_method"),
  pass("a_proof_for_head_is_taken_with_head", usualProof({ htm: "HEAD", htu: `${origin}/public` }), { method: "HEAD", path: "/public", route: "GET /public" }),
  refuse("a_proof_for_get_is_refused_with_head", usualProof({ htu: `${origin}/public` }), "proof_method", { method: "HEAD", path: "/public" }),
  pass("a_proof_for_a_method_of_one_s_own_is_taken", usualProof({ htm: "PROPFIND" }), { method: "PROPFIND" }),
  call("a_proof_is_good_for_a_method_that_no_route_has", token, usualProof({ htm: "get" }), permissionDenied("route_undeclared"), { method: "get" }),

  // proof_url_unknown
  refuse("a_path_alone_cannot_be_compared", good, "proof_url_unknown", { url: "/me", asked: [] }),
  refuse("a_path_alone_cannot_be_compared_though_there_is_a_host", good, "proof_url_unknown", { url: "/me", headers: [["host", "blog.example"]] }),
  refuse("a_path_alone_is_not_compared_with_a_path", usualProof({ htu: "/me" }), "proof_url_unknown", { url: "/me" }),

  // proof_url
  pass("the_query_of_the_request_is_not_compared", good, { path: "/me?page=2" }),
  htu("the_query_of_the_proof_is_not_compared", `${origin}/me?page=2`),
  htu("the_fragment_of_the_proof_is_not_compared", `${origin}/me#top`),
  htu("query_and_fragment_of_both_are_not_compared", `${origin}/me?a=b#top`, { path: "/me?page=2" }),
  htu("the_host_is_compared_without_case", "https://BLOG.Example/me"),
  pass("the_host_of_the_request_is_compared_without_case", good, { url: "https://Blog.EXAMPLE/me" }),
  htu("the_scheme_is_compared_without_case", "HTTPS://blog.example/me"),
  htu("the_default_port_in_the_proof_is_dropped", "https://blog.example:443/me"),
  pass("the_default_port_in_the_request_is_dropped", good, { url: "https://blog.example:443/me" }),
  htu("another_port_in_both_is_the_same", "https://blog.example:8443/me", { url: "https://blog.example:8443/me" }),
  htu("http_with_its_default_port_is_the_same", "http://blog.example:80/me", { url: "http://blog.example/me" }),
  htu("an_unreserved_character_may_be_escaped_in_the_proof", `${origin}/%6De`),
  htu("an_escape_may_be_in_either_case", `${origin}/users/caf%c3%a9`, { path: "/users/caf%C3%A9", route: "GET /users/{id}" }),
  htu("an_unreserved_character_may_be_escaped_in_the_request", `${origin}/users/u~1`, { path: "/users/u%7e1", route: "GET /users/{id}" }),
  htu("a_reserved_character_that_is_escaped_in_both_is_the_same", `${origin}/users/a%2Cb`, { path: "/users/a%2cb", route: "GET /users/{id}" }),
  htu("an_empty_path_is_a_slash", "https://blog.example", { path: "/", route: "GET /" }),
  htu("an_empty_path_with_a_query_is_a_slash", "https://blog.example?a=b", { path: "/", route: "GET /" }),
  htu("a_trailing_slash_in_both_is_the_same", `${origin}/me/`, { path: "/me/" }),
  otherUrl("a_trailing_slash_in_the_proof_is_another", `${origin}/me/`),
  otherUrl("a_trailing_slash_in_the_request_is_another", `${origin}/me`, { path: "/me/" }),
  otherUrl("another_path_is_another", `${origin}/public`),
  otherUrl("a_path_in_another_case_is_another", `${origin}/ME`),
  otherUrl("a_longer_path_is_another", `${origin}/me/x`),
  otherUrl("a_shorter_path_is_another", `${origin}/`),
  otherUrl("a_dot_segment_is_another", `${origin}/a/../me`),
  otherUrl("a_double_slash_is_another", `${origin}//me`),
  otherUrl("a_reserved_character_that_is_escaped_in_one_is_another", `${origin}/users/a,b`, { path: "/users/a%2Cb" }),
  otherUrl("a_slash_that_is_escaped_in_the_proof_is_another", `${origin}/a%2Fb`, { path: "/a/b" }),
  otherUrl("an_escaped_question_mark_begins_no_query", `${origin}/me%3Fpage=2`),
  otherUrl("another_host_is_another", "https://evil.example/me"),
  otherUrl("a_longer_host_is_another", "https://blog.example.evil.example/me"),
  otherUrl("a_subdomain_is_another", "https://www.blog.example/me"),
  otherUrl("a_dot_behind_the_host_is_another", "https://blog.example./me"),
  otherUrl("another_scheme_is_another", "http://blog.example/me"),
  otherUrl("another_port_is_another", "https://blog.example:8443/me"),
  otherUrl("the_default_port_of_another_scheme_is_another", "https://blog.example:80/me"),
  otherUrl("no_port_is_another_than_the_request_s", `${origin}/me`, { url: "https://blog.example:8443/me" }),
  otherUrl("user_information_is_refused", "https://user@blog.example/me"),
  otherUrl("empty_user_information_is_refused", "https://@blog.example/me"),
  otherUrl("the_host_for_a_user_is_another", "https://blog.example@evil.example/me"),
  otherUrl("a_websocket_is_another", "wss://blog.example/me"),
  otherUrl("a_path_in_the_proof_is_no_url", "/me"),
  otherUrl("a_host_and_a_path_in_the_proof_are_no_url", "blog.example/me"),
  otherUrl("a_url_without_scheme_is_none", "//blog.example/me"),
  otherUrl("an_empty_url_is_none", ""),
  otherUrl("white_space_around_a_url_is_refused", ` ${origin}/me`),
  otherUrl("a_backslash_is_no_slash", "https:\\\\blog.example\\me"),
  otherUrl("a_malformed_escape_is_refused", `${origin}/me%`),

  // externalUrl
  htu("behind_a_proxy_the_external_url_is_compared", "https://api.example/me", { config: "external", url: "http://10.0.0.7:8080/me" }),
  htu("behind_a_proxy_a_path_alone_is_enough", "https://api.example/me", { config: "external", url: "/me" }),
  htu("behind_a_proxy_the_query_of_a_path_alone_is_not_compared", "https://api.example/me", { config: "external", url: "/me?page=2" }),
  otherUrl("behind_a_proxy_the_internal_url_is_another", "http://10.0.0.7:8080/me", { config: "external", url: "http://10.0.0.7:8080/me" }),
  otherUrl("behind_a_proxy_another_path_is_another", "https://api.example/", { config: "external", url: "/me" }),
  refuse("behind_a_proxy_the_host_of_the_request_counts_for_nothing", good, "proof_url", { config: "external", headers: [["host", "blog.example"], ["x-forwarded-host", "blog.example"]] }),
  htu("an_external_url_is_normalised_as_any_other", "https://api.example/me", { config: "external_slash", url: "/me" }),
  htu("an_external_url_with_a_slash_has_none_twice", "https://api.example/", { config: "external_slash", url: "/", route: "GET /" }),
  htu("an_external_url_with_a_port_is_compared_with_it", "https://api.example:8443/me", { config: "external_port", url: "/me" }),
  otherUrl("an_external_url_with_a_port_is_another_than_without", "https://api.example/me", { config: "external_port", url: "/me" }),
  htu("an_external_path_stands_before_the_request_s", "https://api.example/v1/me", { config: "external_path", url: "http://10.0.0.7/me" }),
  htu("an_external_path_with_a_slash_stands_before_the_request_s", "https://api.example/v1/me", { config: "external_path_slash", url: "/me" }),
  htu("an_external_path_stands_before_the_root", "https://api.example/v1/", { config: "external_path", url: "/", route: "GET /" }),
  otherUrl("without_the_external_path_it_is_another", "https://api.example/me", { config: "external_path", url: "/me" }),
  otherUrl("the_external_path_is_not_taken_from_the_request_s", "https://api.example/v1/me", { config: "external_path", url: "/v1/me" }),
  htu("the_external_path_stands_before_one_that_begins_like_it", "https://api.example/v1/v1/me", { config: "external_path", url: "/v1/me", route: "GET /v1/me" }),

  // proof_time
  ...[
    ["usual", 60],
    ["window_1", 1],
    ["window_600", 600],
  ].flatMap(([config, window]) => [
    pass(`a_proof_of_${window}_s_ago_is_taken_where_the_window_is_${window}`, usualProof({ iat: now - window }), { config }),
    refuse(`a_proof_of_${window + 1}_s_ago_is_refused_where_the_window_is_${window}`, usualProof({ iat: now - window - 1 }), "proof_time", { config, asked: [] }),
    pass(`a_proof_of_${window}_s_ahead_is_taken_where_the_window_is_${window}`, usualProof({ iat: now + window }), { config }),
    refuse(`a_proof_of_${window + 1}_s_ahead_is_refused_where_the_window_is_${window}`, usualProof({ iat: now + window + 1 }), "proof_time", { config, asked: [] }),
  ]),
  refuse("a_proof_of_1970_is_refused", usualProof({ iat: 0 }), "proof_time"),
  refuse("a_proof_before_1970_is_refused", usualProof({ iat: -now }), "proof_time"),
  refuse("a_proof_in_milliseconds_is_refused", usualProof({ iat: now * 1000 }), "proof_time"),

  // proof_token
  refuse("a_proof_for_another_token_is_refused", usualProof({ ath: accessTokenHash(bound(p256, { jti: "other" }).text) }), "proof_token", { asked: [] }),
  refuse("an_ath_with_padding_is_another", usualProof({ ath: `${accessTokenHash(token.text)}=` }), "proof_token"),
  refuse("an_empty_ath_is_another", usualProof({ ath: "" }), "proof_token"),
  refuse("an_ath_in_hexadecimal_is_another", usualProof({ ath: createHash("sha256").update(token.text).digest("hex") }), "proof_token"),
  refuse("an_ath_of_half_the_hash_is_another", usualProof({ ath: createHash("sha256").update(token.text).digest().subarray(0, 16).toString("base64url") }), "proof_token"),
  refuse("an_ath_with_its_scheme_is_another", usualProof({ ath: accessTokenHash(`DPoP ${token.text}`) }), "proof_token"),

  // The first of several faults is told
  refuse("the_method_is_looked_at_before_the_url", usualProof({ htm: "POST", htu: "https://evil.example/" }), "proof_method"),
  refuse("the_typ_is_looked_at_before_the_algorithm", usualProof({}, { typ: "JWT", alg: "none" }, { algorithm: "ES256" }), "proof_typ"),
  refuse("the_algorithm_is_looked_at_before_the_key", usualProof({}, { alg: "none", jwk: undefined }, { algorithm: "ES256" }), "proof_algorithm"),
  refuse("the_key_is_looked_at_before_whose_it_is", proof(token, "stranger_p256", "ES256", {}, { jwk: privateJwk("stranger_p256") }), "proof_key"),
  refuse("whose_key_it_is_is_looked_at_before_the_signature", withSignature(proof(token, "stranger_p256", "ES256"), "64 bytes of 1", Buffer.alloc(64, 1)), "proof_key_mismatch"),
  refuse("the_signature_is_looked_at_before_the_claims", withSignature(usualProof({ jti: undefined }), "64 bytes of 1", Buffer.alloc(64, 1)), "proof_signature"),
  refuse("the_claims_are_looked_at_before_the_method", usualProof({ ath: undefined, htm: "POST" }), "proof_claim"),
  refuse("the_method_is_looked_at_before_the_url_is_known", usualProof({ htm: "POST" }), "proof_method", { url: "/me" }),
  refuse("the_url_is_known_before_the_time_is_looked_at", usualProof({ iat: now - 61 }), "proof_url_unknown", { url: "/me" }),
  refuse("the_url_is_looked_at_before_the_time", usualProof({ htu: `${origin}/`, iat: now - 61 }), "proof_url"),
  refuse("the_time_is_looked_at_before_the_nonce", usualProof({ iat: now - 61 }), "proof_time", { config: "nonce" }),
  call("the_nonce_is_looked_at_before_the_token_s_hash", token, usualProof({ ath: "AAAA" }), nonceAsked(currentNonce), { config: "nonce" }),
];
