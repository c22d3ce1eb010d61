// The same page in Firefox, as Debian ships it, by WebDriver BiDi.

import { existsSync } from "node:fs";
import puppeteer from "puppeteer-core";
import { serve } from "./chromium.mjs";

/** Opens the built page; `close` ends browser and server. */
export async function openPageInFirefox() {
  const server = await serve();
  const browser = await launchFirefox();
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

export function launchFirefox() {
  return puppeteer.launch({
    browser: "firefox",
    executablePath: executable(),
    headless: true,
    // Nothing but the page: no updates, no telemetry, no captive portal.
    extraPrefsFirefox: {
      "app.update.auto": false,
      "browser.safebrowsing.downloads.remote.enabled": false,
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
    },
  });
}

function executable() {
  const paths = [process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"];
  const found = paths.find((path) => path !== undefined && existsSync(path));
  if (found === undefined) throw new Error("there is no Firefox: name it in FIREFOX");
  return found;
}
