import type { Machine } from "../../parsers/python/machine.ts";
import type { SourceSetting } from "../source-settings.fact.ts";
import { baseName, directoryOf } from "../target-path.ts";
import { DJANGO_NAMES } from "./django-names.ts";
import type { SourceContext } from "./reader.ts";

/** Settings modules beside the one in use that are looked at. */
export const OTHER_MODULES_MAX = 12;
const LINES_MAX = 2_000;
const MODULE =
  /^(?:[\w-]*settings[\w-]*|local|dev|development|local_dev|staging|test|testing|ci|docker|prod|production)\.py$/;
/** A setting at the top of a module that is given a literal on one line. */
const LITERAL = /^(DEBUG|ALLOWED_HOSTS)\s*(?::[^=]+)?=\s*(True|False|\[[^\]]*\])\s*(?:#.*)?$/;

/**
 * What settings modules say that are not in use, for development most of them: told where it stands, so that who
 * searches for it finds that it decides nothing.
 */
export async function otherModuleRows(
  { sources }: SourceContext,
  machine: Machine,
  file: string,
): Promise<readonly SourceSetting[]> {
  const home = directoryOf(file);
  const others = sources.tree.files
    .map(({ path }) => path)
    .filter(
      (path) =>
        directoryOf(path) === home && MODULE.test(baseName(path)) && !machine.modules.has(path),
    );
  const rows: SourceSetting[] = [];
  for (const other of others.slice(0, OTHER_MODULES_MAX)) {
    const lines = ((await sources.text(other)) ?? "").split(/\r?\n/, LINES_MAX);
    rows.push(...lines.flatMap((written, index) => rowOf(file, other, written, index + 1)));
  }
  return rows;
}

function rowOf(
  inUse: string,
  file: string,
  written: string,
  line: number,
): readonly SourceSetting[] {
  const [, name = "", value = ""] = LITERAL.exec(written) ?? [];
  const slug = DJANGO_NAMES[name]?.slug;
  if (slug === undefined) return [];
  const shown = `${name} = ${value.slice(0, 120)}`;
  return [
    {
      ...{ slug, framework: "django", file, line, column: 1, kind: "literal", value: shown },
      variables: [],
      resolved: { state: "known", value: shown, from: "literal" },
      condition: `${file} is not in use, ${inUse} is`,
      chain: `${shown} <- ${file}:${line}, which is not in use`,
    },
  ];
}
