// An app with a worker.js and a wrangler.json, bundled by wrangler as a user would, in workerd.

import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { home, tools } from "./home.mjs";

const outputOf = (app) => join(home, app, "out");

/** Bundles it; the names of the files that wrangler wrote. */
export function bundleWorker(app = "worker") {
  const output = outputOf(app);
  execFileSync(process.execPath, [join(tools, "wrangler/bin/wrangler.js"), "deploy", "--dry-run", "--outdir", output], {
    cwd: join(home, app),
    env: { ...process.env, CI: "1", WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true", WRANGLER_LOG_PATH: join(home, app, "logs") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return readdirSync(output);
}

/** Serves the bundle; `options` are miniflare's. */
export function serveWorker(app = "worker", options = {}) {
  return new Miniflare({ ...worker(app), ...options });
}

/** Serves the bundle in isolates of these names, which share the KV namespaces and nothing else. */
export function serveIsolates(app, names, options) {
  return new Miniflare({ workers: names.map((name) => ({ ...worker(app), ...options, name })) });
}

function worker(app) {
  const output = outputOf(app);
  const modules = readdirSync(output)
    .filter((name) => /\.(js|wasm)$/.test(name))
    .sort((name) => (name === "worker.js" ? -1 : 1))
    .map((name) => ({ type: name.endsWith(".wasm") ? "CompiledWasm" : "ESModule", path: join(output, name) }));
  return { modules, modulesRoot: output, compatibilityDate: "2026-04-01" };
}
