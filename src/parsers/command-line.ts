import type { BindAddress } from "./command-line/address.ts";
import { SERVERS, type ServerOptions } from "./command-line/server-options.ts";
import { programName, readCommands, type SimpleCommand } from "./command-line/simple-command.ts";

/** What a start command says about the application it starts. */
export interface CommandLine {
  /** Base name of the server or application program: `gunicorn`, `node`; empty when there is none. */
  readonly program: string;
  /** It runs application code: a known server, an interpreter or a worker. */
  readonly isApplication: boolean;
  readonly binds: readonly CommandBind[];
  /** Words that turn debugging on: `--reload`, `runserver`. */
  readonly debugFlags: readonly string[];
  /** Files a shell sources before (`. ./.env && ...`), as written. */
  readonly sourcedFiles: readonly string[];
  /** `gunicorn -c FILE`, as written. */
  readonly configFile?: string;
}

export interface CommandBind extends BindAddress {
  /** `--bind 0.0.0.0:8000`, or `gunicorn without --bind`. */
  readonly text: string;
  /** Nobody told it: the program's own default. */
  readonly isDefault: boolean;
}

/** Words looked at to find the program behind starters this reader does not know. */
export const LEADING_WORDS_MAX = 12;

/** Interpreters and workers: they run the application, and tell no address. */
const INTERPRETERS =
  /^(?:python[\d.]*|pypy[\d.]*|node|nodejs|bun|deno|npm|npx|pnpm|yarn|pm2(?:-runtime)?)$/;
const WORKERS: ReadonlySet<string> = new Set(["celery", "rq", "dramatiq", "huey_consumer", "arq"]);
/** Programs whose arguments may name a server without starting one. */
const NOT_STARTERS =
  /^(?:pip[\d.]*|apt(?:-get)?|apk|dnf|yum|grep|pgrep|pkill|kill|killall|systemctl|service|journalctl|tail|cat|echo|printf|test|\[|which|type|rm|cp|mv|ln|ls|mkdir|chown|chmod|touch|sed|awk|curl|wget|vi|vim|nano|less|man|git|cd|export|set|source|\.)$/;

/** `.` and `source` of a shell, `set -a` around them or not. */
const SOURCES: ReadonlySet<string> = new Set([".", "source"]);

/** The script that a virtual environment of Python brings: it sets PATH, and nothing an application reads. */
export function isActivation(path: string): boolean {
  return /(?:^|\/)bin\/activate$/.test(path);
}

/**
 * Reads a start command as a shell would split it. `lookup` serves `$NAME` and the variables the
 * servers themselves read (GUNICORN_CMD_ARGS, PORT, UVICORN_HOST); assignments in the line win.
 */
export function readCommandLine(
  line: string,
  lookup: (name: string) => string | undefined = () => undefined,
): CommandLine {
  const commands = readCommands(line, lookup);
  const exported = new Map<string, string>();
  const parts = commands.map((command) => {
    if (command.words.length === 0 || command.words[0] === "export") collect(command, exported);
    const inner = (name: string) =>
      command.assignments.get(name) ?? exported.get(name) ?? lookup(name);
    return readCommand(command, inner);
  });
  const main =
    parts.find(({ binds }) => binds.length > 0) ?? parts.find(({ isApplication }) => isApplication);
  const configFile = parts.find((part) => part.configFile !== undefined)?.configFile;
  return {
    program: main?.program ?? "",
    isApplication: parts.some((part) => part.isApplication),
    binds: parts.flatMap(({ binds }) => binds),
    debugFlags: parts.flatMap(({ debugFlags }) => debugFlags),
    sourcedFiles: commands.flatMap(({ words }) =>
      SOURCES.has(words[0] ?? "") && words[1] !== undefined && !isActivation(words[1])
        ? [words[1]]
        : [],
    ),
    ...(configFile === undefined ? {} : { configFile }),
  };
}

function collect({ assignments, words }: SimpleCommand, into: Map<string, string>): void {
  for (const [key, value] of assignments) into.set(key, value);
  for (const word of words.slice(1)) {
    const at = word.indexOf("=");
    if (at > 0) into.set(word.slice(0, at), word.slice(at + 1));
  }
}

type Part = Omit<CommandLine, "sourcedFiles">;

const NOTHING: Part = { program: "", isApplication: false, binds: [], debugFlags: [] };

function readCommand({ words }: SimpleCommand, lookup: (name: string) => string | undefined): Part {
  const first = programName(words[0] ?? "");
  if (NOT_STARTERS.test(first)) return NOTHING;
  const title = /^([\w.-]+):$/.exec(first)?.[1];
  // `gunicorn: master process [app]` is a title the program gave itself; its arguments are gone.
  if (title !== undefined) return { ...NOTHING, program: title, isApplication: isServer(title) };
  const at = serverIndex(words);
  const name = at < 0 ? first : serverName(words[at] ?? "");
  const reader = at < 0 ? undefined : SERVERS[name];
  if (reader === undefined) {
    return {
      ...NOTHING,
      program: first,
      isApplication: INTERPRETERS.test(first) || WORKERS.has(first),
    };
  }
  const options = reader(words.slice(at + 1), lookup);
  return { program: name, isApplication: true, ...partOf(options) };
}

function partOf({ binds, usesDefault, debugFlags, configFile }: ServerOptions) {
  return {
    binds: binds.map((bind) => ({ ...bind, isDefault: usesDefault })),
    debugFlags,
    ...(configFile === undefined ? {} : { configFile }),
  };
}

function isServer(name: string): boolean {
  return Object.hasOwn(SERVERS, name) || INTERPRETERS.test(name) || WORKERS.has(name);
}

function serverName(word: string): string {
  return programName(word).replace(/\.(?:exe|pyc)$/, "");
}

/** The first word that names a server: the program itself, `-m NAME`, or behind an entry point script. */
function serverIndex(words: readonly string[]): number {
  return words.slice(0, LEADING_WORDS_MAX).findIndex((word, index) => {
    if (!Object.hasOwn(SERVERS, serverName(word))) return false;
    const before = words[index - 1] ?? "";
    // `--name gunicorn` is a value; `python -m gunicorn` is not.
    return !before.startsWith("-") || before === "-m" || before === "--" || isFlag(before);
  });
}

/** Options of interpreters that take no word: `python -u manage.py`. */
function isFlag(word: string): boolean {
  return /^-[bBdEhiIOPqRsSuvx]{1,4}$/.test(word);
}
