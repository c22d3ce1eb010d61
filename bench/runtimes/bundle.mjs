// The suite as a user's bundler would make it for a runtime: every package by its own exports, with the conditions that
// wrangler and Vite take.

import { builtinModules } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";

/** What a runtime gives of Node: in workerd with nodejs_compat all, in a page nothing. */
const settings = {
  workerd: { conditions: ["workerd", "worker", "browser"], external: ["cloudflare:workers"], loader: { ".wasm": "copy" }, plugins: [prefixed()] },
  chromium: { conditions: ["browser"], inject: [join(import.meta.dirname, "buffer.mjs")], loader: { ".wasm": "file" }, plugins: [withoutNode()] },
};

export function bundled(runtime, entry, outdir, contents) {
  const input = contents === undefined ? { entryPoints: [entry] } : { stdin: { contents, resolveDir: import.meta.dirname } };
  return build({
    ...input,
    bundle: true,
    outdir,
    entryNames: "worker",
    assetNames: "[name]-[hash]",
    format: "esm",
    platform: "browser",
    target: "es2024",
    define: { "process.env.ROUNDS": process.env.ROUNDS === undefined ? "undefined" : JSON.stringify(process.env.ROUNDS) },
    logLevel: "error",
    ...settings[runtime],
  });
}

const builtins = new RegExp(`^(node:.*|${builtinModules.join("|").replaceAll("/", "\\/")})$`);

/** workerd knows Node's modules by their full names alone, and by imports: as wrangler does it. */
function prefixed() {
  return {
    name: "prefixed",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: builtins }, ({ path, kind }) => {
        const full = path.startsWith("node:") ? path : `node:${path}`;
        return kind === "require-call" ? { path: full, namespace: "required" } : { path: full, external: true };
      });
      onLoad({ filter: /.*/, namespace: "required" }, ({ path }) => ({ contents: `import all from "${path}"; module.exports = all;`, loader: "js" }));
    },
  };
}

/** What needs a module of Node's says so when it is loaded, and takes nothing else with it. Some are packages too. */
function withoutNode() {
  return {
    name: "without-node",
    setup({ onResolve, onLoad, resolve }) {
      onResolve({ filter: builtins }, async ({ path, pluginData, ...from }) => {
        if (pluginData === "again") return undefined;
        if (path.startsWith("node:")) return { path: path.slice(5), namespace: "node" };
        const found = await resolve(path, { ...from, pluginData: "again" });
        return found.errors.length === 0 ? found : { path, namespace: "node" };
      });
      onLoad({ filter: /.*/, namespace: "node" }, ({ path }) => ({ contents: `throw new Error("it needs node:${path}")`, loader: "js" }));
    },
  };
}
