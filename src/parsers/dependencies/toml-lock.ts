import { parse, TomlError } from "smol-toml";
import type { JsonObject } from "../../core/json-object.ts";

import { brokenLock, type LockFile } from "./lock-file.ts";
import { normalisedName } from "./pep440.ts";

/** Nesting of arrays and inline tables; lock files have three. */
const DEPTH_MAX = 32;

export type ParsedToml =
  | { readonly ok: true; readonly value: JsonObject }
  | { readonly ok: false; readonly lock: LockFile };

export function parseTomlLock(text: string): ParsedToml {
  try {
    return { ok: true, value: parse(text, { maxDepth: DEPTH_MAX }) };
  } catch (error) {
    if (error instanceof TomlError) {
      return { ok: false, lock: brokenLock("it is cut off or no TOML", error.line) };
    }
    if (error instanceof RangeError) {
      return { ok: false, lock: brokenLock("it is nested too deeply") };
    }
    throw error;
  }
}

/** Lines of the `[[package]]` headers, in order; the n-th is that of the n-th package. */
export function packageLines(text: string): readonly number[] {
  return text
    .split("\n")
    .flatMap((line, index) => (/^\s*\[\[\s*package\s*\]\]/.test(line) ? [index + 1] : []));
}

/** The name a requirement (PEP 508) begins with, normalised; empty where it is none. */
export function requiredName(requirement: string): string {
  return normalisedName(/^\s*([A-Za-z0-9][A-Za-z0-9._-]*)/.exec(requirement)?.[1] ?? "");
}
