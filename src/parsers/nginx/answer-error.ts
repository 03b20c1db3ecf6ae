import type { AnswerContent } from "./answer-outcome.ts";
import { note, type Run } from "./answer-run.ts";
import { type AnswerText, joinTexts, knownText } from "./answer-text.ts";
import { resolve } from "./answer-variable.ts";
import { effectiveList, effectiveScalar } from "./inherit.ts";
import { namedLocation } from "./location.ts";
import type { NginxDirective } from "./parse.ts";

/** Where the request goes on: through the server's rewrites, to a location, or into the one chosen. */
export type Next =
  | { readonly kind: "enter"; readonly phase: "server" | "find" | "location" }
  | { readonly kind: "done"; readonly content: AnswerContent };

const STATUS_CLOSED = 444;
/** nginx ends the connection instead of sending these (`ngx_http_finalize_request`). */
const CLOSING: ReadonlySet<number> = new Set([408, STATUS_CLOSED, 499]);
const STATUS_SERVER_ERROR = 500;
const STATUS_FOUND = 302;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** The request ends with a status nginx has a page for (`ngx_http_special_response_handler`). */
export function endWith(run: Run, status: number, at: NginxDirective): Next {
  if (CLOSING.has(status)) return { kind: "done", content: { kind: "closed", at } };
  run.errorStatus = status;
  const pages = effectiveList(run.path, "error_page");
  if (!run.isErrorPage && pages.length > 0 && run.changesLeft > 0) {
    run.isErrorPage = effectiveScalar(run.path, "recursive_error_pages")?.args[0]?.text !== "on";
    const page = pages.find((directive) => errorCodes(directive).includes(status));
    if (page !== undefined) return followErrorPage(run, page);
  }
  return { kind: "done", content: ownPage(run, status, at) };
}

function ownPage(run: Run, status: number, at: NginxDirective): AnswerContent {
  if (REDIRECTS.has(status)) return redirectContent(run, status, at);
  return { kind: "error", status: status >= 494 && status <= 497 ? 400 : status, at };
}

function redirectContent(run: Run, status: number, at: NginxDirective): AnswerContent {
  const target = clientLocation(run, run.location ?? knownText(""));
  return { kind: "redirect", status, target, at };
}

function errorCodes({ args }: NginxDirective): readonly number[] {
  return args.slice(0, -1).flatMap(({ text }) => (/^\d{3}$/.test(text) ? [Number(text)] : []));
}

function followErrorPage(run: Run, page: NginxDirective): Next {
  const overwrite = page.args.at(-2)?.text ?? "";
  const replaced = overwrite.startsWith("=") ? Number(overwrite.slice(1)) : undefined;
  if (replaced !== undefined) run.errorStatus = replaced;
  const uri = resolve(run, page.args.at(-1)?.text ?? "");
  note(run, "error_page", `"${uri.text}"`, page);
  if (uri.text.startsWith("/")) {
    if (run.method !== "HEAD") run.method = "GET";
    return redirectInside(run, uri, page);
  }
  if (uri.text.startsWith("@")) return goToNamed(run, uri.text, page);
  const status = replaced !== undefined && REDIRECTS.has(replaced) ? replaced : STATUS_FOUND;
  run.errorStatus = status;
  run.location = uri;
  return { kind: "done", content: redirectContent(run, status, page) };
}

/** `ngx_http_internal_redirect` to a URI with or without a query; the query it had is gone. */
export function redirectInside(run: Run, target: AnswerText, at: NginxDirective): Next {
  const { uri, args } = splitQuery(target);
  run.changesLeft -= 1;
  if (run.changesLeft <= 0) return endWith(run, STATUS_SERVER_ERROR, at);
  run.uri = uri;
  run.args = args;
  run.path = run.server.path;
  run.handler = undefined;
  run.isInternal = true;
  run.isTargetValid = false;
  run.isLocationValid = true;
  run.addsUriToAlias = false;
  return { kind: "enter", phase: "server" };
}

function splitQuery(target: AnswerText): { readonly uri: AnswerText; readonly args: AnswerText } {
  const at = target.pieces.findIndex((piece) => piece.kind === "known" && piece.text.includes("?"));
  const piece = target.pieces[at];
  if (piece?.kind !== "known") return { uri: target, args: knownText("") };
  const question = piece.text.indexOf("?");
  const texts = target.pieces.map((one) =>
    one.kind === "known"
      ? knownText(one.text)
      : { text: `$${one.name}`, isKnown: false, pieces: [one] },
  );
  return {
    uri: joinTexts([...texts.slice(0, at), knownText(piece.text.slice(0, question))]),
    args: joinTexts([knownText(piece.text.slice(question + 1)), ...texts.slice(at + 1)]),
  };
}

/** `ngx_http_named_location`. */
export function goToNamed(run: Run, name: string, at: NginxDirective): Next {
  run.changesLeft -= 1;
  const path = namedLocation(run.server, name);
  if (run.changesLeft <= 0 || path === undefined) return endWith(run, STATUS_SERVER_ERROR, at);
  run.path = path;
  run.handler = undefined;
  run.isInternal = true;
  run.isUriChanged = false;
  note(run, "named location", name, path.at(-1) ?? at);
  return { kind: "enter", phase: "location" };
}

const DEFAULT_PORTS = { http: 80, https: 443 } as const;

/** `Location` as the client gets it: a path is completed unless `absolute_redirect` is off. */
function clientLocation(run: Run, target: AnswerText): AnswerText {
  const isOff = (name: string): boolean => effectiveScalar(run.path, name)?.args[0]?.text === "off";
  if (!target.text.startsWith("/") || isOff("absolute_redirect")) return target;
  const { scheme, port } = run.request;
  const usesName = effectiveScalar(run.path, "server_name_in_redirect")?.args[0]?.text === "on";
  const host = resolve(run, usesName ? "$server_name" : "$host");
  const hasPort = port !== DEFAULT_PORTS[scheme] && !isOff("port_in_redirect");
  return joinTexts([knownText(`${scheme}://`), host, knownText(hasPort ? `:${port}` : ""), target]);
}
