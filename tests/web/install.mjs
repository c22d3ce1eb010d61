// Packs ../../pkg and installs the tarball, unchanged, into a fresh folder, beside the apps that use it.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { here, home, root } from "./home.mjs";

rmSync(home, { recursive: true, force: true });
mkdirSync(home, { recursive: true });
const [{ filename }] = JSON.parse(npm("pack", "--json", "--pack-destination", home, join(root, "pkg")));
writeFileSync(join(home, "package.json"), JSON.stringify({ name: "home", private: true, type: "module" }));
npm("install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", `./${filename}`);
cpSync(join(here, "apps"), home, { recursive: true });
cpSync(join(here, "vectors.mjs"), join(home, "vectors.mjs"));
cpSync(join(here, "stores"), join(home, "stores"), { recursive: true });
console.log(`installed ${filename}`);

function npm(...words) {
  return execFileSync("npm", words, { cwd: home, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}
