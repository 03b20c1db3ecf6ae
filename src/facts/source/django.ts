import { createMachine } from "../../parsers/python/interpret.ts";
import type { Machine } from "../../parsers/python/machine.ts";
import type { Scope } from "../../parsers/python/value.ts";
import type { AppSetting, Resolved } from "../app-settings.fact.ts";
import { djangoRun } from "../django-run.ts";
import { DJANGO_DEFAULTS, fragmentProblem, settingValues } from "../source-django.ts";
import { environmentLookUp } from "../source-environment.ts";
import { settingOf } from "../source-setting.ts";
import type { SourceProperty, SourceSetting } from "../source-settings.fact.ts";
import { type DjangoBindings, djangoFields } from "./django-fields.ts";
import {
  hasMiddleware,
  type MiddlewareList,
  middlewareList,
  middlewareRows,
} from "./django-middleware.ts";
import { DJANGO_NAMES, type DjangoName, djangoName } from "./django-names.ts";
import { otherModuleRows } from "./django-other-modules.ts";
import { settingsModuleRows } from "./django-settings-module.ts";
import { withSites } from "./django-sites.ts";
import { oldDefaults } from "./django-version.ts";
import type { FieldWrite } from "./field-statements.ts";
import { ALLOW_ORIGIN, ownCorsRows } from "./own-cors.ts";
import type { SourceContext, SourceReader } from "./reader.ts";
import {
  functionsOf,
  type Registered,
  type RegisteredCode,
  setsFieldsByName,
} from "./registered-code.ts";
import { RESPONSE_FIELDS } from "./response-field-names.ts";
import { absentFields, inForce, settingFor, writesOf } from "./response-fields.ts";

/** Settings of Django, the middleware that gives them effect, and the fields of answers they come to. */
export const djangoReader: SourceReader = {
  frameworks: ["django"],
  async read(context) {
    const { python, environment, application, sources } = context;
    const file = application.settings?.file;
    if (file === undefined) return [];
    const { machine, scope, unset } = await djangoRun(environment, python, file);
    if (scope === undefined) return [];
    const [open] = machine.openImports;
    const problem =
      machine.problems[0]?.detail ??
      (open === undefined
        ? fragmentProblem(file, scope)[0]?.detail
        : `what ${open.path} sets is not known`);
    const django: DjangoBindings = {
      file,
      bindings: scope.bindings,
      fallbacks: unset?.bindings ?? new Map(),
      defaults: { ...DJANGO_DEFAULTS, ...(await oldDefaults(sources)) },
      problem,
    };
    const list = middlewareList(scope.bindings, file, problem);
    const own = await ownMiddleware(context, list, file, scope);
    const writes = inForce(writesOf(own.machine, own.functions));
    const isOverwritten = ({ slug }: SourceSetting) =>
      writes.some(({ name, condition }) => condition === undefined && slugOf(name) === slug);
    const written = writes.map((write) => settingFor(context, write, new Map()));
    const fields = djangoFields(context.setting, django, list)
      .filter((row) => !isOverwritten(row))
      .map((row) => hiddenBy(row, own.unread));
    const told = new Set([...fields, ...written].map(({ slug }) => slug));
    return [
      ...withSites(context.setting, machine, file, settingRows(context, django, list, writes)),
      ...ownCorsRows(context.setting, own.machine, writes),
      ...(await settingsModuleRows(context)),
      ...(await otherModuleRows(context, machine, file)),
      ...middlewareRows(machine, list),
      ...fields,
      ...written.map((row) => ({ ...row, framework: "django" as const })),
      ...absentFields(file, writes, own, problem)
        .filter(({ slug }) => !told.has(slug))
        .map((row) => ({ ...row, framework: "django" as const })),
    ];
  },
};

function slugOf(name: string): string | undefined {
  return RESPONSE_FIELDS[name]?.slug;
}

