import { basename } from "node:path";

import { createGatherer } from "../audit/gather.ts";
import type { AttestationTrust, CollectContext } from "../core/fact.ts";
import { knownValue, type Reading } from "../core/reading.ts";
import { type Attestations, attestations, readAttestation } from "../facts/attestations.fact.ts";
import { release } from "../facts/release.fact.ts";
import { createLocalHost } from "../host/local-host.ts";
import type { CliIo } from "./io.ts";

/** What an audit of the directory would read of attestations. `directory` is real. */
export function attestationsAt(
  directory: string,
  trust: AttestationTrust,
  nowMs: number,
  io: CliIo,
): Promise<Reading<Attestations>> {
  return gathererAt(directory, trust, nowMs, io).read(attestations);
}

/** The commit that is checked out in a directory, hex. */
export async function releaseAt(
  directory: string,
  nowMs: number,
  io: CliIo,
): Promise<string | undefined> {
  return knownValue(await gathererAt(directory, { keys: [] }, nowMs, io).read(release))?.id;
}

/** One file, wherever it lies; which deployment it is about is then not compared. */
export async function attestationIn(
  path: string,
  trust: AttestationTrust,
  nowMs: number,
  io: CliIo,
): Promise<Attestations> {
  const context = contextAt("/", trust, nowMs, io);
  const read = await readAttestation(context, "file", path);
  // Neither its deployment nor the documents in it are known here.
  const isOutside = { file: basename(path), isOfDeployment: true, changed: [] };
  return {
    deployments: [],
    trustedKeys: trust.keys.length,
    attestations: typeof read === "string" ? [] : [{ ...read, ...isOutside }],
    unread: typeof read === "string" ? [{ file: basename(path), why: read }] : [],
    isTruncated: false,
  };
}

function gathererAt(directory: string, trust: AttestationTrust, nowMs: number, io: CliIo) {
  const context = contextAt(directory, trust, nowMs, io);
  return createGatherer({ context, granted: new Set(["read"]), preset: new Map() });
}

function contextAt(
  directory: string,
  attest: AttestationTrust,
  nowMs: number,
  io: CliIo,
): CollectContext {
  return {
    host: createLocalHost({ granted: new Set(["read"]), environment: io.environment }),
    target: { directory, urls: [], mode: "auto", compat: false, hostFacts: true, attest },
    nowMs,
    fingerprintKey: "",
    signal: io.signal,
  };
}
