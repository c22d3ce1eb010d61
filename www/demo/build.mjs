// Bundles the Worker with wrangler, as a user would, and the pages with Vite.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { execPath, exit } from "node:process";
import { build } from "vite";

rmSync("dist", { recursive: true, force: true });
for (const page of ["demo", "account"]) await build({ configFile: "vite.config.ts", logLevel: "warn", mode: page });

const { status, stdout, stderr } = spawnSync(
  execPath,
  ["node_modules/wrangler/bin/wrangler.js", "deploy", "--dry-run", "--outdir", "dist/worker"],
  { encoding: "utf8" },
);
if (status !== 0) {
  console.error(stdout, stderr);
  exit(status ?? 1);
}
