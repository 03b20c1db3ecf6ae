import { remembered } from "../../core/remembered.ts";
import { answerNginx } from "../../parsers/nginx/answer.ts";
import type { NginxOutcome } from "../../parsers/nginx/answer-outcome.ts";
import { effectiveList, ownDirectives } from "../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../parsers/nginx/parse.ts";
import { type NginxServer, type NginxSocket, selectByName } from "../../parsers/nginx/server.ts";
import { isPrivateNetwork } from "./access.ts";
import type { NginxModel } from "./model.ts";
import { STRAY_TARGET, sampleHosts, sampleTargets } from "./probes.ts";
import { sidesOf } from "./sides.ts";

/**
 * What comes back to a plain request from elsewhere: content in clear, a redirect to https or to another http
 * address, or nothing worth reading (a refusal, a fixed text, what only private networks may have).
 */
export type PlainKind = "content" | "redirect" | "to-http" | "harmless";

/** The answer to one plain request of a browser that sends nothing but the host. */
export interface PlainAnswer {
  readonly socket: NginxSocket;
  /** The server that answers. */
  readonly server: NginxServer;
  readonly host: string;
  /** False: the name is that of a server with TLS, and no server of the socket has it. */
  readonly isOwn: boolean;
  readonly target: string;
  readonly kind: PlainKind;
  /** Of a redirect. */
  readonly status?: number;
  /** The directive that decides. */
  readonly at: NginxDirective;
  /** The innermost block in force. */
  readonly block: NginxDirective;
  /** Content of an application, not of files. */
  readonly isPassed: boolean;
}

const answers = new WeakMap<NginxModel, readonly PlainAnswer[]>();

/** The host asked for where a server has no name: none of anybody's. */
export const NO_NAME = "plimsoll.invalid";

/** Answers to every name of the plain sockets clients elsewhere reach, on `/`, a stray path and one path per location. */
export function plainAnswers(model: NginxModel): readonly PlainAnswer[] {
  const known = answers.get(model) ?? makeAnswers(model);
  answers.set(model, known);
  return known;
}

function makeAnswers(model: NginxModel): readonly PlainAnswer[] {
  const sides = sidesOf(model);
  const byServer = [...sides].flatMap(([server, { plain }]) =>
    plain.flatMap((socket) => ownAnswers(model, server, socket)),
  );
  const others = plainSockets(model).flatMap((socket) => strayAnswers(model, socket));
  return [...byServer, ...others];
}

function plainSockets(model: NginxModel): readonly NginxSocket[] {
  return [...new Set([...sidesOf(model).values()].flatMap(({ plain }) => plain))];
}

function ownAnswers(
  model: NginxModel,
  server: NginxServer,
  socket: NginxSocket,
): readonly PlainAnswer[] {
  const hosts = sampleHosts(server);
  const isDefault = socket.defaultServer === server;
  const [first = isDefault ? NO_NAME : undefined, ...others] = hosts;
  if (first === undefined) return [];
  const asked = [
    ...sampleTargets(server).map((target) => ({ host: first, target })),
    ...others.flatMap((host) => ["/", STRAY_TARGET].map((target) => ({ host, target }))),
  ];
  const always = alwaysRedirects(server);
  return asked
    .flatMap(({ host, target }) =>
      always === undefined || target.includes("..")
        ? ask(model, socket, host, target, true)
        : redirected({ ...always, server, socket, host, target }),
    )
    .filter((answer) => answer.server === server);
}

type Redirect = Required<Pick<PlainAnswer, "kind" | "status" | "at">>;

const REDIRECT = /^(?:30[12378])$/;
const STATUS_FOUND = 302;

/**
 * The redirect of a server that answers everything by one, to an address whose scheme is written out. It is so
 * whatever is asked for: of a host farm most servers are of this kind, and no request has to be followed.
 */
const alwaysRedirects = remembered(({ path }: NginxServer): Redirect | undefined => {
  const [at] = ownDirectives(path, "return", "rewrite", "set", "if", "break");
  if (at?.name !== "return" || effectiveList(path, "error_page").length > 0) return undefined;
  const [code = "", second] = at.args.map(({ text }) => text);
  const isCode = REDIRECT.test(code);
  const found = /^(https?):\/\//i.exec((isCode ? second : code) ?? "");
  if (found === null) return undefined;
  const kind = found[1]?.toLowerCase() === "https" ? "redirect" : "to-http";
  return { kind, status: isCode ? Number(code) : STATUS_FOUND, at };
});

