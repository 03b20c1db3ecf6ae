import type { CallRecord, Machine } from "../../parsers/python/machine.ts";
import type { Expression, Place } from "../../parsers/python/syntax.ts";
import {
  boolean,
  list,
  none,
  number,
  originOf,
  type Scope,
  text,
  unknownValue,
  type Value,
} from "../../parsers/python/value.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { constructorRows } from "./fastapi-constructor.ts";
import { pydanticRows } from "./fastapi-settings.ts";
import { idleRows } from "./idle-middleware.ts";
import { type PythonRun, type Registered, runApplication } from "./python-application.ts";
import { csrfRows } from "./python-csrf.ts";
import { type PythonRow, sourceRow } from "./python-row.ts";
import type { SourceContext, SourceReader } from "./reader.ts";

/** FastAPI and Starlette: what their middleware, cookies and constructors are set up with. */
export const starletteReader: SourceReader = {
  frameworks: ["fastapi", "starlette"],
  async read(context) {
    const sources = (context.application.sources ?? []).filter(
      ({ framework }) => framework === "fastapi" || framework === "starlette",
    );
    const rows: SourceSetting[] = [];
    for (const { file, entry } of sources)
      rows.push(...(await readFile(context, file, entry ?? file)));
    return rows;
  },
};

async function readFile(
  context: SourceContext,
  file: string,
  entry: string,
): Promise<readonly SourceSetting[]> {
  const run = await runApplication(context, entry, "live");
  const bare = await runApplication(context, entry, "bare");
  const rows = [
    ...run.middleware.flatMap((each) => middlewareRows(each)),
    ...bare.middleware.filter(({ type }) => isNamed(type, "SessionMiddleware")).map(fallbackRow),
    ...run.machine.calls.flatMap(constructorRows),
    ...namedRows(run.machine, run.middleware.flatMap(middlewareRows)),
    ...run.machine.calls.flatMap(ownCorsRows),
    ...(await idleRows(context, entry, run, rowsIn)),
    ...absentRows(run, file),
    ...pydanticRows(run.machine),
    ...csrfRows(run, file, "fastapi"),
  ];
  return rows.map((row) => sourceRow(context.setting, row));
}

/** What a run says by itself. */
function rowsIn({ middleware, machine }: PythonRun): readonly PythonRow[] {
  const rows = middleware.flatMap(middlewareRows);
  return [...rows, ...namedRows(machine, rows), ...machine.calls.flatMap(ownCorsRows)];
}

/** Where the name stands that an argument is given by, and the switch for production that it goes by. */
function namedRows(machine: Machine, rows: readonly PythonRow[]): readonly PythonRow[] {
  return rows.flatMap((row) => {
    const scope = machine.modules.get(row.file);
    if (row.isAbsent === true || scope === undefined || scope === "loading") return [];
    const { property: _, written, ...told } = row;
    const binding = written?.kind === "name" ? scope.bindings.get(written.name) : undefined;
    const named = binding === undefined || binding.line === 0 ? [] : [{ ...told, ...binding }];
    if (row.slug !== "fastapi.session.https_only") return named;
    return [...named, ...productionFlags(scope, row)];
  });
}

const PRODUCTION = /^(?:IS_)?PROD(?:UCTION)?(?:_MODE)?$/i;

function productionFlags({ bindings }: Scope, { value }: PythonRow): readonly PythonRow[] {
  const variables = new Set(originOf(value).reads.map(({ variable }) => variable));
  return [...bindings].flatMap(([name, binding]) => {
    const { reads } = originOf(binding.value);
    if (!PRODUCTION.test(name) || !reads.some(({ variable }) => variables.has(variable))) return [];
    return [
      { slug: "fastapi.session.production_flag", framework: "fastapi" as const, name, ...binding },
    ];
  });
}

const EXPECTED: readonly (readonly [middleware: string, slug: string])[] = [
  ["SessionMiddleware", "fastapi.session"],
  ["TrustedHostMiddleware", "fastapi.trusted_host"],
  ["CORSMiddleware", "cors.config"],
];

/** Middleware that an application does not have, unless one of it could not be told. */
function absentRows({ middleware, machine }: PythonRun, file: string): readonly PythonRow[] {
  if (middleware.some(({ type }) => type.kind === "unknown")) return [];
  const hasOwnCors = machine.calls.some(({ path }) => path.startsWith(OWN));
  return EXPECTED.flatMap(([name, slug]) => {
    if (middleware.some(({ type }) => isNamed(type, name))) return [];
    if (slug === "cors.config" && hasOwnCors) return [];
    return [
      {
        ...{ slug, framework: "fastapi" as const, name, file, line: 1, column: 1 },
        ...{ value: none(), isAbsent: true as const },
      },
    ];
  });
}

function isNamed(type: Value, name: string): boolean {
  return type.kind === "external" && type.path.split(".").at(-1) === name;
}

