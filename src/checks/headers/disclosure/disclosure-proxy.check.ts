import { effectiveScalar, findDirectives } from "../../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../../parsers/nginx/parse.ts";
import type { NginxServer } from "../../../parsers/nginx/server.ts";
import { answeringPlaces } from "../../nginx/answering.ts";
import { isReachable, type NginxModel } from "../../nginx/model.ts";
import { passedBy } from "../../nginx/response-headers.ts";
import { insertInEdit, type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { isSnippet } from "../../nginx/sides.ts";
import { concernOf } from "../../proxy-rules/concern.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { apacheTokensRule } from "../../proxy-sites/apache.ts";
import { headersDisclosure } from "./disclosure.control.ts";
import { proxyStatements } from "./disclosure-states.ts";

const OFF = "server_tokens off;";
/** Values by which nginx tells its version; any other text of NGINX Plus stands in place of it. */
const TELLING: ReadonlySet<string> = new Set(["on", "build"]);

/** In Server, and at the foot of every error page of nginx. On is the default. */
export const serverTokens: NginxRule = {
  slug: "server-tokens",
  status: "warn",
  find: (model) => [...explicitHits(model), ...unsetHits(model)],
};

function explicitHits({ servers }: NginxModel): readonly NginxHit[] {
  return servers.filter(isReachable).flatMap((server) => {
    const inner = findDirectives(server.path, "server_tokens").map(({ directive }) => directive);
    const outer = effectiveScalar(server.path, "server_tokens");
    return [...new Set([...inner, ...(outer === undefined ? [] : [outer])])]
      .filter(({ args }) => TELLING.has(args[0]?.text ?? ""))
      .map(
        (at): NginxHit => ({
          at,
          servers: [server],
          message: `server_tokens ${at.args[0]?.text} tells the version of nginx in Server and on error pages`,
          fix: `Write: ${OFF}`,
          edits: replaceEdit(at, OFF),
        }),
      );
  });
}

function unsetHits(model: NginxModel): readonly NginxHit[] {
  const unset = model.servers.filter(
    (server) => isReachable(server) && effectiveScalar(server.path, "server_tokens") === undefined,
  );
  const isOpen = isSnippet(model);
  return [...Map.groupBy(unset, ({ path }) => path[1])].flatMap(([http, servers]) => {
    if (http === undefined) return [];
    return isOpen ? snippetHits(servers) : [httpHit(http, servers, model)];
  });
}

function httpHit(
  http: NginxDirective,
  servers: readonly NginxServer[],
  model: NginxModel,
): NginxHit {
  return {
    at: http,
    servers: someOf(servers, model),
    message: "server_tokens is not set: nginx tells its version in Server and on error pages",
    fix: `Add to the http block: ${OFF}`,
    ...offIn([http]),
    also: servers.map(({ directive }) => directive),
  };
}

/** A file of servers alone has no http block to hold it, and another file may set it. */
function snippetHits(servers: readonly NginxServer[]): readonly NginxHit[] {
  const blocks = servers.map(({ directive }) => directive);
  const [at] = blocks;
  if (at === undefined) return [];
  return [
    {
      at,
      servers,
      message:
        "server_tokens is not set in this file; where the http block does not set it either, nginx tells its version",
      fix: `Add to the http block: ${OFF}`,
      ...offIn(blocks),
      also: blocks,
      status: "note",
    },
  ];
}

function offIn(blocks: readonly NginxDirective[]): Pick<NginxHit, "edits"> {
  const [first, ...others] = blocks.flatMap((block) => insertInEdit(block, OFF));
  return first === undefined ? {} : { edits: [first, ...others] };
}

/** None, which stands for the whole configuration, where it is all of them. */
function someOf(servers: readonly NginxServer[], model: NginxModel): readonly NginxServer[] {
  return servers.length === model.servers.filter(isReachable).length ? [] : servers;
}

/** nginx puts its own Server in place of the application's, unless told to pass that. */
export const upstreamServerHeaderPassed: NginxRule = {
  slug: "upstream-server-header-passed",
  status: "warn",
  find: (model) =>
    answeringPlaces(model).flatMap(({ server, path, kind, by }): readonly NginxHit[] => {
      if (kind !== "passed" || !isReachable(server)) return [];
      const at = passedBy(path, by?.name ?? "", "server");
      if (at === undefined) return [];
      return [
        {
          at,
          servers: [server],
          message: "The Server field of the application, with what it tells, is passed on",
          fix: "Take the directive out",
          edits: replaceEdit(at, ""),
          also: by === undefined ? [] : [by],
        },
      ];
    }),
};

export const headersDisclosureProxy = proxyCheck({
  control: headersDisclosure,
  reads:
    "server_tokens of nginx in force for every server (on where it is not set), and *_pass_header Server; ServerTokens of Apache. Caddy, HAProxy and Traefik tell no version.",
  nginx: [serverTokens, upstreamServerHeaderPassed],
  globals: [apacheTokensRule],
  passes: "The proxy tells no version of its own",
  states: proxyStatements,
  unknown: (wanted) => {
    const { sites, globals } = concernOf(wanted);
    const apache = sites.find(({ proxy }) => proxy === "apache");
    // Virtual hosts alone: the server's own file is another one.
    if (apache === undefined || globals.some(({ name }) => name === "ServerTokens"))
      return undefined;
    const detail = `ServerTokens of Apache is in no file that was read beside ${apache.file}`;
    return { code: "not-recorded", detail };
  },
});
