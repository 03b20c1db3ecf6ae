import { readCommandLine } from "../../parsers/command-line.ts";
import { bindRows } from "./bind-rows.ts";
import { type DeployRow, variablesIn } from "./deploy-row.ts";

/** Servers whose start a script may hold. */
const SERVER =
  /\b(?:gunicorn|uvicorn|hypercorn|daphne|granian|uwsgi|waitress-serve|runserver|flask|fastapi)\b/;
/** Programs that drop the rights of root before they start another (gosu, su-exec, s6, util-linux, runit). */
const ACCOUNT =
  /\b(?:gosu|su-exec|s6-setuidgid|setpriv\s+(?:\S+\s+)*?--reuid[= ]|chpst\s+-u|runuser\s+-u)\s*([\w${}:.-]+)/;
/** Lines of one command that goes on. */
const CONTINUED_LINES_MAX = 40;

/** Start commands of servers in an entry point's script: the address, and the account it changes to. */
export function startScriptRows(file: string, text: string): readonly DeployRow[] {
  if (!SERVER.test(text)) return [];
  const lines = text.split(/\r?\n/);
  const rows: DeployRow[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const end = endOf(lines, at);
    const command = lines
      .slice(at, end)
      .map((line) => line.replace(/\\\s*$/, ""))
      .join(" ");
    if (!/^\s*#/.test(command) && SERVER.test(command))
      rows.push(...commandRows(file, lines, { command, line: at + 1, end }));
    at = end - 1;
  }
  return rows;
}

/** The line after the command that starts at `at`. */
function endOf(lines: readonly string[], at: number): number {
  let end = at + 1;
  while (end - at < CONTINUED_LINES_MAX && /\\\s*$/.test(lines[end - 1] ?? "")) end += 1;
  return Math.min(end, lines.length);
}

interface Command {
  readonly command: string;
  /** 1-based. */
  readonly line: number;
  readonly end: number;
}

function commandRows(
  file: string,
  lines: readonly string[],
  { command, line, end }: Command,
): readonly DeployRow[] {
  const plain = command.replace(/^\s*(?:then|else|do|if|\{)\s+/, "");
  const { binds, isApplication } = readCommandLine(plain);
  if (!isApplication) return [];
  const [, account] = ACCOUNT.exec(plain) ?? [];
  const variables = variablesIn(account ?? "");
  const user: DeployRow = {
    ...{ slug: "docker.user", file, line, value: account ?? "" },
    kind: variables.length > 0 ? "env" : "literal",
    variables,
  };
  return [...(account === undefined ? [] : [user]), ...bindRows(binds, { file, lines, line, end })];
}
