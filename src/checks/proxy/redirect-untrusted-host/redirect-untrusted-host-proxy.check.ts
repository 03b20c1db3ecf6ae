import { answerNginx } from "../../../parsers/nginx/answer.ts";
import type { NginxOutcome } from "../../../parsers/nginx/answer-outcome.ts";
import { findDirectives } from "../../../parsers/nginx/inherit.ts";
import { directiveText, type NginxDirective } from "../../../parsers/nginx/parse.ts";
import type { NginxServer, NginxSocket } from "../../../parsers/nginx/server.ts";
import type { NginxModel } from "../../nginx/model.ts";
import { NO_NAME } from "../../nginx/plain-answers.ts";
import { sampleHosts, sampleTargets } from "../../nginx/probes.ts";
import { type NginxHit, type NginxRule, replaceEdit } from "../../nginx/rule.ts";
import { sidesOf } from "../../nginx/sides.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { proxyRedirectUntrustedHost } from "./redirect-untrusted-host.control.ts";

/** A redirect made of a name nobody has vouched for. */
export const redirectUntrustedHost: NginxRule = {
  slug: "redirect-untrusted-host",
  status: "warn",
  find(model) {
    const echoes = echoHits(model);
    const told = new Set(echoes.map(({ at }) => at));
    return [...echoes, ...rawHostHits(model).filter(({ at }) => !told.has(at))];
  },
};

/** Asked by a name that is nobody's, a server that takes all redirects to that very name. */
function echoHits(model: NginxModel): readonly NginxHit[] {
  const sides = [...sidesOf(model).values()];
  const tls = new Set(sides.flatMap((side) => side.tls));
  const plain = new Set(sides.flatMap((side) => side.plain));
  return [
    ...[...tls].flatMap((socket) => echoesOn(model, socket, "https")),
    ...[...plain].flatMap((socket) => echoesOn(model, socket, "http")),
  ];
}

function echoesOn(
  model: NginxModel,
  socket: NginxSocket,
  scheme: "http" | "https",
): readonly NginxHit[] {
  const { address, port, defaultServer } = socket;
  const asked = { scheme, address, port, host: NO_NAME, fields: [] } as const;
  return sampleTargets(defaultServer)
    .flatMap((target) => answerNginx(model.servers, { ...asked, target }).outcomes)
    .flatMap((outcome) => echoHit(outcome, socket));
}

function echoHit({ content, server, by }: NginxOutcome, socket: NginxSocket): readonly NginxHit[] {
  if (content.kind !== "redirect" || server === undefined) return [];
  const isEcho = /^https?:\/\/plimsoll\.invalid(?:[:/?#]|$)/.test(content.target.text);
  // Of a path alone nginx itself makes an address of this server.
  if (!isEcho || isPath(content.at)) return [];
  return by === "default" && !takesAllByIntent(server, socket) ? [] : [hitOf(content.at, server)];
}

function isPath({ name, args }: NginxDirective): boolean {
  const target = name === "rewrite" ? args[1] : args.at(-1);
  const isTold = name === "return" || name === "rewrite" || name === "error_page";
  return !isTold || /^(?:\/|\$(?:uri|request_uri|document_uri)\b)/.test(target?.text ?? "");
}

/** The first server of a socket takes what fits none by accident; it is the matter of proxy.default-server. */
function takesAllByIntent(server: NginxServer, { listens, address, port }: NginxSocket): boolean {
  const isMarked = server.listens.some(
    (one) =>
      one.isDefaultServer && one.address === address && one.port === port && listens.includes(one),
  );
  return isMarked || sampleHosts(server).length === 0;
}

function hitOf(at: NginxDirective, server: NginxServer): NginxHit {
  const [name] = sampleHosts(server);
  return {
    at,
    servers: [server],
    message: "The redirect leads to whatever name it was asked by, and the server takes every name",
    fix: `Name the site: return 301 https://${name ?? "example.com"}$request_uri; and let a server with default_server answer every other name by return 444;`,
    also: [server.directive],
  };
}

const TARGET_OF_RAW_HOST = /^(?:https?|\$scheme|\$\{scheme\}):\/\/\$(?:http_host\b|\{http_host\})/;

/** `$host` is one of the server's names where it has any; `$http_host` is not even that. */
function rawHostHits(model: NginxModel): readonly NginxHit[] {
  return [...sidesOf(model)]
    .filter(([, { tls, plain }]) => tls.length + plain.length > 0)
    .flatMap(([server]) =>
      findDirectives(server.path, "return", "rewrite", "error_page")
        .filter(({ directive }) => directive.args.some(({ text }) => TARGET_OF_RAW_HOST.test(text)))
        .map(({ directive: at }): NginxHit => {
          const better = directiveText(at).replace(
            /\$(?:http_host\b|\{http_host\})/,
            () => "$host",
          );
          return {
            at,
            servers: [server],
            message: "The redirect is made of $http_host, which is whatever the client wrote",
            fix: `Write: ${better}`,
            edits: replaceEdit(at, better),
          };
        }),
    );
}

export const proxyRedirectUntrustedHostProxy = proxyCheck({
  control: proxyRedirectUntrustedHost,
  reads:
    "What nginx answers to a name that is nobody's on every socket, and return, rewrite and error_page made of $http_host.",
  nginx: [redirectUntrustedHost],
  passes: "No redirect leads to a name the client made up",
});
