import { dockerVariables, parseDockerfile } from "../../../parsers/dockerfile.ts";
import {
  type ScriptMember,
  type ScriptValue,
  scriptNone,
} from "../../../parsers/javascript/script-value.ts";
import type { SettingEntry } from "../../../parsers/javascript/settings-text.ts";
import type { VariableState } from "../../../parsers/python/machine.ts";
import { deployFileKind, isDevelopmentDeployFile } from "../../deploy/deploy-names.ts";
import { emptyEnvironment, environmentLookUp } from "../../source-environment.ts";
import { baseName, byDepth } from "../../target-path.ts";
import type { SourceContext } from "../reader.ts";
import { entriesOfFile, settingsFiles, settingValue } from "./settings-files.ts";

/** Files of settings that programs load, as the objects they become. */
export interface LiveSettings {
  /** Under the effective environment. */
  readonly live: readonly ScriptValue[];
  /** With nothing set. */
  readonly bare: readonly ScriptValue[];
}

const DOCKERFILES_MAX = 4;
const SAMPLE =
  /\.(?:docker|template|example|sample|dist|default)$|[._-](?:sample|example|template|docker)\./i;

/** Those that are in force: by their own name, or because an image copies a sample into their place. */
export async function liveSettings(context: SourceContext): Promise<LiveSettings> {
  const all = settingsFiles(context);
  const samples = all.filter((file) => SAMPLE.test(file));
  const copied = samples.length === 0 ? new Set<string>() : await copiedFiles(context, samples);
  const files = all.filter((file) => !SAMPLE.test(file) || copied.has(file));
  const lookUp = environmentLookUp(context.environment);
  const found: { live: ScriptValue[]; bare: ScriptValue[] } = { live: [], bare: [] };
  for (const file of files) {
    const entries = await entriesOfFile(context, file);
    found.live.push(objectOf(entries, file, lookUp));
    found.bare.push(objectOf(entries, file, emptyEnvironment));
  }
  return found;
}

/** `COPY settings.json.docker ./settings.json`, the source through an ARG as well. */
async function copiedFiles(
  { sources }: SourceContext,
  samples: readonly string[],
): Promise<ReadonlySet<string>> {
  const images = byDepth(
    sources.tree.files
      .map(({ path }) => path)
      .filter((path) => deployFileKind(path) === "dockerfile" && !isDevelopmentDeployFile(path)),
  );
  const found = new Set<string>();
  for (const path of images.slice(0, DOCKERFILES_MAX)) {
    const text = (await sources.text(path)) ?? "";
    for (const file of copiesIn(text, samples)) found.add(file);
  }
  return found;
}

function copiesIn(text: string, samples: readonly string[]): readonly string[] {
  const file = parseDockerfile(text);
  const values = new Map(dockerVariables(file).map(({ key, value }) => [key, value ?? ""]));
  const filled = (word: string): string =>
    word.replace(/\$\{?(\w+)\}?/g, (all, name: string) => values.get(name) ?? all);
  return file.instructions
    .filter(({ keyword }) => keyword === "COPY" || keyword === "ADD")
    .flatMap(({ text: words }) => {
      const paths = words.split(/\s+/).filter((word) => !word.startsWith("--"));
      const target = baseName(filled(paths.at(-1) ?? "").replace(/^["']|["']$/g, ""));
      const given = paths.slice(0, -1).map((word) => filled(word).replace(/^\.\//, ""));
      return SAMPLE.test(target) ? [] : samples.filter((sample) => given.includes(sample));
    });
}

function objectOf(
  entries: readonly SettingEntry[],
  file: string,
  lookUp: (name: string) => VariableState,
): ScriptValue {
  const members = new Map<string, ScriptMember>();
  const groups = Map.groupBy(
    entries.filter(({ path }) => path.length > 0),
    ({ path }) => path[0] ?? "",
  );
  for (const [key, group] of groups) {
    const [first] = group;
    if (first === undefined) continue;
    const place = { file, line: first.line, column: 1 };
    const isPlain = first.path.length === 1;
    const inner = group.map((entry) => ({ ...entry, path: entry.path.slice(1) }));
    const value = isPlain ? settingValue(lookUp, file, first.value) : objectOf(inner, file, lookUp);
    members.set(key, { value: { ...value, place }, place });
  }
  return { kind: "object", members, isOpen: false, origin: scriptNone().origin };
}
