// What a screen reader, a keyboard and a narrow window find.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function every_view_is_accessible_and_fits_a_narrow_window(stage) {
  const visitor = await stage.visitor();
  const { page } = visitor;
  const look = async (view) => {
    assert.deepEqual(await violations(page), [], view);
    await page.setViewportSize({ width: 360, height: 740 });
    assert.deepEqual(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth > 0), false, `${view} is too wide`);
    await page.setViewportSize({ width: 1100, height: 900 });
  };
  await look("articles");
  for (const view of ["sign-in", "sign-up"]) {
    await visitor.open(view);
    await look(view);
  }
  const account = await stage.account("abe", ["writer", "admin"]);
  await visitor.signIn(account);
  for (const view of ["", "security", "sessions", "keys", "activity"]) {
    await visitor.open(view);
    await look(view);
  }
  await visitor.go("Security");
  await visitor.press("Set up an authenticator");
  await page.locator("#secret").waitFor();
  await look("setting up an authenticator");
  await visitor.go("Users");
  await page.getByRole("dialog").waitFor();
  await look("step-up");
  await visitor.leave();
}

export async function the_keyboard_alone_signs_in(stage) {
  const { name, password } = await stage.account("kay");
  const visitor = await stage.visitor("sign-in");
  const { keyboard } = visitor.page;
  await visitor.page.getByLabel("Name", { exact: true }).focus();
  await keyboard.type(name);
  await keyboard.press("Tab");
  await keyboard.type(password);
  await keyboard.press("Enter");
  await visitor.hears(`Welcome, ${name}.`);
  await visitor.leave();
}

export async function the_meter_says_how_hard_a_password_is_to_guess(stage) {
  const visitor = await stage.visitor("sign-up");
  await visitor.fill("Password", "passwordpassword");
  await visitor.hears(/Very easy to guess|Easy to guess/);
  await visitor.fill("Password", "seven quiet porters polish the brass hinge");
  await visitor.hears("Very hard to guess.");
  await visitor.leave();
}

async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => (await globalThis.axe.run(document)).violations);
  return found.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html.slice(0, 200))]);
}
