// Runs the demo: the Worker in workerd, the requests of requests.json over HTTP, and the pages until it is stopped. With
// CI=true it ends after the table. `node setup.mjs` comes before it.
import { existsSync, readFileSync } from "node:fs";
import { createServer, request as send } from "node:http";
import process, { env, exit, stdout } from "node:process";
import { usualFolder } from "./data.mjs";
import { listen, openDemo } from "./host.mjs";
import { staff, whoTheyAre } from "./seed.mjs";
import { table } from "./table.mjs";

const usualPort = 8787;
const seconds = () => Math.floor(Date.now() / 1000);
const file = (name) => new URL(name, import.meta.url);
const { requests } = JSON.parse(readFileSync(file("requests.json"), "utf8"));

if (!existsSync(file("dist/worker/worker.js"))) {
  console.error("demo: there is no bundle yet; `node setup.mjs` makes it");
  exit(1);
}
const { origin, worker, identities, events, accounts, close } = await openDemo({ port: await portToUse(), accounts: staff, folder: usualFolder() });
console.log(`\nWicket Press is open on ${origin}, in workerd. ${requests.length} requests:\n`);
const rows = await sendAll();
const wrong = rows.filter((row) => row.wrong.length > 0);
process.exitCode = wrong.length > 0 ? 1 : 0;
console.log(table(rows, stdout.isTTY ? stdout.columns : Infinity));
for (const row of wrong) console.log(`\n✗ ${row.who} ${row.request}\n  ${row.wrong.join("\n  ")}`);
console.log(`\n${rows.length - wrong.length} of ${rows.length} answers are the expected ones.`);

if (env.CI === "true") {
  await close();
} else {
  await worker.dispatchFetch(`${origin}/demo/restock`, { method: "POST" });
  // Until here Miniflare's own handlers end it, with 130. A visitor who ends the demo has not interrupted it.
  // `close` without `exit`, because Miniflare goes on to remove its files.
  for (const signal of ["SIGINT", "SIGTERM"]) process.removeAllListeners(signal).once(signal, close);
  console.log(`\nWho may sign in:\n\n${whoTheyAre(accounts)}`);
  console.log(`\nThe page: ${origin}/demo/\nSign in:  ${origin}/account/\nCtrl-C ends the demo.`);
}

async function sendAll() {
  const now = seconds();
  const credentials = new Map(identities.mint(now).map((identity) => [identity.name, identity]));
  const rows = [];
  for (const [index, { who, method, path, via, headers, expect }] of requests.entries()) {
    const identity = credentials.get(who);
    const credential = via === "cookie" ? { cookie: `session=${identity.token}` } : identity.headers;
    const requestId = `demo-${index + 1}`;
    const answer = await ask(method, path, { ...credential, ...headers, "x-request-id": requestId });
    const event = await events.of(requestId);
    const row = {
      who: via === undefined ? who : `${who}, ${via}`,
      request: `${method} ${path}`,
      status: answer.status,
      challenge: answer.headers["www-authenticate"] ?? null,
      code: codeOf(answer),
      reason: event?.reason ?? null,
    };
    rows.push({ ...row, wrong: differences(row, expect, answer, event) });
  }
  return rows;
}

function differences(row, expect, { status, headers, body }, event) {
  const wrong = [];
  const want = (what, expected, actual) => {
    if (expected !== actual) wrong.push(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
  };
  for (const what of ["status", "challenge", "code", "reason"]) want(what, expect[what], row[what]);
  want("cache-control", status === 204 ? undefined : "no-store", headers["cache-control"]);
  want("event.decision", status < 400 ? "allow" : "deny", event?.decision);
  if (status >= 400) {
    want("content-type", "application/problem+json", headers["content-type"]);
    want("problem.status", status, parsed(body)?.status);
  }
  return wrong;
}

function codeOf({ status, body }) {
  return status < 400 ? null : (parsed(body)?.code ?? null);
}

function parsed(body) {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** `fetch` would rewrite the path and refuse some headers. */
function ask(method, path, headers) {
  return new Promise((resolve, reject) => {
    const outgoing = send(`${origin}`, { method, path, headers, agent: false }, async (incoming) => {
      incoming.setEncoding("utf8");
      let body = "";
      for await (const chunk of incoming) body += chunk;
      resolve({ status: incoming.statusCode, headers: incoming.headers, body });
    });
    outgoing.on("error", reject).end();
  });
}

/** The port that PORT names, else the usual one, else any that is free. */
async function portToUse() {
  if (env.PORT !== undefined) return Number(env.PORT);
  if (env.CI === "true") return 0;
  const trial = createServer();
  try {
    return await listen(trial, usualPort);
  } catch {
    return 0;
  } finally {
    trial.close();
  }
}
