import { defineConfig } from "vite";

const config = defineConfig({
  root: "page",
  base: "/demo/",
  // Below the folder that the Worker's assets come from, at the path of the page.
  build: { outDir: "../dist/page/demo", emptyOutDir: true, modulePreload: { polyfill: false } },
});

export { config as default };
