import type { ScriptPlace, SyntaxNode } from "../../../parsers/javascript/syntax.ts";
import { frameworkCalled, mainFile, type Registration, registrationsIn } from "./registrations.ts";
import type { ScriptRow } from "./row.ts";
import type { ScriptRun } from "./run.ts";

/** A server of Node's world as its source puts it together. */
export interface NodeApplication {
  readonly run: ScriptRun;
  readonly framework: "express" | "koa" | "fastify";
  /** Where what is absent would stand. */
  readonly main: ScriptPlace;
  readonly registrations: ReadonlyMap<SyntaxNode, Registration>;
}

/** `undefined` where no application of a known framework is made. */
export function nodeApplication(run: ScriptRun): NodeApplication | undefined {
  const made = run.calls
    .map((call) => frameworkCalled(run, call))
    .find((framework) => framework !== undefined);
  const file = made === undefined ? undefined : mainFile(run);
  if (made === undefined || file === undefined) return undefined;
  return {
    run,
    framework: made,
    main: { file, line: 1, column: 1 },
    registrations: registrationsIn(run),
  };
}

/** A row of what the source does not say, with what then holds. */
export function absentRow(
  { framework, main }: NodeApplication,
  row: Pick<ScriptRow, "slug" | "property" | "name" | "value">,
): ScriptRow {
  return { ...row, framework, place: main, isAbsent: true };
}

/** The major version of a package that the manifests ask for; `undefined` where none does. */
export function majorOf({ project }: ScriptRun, name: string): number | undefined {
  for (const { dependencies } of project.manifests) {
    const range = Object.hasOwn(dependencies, name) ? dependencies[name] : undefined;
    const major = typeof range === "string" ? /(\d{1,4})/.exec(range)?.[1] : undefined;
    if (major !== undefined) return Number(major);
  }
  return undefined;
}
