import {
  boundedFields,
  type FieldPiece,
  type FieldProblem,
  type FieldSpan,
  problemList,
  quoted,
  slicePiece,
  splitPiece,
} from "./field.ts";
import { parseParameter } from "./parameter.ts";

/** One challenge: RFC 9110 (June 2022) sections 11.3 and 11.6.1. */
export interface AuthChallenge extends FieldSpan {
  /** In lower case: `basic`, `bearer`, `digest`, `negotiate`. */
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Token68 in place of parameters, as Negotiate has it. */
  readonly token68?: string;
}

export interface AuthenticateHeader {
  readonly challenges: readonly AuthChallenge[];
  readonly problems: readonly FieldProblem[];
}

/** Challenges kept; a client tries a handful. */
export const CHALLENGE_COUNT_MAX = 50;
const SCHEME = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:[ \t]+(.*))?$/s;
const TOKEN68 = /^[A-Za-z0-9._~+/-]+=*$/;

interface OpenChallenge {
  readonly scheme: string;
  readonly parameters: Map<string, string>;
  token68?: string;
  readonly span: FieldSpan;
}

/** WWW-Authenticate or Proxy-Authenticate; commas separate both challenges and their parameters. */
export function parseAuthenticate(values: readonly string[]): AuthenticateHeader {
  const problems = problemList();
  const open: OpenChallenge[] = [];
  for (const field of boundedFields(values, problems)) {
    const before = open.length;
    for (const part of splitPiece(field, ",").filter(({ text }) => text !== "")) {
      const current = open.length > before ? open.at(-1) : undefined;
      if (!takePart(part, current, open))
        problems.add("malformed", `${quoted(part.text)} is no challenge or parameter`, part);
    }
  }
  if (open.length > CHALLENGE_COUNT_MAX) {
    const message = `there are ${open.length} challenges`;
    problems.add(
      "too-many",
      message,
      open[CHALLENGE_COUNT_MAX]?.span ?? { field: 0, offset: 0, length: 0 },
    );
  }
  const challenges = open
    .slice(0, CHALLENGE_COUNT_MAX)
    .map(({ scheme, parameters, token68, span }) => ({
      scheme,
      parameters: Object.fromEntries(parameters),
      ...(token68 === undefined ? {} : { token68 }),
      ...span,
    }));
  return { challenges, problems: problems.all };
}

/** Adds a parameter to the challenge before it, or starts a challenge; false where the part is neither. */
function takePart(
  part: FieldPiece,
  current: OpenChallenge | undefined,
  open: OpenChallenge[],
): boolean {
  const parameter = parseParameter(part);
  if (current !== undefined && !("malformed" in parameter) && parameter.value !== undefined) {
    current.parameters.set(parameter.name, parameter.value);
    return true;
  }
  const [, scheme, rest = ""] = SCHEME.exec(part.text) ?? [];
  if (scheme === undefined) return false;
  const { field, offset, length } = part;
  const challenge: OpenChallenge = {
    scheme: scheme.toLowerCase(),
    parameters: new Map(),
    span: { field, offset, length },
  };
  open.push(challenge);
  if (rest === "") return true;
  const first = parseParameter(slicePiece(part, part.text.length - rest.length));
  const isParameter = !("malformed" in first) && first.value !== undefined && first.value !== "";
  if (isParameter) challenge.parameters.set(first.name, first.value ?? "");
  else if (TOKEN68.test(rest)) challenge.token68 = rest;
  else return !("malformed" in first) && first.value === "";
  return true;
}
