import { isExhausted, type Machine, type VariableState } from "../../parsers/python/machine.ts";
import { none, type Value } from "../../parsers/python/value.ts";
import type { Resolved } from "../app-settings.fact.ts";
import { emptyEnvironment, environmentLookUp } from "../source-environment.ts";
import { settingOf } from "../source-setting.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import type { FieldWrite } from "./field-statements.ts";
import { fieldWrites } from "./field-writes.ts";
import { sslifyWrites } from "./flask-sslify.ts";
import { type TalismanDefaults, talismans, talismanWrites } from "./flask-talisman.ts";
import { isBefore } from "./pinned-version.ts";
import { runPython } from "./python-application.ts";
import type { SourceContext, SourceReader } from "./reader.ts";
import { type Registered, type RegisteredCode, registeredCode } from "./registered-code.ts";
import { RESPONSE_FIELDS, type ResponseField } from "./response-field-names.ts";

/** Fields of answers that FastAPI, Starlette and Flask applications set in middleware of their own. */
export const responseFieldsReader: SourceReader = {
  frameworks: ["fastapi", "starlette", "flask"],
  async read(context) {
    const sources = context.application.sources ?? [];
    const files = [...new Set(sources.map(({ file }) => file))];
    const isNamed = files.length > 1;
    const defaults = { sendsXss: await isBefore(context, "flask-talisman", [1, 1]) };
    const settings: SourceSetting[] = [];
    for (const file of files) {
      const { framework, entry } = sources.find((one) => one.file === file) ?? {};
      const found = await fieldsOf(context, file, entry ?? file, defaults);
      settings.push(
        ...found.map((setting) => ({
          ...setting,
          ...(framework !== undefined && { framework }),
          ...(isNamed && { subject: file }),
        })),
      );
    }
    return settings;
  },
};

async function fieldsOf(
  context: SourceContext,
  file: string,
  entry: string,
  talisman: TalismanDefaults,
): Promise<readonly SourceSetting[]> {
  const { python, environment } = context;
  const run = async (variable: (name: string) => VariableState): Promise<Run> => {
    const machine = await runPython(python, entry, variable);
    const code = registeredCode(machine);
    const own = writesOf(machine, code.functions);
    // What was registered last runs last; Talisman's is registered where it is set up.
    const its = talismans(machine).flatMap((each) => talismanWrites(each, talisman));
    return {
      machine,
      code,
      writes: [...its, ...sslifyWrites(machine), ...own],
      isRead: machine.modules.has(entry),
    };
  };
  const { machine, code, writes, isRead } = await run(environmentLookUp(environment));
  const defaults = await defaultsOf(writes, async () => (await run(emptyEnvironment)).writes);
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
async function defaultsOf(
  writes: readonly FieldWrite[],
  unset: () => Promise<readonly FieldWrite[]>,
): Promise<ReadonlyMap<string, Value | undefined>> {
  const isDecided = writes.some(
    ({ value, isOff }) => isOff || (value?.origin.reads.length ?? 0) > 0,
  );
  return new Map(
    isDecided ? (await unset()).map((write) => [keyOf(write), write.value] as const) : [],
  );
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
    resolved: write.isOff
      ? { state: "known", value: null, from: "env" }
      : inShapeOf(field, resolved),
    ...(write.condition !== undefined && { condition: write.condition }),
    ...(write.isOff && { isOff: true }),
  };
}

/** Browsers take nothing but `true` for leave to send credentials (Fetch, 3.2.3). */
function inShapeOf(field: ResponseField | undefined, resolved: Resolved): Resolved {
  const isSwitch = field?.property === "cors.credentials" && resolved.state === "known";
  return isSwitch ? { ...resolved, value: resolved.value === "true" } : resolved;
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
