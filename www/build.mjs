// Makes ../pkg, the npm package, from target/{guard,server,full,issuer}/ and src/.
//
// 1. tsc compiles src/ to pkg/dist; only the declarations that the entries reach stay.
// 2. The glue is patched; the wasm goes in as it is and as base64.
// 3. pkg/dist/full gets those modules again that reach the wasm, and the larger wasm; all others are shared.
// 4. esbuild makes the CommonJS twins, the one-file bundles, and for Node few files instead of many, because each that is
//    imported takes its time. The tools are one file with the YAML reader in it.
// 5. package.json is the template, filled from Cargo.toml; the schemas and pages are copied.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const www = dirname(fileURLToPath(import.meta.url));
const root = resolve(www, "..");
const pkg = join(root, "pkg");
const dist = join(pkg, "dist");
const full = join(dist, "full");
const stores = ["api-keys", "d1", "durable", "kv", "memory", "redis"];
const entries = ["entry/index", "entry/issuer", "entry/tools", "authzen", ...stores.map((name) => `stores/${name}`)];
const glue = "wasm/core.js";
const wasm = "#wasm";
// As tsc writes them: one import or export to a line, in double quotes.
const importing = /^((?:import|export)\b[^"\n]* from "|import ")([^"]+)(";)$/gm;

await rm(pkg, { recursive: true, force: true });
await compile();
await placeWasm("guard", dist);
await copyForFull();
await placeWasm("full", full);
await placeServerWasm();
await placeWasm("issuer", join(dist, "issuer"));
await fillTemplate();
await bundle();
await keepDeclarations();
await copySchemas();
await copyPages();

async function compile() {
  step("tsc");
  execFileSync(process.execPath, [join(www, "node_modules/typescript/bin/tsc"), "--project", www], { stdio: "inherit" });
  await copyFile(join(root, "src/wasm/types.d.ts"), join(dist, "types.d.ts"));
}

/** The wasm of that name and its glue, from target/ into a folder whose modules look for them. */
async function placeWasm(name, folder) {
  step(`glue and wasm: ${name}`);
  const made = join(root, "target", name);
  const bytes = await readFile(join(made, `${name}.wasm`));
  await writeFile(join(folder, `${name}.wasm`), bytes);
  await writeFile(join(folder, "wasm/base64.js"), `export const base64 = "${bytes.toString("base64")}";\n`);
  const text = relative(join(folder, "wasm"), join(dist, "wasm/text.js"));
  await writeFile(join(folder, glue), patched(await readFile(join(made, "core.js"), "utf8"), text.startsWith(".") ? text : `./${text}`));
}

/** The fast twin of guard.wasm, which has the same glue. */
async function placeServerWasm() {
  const [guard, server] = ["guard", "server"].map((name) => join(root, "target", name));
  const [glueOfGuard, glueOfServer] = await Promise.all([guard, server].map((folder) => readFile(join(folder, "core.js"), "utf8")));
  if (glueOfGuard !== glueOfServer) throw new Error("guard.wasm and server.wasm want different glue");
  const bytes = await readFile(join(server, "server.wasm"));
  await writeFile(join(dist, "server.wasm"), bytes);
  await writeFile(join(dist, "wasm/server-base64.js"), `export const base64 = "${bytes.toString("base64")}";\n`);
}

/**
 * What reaches the wasm stands in full/ once more, because a module belongs to one instance. What does not is shared: a
 * ConfigError is the same class in both entries.
 */
async function copyForFull() {
  step("modules for full");
  const names = (await readdir(dist, { recursive: true })).filter((name) => name.endsWith(".js"));
  const texts = new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(dist, name), "utf8")])));
  const bound = new Set([glue, "wasm/base64.js", "wasm/workerd.js", "wasm/edge-light.js"]);
  const reaches = (name) => specifiers(texts.get(name)).some((specifier) => specifier === wasm || bound.has(target(name, specifier)));
  for (let before = -1; before !== bound.size; ) {
    before = bound.size;
    for (const name of names) if (reaches(name)) bound.add(name);
  }
  const beside = (name, specifier) => {
    if (specifier === wasm) return `${wasm}-full`;
    if (specifier.startsWith("../server.wasm")) return specifier.replace("server", "full");
    const found = target(name, specifier);
    if (found === undefined || bound.has(found)) return specifier;
    return relative(dirname(join(full, name)), join(dist, found));
  };
  for (const name of bound) {
    const text = texts.get(name);
    if (text === undefined) continue; // the glue and the bytes come with the wasm
    const path = join(full, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text.replace(importing, (_, before, specifier, after) => before + beside(name, specifier) + after));
  }
}

