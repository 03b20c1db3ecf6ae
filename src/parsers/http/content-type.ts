import {
  boundedFields,
  type FieldPiece,
  type FieldProblem,
  problemList,
  quoted,
  splitPiece,
} from "./field.ts";
import { parseParameter } from "./parameter.ts";

/** A media type as browsers read it: MIME Sniffing standard section 4.4 and Fetch standard section 2.2.2 (2026). */
export interface MediaType {
  /** In lower case: `text/html`. */
  readonly essence: string;
  /** Of the first `charset` parameter, in lower case; browsers take it over a meta element. */
  readonly charset?: string;
}

export interface ContentTypeHeader {
  /** Absent where the header is missing or holds no valid type; browsers then sniff or treat it as unknown. */
  readonly mediaType?: MediaType;
  readonly problems: readonly FieldProblem[];
}

const ESSENCE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+\/[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Content-Type: of several values the last valid one counts, but a wildcard; the charset of an equal type stays. */
export function parseContentType(values: readonly string[]): ContentTypeHeader {
  const problems = problemList();
  const pieces = boundedFields(values, problems).flatMap((field) => splitPiece(field, ","));
  let mediaType: MediaType | undefined;
  for (const piece of pieces) {
    const next = readType(piece);
    if (next === undefined) {
      problems.add("invalid", `${quoted(piece.text)} is no media type`, piece);
      continue;
    }
    if (next.essence === "*/*") continue;
    const charset =
      next.charset ?? (mediaType?.essence === next.essence ? mediaType.charset : undefined);
    mediaType = { essence: next.essence, ...(charset === undefined ? {} : { charset }) };
  }
  const [, second] = pieces;
  if (second !== undefined)
    problems.add("repeated", "several types are sent, the last valid one counts", second);
  return { ...(mediaType === undefined ? {} : { mediaType }), problems: problems.all };
}

function readType(piece: FieldPiece): MediaType | undefined {
  const [first, ...rest] = splitPiece(piece, ";");
  if (first === undefined || !ESSENCE.test(first.text)) return undefined;
  for (const part of rest) {
    const parameter = parseParameter(part);
    // A blank before or after the equals sign makes it another name or value for browsers.
    if ("malformed" in parameter || !/^[^\s=]+=[^\s]/.test(part.text)) continue;
    if (parameter.name === "charset" && parameter.value !== undefined && parameter.value !== "")
      return { essence: first.text.toLowerCase(), charset: parameter.value.toLowerCase() };
  }
  return { essence: first.text.toLowerCase() };
}

/** HTML or XHTML, which browsers render as a page. */
export function isHtmlType({ essence }: MediaType): boolean {
  return essence === "text/html" || essence === "application/xhtml+xml";
}

const SCRIPT_TYPES: ReadonlySet<string> = new Set([
  "application/ecmascript",
  "application/javascript",
  "application/x-ecmascript",
  "application/x-javascript",
  "text/ecmascript",
  "text/javascript",
  "text/javascript1.0",
  "text/javascript1.1",
  "text/javascript1.2",
  "text/javascript1.3",
  "text/javascript1.4",
  "text/javascript1.5",
  "text/jscript",
  "text/livescript",
  "text/x-ecmascript",
  "text/x-javascript",
]);

/** A JavaScript type (MIME Sniffing standard section 4.6); with nosniff browsers run nothing else as script. */
export function isScriptType({ essence }: MediaType): boolean {
  return SCRIPT_TYPES.has(essence);
}
