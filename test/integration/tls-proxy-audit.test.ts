import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createAuthority, type TestCertificate } from "./host-certificates.ts";
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
import { auditJson, type Control, controlOf } from "./plimsoll.ts";

/* An audit of a directory and its URL, where nginx runs with other files than now lie there. */

const NAME = "shop.example.test";
const DAY_MS = 86_400_000;
const skip = nginxMissing() ?? false;

/** `YYYYMMDDHHMMSSZ`, days from now. */
function stamp(days: number): string {
  const iso = new Date(Date.now() + days * DAY_MS).toISOString();
  return `${iso.slice(0, 19).replaceAll(/[-:T]/g, "")}Z`;
}

describe("nginx that was not reloaded", { skip }, () => {
  const keys = mkdtempSync(join(tmpdir(), "plimsoll-tls-proxy-"));
  const app = makePrefix({ "app.py": "print('hello')\n" });
  let prefix = "";
  let port = 0;
  let child: ChildProcess | undefined;
  let report: Awaited<ReturnType<typeof auditJson>>;
  let caFile = "";

  const configuration = (settings: string, pair: string) =>
    wrapHttp(
      prefix,
      `${settings}\nserver { listen 127.0.0.1:${port} ssl; server_name ${NAME}; ssl_certificate ${pair}.pem; ssl_certificate_key ${pair}.key; return 204; }`,
    );
  const put = (name: string, { cert, key }: TestCertificate) =>
    writeFiles(prefix, { [`${name}.pem`]: cert, [`${name}.key`]: key });

  before(async () => {
    const authority = createAuthority(keys);
    caFile = authority.caFile;
    const names = { names: `DNS:${NAME}` };
    const old = authority.issue("old", { ...names, notBefore: stamp(-80), notAfter: stamp(10) });
    const renewed = authority.issue("new", { ...names, notBefore: stamp(-1), notAfter: stamp(89) });
    [port = 0] = await freePorts(1);
    prefix = makePrefix({});
    put("shop", old);
    writeFiles(prefix, {
      "nginx.conf": configuration(
        "ssl_protocols TLSv1 TLSv1.2 TLSv1.3; ssl_ciphers HIGH:!aNULL:@SECLEVEL=0;",
        "shop",
      ),
    });
    child = await startNginx(prefix, port);
    put("shop", renewed);
    chmodSync(prefix, 0o755);
    chmodSync(join(prefix, "shop.key"), 0o644);
    writeFileSync(
      join(prefix, "nginx.conf"),
      configuration(
        "\nssl_protocols TLSv1.2 TLSv1.3;\nssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256;",
        "shop",
      ),
    );
    report = await auditJson(
      app,
      ...["--url", `https://${NAME}:${port}/`, "--cacert", caFile, "--only", "tls"],
      ...["--connect-to", `${NAME}:${port}:127.0.0.1:${port}`],
    );
  });

  after(async () => {
    if (child !== undefined) await stopNginx(child);
    for (const folder of [prefix, app]) removePrefix(folder);
    rmSync(keys, { recursive: true, force: true });
  });

  const layers = (control: Control) =>
    Object.fromEntries(control.layers.map(({ layer, status }) => [layer, status]));
  const found = (control: Control, layer: string) =>
    control.findings.filter((one) => one.layer === layer).map(({ rule }) => rule);

  test("protocols: the file is good, what runs is not, and the report says which line", () => {
    const control = controlOf(report, "tls.protocols");
    assert.equal(control.status, "fail");
    assert.deepEqual(layers(control), { proxy: "warn", live: "fail" });
    assert.deepEqual(found(control, "proxy"), ["not-in-force"]);
    assert.deepEqual(found(control, "live"), ["tls10-accepted"]);
    assert.equal(control.trace?.verdict, "contradicted");
    assert.deepEqual(
      control.trace?.steps.map(({ layer, value, where }) => [layer, value, where]),
      [
        ["proxy", "TLSv1.2 TLSv1.3", `${prefix}/nginx.conf:3`],
        ["live", "TLSv1 TLSv1.2 TLSv1.3", `${NAME}:${port} (127.0.0.1)`],
      ],
    );
    const [finding] = control.findings.filter((one) => one.layer === "proxy");
    assert.match(
      finding?.message ?? "",
      /accepts TLSv1, yet .*nginx\.conf:3 sets TLSv1\.2 TLSv1\.3/,
    );
  });

  test("suites: the file passes, the server does not", () => {
    const control = controlOf(report, "tls.ciphers");
    assert.equal(control.status, "warn");
    assert.deepEqual(layers(control), { proxy: "pass", live: "warn" });
  });

  test("expiry: the renewed certificate is on disk and the old one is shown, both serials told", () => {
    const control = controlOf(report, "tls.certificate-expiry");
    assert.equal(control.status, "warn");
    assert.deepEqual(layers(control), { proxy: "warn", live: "warn" });
    assert.deepEqual(found(control, "proxy"), ["reload-forgotten"]);
    assert.equal(control.trace?.verdict, "contradicted");
    const [disk, live] = control.trace?.steps ?? [];
    assert.deepEqual([disk?.layer, live?.layer], ["proxy", "live"]);
    assert.notEqual(disk?.value, live?.value);
    const [finding] = control.findings.filter((one) => one.layer === "proxy");
    for (const step of [disk, live]) {
      assert.ok(finding?.message.includes(step?.value ?? "no step"), finding?.message);
    }
  });

  test("trust: the key with mode 0644 fails at its layer, and no byte of it is in the report", () => {
    const control = controlOf(report, "tls.certificate-trusted");
    assert.equal(control.status, "fail");
    assert.match(control.summary, /^The private key .*shop\.key has mode 0644/);
    assert.deepEqual(layers(control), { proxy: "fail", live: "warn" });
    assert.deepEqual(found(control, "proxy"), ["key-world-readable", "private-ca"]);
    assert.ok(!report.stdout.includes("PRIVATE KEY"));
  });

  test("names: disk and server agree", () => {
    const control = controlOf(report, "tls.certificate-names");
    assert.equal(control.status, "pass");
    assert.deepEqual(layers(control), { proxy: "pass", live: "pass" });
  });
});