/** What is not sent by the settings may be set by middleware that was not read. */
function hiddenBy(row: SourceSetting, [unread]: RegisteredCode["unread"]): SourceSetting {
  const { resolved } = row;
  if (unread === undefined || resolved.state !== "known" || resolved.value !== null) return row;
  const reason = `${unread.path} may set it, and was not read`;
  return { ...row, resolved: { state: "unknown", reason } };
}

function settingRows(
  { setting }: SourceContext,
  django: DjangoBindings,
  list: MiddlewareList,
  writes: readonly FieldWrite[],
): readonly SourceSetting[] {
  const present = [...django.bindings].flatMap(([name, { value, ...place }]) => {
    const known = djangoName(name);
    if (known === undefined) return [];
    const at = place.line === 0 ? { file: django.file, line: 1, column: 1 } : place;
    const fallback = django.fallbacks.get(name)?.value;
    return [rowOf(settingOf(setting, { name, value, fallback, ...at }), known, list)];
  });
  const absent = Object.keys(django.defaults).flatMap((name) => {
    const known = DJANGO_NAMES[name];
    return known === undefined || django.bindings.has(name)
      ? []
      : [effective(absentRow(django, name, known), known, list)];
  });
  const answersCors = writes.some(({ name }) => name === ALLOW_ORIGIN);
  const cors = answersCors ? [] : absentCors(django, list);
  return withoutCsrfCookie([...present, ...absent, ...cors]);
}

/** With `CSRF_USE_SESSIONS` the token is kept in the session, and no cookie of its own is sent (Django, "Settings"). */
function withoutCsrfCookie(rows: readonly SourceSetting[]): readonly SourceSetting[] {
  const inSession = rows.find(({ slug }) => slug === "django.csrf_use_sessions")?.resolved;
  const isSent = inSession?.state === "known" && inSession.value !== true;
  if (inSession === undefined || isSent) return rows;
  return rows.map(({ property, ...row }) => {
    if (property?.startsWith("csrf.cookie-") !== true)
      return { ...row, ...(property !== undefined && { property }) };
    const chain = `${row.chain}; without effect, as CSRF_USE_SESSIONS keeps the token in the session`;
    if (inSession.state === "known") return { ...row, chain };
    const reason = "whether CSRF_USE_SESSIONS keeps the token in the session is not known";
    return { ...row, property, resolved: { state: "unknown", reason } };
  });
}

function rowOf(setting: AppSetting, known: DjangoName, list: MiddlewareList): SourceSetting {
  const { name, file, line, column, kind, variables, resolved, chain } = setting;
  const default_ = setting.default;
  const isPlain = ["string", "number", "boolean"].includes(typeof default_);
  return effective(
    {
      ...{ slug: known.slug, framework: "django", file, line, column, kind, variables, chain },
      ...(known.property !== undefined && { property: known.property }),
      value: setting.value === undefined ? chain : `${name} = ${JSON.stringify(setting.value)}`,
      // The condition says that it is text, a number or a switch.
      ...(isPlain && { default: default_ as string | number | boolean }),
      resolved: known.property === undefined ? resolved : inShapeOf(known.property, name, resolved),
    },
    known,
    list,
  );
}

/** In the words of the property, which are the same for every framework. */
function inShapeOf(property: SourceProperty, name: string, resolved: Resolved): Resolved {
  if (resolved.state !== "known") return resolved;
  const { value } = resolved;
  if (property.endsWith("-samesite"))
    return { ...resolved, value: typeof value === "string" ? value.toLowerCase() : null };
  if (/^CORS_(?:ALLOW_ALL_ORIGINS|ORIGIN_ALLOW_ALL)$/.test(name))
    return { ...resolved, value: value === true ? ["*"] : [] };
  return resolved;
}

