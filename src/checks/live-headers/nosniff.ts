import { fieldValues } from "../../core/http-site.ts";
import { parseContentTypeOptions } from "../../parsers/http/x-content-type-options.ts";
import { fieldFixes } from "../live-site/server-fixes.ts";
import { isDocument, type SeenAnswer } from "./answers.ts";
import type { AnswerFault } from "./judge-answers.ts";

export const NOSNIFF_FIELD = "X-Content-Type-Options";

export const NOSNIFF_FIX = fieldFixes(NOSNIFF_FIELD, "nosniff", {
  django: "SECURE_CONTENT_TYPE_NOSNIFF = True in the settings, with SecurityMiddleware",
  express: "app.use(helmet())",
});

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
