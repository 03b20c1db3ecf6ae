import { readFileSync, statSync } from "node:fs";

import { UsageError } from "./io.ts";

const FILE_BYTES_MAX = 16 * 1024 * 1024;

/** The targets of a file, one a line; ` #` begins a comment. Throws `UsageError` naming the line. */
export function readTargetFile<T>(path: string, parse: (text: string) => T): readonly T[] {
  const lines = readText(path).split(/\r?\n/);
  return lines.flatMap((line, at) => {
    const text = line.replace(/(?:^|\s)#.*$/, "").trim();
    if (text === "") return [];
    try {
      return [parse(text)];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw new UsageError(`${path}:${at + 1}: ${error.message}`, { cause: error });
    }
  });
}

function readText(path: string): string {
  try {
    if (statSync(path).size > FILE_BYTES_MAX) {
      throw new UsageError(`${path}: larger than ${FILE_BYTES_MAX} bytes`);
    }
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot read the targets: ${reason}`, { cause: error });
  }
}
