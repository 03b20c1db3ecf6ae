import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import type { HttpAsking } from "../core/fact.ts";
import { parsePreloadList } from "../facts/http/preload-list.ts";
import type { OptionDefinitions, Options } from "./command.ts";
import { type CliIo, UsageError } from "./io.ts";

/** How live targets are asked for pages; for every command that does. */
export const HTTP_OPTIONS = {
  header: {
    type: "string",
    multiple: true,
    value: "NAME:VALUE",
    help: "send this field to the audited host, over https only (repeatable); never shown",
  },
  path: {
    type: "string",
    multiple: true,
    value: "PATH",
    help: "also look at this page of the site (repeatable)",
  },
  "http-port": { type: "string", value: "N", help: "port of the http side (default 80)" },
  "https-port": { type: "string", value: "N", help: "port of the https side (default 443)" },
  "max-time": {
    type: "string",
    value: "SECONDS",
    help: "limit for each side's answers, redirects together (default 10)",
  },
  "hsts-preload": {
    type: "string",
    value: "FILE",
    help: "HSTS preload list as JSON; without it a host's state is unknown",
  },
  "fetch-external": {
    type: "boolean",
    help: "allow fetching scripts and styles of other sites",
  },
} as const satisfies OptionDefinitions;

const SIDE_SECONDS_MAX = 15;
const PORT_MAX = 65_535;
/** RFC 9110 section 5.1. */
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What the request itself is made of. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "accept-encoding",
  "upgrade",
]);

/** What the operator says about requests. Throws `UsageError`; its text never holds a field's value. */
export function httpAsking(options: Options, io: CliIo): HttpAsking {
  const sideMs = sideLimit(options.text("max-time"));
  const file = options.text("hsts-preload");
  const http = portOf(options, "http-port");
  const https = portOf(options, "https-port");
  return {
    fields: options.texts("header").map(parseField),
    paths: options.texts("path").map(parsePath),
    ports: { ...(http !== undefined && { http }), ...(https !== undefined && { https }) },
    ...(sideMs !== undefined && { sideMs }),
    ...(file !== undefined && { preload: readPreloadList(resolve(io.directory, file)) }),
    isExternalFetched: options.isOn("fetch-external"),
  };
}

function parseField(text: string): readonly [string, string] {
  const colon = text.indexOf(":");
  const name = text.slice(0, Math.max(colon, 0)).trim();
  const value = text.slice(colon + 1).trim();
  if (!FIELD_NAME.test(name)) throw new UsageError("--header takes NAME:VALUE");
  if (OWN_FIELDS.has(name.toLowerCase())) {
    throw new UsageError(`--header cannot set ${name}: the request needs it as it is`);
  }
  // Anything else would end the field, or be no latin-1.
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
    throw new UsageError(`--header ${name}: the value holds characters no field may hold`);
  }
  return [name, value];
}

function parsePath(text: string): string {
  const url = URL.parse(text, "http://path.invalid/");
  if (!text.startsWith("/") || text.startsWith("//") || url?.host !== "path.invalid") {
    throw new UsageError(`--path takes an absolute path like /login, not "${text}"`);
  }
  return url.pathname + url.search;
}

function portOf(options: Options, name: "http-port" | "https-port"): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= PORT_MAX) return port;
  throw new UsageError(`--${name} takes a port from 1 to ${PORT_MAX}, not "${text}"`);
}

function sideLimit(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (seconds > 0 && seconds <= SIDE_SECONDS_MAX) return Math.ceil(seconds * 1_000);
  throw new UsageError(`--max-time takes seconds from 0 to ${SIDE_SECONDS_MAX}, not "${text}"`);
}

function readPreloadList(path: string): NonNullable<HttpAsking["preload"]> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--hsts-preload: ${reason}`, { cause: error });
  }
  const list = parsePreloadList(text);
  if (list === undefined) throw new UsageError(`--hsts-preload: ${path} holds no preload list`);
  return list;
}
