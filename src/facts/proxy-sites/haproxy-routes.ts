import type { HaproxyConfiguration, HaproxyLine, HaproxySection } from "../../parsers/haproxy.ts";
import { serverUpstreams } from "../proxy-haproxy.ts";
import type { FieldChange, Restriction, Setting, SiteRoute } from "../proxy-site.ts";
import { setTo, UNSET, untold } from "../proxy-tls.ts";
import { uniqueUpstreams, unresolvedUpstream } from "../proxy-upstream.ts";
import { type Effect, routesFor } from "./effects.ts";
import {
  type Acls,
  type Alternatives,
  aclsOf,
  conditionOfLine,
  crossed,
} from "./haproxy-condition.ts";
import {
  allLines,
  haproxyText,
  lastLine,
  optionLine,
  sectionChain,
  wordAfter,
} from "./haproxy-lines.ts";
import { finalAction, requestEffects, responseEffects } from "./haproxy-rules.ts";
import { statsRoutes } from "./haproxy-stats.ts";
import { EVERYTHING, type RequestMatcher } from "./request-matcher.ts";
import { NOTHING_DONE } from "./route-defaults.ts";

/** One frontend or listen with what its words stand for. */
export interface HaproxyScope {
  readonly configuration: HaproxyConfiguration;
  readonly section: HaproxySection;
  /** The section and its `defaults`. */
  readonly chain: readonly HaproxySection[];
  readonly backends: ReadonlyMap<string, HaproxySection>;
  readonly acls: Acls;
}

const ROUTES_MAX = 20_000;

/** What a frontend does with requests: its own rules, its statistics, then the backends in order. */
export function haproxyRoutesOf(scope: HaproxyScope): readonly SiteRoute[] {
  const { section, chain } = scope;
  const front = walkSection(scope, [EVERYTHING], []);
  const uses = section.lines.filter(({ keyword }) => keyword === "use_backend");
  const fallback = lastLine(chain, "default_backend");
  const ways = [...uses, ...(fallback === undefined ? [] : [fallback])].flatMap((line) => {
    const when = line.keyword === "use_backend" ? conditionOfLine(line, scope.acls) : [EVERYTHING];
    return backendRoutes(scope, line, when, front.effects);
  });
  const own = section.kind === "listen" ? serversRoutes(scope, [EVERYTHING], front.effects) : [];
  const { file, line } = section;
  const nothing: SiteRoute = {
    ...NOTHING_DONE,
    match: { kind: "prefix", text: "/" },
    text: `${section.kind} ${section.name}`.trim(),
    action: { kind: "answer", status: 503 },
    file,
    line,
  };
  return [...front.routes, ...ways, ...own, nothing].slice(0, ROUTES_MAX);
}

interface Walked {
  readonly routes: readonly SiteRoute[];
  readonly effects: readonly Effect[];
}

/** The rules of one section, in the order in which HAProxy runs them, for requests that get there. */
function walkSection(scope: HaproxyScope, reach: Alternatives, before: readonly Effect[]): Walked {
  const { chain, acls } = scope;
  const routes: SiteRoute[] = [];
  const responses = allLines(chain, "http-response", "http-after-response");
  const effects: Effect[] = [
    // A backend's rules on answers run before the frontend's.
    ...responses.flatMap((line) =>
      responseEffects(line, crossed(reach, conditionOfLine(line, acls))),
    ),
    ...before,
  ];
  const isTracked = allLines(chain, "tcp-request", "http-request").some(isTracking);
  const rules = [
    ...connectionRules(chain),
    ...allLines(chain, "http-request"),
    ...allLines(chain, "redirect"),
  ];
  for (const line of rules) {
    const when = crossed(reach, conditionOfLine(line, acls));
    const found = requestEffects(line, when);
    effects.push(...found.filter(({ kind }) => kind !== "limit" || isTracked));
    const action = finalAction(line);
    if (action === undefined) continue;
    const refusal = found.some(({ kind }) => kind !== "request");
    if (refusal && action.kind === "answer") continue;
    const { file, line: at } = line;
    const inForce = ownAnswer(effects, chain);
    for (const matcher of when)
      routes.push(
        ...routesFor(matcher, inForce, ({ restrictions, responseFields }) => ({
          ...NOTHING_DONE,
          text: haproxyText(line),
          action,
          responseFields,
          restrictions: [...restrictions, ...restrictionsBy(matcher, line)],
          file,
          line: at,
        })),
      );
  }
  // The address is appended when the request leaves, behind every rule.
  effects.push(...forwardEffects(scope, reach, before));
  return {
    routes: [...routes, ...statsRoutes(scope.section, chain, reach, ownAnswer(effects, chain))],
    effects,
  };
}

/** HAProxy's own answers carry what `http-after-response` sets, and nothing of `http-response`. */
function ownAnswer(
  effects: readonly Effect[],
  chain: readonly HaproxySection[],
): readonly Effect[] {
  const after = new Set(
    allLines(chain, "http-after-response").map(({ file, line }) => `${file}:${line}`),
  );
  return effects.filter(
    (effect) =>
      effect.kind !== "response" || after.has(`${effect.change.file}:${effect.change.line}`),
  );
}

function isTracking({ args }: HaproxyLine): boolean {
  return args.slice(0, 2).some(({ text }) => /^track-sc\d*$/.test(text));
}

