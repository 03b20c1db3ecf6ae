import type { Attestation, AttestedEvidence, TrustedKey } from "../core/attestation.ts";
import { type CollectContext, defineFact } from "../core/fact.ts";
import type { DirEntry } from "../core/host.ts";
import { HostError, known, type Reading, unknown } from "../core/reading.ts";
import { parseAttestation } from "../parsers/attestation.ts";
import { sha256HexOf } from "../wire/digest.ts";
import { attempt } from "./attempt.ts";
import { isSignedByItsKey, keyId } from "./attestation-signature.ts";
import { type Release, release } from "./release.fact.ts";
import { baseName, isWithin, resolveFrom } from "./target-path.ts";

/** Where a deployment keeps its attestations, relative to it. */
export const ATTESTATIONS_DIRECTORY = ".plimsoll/attestations";
/** Attestations of one deployment that are read. */
export const ATTESTATIONS_MAX = 500;
export const ATTESTATION_BYTES_MAX = 65_536;
/** A document beside an attestation whose hash is made anew. */
export const EVIDENCE_BYTES_MAX = 64 * 1_048_576;

/** What people state of this deployment, with what can be told of it without a clock. */
export interface Attestations {
  /** Names by which this deployment is attested. */
  readonly deployments: readonly string[];
  /** Which release is audited; absent where nothing tells. */
  readonly release?: Release;
  /** Keys whose attestations count. */
  readonly trustedKeys: number;
  /** In order of their files. */
  readonly attestations: readonly ReadAttestation[];
  /** Files that are no attestation, or could not be read. */
  readonly unread: readonly { readonly file: string; readonly why: string }[];
  /** Whether there are more files than are read. */
  readonly isTruncated: boolean;
}

export interface ReadAttestation extends Pick<Attestation, "statement"> {
  /** Relative to the audited directory. */
  readonly file: string;
  /** `trusted`: by a key the operator trusts, and whole. `forged`: in such a key's name, yet not signed by it. */
  readonly signature: "trusted" | "untrusted" | "forged";
  /** The name the operator gives the key. */
  readonly signer?: string;
  readonly keyId: string;
  /** Whether it is about this deployment. */
  readonly isOfDeployment: boolean;
  /** Documents inside the deployment that are not any more what was attested. */
  readonly changed: readonly { readonly path: string; readonly why: string }[];
}

/** Known without any file too: that there is none is an answer. */
export const attestations = defineFact({
  id: "attestations",
  title: "Attestations",
  access: "read",
  timeoutMs: 10_000,
  wants: { release },
  async collect(context, _facts, readings): Promise<Reading<Attestations>> {
    const listed = await listFiles(context);
    if (listed.state === "unknown") return listed;
    const entries = listed.state === "known" ? listed.value : [];
    const read: ReadAttestation[] = [];
    const unread: { file: string; why: string }[] = [];
    for (const entry of entries.slice(0, ATTESTATIONS_MAX)) {
      const file = `${ATTESTATIONS_DIRECTORY}/${entry.name}`;
      const one = await readAttestation(context, entry.kind, file);
      if (typeof one === "string") unread.push({ file, why: one });
      else read.push(one);
    }
    return known({
      deployments: deploymentNames(context),
      ...(readings.release.state === "known" && { release: readings.release.value }),
      trustedKeys: context.target.attest?.keys.length ?? 0,
      attestations: read,
      unread,
      isTruncated: entries.length > ATTESTATIONS_MAX,
    });
  },
});

/** What the operator says it is called; else its directory's name and the hosts it is asked under. */
export function deploymentNames({ target }: Pick<CollectContext, "target">): readonly string[] {
  const given = target.attest?.deployment;
  if (given !== undefined) return [given];
  const hosts = target.urls.flatMap((url) => URL.parse(url)?.hostname ?? []);
  return [...new Set([baseName(target.directory), ...hosts])];
}

/** Its JSON files, by name. A directory that a link leads out of the deployment is not of it. */
async function listFiles({ host, target }: CollectContext): Promise<Reading<readonly DirEntry[]>> {
  const directory = resolveFrom(target.directory, ATTESTATIONS_DIRECTORY);
  const real = await attempt(() => host.realPath(directory));
  if (real.state !== "known") return real;
  if (!isWithin(target.directory, real.value))
    return unknown("unsupported", `${ATTESTATIONS_DIRECTORY} leads out of the deployment`);
  const entries = await attempt(() => host.readDirEntries(directory));
  if (entries.state !== "known") return entries;
  return known(entries.value.filter(({ name }) => name.endsWith(".json")));
}

/** One file, relative to the deployment or absolute; why it is none, where it is none. */
export async function readAttestation(
  context: CollectContext,
  kind: DirEntry["kind"],
  file: string,
): Promise<ReadAttestation | string> {
  const { host, target } = context;
  // What a link leads to may change behind the back of who looks after this directory.
  if (kind === "link") return "it is a symbolic link";
  if (kind !== "file") return "it is no regular file";
  const path = resolveFrom(target.directory, file);
  const bytes = await attempt(() => host.readBytes(path, ATTESTATION_BYTES_MAX));
  if (bytes.state !== "known")
    return bytes.state === "absent" ? bytes.reason : bytes.problem.detail;
  const text = utf8(bytes.value);
  if (text === undefined) return "it is not UTF-8";
  const parsed = parseAttestation(text);
  return parsed.ok ? examine(context, file, parsed.attestation) : parsed.message;
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

async function examine(
  context: CollectContext,
  file: string,
  attestation: Attestation,
): Promise<ReadAttestation> {
  const { statement } = attestation;
  const trusted = trustedKey(context.target.attest?.keys ?? [], statement.key);
  const signature =
    trusted === undefined ? "untrusted" : isSignedByItsKey(attestation) ? "trusted" : "forged";
  const names = deploymentNames(context);
  return {
    file,
    statement,
    signature,
    ...(trusted !== undefined && { signer: trusted.name }),
    keyId: keyId(statement.key),
    isOfDeployment: names.includes(statement.deployment),
    // Nobody's word makes the auditor read a file of 64 MiB.
    changed: signature === "trusted" ? await changedEvidence(context, statement.evidence) : [],
  };
}

function trustedKey(keys: readonly TrustedKey[], key: string): TrustedKey | undefined {
  return keys.find((each) => each.key === key);
}

async function changedEvidence(
  context: CollectContext,
  evidence: readonly AttestedEvidence[],
): Promise<ReadAttestation["changed"]> {
  const changed: { path: string; why: string }[] = [];
  for (const each of evidence) {
    if ("url" in each || each.path === undefined) continue;
    const why = await whyOther(context, each.path, each.sha256);
    if (why !== undefined) changed.push({ path: each.path, why });
  }
  return changed;
}

async function whyOther(
  { host, target }: CollectContext,
  path: string,
  sha256: string,
): Promise<string | undefined> {
  const absolute = resolveFrom(target.directory, path);
  const bytes = await attempt(async () => {
    const real = await host.realPath(absolute);
    if (!isWithin(target.directory, real))
      throw new HostError("unsupported", "it leads out of the deployment");
    return host.readBytes(real, EVIDENCE_BYTES_MAX);
  });
  if (bytes.state === "absent") return "is gone";
  if (bytes.state === "unknown") return `could not be read: ${bytes.problem.detail}`;
  return sha256HexOf(bytes.value) === sha256 ? undefined : "is not what was attested";
}
