import type { Report } from "../core/report.ts";
import type { TlsScan } from "../core/tls-scan.ts";
import { renderJson } from "../report/json.report.ts";
import type { TlsTextOptions } from "../report/tls-layout.ts";
import type { Options } from "./command.ts";
import { type CliIo, UsageError } from "./io.ts";
import { isColoured, type Output, outputsOf, writeReport } from "./output.ts";

/** As `outputsOf`, before anything is asked. Throws `UsageError` where they contradict each other. */
export function tlsOutputs(options: Options, io: CliIo): readonly Output[] {
  const isFormatted = options.texts("format").length > 0;
  if (isFormatted && options.text("targets") !== undefined) {
    throw new UsageError("--targets prints JSON lines; --format is for targets given by name");
  }
  // Before any connection: a mistake in it should not cost a scan.
  isColoured(options, io);
  return outputsOf(options, io.directory);
}

/** Renders the report once for an output and writes it. Throws `UsageError` for a file that cannot be written. */
export async function writeTls(
  { format, file }: Output,
  report: Report,
  scans: readonly TlsScan[],
  { options, io }: { readonly options: Options; readonly io: CliIo },
): Promise<void> {
  const text =
    format === "json"
      ? renderJson(report)
      : await textOf(report, scans, {
          isColoured: file === undefined && isColoured(options, io),
          isVerbose: options.isOn("verbose"),
          ...(file === undefined &&
            io.stdoutColumns !== undefined && { columns: io.stdoutColumns }),
        });
  if (file === undefined) io.stdout(text);
  else writeReport(file, text);
}

async function textOf(
  report: Report,
  scans: readonly TlsScan[],
  options: TlsTextOptions,
): Promise<string> {
  const [{ renderTlsText }, { viewsOf }] = await Promise.all([
    import("../report/tls.report.ts"),
    import("./tls-views.ts"),
  ]);
  return renderTlsText(report, viewsOf(scans), options);
}
