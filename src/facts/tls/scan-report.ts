import {
  TLS_PROTOCOLS,
  TLS_VULNERABILITIES,
  type TlsProtocol,
  type TlsScan,
  type TlsVerdict,
  type TlsVulnerability,
} from "../../core/tls-scan.ts";
import { whyOpen } from "./hello-answer.ts";
import type { ScanPlace } from "./scan-target.ts";
import type { ProtocolSurvey } from "./suite-survey.ts";

/** The same verdict on every weakness. */
export function allVerdicts(verdict: TlsVerdict): Readonly<Record<TlsVulnerability, TlsVerdict>> {
  const rows = TLS_VULNERABILITIES.map((name) => [name, verdict] as const);
  return Object.fromEntries(rows) as Record<TlsVulnerability, TlsVerdict>;
}

/** A scan that learned nothing: what every other one begins with. */
export function blankScan(
  { target }: Pick<ScanPlace, "target">,
  address: string,
  state: TlsScan["state"],
  why: string | undefined,
): TlsScan {
  return {
    host: target.host,
    ...(target.sni === undefined || target.sni === target.host ? {} : { askedName: target.sni }),
    port: target.port,
    address,
    state,
    ...(why === undefined ? {} : { why }),
    protocols: null,
    protocolsUnknown: [...TLS_PROTOCOLS],
    suites: {},
    suitesIncomplete: {},
    serverOrder: null,
    groups: null,
    certificates: null,
    staple: "unknown",
    alpn: null,
    sni: { withoutName: "unknown", wrongName: "unknown" },
    clientCertificate: "unknown",
    secureRenegotiation: null,
    clientRenegotiation: "unknown",
    fallbackScsv: "unknown",
    tickets: { isOffered: null },
    earlyData: null,
    hstsSeconds: null,
    vulnerabilities: allVerdicts("unknown"),
    notes: [],
    connections: 0,
    durationMs: 0,
  };
}

/** What the answers to the first hellos say of the port as a whole, where TLS is not what it speaks. */
export function otherState(surveys: readonly ProtocolSurvey[]): {
  readonly state: "not-tls" | "unreachable" | "unknown";
  readonly why: string;
} {
  // Newest first, without SSL 2.0, to which TLS and garbage look alike.
  const answers = surveys
    .filter(({ protocol }) => protocol !== "SSLv2")
    .toReversed()
    .flatMap(({ first }) => (first === undefined ? [] : [first]));
  for (const answer of answers) {
    if (answer.kind === "garbage" && !answer.isTls) return { state: "not-tls", why: answer.why };
    if (answer.kind === "no-starttls") return { state: "not-tls", why: answer.why };
  }
  const unreachable = answers.find(({ kind }) => kind === "unreachable");
  const isDown = answers.every(({ kind }) => kind === "unreachable");
  if (unreachable?.kind === "unreachable" && isDown) {
    return { state: "unreachable", why: unreachable.why };
  }
  const why = answers.map(whyOpen).find((text) => text !== undefined);
  return { state: "unknown", why: why ?? "no answer" };
}

/** Protocols, suites and how far they are known. */
export function suiteParts(
  surveys: readonly ProtocolSurvey[],
): Pick<TlsScan, "protocols" | "protocolsUnknown" | "suites" | "suitesIncomplete"> {
  const on = surveys.filter(({ state }) => state === "on");
  const open = surveys.filter(({ state }) => state === "unknown");
  const entries = <T>(list: readonly ProtocolSurvey[], value: (survey: ProtocolSurvey) => T) =>
    Object.fromEntries(list.map((survey) => [survey.protocol, value(survey)])) as Readonly<
      Partial<Record<TlsProtocol, T>>
    >;
  const incomplete = surveys.filter((survey) => survey.incomplete !== undefined);
  return {
    protocols: on.map(({ protocol }) => protocol),
    protocolsUnknown: open.map(({ protocol }) => protocol),
    suites: entries(on, ({ suiteNames }) => suiteNames),
    suitesIncomplete: entries(incomplete, (survey) => survey.incomplete ?? ""),
  };
}
