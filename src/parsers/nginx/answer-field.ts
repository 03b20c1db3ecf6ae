import type { NginxRequest } from "./answer-run.ts";
import { type AnswerText, knownText, openText } from "./answer-text.ts";

/** `$http_...`, `$cookie_...`, `$content_type` and their like; `undefined` for other names. */
export function fieldVariable(
  request: Pick<NginxRequest, "fields" | "host">,
  name: string,
): AnswerText | undefined {
  if (name === "http_host") return knownText(request.host);
  if (name.startsWith("http_")) return field(request, name, name.slice("http_".length));
  if (name.startsWith("cookie_")) return cookie(request, name, name.slice("cookie_".length));
  if (name === "content_type" || name === "content_length") return field(request, name, name);
  if (name === "remote_user") {
    const authorization = field(request, name, "authorization");
    return authorization.isKnown && authorization.text === ""
      ? authorization
      : openText(name, "the Authorization field decides it");
  }
  return undefined;
}

/** Values of a field by its name as variables have it: lower case, `_` for `-`; `undefined`: not known. */
function fieldValues(
  { fields }: Pick<NginxRequest, "fields">,
  wanted: string,
): readonly string[] | undefined {
  return fields
    ?.filter(([name]) => isAccepted(name) && name.toLowerCase().replaceAll("-", "_") === wanted)
    .map(([, value]) => value.trim());
}

/** nginx leaves out fields whose name holds `_` or worse (`underscores_in_headers`, `ignore_invalid_headers`). */
function isAccepted(name: string): boolean {
  return /^[A-Za-z0-9-]+$/.test(name);
}

/** Fields nginx joins before 1.23 already, each by its separator. */
const JOINED: Readonly<Record<string, string>> = { x_forwarded_for: ", ", cookie: "; " };

function field(
  request: Pick<NginxRequest, "fields">,
  variable: string,
  wanted: string,
): AnswerText {
  const values = fieldValues(request, wanted.toLowerCase());
  if (values === undefined) return openText(variable, "the fields of the request are not known");
  const [first = "", ...more] = values;
  if (more.length === 0) return knownText(first);
  const separator = JOINED[wanted];
  return separator === undefined
    ? openText(variable, "the field comes more than once, which nginx reads differently since 1.23")
    : knownText(values.join(separator));
}

/** `ngx_http_parse_multi_header_lines`: names in any case, values up to `;`. */
function cookie(
  request: Pick<NginxRequest, "fields">,
  variable: string,
  wanted: string,
): AnswerText {
  const values = fieldValues(request, "cookie");
  if (values === undefined) return openText(variable, "the cookies of the request are not known");
  for (const value of values) {
    for (const pair of value.split(/[;,] */)) {
      const equals = pair.indexOf("=");
      if (equals === -1 || pair.slice(0, equals).trim().toLowerCase() !== wanted.toLowerCase()) {
        continue;
      }
      return knownText(pair.slice(equals + 1).replace(/^ +/, ""));
    }
  }
  return knownText("");
}
