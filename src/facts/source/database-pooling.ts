import type { CallRecord } from "../../parsers/python/machine.ts";
import type { Value } from "../../parsers/python/value.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import {
  entriesOf,
  type LibraryFinding,
  libraryRow,
  rowsOfFiles,
  runFile,
} from "./python-library.ts";
import type { SourceContext, SourceReader } from "./reader.ts";

const NEEDLE =
  /create_(?:async_)?engine|ConnectionPool|create_pool|CONN_MAX_AGE|conn_max_age|DATABASES?\s*=/;

/** Arguments that size a pool, by the call they belong to; a call with none pools by being made. */
const CALLS: readonly (readonly [path: RegExp, names: readonly string[] | "made"])[] = [
  [/(?:^|\.)create_(?:async_)?engine$/, ["pool_size", "max_overflow"]],
  [/(?:^|\.)dj_database_url\.(?:config|parse)$|^dj_database_url\.\w+$/, ["conn_max_age"]],
  [/^psycopg_pool\.\w*ConnectionPool$|^psycopg2\.pool\.\w+$|^asyncpg\.create_pool$/, "made"],
];

/** Pools of connections: SQLAlchemy, psycopg, asyncpg, Django's persistent connections. */
export const databasePoolingReader: SourceReader = {
  frameworks: "any",
  needles: [NEEDLE],
  async read(context): Promise<readonly SourceSetting[]> {
    return rowsOfFiles(context, NEEDLE, ofFile);
  },
};

async function ofFile(context: SourceContext, file: string): Promise<readonly SourceSetting[]> {
  const { machine, scope } = await runFile(context, file);
  const calls = machine.calls.filter((call) => call.file === file);
  const settings = scope?.bindings.get("DATABASES");
  const single = scope?.bindings.get("DATABASE");
  return [
    ...calls.flatMap((call) => ofCall(context, call)),
    ...(settings?.file === file
      ? entriesOf(settings.value).flatMap(({ value }) => ofDatabase(context, value, file))
      : []),
    // One that a settings module reads in (NetBox's `configuration.py`).
    ...(single?.file === file ? ofDatabase(context, single.value, file) : []),
  ];
}

function ofCall(context: SourceContext, { path, call, file, place }: CallRecord) {
  const names = CALLS.find(([pattern]) => pattern.test(path))?.[1];
  if (names === undefined) return [];
  const place_ = { file, line: place.line, column: place.column };
  if (names === "made") return [madeRow(path, place_)];
  return [...call.named].flatMap(([name, value]) =>
    names.includes(name) ? [rowOf(context, { name, value, ...place_ })] : [],
  );
}

/** `CONN_MAX_AGE` and `OPTIONS["pool"]` of one of `DATABASES` (Django 5.1 for the pool). */
function ofDatabase(
  context: SourceContext,
  database: Value,
  file: string,
): readonly SourceSetting[] {
  const options = entriesOf(database).find(({ name }) => name === "OPTIONS");
  const pool = options === undefined ? [] : entriesOf(options.value);
  return [
    ...entriesOf(database).filter(({ name }) => name === "CONN_MAX_AGE"),
    ...pool.filter(({ name }) => name === "pool"),
  ].map((entry) => rowOf(context, { ...entry, file, column: 1 }));
}

function rowOf(
  context: SourceContext,
  found: Omit<LibraryFinding, "slug" | "property">,
): SourceSetting {
  return libraryRow(context, { slug: "db.pooling", property: "db.pooling", ...found });
}

function madeRow(
  path: string,
  place: { readonly file: string; readonly line: number; readonly column: number },
): SourceSetting {
  return {
    slug: "db.pooling",
    property: "db.pooling",
    subject: path,
    ...place,
    kind: "literal",
    value: "made",
    variables: [],
    resolved: { state: "known", value: true, from: "literal" },
    chain: `${path} <- ${place.file}:${place.line}`,
  };
}
