// Makes ../pkg, the npm package, from target/guard/{guard.wasm,core.js} and src/.
//
// 1. tsc compiles src/ to pkg/dist; only the declarations that the entries reach stay.
// 2. The glue is patched; the wasm goes in as it is and as base64.
// 3. esbuild makes the CommonJS twins and the one-file bundle.
// 4. package.json is the template, filled from Cargo.toml; the pages are copied.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const www = dirname(fileURLToPath(import.meta.url));
const root = resolve(www, "..");
const guard = join(root, "target/guard");
const pkg = join(root, "pkg");
const dist = join(pkg, "dist");
const entries = ["entry/index"];

await rm(pkg, { recursive: true, force: true });
await compile();
await placeWasm();
await fillTemplate();
await bundle();
await keepDeclarations();
await copyPages();

async function compile() {
  step("tsc");
  execFileSync(process.execPath, [join(www, "node_modules/typescript/bin/tsc"), "--project", www], { stdio: "inherit" });
  await copyFile(join(root, "src/wasm/types.d.ts"), join(dist, "types.d.ts"));
}

async function placeWasm() {
  step("glue and wasm");
  const wasm = await readFile(join(guard, "guard.wasm"));
  await writeFile(join(dist, "guard.wasm"), wasm);
  await writeFile(join(dist, "wasm/base64.js"), `export const base64 = "${wasm.toString("base64")}";\n`);
  await writeFile(join(dist, "wasm/core.js"), patched(await readFile(join(guard, "core.js"), "utf8")));
}

function patched(glue) {
  // A module of another realm is one too: Next's edge sandbox hands one over.
  const anyRealm = once(
    glue,
    "!(module instanceof WebAssembly.Module)",
    "Object.prototype.toString.call(module) !== '[object WebAssembly.Module]'",
  );
  // The glue starts once and then never again; after a trap it must.
  for (const needed of ["let wasmModule, wasmInstance, wasm;\n", "function initSync(module) {\n    if (wasm !== undefined) return wasm;\n"]) {
    once(anyRealm, needed, needed);
  }
  return [
    'import { TextDecoder, TextEncoder } from "./text.js";',
    anyRealm,
    "export function boot(module) {\n  wasm = undefined;\n  return initSync({ module });\n}\n",
  ].join("\n");
}

/** Replaces what must stand in the text exactly once, so that a new wasm-bindgen cannot change it unnoticed. */
function once(text, from, to) {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`the glue has ${parts.length - 1} times, not once: ${from}`);
  return parts.join(to);
}

async function fillTemplate() {
  step("package.json");
  const metadata = execFileSync("cargo", ["metadata", "--no-deps", "--format-version", "1"], { cwd: root, encoding: "utf8" });
  const [crate] = JSON.parse(metadata).packages;
  const value = (name) => {
    if (crate[name] === undefined || crate[name] === null) throw new Error(`Cargo.toml says no ${name}`);
    return crate[name];
  };
  const fill = (node) => {
    if (typeof node === "string") {
      const whole = /^\{\{(\w+)\}\}$/.exec(node);
      return whole === null ? node.replace(/\{\{(\w+)\}\}/g, (_, name) => value(name)) : value(whole[1]);
    }
    if (Array.isArray(node)) return node.map(fill);
    return node !== null && typeof node === "object" ? Object.fromEntries(Object.entries(node).map(([name, member]) => [name, fill(member)])) : node;
  };
  const template = JSON.parse(await readFile(join(root, "pkg.json.template"), "utf8"));
  await writeFile(join(pkg, "package.json"), `${JSON.stringify(fill(template), null, 2)}\n`);
}

async function bundle() {
  step("bundles");
  const common = { absWorkingDir: pkg, entryPoints: ["./dist/entry/index.js"], bundle: true, target: "es2022", logLevel: "warning" };
  await mkdir(join(dist, "cjs"));
  await writeFile(join(dist, "cjs/package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
  await build({ ...common, format: "cjs", platform: "node", outfile: "dist/cjs/node.js" });
  await build({ ...common, format: "cjs", platform: "neutral", outfile: "dist/cjs/index.js" });
  await build({ ...common, format: "esm", platform: "neutral", minify: true, outfile: "dist/bundle.js" });
}

/** What an entry's types reach stays, and stands in cjs/ once more: there TypeScript takes it for CommonJS. */
async function keepDeclarations() {
  const reached = new Set(entries.map((entry) => join(dist, `${entry}.d.ts`)));
  for (const path of reached) {
    const text = await readFile(path, "utf8");
    for (const [, specifier] of text.matchAll(/from "(\.[^"]+)\.js"/g)) reached.add(join(dirname(path), `${specifier}.d.ts`));
  }
  for (const name of await readdir(dist, { recursive: true })) {
    const path = join(dist, name);
    if (!name.endsWith(".d.ts")) continue;
    if (reached.has(path)) await cp(path, join(dist, "cjs", name));
    else await rm(path);
  }
}

async function copyPages() {
  for (const name of ["README.md", "LICENSE-MIT", "LICENSE-APACHE"]) {
    if (existsSync(join(root, name))) await copyFile(join(root, name), join(pkg, name));
  }
}

function step(what) {
  console.log(`package: ${what}`);
}
