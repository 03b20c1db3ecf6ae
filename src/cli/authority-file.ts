import { readFileSync, type Stats, statSync } from "node:fs";
import { resolve } from "node:path";

import { hasCertificate } from "../facts/tls/certificate-store.ts";
import type { Options } from "./command.ts";
import { type CliIo, UsageError } from "./io.ts";

/**
 * The absolute path of `--cacert`. Throws `UsageError` where there is no such file, or it is a pipe or a device:
 * an audit reads it more than once.
 */
export function authorityFile(options: Options, io: CliIo): string | undefined {
  const file = options.text("cacert");
  if (file === undefined) return undefined;
  const path = resolve(io.directory, file);
  const entry = statOf(path);
  if (entry?.isFile()) return path;
  const why = entry === undefined ? "no such file" : "not a regular file:";
  throw new UsageError(`--cacert: ${why} ${path}`);
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--cacert: ${reason}`, { cause: error });
  }
}

/**
 * The text of `--cacert`. Throws `UsageError` where no certificate is in it: the run would have less trust than
 * was asked for, and say nothing.
 */
export function readAuthorities(path: string): string {
  const pem = readText(path);
  if (hasCertificate(pem)) return pem;
  throw new UsageError(`--cacert: no certificate (PEM) in ${path}`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--cacert: ${reason}`, { cause: error });
  }
}
