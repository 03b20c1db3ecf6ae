import type {
  ProxyFieldReport,
  ProxyPlace,
  ProxyRequestOutcome,
  ProxyRequestReport,
} from "../core/proxy-report.ts";
import { answerNginx, type NginxRequest } from "../parsers/nginx/answer.ts";
import type {
  AnswerAccess,
  AnswerContent,
  AnswerField,
  NginxOutcome,
} from "../parsers/nginx/answer-outcome.ts";
import { contentStatus } from "../parsers/nginx/answer-response.ts";
import { directiveText, type NginxDirective, type NginxTree } from "../parsers/nginx/parse.ts";
import { httpServers } from "../parsers/nginx/server.ts";
import type { PassTarget } from "../parsers/nginx/upstream.ts";
import { hiddenWords } from "./nginx-mask.ts";
import { MASK } from "./secret-text.ts";

/** A request somebody asks about, in nginx's terms. */
export interface AskedRequest {
  /** As the report names it. */
  readonly text: string;
  readonly request: NginxRequest;
}

/** `GET https://host/path`, `https://host:8443/path`, `host/path`; `undefined` where it is none. */
export function parseAskedRequest(text: string): AskedRequest | undefined {
  const found =
    /^(?:([A-Z]{3,10})\s+)?(?:(https?):\/\/)?(?:[^\s/?#@]*@)?(\[[\da-fA-F:.]+\]|[^\s/?#:@]+)(?::(\d{1,5}))?([/?][^\s#]*)?(?:#.*)?$/.exec(
      text.trim(),
    );
  if (found === null) return undefined;
  const [, method = "GET", written = "http", host = "", port, path = "/"] = found;
  const scheme = written === "https" ? "https" : "http";
  const target = path.startsWith("/") ? path : `/${path}`;
  const place = port === undefined ? host : `${host}:${port}`;
  return {
    text: `${method} ${scheme}://${place}${target}`,
    request: {
      scheme,
      host: place,
      target,
      method,
      ...(port !== undefined && { port: Number(port) }),
    },
  };
}

/** What the configuration makes of each request. Decided by the text as it is; told without its secrets. */
export function reportRequests(
  tree: NginxTree,
  requests: readonly AskedRequest[],
): readonly ProxyRequestReport[] {
  const { servers } = httpServers(tree);
  const hide = hiding(tree);
  return requests.map(({ text, request }) => {
    const { outcomes, isComplete } = answerNginx(servers, request);
    return {
      request: text,
      file: tree.file,
      isComplete,
      outcomes: outcomes.map((outcome) => outcomeReport(outcome, hide)),
    };
  });
}

type Hide = (text: string) => string;

function outcomeReport(outcome: NginxOutcome, hide: Hide): ProxyRequestOutcome {
  const { content, server, path, assumes, steps, caveats, by } = outcome;
  const location = path.findLast(({ name }) => name === "location");
  const place = (directive: NginxDirective) => placeOf(directive, hide);
  const status = contentStatus(content);
  const decided = "at" in content ? content.at : undefined;
  const told = new Set(caveats);
  return {
    assumes: assumes.map(({ about, taken, because, file, line }) => ({
      about: hide(about),
      taken: hide(taken),
      because: hide(because),
      file,
      line,
    })),
    kind: content.kind,
    answer: hide(sentenceOf(content)),
    ...(status !== undefined && { status }),
    ...(decided !== undefined && { decidedBy: place(decided) }),
    ...(server !== undefined && { server: { ...place(server.directive), by: by ?? "default" } }),
    ...(location !== undefined && { location: place(location) }),
    responseFields: outcome.responseFields.map((field) => fieldReport(field, hide)),
    requestFields: outcome.requestFields.map((field) => fieldReport(field, hide)),
    access: accessDirectives(outcome.access).map(place),
    steps: [...steps, ...caveats.filter((one) => !steps.includes(one))].map((step) => ({
      what: step.what,
      detail: hide(step.detail),
      isCaveat: told.has(step),
      file: step.file,
      line: step.line,
    })),
  };
}

function sentenceOf(content: AnswerContent): string {
  switch (content.kind) {
    case "text":
      return `${content.status} with the text ${JSON.stringify(content.text.text)}`;
    case "redirect":
      return `${content.status} to ${content.target.text}`;
    case "pass": {
      const to = content.targets.map(shownTarget).join(", ");
      const uri = content.uri === undefined ? "" : ` as ${content.uri.text}`;
      const status = content.status === undefined ? "" : ` with the status ${content.status}`;
      return `passed on to ${to}${uri}; the answer is theirs${status}`;
    }
    case "files": {
      const listed = content.isListed ? " (a folder would be listed)" : "";
      const status = content.status === undefined ? "" : `${content.status}, `;
      return `${status}the file ${content.path.text}${listed}`;
    }
    case "error":
      return `${content.status}, a page nginx makes itself`;
    case "closed":
      return "the connection is closed without an answer";
    case "module":
      return `made by ${content.at.name}`;
    case "none":
      return content.because;
  }
}

function shownTarget({ kind, host, port, isTls }: PassTarget): string {
  if (kind === "unix") return `unix:${host}`;
  if (kind === "unresolved") return host;
  return `${isTls ? "https://" : ""}${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function fieldReport(field: AnswerField, hide: Hide): ProxyFieldReport {
  const { name, value, action, isConditional, at } = field;
  return { name, value: hide(value.text), action, isConditional, at: placeOf(at, hide) };
}

function accessDirectives(access: AnswerAccess): readonly NginxDirective[] {
  const { rules, authBasic, authRequest, clientCertificate, bodySize } = access;
  const single = [authBasic, authRequest, clientCertificate, bodySize];
  return [
    ...rules,
    ...single.filter((one) => one !== undefined),
    ...access.limitRequests,
    ...access.limitConnections,
  ];
}

const EXCERPT_CHARACTERS_MAX = 200;

function placeOf(directive: NginxDirective, hide: Hide): ProxyPlace {
  const { file, line, column } = directive;
  return {
    file,
    line,
    column,
    excerpt: hide(directiveText(directive)).slice(0, EXCERPT_CHARACTERS_MAX),
  };
}

/** Shorter words are no secrets, and would be hidden in the middle of others. */
const SECRET_CHARACTERS_MIN = 4;

/** Takes every text out that the mask hides, wherever it turns up. */
function hiding(tree: NginxTree): Hide {
  const secrets = new Map<string, string>();
  for (const { kind, text, shown } of hiddenWords(tree)) {
    if (kind !== "word") continue;
    if (text.length >= SECRET_CHARACTERS_MIN) secrets.set(text, shown);
    for (const part of hiddenParts(text, shown)) secrets.set(part, MASK);
  }
  const ordered = [...secrets].sort(([a], [b]) => b.length - a.length);
  return (text) => ordered.reduce((shown, [secret, mask]) => shown.replaceAll(secret, mask), text);
}

/** What of a word its mask hides: a value made of a part of the word, as a host of a URL, must not tell it. */
function hiddenParts(word: string, shown: string): readonly string[] {
  const [first = "", ...kept] = shown.split(MASK);
  const parts: string[] = [];
  let from = first.length;
  for (const [at, text] of kept.entries()) {
    const isLast = at === kept.length - 1;
    const to = isLast ? word.length - text.length : word.indexOf(text, from);
    if (to < from) return parts;
    parts.push(word.slice(from, to));
    from = to + text.length;
  }
  return parts.filter((part) => part.length >= SECRET_CHARACTERS_MIN);
}
