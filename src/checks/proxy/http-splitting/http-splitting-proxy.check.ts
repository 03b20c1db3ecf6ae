import type { PlacedDirective } from "../../../parsers/nginx/inherit.ts";
import { directiveText, type NginxDirective } from "../../../parsers/nginx/parse.ts";
import { answersAll } from "../../nginx/content.ts";
import { compositionsOf } from "../../nginx/request-text.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { type NginxStatement, statementsNamed } from "../../nginx/statements.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyHttpSplitting } from "./http-splitting.control.ts";

/** Directives whose text becomes part of a header or request line, with the words that do. */
const WRITERS: Readonly<Record<string, (directive: NginxDirective) => readonly string[]>> = {
  return: redirectAddress,
  rewrite: rewriteAddress,
  add_header: headerValue,
  add_trailer: headerValue,
  more_set_headers: allWords,
  proxy_set_header: headerValue,
  proxy_pass: allWords,
};
const NEWLINE = 0x0a;

/** `$uri` is decoded, and nothing is encoded again where a variable is written out (ngx_http_script.c). */
export const httpSplitting: NginxRule = {
  slug: "http-splitting",
  status: "fail",
  find(model) {
    const inServers = statementsNamed(model, ...Object.keys(WRITERS)).flatMap((statement) =>
      isDead(statement) ? [] : hitsAt(statement, [statement.place.server]),
    );
    const inHttp = model.https.flatMap((path) =>
      (path.at(-1)?.block ?? [])
        .filter(({ name }) => name in WRITERS)
        .flatMap((directive) => hitsAt({ directive, path }, [])),
    );
    return [...inServers, ...inHttp];
  },
};

/** The server answers before what stands in a location is run. */
function isDead({ directive, place }: NginxStatement): boolean {
  const first = answersAll(place.server);
  return first !== undefined && first !== directive && place.location !== undefined;
}

/** The decoded path, with the query behind it where that follows. */
const DECODED_PATH = /\$(?:\{(?:document_)?uri\}|(?:document_)?uri\b)(?:\$is_args\$args)?/g;

function hitsAt(
  { directive, path }: PlacedDirective,
  servers: NginxHit["servers"],
): readonly NginxHit[] {
  const words = WRITERS[directive.name]?.(directive) ?? [];
  const part = words
    .filter((word) => word.includes("$"))
    .flatMap((word) => compositionsOf(word, path).flat())
    .find((one) => one.kind === "request" && one.content.bytes[NEWLINE] === 1);
  if (part?.kind !== "request") return [];
  const text = directiveText(directive);
  const mended = text.replaceAll(DECODED_PATH, (found) =>
    found.startsWith("${") ? "${request_uri}" : "$request_uri",
  );
  return [
    {
      at: directive,
      servers,
      message: `$${part.variable} is decoded and may hold a newline, which ends the ${directive.name === "proxy_pass" ? "request line" : "header"} here`,
      fix:
        mended === text
          ? "Let the pattern take no newline: [a-zA-Z0-9_-]+ instead of [^/]+"
          : `Write: ${mended}`,
      ...(mended !== text && { edits: replaceEdit(directive, mended) }),
    },
  ];
}

/** `return 301 URL`, `return URL`; the text of other statuses is a body. */
function redirectAddress({ args }: NginxDirective): readonly string[] {
  const [first = "", second] = args.map(({ text }) => text);
  if (second === undefined) return /^\d+$/.test(first) ? [] : [first];
  return /^30[12378]$/.test(first) ? [second] : [];
}

/** Of a `rewrite` that redirects. Its numbered captures are encoded (`ngx_http_script_copy_capture_code`). */
function rewriteAddress({ args }: NginxDirective): readonly string[] {
  const [, replacement = "", flag] = args.map(({ text }) => text);
  const isRedirect =
    flag === "redirect" || flag === "permanent" || /^(?:https?:\/\/|\$scheme)/.test(replacement);
  return isRedirect ? [replacement.replaceAll(/\$\d/g, "")] : [];
}

function headerValue({ args }: NginxDirective): readonly string[] {
  return args.slice(1, 2).map(({ text }) => text);
}

function allWords({ args }: NginxDirective): readonly string[] {
  return args.map(({ text }) => text);
}

export const proxyHttpSplittingProxy = proxyCheck({
  control: proxyHttpSplitting,
  reads:
    "return, rewrite, add_header, proxy_set_header and proxy_pass in every block of nginx, with set, map and captures followed to where they come from.",
  nginx: [httpSplitting],
  passes: "No decoded path gets into a header or a request line",
});
