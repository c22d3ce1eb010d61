// A real OpenID provider (oidc-provider) on loopback. What it knows outlives a rotation of its keys and a stop.

import { once } from "node:events";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";
import { generation } from "./keys.mjs";
import { Memory } from "./memory.mjs";

// The hybrid flow is there for its ID token: this provider binds one to an access token (at_hash) only where both come
// through the browser.
const responseTypes = ["code", "code id_token token"];

const week = 7 * 24 * 3600;

export const audience = "https://api.example";
export const redirectUri = "https://app.example/callback";

/** A confidential client that acts for itself. */
export const machine = { id: "machine", secret: "TEST ONLY: the secret of the machine" };

/** The API itself, which asks about opaque tokens. Its names are such that RFC 6749 §2.3.1 matters. */
export const gate = { id: "gate:of the api", secret: "TEST ONLY: 100% + a/b & c=d" };

/** A public client for the code flow; its ID tokens are signed with that algorithm. */
export const clientFor = (algorithm) => `app-${algorithm}`;

/** The indicator (RFC 8707) of the API: its access tokens are signed with that algorithm, or `opaque`. */
export const resourceFor = (kind) => `${audience}/${kind}`;

/** Starts a provider on a free port of the loopback address. */
export async function startProvider(algorithms) {
  const store = new Map();
  const generations = [await generation(algorithms, 1)];
  let made = 1;
  let place = "/jwks";
  let provider;
  let isKnown = true;
  const server = createServer((request, response) => {
    if (isKnown || !request.url.startsWith("/.well-known/")) return serve(provider, request, response);
    return response.writeHead(503).end();
  });
  await listen(server, 0);
  const { port } = server.address();
  const issuer = `http://127.0.0.1:${port}`;
  const load = () => {
    provider = new Provider(issuer, configuration({ algorithms, keys: generations.flat(), place, store }));
  };
  load();

  return {
    issuer,

    /** Signs with new keys from now on, and publishes the old ones beside them until they are withdrawn. */
    async rotate() {
      generations.unshift(await generation(algorithms, (made += 1)));
      load();
    },

    /** Publishes the newest keys alone. */
    withdraw() {
      generations.splice(1);
      load();
    },

    /** Publishes its keys at another path; the old one is gone. Where they are now. */
    moveKeys() {
      place += "-moved";
      load();
      return issuer + place;
    },

    /** Whether it says of itself what it is. */
    tellMetadata(told) {
      isKnown = told;
    },

    async stop() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },

    async start() {
      if (!server.listening) await listen(server, port);
    },
  };
}

async function listen(server, port) {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
}

function configuration({ algorithms, keys, place, store }) {
  const bare = { grant_types: [], redirect_uris: [], response_types: [], id_token_signed_response_alg: algorithms[0] };
  return {
    adapter: class extends Memory {
      constructor(model) {
        super(model, store);
      }
    },
    jwks: { keys },
    routes: { jwks: place },
    clients: [
      ...algorithms.map((algorithm) => ({
        client_id: clientFor(algorithm),
        token_endpoint_auth_method: "none",
        id_token_signed_response_alg: algorithm,
        redirect_uris: [redirectUri],
        grant_types: ["authorization_code", "implicit"],
        response_types: responseTypes,
      })),
      { ...bare, client_id: machine.id, client_secret: machine.secret, grant_types: ["client_credentials"] },
      { ...bare, client_id: gate.id, client_secret: gate.secret },
    ],
    enabledJWA: { idTokenSigningAlgValues: algorithms },
    responseTypes,
    scopes: ["openid"],
    cookies: { keys: ["TEST ONLY: the key of the cookies"] },
    // Longer than the tests move the clock.
    ttl: { AccessToken: week, ClientCredentials: week, IdToken: week, Grant: week, Session: week, Interaction: 600 },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    extraTokenClaims: (_context, token) => (token.kind === "AccessToken" ? { roles: ["editor"] } : undefined),
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: (_context, client) => client.clientId === gate.id },
      revocation: { enabled: true, allowedPolicy: (_context, client, token) => client.clientId === token.clientId },
      dPoP: { enabled: true },
      resourceIndicators: { enabled: true, getResourceServerInfo: (_context, indicator) => resourceServer(indicator) },
    },
  };
}

function resourceServer(indicator) {
  const kind = indicator.slice(audience.length + 1);
  const shared = { audience, scope: "notes:read notes:write" };
  return kind === "opaque" ? { ...shared, accessTokenFormat: "opaque" } : { ...shared, accessTokenFormat: "jwt", jwt: { sign: { alg: kind } } };
}

/** The provider's own endpoints, and beside them the page where a user signs in and consents. */
async function serve(provider, request, response) {
  if (!request.url.startsWith("/interaction/")) {
    provider.callback()(request, response);
    return;
  }
  try {
    const interaction = await provider.interactionDetails(request, response);
    if (request.method === "POST") {
      await provider.interactionFinished(request, response, await submitted(provider, interaction, await read(request)));
    } else {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ prompt: interaction.prompt.name }));
    }
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error));
  }
}

/** What the user's answer means: who they are, or that the client may. */
async function submitted(provider, { prompt, params, session }, form) {
  if (prompt.name === "login") return { login: { accountId: form.get("account") } };
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  const { missingOIDCScope = [], missingResourceScopes = {} } = prompt.details;
  grant.addOIDCScope(missingOIDCScope.join(" "));
  for (const [indicator, scopes] of Object.entries(missingResourceScopes)) grant.addResourceScope(indicator, scopes.join(" "));
  return { consent: { grantId: await grant.save() } };
}

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
