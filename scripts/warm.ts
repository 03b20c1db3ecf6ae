/**
 * `bin/node scripts/warm.ts COMMAND PROGRAM CACHE`: runs the bundled program on samples and writes the code V8 compiled for
 * it, functions included that are compiled when they are first called. Part of the build; nothing but CACHE is written.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import v8 from "node:v8";

import { programScript } from "../src/cli/program-script.ts";

const [command = "", program = "", cache = ""] = process.argv.slice(2);
const samples = join(dirname(import.meta.dirname), "test/data");

/** What is run: a proxy of each kind of rule, or deployments of every framework. */
const RUNS: readonly (readonly string[])[] =
  command === "proxy"
    ? globSync("nginx/samples/*/", { cwd: samples }).map((path) => ["proxy", join(samples, path)])
    : globSync("deployments/{66,89}-*/", { cwd: samples }).map((path) => [
        ...["audit", join(samples, path), "--no-host", "--offline"],
      ]);

const setFlags = v8.setFlagsFromString;
// A cache is for the flags it was made with: the program's own are not set, and what is compiled is kept.
setFlags("--no-flush-bytecode");
v8.setFlagsFromString = () => undefined;
const script = programScript(readFileSync(program, "latin1"), program);
const exit = process.exit;
for (const run of RUNS) await once(run);
setFlags("--flush-bytecode");
writeFileSync(cache, script.compiled());
exit(0);

/** Until it would end the process. */
function once(args: readonly string[]): Promise<void> {
  process.argv = [process.execPath, program, ...args];
  return new Promise((resolve) => {
    process.exit = () => resolve() as never;
    script.run(createRequire(program));
  });
}
