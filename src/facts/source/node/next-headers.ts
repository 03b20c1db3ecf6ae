import type { ScriptModule } from "../../../parsers/javascript/script-module.ts";
import {
  type ScriptValue,
  scriptText,
  scriptUnknown,
  type ToldCondition,
} from "../../../parsers/javascript/script-value.ts";
import { placeOf, type ScriptPlace } from "../../../parsers/javascript/syntax.ts";
import { CORS_FIELDS, headerField } from "./header-fields.ts";
import { credentialsOf, openCondition } from "./headers.ts";
import { optionOf } from "./options.ts";
import type { ScriptRow } from "./row.ts";

/** Patterns of `source` that every page matches, or all but a few named ones. */
const WHOLE =
  /^\/?(?:\(\.\*\)|:\w+\*|:\w+\(\.\*\)|\(\(\?!.*\)\.\*\)|:\w+\(\(\?!.*\)\.\*\)|\{\/:\w+\*\}\?)$/;

/** The list that `headers()` of next.config gives: one entry for each pattern of paths. */
export function nextHeaderRows(list: ScriptValue, config: ScriptPlace): readonly ScriptRow[] {
  if (list.kind !== "list") return [openRow(config, list)];
  const rows = list.items.flatMap((entry) => entryRows(entry, config));
  return list.isOpen ? [...rows, openRow(config, list)] : rows;
}

/** What is sent cannot be told: said once, for the field that matters most. */
function openRow(config: ScriptPlace, value: ScriptValue): ScriptRow {
  const reason = value.kind === "unknown" ? value.reason : "not all entries are known";
  return {
    slug: "next.headers",
    framework: "nextjs",
    name: "headers",
    place: value.place ?? config,
    value: scriptUnknown(reason, value),
  };
}

function entryRows(entry: ScriptValue, config: ScriptPlace): readonly ScriptRow[] {
  if (entry.kind !== "object") return [openRow(config, entry)];
  const source = optionOf(entry, "source");
  const headers = optionOf(entry, "headers");
  if (headers.state !== "given") return [];
  if (headers.value.kind !== "list") return [openRow(config, headers.value)];
  const pattern =
    source.state === "given" && source.value.kind === "text" ? source.value.text : undefined;
  const isWhole = pattern !== undefined && WHOLE.test(pattern);
  const mounted = isWhole ? [] : [openCondition(`only on ${pattern ?? "paths that are computed"}`)];
  const conditions = [...(entry.conditions ?? []), ...mounted];
  return headers.value.items.flatMap((item) => fieldRows(item, conditions, pattern));
}

function fieldRows(
  item: ScriptValue,
  outer: readonly ToldCondition[],
  pattern: string | undefined,
): readonly ScriptRow[] {
  const key = optionOf(item, "key");
  const value = optionOf(item, "value");
  if (key.state !== "given" || key.value.kind !== "text" || value.state === "absent") return [];
  const name = key.value.text;
  const conditions = [...outer, ...(item.conditions ?? [])];
  const cors = CORS_FIELDS[name.toLowerCase()];
  const shared = { framework: "nextjs", name, place: key.place, value: value.value } as const;
  if (cors !== undefined)
    return [
      {
        ...shared,
        ...cors,
        value: cors.property === "cors.credentials" ? credentialsOf(value.value) : value.value,
        ...(pattern === undefined ? {} : { subject: pattern }),
        // Which paths it is sent on is said by its subject.
        conditions: item.conditions ?? [],
      },
    ];
  const known = headerField(name);
  if (known === undefined) return [];
  return [
    {
      ...shared,
      slug: `next.${known.slug}`,
      property: known.property,
      name: known.field,
      conditions,
    },
    ...switchRows(conditions),
  ];
}

/** The variables that decide whether a field is sent, where they are read. */
function switchRows(conditions: readonly ToldCondition[]): readonly ScriptRow[] {
  return conditions.flatMap(({ origin, place, holds, text }) => {
    const [read, ...more] = origin.reads;
    if (read === undefined || more.length > 0 || place === undefined) return [];
    const value: ScriptValue =
      holds === undefined
        ? { ...scriptUnknown(`it depends on ${text}`), origin }
        : { kind: "boolean", value: holds, origin };
    return [
      {
        slug: `next.${read.variable.toLowerCase()}`,
        framework: "nextjs" as const,
        name: read.variable,
        place,
        value,
      },
    ];
  });
}

const DIRECTIVE = /^\s*((?:script|default)-src|frame-ancestors)\b/;

/** Directives of a policy that is written as a template over several lines, each at its own. */
export function policyRows(
  { templates, text, file }: ScriptModule,
  framework: ScriptRow["framework"],
  prefix: string,
): readonly ScriptRow[] {
  return templates.flatMap(({ node }) => {
    const { start, end } = node;
    if (typeof start !== "number" || typeof end !== "number") return [];
    const raw = text.slice(start + 1, end - 1);
    if (!/\b(?:script|default|style|img)-src\b/.test(raw)) return [];
    const found = directivesIn(raw, placeOf(node, file).line);
    const script = found.find(({ name }) => name === "script-src");
    const policy = script ?? found.find(({ name }) => name === "default-src");
    const frame = found.find(({ name }) => name === "frame-ancestors");
    return [policy, frame].flatMap((directive) =>
      directive === undefined ? [] : [directiveRow(directive, file, framework, prefix)],
    );
  });
}

interface Directive {
  readonly name: string;
  readonly text: string;
  readonly line: number;
}

function directivesIn(raw: string, first: number): readonly Directive[] {
  let line = first;
  return raw.split(";").flatMap((piece) => {
    const at = line + (/^\s*/.exec(piece)?.[0].split("\n").length ?? 1) - 1;
    line += piece.split("\n").length - 1;
    const name = DIRECTIVE.exec(piece)?.[1];
    return name === undefined ? [] : [{ name, text: piece.trim(), line: at }];
  });
}

function directiveRow(
  { name, text, line }: Directive,
  file: string,
  framework: ScriptRow["framework"],
  prefix: string,
): ScriptRow {
  const isComputed = text.includes("${");
  return {
    slug: `${prefix}.${name === "frame-ancestors" ? "frame_ancestors" : "csp"}`,
    framework,
    name,
    place: { file, line, column: 1 },
    value: isComputed ? scriptUnknown(`${name} holds ${text.slice(0, 80)}`) : scriptText(text),
  };
}
