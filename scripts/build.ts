/**
 * Builds `dist/`: the program (`program.cjs`, CommonJS because a single executable's main must be), V8's code for it
 * (`program.cache`, `audit.cache`), `plimsoll.cjs` that starts it and, unless `--bundle` is given, the single executable `plimsoll`.
 */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { constants, zstdCompressSync } from "node:zlib";

import {
  AUDIT_CACHE,
  PACKED,
  PROGRAM,
  PROGRAM_CACHE,
  PROGRAM_HEAD,
} from "../src/cli/program-script.ts";

const root = dirname(import.meta.dirname);
const dist = join(root, "dist");
const require = createRequire(import.meta.url);

/** `import()` of a module of Node's, for what esbuild leaves of it. */
const IMPORT_HERE = "const __plimsollImport=async(name)=>require(name);";
const URL_HERE = "const __plimsollUrl=require('node:url').pathToFileURL(__filename).href;";

/**
 * V8 begins with a nursery of 1 MB, whose survivors are copied whenever it is full, and lets it grow to 128 MB.
 * From 4 to 8 MB an audit takes a sixth less time and a third less memory. bin/plimsoll has the same.
 */
const HEAP = ["--min-semi-space-size=4", "--max-semi-space-size=8"];

/** Two megabytes of the executable for four milliseconds of a start; an audit, which needs the most, waits for none of its code. */
const SMALLEST = { [constants.ZSTD_c_compressionLevel]: 22 };

mkdirSync(dist, { recursive: true });
// V8 tells a cache of another program by the length of the text alone: no old one may stay.
for (const cache of [PROGRAM_CACHE, AUDIT_CACHE]) rmSync(join(dist, cache), { force: true });
bundle("src/cli/main.ts", PROGRAM, [
  `--banner:js=${PROGRAM_HEAD}${URL_HERE}${IMPORT_HERE}`,
  "--footer:js=})",
]);
withoutImports(PROGRAM);
requireAscii(PROGRAM);
bundle("src/cli/start.ts", "plimsoll.cjs", [`--banner:js=${URL_HERE}`]);
warm("proxy", PROGRAM_CACHE);
warm("audit", AUDIT_CACHE);
if (!process.argv.includes("--bundle")) executable();

function bundle(entry: string, name: string, around: readonly string[]): void {
  // esbuild's own binary is run directly: its install script, which npm may not have run, only optimises the wrapper.
  const platform = `${process.platform}-${process.arch}`;
  const esbuild = require.resolve(`@esbuild/${platform}/bin/esbuild`);
  execFileSync(
    esbuild,
    [
      join(root, entry),
      "--bundle",
      "--platform=node",
      "--target=node24",
      "--format=cjs",
      "--minify",
      "--define:import.meta.url=__plimsollUrl",
      "--define:import.meta.dirname=__dirname",
      ...around,
      "--log-level=warning",
      `--outfile=${join(dist, name)}`,
    ],
    { stdio: "inherit" },
  );
  report(name);
}

/** A script that is no module of Node's can import nothing by itself (`importModuleDynamically` is experimental). */
function withoutImports(name: string): void {
  const path = join(dist, name);
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replaceAll(/\bimport\(("[\w:/]+")\)/g, "__plimsollImport($1)"));
}

/** It is read as one byte a character. esbuild escapes all others, but for those in patterns. */
function requireAscii(name: string): void {
  const [other] = /[^\0-\x7f].{0,20}/.exec(readFileSync(join(dist, name), "utf8")) ?? [];
  if (other !== undefined) throw new Error(`${name} is not ASCII: write \\u for ${other}`);
}

/** Runs the program on samples, in a process of its own. */
function warm(command: "proxy" | "audit", cache: string): void {
  const script = join(root, "scripts/warm.ts");
  const args = ["--no-warnings", script, command, join(dist, PROGRAM), join(dist, cache)];
  execFileSync(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  report(cache);
}

function executable(): void {
  const config = join(dist, "sea.json");
  const blob = join(dist, "sea.blob");
  const made = join(dist, "plimsoll.made");
  const target = join(dist, "plimsoll");
  const packed = [PROGRAM, PROGRAM_CACHE].map((name) => {
    const file = join(dist, name + PACKED);
    writeFileSync(file, zstdCompressSync(readFileSync(join(dist, name)), { params: SMALLEST }));
    return file;
  });
  const files = [...packed, join(dist, AUDIT_CACHE)];
  const assets = Object.fromEntries(files.map((file) => [basename(file), file]));
  writeFileSync(
    config,
    JSON.stringify({
      main: join(dist, "plimsoll.cjs"),
      output: blob,
      disableExperimentalSEAWarning: true,
      useCodeCache: true,
      execArgv: HEAP,
      assets,
    }),
  );
  execFileSync(process.execPath, ["--experimental-sea-config", config], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  copyFileSync(realpathSync(process.execPath), made);
  chmodSync(made, 0o755);
  strip(made);
  const fuse = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";
  const postject = join(dirname(require.resolve("postject/package.json")), "dist/cli.js");
  execFileSync(
    process.execPath,
    // It warns once per section name of a stripped binary; what matters is its exit code.
    [postject, made, "NODE_SEA_BLOB", blob, "--sentinel-fuse", fuse],
    { stdio: "pipe" },
  );
  rmSync(target, { force: true });
  // What postject wrote in one piece the kernel maps in large pieces, too: 20 MB more of a process that starts from it.
  copyFileSync(made, target);
  for (const path of [config, blob, made, ...packed]) rmSync(path);
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
