// Makes the demo ready to run: its tools, the packed package, the Worker's bundle and the pages.
// Each step is left out where its inputs are those of the last time.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chdir, env, execPath, exit } from "node:process";
import { fileURLToPath } from "node:url";

chdir(fileURLToPath(new URL(".", import.meta.url)));
const packageFolder = "../../pkg";
const silent = { WRANGLER_HIDE_BANNER: "true", WRANGLER_SEND_METRICS: "false", WRANGLER_LOG: "warn" };

if (!existsSync(join(packageFolder, "package.json"))) {
  console.error("demo: there is no pkg/ yet; `make build` makes it");
  exit(1);
}

const tools = fingerprint(["package.json", "package-lock.json"]);
step("tools", "node_modules", tools, () => run("npm", ["ci", "--loglevel=error"]));

const packed = fingerprint([packageFolder]);
step("portcullis, from its packed tarball", "node_modules/portcullis", packed, installTarball);

const sources = ["worker.ts", "desk.ts", "site.ts", "sign-in", "policy.json", "wrangler.json", "page", "vite.config.ts", "build.mjs"];
step("worker and pages", "dist", `${tools} ${packed} ${fingerprint(sources)}`, () => run(execPath, ["build.mjs"]));

/** `npm ci` knows no tarball outside the lock file, so that the lock file holds no path. */
function installTarball() {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-"));
  try {
    run("npm", ["pack", "--silent", "--pack-destination", folder, packageFolder]);
    const [tarball] = readdirSync(folder);
    rmSync("node_modules/portcullis", { recursive: true, force: true });
    run("npm", ["install", "--no-save", "--ignore-scripts", "--loglevel=error", join(folder, tarball)]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function step(name, folder, fresh, work) {
  const stamp = join(folder, ".fresh");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === fresh) return;
  console.log(`demo: ${name}`);
  work();
  mkdirSync(folder, { recursive: true });
  writeFileSync(stamp, fresh);
}

function run(command, parameters) {
  const { status, error } = spawnSync(command, parameters, { stdio: ["ignore", "ignore", "inherit"], env: { ...env, ...silent } });
  if (error !== undefined) throw error;
  if (status !== 0) {
    console.error(`demo: ${command} ${parameters[0]} failed`);
    exit(status ?? 1);
  }
}

/** The SHA-256 of all files below the paths, names and contents. */
function fingerprint(paths) {
  const hash = createHash("sha256");
  const add = (path) => {
    hash.update(path).update("\0").update(readFileSync(path)).update("\0");
  };
  for (const path of paths) {
    const below = readdirSyncOrNull(path);
    if (below === null) add(path);
    else for (const file of below) add(file);
  }
  return hash.digest("hex");
}

function readdirSyncOrNull(path) {
  try {
    const entries = readdirSync(path, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
  } catch (error) {
    if (error.code === "ENOTDIR") return null;
    throw error;
  }
}
