import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";

const START_MS_MAX = 10_000;
const STEP_MS = 50;
const ANSWER_MS_MAX = 5_000;

/** Why a program's tests cannot run here; in CI a missing one is an error. */
export function programMissing(program: string, ...args: readonly string[]): string | undefined {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return undefined;
  } catch (cause) {
    if (process.env["CI"]) throw new Error(`${program} does not run, and this is CI`, { cause });
    return `${program} is not installed`;
  }
}

/** Starts a proxy and waits until it answers on its port. */
export async function startProxy(
  program: string,
  args: readonly string[],
  port: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<ChildProcess> {
  const child = spawn(program, args, {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...environment },
  });
  let errors = "";
  child.stderr?.on("data", (data) => {
    errors += String(data).slice(0, 4_000);
  });
  const end = Date.now() + START_MS_MAX;
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`${program} ended: ${errors}`);
    if (await accepts(port)) return child;
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  child.kill("SIGKILL");
  throw new Error(`${program} does not listen: ${errors}`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

export async function stopProxy(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGKILL");
  await ended;
}

/** An application that answers with the fields it was sent. */
export async function startApplication(): Promise<{
  readonly server: Server;
  readonly port: number;
}> {
  const server = createServer((message, response) => {
    response.setHeader("X-App", "1");
    response.setHeader("X-Taken", "1");
    response.end(JSON.stringify(message.headers));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

export interface Answer {
  readonly status: number;
  readonly fields: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
}

/** One GET over a connection of its own. */
export async function get(
  port: number,
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<Answer> {
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path, headers: fields, agent: false };
    const sent = request({ ...options, timeout: ANSWER_MS_MAX }, resolve);
    sent.once("error", reject);
    sent.once("timeout", () => sent.destroy(new Error("no answer")));
    sent.end();
  });
  let body = "";
  for await (const part of message) body += String(part);
  const found: Record<string, string[]> = {};
  for (let at = 0; at + 1 < message.rawHeaders.length; at += 2) {
    const name = (message.rawHeaders[at] ?? "").toLowerCase();
    found[name] = [...(found[name] ?? []), message.rawHeaders[at + 1] ?? ""];
  }
  return { status: message.statusCode ?? 0, fields: found, body };
}

/** httpd without anything of Debian's; `modules` by their short names. */
export function apacheText(prefix: string, modules: readonly string[], body: string): string {
  const loads = ["mpm_event", "authz_core", ...modules].map(
    (name) =>
      `LoadModule ${name === "mpm_event" ? "mpm_event" : name}_module /usr/lib/apache2/modules/mod_${name}.so`,
  );
  return [
    ...loads,
    `ServerRoot ${prefix}`,
    `DefaultRuntimeDir ${prefix}`,
    `PidFile ${join(prefix, "pid")}`,
    `ErrorLog ${join(prefix, "error.log")}`,
    "ServerName x.test",
    ...(process.getuid?.() === 0 ? ["User www-data", "Group www-data"] : []),
    body,
  ].join("\n");
}
