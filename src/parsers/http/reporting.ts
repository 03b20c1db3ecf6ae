import { asJsonObject } from "../../core/json-object.ts";
import {
  boundedFields,
  type FieldProblem,
  type FieldSpan,
  type ProblemList,
  problemList,
  quoted,
} from "./field.ts";
import { parseSfDictionary } from "./structured-field.ts";

/** Where reports of one name go. */
export interface ReportingEndpoint extends FieldSpan {
  /** Endpoint name of Reporting-Endpoints, or group of Report-To. */
  readonly name: string;
  /** As written; relative ones are read against the page. */
  readonly urls: readonly string[];
  /** Report-To only: seconds the group is kept; 0 removes it. */
  readonly maxAgeSeconds?: number;
}

export interface ReportingHeader {
  readonly endpoints: readonly ReportingEndpoint[];
  readonly problems: readonly FieldProblem[];
}

/** Reporting-Endpoints: W3C Reporting API (working draft, 2025) section 3.3, a dictionary of strings. */
export function parseReportingEndpoints(values: readonly string[]): ReportingHeader {
  const problems = problemList();
  const fields = boundedFields(values, problems);
  const result = parseSfDictionary(fields.map(({ text }) => text));
  if (!result.ok) {
    const { rule, message, ...span } = result.problem;
    problems.add(rule, `${message}, browsers ignore the whole header`, span);
    return { endpoints: [], problems: problems.all };
  }
  const endpoints = result.value.flatMap(({ key, value, field, offset, length }) => {
    const span = { field, offset, length };
    if (value.kind === "item" && value.value.type === "string")
      return [{ name: key, urls: [value.value.value], ...span }];
    problems.add("not-a-string", `the endpoint ${quoted(key)} has no URL in double quotes`, span);
    return [];
  });
  return { endpoints, problems: problems.all };
}

/** Report-To, the older form that Network Error Logging still needs: Reporting API of 2018, JSON objects by comma. */
export function parseReportTo(values: readonly string[]): ReportingHeader {
  const problems = problemList();
  const endpoints = boundedFields(values, problems).flatMap((field) => {
    const list = parseJson(`[${field.text}]`);
    if (Array.isArray(list)) return list.flatMap((entry) => readGroup(entry, field, problems));
    problems.add("no-json", "the value is no list of JSON objects", field);
    return [];
  });
  return { endpoints, problems: problems.all };
}

function readGroup(
  entry: unknown,
  { field, offset, length }: FieldSpan,
  problems: ProblemList,
): readonly ReportingEndpoint[] {
  const span = { field, offset, length };
  const group = asJsonObject(entry);
  const name = group?.["group"] ?? "default";
  const maxAge = group?.["max_age"];
  const list = group?.["endpoints"];
  const urls = Array.isArray(list)
    ? list.flatMap((endpoint) => {
        const url = asJsonObject(endpoint)?.["url"];
        return typeof url === "string" ? [url] : [];
      })
    : [];
  const isValid =
    typeof name === "string" && typeof maxAge === "number" && maxAge >= 0 && Array.isArray(list);
  if (!isValid) {
    problems.add("malformed-group", "a group lacks max_age or endpoints and is ignored", span);
    return [];
  }
  return [{ name, urls, maxAgeSeconds: maxAge, ...span }];
}

/** Network Error Logging policy: W3C NEL (working draft, 2023) section 4.1. */
export interface NelHeader {
  readonly reportTo?: string;
  readonly maxAgeSeconds?: number;
  readonly includeSubdomains: boolean;
  readonly problems: readonly FieldProblem[];
}

export function parseNel(values: readonly string[]): NelHeader {
  const problems = problemList();
  const [first] = boundedFields(values, problems);
  if (first === undefined) return { includeSubdomains: false, problems: problems.all };
  const policy = asJsonObject(parseJson(first.text));
  const maxAge = policy?.["max_age"];
  const reportTo = policy?.["report_to"];
  if (policy === undefined) problems.add("no-json", "the value is no JSON object", first);
  else if (typeof maxAge !== "number" || maxAge < 0)
    problems.add("bad-max-age", "max_age is no number of seconds", first);
  else if (typeof reportTo !== "string" && maxAge > 0)
    problems.add("no-group", "report_to names no group", first);
  return {
    ...(typeof reportTo === "string" ? { reportTo } : {}),
    ...(typeof maxAge === "number" && maxAge >= 0 ? { maxAgeSeconds: maxAge } : {}),
    includeSubdomains: policy?.["include_subdomains"] === true,
    problems: problems.all,
  };
}

/** `undefined` for text that is no JSON; the length is bounded by the field's. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // JSON.parse has no other way to say that the text is no JSON, or nested too deep.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}
