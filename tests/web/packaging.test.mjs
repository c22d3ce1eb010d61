// The packed package, unchanged: what is in it, and that every tool finds its way in.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, test } from "node:test";
import { publint } from "publint";
import { buildPage, openPage } from "./chromium.mjs";
import { home, root, suites, tools } from "./home.mjs";
import { full, imported } from "./package.mjs";
import { runVectors } from "./vectors.mjs";
import { bundleWorker, serveWorker } from "./workerd.mjs";

const installed = join(home, "node_modules/portcullis");
const files = readdirSync(installed, { recursive: true }).filter((name) => statSync(join(installed, name)).isFile());
const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
const read = (name) => readFileSync(join(installed, name), "utf8");

const decision = `
  const guard = new Guard({ policy: { policy: "p", revision: 1, routes: [{ route: "GET /a", allow: "everyone" }] }, trust: { issuers: [] } });
  const outcomes = ["/a", "/b"].map((url) => guard.checkSync({ method: "GET", url, headers: {} }));
  console.log(JSON.stringify(outcomes.map(({ allowed, status }) => [allowed, status ?? 0])));
`;
const decided = "[[true,0],[false,401]]";

const entries = {
  portcullis: { folder: "dist", wasm: "guard.wasm", served: "server.wasm", app: "worker" },
  "portcullis/full": { folder: "dist/full", wasm: "full.wasm", served: "full.wasm", app: "worker-full" },
};

