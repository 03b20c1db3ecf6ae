import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, type Stats, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { isWord } from "../core/attested-words.ts";
import { EXIT } from "../core/report.ts";
import { type SigningKey, signingKey } from "../facts/attestation-signature.ts";
import type { AttestCall } from "./attest.command.ts";
import { configDirectory, isInside } from "./attest-trust.ts";
import { UsageError } from "./io.ts";

const KEY_BYTES_MAX = 16_384;
/** Any right of the group or of others. */
const OPEN_TO_OTHERS = 0o077;

/** Makes a private key for the user alone and prints its public half, ready for a list of trusted keys. */
export function makeKey(call: AttestCall): number {
  const path = keyPath(call);
  if (call.place !== undefined) refuseInside(path, resolve(call.io.directory, call.place));
  refuseInTree(path);
  const { privateKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const made = signingKey(pem);
  if (made === undefined) throw new TypeError("node made no Ed25519 key");
  const name = signerName(call);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, pem, { mode: 0o600, flag: "wx" });
  } catch (error) {
    const isThere = error instanceof Error && "code" in error && error.code === "EEXIST";
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      isThere ? `${path} is there already; it is left as it is` : `cannot write the key: ${reason}`,
      { cause: error },
    );
  }
  call.io.stdout(`ed25519:${made.publicKey} ${name}\n`);
  call.io.stderr(
    `The private key is in ${path}; keep it. The line above goes into the list of trusted keys of who audits: plimsoll audit --attest-key FILE, or /etc/plimsoll/attest-keys.\n`,
  );
  return EXIT.ok;
}

/** Reads the private key. Throws `UsageError` where it lies in `root`, is open to others, or is no such key. */
export function readKey(call: AttestCall, root: string): SigningKey {
  const path = keyPath(call);
  refuseInside(path, root);
  const key = signingKey(readPem(path));
  if (key === undefined)
    throw new UsageError(`${path}: not an Ed25519 private key in clear (PKCS#8, PEM)`);
  return key;
}

/** `--who`, else what the system calls the user. */
export function signerName({ options, io }: AttestCall): string {
  const name = options.text("who") ?? io.environment["LOGNAME"] ?? io.environment["USER"];
  if (isWord(name)) return name;
  throw new UsageError("--who takes the name of who attests: one line, at most 200 characters");
}

function keyPath({ options, io }: AttestCall): string {
  const given = options.text("key");
  if (given !== undefined) return resolve(io.directory, given);
  const own = configDirectory(io.environment);
  if (own === undefined) throw new UsageError("--key FILE: without a home the key needs a place");
  return join(own, "attest-key.pem");
}

/** Who can read the deployment would sign for it; it would go into images and backups. */
function refuseInside(path: string, directory: string): void {
  if (isInside(path, directory))
    throw new UsageError(`${path} lies in the deployment; a private key belongs elsewhere (--key)`);
}

/** A directory under version control, or one that holds attestations. */
function refuseInTree(path: string): void {
  for (let at = dirname(path); ; at = dirname(at)) {
    // Where this account may not look, it cannot write either: that is told when the key is written.
    const marker = [".git", ".plimsoll"].find((name) => existsSync(join(at, name)));
    if (marker !== undefined)
      throw new UsageError(
        `${path} lies in ${at}, which has a ${marker}: a private key belongs elsewhere (--key)`,
      );
    if (at === dirname(at)) return;
  }
}

function readPem(path: string): string {
  try {
    const stats: Stats = statSync(path);
    if (!stats.isFile() || stats.size > KEY_BYTES_MAX)
      throw new UsageError(`${path}: not a regular file of at most ${KEY_BYTES_MAX} bytes`);
    if ((stats.mode & OPEN_TO_OTHERS) !== 0)
      throw new UsageError(`${path}: others have rights on it; chmod 600`);
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `cannot read the private key: ${reason}; "plimsoll attest key" makes one`,
      {
        cause: error,
      },
    );
  }
}
