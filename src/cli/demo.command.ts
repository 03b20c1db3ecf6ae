import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { known, type Reading } from "../core/reading.ts";
import { EXIT } from "../core/report.ts";
import type { Listener } from "../facts/listeners.fact.ts";
import type { ProcessEntry } from "../facts/processes.fact.ts";
import { OUTPUT_OPTIONS } from "./audit-options.ts";
import type { Command, Options } from "./command.ts";
import type { DemoServers } from "./demo/server.ts";
import { UsageError } from "./io.ts";
import { outputsOf, writeOutputs } from "./output.ts";

export const demoCommand: Command = {
  name: "demo",
  summary:
    "Writes a flawed sample deployment, serves it over TLS on loopback, audits it and cleans up.",
  positionals: "",
  positionalsMax: 0,
  options: {
    ...OUTPUT_OPTIONS,
    keep: { type: "boolean", help: "leave the folder in place, to look at it" },
  },
  async run({ options, io }) {
    const outputs = outputsOf(options, io.directory);
    // Servers of HTTPS take every other command 6 MB, where they are loaded before they are asked for.
    const [{ audit }, { openSession }, { selfSignedCertificate }, demoFiles, { startServers }] =
      await Promise.all([
        import("../audit/audit.ts"),
        import("./session.ts"),
        import("./demo/certificate.ts"),
        import("./demo/files.ts"),
        import("./demo/server.ts"),
      ]);
    const servers = await startServers(selfSignedCertificate("localhost", io.now()));
    const directory = sampleDirectory();
    try {
      demoFiles.writeDeployment(directory, servers);
      const demoOptions = withTarget(options, `https://localhost:${servers.tlsPort}/`);
      const session = await openSession({ options: demoOptions, io, directory, isCompat: false });
      try {
        const report = await audit({ ...session, preset: machineFacts(servers) });
        writeOutputs(report, outputs, options, io);
        io.stderr(closing(directory, report.exitCode, options.isOn("keep")));
      } finally {
        session.close();
      }
      if (io.signal.aborted) return EXIT.incomplete;
      return EXIT.ok; // The demo has done what it promises; what the sample's audit answers is told in the text.
    } finally {
      await servers.close();
      if (!options.isOn("keep")) rmSync(directory, { recursive: true, force: true });
    }
  },
};

/** Throws `UsageError` where no temporary folder can be made. */
function sampleDirectory(): string {
  try {
    return realpathSync(mkdtempSync(join(tmpdir(), "plimsoll-demo-")));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot write the sample deployment (TMPDIR): ${reason}`, {
      cause: error,
    });
  }
}

/** The demo's own options, plus what makes it look at its sample alone and not at this machine. */
function withTarget(options: Options, url: string): Options {
  return {
    text: (name) => options.text(name),
    texts: (name) => (name === "url" ? [url] : options.texts(name)),
    isOn: (name) => name === "no-host" || options.isOn(name),
  };
}

/** The sample's machine: its sockets and processes stand in for this one's. */
function machineFacts({
  applicationPort,
  tlsPort,
}: DemoServers): ReadonlyMap<string, Reading<unknown>> {
  const listeners: readonly Listener[] = [
    {
      proto: "tcp",
      address: "0.0.0.0",
      port: applicationPort,
      pid: 10,
      command: "gunicorn",
      user: "monitor",
    },
    { proto: "tcp", address: "0.0.0.0", port: tlsPort, pid: 20, command: "nginx", user: "root" },
  ];
  const processes: readonly ProcessEntry[] = [
    { pid: 10, name: "gunicorn", command: "gunicorn config.wsgi", user: "monitor" },
    { pid: 20, name: "nginx", command: "nginx: master process /usr/sbin/nginx", user: "root" },
  ];
  return new Map<string, Reading<unknown>>([
    ["listeners", known(listeners)],
    ["processes", known(processes)],
  ]);
}

function closing(directory: string, exitCode: number, isKept: boolean): string {
  const folder = isKept
    ? `The sample deployment is in ${directory}; remove it when you are done.\n`
    : `The sample deployment was in ${directory} and is gone; --keep leaves it.\n`;
  return `\n${folder}"plimsoll audit" of it would exit ${exitCode}. Now yours: npx plimsoll audit /path/to/deployment\n`;
}
