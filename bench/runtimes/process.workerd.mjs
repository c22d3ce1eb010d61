// A workerd of its own, started from a folder with a bundle, without miniflare: what is timed is workerd alone.

import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { tools } from "../../tests/web/home.mjs";

const require = createRequire(join(tools, "../package.json"));
const { default: program } = require("workerd");

export const { version } = JSON.parse(readFileSync(join(tools, "workerd/package.json"), "utf8"));
export const compatibilityDate = "2026-04-01";

/** Writes the configuration: worker.js and the wasm files of the folder; `host` is where the Worker reaches Node. */
export function configure(folder, host) {
  const modules = readdirSync(folder)
    .filter((name) => /\.(js|wasm)$/.test(name))
    .sort((name) => (name === "worker.js" ? -1 : 1))
    .map((name) => `(name = "${name}", ${name.endsWith(".wasm") ? "wasm" : "esModule"} = embed "${name}")`);
  const service = host === undefined ? "" : `, (name = "host", external = (address = "${host}", http = ()))`;
  const binding = host === undefined ? "" : `bindings = [(name = "HOST", service = "host")],`;
  const text = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)${service}],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
  v8Flags = ["--expose-gc"],
);
const main :Workerd.Worker = (
  modules = [${modules.join(", ")}],
  ${binding}
  compatibilityDate = "${compatibilityDate}",
  compatibilityFlags = ["nodejs_compat"],
);
`;
  writeFileSync(join(folder, "config.capnp"), text);
}

/** Starts it; resolves when it listens. */
export async function started(folder) {
  const child = spawn(program, ["serve", "--control-fd=3", "config.capnp"], { cwd: folder, stdio: ["ignore", "inherit", "inherit", "pipe"] });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const port = new Promise((resolve) => {
    let told = "";
    child.stdio[3].on("data", (data) => {
      told += data;
      const [, number] = /"port":([0-9]+)/.exec(told) ?? [];
      if (number !== undefined) resolve(Number(number));
    });
  });
  const early = ended.then((code) => Promise.reject(new Error(`workerd ended with ${code} before it listened`)));
  early.catch(() => {});
  return {
    port: await Promise.race([port, early]),
    close() {
      child.kill();
      return ended;
    },
  };
}

/** The answer to a POST, however long it takes. */
export function asked(port, body = "") {
  return new Promise((resolve, reject) => {
    const question = request({ host: "127.0.0.1", port, method: "POST" }, async (answer) => {
      try {
        let text = "";
        for await (const part of answer.setEncoding("utf8")) text += part;
        if (answer.statusCode === 200) resolve(text);
        else reject(new Error(text));
      } catch (error) {
        reject(error);
      }
    });
    question.on("error", reject);
    question.end(body);
  });
}
