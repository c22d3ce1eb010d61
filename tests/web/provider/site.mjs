// The Worker in worker/, twice in one workerd: two isolates that share nothing but a KV namespace.

import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { here, home } from "../home.mjs";
import { bundleWorker } from "../workerd.mjs";

const app = "provider";
const isolates = ["first", "second"];

// Milliseconds; more than the package gives a fetch.
const patience = 20_000;

/** Where the site is. */
export const origin = "https://notes.example";

/** Bundles the Worker as a user would, and serves it. */
export async function openSite() {
  cpSync(join(here, "provider/worker"), join(home, app), { recursive: true });
  bundleWorker(app);
  const output = join(home, app, "out");
  const modules = readdirSync(output)
    .filter((name) => /\.(js|wasm)$/.test(name))
    .sort((name) => (name === "worker.js" ? -1 : 1))
    .map((name) => ({ type: name.endsWith(".wasm") ? "CompiledWasm" : "ESModule", path: join(output, name) }));
  const worker = { modules, modulesRoot: output, compatibilityDate: "2026-04-01", kvNamespaces: { KEYS: "keys" } };
  const miniflare = new Miniflare({ workers: isolates.map((name) => ({ ...worker, name })) });
  return new Site(miniflare, Object.fromEntries(await Promise.all(isolates.map(async (name) => [name, await miniflare.getWorker(name)]))));
}

class Site {
  #miniflare;
  #workers;
  #made = 0;

  constructor(miniflare, workers) {
    this.#miniflare = miniflare;
    this.#workers = workers;
  }

  /**
   * A fresh guard in one of the isolates. `entry`: of the package; `background`: fetches may go on behind an answer.
   * Throws what the guard's constructor threw.
   */
  async gate({ isolate = "first", ...options }) {
    const gate = new Gate(this.#workers[isolate], `gate-${(this.#made += 1)}`);
    const { error } = await gate.control("make", options);
    if (error !== undefined) throw Object.assign(new Error(error.message), error);
    return gate;
  }

  close() {
    return this.#miniflare.dispose();
  }
}

/** One guard in the Worker. */
class Gate {
  #worker;
  #name;
  #ahead = 0;

  constructor(worker, name) {
    this.#worker = worker;
    this.#name = name;
  }

  /** What the guard's clock says. */
  get now() {
    return Date.now() / 1000 + this.#ahead;
  }

  /** Moves the guard's clock on. */
  async move(seconds) {
    this.#ahead += seconds;
    await this.control("move", { ahead: this.#ahead });
  }

  /** What the guard has fetched since this was last asked; waits for what it fetches behind an answer. */
  async fetched() {
    for (const end = Date.now() + patience; Date.now() < end; ) {
      const { fetched, underWay } = await this.control("fetched");
      if (underWay === 0) return fetched;
    }
    throw new Error("a fetch behind an answer has no end");
  }

  /** Puts the guard's keys into KV. */
  async save() {
    await this.control("save");
  }

  /** Takes the keys out of KV; how many sets the guard took. */
  async load() {
    return (await this.control("load")).taken;
  }

  /** A request to the site; `options` are those of `guard.check`. */
  async ask(path, headers = {}, { method = "GET", options = {} } = {}) {
    const init = { method, headers: { ...headers, "x-gate": this.#name, "x-options": JSON.stringify(options) } };
    const response = await this.#worker.fetch(`${origin}${path}`, init);
    const { reason, detail } = JSON.parse(response.headers.get("x-event"));
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.json(), reason, detail };
  }

  async control(what, details = {}) {
    const response = await this.#worker.fetch(`http://control/${what}`, { method: "POST", body: JSON.stringify({ gate: this.#name, ...details }) });
    if (response.status !== 200) throw new Error(`${what}: ${await response.text()}`);
    return response.json();
  }
}

export const bearer = (token) => ({ authorization: `Bearer ${token}` });
