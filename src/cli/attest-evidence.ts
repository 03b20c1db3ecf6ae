import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { basename, relative, resolve } from "node:path";

import type { AttestedEvidence } from "../core/attestation.ts";
import {
  DETAIL_CHARACTERS_MAX,
  EVIDENCE_MAX,
  isWebAddress,
  isWord,
} from "../core/attested-words.ts";
import { EVIDENCE_BYTES_MAX } from "../facts/attestations.fact.ts";
import { printable } from "../report/printable.ts";
import type { AttestCall } from "./attest.command.ts";
import { isInside } from "./attest-trust.ts";
import { UsageError } from "./io.ts";

/** A document whose hash is taken; streamed. */
const DOCUMENT_BYTES_MAX = 4 * 1_073_741_824;
const CHUNK_BYTES = 1_048_576;

/** The documents named by `--evidence`, in their order. Throws `UsageError` for what cannot be read to its end. */
export function evidenceOf(
  texts: readonly string[],
  { io }: AttestCall,
  root: string,
): readonly AttestedEvidence[] {
  if (texts.length > EVIDENCE_MAX)
    throw new UsageError(`--evidence is taken at most ${EVIDENCE_MAX} times`);
  return texts.map((text) => {
    if (!/^https?:\/\//i.test(text)) return documentAt(resolve(io.directory, text), root);
    if (isWebAddress(text)) return { url: text };
    throw new UsageError("--evidence takes an address without userinfo, or a file");
  });
}

/** By its hash; with its place where it lies in the deployment, so that an audit sees it change. */
function documentAt(path: string, root: string): AttestedEvidence {
  const name = basename(path);
  if (!isWord(name))
    throw new UsageError(`--evidence: ${printable(name)} is no name to write down`);
  const { sha256, sizeBytes } = hashOf(path);
  const inner = isInside(path, root) ? relative(root, realpathSync(path)) : undefined;
  const isKept = inner !== undefined && sizeBytes <= EVIDENCE_BYTES_MAX;
  return {
    name,
    sha256,
    sizeBytes,
    ...(isKept && isWord(inner, DETAIL_CHARACTERS_MAX) && { path: inner }),
  };
}

function hashOf(path: string): { readonly sha256: string; readonly sizeBytes: number } {
  let file: number | undefined;
  try {
    if (!statSync(path).isFile()) throw new UsageError(`--evidence ${path}: not a regular file`);
    file = openSync(path, "r");
    const { size } = fstatSync(file);
    if (size === 0) throw new UsageError(`--evidence ${path}: it is empty`);
    if (size > DOCUMENT_BYTES_MAX)
      throw new UsageError(`--evidence ${path}: larger than ${DOCUMENT_BYTES_MAX} bytes`);
    return hashed(file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot read the evidence: ${reason}`, { cause: error });
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function hashed(file: number): { readonly sha256: string; readonly sizeBytes: number } {
  const hash = createHash("sha256");
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let sizeBytes = 0;
  for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
    hash.update(chunk.subarray(0, read));
    sizeBytes += read;
    if (sizeBytes > DOCUMENT_BYTES_MAX) throw new UsageError("the evidence grows while it is read");
  }
  return { sha256: hash.digest("hex"), sizeBytes };
}