describe("the tarball", () => {
  test("holds_its_pages_and_no_more_than_it_says", () => {
    for (const name of ["README.md", "LICENSE-MIT", "LICENSE-APACHE", "dist/guard.wasm", "dist/server.wasm", "dist/full/full.wasm"]) assert.ok(files.includes(name), `${name} is missing`);
    const strange = files.filter((name) => !/^(package\.json|README\.md|LICENSE-(MIT|APACHE)|dist\/.*\.(js|d\.ts|wasm)|dist\/\w+\.schema\.json|dist\/cjs\/package\.json)$/.test(name));
    assert.deepEqual(strange, []);
  });

  test("names_no_folder_of_the_machine_that_built_it", () => {
    for (const name of files) {
      const text = readFileSync(join(installed, name), "latin1");
      assert.ok(!text.includes(root) && !text.includes(process.env.HOME ?? root), name);
    }
  });

  test("says_what_Cargo_toml_says", () => {
    const cargo = readFileSync(join(root, "Cargo.toml"), "utf8");
    for (const name of ["name", "version", "description", "license"]) assert.ok(cargo.includes(`\n${name} = ${JSON.stringify(manifest[name])}\n`), name);
    assert.equal(manifest.dependencies, undefined);
    assert.equal(manifest.scripts, undefined);
    assert.equal(manifest.sideEffects, false);
  });

  test("pleases_publint", async () => {
    const { messages } = await publint({ pkgDir: installed, level: "suggestion" });
    assert.deepEqual(messages, []);
  });

  test("carries_each_wasm_in_two_forms", () => {
    for (const [script, wasm] of [["wasm/base64.js", "guard.wasm"], ["wasm/server-base64.js", "server.wasm"], ["full/wasm/base64.js", "full/full.wasm"]]) {
      const [, base64] = /"([^"]+)"/.exec(read(`dist/${script}`));
      assert.ok(Buffer.from(base64, "base64").equals(readFileSync(join(installed, "dist", wasm))), wasm);
    }
  });

  test("keeps_the_sign_in_side_out_of_every_guard", () => {
    const exported = (name) => WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(join(installed, "dist", name)))).map(({ name }) => name);
    const issuer = exported("issuer/issuer.wasm").filter((name) => name !== "memory" && !name.startsWith("__"));
    assert.ok(issuer.includes("hash_password") && issuer.length > 40);
    for (const name of ["guard.wasm", "server.wasm", "full/full.wasm"]) {
      const guards = exported(name);
      assert.deepEqual(issuer.filter((each) => guards.includes(each)), [], name);
    }
    const reached = new Set();
    const follow = (name) => {
      if (reached.has(name)) return;
      reached.add(name);
      for (const [, path] of read(name).matchAll(/(?:from|import)\s*\(?"(\.[^"]+\.js)"/g)) follow(join(name, "..", path));
    };
    for (const entry of files.filter((name) => /^dist\/(full\/)?entry\/(?!issuer)/.test(name) && name.endsWith(".js"))) follow(entry);
    assert.ok(reached.has("dist/guard.js"));
    assert.deepEqual([...reached].filter((name) => name.includes("issuer/")), []);
  });

  test("has_nothing_twice_but_what_belongs_to_an_instance", () => {
    assert.equal(full.imported.ConfigError, imported.ConfigError);
    assert.notEqual(full.imported.Guard, imported.Guard);
    for (const name of files.filter((name) => /^dist\/full\/\w+\.js$/.test(name))) {
      const same = name.replace("full/", "");
      if (name !== "dist/full/bundle.js") assert.equal(read(name).split("\n").length, read(same).split("\n").length, name);
    }
    for (const name of ["freeze", "handles", "outcome", "config-error"]) assert.ok(!files.includes(`dist/full/${name}.js`), name);
  });

  test("declares_no_any", () => {
    for (const name of files.filter((name) => name.endsWith(".d.ts"))) assert.ok(!/\bany\b/.test(read(name).replace(/\/\*\*.*?\*\//gs, "")), name);
  });
});

describe("Node", () => {
  const run = (...words) => execFileSync(process.execPath, words, { cwd: home, encoding: "utf8" }).trim();

  const module = (text, ...words) => run(...words, "--input-type=module", "--eval", text);

  for (const [entry, { wasm }] of Object.entries(entries)) {
    test(`imports_it: ${entry}`, () => {
      assert.equal(module(`import { Guard } from "${entry}"; ${decision}`), decided);
    });

    test(`requires_it: ${entry}`, () => {
      assert.equal(run("--input-type=commonjs", "--eval", `const { Guard } = require("${entry}"); ${decision}`), decided);
    });

    test(`imports_the_bundle: ${entry}`, () => {
      assert.equal(module(`import { Guard } from "${entry}/bundle"; ${decision}`), decided);
    });

    test(`boots_nothing_at_import: ${entry}`, () => {
      const script = `WebAssembly.Module = WebAssembly.Instance = function () { throw new Error("booted"); }; await import("${entry}"); console.log("quiet");`;
      assert.equal(module(script), "quiet");
    });

    test(`takes_the_raw_module: ${entry}`, () => {
      const script = `
        import { readFileSync } from "node:fs";
        import { createRequire } from "node:module";
        import { Guard, init } from "${entry}";
        const path = createRequire(process.cwd() + "/index.js").resolve("portcullis/${wasm}");
        init({ module: new WebAssembly.Module(readFileSync(path)) });
        ${decision}`;
      assert.equal(module(script), decided);
    });

    test(`finds_the_module_of_an_edge_runtime: ${entry}`, () => {
      const script = `
        WebAssembly.Module = function () { throw new Error("compiled"); };
        const { Guard } = await import("${entry}");
        ${decision}`;
      assert.equal(module(script, "--conditions=edge-light", "--import", "./edge/register.js"), decided);
    });
  }

  test("says_why_where_WebAssembly_is_not_to_be_had", () => {
    const script = `
      import { Guard } from "portcullis";
      delete globalThis.WebAssembly;
      try { new Guard({ policy: {} }); } catch (error) { console.log(error.message); }`;
    assert.match(run("--input-type=module", "--eval", script), /WebAssembly is not available here/);
  });

  test("does_without_TextEncoder_and_TextDecoder", () => {
    // As in jest-environment-jsdom.
    const script = `
      delete globalThis.TextEncoder; delete globalThis.TextDecoder;
      const { Guard } = await import("portcullis");
      const guard = new Guard({ policy: { policy: "p", revision: 1, roles: { "r": { permits: ["p"] } }, permissions: ["p"] } });
      const who = { id: "\\u00e9\\u20ac\\u{1f600}\\ud800", roles: ["r"] };
      const { context } = guard.evaluate({ subject: { id: "\\u00e9\\u20ac\\u{1f600}" }, action: "p" });
      console.log(guard.can({ ...who, id: "\\u00e9" }, "p"), guard.can({ id: "x" }, "p"), context.code);`;
    assert.match(run("--input-type=module", "--eval", script), /^true false \w+$/);
  });
});

describe("WebCrypto, in the builds that have no node:crypto", () => {
  const builds = Object.entries(entries).flatMap(([entry, { folder }]) => [
    [`${folder}/bundle.js`, entry, (path) => import(path)],
    [`${folder.replace("dist", "dist/cjs")}/index.js`, entry, createRequire(import.meta.url)],
  ]);
  for (const [name, entry, load] of builds) {
    test(`verifies_every_signature_of_the_vectors: ${name}`, async () => {
      assert.ok(!read(name).includes("node:crypto"));
      const portcullis = await load(join(installed, name));
      const chosen = suites().filter(({ suite }) => ["signature", "jwks", "token"].includes(suite));
      assert.ok(chosen.length > 0);
      const { passed, failed } = await runVectors(portcullis, chosen, { full: entry === "portcullis/full" });
      assert.deepEqual(failed, []);
      assert.ok(passed > 0);
    });
  }
});

describe("TypeScript", () => {
  for (const [name, project] of Object.entries({ as_Node_resolves: "tsconfig.json", as_bundlers_resolve: "bundler.json", beside_Drizzle: "drizzle.json", beside_the_types_of_the_platforms: "stores.json" })) {
    test(`compiles_what_is_right_and_nothing_that_is_wrong_${name}`, () => {
      const words = [join(tools, "typescript/bin/tsc"), "--project", join(home, "types", project)];
      const { status, stdout } = spawnSync(process.execPath, words, { encoding: "utf8" });
      assert.equal(status, 0, stdout);
    });
  }
});

describe("wrangler", () => {
  for (const [entry, { app, served: wasm }] of Object.entries(entries)) {
    test(`bundles_it_with_the_module_and_without_the_base64: ${entry}`, async () => {
      const names = bundleWorker(app).filter((name) => name.endsWith(".wasm"));
      assert.equal(names.length, 1);
      assert.ok(names[0].endsWith(wasm));
      const worker = readFileSync(join(home, app, "out/worker.js"), "utf8");
      assert.ok(!worker.includes("node:crypto"));
      assert.ok(!/[A-Za-z0-9+/]{2000}/.test(worker));
      const served = serveWorker(app);
      try {
        const response = await served.dispatchFetch("http://worker.example/", { method: "POST", body: "[]" });
        assert.deepEqual(await response.json(), { passed: 0, failed: [] });
        const refused = await served.dispatchFetch("http://worker.example/");
        assert.equal(refused.status, 401);
        assert.equal((await refused.json()).code, "authentication_required");
      } finally {
        await served.dispose();
      }
    });
  }
});

describe("Vite", () => {
  test("builds_a_page_with_it", async () => {
    await buildPage();
    const { page, problems, close } = await openPage();
    try {
      for (const entry of Object.keys(entries)) {
        const answers = await page.evaluate(async (entry) => {
          const { Guard } = globalThis.entries[entry];
          const policy = { policy: "p", revision: 1, permissions: ["read"], roles: { reader: { permits: ["read"] } } };
          const guard = new Guard({ policy });
          return [guard.can({ id: "u1", roles: ["reader"] }, "read"), guard.can({ id: "u1" }, "read")];
        }, entry);
        assert.deepEqual(answers, [true, false], entry);
      }
      assert.deepEqual(problems, []);
    } finally {
      await close();
    }
  });
});
