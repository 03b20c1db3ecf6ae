import { type PythonRun, runApplication } from "./python-application.ts";
import type { PythonRow } from "./python-row.ts";
import type { SourceContext } from "./reader.ts";

/** What adds middleware, or tells one its origins. */
const SETS_UP = /\.add_middleware\(|\ballow_origins\s*=/g;

/**
 * What is set up under another environment only: listed, and decides nothing in this one. The program is run
 * once more, under any environment, only where its text sets up more than what ran.
 */
export async function idleRows(
  context: SourceContext,
  entry: string,
  run: PythonRun,
  rowsIn: (run: PythonRun) => readonly PythonRow[],
): Promise<readonly PythonRow[]> {
  if (!setsUpMore(run)) return [];
  const live = new Set(rowsIn(run).map(keyOf));
  const open = await runApplication(context, entry, "open");
  return rowsIn(open)
    .filter((row) => row.isAbsent !== true && !live.has(keyOf(row)))
    .map(({ property: _, ...row }) => row);
}

function keyOf({ slug, file, line }: PythonRow): string {
  return `${slug} ${file}:${line}`;
}

function setsUpMore({ machine }: PythonRun): boolean {
  return [...machine.modules.values()].some((scope) => {
    if (scope === "loading") return false;
    const written = [...scope.source.matchAll(SETS_UP)].length;
    if (written === 0) return false;
    const ran = machine.calls.filter(
      ({ file, path, call }) =>
        file === scope.file &&
        (path.endsWith(".add_middleware") || call.named.has("allow_origins")),
    );
    const told = ran.flatMap(({ path, call }) =>
      path.endsWith(".add_middleware") && call.named.has("allow_origins") ? [1, 1] : [1],
    );
    return written > told.length;
  });
}
