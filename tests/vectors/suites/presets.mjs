// The nine presets: tokens of the shape that each provider documents (the last are of this package), and a refusal for each of its rules.
//
// The values are made up; the names and forms of the claims are the providers' own.

import { allowed, guest, invalidToken, permissionDenied, principal, unauthenticated, unavailable } from "../forge/expect.mjs";
import { thumbprint } from "../forge/proof.mjs";
import { bearer, request } from "../forge/request.mjs";
import { publicJwk } from "../forge/sign.mjs";
import { jwt, now } from "../forge/token.mjs";

export const about = "Presets: the documented tokens of nine providers, whom they make, and what each preset refuses.";

const policy = {
  policy: "presets",
  revision: 1,
  permissions: ["read_reports"],
  roles: { admin: { permits: ["read_reports"] } },
  routes: [
    { route: "GET /me", allow: "authenticated" },
    { route: "GET /public", allow: "everyone" },
    { route: "GET /reports", permission: "read_reports" },
  ],
};

const site = (issuer, audience, preset, members = {}) => ({ policy, trust: { issuers: [{ issuer, audience, preset, ...members }] } });

const client = "3f1k2j4h5g6d7s8a9client";
const uuid = "6f1e7c54-0b5e-4c1d-9a53-2d1f0c9b8a77";

const auth0 = "https://tenant.eu.auth0.com/";
const keycloak = "https://sso.example/realms/shop";
const cognito = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example01";
const tenant = "8c1f1a2e-64a5-4a9e-8f57-0d3c9e6b1a10";
const otherTenant = "11111111-2222-3333-4444-555555555555";
const entraOf = (id) => `https://login.microsoftonline.com/${id}/v2.0`;
const entra = entraOf(tenant);
const entraTemplate = entraOf("{tenantid}");
const supabase = "https://projectref.supabase.co/auth/v1";
const clerk = "https://clerk.shop.example";
const firebase = "https://securetoken.google.com/shop-project";
const cloudflare = "https://team.cloudflareaccess.com";
const portcullis = "https://id.shop.example";
const accessTag = "32eafc7626e974616deaf0dc3ce63d7bcbed58a2731e84d06bc3cdf1b53c4228";

const exactly = { issuer: entra, audience: "api-of-the-shop", idPrefix: "exact|", jwks: { keys: [publicJwk("p256", { kid: "k1" })] } };
const anyTenant = { issuer: entraTemplate, audience: "api-of-the-shop", preset: "entra", tenants: "any" };

export const configs = {
  auth0: site(auth0, "https://api.shop.example", "auth0", { asserts: { roles: true, permissions: true, scopes: true } }),
  auth0_default: site(auth0, "https://api.shop.example", "auth0"),
  auth0_id: site(auth0, client, "auth0", { profile: "id-token" }),
  auth0_at: site(auth0, "https://api.shop.example", "auth0", { profile: "access-token" }),
  auth0_own: site(auth0, "https://api.shop.example", "auth0", {
    jwksUri: "https://keys.shop.example/auth0",
    algorithms: ["PS256"],
    claims: { roles: ["https://shop.example/roles"], id: "email", scopes: "granted" },
  }),
  keycloak: site(keycloak, "shop-api", "keycloak"),
  keycloak_id: site(keycloak, "shop-web", "keycloak", { profile: "id-token" }),
  keycloak_at: site(keycloak, "shop-api", "keycloak", { profile: "access-token" }),
  keycloak_own: site(keycloak, "shop-api", "keycloak", { claims: { roles: ["resource_access", "shop-api", "roles"] } }),
  cognito: site(cognito, client, "cognito"),
  cognito_id: site(cognito, client, "cognito", { profile: "id-token" }),
  cognito_two: site(cognito, ["another-client", client], "cognito"),
  cognito_waived: site(cognito, null, "cognito"),
  entra: site(entra, "api-of-the-shop", "entra"),
  entra_id: site(entra, "api-of-the-shop", "entra", { profile: "id-token" }),
  entra_by_sub: site(entra, "api-of-the-shop", "entra", { claims: { id: "sub" } }),
  entra_some: site(entraTemplate, "api-of-the-shop", "entra", { tenants: [tenant, otherTenant] }),
  entra_one: site(entraTemplate, "api-of-the-shop", "entra", { tenants: [tenant] }),
  entra_any: site(entraTemplate, "api-of-the-shop", "entra", { tenants: "any" }),
  entra_exact_first: { policy, trust: { issuers: [exactly, anyTenant] } },
  entra_exact_last: { policy, trust: { issuers: [anyTenant, exactly] } },
  supabase: site(supabase, "authenticated", "supabase"),
  clerk: site(clerk, "https://shop.example", "clerk", { asserts: { roles: true, permissions: true } }),
  clerk_id: site(clerk, "https://shop.example", "clerk", { profile: "id-token" }),
  firebase: site(firebase, "shop-project", "firebase"),
  firebase_id: site(firebase, "shop-project", "firebase", { profile: "id-token" }),
  firebase_exact: site(firebase, "shop-project", "firebase", { leeway: 0 }),
  portcullis: site(portcullis, "api", "portcullis", { profile: "access-token" }),
  portcullis_any: site(portcullis, "api", "portcullis"),
  portcullis_unknown: site(portcullis, "api", undefined, { profile: "access-token", jwks: { keys: [publicJwk("p256", { kid: "k1", use: "sig", alg: "ES256" })] } }),
  cloudflare: { policy, trust: { issuers: [{ issuer: cloudflare, audience: accessTag, preset: "cloudflare-access" }], credentials: { header: "cf-access-jwt-assertion" } } },
};

// Where each preset finds its keys.
const urls = {
  auth0: "https://tenant.eu.auth0.com/.well-known/jwks.json",
  keycloak: `${keycloak}/protocol/openid-connect/certs`,
  cognito: `${cognito}/.well-known/jwks.json`,
  entra: `${entra}/.well-known/openid-configuration`,
  entra_template: "https://login.microsoftonline.com/common/discovery/v2.0/keys",
  supabase: `${supabase}/.well-known/jwks.json`,
  clerk: `${clerk}/.well-known/jwks.json`,
  portcullis: `${portcullis}/.well-known/jwks.json`,
  firebase: "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com",
  cloudflare: `${cloudflare}/cdn-cgi/access/certs`,
};
const entraKeys = `https://login.microsoftonline.com/${tenant}/discovery/v2.0/keys`;

const rsa = publicJwk("rsa", { kid: "k1", use: "sig" });
const set = { keys: [{ ...rsa, alg: "RS256" }] };
const es256 = { keys: [publicJwk("p256", { kid: "k1", use: "sig", alg: "ES256" })] };

