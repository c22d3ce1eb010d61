// D1 in workerd, as a binding is. Miniflare has a stand-in for bindings, but that loses its way after some hundred calls.

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";

const apps = join(dirname(fileURLToPath(import.meta.url)), "../apps/lists");

/** A database of its own, and how to end it. */
export function openD1() {
  const modules = ["d1.js", "statements.js"].map((name) => ({ type: "ESModule", path: join(apps, name) }));
  const worker = new Miniflare({ modules, modulesRoot: apps, compatibilityDate: "2026-04-01", d1Databases: { DB: "lists" } });
  return { db: d1Of(worker), close: () => worker.dispose() };
}

/** The database of a Worker that runs `statements.js`. */
export function d1Of(worker) {
  const sent = async (statements, isBatch) => {
    const response = await worker.dispatchFetch("https://d1.example/", { method: "POST", body: JSON.stringify({ statements, isBatch }) });
    const { results, error } = await response.json();
    if (error !== undefined) throw new Error(error);
    return results;
  };
  return {
    prepare: (text) => new Statement(sent, text, []),
    batch: (statements) => sent(statements.map(({ text, parameters }) => ({ text, parameters })), true),
  };
}

class Statement {
  #sent;

  constructor(sent, text, parameters) {
    this.#sent = sent;
    this.text = text;
    this.parameters = parameters;
  }

  bind(...parameters) {
    return new Statement(this.#sent, this.text, parameters);
  }

  all() {
    return this.#asked("all");
  }

  run() {
    return this.#asked("run");
  }

  raw(...options) {
    return this.#asked("raw", options);
  }

  async #asked(way, options = []) {
    const { text, parameters } = this;
    const [result] = await this.#sent([{ text, parameters, way, options }], false);
    return result;
  }
}
