// Opens the demo: a key set on loopback, the Worker in workerd with its database, and the accounts. Keys and secrets are
// made anew each time, and end with the process.
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Miniflare, Response } from "miniflare";
import { SigningKey } from "portcullis/issuer";
import { eventLog } from "./events.mjs";
import { makeIdentities, trustFor } from "./identities.mjs";
import { seed } from "./seed.mjs";

const host = "127.0.0.1";
const seconds = () => Math.floor(Date.now() / 1000);
const file = (name) => new URL(name, import.meta.url);

/**
 * `port`: 0 for any that is free. `accounts`: who is there from the start. `clock`: TEST ONLY, a function that says by how
 * many seconds the sign-in side's clock is moved.
 */
export async function openDemo({ port, accounts, clock }) {
  const identities = makeIdentities();
  const keyServer = await serveKeys(identities.jwks);
  const events = eventLog();
  const wrangler = JSON.parse(readFileSync(file("wrangler.json"), "utf8"));
  const worker = new Miniflare({
    host,
    port,
    compatibilityDate: wrangler.compatibility_date,
    cf: false, // else Miniflare fetches an example of it
    modules: workerModules(),
    assets: {
      directory: file("dist/page").pathname,
      binding: "ASSETS",
      // The Worker runs first, so that nothing is served beside the guard.
      routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true },
    },
    d1Databases: ["DB"],
    durableObjects: { STORE: { className: "StoreObject", useSQLite: true } },
    bindings: {
      TRUST: trustFor(`${keyServer.origin}/jwks.json`),
      SIGNING_KEY: JSON.stringify((await SigningKey.generate("EdDSA")).privateJwk()),
      REFRESH_SECRET: randomBytes(32).toString("base64url"),
      SEALING_KEY: randomBytes(32).toString("base64"),
    },
    serviceBindings: {
      AUDIT: events.service,
      IDENTITIES: () => Response.json(identities.mint(seconds())),
      ...(clock !== undefined && { CLOCK: () => new Response(String(clock())) }),
    },
  });
  const { origin } = await worker.ready;
  const seeded = await seed(await worker.getD1Database("DB"), accounts, seconds());
  const close = async () => {
    await worker.dispose();
    keyServer.close();
  };
  return { origin, worker, identities, events, accounts: seeded, close };
}

function workerModules() {
  const folder = "dist/worker";
  const entry = { type: "ESModule", path: "worker.js", contents: readFileSync(file(`${folder}/worker.js`), "utf8") };
  const compiled = readdirSync(file(folder)).filter((name) => name.endsWith(".wasm"));
  return [entry, ...compiled.map((name) => ({ type: "CompiledWasm", path: name, contents: readFileSync(file(`${folder}/${name}`)) }))];
}

async function serveKeys(jwks) {
  const server = createServer((request, response) => {
    const found = request.url === "/jwks.json";
    response.writeHead(found ? 200 : 404, { "content-type": "application/json" });
    response.end(found ? JSON.stringify(jwks) : "{}");
  });
  const port = await listen(server, 0);
  return { origin: `http://${host}:${port}`, close: () => server.close().closeAllConnections() };
}

/** Resolves with the port. */
export function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve(server.address().port));
  });
}
