import type { AnswerContent, AnswerField } from "./answer-outcome.ts";
import type { Run } from "./answer-run.ts";
import { knownText, openText } from "./answer-text.ts";
import { resolve } from "./answer-variable.ts";
import { effectiveList, effectiveScalar } from "./inherit.ts";
import type { NginxDirective } from "./parse.ts";

/** Statuses `add_header` without `always`, and `expires`, count for (`ngx_http_headers_filter`). */
export const HEADER_STATUSES: ReadonlySet<number> = new Set([
  200, 201, 204, 206, 301, 302, 303, 304, 307, 308,
]);

/** The status of an answer; `undefined` where another server or the disk decides it. */
export function contentStatus(content: AnswerContent): number | undefined {
  return "status" in content ? content.status : undefined;
}

/** Fields nginx itself sets or takes away in the answer. */
export function responseFields(run: Run, content: AnswerContent): readonly AnswerField[] {
  if (content.kind === "closed" || content.kind === "none") return [];
  const status = contentStatus(content);
  run.variables.set(
    "status",
    status === undefined
      ? openText("status", "who makes the answer decides it")
      : knownText(String(status)),
  );
  if (status === undefined || content.kind === "pass") {
    const because = "who makes the answer decides it";
    run.variables.set("sent_http_location", openText("sent_http_location", because));
  }
  return [
    ...hiddenFields(run, content),
    ...expiresFields(run, status),
    ...addedFields(run, status),
    ...moreFields(run, status),
  ];
}

const HIDERS: Readonly<Record<string, string>> = {
  proxy_pass: "proxy_hide_header",
  fastcgi_pass: "fastcgi_hide_header",
  uwsgi_pass: "uwsgi_hide_header",
  scgi_pass: "scgi_hide_header",
  grpc_pass: "grpc_hide_header",
};

function hiddenFields(run: Run, content: AnswerContent): readonly AnswerField[] {
  const name = content.kind === "pass" ? HIDERS[content.at.name] : undefined;
  if (name === undefined) return [];
  return effectiveList(run.path, name).map((at) => ({
    name: at.args[0]?.text ?? "",
    value: knownText(""),
    action: "remove",
    isConditional: false,
    at,
  }));
}

/** Whether a field that depends on the status is sent; `undefined`: the status is not known. */
function isSent(status: number | undefined, isAlways: boolean): boolean | undefined {
  if (isAlways) return true;
  return status === undefined ? undefined : HEADER_STATUSES.has(status);
}

function addedFields(run: Run, status: number | undefined): readonly AnswerField[] {
  return effectiveList(run.path, "add_header").flatMap((at): readonly AnswerField[] => {
    const [name, value, always] = at.args.map(({ text }) => text);
    const sent = isSent(status, always === "always");
    if (sent === false || name === undefined) return [];
    const text = resolve(run, value ?? "");
    // An empty value is nginx's way to say: no field.
    if (text.isKnown && text.text === "") return [];
    const action = /^(?:last-modified|etag)$/i.test(name) ? "replace" : "add";
    return [{ name, value: text, action, isConditional: sent === undefined, at }];
  });
}

function expiresFields(run: Run, status: number | undefined): readonly AnswerField[] {
  const at = effectiveScalar(run.path, "expires");
  const sent = isSent(status, false);
  if (at === undefined || at.args[0]?.text === "off" || sent === false) return [];
  const isConditional = sent === undefined;
  const expires = openText("expires", "the clock decides it");
  const control = cacheControl(at.args.map(({ text }) => text));
  return [
    { name: "Expires", value: expires, action: "replace", isConditional, at },
    { name: "Cache-Control", value: control, action: "replace", isConditional, at },
  ];
}

function cacheControl(words: readonly string[]): ReturnType<typeof knownText> {
  const [first = "", second] = words;
  if (first === "epoch") return knownText("no-cache");
  if (first === "max") return knownText("max-age=315360000");
  const seconds = second === undefined ? durationSeconds(first) : undefined;
  if (seconds === undefined) return openText("cache_control", "the time is computed");
  return knownText(seconds < 0 ? "no-cache" : `max-age=${seconds}`);
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  "": 1,
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
  M: 2_592_000,
  y: 31_536_000,
};

/** `7d`, `1h30m`, `-1`, `3600` (`ngx_parse_time`). */
function durationSeconds(text: string): number | undefined {
  const found = /^([+-]?)((?:\d{1,9}[smhdwMy]?)+)$/.exec(text);
  if (found === null) return undefined;
  const parts = [...(found[2] ?? "").matchAll(/(\d+)([smhdwMy]?)/g)];
  const seconds = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNIT_SECONDS[unit ?? ""] ?? 1),
    0,
  );
  return found[1] === "-" ? -seconds : seconds;
}

/** The headers-more module: `more_set_headers [-t types] [-s statuses] 'Name: value' ...`. */
function moreFields(run: Run, status: number | undefined): readonly AnswerField[] {
  return effectiveList(run.path, "more_set_headers", "more_clear_headers").flatMap((at) => {
    const { statuses, hasTypes, fields } = moreArguments(at);
    if (status !== undefined && statuses.length > 0 && !statuses.includes(status)) return [];
    const isConditional = hasTypes || (status === undefined && statuses.length > 0);
    return fields.map((field) => moreField(run, field, isConditional, at));
  });
}

function moreField(
  run: Run,
  field: string,
  isConditional: boolean,
  at: NginxDirective,
): AnswerField {
  const colon = field.indexOf(":");
  const name = (colon === -1 ? field : field.slice(0, colon)).trim();
  const written = colon === -1 ? "" : field.slice(colon + 1).trim();
  const isRemoved = at.name === "more_clear_headers" || written === "";
  const value = isRemoved ? knownText("") : resolve(run, written);
  return { name, value, action: isRemoved ? "remove" : "replace", isConditional, at };
}

function moreArguments({ args }: NginxDirective): {
  readonly statuses: readonly number[];
  readonly hasTypes: boolean;
  readonly fields: readonly string[];
} {
  const statuses: number[] = [];
  const fields: string[] = [];
  let hasTypes = false;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at]?.text ?? "";
    const next = args[at + 1]?.text ?? "";
    if (word === "-s") statuses.push(...next.split(/\s+/).map(Number));
    else if (word === "-t") hasTypes = true;
    else if (word !== "-a") {
      fields.push(word);
      continue;
    } else continue;
    at += 1;
  }
  return { statuses, hasTypes, fields };
}
