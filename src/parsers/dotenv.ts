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

/** Reads `text` as `loader` does; `lookup` gives variables of the surrounding environment for `${NAME}`. */
export function readDotenv(
  _text: string,
  _loader: DotenvLoader,
  _lookup: (name: string) => string | undefined = () => undefined,
): DotenvFile {
  return { assignments: [], problems: [] };
}
