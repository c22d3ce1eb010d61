// Signing up and in, wrong passwords, the lock.
import assert from "node:assert/strict";
import { programAt } from "./program.mjs";

const password = "a wicket in a gate of oak";

export async function a_new_user_signs_up_and_out_and_in_again(stage) {
  const visitor = await stage.visitor();
  await visitor.signUp("nora", password);
  await visitor.hears("Welcome, nora.");
  await visitor.press("Sign out");
  await visitor.hears("You are signed out.");
  assert.equal((await visitor.ask("GET", "/api/account")).status, 401);
  await visitor.signIn({ name: "nora", password });
  assert.match(await visitor.page.locator("#who").textContent(), /nora \(writer\)/);
  const cookies = await visitor.page.context().cookies();
  for (const { name, httpOnly, secure, sameSite, path } of cookies) {
    assert.match(name, /^__Host-/);
    assert.deepEqual([httpOnly, secure, sameSite, path], [true, true, "Strict", "/"], name);
  }
  await visitor.leave();
}

export async function a_password_that_is_short_and_a_name_that_is_taken_are_told(stage) {
  const { name } = await stage.account("taken");
  const visitor = await stage.visitor();
  await visitor.signUp("short", "too short");
  await visitor.hears("A password has 15 to 256 characters");
  await visitor.fill("Name", name);
  await visitor.fill("Password", password);
  await visitor.press("Sign up");
  await visitor.hears("This name is taken.");
  await visitor.leave();
}

export async function a_wrong_password_and_an_unknown_name_read_the_same(stage) {
  const { name } = await stage.account("walter");
  const visitor = await stage.visitor();
  await visitor.knock({ name, password: "not the password" });
  await visitor.hears("Invalid credentials.");
  const wrong = await visitor.ask("POST", "/api/sign-in", { name, password: "not the password" });
  const unknown = await visitor.ask("POST", "/api/sign-in", { name: "nobody-here", password: "not the password" });
  assert.deepEqual(wrong, unknown);
  assert.equal(wrong.status, 401);
  await visitor.leave();
}

export async function many_wrong_passwords_lock_for_a_while_and_the_owner_is_not_locked(stage) {
  const account = await stage.account("lola");
  const owner = await stage.visitor();
  await owner.signIn(account);
  await owner.press("Sign out");
  await owner.hears("You are signed out.");

  const guesser = await stage.visitor();
  await guesser.go("Sign in");
  await guesser.fill("Name", account.name);
  // The wait doubles; the guesser is patient until it is minutes.
  let wait = 0;
  for (let tries = 0; wait < 120; tries += 1) {
    assert.ok(tries < 50, "there is no lock");
    const [answer] = await Promise.all([
      guesser.page.waitForResponse((response) => response.url().endsWith("/api/sign-in")),
      guesser.fill("Password", `guess number ${tries}`).then(() => guesser.press("Sign in")),
    ]);
    wait = answer.status() === 429 ? Number(answer.headers()["retry-after"]) : 0;
    if (wait < 120) stage.moveClock(wait);
  }
  await guesser.hears(/Too many attempts. Try again in \d+ minutes./);
  // The right password is not looked at while it is locked.
  await guesser.fill("Password", account.password);
  await guesser.press("Sign in");
  await guesser.hears("Too many attempts.");
  // Whoever signed in here before does not pay for the guesses of others.
  await owner.signIn(account);

  stage.moveClock(16 * 60);
  await guesser.fill("Password", account.password);
  await guesser.press("Sign in");
  await guesser.hears(`Welcome, ${account.name}.`);
  await Promise.all([owner.leave(), guesser.leave()]);
}

export async function the_owner_comes_in_with_a_recovery_code_while_somebody_goes_on_guessing(stage) {
  const account = await stage.account("leon");
  const owner = await stage.visitor();
  await owner.signIn(account);
  await owner.go("Security");
  await owner.press("New recovery codes");
  const codes = owner.page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await codes.first().waitFor();
  const [code] = await codes.allTextContents();

  await programAt(stage).guessAt(account);
  const elsewhere = await stage.visitor();
  await elsewhere.knock(account);
  await elsewhere.hears("Too many attempts.");
  await elsewhere.press("Locked out?");
  await elsewhere.heading("With a recovery code");
  await elsewhere.fill("Name", account.name);
  await elsewhere.fill("Password", account.password);
  await elsewhere.fill("Recovery code", code);
  await elsewhere.press("Sign in");
  await elsewhere.hears(`Welcome, ${account.name}.`);
  await Promise.all([owner.leave(), elsewhere.leave()]);
}

export async function another_site_cannot_sign_anybody_in(stage) {
  const { name, password } = await stage.account("rita");
  const body = JSON.stringify({ name, password });
  const headers = { "content-type": "application/json" };
  for (const more of [{ "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site" }, { origin: "https://elsewhere.example" }, {}]) {
    const answer = await fetch(`${stage.origin}/api/sign-in`, { method: "POST", headers: { ...headers, ...more }, body });
    assert.equal(answer.status, 403, JSON.stringify(more));
    assert.equal((await answer.json()).code, "cross_site_request");
    assert.deepEqual(answer.headers.getSetCookie(), []);
  }
}

export async function whatever_is_sent_to_a_door_is_answered_by_a_row_of_the_table(stage) {
  const { name } = await stage.account("hester");
  const json = "application/json";
  const long = "x".repeat(2000);
  const cases = [
    [json, "{", 400, "malformed_request"],
    [json, "[]", 400, "malformed_request"],
    [json, JSON.stringify({ name, password: 7 }), 400, "malformed_request"],
    [json, JSON.stringify({ name }), 400, "malformed_request"],
    [json, JSON.stringify({ name, password: "p", admin: "yes" }), 400, "malformed_request"],
    ["text/plain", JSON.stringify({ name, password: "p" }), 400, "malformed_request"],
    [json, new Uint8Array([0x7b, 0xff, 0x7d]), 400, "malformed_request"],
    [json, JSON.stringify({ name, password: "x".repeat(20_000) }), 413, "too_large"],
    [json, JSON.stringify({ name, password: long }), 401, "invalid_credentials"],
    [json, JSON.stringify({ name: long, password: "" }), 401, "invalid_credentials"],
  ];
  for (const [type, body, status, code] of cases) {
    const answer = await fetch(`${stage.origin}/api/sign-in`, { method: "POST", headers: { "content-type": type, "sec-fetch-site": "same-origin" }, body });
    const what = `${type} ${String(body).slice(0, 60)}`;
    assert.deepEqual([answer.status, answer.headers.get("content-type")], [status, "application/problem+json"], what);
    const problem = await answer.json();
    assert.deepEqual([problem.status, problem.code], [status, code], what);
    assert.equal(answer.headers.has("www-authenticate"), status === 401, what);
    assert.equal(answer.headers.get("cache-control"), "no-store", what);
  }
}

export async function a_route_that_nobody_declared_is_refused(stage) {
  const answer = await fetch(`${stage.origin}/api/admin/anything`);
  assert.deepEqual([answer.status, (await answer.json()).code], [401, "authentication_required"]);
}
