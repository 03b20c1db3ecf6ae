import type { Machine } from "../../parsers/python/machine.ts";
import { instantiate, isSettings } from "../../parsers/python/pydantic.ts";
import type { Expression, Statement } from "../../parsers/python/syntax.ts";
import { NO_ORIGIN, originOf, type Scope, text, type Value } from "../../parsers/python/value.ts";
import { expressionsIn, statementsIn } from "../../parsers/python/walk.ts";
import type { PythonRow } from "./python-row.ts";

/** Fields of a project's settings, by what they are commonly called. */
const FIELDS: readonly (readonly [pattern: RegExp, slug: string])[] = [
  [/^(?:APP_|JWT_|SESSION_|AUTH_)?SECRET(?:_KEY)?$/i, "fastapi.secret_key"],
  [
    /TOKEN\w*_(?:EXPIR\w*|LIFETIME|TTL|MAX_AGE|TIME)\w*$|^(?:JWT|TOKEN)_(?:EXPIR\w*|LIFETIME|TTL)/i,
    "fastapi.token_lifetime",
  ],
  [/(?:^|_)SESSION_(?:EXPIR\w*|LIFETIME|TTL|MAX_AGE)\w*$/i, "fastapi.session.max_age"],
  [/^(?:BACKEND_|API_)?(?:CORS_(?:ALLOW(?:ED)?_)?|ALLOWED_)ORIGINS?$/i, "cors.allow_origins"],
  [/^(?:CORS_)?ALLOW_CREDENTIALS$/i, "cors.allow_credentials"],
  [/^(?:ALLOWED|TRUSTED)_HOSTS$/i, "fastapi.allowed_hosts"],
  [/^DEBUG$/i, "fastapi.debug"],
  [/^(?:APP_|FASTAPI_)?ENV(?:IRONMENT)?$/i, "fastapi.environment"],
  [/^SENTRY_DSN$/i, "sentry.dsn"],
  [
    /^(?:API_)?(?:DOCS|OPENAPI)(?:_(?:URL|ENABLED?))?$|^(?:ENABLE|SHOW|EXPOSE)_(?:API_)?(?:DOCS|OPENAPI)$/i,
    "fastapi.docs",
  ],
  [/^(?:SESSION_)?COOKIE_SECURE$/i, "fastapi.cookie_secure"],
  [/^(?:APP_)?LOG_LEVEL$/i, "logging.level"],
  [/LOGIN_(?:MAX_)?ATTEMPTS|(?:LOGIN|SIGNIN)_(?:RATE_?)?LIMIT/i, "ratelimit.login"],
  [/^(?:ENABLE_)?RATE_?LIMIT(?:ING|S)?(?:_ENABLED|_DEFAULT)?$/i, "ratelimit.app"],
  [/^FORWARDED_ALLOW_IPS$/i, "proxy.trusted"],
];

/** Fields of pydantic settings, the file they are read from, and validators that refuse a placeholder. */
export function pydanticRows(machine: Machine): readonly PythonRow[] {
  const scopes = [...machine.modules.values()].filter((scope) => scope !== "loading");
  const settings = scopes.flatMap(({ bindings }) =>
    [...bindings.values()].flatMap(({ value }) =>
      value.kind === "class" && isSettings(value) ? [value] : [],
    ),
  );
  return scopes.flatMap((scope) => {
    const body = machine.project.module(scope.file)?.body ?? [];
    return body.flatMap((statement) => classRows(machine, scope, statement, settings));
  });
}

type Class = Value & { readonly kind: "class" };
const BASES_DEPTH_MAX = 8;

/** Whether the fields of `base` are fields of `type` as well. */
function isMadeOf(type: Class, { members }: Class, depth = 0): boolean {
  return type.bases.some(
    (base) =>
      base.kind === "class" &&
      (base.members === members ||
        (depth < BASES_DEPTH_MAX && isMadeOf(base, { ...type, members }, depth + 1))),
  );
}

function classRows(
  machine: Machine,
  scope: Scope,
  statement: Statement,
  settings: readonly Class[],
): readonly PythonRow[] {
  if (statement.kind !== "class") return [];
  const own = scope.bindings.get(statement.name)?.value;
  if (own?.kind !== "class") return [];
  // Models that settings are put together of have their fields from the environment too.
  const type = isSettings(own) ? own : settings.find((each) => isMadeOf(each, own));
  if (type === undefined) return [];
  const object = instantiate(machine, type);
  const members = object.kind === "instance" ? object.members : new Map<string, never>();
  return [
    ...statement.body.flatMap((each) => fieldRows(each, members, scope.file)),
    ...sourceRows(statement.body, scope.file),
    ...guardRows(statement.body, scope.file),
  ];
}

