import type { HaproxyLine } from "../../parsers/haproxy.ts";
import type { FieldChange, SiteAction } from "../proxy-site.ts";
import { setTo } from "../proxy-tls.ts";
import type { Effect } from "./effects.ts";
import { type Alternatives, wordsBefore } from "./haproxy-condition.ts";
import { wordAfter } from "./haproxy-lines.ts";
import type { RequestMatcher } from "./request-matcher.ts";
import { fieldValue } from "./secret-field.ts";

/** What a rule ends with, where it ends a request. */
export function finalAction(line: HaproxyLine): SiteAction | undefined {
  const words = wordsBefore(line);
  const [verb = ""] = words;
  if (line.keyword === "redirect") return redirect(words);
  if (line.keyword !== "http-request") return undefined;
  const status = Number(wordAfter(words, "deny_status") ?? wordAfter(words, "status") ?? 0);
  switch (verb) {
    case "redirect":
      return redirect(words.slice(1));
    case "deny":
      return { kind: "answer", status: status || 403 };
    case "tarpit":
      return { kind: "answer", status: status || 500 };
    case "reject":
    case "silent-drop":
      return { kind: "answer", status: 0 };
    case "return":
      return { kind: "answer", status: status || 200 };
    case "use-service":
      return words[1] === "prometheus-exporter"
        ? { kind: "own-page", page: "metrics" }
        : { kind: "unknown", why: `service ${words[1] ?? ""}` };
    default:
      return undefined;
  }
}

/** `scheme https`, `location URL`, `prefix URL`; without `code` it is 302 (manual, 4.2 "redirect"). */
function redirect(words: readonly string[]): SiteAction {
  const [kind = "", target = ""] = words;
  const code = Number(wordAfter(words, "code") ?? 302);
  const isScheme = kind === "scheme";
  const location = isScheme ? `${target}://%[hdr(host)]%[capture.req.uri]` : target;
  return {
    kind: "redirect",
    status: Number.isInteger(code) ? code : 302,
    location: location.slice(0, 400),
    isToHttps: isScheme ? target.toLowerCase() === "https" : /^https:\/\//i.test(target),
  };
}

const CREDENTIALS = /\bhttp_auth(?:_group)?\(/;
/** Counters of a stick table, as fetches read them (manual, 7.3.3 "sc_http_req_rate" and kin). */
export const COUNTER =
  /\b(?:sc\d?_|src_|table_)(?:(?:get_gpc|gpc\d?|http_req|http_err|http_fail|conn|sess|bytes_in|bytes_out|glitch)\w*_(?:rate|cnt|cur)|conn_cur|gpc\d?_rate|get_gpc\d?|http_req_rate|http_req_cnt)\b/;
const BODY =
  /\breq\.(?:body_size|body_len|hdr(?:_val)?\(content-length\))|\bhdr_val\(content-length\)/i;

/** What a rule of requests leaves behind for those it lets through. */
export function requestEffects(line: HaproxyLine, when: Alternatives): readonly Effect[] {
  const words = wordsBefore(line);
  const [verb = "", name = "", ...rest] = words;
  const changes = (change: FieldChange["change"], value?: string): readonly Effect[] =>
    when.map((matcher) => ({
      kind: "request",
      matcher,
      change: fieldChange(line, name, change, value),
    }));
  switch (verb) {
    case "set-header":
      return changes("set", rest.join(" "));
    case "add-header":
      return changes("add", rest.join(" "));
    case "del-header":
      return changes("remove");
    case "auth":
    case "deny":
    case "reject":
    case "silent-drop":
    case "tarpit":
      return refusalEffects(line, when);
    default:
      return [];
  }
}

/** Refusing some leaves the rest: those with a password, of some addresses, below a rate, with a small body. */
function refusalEffects(line: HaproxyLine, when: Alternatives): readonly Effect[] {
  const { file, line: number } = line;
  const at = { file, line: number };
  const all = line.args.map(({ text }) => text).join(" ");
  const isAuth = line.args[0]?.text === "auth";
  return when.flatMap((alternative): readonly Effect[] => {
    const { others, exceptAddresses } = alternative;
    const text = others.join(" ");
    const open = { ...alternative, others: [] as readonly string[], exceptAddresses: [] };
    if (others.every((one) => CREDENTIALS.test(one)) && (isAuth || others.length > 0))
      return [
        {
          kind: "restriction",
          matcher: open,
          restriction: { kind: "password", text: all.slice(0, 200), ...at },
        },
      ];
    if (COUNTER.test(text))
      return [
        {
          kind: "limit",
          matcher: open,
          limit: { key: text.slice(0, 200), isDryRun: false, ...at },
        },
      ];
    const size = bodyLimit(text);
    if (size !== undefined)
      return [{ kind: "body", matcher: open, max: setTo(size, text.slice(0, 200), at) }];
    if (others.length === 0 && exceptAddresses.length > 0)
      return [
        {
          kind: "restriction",
          matcher: open,
          restriction: { kind: "address", text: exceptAddresses.join(" "), ...at },
        },
      ];
    return [];
  });
}

/** Units of sizes (manual, 2.6 "size format"). */
const UNITS = new Map([
  ["k", 1_024],
  ["m", 1_048_576],
  ["g", 1_073_741_824],
]);

/** `{ req.body_size gt 1m }`, `{ req.hdr_val(content-length) gt 1048576 }`. */
function bodyLimit(text: string): number | undefined {
  if (!BODY.test(text)) return undefined;
  const found = /\bg[te]\s+(\d{1,15})([kmg]?)\b/i.exec(text);
  if (found === null) return undefined;
  return Number(found[1]) * (UNITS.get(found[2]?.toLowerCase() ?? "") ?? 1);
}

function fieldChange(
  { file, line }: HaproxyLine,
  name: string,
  change: FieldChange["change"],
  value?: string,
): FieldChange {
  const lower = name.toLowerCase();
  const text = value === undefined ? {} : fieldValue(lower, value);
  return { name: lower, change, ...text, scope: "always", file, line };
}

const RESPONSE_VERBS: ReadonlyMap<string, FieldChange["change"]> = new Map([
  ["set-header", "set"],
  ["add-header", "add"],
  ["del-header", "remove"],
]);

/** `http-response set-header ...` and `http-after-response ...`, under the conditions that can be told. */
export function responseEffects(line: HaproxyLine, when: Alternatives): readonly Effect[] {
  const [verb = "", name = "", ...rest] = wordsBefore(line);
  const change = RESPONSE_VERBS.get(verb);
  if (change === undefined) return [];
  const value = change === "remove" ? undefined : rest.join(" ");
  return when.map((matcher: RequestMatcher) => ({
    kind: "response",
    matcher,
    change: fieldChange(line, name, change, value),
  }));
}
