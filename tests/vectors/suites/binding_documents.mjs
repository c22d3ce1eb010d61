// Trust documents with what only the whole core knows: dpop, binding, introspection, client
// certificates. Where and why they do not load, and the neighbours that do. Last, what would stand in a
// challenge and may not.

import { escapedPem, rfc8705 } from "../forge/certificate.mjs";
import { introspection, server } from "../forge/introspection.mjs";
import { publicJwk, secret } from "../forge/sign.mjs";
import { audience, issuer } from "../forge/token.mjs";

export const about = "Trust documents with proof of possession and introspection that do not load, and what may not stand in a challenge: the path, the code.";

const policy = { policy: "binding_documents", revision: 1 };
const entry = { issuer, audience, jwks: { keys: [publicJwk("ed25519", { kid: "ed" })] } };
const opaque = { issuer: server, audience, introspection };
const without = (document, member) => Object.fromEntries(Object.entries(document).filter(([name]) => name !== member));

const fails = (name, trust, path, code) => ({ name, full: true, policy, trust, error: { document: "trust", path, code } });
const loads = (name, trust) => ({ name, full: true, policy, trust, error: null });
/** Without a member of the whole core: the same in every build. */
const everywhere = (name, trust, path, code) => ({ name, policy, trust, error: { document: "trust", path, code } });

/** A policy whose role or route would put that into a challenge. */
const acr = (name, value) => ({
  name,
  policy: { ...policy, roles: { admin: { elevated: { acr: ["mfa", value] } } } },
  error: { document: "policy", path: "roles.admin.elevated.acr[1]", code: "bad_value" },
});
const scope = (name, value) => ({
  name,
  policy: { ...policy, routes: [{ route: "GET /", scope: value }] },
  error: { document: "policy", path: "routes[0].scope", code: "bad_value" },
});

const dpop = (name, members, path, code) => fails(name, { issuers: [entry], dpop: members }, path === "" ? "dpop" : `dpop.${path}`, code);
const dpopLoads = (name, members) => loads(name, { issuers: [entry], dpop: members });
const nonce = (name, members, path, code) => dpop(name, { nonce: members }, path === "" ? "nonce" : `nonce.${path}`, code);
const nonceLoads = (name, members) => dpopLoads(name, { nonce: { secret: secret("hs256"), ...members } });
const external = (name, value, code) => dpop(name, { externalUrl: value }, "externalUrl", code);
const externalLoads = (name, value) => dpopLoads(name, { externalUrl: value });
const binding = (name, value, code) => fails(name, { issuers: [{ ...entry, binding: value }] }, "issuers[0].binding", code);
const asking = (name, members, path, code) =>
  fails(name, { issuers: [{ ...opaque, introspection: { ...introspection, ...members } }] }, `issuers[0].introspection.${path}`, code);
const askingLoads = (name, members) => loads(name, { issuers: [{ ...opaque, introspection: { ...introspection, ...members } }] });
const lacking = (name, member) => fails(name, { issuers: [{ ...opaque, introspection: without(introspection, member) }] }, `issuers[0].introspection.${member}`, "missing_member");
const beside = (name, members, path = "issuers[0]", code = "several_keys") => fails(name, { issuers: [{ ...opaque, ...members }] }, path, code);
const terminator = { header: "client-cert", format: "rfc9440" };
const certificate = (name, members, path, code, credentials = {}) =>
  fails(name, { issuers: [entry], credentials: { clientCertificate: { ...terminator, ...members }, ...credentials } }, `credentials.clientCertificate.${path}`, code);
const certificateLoads = (name, members, credentials = {}) => loads(name, { issuers: [entry], credentials: { clientCertificate: { ...terminator, ...members }, ...credentials } });
const certificateIs = (name, value, path, code) => fails(name, { issuers: [entry], credentials: { clientCertificate: value } }, `credentials.clientCertificate${path}`, code);

