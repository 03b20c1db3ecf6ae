import type { TlsScan } from "../../core/tls-scan.ts";
import type { Dialer } from "./dialer.ts";
import { type Extras, surveyExtras, surveyFallback, surveySni } from "./feature-survey.ts";
import type { GroupSurvey } from "./group-survey.ts";
import type { HelloAnswer, HelloReply } from "./hello-answer.ts";
import type { RecordProtocol } from "./hello-plan.ts";
import { type HttpSurvey, surveyHttp } from "./http-survey.ts";
import { orderedSurvey, surveyOrder } from "./order-survey.ts";
import { isOf } from "./peel.ts";
import { mergedReports, type ProbeReport, probeAll } from "./probe-all.ts";
import type { Learned } from "./scan-assembly.ts";
import { CONNECTIONS_MAX, type ScanPlace } from "./scan-target.ts";
import { probePlan, probeTarget, surveyModernFeatures } from "./session-survey.ts";
import type { ProtocolSurvey } from "./suite-survey.ts";
import { surveyTolerance, TOLERANCE_CONNECTIONS } from "./tolerance-survey.ts";

/** The answers to the first hellos of the two newest protocols. */
export interface Knocks {
  readonly tls13: HelloAnswer;
  readonly tls12: HelloAnswer;
}

/** The reply where it speaks the protocol that was asked for. */
export function replyOf(answer: HelloAnswer, protocol: RecordProtocol): HelloReply | undefined {
  return answer.kind === "reply" && isOf(answer, protocol) ? answer : undefined;
}

/** What is asked of an older protocol beside its lists. */
interface LegacyFeatures {
  readonly extras: Extras;
  readonly sni: TlsScan["sni"];
}

/** What could be asked as soon as the first hellos were answered; the rest waits for the lists. */
export interface Early {
  readonly has13: boolean;
  readonly has12: boolean;
  readonly probes: ProbeReport;
  readonly legacy?: LegacyFeatures;
  readonly http?: HttpSurvey;
}

/** Asks what the first answers allow to ask, while the lists are still being peeled. */
export async function surveyAnswered(
  dialer: Dialer,
  place: ScanPlace,
  signal: AbortSignal,
  knocks: Knocks,
): Promise<Early> {
  const has13 = replyOf(knocks.tls13, "TLSv1.3") !== undefined;
  const reply = replyOf(knocks.tls12, "TLSv1.2");
  const has12 = reply !== undefined;
  const plan = {
    hasTls13: has13,
    legacy: has12 ? "TLSv1.2" : undefined,
    hasStaticRsa: undefined,
  } as const;
  const [probes, legacy, http] = await Promise.all([
    probeAll(probeTarget(dialer, place), plan),
    // What a name changes shows in the certificate: with an anonymous suite that waits for the lists.
    reply?.chain[0] && legacyFeatures(dialer, place, "TLSv1.2", [reply.hello.suite], reply),
    has13 || has12 ? surveyHttp(place, dialer, signal) : undefined,
  ]);
  return {
    has13,
    has12,
    probes,
    ...(legacy !== undefined && { legacy }),
    ...(http !== undefined && { http }),
  };
}

async function legacyFeatures(
  dialer: Dialer,
  { serverName }: ScanPlace,
  protocol: ProtocolSurvey["protocol"],
  suites: readonly number[],
  usual: HelloReply | undefined,
): Promise<LegacyFeatures> {
  const base = { dialer, survey: { protocol, suites }, serverName };
  const [extras, sni] = await Promise.all([
    surveyExtras(base),
    usual === undefined ? UNKNOWN_SNI : surveySni(base, usual),
  ]);
  return { extras, sni };
}

const UNKNOWN_SNI: TlsScan["sni"] = { withoutName: "unknown", wrongName: "unknown" };
const NO_EXTRAS: Extras = { alpn: null, compression: null };
const NO_HTTP: HttpSurvey = { breach: "unknown", hstsSeconds: null };