/** A setting of middleware that is not there has no effect. */
function effective(row: SourceSetting, known: DjangoName, list: MiddlewareList): SourceSetting {
  if (known.needs === undefined) return row;
  const has = hasMiddleware(list, known.needs);
  if (has === true) return row;
  if (has === undefined)
    return {
      ...row,
      resolved: { state: "unknown", reason: list.open ?? "MIDDLEWARE is not known" },
    };
  const value = row.property === "hsts.max-age-seconds" ? 0 : false;
  const chain = `${row.chain}; without effect, as SecurityMiddleware is not in MIDDLEWARE (${list.file})`;
  return { ...row, resolved: { state: "known", value, from: "default" }, chain };
}

function absentRow(
  { file, defaults, problem }: DjangoBindings,
  name: string,
  { slug, property }: DjangoName,
): SourceSetting {
  const value = defaults[name] ?? null;
  const resolved: Resolved =
    problem === undefined
      ? { state: "known", value, from: "default" }
      : { state: "unknown", reason: problem };
  return {
    ...{ slug, framework: "django", file, line: null, kind: "absent", variables: [] },
    ...(property !== undefined && { property }),
    value: "Django default",
    resolved: property === undefined ? resolved : inShapeOf(property, name, resolved),
    chain: `${name} is not set, Django's default is ${JSON.stringify(value)} <- ${file}`,
  };
}

function absentCors(
  { file, bindings, problem }: DjangoBindings,
  list: MiddlewareList,
): readonly SourceSetting[] {
  const isThere =
    [...bindings.keys()].some((name) => /^CORS_/.test(name)) ||
    list.paths.some((path) => path.startsWith("corsheaders."));
  if (isThere) return absentCredentials(file, bindings, problem);
  const resolved: Resolved =
    problem === undefined
      ? { state: "known", value: null, from: "default" }
      : { state: "unknown", reason: problem };
  const chain = `no CORS settings and no CorsMiddleware <- ${file}`;
  return [
    {
      ...{ slug: "cors.config", framework: "django", file, line: null, kind: "absent" },
      ...{ value: "none", variables: [], resolved, chain },
    },
  ];
}

/** django-cors-headers 1 to 4: cookies are left out unless CORS_ALLOW_CREDENTIALS lets them in. */
function absentCredentials(
  file: string,
  bindings: DjangoBindings["bindings"],
  problem: string | undefined,
): readonly SourceSetting[] {
  const name = "CORS_ALLOW_CREDENTIALS";
  const known = DJANGO_NAMES[name];
  if (known === undefined || problem !== undefined || bindings.has(name)) return [];
  return [
    {
      ...{ ...known, framework: "django", file, line: null, kind: "absent", variables: [] },
      value: "django-cors-headers' default",
      resolved: { state: "known", value: false, from: "default" },
      chain: `${name} is not set, django-cors-headers' default is false <- ${file}`,
    },
  ];
}

interface OwnMiddleware extends RegisteredCode {
  readonly machine: Machine;
}

/** Middleware of the project itself, run with the settings in force. */
async function ownMiddleware(
  { python, environment }: SourceContext,
  list: MiddlewareList,
  file: string,
  scope: Scope,
): Promise<OwnMiddleware> {
  const functions: Registered[] = [];
  const unread: RegisteredCode["unread"][number][] = [];
  const found = list.paths.map((path) => {
    const at = path.lastIndexOf(".");
    const module = python.resolve(file, 0, path.slice(0, Math.max(at, 0)));
    return { path, name: path.slice(at + 1), module };
  });
  for (const { module } of found)
    if (module !== undefined) await python.loadClosure(module, { text: /headers|settings/i });
  const machine = createMachine(
    python.under(environmentLookUp(environment), {
      setting: settingValues(scope),
    }),
  );
  for (const { path, name, module } of found) {
    const value =
      module === undefined ? undefined : machine.load(module)?.bindings.get(name)?.value;
    if (value !== undefined) functions.push(...functionsOf(machine, value, new Map()));
    else if (setsFieldsByName(path))
      unread.push({ path, file: list.file, line: list.binding?.line ?? 1 });
  }
  return { machine, functions, unread };
}