export const documents = [
  // dpop
  dpopLoads("dpop_with_nothing_in_it_loads", {}),
  dpopLoads("dpop_with_all_in_it_loads", { algorithms: ["ES256", "EdDSA"], window: 120, nonce: { secret: secret("hs256"), lifetime: 600 }, replay: true, externalUrl: "https://api.example/v1" }),
  dpop("dpop_that_is_true_does_not_load", true, "", "wrong_type"),
  dpop("dpop_that_is_null_does_not_load", null, "", "wrong_type"),
  dpop("dpop_that_is_a_list_does_not_load", [], "", "wrong_type"),
  dpop("an_unknown_member_of_dpop_does_not_load", { jti: true }, "jti", "unknown_member"),
  dpop("a_member_of_dpop_in_another_case_does_not_load", { externalURL: "https://api.example" }, "externalURL", "unknown_member"),

  dpopLoads("every_asymmetric_algorithm_loads", { algorithms: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"] }),
  dpop("an_empty_list_of_algorithms_does_not_load", { algorithms: [] }, "algorithms", "bad_value"),
  dpop("algorithms_that_are_text_do_not_load", { algorithms: "ES256" }, "algorithms", "wrong_type"),
  dpop("an_algorithm_that_is_a_number_does_not_load", { algorithms: ["ES256", 256] }, "algorithms[1]", "wrong_type"),
  dpop("hs256_for_proofs_does_not_load", { algorithms: ["HS256"] }, "algorithms[0]", "bad_value"),
  dpop("hs512_among_others_does_not_load", { algorithms: ["ES256", "EdDSA", "HS512"] }, "algorithms[2]", "bad_value"),
  dpop("the_algorithm_none_for_proofs_does_not_load", { algorithms: ["none"] }, "algorithms[0]", "bad_value"),
  dpop("an_unknown_algorithm_for_proofs_does_not_load", { algorithms: ["ES256K"] }, "algorithms[0]", "bad_value"),
  dpop("an_algorithm_for_proofs_in_lower_case_does_not_load", { algorithms: ["es256"] }, "algorithms[0]", "bad_value"),

  dpopLoads("a_window_of_1_s_loads", { window: 1 }),
  dpopLoads("a_window_of_600_s_loads", { window: 600 }),
  dpop("a_window_of_0_does_not_load", { window: 0 }, "window", "bad_value"),
  dpop("a_window_beyond_600_s_does_not_load", { window: 601 }, "window", "bad_value"),
  dpop("a_negative_window_does_not_load", { window: -60 }, "window", "bad_value"),
  dpop("a_window_with_a_fraction_does_not_load", { window: 1.5 }, "window", "bad_value"),
  dpop("a_window_that_is_text_does_not_load", { window: "60" }, "window", "wrong_type"),

  nonceLoads("a_nonce_with_a_secret_alone_loads", {}),
  nonceLoads("a_nonce_with_a_secret_of_32_bytes_of_text_loads", { secret: "s".repeat(32) }),
  nonceLoads("a_nonce_s_secret_is_measured_in_bytes", { secret: "é".repeat(16) }),
  nonceLoads("a_nonce_s_lifetime_of_30_s_loads", { lifetime: 30 }),
  nonceLoads("a_nonce_s_lifetime_of_a_day_loads", { lifetime: 86400 }),
  nonce("a_nonce_that_is_true_does_not_load", true, "", "wrong_type"),
  nonce("a_nonce_that_is_its_secret_does_not_load", "s".repeat(32), "", "wrong_type"),
  nonce("a_nonce_without_secret_does_not_load", {}, "secret", "missing_member"),
  nonce("a_nonce_with_a_lifetime_alone_does_not_load", { lifetime: 300 }, "secret", "missing_member"),
  nonce("an_unknown_member_of_nonce_does_not_load", { secret: secret("hs256"), window: 1 }, "window", "unknown_member"),
  nonce("a_nonce_s_secret_of_31_bytes_is_weak", { secret: "s".repeat(31) }, "secret", "weak_key"),
  nonce("a_nonce_s_empty_secret_is_weak", { secret: "" }, "secret", "weak_key"),
  nonce("a_nonce_s_secret_of_31_bytes_in_base64url_is_weak", { secret: { base64url: Buffer.alloc(31, 7).toString("base64url") } }, "secret", "weak_key"),
  nonce("a_nonce_s_secret_with_padding_does_not_load", { secret: { base64url: `${Buffer.alloc(32, 7).toString("base64url")}=` } }, "secret.base64url", "bad_value"),
  nonce("a_nonce_s_secret_without_its_base64url_does_not_load", { secret: {} }, "secret.base64url", "missing_member"),
  nonce("a_nonce_s_secret_that_is_a_number_does_not_load", { secret: 5 }, "secret", "wrong_type"),
  nonce("a_nonce_s_lifetime_of_29_s_does_not_load", { secret: secret("hs256"), lifetime: 29 }, "lifetime", "bad_value"),
  nonce("a_nonce_s_lifetime_beyond_a_day_does_not_load", { secret: secret("hs256"), lifetime: 86401 }, "lifetime", "bad_value"),
  nonce("a_nonce_s_lifetime_with_a_fraction_does_not_load", { secret: secret("hs256"), lifetime: 300.5 }, "lifetime", "bad_value"),
  nonce("a_nonce_s_lifetime_that_is_text_does_not_load", { secret: secret("hs256"), lifetime: "300" }, "lifetime", "wrong_type"),

  dpopLoads("replay_that_is_on_loads", { replay: true }),
  dpopLoads("replay_that_is_off_loads", { replay: false }),
  dpop("replay_that_is_text_does_not_load", { replay: "off" }, "replay", "wrong_type"),
  dpop("replay_that_is_null_does_not_load", { replay: null }, "replay", "wrong_type"),

  externalLoads("an_external_url_loads", "https://api.example"),
  externalLoads("an_external_url_with_a_slash_loads", "https://api.example/"),
  externalLoads("an_external_url_with_a_path_loads", "https://api.example/v1"),
  externalLoads("an_external_url_with_a_path_and_a_slash_loads", "https://api.example/v1/"),
  externalLoads("an_external_url_with_a_port_loads", "https://api.example:8443"),
  externalLoads("an_external_url_on_localhost_loads", "http://localhost:8787"),
  externalLoads("an_external_url_on_127_0_0_1_loads", "http://127.0.0.1:8787/v1"),
  externalLoads("an_external_url_on_the_ipv6_loopback_loads", "http://[::1]:8787"),
  external("an_external_url_with_http_does_not_load", "http://api.example", "insecure_uri"),
  external("an_external_url_that_begins_like_localhost_does_not_load", "http://localhost.evil.example", "insecure_uri"),
  external("an_external_url_with_another_scheme_does_not_load", "ftp://api.example", "insecure_uri"),
  external("an_external_url_with_a_query_does_not_load", "https://api.example/?a=b", "bad_value"),
  external("an_external_url_with_an_empty_query_does_not_load", "https://api.example/?", "bad_value"),
  external("an_external_url_with_a_fragment_does_not_load", "https://api.example/#top", "bad_value"),
  external("an_external_url_that_is_a_number_does_not_load", 5, "wrong_type"),
  external("an_external_url_that_is_a_list_does_not_load", ["https://api.example"], "wrong_type"),

  // binding
  loads("a_binding_by_dpop_loads", { issuers: [{ ...entry, binding: "dpop" }], dpop: {} }),
  loads("a_binding_by_certificate_loads", { issuers: [{ ...entry, binding: "certificate" }], credentials: { clientCertificate: terminator } }),
  loads("a_binding_by_either_loads", { issuers: [{ ...entry, binding: "any" }], dpop: {}, credentials: { clientCertificate: terminator } }),
  loads("a_binding_of_one_issuer_of_two_loads", { issuers: [{ ...entry, binding: "dpop" }, { ...entry, issuer: "https://other.example" }], dpop: {} }),
  loads("a_binding_by_either_loads_with_dpop_alone", { issuers: [{ ...entry, binding: "any" }], dpop: {} }),
  loads("a_binding_by_either_loads_with_certificates_alone", { issuers: [{ ...entry, binding: "any" }], credentials: { clientCertificate: terminator } }),
  fails("a_binding_by_dpop_without_dpop_does_not_load", { issuers: [{ ...entry, binding: "dpop" }] }, "dpop", "missing_member"),
  fails("a_binding_by_dpop_with_certificates_alone_does_not_load", { issuers: [{ ...entry, binding: "dpop" }], credentials: { clientCertificate: terminator } }, "dpop", "missing_member"),
  fails("a_binding_by_certificate_without_credentials_does_not_load", { issuers: [{ ...entry, binding: "certificate" }] }, "credentials.clientCertificate", "missing_member"),
  fails("a_binding_by_certificate_with_dpop_alone_does_not_load", { issuers: [{ ...entry, binding: "certificate" }], dpop: {} }, "credentials.clientCertificate", "missing_member"),
  fails("a_binding_by_certificate_with_no_credentials_does_not_load", { issuers: [{ ...entry, binding: "certificate" }], credentials: {} }, "credentials.clientCertificate", "missing_member"),
  fails("a_binding_by_certificate_with_other_credentials_does_not_load", { issuers: [{ ...entry, binding: "certificate" }], credentials: { cookie: "__Host-session" } }, "credentials.clientCertificate", "missing_member"),
  fails("a_binding_by_either_with_neither_does_not_load", { issuers: [{ ...entry, binding: "any" }] }, "dpop", "missing_member"),
  fails("a_binding_by_either_with_other_credentials_does_not_load", { issuers: [{ ...entry, binding: "any" }], credentials: { cookie: "__Host-session" } }, "dpop", "missing_member"),
  fails("a_binding_of_the_second_issuer_without_dpop_does_not_load", { issuers: [entry, { ...entry, issuer: "https://other.example", binding: "dpop" }] }, "dpop", "missing_member"),
  fails("a_binding_of_one_issuer_does_not_do_for_that_of_another", { issuers: [{ ...entry, binding: "dpop" }, { ...entry, issuer: "https://other.example", binding: "certificate" }], dpop: {} }, "credentials.clientCertificate", "missing_member"),
  binding("an_unknown_binding_does_not_load", "mtls", "bad_value"),
  binding("a_binding_in_another_case_does_not_load", "DPoP", "bad_value"),
  binding("an_empty_binding_does_not_load", "", "bad_value"),
  binding("a_binding_that_is_true_does_not_load", true, "wrong_type"),
  binding("a_binding_that_is_null_does_not_load", null, "wrong_type"),
  binding("a_binding_that_is_a_list_does_not_load", ["dpop"], "wrong_type"),

  // introspection
  loads("introspection_loads", { issuers: [opaque] }),
  loads("introspection_beside_another_issuer_loads", { issuers: [entry, opaque] }),
  askingLoads("introspection_whose_answers_are_not_kept_loads", { maxAge: 0 }),
  askingLoads("introspection_whose_answers_are_kept_for_an_hour_loads", { maxAge: 3600 }),
  askingLoads("introspection_on_localhost_loads", { endpoint: "http://localhost:8787/introspect" }),
  askingLoads("introspection_with_a_query_in_its_endpoint_loads", { endpoint: "https://as.example/introspect?tenant=a" }),
  askingLoads("a_client_with_a_colon_in_its_name_loads", { clientId: "tenant:api" }),
  askingLoads("a_client_with_a_space_in_its_name_loads", { clientId: "the api" }),
  askingLoads("a_client_with_a_name_beyond_ascii_loads", { clientId: "prüfung" }),
  askingLoads("a_secret_with_every_reserved_character_loads", { clientSecret: "!\"#$%&'()*+,/:;=?@[]\\^`{|}~ " }),
  askingLoads("a_secret_beyond_ascii_loads", { clientSecret: "ß€𝄞" }),
  fails("introspection_that_is_true_does_not_load", { issuers: [{ ...opaque, introspection: true }] }, "issuers[0].introspection", "wrong_type"),
  fails("introspection_that_is_its_endpoint_does_not_load", { issuers: [{ ...opaque, introspection: introspection.endpoint }] }, "issuers[0].introspection", "wrong_type"),
  lacking("introspection_without_endpoint_does_not_load", "endpoint"),
  lacking("introspection_without_client_id_does_not_load", "clientId"),
  lacking("introspection_without_client_secret_does_not_load", "clientSecret"),
  asking("an_unknown_member_of_introspection_does_not_load", { timeout: 5 }, "timeout", "unknown_member"),
  asking("an_endpoint_with_http_does_not_load", { endpoint: "http://as.example/introspect" }, "endpoint", "insecure_uri"),
  asking("an_endpoint_with_another_scheme_does_not_load", { endpoint: "ftp://as.example/introspect" }, "endpoint", "insecure_uri"),
  asking("an_endpoint_that_is_a_number_does_not_load", { endpoint: 5 }, "endpoint", "wrong_type"),
  asking("a_client_id_that_is_a_number_does_not_load", { clientId: 5 }, "clientId", "wrong_type"),
  asking("a_client_secret_that_is_a_number_does_not_load", { clientSecret: 5 }, "clientSecret", "wrong_type"),
  asking("a_client_secret_that_is_null_does_not_load", { clientSecret: null }, "clientSecret", "wrong_type"),
  asking("answers_kept_for_more_than_an_hour_do_not_load", { maxAge: 3601 }, "maxAge", "bad_value"),
  asking("answers_kept_for_less_than_nothing_do_not_load", { maxAge: -1 }, "maxAge", "bad_value"),
  asking("answers_kept_for_a_fraction_do_not_load", { maxAge: 0.5 }, "maxAge", "bad_value"),
  asking("answers_kept_for_a_text_do_not_load", { maxAge: "60" }, "maxAge", "wrong_type"),
  beside("introspection_beside_a_key_set_does_not_load", { jwks: entry.jwks }),
  beside("introspection_beside_a_key_set_s_url_does_not_load", { jwksUri: "https://as.example/jwks" }),
  beside("introspection_beside_a_secret_does_not_load", { secret: secret("hs256") }),
  beside("introspection_beside_discovery_does_not_load", { discovery: "oauth" }, "issuers[0].discovery", "bad_value"),
  fails("a_second_introspection_does_not_load", { issuers: [opaque, { ...opaque, issuer: "https://other.example" }] }, "issuers[1].introspection", "bad_value"),
  fails("a_second_introspection_behind_another_issuer_does_not_load", { issuers: [opaque, entry, { ...opaque, issuer: "https://other.example" }] }, "issuers[2].introspection", "bad_value"),

  // clientCertificate
  ...["rfc9440", "pem", "base64", "sha256"].map((format) => certificateLoads(`a_client_certificate_as_${format}_loads`, { format })),
  certificateLoads("a_client_certificate_in_a_header_of_any_name_loads", { header: "X-SSL-Client-Cert" }),
  certificateIs("a_client_certificate_that_is_a_header_s_name_does_not_load", "client-cert", "", "wrong_type"),
  certificateIs("a_client_certificate_that_is_true_does_not_load", true, "", "wrong_type"),
  certificateIs("a_client_certificate_without_header_does_not_load", { format: "pem" }, ".header", "missing_member"),
  certificateIs("a_client_certificate_without_format_does_not_load", { header: "client-cert" }, ".format", "missing_member"),
  certificate("an_unknown_member_of_a_client_certificate_does_not_load", { chain: true }, "chain", "unknown_member"),
  certificate("a_client_certificate_as_der_does_not_load", { format: "der" }, "format", "bad_value"),
  certificate("a_client_certificate_s_format_in_another_case_does_not_load", { format: "PEM" }, "format", "bad_value"),
  certificate("a_client_certificate_s_format_that_is_a_number_does_not_load", { format: 9440 }, "format", "wrong_type"),
  certificate("a_client_certificate_itself_is_no_header", { header: escapedPem(rfc8705) }, "header", "bad_value"),
  certificate("a_client_certificate_s_empty_header_does_not_load", { header: "" }, "header", "bad_value"),
  certificate("a_client_certificate_s_header_with_a_space_does_not_load", { header: "client cert" }, "header", "bad_value"),
  certificate("a_client_certificate_s_header_with_a_line_break_does_not_load", { header: "client-cert\r\n" }, "header", "bad_value"),
  certificate("a_client_certificate_s_header_beyond_ascii_does_not_load", { header: "zertifikatsprüfung" }, "header", "bad_value"),
  certificate("a_client_certificate_s_header_that_is_a_number_does_not_load", { header: 5 }, "header", "wrong_type"),
  ...["authorization", "Authorization", "cookie", "host", "origin", "dpop", "DPoP", "sec-fetch-site", "x-justification"].map((header) =>
    certificate(`a_client_certificate_in_${header.replaceAll("-", "_").replace("Authorization", "authorization_in_another_case").replace("DPoP", "dpop_in_another_case")}_does_not_load`, { header }, "header", "bad_value"),
  ),
  certificate("a_client_certificate_in_the_token_s_header_does_not_load", { header: "x-token" }, "header", "bad_value", { header: "x-token" }),
  certificate("a_client_certificate_in_the_api_key_s_header_does_not_load", { header: "x-key" }, "header", "bad_value", { apiKeyHeader: "X-Key" }),

  // The header that proofs come in
  everywhere("a_token_in_the_proof_s_header_does_not_load", { credentials: { header: "dpop" } }, "credentials.header", "bad_value"),
  everywhere("a_token_in_the_proof_s_header_in_another_case_does_not_load", { credentials: { header: "DPoP" } }, "credentials.header", "bad_value"),
  everywhere("an_api_key_in_the_proof_s_header_does_not_load", { credentials: { apiKeyHeader: "dpop" } }, "credentials.apiKeyHeader", "bad_value"),
  { name: "a_token_in_the_certificate_s_usual_header_loads", policy, trust: { credentials: { header: "client-cert" } }, error: null },

  // What would stand in a challenge
  acr("an_acr_with_a_line_break_does_not_load", "mfa\r\nset-cookie: a=b"),
  acr("an_acr_with_a_backslash_does_not_load", "mfa\\"),
  acr("an_acr_beyond_ascii_does_not_load", "mfä"),
  acr("an_empty_acr_does_not_load", ""),
  scope("a_scope_with_a_backslash_does_not_load", "read\\"),
  scope("a_scope_beyond_ascii_does_not_load", "größe"),
  scope("a_scope_with_a_tab_does_not_load", "read\twrite"),
  everywhere("a_realm_with_a_tab_does_not_load", { realm: "a\tb" }, "realm", "bad_value"),
  everywhere("a_realm_with_a_deleted_character_does_not_load", { realm: "a\u007f" }, "realm", "bad_value"),
  everywhere("resource_metadata_beyond_ascii_do_not_load", { resourceMetadata: "https://prüfung.example/.well-known/oauth-protected-resource" }, "resourceMetadata", "bad_value"),
];
