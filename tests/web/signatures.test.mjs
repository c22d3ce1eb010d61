// Signatures where the host waits for WebCrypto: what the platform promises of the bytes that it is given, and what the
// guard makes of what it answers.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, test } from "node:test";
import { Miniflare } from "miniflare";
import { plainGuard, request, trustIn } from "./blog.mjs";
import { launchChromium, serve } from "./chromium.mjs";
import { launchFirefox } from "./firefox.mjs";
import { home } from "./home.mjs";
import { bundle, fullBundle } from "./package.mjs";
import { newClient } from "./proofs.mjs";
import { jwk, now, token } from "./tokens.mjs";
import { trappingModule } from "./trapping.mjs";

const wasm = readFileSync(join(home, "node_modules/portcullis/dist/guard.wasm"));
const algorithms = ["RS256", "ES256", "EdDSA"];
const clock = () => now;

/** What is told of views over wasm memory, which is written over and then moved before the answer is there. Runs anywhere. */
async function copies(given) {
  const parameters = {
    RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
    ES256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
    EdDSA: { name: "Ed25519" },
  };
  const answers = {};
  for (const { algorithm, key, input, signature } of given) {
    const imported = await crypto.subtle.importKey("jwk", key, parameters[algorithm], false, ["verify"]);
    const memory = new WebAssembly.Memory({ initial: 1 });
    const placed = (bytes, address) => {
      const view = new Uint8Array(memory.buffer, address, bytes.length);
      view.set(bytes);
      return view;
    };
    const ask = (first, second) => {
      const views = [placed(signature, 64), placed(first, 4096)];
      const answer = crypto.subtle.verify(parameters[algorithm], imported, ...views);
      placed(second, 4096);
      return answer;
    };
    const other = input.map((byte) => byte ^ 1);
    const asked = [ask(input, other), ask(other, input)];
    const late = ask(input, other);
    memory.grow(1);
    answers[algorithm] = await Promise.all([...asked, late]);
  }
  return answers;
}

const given = algorithms.map((algorithm) => {
  const [header, claims, signature] = token({}, algorithm).split(".");
  const { kty, crv, n, e, x, y } = jwk(algorithm);
  const input = [...Buffer.from(`${header}.${claims}`)];
  return { algorithm, key: { kty, crv, n, e, x, y }, input, signature: [...Buffer.from(signature, "base64url")] };
});
const copied = Object.fromEntries(algorithms.map((algorithm) => [algorithm, [true, false, true]]));

/** A page in a browser, of an origin that may use WebCrypto. */
async function inPage(launch) {
  const folder = join(home, "blank");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>blank</title>");
  const [server, browser] = await Promise.all([serve(folder, "."), launch()]);
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    return await page.evaluate(copies, given);
  } finally {
    await browser.close();
    await server.close();
  }
}

describe("the bytes of a signature are the platform's own as soon as it is asked", () => {
  const hosts = {
    Node: () => copies(given),
    async workerd() {
      const script = `const copies = ${copies}; export default { async fetch(request) { return Response.json(await copies(await request.json())); } };`;
      const worker = new Miniflare({ modules: true, script, compatibilityDate: "2026-04-01" });
      try {
        return await (await worker.dispatchFetch("http://worker.example/", { method: "POST", body: JSON.stringify(given) })).json();
      } finally {
        await worker.dispose();
      }
    },
    Chromium: () => inPage(launchChromium),
    Firefox: () => inPage(launchFirefox),
  };
  for (const [host, ask] of Object.entries(hosts)) {
    test(`in ${host}`, async () => assert.deepEqual(await ask(), copied));
  }
});

