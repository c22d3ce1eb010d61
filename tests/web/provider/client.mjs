// An app that signs its users in, and one that acts for itself: the flows of OAuth 2.0 and OpenID Connect by plain fetch.

import { createHash, randomBytes } from "node:crypto";
import { redirectUri } from "./provider.mjs";

/** What the provider says of itself (OpenID Connect Discovery 1.0 §4). */
export async function metadataOf(issuer) {
  return json(await fetch(`${issuer}/.well-known/openid-configuration`));
}

/**
 * The code flow with PKCE (RFC 7636): the browser is sent to the provider, the user signs in and consents, and the
 * code is exchanged. With a `proofKey` the access token is bound to it.
 */
export async function signIn(issuer, request) {
  const { metadata, answer, exchange } = await authorize(issuer, { ...request, responseType: "code" });
  return token(metadata, { ...exchange, code: answer.get("code") }, request);
}

/** The hybrid flow (OpenID Connect Core §3.3): the tokens that came through the browser, and those of the code. */
export async function signInHybrid(issuer, request) {
  const { metadata, answer, exchange } = await authorize(issuer, { ...request, responseType: "code id_token token" });
  return { front: Object.fromEntries(answer), back: await token(metadata, { ...exchange, code: answer.get("code") }, request) };
}

async function authorize(issuer, { client, resource, nonce, responseType, scope = "openid notes:read", account = "ann" }) {
  const metadata = await metadataOf(issuer);
  const verifier = randomBytes(32).toString("base64url");
  const state = randomBytes(16).toString("base64url");
  const authorization = new URL(metadata.authorization_endpoint);
  authorization.search = form({
    response_type: responseType,
    client_id: client,
    redirect_uri: redirectUri,
    scope,
    resource,
    nonce,
    state,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const answer = await browse(authorization, account);
  // Beside an ID token the answer does not say whose it is (RFC 9207 §2.4).
  const isOurs = answer.get("state") === state && (answer.has("id_token") || answer.get("iss") === issuer);
  if (!isOurs) throw new Error(`the answer is for somebody else: ${answer}`);
  const exchange = { grant_type: "authorization_code", client_id: client, redirect_uri: redirectUri, code_verifier: verifier, resource };
  return { metadata, answer, exchange };
}

/** The client credentials grant (RFC 6749 §4.4). */
export async function clientToken(issuer, { credentials, resource, scope = "notes:read", proofKey }) {
  return token(await metadataOf(issuer), { grant_type: "client_credentials", resource, scope }, { credentials, proofKey });
}

/** RFC 7009. */
export async function revoke(issuer, { client, token: revoked }) {
  const { revocation_endpoint: url } = await metadataOf(issuer);
  const response = await fetch(url, { method: "POST", body: new URLSearchParams({ token: revoked, client_id: client }) });
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}

async function token({ token_endpoint: url }, parameters, { credentials, proofKey }) {
  const headers = {
    ...(credentials === undefined ? {} : { authorization: basic(credentials) }),
    ...(proofKey === undefined ? {} : { dpop: proofKey.proof("POST", url) }),
  };
  return json(await fetch(url, { method: "POST", headers, body: new URLSearchParams(form(parameters)) }));
}

/** A user in a browser: follows where it is sent, answers what it is asked, and ends at the app. */
async function browse(url, account) {
  const cookies = new Map();
  let request = [url, {}];
  for (let steps = 0; steps < 20; steps += 1) {
    const [place, init] = request;
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(place, { ...init, headers: { cookie }, redirect: "manual" });
    for (const set of response.headers.getSetCookie()) keep(cookies, set);
    const location = response.headers.get("location");
    if (location === null) {
      const { prompt } = await json(response);
      request = [place, { method: "POST", body: new URLSearchParams(prompt === "login" ? { account } : {}) }];
      continue;
    }
    const next = new URL(location, place);
    if (next.origin + next.pathname === redirectUri) return new URLSearchParams(next.search || next.hash.slice(1));
    request = [next, {}];
  }
  throw new Error("the provider sends the browser round in circles");
}

function keep(cookies, set) {
  const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
  if (value === "") cookies.delete(name);
  else cookies.set(name, value);
}

function basic({ id, secret }) {
  const encoded = [id, secret].map((text) => form({ "": text }).slice(1));
  return `Basic ${Buffer.from(encoded.join(":")).toString("base64")}`;
}

function form(parameters) {
  return new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined)).toString();
}

async function json(response) {
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.url} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}
