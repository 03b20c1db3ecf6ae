import type { CallRecord, Machine, StoreRecord } from "../../parsers/python/machine.ts";
import type { Value } from "../../parsers/python/value.ts";
import type { Framework } from "../application.fact.ts";
import type { SourceProperty } from "../source-settings.fact.ts";
import type { PythonRow } from "./python-row.ts";

/** Fields that are told, with their name in findings. */
const FIELDS: Readonly<Record<string, readonly [property: SourceProperty, slug: string]>> = {
  "strict-transport-security": ["header.strict-transport-security", "headers.hsts"],
  "content-security-policy": ["header.content-security-policy", "csp.app"],
  "content-security-policy-report-only": [
    "header.content-security-policy-report-only",
    "csp.report_only",
  ],
  "x-frame-options": ["header.x-frame-options", "headers.xfo"],
  "x-content-type-options": ["header.x-content-type-options", "headers.nosniff"],
  "referrer-policy": ["header.referrer-policy", "headers.referrer"],
  "x-xss-protection": ["header.x-xss-protection", "headers.x-xss-protection"],
  "permissions-policy": ["header.permissions-policy", "headers.permissions-policy"],
  "cross-origin-opener-policy": ["header.cross-origin-opener-policy", "headers.coop"],
  server: ["header.server", "headers.server"],
  "x-powered-by": ["header.x-powered-by", "headers.x-powered-by"],
};

/**
 * Fields that the program puts on responses: `response.headers["X"] = …` and the like. `setdefault` and `append`
 * count as well: nothing before them has set the field.
 */
export function headerRows({ stores, calls }: Machine, framework: Framework): readonly PythonRow[] {
  return [
    ...stores.flatMap((record) =>
      isHeaders(record.path) ? row(record, record.key, record.value, framework) : [],
    ),
    ...calls.flatMap((record) => calledRows(record, framework)),
  ];
}

/** `response.headers`, and Starlette's own `MutableHeaders(scope=message)`. */
function isHeaders(path: string): boolean {
  return /\.headers$|(?:^|\.)MutableHeaders\(\)$/.test(path);
}

function calledRows(record: CallRecord, framework: Framework): readonly PythonRow[] {
  const at = record.path.lastIndexOf(".");
  const method = record.path.slice(at + 1);
  if (!isHeaders(record.path.slice(0, Math.max(at, 0)))) return [];
  const [key, value] = record.call.positional;
  if (method === "update" && key?.kind === "dict")
    return key.entries.flatMap((entry) =>
      entry.key.kind === "text" ? row(record, entry.key.text, entry.value, framework) : [],
    );
  if (!["setdefault", "append", "add", "set", "add_header"].includes(method)) return [];
  return key?.kind === "text" && value !== undefined ? row(record, key.text, value, framework) : [];
}

function row(
  record: CallRecord | StoreRecord,
  field: string,
  value: Value,
  framework: Framework,
): readonly PythonRow[] {
  const name = field.toLowerCase();
  const told = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (told === undefined || record.isUnderMain) return [];
  const [property, slug] = told;
  return [
    {
      slug,
      property,
      framework,
      name: field,
      file: record.file,
      line: record.place.line,
      column: record.place.column,
      value,
      ...(record.condition === undefined ? {} : { condition: record.condition }),
    },
  ];
}
