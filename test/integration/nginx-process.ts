import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Where Debian puts it; not in the path of an ordinary user. */
const NGINX = "/usr/sbin/nginx";
const START_MS_MAX = 5_000;
const ANSWER_MS_MAX = 5_000;

/**
 * Why the tests with a real nginx cannot run here; `undefined` when they can.
 * In CI a missing nginx is an error: a test nobody runs is none.
 */
export function nginxMissing(): string | undefined {
  try {
    execFileSync(NGINX, ["-v"], { stdio: "ignore" });
    return undefined;
  } catch (cause) {
    if (process.env["CI"]) throw new Error(`${NGINX} does not run, and this is CI`, { cause });
    return `${NGINX} is not installed`;
  }
}

/** What nginx says to a configuration: `undefined` when it accepts it. */
export function nginxRefuses(prefix: string, main = "nginx.conf"): string | undefined {
  try {
    execFileSync(NGINX, nginxArgs(prefix, main, ["-t", "-q"]), { stdio: "pipe" });
    return undefined;
  } catch (error) {
    return error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
  }
}

function nginxArgs(prefix: string, main: string, more: readonly string[]): readonly string[] {
  const globals = `daemon off; master_process off; pid ${join(prefix, "nginx.pid")};`;
  return [
    ...more,
    "-p",
    `${prefix}/`,
    "-c",
    join(prefix, main),
    "-e",
    join(prefix, "error.log"),
    "-g",
    globals,
  ];
}

/** `events`, and an `http` whose files all lie in the prefix. */
export function wrapHttp(prefix: string, body: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${join(prefix, name)};`)
    .join(" ");
  return `events {} http { access_log off; ${temporary}\n${body}\n}\n`;
}

/** A folder of its own holding these files; `remove` takes it away. */
export function makePrefix(files: Readonly<Record<string, string>>): string {
  const prefix = mkdtempSync(join(tmpdir(), "plimsoll-nginx-"));
  writeFiles(prefix, files);
  return prefix;
}

export function writeFiles(prefix: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(prefix, path)), { recursive: true });
    writeFileSync(join(prefix, path), text);
  }
}

export function removePrefix(prefix: string): void {
  rmSync(prefix, { recursive: true, force: true });
}

/** Free TCP ports of the loopback, all different. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Whether this machine has the address. */
export function canListen(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(0, address, () => server.close(() => resolve(true)));
  });
}

/** Starts nginx on `nginx.conf` of the prefix and waits until the port takes connections. */
export async function startNginx(
  prefix: string,
  port: number,
  address = "127.0.0.1",
): Promise<ChildProcess> {
  const child = spawn(NGINX, nginxArgs(prefix, "nginx.conf", []), {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += String(chunk);
  });
  const deadline = Date.now() + START_MS_MAX;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}: ${stderr}`);
    if (await canConnect(port, address)) return child;
    if (Date.now() > deadline) {
      child.kill();
      throw new Error(`nginx does not listen on ${port}: ${stderr}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function canConnect(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

export async function stopNginx(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

export interface Answer {
  readonly status: number;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** Sends one request exactly as given and reads the answer to the end of the connection. */
export function ask(
  port: number,
  target: string,
  fields: readonly string[],
  options: {
    readonly address?: string;
    readonly version?: "1.0" | "1.1";
    readonly method?: string;
  } = {},
): Promise<Answer> {
  const { address = "127.0.0.1", version = "1.1", method = "GET" } = options;
  return new Promise((resolve, reject) => {
    const socket = connect(port, address);
    const chunks: Buffer[] = [];
    socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy(new Error(`No answer to ${target}`)));
    socket.once("error", reject);
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.once("close", () => resolve(parseAnswer(Buffer.concat(chunks).toString("utf8"))));
    const lines = [`${method} ${target} HTTP/${version}`, ...fields, "Connection: close", "", ""];
    socket.write(lines.join("\r\n"));
  });
}

function parseAnswer(text: string): Answer {
  const end = text.indexOf("\r\n\r\n");
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const fields = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return { status: Number(first.split(" ")[1]), fields, body: text.slice(end + 4) };
}
