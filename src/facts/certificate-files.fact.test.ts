import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { CollectContext } from "../core/fact.ts";
import type { Reading } from "../core/reading.ts";
import { createMemoryHost, type MemoryFile } from "../host/memory-host.ts";
import { parsePemBundle } from "../wire/x509/pem.ts";
import {
  CERTIFICATE_DIRECTORY_MAX,
  CERTIFICATE_FILE_BYTES_MAX,
  CERTIFICATE_FILES_MAX,
  type CertificateFiles,
  certificateFiles,
} from "./certificate-files.fact.ts";
import { type NamedCertificate, NOTHING_SET, setTo, type TlsListener } from "./proxy-tls.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-certificate-files-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const openssl = (...args: readonly string[]) =>
  execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
const text = (name: string) => readFileSync(join(folder, name), "utf8");

before(() => {
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90"];
  for (const name of ["ca", "a", "b"]) {
    const by = name === "ca" ? [] : ["-CA", "ca.pem", "-CAkey", "ca.key"];
    const named = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}.test`];
    openssl(
      "req",
      "-x509",
      ...ec,
      ...named,
      ...by,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.pem`,
    );
  }
  openssl("pkcs8", "-topk8", "-in", "a.key", "-passout", "pass:x", "-out", "locked.key");
  openssl("dhparam", "-out", "dh.pem", "512");
});

const AT = { file: "/etc/nginx/nginx.conf", line: 3 };

function listener(
  certificates: readonly Omit<NamedCertificate, "at">[],
  more: Partial<TlsListener> = {},
): TlsListener {
  return {
    ...NOTHING_SET,
    proxy: "nginx",
    names: [],
    address: "*",
    port: 443,
    ...AT,
    isDefaultServer: true,
    certificates: certificates.map((one) => ({ ...one, at: AT })),
    isInstalled: true,
    ...more,
  };
}

async function collect(
  tls: readonly TlsListener[],
  files: Readonly<Record<string, string | MemoryFile>>,
  hostFacts = true,
): Promise<Reading<CertificateFiles>> {
  const context: CollectContext = {
    host: createMemoryHost({ files: { "/srv/app/.keep": "", ...files } }),
    target: { directory: "/srv/app", urls: [], mode: "auto", compat: false, hostFacts },
    nowMs: Date.now(),
    fingerprintKey: "k",
    signal: new AbortController().signal,
  };
  const routes = {
    configurations: [],
    running: undefined,
    routes: [],
    tls,
    roots: [],
    problems: [],
  };
  return certificateFiles.collect(context, { routes }, {});
}

async function value(...args: Parameters<typeof collect>): Promise<CertificateFiles> {
  const reading = await collect(...args);
  assert.equal(reading.state, "known");
  return reading.state === "known" ? reading.value : assert.fail();
}

const PAIR = [{ file: "/c.pem", keyFile: "/k.pem" }];

test("certificate, key and whether they belong together; no part of the key is in the fact", async () => {
  const files = {
    "/c.pem": text("a.pem"),
    "/k.pem": { text: text("a.key"), mode: 0o640, group: "ssl-cert" },
  };
  const found = await value([listener(PAIR), listener(PAIR)], files);
  assert.equal(found.certificates.length, 1);
  const [one] = found.certificates;
  assert.ok(one?.chain.state === "known");
  assert.deepEqual(one.chain.value.names, ["a.test"]);
  assert.equal(one.chain.value.trusted, "unknown");
  const [key] = found.keys;
  assert.ok(key?.access.state === "known");
  assert.equal(key.access.value.mode, 0o640);
  assert.equal(key.access.value.group, "ssl-cert");
  assert.equal(key.kind, "PRIVATE KEY");
  assert.equal(key.isMatch, true);
  const [der = new Uint8Array()] = parsePemBundle(text("a.key"), "PRIVATE KEY");
  const written = JSON.stringify(found);
  const secret = Buffer.from(der).toString("base64").slice(40, 80);
  assert.ok(text("a.key").replaceAll("\n", "").includes(secret));
  assert.ok(!written.includes(secret.slice(0, 12)));
  assert.ok(!written.includes("PRIVATE KEY-----"));
});

test("a key of another certificate, an encrypted one, and no key at all", async () => {
  const cases: readonly [key: string, kind: string | undefined, isMatch: boolean | undefined][] = [
    [text("b.key"), "PRIVATE KEY", false],
    [text("locked.key"), "ENCRYPTED PRIVATE KEY", undefined],
    ["nothing", undefined, undefined],
    [
      "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n",
      "EC PRIVATE KEY",
      undefined,
    ],
    ["-----BEGIN EC PRIVATE KEY-----\nAAAA\n", "EC PRIVATE KEY", undefined],
  ];
  for (const [key, kind, isMatch] of cases) {
    const found = await value([listener(PAIR)], { "/c.pem": text("a.pem"), "/k.pem": key });
    assert.equal(found.keys[0]?.kind, kind);
    assert.equal(found.keys[0]?.isMatch, isMatch);
  }
});