const token = (payload, header = {}, key = "rsa") => jwt({ alg: "RS256", typ: "JWT", kid: "k1", ...header }, payload, key);
const times = { iat: now - 30, exp: now + 3600 };

/** A case of a preset: its keys are where the preset says, and nowhere else. */
const sent = (name, config, signed, expect, { keys, url, header, path = "/me" }) => ({
  name,
  config,
  token: signed.note,
  request: request("GET", path, [header === undefined ? bearer(signed) : [header, signed.text]]),
  keys: keys ?? { [url]: set },
  expect,
});

/** The cases of one provider: what it issues is made from `base` by changes. */
const provider = (config, issuer, url, make, { keys, header } = {}) => {
  const settings = { keys, url, header };
  const build = (changes, headers, key) => token(make(changes), headers, key);
  const pass = (name, changes, who, { of = config, headers, key, dropped, ...more } = {}) =>
    sent(name, of, build(changes, headers, key), allowed(principal({ issuer, ...who }), "GET /me", { dropped }), { ...settings, ...more });
  const refuse = (name, changes, reason, { of = config, headers, key, ...more } = {}) =>
    sent(name, of, build(changes, headers, key), invalidToken(reason), { ...settings, ...more });
  return { pass, refuse, build, settings };
};

// Auth0: the access token of its own profile, that of RFC 9068, and the ID token.
const ofAuth0 = provider("auth0", auth0, urls.auth0, (changes) => ({
  iss: auth0,
  sub: "auth0|6553da60a54af58e29493993",
  aud: ["https://api.shop.example", "https://tenant.eu.auth0.com/userinfo"],
  azp: client,
  ...times,
  scope: "openid profile read:reports",
  ...changes,
}));
const auth0Scopes = ["openid", "profile", "read:reports"];
const auth0User = { id: "auth0|6553da60a54af58e29493993", scopes: auth0Scopes };
const auth0Machine = { sub: `${client}@clients`, aud: "https://api.shop.example", azp: client, scope: "read:reports", gty: "client-credentials" };
const auth0Identity = { aud: client, azp: undefined, scope: undefined, nonce: "n-1", sid: "session-1", email: "ann@shop.example", name: "Ann" };

const auth0Cases = [
  ofAuth0.pass("auth0_an_access_token_is_a_user", {}, auth0User),
  ofAuth0.pass("auth0_permissions_are_taken_where_they_may_be_asserted", { permissions: ["read_reports"] }, { ...auth0User, permissions: ["read_reports"] }),
  ofAuth0.pass("auth0_permissions_are_dropped_where_nobody_says_that_they_may_be_asserted", { permissions: ["read_reports"] }, auth0User, { of: "auth0_default", dropped: { permissions: ["read_reports"] } }),
  ofAuth0.pass("auth0_roles_are_taken", { roles: ["admin"] }, { ...auth0User, roles: ["admin"] }),
  ofAuth0.pass("auth0_a_machine_is_a_service", auth0Machine, { kind: "service", id: `${client}@clients`, scopes: ["read:reports"] }),
  ofAuth0.pass("auth0_a_machine_is_a_service_by_its_id_alone", { ...auth0Machine, azp: undefined, gty: undefined }, { kind: "service", id: `${client}@clients`, scopes: ["read:reports"] }),
  ofAuth0.pass("auth0_a_user_whose_id_holds_clients_is_a_user", { sub: "auth0|x@clients.example" }, { ...auth0User, id: "auth0|x@clients.example" }),
  ofAuth0.pass("auth0_an_access_token_of_rfc_9068_is_a_user", { azp: undefined, client_id: client, jti: "73WakrfVbNJBaAmhQtEeDv" }, auth0User, { of: "auth0_at", headers: { typ: "at+jwt" } }),
  ofAuth0.pass("auth0_an_id_token_is_a_user", auth0Identity, { id: "auth0|6553da60a54af58e29493993" }, { of: "auth0_id" }),
  ofAuth0.pass("auth0_what_is_said_in_full_comes_before_the_preset", { "https://shop.example/roles": ["admin"], roles: ["nobody"], email: "ann@shop.example", granted: "x" }, { id: "ann@shop.example", roles: ["admin"], scopes: ["x"] }, { of: "auth0_own", headers: { alg: "PS256" }, keys: { "https://keys.shop.example/auth0": { keys: [rsa] } } }),
  ofAuth0.refuse("auth0_another_audience_is_refused", { aud: ["https://tenant.eu.auth0.com/userinfo"] }, "audience_mismatch"),
  ofAuth0.refuse("auth0_an_id_token_is_no_access_token", auth0Identity, "audience_mismatch"),
  ofAuth0.refuse("auth0_an_access_token_is_no_id_token", {}, "audience_mismatch", { of: "auth0_id" }),
  ofAuth0.refuse("auth0_an_access_token_of_its_own_profile_is_not_one_of_rfc_9068", {}, "typ_mismatch", { of: "auth0_at" }),
  ofAuth0.refuse("auth0_an_issuer_without_its_slash_is_another", { iss: auth0.slice(0, -1) }, "issuer_unknown"),
  ofAuth0.refuse("auth0_another_algorithm_is_not_allowed", {}, "algorithm_not_allowed", { headers: { alg: "PS256" }, keys: { [urls.auth0]: { keys: [rsa] } } }),
  ofAuth0.refuse("auth0_a_key_for_another_algorithm_does_not_widen_it", {}, "algorithm_not_allowed", { headers: { alg: "ES256" }, key: "p256", keys: { [urls.auth0]: es256 } }),
  ofAuth0.refuse("auth0_the_preset_s_algorithm_is_not_allowed_where_another_is_said", { email: "ann@shop.example" }, "algorithm_not_allowed", { of: "auth0_own", keys: { "https://keys.shop.example/auth0": set } }),
  ofAuth0.refuse("auth0_an_expired_token_is_refused", { exp: now - 60 }, "expired"),
  ofAuth0.refuse("auth0_a_scope_that_is_a_number_is_of_the_wrong_type", { scope: 1 }, "claim_type"),
  { ...ofAuth0.refuse("auth0_keys_elsewhere_do_not_count", {}, "key_unknown", { keys: { "https://tenant.eu.auth0.com//.well-known/jwks.json": set } }), expect: unavailable("keys_unavailable") },
];