/** `tcp-request connection reject if ...` turns away as `http-request reject` does. */
function connectionRules(chain: readonly HaproxySection[]): readonly HaproxyLine[] {
  return allLines(chain, "tcp-request")
    .filter(({ args }) => /^(?:connection|content|session)$/.test(args[0]?.text ?? ""))
    .filter(({ args }) => /^(?:reject|silent-drop)$/.test(args[1]?.text ?? ""))
    .map((line) => ({ ...line, keyword: "http-request", args: line.args.slice(1) }));
}

/** `option forwardfor` appends a field, with `if-none` only where there is none (manual, "option forwardfor"). */
function forwardEffects(
  { chain }: HaproxyScope,
  reach: Alternatives,
  before: readonly Effect[],
): readonly Effect[] {
  const line = optionLine(chain, "forwardfor");
  // Said for the frontend and the backend by the same defaults, it is done once.
  const isDone = before.some(
    (effect) =>
      "change" in effect && effect.change.file === line?.file && effect.change.line === line.line,
  );
  if (line === undefined || isDone) return [];
  const words = line.args.map(({ text }) => text);
  const except = wordAfter(words, "except");
  const change: FieldChange = {
    name: (wordAfter(words, "header") ?? "x-forwarded-for").toLowerCase(),
    change: words.includes("if-none") ? "default" : "add",
    value: "%[src]",
    scope: "always",
    ...(except !== undefined && { condition: `client is not ${except}` }),
    file: line.file,
    line: line.line,
  };
  return reach.map((matcher) => ({ kind: "request", matcher, change }));
}

function restrictionsBy(
  { addresses }: RequestMatcher,
  { file, line }: HaproxyLine,
): readonly Restriction[] {
  return addresses.length === 0 ? [] : [{ kind: "address", text: addresses.join(" "), file, line }];
}

function backendRoutes(
  scope: HaproxyScope,
  line: HaproxyLine,
  when: Alternatives,
  effects: readonly Effect[],
): readonly SiteRoute[] {
  const name = line.args[0]?.text ?? "";
  const section = scope.backends.get(name);
  if (section === undefined) {
    const { file, line: at } = line;
    return when.flatMap((matcher) =>
      routesFor(matcher, effects, () => ({
        text: haproxyText(line),
        action: { kind: "pass", upstreams: [unresolvedUpstream(name)] },
        websocket: UNSET,
        upstreamVerified: UNSET,
        file,
        line: at,
      })),
    );
  }
  const chain = sectionChain(scope.configuration, section);
  const own: HaproxyScope = {
    ...scope,
    section,
    chain,
    acls: { ...scope.acls, tests: aclsOf(allLines(chain, "acl")) },
  };
  const walked = walkSection(own, when, effects);
  return [...walked.routes, ...serversRoutes(own, when, walked.effects)];
}

function serversRoutes(
  { section, chain, configuration }: HaproxyScope,
  when: Alternatives,
  effects: readonly Effect[],
): readonly SiteRoute[] {
  const servers = section.lines.filter(({ keyword }) => /^server(?:-template)?$/.test(keyword));
  const [first] = servers;
  if (first === undefined) return [];
  const { file, line } = first;
  // The same for each path and condition.
  const upstreams = uniqueUpstreams(servers.flatMap((server) => upstreamsOf(server, chain)));
  const upstreamVerified = verifiedBy(servers, chain, configuration);
  return when.flatMap((matcher) =>
    routesFor(matcher, effects, ({ restrictions }) => ({
      text: haproxyText(first),
      action: { kind: "pass", upstreams },
      restrictions: [...restrictions, ...restrictionsBy(matcher, first)],
      websocket: UNSET,
      upstreamVerified,
      file,
      line,
    })),
  );
}

function upstreamsOf(
  server: HaproxyLine,
  chain: readonly HaproxySection[],
): ReturnType<typeof serverUpstreams> {
  const isTls = speaksTls(wordsOfServer(server, chain));
  return serverUpstreams(server, 0).map((upstream) =>
    upstream.kind === "unresolved" ? upstream : { ...upstream, isTls },
  );
}

/** Its own words behind those of `default-server`. */
function wordsOfServer(server: HaproxyLine, chain: readonly HaproxySection[]): readonly string[] {
  return [...allLines(chain, "default-server"), server].flatMap(({ args }) =>
    args.map(({ text }) => text),
  );
}

function speaksTls(words: readonly string[]): boolean {
  return words.lastIndexOf("ssl") > words.lastIndexOf("no-ssl");
}

/** `ssl verify none`, its own or of `default-server`; without it `ssl-server-verify` of `global`, else required. */
function verifiedBy(
  servers: readonly HaproxyLine[],
  chain: readonly HaproxySection[],
  { sections }: HaproxyConfiguration,
): Setting<boolean> {
  const common = allLines(chain, "default-server");
  const everywhere = sections
    .filter(({ kind }) => kind === "global")
    .flatMap(({ lines }) => lines)
    .findLast(({ keyword }) => keyword === "ssl-server-verify");
  for (const server of servers) {
    const words = wordsOfServer(server, chain);
    const isTls = speaksTls(words);
    const verify = wordAfter(words, "verify") ?? everywhere?.args[0]?.text;
    if (!isTls || verify !== "none") continue;
    if (server.isConditional) return untold(`${server.file}:${server.line} stands under .if`);
    const from = [server, ...common].find(({ args }) => args.some(({ text }) => text === "verify"));
    return setTo(false, haproxyText(from ?? everywhere ?? server), from ?? everywhere ?? server);
  }
  return UNSET;
}
