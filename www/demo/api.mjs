// What the sign-in side answers to programs: what no page sends, or no visitor has the patience for.
// `node setup.mjs` comes before it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openHouse } from "./stories/house.mjs";
import { programAt } from "./stories/program.mjs";

let house;

before(async () => {
  house = await openHouse();
});
after(() => house?.close());

test("an_account_that_was_guessed_at_a_hundred_times_wants_more_than_its_password", async () => {
  const account = await house.account("greta");
  const owner = programAt(house);
  assert.equal((await owner.signIn(account)).status, 200);
  const { body: made } = await owner.ask("POST", "/api/account/recovery-codes", {});
  const [recoveryCode, another] = made.recoveryCodes;

  const guesser = programAt(house);
  for (let guesses = 0; guesses < 100; ) {
    const { status, retryAfter } = await guesser.signIn({ ...account, password: `guess number ${guesses}` });
    if (status === 401) guesses += 1;
    else house.moveClock(Number(retryAfter));
  }
  house.moveClock(900);
  const locked = await guesser.signIn(account);
  assert.deepEqual([locked.status, locked.body.code, locked.retryAfter], [429, "account_locked", null]);
  assert.equal((await owner.signIn(account)).status, 200, "a browser that the account knows is not locked");

  const recover = (more) => programAt(house).ask("POST", "/api/sign-in/recovery", { name: account.name, password: account.password, recoveryCode, ...more });
  for (const wrong of [{ password: "not the password" }, { name: "nobody-here" }, { recoveryCode: "AAAA" }, {}]) {
    const { status, body } = await recover(wrong);
    assert.deepEqual([status, body.code], [401, "invalid_credentials"], "a wrong password uses up the code");
  }
  assert.equal((await recover({ recoveryCode: another })).status, 200, "nobody guesses a recovery code");
  assert.equal((await recover({ recoveryCode: another })).status, 401, "which works once");
  assert.equal((await guesser.signIn(account)).status, 200, "the owner was there, and the row has ended");
});

test("a_browser_that_the_account_knows_and_one_that_is_signed_in_are_no_way_around_the_hundred", async () => {
  const account = await house.account("kate");
  const [thief, owner] = [programAt(house), programAt(house)];
  for (const program of [thief, owner]) await program.signIn(account);
  const guess = { password: "not the password" };
  for (let guesses = 0; guesses < 100; ) {
    const { status, retryAfter } = await (guesses < 50 ? thief.signIn({ ...account, ...guess }) : thief.ask("POST", "/api/step-up", guess));
    if (status === 401) guesses += 1;
    else house.moveClock(Number(retryAfter));
    await thief.ask("POST", "/api/refresh", {});
  }
  for (const enter of [() => thief.ask("POST", "/api/step-up", { password: account.password }), () => thief.signIn(account)]) {
    house.moveClock(900);
    await thief.ask("POST", "/api/refresh", {});
    const { status, body } = await enter();
    assert.deepEqual([status, body.code], [429, "account_locked"]);
  }
  assert.equal((await owner.signIn(account)).status, 200, "each browser has a row of its own");
});

test("an_admin_forgets_the_failed_attempts_on_an_account", async () => {
  const account = await house.account("gus");
  const owner = programAt(house);
  await owner.signIn(account);
  const stranger = programAt(house);
  await stranger.guessAt(account);
  const chief = await house.account("chief", ["writer", "admin"]);
  const admin = programAt(house);
  await admin.signIn(chief);
  const release = `/api/admin/users/${account.id}/release`;
  assert.equal((await owner.ask("POST", release, {})).status, 403);
  assert.equal((await admin.secure(chief)).status, 200);
  assert.equal((await admin.ask("POST", "/api/admin/users/user-nobody/release", {})).status, 404);
  assert.equal((await stranger.signIn(account)).status, 429);
  await owner.ask("POST", "/api/sign-out", {});
  await owner.guessAt(account);
  assert.equal((await owner.signIn(account)).status, 429);
  await admin.ask("POST", "/api/refresh", {});
  await admin.ask("POST", "/api/step-up", { password: chief.password, code: admin.code() });
  assert.equal((await admin.ask("POST", release, {})).status, 200);
  assert.equal((await owner.signIn(account)).status, 200);
  assert.equal((await stranger.signIn(account)).status, 200);
});

test("a_password_that_many_have_is_refused", async () => {
  const visitor = programAt(house);
  const signUp = (password) => visitor.ask("POST", "/api/sign-up", { name: "percy", password });
  for (const password of ["passwordpassword", "qwertyuiopasdfghjkl", "percypercypercypercy", "aaaaaaaaaaaaaaaaaaaaaaaa", "1234567890123456"]) {
    const { status, body } = await signUp(password);
    assert.deepEqual([status, body.code], [422, "guessable_password"], password);
  }
  assert.equal((await signUp("seven gates and no porter")).status, 200);
  const changed = await visitor.ask("PUT", "/api/account/password", { password: "passwordpassword" });
  assert.deepEqual([changed.status, changed.body.code], [422, "guessable_password"]);
});

