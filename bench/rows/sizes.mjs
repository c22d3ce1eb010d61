// What each ships for its part of this, in gzip: its JavaScript bundled and minified as for a Worker, without what Node
// has itself, and its wasm file.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** By the program that scripts/build-wasm.sh holds the budget with: Node's own zlib packs less. */
const packed = (bytes) => execFileSync("gzip", ["-9", "-n"], { input: bytes, maxBuffer: bytes.length + 1024 }).length / 1024;

async function shipped(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    write: false,
    outdir: "out",
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["workerd", "worker", "import"],
    external: ["node:*", ...builtinModules],
    loader: { ".wasm": "copy" },
    logLevel: "error",
  });
  return outputFiles.reduce((sum, { contents: bytes }) => sum + packed(bytes), 0);
}

const all = {
  portcullis: 'export { Guard } from "portcullis"',
  jose: 'export { jwtVerify, importJWK } from "jose"',
  "fast-jwt": 'export { createVerifier } from "fast-jwt"',
  hono: 'export { verify } from "hono/jwt"',
  "aws-jwt-verify": 'export { JwtVerifier } from "aws-jwt-verify"',
  "@casl/ability": 'export { createMongoAbility, subject } from "@casl/ability"',
  accesscontrol: 'export { AccessControl } from "accesscontrol"',
  casbin: 'export { newEnforcer, newModelFromString } from "casbin"',
  "@marcbachmann/cel-js": 'export { Environment } from "@marcbachmann/cel-js"',
  "@cedar-policy/cedar-wasm": 'export { preparsePolicySet, statefulIsAuthorized } from "@cedar-policy/cedar-wasm"',
  "@janssenproject/cedarling_wasm":
    'export { init, initSync } from "@janssenproject/cedarling_wasm"; export { default } from "@janssenproject/cedarling_wasm/cedarling_wasm_bg.wasm"',
};

export async function sizesRow() {
  const figures = [];
  for (const [name, contents] of Object.entries(all)) figures.push({ name, median: await shipped(contents) });
  const file = { name: "guard.wasm alone", median: packed(readFileSync(fileURLToPath(import.meta.resolve("portcullis/guard.wasm")))) };
  return { name: "what is shipped, in gzip", unit: "KiB", figures: [file, ...figures], goals: { "guard.wasm alone": { most: 100 } } };
}
