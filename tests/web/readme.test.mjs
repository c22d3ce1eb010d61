// The JavaScript of the README, as it stands there: its Workers in workerd, the rest in Node.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { Response } from "miniflare";
import { request } from "./blog.mjs";
import { home, root } from "./home.mjs";
import { full } from "./package.mjs";
import { newClient } from "./proofs.mjs";
import { jwk, signed, token } from "./tokens.mjs";
import { bundleWorker, serveIsolates, serveWorker } from "./workerd.mjs";

const page = readFileSync(join(root, "README.md"), "utf8");
const issuer = "https://id.example.com";
const seconds = () => Math.floor(Date.now() / 1000);

/** The first example behind the mark. */
function example(mark) {
  const [, source] = new RegExp(`${mark}.*?\`\`\`js\\n(.*?)\`\`\``, "s").exec(page);
  return source;
}

/** Bundles it as a Worker of that name. */
function bundled(name, source) {
  const app = join(home, name);
  mkdirSync(app, { recursive: true });
  writeFileSync(join(app, "worker.js"), source);
  writeFileSync(join(app, "wrangler.json"), JSON.stringify({ name, main: "worker.js", compatibility_date: "2026-04-01" }));
  bundleWorker(name);
  return name;
}

describe("the Worker of the README", () => {
  const source = example("## A Worker");
  let worker;

  before(() => {
    worker = serveWorker(bundled("readme", source));
  });

  after(() => worker.dispose());

  const answer = async (method, path) => {
    const response = await worker.dispatchFetch(`https://blog.example${path}`, { method });
    return [response.status, response.headers.get("www-authenticate"), await response.text()];
  };

  test("is_twenty_lines", () => {
    assert.ok(source.trim().split("\n").filter((line) => line !== "").length <= 20);
  });

  test("lets_a_guest_read", async () => {
    assert.deepEqual(await answer("GET", "/articles/1"), [200, null, "Hello, guest"]);
  });

  test("asks_a_guest_who_writes_to_sign_in", async () => {
    const [status, challenge] = await answer("PUT", "/articles/1");
    assert.deepEqual([status, challenge], [401, 'Bearer realm="api"']);
  });

  test("refuses_what_it_does_not_declare", async () => {
    assert.equal((await answer("DELETE", "/articles/1"))[0], 401);
  });
});

