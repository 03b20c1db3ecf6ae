import { type BlockPath, effectiveList, effectiveScalar } from "../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../parsers/nginx/parse.ts";

/** A field that nginx puts into the answers of a place. */
export interface HeaderSetting {
  /** Lower case. */
  readonly field: string;
  /** As written, with its variables. */
  readonly value: string;
  /** Also on errors: `add_header` without `always` knows ten statuses only (`ngx_http_headers_filter`). */
  readonly isAlways: boolean;
  /** Only for some statuses or types (`more_set_headers -s`, `-t`). */
  readonly isPartial: boolean;
  readonly at: NginxDirective;
}

/** What nginx does to the fields of the answers of one place, inheritance included. */
export interface PlaceHeaders {
  readonly settings: readonly HeaderSetting[];
  /** A script that may set any field; what it does is not read. */
  readonly script?: NginxDirective;
}

const known = new WeakMap<BlockPath, PlaceHeaders>();

/** The fields nginx sets in the innermost block of `path`, in the order they are sent. */
export function headersAt(path: BlockPath): PlaceHeaders {
  const headers = known.get(path) ?? readHeaders(path);
  known.set(path, headers);
  return headers;
}

function readHeaders(path: BlockPath): PlaceHeaders {
  const script = effectiveScalar(path, ...SCRIPTS);
  return {
    settings: [
      ...effectiveList(path, "add_header").flatMap(addedBy),
      ...effectiveList(path, "more_set_headers").flatMap(moreSetBy),
    ],
    ...(script !== undefined && { script }),
  };
}

const SCRIPTS = [
  "header_filter_by_lua",
  "header_filter_by_lua_block",
  "header_filter_by_lua_file",
  "js_header_filter",
] as const;

function addedBy(at: NginxDirective): readonly HeaderSetting[] {
  const [name, value, flag] = at.args.map(({ text }) => text);
  // nginx sends no field with an empty value.
  if (name === undefined || value === undefined || value === "") return [];
  const isAlways = flag === "always";
  return [{ field: name.toLowerCase(), value, isAlways, isPartial: false, at }];
}

/** `more_set_headers [-t types] [-s statuses] 'Name: value' ...` (headers-more module): every status. */
function moreSetBy(at: NginxDirective): readonly HeaderSetting[] {
  const words = at.args.map(({ text }) => text);
  const isPartial = words.some((word) => word === "-s" || word === "-t");
  return words.flatMap((word): readonly HeaderSetting[] => {
    const found = /^([^\s:]+)\s*:\s*(.*?)\s*$/s.exec(word);
    const [, name = "", value = ""] = found ?? [];
    if (name === "" || value === "") return [];
    return [{ field: name.toLowerCase(), value, isAlways: true, isPartial, at }];
  });
}

/** Directives that keep a field of the application from the client, by the directive that hands on. */
const HIDING: Readonly<Record<string, string>> = {
  proxy_pass: "proxy",
  fastcgi_pass: "fastcgi",
  uwsgi_pass: "uwsgi",
  scgi_pass: "scgi",
  grpc_pass: "grpc",
};

/** The directive that takes the application's field out of the answers of a place handing on by `pass`. */
export function hiddenBy(path: BlockPath, pass: string, field: string): NginxDirective | undefined {
  const kind = HIDING[pass];
  if (kind === undefined) return undefined;
  const names = (directive: NginxDirective): boolean =>
    directive.args.some(({ text }) => text.toLowerCase() === field);
  const isPassed = effectiveList(path, `${kind}_pass_header`).some(names);
  const hidden = effectiveList(path, `${kind}_hide_header`).find(names);
  const cleared = effectiveList(path, "more_clear_headers").find(names);
  return isPassed ? cleared : (hidden ?? cleared);
}

/** The directive that lets a field through which nginx would replace by its own (`proxy_pass_header Server`). */
export function passedBy(path: BlockPath, pass: string, field: string): NginxDirective | undefined {
  const kind = HIDING[pass];
  if (kind === undefined) return undefined;
  return effectiveList(path, `${kind}_pass_header`).find(({ args }) =>
    args.some(({ text }) => text.toLowerCase() === field),
  );
}

/** The directive of a setting as a statement that sets another value. */
export function withValue({ at, value }: HeaderSetting, better: string): string {
  const words = at.args.map(({ text }, place) => {
    const isValue = at.name === "add_header" ? place === 1 : text.trimEnd().endsWith(value);
    return wordFor(isValue ? text.replace(value, () => better) : text);
  });
  return `${at.name} ${words.join(" ")};`;
}

/** A word as nginx reads it back, quoted where it has to be. */
export function wordFor(text: string): string {
  if (/^[\w$./:=@*+%&!?,^~|<>-]+$/.test(text)) return text;
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
