import { fieldValues } from "../../core/http-site.ts";
import { parseContentTypeOptions } from "../../parsers/http/x-content-type-options.ts";
import { fieldFixes, type ServerFixes } from "../live-site/server-fixes.ts";
import { isDocument, type SeenAnswer } from "./answers.ts";
import type { AnswerFault } from "./judge-answers.ts";

export const NOSNIFF_FIELD = "X-Content-Type-Options";

export const NOSNIFF_FIX = fieldFixes(NOSNIFF_FIELD, "nosniff", {
  django: "SECURE_CONTENT_TYPE_NOSNIFF = True in the settings, with SecurityMiddleware",
  express: "app.use(helmet())",
});

/** Where an application serves its static files itself, they may pass no middleware. */
const ASSET_FIX: ServerFixes = {
  ...NOSNIFF_FIX,
  django:
    "serve static files by the proxy, with the field set there, or by WhiteNoise right after SecurityMiddleware: those of runserver pass no middleware",
  express: "app.use(helmet()) before express.static",
};

/** Documents must carry it; on assets and errors its lack weighs less. */
export function nosniffFaults(seen: SeenAnswer): readonly AnswerFault[] {
  const values = fieldValues(seen.answer, "x-content-type-options");
  const status = isDocument(seen) ? "fail" : "warn";
  if (values.length === 0) {
    const fix = seen.kind === "asset" ? ASSET_FIX : NOSNIFF_FIX;
    return [{ rule: "missing", status, what: `No ${NOSNIFF_FIELD}`, fix }];
  }
  const { nosniff, problems } = parseContentTypeOptions(values);
  if (nosniff) return [];
  const why = problems[0]?.message ?? "the header says nothing";
  return [{ rule: "invalid", status, what: `${NOSNIFF_FIELD} has no effect (${why})` }];
}
