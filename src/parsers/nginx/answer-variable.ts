import { fieldVariable } from "./answer-field.ts";
import { captureText } from "./answer-pattern.ts";
import { diskPath, isLost, rootInForce } from "./answer-root.ts";
import type { Run } from "./answer-run.ts";
import { siteVariables } from "./answer-site.ts";
import { tableValue } from "./answer-table.ts";
import { type AnswerText, joinTexts, knownText, mapKnown, openText } from "./answer-text.ts";
import { effectiveScalar } from "./inherit.ts";
import { splitText } from "./variable.ts";

/** What a text with variables becomes at this point of the request. `capture` changes what `$1` gives. */
export function resolve(
  run: Run,
  text: string,
  capture: (taken: string) => string = (taken) => taken,
): AnswerText {
  return joinTexts(
    splitText(text).map((part) => {
      if (part.kind === "literal") return knownText(part.text);
      return /^[1-9]$/.test(part.text)
        ? mapKnown(captureText(run, part.text), capture)
        : variableValue(run, part.text);
    }),
  );
}

/**
 * As `resolve`, where nginx takes what was worked out before (`flushed` of `ngx_http_index_handler`): after an
 * internal redirect `$arg_a` may still be that of the first query.
 */
export function resolveKept(run: Run, text: string): AnswerText {
  return joinTexts(
    splitText(text).map((part) =>
      part.kind === "literal"
        ? knownText(part.text)
        : (run.lastValues.get(part.text) ?? resolve(run, `\${${part.text}}`)),
    ),
  );
}

/** Variables looked up for one request, each time counted; what comes after is open. */
export const VARIABLE_DEPTH_MAX = 32;

/** The value of a variable now. What was set, captured or looked up in a `map` before keeps its value. */
export function variableValue(run: Run, name: string): AnswerText {
  const set = run.variables.get(name);
  if (set !== undefined) return set;
  const site = siteVariables(run.server.path);
  const table = site.tables.get(name);
  if (table !== undefined) return lookUp(run, name, () => tableValue(run, name, table, resolve));
  const foreign = site.foreign.get(name);
  if (foreign !== undefined) return openText(name, `"${foreign.name}" sets it`);
  if (site.assigned.has(name)) return knownText("");
  const value = builtIn(run, name);
  run.lastValues.set(name, value);
  return value;
}

function lookUp(run: Run, name: string, evaluate: () => AnswerText): AnswerText {
  if (run.evaluating.has(name) || run.evaluating.size >= VARIABLE_DEPTH_MAX) {
    return openText(name, "it is defined by itself, or by too many others");
  }
  run.evaluating.add(name);
  const value = evaluate();
  run.evaluating.delete(name);
  return value;
}

function builtIn(run: Run, name: string): AnswerText {
  const own = BUILT_IN[name];
  if (own !== undefined) return own(run);
  if (/^arg_./.test(name)) return argument(run, name.slice("arg_".length));
  if (name.startsWith("ssl_")) {
    return run.request.scheme === "http" ? knownText("") : openText(name, "TLS decides it");
  }
  if (name === "sent_http_location") return run.location ?? knownText("");
  return fieldVariable(run.request, name) ?? openText(name, "it differs from request to request");
}

const BUILT_IN: Readonly<Record<string, (run: Run) => AnswerText>> = {
  host: ({ request, server }) =>
    knownText(hostOf(request.host) || primaryName(server.names[0]?.text)),
  server_name: ({ server }) => knownText(primaryName(server.names[0]?.text)),
  request_uri: ({ request }) => knownText(request.target),
  scheme: ({ request }) => knownText(request.scheme),
  https: ({ request }) => knownText(request.scheme === "https" ? "on" : ""),
  request_method: ({ method }) => knownText(method),
  server_port: ({ request }) => knownText(String(request.port)),
  server_addr: ({ request }) =>
    request.address === undefined || request.address === "*" || request.address === "[::]"
      ? openText("server_addr", "the address connected to is not known")
      : knownText(request.address.replace(/^\[(.*)\]$/, "$1")),
  uri: ({ uri }) => uri,
  document_uri: ({ uri }) => uri,
  args: ({ args }) => args,
  query_string: ({ args }) => args,
  is_args: ({ args }) => questionMark(args),
  remote_addr: remoteAddress,
  realip_remote_addr: ({ request }) => clientText("realip_remote_addr", request.client),
  document_root: (run) => documentRoot(run),
  request_filename: (run) => requestFilename(run),
  proxy_add_x_forwarded_for: forwardedFor,
  invalid_referer: () => openText("invalid_referer", "the Referer field decides it", ["", "1"]),
};

function questionMark(args: AnswerText): AnswerText {
  if (args.isKnown) return knownText(args.text === "" ? "" : "?");
  const isFilled = args.pieces.some((piece) => piece.kind === "known" && piece.text !== "");
  return isFilled ? knownText("?") : openText("is_args", "the query is not known", ["", "?"]);
}

/** `$host`: lower case, without port (`ngx_http_validate_host`). */
function hostOf(host: string): string {
  const lower = host.toLowerCase();
  const end = lower.startsWith("[") ? lower.indexOf("]") + 1 : lower.indexOf(":");
  const name = end > 0 ? lower.slice(0, end) : lower;
  return name.endsWith(".") ? name.slice(0, -1) : name;
}

/** `$server_name`: the first name, without the dot of `.example.com`. */
function primaryName(first: string | undefined): string {
  const name = first ?? "";
  if (name.startsWith("~")) return name;
  const lower = name.toLowerCase();
  return lower.startsWith(".") ? lower.slice(1) : lower;
}

function clientText(name: string, client: string | undefined): AnswerText {
  return client === undefined
    ? openText(name, "the client's address is not known")
    : knownText(client);
}

function remoteAddress(run: Run): AnswerText {
  return effectiveScalar(run.server.path, "set_real_ip_from") === undefined
    ? clientText("remote_addr", run.request.client)
    : openText("remote_addr", '"set_real_ip_from" may take it from a field');
}

/** The client's own list, then the address it came from (`ngx_http_proxy_add_x_forwarded_for_variable`). */
function forwardedFor(run: Run): AnswerText {
  const before = fieldVariable(run.request, "http_x_forwarded_for") ?? knownText("");
  const address = remoteAddress(run);
  if (before.isKnown && before.text === "") return address;
  if (before.isKnown) return joinTexts([before, knownText(", "), address]);
  return openText("proxy_add_x_forwarded_for", "the X-Forwarded-For field is not known");
}

/** Value of an argument of the query (`ngx_http_arg`): the first of that name, any case, not decoded. */
function argument({ args }: Run, name: string): AnswerText {
  if (!args.isKnown) return openText(`arg_${name}`, "the query is not known");
  const wanted = `${name.toLowerCase()}=`;
  const found = args.text.split("&").find((one) => one.toLowerCase().startsWith(wanted));
  return knownText(found === undefined ? "" : found.slice(wanted.length));
}

/** `$document_root`: the folder of `root`, or what `alias` names. */
function documentRoot(run: Run): AnswerText {
  const directive = effectiveScalar(run.path, "root", "alias");
  const text = directive?.args[0]?.text;
  if (text === undefined || !/^[/$]/.test(text)) {
    return openText("document_root", "the folder nginx starts from is not known");
  }
  return resolve(run, text);
}

/** `$request_filename`: `ngx_http_map_uri_to_path`. */
function requestFilename(run: Run): AnswerText {
  const root = rootInForce(run);
  return isLost(run, root) ? knownText("") : diskPath(run, root, run.uri, resolve);
}
