/**
 * Where the bundle and the single executable begin: they run the program with the code that the build compiled and
 * left beside it. To compile what one command needs took a third of a short run.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { getRawAsset, isSea } from "node:sea";
import { zstdDecompressSync } from "node:zlib";

import { AUDIT_CACHE, PACKED, PROGRAM, PROGRAM_CACHE, programScript } from "./program-script.ts";

/** Commands that audit nothing from inside; what is no command is a directory to audit. */
const OTHERS: ReadonlySet<string | undefined> = new Set(
  "proxy tls http list explain attest osv help version --help -h --version".split(" "),
);

const file = join(import.meta.dirname, PROGRAM);
const text = isSea() ? unpacked(PROGRAM).toString("latin1") : readFileSync(file, "latin1");
programScript(text, file, compiledCode()).run(createRequire(import.meta.url));

function unpacked(name: string): Buffer {
  return zstdDecompressSync(Buffer.from(getRawAsset(name + PACKED)));
}

/** What a broken off build did not come to is compiled anew. */
function compiledCode(): Buffer | undefined {
  const isOther = OTHERS.has(process.argv[2]);
  if (isSea()) return isOther ? unpacked(PROGRAM_CACHE) : Buffer.from(getRawAsset(AUDIT_CACHE));
  const beside = join(import.meta.dirname, isOther ? PROGRAM_CACHE : AUDIT_CACHE);
  return existsSync(beside) ? readFileSync(beside) : undefined;
}