function specifiers(text) {
  const found = [...text.matchAll(importing)].map(([, , specifier]) => specifier);
  const written = text.match(/^(?:import|export\b.* from)\b/gm) ?? [];
  if (found.length !== written.length) throw new Error("an import is written in another way");
  return found;
}

/** The module under dist/ that a relative specifier names. */
function target(name, specifier) {
  return specifier.startsWith(".") ? join(dirname(name), specifier) : undefined;
}

function patched(glue, text) {
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
    `import { TextDecoder, TextEncoder } from "${text}";`,
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
  await mkdir(join(dist, "cjs"));
  await writeFile(join(dist, "cjs/package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
  for (const part of [".", "full"]) {
    const entry = `${part}/entry/index.js`;
    await bundled(entry, { format: "cjs", platform: "node", outfile: `dist/cjs/${part}/node.js` });
    await bundled(entry, { format: "cjs", platform: "neutral", outfile: `dist/cjs/${part}/index.js` });
    await bundled(entry, { format: "esm", platform: "neutral", minify: true, outfile: `dist/${part}/bundle.js` });
  }
  for (const name of ["authzen", ...stores.map((name) => `stores/${name}`)]) await bundled(`${name}.js`, { format: "cjs", platform: "neutral", outfile: `dist/cjs/${name}.js` });
  await bundled("entry/issuer.js", { format: "cjs", platform: "node", outfile: "dist/cjs/issuer-node.js" });
  await bundled("entry/issuer.js", { format: "cjs", platform: "neutral", outfile: "dist/cjs/issuer.js" });
  await bundleForNode();
  await bundleTools();
}

/**
 * What two entries share, a class or what a guard knows, is in a file that both import. Entries that share nothing which must
 * be the same, guards and stores and the sign-in side, are made apart: else a guard's start reads a file for each of them.
 */
async function bundleForNode() {
  const guards = { index: "entry/index.js", full: "full/entry/index.js", authzen: "authzen.js" };
  const kept = Object.fromEntries(stores.map((name) => [name, `stores/${name}.js`]));
  for (const entries of [guards, kept, { issuer: "entry/issuer.js" }]) {
    const paths = Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, `./dist/${path}`]));
    await built({ entryPoints: paths, format: "esm", platform: "node", splitting: true, chunkNames: "shared-[hash]", outdir: "dist/node" });
  }
}

/** The YAML reader goes in at its version here, so that a policy means the same wherever the tools run. Its licence goes with it. */
async function bundleTools() {
  const licence = await readFile(join(www, "node_modules/yaml/LICENSE"), "utf8");
  const banner = { js: `/*!\nThe npm package yaml is in this file, under this licence:\n\n${licence.trim()}\n*/` };
  const options = { platform: "neutral", nodePaths: [join(www, "node_modules")], minifySyntax: true, minifyWhitespace: true, banner };
  await bundled("entry/tools.js", { format: "cjs", outfile: "dist/cjs/tools.js", ...options });
  await bundled("entry/tools.js", { format: "esm", outfile: "dist/tools.js", ...options });
  await rm(join(dist, "entry/tools.js"));
  for (const name of await readdir(join(dist, "tools"))) if (name.endsWith(".js")) await rm(join(dist, "tools", name));
}

async function bundled(entry, options) {
  await built({ entryPoints: [`./dist/${entry}`], ...options });
}

async function built(options) {
  // A function that the wasm does not export is found here, and not by whoever calls it.
  const logOverride = { "import-is-undefined": "error" };
  await build({ absWorkingDir: pkg, bundle: true, target: "es2022", logLevel: "warning", logOverride, ...options });
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

async function copySchemas() {
  for (const name of ["policy", "trust"]) await copyFile(join(www, `schema/${name}.schema.json`), join(dist, `${name}.schema.json`));
}

async function copyPages() {
  for (const name of ["README.md", "LICENSE-MIT", "LICENSE-APACHE"]) {
    if (existsSync(join(root, name))) await copyFile(join(root, name), join(pkg, name));
  }
}

function step(what) {
  console.log(`package: ${what}`);
}
