// Key sets that the host fetches: what is a key set, which of its keys count, and when it is asked for.

import { plusPrime, smallestPoint } from "../forge/curve.mjs";
import { allowed, guest, invalidToken, permissionDenied, principal, unauthenticated, unavailable } from "../forge/expect.mjs";
import { request, withToken } from "../forge/request.mjs";
import { privateJwk, publicJwk } from "../forge/sign.mjs";
import { audience, claims, issuer, jwt, now, raw, usual } from "../forge/token.mjs";

export const about = "Key sets that are fetched: unavailable ones, broken ones, and keys that count for nothing.";

const policy = {
  policy: "jwks",
  revision: 1,
  routes: [
    { route: "GET /me", allow: "authenticated" },
    { route: "GET /public", allow: "everyone" },
  ],
};

const url = "https://id.example/jwks";
const otherIssuer = "https://other.example";
const otherUrl = "https://other.example/keys";

const site = (members = {}) => ({ policy, trust: { issuers: [{ issuer, audience, jwksUri: url, ...members }] } });

export const configs = {
  fetched: site(),
  rsa_list: site({ algorithms: ["RS256", "PS256"] }),
  two: {
    policy,
    trust: {
      issuers: [
        { issuer, audience, jwksUri: url },
        { issuer: otherIssuer, audience, jwksUri: otherUrl },
      ],
    },
  },
  loopback: site({ jwksUri: "http://127.0.0.1:8787/jwks" }),
};

const ed = publicJwk("ed25519", { kid: "ed" });
const token = usual();
const rs256 = jwt({ alg: "RS256", kid: "rsa" }, claims(), "rsa");
const es256 = jwt({ alg: "ES256", kid: "p256" }, claims(), "p256");
const es384 = jwt({ alg: "ES384", kid: "p384" }, claims(), "p384");
const es512 = jwt({ alg: "ES512", kid: "p521" }, claims(), "p521");

const answer = (name, signed, keys, expect, config = "fetched") => ({ name, config, ...withToken(signed), keys, expect });
const pass = (name, signed, set, who = {}) => answer(name, signed, { [url]: { keys: set } }, allowed(principal(who), "GET /me"));
/** Another's key, so that the set has one that is usable: a set without one is none. */
const spare = publicJwk("stranger_ed25519", { kid: "spare" });
const refuse = (name, signed, set, reason) => {
  const keys = reason === "key_unknown" ? [...set, spare] : set;
  return answer(name, signed, { [url]: { keys } }, invalidToken(reason));
};
const broken = (name, body) => answer(name, token, { [url]: body }, unavailable("keys_unavailable"));
/** A key that breaks a rule is as if it were not there; a good one beside it still works. */
const passedOver = (name, signed, key) => [
  refuse(name, signed, [key], "key_unknown"),
  pass(`${name}_and_harms_no_other`, token, [key, ed]),
];

const rsa = (members) => publicJwk("rsa", { kid: "rsa", ...members });
const p256 = (members) => publicJwk("p256", { kid: "p256", ...members });
const okp = (members) => publicJwk("ed25519", { kid: "odd", ...members });
const odd = usual({}, { kid: "odd" });
const bytes = (length, first = 0xc1) => Buffer.concat([Buffer.from([first]), Buffer.alloc(length - 2, 0x5a), Buffer.from([0x0b])]).toString("base64url");
const short = (text, cut) => Buffer.from(text, "base64url").subarray(cut).toString("base64url");
const flipped = (text) => {
  const bytes = Buffer.from(text, "base64url");
  bytes[bytes.length - 1] ^= 1;
  return bytes.toString("base64url");
};
const long = (text) => Buffer.concat([Buffer.alloc(1), Buffer.from(text, "base64url")]).toString("base64url");

const manyKeys = (count) => JSON.stringify({ keys: [...Array.from({ length: count - 1 }, (_, index) => ({ kty: "OKP", crv: "Ed25519", kid: `k${index}`, x: ed.x })), ed] });
const padded = (size) => {
  const text = JSON.stringify({ keys: [ed], pad: "" });
  return JSON.stringify({ keys: [ed], pad: "x".repeat(size - text.length) });
};

