import { describeSecret } from "../../core/secret.ts";
import type { Call, Expression } from "../../parsers/python/syntax.ts";
import { originOf, truthOf, type Value } from "../../parsers/python/value.ts";
import type { Resolved } from "../app-settings.fact.ts";
import type { Framework } from "../application.fact.ts";
import { type SettingContext, settingOf } from "../source-setting.ts";
import type { SourceProperty, SourceSetting } from "../source-settings.fact.ts";

/** A setting found in Python, its value not yet told without secrets. */
export interface PythonRow {
  readonly slug: string;
  readonly property?: SourceProperty;
  readonly framework: Framework;
  readonly subject?: string;
  /** As people write it: `SessionMiddleware.https_only`. Secrets are told by it. */
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly value: Value;
  /** Nothing gives it: `value` is the framework's default. */
  readonly isAbsent?: true;
  readonly condition?: string;
  /** Where it is told otherwise than by the value and by what is written. */
  readonly kind?: SourceSetting["kind"];
  /** What stands at the place, which may say more of the kind than the value does. */
  readonly written?: Expression;
}

const SHOWN_LENGTH_MAX = 160;

/** The row as checks see it: switches as booleans, SameSite in lower case, no secret. */
export function sourceRow(
  context: SettingContext,
  row: PythonRow,
  fallback: Value | undefined = undefined,
): SourceSetting {
  const { slug, property, framework, subject, name, file, line, column, value, condition } = row;
  const setting = settingOf(context, { name, file, line, column, value, fallback });
  const resolved = normalized(property, setting.resolved, value);
  return {
    slug,
    ...(property === undefined ? {} : { property }),
    framework,
    ...(subject === undefined ? {} : { subject }),
    file,
    line: row.isAbsent === true ? null : line,
    ...(row.isAbsent === true ? {} : { column }),
    kind: row.isAbsent === true ? "absent" : (row.kind ?? writtenKind(setting.kind, row)),
    value: shown(resolved),
    variables: setting.variables,
    ...plainDefault(setting.default),
    resolved: row.isAbsent === true ? asDefault(resolved) : resolved,
    chain:
      row.isAbsent === true
        ? `${name} is not given, the default is ${shown(resolved)} <- ${file}:${line}`
        : setting.chain,
    ...(condition === undefined ? {} : { condition }),
  };
}

/**
 * A text put together around a variable is computed; a list of nothing but one, or one that a call
 * makes of it (`split`, the project's own cast), is that variable's.
 */
function writtenKind(
  kind: SourceSetting["kind"],
  { written, value }: PythonRow,
): SourceSetting["kind"] {
  if (kind === "env" && (written?.kind === "format" || written?.kind === "binary"))
    return "computed";
  const isOne =
    (written?.kind === "sequence" && written.items.length === 1) ||
    (value.kind === "list" && written?.kind === "call" && isPlainCall(written));
  return kind === "computed" && isOne && originOf(value).reads.length === 1 ? "env" : kind;
}

/** A call of names and literals, and of calls that are so as well: nothing is put together in it. */
function isPlainCall(written: Call): boolean {
  const parts = [written.callee, ...written.arguments.map(({ value }) => value)];
  return parts.every(isPlainPart);
}

function isPlainPart(part: Expression): boolean {
  if (part.kind === "attribute" || part.kind === "subscript") return isPlainPart(part.object);
  if (part.kind === "call") return isPlainCall(part);
  return part.kind === "name" || part.kind === "text" || part.kind === "constant";
}

/** Of defaults only text, numbers and switches are told. */
function plainDefault(value: unknown): Pick<SourceSetting, "default"> {
  const isPlain =
    typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return isPlain ? { default: value } : {};
}

function asDefault(resolved: Resolved): Resolved {
  return resolved.state === "known" ? { ...resolved, from: "default" } : resolved;
}

function normalized(
  property: SourceProperty | undefined,
  resolved: Resolved,
  value: Value,
): Resolved {
  if (property === undefined || resolved.state !== "known") return resolved;
  const { value: json } = resolved;
  if (/samesite$/.test(property))
    return typeof json === "string" ? { ...resolved, value: json.toLowerCase() } : resolved;
  if (/(?:secure|httponly|enabled|credentials|subdomains|preload|exposed)$/.test(property))
    return { ...resolved, value: truthOf(value) ?? false };
  return resolved;
}

function shown(resolved: Resolved): string {
  if (resolved.state !== "known") return resolved.reason;
  if (resolved.secret !== undefined) return describeSecret(resolved.secret);
  const text = JSON.stringify(resolved.value ?? null);
  return text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}…` : text;
}
