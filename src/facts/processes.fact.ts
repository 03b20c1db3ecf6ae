import { defineFact } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";

export interface ProcessEntry {
  readonly pid: number;
  /** `/proc/PID/comm`, or the base name of the program. */
  readonly name: string;
  /** The command line, secrets masked, words joined by blanks. */
  readonly command: string;
  readonly user: string;
  readonly parent?: number;
  /** The working directory, where it may be read. */
  readonly directory?: string;
  /** Unit or container from `/proc/PID/cgroup`, as written there. */
  readonly cgroup?: string;
  /** When it started, milliseconds since the epoch. */
  readonly startedMs?: number;
}

export const processes = defineFact({
  id: "processes",
  title: "Running processes",
  access: "read",
  timeoutMs: 5_000,
  async collect(): Promise<Reading<readonly ProcessEntry[]>> {
    return unknown("unsupported", "not written yet");
  },
});