for (const algorithm of algorithms) {
  const guardBy = (options) => plainGuard(bundle, { trust: trustIn(algorithm), ...options });
  const asking = (bearer) => request("GET", "/me", bearer);
  const good = (sub = "u1") => token({ sub }, algorithm);
  const [, admin] = token({ sub: "a1", roles: ["admin"] }, algorithm).split(".");
  const forged = (bearer) => bearer.replace(/\.[^.]*\./, `.${admin}.`);

  describe(`what WebCrypto answers: ${algorithm}`, () => {
    afterEach(() => bundle.init({ module: new WebAssembly.Module(wasm) }));

    for (const answer of [1, "true", {}, { code: 1, body: "" }, [true], new Boolean(true), null, undefined, false]) {
      test(`is_no_yes: ${JSON.stringify(answer)} (${typeof answer})`, async (context) => {
        const guard = guardBy();
        context.mock.method(crypto.subtle, "verify", async () => answer);
        for (let round = 0; round < 3; round += 1) assert.equal((await guard.check(asking(good()))).status, 401);
      });
    }

    for (const [how, fails] of Object.entries({
      a_promise_that_rejects: () => Promise.reject(new Error("the platform")),
      an_error_at_once: () => {
        throw new Error("the platform");
      },
    })) {
      test(`is_unavailable_after_${how}`, async (context) => {
        const guard = guardBy();
        const failing = context.mock.method(crypto.subtle, "verify", fails);
        // The key is new, and then it is known.
        for (let round = 0; round < 2; round += 1) {
          const { status, code } = await guard.check(asking(good()));
          assert.deepEqual({ status, code }, { status: 503, code: "unavailable" });
        }
        failing.mock.restore();
        assert.equal((await guard.check(asking(good()))).principal.id, "u1");
      });
    }

    test("is_nothing_to_an_instance_that_came_after_a_trap", async (context) => {
      bundle.init({ module: trappingModule(wasm, 666, "unreachable") });
      let time = now;
      const [guard, other] = [guardBy({ clock }), guardBy({ clock: () => time })];
      const found = [];
      const asked = async (count) => {
        while (found.length < count) await new Promise(setImmediate);
      };
      context.mock.method(crypto.subtle, "verify", () => new Promise((resolve) => found.push(resolve)));
      const mine = guard.check(asking(forged(good("u2"))));
      await asked(1);
      time = 666;
      assert.equal((await other.check(asking(good("u3")))).status, 503);
      time = now;
      // The other guard registers first, and waits under the number that this one had.
      const others = other.check(asking(forged(good("u4"))));
      await asked(2);
      found[0](true);
      assert.equal((await mine).status, 503);
      found[1](false);
      assert.equal((await others).status, 401);
    });

    test("is_each_request's_own_while_many_wait_and_the_memory_moves", async () => {
      for (const warm of [false, true]) {
        const guard = guardBy();
        if (warm) await guard.check(asking(good()));
        const asked = Array.from({ length: 300 }, (_, index) => {
          const bearer = token({ sub: `s${index}`, note: "x".repeat((index % 7) * 1_000) }, algorithm);
          return guard.check(asking(index % 3 === 0 ? forged(bearer) : bearer));
        });
        const found = await Promise.all(asked);
        for (const [index, outcome] of found.entries()) assert.equal(outcome.allowed ? outcome.principal.id : outcome.status, index % 3 === 0 ? 401 : `s${index}`);
      }
    });

    test("is_waited_for_and_nothing_else", async (context) => {
      const guard = guardBy();
      assert.equal((await guard.check(asking(good()))).allowed, true);
      const turns = async (bearer) => {
        let count = 0;
        let settled = false;
        guard.check(asking(bearer)).then(() => (settled = true));
        for (; !settled; count += 1) await undefined;
        return count;
      };
      const unseen = good("u2");
      context.mock.method(crypto.subtle, "verify", () => Promise.resolve(true));
      assert.equal(await turns(unseen), 2);
      assert.equal(await turns(unseen), 1, "it is known now");
    });
  });
}

describe("the key that a request brings", () => {
  const url = "https://blog.example/me";
  const sent = (bearer, dpop) => ({ method: "GET", url, headers: { authorization: `DPoP ${bearer}`, dpop } });

  test("is_its_own_however_long_the_platform_takes_to_import_it", async (context) => {
    const guard = plainGuard(fullBundle, { trust: { ...trustIn("ES256"), dpop: {} } });
    const clients = await Promise.all(Array.from({ length: 30 }, newClient));
    const importing = crypto.subtle.importKey.bind(crypto.subtle);
    context.mock.method(crypto.subtle, "importKey", async (...given) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return importing(...given);
    });
    for (let round = 0; round < 2; round += 1) {
      const asked = clients.map(async (client, index) => {
        const bearer = token({ sub: `c${index}`, cnf: { jkt: client.jkt } }, "ES256");
        const thief = clients[(index + 1) % clients.length];
        const proof = index % 3 === 0 ? thief.proof("GET", url, bearer, { iat: now }, { jwk: client.jwk }) : client.proof("GET", url, bearer, { iat: now });
        return sent(bearer, await proof);
      });
      // All at once: each waits while the others ask.
      const found = await Promise.all((await Promise.all(asked)).map((one) => guard.check(one)));
      for (const [index, outcome] of found.entries()) assert.equal(outcome.allowed ? outcome.principal.id : outcome.status, index % 3 === 0 ? 401 : `c${index}`);
    }
  });
});
