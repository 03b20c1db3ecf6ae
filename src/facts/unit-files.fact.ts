import { defineSealedFact } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";
import type { SystemdUnit } from "../parsers/systemd-unit.ts";

/** A systemd service unit that runs, or would run, the audited application. Sealed: `Environment=` may hold secrets. */
export interface UnitFile {
  /** `monitor.service`. */
  readonly name: string;
  /** Where the main file was read: relative when inside the audited directory, else absolute. */
  readonly file: string;
  /** Installed under a systemd directory, or only lying in the audited tree. */
  readonly isInstalled: boolean;
  /** Main file with its drop-ins merged, each assignment with its own file and line. */
  readonly unit: SystemdUnit;
}

export const unitFiles = defineSealedFact({
  id: "unit-files",
  title: "Service units of the application",
  access: "read",
  timeoutMs: 5_000,
  async collect(): Promise<Reading<readonly UnitFile[]>> {
    return unknown("unsupported", "not written yet");
  },
});
