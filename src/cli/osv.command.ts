import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { HostError } from "../core/reading.ts";
import { EXIT } from "../core/report.ts";
import type { OsvImport } from "../facts/osv-import.ts";
import { printable } from "../report/printable.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./io.ts";

const OUT_DEFAULT = ".plimsoll/osv.idx";

export const osvCommand: Command = {
  name: "osv",
  summary: "Makes an index for deps.audit of advisories you have fetched (OSV records).",
  positionals: "import FILE|DIR",
  positionalsMax: 2,
  options: {
    out: { type: "string", value: "FILE", help: `where to write it (default ${OUT_DEFAULT})` },
  },
  examples: [
    "plimsoll osv import pypi-all.zip --out /srv/monitor/.plimsoll/osv.idx",
    "plimsoll audit /srv/monitor --osv osv.idx",
  ],
  async run({ options, positionals, io }) {
    const [verb, from] = positionals;
    if (verb !== "import" || from === undefined) {
      throw new UsageError('osv takes "import" and a file or directory; see "plimsoll osv --help"');
    }
    const imported = await read(resolve(io.directory, from), from, io.now());
    const out = options.text("out") ?? OUT_DEFAULT;
    write(resolve(io.directory, out), out, imported.index);
    for (const why of imported.told) io.stderr(`plimsoll: not read: ${printable(why)}\n`);
    io.stdout(
      `${out}: ${imported.kept} records of PyPI and npm; ${imported.withdrawn} withdrawn, ${imported.foreign} of other ecosystems, ${imported.malformed} malformed left out\n`,
    );
    return imported.malformed > 0 ? EXIT.warnings : EXIT.ok;
  },
};

async function read(path: string, shown: string, nowMs: number): Promise<OsvImport> {
  // Loaded only when it is asked for: every other command would wait for it.
  const [{ createLocalHost }, { importOsv }, { inflate }] = await Promise.all([
    import("../host/local-host.ts"),
    import("../facts/osv-import.ts"),
    import("./inflate.ts"),
  ]);
  const host = createLocalHost({ granted: new Set(["read"]), environment: {} });
  try {
    const imported = await importOsv(host, path, nowMs, inflate);
    if (!("refusal" in imported)) return imported;
    throw new UsageError(`cannot import ${shown}: ${imported.refusal}`);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw new UsageError(`cannot import ${shown}: ${error.message}`, { cause: error });
  }
}

/** Beside its place first, so that an audit never reads half an index. */
function write(path: string, shown: string, text: string): void {
  const beside = `${path}.${process.pid}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(beside, text);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot write ${shown}: ${reason}`, { cause: error });
  }
}
