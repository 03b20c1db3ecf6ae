import { groupByName, groupName } from "../../wire/tls/groups.ts";
import { suiteByCode } from "../../wire/tls/suites.ts";
import { parseCertificate } from "../../wire/x509/certificate.ts";
import type { Dialer } from "./dialer.ts";
import type { HelloReply } from "./hello-answer.ts";
import { CURVES_12, GROUPS_13, helloQuestion, type RecordProtocol } from "./hello-plan.ts";
import { type Peeled, peel } from "./peel.ts";
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
 * hello whose groups lack the certificate's own curve, so that one is always offered, last. A server that
 * prefers it to others shows those only without it; OpenSSL shows them to nobody.
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
  const protocol = survey.protocol as RecordProtocol;
  const peelOf = (offer: readonly number[], always: readonly number[]) => ({
    protocol,
    offer,
    question: (left: readonly number[]) => {
      const groups = [...left, ...always.filter((code) => !left.includes(code))];
      return helloQuestion({ protocol, suites, groups, serverName });
    },
    taken: curveOf,
  });
  const always = own === undefined ? [] : [own];
  const peeled = await peel(dialer, {
    ...peelOf([...rest, ...always], always),
    ...(isReusable ? { first } : {}),
  });
  if (own === undefined || againOf(peeled) !== own) return ended(peeled, peeled.taken);
  // Its own curve again, though taken out: the others are refused or hidden behind it.
  const hidden = rest.filter((code) => !peeled.taken.includes(code));
  const behind = await peel(dialer, peelOf(hidden, []));
  return ended(behind, [...peeled.taken, ...behind.taken]);
}

/** The curve of the answer that ended the loop. */
function againOf({ last }: Peeled): number | undefined {
  return last?.kind === "reply" ? curveOf(last) : undefined;
}

/** A server that comes back to a curve it gave before, though it was not asked for it, has no other to give. */
function ended(peeled: Peeled, taken: readonly number[]): GroupSurvey {
  const again = againOf(peeled);
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
