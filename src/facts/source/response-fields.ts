import { createMachine, runEntry } from "../../parsers/python/interpret.ts";
import { isExhausted, type Machine, type VariableState } from "../../parsers/python/machine.ts";
import { none, type Value } from "../../parsers/python/value.ts";
import { emptyEnvironment, environmentLookUp } from "../source-environment.ts";
import { settingOf } from "../source-setting.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import type { FieldWrite } from "./field-statements.ts";
import { fieldWrites } from "./field-writes.ts";
import type { SourceContext, SourceReader } from "./reader.ts";
import { type Registered, type RegisteredCode, registeredCode } from "./registered-code.ts";
import { RESPONSE_FIELDS } from "./response-field-names.ts";

/** Modules that may put code into the way of answers, or hold a value it uses. */
const NEEDLE =
  /headers|middleware|after_request|environ|getenv|BaseSettings|FastAPI\(|Flask\(|Starlette\(|\bsettings\b|\bconfig\b/i;

/** Fields of answers that FastAPI, Starlette and Flask applications set in middleware of their own. */
export const responseFieldsReader: SourceReader = {
  frameworks: ["fastapi", "starlette", "flask"],
  async read(context) {
    const sources = context.application.sources ?? [];
    const files = [...new Set(sources.map(({ file }) => file))];
    const settings: SourceSetting[] = [];
    for (const file of files) {
      const framework = sources.find((one) => one.file === file)?.framework;
      const found = await fieldsOf(context, file);
      settings.push(
        ...found.map((setting) => ({
          ...setting,
          ...(framework !== undefined && { framework }),
          ...(files.length > 1 && { subject: file }),
        })),
      );
    }
    return settings;
  },
};

async function fieldsOf(context: SourceContext, file: string): Promise<readonly SourceSetting[]> {
  const { python, environment } = context;
  await python.loadClosure(file, (text) => NEEDLE.test(text));
  const run = (variable: (name: string) => VariableState): Run => {
    const machine = createMachine(python.under(variable), file);
    const scope = runEntry(machine, file);
    const code = registeredCode(machine);
    return {
      machine,
      code,
      writes: writesOf(machine, code.functions),
      isRead: scope !== undefined,
    };
  };
  const { machine, code, writes, isRead } = run(environmentLookUp(environment));
  const defaults = defaultsOf(writes, () => run(emptyEnvironment).writes);
  const present = inForce(writes).map((write) => settingFor(context, write, defaults));
  const reason = isRead && !isExhausted(machine) ? undefined : `${file} could not be followed`;
  return [...present, ...absentFields(file, writes, code, reason)];
}

interface Run {
  readonly machine: Machine;
  readonly code: RegisteredCode;
  readonly writes: readonly FieldWrite[];
  readonly isRead: boolean;
}

export function writesOf(
  machine: Machine,
  functions: readonly Registered[],
): readonly FieldWrite[] {
  const writes: FieldWrite[] = [];
  const seen = new Set<unknown>();
  for (const { callee, known } of functions) {
    if (seen.has(callee.definition)) continue;
    seen.add(callee.definition);
    fieldWrites(machine, callee, known, writes);
  }
  return writes;
}

/** What is overwritten later, whatever happens, has no effect; a default has none over what is there. */
export function inForce(writes: readonly FieldWrite[]): readonly FieldWrite[] {
  return writes.filter(({ name, isDefault }, at) => {
    const isOverwritten = writes
      .slice(at + 1)
      .some((later) => later.name === name && isSure(later) && !later.isDefault);
    const isThere = writes
      .slice(0, at)
      .some((earlier) => earlier.name === name && isSure(earlier) && earlier.value !== undefined);
    return !isOverwritten && !(isDefault && isThere);
  });
}

function isSure({ condition }: FieldWrite): boolean {
  return condition === undefined;
}

function keyOf({ name, file, place }: FieldWrite): string {
  return `${name} ${file}:${place.start}`;
}

/** What the program sets when no variable is set; worked out only where a variable decides. */
function defaultsOf(
  writes: readonly FieldWrite[],
  unset: () => readonly FieldWrite[],
): ReadonlyMap<string, Value | undefined> {
  const isDecided = writes.some(
    ({ value, isOff }) => isOff || (value?.origin.reads.length ?? 0) > 0,
  );
  return new Map(isDecided ? unset().map((write) => [keyOf(write), write.value] as const) : []);
}

export function settingFor(
  { setting }: Pick<SourceContext, "setting">,
  write: FieldWrite,
  defaults: ReadonlyMap<string, Value | undefined>,
): SourceSetting {
  const field = RESPONSE_FIELDS[write.name];
  const shown = field?.shown ?? write.name;
  const { line, column } = write.place;
  const given = settingOf(setting, {
    ...{ name: shown, file: write.file, line, column },
    value: write.value ?? none(),
    fallback: defaults.get(keyOf(write)),
  });
  const { kind, variables, resolved, chain, value } = given;
  return {
    slug: field?.slug ?? write.name,
    ...(field !== undefined && { property: field.property }),
    ...{ file: write.file, line, column, kind, variables, chain },
    value: write.value === undefined ? "taken away" : shownText(value ?? given.default, chain),
    ...(typeof given.default === "string" && { default: given.default }),
    resolved: write.isOff ? { state: "known", value: null, from: "env" } : resolved,
    ...(write.condition !== undefined && { condition: write.condition }),
    ...(write.isOff && { isOff: true }),
  };
}

function shownText(value: unknown, chain: string): string {
  return typeof value === "string" ? value : chain;
}

/** What nothing sets, unless code that was not read may. */
export function absentFields(
  file: string,
  writes: readonly FieldWrite[],
  { unread }: Pick<RegisteredCode, "unread">,
  reason: string | undefined,
): readonly SourceSetting[] {
  const [library] = unread;
  const because =
    library === undefined
      ? reason
      : `${library.path} (${library.file}:${library.line}) may set it, and was not read`;
  return Object.entries(RESPONSE_FIELDS).flatMap(([name, field]) => {
    if (!field.isExpected || writes.some((write) => write.name === name)) return [];
    return [
      {
        ...{ slug: field.slug, property: field.property, file, line: null, value: "none" },
        kind: "absent" as const,
        variables: [],
        resolved:
          because === undefined
            ? ({ state: "known", value: null, from: "default" } as const)
            : ({ state: "unknown", reason: because } as const),
        chain: `${field.shown} is set nowhere <- ${file}`,
      },
    ];
  });
}
