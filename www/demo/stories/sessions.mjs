// Tokens that end while the page is open, sessions that are ended from elsewhere, keys that are revoked.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request as send } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

export async function a_token_that_ends_while_the_page_is_open_is_renewed_unseen(stage) {
  const visitor = await stage.visitor();
  await visitor.signIn(await stage.account("theo"));
  stage.moveClock(20 * 60);
  assert.equal((await visitor.ask("GET", "/api/account")).status, 401, "the token has ended");
  await visitor.go("Sessions");
  await visitor.page.getByText("this one").waitFor();
  assert.equal((await visitor.ask("GET", "/api/account")).status, 200, "and was renewed");
  await visitor.leave();
}

export async function a_session_that_is_ended_elsewhere_is_refused_at_once(stage) {
  const account = await stage.account("sara");
  const here = await stage.visitor();
  const there = await stage.visitor();
  await here.signIn(account);
  await there.signIn(account);
  await here.go("Sessions");
  await here.page.getByRole("button", { name: /^End session/ }).click();
  await here.hears("The session has ended.");
  assert.equal((await there.ask("GET", "/api/account")).status, 401);
  await there.go("Activity");
  await there.hears("Your session has ended. Sign in again.");
  await there.heading("Sign in");
  assert.equal((await here.ask("GET", "/api/account")).status, 200);
  await Promise.all([here.leave(), there.leave()]);
}

export async function a_stolen_refresh_token_ends_the_session_of_both(stage) {
  const victim = await stage.visitor();
  await victim.signIn(await stage.account("vic"));
  const stolen = (await victim.page.context().cookies()).find(({ name }) => name === "__Host-refresh").value;
  for (let renewed = 0; renewed < 2; renewed += 1) {
    stage.moveClock(20 * 60);
    assert.equal((await victim.ask("POST", "/api/refresh", {})).status, 200);
  }
  const headers = { cookie: `__Host-refresh=${stolen}`, "sec-fetch-site": "same-origin", "content-type": "application/json" };
  const theft = await fetch(`${stage.origin}/api/refresh`, { method: "POST", headers, body: "{}" });
  assert.equal(theft.status, 401);
  assert.equal((await victim.ask("POST", "/api/refresh", {})).status, 401);
  await victim.leave();
}

export async function a_key_reads_the_feed_until_it_is_revoked(stage) {
  const visitor = await stage.visitor();
  await visitor.signIn(await stage.account("kim"));
  await visitor.go("API keys");
  await visitor.fill("Label", "news reader");
  await visitor.press("Make a key");
  await visitor.hears("Your key. It is shown this once:");
  const key = await visitor.page.locator("#made code").first().textContent();
  const feed = () => fetch(`${stage.origin}/api/feed`, { headers: { "x-api-key": key } });
  assert.equal((await feed()).status, 200);
  const elsewhere = await fetch(`${stage.origin}/api/account`, { headers: { "x-api-key": key } });
  assert.equal(elsewhere.status, 403, "a key is not its owner");
  await visitor.press("Revoke news reader");
  await visitor.hears("The key is revoked.");
  const refused = await feed();
  assert.deepEqual([refused.status, (await refused.json()).code], [401, "invalid_api_key"]);
  await visitor.leave();
}

export async function a_body_whose_end_comes_behind_the_end_of_the_session_does_nothing(stage) {
  const account = await stage.account("hal");
  const visitor = await stage.visitor();
  await visitor.signIn(account);
  const cookie = (await visitor.page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const text = JSON.stringify({ password: "an entirely different password" });
  const headers = { cookie, origin: stage.origin, "sec-fetch-site": "same-origin", "content-type": "application/json", "content-length": text.length };
  const request = send(`${stage.origin}/api/account/password`, { method: "PUT", headers });
  const answered = once(request, "response");
  request.write(text.slice(0, 12));
  await delay(300);
  assert.equal((await visitor.ask("POST", "/api/sign-out", {})).status, 200);
  request.end(text.slice(12));
  const [response] = await answered;
  response.resume();
  assert.equal(response.statusCode, 401);
  await visitor.open("");
  await visitor.signIn(account);
  await visitor.leave();
}
