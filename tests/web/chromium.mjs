// The app in apps/page, built by Vite as a user would, in Chromium.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { build, preview } from "vite";
import { home } from "./home.mjs";

const app = join(home, "page");

/** Builds the page; Vite's own account of what it wrote. */
export async function buildPage() {
  return build({ root: app, configFile: false, logLevel: "error", build: { outDir: "out" } });
}

/** Serves a folder, else the built page; its URL. */
export async function serve(root = app, outDir = "out") {
  const server = await preview({ root, configFile: false, logLevel: "error", build: { outDir }, preview: { host: "127.0.0.1", port: 0 } });
  return { url: server.resolvedUrls.local[0], close: () => server.close() };
}

/** Opens the built page; `close` ends browser and server. */
export async function openPage() {
  const server = await serve();
  const browser = await launchChromium();
  const close = async () => {
    await browser.close();
    await server.close();
  };
  const page = await browser.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(error));
  await page.goto(server.url);
  await page.waitForFunction("globalThis.runVectors !== undefined");
  return { page, problems, close };
}

export function launchChromium() {
  return chromium.launch({ executablePath: executable(), headless: true, args: flags });
}

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function executable() {
  const paths = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const found = paths.find((path) => path !== undefined && existsSync(path));
  if (found === undefined) throw new Error("there is no Chromium: name it in CHROMIUM");
  return found;
}
