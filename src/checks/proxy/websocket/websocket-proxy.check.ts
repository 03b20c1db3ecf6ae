import type { Edit } from "../../../core/check.ts";
import { effectiveScalar, ownDirectives } from "../../../parsers/nginx/inherit.ts";
import type { NginxDirective } from "../../../parsers/nginx/parse.ts";
import { resolveText } from "../../../parsers/nginx/variable.ts";
import { type NginxModel, valueInForce } from "../../nginx/model.ts";
import { isHttpRoute, requestFields, sentField } from "../../nginx/request-fields.ts";
import {
  insertAfterEdit,
  insertInEdit,
  type NginxHit,
  type NginxRule,
  replaceEdit,
} from "../../nginx/rule.ts";
import { type NginxRoute, passRoutes } from "../../nginx/serving.ts";
import { isSince } from "../../nginx/tls-servers.ts";
import { hasUnread } from "../../nginx/unread.ts";
import type { Concern } from "../../proxy-rules/concern.ts";
import { proxyCheck } from "../../proxy-rules/proxy-check.ts";
import { isForWebsocket, siteWebsocketRule } from "../../proxy-sites/protocols.ts";
import { untoldOnRoutes } from "../../proxy-sites/untold.ts";
import { proxyWebsocket } from "./websocket.control.ts";

/** HTTP/1.1 to the application is the default since then (CHANGES of nginx 1.29.7). */
const HTTP11_SINCE = "1.29.7";
const HTTP11 = "proxy_http_version 1.1;";
const UPGRADE = "proxy_set_header Upgrade $http_upgrade;";
const CONNECTION = 'proxy_set_header Connection "upgrade";';

/** A location that is there for WebSocket: it sets Upgrade, or its path says so. */
interface Upgrading {
  readonly route: NginxRoute;
  readonly upgrade?: NginxDirective;
}

const NAMED = /(?:^|[^a-z0-9])(?:ws|wss|websockets?|socket\.io|sockjs|signalr)(?:$|[^a-z0-9])/i;

function upgradingRoutes(model: NginxModel): readonly Upgrading[] {
  return passRoutes(model)
    .filter((route) => isHttpRoute(route) && !route.isInternal)
    .flatMap((route): readonly Upgrading[] => {
      const upgrade = sentField(requestFields(route.path), "upgrade")?.directive;
      if (upgrade !== undefined) return [{ route, upgrade }];
      const name = route.location.value.replaceAll("\\.", ".");
      return NAMED.test(name) ? [{ route }] : [];
    });
}

/** RFC 6455 section 4.1: Upgrade and Connection, in HTTP/1.1. */
export const websocketIncomplete: NginxRule = {
  slug: "websocket-incomplete",
  status: "warn",
  find(model) {
    return upgradingRoutes(model).flatMap(({ route, upgrade }) =>
      upgrade === undefined ? [] : incompleteHits(model, route, upgrade),
    );
  },
};

function incompleteHits(
  model: NginxModel,
  route: NginxRoute,
  upgrade: NginxDirective,
): readonly NginxHit[] {
  const isOld = speaksHttp10(model, route);
  const isClosed = !sendsConnection(route);
  const [edit, ...others] = [
    ...(isOld ? versionEdit(route, upgrade) : []),
    ...(isClosed ? connectionEdit(route, upgrade) : []),
  ];
  if (edit === undefined || hasUnread(route.path)) return [];
  const wanted = [...(isOld ? [HTTP11] : []), ...(isClosed ? [CONNECTION] : [])];
  return [
    {
      at: upgrade,
      also: [route.location.directive],
      servers: [route.server],
      message: incompleteMessage(model, isOld, isClosed),
      fix: `Write in the location: ${wanted.join(" ")}`,
      edits: [edit, ...others],
    },
  ];
}

function speaksHttp10({ version }: NginxModel, { path }: NginxRoute): boolean {
  const set = valueInForce(path, "proxy_http_version");
  return set === undefined ? !isSince(version, HTTP11_SINCE) : set === "1.0";
}

/** `upgrade` in the text, in one of the values of a map, or what the client sent. */
function sendsConnection({ path }: NginxRoute): boolean {
  const connection = sentField(requestFields(path), "connection");
  if (connection === undefined) return false;
  const resolved = resolveText(connection.value, path);
  if (resolved.state === "unresolved") return true;
  return resolved.values.some((value) => /(?:^|[\s,])upgrade(?:$|[\s,])/i.test(value));
}

function versionEdit({ path }: NginxRoute, upgrade: NginxDirective): readonly Edit[] {
  const set = effectiveScalar(path, "proxy_http_version");
  return set === undefined ? insertAfterEdit(upgrade, HTTP11) : replaceEdit(set, HTTP11);
}

function connectionEdit({ path }: NginxRoute, upgrade: NginxDirective): readonly Edit[] {
  const set = requestFields(path).findLast(({ name }) => name === "connection")?.directive;
  return set === undefined ? insertAfterEdit(upgrade, CONNECTION) : replaceEdit(set, CONNECTION);
}

