import { blockOf } from "./convert-statement.ts";
import { copyTree } from "./raw-tree.ts";
import { pythonParser } from "./runtime.ts";
import type { Module } from "./syntax.ts";

/** UTF-16 units; longer files are not settings. */
export const SOURCE_LENGTH_MAX = 1_048_576;

export type ParsedModule =
  | { readonly ok: true; readonly module: Module }
  | { readonly ok: false; readonly message: string };

/**
 * Parses one Python file. A file with syntax errors is still returned, with `errors`: its readable
 * parts. Throws `HostError` only when the grammar could not be loaded.
 */
export async function parsePython(text: string): Promise<ParsedModule> {
  if (text.length > SOURCE_LENGTH_MAX)
    return { ok: false, message: `longer than ${SOURCE_LENGTH_MAX} characters` };
  // Python ends a line at a lone CR too (universal newlines); the grammar does not.
  const source = text.replace(/^\uFEFF/, "").replace(/\r(?!\n)/g, "\n");
  const parser = await pythonParser();
  const tree = parser.parse(source);
  if (tree === null) return { ok: false, message: "could not be parsed" };
  const { root, errors, isTruncated } = copyTree(tree);
  tree.delete();
  if (isTruncated) return { ok: false, message: "nested too deeply or too large to read" };
  return { ok: true, module: { source, body: blockOf(root, source), errors } };
}
