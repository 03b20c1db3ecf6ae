import { readBash } from "./dotenv/bash.ts";
import { readComposeEnvFile } from "./dotenv/compose.ts";
import { readDjangoEnviron } from "./dotenv/django-environ.ts";
import { readNodeDotenv } from "./dotenv/node-dotenv.ts";
import { readNodeParseEnv } from "./dotenv/node-parse-env.ts";
import { readPythonDotenv } from "./dotenv/python-dotenv.ts";
import { type Scan, startScan } from "./dotenv/scan.ts";
import { readSystemd } from "./dotenv/systemd.ts";

/** Each reads the same file differently; chosen by who loads it (spec/source.md section 4). */
export const DOTENV_LOADERS = [
  "python-dotenv",
  "django-environ",
  "node-dotenv",
  "node-parse-env",
  "bash",
  "systemd",
  "compose",
] as const;
export type DotenvLoader = (typeof DOTENV_LOADERS)[number];

/** One assignment as one loader reads it. */
export interface DotenvAssignment {
  readonly key: string;
  readonly value: string;
  /** 1-based, of the key. */
  readonly line: number;
  readonly column: number;
  /** Behind `=` as written, for shape tests (`$(`, quotes); never shown. */
  readonly raw: string;
  /** bash would run a command to get this value; `value` then holds the text unexecuted. */
  readonly runsCommand: boolean;
}

export interface DotenvProblem {
  readonly line: number;
  readonly message: string;
}

export interface DotenvFile {
  /** In file order, duplicates kept: the last one of a key wins under every loader. */
  readonly assignments: readonly DotenvAssignment[];
  readonly problems: readonly DotenvProblem[];
}

const READERS: Readonly<Record<DotenvLoader, (scan: Scan) => void>> = {
  "python-dotenv": readPythonDotenv,
  "django-environ": readDjangoEnviron,
  "node-dotenv": readNodeDotenv,
  "node-parse-env": readNodeParseEnv,
  bash: readBash,
  systemd: readSystemd,
  compose: readComposeEnvFile,
};

/**
 * Reads `text` as `loader` does; `lookup` gives variables of the surrounding environment for `${NAME}`.
 * Never throws and runs nothing; time and space grow with the text, not faster.
 */
export function readDotenv(
  text: string,
  loader: DotenvLoader,
  lookup: (name: string) => string | undefined = () => undefined,
): DotenvFile {
  const scan = startScan(normalised(text, loader), lookup);
  READERS[loader](scan);
  const positions = linePositions(scan.text);
  return {
    assignments: scan.assignments.map(({ key, value, at, rawStart, rawEnd, runsCommand }) => ({
      key,
      value,
      ...positions(at),
      raw: scan.text.slice(rawStart, rawEnd),
      runsCommand,
    })),
    problems: scan.problems.map(({ at, message }) => ({ line: positions(at).line, message })),
  };
}

/** What the loaders do to line ends before they read: Node drops CR, dotenv for Node makes it LF. */
function normalised(text: string, loader: DotenvLoader): string {
  switch (loader) {
    case "node-parse-env":
      return text.replaceAll("\r", "");
    case "node-dotenv":
      return text.replace(/\r\n?/g, "\n");
    case "django-environ":
    case "python-dotenv":
    case "bash":
    case "systemd":
    case "compose":
      return text;
  }
}

/** Line and column of offsets, by halving the list of line starts. Both are 1-based. */
function linePositions(text: string): (at: number) => { line: number; column: number } {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (at) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (starts[low] ?? 0) + 1 };
  };
}
