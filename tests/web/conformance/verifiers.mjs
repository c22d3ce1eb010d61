// Everything that verifies for the package in JavaScript: the core in wasm with the cryptography of each runtime.
//
// They find what they need in target/conformance: `wasm/`, `wasm-full/` and `cases/` are made by `make conformance-rust`, `package/`
// and `app/` here.

import { cpSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Miniflare } from "miniflare";
import { launchChromium, serve } from "../chromium.mjs";
import { launchFirefox } from "../firefox.mjs";
import { here, root } from "../home.mjs";
import { folder, made, openCore } from "./core.mjs";
import { judge } from "./judge.mjs";

/** Puts the package's modules and the app beside the cases. */
export function prepare() {
  made("cases", "wasm/core_bg.wasm", "wasm-full/core_bg.wasm");
  cpSync(join(root, "pkg/dist"), join(folder, "package"), { recursive: true });
  cpSync(join(here, "conformance"), join(folder, "app"), { recursive: true });
}

/** By name; each opens to `{ judge(suite, path), close() }`. */
export const verifiers = {
  "Node, node:crypto": () => inNode("node"),
  "Node, Web Cryptography": () => inNode("webcrypto"),
  "Node, full.wasm": () => inNode("node", "wasm-full"),
  workerd: inWorkerd,
  Chromium: () => inBrowser(launchChromium),
  Firefox: () => inBrowser(launchFirefox),
};

async function inNode(host, made = "wasm") {
  const core = await openCore(made);
  const { Verifier } = await import(pathToFileURL(join(folder, `package/host/${host}.js`)).href);
  return { judge: (suite) => judge({ core, Verifier }, suite), close() {} };
}

async function inWorkerd() {
  const worker = new Miniflare({
    modules: true,
    modulesRoot: folder,
    scriptPath: join(folder, "app/worker.mjs"),
    modulesRules: [
      { type: "ESModule", include: ["**/*.js", "**/*.mjs"] },
      { type: "CompiledWasm", include: ["**/*.wasm"] },
    ],
    compatibilityDate: "2026-04-01",
  });
  const answer = async (suite) => {
    const response = await worker.dispatchFetch("http://worker.example/", { method: "POST", body: JSON.stringify(suite) });
    return response.json();
  };
  return { judge: answer, close: () => worker.dispose() };
}

async function inBrowser(launch) {
  const server = await serve(folder, ".");
  const browser = await launch();
  const close = async () => {
    await browser.close();
    await server.close();
  };
  const page = await browser.newPage();
  await page.goto(new URL("app/page.html", server.url).href);
  await page.waitForFunction("globalThis.judge !== undefined");
  return { judge: (_, path) => page.evaluate((url) => globalThis.judge(url), `/${path}`), close };
}
