import { Script } from "node:vm";

/** The whole program as one CommonJS script, and V8's compiled code for it; both made by `scripts/build.ts`. */
export const PROGRAM = "program.cjs";
export const PROGRAM_CACHE = "program.cache";
/** The compiled code of audits, which is twice as much: other commands would only wait for it to be read. */
export const AUDIT_CACHE = "audit.cache";
/** What is added to the name of what lies compressed in the single executable. */
export const PACKED = ".zst";

/** The text of `PROGRAM` is a function with what a CommonJS module has; a file that Node loads itself has this around it. */
export const PROGRAM_HEAD = "(function (exports, require, module, __filename, __dirname) {";

export interface ProgramScript {
  /** Runs it as Node would run a CommonJS module. */
  run(require: NodeJS.Require): void;
  /** The code of every function that was compiled up to now, for the next start. */
  compiled(): Buffer;
}

/** `file` is where it lies, or would lie: its `__filename`. A cache that does not fit this V8 is passed over. */
export function programScript(text: string, file: string, cache?: Buffer): ProgramScript {
  const script = new Script(text, {
    filename: file,
    ...(cache !== undefined && { cachedData: cache }),
  });
  return {
    run(require) {
      const module = { exports: {} };
      const directory = file.slice(0, file.lastIndexOf("/"));
      script.runInThisContext()(module.exports, require, module, file, directory);
    },
    compiled: () => script.createCachedData(),
  };
}
