// The demo in a browser: what a visitor does, with mouse and keyboard, and what a screen reader finds.
// `node setup.mjs` comes before it. Chromium is taken from CHROMIUM, else from Debian's place.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env, execPath } from "node:process";
import { after, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const folder = fileURLToPath(new URL(".", import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const { identities } = JSON.parse(readFileSync(new URL("identities.json", import.meta.url), "utf8"));
const originalPolicy = readFileSync(new URL("policy.json", import.meta.url), "utf8");

let demo;
let data;
let output = "";
let origin;
let browser;
let page;

before(async () => {
  const { CI: _, ...visitor } = env;
  data = mkdtempSync(join(tmpdir(), "wicket-press-"));
  demo = spawn(execPath, ["run.mjs"], { cwd: folder, env: { ...visitor, PORT: "0", DATA: data }, stdio: ["ignore", "pipe", "inherit"] });
  origin = await new Promise((resolve, reject) => {
    demo.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
      const found = /The page: (\S+)\/demo\//.exec(output);
      if (found !== null) resolve(found[1]);
    });
    demo.once("exit", (code) => reject(new Error(`the demo ended with ${code}\n${output}`)));
  });
  browser = await chromium.launch({ executablePath: env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
});

after(async () => {
  await browser?.close();
  if (demo?.exitCode === null) {
    demo.kill("SIGTERM");
    await once(demo, "exit");
  }
  rmSync(data, { recursive: true });
});

beforeEach(async () => {
  await page?.context().close();
  await fetch(`${origin}/demo/policy`, { method: "POST", body: originalPolicy });
  page = await open({ width: 1280, height: 900 });
});

test("every_answer_of_the_table_is_the_expected_one", () => {
  assert.match(output, /(\d+) of \1 answers are the expected ones/);
  assert.doesNotMatch(output, /✗/);
});

test("the_page_and_the_server_agree_for_every_identity", async () => {
  for (const { name, label } of identities) {
    await choose(label);
    const cells = await page.locator("#routes tr").allTextContents();
    assert.equal(cells.length, 12, name);
    assert.deepEqual(await page.locator("#routes tr.differs").count(), 0, `${name}: ${await round()}`);
  }
});

test("a_stranger_finds_the_article_shut_and_reads_why", async () => {
  await choose("Editor, stranger to article 1");
  await send("PUT /articles/1");
  assert.match(await text("#verdict"), /Shut: 403 Forbidden/);
  assert.match(await text("#told"), /Challenge\s*none/);
  assert.match(await text("#body"), /"code": "not_allowed"/);
  assert.doesNotMatch(await text("#body"), /not_owner/);
  assert.match(await text("#logged"), /Reason\s*not_owner/);
  assert.match(await text("#explained"), /author_id is "olga", the principal is "stan"/);
});

test("an_expired_token_has_a_challenge_and_no_principal", async () => {
  await choose("Expired");
  await send("GET /me");
  assert.match(await text("#told"), /Bearer realm="wicket-press", error="invalid_token", error_description="Invalid or expired token"/);
  assert.match(await text("#logged"), /Reason\s*expired/);
  assert.match(await text("#principal"), /none: invalid or expired token/);
  assert.match(await text("#summary"), /no principal/);
});

test("another_request_may_name_any_path", async () => {
  await page.getByLabel("Path").fill("/nowhere");
  await page.locator("#other").getByRole("button", { name: "Send" }).click();
  await said("#verdict", /GET \/nowhere as Guest/);
  assert.match(await text("#logged"), /Reason\s*route_undeclared/);
});

test("an_edited_policy_moves_the_gates_of_the_server_and_of_the_page", async () => {
  await choose("Viewer");
  assert.deepEqual(await gatesOf("DELETE /posts/1"), ["shut 403", "shut can"]);
  const edited = originalPolicy.replace('"permits": ["read_users"]', '"permits": ["read_users", "delete_post"]');
  await page.getByLabel("Policy document (JSON)").fill(edited);
  await page.getByRole("button", { name: "Apply" }).click();
  await said("#policy-changes", /DELETE \/posts\/\{id\}: shut 403 → open 200/);
  assert.deepEqual(await gatesOf("DELETE /posts/1"), ["open 200", "open can"]);
  await page.getByRole("button", { name: "Back to the original" }).click();
  await said("#policy-changes", /DELETE \/posts\/\{id\}: open 200 → shut 403/);
});

test("every_change_to_try_does_what_it_says", async () => {
  const tries = [
    ["Viewer", "Viewers may delete posts", /DELETE \/posts\/\{id\}: shut 403 → open 200/],
    ["Editor, stranger to article 1", "Editors may change every article", /PUT \/articles\/\{id\}: shut 403 → open 200/],
    ["Guest", "Articles for everyone but guests", /GET \/articles: open 200 → shut 401/],
    ["Editor, stranger to article 1", "Hide what may not be changed", /PUT \/articles\/\{id\}: shut 403 → shut 404/],
    ["Admin", "Forget to declare the admin panel", /GET \/admin-panel: open 200 → shut 403/],
  ];
  for (const [label, change, moved] of tries) {
    await page.getByRole("button", { name: "Back to the original" }).click();
    await choose(label);
    await page.getByRole("button", { name: change }).click();
    await said("#policy-changes", moved);
    assert.equal(await page.locator("#routes tr.differs").count(), 0, change);
  }
});

test("a_policy_that_does_not_load_names_the_path_and_changes_nothing", async () => {
  await choose("Moderator");
  const before = await round();
  await page.getByRole("button", { name: "Misspell a role" }).click();
  await said("#policy-problem", /roles\.moderator\.inherits\[0\]/);
  assert.equal(await round(), before);
  await page.getByRole("button", { name: "Go there" }).click();
  const selected = await page.evaluate(() => {
    const area = document.activeElement;
    return area.value.slice(area.selectionStart, area.selectionEnd);
  });
  assert.equal(selected, '"veiwer"');
  const answer = await fetch(`${origin}/demo/policy`, { method: "POST", body: originalPolicy.replace('"inherits": ["viewer"], "permits": ["delete_post"]', '"inherits": ["veiwer"]') });
  assert.equal(answer.status, 422);
  assert.equal((await answer.json()).path, "roles.moderator.inherits[0]");
});

test("a_text_that_is_no_json_is_refused_with_words", async () => {
  await page.getByLabel("Policy document (JSON)").fill('{ "policy": ');
  await page.getByRole("button", { name: "Apply" }).click();
  await said("#policy-problem", /does not load/);
  assert.equal(await page.locator("#policy-text").getAttribute("aria-invalid"), "true");
  await page.getByRole("button", { name: "Go there" }).click();
  assert.equal(await page.evaluate(() => document.activeElement.selectionStart), '{ "policy":'.length + 1);
});

test("the_keyboard_alone_is_enough", async () => {
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Skip to the demo");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.value), "guest");
  await page.keyboard.press("ArrowDown");
  await said("#round", /for Viewer/);
  while ((await focused()) !== "DELETE /posts/1") await page.keyboard.press("Tab");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid");
  await page.keyboard.press("Enter");
  await said("#verdict", /DELETE \/posts\/1 as Viewer/);
  while ((await page.evaluate(() => document.activeElement.id)) !== "policy-text") await page.keyboard.press("Tab");
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(originalPolicy.replace('"permits": ["read_users"]', '"permits": ["delete_post"]'));
  await page.keyboard.press("Control+Enter");
  await said("#policy-changes", /DELETE \/posts\/\{id\}: shut 403 → open 200/);
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Apply");
});

test("axe_finds_nothing_in_light_and_dark_on_phone_and_desk", async () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [360, 768, 1280]) {
      await page.context().close();
      page = await open({ width, height: 800 }, { colorScheme });
      await send("PUT /articles/1");
      await page.locator("#credential").evaluate((details) => (details.open = true));
      assert.deepEqual(await violations(), [], `${colorScheme} ${width}`);
      await page.getByRole("button", { name: "Misspell a role" }).click();
      await said("#policy-problem", /does not load/);
      assert.deepEqual(await violations(), [], `${colorScheme} ${width}, with a problem`);
      await page.getByRole("button", { name: "Viewers may delete posts" }).click();
      await said("#policy-changes", /In force/);
      assert.deepEqual(await violations(), [], `${colorScheme} ${width}, after a change`);
      await page.getByRole("button", { name: "Back to the original" }).click();
      await said("#policy-changes", /In force/);
    }
  }
});

