import type { LegacyProtocol, SignatureFamily } from "../../wire/tls-session/offers.ts";
import { type EarlyRecordsProbe, probeEarlyRecords } from "./probe-ccs.ts";
import { type LegacyProbe, probeLegacySession } from "./probe-legacy-session.ts";
import {
  type FamilyProbe,
  familyOf,
  type ModernProbe,
  probeModernCertificates,
  probeModernSession,
  SIGNATURE_FAMILIES,
} from "./probe-modern-session.ts";
import { probeResumption, type ResumptionProbe } from "./probe-resumption.ts";
import { probeRobot } from "./probe-robot.ts";
import { cannotJudge, type Judgement, type ProbeTarget } from "./probe-stream.ts";

/** What is known of a server before it is probed. */
export interface ProbePlan {
  readonly hasTls13: boolean;
  /** Highest of TLS 1.0 to 1.2 the server speaks, where it speaks one. */
  readonly legacy: LegacyProtocol | undefined;
  /** Highest of them that accepts a suite with static RSA, where that is not `legacy`. */
  readonly staticRsa?: LegacyProtocol | undefined;
  /** Whether a suite with static RSA is accepted; `undefined` asks the server. */
  readonly hasStaticRsa: boolean | undefined;
  /** Whether a protocol beside `legacy` may have some that were not seen. */
  readonly isStaticRsaOpenBelow?: boolean;
  /** The suites accepted with that protocol, where the list is complete. */
  readonly suites?: readonly number[];
  /** Kinds of keys to ask for in TLS 1.3; default all. */
  readonly families?: readonly SignatureFamily[];
}

/** All probes' answers; `undefined` for what the plan left out. */
export interface ProbeReport {
  readonly modern?: ModernProbe;
  readonly certificates: readonly FamilyProbe[];
  readonly legacy?: LegacyProbe;
  readonly resumption?: ResumptionProbe;
  readonly earlyRecords?: EarlyRecordsProbe;
  readonly robot: Judgement;
}

const NO_LEGACY: Judgement = {
  verdict: "not-applicable",
  because: "The server speaks none of TLS 1.0 to 1.2",
};
const NO_STATIC_RSA: Judgement = {
  verdict: "not-applicable",
  because: "The server accepts no suite with static RSA",
};

/**
 * Runs the probes that need a finished handshake or crafted records, as many at once as the target's
 * `open` lets in: 3 connections for TLS 1.3, 3 for older, 5 for static RSA; more only to confirm a flaw.
 */
export async function probeAll(target: ProbeTarget, plan: ProbePlan): Promise<ProbeReport> {
  const { legacy: protocol } = plan;
  // ROBOT first: it waits longest for what a server may not say.
  const [robot, modern, sessions, earlyRecords] = await Promise.all([
    robotOf(target, plan),
    plan.hasTls13 ? probeModern(target, plan) : undefined,
    protocol === undefined ? undefined : probeSessions(target, protocol),
    protocol === undefined ? undefined : probeEarlyRecords(target, protocol, plan.suites),
  ]);
  return {
    certificates: [],
    ...modern,
    ...sessions,
    ...(earlyRecords !== undefined && { earlyRecords }),
    robot,
  };
}

/** What kind of key the first shows need not be asked for again. */
async function probeModern(
  target: ProbeTarget,
  { families = SIGNATURE_FAMILIES }: ProbePlan,
): Promise<{ readonly modern: ModernProbe; readonly certificates: readonly FamilyProbe[] }> {
  const modern = await probeModernSession(target);
  const shown = familyOf(modern.shown.chain[0]);
  const others = families.filter((family) => family !== shown);
  return { modern, certificates: await probeModernCertificates(target, others) };
}

/**
 * The reports of two calls whose plans had no protocol in common. That static RSA is not accepted is known from
 * the list of suites; a server that was asked before may have refused in a way that says less.
 */
export function mergedReports(early: ProbeReport, late: ProbeReport, plan: ProbePlan): ProbeReport {
  return {
    ...early,
    ...late,
    certificates: [...early.certificates, ...late.certificates],
    robot: mergedRobot(late.robot === NO_LEGACY ? early.robot : late.robot, plan),
  };
}

function mergedRobot(
  robot: Judgement,
  { hasStaticRsa, isStaticRsaOpenBelow }: ProbePlan,
): Judgement {
  if (robot === NO_LEGACY) return robot;
  if (hasStaticRsa === false) return NO_STATIC_RSA;
  const isRefused = robot.verdict === "not-applicable" && hasStaticRsa === undefined;
  if (!isRefused || isStaticRsaOpenBelow !== true) return robot;
  return cannotJudge("The suites of another protocol are not known");
}

/** The second needs the ticket of the first. */
async function probeSessions(
  target: ProbeTarget,
  protocol: LegacyProtocol,
): Promise<{ readonly legacy: LegacyProbe; readonly resumption: ResumptionProbe }> {
  const legacy = await probeLegacySession(target, protocol);
  return { legacy, resumption: await probeResumption(target, protocol, legacy) };
}

function robotOf(
  target: ProbeTarget,
  { legacy, staticRsa = legacy, hasStaticRsa }: ProbePlan,
): Judgement | Promise<Judgement> {
  if (staticRsa === undefined) return NO_LEGACY;
  return hasStaticRsa === false ? NO_STATIC_RSA : probeRobot(target, staticRsa);
}
