import { defineConfig } from "vite";

// The page is served by the program from the installed package; relative addresses let it stand below any path.
// While developing, `npm run dev` hands the line's own addresses to a `tocsin run` on its default port. No file becomes
// part of another as a data address, so that the strict content policy holds.
export default defineConfig({
  base: "./",
  build: { outDir: "../src/tocsin/web/static", emptyOutDir: true, license: { fileName: "licenses.md" }, assetsInlineLimit: 0, rollupOptions: { input: ["index.html", "sighting.html"] }, chunkSizeWarningLimit: 2000 },
  worker: { format: "es" },
  server: { proxy: { "/api": "http://127.0.0.1:8080" } },
});
