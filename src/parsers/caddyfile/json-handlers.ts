import { at, directive, entries, type JsonReader, list, textOf, texts } from "./json-nodes.ts";
import type { CaddyDirective } from "./parse.ts";

/** Handlers within handlers, and routes of one file. */
const NESTING_MAX = 64;
const ROUTES_MAX = 10_000;

/** A route's handlers behind its matchers; several sets of matchers are any of them. */
export function routeOf(
  reader: JsonReader,
  route: unknown,
  depth: number,
): readonly CaddyDirective[] {
  reader.routes += 1;
  if (depth > NESTING_MAX || reader.routes > ROUTES_MAX) return [];
  const handlers = list(at(route, "handle")).flatMap((handler) =>
    handlerOf(reader, handler, depth),
  );
  const sets = list(at(route, "match")).map((set) => matcherOf(reader, set));
  const real = sets.filter((parts) => parts.length > 0);
  if (real.length === 0) return handlers;
  return real.flatMap((parts) => {
    reader.matchers += 1;
    const name = `@m${reader.matchers}`;
    return [
      directive(reader, route, name, [], parts),
      directive(reader, route, "route", [name], handlers),
    ];
  });
}

/** Parts of a matcher set under the names the Caddyfile has for them; hosts are the site's. */
function matcherOf(reader: JsonReader, set: unknown): readonly CaddyDirective[] {
  return entries(set).flatMap(({ key, value }): readonly CaddyDirective[] => {
    switch (key) {
      case "host":
        return [];
      case "path":
      case "protocol":
        return [directive(reader, value, key, texts(value))];
      case "path_regexp":
        return [directive(reader, value, key, texts(at(value, "pattern")))];
      case "remote_ip":
      case "client_ip":
        return [directive(reader, value, key, texts(at(value, "ranges")))];
      case "not":
        return list(value).map((inner) =>
          directive(reader, value, "not", [], matcherOf(reader, inner)),
        );
      default:
        return [directive(reader, value, key, texts(value))];
    }
  });
}

function handlerOf(reader: JsonReader, handler: unknown, depth: number): readonly CaddyDirective[] {
  const name = textOf(at(handler, "handler")) ?? "";
  const make = (as: string, args: readonly string[] = [], block?: readonly CaddyDirective[]) => [
    directive(reader, handler, as, args, block),
  ];
  switch (name) {
    case "subroute": {
      const routes = list(at(handler, "routes"));
      return make(
        "route",
        [],
        routes.flatMap((route) => routeOf(reader, route, depth + 1)),
      );
    }
    case "static_response": {
      const status = textOf(at(handler, "status_code")) ?? "200";
      const location = texts(at(handler, "headers", "Location"))[0];
      return location === undefined
        ? make("respond", ["*", status])
        : make("redir", ["*", location, status]);
    }
    case "reverse_proxy":
      return make("reverse_proxy", upstreamsOf(handler), proxyBlock(reader, handler));
    case "file_server":
      return make("file_server", [], fileBlock(reader, handler));
    case "headers":
      return headerLines(reader, at(handler, "response"), "header").concat(
        headerLines(reader, at(handler, "request"), "request_header"),
      );
    case "request_body":
      return make(
        "request_body",
        [],
        [directive(reader, handler, "max_size", texts(at(handler, "max_size")))],
      );
    case "vars": {
      const root = textOf(at(handler, "root"));
      return root === undefined ? [] : make("root", ["*", root]);
    }
    case "authentication":
      return make("basic_auth");
    default:
      return make(name);
  }
}

function upstreamsOf(handler: unknown): readonly string[] {
  const isTls = at(handler, "transport", "tls") !== undefined;
  return list(at(handler, "upstreams")).flatMap((one) => {
    const dial = textOf(at(one, "dial"));
    return dial === undefined
      ? []
      : [isTls && !dial.startsWith("unix/") ? `https://${dial}` : dial];
  });
}

function proxyBlock(reader: JsonReader, handler: unknown): readonly CaddyDirective[] {
  const tls = at(handler, "transport", "tls");
  const skips = textOf(at(tls, "insecure_skip_verify")) === "true";
  const trusted = texts(at(handler, "trusted_proxies"));
  const inner = skips
    ? [directive(reader, at(tls, "insecure_skip_verify"), "tls_insecure_skip_verify")]
    : [directive(reader, tls, "tls")];
  return [
    ...(tls === undefined ? [] : [directive(reader, tls, "transport", ["http"], inner)]),
    ...(trusted.length > 0
      ? [directive(reader, at(handler, "trusted_proxies"), "trusted_proxies", trusted)]
      : []),
    ...headerLines(reader, at(handler, "headers", "request"), "header_up"),
    ...headerLines(reader, at(handler, "headers", "response"), "header_down"),
  ];
}

function fileBlock(reader: JsonReader, handler: unknown): readonly CaddyDirective[] {
  const root = textOf(at(handler, "root"));
  const browse = at(handler, "browse");
  const hide = texts(at(handler, "hide"));
  return [
    ...(root === undefined ? [] : [directive(reader, handler, "root", [root])]),
    ...(browse === undefined ? [] : [directive(reader, browse, "browse")]),
    ...(hide.length > 0 ? [directive(reader, at(handler, "hide"), "hide", hide)] : []),
  ];
}

/** `set`, `add` and `delete` as lines of a directive. */
function headerLines(
  reader: JsonReader,
  operations: unknown,
  name: string,
): readonly CaddyDirective[] {
  const fields = (key: string, sign: string) =>
    entries(at(operations, key)).flatMap(({ key: field, value }) =>
      texts(value).map((text) => directive(reader, value, name, [`${sign}${field}`, text])),
    );
  const gone = texts(at(operations, "delete")).map((field) =>
    directive(reader, at(operations, "delete"), name, [`-${field}`]),
  );
  return [...fields("set", ""), ...fields("add", "+"), ...gone];
}