// Keycloak
const keycloakBase = (changes) => ({
  ...times,
  auth_time: now - 100,
  jti: "onrtac:a7b1f0a2-2a0c-4f5e-8f7e-5d0b2c1a9e11",
  iss: keycloak,
  aud: ["shop-api", "account"],
  sub: uuid,
  typ: "Bearer",
  azp: "shop-web",
  sid: "1f2e3d4c-session",
  acr: "1",
  "allowed-origins": ["https://shop.example"],
  realm_access: { roles: ["offline_access", "admin"] },
  resource_access: { "shop-api": { roles: ["reporter"] }, account: { roles: ["view-profile"] } },
  scope: "openid email profile",
  preferred_username: "ann",
  ...changes,
});
const ofKeycloak = provider("keycloak", keycloak, urls.keycloak, keycloakBase);
const keycloakUser = { id: uuid, roles: ["offline_access", "admin"], scopes: ["openid", "email", "profile"], acr: "1", authTime: now - 100 };
const keycloakIdentity = { aud: "shop-web", typ: "ID", nonce: "n-1", at_hash: "AAAAAAAAAAAAAAAAAAAAAA", realm_access: undefined, resource_access: undefined, scope: undefined, "allowed-origins": undefined };
const keycloakAccount = { azp: "batch", client_id: "batch", preferred_username: "service-account-batch", clientHost: "192.0.2.7", scope: "email profile", auth_time: undefined, sid: undefined };

const keycloakCases = [
  ofKeycloak.pass("keycloak_an_access_token_is_a_user", {}, keycloakUser),
  ofKeycloak.pass("keycloak_a_single_audience_is_taken", { aud: "shop-api" }, keycloakUser),
  ofKeycloak.pass("keycloak_a_service_account_is_a_service", keycloakAccount, { kind: "service", id: uuid, roles: ["offline_access", "admin"], scopes: ["email", "profile"], acr: "1" }),
  ofKeycloak.pass("keycloak_a_user_whose_name_holds_service_account_is_a_user", { preferred_username: "my-service-account-ann" }, keycloakUser),
  ofKeycloak.pass("keycloak_a_user_without_a_name_is_a_user", { preferred_username: undefined }, keycloakUser),
  ofKeycloak.pass("keycloak_an_id_token_is_a_user", keycloakIdentity, { id: uuid, acr: "1", authTime: now - 100 }, { of: "keycloak_id" }),
  ofKeycloak.pass("keycloak_an_access_token_of_rfc_9068_is_a_user", { client_id: "shop-web" }, keycloakUser, { of: "keycloak_at", headers: { typ: "at+jwt" } }),
  ofKeycloak.pass("keycloak_takes_what_its_keys_allow", {}, keycloakUser, { headers: { alg: "ES256" }, key: "p256", keys: { [urls.keycloak]: es256 } }),
  ofKeycloak.pass("keycloak_roles_of_a_client_are_taken_by_their_path", {}, { ...keycloakUser, roles: ["reporter"] }, { of: "keycloak_own" }),
  ofKeycloak.pass("keycloak_a_token_without_roles_has_none", { realm_access: undefined }, { ...keycloakUser, roles: [] }),
  ofKeycloak.pass("keycloak_an_access_token_of_dpop_that_is_not_bound_is_a_user", { typ: "DPoP" }, keycloakUser),
  ofKeycloak.pass("keycloak_a_service_account_s_access_token_of_dpop_is_a_service", { ...keycloakAccount, typ: "DPoP" }, { kind: "service", id: uuid, roles: ["offline_access", "admin"], scopes: ["email", "profile"], acr: "1" }),
  ofKeycloak.pass("keycloak_an_access_token_of_dpop_and_of_rfc_9068_is_a_user", { typ: "DPoP", client_id: "shop-web" }, keycloakUser, { of: "keycloak_at", headers: { typ: "at+jwt" } }),
  ofKeycloak.refuse("keycloak_an_access_token_of_dpop_that_is_bound_wants_its_proof", { typ: "DPoP", cnf: { jkt: thumbprint(publicJwk("p256")) } }, "token_bound"),
  ofKeycloak.refuse("keycloak_an_access_token_of_dpop_is_no_id_token", { typ: "DPoP", aud: "shop-web" }, "claim_value", { of: "keycloak_id" }),
  ofKeycloak.refuse("keycloak_dpop_in_another_case_is_another_kind", { typ: "DPOP" }, "claim_value"),
  ofKeycloak.refuse("keycloak_a_kind_that_is_a_list_is_refused", { typ: ["Bearer", "DPoP"] }, "claim_value"),
  ofKeycloak.refuse("keycloak_an_id_token_is_no_access_token", { ...keycloakIdentity, aud: "shop-api" }, "claim_value"),
  ofKeycloak.refuse("keycloak_an_access_token_is_no_id_token", { aud: "shop-web" }, "claim_value", { of: "keycloak_id" }),
  ofKeycloak.refuse("keycloak_a_refresh_token_is_no_access_token", { typ: "Refresh" }, "claim_value"),
  ofKeycloak.refuse("keycloak_an_offline_token_is_no_access_token", { typ: "Offline" }, "claim_value"),
  ofKeycloak.refuse("keycloak_a_logout_token_is_no_access_token", { typ: "Logout" }, "claim_value"),
  ofKeycloak.refuse("keycloak_a_kind_in_another_case_is_another", { typ: "bearer" }, "claim_value"),
  ofKeycloak.refuse("keycloak_a_token_without_a_kind_is_refused", { typ: undefined }, "claim_missing"),
  ofKeycloak.refuse("keycloak_an_id_token_without_a_kind_is_refused", { ...keycloakIdentity, typ: undefined }, "claim_missing", { of: "keycloak_id" }),
  ofKeycloak.refuse("keycloak_another_audience_is_refused", { aud: "account" }, "audience_mismatch"),
  ofKeycloak.refuse("keycloak_the_client_is_not_the_audience", { aud: "account", azp: "shop-api" }, "audience_mismatch"),
  ofKeycloak.refuse("keycloak_another_realm_is_refused", { iss: "https://sso.example/realms/admin" }, "issuer_unknown"),
  ofKeycloak.refuse("keycloak_realm_access_that_is_a_list_of_numbers_is_of_the_wrong_type", { realm_access: { roles: [1] } }, "claim_type"),
  { ...ofKeycloak.refuse("keycloak_keys_of_another_realm_do_not_count", {}, "key_unknown", { keys: { "https://sso.example/realms/admin/protocol/openid-connect/certs": set } }), expect: unavailable("keys_unavailable") },
];

