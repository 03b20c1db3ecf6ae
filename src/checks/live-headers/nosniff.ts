import { fieldValues, type HttpExchange } from "../../core/http-site.ts";
import { parseContentTypeOptions } from "../../parsers/http/x-content-type-options.ts";
import { isDocument, type SeenAnswer } from "./answers.ts";
import type { AnswerFault } from "./judge-answers.ts";

export const NOSNIFF_FIELD = "X-Content-Type-Options";

export const NOSNIFF_FIX =
  "nginx: add_header X-Content-Type-Options nosniff always; in the server and in each location with an add_header of its own; Caddy: header X-Content-Type-Options nosniff; Apache: Header always set X-Content-Type-Options nosniff; Django: SECURE_CONTENT_TYPE_NOSNIFF = True with SecurityMiddleware; Express: app.use(helmet())";

/** As it is stated for the trace: a value that works, or none. */
export function nosniffValue(answer: Pick<HttpExchange, "fields">): string | undefined {
  const values = fieldValues(answer, "x-content-type-options");
  return parseContentTypeOptions(values).nosniff ? "nosniff" : undefined;
}

/** Documents must carry it; on assets and errors its lack weighs less. */
export function nosniffFaults(seen: SeenAnswer): readonly AnswerFault[] {
  const values = fieldValues(seen.answer, "x-content-type-options");
  const status = isDocument(seen) ? "fail" : "warn";
  if (values.length === 0) return [{ rule: "missing", status, what: `No ${NOSNIFF_FIELD}` }];
  const { nosniff, problems } = parseContentTypeOptions(values);
  if (nosniff) return [];
  const why = problems[0]?.message ?? "the header says nothing";
  return [{ rule: "invalid", status, what: `${NOSNIFF_FIELD} has no effect (${why})` }];
}
