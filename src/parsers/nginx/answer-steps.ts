import type { AnswerContent, AnswerField, NginxOutcome } from "./answer-outcome.ts";
import { type AnswerStep, positionOf } from "./answer-run.ts";
import { directiveText, type NginxDirective } from "./parse.ts";

/**
 * One outcome as steps in nginx's order, for a reader: assumptions first (`assumed`), the server, what
 * was done to the request, scripts, what is in force (access, limits, body size), the content, the
 * fields. Texts hold what the configuration and the request hold: they are to be escaped by who prints.
 */
export function answerSteps(outcome: NginxOutcome): readonly AnswerStep[] {
  const { assumes, steps, caveats, content, responseFields, requestFields } = outcome;
  return [
    ...assumes.map(({ about, taken, because, file, line, column }) => ({
      what: "assumed",
      detail: `${about}: ${taken} (${because})`,
      file,
      line,
      column,
    })),
    ...serverStep(outcome),
    ...steps,
    ...caveats.map(({ what, detail, ...at }) => ({
      what: "caveat",
      detail: `${what}: ${detail}`,
      ...at,
    })),
    ...accessSteps(outcome),
    contentStep(content),
    ...requestFields.map((field) => fieldStep("request field", field)),
    ...responseFields.map((field) => fieldStep("response field", field)),
  ];
}

function serverStep({ server, by }: NginxOutcome): readonly AnswerStep[] {
  if (server === undefined) return [];
  const names = server.names.map(({ text }) => (text === "" ? '""' : text)).join(" ");
  const why = by === "default" ? "the default of its socket" : `by its ${by} name`;
  return [{ what: "server", detail: `${names}, ${why}`, ...positionOf(server.directive) }];
}

function accessSteps({ access }: NginxOutcome): readonly AnswerStep[] {
  const { rules, authBasic, authRequest, clientCertificate, limitRequests, limitConnections } =
    access;
  const directives = [...rules, authBasic, authRequest, clientCertificate];
  const limits = [...limitRequests, ...limitConnections, access.bodySize];
  return [...inForce("access in force", directives), ...inForce("limit in force", limits)];
}

function inForce(
  what: string,
  directives: readonly (NginxDirective | undefined)[],
): readonly AnswerStep[] {
  return directives.flatMap((directive) =>
    directive === undefined
      ? []
      : [{ what, detail: directiveText(directive), ...positionOf(directive) }],
  );
}

const NOWHERE = { file: "", line: 0, column: 0 } as const;

/** `line` is 0 and `file` empty where no directive decided. */
function contentStep(content: AnswerContent): AnswerStep {
  const at = content.kind === "none" ? NOWHERE : positionOf(content.at);
  return { what: "answer", detail: contentText(content), ...at };
}

/** What the client gets, in a few words. */
export function contentText(content: AnswerContent): string {
  switch (content.kind) {
    case "text":
      return `${content.status} with the text "${content.text.text}"`;
    case "redirect":
      return `${content.status} to ${content.target.text}`;
    case "pass": {
      const { targets, uri, status } = content;
      const places = targets.map(({ kind, host, port }) =>
        kind === "tcp" ? `${host}:${port}` : host,
      );
      const asked = uri === undefined ? "" : ` asked for ${uri.text}`;
      return `what ${[...new Set(places)].join(", ")} answers${asked}${status === undefined ? "" : `, as ${status}`}`;
    }
    case "files": {
      const { statusIfThere, status = statusIfThere, path, isListed } = content;
      const list = isListed ? ", or a list of its files" : "";
      return `${status === undefined ? "" : `${status} with `}the file ${path.text}${list}`;
    }
    case "error":
      return `${content.status} with nginx's own page`;
    case "closed":
      return "the connection is closed without an answer";
    case "module":
      return `what "${content.at.name}" makes`;
    case "none":
      return `cannot be told: ${content.because}`;
  }
}

function fieldStep(
  what: string,
  { name, value, action, isConditional, at }: AnswerField,
): AnswerStep {
  const when = isConditional ? " (if the status is 200, 201, 204, 206, 301-304, 307 or 308)" : "";
  const detail = action === "remove" ? `${name} is taken away` : `${name}: ${value.text}${when}`;
  return { what, detail, ...positionOf(at) };
}
