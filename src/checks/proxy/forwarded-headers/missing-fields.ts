import { directiveText, type NginxDirective } from "../../../parsers/nginx/parse.ts";
import type { NginxModel } from "../../nginx/model.ts";
import { isHttpRoute, lostFields, requestFields, sentField } from "../../nginx/request-fields.ts";
import { insertAfterEdit, insertInEdit, type NginxHit, type NginxRule } from "../../nginx/rule.ts";
import { type NginxRoute, passRoutes } from "../../nginx/serving.ts";
import { handshakingServers } from "../../nginx/tls-servers.ts";
import { hasUnread } from "../../nginx/unread.ts";

/** Routes that lead to an application over HTTP; sub-requests and other services need no forwarded fields. */
export function applicationRoutes(model: NginxModel): readonly NginxRoute[] {
  return passRoutes(model).filter(
    (route) =>
      isHttpRoute(route) && !route.isInternal && !route.isForeign && !hasUnread(route.path),
  );
}

/** Fields by which an application knows whom it serves. */
const IDENTIFYING: ReadonlySet<string> = new Set([
  "host",
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
]);

/** A location with one proxy_set_header of its own has none of the outer ones. */
export const proxyHeadersLost: NginxRule = {
  slug: "proxy-headers-lost",
  status: "warn",
  find(model) {
    return applicationRoutes(model).flatMap((route): readonly NginxHit[] => {
      const lost = lostIn(route);
      const found = lostFields(route.path);
      if (found === undefined || lost.length === 0) return [];
      const text = found.lost.map(({ directive }) => directiveText(directive));
      return [
        {
          at: found.at,
          also: [...lost.map(({ directive }) => directive), route.location.directive],
          servers: [route.server],
          message: `proxy_set_header here drops the outer ones: ${lost.map(({ directive }) => directive.args[0]?.text).join(", ")} do not reach the application`,
          fix: `Write here too: ${text.join(" ")}`,
          edits: insertAfterEdit(found.at, text.join("\n")),
        },
      ];
    });
  },
};

function lostIn({ path }: NginxRoute): readonly {
  readonly name: string;
  readonly directive: NginxDirective;
}[] {
  return lostFields(path)?.lost.filter(({ name }) => IDENTIFYING.has(name)) ?? [];
}

/** Other fields applications learn the scheme from. */
const SCHEME_FIELDS: readonly string[] = [
  "x-forwarded-proto",
  "x-forwarded-protocol",
  "x-forwarded-ssl",
  "x-forwarded-scheme",
  "x-scheme",
  "x-url-scheme",
  "front-end-https",
  "forwarded",
];

const PROTO = "proxy_set_header X-Forwarded-Proto $scheme;";

/** A server that ends TLS and hands on plain HTTP: the application takes every request for an insecure one. */
export const forwardedProtoMissing: NginxRule = {
  slug: "forwarded-proto-missing",
  status: "warn",
  find(model) {
    const tls = handshakingServers(model);
    return applicationRoutes(model).flatMap((route): readonly NginxHit[] => {
      if (!tls.has(route.server) || isTlsRoute(route)) return [];
      const isSet = sentField(requestFields(route.path), ...SCHEME_FIELDS) !== undefined;
      if (isSet || lostIn(route).some(({ name }) => SCHEME_FIELDS.includes(name))) return [];
      return [missingHit(route, ["X-Forwarded-Proto"], "it is taken for plain HTTP", [PROTO])];
    });
  },
};

/** The application itself ends a TLS connection and knows the scheme by that. */
function isTlsRoute({ passes }: NginxRoute): boolean {
  return passes.every(({ args }) => args[0]?.text.startsWith("https://") ?? false);
}

const WANTED: readonly (readonly [name: string, others: readonly string[], text: string])[] = [
  ["Host", [], "proxy_set_header Host $host;"],
  ["X-Real-IP", [], "proxy_set_header X-Real-IP $remote_addr;"],
  ["X-Forwarded-For", ["forwarded"], "proxy_set_header X-Forwarded-For $remote_addr;"],
];

export const forwardedHeaderMissing: NginxRule = {
  slug: "forwarded-header-missing",
  status: "warn",
  find(model) {
    return applicationRoutes(model).flatMap((route): readonly NginxHit[] => {
      const fields = requestFields(route.path);
      const lost = new Set(lostIn(route).map(({ name }) => name));
      const missing = WANTED.filter(
        ([name, others]) =>
          !lost.has(name.toLowerCase()) &&
          sentField(fields, name.toLowerCase(), ...others) === undefined,
      );
      if (missing.length === 0) return [];
      const names = missing.map(([name]) => name);
      const what = missingEffect(names, sentField(fields, ...CLIENT_FIELDS) !== undefined);
      return [
        missingHit(
          route,
          names,
          what,
          missing.map(([, , text]) => text),
        ),
      ];
    });
  },
};

const CLIENT_FIELDS: readonly string[] = ["x-real-ip", "x-forwarded-for", "forwarded"];

function missingEffect(names: readonly string[], isClientTold: boolean): string {
  if (!names.some((name) => name !== "Host")) return "it does not know its name";
  return isClientTold
    ? "where a client sends one, that is passed on, and an application may believe it"
    : "it cannot tell clients apart";
}

function missingHit(
  { server, path, location, passes: [pass] }: NginxRoute,
  names: readonly string[],
  what: string,
  text: readonly string[],
): NginxHit {
  const last = requestFields(path).at(-1)?.directive;
  return {
    at: location.directive,
    also: [pass],
    servers: [server],
    message: `Requests to ${location.value} reach the application without ${names.join(", ")}: ${what}`,
    fix: `Write in the location, beside its other proxy_set_header: ${text.join(" ")}`,
    edits:
      last === undefined
        ? insertInEdit(location.directive, text.join("\n"))
        : insertAfterEdit(last, text.join("\n")),
  };
}
