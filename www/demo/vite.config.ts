import { defineConfig } from "vite";

/** Each page is a folder, and is served at the path of its name: `vite build --mode account`. */
const roots: Readonly<Record<string, string>> = { demo: "page", account: "page/account" };

const config = defineConfig(({ mode }) => ({
  root: roots[mode] ?? "page",
  base: `/${mode}/`,
  // Below the folder that the Worker's assets come from, at the path of the page.
  build: { outDir: `${mode === "account" ? "../.." : ".."}/dist/page/${mode}`, emptyOutDir: true, modulePreload: { polyfill: false } },
}));

export { config as default };
