import { exercise } from "../../parsers/python/exercise.ts";
import { createMachine } from "../../parsers/python/interpret.ts";
import type { CallRecord, Machine } from "../../parsers/python/machine.ts";
import type {
  Call,
  Expression,
  FunctionDefinition,
  Module,
  Place,
} from "../../parsers/python/syntax.ts";
import { type Scope, unknownValue, type Value } from "../../parsers/python/value.ts";
import { expressionsIn, statementsIn } from "../../parsers/python/walk.ts";
import type { Framework } from "../application.fact.ts";
import { environmentLookUp } from "../source-environment.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { runApplication } from "./python-application.ts";
import { cookieRows } from "./python-cookies.ts";
import { PYTHON_FRAMEWORKS, pythonFilesWith } from "./python-files.ts";
import { type PythonRow, sourceRow } from "./python-row.ts";
import type { SourceContext, SourceReader } from "./reader.ts";

const NEEDLE = /\.set_cookie\(/;
/** Modules in which a value that a cookie is set with may stand. */
const VALUES = /environ|getenv|BaseSettings|\bsettings\b|\bconfig\b/i;

/** Cookies that code sets itself, in middleware, in handlers and in functions that are handed an answer. */
export const writtenCookiesReader: SourceReader = {
  frameworks: ["django", "fastapi", "starlette", "flask"],
  needles: [NEEDLE],
  async read(context) {
    const files = await pythonFilesWith(context, NEEDLE);
    if (files.length === 0) return [];
    const framework = frameworkOf(context);
    const told = await recorded(context, files);
    const rows: PythonRow[] = [...cookieRows(told, framework)];
    const seen = new Set(told.map(placeKey));
    for (const file of files) rows.push(...(await ofFile(context, file, framework, seen)));
    return rows.map((row): SourceSetting => sourceRow(context.setting, row));
  },
};

function placeKey({ file, place }: Pick<CallRecord, "file" | "place">): string {
  return `${file}:${place.line}`;
}

/** Of an application in several frameworks the first that sets cookies by this method. */
function frameworkOf({ application }: SourceContext): Framework {
  const found = application.frameworks.map(({ framework }) => framework);
  return found.find((each) => PYTHON_FRAMEWORKS.has(each)) ?? "fastapi";
}

function isSetCookie({ path, isUnderMain }: CallRecord): boolean {
  return path.endsWith(".set_cookie") && !isUnderMain;
}

/** What the program does when it is run as a whole: the one who calls is known. */
async function recorded(
  context: SourceContext,
  files: readonly string[],
): Promise<readonly CallRecord[]> {
  const found = new Map<string, CallRecord>();
  for (const { file, entry } of context.application.sources ?? []) {
    const { machine } = await runApplication(context, entry ?? file, "live");
    for (const call of machine.calls)
      if (isSetCookie(call) && files.includes(call.file)) found.set(placeKey(call), call);
  }
  return [...found.values()];
}

async function ofFile(
  context: SourceContext,
  file: string,
  framework: Framework,
  seen: ReadonlySet<string>,
): Promise<readonly PythonRow[]> {
  const { python, environment } = context;
  const within = await python.loadClosure(file, { text: VALUES });
  const module = await python.parse(file);
  const machine = createMachine(python.under(environmentLookUp(environment), { within }));
  const scope = machine.load(file);
  if (module === undefined || scope === undefined) return [];
  exerciseAll(machine, scope, module);
  const calls = new Map(
    machine.calls
      .filter((call) => isSetCookie(call) && call.file === file)
      .map((call) => [placeKey(call), call]),
  );
  const helpers = functionsOf(module).flatMap((definition) =>
    helperRows(definition, file, framework),
  );
  for (const site of sitesOf(module)) {
    const call = calls.get(`${file}:${site.line}`) ?? unreached(machine, site, scope);
    calls.set(`${file}:${site.line}`, call);
  }
  const open = new Set(helpers.map(({ at }) => at));
  const others = [...calls.values()]
    .filter((call) => !seen.has(placeKey(call)))
    .map((call) => (open.has(call.place.line) ? handedOver(call) : call));
  return [...cookieRows(others, framework), ...helpers.flatMap(({ rows }) => rows)];
}

/** Functions of the module and of its classes, with arguments from outside. */
function exerciseAll(machine: Machine, { bindings }: Scope, module: Module): void {
  const members = [...bindings.values()].flatMap(({ value, file }) => {
    if (value.kind === "class") return [...value.members.values()].map((each) => each.value);
    return file === "" ? [] : [value];
  });
  const texts = new Set(
    functionsOf(module)
      .filter(({ start, end }) => NEEDLE.test(module.source.slice(start, end)))
      .map(({ name }) => name),
  );
  for (const value of members)
    if (value.kind === "function" && texts.has(value.name) && !machine.called.has(value.definition))
      exercise(machine, value);
}

function functionsOf({ body }: Module): readonly (FunctionDefinition & Place)[] {
  return [...statementsIn(body)].flatMap((statement) =>
    statement.kind === "function" ? [statement] : [],
  );
}

type Site = Call & Expression;

function sitesOf(module: Pick<Module, "body">): readonly Site[] {
  return [...expressionsIn(module)].flatMap((expression) =>
    expression.kind === "call" &&
    expression.callee.kind === "attribute" &&
    expression.callee.name === "set_cookie"
      ? [expression]
      : [],
  );
}

/** A call that was not come by: what stands in it is looked at by itself. */
function unreached(machine: Machine, site: Site, scope: Scope): CallRecord {
  const value = (expression: Expression): Value => machine.evaluate(expression, scope);
  const plain = site.arguments.filter(({ spread }) => spread === "");
  return {
    path: "unreached.set_cookie",
    call: {
      positional: plain.filter(({ name }) => name === undefined).map((each) => value(each.value)),
      named: new Map(
        plain.flatMap((each) => (each.name === undefined ? [] : [[each.name, value(each.value)]])),
      ),
      places: new Map(
        plain.flatMap((each) => (each.name === undefined ? [] : [[each.name, each.value]])),
      ),
      isOpen: plain.length < site.arguments.length,
    },
    id: 0,
    receiver: undefined,
    file: scope.file,
    place: site,
    isUnderMain: false,
  };
}

const FLAGS: ReadonlySet<string> = new Set(["secure", "httponly", "samesite", "https_only"]);

interface Helper {
  /** Line of the call within it. */
  readonly at: number;
  readonly rows: readonly PythonRow[];
}

/** A function that sets a cookie with flags that its callers choose: what it does where they choose nothing. */
function helperRows(
  { parameters, body }: FunctionDefinition,
  file: string,
  framework: Framework,
): readonly Helper[] {
  const flags = parameters.filter(({ name }) => FLAGS.has(name));
  if (flags.length === 0) return [];
  return sitesOf({ body }).map(({ line: at }) => ({
    at,
    rows: flags.flatMap(({ name, default: given }) => {
      if (given === undefined) return [];
      const { line, column } = given;
      const value = literal(given);
      return [{ slug: "cookie.helper", framework, name, subject: name, file, line, column, value }];
    }),
  }));
}

function literal(expression: Expression): Value {
  const origin = { reads: [], idiom: "" };
  if (expression.kind === "text") return { kind: "text", text: expression.text, origin };
  if (expression.kind !== "constant") return unknownValue("a default that is not worked out");
  return expression.value === null
    ? { kind: "none", origin }
    : { kind: "boolean", value: expression.value, origin };
}

/** What callers choose is not known here. */
function handedOver(record: CallRecord): CallRecord {
  const named = new Map(
    [...record.call.named].map(([name, value]) => [
      name,
      FLAGS.has(name) ? unknownValue(`callers choose ${name}`) : value,
    ]),
  );
  return { ...record, call: { ...record.call, named } };
}