test("a_user_has_ten_keys", async () => {
  const program = programAt(house);
  await program.signIn(await house.account("kent"));
  const make = (label) => program.ask("POST", "/api/account/keys", { label: `key ${label}` });
  for (let made = 0; made < 10; made += 1) assert.equal((await make(made)).status, 201);
  const { status, body } = await make(10);
  assert.deepEqual([status, body.code], [422, "too_many_keys"]);
  const { body: keys } = await program.ask("GET", "/api/account/keys");
  assert.equal((await program.ask("DELETE", `/api/account/keys/${keys[0].id}`)).status, 200);
  assert.equal((await make(11)).status, 201);
});

test("one_network_makes_so_many_guests_a_minute", async () => {
  const codes = [];
  // Where a minute ends meanwhile, the next one fills as well.
  for (let count = 0; count < 61; count += 1) {
    const { status, retryAfter, body } = await programAt(house, `2001:db8:7:7::${count.toString(16)}`).ask("POST", "/api/guest", {});
    codes.push(status === 201 ? "made" : `${status} ${body.code} ${retryAfter}`);
  }
  assert.deepEqual(new Set(codes), new Set(["made", "429 too_many_requests 60"]));
  assert.ok(codes.filter((code) => code === "made").length >= 30);
  assert.equal((await programAt(house, "2001:db8:7:8::1").ask("POST", "/api/guest", {})).status, 201);
});

test("of_more_than_twenty_sessions_the_one_that_was_used_least_lately_ends", async () => {
  const account = await house.account("tess");
  const programs = Array.from({ length: 22 }, () => programAt(house));
  for (const program of programs) {
    await program.signIn(account);
    house.moveClock(1);
  }
  const statuses = [];
  for (const program of programs) statuses.push((await program.ask("GET", "/api/account")).status);
  assert.deepEqual(statuses, [401, 401, ...Array(20).fill(200)]);
  assert.equal((await programs[21].ask("GET", "/api/account/sessions")).body.length, 20);
});

test("a_first_step_is_worth_nothing_behind_another_password", async () => {
  const account = await house.account("paul");
  const owner = programAt(house);
  await owner.signIn(account);
  assert.equal((await owner.secure(account)).status, 200);
  const thief = programAt(house);
  assert.deepEqual((await thief.signIn(account)).body, { next: "code" });
  assert.equal((await owner.ask("PUT", "/api/account/password", { password: "an entirely different password" })).status, 200);
  const refused = await thief.ask("POST", "/api/sign-in/code", { code: owner.code() });
  assert.deepEqual([refused.status, refused.body.code], [401, "session_ended"]);
});

test("the_log_holds_no_name_that_somebody_typed", async () => {
  const name = "hunter2-is-my-password";
  assert.equal((await programAt(house).signIn({ name, password: "a name, perhaps" })).status, 401);
  const { subject } = await last("SELECT subject FROM audit WHERE reason = 'invalid_credentials' ORDER BY id DESC LIMIT 1");
  assert.equal(subject, null);
  assert.equal((await last("SELECT count(*) AS found FROM audit WHERE subject = ?", name)).found, 0);
});

test("refusals_of_nobody_push_out_nothing_that_a_user_did", async () => {
  const account = await house.account("lena");
  await programAt(house).signIn(account);
  const before = await count("whose = ?", account.id);
  await house.db
    .prepare(
      "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 6000) " +
        "INSERT INTO audit (at, whose, kind, subject, what, decision, reason) SELECT ?, '', 'route', NULL, 'GET /api/account', 'deny', 'TEST ONLY' FROM numbers",
    )
    .bind(house.now())
    .run();
  const stranger = programAt(house);
  // One in 64 looks at what goes.
  for (let asked = 0; (await count("whose = '' AND decision = 'deny'")) > 5100; asked += 64) {
    assert.ok(asked < 6400, "nothing goes");
    for (let more = 0; more < 64; more += 1) await stranger.ask("GET", "/api/account");
  }
  assert.ok(before > 0);
  assert.equal(await count("whose = ?", account.id), before);
  assert.equal((await stranger.signIn({ ...account, password: "not the password" })).status, 401);
  assert.deepEqual(await count("whose = ? AND kind = 'door'", account.id), 1, "what others do in that name is apart");
  // What changed an account ends by age alone, however much else there is.
  const program = programAt(house);
  await program.signIn(account);
  await program.ask("POST", "/api/account/recovery-codes", {});
  for (let asked = 0; asked < 100; asked += 1) await program.ask("POST", "/api/account/second-factor", {});
  const { body } = await program.ask("GET", "/api/account/activity");
  assert.ok(body.some(({ what, reason }) => what === "second factor" && reason === "new recovery codes"));
  assert.ok(body.some(({ what, decision }) => what === "sign-in" && decision === "allow"));
});

