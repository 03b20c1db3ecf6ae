import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { getAsset, isSea } from "node:sea";

import { providePythonRuntime } from "../facts/python-runtime.ts";

const RUNTIME = "web-tree-sitter.wasm";
const GRAMMAR = "tree-sitter-python.wasm";

/** Tells the Python reader where its two wasm files are; they are loaded when the first file is parsed. */
export function provideRuntime(): void {
  providePythonRuntime(async () => {
    const [runtime, grammar] = await Promise.all([load(RUNTIME), load(GRAMMAR)]);
    return { runtime, grammar };
  });
}

/** From the single executable's assets (compressed there, as its size is limited), from beside the bundle, or from the checkout. */
async function load(name: string): Promise<Uint8Array> {
  if (isSea()) {
    const { gunzipSync } = await import("node:zlib"); // Only where Python is parsed.
    return gunzipSync(getAsset(`${name}.gz`));
  }
  return readFile(isBundled() ? join(import.meta.dirname, name) : checkoutPath(name));
}

function isBundled(): boolean {
  return !import.meta.url.endsWith(".ts");
}

function checkoutPath(name: string): string {
  if (name === GRAMMAR) return join(import.meta.dirname, "../../vendor", name);
  return createRequire(import.meta.url).resolve(`web-tree-sitter/${name}`);
}
