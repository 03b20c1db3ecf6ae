import type { TlsScan } from "../../core/tls-scan.ts";
import { createDialer, type Dialer } from "./dialer.ts";
import { surveyExtras, surveyFallback, surveySni } from "./feature-survey.ts";
import { type GroupSurvey, surveyCurves12, surveyGroups13 } from "./group-survey.ts";
import { type HelloAnswer, isSpoken } from "./hello-answer.ts";
import { type HttpSurvey, surveyHttp } from "./http-survey.ts";
import { opossumNote } from "./opossum.ts";
import { orderedSurvey, surveyOrder } from "./order-survey.ts";
import { probeAll } from "./probe-all.ts";
import { assemble, type Learned } from "./scan-assembly.ts";
import { blankScan, otherState } from "./scan-report.ts";
import type { ScanOptions, ScanPlace } from "./scan-target.ts";
import { probePlan, probeTarget, surveyModernFeatures } from "./session-survey.ts";
import {
  knockQuestion,
  type ProtocolSurvey,
  plainKnock,
  ssl2Knock,
  surveyPlain,
  surveySsl2,
  surveySuites,
} from "./suite-survey.ts";
import { surveyTolerance } from "./tolerance-survey.ts";

/** Scans one address. Throws `HostError` only where the scan is interrupted. */
export async function scanAddress(
  place: ScanPlace,
  options: ScanOptions,
  systemRootsPem: string | undefined,
): Promise<TlsScan> {
  const startMs = performance.now();
  const dialer = createDialer(place, options);
  const { surveys, groups } = await surveyProtocols(dialer, place.serverName);
  const closing = () => ({
    notes: dialer.notes,
    connections: dialer.connections,
    durationMs: Math.round(performance.now() - startMs),
  });
  if (!surveys.some(({ first }) => first !== undefined && isSpoken(first))) {
    const { state, why } = otherState(surveys);
    return { ...blankScan(place, place.address, state, why), ...closing() };
  }
  const learned = await surveyFeatures(dialer, place, options.signal, surveys, groups);
  const report = assemble(place, options, systemRootsPem, surveys, learned);
  const opossum = await opossumNote(place.host, place.target, place.address, options);
  const { notes, ...rest } = closing();
  const more = opossum === undefined ? notes : [...notes, opossum];
  return { ...report, ...rest, notes: [...report.notes, ...more] };
}

/** Protocols with their suites, oldest first, and groups by protocol. */
interface Surveyed {
  readonly surveys: readonly ProtocolSurvey[];
  readonly groups: readonly GroupSurvey[];
}

/** The two newest protocols alone where nobody answers them with TLS. */
async function surveyProtocols(dialer: Dialer, name: string | undefined): Promise<Surveyed> {
  const [knock13, knock12] = await Promise.all([
    dialer.ask(knockQuestion("TLSv1.3", name)),
    dialer.ask(knockQuestion("TLSv1.2", name)),
  ]);
  const isSilent = knock13.kind === "silent" && knock12.kind === "silent";
  const isWorthIt = isSilent
    ? await answersOldHello(dialer)
    : !(isHopeless(knock13) && isHopeless(knock12));
  const older = isWorthIt
    ? [
        surveySsl2(dialer),
        surveySuites(dialer, "SSLv3", name),
        surveySuites(dialer, "TLSv1", name),
        surveySuites(dialer, "TLSv1.1", name),
      ]
    : [];
  const [old, tls12, tls13] = await Promise.all([
    Promise.all(older),
    surveySuites(dialer, "TLSv1.2", name, knock12).then(withGroups(dialer, name)),
    surveySuites(dialer, "TLSv1.3", name, knock13).then(withGroups(dialer, name)),
  ]);
  const asked = [...old.map((survey) => ({ survey, groups: { groups: [] } })), tls12, tls13];
  const again = await askedAgain(dialer, name, asked);
  const parts = isWorthIt ? await askedPlainly(dialer, name, again) : again;
  const surveys = parts.map(({ survey }) => survey);
  const newest = surveys.findLast(
    ({ state, protocol }) => state === "on" && protocol !== "SSLv2" && protocol !== "TLSv1.3",
  );
  const isCovered = newest === undefined || newest.protocol === "TLSv1.2";
  const groups = parts.map((part) => part.groups);
  const curves = isCovered ? [] : [await surveyCurves12(dialer, newest, name)];
  return { surveys, groups: [...groups.toReversed(), ...curves] };
}

/** A server silent to hellos of today may have SSL 2.0 alone, or hang on extensions, versions or long hellos. */
async function answersOldHello(dialer: Dialer): Promise<boolean> {
  const answers = await Promise.all([dialer.ask(ssl2Knock()), dialer.ask(plainKnock("TLSv1.2"))]);
  return answers.some(isSpoken);
}

const PLAIN_PROTOCOLS = ["TLSv1", "TLSv1.1", "TLSv1.2"] as const;

