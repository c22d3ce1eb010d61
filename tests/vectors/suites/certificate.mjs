// Certificate-bound tokens (RFC 8705 §3) with the certificate in a header that the TLS terminator sets.

import { createHash } from "node:crypto";
import { allowed, guest, invalidToken, principal, unauthenticated } from "../forge/expect.mjs";
import {
  base64,
  bound,
  byteSequence,
  escapedPem,
  hex,
  other,
  partlyEscapedPem,
  pem,
  rfc8705,
  rfc8705Thumbprint,
  rfc9440,
  rfc9440Header,
  rsa,
  thumbprint,
} from "../forge/certificate.mjs";
import { bound as boundToKey, bearerTokenRefused, dpop, dpopTokenRefused, noted, presenting, proof, proofRefused, thumbprint as keyThumbprint } from "../forge/proof.mjs";
import { bearer, request } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { audience, issuer, now, usual } from "../forge/token.mjs";

export const about = "Tokens that are bound to a certificate: the forms of the header, and what does not fit.";

const policy = {
  policy: "certificate",
  revision: 1,
  routes: [
    { route: "GET /me", allow: "authenticated" },
    { route: "GET /public", allow: "everyone" },
  ],
};

const entry = { issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] } };
const keyText = "an-api-key-of-more-than-32-characters-1";
const apiKeys = [{ id: "ci", hash: `sha256:${createHash("sha256").update(keyText).digest("base64url")}` }];
const site = (format, { header = "client-cert", trust = {}, issuers = [entry], credentials = {} } = {}) => ({
  full: true,
  policy,
  trust: { issuers, credentials: { clientCertificate: { header, format }, ...credentials }, ...trust },
});
const wanting = (binding) => [{ ...entry, binding }];

export const configs = {
  rfc9440: site("rfc9440"),
  pem: site("pem", { header: "X-SSL-Client-Cert" }),
  base64: site("base64", { header: "x-forwarded-tls-client-cert" }),
  sha256: site("sha256", { header: "x-client-cert-hash" }),
  cookie: site("sha256", { header: "x-client-cert-hash", credentials: { cookie: "__Host-session" } }),
  keys: site("sha256", { header: "x-client-cert-hash", trust: { apiKeys } }),
  dpop: site("sha256", { header: "x-client-cert-hash", trust: { dpop: {} } }),
  no_certificate: { full: true, policy, trust: { issuers: [entry], dpop: {} } },
  certificate: site("sha256", { header: "x-client-cert-hash", issuers: wanting("certificate"), trust: { dpop: {} } }),
  any: site("sha256", { header: "x-client-cert-hash", issuers: wanting("any"), trust: { dpop: {} } }),
  bound_by_dpop: site("sha256", { header: "x-client-cert-hash", issuers: wanting("dpop"), trust: { dpop: {} } }),
  plain: { policy, trust: { issuers: [entry] } },
};

const headers = { rfc9440: "client-cert", pem: "x-ssl-client-cert", base64: "x-forwarded-tls-client-cert" };
const token = bound(rfc8705);
const user = principal();
const signedIn = () => allowed(user, "GET /me");

/** A request with a token, and the header that the config names with that value; none where it is undefined. */
const call = (name, config, given, value, expect, { path = "/me", more = [] } = {}) => ({
  name,
  config,
  token: given.note,
  request: request("GET", path, [bearer(given), ...(value === undefined ? [] : [[headers[config] ?? "x-client-cert-hash", value]]), ...more]),
  expect,
});
const pass = (name, config, value, given = token, options = {}) => call(name, config, given, value, signedIn(), options);
const refuse = (name, config, value, reason, given = token, options = {}) => call(name, config, given, value, invalidToken(reason), options);
const malformed = (name, config, value, given) => refuse(name, config, value, "certificate_malformed", given);