describe("nginx of another project with a bad certificate", { skip }, () => {
  const keys = mkdtempSync(join(tmpdir(), "plimsoll-tls-proxy-"));
  const prefix = makePrefix({});
  const folders = [prefix, keys];
  let backend = 0;
  let own = 0;
  let child: ChildProcess | undefined;

  before(async () => {
    const dates = { notBefore: stamp(-80), notAfter: stamp(-1) };
    const { cert, key } = createAuthority(keys).issue("old", { names: "DNS:x.test", ...dates });
    const [port = 0, ...others] = await freePorts(3);
    [backend = 0, own = 0] = others;
    writeFiles(prefix, {
      "x.pem": cert,
      "x.key": key,
      "nginx.conf": wrapHttp(
        prefix,
        `ssl_protocols TLSv1 TLSv1.2; ssl_ciphers AES128-SHA:@SECLEVEL=0; server { listen 127.0.0.1:${port} ssl; server_name ${NAME};\nssl_certificate x.pem; ssl_certificate_key x.key; location / { proxy_pass http://127.0.0.1:${backend}; } }`,
      ),
    });
    chmodSync(join(prefix, "x.key"), 0o644);
    chmodSync(prefix, 0o755);
    child = await startNginx(prefix, port);
  });

  after(async () => {
    if (child !== undefined) await stopNginx(child);
    for (const folder of folders) removePrefix(folder);
  });

  /** Statuses of the controls at the proxy of a directory with these files. */
  async function audited(files: Readonly<Record<string, string>>) {
    const app = makePrefix(files);
    folders.push(app);
    const report = await auditJson(app, "--only", "tls");
    const told = proxied(report).map(({ id, layers }) => {
      const proxy = layers.find(({ layer }) => layer === "proxy");
      return [id, proxy?.status, proxy?.summary] as const;
    });
    return { exit: report.exit, told: told.toSorted(([one], [other]) => (one < other ? -1 : 1)) };
  }
  const compose = (port: number) => ({
    "docker-compose.yml": `services:\n  web:\n    build: .\n    command: gunicorn app:app --bind 0.0.0.0:8000\n    ports:\n      - "127.0.0.1:${port}:8000"\n`,
    "app.py": "print('hello')\n",
  });
  const every = (status: string, summary: string) =>
    ["certificate-expiry", "certificate-names", "certificate-trusted", "ciphers", "protocols"].map(
      (id) => [`tls.${id}`, status, summary],
    );

  test("is no fault of an application on another port", async () => {
    const { exit, told } = await audited(compose(own));
    const summary = "No TLS listener of a proxy leads to the application";
    assert.deepEqual(told, every("skip", summary));
    assert.equal(exit, 0);
  });

  test("is not blamed on a directory that does not say where it listens", async () => {
    const { exit, told } = await audited({ README: "nothing here\n" });
    const summary =
      "Where the application listens is not known, so no proxy route can be matched with it";
    assert.deepEqual(told, every("unknown", summary));
    assert.equal(exit, 1);
  });

  test("fails the application it leads to", async () => {
    const { exit, told } = await audited(compose(backend));
    assert.deepEqual(
      told.map(([, status]) => status),
      ["fail", "fail", "fail", "warn", "fail"],
    );
    assert.equal(exit, 2);
  });
});

/** Those with a proxy layer: tls.redirect asks by HTTP alone. */
function proxied({ controls }: Awaited<ReturnType<typeof auditJson>>) {
  return controls.filter(({ id }) => id !== "tls.redirect");
}

test("recorded: configuration, certificate and key come from the tree, modes from meta.json", async () => {
  const keys = mkdtempSync(join(tmpdir(), "plimsoll-tls-proxy-"));
  const names = { names: "DNS:a.test", notBefore: stamp(-1), notAfter: stamp(89) };
  const { cert, key } = createAuthority(keys).issue("a", names);
  const text =
    "http { ssl_protocols TLSv1 TLSv1.3;\n server { listen 443 ssl; server_name a.test www.a.test; ssl_certificate certs/a.pem; ssl_certificate_key certs/a.key; } }";
  const app = makePrefix({
    "nginx/nginx.conf": text,
    "nginx/certs/a.pem": cert,
    "nginx/certs/a.key": key,
  });
  const mode = { mode: "0644", owner: "root", group: "root" };
  const record = makePrefix({
    "meta.json": JSON.stringify({ files: { "nginx/certs/a.key": mode } }),
  });
  try {
    const report = await auditJson(app, "--recorded", record, ...["--only", "tls"]);
    const rules = proxied(report).map(({ id, status, findings }) =>
      [id, status, ...findings.map(({ rule }) => rule)].join(" "),
    );
    assert.deepEqual(rules.toSorted(), [
      "tls.certificate-expiry pass",
      "tls.certificate-names fail name-uncovered",
      "tls.certificate-trusted fail key-world-readable",
      "tls.ciphers warn no-forward-secrecy cbc client-order",
      "tls.protocols fail old-protocol",
    ]);
    const [open] = controlOf(report, "tls.certificate-trusted").findings;
    assert.equal(open?.evidence[0]?.file, "nginx/certs/a.key");
  } finally {
    for (const folder of [app, record]) removePrefix(folder);
    rmSync(keys, { recursive: true, force: true });
  }
});
