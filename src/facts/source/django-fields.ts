import { type Binding, jsonOf } from "../../parsers/python/value.ts";
import type { AppSetting } from "../app-settings.fact.ts";
import { type SettingContext, settingOf } from "../source-setting.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { hasMiddleware, type MiddlewareList } from "./django-middleware.ts";
import { MIDDLEWARE } from "./django-names.ts";
import { CSP_MIDDLEWARE, djangoPolicies } from "./django-policy.ts";
import { RESPONSE_FIELDS } from "./response-field-names.ts";

/** The settings in force, and those of the same program when no variable is set. */
export interface DjangoBindings {
  readonly file: string;
  readonly bindings: ReadonlyMap<string, Binding>;
  readonly fallbacks: ReadonlyMap<string, Binding>;
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Why settings that seem not to be set may be all the same. */
  readonly problem: string | undefined;
}

interface FieldSource {
  /** Lower case. */
  readonly field: string;
  readonly needs: keyof typeof MIDDLEWARE;
  /** The first is the one that switches it on. */
  readonly settings: readonly [string, ...string[]];
  /** `null`: not sent. */
  text(value: (name: string) => unknown): string | null;
}

/** What `SecurityMiddleware` and `XFrameOptionsMiddleware` make of settings (Django 5.2). */
const FIELDS: readonly FieldSource[] = [
  {
    field: "strict-transport-security",
    needs: "security",
    settings: ["SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD"],
    text(value) {
      const seconds = Number(value("SECURE_HSTS_SECONDS"));
      if (!(seconds > 0)) return null;
      return [
        `max-age=${seconds}`,
        ...(isTrue(value("SECURE_HSTS_INCLUDE_SUBDOMAINS")) ? ["includeSubDomains"] : []),
        ...(isTrue(value("SECURE_HSTS_PRELOAD")) ? ["preload"] : []),
      ].join("; ");
    },
  },
  {
    field: "x-content-type-options",
    needs: "security",
    settings: ["SECURE_CONTENT_TYPE_NOSNIFF"],
    text: (value) => (isTrue(value("SECURE_CONTENT_TYPE_NOSNIFF")) ? "nosniff" : null),
  },
  {
    field: "referrer-policy",
    needs: "security",
    settings: ["SECURE_REFERRER_POLICY"],
    text: (value) => textOrNull(value("SECURE_REFERRER_POLICY")),
  },
  {
    field: "cross-origin-opener-policy",
    needs: "security",
    settings: ["SECURE_CROSS_ORIGIN_OPENER_POLICY"],
    text: (value) => textOrNull(value("SECURE_CROSS_ORIGIN_OPENER_POLICY")),
  },
  {
    field: "x-frame-options",
    needs: "xframe",
    settings: ["X_FRAME_OPTIONS"],
    text: (value) => textOrNull(value("X_FRAME_OPTIONS"))?.toUpperCase() ?? null,
  },
];

/** As Python takes it in an `if`. */
function isTrue(value: unknown): boolean {
  return Boolean(value);
}

function textOrNull(value: unknown): string | null {
  if (Array.isArray(value)) return value.length === 0 ? null : value.join(",");
  return typeof value === "string" && value !== "" ? value : null;
}

/** The fields that Django's own middleware sends, one row each. */
export function djangoFields(
  context: SettingContext,
  django: DjangoBindings,
  list: MiddlewareList,
): readonly SourceSetting[] {
  return [
    ...FIELDS.map((source) => fieldRow(context, django, list, source)),
    ...policyRows(context, django, list),
  ];
}

function fieldRow(
  context: SettingContext,
  django: DjangoBindings,
  list: MiddlewareList,
  source: FieldSource,
): SourceSetting {
  const [name] = source.settings;
  const has = hasMiddleware(list, source.needs);
  const middleware = MIDDLEWARE[source.needs].split(".").at(-1);
  if (has === false)
    return {
      ...commonOf(source.field, list.file),
      resolved: { state: "known", value: null, from: "default" },
      chain: `${middleware} is not in MIDDLEWARE, so that ${name} has no effect <- ${list.file}`,
    };
  const row = settingRow(context, django, source);
  return has === undefined
    ? { ...row, resolved: { state: "unknown", reason: list.open ?? "MIDDLEWARE is not known" } }
    : row;
}