function incompleteMessage({ version }: NginxModel, isOld: boolean, isClosed: boolean): string {
  const old =
    version === undefined
      ? `HTTP/1.0 is spoken to the application, the default before nginx ${HTTP11_SINCE}`
      : "HTTP/1.0 is spoken to the application";
  const faults = [
    ...(isOld ? [old] : []),
    ...(isClosed ? ["Connection is not sent as upgrade"] : []),
  ];
  return `Upgrade is passed on, but ${faults.join(", and ")}`;
}

/** A path meant for WebSocket without Upgrade: clients fall back to polling, or fail. */
export const websocketNotPassed: NginxRule = {
  slug: "websocket-not-passed",
  status: "warn",
  find(model) {
    return upgradingRoutes(model).flatMap(({ route, upgrade }): readonly NginxHit[] => {
      if (upgrade !== undefined || hasUnread(route.path)) return [];
      const { directive, value } = route.location;
      const text = [HTTP11, UPGRADE, CONNECTION].join(" ");
      const own = ownDirectives(route.path, "proxy_set_header").at(-1);
      const [first] = route.passes;
      return [
        {
          at: directive,
          also: [first],
          servers: [route.server],
          message: `${value} looks like a path for WebSocket, but Upgrade is not passed on`,
          fix: `Write in the location: ${text}`,
          ...(own !== undefined &&
            valueInForce(route.path, "proxy_http_version") !== undefined && {
              edits: insertAfterEdit(own, `${UPGRADE}\n${CONNECTION}`),
            }),
        },
      ];
    });
  },
};

const WANTED: readonly (readonly [field: string, text: string])[] = [
  ["host", "proxy_set_header Host $host;"],
  ["x-forwarded-for", "proxy_set_header X-Forwarded-For $remote_addr;"],
  ["x-forwarded-proto", "proxy_set_header X-Forwarded-Proto $scheme;"],
];

/** Applications compare Origin with host and scheme (RFC 6455 section 10.2). */
export const websocketFieldsMissing: NginxRule = {
  slug: "websocket-headers-missing",
  status: "warn",
  find(model) {
    return upgradingRoutes(model).flatMap(({ route, upgrade }): readonly NginxHit[] => {
      const fields = requestFields(route.path);
      const missing = WANTED.filter(([name]) => sentField(fields, name) === undefined);
      if (upgrade === undefined || missing.length === 0 || route.isForeign) return [];
      if (hasUnread(route.path)) return [];
      const text = missing.map(([, one]) => one);
      return [
        {
          at: route.location.directive,
          also: [upgrade],
          servers: [route.server],
          message: `WebSocket connections of ${route.location.value} reach the application without ${missing.map(([name]) => titled(name)).join(", ")}`,
          fix: `Write beside Upgrade: ${text.join(" ")}`,
          edits: insertAfterEdit(upgrade, text.join("\n")),
        },
      ];
    });
  },
};

/** `x-forwarded-for` as it is usually written. */
function titled(name: string): string {
  return name.replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

const LONGER = "proxy_read_timeout 1h;";

/** nginx ends a connection on which the application is silent for 60 s. */
export const websocketTimeout: NginxRule = {
  slug: "websocket-idle-timeout",
  status: "note",
  find(model) {
    return upgradingRoutes(model).flatMap(({ route, upgrade }): readonly NginxHit[] => {
      const isSet = effectiveScalar(route.path, "proxy_read_timeout") !== undefined;
      if (upgrade === undefined || isSet || hasUnread(route.path)) return [];
      return [
        {
          at: route.location.directive,
          servers: [route.server],
          message: `Quiet WebSocket connections of ${route.location.value} are ended after 60 s, the default of proxy_read_timeout`,
          fix: `Write in the location: ${LONGER} or let the application send pings`,
          edits: insertInEdit(route.location.directive, LONGER),
        },
      ];
    });
  },
};

function ifUpgrading({ nginx, sites }: Concern): true | string {
  const isMeant =
    nginx.some(({ model }) => upgradingRoutes(model).length > 0) ||
    sites.some((site) => site.routes.some(isForWebsocket));
  return isMeant || "No location of the proxy is meant for WebSocket";
}

export const proxyWebsocketProxy = proxyCheck({
  control: proxyWebsocket,
  reads:
    "proxy_set_header, proxy_http_version and proxy_read_timeout in force in every location of nginx that sets Upgrade or whose path names WebSocket; with Apache upgrade=websocket, ws:// and rewrites to it on such paths. Caddy, HAProxy and Traefik pass upgrades on by themselves.",
  nginx: [websocketIncomplete, websocketNotPassed, websocketFieldsMissing, websocketTimeout],
  sites: [siteWebsocketRule],
  untold: [untoldOnRoutes(({ websocket }) => websocket)],
  passes: "WebSocket connections are passed on with all they need",
  applies: ifUpgrading,
});
