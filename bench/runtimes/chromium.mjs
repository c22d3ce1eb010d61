// The suite in Chromium, in a page that is cross-origin isolated, which makes its clock twenty times as fine.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { root } from "../../tests/web/home.mjs";
import { launchChromium } from "../../tests/web/chromium.mjs";
import { bundled } from "./bundle.mjs";

const folder = join(root, "target/bench/chromium");
const origin = "https://bench.example";
const types = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const headers = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

let version = "";
export const about = () => `Chromium ${version}`;

export async function run(tell) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await bundled("chromium", join(import.meta.dirname, "suite.chromium.mjs"), folder);
  writeFileSync(join(folder, "index.html"), '<!doctype html><title>bench</title><script type="module" src="/worker.js"></script>');
  const browser = await launchChromium();
  try {
    version = browser.version();
    const page = await browser.newPage();
    await page.route(`${origin}/**`, (route) => {
      const { pathname } = new URL(route.request().url());
      const name = pathname === "/" ? "index.html" : pathname.slice(1);
      return route.fulfill({ body: readFileSync(join(folder, name)), headers: { ...headers, "content-type": types[extname(name)] } });
    });
    const tools = await page.context().newCDPSession(page);
    await page.exposeFunction("collectGarbage", () => tools.send("HeapProfiler.collectGarbage"));
    await page.exposeFunction("tell", tell);
    await page.goto(`${origin}/`);
    await page.waitForFunction("globalThis.runSuite !== undefined");
    if (!(await page.evaluate("crossOriginIsolated"))) throw new Error("the page is not cross-origin isolated");
    await page.evaluate("globalThis.runSuite()");
  } finally {
    await browser.close();
  }
}
