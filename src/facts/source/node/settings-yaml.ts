import { ENTRIES_MAX, type SettingEntry } from "../../../parsers/javascript/settings-text.ts";
import { readYaml, type YamlTree } from "../../../parsers/yaml-tree.ts";

/** The scalars of a YAML file, by the keys that lead to them; nothing for what is no YAML. */
export function readYamlSettings(text: string): readonly SettingEntry[] {
  const result = readYaml(text);
  const found: SettingEntry[] = [];
  for (const tree of result.ok ? result.documents : []) addEntries(tree, [], found);
  return found;
}

function addEntries(tree: YamlTree, path: readonly string[], found: SettingEntry[]): void {
  if (found.length >= ENTRIES_MAX) return;
  if (tree.kind === "scalar") {
    found.push({ path, value: plainValue(tree.text), line: tree.line });
    return;
  }
  const entries =
    tree.kind === "map"
      ? [...tree.entries]
      : tree.items.map((item, at) => [String(at), item] as const);
  for (const [key, value] of entries) addEntries(value, [...path, key], found);
}

function plainValue(text: string): SettingEntry["value"] {
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === "true";
  return /^(?:|~|null)$/i.test(text) ? null : text;
}
