import { escapeUri } from "./answer-escape.ts";
import { passDirective } from "./answer-handler.ts";
import type { AnswerContent, AnswerField } from "./answer-outcome.ts";
import { note, type Run } from "./answer-run.ts";
import { type AnswerText, joinTexts, knownText, mapKnown, openText } from "./answer-text.ts";
import { resolve } from "./answer-variable.ts";
import { effectiveList } from "./inherit.ts";
import { parseLocation } from "./location.ts";
import { directiveText, type NginxDirective } from "./parse.ts";
import { PASS_DIRECTIVES, passTargets } from "./upstream.ts";

/**
 * What the handler of a location makes: a request to another server, or something of a module.
 * `undefined`: nothing in force says where requests go.
 */
export function handlerContent(run: Run, handler: NginxDirective): AnswerContent | undefined {
  const at = passDirective(run.path, handler.name);
  if (!PASS_DIRECTIVES.some((name) => name === handler.name)) {
    return { kind: "module", at: at ?? handler };
  }
  if (at === undefined) return undefined;
  const url = resolve(run, at.args[0]?.text ?? "");
  const targets = passTargets({
    directive: url.isKnown ? withUrl(at, url.text) : at,
    path: run.path,
  });
  note(run, handler.name, directiveText(at), at);
  const status = run.errorStatus ? { status: run.errorStatus } : {};
  if (handler.name !== "proxy_pass") return { kind: "pass", targets, at, ...status };
  run.variables.set("proxy_host", proxyHost(url));
  return { kind: "pass", targets, uri: upstreamUri(run, at, url), at, ...status };
}

function withUrl(directive: NginxDirective, url: string): NginxDirective {
  return { ...directive, args: directive.args.slice(0, 1).map((word) => ({ ...word, text: url })) };
}

/** Scheme, authority and the URI part, which begins at the first slash or question mark. */
const URL_PARTS = /^(https?:\/\/)(unix:[^:]*:?|[^/?]*)(.*)$/is;

function proxyHost(url: AnswerText): AnswerText {
  if (!url.isKnown) return openText("proxy_host", "the target is not known");
  const [, scheme = "", authority = ""] = URL_PARTS.exec(url.text) ?? [];
  if (authority.toLowerCase().startsWith("unix:")) return knownText("localhost");
  const defaultPort = scheme.toLowerCase() === "https://" ? ":443" : ":80";
  return knownText(
    authority.endsWith(defaultPort) ? authority.slice(0, -defaultPort.length) : authority,
  );
}

/**
 * The request target for the upstream server (`ngx_http_proxy_create_request`): with variables in
 * `proxy_pass` its URI part as it comes out; without a URI part the target as sent, as long as nothing
 * was rewritten; else the URI part in place of the location's path.
 */
function upstreamUri(run: Run, at: NginxDirective, url: AnswerText): AnswerText {
  const isComputed = at.args[0]?.text.includes("$") ?? false;
  if (isComputed && !url.isKnown) return openText("proxy_pass", "the target is not known");
  const part = URL_PARTS.exec(url.text)?.[3] ?? "";
  const own = part.startsWith("?") ? `/${part}` : part;
  if (isComputed && own !== "") return knownText(own);
  if (own === "" && run.isTargetValid) return knownText(run.request.target);
  return replacedPath(run, own);
}

/** After a rewrite with `break` the URI part is ignored, and the whole path sent. */
function replacedPath(run: Run, written: string): AnswerText {
  const own = run.isLocationValid ? written : "";
  const cut = own === "" ? 0 : locationLength(run);
  const isEscaped = run.isInternal || /%/.test(run.request.target.replace(/[?#].*$/s, ""));
  const rest = cutText(run.uri, cut);
  const path = isEscaped ? mapKnown(rest, escapeUri) : rest;
  const hasQuery = !run.args.isKnown || run.args.text !== "";
  return joinTexts([knownText(own), path, ...(hasQuery ? [knownText("?"), run.args] : [])]);
}

/** Length of the path a URI part replaces: 0 in a location with a pattern or a name. */
function locationLength(run: Run): number {
  const block = run.path.findLast(({ name }) => name === "location");
  const location = block === undefined ? undefined : parseLocation(block);
  if (location === undefined) return 0;
  const isPath = ["exact", "prefix", "prefix-no-regex"].includes(location.kind);
  return isPath ? location.value.length : 0;
}

function cutText(text: AnswerText, length: number): AnswerText {
  if (length === 0) return text;
  const [first, ...rest] = text.pieces;
  if (first?.kind !== "known" || first.text.length < length) {
    return openText("uri", "the path after rewriting is not known");
  }
  const known = knownText(first.text.slice(length));
  if (rest.length === 0) return known;
  return joinTexts([known, openText("uri", "the path after rewriting is not known")]);
}

const SET_HEADERS: Readonly<Record<string, readonly string[]>> = {
  proxy_pass: ["proxy_set_header"],
  grpc_pass: ["grpc_set_header"],
  fastcgi_pass: ["fastcgi_param"],
  uwsgi_pass: ["uwsgi_param"],
  scgi_pass: ["scgi_param"],
};

/** The fields (or parameters) nginx itself puts into the request for the upstream server. */
export function requestFields(run: Run, pass: NginxDirective): readonly AnswerField[] {
  const names = SET_HEADERS[pass.name] ?? [];
  const written = effectiveList(run.path, ...names).map((at): AnswerField => {
    const value = resolve(run, at.args[1]?.text ?? "");
    const isGone = value.isKnown && value.text === "" && names[0]?.endsWith("_header") === true;
    const action = isGone ? "remove" : "replace";
    return { name: at.args[0]?.text ?? "", value, action, isConditional: false, at };
  });
  if (pass.name !== "proxy_pass") return written;
  const defaults = [
    ["Host", "$proxy_host"],
    ["Connection", "close"],
  ] as const;
  const missing = defaults.filter(
    ([name]) => !written.some((one) => one.name.toLowerCase() === name.toLowerCase()),
  );
  return [
    ...missing.map(
      ([name, text]): AnswerField => ({
        name,
        value: resolve(run, text),
        action: "replace",
        isConditional: false,
        at: pass,
      }),
    ),
    ...written,
  ];
}