function fieldRows(
  statement: Statement,
  members: ReadonlyMap<string, { readonly value: Value }>,
  file: string,
): readonly PythonRow[] {
  if (statement.kind !== "assign" || statement.target.kind !== "name") return [];
  const { name } = statement.target;
  const slug = FIELDS.find(([pattern]) => pattern.test(name))?.[1];
  const value = members.get(name)?.value;
  if (slug === undefined || value === undefined) return [];
  const { line, column, value: written } = statement;
  return [
    {
      ...{
        slug,
        framework: "fastapi" as const,
        name: shownName(name, slug),
        file,
        line,
        column,
        value,
      },
      ...(written === undefined ? {} : { written }),
      // A field is its variable, whatever type the text becomes.
      ...(value.kind === "list" && originOf(value).reads.length === 1 ? { kind: "env" } : {}),
    },
  ];
}

/** A lifetime is no secret, though its name has the word for one. */
function shownName(name: string, slug: string): string {
  return slug === "fastapi.token_lifetime" ? `${name} lifetime` : name;
}

/** Arguments of the configuration that say where the fields come from. */
const SOURCES = ["env_prefix", "env_file"] as const;
type SourceName = (typeof SOURCES)[number];

/** `model_config = SettingsConfigDict(env_file=".env")`, `class Config: env_file = ".env"`. */
function sourceRows(body: readonly Statement[], file: string): readonly PythonRow[] {
  return body.flatMap((statement) =>
    SOURCES.flatMap((name) => {
      const written = configured(statement, name);
      return written === undefined ? [] : [configurationRow(name, written, file)];
    }),
  );
}

function configured(statement: Statement, name: SourceName): Expression | undefined {
  if (statement.kind === "class" && statement.name === "Config")
    return statement.body
      .flatMap((each) =>
        each.kind === "assign" && each.target.kind === "name" && each.target.name === name
          ? [each.value]
          : [],
      )
      .at(-1);
  if (statement.kind !== "assign" || statement.target.kind !== "name") return undefined;
  if (statement.target.name !== "model_config" || statement.value === undefined) return undefined;
  return entryOf(statement.value, name);
}

function entryOf(expression: Expression, name: string): Expression | undefined {
  if (expression.kind === "call")
    return expression.arguments.find((argument) => argument.name === name)?.value;
  if (expression.kind !== "dict") return undefined;
  return expression.entries.find(({ key }) => key?.kind === "text" && key.text === name)?.value;
}

function configurationRow(name: SourceName, written: Expression, file: string): PythonRow {
  const { line, column } = written;
  const value: Value =
    written.kind === "text"
      ? text(written.text)
      : { kind: "unknown", reason: "it is put together at run time", origin: NO_ORIGIN };
  return { slug: `fastapi.${name}`, framework: "fastapi", name, file, line, column, value };
}

const PLACEHOLDER =
  /change.{0,3}(?:this|me|it)|^(?:secret|default|insecure|password|placeholder|test|dev)\b|your[-_ ]|replace[-_ ]?me|supersecret/i;

/** A function that compares with a placeholder and raises: told where it compares. */
function guardRows(body: readonly Statement[], file: string): readonly PythonRow[] {
  return body.flatMap((statement) => {
    if (statement.kind !== "function") return [];
    const isRaising = [...statementsIn(statement.body)].some(({ kind }) => kind === "raise");
    const compared = [...expressionsIn({ body: statement.body })]
      .filter(comparesPlaceholder)
      .sort((a, b) => a.start - b.start)[0];
    if (!isRaising || compared === undefined) return [];
    const { line, column } = compared;
    return [
      {
        ...{
          slug: "secret.guard",
          framework: "fastapi" as const,
          name: statement.name,
          file,
          line,
          column,
        },
        value: { kind: "unknown" as const, reason: "a placeholder is refused", origin: NO_ORIGIN },
      },
    ];
  });
}

function comparesPlaceholder(expression: Expression): boolean {
  if (expression.kind !== "compare") return false;
  const texts = expression.operands.flatMap((operand) =>
    operand.kind === "sequence" ? operand.items : [operand],
  );
  return texts.some((each) => each.kind === "text" && PLACEHOLDER.test(each.text));
}
