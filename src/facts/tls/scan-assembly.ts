import type { TlsScan, TlsVerdict, TlsVulnerability } from "../../core/tls-scan.ts";
import { ALERTS, alertName } from "../../wire/tls/alerts.ts";
import { EXTENSION_TYPES } from "../../wire/tls/extensions.ts";
import { VERSION_CODES } from "../../wire/tls/versions.ts";
import { chainsOf, judgeChains } from "./certificate-survey.ts";
import type { Extras } from "./feature-survey.ts";
import type { GroupSurvey } from "./group-survey.ts";
import type { HttpSurvey } from "./http-survey.ts";
import { impliedWeaknesses, surveyPrimes } from "./implied-weakness.ts";
import type { OrderSurvey } from "./order-survey.ts";
import type { ProbeReport } from "./probe-all.ts";
import { allVerdicts, blankScan, suiteParts } from "./scan-report.ts";
import type { ScanOptions, ScanPlace } from "./scan-target.ts";
import { LEGACY, modernChains, probeVerdicts } from "./session-survey.ts";
import type { ProtocolSurvey } from "./suite-survey.ts";

/** What is asked once protocols and suites are known. */
export interface Learned {
  readonly groups: readonly GroupSurvey[];
  readonly order: OrderSurvey;
  readonly extras: Extras;
  readonly sni: TlsScan["sni"];
  readonly fallback: TlsScan["fallbackScsv"];
  readonly probes: ProbeReport;
  readonly http: HttpSurvey;
  /** Hellos the server has trouble with. */
  readonly tolerance: readonly string[];
}

/** Everything that was learned as the report has it; connections and time are added by the scan. */
export function assemble(
  place: ScanPlace,
  options: ScanOptions,
  systemRootsPem: string | undefined,
  surveys: readonly ProtocolSurvey[],
  learned: Learned,
): TlsScan {
  const { groups, order, extras, probes, http } = learned;
  const primes = surveyPrimes(surveys);
  const chains = [...chainsOf(surveys), ...modernChains(probes)];
  const judged = judgeChains(chains, {
    hostNames: [place.target.sni ?? place.target.host],
    nowMs: options.nowMs,
    systemRootsPem,
    caPem: place.target.caPem,
  });
  const secureRenegotiation = renegotiationOf(surveys);
  const why = refusedWhy(surveys);
  const verdicts = probeVerdicts(probes);
  return {
    ...blankScan(place, place.address, "tls", why),
    ...suiteParts(surveys),
    serverOrder: order.serverOrder,
    groups: surveys.some(({ state }) => state === "on") ? groupNames(groups) : null,
    ...(primes.dhBits === undefined ? {} : { dhBits: primes.dhBits }),
    ...(primes.dhCommonPrime === undefined ? {} : { dhCommonPrime: primes.dhCommonPrime }),
    certificates: chains.length > 0 ? judged.certificates : null,
    staple: chains.length > 0 ? judged.staple : "unknown",
    alpn: extras.alpn,
    sni: learned.sni,
    clientCertificate: clientCertificateOf(surveys, probes),
    secureRenegotiation,
    clientRenegotiation: clientRenegotiationOf(surveys, probes),
    fallbackScsv: learned.fallback,
    ...ticketsOf(surveys, probes),
    hstsSeconds: http.hstsSeconds,
    vulnerabilities: {
      ...allVerdicts(isModernOnly(surveys) ? "not-applicable" : "unknown"),
      ...impliedWeaknesses(surveys, primes),
      ...verdicts,
      ...(extras.compression === null ? {} : { crime: verdictOf(extras.compression) }),
      breach: http.breach,
      ...renegotiationVerdict(surveys, verdicts),
    },
    notes: notesOf(surveys, learned),
  };
}

function notesOf(
  surveys: readonly ProtocolSurvey[],
  { groups, order, tolerance }: Learned,
): readonly string[] {
  return [
    ...(lacksSentinel(surveys)
      ? ["TLS 1.2 answers lack the sentinel against downgrades from 1.3"]
      : []),
    ...(order.note === undefined ? [] : [order.note]),
    ...new Set(groups.flatMap(groupsNote)),
    ...(hasOpenCertificates(surveys) ? ["there may be certificates that were not seen"] : []),
    ...tolerance,
  ];
}

/** Each kind of certificate comes with suites of its own, so a list of suites cut short may hide one. */
function hasOpenCertificates(surveys: readonly ProtocolSurvey[]): boolean {
  const isOn = surveys.some(({ state }) => state === "on");
  return (
    isOn &&
    surveys.some(({ incomplete, protocol }) => incomplete !== undefined && LEGACY.has(protocol))
  );
}

/** RFC 8446 section 4.1.3: a server of TLS 1.3 marks the random of every older answer. */
function lacksSentinel(surveys: readonly ProtocolSurvey[]): boolean {
  const on = (wanted: string) =>
    surveys.find((each) => each.protocol === wanted && each.state === "on");
  const hellos = on("TLSv1.2")?.replies.map(({ hello }) => hello) ?? [];
  const isMarked = hellos.some(({ downgradeSentinel }) => downgradeSentinel !== "none");
  return on("TLSv1.3") !== undefined && hellos.length > 0 && !isMarked;
}

/** `null` where one of the lists may lack some: half a list would be read as what is not there. */
function groupNames(groups: readonly GroupSurvey[]): readonly string[] | null {
  if (groups.length === 0 || groups.some(({ incomplete }) => incomplete !== undefined)) return null;
  return [...new Set(groups.flatMap((survey) => survey.groups))];
}

