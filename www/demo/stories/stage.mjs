// Where stories play: a demo of its own for each browser.
import assert from "node:assert/strict";
import { env } from "node:process";
import { chromium, firefox } from "playwright-core";
import { codeAt } from "./code.mjs";
import { openHouse } from "./house.mjs";

/** How each browser is started. Debian's Firefox is driven as it is, by WebDriver BiDi. */
export const browsers = {
  chromium: () => chromium.launch({ executablePath: env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] }),
  firefox: () => firefox.launch({ channel: "moz-firefox", executablePath: env.FIREFOX ?? "/usr/bin/firefox-esr" }),
};

const patienceMs = 15_000;

/** Opens the demo and the browser. */
export async function openStage(launch) {
  const house = await openHouse();
  const browser = await launch().catch(async (error) => {
    await house.close();
    throw error;
  });
  const stage = {
    ...house,
    /** Somebody at a computer of their own, on the page of that path. */
    async visitor(path = "") {
      const context = await browser.newContext({ viewport: { width: 1100, height: 900 } });
      const page = await context.newPage();
      page.setDefaultTimeout(patienceMs);
      const errors = [];
      page.on("pageerror", (error) => errors.push(error.message));
      const visitor = visitorOf(stage, page, errors);
      await visitor.open(path);
      return visitor;
    },
    async close() {
      await browser.close();
      await house.close();
    },
  };
  return stage;
}

/** What a visitor does and sees, in their words. */
function visitorOf(stage, page, errors) {
  let secret = "";
  const visitor = {
    page,
    async open(path) {
      await page.goto(`${stage.origin}/account/${path}`);
      await page.locator("#view h1").waitFor();
    },
    async go(link) {
      await page.getByRole("navigation").getByRole("link", { name: link, exact: true }).click();
    },
    press: (name) => page.getByRole("button", { name, exact: true }).click(),
    fill: (label, text) => page.getByLabel(label, { exact: true }).fill(text),
    /** Waits until the page says it, where a screen reader hears it. */
    hears: (text) => page.locator("[role=status], [role=alert]").filter({ hasText: text }).first().waitFor(),
    heading: (text) => page.getByRole("heading", { name: text, exact: true }).waitFor(),
    async signUp(name, password) {
      await visitor.go("Sign up");
      await visitor.fill("Name", name);
      await visitor.fill("Password", password);
      await visitor.press("Sign up");
    },
    /** The first step. */
    async knock({ name, password }) {
      await visitor.go("Sign in");
      await visitor.heading("Sign in");
      await visitor.fill("Name", name);
      await visitor.fill("Password", password);
      await visitor.press("Sign in");
    },
    async signIn(account) {
      await visitor.knock(account);
      await visitor.hears(`Welcome, ${account.name}.`);
    },
    /** The code that the visitor's authenticator shows. A new one, because each works once: time passes. */
    nextCode() {
      stage.moveClock(31);
      return visitor.sameCode();
    },
    sameCode: () => codeAt(secret, stage.now()),
    /** Sets up an authenticator; answers the recovery codes. */
    async setUpAuthenticator() {
      await visitor.go("Security");
      await visitor.press("Set up an authenticator");
      secret = await page.locator("#secret").textContent();
      await visitor.fill("Code", visitor.nextCode());
      await visitor.press("Turn on");
      await page.getByRole("list", { name: "Recovery codes" }).waitFor();
      const codes = await page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").allTextContents();
      await visitor.press("I have kept them");
      return codes;
    },
    /** The same authenticator, at another computer. */
    takeAuthenticatorOf(other) {
      secret = other.secret();
    },
    secret: () => secret,
    /** Asks the server from within the page, with the page's cookies and nothing of its script. */
    ask: (method, path, body) =>
      page.evaluate(
        async ([method, path, body]) => {
          const init = body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
          const response = await fetch(path, { method, ...init });
          return { status: response.status, body: await response.json() };
        },
        [method, path, body],
      ),
    /** Whoever leaves has seen no error of the page. */
    async leave() {
      await page.context().close();
      assert.deepEqual(errors, []);
    },
  };
  return visitor;
}