export const cases = [
  // Fetched and used
  pass("a_fetched_key_verifies", token, [ed]),
  pass("a_fetched_rsa_key_verifies", rs256, [rsa()]),
  pass("a_fetched_p256_key_verifies", es256, [p256()]),
  pass("a_fetched_p384_key_verifies", jwt({ alg: "ES384", kid: "k" }, claims(), "p384"), [publicJwk("p384", { kid: "k" })]),
  pass("a_fetched_p521_key_verifies", jwt({ alg: "ES512", kid: "k" }, claims(), "p521"), [publicJwk("p521", { kid: "k" })]),
  pass("one_key_among_many_verifies", es256, [ed, rsa(), p256(), publicJwk("p384", { kid: "p384" })]),
  pass("members_that_nobody_knows_are_ignored_in_a_key", token, [{ ...ed, x5t: "AAAA", extra: { a: 1 } }]),
  answer("members_that_nobody_knows_are_ignored_in_a_key_set", token, { [url]: { version: 1, keys: [ed] } }, allowed(principal(), "GET /me")),
  answer("a_key_set_from_a_loopback_address_is_fetched", token, { "http://127.0.0.1:8787/jwks": { keys: [ed] } }, allowed(principal(), "GET /me"), "loopback"),
  pass("a_key_for_use_sig_verifies", token, [{ ...ed, use: "sig" }]),
  pass("a_key_for_verify_verifies", token, [{ ...ed, key_ops: ["verify"] }]),
  pass("a_key_for_its_own_algorithm_verifies", rs256, [rsa({ alg: "RS256" })]),
  answer("a_list_widens_a_fetched_rsa_key", jwt({ alg: "PS256", kid: "rsa" }, claims(), "rsa"), { [url]: { keys: [rsa()] } }, allowed(principal(), "GET /me"), "rsa_list"),
  answer("a_list_does_not_override_a_fetched_key_s_alg", jwt({ alg: "PS256", kid: "rsa" }, claims(), "rsa"), { [url]: { keys: [rsa({ alg: "RS256" })] } }, invalidToken("algorithm_not_allowed"), "rsa_list"),
  refuse("a_fetched_key_of_another_does_not_verify", token, [publicJwk("stranger_ed25519", { kid: "ed" })], "signature_invalid"),
  refuse("hs256_with_a_fetched_public_key_is_not_allowed", jwt({ alg: "HS256", kid: "ed" }, claims(), Buffer.from(ed.x, "base64url"), { keyNote: "the public key ed" }), [ed], "algorithm_not_allowed"),

  pass("a_zero_in_front_of_a_modulus_means_nothing", rs256, [rsa({ n: long(rsa().n) })]),
  refuse("an_even_modulus_is_passed_over", rs256, [rsa({ n: Buffer.alloc(256, 0xfe).toString("base64url") })], "key_unknown"),

  // Unavailable: 503, never 401
  answer("a_key_set_that_cannot_be_had_is_unavailable", token, {}, unavailable("keys_unavailable")),
  broken("an_empty_body_is_unavailable", ""),
  broken("a_page_is_unavailable", "<!doctype html><title>Sign in</title>"),
  broken("a_body_that_is_cut_off_is_unavailable", '{"keys":[{"kty":"OKP"'),
  broken("a_list_is_unavailable", "[]"),
  broken("an_object_without_keys_is_unavailable", "{}"),
  broken("keys_that_are_an_object_are_unavailable", '{"keys":{}}'),
  broken("an_empty_key_set_is_unavailable", { keys: [] }),
  broken("a_key_set_of_private_keys_alone_is_unavailable", { keys: [privateJwk("ed25519", { kid: "ed" })] }),
  broken("a_key_set_of_keys_for_encryption_alone_is_unavailable", { keys: [{ ...ed, use: "enc" }, rsa({ use: "enc" })] }),
  broken("a_key_set_of_points_off_the_curve_alone_is_unavailable", { keys: [p256({ y: p256().x })] }),
  broken("keys_twice_are_unavailable", `{"keys":[],"keys":[${JSON.stringify(ed)}]}`),
  broken("a_member_twice_in_a_key_is_unavailable", `{"keys":[${JSON.stringify(ed).slice(0, -1)},"kid":"ed"}]}`),
  broken("text_behind_the_key_set_is_unavailable", `{"keys":[${JSON.stringify(ed)}]}x`),
  broken("101_keys_are_unavailable", manyKeys(101)),
  answer("100_keys_are_taken", token, { [url]: manyKeys(100) }, allowed(principal(), "GET /me")),
  broken("65537_bytes_are_unavailable", padded(65537)),
  answer("65536_bytes_are_taken", token, { [url]: padded(65536) }, allowed(principal(), "GET /me")),
  {
    name: "a_token_is_unavailable_on_a_public_route_too",
    config: "fetched",
    ...withToken(token, "/public"),
    keys: {},
    expect: unavailable("keys_unavailable"),
  },
  {
    name: "an_undeclared_route_does_not_come_before_unavailable_keys",
    config: "fetched",
    ...withToken(token, "/nowhere"),
    keys: {},
    expect: unavailable("keys_unavailable"),
  },

  // Not asked for where nothing hangs on it
  { name: "no_credential_asks_for_no_keys", config: "fetched", request: request("GET", "/public"), keys: {}, expect: allowed(guest(), "GET /public") },
  { name: "no_credential_is_no_outage", config: "fetched", request: request("GET", "/me"), keys: {}, expect: unauthenticated("authentication_missing") },
  answer("a_malformed_token_asks_for_no_keys", raw("a.b", "two segments"), {}, invalidToken("token_malformed")),
  answer("a_token_of_another_issuer_asks_for_no_keys", usual({ iss: "https://evil.example" }), {}, invalidToken("issuer_unknown")),
  answer("a_token_of_another_kind_asks_for_no_keys", usual({}, { typ: "logout+jwt" }), {}, invalidToken("typ_mismatch")),
  answer("a_token_with_an_unknown_algorithm_asks_for_no_keys", jwt({ alg: "none" }, claims(), Buffer.alloc(0), { algorithm: "HS256", keyNote: "empty" }), {}, invalidToken("algorithm_unsupported")),
  answer("a_token_with_crit_asks_for_no_keys", usual({}, { crit: ["b64"], b64: false }), {}, invalidToken("critical_header")),
  answer("an_expired_token_is_unavailable_before_it_is_expired", usual({ exp: now - 3600 }), {}, unavailable("keys_unavailable")),
  answer("an_issuer_asks_for_its_own_keys_alone", token, { [url]: { keys: [ed] } }, allowed(principal(), "GET /me"), "two"),
  answer("the_keys_of_another_issuer_do_not_count", token, { [otherUrl]: { keys: [ed] } }, unavailable("keys_unavailable"), "two"),
  answer(
    "the_other_issuer_asks_for_its_own_keys",
    jwt({ alg: "EdDSA", kid: "ed" }, claims({ iss: otherIssuer }), "stranger_ed25519"),
    { [url]: { keys: [ed] }, [otherUrl]: { keys: [publicJwk("stranger_ed25519", { kid: "ed" })] } },
    allowed(principal({ issuer: otherIssuer }), "GET /me"),
    "two",
  ),
  answer(
    "a_key_of_one_issuer_does_not_sign_for_the_other",
    jwt({ alg: "EdDSA", kid: "ed" }, claims({ iss: otherIssuer }), "ed25519"),
    { [url]: { keys: [ed] }, [otherUrl]: { keys: [publicJwk("stranger_ed25519", { kid: "ed" })] } },
    invalidToken("signature_invalid"),
    "two",
  ),

  // kid
  refuse("an_unknown_kid_is_refused_after_the_keys_were_fetched", usual({}, { kid: "gone" }), [ed], "key_unknown"),
  pass("a_token_without_kid_takes_the_only_fetched_key", usual({}, { kid: undefined }), [ed]),
  refuse("a_token_without_kid_between_two_fetched_keys_is_refused", usual({}, { kid: undefined }), [ed, publicJwk("stranger_ed25519", { kid: "other" })], "key_required"),
  refuse("two_fetched_keys_with_one_kid_are_ambiguous", token, [ed, publicJwk("stranger_ed25519", { kid: "ed" })], "key_ambiguous"),
  refuse("the_same_fetched_key_twice_is_ambiguous", token, [ed, ed], "key_ambiguous"),
  pass("two_fetched_keys_with_one_kid_and_two_types_are_told_apart", token, [ed, rsa({ kid: "ed" })]),
  pass("a_broken_key_with_the_same_kid_is_as_if_it_were_not_there", token, [{ ...ed, use: "enc" }, ed]),
  pass("a_broken_key_leaves_a_token_without_kid_its_only_key", usual({}, { kid: undefined }), [publicJwk("stranger_ed25519", { use: "enc" }), ed]),

  // Keys that count for nothing
  ...passedOver("a_key_for_encryption_is_passed_over", token, { ...ed, use: "enc" }),
  refuse("a_key_for_an_unknown_use_is_passed_over", token, [{ ...ed, use: "tls" }], "key_unknown"),
  refuse("a_key_whose_use_is_a_number_is_passed_over", token, [{ ...ed, use: 1 }], "key_unknown"),
  ...passedOver("a_key_that_may_only_sign_is_passed_over", token, { ...ed, key_ops: ["sign"] }),
  refuse("a_key_that_may_do_nothing_is_passed_over", token, [{ ...ed, key_ops: [] }], "key_unknown"),
  refuse("a_key_whose_operations_are_text_is_passed_over", token, [{ ...ed, key_ops: "verify" }], "key_unknown"),
  ...passedOver("a_private_ed25519_key_is_passed_over", token, privateJwk("ed25519", { kid: "ed" })),
  refuse("a_private_rsa_key_is_passed_over", rs256, [privateJwk("rsa", { kid: "rsa" })], "key_unknown"),
  refuse("a_private_p256_key_is_passed_over", es256, [privateJwk("p256", { kid: "p256" })], "key_unknown"),
  refuse("a_single_private_member_is_enough", rs256, [rsa({ dp: "AAAA" })], "key_unknown"),
  refuse("a_symmetric_key_is_passed_over", jwt({ alg: "HS256", kid: "s" }, claims(), "hs256"), [privateJwk("hs256", { kid: "s" })], "key_unknown"),
  refuse("an_empty_symmetric_key_is_passed_over", jwt({ alg: "HS256", kid: "s" }, claims(), Buffer.alloc(0), { keyNote: "empty" }), [{ kty: "oct", k: "", kid: "s" }], "key_unknown"),
  refuse("a_key_of_an_unknown_type_is_passed_over", odd, [{ kty: "AKP", kid: "odd" }], "key_unknown"),
  refuse("a_key_without_a_type_is_passed_over", odd, [{ crv: "Ed25519", x: ed.x, kid: "odd" }], "key_unknown"),
  refuse("a_key_whose_type_is_a_number_is_passed_over", odd, [{ ...okp(), kty: 1 }], "key_unknown"),
  pass("a_key_whose_kid_is_a_number_is_passed_over", usual({}, { kid: undefined }), [publicJwk("stranger_ed25519", { kid: 1 }), ed]),
  refuse("a_key_that_is_text_is_passed_over", odd, ["odd"], "key_unknown"),
  refuse("a_key_on_an_unknown_curve_is_passed_over", odd, [okp({ crv: "Ed448" })], "key_unknown"),
  refuse("a_key_for_key_agreement_is_passed_over", odd, [okp({ crv: "X25519" })], "key_unknown"),
  refuse("a_p256_key_that_calls_itself_secp256k1_is_passed_over", es256, [p256({ crv: "secp256k1" })], "key_unknown"),
  refuse("an_ed25519_key_of_small_order_is_passed_over", odd, [okp({ x: `AQ${"A".repeat(41)}` })], "key_unknown"),
  refuse("an_ed25519_key_of_31_bytes_is_passed_over", odd, [okp({ x: short(ed.x, 1) })], "key_unknown"),
  refuse("an_ed25519_key_of_33_bytes_is_passed_over", odd, [okp({ x: long(ed.x) })], "key_unknown"),
  refuse("an_ed25519_key_of_no_bytes_is_passed_over", odd, [okp({ x: "" })], "key_unknown"),
  refuse("an_ed25519_key_without_x_is_passed_over", odd, [{ kty: "OKP", crv: "Ed25519", kid: "odd" }], "key_unknown"),
  refuse("an_ed25519_key_with_padding_is_passed_over", odd, [okp({ x: `${ed.x}=` })], "key_unknown"),
  ...passedOver("a_p256_key_off_its_curve_is_passed_over", es256, p256({ y: p256().x })),
  ...passedOver("a_p384_key_off_its_curve_is_passed_over", es384, publicJwk("p384", { kid: "p384", x: publicJwk("p384").y })),
  ...passedOver("a_p521_key_off_its_curve_is_passed_over", es512, publicJwk("p521", { kid: "p521", y: publicJwk("p521").x })),
  refuse("a_p256_key_with_its_y_one_bit_off_is_passed_over", es256, [p256({ y: flipped(p256().y) })], "key_unknown"),
  refuse("a_p256_key_of_zeros_is_passed_over", es256, [p256({ x: "A".repeat(43), y: "A".repeat(43) })], "key_unknown"),
  answer("a_key_off_its_curve_leaves_its_kid_to_the_right_one", es256, { [url]: { keys: [p256({ y: p256().x }), p256()] } }, allowed(principal(), "GET /me")),
  refuse("a_p256_key_with_the_smallest_x_is_a_key", es256, [smallestPoint("P-256", { kid: "p256" })], "signature_invalid"),
  refuse("a_p256_key_with_the_smallest_x_and_the_prime_is_passed_over", es256, [plusPrime(smallestPoint("P-256", { kid: "p256" }), "x")], "key_unknown"),
  refuse("a_p384_key_with_the_smallest_x_is_a_key", es384, [smallestPoint("P-384", { kid: "p384" })], "signature_invalid"),
  refuse("a_p384_key_with_the_smallest_x_and_the_prime_is_passed_over", es384, [plusPrime(smallestPoint("P-384", { kid: "p384" }), "x")], "key_unknown"),
  refuse("a_p521_key_with_the_prime_added_to_x_is_passed_over", es512, [plusPrime(publicJwk("p521", { kid: "p521" }), "x")], "key_unknown"),
  refuse("a_p521_key_with_the_prime_added_to_y_is_passed_over", es512, [plusPrime(publicJwk("p521", { kid: "p521" }), "y")], "key_unknown"),
  refuse("a_p256_key_with_a_short_x_is_passed_over", es256, [p256({ x: short(p256().x, 1) })], "key_unknown"),
  refuse("a_p256_key_with_a_long_y_is_passed_over", es256, [p256({ y: long(p256().y) })], "key_unknown"),
  refuse("a_p256_key_without_y_is_passed_over", es256, [{ kty: "EC", crv: "P-256", kid: "p256", x: p256().x }], "key_unknown"),
  refuse("a_p384_key_that_calls_itself_p256_is_passed_over", es256, [publicJwk("p384", { kid: "p256", crv: "P-256" })], "key_unknown"),
  refuse("an_rsa_key_of_1024_bits_is_passed_over", rs256, [rsa({ n: bytes(128) })], "key_unknown"),
  refuse("an_rsa_key_of_2047_bits_is_passed_over", rs256, [rsa({ n: bytes(256, 0x7f) })], "key_unknown"),
  refuse("an_rsa_key_of_8193_bits_is_passed_over", rs256, [rsa({ n: bytes(1025, 0x01) })], "key_unknown"),
  refuse("an_rsa_key_of_no_bits_is_passed_over", rs256, [rsa({ n: "" })], "key_unknown"),
  refuse("an_rsa_key_without_n_is_passed_over", rs256, [{ kty: "RSA", kid: "rsa", e: "AQAB" }], "key_unknown"),
  refuse("an_rsa_key_without_e_is_passed_over", rs256, [{ kty: "RSA", kid: "rsa", n: rsa().n }], "key_unknown"),
  refuse("an_rsa_key_with_the_exponent_1_is_passed_over", rs256, [rsa({ e: "AQ" })], "key_unknown"),
  refuse("an_rsa_key_with_the_exponent_2_is_passed_over", rs256, [rsa({ e: "Ag" })], "key_unknown"),
  refuse("an_rsa_key_with_an_even_exponent_is_passed_over", rs256, [rsa({ e: "AQAA" })], "key_unknown"),
  refuse("an_rsa_key_with_a_huge_exponent_is_passed_over", rs256, [rsa({ e: "AQAAAAE" })], "key_unknown"),
  refuse("an_rsa_key_with_the_exponent_0_is_passed_over", rs256, [rsa({ e: "AA" })], "key_unknown"),
  refuse("a_key_for_an_algorithm_of_another_type_is_passed_over", rs256, [rsa({ alg: "ES256" })], "key_unknown"),
  refuse("a_key_for_an_algorithm_of_another_curve_is_passed_over", es256, [p256({ alg: "ES384" })], "key_unknown"),
  refuse("a_key_for_hs256_is_passed_over", rs256, [rsa({ alg: "HS256" })], "key_unknown"),
  refuse("a_key_for_none_is_passed_over", rs256, [rsa({ alg: "none" })], "key_unknown"),
  refuse("a_key_for_encryption_by_its_algorithm_is_passed_over", rs256, [rsa({ alg: "RSA-OAEP" })], "key_unknown"),
  refuse("a_key_whose_algorithm_is_a_number_is_passed_over", rs256, [rsa({ alg: 1 })], "key_unknown"),
  {
    name: "a_signed_in_user_is_denied_what_is_not_declared",
    config: "fetched",
    ...withToken(token, "/nowhere"),
    keys: { [url]: { keys: [ed] } },
    expect: permissionDenied("route_undeclared"),
  },
];
