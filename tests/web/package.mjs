// The package as it is installed: once imported, once required.

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { home } from "./home.mjs";

export const imported = await import(pathToFileURL(join(home, "esm.js")).href);
export const required = createRequire(join(home, "index.cjs"))("portcullis");
