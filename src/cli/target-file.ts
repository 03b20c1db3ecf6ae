import { readFileSync, statSync } from "node:fs";

import { UsageError } from "./io.ts";

const FILE_BYTES_MAX = 16 * 1024 * 1024;
const STDIN = 0;

/**
 * The targets of a file, `-` for standard input, one a line; ` #` begins a comment. Throws `UsageError` naming the
 * line, or where there is no target at all.
 */
export function readTargetFile<T>(path: string, parse: (text: string) => T): readonly T[] {
  const name = path === "-" ? "standard input" : path;
  const lines = readText(path)
    .replace(/^\ufeff/, "")
    .split(/\r?\n/);
  const targets = lines.flatMap((line, at) => {
    const text = line.replace(/(?:^|\s)#.*$/, "").trim();
    if (text === "") return [];
    try {
      return [parse(text)];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw new UsageError(`${name}:${at + 1}: ${error.message}`, { cause: error });
    }
  });
  if (targets.length === 0) throw new UsageError(`${name}: no targets in it`);
  return targets;
}

function readText(path: string): string {
  try {
    if (path !== "-" && statSync(path).size > FILE_BYTES_MAX) {
      throw new UsageError(`${path}: larger than ${FILE_BYTES_MAX} bytes`);
    }
    return readFileSync(path === "-" ? STDIN : path, "utf8");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot read the targets: ${reason}`, { cause: error });
  }
}
