import type { Statement } from "../../parsers/python/syntax.ts";
import type { Value } from "../../parsers/python/value.ts";
import { expressionsIn, statementsIn } from "../../parsers/python/walk.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { entriesOf, type NamedEntry } from "./python-library.ts";
import type { SourceContext } from "./reader.ts";

/** Handlers of Python's own and of known libraries that hand lines to another program or machine. */
const REMOTE =
  /(?:^|\.)(?:SysLogHandler|SocketHandler|DatagramHandler|HTTPHandler|Journald?(?:Log)?Handler|Loki(?:Queue)?Handler|GELF\w*Handler|\w*LogstashHandler|CloudWatchLogHandler|CloudLoggingHandler|\w*FluentHandler|\w*SplunkHandler|DatabaseLogHandler|AzureLogHandler|LogtailHandler|DatadogHTTPHandler|SeqLogHandler)$/;
/** How code keeps a record in a database (Django, SQLAlchemy, DB-API, MongoDB). */
const STORES =
  /^(?:create|bulk_create|save|add|execute|executemany|insert|insert_one|insert_many)$/;

/** Whether a handler of this class hands what is logged to another program. */
export function isRemoteHandler(type: string): boolean {
  return REMOTE.test(type);
}

/** Handlers of a configuration that write to the network or to a database, and that a logger uses. */
export async function remoteHandlers(
  context: SourceContext,
  config: Value,
  file: string,
): Promise<readonly SourceSetting[]> {
  const entries = entriesOf(config);
  const handlers = entries.find(({ name }) => name === "handlers");
  if (handlers === undefined) return [];
  const used = usedHandlers(entries);
  const rows: SourceSetting[] = [];
  for (const handler of entriesOf(handlers.value)) {
    const made = entriesOf(handler.value).find(({ name }) => name === "class" || name === "()");
    if (made?.value.kind !== "text" || !used.has(handler.name)) continue;
    const type = made.value.text;
    if (isRemoteHandler(type) || (await keepsRecords(context, type)))
      rows.push(remoteRow(type, file, made.line));
  }
  return rows;
}

/** Names of the handlers that the root and the loggers are given. */
function usedHandlers(entries: readonly NamedEntry[]): ReadonlySet<string> {
  const loggers = entries.find(({ name }) => name === "loggers");
  const root = entries.find(({ name }) => name === "root");
  const all = [...(loggers === undefined ? [] : entriesOf(loggers.value)), ...(root ? [root] : [])];
  return new Set(
    all.flatMap(({ value }) => {
      const list = entriesOf(value).find(({ name }) => name === "handlers")?.value;
      if (list?.kind !== "list") return [];
      return list.items.flatMap((item) => (item.kind === "text" ? [item.text] : []));
    }),
  );
}

/** A handler of the project's own whose `emit` keeps the record in a database: `hc.logs.Handler`. */
async function keepsRecords({ python, sources }: SourceContext, type: string): Promise<boolean> {
  const parts = type.split(".");
  const name = parts.at(-1) ?? "";
  const module = parts.slice(0, -1).join("/");
  const file = sources.paths.find((path) => isModule(path, module));
  const tree = file === undefined || module === "" ? undefined : await python.parse(file);
  const made = [...statementsIn(tree?.body ?? [])].find(
    (statement): statement is Statement & { readonly kind: "class" } =>
      statement.kind === "class" && statement.name === name,
  );
  const emit = made?.body.find(
    (statement) => statement.kind === "function" && statement.name === "emit",
  );
  if (emit?.kind !== "function") return false;
  return [...expressionsIn({ body: emit.body })].some(
    (expression) =>
      expression.kind === "call" &&
      expression.callee.kind === "attribute" &&
      STORES.test(expression.callee.name),
  );
}

function isModule(path: string, module: string): boolean {
  return [`${module}.py`, `${module}/__init__.py`].some(
    (name) => path === name || path.endsWith(`/${name}`),
  );
}

/** A handler that takes what is logged out of the process. */
export function remoteRow(type: string, file: string, line: number): SourceSetting {
  return {
    ...{ slug: "logging.handler", property: "log.remote", subject: type, file, line },
    ...{ kind: "literal", value: type, variables: [] },
    resolved: { state: "known", value: type, from: "literal" },
    chain: `${type} <- ${file}:${line}`,
  };
}
