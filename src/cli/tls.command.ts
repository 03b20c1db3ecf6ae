import { resolve } from "node:path";

import { HostError } from "../core/reading.ts";
import type { Report } from "../core/report.ts";
import type { TlsScan } from "../core/tls-scan.ts";
import { withSharedKeys } from "../core/tls-shared-keys.ts";
import { jsonText } from "../report/json.report.ts";
import { AUDIT_OPTIONS, clockMs, listTimeoutMs, OUTPUT_OPTIONS } from "./audit-options.ts";
import type { Command, Options } from "./command.ts";
import { type CliIo, UsageError } from "./io.ts";
import { mapAtOnce } from "./map-at-once.ts";
import { keepYoungSpaceSmall, streamLines, TARGETS_AT_ONCE } from "./target-stream.ts";
import { timeLimit } from "./time-limit.ts";
import { tlsOutputs, writeTls } from "./tls-output.ts";
import { type NamedTarget, parseTarget, readTargets } from "./tls-targets.ts";

const { now, strict, timeout, cacert } = AUDIT_OPTIONS;

export const tlsCommand: Command = {
  name: "tls",
  summary:
    "Scans TLS servers: protocols, suites, groups, certificates, weaknesses, SSL Labs grade.",
  positionals: "HOST[:PORT]...",
  positionalsMax: 1_000,
  options: {
    starttls: {
      type: "string",
      value: "PROTOCOL",
      help: "smtp, imap, pop3, postgres, ldap or xmpp",
    },
    sni: { type: "string", value: "NAME", help: "send this name, and judge the certificate by it" },
    "connect-to": AUDIT_OPTIONS["connect-to"],
    cacert,
    targets: {
      type: "string",
      value: "FILE",
      help: "HOST[:PORT] [starttls=P] [sni=NAME] a line, - for stdin; prints a JSON line per target",
    },
    delay: {
      type: "string",
      value: "MS",
      help: "least time between two connections to one server",
    },
    connections: {
      type: "string",
      value: "N",
      help: "connections to one address, at most (default 75, up to 320 where suites are many)",
    },
    json: OUTPUT_OPTIONS.json,
    format: OUTPUT_OPTIONS.format,
    color: OUTPUT_OPTIONS.color,
    verbose: {
      type: "boolean",
      short: "v",
      help: "every suite, name and difference, and what each known client negotiates",
    },
    now,
    strict,
    timeout: {
      ...timeout,
      help: "limit for all scans together (default 120); exit 3 when it runs out",
    },
  },
  examples: [
    "plimsoll tls monitor.example.org",
    "plimsoll tls db.internal:5432 --starttls postgres --cacert ca.pem",
    "plimsoll tls shop.example.org --format text --format json:tls.json",
    "plimsoll tls --targets hosts.txt > scans.jsonl",
  ],
  async run({ options, positionals, io }) {
    const targets = positionals.map(parseTarget);
    const file = options.text("targets");
    const outputs = tlsOutputs(options, io);
    if (file !== undefined && targets.length > 0) {
      throw new UsageError("give targets by name or by --targets, not both");
    }
    const listed =
      file === undefined
        ? undefined
        : readTargets(file === "-" ? file : resolve(io.directory, file));
    if (listed === undefined && targets.length === 0) {
      throw new UsageError('which server? write "plimsoll tls HOST[:PORT]"');
    }
    const run = await prepare(options, io);
    try {
      if (listed !== undefined) return await streamTargets(listed, run);
      const scanned = await mapAtOnce(targets, TARGETS_AT_ONCE, (target) => run.scan(target));
      const scans = withSharedKeys(scanned.flat());
      const report = await run.judge(scans);
      for (const output of outputs) await writeTls(output, report, scans, { options, io });
      return report.exitCode;
    } finally {
      run.close();
    }
  },
};

interface TlsRun {
  readonly io: CliIo;
  readonly signal: AbortSignal;
  scan(target: NamedTarget): Promise<readonly TlsScan[]>;
  judge(scans: readonly TlsScan[]): Promise<Report>;
  close(): void;
}

async function prepare(options: Options, io: CliIo): Promise<TlsRun> {
  const [{ scanTls }, { STARTTLS_PROTOCOLS }, authorities, { createScanHost, judgeScans }] =
    await Promise.all([
      import("../facts/tls/scan.ts"),
      import("../facts/tls/scan-target.ts"),
      import("./authority-file.ts"),
      import("./tls-session.ts"),
    ]);
  const starttls = STARTTLS_PROTOCOLS.find((name) => name === options.text("starttls"));
  if (options.text("starttls") !== undefined && starttls === undefined) {
    throw new UsageError(`--starttls takes one of: ${STARTTLS_PROTOCOLS.join(", ")}`);
  }
  const host = createScanHost(options, io);
  const nowMs = clockMs(options) ?? io.now();
  const sni = options.text("sni");
  const caFile = authorities.authorityFile(options, io);
  const caPem = caFile === undefined ? undefined : authorities.readAuthorities(caFile);
  const limit = timeLimit(listTimeoutMs(options), io.signal);
  const { signal } = limit;
  const delayMs = wholeNumber(options, "delay", 0, 60_000);
  const connectionsMax = wholeNumber(options, "connections", 1, 10_000);
  return {
    io,
    signal,
    close: limit.close,
    scan: async (target) => {
      if (signal.aborted) return [];
      const scanned = scanTls(
        host,
        {
          ...(sni !== undefined && { sni }),
          ...(starttls !== undefined && { starttls }),
          // What a line of the file says of its target wins.
          ...target,
          ...(caPem !== undefined && { caPem }),
        },
        {
          signal,
          nowMs,
          ...(delayMs !== undefined && { delayMs }),
          ...(connectionsMax !== undefined && { connectionsMax }),
        },
      );
      // A scan that was cut short says nothing: the report of the finished ones ends with exit 3.
      return scanned.catch((error: unknown) => {
        if (signal.aborted && error instanceof HostError) return [];
        throw error;
      });
    },
    judge: (scans) => judgeScans(scans, { options, io, nowMs, signal }),
  };
}

function wholeNumber(options: Options, name: string, min: number, max: number): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UsageError(`--${name} takes a whole number from ${min} to ${max}, not "${text}"`);
}

/** One JSON line a target, as soon as it is done; the worst exit code of all. */
function streamTargets(targets: readonly NamedTarget[], run: TlsRun): Promise<number> {
  keepYoungSpaceSmall();
  const scan = async (target: NamedTarget) => {
    const scans = await run.scan(target);
    // Every target has one scan at least, and those of an interrupted one would only say so.
    if (scans.length === 0 || run.signal.aborted) return undefined;
    const report = await run.judge(scans);
    return { line: jsonText(report), exitCode: report.exitCode };
  };
  return streamLines(targets, scan, run.io.stdoutPatiently);
}
