// Bundles src/ into dist/app.js and dist/app.css. The same sources and lock file always give the same bytes.
import { build } from "esbuild";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

export const options = {
  absWorkingDir: here,
  entryPoints: { app: "src/main.jsx" },
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  jsx: "automatic",
  charset: "utf8",
  legalComments: "none", // the licences are in THIRD_PARTY_NOTICES.md
  sourcemap: false,
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build({ ...options, outdir: process.argv[2] ?? join(here, "dist") });
}
