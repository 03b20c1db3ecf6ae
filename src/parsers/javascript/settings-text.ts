import { keyOf, nodeOf, nodesOf, placeOf, type SyntaxNode, syntaxTree } from "./syntax.ts";

/** One value of a file of settings, by the keys that lead to it. */
export interface SettingEntry {
  readonly path: readonly string[];
  readonly value: string | number | boolean | null;
  readonly line: number;
}

/** Values told of one file. */
export const ENTRIES_MAX = 2_000;
const NESTING_MAX = 12;

/** JSON, and what programs take for it: comments, single quotes, trailing commas. Nothing for what is none. */
export function readSettingsText(text: string): readonly SettingEntry[] {
  // An object alone is a block where a statement may stand.
  const program = syntaxTree(`(${text}\n)`, "settings.ts");
  const [statement] = program === undefined ? [] : nodesOf(program, "body");
  const root = statement === undefined ? undefined : nodeOf(statement, "expression");
  const found: SettingEntry[] = [];
  if (root !== undefined) addEntries(root, [], found);
  return found;
}

function addEntries(node: SyntaxNode, path: readonly string[], found: SettingEntry[]): void {
  if (path.length > NESTING_MAX || found.length >= ENTRIES_MAX) return;
  for (const [key, child] of childrenIn(node))
    addEntries(child, key === undefined ? path : [...path, key], found);
  const value = plainValue(node);
  if (value !== undefined) found.push({ path, value, line: placeOf(node, "").line });
}

/** Members of an object and items of a list by their keys; what stands in brackets without one. */
function childrenIn(node: SyntaxNode): readonly (readonly [string | undefined, SyntaxNode])[] {
  switch (node.type) {
    case "ParenthesizedExpression": {
      const inner = nodeOf(node, "expression");
      return inner === undefined ? [] : [[undefined, inner]];
    }
    case "ArrayExpression":
      return nodesOf(node, "elements").map((item, at) => [String(at), item]);
    case "ObjectExpression":
      return nodesOf(node, "properties").flatMap((property) => {
        const key = keyOf(property, "key");
        const value = nodeOf(property, "value");
        return key === undefined || value === undefined ? [] : [[key, value] as const];
      });
    default:
      return [];
  }
}

function plainValue(node: SyntaxNode): SettingEntry["value"] | undefined {
  if (node.type === "NullLiteral") return null;
  if (!/^(?:String|Numeric|Boolean)Literal$/.test(node.type)) return undefined;
  const { value } = node;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : undefined;
}
