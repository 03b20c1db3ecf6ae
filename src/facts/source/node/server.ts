import {
  type ScriptValue,
  scriptBoolean,
  scriptNone,
  scriptNumber,
  scriptText,
  scriptUnknown,
} from "../../../parsers/javascript/script-value.ts";
import { identifierOf, keyOf, type SyntaxNode } from "../../../parsers/javascript/syntax.ts";
import { absentRow, type NodeApplication } from "./application.ts";
import { optionOf } from "./options.ts";
import type { ScriptRow } from "./row.ts";
import { calleePath, conditionsOf, type ScriptCall, valuesOf } from "./run.ts";

/** How the server is reached: address, TLS, and what it says of itself. */
export function serverRows(application: NodeApplication): readonly ScriptRow[] {
  return [
    ...application.run.calls.flatMap((call) => [
      ...bindRows(application, call),
      ...tlsRows(application, call),
      ...bodyRows(application, call),
    ]),
    ...poweredByRows(application),
  ];
}

const SERVER_NAME =
  /^(?:app|server|https?|httpServer|httpsServer|https?Server|\w*[sS]erver|fastify|koa|express)$/;

function nameOfReceiver(node: SyntaxNode | undefined): string {
  if (node === undefined) return "";
  return identifierOf(node) ?? keyOf(node, "property") ?? "";
}

/** `listen(port, host)`; without a host every address. */
function bindRows(application: NodeApplication, call: ScriptCall): readonly ScriptRow[] {
  const { run, framework } = application;
  if (call.method !== "listen" || !isServer(application, call)) return [];
  const [first, second] = valuesOf(run.live, call);
  const option = optionOf(first?.kind === "object" ? first : undefined, "host");
  const host = option.state === "given" ? option.value : second;
  const shared = { framework, slug: `${framework}.bind`, name: "listen" } as const;
  if (!isHost(host)) return [{ ...shared, place: call.place, value: scriptText("every address") }];
  const value =
    host.kind === "none" ? { ...scriptText("every address"), origin: host.origin } : host;
  const { place = call.place } = host;
  // Where the address comes from is where it is mended.
  const isElsewhere = place.file !== call.file || place.line !== call.place.line;
  return [call.place, ...(isElsewhere ? [place] : [])].map((at) => ({
    ...shared,
    place: at,
    value,
  }));
}

const MADE = /^(?:express|koa|fastify|https?\.createServer)\(/;

function isServer({ run }: NodeApplication, { receiver, site }: ScriptCall): boolean {
  if (receiver === undefined) return false;
  if (SERVER_NAME.test(nameOfReceiver(receiver))) return true;
  const owner = run.live.evaluate(receiver, site.scope);
  return owner.kind === "external" && MADE.test(owner.path);
}

function isHost(value: ScriptValue | undefined): value is ScriptValue {
  return value !== undefined && value.kind !== "function" && value.kind !== "number";
}

/** `https.createServer(…)`, and what decides whether it is used. */
function tlsRows(application: NodeApplication, call: ScriptCall): readonly ScriptRow[] {
  const { run, framework } = application;
  if (!/^(?:createServer|createSecureServer)$/.test(call.method)) return [];
  const path = calleePath(run, call);
  if (
    path === undefined ||
    !/^(?:https\.createServer|http2\.createSecureServer|spdy\.createServer)$/.test(path)
  )
    return [];
  const conditions = conditionsOf(run, call.site);
  const row: ScriptRow = {
    slug: `${framework}.tls`,
    framework,
    name: path,
    place: call.place,
    value: scriptBoolean(true),
    conditions,
  };
  const decided = conditions.at(-1);
  if (decided?.place === undefined) return [row];
  const value: ScriptValue =
    decided.holds === undefined
      ? { ...scriptUnknown(`it depends on ${decided.text}`), origin: decided.origin }
      : scriptBoolean(decided.holds, decided.origin);
  return [
    row,
    {
      slug: `${framework}.tls`,
      framework,
      name: decided.text,
      place: decided.place,
      value: { ...value, isComposed: true },
    },
  ];
}

/** Parsers of request bodies and how much they take; 100 kB without a limit (body-parser, readme). */
const BODY =
  /^(?:express|body-parser)\.(?:json|urlencoded|raw|text)$|^(?:koa-body|koa-bodyparser|koa-body\.koaBody|@koa\/bodyparser\.bodyParser)$/;
const BODY_DEFAULT_BYTES = 102_400;

function bodyRows(application: NodeApplication, call: ScriptCall): readonly ScriptRow[] {
  const { run, framework } = application;
  if (!/^(?:json|urlencoded|raw|text|koaBody|body\w*)$/i.test(call.method)) return [];
  const path = calleePath(run, call);
  if (path === undefined || !BODY.test(path)) return [];
  const option = optionOf(valuesOf(run.live, call)[0], "limit");
  const shared = {
    slug: `${framework}.body_limit`,
    property: "body.limit-bytes",
    framework,
    name: `${path}.limit`,
  } as const;
  if (option.state === "absent")
    return [
      { ...shared, place: call.place, value: scriptNumber(BODY_DEFAULT_BYTES), isAbsent: true },
    ];
  const place = option.state === "given" ? option.place : call.place;
  return [{ ...shared, place, value: bytesOf(option.value) }];
}

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1_024,
  mb: 1_048_576,
  gb: 1_073_741_824,
};

/** `"10mb"`, as the package `bytes` reads it. */
function bytesOf(value: ScriptValue): ScriptValue {
  if (value.kind !== "text") return value;
  const [, count, unit = ""] = /^(\d{1,12}(?:\.\d{1,6})?) ?([kmg]?b?)$/i.exec(value.text) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  if (count === undefined || factor === undefined) return value;
  return scriptNumber(Math.round(Number(count) * factor), value.origin);
}

/** Express says `X-Powered-By: Express` until it is told not to. */
function poweredByRows(application: NodeApplication): readonly ScriptRow[] {
  const { run, framework } = application;
  if (framework !== "express") return [];
  const found = run.calls.flatMap((call) => {
    if (!/^(?:set|enable|disable)$/.test(call.method)) return [];
    const [name, value] = valuesOf(run.live, call);
    if (name?.kind !== "text" || name.text !== "x-powered-by") return [];
    const isOn = call.method === "enable" || (call.method === "set" && isOnValue(value));
    return [poweredBy(call, isOn, conditionsOf(run, call.site))];
  });
  return found;
}

function isOnValue(value: ScriptValue | undefined): boolean {
  return !(value?.kind === "boolean" && !value.value);
}

function poweredBy(
  call: ScriptCall,
  isOn: boolean,
  conditions: ScriptRow["conditions"] & {},
): ScriptRow {
  return {
    slug: "express.x_powered_by",
    property: "header.x-powered-by",
    framework: "express",
    name: "X-Powered-By",
    place: call.place,
    value: isOn ? scriptText("Express") : scriptNone(),
    conditions,
  };
}

/** What Express does where nothing takes the field away. */
export function defaultPoweredBy(application: NodeApplication): ScriptRow {
  return absentRow(application, {
    slug: "express.x_powered_by",
    property: "header.x-powered-by",
    name: "X-Powered-By",
    value: scriptText("Express"),
  });
}
