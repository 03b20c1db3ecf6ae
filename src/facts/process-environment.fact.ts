import { defineSealedFact } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";

/** Environment at exec of the running application. A key missing here may still be loaded later by a dotenv library. */
export interface ProcessEnvironment {
  /** `/proc/10/environ`, or the name of the recorded file. */
  readonly where: string;
  readonly pid?: number;
  readonly variables: readonly (readonly [key: string, value: string])[];
}

/** Absent when no process of the application runs; unknown when one does and may not be read. */
export const processEnvironment = defineSealedFact({
  id: "process-environment",
  title: "Environment of the running application",
  access: "read",
  timeoutMs: 5_000,
  async collect(): Promise<Reading<ProcessEnvironment>> {
    return unknown("unsupported", "not written yet");
  },
});