function redirected(
  answer: Redirect & Pick<PlainAnswer, "server" | "socket" | "host" | "target">,
): readonly PlainAnswer[] {
  const { server, socket, host } = answer;
  const selected = selectByName(socket, host);
  if (selected.state !== "selected" || selected.server !== server) return [];
  return [{ ...answer, isOwn: true, block: server.directive, isPassed: false }];
}

const HTTP_PORT = 80;

/** Names of servers with TLS that nobody names on port 80 of the same address: the default server takes them. */
function strayAnswers(model: NginxModel, socket: NginxSocket): readonly PlainAnswer[] {
  if (socket.port !== HTTP_PORT) return [];
  const named = new Set(socket.servers.flatMap(sampleHosts));
  const hosts = [...sidesOf(model)].flatMap(([server, { tls }]) =>
    tls.some((one) => sharesAddress(one, socket)) ? sampleHosts(server) : [],
  );
  return [...new Set(hosts)]
    .filter((host) => !named.has(host))
    .flatMap((host) => ask(model, socket, host, "/", false));
}

/** A client that reaches one by some address of a name may reach the other by it. */
function sharesAddress(one: NginxSocket, other: NginxSocket): boolean {
  if (one.family !== other.family) return false;
  const isAny = (address: string): boolean => address === "*" || address === "[::]";
  return one.address === other.address || isAny(one.address) || isAny(other.address);
}

/** Of anybody: whether they are right is left open. */
const CREDENTIALS = [["Authorization", `Basic ${btoa("visitor:visitor")}`]] as const;

function ask(
  { servers }: NginxModel,
  { address, port }: NginxSocket,
  host: string,
  target: string,
  isOwn: boolean,
): readonly PlainAnswer[] {
  const request = { scheme: "http", address, port, host, target } as const;
  const first = answerNginx(servers, { ...request, fields: [] }).outcomes;
  const isAsked = first.some(({ content }) => content.kind === "error" && content.status === 401);
  // Whoever is asked for a password sends it, in clear.
  const outcomes = isAsked
    ? answerNginx(servers, { ...request, fields: CREDENTIALS }).outcomes
    : first;
  const seen = outcomes.flatMap((outcome) => asPlain(outcome, { host, target, isOwn }));
  // The worst way it may go; where nothing is in clear, the ordinary one.
  const worst = seen.find(({ kind }) => kind === "content") ?? seen[0];
  return worst === undefined ? [] : [worst];
}

function asPlain(
  outcome: NginxOutcome,
  asked: Pick<PlainAnswer, "host" | "target" | "isOwn">,
): readonly PlainAnswer[] {
  const { content, server, socket, path } = outcome;
  if (server === undefined || socket === undefined || !("at" in content)) return [];
  const kind = kindOf(outcome);
  return [
    {
      ...asked,
      socket,
      server,
      kind,
      ...(content.kind === "redirect" && { status: content.status }),
      at: content.at,
      block: path.at(-1) ?? server.directive,
      isPassed: content.kind === "pass",
    },
  ];
}

function kindOf({ content, access, caveats }: NginxOutcome): PlainKind {
  switch (content.kind) {
    case "redirect": {
      const target = content.target.text.toLowerCase();
      if (target.startsWith("https://")) return "redirect";
      return target.startsWith("http://") ? "to-http" : "harmless";
    }
    case "pass":
    case "files": {
      // A script on the way may have sent the client elsewhere; what it does is not read.
      const isOpen = caveats.length > 0 || isPrivateNetwork(access);
      return isOpen || isErrorStatus(content.status) ? "harmless" : "content";
    }
    case "text":
      return content.text.isKnown || isErrorStatus(content.status) ? "harmless" : "content";
    case "error":
    case "closed":
    case "module":
    case "none":
      return "harmless";
  }
}

const ERROR_STATUS_MIN = 400;

function isErrorStatus(status: number | undefined): boolean {
  return status !== undefined && status >= ERROR_STATUS_MIN;
}