const fingerprint = hex(rfc8705);
const unpadded = (text) => text.replaceAll("=", "");
const urlSafe = (text) => text.replaceAll("+", "-").replaceAll("/", "_");

const p256 = publicJwk("p256");
const both = usual({ cnf: { jkt: keyThumbprint(p256), "x5t#S256": thumbprint(rfc8705) } });
const byKey = boundToKey(p256);

/** By the scheme DPoP, with a proof by p256 (or `made`) and the certificate's hash. */
const proven = (name, config, given, value, expect, made = proof(given, "p256", "ES256")) => ({
  name,
  config,
  token: noted(given, made),
  request: request("GET", "/me", [...presenting(given, made), ...(value === undefined ? [] : [["x-client-cert-hash", value]])]),
  expect,
});

const cnf = (name, value, reason, config) => call(name, config, usual({ cnf: value }), config === "plain" ? undefined : fingerprint, invalidToken(reason));

export const cases = [
  // rfc9440
  pass("a_byte_sequence_is_taken", "rfc9440", byteSequence(rfc8705)),
  pass("a_byte_sequence_without_padding_in_its_nature_is_taken", "rfc9440", byteSequence(rsa), bound(rsa)),
  pass("the_header_of_rfc_9440_is_taken", "rfc9440", rfc9440Header, bound(rfc9440)),
  pass("white_space_around_a_byte_sequence_is_no_part_of_it", "rfc9440", ` ${byteSequence(rfc8705)}\t`),
  malformed("an_empty_byte_sequence_header_is_malformed", "rfc9440", ""),
  malformed("a_byte_sequence_without_colons_is_malformed", "rfc9440", base64(rfc8705)),
  malformed("a_byte_sequence_without_its_first_colon_is_malformed", "rfc9440", `${base64(rfc8705)}:`),
  malformed("a_byte_sequence_without_its_last_colon_is_malformed", "rfc9440", `:${base64(rfc8705)}`),
  malformed("one_colon_is_malformed", "rfc9440", ":"),
  malformed("a_byte_sequence_in_base64url_is_malformed", "rfc9440", `:${urlSafe(base64(other))}:`, bound(other)),
  malformed("a_byte_sequence_with_a_parameter_is_malformed", "rfc9440", `${byteSequence(rfc8705)};a=1`),
  malformed("two_byte_sequences_are_malformed", "rfc9440", `${byteSequence(rfc8705)}, ${byteSequence(rfc8705)}`),
  malformed("a_byte_sequence_with_a_space_inside_is_malformed", "rfc9440", `: ${base64(rfc8705)}:`),
  malformed("a_byte_sequence_with_text_behind_its_padding_is_malformed", "rfc9440", `:${base64(rfc8705)}AAAA:`),
  malformed("a_quoted_string_is_no_byte_sequence", "rfc9440", `"${base64(rfc8705)}"`),
  malformed("a_pem_block_is_no_byte_sequence", "rfc9440", escapedPem(rfc8705)),
  malformed("a_hash_is_no_byte_sequence", "rfc9440", fingerprint),
  refuse("a_byte_sequence_of_another_certificate_is_refused", "rfc9440", byteSequence(other), "certificate_mismatch"),
  refuse("the_certificate_of_rfc_9440_is_not_that_of_rfc_8705", "rfc9440", rfc9440Header, "certificate_mismatch"),
  {
    ...malformed("two_certificate_fields_are_malformed", "rfc9440", byteSequence(rfc8705)),
    request: request("GET", "/me", [bearer(token), ["client-cert", byteSequence(rfc8705)], ["client-cert", byteSequence(rfc8705)]]),
  },
  {
    ...malformed("a_second_certificate_field_from_outside_is_malformed", "rfc9440", byteSequence(rfc8705)),
    request: request("GET", "/me", [bearer(token), ["client-cert", byteSequence(other)], ["client-cert", byteSequence(rfc8705)]]),
  },
  {
    ...pass("the_certificate_s_header_is_read_in_any_case", "rfc9440", byteSequence(rfc8705)),
    request: request("GET", "/me", [bearer(token), ["Client-Cert", byteSequence(rfc8705)]]),
  },

  // pem
  pass("an_escaped_block_is_taken", "pem", escapedPem(rfc8705)),
  pass("an_escaped_block_in_lower_case_is_taken", "pem", escapedPem(rfc8705).replace(/%../g, (escape) => escape.toLowerCase())),
  pass("an_escaped_block_with_carriage_returns_is_taken", "pem", encodeURIComponent(pem(rfc8705, "\r\n"))),
  pass("an_escaped_block_with_plus_signs_of_its_own_is_taken", "pem", partlyEscapedPem(rfc8705)),
  pass("an_escaped_block_without_its_last_line_break_is_taken", "pem", encodeURIComponent(pem(rfc8705).trimEnd())),
  pass("a_block_with_spaces_for_line_breaks_is_taken", "pem", pem(rfc8705, " ").trimEnd()),
  pass("a_block_with_tabs_for_line_breaks_is_taken", "pem", pem(rfc8705, "\t").trimEnd()),
  pass("a_block_without_line_breaks_is_taken", "pem", pem(rfc8705, "")),
  pass("an_escaped_block_of_a_longer_certificate_is_taken", "pem", escapedPem(rsa), bound(rsa)),
  pass("an_escaped_block_of_a_certificate_with_plus_signs_is_taken", "pem", escapedPem(other), bound(other)),
  malformed("an_empty_pem_header_is_malformed", "pem", ""),
  malformed("a_block_without_its_end_is_malformed", "pem", pem(rfc8705, " ").replace("-----END CERTIFICATE----- ", "")),
  malformed("a_block_without_its_beginning_is_malformed", "pem", pem(rfc8705, " ").replace("-----BEGIN CERTIFICATE----- ", "").trimEnd()),
  malformed("a_block_with_another_label_is_malformed", "pem", pem(rfc8705, " ", "PUBLIC KEY").trimEnd()),
  malformed("a_block_with_an_old_label_is_malformed", "pem", pem(rfc8705, " ", "X509 CERTIFICATE").trimEnd()),
  malformed("a_block_with_a_label_in_lower_case_is_malformed", "pem", pem(rfc8705, " ", "certificate").trimEnd()),
  malformed("two_blocks_are_malformed", "pem", `${pem(rfc8705, " ")}${pem(other, " ")}`.trimEnd()),
  malformed("two_escaped_blocks_are_malformed", "pem", encodeURIComponent(pem(rfc8705) + pem(other))),
  malformed("text_before_a_block_is_malformed", "pem", `subject=CN = mtls ${pem(rfc8705, " ")}`.trimEnd()),
  malformed("text_behind_a_block_is_malformed", "pem", `${pem(rfc8705, " ")}x`),
  malformed("an_empty_block_is_malformed", "pem", "-----BEGIN CERTIFICATE----- -----END CERTIFICATE-----"),
  malformed("a_block_with_a_malformed_escape_is_malformed", "pem", escapedPem(rfc8705).replace("%0A", "%0")),
  malformed("a_block_that_was_escaped_twice_is_malformed", "pem", encodeURIComponent(escapedPem(rfc8705))),
  malformed("a_block_in_base64url_is_malformed", "pem", urlSafe(pem(other, " ").slice("-----BEGIN CERTIFICATE-----".length, -"-----END CERTIFICATE----- ".length)).replace(/^/, "-----BEGIN CERTIFICATE-----").concat("-----END CERTIFICATE-----"), bound(other)),
  malformed("base64_alone_is_no_block", "pem", base64(rfc8705)),
  malformed("a_byte_sequence_is_no_block", "pem", byteSequence(rfc8705)),
  refuse("a_block_of_another_certificate_is_refused", "pem", escapedPem(other), "certificate_mismatch"),

  // base64
  pass("base64_is_taken", "base64", base64(rfc8705)),
  pass("base64_of_a_longer_certificate_is_taken", "base64", base64(rsa), bound(rsa)),
  malformed("an_empty_base64_header_is_malformed", "base64", ""),
  malformed("base64_without_its_padding_is_malformed", "base64", unpadded(base64(rfc8705))),
  malformed("base64_with_too_much_padding_is_malformed", "base64", `${base64(rfc8705)}=`),
  malformed("base64_with_padding_where_none_belongs_is_malformed", "base64", `${base64(rsa)}====`, bound(rsa)),
  malformed("base64url_is_malformed", "base64", urlSafe(base64(other)), bound(other)),
  malformed("base64_with_a_comma_is_malformed", "base64", `${base64(rfc8705)},${base64(other)}`),
  malformed("base64_that_is_escaped_is_malformed", "base64", encodeURIComponent(base64(rfc8705))),
  malformed("base64_whose_last_bits_are_not_zero_is_malformed", "base64", base64(rfc8705).replace("SY=", "SZ=")),
  malformed("a_byte_sequence_is_no_base64", "base64", byteSequence(rfc8705)),
  malformed("a_pem_block_is_no_base64", "base64", pem(rfc8705, "")),
  refuse("base64_of_another_certificate_is_refused", "base64", base64(other), "certificate_mismatch"),

  // sha256
  pass("a_hash_in_lower_case_is_taken", "sha256", fingerprint),
  pass("a_hash_in_upper_case_is_taken", "sha256", fingerprint.toUpperCase()),
  pass("a_hash_with_colons_is_taken", "sha256", hex(rfc8705, ":")),
  pass("a_hash_with_colons_in_upper_case_is_taken", "sha256", hex(rfc8705, ":").toUpperCase()),
  malformed("an_empty_hash_header_is_malformed", "sha256", ""),
  malformed("a_hash_that_is_too_short_is_malformed", "sha256", fingerprint.slice(2)),
  malformed("a_hash_with_a_digit_less_is_malformed", "sha256", fingerprint.slice(1)),
  malformed("a_hash_that_is_too_long_is_malformed", "sha256", `${fingerprint}00`),
  malformed("a_hash_with_another_letter_is_malformed", "sha256", `g${fingerprint.slice(1)}`),
  malformed("a_hash_with_spaces_is_malformed", "sha256", hex(rfc8705, " ")),
  malformed("a_hash_with_a_colon_at_its_end_is_malformed", "sha256", `${hex(rfc8705, ":")}:`),
  malformed("a_hash_with_a_colon_inside_a_byte_is_malformed", "sha256", `${fingerprint[0]}:${fingerprint.slice(1)}`),
  malformed("a_hash_with_a_name_in_front_is_malformed", "sha256", `SHA256:${fingerprint}`),
  malformed("a_hash_in_base64url_is_malformed", "sha256", thumbprint(rfc8705)),
  malformed("two_hashes_are_malformed", "sha256", `${fingerprint},${fingerprint}`),
  malformed("the_sha_1_of_the_certificate_is_malformed", "sha256", createHash("sha1").update(rfc8705).digest("hex")),
  refuse("the_hash_of_another_certificate_is_refused", "sha256", hex(other), "certificate_mismatch"),
  refuse("the_hash_of_the_base64_is_another", "sha256", createHash("sha256").update(base64(rfc8705)).digest("hex"), "certificate_mismatch"),

  // RFC 8705 appendix A
  call("the_thumbprint_of_rfc_8705_is_that_of_its_certificate", "sha256", usual({ cnf: { "x5t#S256": rfc8705Thumbprint } }), fingerprint, signedIn()),
  call("the_thumbprint_of_rfc_8705_is_that_of_its_block", "pem", usual({ cnf: { "x5t#S256": rfc8705Thumbprint } }), escapedPem(rfc8705), signedIn()),
  call("the_thumbprint_of_rfc_8705_with_padding_is_another", "sha256", usual({ cnf: { "x5t#S256": `${rfc8705Thumbprint}=` } }), fingerprint, invalidToken("certificate_mismatch")),
  call("the_thumbprint_of_rfc_8705_in_another_case_is_another", "sha256", usual({ cnf: { "x5t#S256": rfc8705Thumbprint.toLowerCase() } }), fingerprint, invalidToken("certificate_mismatch")),
  call("the_thumbprint_in_hexadecimal_is_another", "sha256", usual({ cnf: { "x5t#S256": fingerprint } }), fingerprint, invalidToken("certificate_mismatch")),
  call("an_empty_thumbprint_is_another", "sha256", usual({ cnf: { "x5t#S256": "" } }), fingerprint, invalidToken("certificate_mismatch")),

  // Missing
  refuse("a_bound_token_without_a_certificate_is_refused", "rfc9440", undefined, "certificate_missing"),
  refuse("a_bound_token_without_a_block_is_refused", "pem", undefined, "certificate_missing"),
  refuse("a_bound_token_without_base64_is_refused", "base64", undefined, "certificate_missing"),
  refuse("a_bound_token_without_a_hash_is_refused", "sha256", undefined, "certificate_missing"),
  refuse("a_bound_token_is_refused_where_everyone_is_allowed", "sha256", undefined, "certificate_missing", token, { path: "/public" }),
  refuse("another_certificate_is_refused_where_everyone_is_allowed", "sha256", hex(other), "certificate_mismatch", token, { path: "/public" }),
  refuse("a_certificate_in_another_header_is_none", "sha256", undefined, "certificate_missing", token, { more: [["client-cert", byteSequence(rfc8705)]] }),
  call("where_no_header_is_configured_a_bound_token_is_refused", "no_certificate", token, undefined, bearerTokenRefused("certificate_missing")),
  call("where_no_header_is_configured_none_is_read", "no_certificate", token, undefined, bearerTokenRefused("certificate_missing"), { more: [["client-cert", byteSequence(rfc8705)]] }),

  // Nothing is bound
  pass("a_certificate_beside_an_unbound_token_is_not_compared", "sha256", fingerprint, usual()),
  pass("a_malformed_certificate_beside_an_unbound_token_is_not_read", "sha256", "garbage", usual()),
  pass("an_unbound_token_wants_no_certificate", "sha256", undefined, usual()),
  {
    name: "a_certificate_alone_is_no_credential",
    config: "sha256",
    request: request("GET", "/me", [["x-client-cert-hash", fingerprint]]),
    expect: unauthenticated("authentication_missing"),
  },
  {
    name: "a_certificate_alone_does_no_harm_where_everyone_is_allowed",
    config: "sha256",
    request: request("GET", "/public", [["x-client-cert-hash", "garbage"]]),
    expect: allowed(guest(), "GET /public"),
  },
  {
    name: "a_certificate_beside_an_api_key_is_not_read",
    config: "keys",
    request: request("GET", "/me", [
      ["x-api-key", keyText],
      ["x-client-cert-hash", "garbage"],
    ]),
    expect: allowed(principal({ kind: "service", id: "ci", issuer: null }), "GET /me"),
  },
  {
    name: "a_bound_token_in_a_cookie_is_taken_with_its_certificate",
    config: "cookie",
    token: token.note,
    request: request("GET", "/me", [
      ["cookie", `__Host-session=${token.text}`],
      ["x-client-cert-hash", fingerprint],
    ]),
    expect: signedIn(),
  },
  {
    name: "a_bound_token_in_a_cookie_is_refused_without_it",
    config: "cookie",
    token: token.note,
    request: request("GET", "/me", [["cookie", `__Host-session=${token.text}`]]),
    expect: invalidToken("certificate_missing"),
  },

  // The token comes first
  refuse("an_expired_token_without_a_certificate_has_expired", "sha256", undefined, "expired", bound(rfc8705, { iat: now - 900, exp: now - 60 })),
  refuse("an_expired_token_with_another_certificate_has_expired", "sha256", hex(other), "expired", bound(rfc8705, { iat: now - 900, exp: now - 60 })),

  // cnf
  cnf("a_certificate_thumbprint_that_is_a_number_is_of_the_wrong_type", { "x5t#S256": 5 }, "claim_type", "sha256"),
  cnf("a_certificate_thumbprint_that_is_null_is_of_the_wrong_type", { "x5t#S256": null }, "claim_type", "sha256"),
  cnf("a_certificate_thumbprint_in_a_list_is_of_the_wrong_type", { "x5t#S256": [rfc8705Thumbprint] }, "claim_type", "sha256"),
  cnf("the_old_thumbprint_by_sha_1_is_not_supported", { x5t: createHash("sha1").update(rfc8705).digest("base64url") }, "binding_unsupported", "sha256"),
  cnf("a_name_in_another_case_is_not_supported", { "X5T#S256": rfc8705Thumbprint }, "binding_unsupported", "sha256"),
  cnf("a_cnf_that_is_text_is_of_the_wrong_type", rfc8705Thumbprint, "claim_type", "sha256"),
  cnf("a_cnf_that_is_a_list_is_of_the_wrong_type", [{ "x5t#S256": rfc8705Thumbprint }], "claim_type", "sha256"),
  call("a_member_of_cnf_that_nobody_knows_is_not_read", "sha256", usual({ cnf: { "x5t#S256": rfc8705Thumbprint, kid: "k" } }), fingerprint, signedIn()),
  cnf("with_nothing_configured_an_empty_cnf_is_not_supported", {}, "binding_unsupported", "plain"),
  cnf("with_nothing_configured_an_unknown_cnf_is_not_supported", { kid: "k" }, "binding_unsupported", "plain"),
  cnf("with_nothing_configured_a_key_in_cnf_is_not_supported", { jwk: p256 }, "binding_unsupported", "plain"),
  cnf("with_nothing_configured_a_cnf_that_is_a_number_is_of_the_wrong_type", 5, "claim_type", "plain"),
  cnf("with_nothing_configured_a_cnf_that_is_null_is_of_the_wrong_type", null, "claim_type", "plain"),
  cnf("with_nothing_configured_a_cnf_that_is_text_is_of_the_wrong_type", "jkt", "claim_type", "plain"),
  cnf("with_nothing_configured_a_cnf_that_is_a_list_is_of_the_wrong_type", [], "claim_type", "plain"),

  // Both bindings
  proven("a_token_with_both_bindings_wants_both", "dpop", both, fingerprint, signedIn()),
  proven("a_token_with_both_bindings_is_refused_without_the_certificate", "dpop", both, undefined, dpopTokenRefused("certificate_missing")),
  proven("a_token_with_both_bindings_is_refused_with_another_certificate", "dpop", both, hex(other), dpopTokenRefused("certificate_mismatch")),
  proven("a_token_with_both_bindings_is_refused_with_a_malformed_certificate", "dpop", both, "garbage", dpopTokenRefused("certificate_malformed")),
  proven("a_token_with_both_bindings_is_refused_with_another_s_proof", "dpop", both, fingerprint, proofRefused("proof_key_mismatch"), proof(both, "stranger_p256", "ES256")),
  proven("the_certificate_is_looked_at_before_the_proof", "dpop", both, hex(other), dpopTokenRefused("certificate_mismatch"), proof(both, "stranger_p256", "ES256")),
  {
    ...proven("a_token_with_both_bindings_is_refused_without_a_proof", "dpop", both, fingerprint, proofRefused("proof_missing")),
    request: request("GET", "/me", [
      ["authorization", `DPoP ${both.text}`],
      ["x-client-cert-hash", fingerprint],
    ]),
  },
  call("a_token_with_both_bindings_as_bearer_is_refused", "dpop", both, fingerprint, bearerTokenRefused("token_bound")),
  call("the_scheme_is_looked_at_before_the_certificate", "dpop", both, hex(other), bearerTokenRefused("token_bound")),
  proven("a_token_that_is_bound_to_a_certificate_alone_is_refused_by_dpop", "dpop", token, fingerprint, dpopTokenRefused("binding_missing")),
  call("a_token_that_is_bound_to_a_certificate_alone_is_taken_as_bearer", "dpop", token, fingerprint, signedIn()),
  call("a_bound_bearer_token_with_another_certificate_is_told_both_schemes", "dpop", token, hex(other), bearerTokenRefused("certificate_mismatch")),
  proven("a_certificate_beside_a_token_bound_to_a_key_is_not_read", "dpop", byKey, "garbage", signedIn()),

  // What an issuer's tokens must be
  call("an_issuer_that_wants_certificates_takes_a_bound_token", "certificate", token, fingerprint, signedIn()),
  call("an_issuer_that_wants_certificates_refuses_an_unbound_token", "certificate", usual(), fingerprint, bearerTokenRefused("binding_missing")),
  call("an_issuer_that_wants_certificates_refuses_an_unbound_token_first", "certificate", usual(), undefined, bearerTokenRefused("binding_missing")),
  call("an_issuer_that_wants_certificates_refuses_another_certificate", "certificate", token, hex(other), bearerTokenRefused("certificate_mismatch")),
  proven("an_issuer_that_wants_certificates_refuses_a_token_bound_to_a_key_alone", "certificate", byKey, fingerprint, dpopTokenRefused("binding_missing")),
  proven("an_issuer_that_wants_certificates_takes_a_token_with_both", "certificate", both, fingerprint, signedIn()),
  call("an_issuer_that_wants_any_binding_takes_a_certificate", "any", token, fingerprint, signedIn()),
  proven("an_issuer_that_wants_any_binding_takes_a_proof", "any", byKey, undefined, signedIn()),
  proven("an_issuer_that_wants_any_binding_takes_both", "any", both, fingerprint, signedIn()),
  call("an_issuer_that_wants_any_binding_refuses_none", "any", usual(), fingerprint, bearerTokenRefused("binding_missing")),
  call("an_issuer_that_wants_any_binding_refuses_a_bound_token_without_its_certificate", "any", token, undefined, bearerTokenRefused("certificate_missing")),
  call("an_issuer_that_wants_dpop_refuses_a_token_bound_to_a_certificate_alone", "bound_by_dpop", token, fingerprint, invalidToken("binding_missing", dpop(', error="invalid_token", error_description="Invalid or expired token"'))),
  proven("an_issuer_that_wants_dpop_takes_a_token_with_both", "bound_by_dpop", both, fingerprint, signedIn()),

  // A token that was seen before is looked at again
  {
    name: "a_bound_token_is_compared_each_time",
    config: "sha256",
    steps: [
      { now, token: token.note, request: request("GET", "/me", [bearer(token), ["x-client-cert-hash", fingerprint]]), expect: signedIn(), asked: [] },
      { now, token: token.note, request: request("GET", "/me", [bearer(token), ["x-client-cert-hash", hex(other)]]), expect: invalidToken("certificate_mismatch"), asked: [] },
      { now, token: token.note, request: request("GET", "/me", [bearer(token)]), expect: invalidToken("certificate_missing"), asked: [] },
      { now, token: token.note, request: request("GET", "/me", [bearer(token), ["x-client-cert-hash", "garbage"]]), expect: invalidToken("certificate_malformed"), asked: [] },
      { now, token: token.note, request: request("GET", "/me", [bearer(token), ["x-client-cert-hash", hex(rfc8705, ":")]]), expect: signedIn(), asked: [] },
    ],
  },
];
