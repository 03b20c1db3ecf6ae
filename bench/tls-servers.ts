import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { createAuthority } from "../test/integration/host-certificates.ts";
import {
  freePorts,
  makePrefix,
  nginxMissing,
  removePrefix,
  startNginx,
  stopNginx,
  wrapHttp,
  writeFiles,
} from "../test/integration/nginx-process.ts";

export interface BenchServer {
  readonly name: string;
  readonly port: number;
}

/** The servers plimsoll is compared on, in the order of the table. */
export const COMPARED = ["modern", "intermediate", "old", "dual-rsa-ecdsa", "ssl3-rc4-export"];
const JAVA_START_MS_MAX = 20_000;

const AUTHENTICATED = ["AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305"];
const INTERMEDIATE = [
  ...AUTHENTICATED.flatMap((cipher) => [`ECDHE-ECDSA-${cipher}`, `ECDHE-RSA-${cipher}`]),
  ...AUTHENTICATED.map((cipher) => `DHE-RSA-${cipher}`),
].join(":");
const OLD = `${INTERMEDIATE}:${[
  "ECDHE-RSA-AES128-SHA256:ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES256-SHA",
  "DHE-RSA-AES128-SHA256:DHE-RSA-AES256-SHA256:AES128-GCM-SHA256:AES256-GCM-SHA384",
  "AES128-SHA256:AES256-SHA256:AES128-SHA:AES256-SHA",
].join(":")}`;

/** Starts all of them; those whose program is missing are left out and told of on stderr. */
export async function startServers(): Promise<{
  readonly servers: readonly BenchServer[];
  close(): Promise<void>;
}> {
  const prefix = makePrefix({});
  const ports = await freePorts(COMPARED.length);
  const all = COMPARED.map((name, at) => ({ name, port: ports[at] ?? 0 }));
  const children: ChildProcess[] = [];
  const missing: string[] = [];
  makeCertificates(prefix);
  const nginx = nginxMissing();
  if (nginx === undefined) children.push(await startNginxOn(prefix, all));
  else missing.push(nginx);
  const old = await startOld(prefix, all.at(-1)?.port ?? 0);
  if (typeof old === "string") missing.push(old);
  else children.push(old);
  for (const why of missing) console.error(`left out: ${why}`);
  const isUp = ({ name }: BenchServer) =>
    name === "ssl3-rc4-export" ? typeof old !== "string" : nginx === undefined;
  return {
    servers: all.filter(isUp),
    async close() {
      await Promise.all(children.map(stopNginx));
      removePrefix(prefix);
    },
  };
}

function makeCertificates(prefix: string): void {
  const authority = createAuthority(prefix);
  const names = "DNS:localhost,IP:127.0.0.1";
  const dates = { notBefore: "20260101000000Z", notAfter: "20351231235959Z" };
  authority.issue("ecdsa", { names, ...dates });
  authority.issue("rsa", { names, key: ["-newkey", "rsa:2048"], ...dates });
  const openssl = (...args: string[]) =>
    execFileSync("openssl", args, { cwd: prefix, stdio: "pipe" });
  for (const bits of ["1024", "2048"]) {
    openssl("dhparam", "-dsaparam", "-out", `dh${bits}.pem`, bits);
  }
  const files = ["-in", "rsa.pem", "-inkey", "rsa.key", "-out", "rsa.p12"];
  openssl("pkcs12", "-export", ...files, "-passout", "pass:bench");
}

function startNginxOn(prefix: string, servers: readonly BenchServer[]): Promise<ChildProcess> {
  const [modern, intermediate, old, dual] = servers.map(({ port }) => port);
  const key = (name: string) =>
    `ssl_certificate ${prefix}/${name}.pem; ssl_certificate_key ${prefix}/${name}.key;`;
  const dh = (bits: number) => `ssl_dhparam ${prefix}/dh${bits}.pem;`;
  const server = (port: number | undefined, protocols: string, ciphers: string, more: string) =>
    `server { listen 127.0.0.1:${port} ssl; ssl_protocols ${protocols}; ssl_ciphers ${ciphers};
     ssl_session_tickets off; ${more} location / { return 200 "ok\\n"; } }`;
  const body = [
    server(modern, "TLSv1.3", INTERMEDIATE, key("ecdsa")),
    server(intermediate, "TLSv1.2 TLSv1.3", INTERMEDIATE, `${key("rsa")} ${dh(2048)}`),
    server(
      old,
      "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3",
      `"${OLD}:@SECLEVEL=0"`,
      `${key("rsa")} ${dh(1024)} ssl_prefer_server_ciphers on;`,
    ),
    server(dual, "TLSv1.2 TLSv1.3", INTERMEDIATE, `${key("ecdsa")} ${key("rsa")}`),
  ].join("\n");
  writeFiles(prefix, { "nginx.conf": wrapHttp(prefix, body) });
  return startNginx(prefix, modern ?? 0);
}

/** The server of JSSE, or why there is none. It is ready once its port shows as listening. */
async function startOld(prefix: string, port: number): Promise<ChildProcess | string> {
  try {
    execFileSync("javac", ["-d", prefix, join(import.meta.dirname, "OldTls.java")], {
      stdio: "pipe",
    });
  } catch (error) {
    const why = error instanceof Error && "code" in error ? "no javac on this machine" : error;
    return `ssl3-rc4-export: ${why}`;
  }
  const child = spawn("java", ["-cp", prefix, "OldTls", String(port), join(prefix, "rsa.p12")], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  const untilMs = performance.now() + JAVA_START_MS_MAX;
  while (!isListening(port)) {
    if (child.exitCode !== null || performance.now() > untilMs) {
      child.kill();
      return "ssl3-rc4-export: its server did not start";
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return child;
}

/** By the kernel's table: a connection would be one that the server counts. */
function isListening(port: number): boolean {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")} `;
  return ["tcp", "tcp6"].some((name) =>
    readFileSync(`/proc/net/${name}`, "utf8")
      .split("\n")
      .some((line) => line.includes(wanted) && line.includes(" 0A ")),
  );
}
