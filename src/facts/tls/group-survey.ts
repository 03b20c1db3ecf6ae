import { groupByName, groupName } from "../../wire/tls/groups.ts";
import { suiteByCode } from "../../wire/tls/suites.ts";
import { parseCertificate } from "../../wire/x509/certificate.ts";
import type { Dialer } from "./dialer.ts";
import type { HelloReply } from "./hello-answer.ts";
import { CURVES_12, GROUPS_13, helloQuestion, type RecordProtocol } from "./hello-plan.ts";
import { peel } from "./peel.ts";
import type { ProtocolSurvey } from "./suite-survey.ts";

/** Groups of key agreement, in the server's order where it has one. */
export interface GroupSurvey {
  readonly groups: readonly string[];
  /** Why there may be more. */
  readonly incomplete?: string;
}

/** The groups of TLS 1.3: the server names one it wants by HelloRetryRequest, as no key share is sent. */
export async function surveyGroups13(
  dialer: Dialer,
  { replies: [first], suites }: Pick<ProtocolSurvey, "replies" | "suites">,
  serverName: string | undefined,
): Promise<GroupSurvey> {
  const peeled = await peel(dialer, {
    protocol: "TLSv1.3",
    offer: GROUPS_13,
    question: (groups) => helloQuestion({ protocol: "TLSv1.3", suites, groups, serverName }),
    taken: ({ hello }) => hello.group,
    ...(first === undefined ? {} : { first }),
  });
  return named(peeled.taken, peeled.incomplete);
}

/**
 * The curves of TLS 1.2 and older, from ServerKeyExchange. With an ECDSA certificate OpenSSL refuses a
 * hello whose groups lack the certificate's own curve, so that one is always offered, last.
 */
export async function surveyCurves12(
  dialer: Dialer,
  survey: ProtocolSurvey,
  serverName: string | undefined,
): Promise<GroupSurvey> {
  const ephemeral = survey.replies.filter((reply) => curveOf(reply) !== undefined);
  const others = ephemeral.filter((reply) => authenticationOf(reply) !== "ECDSA");
  const chosen = others.length > 0 ? others : ephemeral;
  const [first] = chosen;
  if (first === undefined) return named([], survey.incomplete);
  const own = others.length > 0 ? undefined : certificateCurve(first);
  const suites = chosen.map(({ hello }) => hello.suite);
  const rest = CURVES_12.filter((code) => code !== own);
  const isReusable = curveOf(first) !== own;
  const peeled = await peel(dialer, {
    protocol: survey.protocol as RecordProtocol,
    offer: own === undefined ? rest : [...rest, own],
    question: (left) =>
      helloQuestion({
        protocol: survey.protocol as RecordProtocol,
        suites,
        groups: own === undefined || left.includes(own) ? left : [...left, own],
        serverName,
      }),
    taken: curveOf,
    ...(isReusable ? { first } : {}),
  });
  // A curve again, though taken out (its own, or one it takes unasked): it has no other to give.
  const { last, taken } = peeled;
  const again = last?.kind === "reply" ? curveOf(last) : undefined;
  const isAgain = again !== undefined && taken.includes(again);
  return named(taken, isAgain ? undefined : peeled.incomplete);
}

function named(codes: readonly number[], incomplete: string | undefined): GroupSurvey {
  return {
    groups: codes.map(groupName),
    ...(incomplete === undefined ? {} : { incomplete }),
  };
}

/** The curve of a reply's ServerKeyExchange. */
export function curveOf({ parameters }: HelloReply): number | undefined {
  return parameters?.kind === "ecdh" ? parameters.group : undefined;
}

function authenticationOf({ hello }: HelloReply): string | undefined {
  return suiteByCode(hello.suite)?.authentication;
}

function certificateCurve({ chain: [leaf] }: HelloReply): number | undefined {
  if (leaf === undefined) return undefined;
  const reading = parseCertificate(leaf);
  const curve = reading.ok ? reading.certificate.publicKey.curve : undefined;
  return curve === undefined ? undefined : groupByName(curve)?.code;
}