test("nothing_is_wider_than_a_phone", async () => {
  await page.context().close();
  page = await open({ width: 360, height: 740 });
  for (const label of ["Two credentials", "Admin"]) {
    await choose(label);
    await page.locator("#credential").evaluate((details) => (details.open = true));
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, label);
  }
});

test("a_visitor_who_wants_no_motion_gets_none", async () => {
  await page.context().close();
  page = await open({ width: 1280, height: 900 }, { reducedMotion: "reduce" });
  const durations = await page.locator(".gate .grid").evaluateAll((grids) => grids.map((grid) => getComputedStyle(grid).transitionDuration));
  assert.deepEqual([...new Set(durations)], ["0s"]);
});

test("the_demos_own_side_is_for_this_page_on_loopback_only", async () => {
  const post = (headers) => ask("POST", "/demo/policy", headers);
  assert.equal(await post({ origin: "https://elsewhere.example" }), 403);
  assert.equal(await post({ host: "elsewhere.example" }), 403);
  assert.equal(await ask("GET", "/demo/identities", { host: "elsewhere.example" }), 403);
});

test("an_interrupt_ends_the_demo_cleanly", async () => {
  await page.context().close();
  page = undefined;
  const ended = new Promise((resolve) => demo.once("exit", (code, signal) => resolve([code, signal])));
  demo.kill("SIGINT");
  assert.deepEqual(await ended, [0, null]);
});

