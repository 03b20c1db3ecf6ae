import {
  type ScriptValue,
  scriptText,
  scriptUnknown,
} from "../../../parsers/javascript/script-value.ts";
import type { Framework } from "../../application.fact.ts";
import type { SourceProperty } from "../../source-settings.fact.ts";
import { type LibraryCall, libraryCalls } from "./library-calls.ts";
import { firstOption, type Option, optionOf } from "./options.ts";
import type { ScriptRow } from "./row.ts";
import { conditionsOf, type ScriptRun } from "./run.ts";

const LOGGERS =
  /^(?:winston\.createLogger|winston\.configure|pino(?:\.(?:default|pino))?|bunyan\.createLogger|log4js\.configure)$/;
/** Transports that write a file; with the options that say how large it may grow. */
const FILES =
  /^(?:winston\.transports\.(?:File|DailyRotateFile)|winston-daily-rotate-file(?:\.default)?|pino\.destination|file-stream-rotator\.getStream|rotating-file-stream\.createStream)$/;
const ROTATING =
  /DailyRotateFile|winston-daily-rotate-file|file-stream-rotator|rotating-file-stream/;
const REMOTE =
  /^(?:winston\.transports\.(?:Http|Syslog|Loki|MongoDB)|winston-(?:syslog\.Syslog|loki|mongodb\.MongoDB|cloudwatch|elasticsearch\.ElasticsearchTransport)|@logtail\/winston\.LogtailTransport|@google-cloud\/logging-winston\.LoggingWinston)$/;
/** Targets of pino's transports that hand lines on to another program. */
const REMOTE_TARGET =
  /^pino-(?:loki|syslog|socket|elasticsearch|datadog\S*|mongodb|cloudwatch|http-send|logflare)$/;
const ROTATING_OPTIONS = [
  "maxsize",
  "maxSize",
  "maxLogSize",
  "period",
  "size",
  "interval",
] as const;
const ENTRIES_MAX = 16;

/** Levels, files and other ends of the loggers of Node: winston, pino, bunyan, log4js. */
export function loggerRows(run: ScriptRun, framework: Framework): readonly ScriptRow[] {
  return [
    ...libraryCalls(run, LOGGERS).flatMap((library) => ofLogger(run, library, framework)),
    ...libraryCalls(run, FILES).flatMap((library) => ofFile(run, library, framework)),
    ...libraryCalls(run, REMOTE).map((library) => rowOf(run, library, framework, library.path)),
  ];
}

type Shared = Pick<ScriptRow, "framework" | "conditions" | "place">;

function sharedOf(run: ScriptRun, { call }: LibraryCall, framework: Framework): Shared {
  return { framework, conditions: conditionsOf(run, call.site), place: call.place };
}

function rowOf(
  run: ScriptRun,
  library: LibraryCall,
  framework: Framework,
  type: string,
): ScriptRow {
  return remoteRow(sharedOf(run, library, framework), type);
}

function remoteRow(shared: Shared, type: string): ScriptRow {
  return {
    ...shared,
    ...{ slug: "logging.handler", property: "log.remote", name: type, subject: type },
    value: scriptText(type),
  };
}

function ofLogger(
  run: ScriptRun,
  library: LibraryCall,
  framework: Framework,
): readonly ScriptRow[] {
  const shared = sharedOf(run, library, framework);
  const options = library.values.find(({ kind }) => kind === "object");
  const level = optionOf(options, "level");
  return [
    ...optionRow(shared, level, "logging.level", "log.level", `${library.path}.level`),
    ...destinations(options).flatMap((each) => ofDestination(shared, each)),
  ];
}

function optionRow(
  shared: Shared,
  option: Option,
  slug: string,
  property: SourceProperty,
  name: string,
): readonly ScriptRow[] {
  if (option.state === "absent") return [];
  const place = option.state === "given" ? option.place : shared.place;
  return [{ ...shared, slug, property, name, place, value: option.value }];
}

/** `streams` of bunyan, `appenders` of log4js, `transport` and its `targets` of pino. */
function destinations(options: ScriptValue | undefined): readonly ScriptValue[] {
  const streams = firstOption(options, ["streams", "transport.targets", "appenders", "transport"]);
  if (streams.state !== "given") return [];
  const { value } = streams;
  if (value.kind === "list") return value.items.slice(0, ENTRIES_MAX);
  const isOne = value.kind === "object" && value.members.has("target");
  if (value.kind !== "object" || isOne) return [value];
  return [...value.members.values()].slice(0, ENTRIES_MAX).map((member) => member.value);
}

function ofDestination(shared: Shared, value: ScriptValue): readonly ScriptRow[] {
  const type = textOf(optionOf(value, "type"));
  const target = textOf(optionOf(value, "target"));
  if (target !== undefined && REMOTE_TARGET.test(target)) {
    const option = optionOf(value, "target");
    return [
      remoteRow(option.state === "given" ? { ...shared, place: option.place } : shared, target),
    ];
  }
  const path = firstOption(value, ["path", "filename", "options.destination", "options.file"]);
  if (path.state !== "given") return [];
  const file: ScriptRow = { ...shared, ...FILE, place: path.place, value: path.value };
  const isRotated =
    type === "rotating-file" ||
    type === "dateFile" ||
    target === "pino-roll" ||
    firstOption(value, ["maxLogSize"]).state === "given";
  return isRotated ? [file, { ...file, ...ROTATION }] : [file];
}

function textOf(option: Option): string | undefined {
  return option.state === "given" && option.value.kind === "text" ? option.value.text : undefined;
}

const FILE = { slug: "logging.handler", property: "log.file", name: "file" } as const;
const ROTATION = { slug: "logging.rotation", property: "log.rotation" } as const;

/** `new winston.transports.File({ filename, maxsize })`, `pino.destination("/var/log/app.log")`. */
function ofFile(run: ScriptRun, library: LibraryCall, framework: Framework): readonly ScriptRow[] {
  const shared = sharedOf(run, library, framework);
  const [first] = library.values;
  const path =
    first?.kind === "text" ? first : fileOf(firstOption(first, ["filename", "dest", "path"]));
  const file: ScriptRow = { ...shared, ...FILE, value: path };
  const isRotated =
    ROTATING.test(library.path) || firstOption(first, ROTATING_OPTIONS).state === "given";
  return isRotated ? [file, { ...file, ...ROTATION }] : [file];
}

function fileOf(option: Option): ScriptValue {
  return option.state === "absent" ? scriptUnknown("which file is not said") : option.value;
}
