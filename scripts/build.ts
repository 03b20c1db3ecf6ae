/**
 * Builds `dist/`: the bundle (`plimsoll.cjs`, CommonJS because a single executable's main must be),
 * the two wasm files beside it and, unless `--bundle` is given, the single executable `plimsoll`.
 */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const root = dirname(import.meta.dirname);
const dist = join(root, "dist");
const require = createRequire(import.meta.url);

/** Files the program reads at run time, by the name they have beside the bundle and as an asset. */
const ASSETS: Readonly<Record<string, string>> = {
  "web-tree-sitter.wasm": require.resolve("web-tree-sitter/web-tree-sitter.wasm"),
  "tree-sitter-python.wasm": join(root, "vendor/tree-sitter-python.wasm"),
};

mkdirSync(dist, { recursive: true });
bundle();
if (!process.argv.includes("--bundle")) executable();

function bundle(): void {
  // esbuild's own binary is run directly: its install script, which npm may not have run, only optimises the wrapper.
  const platform = `${process.platform}-${process.arch}`;
  const esbuild = require.resolve(`@esbuild/${platform}/bin/esbuild`);
  execFileSync(
    esbuild,
    [
      join(root, "src/cli/main.ts"),
      "--bundle",
      "--platform=node",
      "--target=node24",
      "--format=cjs",
      "--minify",
      "--define:import.meta.url=__plimsollUrl",
      "--define:import.meta.dirname=__dirname",
      "--banner:js=const __plimsollUrl=require('node:url').pathToFileURL(__filename).href;",
      "--log-level=warning",
      `--outfile=${join(dist, "plimsoll.cjs")}`,
    ],
    { stdio: "inherit" },
  );
  for (const [name, from] of Object.entries(ASSETS)) copyFileSync(from, join(dist, name));
  report("plimsoll.cjs");
}

function executable(): void {
  const config = join(dist, "sea.json");
  const blob = join(dist, "sea.blob");
  const target = join(dist, "plimsoll");
  const assets = Object.fromEntries(Object.keys(ASSETS).map((name) => [name, join(dist, name)]));
  writeFileSync(
    config,
    JSON.stringify({
      main: join(dist, "plimsoll.cjs"),
      output: blob,
      disableExperimentalSEAWarning: true,
      useCodeCache: true,
      assets,
    }),
  );
  execFileSync(process.execPath, ["--experimental-sea-config", config], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  rmSync(target, { force: true });
  copyFileSync(realpathSync(process.execPath), target);
  chmodSync(target, 0o755);
  strip(target);
  const fuse = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";
  const postject = join(dirname(require.resolve("postject/package.json")), "dist/cli.js");
  execFileSync(
    process.execPath,
    // It warns once per section name of a stripped binary; what matters is its exit code.
    [postject, target, "NODE_SEA_BLOB", blob, "--sentinel-fuse", fuse],
    { stdio: "pipe" },
  );
  rmSync(config);
  rmSync(blob);
  report("plimsoll");
}

/** Takes the symbols out of the node binary, before the blob goes in: 18 MB less. Without binutils it stays as it is. */
function strip(target: string): void {
  const program = ["/usr/bin/strip", "/usr/local/bin/strip"].find((path) => existsSync(path));
  if (program === undefined)
    console.error(
      "build: no strip on this machine (Debian: binutils); the executable stays larger",
    );
  else execFileSync(program, [target], { stdio: ["ignore", "ignore", "inherit"] });
}

function report(name: string): void {
  console.log(`dist/${name}  ${(statSync(join(dist, name)).size / 1e6).toFixed(2)} MB`);
}
