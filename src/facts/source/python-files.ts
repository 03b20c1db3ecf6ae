import type { Framework } from "../application.fact.ts";
import { isDevelopmentFile, type SourceFiles } from "../source-files.ts";
import type { SourceContext } from "./reader.ts";

/** Frameworks whose applications are written in Python. */
export const PYTHON_FRAMEWORKS: ReadonlySet<Framework> = new Set([
  "django",
  "fastapi",
  "starlette",
  "flask",
]);

/** Files of one library that are run by themselves, entry points first. */
export const LIBRARY_FILES_MAX = 24;
/** Parts of a tree that serve no answer. */
export const NOT_LIVE =
  /(?:^|\/)(?:tests?|testing|examples?|samples?|docs?|scripts|benchmarks?)\/|^(?:dev|devel|development|hack|tools|ci)\//;

/** Python files that can be part of what runs and whose text holds one of the needles, shallow ones first. */
export async function pythonFilesWithAny(
  sources: SourceFiles,
  needles: readonly RegExp[],
): Promise<readonly string[]> {
  const any = new RegExp(
    needles.map(({ source }) => source).join("|"),
    [...new Set(needles.flatMap(({ flags }) => [...flags]))].join(""),
  );
  const found: string[] = [];
  for (const path of sources.paths) {
    if (!path.endsWith(".py") || NOT_LIVE.test(path) || isDevelopmentFile(path)) continue;
    const text = await sources.text(path);
    if (text !== undefined && any.test(text)) found.push(path);
  }
  return found;
}

/** Of those files the ones whose text holds `needle`; cheap where it is one of the reader's `needles`. */
export async function pythonFilesWith(
  { sources, pythonFiles }: Pick<SourceContext, "sources" | "pythonFiles">,
  needle: RegExp,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of await pythonFiles(needle)) {
    const text = await sources.text(path);
    if (text === undefined || !needle.test(text)) continue;
    found.push(path);
    if (found.length === LIBRARY_FILES_MAX) break;
  }
  return found;
}