function groupsNote({ groups, incomplete }: GroupSurvey): readonly string[] {
  if (incomplete === undefined) return [];
  const seen = groups.length === 0 ? "" : `; seen: ${groups.join(", ")}`;
  return [`list of groups not complete: ${incomplete}${seen}`];
}

/** Every older protocol is off for certain: what is about them does not apply. */
function isModernOnly(surveys: readonly ProtocolSurvey[]): boolean {
  return surveys.every(({ protocol, state }) => state === (protocol === "TLSv1.3" ? "on" : "off"));
}

/** A server that speaks TLS and nothing of what was offered. */
function refusedWhy(surveys: readonly ProtocolSurvey[]): string | undefined {
  if (surveys.some(({ state }) => state === "on")) return undefined;
  const open = surveys.findLast(
    ({ protocol, state, first }) =>
      protocol !== "SSLv2" && state === "unknown" && first?.kind !== "alert",
  );
  if (open !== undefined) return open.why;
  const alerts = surveys.flatMap(({ first }) => (first?.kind === "alert" ? [first.code] : []));
  // The name first: it is what the operator can do something about.
  const alert = alerts.find((code) => code === ALERTS.unrecognizedName) ?? alerts.at(-1);
  return alert === undefined ? undefined : `refuses every hello: ${alertName(alert)}`;
}

/** RFC 5746 by any answer of TLS 1.2 or older; TLS 1.3 has no renegotiation, which is safe. */
function renegotiationOf(surveys: readonly ProtocolSurvey[]): boolean | null {
  const hellos = surveys
    .filter(({ protocol }) => protocol !== "TLSv1.3")
    .flatMap(({ replies }) => replies.map(({ hello }) => hello));
  if (hellos.length === 0) return isModernOnly(surveys) ? true : null;
  return hellos.some(({ extensions }) =>
    extensions.some(({ type }) => type === EXTENSION_TYPES.renegotiationInfo),
  );
}

function renegotiationVerdict(
  surveys: readonly ProtocolSurvey[],
  probed: Readonly<Partial<Record<TlsVulnerability, TlsVerdict>>>,
): Readonly<Partial<Record<TlsVulnerability, TlsVerdict>>> {
  const isSecure = renegotiationOf(surveys);
  if (isSecure === null || isModernOnly(surveys)) return {};
  const isAnswered = (probed["insecure-renegotiation"] ?? "unknown") !== "unknown";
  return {
    "no-secure-renegotiation": verdictOf(!isSecure),
    // RFC 5746 binds every renegotiation, whether a handshake could be finished here or not.
    ...(isSecure && !isAnswered ? { "insecure-renegotiation": "not-vulnerable" } : {}),
  };
}

function verdictOf(isFound: boolean): TlsVerdict {
  return isFound ? "vulnerable" : "not-vulnerable";
}

function clientRenegotiationOf(
  surveys: readonly ProtocolSurvey[],
  { legacy }: ProbeReport,
): TlsScan["clientRenegotiation"] {
  if (legacy !== undefined) return legacy.clientRenegotiation;
  return isModernOnly(surveys) ? "refused" : "unknown";
}

function clientCertificateOf(
  surveys: readonly ProtocolSurvey[],
  { modern, legacy }: ProbeReport,
): TlsScan["clientCertificate"] {
  const said = [modern?.clientCertificate, legacy?.clientCertificate];
  for (const state of ["required", "requested"] as const) if (said.includes(state)) return state;
  const replies = surveys.flatMap((survey) => survey.replies);
  // Asked for; whether one may do without shows only at the end of a handshake.
  if (replies.some(({ wantsClientCertificate }) => wantsClientCertificate)) return "unknown";
  if (said.includes("none") || replies.some(({ isWhole }) => isWhole)) return "none";
  return "unknown";
}

function ticketsOf(
  surveys: readonly ProtocolSurvey[],
  { modern, legacy }: ProbeReport,
): Pick<TlsScan, "tickets" | "earlyData"> {
  const said = [modern?.tickets, legacy?.tickets].flatMap((each) => each ?? []);
  const hellos = surveys.flatMap(({ replies }) => replies.map(({ hello }) => hello));
  // SSL 3.0 has no extensions to promise one by.
  const old = hellos.filter(
    ({ isHelloRetryRequest, version }) =>
      !isHelloRetryRequest && version > VERSION_CODES.SSLv3 && version < VERSION_CODES["TLSv1.3"],
  );
  const isPromised = old.some(({ offersTicket }) => offersTicket);
  const lifetimes = said.flatMap(({ lifetimeSeconds }) => lifetimeSeconds ?? []);
  const isOffered = said.some((each) => each.isOffered === true) || isPromised;
  const has13 = surveys.some(({ protocol, state }) => protocol === "TLSv1.3" && state !== "off");
  const hasOld = surveys.some(({ protocol, state }) => LEGACY.has(protocol) && state !== "off");
  // Each kind of ticket by itself: a server may have those of TLS 1.3 alone.
  const isDenied13 = !has13 || modern?.tickets.isOffered === false;
  const isDeniedOld = !hasOld || legacy?.tickets.isOffered === false || old.length > 0;
  const isDenied = isDenied13 && isDeniedOld;
  return {
    tickets: {
      isOffered: isOffered ? true : isDenied ? false : null,
      ...(lifetimes.length > 0 ? { lifetimeSeconds: Math.max(...lifetimes) } : {}),
    },
    earlyData: has13 ? (modern?.earlyData ?? null) : 0,
  };
}