// Amazon Cognito. Its kids end in padding.
const ofCognito = provider(
  "cognito",
  cognito,
  urls.cognito,
  (changes) => ({
    sub: uuid,
    "cognito:groups": ["admin", "editors"],
    iss: cognito,
    client_id: client,
    origin_jti: "a1b2c3d4-origin",
    event_id: "e5f6a7b8-event",
    token_use: "access",
    scope: "phone openid profile email",
    auth_time: now - 100,
    ...times,
    jti: "c9d0e1f2-token",
    username: "ann",
    version: 2,
    ...changes,
  }),
  { keys: { [urls.cognito]: { keys: [{ ...rsa, kid: "1234example=", alg: "RS256" }] } } },
);
const cognitoKid = { kid: "1234example=", typ: undefined };
const cognitoUser = { id: uuid, roles: ["admin", "editors"], scopes: ["phone", "openid", "profile", "email"], authTime: now - 100 };
const cognitoIdentity = {
  client_id: undefined,
  scope: undefined,
  username: undefined,
  version: undefined,
  aud: client,
  token_use: "id",
  email: "ann@shop.example",
  email_verified: true,
  "cognito:username": "ann",
  nonce: "n-1",
};
const cognitoPass = (name, changes, who, of) => ofCognito.pass(name, changes, who, { of, headers: cognitoKid });
const cognitoRefuse = (name, changes, reason, of, more = {}) => ofCognito.refuse(name, changes, reason, { of, headers: cognitoKid, ...more });

