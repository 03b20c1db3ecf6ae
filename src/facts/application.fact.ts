import { defineFact } from "../core/fact.ts";
import { type Reading, unknown } from "../core/reading.ts";

export const FRAMEWORKS = ["django", "fastapi", "starlette", "flask", "express"] as const;
export type Framework = (typeof FRAMEWORKS)[number];

/** Which application this is. */
export interface Application {
  /** Every framework found, main one first; empty when none was. */
  readonly frameworks: readonly {
    readonly framework: Framework;
    readonly file: string;
    readonly line: number;
    readonly sign: string;
  }[];
  /** Django: dotted name and file of the settings module in use, and where the choice was read. */
  readonly settings?: {
    readonly module: string;
    readonly file: string;
    readonly decidedBy: string;
  };
  readonly hasManagePy: boolean;
  /** HTML pages but no application. */
  readonly isStaticSite: boolean;
  /** What could not be looked at: files that did not parse, limits reached. */
  readonly problems: readonly { readonly file: string; readonly detail: string }[];
}

export const application = defineFact({
  id: "application",
  title: "Application",
  access: "read",
  timeoutMs: 15_000,
  async collect(): Promise<Reading<Application>> {
    return unknown("unsupported", "not written yet");
  },
});