function commonOf(field: string, file: string) {
  const known = RESPONSE_FIELDS[field];
  return {
    slug: known?.slug ?? field,
    ...(known !== undefined && { property: known.property }),
    framework: "django" as const,
    ...{ file, line: null, kind: "absent" as const, value: "Django default", variables: [] },
  };
}

function settingRow(
  context: SettingContext,
  { file, bindings, fallbacks, defaults, problem }: DjangoBindings,
  { field, settings, text }: FieldSource,
): SourceSetting {
  const rows = settings.flatMap((name) => {
    const binding = bindings.get(name);
    return binding === undefined
      ? []
      : [settingOf(context, { ...binding, name, fallback: undefined })];
  });
  const first = rows.find(({ name }) => name === settings[0]);
  const value = textUnder(bindings, defaults, text, settings);
  const before = textUnder(fallbacks, defaults, text, settings);
  const because = value === undefined ? whyOpen(rows) : first === undefined ? problem : undefined;
  const default_ = `${settings[0]} is not set, Django's default is ${JSON.stringify(defaults[settings[0]] ?? null)} <- ${file}`;
  const from = first === undefined ? default_ : rows.map(({ chain }) => chain).join("; ");
  return {
    ...commonOf(field, file),
    ...placeAndKind(first, value),
    variables: [...new Set(rows.flatMap(({ variables }) => variables))],
    ...(typeof before === "string" && { default: before }),
    resolved:
      because === undefined
        ? { state: "known", value: value ?? null, from: first === undefined ? "default" : "mixed" }
        : { state: "unknown", reason: because },
    chain: `${RESPONSE_FIELDS[field]?.shown ?? field} ${sent(value)} <- ${from}`,
  };
}

function sent(value: string | null | undefined): string {
  if (value === undefined) return "is not known";
  return value === null ? "is not sent" : `= ${value}`;
}

function whyOpen(rows: readonly AppSetting[]): string {
  const open = rows.find(({ resolved }) => resolved.state !== "known")?.resolved;
  return open === undefined || open.state === "known"
    ? "it is only known at run time"
    : open.reason;
}

function placeAndKind(
  first: AppSetting | undefined,
  value: string | null | undefined,
): Partial<SourceSetting> {
  if (first === undefined) return {};
  const { file, line, column, kind } = first;
  return { file, line, column, kind, value: sent(value) };
}

/** `undefined` where one of the settings is not known. */
function textUnder(
  bindings: ReadonlyMap<string, Binding>,
  defaults: Readonly<Record<string, unknown>>,
  text: FieldSource["text"],
  settings: readonly string[],
): string | null | undefined {
  const values = new Map(
    settings.map((name) => {
      const binding = bindings.get(name);
      return [name, binding === undefined ? (defaults[name] ?? null) : jsonOf(binding.value)];
    }),
  );
  return [...values.values()].includes(undefined) ? undefined : text((name) => values.get(name));
}

function policyRows(
  context: SettingContext,
  { file, bindings, problem }: DjangoBindings,
  list: MiddlewareList,
): readonly SourceSetting[] {
  const isOn = list.paths.some((path) => CSP_MIDDLEWARE.has(path));
  const policies = isOn ? djangoPolicies(bindings) : [];
  const name = "content-security-policy";
  const rows = policies.map(({ binding, isReportOnly, text }): SourceSetting => {
    const found = settingOf(context, { ...binding, name: "CSP", fallback: undefined });
    const place = `${binding.file}:${binding.line}`;
    return {
      ...commonOf(isReportOnly ? `${name}-report-only` : name, file),
      ...{ file: binding.file, line: binding.line, column: binding.column },
      kind: found.kind === "env" ? "env" : found.kind,
      value: text ?? "not worked out",
      variables: found.variables,
      resolved:
        text === undefined
          ? { state: "unknown", reason: `the policy of ${place} is not worked out` }
          : { state: "known", value: text, from: "literal" },
      chain: `Content-Security-Policy ${text === undefined ? "is not known" : `= ${text}`} <- ${place}`,
    };
  });
  if (policies.some(({ isReportOnly }) => !isReportOnly)) return rows;
  const because = list.open ?? problem;
  const resolved =
    because === undefined
      ? ({ state: "known", value: null, from: "default" } as const)
      : ({ state: "unknown", reason: because } as const);
  const chain = `Content-Security-Policy is set nowhere <- ${file}`;
  return [...rows, { ...commonOf(name, file), resolved, chain }];
}
