import type { AnyCheck } from "../core/check.ts";
import type { Access, AnyFact, CollectContext } from "../core/fact.ts";
import type { Reading } from "../core/reading.ts";
import {
  type ControlResult,
  EXIT,
  exitCode,
  REPORT_SCHEMA,
  type Report,
  type Summary,
} from "../core/report.ts";
import { evaluate, type Judged } from "./evaluate.ts";
import { createGatherer, type Gatherer } from "./gather.ts";
import { joinControl } from "./join.ts";
import type { Selection } from "./select.ts";

export interface AuditOptions {
  readonly selection: Selection;
  readonly context: CollectContext;
  readonly granted: ReadonlySet<Access>;
  readonly preset: ReadonlyMap<string, Reading<unknown>>;
  /** Where no deployment is looked at; else the facts tell it. */
  readonly mode?: Report["mode"];
  readonly strict: boolean;
  readonly version: string;
  /** Machine's name, for the report; left out with `--no-host` and `--recorded`. */
  readonly hostName?: string;
  /** Milliseconds of a steady clock, for the duration. */
  readonly elapsedMs: () => number;
  /** Grades and lists the report carries beside the controls, made from facts that were gathered for them. */
  readonly partsOf?: (gatherer: Gatherer) => Promise<Partial<Pick<Report, "grades" | "http">>>;
  readonly onProgress?: (event: { readonly fact: AnyFact; readonly isDone: boolean }) => void;
}

/** Gathers what the selected checks ask for, judges it and joins the layers into one report. */
export async function audit(options: AuditOptions): Promise<Report> {
  const { selection, context } = options;
  const gatherer = createGatherer(options);
  const judged = await Promise.all(selection.selected.map((check) => evaluate(check, gatherer)));
  const controls = controlsOf([...judged, ...selection.switchedOff.map(switchedOff)]);
  return {
    schema: REPORT_SCHEMA,
    tool: { name: "plimsoll", version: options.version },
    target: {
      directory: context.target.directory,
      urls: context.target.urls.map(withoutCredentials),
      ...(options.hostName !== undefined && { host: options.hostName }),
    },
    mode: options.mode ?? (await modeOf(gatherer)),
    startedAt: new Date(context.nowMs).toISOString(),
    durationMs: Math.round(options.elapsedMs()),
    summary: summaryOf(controls),
    exitCode: exitOf(controls, gatherer, options),
    controls,
    grades: [],
    ...(await options.partsOf?.(gatherer)),
    problems: gatherer.problems(),
  };
}

/** A run that was cut short has no verdict, a crashed check is our own bug: both outrank the findings. */
function exitOf(
  controls: readonly ControlResult[],
  gatherer: Gatherer,
  { context, strict }: AuditOptions,
): number {
  if (context.signal.aborted) return EXIT.incomplete;
  const codes = [...controls.flatMap(({ layers }) => layers), ...gatherer.problems()];
  const hasCrashed = codes.some(
    (item) => ("code" in item ? item.code : item.because) === "crashed",
  );
  return hasCrashed ? EXIT.internal : exitCode(controls, strict);
}

function controlsOf(judged: readonly Judged[]): readonly ControlResult[] {
  const byControl = Map.groupBy(judged, ({ check }) => check.control.id);
  return [...byControl.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [joinControl([first, ...others])],
  );
}

function switchedOff(check: AnyCheck): Judged {
  const summary = "Switched off by --skip";
  return { check, outcome: { status: "skip", because: "switched-off", summary }, statements: [] };
}

async function modeOf(gatherer: Gatherer): Promise<Report["mode"]> {
  // Loaded when it is asked for: it draws in most of what is read of a deployment.
  const { deploymentMode } = await import("../facts/deployment-mode.fact.ts");
  const reading = await gatherer.read(deploymentMode);
  if (reading.state !== "known")
    return { label: "unknown", roles: [], decidedBy: "could not be told" };
  const { label, roles, decidedBy } = reading.value;
  return { label, roles, decidedBy };
}

function summaryOf(controls: readonly ControlResult[]): Summary {
  const count = (status: string) => controls.filter((control) => control.status === status).length;
  return {
    pass: count("pass"),
    warn: count("warn"),
    fail: count("fail"),
    skip: count("skip"),
    unknown: count("unknown"),
    waived: 0,
  };
}

/** A target's URL as the report may show it. */
export function withoutCredentials(text: string): string {
  const url = URL.parse(text);
  if (url === null) return text;
  url.username = "";
  url.password = "";
  url.search = "";
  return url.href;
}
