// The packed package, from where tests/web/install.mjs has installed it, by its names: so Node finds what its users get.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { home, root } from "../../tests/web/home.mjs";
import { fresh, header, request, trust } from "./headers.mjs";

const { resolve } = createRequire(join(home, "entries/guard.js"));
const importing = (name) => import(pathToFileURL(join(home, "entries", name)).href);

const plain = await importing("guard.js");
const full = await importing("full.js");
export const { authzen } = await importing("authzen.js");
export const { version } = JSON.parse(readFileSync(resolve("portcullis/package.json"), "utf8"));

export const guardOf = (policy) => new plain.Guard({ policy, trust });
/** Of `portcullis/full`, with what its trust document has besides. */
export const fullGuardOf = (policy, more = {}) => new full.Guard({ policy, trust: { ...trust, ...more } });

/** Those that the entries take in Node. */
const compiled = (name) => new WebAssembly.Module(readFileSync(resolve(name)));
const modules = { plain: compiled("portcullis/server.wasm"), full: compiled("portcullis/full.wasm") };

/** Begins a new instance of both files, so that no guard of before takes room in it. */
export function anew() {
  plain.init({ module: modules.plain });
  full.init({ module: modules.full });
}

/** server.wasm as it was before wasm-opt, when its functions had names: the same code in more bytes. */
export const named = join(root, "target/server/core_bg.wasm");
export const use = (module) => plain.init({ module });

/** Who ann is to that guard, with these roles. */
export function principalOf(guard, roles) {
  const outcome = guard.checkSync(request("/me", fresh(header({ roles }))));
  if (!outcome.allowed) throw new Error("ann is refused");
  return outcome.principal;
}