function middlewareRows(each: Registered): readonly PythonRow[] {
  if (isNamed(each.type, "SessionMiddleware")) return sessionRows(each);
  if (isNamed(each.type, "CORSMiddleware")) return corsRows(each);
  if (!isNamed(each.type, "TrustedHostMiddleware")) return [];
  return [
    argument(each, "TrustedHostMiddleware", "allowed_hosts", list([text("*")]), {
      slug: "fastapi.trusted_host",
      property: "hosts.allowed",
    }),
  ];
}

type Told = Pick<PythonRow, "slug" | "property">;

/** Starlette 0.13 to 0.49: 14 days, Lax, `https_only=False`; HttpOnly cannot be switched off. */
const SESSION_DEFAULT_SECONDS = 14 * 24 * 60 * 60;

function sessionRows(each: Registered): readonly PythonRow[] {
  const of = (name: string, fallback: Value, told: Told): PythonRow => ({
    ...argument(each, "SessionMiddleware", name, fallback, told),
    ...subjectOf(each),
  });
  return [
    of("https_only", boolean(false), {
      slug: "fastapi.session.https_only",
      property: "session.cookie-secure",
    }),
    of("same_site", text("lax"), {
      slug: "fastapi.session.same_site",
      property: "session.cookie-samesite",
    }),
    of("max_age", number(SESSION_DEFAULT_SECONDS), {
      slug: "fastapi.session.max_age",
      property: "session.lifetime-seconds",
    }),
    {
      ...of("httponly", boolean(true), {
        slug: "fastapi.session.httponly",
        property: "session.cookie-httponly",
      }),
      value: boolean(true),
      isAbsent: true,
    },
    secretRow(each, "session.secret"),
  ];
}

function secretRow(
  each: Registered,
  property: "session.secret" | "session.secret-fallback",
): PythonRow {
  const absent = unknownValue("no secret_key is given");
  const value = each.call.named.get("secret_key") ?? each.call.positional[1] ?? absent;
  return {
    ...argument(each, "SessionMiddleware", "secret_key", value, {
      slug: "fastapi.session.secret",
      property,
    }),
    value,
    ...subjectOf(each),
  };
}

/** What signs the session when no variable is set. */
function fallbackRow(each: Registered): PythonRow {
  return secretRow(each, "session.secret-fallback");
}

function subjectOf({ call: { named } }: Registered): { readonly subject?: string } {
  const name = named.get("session_cookie");
  return name?.kind === "text" ? { subject: name.text } : { subject: "session" };
}

function argument(
  each: Registered,
  owner: string,
  name: string,
  fallback: Value,
  told: Told,
): PythonRow {
  const {
    record,
    call: { named, isOpen, places },
  } = each;
  const given = named.get(name);
  const hidden = isOpen
    ? unknownValue(`${name} may be among arguments that are not known`)
    : undefined;
  const value = given ?? hidden ?? fallback;
  return {
    ...told,
    framework: "fastapi",
    name: `${owner}.${name}`,
    ...placeOf(record),
    ...lineOf(places?.get(name)),
    ...writtenAt(places?.get(name)),
    value,
    ...(given === undefined && hidden === undefined ? { isAbsent: true } : {}),
  };
}

/** Where a call stands, and the condition it runs under. */
function placeOf(record: CallRecord): Pick<PythonRow, "file" | "line" | "column" | "condition"> {
  const { file, place, condition } = record;
  return {
    file,
    line: place.line,
    column: place.column,
    ...(condition === undefined ? {} : { condition }),
  };
}

/** An argument's own place within the call. */
function lineOf(place: Place | undefined): Partial<Pick<PythonRow, "line" | "column">> {
  return place === undefined ? {} : { line: place.line, column: place.column };
}

function writtenAt(written: Expression | undefined): Pick<PythonRow, "written"> {
  return written === undefined ? {} : { written };
}

/** Objects of the project's own that are told origins. */
const OWN = "own.";

/** A wrapper of the project's own around CORS: which requests it answers is its own affair. */
function ownCorsRows(record: CallRecord): readonly PythonRow[] {
  if (!record.path.startsWith(OWN)) return [];
  const each = { record, call: record.call, type: none(), receiver: undefined };
  return corsRows(each)
    .filter(({ isAbsent }) => isAbsent !== true)
    .map(({ property: _, ...row }) => row);
}

function corsRows(each: Registered): readonly PythonRow[] {
  const pattern = each.call.named.get("allow_origin_regex");
  return [
    argument(each, "CORSMiddleware", "allow_origins", list([]), {
      slug: "cors.allow_origins",
      property: "cors.origins",
    }),
    argument(each, "CORSMiddleware", "allow_credentials", boolean(false), {
      slug: "cors.allow_credentials",
      property: "cors.credentials",
    }),
    ...(pattern === undefined || pattern.kind === "none"
      ? []
      : [
          argument(each, "CORSMiddleware", "allow_origin_regex", none(), {
            slug: "cors.allow_origin_regex",
            property: "cors.origin-regex",
          }),
        ]),
  ];
}
