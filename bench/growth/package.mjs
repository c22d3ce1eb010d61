// The packed package, from where tests/web/install.mjs has installed it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { home, root } from "../../tests/web/home.mjs";
import { fresh, header, request, trust } from "./headers.mjs";

const installed = join(home, "node_modules/portcullis");
const importing = (name) => import(pathToFileURL(join(home, "entries", name)).href);

const plain = await importing("guard.js");
const full = await importing("full.js");
export const { authzen } = await importing("authzen.js");
export const { version } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));

export const guardOf = (policy) => new plain.Guard({ policy, trust });
/** Of `portcullis/full`, with what its trust document has besides. */
export const fullGuardOf = (policy, more = {}) => new full.Guard({ policy, trust: { ...trust, ...more } });

const compiled = (file) => new WebAssembly.Module(readFileSync(join(installed, "dist", file)));
const modules = { plain: compiled("guard.wasm"), full: compiled("full/full.wasm") };

/** Begins a new instance of both files, so that no guard of before takes room in it. */
export function anew() {
  plain.init({ module: modules.plain });
  full.init({ module: modules.full });
}

/** guard.wasm as it was before the names of its functions went: the same code in more bytes. */
export const named = join(root, "target/guard/core_bg.wasm");
export const use = (module) => plain.init({ module });

/** Who ann is to that guard, with these roles. */
export function principalOf(guard, roles) {
  const outcome = guard.checkSync(request("/me", fresh(header({ roles }))));
  if (!outcome.allowed) throw new Error("ann is refused");
  return outcome.principal;
}
