import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { TlsScan } from "../../src/core/tls-scan.ts";
import type { TlsListener } from "../../src/facts/proxy-tls.ts";
import { caddyTls } from "../../src/facts/proxy-tls-caddy.ts";
import { nginxTls } from "../../src/facts/proxy-tls-nginx.ts";
import { scanTls } from "../../src/facts/tls/scan.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { parseCaddyfile } from "../../src/parsers/caddyfile/parse.ts";
import { parseNginx } from "../../src/parsers/nginx/parse.ts";
import { expandCipherList } from "../../src/parsers/openssl-ciphers/expand.ts";
import { createAuthority } from "./host-certificates.ts";
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

/* What the fact says of TLS, and what real proxies then speak: the scanner is the judge. */

const keys = mkdtempSync(join(tmpdir(), "plimsoll-proxy-tls-"));
after(() => rmSync(keys, { recursive: true, force: true }));
let certificate = { cert: "", key: "" };
before(() => {
  const names = "DNS:a.test,DNS:b.test";
  certificate = createAuthority(keys).issue("x", { names, key: ["-newkey", "rsa:2048"] });
});

async function scan(port: number, sni: string): Promise<TlsScan> {
  const options = { signal: new AbortController().signal, nowMs: Date.now() };
  const [result] = await scanTls(createLocalHost(), { host: "127.0.0.1", port, sni }, options);
  assert.equal(result?.state, "tls");
  return result ?? assert.fail();
}

const LEVEL_0 = "ssl_ciphers ALL:@SECLEVEL=0;";
const A = "server_name a.test;";
const B = "server_name b.test;";

interface Case {
  readonly name: string;
  /** Of `http`; `@L@` is address and port. */
  readonly text: string;
  readonly sni: string;
}

const NGINX: readonly Case[] = [
  {
    name: "http is inherited",
    text: `ssl_protocols TLSv1.1 TLSv1.2; ${LEVEL_0} server { listen @L@ ssl; ${A} }`,
    sni: "a.test",
  },
  {
    name: "the server's own replaces it",
    text: `ssl_protocols TLSv1 TLSv1.2; ${LEVEL_0} server { listen @L@ ssl; ${A} ssl_protocols TLSv1.3; }`,
    sni: "a.test",
  },
  {
    name: "several in one block add up",
    text: `${LEVEL_0} server { listen @L@ ssl; ${A} ssl_protocols TLSv1.3; ssl_protocols TLSv1.1; }`,
    sni: "a.test",
  },
  {
    name: "the default server decides for another name",
    text: `${LEVEL_0} server { listen @L@ ssl; ${A} ssl_protocols TLSv1.2; } server { listen @L@ ssl; ${B} ssl_protocols TLSv1.3; }`,
    sni: "b.test",
  },
  {
    name: "default_server before order",
    text: `${LEVEL_0} server { listen @L@ ssl; ${A} ssl_protocols TLSv1.2; } server { listen @L@ ssl default_server; ${B} ssl_protocols TLSv1.1 TLSv1.3; }`,
    sni: "a.test",
  },
  {
    name: "MinProtocol of ssl_conf_command",
    text: `${LEVEL_0} server { listen @L@ ssl; ${A} ssl_protocols TLSv1.1 TLSv1.2 TLSv1.3; ssl_conf_command MinProtocol TLSv1.2; }`,
    sni: "a.test",
  },
];

/** Starts nginx with the text, and hands over what the fact says of `sni` and what was seen of it. */
async function withNginx(
  { text, sni }: Pick<Case, "text" | "sni">,
  compare: (listener: TlsListener, seen: TlsScan) => void,
): Promise<void> {
  const [port = 0] = await freePorts(1);
  const prefix = makePrefix({ "x.pem": certificate.cert, "x.key": certificate.key });
  const body = `ssl_certificate x.pem; ssl_certificate_key x.key;\n${text.replaceAll("@L@", `127.0.0.1:${port}`)}`;
  writeFiles(prefix, { "nginx.conf": wrapHttp(prefix, body) });
  const child = await startNginx(prefix, port);
  try {
    const file = join(prefix, "nginx.conf");
    const places = { configurationDirectory: prefix, prefixDirectory: prefix };
    const listeners = nginxTls(parseNginx(readFileSync(file, "utf8"), file), places);
    const listener = listeners.find(({ names }) => names.includes(sni));
    compare(listener ?? assert.fail("no listener"), await scan(port, sni));
  } finally {
    await stopNginx(child);
    removePrefix(prefix);
  }
}