test("the_conditions_of_the_README_answer_as_it_says", async () => {
  const source = example("<!-- conditions -->");
  const path = join(home, "readme-conditions.mjs");
  writeFileSync(path, `${source}\nexport { guard, agent, ticket, summary, condition };\n`);
  const { guard, agent, ticket, summary, condition } = await import(pathToFileURL(path).href);
  const asked = [...source.matchAll(/^(guard\.can\(.*\)); \/\/ (true|false)/gm)];
  assert.equal(asked.length, 3);
  for (const [, call, answer] of asked) {
    assert.equal(String(new Function("guard", "agent", "ticket", `return ${call}`)(guard, agent, ticket)), answer, call);
  }
  assert.equal(`"${summary}"`, /^summary; \/\/ (".*")$/m.exec(source)[1]);
  assert.equal(`"${condition.failed}"`, /^condition\.failed; \/\/ ("[^"]*")/m.exec(source)[1]);
  assert.deepEqual(condition.operands, [{ attribute: "resource.amount", value: 900 }]);
});

describe("the lists of the README", () => {
  let worker;

  before(async () => {
    worker = serveWorker(bundled("readme-lists", example("<!-- lists -->")), { d1Databases: { DB: "readme" } });
    const db = await worker.getD1Database("DB");
    await db.prepare("CREATE TABLE article (title TEXT, author_id TEXT, status TEXT, embargo INTEGER)").run();
    const [past, future] = [seconds() - 60, seconds() + 600];
    const articles = [
      ["draft of ann", "ann", "draft", null],
      ["draft of bob", "bob", "draft", null],
      ["held of ann", "ann", "published", future],
      ["held of bob", "bob", "published", future],
      ["news", "bob", "published", past],
      ["old", "bob", "published", null],
      ["nobody's", null, null, null],
    ];
    const insert = "INSERT INTO article SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)";
    await db.prepare(insert).bind(JSON.stringify(articles)).run();
  });

  after(() => worker?.dispose());

  test("select_what_each_may_see", async () => {
    const listed = async (sub, roles) => {
      const claims = { iss: issuer, aud: "blog", exp: seconds() + 600, sub, roles };
      const bearer = signed('{"alg":"HS256"}', JSON.stringify(claims), "HS256", "TEST ONLY: at least 32 bytes long");
      const response = await worker.dispatchFetch("https://blog.example/articles", { headers: { authorization: `Bearer ${bearer}` } });
      return response.status === 200 ? (await response.json()).map(({ title }) => title) : response.status;
    };
    assert.deepEqual(await listed("ann", ["author"]), ["draft of ann", "held of ann", "news", "old"]);
    assert.deepEqual(await listed("bob", ["author"]), ["draft of bob", "held of bob", "news", "old"]);
    assert.deepEqual(await listed("eve", ["author"]), ["news", "old"]);
    assert.equal(await listed("ann", []), 403);
  });
});

describe("the two files of the README", () => {
  const [, table] = /<!-- files -->\n(.*?)\n\n/s.exec(page);
  const rows = new Map(table.split("\n").map((row) => row.split("|").map((cell) => cell.trim()).slice(1, -1)).map(([what, ...cells]) => [what, cells]));
  const words = (what) => rows.get(what).flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, word]) => word));

  test("have_their_sizes_in_round_numbers", () => {
    for (const [what, paths] of [["its file", ["guard.wasm", "full/full.wasm"]], ["on a server", ["server.wasm", "full/full.wasm"]]]) {
      for (const [place, path] of paths.entries()) {
        const wasm = readFileSync(join(home, "node_modules/portcullis/dist", path));
        const said = [...rows.get(what)[place].matchAll(/([0-9]+) KB/g)].map(([, number]) => Number(number) * 1024);
        const sizes = [wasm.length, gzipSync(wasm, { level: 9 }).length];
        if (what === "on a server" && said.length === 0) continue;
        assert.equal(said.length, sizes.length);
        for (const [index, size] of sizes.entries()) assert.ok(Math.abs(said[index] - size) < size / 20, `${path}: ${said[index]} for ${size}`);
      }
    }
  });

  test("have_these_functions", () => {
    const names = Object.entries(Object.getOwnPropertyDescriptors(full.imported.Guard.prototype));
    const functions = names.filter(([name, { value }]) => typeof value === "function" && name !== "constructor").map(([name]) => name);
    assert.deepEqual(words("functions of a guard").sort(), functions.sort());
  });
});

/** What the issuer of the examples answers; the URLs that it was asked for. */
function provider() {
  const asked = [];
  const documents = {
    "/.well-known/openid-configuration": { issuer, jwks_uri: `${issuer}/jwks` },
    "/jwks": { keys: [jwk("ES256")] },
  };
  const answer = ({ url }) => {
    const { origin, pathname } = new URL(url);
    asked.push(`${origin}${pathname}`);
    return Response.json(documents[pathname], { headers: { "cache-control": "max-age=3600" } });
  };
  return { asked, answer };
}

describe("the keys of the README", () => {
  const { asked, answer } = provider();
  let isolates;

  before(() => {
    const options = { kvNamespaces: { KEYS: "keys" }, outboundService: answer };
    isolates = serveIsolates(bundled("readme-keys", example("<!-- keys -->")), ["first", "second"], options);
  });

  after(() => isolates?.dispose());

  test("are_discovered_by_one_isolate_and_known_to_the_next", async () => {
    const bearer = token({ iss: issuer, aud: "blog", exp: seconds() + 600 }, "ES256");
    for (const name of ["first", "second"]) {
      const worker = await isolates.getWorker(name);
      const response = await worker.fetch("https://blog.example/me", { headers: { authorization: `Bearer ${bearer}` } });
      assert.equal(await response.text(), "Hello, u1");
    }
    assert.deepEqual(asked, [`${issuer}/.well-known/openid-configuration`, `${issuer}/jwks`]);
  });
});

