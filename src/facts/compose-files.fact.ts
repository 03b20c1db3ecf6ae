import { defineSealedFact } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";
import type { ComposeProject } from "../parsers/compose.ts";

/** The compose project of the audited directory, override file merged. Sealed: values may be secrets. */
export interface ComposeFiles {
  /** In merge order, relative to the audited directory. */
  readonly files: readonly string[];
  readonly project: ComposeProject;
  /** Files that did not parse. */
  readonly problems: readonly {
    readonly file: string;
    readonly line?: number;
    readonly message: string;
  }[];
}

export const composeFiles = defineSealedFact({
  id: "compose-files",
  title: "Compose project",
  access: "read",
  timeoutMs: 5_000,
  async collect(): Promise<Reading<ComposeFiles>> {
    return unknown("unsupported", "not written yet");
  },
});
