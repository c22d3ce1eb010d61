// Opens the demo: a key set on loopback, the Worker in workerd with its data, and the accounts.
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Miniflare, Response } from "miniflare";
import { dataIn } from "./data.mjs";
import { eventLog } from "./events.mjs";
import { makeIdentities, trustFor } from "./identities.mjs";
import { seed } from "./seed.mjs";

const host = "127.0.0.1";
const seconds = () => Math.floor(Date.now() / 1000);
const file = (name) => new URL(name, import.meta.url);

/**
 * `port`: 0 for any that is free. `accounts`: who is there from the start, where nobody is there yet; answered with the
 * passwords of that time, or `null`. `folder`: where its data is, `null` for memory. `clock`: TEST ONLY, a function that says by how
 * many seconds the sign-in side's clock is moved.
 */
export async function openDemo({ port, accounts, folder, clock }) {
  const identities = makeIdentities();
  const keyServer = await serveKeys(identities.jwks);
  const events = eventLog();
  const wrangler = JSON.parse(readFileSync(file("wrangler.json"), "utf8"));
  const { bindings, ...data } = dataIn(folder);
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
    ...data,
    ratelimits: Object.fromEntries(wrangler.ratelimits.map(({ name, simple }) => [name, { simple }])),
    bindings: { ...bindings, TRUST: trustFor(`${keyServer.origin}/jwks.json`) },
    serviceBindings: {
      AUDIT: events.service,
      IDENTITIES: () => Response.json(identities.mint(seconds())),
      ...(clock !== undefined && { CLOCK: () => new Response(String(clock())) }),
    },
  });
  const { origin } = await worker.ready;
  const seeded = await seed(await worker.getD1Database("DB"), accounts, folder, seconds());
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
