import { audit } from "../audit/audit.ts";
import { planFacts } from "../audit/plan.ts";
import { proxyConfigurationChecks } from "../checks/proxy-configuration.ts";
import type { AnyCheck } from "../core/check.ts";
import type { Host } from "../core/host.ts";
import { absent, known, type Reading } from "../core/reading.ts";
import { EXIT, type Report } from "../core/report.ts";
import { type NamedProxies, readNamedProxies } from "../facts/proxy-named.ts";
import { type AskedRequest, reportRequests } from "../facts/proxy-request.ts";
import type { ProxyKind } from "../facts/proxy-routes.fact.ts";
import { createRefusingHost } from "../host/refusing-host.ts";
import { clockMs, timeoutMs } from "./audit-options.ts";
import type { Options } from "./command.ts";
import { type CliIo, UsageError } from "./io.ts";
import { selectionOf } from "./selection.ts";
import { timeLimit } from "./time-limit.ts";
import { VERSION } from "./version.ts";

/** What the operator says about the proxy whose configuration it is. */
export interface ProxyAsking {
  /** Absolute. */
  readonly paths: readonly string[];
  readonly kind?: ProxyKind;
  readonly nginxVersion?: string;
  readonly opensslVersion?: string;
  readonly isPedantic: boolean;
  /** What would happen to these is told instead of what is wrong. */
  readonly requests: readonly AskedRequest[];
}

export interface ProxyAudit {
  readonly report: Report;
  readonly named: NamedProxies;
}

/** Reads the named configurations and judges them. Throws `UsageError` where none of them is one. */
export async function auditProxies(
  host: Host,
  asking: ProxyAsking,
  options: Options,
  io: CliIo,
): Promise<ProxyAudit> {
  const selection = selectionOf(
    asking.requests.length > 0 ? [] : proxyConfigurationChecks,
    options,
  );
  const named = await readNamedProxies(host, asking);
  requireSomething(named);
  requireNginx(asking, named);
  const limit = timeLimit(timeoutMs(options), io.signal);
  try {
    const report = await audit({
      selection,
      granted: new Set(),
      preset: presetOf(selection.selected, named, asking),
      mode: { label: "unknown", roles: [], decidedBy: JUST_CONFIGURATION },
      strict: options.isOn("strict"),
      version: VERSION,
      elapsedMs: io.elapsed,
      context: {
        host: createRefusingHost(JUST_CONFIGURATION),
        target: {
          directory: named.directory,
          urls: [],
          mode: [],
          compat: false,
          hostFacts: false,
          isPedantic: asking.isPedantic,
        },
        nowMs: clockMs(options) ?? io.now(),
        fingerprintKey: "",
        signal: limit.signal,
      },
    });
    return { report: withProxy(report, named, asking, options.isOn("strict")), named };
  } finally {
    limit.close();
  }
}

const JUST_CONFIGURATION = "only a configuration was named";

function requireNginx({ requests }: ProxyAsking, { readings }: NamedProxies): void {
  if (requests.length === 0 || readings.nginx.length > 0) return;
  throw new UsageError("--request follows configurations of nginx, and none was named");
}

function requireSomething({ refused, problems, readings }: NamedProxies): void {
  const [first] = refused;
  if (first === undefined || problems.length + readings.configurations.length > 0) return;
  throw new UsageError(`${first.path}: ${first.because}`);
}

/** Facts made of the configuration itself, and of what was asked. */
const MADE_OF_IT: ReadonlySet<string> = new Set([
  "audit-options",
  "proxy-routes",
  "nginx-configurations",
  "proxy-sites",
  "proxy-globals",
]);

function presetOf(
  selected: readonly AnyCheck[],
  { readings }: NamedProxies,
  { nginxVersion, opensslVersion }: ProxyAsking,
): ReadonlyMap<string, Reading<unknown>> {
  const missing = planFacts(selected)
    .filter(({ fact }) => !MADE_OF_IT.has(fact.id))
    .map(({ fact }): [string, Reading<unknown>] => [fact.id, absent(JUST_CONFIGURATION)]);
  const version = {
    proxy: "nginx",
    version: nginxVersion,
    ...(opensslVersion !== undefined && { openssl: opensslVersion }),
    from: "--nginx-version",
  };
  return new Map([
    ...missing,
    ["proxy-readings", known(readings)],
    ...(nginxVersion === undefined ? [] : [["proxy-versions", known([version])] as const]),
  ]);
}

/** With what was read, and an exit code that what was not read and `--strict` count for. */
function withProxy(
  report: Report,
  { readings, problems, refused }: NamedProxies,
  { nginxVersion, requests }: ProxyAsking,
  isStrict: boolean,
): Report {
  const all = [
    ...problems,
    ...refused.map(({ path, because }) => ({
      file: path,
      kind: "other" as const,
      detail: because,
    })),
  ];
  return {
    ...report,
    exitCode: exitOf(report, all.length > 0, isStrict),
    proxy: {
      configurations: readings.configurations.map(({ proxy, file }) => ({ proxy, file })),
      ...(nginxVersion !== undefined && { nginxVersion }),
      problems: all,
      ...(requests.length > 0 && {
        requests: readings.nginx.flatMap(({ tree }) => reportRequests(tree, requests)),
      }),
    },
  };
}

function exitOf({ exitCode, summary }: Report, hasProblems: boolean, isStrict: boolean): number {
  if (exitCode === EXIT.incomplete || exitCode === EXIT.internal) return exitCode;
  if (isStrict && summary.warn > 0) return EXIT.failures;
  return hasProblems ? Math.max(exitCode, EXIT.warnings) : exitCode;
}
