import {
  accessSync,
  constants,
  existsSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";

import type { TrustedKey } from "../core/attestation.ts";
import { isWord } from "../core/attested-words.ts";
import type { AttestationTrust } from "../core/fact.ts";
import { isPublicKey, keyId } from "../facts/attestation-signature.ts";
import { errnoOf } from "../host/file-error.ts";
import type { Options } from "./command.ts";
import { type CliIo, UsageError } from "./io.ts";

const FILE_BYTES_MAX = 65_536;
const KEYS_MAX = 256;
/** Write permission of the group and of everybody. */
const WRITABLE_BY_OTHERS = 0o022;

export interface TrustScope {
  /** The audited directory, real. */
  readonly root: string;
  /** The drop-in trusts only what it is told on its command line: its streams stay as they were. */
  readonly isCompat: boolean;
}

/**
 * Whose attestations count: `--attest-key`, else the operator's own list (`PLIMSOLL_ATTEST_KEYS`, else
 * `plimsoll/attest-keys` in the user's configuration, else in /etc). Never from the audited directory: who can write
 * there could vouch for it. Throws `UsageError` for a list that others can write, and for one that is malformed.
 */
export function attestTrust(options: Options, io: CliIo, scope: TrustScope): AttestationTrust {
  const deployment = options.text("deployment");
  const release = options.text("release");
  for (const [name, value] of [
    ["deployment", deployment],
    ["release", release],
  ] as const) {
    if (value !== undefined && !isWord(value))
      throw new UsageError(`--${name} takes a name of one line, at most 200 characters`);
  }
  return {
    keys: trustedKeys(options.texts("attest-key"), io, scope),
    ...(deployment !== undefined && { deployment }),
    ...(release !== undefined && { release }),
  };
}

function trustedKeys(
  given: readonly string[],
  io: CliIo,
  scope: TrustScope,
): readonly TrustedKey[] {
  if (given.length > 0) {
    return given.flatMap((text) =>
      text.startsWith("ed25519:")
        ? [trustedKey(text, "--attest-key")]
        : keysOf(resolve(io.directory, text), scope),
    );
  }
  if (scope.isCompat) return [];
  const named = io.environment["PLIMSOLL_ATTEST_KEYS"];
  if (named) return keysOf(resolve(io.directory, named), scope);
  const file = defaultLists(io).find((path) => isReadable(path, io));
  if (file === undefined) return [];
  if (isInside(file, scope.root)) {
    io.stderr(`plimsoll: ${file} lies in the audited directory, so its keys are not trusted\n`);
    return [];
  }
  return keysOf(file, scope);
}

function defaultLists({ environment }: CliIo): readonly string[] {
  const own = configDirectory(environment);
  return [...(own === undefined ? [] : [join(own, "attest-keys")]), "/etc/plimsoll/attest-keys"];
}

/** Where the operator keeps what plimsoll is told once and for all. */
export function configDirectory(environment: CliIo["environment"]): string | undefined {
  const config = environment["XDG_CONFIG_HOME"];
  if (config?.startsWith("/")) return join(config, "plimsoll");
  const home = environment["HOME"];
  return home?.startsWith("/") ? join(home, ".config", "plimsoll") : undefined;
}

/** A list that somebody else keeps to himself does not stop an audit; one in another account's home is none. */
function isReadable(path: string, io: CliIo): boolean {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch (error) {
    const reason = errnoOf(error) ?? String(error);
    io.stderr(`plimsoll: ${path} cannot be read (${reason}), so its keys are not trusted\n`);
    return false;
  }
}

/** Whether the file lies in a directory, links resolved; of one that is not there yet, where it would lie. */
export function isInside(path: string, directory: string): boolean {
  return `${realPathOf(path)}/`.startsWith(directory === "/" ? "/" : `${directory}/`);
}

function realPathOf(path: string): string {
  for (
    let at = path, rest = "";
    ;
    rest = `/${at.slice(at.lastIndexOf("/") + 1)}${rest}`, at = dirname(at)
  ) {
    try {
      return `${realpathSync(at)}${rest}`;
    } catch {
      if (at === "/") return path; // Nothing of it is there.
    }
  }
}

function keysOf(path: string, { root }: TrustScope): readonly TrustedKey[] {
  if (isInside(path, root)) {
    throw new UsageError(
      `${path} lies in the audited directory: who can write there could vouch for it; keep the keys elsewhere`,
    );
  }
  const lines = readList(path).split(/\r?\n/);
  const keys = lines.flatMap((line, at) => {
    const text = line.trim();
    return text === "" || text.startsWith("#") ? [] : [trustedKey(text, `${path}:${at + 1}`)];
  });
  if (keys.length === 0) throw new UsageError(`${path}: no public key in it`);
  if (keys.length > KEYS_MAX) throw new UsageError(`${path}: more than ${KEYS_MAX} keys`);
  return keys;
}

function readList(path: string): string {
  try {
    const stats: Stats = statSync(path);
    if (!stats.isFile()) throw new UsageError(`${path}: not a regular file`);
    if (stats.size > FILE_BYTES_MAX)
      throw new UsageError(`${path}: larger than ${FILE_BYTES_MAX} bytes`);
    if ((stats.mode & WRITABLE_BY_OTHERS) !== 0)
      throw new UsageError(`${path}: others can write it, so its keys are not trusted; chmod go-w`);
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot read the keys of attestations: ${reason}`, { cause: error });
  }
}

/** `ed25519:BASE64 NAME`; without a name the key's own short print. */
function trustedKey(text: string, where: string): TrustedKey {
  const [, key = "", name] = /^ed25519:(\S+)(?:\s+(.+))?$/.exec(text) ?? [];
  if (!isPublicKey(key) || (name !== undefined && !isWord(name))) {
    throw new UsageError(
      `${where}: not a public key; "plimsoll attest key" prints one (ed25519:… NAME)`,
    );
  }
  return { key, name: name ?? `key ${keyId(key)}` };
}
