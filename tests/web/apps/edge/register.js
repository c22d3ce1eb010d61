// Node as an edge runtime that compiles what is imported with `?module`.

import { register } from "node:module";

register("./hooks.js", import.meta.url);
