import { realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { type AuditOptions, audit } from "../audit/audit.ts";
import type { Gatherer } from "../audit/gather.ts";
import { planFacts } from "../audit/plan.ts";
import type { AnyCheck } from "../core/check.ts";
import type { Access, Target } from "../core/fact.ts";
import type { Host } from "../core/host.ts";
import type { Reading } from "../core/reading.ts";
import type { Report } from "../core/report.ts";
import { httpSite } from "../facts/http-site.fact.ts";
import { createLocalHost } from "../host/local-host.ts";
import { attestTrust } from "./attest-trust.ts";
import { clockMs, grantedAccess, modeOption, targetUrls, timeoutMs } from "./audit-options.ts";
import { authorityFile, readAuthorities } from "./authority-file.ts";
import type { Options } from "./command.ts";
import { connectRules } from "./connect-rules.ts";
import { fingerprintKey } from "./fingerprint-key.ts";
import { httpAsking } from "./http-options.ts";
import { type CliIo, UsageError } from "./io.ts";
import { createProgress } from "./progress.ts";
import { loadRecorded, RECORDED_ACCOUNT } from "./recorded.ts";
import { selectionOf } from "./selection.ts";
import { timeLimit } from "./time-limit.ts";
import { VERSION } from "./version.ts";

/** One audit as the operator asked for it: everything the engine needs, ended by `close`. */
export interface Session extends AuditOptions {
  close(): void;
}

export interface SessionInput {
  readonly options: Options;
  readonly io: CliIo;
  /** As the operator wrote it; the working directory when left out. */
  readonly directory: string | undefined;
  readonly isCompat: boolean;
}

/** Prepares a session. Throws `UsageError` for anything the operator got wrong. */
export async function openSession({
  options,
  io,
  directory,
  isCompat,
}: SessionInput): Promise<Session> {
  const root = auditedDirectory(resolve(io.directory, directory ?? "."));
  const { checks } = await import("../checks/index.ts");
  // The drop-in shows the seed's rows only; what it does not show is not gathered.
  const isWanted = ({ control }: AnyCheck) =>
    !isCompat || options.isOn("all") || control.compat !== undefined;
  const selection = selectionOf(checks.filter(isWanted), options);
  const granted = grantedAccess(options);
  const recordedDirectory = options.text("recorded");
  const hostFacts = recordedDirectory === undefined && !options.isOn("no-host");
  const caFile = authorityFile(options, io);
  const osv = options.text("osv");
  const target: Target = {
    directory: root,
    urls: targetUrls(options),
    mode: modeOption(
      options.text("mode") ?? (isCompat ? io.environment["PLIMSOLL_MODE"] : undefined),
    ),
    compat: isCompat,
    hostFacts,
    ...(recordedDirectory !== undefined && { account: RECORDED_ACCOUNT }),
    ...(caFile !== undefined && { caPem: readAuthorities(caFile) }),
    ...(osv !== undefined && { osvIndex: resolve(io.directory, osv) }),
    ...(options.isOn("deep") && { isDeep: true }),
    ...(options.isOn("run-tests") && { runsTests: true }),
    http: httpAsking(options, io),
    attest: attestTrust(options, io, { root, isCompat }),
  };
  const { host, preset } = await worldOf(options, io, granted, root, caFile);
  const limit = timeLimit(timeoutMs(options), io.signal);
  const progress = createProgress(io, options.isOn("quiet"));
  const nowMs = clockMs(options) ?? io.now();
  return {
    selection,
    granted,
    preset,
    strict: options.isOn("strict"),
    version: VERSION,
    ...(hostFacts && { hostName: io.hostName }),
    elapsedMs: io.elapsed,
    ...(planFacts(selection.selected).some(({ fact }) => fact.id === httpSite.id) && {
      partsOf: sitePartsOf,
    }),
    onProgress: progress.onProgress,
    context: {
      host,
      target,
      nowMs,
      fingerprintKey: fingerprintKey(io.environment, root),
      signal: limit.signal,
    },
    close() {
      limit.close();
      progress.close();
    },
  };
}

/** What the checks looked at from the outside, and its grades. */
async function sitePartsOf(gatherer: Gatherer): Promise<Partial<Pick<Report, "grades" | "http">>> {
  const reading = await gatherer.read(httpSite);
  if (reading.state !== "known") return {};
  const { siteParts } = await import("./http-session.ts");
  return siteParts(reading.value);
}

/** Runs one audit and ends the session whatever happens. */
export async function runAudit(input: SessionInput): Promise<Report> {
  const session = await openSession(input);
  try {
    return await audit(session);
  } finally {
    session.close();
  }
}

function auditedDirectory(path: string): string {
  try {
    if (statSync(path).isDirectory()) return realpathSync(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot audit ${path}: ${reason}`, { cause: error });
  }
  throw new UsageError(`cannot audit ${path}: not a directory`);
}

interface World {
  readonly host: Host;
  readonly preset: ReadonlyMap<string, Reading<unknown>>;
}

async function worldOf(
  options: Options,
  io: CliIo,
  granted: ReadonlySet<Access>,
  root: string,
  caFile: string | undefined,
): Promise<World> {
  const connectTo = connectRules(options);
  const host = createLocalHost({
    connectTo,
    granted,
    environment: io.environment,
    ...(caFile !== undefined && { caFile }),
  });
  const recorded = options.text("recorded");
  if (recorded === undefined) return { host, preset: new Map() };
  return loadRecorded(host, auditedDirectory(resolve(io.directory, recorded)), root);
}
