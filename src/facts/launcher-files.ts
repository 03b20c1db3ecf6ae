import type { CollectContext } from "../core/fact.ts";
import { knownValue } from "../core/reading.ts";
import { readCommands, type SimpleCommand } from "../parsers/command-line/simple-command.ts";
import { readGunicornEnvironment } from "../parsers/gunicorn-config.ts";
import { type IniEntry, parseIni } from "../parsers/ini.ts";
import { attempt } from "./attempt.ts";
import { baseName, resolveFrom } from "./target-path.ts";

/** One variable that a launcher gives to what it starts. */
export interface LaunchVariable {
  readonly key: string;
  readonly value: string;
  readonly file: string;
  readonly line: number;
}

/** One program that a launcher's file of the tree starts. Holds secrets in clear. */
export interface LaunchedProgram {
  /** `web` of a Procfile, `monitor` of supervisor, `uwsgi`. */
  readonly service: string;
  /** As a command line; empty for one that only gives variables. */
  readonly command: string;
  readonly file: string;
  readonly line: number;
  readonly variables: readonly LaunchVariable[];
}

type Context = Pick<CollectContext, "host" | "target">;

const FILE_BYTES_MAX = 262_144;
/** Programs of one file. */
export const PROGRAMS_MAX = 64;
/** Where repositories keep what is copied to `/etc/supervisor` and beside the application. */
const DIRECTORIES = ["", "deploy/", "deployment/", "config/", "conf/", "docker/", "ops/"] as const;
const READERS: readonly (readonly [
  names: readonly string[],
  read: (text: string, file: string) => readonly LaunchedProgram[],
])[] = [
  [["Procfile"], procfilePrograms],
  [
    ["supervisord.conf", "supervisor.conf", "supervisord.ini", "supervisor.ini"],
    supervisorPrograms,
  ],
  [["uwsgi.ini"], uwsgiPrograms],
  [["gunicorn.conf.py"], gunicornPrograms],
];

/**
 * What launchers' files of the tree start: all of them where nothing else is declared to run the application, else those
 * whose file a start command of `commands` names.
 */
export async function launchedPrograms(
  { host, target }: Context,
  { commands, isDeclared }: { readonly commands: readonly string[]; readonly isDeclared: boolean },
): Promise<readonly LaunchedProgram[]> {
  const found: LaunchedProgram[] = [];
  for (const [names, read] of READERS)
    for (const file of DIRECTORIES.flatMap((each) => names.map((name) => `${each}${name}`))) {
      const isNamed = commands.some((command) => isStarting(command, file));
      if (isDeclared && !isNamed) continue;
      const path = resolveFrom(target.directory, file);
      const text = knownValue(await attempt(() => host.readFile(path, FILE_BYTES_MAX)));
      if (text !== undefined) found.push(...read(text, file).slice(0, PROGRAMS_MAX));
    }
  return found;
}

/** gunicorn reads the file of that name from where it is started, without being told. */
function isStarting(command: string, file: string): boolean {
  const name = baseName(file);
  if (command.includes(name)) return true;
  return (
    file === "gunicorn.conf.py" &&
    /\bgunicorn\b/.test(command) &&
    !/\s(?:-c|--config)\b/.test(command)
  );
}

/** `web: A=1 gunicorn config.wsgi`: a shell line for each process type. */
function procfilePrograms(text: string, file: string): readonly LaunchedProgram[] {
  return text.split(/\r?\n/).flatMap((written, index) => {
    const [, service, command] = /^([A-Za-z0-9_-]+):\s*(.+)$/.exec(written) ?? [];
    if (service === undefined || command === undefined) return [];
    const line = index + 1;
    return [{ service, command, file, line, variables: commandVariables(command, { file, line }) }];
  });
}

