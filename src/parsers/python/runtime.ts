import type { Parser } from "web-tree-sitter";
import { HostError } from "../../core/reading.ts";

/** The two WebAssembly programs: the tree-sitter library and the Python grammar. */
export interface PythonRuntime {
  readonly runtime: Uint8Array;
  readonly grammar: Uint8Array;
}

let load: (() => Promise<PythonRuntime>) | undefined;
let parser: Promise<Parser> | undefined;

/**
 * Says where the WebAssembly bytes come from: the checkout, the files beside the bundle, or an
 * asset of the single executable. They are loaded when the first Python file is parsed.
 */
export function providePythonRuntime(provider: () => Promise<PythonRuntime>): void {
  load = provider;
  parser = undefined;
}

/** The parser, started once per process. Throws `HostError` when it cannot be started. */
export function pythonParser(): Promise<Parser> {
  parser ??= start();
  return parser;
}

async function start(): Promise<Parser> {
  if (load === undefined) throw new HostError("tool-missing", "no Python grammar was provided");
  try {
    // Loaded with the first Python file: a node without any pays nothing for it.
    const { Language, Parser } = await import("web-tree-sitter");
    const { runtime, grammar } = await load();
    await Parser.init({ wasmBinary: runtime });
    const started = new Parser();
    started.setLanguage(await Language.load(grammar));
    return started;
  } catch (cause) {
    throw new HostError("tool-missing", "the Python grammar could not be loaded", { cause });
  }
}
