import { TOLERANCES, type Tolerance, toleranceHello } from "../../wire/tls/tolerance-hellos.ts";
import type { Dialer } from "./dialer.ts";
import type { HelloAnswer } from "./hello-answer.ts";
import { helloOffer, type RecordProtocol, recordQuestion } from "./hello-plan.ts";
import { isOf } from "./peel.ts";
import type { ProtocolSurvey } from "./suite-survey.ts";

const NAMES: Readonly<Record<Tolerance, string>> = {
  grease: "with values nobody knows (GREASE, RFC 8701)",
  "newer-version": "with a newer version of TLS than there is",
  "medium-hello": "of 256 to 511 bytes",
  "long-hello": "of more than 1,400 bytes, as hybrid key shares make them",
};
/** Asked in one hello first: nearly every server puts up with them all. */
const TOGETHER: readonly Tolerance[] = TOLERANCES.filter((each) => each !== "medium-hello");

/** What a server that has no trouble takes. */
export const TOLERANCE_CONNECTIONS = 2;

/**
 * Notes on hellos the server does not get on with, though it answers the same without what is told of
 * here. `survey` must be on and above SSL 3.0.
 */
export async function surveyTolerance(
  dialer: Dialer,
  survey: ProtocolSurvey,
  serverName: string | undefined,
): Promise<readonly string[]> {
  const protocol = survey.protocol as RecordProtocol;
  const ask = async (tolerances: readonly Tolerance[]): Promise<string | undefined> => {
    const offer = helloOffer({ protocol, suites: survey.suites, serverName });
    return trouble(await dialer.ask(recordQuestion(toleranceHello(offer, tolerances))), protocol);
  };
  const single = async (tolerance: Tolerance): Promise<readonly string[]> => {
    const verb = await ask([tolerance]);
    return verb === undefined ? [] : [`${verb} a hello ${NAMES[tolerance]}`];
  };
  const [together, medium] = await Promise.all([ask(TOGETHER), single("medium-hello")]);
  const others = together === undefined ? [] : await Promise.all(TOGETHER.map(single));
  const notes = [...others.flat(), ...medium];
  // With everything in trouble it is not what is told of here, but the server.
  return notes.length === TOLERANCES.length ? [] : notes;
}

/** What the server does with such a hello; `undefined` where it answers as it should, or was not asked. */
function trouble(answer: HelloAnswer, protocol: RecordProtocol): string | undefined {
  switch (answer.kind) {
    case "reply":
      return isOf(answer, protocol) ? undefined : "answers in an older version to";
    case "alert":
    case "closed":
      return "refuses";
    case "silent":
      return "does not answer";
    default:
      return undefined;
  }
}
