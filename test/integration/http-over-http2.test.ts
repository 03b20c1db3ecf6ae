import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createSecureServer } from "node:http2";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { createAuthority } from "./host-certificates.ts";
import { createServers } from "./host-servers.ts";
import {
  freePorts,
  makePrefix,
  nginxMissing,
  removePrefix,
  startNginx,
  stopNginx,
  wrapHttp,
  writeFiles,
} from "./nginx-process.ts";
import { plimsoll, type ReportJson } from "./plimsoll.ts";

/* One site over both protocols: most browsers see HTTP/2, curl and most scanners HTTP/1.1. */

const NAME = "www.example.test";
const START_MS_MAX = 5_000;
const SECURITY = [
  ["Strict-Transport-Security", "max-age=31536000; includeSubDomains"],
  ["X-Frame-Options", "DENY"],
  [
    "Content-Security-Policy",
    "default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'",
  ],
] as const;

interface Further {
  readonly question: string;
  readonly protocol?: string;
  readonly status: number | null;
  readonly why?: string;
}
type HttpReport = ReportJson & {
  readonly http: readonly {
    readonly offersHttp2: boolean | null;
    readonly further: readonly Further[];
  }[];
};

let prefix = "";
let caFile = "";

before(() => {
  prefix = makePrefix({});
  const authority = createAuthority(prefix);
  caFile = authority.caFile;
  const { cert, key } = authority.issue("site", { names: `DNS:${NAME}` });
  writeFiles(prefix, { "site.pem": cert, "site.key": key, "www/index.html": "<title>a</title>" });
});
after(() => removePrefix(prefix));

async function audit(https: number): Promise<HttpReport> {
  const { stdout } = await plimsoll([
    ...["http", `https://${NAME}/`, "--json", "--cacert", caFile, "--max-time", "3"],
    ...["--http-port", "1", "--https-port", String(https), "--connect-to", "::127.0.0.1:"],
  ]);
  return JSON.parse(stdout) as HttpReport;
}

const overHttp2 = ({ http }: HttpReport) =>
  http[0]?.further.find(({ question }) => question === "http2");
const rules = ({ controls }: HttpReport, id: string) =>
  controls.find((each) => each.id === id)?.findings.map(({ rule }) => rule);
const status = ({ controls }: HttpReport, id: string) =>
  controls.find((each) => each.id === id)?.status;

function assertLost(report: HttpReport): void {
  assert.equal(report.http[0]?.offersHttp2, true);
  assert.deepEqual([overHttp2(report)?.protocol, overHttp2(report)?.status], ["h2", 200]);
  assert.deepEqual(rules(report, "hsts.live"), ["missing"]);
  assert.deepEqual(rules(report, "csp.present"), ["not-by-protocol"]);
  assert.deepEqual(rules(report, "headers.consistency"), [
    "differs-by-protocol",
    "differs-by-protocol",
  ]);
  assert.equal(status(report, "headers.x-frame-options"), "pass");
}

describe("nginx", { skip: nginxMissing() ?? false }, () => {
  let child: ChildProcess | undefined;
  const start = async (listen: string, headers: string) => {
    if (child !== undefined) await stopNginx(child);
    const [port = 0] = await freePorts(1);
    const server = `${headers}
      server { listen 127.0.0.1:${port} ssl${listen}; server_name ${NAME}; root ${prefix}/www;
      ssl_certificate site.pem; ssl_certificate_key site.key; }`;
    const types = "types { text/html html; }";
    writeFiles(prefix, { "nginx.conf": wrapHttp(prefix, `${types}\n${server}`) });
    child = await startNginx(prefix, port);
    return port;
  };
  after(async () => {
    if (child !== undefined) await stopNginx(child);
  });
  const all = SECURITY.map(([name, value]) => `add_header ${name} "${value}" always;`).join("\n");

  test("sends the same over both: nothing is found, the answer is told", async () => {
    const report = await audit(await start(" http2", all));
    assert.equal(overHttp2(report)?.protocol, "h2");
    for (const id of ["hsts.live", "csp.present", "headers.consistency"]) {
      assert.equal(status(report, id), "pass", id);
    }
  });

  test("loses two headers over HTTP/2: each control says so", async () => {
    const maps = SECURITY.map(
      ([name, value], at) =>
        `map $server_protocol $h${at} { ${name === "X-Frame-Options" ? "" : '"HTTP/2.0" "";'} default "${value}"; } add_header ${name} $h${at} always;`,
    );
    assertLost(await audit(await start(" http2", maps.join("\n"))));
  });

  test("without HTTP/2 is not asked by it", async () => {
    const report = await audit(await start("", all));
    assert.equal(report.http[0]?.offersHttp2, false);
    assert.equal(overHttp2(report), undefined);
    assert.equal(status(report, "hsts.live"), "pass");
  });
});

function caddyMissing(): string | false {
  try {
    execFileSync("caddy", ["version"], { stdio: "ignore" });
    return false;
  } catch (cause) {
    if (process.env["CI"]) throw new Error("caddy does not run, and this is CI", { cause });
    return "caddy is not installed";
  }
}

describe("Caddy", { skip: caddyMissing() }, () => {
  test("loses two headers over HTTP/2: each control says so", async () => {
    const [port = 0] = await freePorts(1);
    const headers = SECURITY.map(
      ([name, value]) => `header ${name === "X-Frame-Options" ? "" : "@old"} ${name} "${value}"`,
    );
    const site = `${NAME}:${port} {
      bind 127.0.0.1
      tls ${prefix}/site.pem ${prefix}/site.key
      @old protocol http/1.1
      ${headers.join("\n")}
      root * ${prefix}/www
      file_server
    }`;
    const globals = "{\n admin off\n auto_https disable_redirects\n}\n";
    writeFiles(prefix, { Caddyfile: `${globals}${site}\n` });
    const child = spawn("caddy", ["run", "--config", `${prefix}/Caddyfile`], {
      env: { PATH: process.env["PATH"], HOME: prefix },
      stdio: "ignore",
    });
    try {
      await listening(port);
      assertLost(await audit(port));
    } finally {
      child.kill();
    }
  });
});

/** Waits until the port takes connections. */
async function listening(port: number): Promise<void> {
  const deadline = Date.now() + START_MS_MAX;
  while (Date.now() < deadline) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true));
      socket.on("error", () => resolve(false)).on("connect", () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`nothing listens on ${port}`);
}

describe("a server that answers over HTTP/1.1 alone though it offers both", () => {
  const { listen, close } = createServers();
  after(close);

  test("is unknown where nothing else is wrong", async () => {
    const authority = createAuthority(prefix);
    caFile = authority.caFile;
    const server = createSecureServer(
      { ...authority.issue("odd", { names: `DNS:${NAME}` }), allowHTTP1: true },
      (request, response) => {
        if (request.httpVersionMajor === 2) {
          response.stream.close(2);
          return;
        }
        for (const [name, value] of SECURITY) response.setHeader(name, value);
        response.setHeader("Content-Type", "text/html");
        response.end("<title>a</title>");
      },
    );
    server.on("sessionError", () => undefined);
    const report = await audit(await listen(server));
    assert.match(overHttp2(report)?.why ?? "", /HTTP\/2: .*INTERNAL_ERROR/);
    for (const id of ["hsts.live", "csp.present", "headers.consistency"]) {
      assert.equal(status(report, id), "unknown", id);
    }
  });
});
