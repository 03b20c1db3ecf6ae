import { type Environment, effectiveVariable } from "../../facts/environment.fact.ts";
import type { Services } from "../../facts/services.fact.ts";

/** How many processes serve the application, and what says so. */
export interface Workers {
  readonly count: number;
  readonly says: string;
}

const SERVER = /(?:^|[\s/])(?:gunicorn|uvicorn|hypercorn|granian|uwsgi)(?:\s|$)/;
const OPTION = /\s(-w|--workers|-p|--processes)[= ]?(\d{1,4})(?:\s|$)/;
/** gunicorn and uvicorn read it where no option says otherwise. */
const KEY = "WEB_CONCURRENCY";

/** `undefined` where no server's command was seen; a server that is told nothing has one worker. */
export function workersOf(
  services: Services | undefined,
  environment: Environment | undefined,
): Workers | undefined {
  const commands = (services?.services ?? [])
    .filter(({ isApplication }) => isApplication)
    .map(({ command }) => command)
    .filter((command) => SERVER.test(command));
  const [first] = commands;
  if (first === undefined) return undefined;
  for (const command of commands) {
    const [, option, count] = OPTION.exec(command) ?? [];
    if (count !== undefined) return { count: Number(count), says: `${option} ${count}` };
  }
  const variable = environment === undefined ? undefined : effectiveVariable(environment, KEY);
  const text = variable?.text ?? "";
  if (/^\d{1,4}$/.test(text)) return { count: Number(text), says: `${KEY}=${text}` };
  return { count: 1, says: "no --workers" };
}
