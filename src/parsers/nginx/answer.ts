import { accessInForce } from "./answer-access.ts";
import { endWith } from "./answer-error.ts";
import type { AnswerContent, NginxOutcome } from "./answer-outcome.ts";
import { takeCaptures } from "./answer-pattern.ts";
import { serve, serveFrom } from "./answer-phases.ts";
import { makePicker, nextPicks, type Picker } from "./answer-picker.ts";
import { responseFields } from "./answer-response.ts";
import { type NginxDisk, type NginxRequest, positionOf, type Run } from "./answer-run.ts";
import { knownText, openText } from "./answer-text.ts";
import { requestFields } from "./answer-upstream.ts";
import { effectiveScalar } from "./inherit.ts";
import { matchPcre, SELECTION_STEPS_MAX } from "./pcre.ts";
import { normalizeUri } from "./request-uri.ts";
import {
  listenSockets,
  type NginxServer,
  type NginxSocket,
  receivingSocket,
  type ServerMatch,
  selectByName,
} from "./server.ts";

export type { NginxRequest };

/** What nginx does with a request. */
export interface NginxAnswer {
  /**
   * Never empty. One, and without `assumes`, where the configuration and the request decide everything;
   * else one for each way what is not known may go, the ordinary way first.
   */
  readonly outcomes: readonly NginxOutcome[];
  /** False: there are more ways than `OUTCOMES_MAX`, and these are some of them. */
  readonly isComplete: boolean;
}

/** Outcomes listed of one request. */
export const OUTCOMES_MAX = 64;

/**
 * What happens to a request: the server selected, its rewrites, the location, the location's rewrites,
 * access, `try_files`, content, `error_page`, and the fields that are set, each with the directive that
 * decided (`ngx_http_core_module.c` and the modules it calls, nginx 1.22.1). Pure.
 *
 *     const { servers } = httpServers(tree);
 *     const { outcomes } = answerNginx(servers, { scheme: "http", host: "a.test", target: "/x" });
 *     for (const { content, assumes, responseFields } of outcomes) {
 *       if (content.kind === "redirect") content.status, content.target.text, content.at.line ...
 *     }
 *
 * - A text (`target`, values of fields) is an `AnswerText`: where `isKnown` is false, `text` has the
 *   variables nobody can tell as `$name` in it, so its beginning may still be told (`https://$http_x/`).
 * - Nothing is guessed: an open `if`, file, pattern, client address or password makes two outcomes, and
 *   `assumes` says which was taken. "Always redirected" is `isComplete && outcomes.every(...)`.
 * - Without `request.fields` every field is open; with `[]` the request has none but `Host`.
 * - Lua and other scripts on the way are `caveats`.
 */
export function answerNginx(
  servers: readonly NginxServer[],
  request: NginxRequest,
  disk: NginxDisk = () => undefined,
): NginxAnswer {
  const outcomes: NginxOutcome[] = [];
  let picks: readonly number[] | undefined = [];
  while (picks !== undefined && outcomes.length < OUTCOMES_MAX) {
    const picker = makePicker(picks);
    outcomes.push(oneOutcome(servers, request, disk, picker));
    picks = nextPicks(picker.taken);
  }
  return { outcomes, isComplete: picks === undefined };
}

const sockets = new WeakMap<readonly NginxServer[], readonly NginxSocket[]>();

function socketsOf(servers: readonly NginxServer[]): readonly NginxSocket[] {
  const known = sockets.get(servers) ?? listenSockets(servers);
  sockets.set(servers, known);
  return known;
}

const DEFAULT_PORTS = { http: 80, https: 443 } as const;

function oneOutcome(
  servers: readonly NginxServer[],
  request: NginxRequest,
  disk: NginxDisk,
  picker: Picker,
): NginxOutcome {
  const { scheme, method = "GET", port = DEFAULT_PORTS[scheme] } = request;
  const socket = receivingSocket(socketsOf(servers), { address: request.address ?? "*", port });
  if (socket === undefined) return unserved(picker, `nothing listens on port ${port}`);
  if (scheme === "https" && !socket.isSsl) {
    return unserved(picker, `port ${port} does not speak TLS`);
  }
  const started = startRequest(socket, { ...request, method, port }, disk, picker);
  const { run, by, because } = started;
  if (because === undefined) return finished(run, serve(run), by, picker);
  run.steps.push({ what: "request", detail: because.text, ...positionOf(run.server.directive) });
  const content = serveFrom(run, endWith(run, because.status, run.server.directive));
  return finished(run, content, by, picker);
}

const STATUS_BAD_REQUEST = 400;

interface Started {
  readonly run: Run;
  readonly by: ServerMatch;
  /** Why nginx turns the request away before it looks at its path. */
  readonly because?: { readonly status: number; readonly text: string };
}