const cognitoCases = [
  cognitoPass("cognito_an_access_token_is_a_user", {}, cognitoUser),
  cognitoPass("cognito_an_id_token_is_a_user", cognitoIdentity, { id: uuid, roles: ["admin", "editors"], authTime: now - 100 }, "cognito_id"),
  cognitoPass("cognito_one_of_two_clients_is_taken", {}, cognitoUser, "cognito_two"),
  cognitoPass("cognito_a_waived_client_may_be_any", { client_id: "another-client" }, cognitoUser, "cognito_waived"),
  cognitoPass("cognito_a_user_without_groups_has_no_roles", { "cognito:groups": undefined }, { ...cognitoUser, roles: [] }),
  cognitoPass("cognito_a_client_of_its_own_right_is_a_service", { sub: client, "cognito:groups": undefined, username: undefined, auth_time: undefined, scope: "shop/read" }, { kind: "service", id: client, scopes: ["shop/read"] }),
  cognitoRefuse("cognito_an_id_token_is_no_access_token", cognitoIdentity, "claim_missing"),
  cognitoRefuse("cognito_an_id_token_that_names_a_client_is_no_access_token", { ...cognitoIdentity, client_id: client }, "claim_value"),
  cognitoRefuse("cognito_an_access_token_is_no_id_token", {}, "claim_missing", "cognito_id"),
  cognitoRefuse("cognito_an_access_token_that_names_an_audience_is_no_id_token", { aud: client }, "claim_value", "cognito_id"),
  cognitoRefuse("cognito_a_token_without_its_use_is_refused", { token_use: undefined }, "claim_missing"),
  cognitoRefuse("cognito_a_token_of_another_use_is_refused", { token_use: "refresh" }, "claim_value"),
  cognitoRefuse("cognito_a_use_in_another_case_is_another", { token_use: "Access" }, "claim_value"),
  cognitoRefuse("cognito_another_client_is_refused", { client_id: "another-client" }, "audience_mismatch"),
  cognitoRefuse("cognito_none_of_two_clients_is_refused", { client_id: "a-third-client" }, "audience_mismatch", "cognito_two"),
  cognitoRefuse("cognito_a_token_without_client_is_refused", { client_id: undefined }, "claim_missing"),
  cognitoRefuse("cognito_an_audience_is_no_client", { client_id: undefined, aud: client }, "claim_missing"),
  cognitoRefuse("cognito_an_audience_does_not_stand_in_for_another_client", { client_id: "another-client", aud: client }, "audience_mismatch"),
  cognitoRefuse("cognito_a_client_that_is_a_list_is_of_the_wrong_type", { client_id: [client] }, "claim_type"),
  cognitoRefuse("cognito_an_id_token_for_another_client_is_refused", { ...cognitoIdentity, aud: "another-client" }, "audience_mismatch", "cognito_id"),
  cognitoRefuse("cognito_another_pool_is_refused", { iss: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example02" }, "issuer_unknown"),
  ofCognito.refuse("cognito_another_algorithm_is_not_allowed", {}, "algorithm_not_allowed", { headers: { ...cognitoKid, alg: "RS512" }, keys: { [urls.cognito]: { keys: [{ ...rsa, kid: "1234example=" }] } } }),
  ofCognito.refuse("cognito_a_kid_without_its_padding_is_another", {}, "key_unknown", { headers: { ...cognitoKid, kid: "1234example" } }),
];

// Microsoft Entra: one tenant by discovery, several by the template.
const entraBase = (changes, id = tenant) => ({
  aud: "api-of-the-shop",
  iss: entraOf(id),
  ...times,
  nbf: now - 30,
  aio: "AWQAm/8UAAAA",
  azp: client,
  azpacr: "0",
  name: "Ann",
  oid: uuid,
  preferred_username: "ann@shop.example",
  rh: "0.AXoA",
  roles: ["admin"],
  scp: "Reports.Read Reports.Write",
  sub: "pairwise-subject-of-this-api",
  tid: id,
  uti: "uti-1",
  ver: "2.0",
  ...changes,
});
const entraDiscovered = { [urls.entra]: { issuer: entra, jwks_uri: entraKeys }, [entraKeys]: { keys: [rsa] } };
const ofEntra = provider("entra", entra, urls.entra, entraBase, { keys: entraDiscovered });
const entraUser = { id: uuid, roles: ["admin"], scopes: ["Reports.Read", "Reports.Write"] };
const entraIdentity = { azp: undefined, azpacr: undefined, scp: undefined, nonce: "n-1", roles: undefined };
const entraApp = { idtyp: "app", sub: uuid, azpacr: "1", name: undefined, preferred_username: undefined, scp: undefined };

const keyFor = (issuer) => ({ [urls.entra_template]: { keys: [{ ...rsa, issuer }] } });
const ofTemplate = provider("entra_some", entra, urls.entra_template, entraBase, { keys: keyFor(entraTemplate) });
const fromOther = (changes = {}) => entraBase(changes, otherTenant);
const templated = (name, payload, config, keys, expect) => sent(name, config, token(payload), expect, { keys });

const entraCases = [
  ofEntra.pass("entra_an_access_token_is_a_user", {}, entraUser),
  ofEntra.pass("entra_an_id_token_is_a_user", entraIdentity, { id: uuid }, { of: "entra_id" }),
  ofEntra.pass("entra_a_user_is_known_by_its_object", { sub: undefined }, entraUser),
  ofEntra.pass("entra_an_application_is_a_service", entraApp, { kind: "service", id: uuid, roles: ["admin"] }),
  ofEntra.pass("entra_a_user_s_token_says_so", { idtyp: "user" }, entraUser),
  ofEntra.pass("entra_a_user_may_be_known_by_sub", {}, { ...entraUser, id: "pairwise-subject-of-this-api" }, { of: "entra_by_sub" }),
  ofEntra.refuse("entra_a_token_of_version_1_is_refused", { ver: "1.0" }, "claim_value"),
  ofEntra.refuse("entra_a_version_that_is_a_number_is_refused", { ver: 2 }, "claim_value"),
  ofEntra.refuse("entra_a_token_without_version_is_refused", { ver: undefined }, "claim_missing"),
  ofEntra.refuse("entra_a_token_without_an_object_is_refused", { oid: undefined }, "claim_missing"),
  ofEntra.refuse("entra_an_object_that_is_empty_is_refused", { oid: "" }, "claim_type"),
  ofEntra.refuse("entra_another_audience_is_refused", { aud: "api-of-another" }, "audience_mismatch"),
  ofEntra.refuse("entra_the_client_is_not_the_audience", { aud: "api-of-another", azp: "api-of-the-shop" }, "audience_mismatch"),
  ofEntra.refuse("entra_another_tenant_is_another_issuer", { iss: entraOf(otherTenant), tid: otherTenant }, "issuer_unknown"),
  ofEntra.refuse("entra_the_issuer_of_version_1_is_another", { iss: `https://sts.windows.net/${tenant}/`, ver: "1.0" }, "issuer_unknown"),
  ofEntra.refuse("entra_another_algorithm_is_not_allowed", {}, "algorithm_not_allowed", { headers: { alg: "PS256" } }),
  { ...ofEntra.refuse("entra_a_document_of_another_tenant_is_refused", {}, "key_unknown", { keys: { [urls.entra]: { issuer: entraOf(otherTenant), jwks_uri: entraKeys }, [entraKeys]: { keys: [rsa] } } }), expect: unavailable("keys_unavailable") },
  { ...ofEntra.refuse("entra_a_document_of_the_template_is_not_one_of_the_tenant", {}, "key_unknown", { keys: { [urls.entra]: { issuer: entraTemplate, jwks_uri: entraKeys }, [entraKeys]: { keys: [rsa] } } }), expect: unavailable("keys_unavailable") },

  // The template
  ofTemplate.pass("entra_a_tenant_of_the_list_is_taken", {}, entraUser),
  templated("entra_the_second_tenant_of_the_list_is_taken", fromOther(), "entra_some", keyFor(entraTemplate), allowed(principal({ issuer: entraOf(otherTenant), ...entraUser }), "GET /me")),
  templated("entra_any_tenant_is_taken_where_any_may_be", fromOther(), "entra_any", keyFor(entraTemplate), allowed(principal({ issuer: entraOf(otherTenant), ...entraUser }), "GET /me")),
  templated("entra_a_key_without_issuer_signs_for_every_tenant", fromOther(), "entra_some", { [urls.entra_template]: { keys: [rsa] } }, allowed(principal({ issuer: entraOf(otherTenant), ...entraUser }), "GET /me")),
  templated("entra_a_key_of_the_tenant_s_own_is_taken", fromOther(), "entra_some", keyFor(entraOf(otherTenant)), allowed(principal({ issuer: entraOf(otherTenant), ...entraUser }), "GET /me")),
  templated("entra_an_application_of_a_tenant_is_a_service", entraBase(entraApp), "entra_some", keyFor(entraTemplate), allowed(principal({ kind: "service", issuer: entra, id: uuid, roles: ["admin"] }), "GET /me")),
  templated("entra_a_tenant_outside_the_list_is_refused", fromOther(), "entra_one", keyFor(entraTemplate), invalidToken("issuer_unknown")),
  templated("entra_a_tenant_that_is_not_the_issuer_s_is_refused", fromOther({ tid: tenant }), "entra_some", keyFor(entraTemplate), invalidToken("issuer_unknown")),
  templated("entra_an_issuer_that_is_not_the_tenant_s_is_refused", entraBase({ tid: otherTenant }), "entra_any", keyFor(entraTemplate), invalidToken("issuer_unknown")),
  templated("entra_a_token_without_tenant_is_refused", entraBase({ tid: undefined }), "entra_any", keyFor(entraTemplate), invalidToken("issuer_unknown")),
  templated("entra_a_tenant_that_is_a_number_is_refused", entraBase({ tid: 5 }), "entra_any", keyFor(entraTemplate), invalidToken("issuer_unknown")),
  templated("entra_the_template_itself_is_no_issuer", entraBase({ iss: entraTemplate }), "entra_any", keyFor(entraTemplate), invalidToken("issuer_unknown")),
  templated("entra_a_tenant_in_another_case_is_outside_the_list", entraBase({}, tenant.toUpperCase()), "entra_one", keyFor(entraTemplate), invalidToken("issuer_unknown")),
  templated("entra_another_host_is_no_tenant", entraBase({ iss: `https://login.evil.example/${tenant}/v2.0` }), "entra_any", keyFor(entraTemplate), invalidToken("issuer_unknown")),
  templated("entra_a_key_of_another_tenant_does_not_sign", entraBase({}), "entra_any", keyFor(entraOf(otherTenant)), invalidToken("key_unknown")),
  templated("entra_a_key_of_another_host_does_not_sign", entraBase({}), "entra_any", keyFor("https://login.evil.example/{tenantid}/v2.0"), invalidToken("key_unknown")),
  templated("entra_a_key_of_version_1_does_not_sign", entraBase({}), "entra_any", keyFor("https://sts.windows.net/{tenantid}/"), invalidToken("key_unknown")),
  ofTemplate.refuse("entra_a_template_checks_the_audience_too", { aud: "api-of-another" }, "audience_mismatch"),
  ofTemplate.refuse("entra_a_template_checks_the_version_too", { ver: "1.0" }, "claim_value"),
  {
    name: "entra_a_key_of_one_tenant_signs_for_it_whatever_another_s_token_found",
    config: "entra_any",
    steps: [
      { ...templated("", entraBase({}), "entra_any", keyFor(entra), allowed(principal({ issuer: entra, ...entraUser }), "GET /me")), now },
      { ...templated("", fromOther(), "entra_any", {}, invalidToken("key_unknown")), now },
      { ...templated("", entraBase({}), "entra_any", {}, allowed(principal({ issuer: entra, ...entraUser }), "GET /me")), now },
    ].map(({ name, config, ...step }) => step),
  },
];

// One tenant is written out inside a template: the exact name is chosen, whichever comes first.
const exactPass = (name, payload, who, keys, asked, key = "p256") =>
  ["entra_exact_first", "entra_exact_last"].map((config) => ({
    ...sent(`${config}_${name}`, config, token(payload, key === "p256" ? { alg: "ES256" } : {}, key), allowed(principal(who), "GET /me"), { keys }),
    asked,
  }));
const exactRefuse = (name, payload, reason, keys, asked, key = "rsa") =>
  ["entra_exact_first", "entra_exact_last"].map((config) => ({
    ...sent(`${config}_${name}`, config, token(payload, key === "p256" ? { alg: "ES256" } : {}, key), invalidToken(reason), { keys }),
    asked,
  }));
const byTemplate = [`keys ${urls.entra_template}`];
const exactCases = [
  ...exactPass("is_chosen", entraBase({}), { issuer: entra, id: "exact|pairwise-subject-of-this-api", roles: ["admin"], scopes: ["Reports.Read", "Reports.Write"] }, keyFor(entraTemplate), []),
  ...exactPass("wants_no_tenant", entraBase({ tid: undefined }), { issuer: entra, id: "exact|pairwise-subject-of-this-api", roles: ["admin"], scopes: ["Reports.Read", "Reports.Write"] }, keyFor(entraTemplate), []),
  ...exactPass("leaves_the_others_to_the_template", fromOther(), { issuer: entraOf(otherTenant), ...entraUser }, keyFor(entraTemplate), byTemplate, "rsa"),
  ...exactRefuse("does_not_believe_the_template_s_keys", entraBase({}), "algorithm_not_allowed", keyFor(entraTemplate), []),
  ...exactRefuse("lends_the_template_no_keys", fromOther(), "algorithm_not_allowed", keyFor(entraTemplate), [], "p256"),
];

// Supabase
const ofSupabase = provider("supabase", supabase, urls.supabase, (changes) => ({
  iss: supabase,
  sub: uuid,
  aud: "authenticated",
  ...times,
  email: "ann@shop.example",
  phone: "",
  app_metadata: { provider: "email", providers: ["email"] },
  user_metadata: { email_verified: true },
  role: "authenticated",
  aal: "aal1",
  amr: [{ method: "password", timestamp: now - 100 }],
  session_id: "7d0c1b2a-session",
  is_anonymous: false,
  ...changes,
}), { keys: { [urls.supabase]: es256 } });
const supabaseKey = { headers: { alg: "ES256" }, key: "p256" };
const supabaseUser = { id: uuid, roles: ["authenticated"], acr: "aal1", amr: ["password"] };
const supabasePass = (name, changes, who, more = {}) => ofSupabase.pass(name, changes, who, { ...supabaseKey, ...more });
const supabaseRefuse = (name, changes, reason, more = {}) => ofSupabase.refuse(name, changes, reason, { ...supabaseKey, ...more });
const anonymous = { is_anonymous: true, email: "", amr: [{ method: "anonymous", timestamp: now - 100 }], app_metadata: {} };
const supabaseAnonymous = (name, path, expect) => sent(name, "supabase", ofSupabase.build(anonymous, supabaseKey.headers, supabaseKey.key), expect, { ...ofSupabase.settings, path });
const anonymousGuest = principal({ kind: "guest", issuer: supabase, ...supabaseUser, amr: ["anonymous"] });

const supabaseCases = [
  supabasePass("supabase_an_access_token_is_a_user", {}, supabaseUser),
  supabasePass("supabase_a_second_factor_is_its_level", { aal: "aal2", amr: [{ method: "totp", timestamp: now - 10 }, { method: "password", timestamp: now - 100 }] }, { ...supabaseUser, acr: "aal2", amr: ["totp", "password"] }),
  supabasePass("supabase_methods_that_are_text_are_taken", { amr: ["password"] }, supabaseUser),
  supabasePass("supabase_a_service_role_is_a_service", { role: "service_role", amr: undefined, aal: undefined, session_id: undefined, is_anonymous: undefined }, { kind: "service", id: uuid, roles: ["service_role"] }),
  supabasePass("supabase_a_token_that_does_not_say_anonymous_is_a_user_s", { is_anonymous: undefined }, supabaseUser),
  ofSupabase.pass("supabase_takes_what_its_keys_allow", {}, supabaseUser, { keys: { [urls.supabase]: set } }),
  supabaseAnonymous("supabase_an_anonymous_user_is_a_guest", "/public", allowed(anonymousGuest, "GET /public")),
  supabaseAnonymous("supabase_an_anonymous_user_is_not_authenticated", "/me", unauthenticated("authentication_missing")),
  supabaseAnonymous("supabase_an_anonymous_user_may_sign_in_for_what_is_missing", "/reports", unauthenticated("permission_missing")),
  supabaseRefuse("supabase_another_audience_is_refused", { aud: "anon" }, "audience_mismatch"),
  supabaseRefuse("supabase_another_project_is_refused", { iss: "https://otherproject.supabase.co/auth/v1" }, "issuer_unknown"),
  supabaseRefuse("supabase_a_key_of_the_project_in_place_of_a_user_is_refused", { iss: "supabase", ref: "projectref", role: "anon", sub: undefined }, "issuer_unknown"),
  supabaseRefuse("supabase_a_token_without_a_user_is_refused", { sub: undefined, role: "service_role" }, "claim_missing"),
  supabaseRefuse("supabase_a_method_that_is_a_number_is_of_the_wrong_type", { amr: [{ method: 1, timestamp: now }] }, "claim_type"),
  supabaseRefuse("supabase_an_entry_without_method_is_of_the_wrong_type", { amr: [{ timestamp: now }] }, "claim_type"),
  supabaseRefuse("supabase_a_level_that_is_a_number_is_of_the_wrong_type", { aal: 2 }, "claim_type"),
  supabaseRefuse("supabase_an_expired_anonymous_user_is_no_guest", { ...anonymous, exp: now - 60 }, "expired"),
];

// Clerk
const ofClerk = provider("clerk", clerk, urls.clerk, (changes) => ({
  azp: "https://shop.example",
  ...times,
  nbf: now - 40,
  fva: [7, -1],
  iss: clerk,
  jti: "0f1e2d3c4b5a",
  sid: "sess_2example",
  sub: "user_2example",
  sts: "active",
  v: 2,
  o: { id: "org_2example", slg: "shop", rol: "admin", per: "manage,read", fpm: "3,1" },
  fea: "o:reports",
  pla: "o:pro",
  ...changes,
}));
const clerkHeader = { headers: { cat: "cl_B7d4PD111AAA" } };
const clerkUser = { id: "user_2example", roles: ["admin"] };
const clerkFirst = { v: undefined, o: undefined, fea: undefined, pla: undefined, sts: undefined, org_id: "org_2example", org_slug: "shop", org_role: "org:admin", org_permissions: ["org:reports:read", "org:reports:manage"] };

const clerkCases = [
  ofClerk.pass("clerk_a_session_token_is_a_user", {}, clerkUser, clerkHeader),
  ofClerk.pass("clerk_a_session_token_of_the_first_version_is_a_user", clerkFirst, { id: "user_2example", roles: ["org:admin"], permissions: ["org:reports:read", "org:reports:manage"] }, clerkHeader),
  ofClerk.pass("clerk_the_role_of_the_second_version_comes_first", { org_role: "org:member" }, clerkUser, clerkHeader),
  ofClerk.pass("clerk_a_user_without_an_organisation_has_no_role", { o: undefined }, { id: "user_2example" }, clerkHeader),
  ofClerk.pass("clerk_a_session_without_a_state_is_taken", { sts: undefined }, clerkUser, clerkHeader),
  ofClerk.pass("clerk_the_audience_is_not_compared", { aud: "somebody-else" }, clerkUser, clerkHeader),
  ofClerk.pass("clerk_of_an_id_token_no_other_azp_is_wanted", { aud: "somebody-else" }, { id: "user_2example", roles: ["admin"] }, { of: "clerk_id", ...clerkHeader }),
  ofClerk.pass("clerk_of_an_id_token_for_several_azp_is_the_audience", { aud: ["a", "b"] }, { id: "user_2example", roles: ["admin"] }, { of: "clerk_id", ...clerkHeader }),
  ofClerk.refuse("clerk_a_pending_session_is_refused", { sts: "pending" }, "claim_value", clerkHeader),
  ofClerk.refuse("clerk_another_party_is_refused", { azp: "https://evil.example" }, "audience_mismatch", clerkHeader),
  ofClerk.refuse("clerk_a_party_with_a_slash_more_is_another", { azp: "https://shop.example/" }, "audience_mismatch", clerkHeader),
  ofClerk.refuse("clerk_a_token_without_party_is_refused", { azp: undefined }, "claim_missing", clerkHeader),
  ofClerk.refuse("clerk_an_audience_is_no_party", { azp: undefined, aud: "https://shop.example" }, "claim_missing", clerkHeader),
  ofClerk.refuse("clerk_a_party_that_is_a_list_is_of_the_wrong_type", { azp: ["https://shop.example"] }, "claim_type", clerkHeader),
  ofClerk.refuse("clerk_a_role_that_is_a_number_is_of_the_wrong_type", { o: { rol: 1 } }, "claim_type", clerkHeader),
  ofClerk.refuse("clerk_another_instance_is_refused", { iss: "https://clerk.evil.example" }, "issuer_unknown", clerkHeader),
  ofClerk.refuse("clerk_another_algorithm_is_not_allowed", {}, "algorithm_not_allowed", { headers: { alg: "RS384" }, keys: { [urls.clerk]: { keys: [rsa] } } }),
  ofClerk.refuse("clerk_an_expired_session_token_is_refused", { exp: now - 60 }, "expired", clerkHeader),
];

// Firebase
const ofFirebase = provider("firebase", firebase, urls.firebase, (changes) => ({
  iss: firebase,
  aud: "shop-project",
  auth_time: now - 100,
  user_id: "3SsUserOfTheShop",
  sub: "3SsUserOfTheShop",
  ...times,
  email: "ann@shop.example",
  email_verified: true,
  firebase: { identities: { email: ["ann@shop.example"] }, sign_in_provider: "password" },
  ...changes,
}));
const firebaseUser = { id: "3SsUserOfTheShop", authTime: now - 100 };
const firebaseAnonymous = { provider_id: "anonymous", email: undefined, email_verified: undefined, firebase: { identities: {}, sign_in_provider: "anonymous" } };
const firebaseGuest = (name, path, expect) => sent(name, "firebase", ofFirebase.build(firebaseAnonymous), expect, { ...ofFirebase.settings, path });

const firebaseCases = [
  ofFirebase.pass("firebase_an_id_token_is_a_user", {}, firebaseUser),
  ofFirebase.pass("firebase_an_id_token_is_one_by_its_profile_too", {}, firebaseUser, { of: "firebase_id" }),
  ofFirebase.pass("firebase_roles_of_its_own_claims_are_taken", { roles: ["admin"] }, { ...firebaseUser, roles: ["admin"] }),
  ofFirebase.pass("firebase_a_sign_in_of_now_is_taken", { auth_time: now }, { ...firebaseUser, authTime: now }, { of: "firebase_exact" }),
  ofFirebase.pass("firebase_a_sign_in_at_the_end_of_the_leeway_is_taken", { auth_time: now + 60 }, { ...firebaseUser, authTime: now + 60 }),
  ofFirebase.pass("firebase_a_user_who_merely_has_an_anonymous_identity_is_a_user", { provider_id: "anonymous" }, firebaseUser),
  firebaseGuest("firebase_an_anonymous_user_is_a_guest", "/public", allowed(principal({ kind: "guest", issuer: firebase, ...firebaseUser }), "GET /public")),
  firebaseGuest("firebase_an_anonymous_user_is_not_authenticated", "/me", unauthenticated("authentication_missing")),
  ofFirebase.refuse("firebase_a_sign_in_beyond_the_leeway_is_refused", { auth_time: now + 61 }, "claim_value"),
  ofFirebase.refuse("firebase_without_leeway_a_sign_in_in_a_second_is_refused", { auth_time: now + 1 }, "claim_value", { of: "firebase_exact" }),
  ofFirebase.refuse("firebase_a_token_without_sign_in_is_refused", { auth_time: undefined }, "claim_missing"),
  ofFirebase.refuse("firebase_a_sign_in_that_is_text_is_of_the_wrong_type", { auth_time: String(now) }, "claim_type"),
  ofFirebase.refuse("firebase_another_project_s_audience_is_refused", { aud: "other-project" }, "audience_mismatch"),
  ofFirebase.refuse("firebase_another_project_is_another_issuer", { iss: "https://securetoken.google.com/other-project", aud: "other-project" }, "issuer_unknown"),
  ofFirebase.refuse("firebase_a_session_cookie_is_of_another_issuer", { iss: "https://session.firebase.google.com/shop-project" }, "issuer_unknown"),
  ofFirebase.refuse("firebase_an_empty_user_is_refused", { sub: "" }, "claim_type"),
  ofFirebase.refuse("firebase_another_algorithm_is_not_allowed", {}, "algorithm_not_allowed", { headers: { alg: "PS512" }, keys: { [urls.firebase]: { keys: [rsa] } } }),
  ofFirebase.refuse("firebase_an_access_token_is_no_id_token", {}, "typ_mismatch", { of: "firebase_id", headers: { typ: "at+jwt" } }),
];

// Cloudflare Access: the token comes in a header of its own.
const ofCloudflare = provider(
  "cloudflare",
  cloudflare,
  urls.cloudflare,
  (changes) => ({
    aud: [accessTag],
    email: "ann@shop.example",
    ...times,
    nbf: now - 30,
    iss: cloudflare,
    type: "app",
    identity_nonce: "6ei69kawdKzMIAPF",
    sub: uuid,
    country: "DE",
    ...changes,
  }),
  { header: "cf-access-jwt-assertion" },
);
const cloudflareService = { email: undefined, nbf: undefined, identity_nonce: undefined, country: undefined, aud: accessTag, common_name: "e367826f93b8d71185e03fe518aff3b4.access", sub: "" };
const serviceId = "e367826f93b8d71185e03fe518aff3b4.access";

const cloudflareCases = [
  ofCloudflare.pass("cloudflare_an_application_token_is_a_user", {}, { id: uuid }),
  ofCloudflare.pass("cloudflare_a_single_audience_is_taken", { aud: accessTag }, { id: uuid }),
  ofCloudflare.pass("cloudflare_a_service_token_is_a_service", cloudflareService, { kind: "service", id: serviceId }),
  ofCloudflare.pass("cloudflare_a_service_token_without_sub_is_a_service", { ...cloudflareService, sub: undefined }, { kind: "service", id: serviceId }),
  ofCloudflare.pass("cloudflare_a_user_with_a_common_name_is_a_user", { common_name: serviceId }, { id: uuid }),
  ofCloudflare.refuse("cloudflare_a_session_of_the_organisation_is_refused", { type: "org" }, "claim_value"),
  ofCloudflare.refuse("cloudflare_a_token_without_type_is_refused", { type: undefined }, "claim_missing"),
  ofCloudflare.refuse("cloudflare_a_service_token_of_another_type_is_refused", { ...cloudflareService, type: "org" }, "claim_value"),
  ofCloudflare.refuse("cloudflare_another_application_is_refused", { aud: [accessTag.replace("3", "4")] }, "audience_mismatch"),
  ofCloudflare.refuse("cloudflare_another_team_is_refused", { iss: "https://evil.cloudflareaccess.com" }, "issuer_unknown"),
  ofCloudflare.refuse("cloudflare_nobody_is_refused", { sub: undefined }, "claim_missing"),
  ofCloudflare.refuse("cloudflare_an_empty_common_name_is_nobody", { ...cloudflareService, common_name: "" }, "claim_type"),
  ofCloudflare.refuse("cloudflare_a_common_name_that_is_a_number_is_of_the_wrong_type", { ...cloudflareService, common_name: 5 }, "claim_type"),
  ofCloudflare.refuse("cloudflare_a_user_that_is_a_number_is_of_the_wrong_type", { sub: 5, common_name: serviceId }, "claim_type"),
  ofCloudflare.refuse("cloudflare_another_algorithm_is_not_allowed", {}, "algorithm_not_allowed", { headers: { alg: "RS512" }, keys: { [urls.cloudflare]: { keys: [rsa] } } }),
  {
    name: "cloudflare_without_its_token_nobody_is_authenticated",
    config: "cloudflare",
    request: request("GET", "/me"),
    keys: {},
    expect: unauthenticated("authentication_missing"),
  },
  {
    name: "cloudflare_without_its_token_a_guest_is_a_guest",
    config: "cloudflare",
    request: request("GET", "/public"),
    keys: {},
    expect: allowed(guest(), "GET /public"),
  },
];

// This package's own sign-in side. A guest's token has `guest` in place of `sub`.
const ofPortcullis = provider("portcullis", portcullis, urls.portcullis, (changes) => ({
  iss: portcullis,
  aud: "api",
  sub: "u1",
  client_id: "web",
  sid: "s1",
  auth_time: now - 100,
  acr: "aal2",
  amr: ["pwd", "otp", "mfa"],
  roles: ["admin"],
  ...times,
  jti: "AAECAwQFBgcICQoLDA0ODw",
  ...changes,
}), { keys: { [urls.portcullis]: es256 } });
const portcullisKey = { headers: { typ: "at+jwt", alg: "ES256" }, key: "p256" };
const portcullisUser = { id: "u1", roles: ["admin"], acr: "aal2", amr: ["pwd", "otp", "mfa"], authTime: now - 100 };
const portcullisPass = (name, changes, who, more = {}) => ofPortcullis.pass(name, changes, who, { ...portcullisKey, ...more });
const portcullisRefuse = (name, changes, reason, more = {}) => ofPortcullis.refuse(name, changes, reason, { ...portcullisKey, ...more });
const visitor = { sub: undefined, guest: "g1", auth_time: undefined, acr: undefined, amr: undefined, roles: [] };
const portcullisVisitor = (name, path, expect, of = "portcullis") =>
  sent(name, of, ofPortcullis.build(visitor, portcullisKey.headers, portcullisKey.key), expect, { ...ofPortcullis.settings, path });
const visitorGuest = principal({ kind: "guest", issuer: portcullis, id: "g1" });

const portcullisCases = [
  portcullisPass("portcullis_an_access_token_is_a_user", {}, portcullisUser),
  portcullisPass("portcullis_a_client_that_acts_for_itself_is_a_service", { sub: "web" }, { ...portcullisUser, kind: "service", id: "web" }),
  portcullisVisitor("portcullis_a_guest_is_a_guest", "/public", allowed(visitorGuest, "GET /public")),
  portcullisVisitor("portcullis_a_guest_is_a_guest_of_any_profile_too", "/public", allowed(visitorGuest, "GET /public"), "portcullis_any"),
  portcullisVisitor("portcullis_a_guest_is_not_authenticated", "/me", unauthenticated("authentication_missing")),
  portcullisRefuse("portcullis_a_guest_is_nobody_where_guests_are_not_known", visitor, "claim_missing", { of: "portcullis_unknown" }),
  portcullisRefuse("portcullis_a_guest_that_is_no_text_is_nobody", { ...visitor, guest: true }, "claim_missing"),
  portcullisRefuse("portcullis_an_id_token_is_no_access_token", {}, "typ_mismatch", { headers: { typ: "JWT", alg: "ES256" } }),
  portcullisRefuse("portcullis_an_expired_guest_is_nobody", { ...visitor, exp: now - 60 }, "expired"),
];

export const cases = [
  ...auth0Cases,
  ...keycloakCases,
  ...cognitoCases,
  ...entraCases,
  ...exactCases,
  ...supabaseCases,
  ...clerkCases,
  ...firebaseCases,
  ...cloudflareCases,
  ...portcullisCases,
  sent(
    "the_role_of_a_preset_permits",
    "auth0",
    ofAuth0.build({ roles: ["admin"] }),
    allowed(principal({ issuer: auth0, ...auth0User, roles: ["admin"] }), "GET /reports", { permission: "read_reports" }),
    { url: urls.auth0, path: "/reports" },
  ),
  sent("a_user_of_a_preset_without_the_role_is_denied", "auth0", ofAuth0.build({}), permissionDenied(), { url: urls.auth0, path: "/reports" }),
];
