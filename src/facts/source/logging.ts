import type { CallRecord, Machine } from "../../parsers/python/machine.ts";
import { text as textValue, type Value } from "../../parsers/python/value.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { isRemoteHandler, remoteHandlers, remoteRow } from "./log-handlers.ts";
import { LOADS, loggingFileRows } from "./logging-files.ts";
import { standingOf } from "./own-programs.ts";
import {
  entriesOf,
  type LibraryFinding,
  libraryRow,
  type NamedEntry,
  rowsOfFiles,
  runFile,
} from "./python-library.ts";
import type { SourceContext, SourceReader } from "./reader.ts";

const NEEDLE =
  /FileHandler|SysLogHandler|JournalHandler|LokiHandler|SocketHandler|basicConfig|dictConfig|LOGGING\s*[:=]/;
const FILE_HANDLER =
  /(?:^|\.)(?:Watched|Concurrent|Rotating|TimedRotating|ConcurrentRotating)?FileHandler$/;
const ROTATING = /(?:^|\.)(?:Timed|Concurrent)?RotatingFileHandler$/;

/** Handlers, files and levels that Python's `logging` is given in source. */
export const loggingReader: SourceReader = {
  frameworks: "any",
  needles: [NEEDLE, LOADS],
  async read(context): Promise<readonly SourceSetting[]> {
    const rows = await rowsOfFiles(context, NEEDLE, ofFile);
    return [...rows, ...(await loggingFileRows(context)), ...(await logrotate(context))];
  },
};

async function ofFile(context: SourceContext, file: string): Promise<readonly SourceSetting[]> {
  const standing = await standingOf(context, file);
  if (standing === "program") return [];
  const { machine, scope } = await runFile(context, file);
  const configured = [...(scope?.bindings ?? [])].flatMap(([name, binding]) =>
    /^LOGGING(?:_CONFIG)?$/.test(name) && binding.file === file ? [binding.value] : [],
  );
  const calls = ownCalls(machine, file).filter(
    ({ isUnderMain }) => standing === "part" || !isUnderMain,
  );
  const dicts = calls
    .filter(({ path }) => path === "logging.config.dictConfig")
    .flatMap(({ call }) => call.positional.slice(0, 1));
  const rows = calls.flatMap((call) => ofCall(context, call));
  for (const value of [...configured, ...dicts.slice(configured.length)]) {
    rows.push(...ofConfig(context, value, file));
    rows.push(...(await remoteHandlers(context, value, file)));
  }
  return rows;
}

function ownCalls({ calls }: Machine, file: string): readonly CallRecord[] {
  return calls.filter((call) => call.file === file);
}

/** `RotatingFileHandler(path, ...)`, `basicConfig(filename=..., level=...)`. */
function ofCall(context: SourceContext, record: CallRecord): readonly SourceSetting[] {
  const { path, call, file, place } = record;
  const at = { file, line: place.line, column: place.column };
  if (FILE_HANDLER.test(path)) {
    const value = call.positional[0] ?? call.named.get("filename");
    return handlerRows(context, path, value, at);
  }
  if (isRemoteHandler(path)) return [remoteRow(path, file, place.line)];
  if (path !== "logging.basicConfig") return [];
  const filename = call.named.get("filename");
  const level = call.named.get("level");
  return [
    ...(filename === undefined ? [] : handlerRows(context, "logging.FileHandler", filename, at)),
    ...(level === undefined ? [] : [levelRow(context, level, at)]),
  ];
}

type At = Pick<LibraryFinding, "file" | "line" | "column">;

function handlerRows(
  context: SourceContext,
  name: string,
  value: Value | undefined,
  at: At,
): readonly SourceSetting[] {
  const path = value?.kind === "path" ? textValue(value.path, value.origin) : value;
  const held = path ?? textValue("");
  const row = libraryRow(context, {
    slug: "logging.handler",
    property: "log.file",
    name,
    value: held,
    ...at,
  });
  if (!ROTATING.test(name)) return [row];
  return [row, { ...row, slug: "logging.rotation", property: "log.rotation" }];
}