/** `[program:NAME]` with `command=` and `environment=A="1",B="2"` (supervisord.org, "Configuration File"). */
function supervisorPrograms(text: string, file: string): readonly LaunchedProgram[] {
  const sections = Map.groupBy(parseIni(text), ({ section }) => section);
  const common = variablesOf(sections.get("supervisord") ?? [], file);
  return [...sections].flatMap(([section, entries]): readonly LaunchedProgram[] => {
    const service = /^program:(.+)$/.exec(section)?.[1]?.trim();
    const start = entries.findLast(({ key }) => key === "command");
    if (service === undefined || start === undefined) return [];
    const { value: command, line } = start;
    const inline = commandVariables(command, { file, line });
    return [
      {
        service,
        command,
        file,
        line,
        variables: [...common, ...variablesOf(entries, file), ...inline],
      },
    ];
  });
}

function variablesOf(entries: readonly IniEntry[], file: string): readonly LaunchVariable[] {
  return entries
    .filter(({ key }) => key === "environment")
    .flatMap(({ value, line }) =>
      [...value.matchAll(SUPERVISOR_PAIR)].flatMap(([, key, written = ""]) =>
        key === undefined ? [] : [{ key, value: unquoted(written.trim()), file, line }],
      ),
    );
}

/** `A="1, 2",B=3`. */
const SUPERVISOR_PAIR = /([A-Za-z_]\w*)\s*=\s*("[^"]*"|'[^']*'|[^,]*)/g;

function unquoted(text: string): string {
  return /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text;
}

/** `[uwsgi]` with its sockets as the command line would give them, and `env = A=1`. */
function uwsgiPrograms(text: string, file: string): readonly LaunchedProgram[] {
  const entries = parseIni(text).filter(({ section }) => section === "uwsgi");
  const [first] = entries;
  if (first === undefined) return [];
  const sockets = entries.filter(({ key }) => UWSGI_SOCKETS.test(key));
  const options = sockets.map(({ key, value }) => ` --${key} ${value.replace(/\s/g, "")}`);
  const variables = entries
    .filter(({ key }) => key === "env")
    .flatMap(({ value, line }) => assignment(value, { file, line }));
  const { line } = sockets[0] ?? first;
  return [{ service: "uwsgi", command: `uwsgi${options.join("")}`, file, line, variables }];
}

const UWSGI_SOCKETS =
  /^(?:http|https|http-socket|https-socket|socket|uwsgi-socket|fastcgi-socket|scgi-socket)$/;

function gunicornPrograms(text: string, file: string): readonly LaunchedProgram[] {
  const found = readGunicornEnvironment(text);
  if (found === undefined) return [];
  const { line } = found;
  const variables = found.variables.map(([key, value]) => ({ key, value, file, line }));
  return [{ service: "gunicorn", command: "", file, line, variables }];
}

interface Place {
  readonly file: string;
  readonly line: number;
}

/** What a start command itself sets: `A=1 program`, `env A=1 program`, `gunicorn -e A=1`. */
export function commandVariables(command: string, place: Place): readonly LaunchVariable[] {
  return readCommands(command, (name) => `\${${name}}`).flatMap(({ assignments, words }) => [
    ...[...assignments].map(([key, value]) => ({ key, value, ...place })),
    ...gunicornOptions({ words }).flatMap((each) => assignment(each, place)),
  ]);
}

/** Values of `-e A=1`, `--env A=1` and `--env=A=1` of gunicorn. */
function gunicornOptions({ words }: Pick<SimpleCommand, "words">): readonly string[] {
  if (!words.some((word) => baseName(word) === "gunicorn")) return [];
  return words.flatMap((word, at) => {
    if (word === "-e" || word === "--env") return words[at + 1] ?? [];
    return word.startsWith("--env=") ? word.slice("--env=".length) : [];
  });
}

function assignment(text: string, place: Place): readonly LaunchVariable[] {
  const [, key, value] = /^\s*([A-Za-z_]\w*)\s*=(.*)$/s.exec(text) ?? [];
  return key === undefined || value === undefined ? [] : [{ key, value: value.trim(), ...place }];
}
