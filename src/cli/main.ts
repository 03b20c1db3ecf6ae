import { hostname } from "node:os";

import { HostError } from "../core/reading.ts";
import { EXIT } from "../core/report.ts";
import { printable } from "../report/printable.ts";
import { attestCommand } from "./attest.command.ts";
import { auditCommand } from "./audit.command.ts";
import { checkSecurityCommand } from "./check-security.command.ts";
import { collectCommand } from "./collect.command.ts";
import { type Command, nearest, parseCommand, usage } from "./command.ts";
import { demoCommand } from "./demo.command.ts";
import { explainCommand } from "./explain.command.ts";
import { httpCommand } from "./http.command.ts";
import { type CliIo, UsageError } from "./io.ts";
import { judgeCommand } from "./judge.command.ts";
import { listCommand } from "./list.command.ts";
import { osvCommand } from "./osv.command.ts";
import { createPatientOutput } from "./patient-output.ts";
import { planCommand } from "./plan.command.ts";
import { proxyCommand } from "./proxy.command.ts";
import { tlsCommand } from "./tls.command.ts";
import { traceCommand } from "./trace.command.ts";
import { VERSION } from "./version.ts";

const COMMANDS: readonly Command[] = [
  auditCommand,
  checkSecurityCommand,
  demoCommand,
  listCommand,
  explainCommand,
  planCommand,
  collectCommand,
  judgeCommand,
  tlsCommand,
  httpCommand,
  proxyCommand,
  traceCommand,
  osvCommand,
  attestCommand,
];

// Node exits 1 on an uncaught exception, which a gate would read as "warnings only".
process.on("uncaughtException", (error) => exitCrashed(error));
process.on("unhandledRejection", (error) => exitCrashed(error));
process.stdout.on("error", exitUnwritten);
// Nobody is there to be told.
process.stderr.on("error", () => undefined);

const patientOutput = createPatientOutput(process.stdout.fd);
const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(name, () => {
    if (interruption.signal.aborted) process.exit(EXIT.incomplete);
    interruption.abort(new HostError("interrupted", `interrupted by ${name}`));
  });
}

const io: CliIo = {
  environment: process.env,
  directory: workingDirectory(),
  hostName: hostname(),
  isStdoutTty: process.stdout.isTTY === true,
  isStderrTty: process.stderr.isTTY === true,
  ...(process.stdout.columns > 0 && { stdoutColumns: process.stdout.columns }),
  signal: interruption.signal,
  now: () => Date.now(),
  elapsed: () => performance.now(),
  stdout: (text) => void process.stdout.write(text),
  stdoutPatiently: (text) => patientOutput(text).catch(exitUnwritten),
  stderr: (text) => void process.stderr.write(text),
};

main(process.argv.slice(2)).then(end, exitCrashed);

/** Where it was removed, a path that names nothing: what is relative to it then does not exist. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return "/(the working directory was removed)";
  }
}

async function main(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.stderr(`plimsoll: ${printable(error.message)}\n`);
    return EXIT.usage;
  }
}

async function dispatch(args: readonly string[]): Promise<number> {
  // `--debug` only adds a stack trace to an internal error, so every command takes it.
  const [name, ...rest] = args.filter((arg) => arg !== "--debug");
  if (name === undefined || name === "--help" || name === "-h" || name === "help")
    return help(rest[0]);
  if (name === "--version" || name === "-V") {
    io.stdout(`plimsoll ${VERSION}\n`);
    return EXIT.ok;
  }
  const command = commandNamed(name);
  if (asksForHelp(rest)) return help(command.name);
  return command.run({ ...parseCommand(command, rest), io });
}

/** `--help` wins wherever it stands before `--`. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? args.length : end).some((arg) => arg === "--help" || arg === "-h");
}

function commandNamed(name: string): Command {
  const command = COMMANDS.find((known) => known.name === name);
  if (command !== undefined) return command;
  const near = nearest(
    name,
    COMMANDS.map((known) => known.name),
  );
  const hint = near === undefined ? 'see "plimsoll --help"' : `did you mean "${near}"?`;
  const kind = name.startsWith("-") ? "option" : "command";
  throw new UsageError(`no such ${kind} "${name}"; ${hint}`);
}

function help(name: string | undefined): number {
  io.stdout(name === undefined ? overview() : usage(commandNamed(name)));
  return EXIT.ok;
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length)) + 2;
  return [
    "Usage: plimsoll COMMAND [OPTIONS]",
    "",
    "Is this web deployment safe to ship? Audits it from the inside and the outside, with evidence.",
    "",
    "Commands:",
    ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`),
    "",
    'Options of a command: "plimsoll COMMAND --help". Version: "plimsoll --version".',
    "",
    "Exit codes: 0 all pass or skip, 1 warnings or unknowns, 2 failures, 3 not completed,",
    "64 usage error, 70 plimsoll's own bug.",
    "",
  ].join("\n");
}

/** Exits by code, not by force: what is still in the pipes is written first. */
function end(code: number): void {
  process.exitCode = code;
  process.stdout.write("", (error) => {
    if (error) exitUnwritten(error);
    process.exit(code);
  });
}

/** A reader that closes the pipe early (`| head`) changes no verdict; a full disk leaves nobody with one. */
function exitUnwritten(error: NodeJS.ErrnoException): false {
  if (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED") return false;
  process.stderr.write(`plimsoll: cannot write the report: ${printable(error.message)}\n`);
  process.exit(EXIT.incomplete);
}

function exitCrashed(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  const isDebug = process.argv.includes("--debug") && error instanceof Error;
  const trace = isDebug ? `\n${(error.stack ?? "").split("\n").map(printable).join("\n")}` : "";
  process.stderr.write(`plimsoll: internal error: ${printable(text)}${trace}\n`);
  process.exit(EXIT.internal);
}
