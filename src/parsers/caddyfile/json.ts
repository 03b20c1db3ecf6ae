import { LineCounter, parseDocument } from "yaml";

import { routeOf } from "./json-handlers.ts";
import {
  at,
  directive,
  entries,
  type JsonReader,
  lineOf,
  list,
  textOf,
  texts,
} from "./json-nodes.ts";
import type { CaddyDirective, Caddyfile, CaddySite } from "./parse.ts";
import type { CaddyToken } from "./tokenize.ts";

const CHARACTERS_MAX = 8_000_000;

/**
 * Caddy's native configuration as the Caddyfile that says the same: every server's routes become sites,
 * one for each set of hosts, and run as they are written (`route`). Lines are those of the JSON text.
 * Handlers without a directive keep their own name.
 */
export function parseCaddyJson(file: string, text: string): Caddyfile {
  const nothing = { globalOptions: [], sites: [], namedRoutes: [], unresolved: [], files: [file] };
  const refused = (line: number, message: string): Caddyfile => ({
    ...nothing,
    problems: [{ file, line, message, isRefused: true }],
  });
  if (text.length > CHARACTERS_MAX) return refused(1, "the JSON is too long");
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      logLevel: "silent",
      schema: "json",
    });
    const [error] = document.errors;
    if (error !== undefined)
      return refused(
        error.linePos?.[0].line ?? 1,
        (error.message.split("\n", 1)[0] ?? "").slice(0, 200),
      );
    const reader: JsonReader = { file, lines, routes: 0, matchers: 0 };
    const root = document.contents;
    const http = at(root, "apps", "http");
    const servers = entries(at(http, "servers"));
    return {
      ...nothing,
      globalOptions: globalsOf(reader, root),
      sites: servers.flatMap(({ value }) => sitesOf(reader, value)),
      problems: [],
    };
  } catch (error) {
    // The library recurses: text nested thousands deep ends in a RangeError.
    if (error instanceof RangeError) return refused(1, "the JSON is nested too deep");
    throw error;
  }
}

/** Options that a Caddyfile would hold in its first block. */
function globalsOf(reader: JsonReader, root: unknown): readonly CaddyDirective[] {
  const admin = at(root, "admin");
  const listen = textOf(at(admin, "listen"));
  const isOff = textOf(at(admin, "disabled")) === "true";
  const demand = at(root, "apps", "tls", "automation", "on_demand");
  const asks = at(demand, "ask") ?? at(demand, "permission");
  const http = at(root, "apps", "http");
  const ports = (["http_port", "https_port"] as const).flatMap((name) => {
    const port = textOf(at(http, name));
    return port === undefined ? [] : [directive(reader, at(http, name), name, [port])];
  });
  const trusted = entries(at(http, "servers")).flatMap(({ value }) => {
    const ranges = texts(at(value, "trusted_proxies", "ranges"));
    return ranges.length === 0
      ? []
      : [
          directive(
            reader,
            value,
            "servers",
            [],
            [
              directive(reader, at(value, "trusted_proxies"), "trusted_proxies", [
                "static",
                ...ranges,
              ]),
            ],
          ),
        ];
  });
  return [
    ...(isOff ? [directive(reader, admin, "admin", ["off"])] : []),
    ...(!isOff && listen !== undefined
      ? [directive(reader, at(admin, "listen"), "admin", [listen])]
      : []),
    ...(asks === undefined
      ? []
      : [
          directive(
            reader,
            demand,
            "on_demand_tls",
            [],
            [directive(reader, asks, "ask", texts(asks))],
          ),
        ]),
    ...ports,
    ...trusted,
  ];
}

/** Whether a text is JSON: no Caddyfile begins with a quoted word in a block. */
export function isCaddyJson(text: string): boolean {
  return /^\uFEFF?\s{0,1000}\{\s{0,1000}"/.test(text);
}

/** One site for each set of hosts among a server's routes; what has none answers every name. */
function sitesOf(reader: JsonReader, server: unknown): readonly CaddySite[] {
  const listens = texts(at(server, "listen"));
  const hasPolicies = list(at(server, "tls_connection_policies")).length > 0;
  const isPlain = textOf(at(server, "automatic_https", "disable")) === "true" && !hasPolicies;
  const groups = new Map<
    string,
    { readonly hosts: readonly string[]; readonly routes: unknown[] }
  >();
  for (const route of list(at(server, "routes"))) {
    const hosts = list(at(route, "match")).flatMap((match) => texts(at(match, "host")));
    const group = groups.get(hosts.join(" ")) ?? { hosts, routes: [] };
    group.routes.push(route);
    groups.set(hosts.join(" "), group);
  }
  return [...groups.values()].map(({ hosts, routes }) => {
    const [first] = routes;
    const line = lineOf(reader, first ?? server);
    const names = hosts.length === 0 ? [""] : hosts;
    const ports = listens.map((listen) => /:(\d{1,5})$/.exec(listen)?.[1] ?? "");
    const binds = listens.flatMap(
      (listen) => /^(?:tcp[46]?\/)?(.+):\d{1,5}$/.exec(listen)?.[1] ?? [],
    );
    const scheme = (port: string) => (isPlain || port === "80" ? "http://" : "");
    const addresses = names.flatMap((name) =>
      ports.map((port) => `${scheme(port)}${name}:${port}`),
    );
    const isTlsForAll = hasPolicies && hosts.length === 0;
    return {
      addresses: addresses.map(
        (text): CaddyToken => ({
          text,
          quote: "",
          startsLine: true,
          file: reader.file,
          line,
          column: 1,
        }),
      ),
      directives: [
        ...(binds.length > 0 ? [directive(reader, server, "bind", binds)] : []),
        // With policies of its own the server ends TLS whatever it is called.
        ...(isTlsForAll
          ? [directive(reader, server, "tls", [], [directive(reader, server, "load", ["/"])])]
          : []),
        ...(at(server, "logs") === undefined ? [] : [directive(reader, at(server, "logs"), "log")]),
        directive(
          reader,
          first ?? server,
          "route",
          [],
          routes.flatMap((route) => routeOf(reader, route, 0)),
        ),
      ],
      file: reader.file,
      line,
    };
  });
}