function startRequest(
  socket: NginxSocket,
  request: Run["request"],
  disk: NginxDisk,
  picker: Picker,
): Started {
  const { host, scheme, target } = request;
  const refused = (text: string, known: Run["request"], uri: string): Started => ({
    run: startRun(known, { server: socket.defaultServer, socket, uri, disk }, picker),
    by: "default",
    because: { status: STATUS_BAD_REQUEST, text },
  });
  const chosen = chosenServer(socket, host, picker);
  const parsedBy = (socket.isSsl ? chosen?.server : undefined) ?? socket.defaultServer;
  const merges = effectiveScalar(parsedBy.path, "merge_slashes")?.args[0]?.text !== "off";
  const uri = normalizeUri(target, merges);
  if (uri.state === "invalid") {
    // nginx has seen nothing else of the request by then.
    const nothing = { ...request, host: "", target: "", fields: [] };
    return refused(`the target is refused: ${uri.because}`, nothing, "");
  }
  if (chosen === undefined) {
    // Fields after `Host` are not read any more.
    const { fields: _, ...rest } = request;
    return refused("the host name is not valid", { ...rest, host: "" }, uri.path);
  }
  const run = startRun(request, { ...chosen, socket, uri: uri.path, disk }, picker);
  setNameCaptures(run, chosen.by);
  const { by } = chosen;
  if (scheme === "https" || !socket.isSsl) return { run, by };
  return { run, by, because: { status: STATUS_TO_HTTPS, text: "plain HTTP on a port for TLS" } };
}

/** nginx's own status for plain HTTP on a TLS port; the client sees 400. */
const STATUS_TO_HTTPS = 497;
/** `NGX_HTTP_MAX_URI_CHANGES` and one. */
const URI_CHANGES = 11;

/** Stands for bytes that are no UTF-8. */
const REPLACED = "\ufffd";

function startRun(
  request: Run["request"],
  {
    server,
    socket,
    uri,
    disk,
  }: {
    readonly server: NginxServer;
    readonly socket: NginxSocket;
    readonly uri: string;
    readonly disk: NginxDisk;
  },
  { choose }: Picker,
): Run {
  return {
    choose,
    request,
    disk,
    server,
    socket,
    budget: { left: SELECTION_STEPS_MAX },
    diskKnowledge: new Map(),
    steps: [],
    caveats: [],
    variables: new Map(),
    lastValues: new Map(),
    evaluating: new Set(),
    method: request.method,
    path: server.path,
    handler: undefined,
    uri: uri.includes(REPLACED) ? openText("uri", "it is no UTF-8") : knownText(uri),
    args: knownText(queryOf(request.target)),
    captures: [],
    isInternal: false,
    isTargetValid: true,
    isLocationValid: true,
    isUriChanged: false,
    addsUriToAlias: false,
    changesLeft: URI_CHANGES,
    errorStatus: undefined,
    isErrorPage: false,
    location: undefined,
  };
}

function queryOf(target: string): string {
  const bare = target.replace(/#.*$/s, "");
  const question = bare.indexOf("?");
  return question === -1 ? "" : bare.slice(question + 1);
}

function chosenServer(
  socket: NginxSocket,
  host: string,
  picker: Picker,
): { readonly server: NginxServer; readonly by: ServerMatch } | undefined {
  const selection = selectByName(socket, host);
  if (selection.state === "selected") return selection;
  if (selection.state !== "undecidable") return undefined;
  const { candidates, because } = selection;
  const names = candidates.map(({ names: [first] }) => first?.text ?? "");
  const [one = "", two = "", ...others] = names;
  const [first] = candidates;
  if (first === undefined) return undefined;
  const way =
    candidates.length < 2
      ? 0
      : picker.choose({
          about: `the server for ${host}`,
          because,
          at: first.directive,
          ways: [one, two, ...others],
        });
  const server = candidates[way] ?? first;
  return { server, by: server === socket.defaultServer ? "default" : "regex" };
}

/** What the pattern of a server's name captured. */
function setNameCaptures(run: Run, by: ServerMatch): void {
  if (by !== "regex") return;
  const host = run.request.host.toLowerCase().replace(/(?::\d*)?$/, "");
  const name = run.server.names.find(
    ({ kind, value }) => kind === "regex" && matchPcre(value, true, host, run.budget) !== "no",
  );
  if (name !== undefined) takeCaptures(run, name.value, true, host);
}

const NO_ACCESS = {
  rules: [],
  satisfiesAny: false,
  limitRequests: [],
  limitConnections: [],
} as const;

function unserved({ assumes }: Picker, because: string): NginxOutcome {
  return {
    assumes,
    caveats: [],
    steps: [],
    path: [],
    content: { kind: "none", because },
    responseFields: [],
    requestFields: [],
    access: NO_ACCESS,
  };
}

function finished(
  run: Run,
  content: AnswerContent,
  by: ServerMatch,
  { assumes }: Picker,
): NginxOutcome {
  return {
    caveats: run.caveats,
    steps: run.steps,
    server: run.server,
    socket: run.socket,
    by,
    path: run.path,
    content,
    requestFields: content.kind === "pass" ? requestFields(run, content.at) : [],
    responseFields: responseFields(run, content),
    access: accessInForce(run.path),
    assumes,
  };
}
