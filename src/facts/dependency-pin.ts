import type { CollectContext } from "../core/fact.ts";
import { known, type Reading } from "../core/reading.ts";
import type { LockedPackage } from "../parsers/dependencies/lock-file.ts";
import { attempt } from "./attempt.ts";

/** A package with the file that fixes its version. */
export interface Pin extends LockedPackage {
  readonly file: string;
}

/** What the files of one ecosystem fix. */
export interface Pins {
  readonly pins: readonly Pin[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  /** Why the list may not be all: one sentence each. */
  readonly gaps: readonly string[];
}

/** The largest lock files of real projects have some 5 MB. */
export const LOCK_BYTES_MAX = 32 * 1_048_576;

/** A file's text: a BOM decides, as for pip; PowerShell writes UTF-16. */
export async function readText({ host }: CollectContext, path: string): Promise<Reading<string>> {
  const bytes = await attempt(() => host.readBytes(path, LOCK_BYTES_MAX));
  if (bytes.state !== "known") return bytes;
  const [first, second] = bytes.value;
  const isLittle = first === 0xff && second === 0xfe;
  const isBig = first === 0xfe && second === 0xff;
  const encoding = isBig ? "utf-16be" : "utf-8";
  return known(new TextDecoder(isLittle ? "utf-16le" : encoding).decode(bytes.value));
}
