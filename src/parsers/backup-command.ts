/** What a shell text says about a dump of a database that it makes. */
export interface BackupCommand {
  /** The program that dumps: `pg_dump`, `sqlite3 .backup`. */
  readonly tool: string;
  /** Directories it writes to, as far as they can be told; `~` and relative ones are left out. */
  readonly directories: readonly string[];
}

/** Characters of a command or script that are looked at. */
export const BACKUP_TEXT_MAX = 65_536;

/** Programs that dump by being run, and those that do with a verb. */
const TOOLS: readonly (readonly [tool: string, pattern: RegExp])[] = [
  ["pg_dumpall", word("pg_dumpall")],
  ["pg_dump", word("pg_dump")],
  ["pg_basebackup", word("pg_basebackup")],
  ["mysqldump", word("mysqldump")],
  ["mariadb-dump", word("mariadb-dump")],
  ["mariadb-backup", word("(?:mariadb-backup|mariabackup|xtrabackup|innobackupex)")],
  ["mydumper", word("mydumper")],
  ["sqlite3 .backup", /\bsqlite3\b[^\n]{0,500}(?:\.backup|\.dump|vacuum\s+into)\b/i],
  ["wal-g", /\bwal-[ge]\b[^\n]{0,300}\bbackup-push\b/],
  ["pgbackrest", /\bpgbackrest\b[^\n]{0,300}\sbackup\b/],
  ["barman", /\bbarman\b[^\n]{0,300}\sbackup\b/],
  ["restic", /\brestic\b[^\n]{0,300}\sbackup\b/],
  ["borg", /\bborg\b[^\n]{0,300}\screate\b/],
  ["borgmatic", word("borgmatic")],
  ["kopia", /\bkopia\s+snapshot\s+create\b/],
  ["litestream", /\blitestream\s+replicate\b/],
  ["manage.py dbbackup", /\bmanage\.py\s+dbbackup\b/],
];

function word(name: string): RegExp {
  return new RegExp(`(?:^|[\\s;&|(\`'"/@-])${name}(?=[\\s;|&)'"\`]|$)`, "m");
}

/** Where a dump goes: a redirection, an option of the dumping program, the argument of SQLite. */
const DESTINATIONS = [
  /(?<![>&\d])>\s*["']?([^\s"'`;|&<>]+)/g,
  /\s(?:-f|-D|-o|--file|--pgdata|--result-file|--target-dir|--outputdir)[\s=]+["']?([^\s"'`;|&<>]+)/g,
  /\.backup\s+["'\\]*([^\s"'\\]+)/g,
  /vacuum\s+into\s+["'\\]*([^\s"'\\]+)/gi,
] as const;
const ASSIGNMENT =
  /^[ \t]*(?:export[ \t]+|readonly[ \t]+)?([A-Za-z_]\w*)=(?:"([^"\n]*)"|'([^'\n]*)'|([^\s;&|]*))/gm;
const VARIABLE = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?-([^}]*))?\})/g;
/** What begins a part that is only known when it runs: a date, a variable nobody sets. */
const COMPUTED = /[$`%*]/;
const EXPANSIONS_MAX = 4;

/** `undefined` where the text dumps nothing. Comments of the shell are no commands. */
export function readBackupCommand(text: string): BackupCommand | undefined {
  const joined = text.slice(0, BACKUP_TEXT_MAX).replace(/\\\n/g, " ");
  const plain = joined.replace(/(^|\s)#[^\n]*/g, "$1");
  const tool = TOOLS.find(([, pattern]) => pattern.test(plain));
  if (tool === undefined) return undefined;
  const variables = assignmentsIn(plain);
  const lines = plain.split("\n").filter((line) => TOOLS.some(([, one]) => one.test(line)));
  const paths = lines.flatMap((line) => destinationsIn(expanded(line, variables)));
  const directories = paths.flatMap((path) => directoryIn(path) ?? []);
  return { tool: tool[0], directories: [...new Set(directories)] };
}

function assignmentsIn(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(ASSIGNMENT)].map(([, name = "", double, single, bare = ""]) => [
      name,
      double ?? single ?? bare,
    ]),
  );
}

/** Variables are put in a few levels deep; one that nobody sets stays. */
function expanded(line: string, variables: ReadonlyMap<string, string>): string {
  let text = line;
  for (let level = 0; level < EXPANSIONS_MAX; level += 1) {
    text = text
      .slice(0, BACKUP_TEXT_MAX)
      .replace(VARIABLE, (whole, bare = "", braced = "", otherwise: string | undefined) => {
        return variables.get(bare || braced) ?? otherwise ?? whole;
      });
  }
  return text;
}

function destinationsIn(line: string): readonly string[] {
  // A date in a path holds blanks: it is one part of the path.
  const whole = line.replace(/\$\([^()\n]*\)|`[^`\n]*`/g, "$");
  return DESTINATIONS.flatMap((pattern) =>
    [...whole.matchAll(pattern)].map(([, path = ""]) => path),
  );
}

/** The directory of a path, up to the part that is only known when it runs. */
function directoryIn(path: string): string | undefined {
  if (!path.startsWith("/") || /^\/(?:dev|proc)\//.test(path)) return undefined;
  const parts = path.split("/").slice(1, -1);
  const computed = parts.findIndex((part) => COMPUTED.test(part));
  const known = computed < 0 ? parts : parts.slice(0, computed);
  return known.length === 0 ? undefined : `/${known.join("/")}`;
}
