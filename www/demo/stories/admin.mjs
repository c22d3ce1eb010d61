// An admin proves who they are, and takes a role away from somebody who is signed in.
import assert from "node:assert/strict";

export async function an_admin_needs_a_second_factor_and_a_fresh_sign_in_and_takes_a_role_away_at_once(stage) {
  const chief = await stage.account("chief", ["writer", "admin"]);
  const moderator = await stage.account("milo", ["writer", "moderator"]);
  const mod = await stage.visitor();
  await mod.signIn(moderator);
  await mod.page.getByRole("button", { name: /^Delete/ }).first().waitFor();

  const admin = await stage.visitor();
  await admin.signIn(chief);
  await admin.go("Users");
  await admin.page.getByRole("dialog").getByText("This needs a second factor").waitFor();
  await admin.page.getByRole("dialog").getByRole("link", { name: "Set one up" }).click();
  await admin.setUpAuthenticator();

  await admin.go("Users");
  await prove(admin, chief);
  await admin.page.getByRole("group", { name: "Roles of milo" }).getByLabel("moderator").uncheck();
  await admin.hears("milo is now writer.");

  const { status } = await mod.ask("GET", "/api/account");
  assert.equal(status, 401, "the token from before counts no more");
  await mod.page.getByRole("button", { name: /^Delete/ }).first().click();
  await mod.hears("You may not do this.");
  assert.match(await mod.page.locator("#who").textContent(), /milo \(writer\)$/);
  assert.equal(await mod.page.getByRole("button", { name: /^Delete/ }).count(), 0);

  // Ten minutes later it takes another proof.
  stage.moveClock(10 * 60);
  await admin.go("Audit");
  await prove(admin, chief);
  const row = admin.page.getByRole("row").filter({ hasText: "roles" }).filter({ hasText: "writer by" });
  await row.first().waitFor();
  await admin.page.getByRole("row").filter({ hasText: "PUT /api/admin/users/{user}/roles" }).filter({ hasText: "elevated" }).first().waitFor();
  await Promise.all([admin.leave(), mod.leave()]);
}

export async function whoever_is_no_admin_is_told_no_and_not_asked_for_a_proof(stage) {
  const visitor = await stage.visitor();
  await visitor.signIn(await stage.account("wim"));
  await visitor.open("users");
  await visitor.hears("You may not do this.");
  const { status, body } = await visitor.ask("GET", "/api/admin/audit");
  assert.deepEqual([status, body.code], [403, "permission_denied"]);
  await visitor.leave();
}

async function prove(admin, { password }) {
  const dialog = admin.page.getByRole("dialog");
  await dialog.getByLabel("Password", { exact: true }).fill(password);
  await dialog.getByLabel("Code", { exact: true }).fill(admin.nextCode());
  await dialog.getByRole("button", { name: "Continue" }).click();
  await dialog.waitFor({ state: "hidden" });
}
