import { defineSealedFact } from "../core/fact.ts";
import { type Problem, type Reading, unknown } from "../core/reading.ts";

/** The layers a variable may be set in, highest precedence first (catalog G4). Defaults in source come after them all. */
export const ENVIRONMENT_LAYERS = [
  "process",
  "service",
  "service-file",
  "dotenv",
  "dotenv-dev",
] as const;
export type EnvironmentLayer = (typeof ENVIRONMENT_LAYERS)[number];

/** One assignment in clear. Sealed: only facts may read it. */
export interface Assignment {
  readonly key: string;
  readonly value: string;
  readonly layer: EnvironmentLayer;
  /** `.env`, `/etc/systemd/system/monitor.service`, `/proc/10/environ`. Relative when inside the audited directory. */
  readonly file: string;
  readonly line?: number;
  /** Who reads it: `python-dotenv`, `systemd`, `docker compose`. */
  readonly reader: string;
}

export interface EnvironmentValues {
  /** In order of precedence: the first one of a key is effective. A file's own duplicates are already settled. */
  readonly assignments: readonly Assignment[];
  /** Env files in use that could not be read: what they set is not known. */
  readonly unreadable: readonly { readonly file: string; readonly problem: Problem }[];
  /** Whether the running process's environment was seen. */
  readonly isProcessSeen: boolean;
}

/** The effective assignment of a key; `undefined` when no layer sets it. */
export function effectiveAssignment(
  { assignments }: EnvironmentValues,
  key: string,
): Assignment | undefined {
  return assignments.find((assignment) => assignment.key === key);
}

export const environmentValues = defineSealedFact({
  id: "environment-values",
  title: "Environment in clear",
  access: "read",
  timeoutMs: 8_000,
  async collect(): Promise<Reading<EnvironmentValues>> {
    return unknown("unsupported", "not written yet");
  },
});
