// The Worker of the README, as it stands there, in workerd.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { home, root } from "./home.mjs";
import { bundleWorker, serveWorker } from "./workerd.mjs";

describe("the Worker of the README", () => {
  const [, source] = /```js\n(.*?)```/s.exec(readFileSync(join(root, "README.md"), "utf8"));
  let worker;

  before(() => {
    const app = join(home, "readme");
    mkdirSync(app, { recursive: true });
    writeFileSync(join(app, "worker.js"), source);
    writeFileSync(join(app, "wrangler.json"), JSON.stringify({ name: "readme", main: "worker.js", compatibility_date: "2026-04-01" }));
    bundleWorker("readme");
    worker = serveWorker("readme");
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
