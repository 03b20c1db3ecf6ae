import { knownValue } from "../../core/reading.ts";
import { baseName } from "../target-path.ts";
import type { SourceContext } from "./reader.ts";

const MAIN_GUARD = /^if\s+__name__\s*==\s*["']__main__["']/m;
/** What starts or makes a web application: the file is part of it even where nothing imports it. */
const SERVES =
  /^\s*(?:import|from)\s+(?:uvicorn|gunicorn|hypercorn|waitress|granian|daphne)\b|\b(?:FastAPI|Starlette|Flask|Quart)\(|execute_from_command_line|get_[aw]sgi_application|\.run\(\s*(?:host|port|debug)\s*=/m;

/**
 * How a file that can be started by itself goes with the application. "program": it is one of its own, such as
 * a job or a monitor, as it serves nothing, no service of the deployment starts it and no other file names it.
 * "module": what it does when it is started is no part of the application, the rest may be. "part": all of it may be.
 */
export async function standingOf(
  context: SourceContext,
  file: string,
): Promise<"program" | "module" | "part"> {
  if (!(await isStartedAside(context, file))) return "part";
  const name = moduleName(file);
  return (await isNamedByAnother(context, file, name)) ? "module" : "program";
}

function moduleName(file: string): string {
  return baseName(file).replace(/\.py$/, "");
}

async function isStartedAside(context: SourceContext, file: string): Promise<boolean> {
  const { application, services, sources } = context;
  const text = (await sources.text(file)) ?? "";
  if (!MAIN_GUARD.test(text) || SERVES.test(text)) return false;
  const made = application.sources ?? [];
  const parts = [application.settings?.file, ...made.flatMap((one) => [one.file, one.entry])];
  const isBeside = parts.some((part) => part !== undefined) && !parts.includes(file);
  if (!isBeside) return false;
  const name = moduleName(file);
  if (name === "__init__" || name === "__main__") return false;
  const word = new RegExp(`\\b${escaped(name)}\\b`);
  const started = knownValue(services)?.services;
  return started !== undefined && !started.some(({ command }) => word.test(command));
}

/** Imports on one line or several, and dotted names in text (`"shop.worker:main"`). */
async function isNamedByAnother(
  { sources }: SourceContext,
  file: string,
  name: string,
): Promise<boolean> {
  const named = escaped(name);
  const pattern = new RegExp(
    `^\\s*(?:from|import)\\b[^\\n]*\\b${named}\\b|^\\s+(?:\\w+,[ \\t]*)*${named}[ \\t]*(?:,|\\)|as\\b|$)|["'](?:[\\w.]+\\.)?${named}[.:"']`,
    "m",
  );
  for (const path of sources.paths) {
    if (path === file || !path.endsWith(".py")) continue;
    const text = await sources.text(path);
    // A file that could not be read may name it.
    if (text === undefined || (text.includes(name) && pattern.test(text))) return true;
  }
  return false;
}

function escaped(name: string): string {
  return name.replace(/[^\w]/g, "\\$&");
}
