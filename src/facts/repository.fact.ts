import { defineFact } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";

/** The git work tree the deployment lies in, read from `.git` itself; no program is run. */
export interface Repository {
  /** Absolute path of the work tree's root. */
  readonly root: string;
  /** Tracked paths inside the audited directory, relative to it. */
  readonly tracked: readonly string[];
  /** Of the env files in use: those a `.gitignore` (or `.git/info/exclude`) covers. Relative to the audited directory. */
  readonly ignoredEnvFiles: readonly string[];
  /** `.dockerignore` covers them; `undefined` without a Dockerfile that copies the directory. */
  readonly dockerIgnoredEnvFiles: readonly string[] | undefined;
  /** Why the index or the history could not be read, when it could not. */
  readonly problem?: string;
}

/** Absent outside a git work tree. */
export const repository = defineFact({
  id: "repository",
  title: "Version control of the deployment",
  access: "read",
  timeoutMs: 5_000,
  async collect(): Promise<Reading<Repository>> {
    return unknown("unsupported", "not written yet");
  },
});
