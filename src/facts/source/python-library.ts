import { createMachine, runEntry } from "../../parsers/python/interpret.ts";
import type { Machine } from "../../parsers/python/machine.ts";
import type { Scope, Value } from "../../parsers/python/value.ts";
import { environmentLookUp } from "../source-environment.ts";
import { settingOf } from "../source-setting.ts";
import type { SourceProperty, SourceSetting } from "../source-settings.fact.ts";
import { pythonFilesWith } from "./python-files.ts";
import type { SourceContext } from "./reader.ts";

/** Modules in which a value that a library is set up with may stand. */
const VALUES = /environ|getenv|BaseSettings/;

/** Every file that can be part of what runs and holds `needle`, read by itself. */
export async function rowsOfFiles(
  context: SourceContext,
  needle: RegExp,
  ofFile: (context: SourceContext, file: string) => Promise<readonly SourceSetting[]>,
): Promise<readonly SourceSetting[]> {
  const rows: SourceSetting[] = [];
  for (const file of await pythonFilesWith(context, needle))
    rows.push(...(await ofFile(context, file)));
  return rows;
}

/** A file run under the effective environment, with the modules that its values may come from. */
export async function runFile(
  { python, environment }: SourceContext,
  file: string,
): Promise<{ readonly machine: Machine; readonly scope: Scope | undefined }> {
  const within = await python.loadClosure(file, { text: VALUES });
  const machine = createMachine(python.under(environmentLookUp(environment), { within }), file);
  return { machine, scope: runEntry(machine, file) };
}

/** A value that a library is set up with, not yet told without secrets. */
export interface LibraryFinding {
  readonly slug: string;
  readonly property: SourceProperty;
  readonly name: string;
  readonly value: Value;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What it is when no variable is set. */
  readonly fallback?: Value | undefined;
}

export function libraryRow(context: SourceContext, found: LibraryFinding): SourceSetting {
  const { slug, property, name, file, line, column, fallback } = found;
  const setting = settingOf(context.setting, { ...found, fallback });
  const { kind, variables, resolved, chain } = setting;
  const value = resolved.state === "known" ? JSON.stringify(resolved.value) : resolved.reason;
  const place = { file, line, column };
  return { slug, property, subject: name, ...place, kind, value, variables, resolved, chain };
}

export interface NamedEntry {
  readonly name: string;
  readonly value: Value;
  readonly line: number;
}

/** The entries of a dictionary whose keys are text. */
export function entriesOf(value: Value): readonly NamedEntry[] {
  if (value.kind !== "dict") return [];
  return value.entries.flatMap(({ key, value: held, line }) =>
    key.kind === "text" ? [{ name: key.text, value: held, line }] : [],
  );
}
