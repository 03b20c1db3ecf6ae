import type { TlsScan, TlsVerdict, TlsVulnerability } from "../../core/tls-scan.ts";
import { ALERTS } from "../../wire/tls/alerts.ts";
import { suiteByCode } from "../../wire/tls/suites.ts";
import { modernHandshake } from "../../wire/tls-session/modern-handshake.ts";
import {
  type LegacyProtocol,
  modernOffer,
  type SignatureFamily,
} from "../../wire/tls-session/offers.ts";
import { ALPN_REFUSED, type AlpnAnswer, surveyAlpn } from "./alpn-survey.ts";
import type { SeenChain } from "./certificate-survey.ts";
import type { Dialer } from "./dialer.ts";
import { isSameBytes, WRONG_NAME } from "./feature-survey.ts";
import type { ProbePlan, ProbeReport } from "./probe-all.ts";
import {
  type FamilyProbe,
  familyOf,
  type ModernShown,
  probeModernCertificates,
} from "./probe-modern-session.ts";
import { converse, type ProbeTarget } from "./probe-stream.ts";
import type { ScanPlace } from "./scan-target.ts";
import type { ProtocolSurvey } from "./suite-survey.ts";

/** The dialer as the probes that finish handshakes see it. */
export function probeTarget(dialer: Dialer, { serverName }: ScanPlace): ProbeTarget {
  return {
    open: () => dialer.open(),
    recheck: () => dialer.recheck(),
    serverName,
    get timeoutMs() {
      return dialer.answerMs;
    },
  };
}

/** The chains of TLS 1.3: what the whole handshake showed, and each kind of key asked for alone. */
export function modernChains({ modern, certificates }: ProbeReport): readonly SeenChain[] {
  const shown = modern?.shown;
  const family = familyOf(shown?.chain[0]);
  const first = shown === undefined || family === undefined ? [] : seen(family, shown);
  return [...first, ...certificates.flatMap((each) => seen(each.family, each.shown))];
}

function seen(family: SignatureFamily, shown: ModernShown): readonly SeenChain[] {
  const { chain, staple = "none", scts } = shown;
  return chain.length === 0 ? [] : [{ chain, staple, scts, seenWith: `TLSv1.3 ${family}` }];
}

/** ALPN and SNI of a server of TLS 1.3 alone, whose answers are encrypted. */
export async function surveyModernFeatures(
  target: ProbeTarget,
  usual: ModernShown,
): Promise<Pick<TlsScan, "alpn" | "sni">> {
  const [alpn, withoutName, wrongName] = await Promise.all([
    surveyAlpn((names) => askAlpn(target, names)),
    modernSni(target, undefined, usual),
    modernSni(target, WRONG_NAME, usual),
  ]);
  return { alpn, sni: { withoutName, wrongName } };
}

async function askAlpn(target: ProbeTarget, alpn: readonly string[]): Promise<AlpnAnswer> {
  const { serverName } = target;
  const name = serverName === undefined ? {} : { serverName };
  const conversed = await converse(target, () =>
    modernHandshake(modernOffer(undefined, { ...name, alpn })),
  );
  if (conversed.kind === "unreachable") return null;
  const outcome = conversed.value;
  const flight = outcome.kind === "finished" ? outcome.session.flight : outcome.flight;
  if (flight.encryptedExtensions !== undefined) return flight.encryptedExtensions.alpn;
  const by = outcome.kind === "stopped" ? outcome.by : undefined;
  return by?.kind === "alert" && by.code === ALERTS.noApplicationProtocol ? ALPN_REFUSED : null;
}

async function modernSni(
  target: ProbeTarget,
  serverName: string | undefined,
  usual: ModernShown,
): Promise<TlsScan["sni"]["withoutName"]> {
  if (serverName === target.serverName) return "same";
  const family = familyOf(usual.chain[0]);
  const [leaf] = usual.chain;
  if (family === undefined || leaf === undefined) return "unknown";
  const [probe] = await probeModernCertificates({ ...target, serverName }, [family]);
  return probe === undefined ? "unknown" : sniOf(probe, leaf);
}

function sniOf({ state, shown }: FamilyProbe, usual: Uint8Array): TlsScan["sni"]["withoutName"] {
  const [leaf] = shown.chain;
  if (leaf !== undefined) return isSameBytes(leaf, usual) ? "same" : "other-certificate";
  return state === "refused" ? "refused" : "unknown";
}

/** Protocols whose handshake is finished by `legacyHandshake`. */
export const LEGACY: ReadonlySet<string> = new Set(["TLSv1", "TLSv1.1", "TLSv1.2"]);

/** What the probes need to know of the server before. */
export function probePlan(surveys: readonly ProtocolSurvey[]): ProbePlan {
  const on = surveys.filter(({ state }) => state === "on");
  const legacy = on.findLast(({ protocol }) => LEGACY.has(protocol));
  const isOpen = ({ protocol, state, incomplete }: ProtocolSurvey) =>
    LEGACY.has(protocol) && (state === "unknown" || incomplete !== undefined);
  const withStaticRsa = on.findLast((each) => LEGACY.has(each.protocol) && hasStaticRsa(each));
  return {
    hasTls13: on.some(({ protocol }) => protocol === "TLSv1.3"),
    legacy: legacy?.protocol as LegacyProtocol | undefined,
    ...(legacy !== undefined && legacy.incomplete === undefined ? { suites: legacy.suites } : {}),
    staticRsa: withStaticRsa?.protocol as LegacyProtocol | undefined,
    // A list that is not complete does not rule them out: then the probe asks, in one protocol.
    hasStaticRsa: withStaticRsa !== undefined || (surveys.some(isOpen) ? undefined : false),
    isStaticRsaOpenBelow: surveys.some((each) => each !== legacy && isOpen(each)),
  };
}

function hasStaticRsa({ suites }: ProtocolSurvey): boolean {
  return suites
    .map(suiteByCode)
    .some((suite) => suite?.keyExchange === "RSA" && suite.isExport === false);
}

/** The probes' verdicts by the weakness they are about. */
export function probeVerdicts({
  legacy,
  resumption,
  earlyRecords,
  robot,
}: ProbeReport): Readonly<Partial<Record<TlsVulnerability, TlsVerdict>>> {
  // Without a protocol to ask in, what is about it is as open as the protocols themselves.
  if (legacy === undefined) return {};
  return {
    heartbleed: earlyRecords?.heartbleed.verdict ?? "unknown",
    "ccs-injection": earlyRecords?.ccsInjection.verdict ?? "unknown",
    ticketbleed: resumption?.ticketbleed.verdict ?? "unknown",
    robot: robot.verdict,
    "insecure-renegotiation": legacy.insecureRenegotiation.verdict,
  };
}