/** Everything beside protocols, suites and groups; what was asked early is not asked again. */
export async function surveyFeatures(
  dialer: Dialer,
  place: ScanPlace,
  signal: AbortSignal,
  { surveys, groups }: { surveys: readonly ProtocolSurvey[]; groups: readonly GroupSurvey[] },
  early: Early,
): Promise<Learned> {
  const { serverName } = place;
  const on = surveys.filter(({ state, protocol }) => state === "on" && protocol !== "SSLv2");
  if (on.some(({ isPlain }) => isPlain)) return plainlyLearned(groups);
  const legacy = on.findLast(({ protocol }) => protocol !== "TLSv1.3");
  const ordered = orderedSurvey(on);
  const target = probeTarget(dialer, place);
  const [probes, order, features, fallback, firstHttp] = await Promise.all([
    probeRest(target, surveys, early),
    ordered === undefined ? { serverOrder: null } : surveyOrder(dialer, ordered, serverName),
    early.legacy ??
      (legacy === undefined
        ? { extras: NO_EXTRAS, sni: UNKNOWN_SNI }
        : legacyFeatures(dialer, place, legacy.protocol, legacy.suites, certifiedReply(legacy))),
    surveyFallback(dialer, surveys, serverName),
    early.http ?? (on.length === 0 ? NO_HTTP : surveyHttp(place, dialer, signal)),
  ]);
  const { modern } = probes;
  const isEncrypted = legacy === undefined && modern !== undefined;
  // Alone: a server that serves one client after the other may have had no time before.
  const http = firstHttp.isLate === true ? await surveyHttp(place, dialer, signal) : firstHttp;
  // Last: it matters least where connections are few.
  const newest = on.findLast(({ protocol }) => protocol !== "SSLv3");
  const hasRoom = dialer.connections + TOLERANCE_CONNECTIONS <= CONNECTIONS_MAX;
  const [tolerance, encrypted] = await Promise.all([
    newest === undefined || !hasRoom ? [] : surveyTolerance(dialer, newest, serverName),
    isEncrypted ? surveyModernFeatures(target, modern.shown) : undefined,
  ]);
  const learned = { groups, order, ...features, fallback, probes, http, tolerance };
  if (encrypted === undefined) return learned;
  return { ...learned, sni: encrypted.sni, extras: { alpn: encrypted.alpn, compression: null } };
}

/** A reply with a certificate, where there is one. */
function certifiedReply({ replies }: ProtocolSurvey): HelloReply | undefined {
  return replies.find(({ chain }) => chain.length > 0) ?? replies[0];
}

/** Of a server that is asked without extensions alone. */
export const PLAIN = "the server answers no hello with extensions";

/** What needs extensions to be asked is not known. */
function plainlyLearned(groups: readonly GroupSurvey[]): Learned {
  return {
    groups,
    order: { serverOrder: null },
    extras: NO_EXTRAS,
    sni: UNKNOWN_SNI,
    fallback: "unknown",
    probes: { certificates: [], robot: { verdict: "unknown", because: PLAIN } },
    http: NO_HTTP,
    tolerance: [PLAIN],
  };
}

/** The probes of protocols that showed only when everything was asked, beside those that were run early. */
async function probeRest(
  target: ReturnType<typeof probeTarget>,
  surveys: readonly ProtocolSurvey[],
  { probes, has13, has12 }: Early,
): Promise<ProbeReport> {
  const plan = probePlan(surveys);
  const rest = await probeAll(target, {
    ...plan,
    hasTls13: plan.hasTls13 && !has13,
    legacy: has12 ? undefined : plan.legacy,
    // Asked in TLS 1.2 already, where that has it.
    staticRsa: has12 && plan.staticRsa === "TLSv1.2" ? undefined : plan.staticRsa,
  });
  return mergedReports(probes, rest, plan);
}
