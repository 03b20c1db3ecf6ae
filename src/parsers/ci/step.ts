/** Something a job of continuous integration does. */
export interface CiStep {
  /** Relative to the audited directory. */
  readonly file: string;
  readonly line: number;
  /** Its name in the file. */
  readonly job: string;
  /** `run`: shell text; `uses`: a ready-made action or template; `hook`: one of pre-commit. */
  readonly kind: "run" | "uses" | "hook";
  readonly text: string;
  /** What a `uses` is given (`exit-code`), names in lower case. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Why no push to the default branch and no merge request gets there; left out where one does. */
  readonly notReached?: string;
  /** Why its failure is none: `continue-on-error`. */
  readonly mayFail?: string;
}

export interface CiFile {
  readonly steps: readonly CiStep[];
  /** Workflows of the same repository that it calls, relative paths. */
  readonly calls: readonly string[];
  /** It runs only where another one calls it. */
  readonly isCallable: boolean;
}

/** One command, ready-made action or hook, with the step that leads to it. */
export interface CiAction extends Omit<CiStep, "text" | "kind"> {
  readonly kind: "command" | "uses" | "hook";
  /** Base name of the program, name of the action (`aquasecurity/trivy-action@0.28`), id of the hook. */
  readonly name: string;
  readonly words: readonly string[];
  /** Line of the step that leads to it, which tells the steps of a job apart. */
  readonly step: number;
}
