/**
 * Where the bundle and the single executable begin: they run the program with the code that the build compiled and
 * left beside it. To compile what one command needs took a third of a short run.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { getRawAsset, isSea } from "node:sea";
import { zstdDecompressSync } from "node:zlib";

import { PACKED_PROGRAM, PROGRAM, PROGRAM_CACHE, programScript } from "./program-script.ts";

const file = join(import.meta.dirname, PROGRAM);
const text = isSea()
  ? zstdDecompressSync(asset(PACKED_PROGRAM)).toString("latin1")
  : readFileSync(file, "latin1");
programScript(text, file, compiledCode()).run(createRequire(import.meta.url));

function asset(name: string): Buffer {
  return Buffer.from(getRawAsset(name));
}

/** What a broken off build did not come to is compiled anew. */
function compiledCode(): Buffer | undefined {
  if (isSea()) return asset(PROGRAM_CACHE);
  const beside = join(import.meta.dirname, PROGRAM_CACHE);
  return existsSync(beside) ? readFileSync(beside) : undefined;
}
