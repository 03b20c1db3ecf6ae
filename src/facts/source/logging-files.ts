import type { Tree } from "../../parsers/compose/tree.ts";
import { isDevelopmentFile } from "../source-files.ts";
import type { SourceProperty, SourceSetting } from "../source-settings.fact.ts";
import { baseName } from "../target-path.ts";
import { NOT_LIVE, pythonFilesWith } from "./python-files.ts";
import type { SourceContext } from "./reader.ts";

/** Code that loads settings of logs. */
export const LOADS = /\b(?:dictConfig|log_config)\b/;
const NAMED = /["'/]([\w.-]{1,80}\.(?:json|ya?ml))["']/g;
/** Files of a program's settings of logs that are read. */
const LOGGING_FILES_MAX = 8;

/** JSON and YAML files that Python code with `dictConfig` names: their handlers that write files. */
export async function loggingFileRows(context: SourceContext): Promise<readonly SourceSetting[]> {
  const names = new Set<string>();
  for (const file of await pythonFilesWith(context, LOADS))
    for (const [, name = ""] of ((await context.sources.text(file)) ?? "").matchAll(NAMED))
      names.add(name);
  const files = context.tree.files
    .map(({ path }) => path)
    .filter((path) => names.has(baseName(path)) && !NOT_LIVE.test(path) && !isForPeople(path));
  const rows: SourceSetting[] = [];
  for (const file of files.slice(0, LOGGING_FILES_MAX)) {
    const text = await context.sources.text(file);
    if (text !== undefined && /\bhandlers\b/.test(text)) rows.push(...(await rowsOf(file, text)));
  }
  return rows;
}

/** `logging.dev.json`, `logging-test.yaml`. */
function isForPeople(path: string): boolean {
  return isDevelopmentFile(path) || /[._-](?:dev|devel|local|tests?|debug)\b/i.test(baseName(path));
}

async function rowsOf(file: string, text: string): Promise<readonly SourceSetting[]> {
  // Loaded when there is such a file: the YAML library takes long to load.
  const { asWritten, readWritten, scalarAt } = await import("../deploy/compose-written.ts");
  const handlers = readWritten({ file, text }).flatMap((tree) => mapsUnder(tree, "handlers"));
  return handlers.flatMap((handler) => {
    const type = scalarAt(handler, "class")?.text ?? "";
    const written = scalarAt(handler, "filename");
    if (!/FileHandler$/.test(type) || written === undefined) return [];
    const path = asWritten(written.text);
    const line = scalarAt(handler, "class")?.line ?? written.line;
    const row = (slug: string, property: SourceProperty): SourceSetting => ({
      ...{ slug, property, subject: type, file, line, kind: "literal", value: path, variables: [] },
      resolved: { state: "known", value: path, from: "literal" },
      chain: `${type} writes ${path} <- ${file}:${line}`,
    });
    const rotates = /RotatingFileHandler$/.test(type);
    const rotation = rotates ? [row("logging.rotation", "log.rotation")] : [];
    return [row("logging.handler", "log.file"), ...rotation];
  });
}

function mapsUnder(tree: Tree, key: string): readonly (Tree & { readonly kind: "map" })[] {
  const held = tree.kind === "map" ? tree.entries.get(key)?.value : undefined;
  if (held?.kind !== "map") return [];
  return [...held.entries.values()].flatMap(({ value }) => (value.kind === "map" ? [value] : []));
}
