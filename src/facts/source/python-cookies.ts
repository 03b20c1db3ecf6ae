import { cookieUse } from "../../parsers/http/cookie-use.ts";
import type { CallRecord } from "../../parsers/python/machine.ts";
import type { Place } from "../../parsers/python/syntax.ts";
import { boolean, none, text, unknownValue, type Value } from "../../parsers/python/value.ts";
import type { Framework } from "../application.fact.ts";
import type { PythonRow } from "./python-row.ts";

/** Order of `set_cookie`'s arguments, the same in Starlette, Werkzeug and Django. */
const ORDER = "key value max_age expires path domain secure httponly samesite".split(" ");
const KINDS = ["secure", "httponly", "samesite"] as const;

/** Cookies that the program sets itself: what each one carries. */
export function cookieRows(
  calls: readonly CallRecord[],
  framework: Framework,
): readonly PythonRow[] {
  return calls.flatMap((record) => {
    if (!record.path.endsWith(".set_cookie") || record.isUnderMain) return [];
    const of = (name: string): Value | undefined =>
      record.call.named.get(name) ?? record.call.positional[ORDER.indexOf(name)];
    const age = of("max_age");
    // One that is deleted carries nothing.
    if (age?.kind === "number" && age.number <= 0) return [];
    return rowsOf(record, of, framework);
  });
}

function rowsOf(
  record: CallRecord,
  of: (name: string) => Value | undefined,
  framework: Framework,
): readonly PythonRow[] {
  const key = of("key");
  const name = key?.kind === "text" ? key.text : undefined;
  const use = name === undefined ? useOfFile(record.file) : cookieUse(name)?.use;
  const { file, place, condition } = record;
  const common = {
    framework,
    subject: name ?? "a cookie whose name is not known",
    ...(condition === undefined ? {} : { condition }),
  } as const;
  const given = KINDS.flatMap((kind) => {
    const value = of(kind);
    return value === undefined ? [] : [{ key: text(kind), value, line: 0 }];
  });
  const summary: PythonRow = {
    ...common,
    ...{ slug: `cookie.${use ?? "other"}`, name: "set_cookie", file, ...lineOf(place) },
    value: { kind: "dict", entries: given, origin: { reads: [], idiom: "" } },
  };
  const kinds = KINDS.map(
    (kind): PythonRow => ({
      slug: `cookie.${use ?? "other"}.${kind}`,
      property: use === undefined ? `cookie.${kind}` : `${use}.cookie-${kind}`,
      ...common,
      name: `set_cookie.${kind}`,
      file,
      ...lineOf(record.call.places?.get(kind) ?? place),
      ...givenOr(of(kind), record, DEFAULTS[framework === "flask" ? "flask" : "starlette"][kind]),
    }),
  );
  return [summary, ...kinds];
}

function lineOf({ line, column }: Place): Pick<PythonRow, "line" | "column"> {
  return { line, column };
}

/** What is given; the default where nothing is, unless it may be among arguments that are not known. */
function givenOr(
  given: Value | undefined,
  { call }: CallRecord,
  fallback: Value,
): Pick<PythonRow, "value" | "isAbsent"> {
  if (given !== undefined) return { value: given };
  if (!call.isOpen) return { value: fallback, isAbsent: true };
  return { value: unknownValue("it may be among arguments that are not known") };
}

/** A cookie whose name is not known, set by a file that is named for one use. */
function useOfFile(file: string): "csrf" | undefined {
  return /csrf/i.test(file.slice(file.lastIndexOf("/") + 1)) ? "csrf" : undefined;
}

const DEFAULTS: Readonly<Record<"flask" | "starlette", Record<(typeof KINDS)[number], Value>>> = {
  flask: { secure: boolean(false), httponly: boolean(false), samesite: none() },
  starlette: { secure: boolean(false), httponly: boolean(false), samesite: text("lax") },
};