describe("nginx speaks the protocols the fact tells", { skip: nginxMissing() ?? false }, () => {
  for (const one of NGINX) {
    test(one.name, async () => {
      await withNginx(one, ({ protocols }, seen) => {
        assert.ok(protocols.state === "set");
        assert.deepEqual(seen.protocols, protocols.value);
        assert.deepEqual(seen.protocolsUnknown, []);
      });
    });
  }
});

const LISTS = [
  "HIGH:!aNULL:!MD5:!ARIA:!CAMELLIA",
  "kRSA+AESGCM:ECDHE+AES:+AES128",
  "DEFAULT:@STRENGTH:!SHA256",
];

describe("nginx offers the suites we make out", { skip: nginxMissing() ?? false }, () => {
  for (const list of LISTS) {
    test(`${list}, in the server's order`, async () => {
      // The list is that of the name asked for, not of the socket's default server.
      const text = `ssl_prefer_server_ciphers on; ssl_protocols TLSv1.2; server { listen @L@ ssl; ${A} ssl_ciphers AES128-SHA; } server { listen @L@ ssl; ${B} ssl_ciphers ${list}; }`;
      await withNginx({ text, sni: "b.test" }, ({ ciphers, preferServer }, seen) => {
        assert.ok(ciphers.state === "set" && preferServer.state === "set");
        // An RSA certificate, no parameters for DHE, no pre-shared keys.
        const expected = expandCipherList(ciphers.value)
          .suites.filter(
            ({ authentication, keyExchange, isWeakBuild }) =>
              authentication === "RSA" &&
              (keyExchange === "RSA" || keyExchange === "ECDHE") &&
              !isWeakBuild,
          )
          .map(({ ianaName }) => ianaName);
        assert.deepEqual(seen.suites["TLSv1.2"], expected);
      });
    });
  }
});

function missingCaddy(): string | false {
  try {
    execFileSync("caddy", ["version"], { stdio: "ignore" });
    return false;
  } catch (cause) {
    if (process.env["CI"]) throw new Error("caddy does not run, and this is CI", { cause });
    return "caddy is not installed";
  }
}

describe("Caddy speaks what the fact tells", { skip: missingCaddy() }, () => {
  let child: ChildProcess | undefined;
  after(() => child?.kill());

  test("protocols and suites of the tls block", async () => {
    const [port = 0] = await freePorts(1);
    const suites = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA";
    const text = `{\n admin off\n auto_https off\n}\nhttps://a.test:${port} {\n bind 127.0.0.1\n tls x.pem x.key {\n  protocols tls1.2 tls1.2\n  ciphers ${suites}\n }\n respond hello\n}\n`;
    const folder = makePrefix({
      Caddyfile: text,
      "x.pem": certificate.cert,
      "x.key": certificate.key,
    });
    after(() => removePrefix(folder));
    child = spawn("caddy", ["run", "--config", "Caddyfile"], {
      cwd: folder,
      stdio: "ignore",
      env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    });
    await listening(port);
    const caddyfile = await parseCaddyfile(
      { file: "Caddyfile", text },
      { environment: () => undefined, readImport: async () => [] },
    );
    const [listener] = caddyTls(caddyfile, join(folder, "Caddyfile"));
    const seen = await scan(port, "a.test");
    assert.ok(listener?.protocols.state === "set" && listener.ciphers.state === "set");
    assert.deepEqual(seen.protocols, listener.protocols.value);
    assert.deepEqual(
      seen.suites["TLSv1.2"]?.toSorted(),
      listener.ciphers.value.split(" ").toSorted(),
    );
    assert.equal(listener.certificates[0]?.file, join(folder, "x.pem"));
  });
});

const START_MS_MAX = 10_000;

async function listening(port: number): Promise<void> {
  const deadline = Date.now() + START_MS_MAX;
  while (Date.now() < deadline) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`nothing listens on ${port}`);
}
