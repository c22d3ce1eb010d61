// The package as it is installed: each entry once imported, once required.

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { home } from "./home.mjs";

const importing = (name) => import(pathToFileURL(join(home, "entries", name)).href);
const requiring = createRequire(join(home, "index.cjs"));

export const imported = await importing("guard.js");
export const required = requiring("portcullis");

/** `portcullis/bundle`: as a browser has it, and so with WebCrypto, in Node too. */
export const bundle = await importing("bundle.js");

/** `portcullis/full`. */
export const full = { imported: await importing("full.js"), required: requiring("portcullis/full") };

/** `portcullis/full/bundle`. */
export const fullBundle = await importing("full-bundle.js");

/** `portcullis/authzen`. */
export const authzen = { imported: await importing("authzen.js"), required: requiring("portcullis/authzen") };

/** `portcullis/issuer`. */
export const issuer = { imported: await importing("issuer.js"), required: requiring("portcullis/issuer") };

/** `portcullis/stores/…`, in one object. */
export const stores = {
  imported: await importing("stores.js"),
  required: Object.assign({}, ...["api-keys", "d1", "durable", "kv", "memory", "redis"].map((name) => requiring(`portcullis/stores/${name}`))),
};

/** `portcullis/tools`. */
export const tools = { imported: await importing("tools.js"), required: requiring("portcullis/tools") };
