import { readFileSync } from "node:fs";
import type { AnswerField, NginxOutcome } from "../../src/parsers/nginx/answer-outcome.ts";
import type { AnswerText } from "../../src/parsers/nginx/answer-text.ts";
import type { EchoedRequest } from "./echo-server.ts";
import type { Answer } from "./nginx-process.ts";

/* Whether what nginx sent is what an outcome says, as far as it says something. */

/** Why an outcome leaves something open; `undefined` for one that does not. */
export function openReasonOf(outcome: NginxOutcome): string | undefined {
  const [assumption] = outcome.assumes;
  if (assumption !== undefined) return `${assumption.about}: ${assumption.because}`;
  const { content, responseFields, requestFields } = outcome;
  if (content.kind === "none") return content.because;
  const texts = [
    ...("text" in content ? [content.text] : []),
    ...("target" in content ? [content.target] : []),
    ...("uri" in content && content.uri !== undefined ? [content.uri] : []),
    ...[...responseFields, ...requestFields]
      .filter(({ name }) => name !== "Expires")
      .map(({ value }) => value),
  ];
  const open = texts.flatMap(({ pieces }) => pieces).find((piece) => piece.kind === "open");
  return open?.kind === "open" ? `$${open.name}: ${open.because}` : undefined;
}

/** Where the answer is not what the outcome says, with the steps; `undefined` where it is. */
export function problemWith(
  outcome: NginxOutcome,
  { method }: { readonly method: string },
  answer: Answer,
): string | undefined {
  const problem = contentProblem(outcome, method, answer) ?? fieldProblem(outcome, answer);
  if (problem === undefined) return undefined;
  const steps = outcome.steps.map(({ what, detail, line }) => `${line} ${what}: ${detail}`);
  const seen = `${answer.status} ${JSON.stringify(answer.fields)} ${answer.body.slice(0, 300)}`;
  return `${problem}\n    ${steps.join("\n    ")}\n  nginx: ${seen}`;
}

function differs(what: string, said: unknown, seen: unknown): string | undefined {
  return said === seen ? undefined : `${what}: we ${said}, nginx ${seen}`;
}

/** Open pieces may be anything, or one of the values they list. */
function textDiffers(what: string, said: AnswerText, seen: string): string | undefined {
  if (said.isKnown) return differs(what, said.text.trim(), seen.trim());
  const source = said.pieces.map((piece) => {
    if (piece.kind === "known") return escaped(piece.text);
    return piece.values === undefined ? ".*" : `(?:${piece.values.map(escaped).join("|")})`;
  });
  const isFitting = new RegExp(`^\\s*${source.join("")}\\s*$`, "s").test(seen);
  return isFitting ? undefined : `${what}: we ${said.text}, nginx ${seen}`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

const STATUS_OF_ECHO = 200;
/** What comes of a path nobody has looked at. */
const FILE_STATUSES: ReadonlySet<number> = new Set([200, 301, 403, 404, 405, 500]);

function contentProblem(outcome: NginxOutcome, method: string, answer: Answer): string | undefined {
  const { content } = outcome;
  if (content.kind === "none") return undefined;
  if (content.kind === "module") return `a module: ${content.at.name}`;
  if (content.kind === "closed") return differs("answer", "", answer.body + answer.fields.join());
  if (content.kind === "files" && content.status === undefined) {
    const isPossible = FILE_STATUSES.has(answer.status) || answer.status === content.statusIfThere;
    return isPossible ? undefined : `a file, nginx ${answer.status}`;
  }
  const status = content.kind === "pass" ? (content.status ?? STATUS_OF_ECHO) : content.status;
  const wrong = differs("status", status, answer.status);
  if (wrong !== undefined || method === "HEAD") return wrong;
  return madeProblem(outcome, answer);
}

/** Body, `Location`, or what the upstream server was asked. */
function madeProblem({ content, requestFields }: NginxOutcome, answer: Answer): string | undefined {
  const location = answer.fields.find(([name]) => name === "location")?.[1];
  switch (content.kind) {
    case "text":
      return textDiffers("body", content.text, answer.body);
    case "redirect":
      return textDiffers("location", content.target, location ?? "");
    case "files":
      return content.isListed || !content.path.isKnown || content.status !== 200
        ? undefined
        : differs("body", fileBody(content.path.text), answer.body);
    case "pass":
      return passProblem(content.uri, requestFields, answer);
    default:
      return undefined;
  }
}

function fileBody(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return `(no such file: ${path})`;
  }
}

function passProblem(
  uri: AnswerText | undefined,
  fields: readonly AnswerField[],
  answer: Answer,
): string | undefined {
  let asked: EchoedRequest;
  try {
    asked = JSON.parse(answer.body) as EchoedRequest;
  } catch {
    return `nothing echoed: ${answer.body.slice(0, 100)}`;
  }
  const wrong = uri === undefined ? undefined : textDiffers("upstream target", uri, asked.target);
  if (wrong !== undefined) return wrong;
  for (const { name, value, action } of fields) {
    const seen = asked.fields.find(([one]) => one === name.toLowerCase())?.[1];
    const field =
      action === "remove"
        ? differs(`upstream field ${name}`, undefined, seen)
        : textDiffers(`upstream field ${name}`, value, seen ?? "");
    if (field !== undefined) return field;
  }
  return undefined;
}

/** Fields the configurations set, in the order nginx sends them. */
function fieldProblem(outcome: NginxOutcome, answer: Answer): string | undefined {
  if (outcome.content.kind === "closed" || outcome.content.kind === "none") return undefined;
  const { responseFields, content } = outcome;
  for (const name of ["x-block", "x-text", "x-status", "cache-control"]) {
    const said = responseFields.filter(
      (field) => field.name.toLowerCase() === name && field.action !== "remove",
    );
    const seen = answer.fields.filter(([one]) => one === name).map(([, value]) => value);
    if (canBe(said, seen)) continue;
    const texts = said.map(({ value }) => value.text);
    return `${name}: we ${JSON.stringify(texts)}, nginx ${JSON.stringify(seen)}`;
  }
  if (content.kind === "files" && content.status === undefined) return undefined;
  const isHidden = responseFields.some(
    ({ name, action }) => name === "X-Up" && action === "remove",
  );
  const isUp = content.kind === "pass" && !isHidden;
  return differs(
    "x-up",
    isUp,
    answer.fields.some(([name]) => name === "x-up"),
  );
}

/** Conditional fields and those whose value may be empty need not be there. */
function canBe(said: readonly AnswerField[], seen: readonly string[]): boolean {
  const [first, ...rest] = said;
  if (first === undefined) return seen.length === 0;
  const mayLack = first.isConditional || !first.value.isKnown;
  if (mayLack && canBe(rest, seen)) return true;
  const [value, ...others] = seen;
  if (value === undefined) return false;
  return textDiffers("", first.value, value) === undefined && canBe(rest, others);
}