async function open(viewport, more = {}) {
  const context = await browser.newContext({ viewport, ...more });
  const opened = await context.newPage();
  opened.setDefaultTimeout(10_000);
  opened.on("pageerror", (error) => assert.fail(error));
  await opened.goto(`${origin}/demo/`);
  await opened.waitForFunction(() => !document.querySelector("#answer-parts").hidden);
  return opened;
}

async function choose(label) {
  await page.getByRole("radio", { name: label, exact: true }).check({ force: true });
  await page.waitForFunction((label) => document.querySelector("#verdict .request").textContent.endsWith(` as ${label}`), label);
}

async function send(name) {
  await page.getByRole("button", { name, exact: true }).click();
  await page.waitForFunction((name) => document.querySelector("#verdict .request").textContent.startsWith(`${name} as `), name);
}

async function said(selector, pattern) {
  await page.waitForFunction(([selector, source]) => new RegExp(source).test(document.querySelector(selector).textContent), [selector, pattern.source]);
}

async function gatesOf(name) {
  const row = page.locator("#routes tr", { has: page.getByRole("button", { name, exact: true }) });
  return row.locator(".said").allTextContents();
}

function round() {
  return text("#round");
}

function text(selector) {
  return page.locator(selector).textContent();
}

function focused() {
  return page.evaluate(() => document.activeElement.textContent);
}

async function violations() {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => (await globalThis.axe.run(document)).violations);
  return found.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html.slice(0, 200))]);
}

function ask(method, path, headers) {
  return new Promise((resolve, reject) => {
    const sent = request(origin, { method, path, headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on("error", reject).end(method === "POST" ? originalPolicy : undefined);
  });
}
