import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

import type { Report } from "../core/report.ts";
import { renderJson } from "../report/json.report.ts";
import { renderText, type TextOptions } from "../report/text.report.ts";
import { nearest, type Options } from "./command.ts";
import { type CliIo, UsageError } from "./io.ts";

const FORMATS = ["text", "json"] as const;
type Format = (typeof FORMATS)[number];

export interface Output {
  readonly format: Format;
  /** Absolute path; stdout where there is none. */
  readonly file?: string;
}

/**
 * `--format F[:FILE]`, several allowed, one of them at most on stdout; `--json` is short for `--format json`.
 * Text on stdout when none is given. Throws `UsageError` where they contradict each other.
 */
export function outputsOf(options: Options, directory: string): readonly Output[] {
  const texts = options.texts("format");
  if (options.isOn("json")) {
    if (texts.length > 0) throw new UsageError("--json is --format json; give one of the two");
    return [{ format: "json" }];
  }
  const outputs = (texts.length === 0 ? ["text"] : texts).map((text) => outputOf(text, directory));
  if (outputs.filter(({ file }) => file === undefined).length > 1) {
    throw new UsageError(
      "only one format can go to stdout; give the others a file: --format json:report.json",
    );
  }
  return outputs;
}

function outputOf(text: string, directory: string): Output {
  const [name = "", ...rest] = text.split(":");
  const format = FORMATS.find((known) => known === name);
  if (format === undefined) {
    const near = nearest(name, FORMATS);
    const hint = near === undefined ? `one of: ${FORMATS.join(", ")}` : `did you mean "${near}"?`;
    throw new UsageError(`no such format "${name}"; ${hint}`);
  }
  const file = rest.join(":");
  return file === "" ? { format } : { format, file: resolve(directory, file) };
}

/** How a report is told to people. */
type TextRenderer = (report: Report, options: TextOptions) => string;

/** Writes the report in every format asked for. Throws `UsageError` for a file that cannot be written. */
export function writeOutputs(
  report: Report,
  outputs: readonly Output[],
  options: Options,
  io: CliIo,
  textOf: TextRenderer = renderText,
): void {
  const render = (format: Format, colours: boolean) =>
    format === "json"
      ? renderJson(report)
      : textOf(report, { isColoured: colours, isVerbose: options.isOn("verbose") });
  for (const { format, file } of outputs) {
    if (file === undefined) io.stdout(render(format, isColoured(options, io)));
    else writeReport(file, render(format, false));
  }
}

/** Throws `UsageError` for a file that cannot be written. */
export function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot write the report: ${reason}`, { cause: error });
  }
}

/** `--color` first, then NO_COLOR (any non-empty value), FORCE_COLOR, then whether stdout is a terminal. */
export function isColoured(options: Options, { environment, isStdoutTty }: CliIo): boolean {
  const when = options.text("color") ?? "auto";
  if (when === "always") return true;
  if (when === "never") return false;
  if (when !== "auto") throw new UsageError(`--color takes auto, always or never, not "${when}"`);
  if (environment["NO_COLOR"]) return false;
  if (environment["FORCE_COLOR"] && environment["FORCE_COLOR"] !== "0") return true;
  return isStdoutTty && environment["TERM"] !== "dumb";
}