describe("the revocation of the README", () => {
  test("signs_somebody_out", async () => {
    const path = join(home, "readme-revocation.mjs");
    writeFileSync(path, example("<!-- revocation -->"));
    const { guard, signOut } = await import(pathToFileURL(path).href);
    const claims = { iss: issuer, aud: "blog", exp: seconds() + 600, iat: seconds() - 60 };
    const secret = "TEST ONLY: at least 32 bytes long";
    const bearer = (sub) => signed('{"alg":"HS256"}', JSON.stringify({ ...claims, sub }), "HS256", secret);
    const ask = async (sub) => (await guard.check(request("GET", "/me", bearer(sub)))).allowed;
    assert.deepEqual([await ask("ann"), await ask("bob")], [true, true]);
    await signOut("ann");
    assert.deepEqual([await ask("ann"), await ask("bob")], [false, true]);
  });
});

test("the_api_keys_of_the_README_let_their_makers_in", async () => {
  const path = join(home, "readme-api-keys.mjs");
  writeFileSync(path, example("<!-- api keys -->"));
  const { guard, makeKey } = await import(pathToFileURL(path).href);
  const ask = async (key) => (await guard.check(request("GET", "/articles", undefined, { "x-api-key": key }))).allowed;
  const key = await makeKey("ann", "my laptop");
  assert.deepEqual([await ask(key), await ask(key.toLowerCase()), await ask("blog_")], [true, false, false]);
});

test("whoever_signs_in_by_the_README_is_known_to_a_guard", async () => {
  const path = join(home, "readme-sign-in.mjs");
  writeFileSync(path, example("<!-- sign-in -->"));
  const { key, signIn } = await import(pathToFileURL(path).href);
  const trust = { issuers: [{ preset: "portcullis", issuer, audience: "api", profile: "access-token", jwks: { keys: [key.publicJwk] } }] };
  const policy = { policy: "p", revision: 1, roles: { editor: {} }, routes: [{ route: "GET /edit", role: "editor" }] };
  const guard = new full.imported.Guard({ policy, trust });
  assert.deepEqual(await signIn("ann", "wrong", "192.0.2.1"), { status: 401 });
  assert.deepEqual(await signIn("nobody", "correct horse battery", "192.0.2.1"), { status: 401 });
  const { status, access, refresh } = await signIn("ann", "correct horse battery", "192.0.2.1");
  assert.equal(status, 200);
  assert.equal(typeof refresh, "string");
  const outcome = await guard.check(request("GET", "/edit", access));
  assert.deepEqual([outcome.allowed, outcome.principal?.id], [true, "ann"]);
  const answers = [];
  for (let guess = 0; guess < 12; guess += 1) answers.push((await signIn("ann", `guess ${guess}`, "192.0.2.2")).status);
  assert.ok(answers.includes(401) && answers.at(-1) === 429, String(answers));
});

describe("the proofs of the README", () => {
  const site = "https://api.example.com";
  let worker;

  before(() => {
    worker = serveWorker(bundled("readme-dpop", example("<!-- dpop -->")), { outboundService: provider().answer });
  });

  after(() => worker?.dispose());

  test("tell_a_client_where_to_get_a_token", async () => {
    const refused = await worker.dispatchFetch(`${site}/notes`);
    const challenge = refused.headers.get("www-authenticate");
    assert.match(challenge, /^DPoP realm="api", /);
    const [, metadata] = /resource_metadata="([^"]+)"/.exec(challenge);
    const document = await (await worker.dispatchFetch(metadata)).json();
    const { resource, authorization_servers, scopes_supported, dpop_bound_access_tokens_required } = document;
    assert.deepEqual([resource, authorization_servers, scopes_supported, dpop_bound_access_tokens_required], [site, [issuer], ["notes:read"], true]);
  });

  test("let_the_owner_of_the_key_in", async () => {
    const client = await newClient();
    const bearer = token({ iss: issuer, sub: "ann", scope: "notes:read", exp: seconds() + 600, cnf: { jkt: client.jkt } }, "ES256");
    const ask = async (nonce) => {
      const dpop = await client.proof("GET", `${site}/notes`, bearer, { iat: seconds(), ...(nonce && { nonce }) });
      return worker.dispatchFetch(`${site}/notes`, { headers: { authorization: `DPoP ${bearer}`, dpop } });
    };
    const refused = await ask();
    assert.equal(refused.status, 401);
    assert.equal((await ask(refused.headers.get("dpop-nonce"))).status, 200);
  });
});