/** The level of one logger by its name: told, and not what the root's is judged by. */
function ownLevelRow(
  context: SourceContext,
  subject: string,
  { value, line }: NamedEntry,
  file: string,
): SourceSetting {
  const { property: _, ...row } = levelRow(context, value, { file, line, column: 1 });
  return { ...row, subject };
}

/** `logging.WARNING` is a name of the library's. */
function levelRow(context: SourceContext, level: Value, at: At): SourceSetting {
  const isName = level.kind === "external" && level.made === undefined;
  const name = isName ? level.path.replace(/^logging\./, "") : undefined;
  const value = name === undefined ? level : textValue(name, level.origin);
  return libraryRow(context, {
    slug: "logging.level",
    property: "log.level",
    name: "level",
    value,
    ...at,
  });
}

/** A dictionary as `logging.config.dictConfig` takes it: its handlers, and the level of the root. */
function ofConfig(context: SourceContext, value: Value, file: string): readonly SourceSetting[] {
  const handlers = entriesOf(value).find(({ name }) => name === "handlers");
  const root = entriesOf(value).find(({ name }) => name === "root");
  const loggers = entriesOf(value).find(({ name }) => name === "loggers");
  // The logger without a name is the root as well.
  const unnamed =
    loggers === undefined ? undefined : entriesOf(loggers.value).find(({ name }) => name === "");
  const level = [root, unnamed]
    .flatMap((each) => (each === undefined ? [] : entriesOf(each.value)))
    .find(isLevel);
  return [
    ...(handlers === undefined ? [] : entriesOf(handlers.value)).flatMap((handler) => {
      const parts = entriesOf(handler.value);
      const made = parts.find(({ name }) => name === "class" || name === "()");
      const type = made?.value;
      if (type?.kind !== "text" || !FILE_HANDLER.test(type.text)) return [];
      const filename = parts.find(({ name }) => name === "filename");
      const at = { file, line: filename?.line ?? handler.line, column: 1 };
      const rows = handlerRows(context, type.text, filename?.value, at);
      if (made === undefined || made.line === at.line) return rows;
      return [classRow(type.text, { ...at, line: made.line }), ...rows];
    }),
    ...(level === undefined
      ? []
      : [levelRow(context, level.value, { file, line: level.line, column: 1 })]),
    ...(loggers === undefined ? [] : entriesOf(loggers.value)).flatMap(
      ({ name, value: logger }) => {
        const own = name === "" ? undefined : entriesOf(logger).find(isLevel);
        return own === undefined ? [] : [ownLevelRow(context, name, own, file)];
      },
    ),
  ];
}

/** The kind of handler, where it stands on a line of its own. */
function classRow(type: string, { file, line }: At): SourceSetting {
  return {
    ...{ slug: "logging.handler", subject: type, file, line, kind: "literal", value: type },
    variables: [],
    resolved: { state: "known", value: type, from: "literal" },
    chain: `${type} <- ${file}:${line}`,
  };
}

function isLevel({ name }: { readonly name: string }): boolean {
  return name === "level";
}

const LOGROTATE = /(?:^|\/)logrotate(?:\.d\/[\w.-]+|[\w.-]*)$|\.logrotate$/;
const LOGROTATE_FILES_MAX = 8;

/** Files for logrotate(8) in the deployment, with the paths they name. */
async function logrotate({ tree, sources }: SourceContext): Promise<readonly SourceSetting[]> {
  const rows: SourceSetting[] = [];
  const files = tree.files.map(({ path }) => path).filter((path) => LOGROTATE.test(path));
  for (const file of files.slice(0, LOGROTATE_FILES_MAX)) {
    const lines = ((await sources.text(file)) ?? "").split("\n");
    for (const [at, line] of lines.entries()) {
      const paths = line.split(/[\s{]+/).filter((word) => word.startsWith("/"));
      if (/^\s*#/.test(line) || paths.length === 0) continue;
      rows.push({
        slug: "logging.logrotate",
        property: "log.rotation",
        subject: "logrotate",
        file,
        line: at + 1,
        kind: "literal",
        value: paths.join(" ").slice(0, 200),
        variables: [],
        resolved: { state: "known", value: paths, from: "literal" },
        chain: `${paths.join(" ").slice(0, 200)} <- ${file}:${at + 1}`,
      });
    }
  }
  return rows;
}
