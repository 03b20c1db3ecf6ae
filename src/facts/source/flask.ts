import { secondsOf } from "../../parsers/python/durations.ts";
import type { Machine } from "../../parsers/python/machine.ts";
import {
  type Binding,
  boolean,
  type ConfigEntry,
  number,
  truthOf,
  unknownValue,
  type Value,
} from "../../parsers/python/value.ts";
import { isDevelopmentFile } from "../source-files.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { readsIni, rowsBeside } from "./flask-beside.ts";
import { corsRows, protectionRows, proxyRows } from "./flask-extensions.ts";
import { FLASK_NAMES, ownFlaskSlug } from "./flask-names.ts";
import { sslifyRows } from "./flask-sslify.ts";
import { talismanRows, talismans } from "./flask-talisman.ts";
import { type PythonRun, runApplication, SETTINGS_FILE } from "./python-application.ts";
import { csrfRows } from "./python-csrf.ts";
import { pythonFilesWith } from "./python-files.ts";
import { type PythonRow, sourceRow } from "./python-row.ts";
import type { SourceContext, SourceReader } from "./reader.ts";

const SESSIONS = /from\s+flask\s+import[^#]{0,400}?\bsession\b|\bflask_login\b|\bflask\.session\b/;
const FORMS = /\bFlaskForm\b/;

/** Flask: its `config` however it is filled, the project's own settings, and what extensions make of both. */
export const flaskReader: SourceReader = {
  frameworks: ["flask"],
  needles: [SESSIONS, FORMS],
  async read(context) {
    const sources = (context.application.sources ?? []).filter(
      ({ framework }) => framework === "flask",
    );
    const rows: SourceSetting[] = [];
    for (const { file, entry } of sources)
      rows.push(...(await readApplication(context, file, entry ?? file)));
    return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
  },
};

function keyOf({ slug, property, file, line, subject }: SourceSetting): string {
  return `${slug} ${property} ${file}:${line} ${subject}`;
}

type Config = ReadonlyMap<string, ConfigEntry>;

async function readApplication(
  context: SourceContext,
  file: string,
  entry: string,
): Promise<readonly SourceSetting[]> {
  const run = await runApplication(context, entry, "live");
  const bare = await runApplication(context, entry, "bare");
  const config = configOf(run.machine);
  const fallbacks = configOf(bare.machine);
  const home = config.get("SECRET_KEY")?.file ?? file;
  const rows: readonly PythonRow[] = [
    ...overridden(configRows(config), run.machine).map((row) => iniKind(run.machine, row)),
    ...secretFallback(fallbacks).map((row) => iniKind(run.machine, row)),
    ...absentRows(config, run.machine, home),
    ...ownRows(run.machine, config),
    ...talismans(run.machine).flatMap(talismanRows).filter(isDeciding),
    ...sslifyRows(run.machine),
    ...proxyRows(run.machine),
    ...corsRows(run.machine, config),
    ...(await requestForgery(context, run, config, home)),
  ];
  return [...rows, ...rowsBeside(run.machine, rows)].map((row) =>
    sourceRow(context.setting, row, fallbacks.get(row.name)?.value),
  );
}

/** A value that an INI file gives is worked out, however plain it is. */
function iniKind(machine: Machine, row: PythonRow): PythonRow {
  return readsIni(machine, row, row.name) ? { ...row, kind: "computed" } : row;
}

/** Of several applications of one program the one with the most settings is what is served. */
function configOf({ configs }: Machine): Config {
  return [...configs.values()].toSorted((a, b) => b.size - a.size)[0] ?? new Map();
}

function configRows(config: Config): readonly PythonRow[] {
  return [...config].flatMap(([name, { value, file, line, column, condition }]) => {
    const known = Object.hasOwn(FLASK_NAMES, name) ? FLASK_NAMES[name] : undefined;
    if (known === undefined) return [];
    return [
      {
        slug: known.slug,
        ...(known.property === undefined ? {} : { property: known.property }),
        ...(known.slug.startsWith("flask.remember") ? { subject: "remember_token" } : {}),
        framework: "flask",
        ...{ name, file, line, column, value: plain(value) },
        ...(condition === undefined ? {} : { condition }),
      },
    ];
  });
}

/** A length of time as seconds. */
function plain(value: Value): Value {
  const seconds = value.kind === "external" ? secondsOf(value) : undefined;
  return seconds === undefined ? value : number(seconds, false, value.origin);
}

/** What Talisman sets itself is not decided by `config`; where it leaves it alone, `config` decides. */
function overridden(rows: readonly PythonRow[], machine: Machine): readonly PythonRow[] {
  const [talisman] = talismans(machine);
  if (talisman === undefined) return rows;
  const its = new Map(talismanRows(talisman).map(({ slug, value }) => [slug, value]));
  return rows.map((row) => {
    const own = its.get(row.slug);
    const isLeft = own === undefined || (truthOf(own) === false && !row.slug.endsWith("samesite"));
    if (isLeft) return row;
    const { property: _, ...listed } = row;
    return listed;
  });
}

/** `session_cookie_secure=False` leaves the key of `config` as it is. */
function isDeciding({ property, value }: PythonRow): boolean {
  const isFlag = property === "session.cookie-secure" || property === "session.cookie-httponly";
  return !isFlag || truthOf(value) !== false;
}

/** What signs sessions when no variable is set. */
function secretFallback(fallbacks: Config): readonly PythonRow[] {
  const entry = fallbacks.get("SECRET_KEY");
  if (entry === undefined) return [];
  const { value, file, line, column } = entry;
  return [
    {
      slug: "flask.secret_key",
      property: "session.secret-fallback",
      framework: "flask",
      ...{ name: "SECRET_KEY", file, line, column, value },
    },
  ];
}

/** Flask's own defaults where nothing sets a key: only for an application that can have sessions. */
function absentRows(config: Config, machine: Machine, home: string): readonly PythonRow[] {
  const [hidden] = machine.hiddenConfig;
  const set = new Set(
    talismans(machine)
      .flatMap(talismanRows)
      .map(({ slug }) => slug),
  );
  return Object.entries(FLASK_NAMES).flatMap(([name, known]) => {
    if (known.default === undefined || config.has(name) || set.has(known.slug)) return [];
    const value = hidden === undefined ? known.default : unknownValue(hidden.detail);
    const { slug, property } = known;
    return [
      {
        slug,
        ...(property === undefined ? {} : { property }),
        framework: "flask",
        ...{ name, file: home, line: 1, column: 1, value, isAbsent: true },
      },
    ];
  });
}

/** Settings of the project's own, in the modules that hold settings. */
function ownRows({ modules, project }: Machine, config: Config): readonly PythonRow[] {
  const bindings: (readonly [name: string, binding: Binding])[] = [...config];
  for (const [file, scope] of modules) {
    if (scope === "loading" || !SETTINGS_FILE.test(file) || isDevelopmentFile(file)) continue;
    for (const [name, binding] of scope.bindings)
      if (binding.file === file && !config.has(name)) bindings.push([name, binding]);
  }
  return bindings.flatMap(([name, { value, file, line, column }]) => {
    const slug = /^[A-Z][A-Z0-9_]*$/.test(name) ? ownFlaskSlug(name) : undefined;
    if (slug === undefined || value.kind === "external" || value.kind === "function") return [];
    const statement = project.module(file)?.body.find((each) => each.line === line);
    const written = statement?.kind === "assign" ? statement.value : undefined;
    return [
      {
        ...{ slug, framework: "flask" as const, name, file, line, column, value: plain(value) },
        ...(written === undefined ? {} : { written }),
      },
    ];
  });
}

/** What keeps a session in a cookie. */
/** Flask-WTF, SeaSurf and code of the project's own; that there is none where sessions are used. */
async function requestForgery(
  context: SourceContext,
  run: PythonRun,
  config: Config,
  home: string,
): Promise<readonly PythonRow[]> {
  const rows = [...protectionRows(run.machine, config), ...csrfRows(run, home, "flask")];
  if (rows.some(({ property }) => property === "csrf.enabled")) return rows;
  if ((await pythonFilesWith(context, SESSIONS)).length === 0) return rows;
  const [form] = await pythonFilesWith(context, FORMS);
  const switched = config.get("WTF_CSRF_ENABLED");
  // Forms of Flask-WTF check no token where the switch is off.
  if (form !== undefined && switched !== undefined && truthOf(switched.value) === false) {
    const { file, line, column } = switched;
    const place = { file, line, column, value: switched.value };
    const row = { slug: "flask.csrf", property: "csrf.enabled", framework: "flask" } as const;
    return [...rows, { ...row, name: "WTF_CSRF_ENABLED", subject: "Flask-WTF", ...place }];
  }
  const [other] = run.machine.calls.filter(({ path }) => /csrf|seasurf/i.test(path));
  const reason =
    other !== undefined
      ? `${other.path.slice(0, 80)} (${other.file}:${other.place.line}) may protect, it was not read`
      : form !== undefined
        ? `forms of Flask-WTF check their own requests (${form}), others are not checked`
        : undefined;
  return [
    ...rows,
    {
      slug: "flask.csrf",
      property: "csrf.enabled",
      framework: "flask",
      ...{ name: "CSRF protection", file: home, line: 1, column: 1 },
      value: reason === undefined ? boolean(false) : unknownValue(reason),
      isAbsent: true,
    },
  ];
}