test("what_has_ended_is_swept", async () => {
  const account = await house.account("otis");
  const program = programAt(house);
  await program.signIn(account);
  const { body } = await program.ask("GET", "/api/account/sessions");
  assert.equal(body.length, 1);
  const other = programAt(house);
  await other.signIn(account);
  assert.equal((await other.ask("DELETE", `/api/account/sessions/${body[0].id}`)).status, 200);
  const sessions = () => last("SELECT count(*) AS found FROM sessions WHERE user_id = ?", account.id);
  const facts = () => last("SELECT count(*) AS found FROM portcullis_revocations");
  await house.tick();
  assert.equal((await sessions()).found, 1);
  assert.ok((await facts()).found > 0);
  house.moveClock(91 * 86_400);
  await house.tick();
  assert.equal((await sessions()).found, 0);
  assert.equal((await facts()).found, 0);
  assert.equal(await count("whose = ?", account.id), 0);
});

test("the_keys_take_turns_and_nobody_is_refused_for_it", async () => {
  const young = await openHouse();
  try {
    await turns(young);
  } finally {
    await young.close();
  }
});

test("what_users_made_is_there_when_the_demo_opens_again", async () => {
  const folder = await mkdtemp(join(tmpdir(), "wicket-press-"));
  const accounts = [{ name: "stella", roles: ["writer"], about: "TEST ONLY" }];
  const visitor = { name: "nina", password: "there are more gates than one" };
  try {
    const first = await openHouse({ folder, accounts });
    const program = programAt(first);
    assert.equal((await program.ask("POST", "/api/sign-up", visitor)).status, 200);
    assert.equal((await program.secure(visitor)).status, 200);
    assert.equal((await program.ask("POST", "/api/articles", { title: "To be kept", text: "Until the next time." })).status, 201);
    await first.close();

    const second = await openHouse({ folder, accounts });
    try {
      assert.deepEqual(second.accounts, first.accounts);
      // Time has passed, as it had for the authenticator.
      second.moveClock(120);
      program.movedTo(second);
      const { body } = await program.ask("GET", "/api/account");
      assert.deepEqual([body.name, body.secondFactor, body.recoveryCodes], ["nina", true, 10]);
      const { body: articles } = await program.ask("GET", "/api/articles");
      assert.deepEqual(articles.map(({ title }) => title).sort(), ["To be kept", "Why a gate has a wicket"]);
      const stranger = programAt(second);
      assert.deepEqual((await stranger.signIn(visitor)).body, { next: "code" });
      assert.equal((await stranger.signIn(first.accounts[0])).status, 200);
    } finally {
      await second.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a_refusal_that_the_guard_has_too_is_word_for_word_the_guards", () => {
  const text = (file) => readFileSync(new URL(file, import.meta.url), "utf8");
  const documented = text("../../README.md").matchAll(/^\|[^|]*\| (\d{3}) \| `(\w+)` \|[^|]*\| ([^|]*) \|$/gm);
  const guards = new Map([...documented].map(([, status, code, detail]) => [code, [status, detail]]));
  const rows = [...text("sign-in/refusals.ts").matchAll(/^  (\w+): \[(\d{3}), "[^"]*", "([^"]*)"\],$/gm)];
  const shared = rows.filter(([, code]) => guards.has(code));
  assert.deepEqual(shared.map(([, code]) => code), ["cross_site_request", "not_found", "unavailable"]);
  for (const [, code, ...row] of shared) assert.deepEqual(row, guards.get(code), code);
});

async function turns(house) {
  const account = await house.account("kai");
  const program = programAt(house);
  const published = async () => (await program.ask("GET", "/api/jwks")).body.keys.map(({ kid }) => kid);
  const works = async () => (await program.ask("GET", "/api/account")).status;
  await program.signIn(account);
  await house.tick();
  const [old, ...others] = await published();
  assert.deepEqual(others, [], "a month has not passed");

  house.moveClock(31 * 86_400);
  await program.signIn(account);
  await house.tick();
  const [, next] = await published();
  assert.deepEqual(await published(), [old, next]);
  assert.deepEqual([program.signedWith(), await works()], [old, 200]);
  await program.signIn(account);
  assert.equal(program.signedWith(), old, "the next one waits for a day");

  house.moveClock(86_400 - 100);
  await program.signIn(account);
  house.moveClock(200);
  assert.deepEqual([program.signedWith(), await works()], [old, 200], "a token of the old one lives on");
  await program.signIn(account);
  assert.deepEqual([program.signedWith(), await works()], [next, 200]);
  house.moveClock(2 * 86_400);
  assert.deepEqual(await published(), [next]);
  assert.equal("d" in (await program.ask("GET", "/api/jwks")).body.keys[0], false);
}

async function count(condition, ...bound) {
  return (await last(`SELECT count(*) AS found FROM audit WHERE ${condition}`, ...bound)).found;
}

/** The log is written behind the answers. */
async function last(sql, ...bound) {
  await new Promise((resolve) => setTimeout(resolve, 200));
  return house.db.prepare(sql).bind(...bound).first();
}
