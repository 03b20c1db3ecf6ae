import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const KEY_BYTES = 32;
/** `.local`, `state` and `plimsoll`. */
const DIRECTORIES_MADE_MAX = 3;

/**
 * The install's own key for fingerprints of secrets (catalog G6): equal secrets compare equal from
 * run to run, yet the print cannot be brute-forced elsewhere. `PLIMSOLL_FINGERPRINT_KEY` shares one
 * key inside a fleet. Kept in plimsoll's own state directory, never in the audited one; where no
 * state can be kept, a key of this run alone.
 */
export function fingerprintKey(
  environment: Readonly<Record<string, string | undefined>>,
  auditedDirectory: string,
): string {
  const given = environment["PLIMSOLL_FINGERPRINT_KEY"];
  if (given) return given;
  const directory = stateDirectory(environment);
  if (directory === undefined || `${directory}/`.startsWith(`${auditedDirectory}/`))
    return newKey();
  return readKey(join(directory, "fingerprint-key")) ?? createKey(directory);
}

function stateDirectory(
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const state = environment["XDG_STATE_HOME"];
  if (state?.startsWith("/")) return join(state, "plimsoll");
  const home = environment["HOME"];
  return home?.startsWith("/") && isDirectory(home)
    ? join(home, ".local", "state", "plimsoll")
    : undefined;
}

/** `/nonexistent` is what Debian gives system accounts for a home: it is not to come into being. */
function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // Missing, or not ours to look at: no state is kept there.
  }
}

function readKey(file: string): string | undefined {
  try {
    if (!statSync(file).isFile()) return undefined;
    const text = readFileSync(file, "utf8").trim();
    return /^[0-9a-f]{64}$/.test(text) ? text : undefined;
  } catch {
    return undefined; // No key yet, or not ours to read: a new one serves this run.
  }
}

function createKey(directory: string): string {
  const key = newKey();
  try {
    makeDirectory(directory, DIRECTORIES_MADE_MAX);
    writeFileSync(join(directory, "fingerprint-key"), `${key}\n`, { mode: 0o600, flag: "wx" });
  } catch {
    return key; // A read-only home is no reason to refuse an audit.
  }
  return key;
}

/** Not `recursive`: in a file system that takes no directory (/proc) Node then tries for ever. */
function makeDirectory(directory: string, levels: number): void {
  if (isDirectory(directory)) return;
  if (levels > 1) makeDirectory(dirname(directory), levels - 1);
  mkdirSync(directory, { mode: 0o700 });
}

function newKey(): string {
  return randomBytes(KEY_BYTES).toString("hex");
}
