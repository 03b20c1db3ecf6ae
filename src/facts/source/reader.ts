import type { CollectContext } from "../../core/fact.ts";
import type { Reading } from "../../core/reading.ts";
import type { Application, Framework } from "../application.fact.ts";
import type { DeploymentTree } from "../deployment-tree.fact.ts";
import type { EnvironmentValues } from "../environment-values.fact.ts";
import type { PythonProject } from "../python-project.ts";
import type { Services } from "../services.fact.ts";
import type { SourceFiles } from "../source-files.ts";
import type { SettingContext } from "../source-setting.ts";
import type { SourceSetting } from "../source-settings.fact.ts";

/** Everything a reader of source may use. */
export interface SourceContext {
  readonly collect: CollectContext;
  readonly tree: DeploymentTree;
  readonly application: Application;
  readonly environment: Reading<EnvironmentValues>;
  readonly services: Reading<Services>;
  /** For `settingOf`: how a value of the interpreter becomes a row without secrets. */
  readonly setting: SettingContext;
  readonly sources: SourceFiles;
  readonly python: PythonProject;
  /** Python files that can be part of what runs and may hold the needle, shallow ones first. */
  pythonFiles(needle: RegExp): Promise<readonly string[]>;
}

/** Reads one framework's, library's or file kind's settings. Never throws for what a file holds. */
export interface SourceReader {
  /** Runs where one of these frameworks was found; `any`: always (it looks cheaply itself first). */
  readonly frameworks: readonly Framework[] | "any";
  /** What `pythonFilesWith` is asked for: all files are looked through once for the needles of all readers. */
  readonly needles?: readonly RegExp[];
  read(context: SourceContext): Promise<readonly SourceSetting[]>;
}