test("a chain in a file of its own, and the system's store", async () => {
  const chained = [{ file: "/c.pem", chainFile: "/chain.pem" }];
  const files = {
    "/c.pem": text("a.pem"),
    "/chain.pem": text("ca.pem"),
    "/etc/ssl/certs/ca-certificates.crt": text("ca.pem"),
  };
  const found = await value([listener(chained)], files);
  const [one] = found.certificates;
  assert.ok(one?.chain.state === "known");
  assert.equal(one.chain.value.chain.length, 2);
  assert.equal(one.chain.value.trusted, "yes");
  assert.deepEqual(found.keys, []);
  const without = await value([listener(chained)], { "/c.pem": text("a.pem") });
  assert.equal(without.certificates[0]?.chain.state, "absent");
});

test("what could not be looked at is unknown, what is not there is absent", async () => {
  const states = async (files: Record<string, string | MemoryFile>, isInstalled?: boolean) => {
    const { isInstalled: _, ...bare } = listener(PAIR);
    const one = isInstalled === undefined ? bare : { ...bare, isInstalled };
    const found = await value([one], files);
    const [certificate] = found.certificates;
    const [key] = found.keys;
    return [certificate?.chain, key?.access].map((reading) =>
      reading?.state === "unknown" ? reading.problem.code : reading?.state,
    );
  };
  assert.deepEqual(await states({}, true), ["absent", "absent"]);
  assert.deepEqual(await states({}), ["not-recorded", "not-recorded"]);
  const denied = { "/c.pem": { text: "", unreadable: true }, "/k.pem": { statDenied: true } };
  assert.deepEqual(await states(denied, true), ["denied", "denied"]);
  assert.deepEqual(await states({ "/c.pem": "no PEM", "/k.pem": "" }, true), [
    "malformed",
    "known",
  ]);
  // A key that may not be read still tells its mode.
  const key = { text: "", unreadable: true, mode: 0o600 };
  assert.deepEqual(await states({ "/c.pem": text("a.pem"), "/k.pem": key }, true), [
    "known",
    "known",
  ]);
});

test("without facts of the machine only what lies in the tree is read", async () => {
  const files = { "/c.pem": text("a.pem"), "/srv/app/c.pem": text("b.pem") };
  const named = [{ file: "/c.pem", keyFile: "/c.pem" }, { file: "/srv/app/c.pem" }];
  const found = await value([listener(named)], files, false);
  const [outside, inside] = found.certificates;
  assert.ok(outside?.chain.state === "unknown");
  assert.equal(outside.chain.problem.code, "not-recorded");
  assert.ok(inside?.chain.state === "known");
  assert.deepEqual(inside.chain.value.names, ["b.test"]);
  assert.equal(found.keys[0]?.access.state, "unknown");
});

test("a directory is every certificate in it, key and staple files left out", async () => {
  const both = `${text("a.pem")}${text("a.key")}`;
  const files = { "/d/a.pem": both, "/d/a.pem.ocsp": "x", "/d/.b.pem": "x", "/d/b.key": "x" };
  const found = await value([listener([{ file: "/d", keyFile: "/d" }])], files);
  assert.deepEqual(
    found.certificates.map(({ path, source }) => [path, source]),
    [["/d/a.pem", "/d"]],
  );
  assert.equal(found.keys[0]?.isMatch, true);
});

test("Diffie-Hellman parameters tell their bits", async () => {
  const at = { file: "n.conf", line: 1 };
  const dh = (path: string) => listener([], { dhParameters: setTo(path, "ssl_dhparam", at) });
  const found = await value([dh("/dh.pem"), dh("/none.pem"), dh("/bad.pem")], {
    "/dh.pem": text("dh.pem"),
    "/bad.pem": "bad",
  });
  assert.deepEqual(
    found.dhParameters.map(({ bits }) => (bits.state === "known" ? bits.value : bits.state)),
    [512, "absent", "unknown"],
  );
});

test("nothing configured is absent; a configuration the installed proxy does not read does not count", async () => {
  assert.equal((await collect([], {})).state, "absent");
  assert.equal((await collect([listener(PAIR, { isInstalled: false })], {})).state, "absent");
});

test("files are looked at up to a number and a size, and the fact says so", async () => {
  const many = (count: number) => [
    listener(Array.from({ length: count }, (_, at) => ({ file: `/c${at}.pem` }))),
  ];
  const full = await value(many(CERTIFICATE_FILES_MAX), {});
  assert.equal(full.certificates.length, CERTIFICATE_FILES_MAX);
  assert.equal(full.isTruncated, false);
  const over = await value(many(CERTIFICATE_FILES_MAX + 1), {});
  assert.equal(over.certificates.length, CERTIFICATE_FILES_MAX);
  assert.equal(over.isTruncated, true);
  const sized = async (bytes: number) => {
    const found = await value(many(1), { "/c0.pem": text("a.pem").padEnd(bytes) });
    const [one] = found.certificates;
    return one?.chain.state === "unknown" ? one.chain.problem.code : one?.chain.state;
  };
  assert.equal(await sized(CERTIFICATE_FILE_BYTES_MAX), "known");
  assert.equal(await sized(CERTIFICATE_FILE_BYTES_MAX + 1), "too-large");
  const names = Array.from({ length: CERTIFICATE_DIRECTORY_MAX + 1 }, (_, at) => `/d/${at}.pem`);
  const listed = await value(
    [listener([{ file: "/d" }])],
    Object.fromEntries(names.map((name) => [name, "x"])),
  );
  assert.equal(listed.certificates.length, CERTIFICATE_DIRECTORY_MAX);
  assert.equal(listed.isTruncated, true);
});
