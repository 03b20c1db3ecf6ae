import { suiteByCode } from "../../wire/tls/suites.ts";
import type { Dialer } from "./dialer.ts";
import { helloQuestion, type RecordProtocol } from "./hello-plan.ts";
import { isOf } from "./peel.ts";
import type { ProtocolSurvey } from "./suite-survey.ts";

/** Whose order of suites decides. */
export interface OrderSurvey {
  readonly serverOrder: boolean | null;
  readonly note?: string;
}

/**
 * Offers the suites the server took in another order and looks whether it still takes its first one.
 *
 * OpenSSL with PRIORITIZE_CHACHA takes ChaCha20 from clients that put it first, so that it never stands first
 * here: where nothing else is left to stand there, a suite does that the server knows and does not take.
 */
export async function surveyOrder(
  dialer: Dialer,
  survey: ProtocolSurvey,
  serverName: string | undefined,
): Promise<OrderSurvey> {
  const [favourite] = survey.suites;
  if (favourite === undefined || survey.suites.length < 2) return { serverOrder: null };
  const protocol = survey.protocol as RecordProtocol;
  const backwards = reversed(survey.suites);
  const [first] = backwards;
  if (first === undefined || first === favourite) return { serverOrder: null };
  const decoy = isChacha(first) ? decoyFor(survey) : [];
  const offer = [...decoy, ...backwards];
  const answer = await dialer.ask(helloQuestion({ protocol, suites: offer, serverName }));
  if (answer.kind !== "reply" || !isOf(answer, protocol)) return { serverOrder: null };
  if (answer.hello.suite === first) return { serverOrder: false };
  if (answer.hello.suite === favourite) return { serverOrder: true };
  return { serverOrder: true, note: "the order of suites depends on the client's" };
}

/** Last first, ChaCha20 behind the first that is none. */
function reversed(suites: readonly number[]): readonly number[] {
  const backwards = suites.toReversed();
  const [favourite] = suites;
  const head = backwards.find((code) => !isChacha(code) && code !== favourite);
  return head === undefined ? backwards : [head, ...backwards.filter((code) => code !== head)];
}

function isChacha(code: number): boolean {
  return suiteByCode(code)?.cipher.startsWith("CHACHA20") === true;
}

/** AES-GCM, which Go takes for the mark of a client that is fast with AES. */
const DECOYS: readonly number[] = [0xc02b, 0xc02f, 0x009c, 0x009e];
const DECOYS_13: readonly number[] = [0x1301, 0x1302, 0x1304];

/** One suite the server was offered and did not take; none where its list is not complete. */
function decoyFor({ protocol, suites, incomplete }: ProtocolSurvey): readonly number[] {
  if (incomplete !== undefined) return [];
  const all = protocol === "TLSv1.3" ? DECOYS_13 : DECOYS;
  return all.filter((code) => !suites.includes(code)).slice(0, 1);
}

/** The survey whose order is asked: the newest protocol below TLS 1.3 with a choice, else TLS 1.3. */
export function orderedSurvey(surveys: readonly ProtocolSurvey[]): ProtocolSurvey | undefined {
  const having = surveys.filter(
    ({ protocol, suites }) => protocol !== "SSLv2" && suites.length > 1,
  );
  return having.findLast(({ protocol }) => protocol !== "TLSv1.3") ?? having.at(-1);
}
