import type { TlsScan } from "../../core/tls-scan.ts";
import { createDialer, type Dialer } from "./dialer.ts";
import { type GroupSurvey, surveyCurves12, surveyGroups13 } from "./group-survey.ts";
import { type HelloAnswer, isSpoken } from "./hello-answer.ts";
import { isKeyedSuite } from "./hello-plan.ts";
import { opossumNote } from "./opossum.ts";
import { assemble } from "./scan-assembly.ts";
import { blankScan, otherState } from "./scan-report.ts";
import type { ScanOptions, ScanPlace } from "./scan-target.ts";
import { type Knocks, PLAIN, replyOf, surveyAnswered, surveyFeatures } from "./server-features.ts";
import {
  knockQuestion,
  type ProtocolSurvey,
  plainKnock,
  ssl2Knock,
  surveyPlain,
  surveySsl2,
  surveySuites,
  withFailures,
  withKeyedSuites,
} from "./suite-survey.ts";

/** Scans one address. Throws `HostError` only where the scan is interrupted. */
export async function scanAddress(
  place: ScanPlace,
  options: ScanOptions,
  systemRootsPem: string | undefined,
): Promise<TlsScan> {
  const startMs = performance.now();
  const dialer = createDialer(place, options);
  const knocks = await knock(dialer, place.serverName);
  // What the first answers allow to ask is asked beside the lists, which wait for one answer after the other.
  const [surveyed, early] = await Promise.all([
    surveyProtocols(dialer, place.serverName, knocks),
    surveyAnswered(dialer, place, options.signal, knocks),
  ]);
  const closing = () => ({
    notes: dialer.notes,
    connections: dialer.connections,
    durationMs: Math.round(performance.now() - startMs),
  });
  const { surveys } = surveyed;
  if (!surveys.some(({ first }) => first !== undefined && isSpoken(first))) {
    const { state, why } = otherState(surveys);
    return { ...blankScan(place, place.address, state, why), ...closing() };
  }
  const learned = await surveyFeatures(dialer, place, options.signal, surveyed, early);
  const hasCertificate = (learned.probes.modern?.shown.chain.length ?? 0) > 0;
  const settled = withFailures(surveys, hasCertificate);
  const report = assemble(place, options, systemRootsPem, settled, learned);
  const opossum = await opossumNote(place.host, place.target, place.address, options);
  const { notes, ...rest } = closing();
  const more = opossum === undefined ? notes : [...notes, opossum];
  return { ...report, ...rest, notes: [...report.notes, ...more] };
}

async function knock(dialer: Dialer, name: string | undefined): Promise<Knocks> {
  const [tls13, tls12] = await Promise.all([
    dialer.ask(knockQuestion("TLSv1.3", name), true),
    dialer.ask(knockQuestion("TLSv1.2", name), true),
  ]);
  return { tls13, tls12 };
}

/** Protocols with their suites, oldest first, and groups by protocol. */
interface Surveyed {
  readonly surveys: readonly ProtocolSurvey[];
  readonly groups: readonly GroupSurvey[];
}

/** The two newest protocols alone where nobody answers them with TLS. */
async function surveyProtocols(
  dialer: Dialer,
  name: string | undefined,
  knocks: Knocks,
): Promise<Surveyed> {
  const isSilent = knocks.tls13.kind === "silent" && knocks.tls12.kind === "silent";
  const isWorthIt = isSilent
    ? await answersOldHello(dialer)
    : !(isHopeless(knocks.tls13) && isHopeless(knocks.tls12));
  const older = isWorthIt
    ? [
        surveySsl2(dialer),
        surveySuites(dialer, "SSLv3", name),
        surveySuites(dialer, "TLSv1", name),
        surveySuites(dialer, "TLSv1.1", name),
      ]
    : [];
  const [tls12, tls13, old] = await Promise.all([
    surveySuites(dialer, "TLSv1.2", name, knocks.tls12).then(withGroups(dialer, name)),
    surveyModern(dialer, name, knocks.tls13),
    Promise.all(older),
  ]);
  const asked = [...old.map((survey) => ({ survey, groups: { groups: [] } })), tls12, tls13];
  const again = await askedAgain(dialer, name, asked);
  const parts = isWorthIt
    ? await withKeyed(dialer, name, await askedPlainly(dialer, name, again))
    : again;
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

interface SurveyedPart {
  readonly survey: ProtocolSurvey;
  readonly groups: GroupSurvey;
}

/** TLS 1.3, whose groups do not depend on the suite: both lists at once. */
async function surveyModern(
  dialer: Dialer,
  name: string | undefined,
  answer: HelloAnswer,
): Promise<SurveyedPart> {
  const reply = replyOf(answer, "TLSv1.3");
  const surveying = surveySuites(dialer, "TLSv1.3", name, answer);
  if (reply === undefined) return surveying.then(withGroups(dialer, name));
  const first = { suites: [reply.hello.suite], replies: [reply] };
  const [survey, groups] = await Promise.all([surveying, surveyGroups13(dialer, first, name)]);
  return { survey, groups };
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

/** Older protocols are asked for pre-shared keys only where TLS 1.2 has some, or where nothing else was found. */
async function withKeyed(
  dialer: Dialer,
  name: string | undefined,
  parts: readonly SurveyedPart[],
): Promise<readonly SurveyedPart[]> {
  const on = parts.filter(({ survey }) => survey.state === "on");
  const hasKeyed = on.some(({ survey }) => survey.suites.some(isKeyedSuite));
  if (on.length > 0 && !hasKeyed) return parts;
  return Promise.all(
    parts.map(async (part) => {
      if (part.survey.protocol === "TLSv1.2") return part;
      return { ...part, survey: await withKeyedSuites(dialer, part.survey, name) };
    }),
  );
}

/** A protocol's groups follow its suites at once: on a slow line that saves as many turns. */
function withGroups(dialer: Dialer, name: string | undefined) {
  return async (survey: ProtocolSurvey) => {
    const ask = survey.protocol === "TLSv1.3" ? surveyGroups13 : surveyCurves12;
    if (survey.state === "on") return { survey, groups: await ask(dialer, survey, name) };
    const unasked = survey.first?.kind === "unasked" ? survey.first.why : undefined;
    // No answer about the protocol is none about its groups.
    const open = unasked ?? (survey.state === "unknown" ? (survey.why ?? "no answer") : undefined);
    return { survey, groups: { groups: [], ...(open === undefined ? {} : { incomplete: open }) } };
  };
}

/** Not worth another hello: no server of an older protocol answers so. */
function isHopeless(answer: HelloAnswer): boolean {
  if (answer.kind === "garbage") return !answer.isTls;
  return ["silent", "unreachable", "no-starttls"].includes(answer.kind);
}
