// Puts the package that tests/web/install.mjs has packed and installed beside its peers, so that all are taken by name.

import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { home } from "../tests/web/home.mjs";

const place = join(import.meta.dirname, "node_modules/portcullis");
rmSync(place, { recursive: true, force: true });
cpSync(join(home, "node_modules/portcullis"), place, { recursive: true });
