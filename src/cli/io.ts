/** What a command needs from the process, so that a test can run it without one. */
export interface CliIo {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly hostName: string;
  readonly isStdoutTty: boolean;
  readonly isStderrTty: boolean;
  /** Width of the terminal stdout is; absent where it is none. */
  readonly stdoutColumns?: number;
  /** Aborts with a `HostError` when the operator interrupts. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of a clock that only goes forward, since the process began. */
  elapsed(): number;
  stdout(text: string): void;
  /** As `stdout`, done when the text is out; false once nobody reads any more. For reports without end. */
  stdoutPatiently(text: string): Promise<boolean>;
  stderr(text: string): void;
}

/** The operator's mistake: a sentence for stderr, exit code 64. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