/** Where every protocol is refused, once more without extensions; where that is answered, all of them so. */
async function askedPlainly(
  dialer: Dialer,
  name: string | undefined,
  parts: readonly SurveyedPart[],
): Promise<readonly SurveyedPart[]> {
  if (parts.some(({ survey }) => survey.state === "on")) return parts;
  const knock = await dialer.ask(plainKnock("TLSv1.2"));
  if (knock.kind !== "reply") return parts;
  // Its extensions, not the name: without one a server that knows other names alone answers too.
  const nameless = name && (await dialer.ask(knockQuestion("TLSv1.2", undefined)));
  if (nameless && nameless.kind === "reply") return parts;
  const plain = await Promise.all(
    PLAIN_PROTOCOLS.map((protocol) =>
      surveyPlain(dialer, protocol, protocol === "TLSv1.2" ? knock : undefined),
    ),
  );
  return parts.map((part) => {
    const survey = plain.find(({ protocol }) => protocol === part.survey.protocol);
    return survey === undefined ? part : { survey, groups: { groups: [], incomplete: PLAIN } };
  });
}

const PLAIN = "the server answers no hello with extensions";

interface SurveyedPart {
  readonly survey: ProtocolSurvey;
  readonly groups: GroupSurvey;
}

/**
 * Asks once more for the protocols whose hello was closed on before any other was answered: only beside an
 * answer can a close be told from a server that is not there.
 */
async function askedAgain(
  dialer: Dialer,
  name: string | undefined,
  parts: readonly SurveyedPart[],
): Promise<readonly SurveyedPart[]> {
  if (!parts.some(({ survey }) => survey.state === "on")) return parts;
  return Promise.all(
    parts.map(async (part) => {
      const { protocol, state, first } = part.survey;
      if (state !== "unknown" || first?.kind !== "unasked") return part;
      if (protocol === "SSLv2") return { ...part, survey: await surveySsl2(dialer) };
      return withGroups(dialer, name)(await surveySuites(dialer, protocol, name));
    }),
  );
}

/** A protocol's groups follow its suites at once: on a slow line that saves as many turns. */
function withGroups(dialer: Dialer, name: string | undefined) {
  return async (survey: ProtocolSurvey) => {
    const ask = survey.protocol === "TLSv1.3" ? surveyGroups13 : surveyCurves12;
    if (survey.state === "on") return { survey, groups: await ask(dialer, survey, name) };
    const open = survey.first?.kind === "unasked" ? survey.first.why : undefined;
    return { survey, groups: { groups: [], ...(open === undefined ? {} : { incomplete: open }) } };
  };
}

/** Not worth another hello: no server of an older protocol answers so. */
function isHopeless(answer: HelloAnswer): boolean {
  if (answer.kind === "garbage") return !answer.isTls;
  return ["silent", "unreachable", "no-starttls"].includes(answer.kind);
}

const UNKNOWN_SNI: TlsScan["sni"] = { withoutName: "unknown", wrongName: "unknown" };

async function surveyFeatures(
  dialer: Dialer,
  place: ScanPlace,
  signal: AbortSignal,
  surveys: readonly ProtocolSurvey[],
  groups: readonly GroupSurvey[],
): Promise<Learned> {
  const { serverName } = place;
  const on = surveys.filter(({ state, protocol }) => state === "on" && protocol !== "SSLv2");
  if (on.some(({ isPlain }) => isPlain)) return plainlyLearned(groups);
  const legacy = on.findLast(({ protocol }) => protocol !== "TLSv1.3");
  const ordered = orderedSurvey(on);
  const base = legacy === undefined ? undefined : { dialer, survey: legacy, serverName };
  const usual = legacy?.replies[0];
  const target = probeTarget(dialer, place);
  const probing = probeAll(target, probePlan(surveys));
  const [probes, order, extras, sni, fallback, http] = await Promise.all([
    probing,
    ordered === undefined ? { serverOrder: null } : surveyOrder(dialer, ordered, serverName),
    base === undefined ? { alpn: null, compression: null } : surveyExtras(base),
    base === undefined || usual === undefined ? UNKNOWN_SNI : surveySni(base, usual),
    surveyFallback(dialer, surveys, serverName),
    on.length === 0 ? NO_HTTP : surveyHttp(place, dialer, signal),
  ]);
  // Last and alone: it matters least where connections are few.
  const newest = on.findLast(({ protocol }) => protocol !== "SSLv3");
  const tolerance = newest === undefined ? [] : await surveyTolerance(dialer, newest, serverName);
  const learned = { groups, order, extras, sni, fallback, probes, http, tolerance };
  if (base !== undefined || probes.modern === undefined) return learned;
  const encrypted = await surveyModernFeatures(target, probes.modern.shown);
  return { ...learned, sni: encrypted.sni, extras: { alpn: encrypted.alpn, compression: null } };
}

/** What needs extensions to be asked is not known. */
function plainlyLearned(groups: readonly GroupSurvey[]): Learned {
  return {
    groups,
    order: { serverOrder: null },
    extras: { alpn: null, compression: null },
    sni: UNKNOWN_SNI,
    fallback: "unknown",
    probes: { certificates: [], robot: { verdict: "unknown", because: PLAIN } },
    http: NO_HTTP,
    tolerance: [PLAIN],
  };
}

const NO_HTTP: HttpSurvey = { breach: "unknown", hstsSeconds: null };
