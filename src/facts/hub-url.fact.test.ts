import assert from "node:assert/strict";
import { test } from "node:test";
import type { DialOptions, HandshakeOptions, TlsPeer } from "../core/host.ts";
import { HostError, known } from "../core/reading.ts";
import { createMemoryHost } from "../host/memory-host.ts";
import type { EnvironmentValues } from "./environment-values.fact.ts";
import { hubCertificate } from "./hub-certificate.fact.ts";
import { hubConnection } from "./hub-connection.fact.ts";
import { hubUrl, readHubUrl } from "./hub-url.fact.ts";
import { outboundProxy } from "./outbound-proxy.ts";

const NOW = Date.parse("2026-11-22T00:00:00Z");
const TARGET = { directory: "/srv/app", urls: [], mode: "auto", compat: false } as const;

function values(variables: Readonly<Record<string, string>>): EnvironmentValues {
  return {
    assignments: Object.entries(variables).map(([key, value]) => ({
      key,
      value,
      layer: "dotenv",
      file: ".env",
      line: 3,
      reader: "python-dotenv",
    })),
    unreadable: [],
    isProcessSeen: false,
    files: [],
    samples: [],
    published: [],
  };
}

function context(host = createMemoryHost(), hostFacts = false) {
  return {
    host,
    target: { ...TARGET, hostFacts },
    nowMs: NOW,
    fingerprintKey: "k",
    signal: new AbortController().signal,
  };
}

const PARTS: readonly (readonly [string, string, string, number, boolean])[] = [
  // text, scheme, host ("" when not usable), port, loopback
  ["https://hub.example.test", "https", "hub.example.test", 443, false],
  ["HTTPS://Hub.Example.Test:8443/x", "https", "hub.example.test", 8443, false],
  ["http://[::1]:8000", "http", "[::1]", 8000, true],
  ["http://127.1:80", "http", "127.0.0.1", 80, true],
  ["http://localhost@evil.test", "http", "evil.test", 80, false],
  ["http://localhost.evil.test", "http", "localhost.evil.test", 80, false],
  ["http://127.0.0.1.nip.test", "http", "127.0.0.1.nip.test", 80, false],
  ["http://node.localhost", "http", "node.localhost", 80, true],
  ["ftp://hub.test", "ftp", "hub.test", 21, false],
  ["mqtt://hub.test", "mqtt", "hub.test", 0, false],
  ["//hub", "", "", 0, false],
  ["hub.example.test", "", "", 0, false],
  ["localhost:8000", "", "", 0, false],
  ["https:hub.test", "", "", 0, false],
  ["https:/hub.test", "", "", 0, false],
  ["https://", "https", "", 0, false],
  ["https://hub test", "https", "", 0, false],
  ["https://good.test\\@evil.test", "https", "", 0, false],
  ["https://hub.\ttest", "https", "", 0, false],
  ["https://hub.test:99999", "https", "", 0, false],
  ["javascript:alert(1)", "", "", 0, false],
];
for (const [text, scheme, host, port, isLoopback] of PARTS) {
  test(`HUB_URL ${JSON.stringify(text)}`, () => {
    const parts = readHubUrl(text);
    assert.deepEqual(
      [parts.scheme, parts.host, parts.port, parts.isLoopback, parts.isParsable],
      [scheme, host, port, isLoopback, host !== ""],
    );
  });
}

test("nothing secret is shown", () => {
  const parts = readHubUrl(
    "https://svc:hunter2@hub.test:8443/in?access_token=hunter3&a=1&monkey=2#h",
  );
  assert.equal(parts.shown, "https://hub.test:8443/in");
  assert.equal(parts.hasUserinfo, true);
  assert.deepEqual(parts.secretParameters, ["access_token"]);
  assert.doesNotMatch(JSON.stringify(parts), /hunter/);
  const broken = readHubUrl("svc:hunter2@hub.test");
  assert.doesNotMatch(JSON.stringify(broken), /hunter/);
  assert.equal(readHubUrl("//svc:hunter2@hub.test").hasUserinfo, true);
});

test("parameters named like a credential", () => {
  const url = "https://h/?apiKey=1&X-Amz-Signature=2&design=3&sig=4&keyboard=5&accessToken=6";
  assert.deepEqual(readHubUrl(url).secretParameters, [
    "apiKey",
    "X-Amz-Signature",
    "sig",
    "accessToken",
  ]);
});

test("blanks and quotes are trimmed, the place is kept", async () => {
  const needs = { environmentValues: values({ HUB_URL: ` "https://hub.test" \r` }) };
  const reading = await hubUrl.collect(context(), needs, {});
  assert.equal(reading.state, "known");
  assert.deepEqual(
    [reading.value.host, reading.value.file, reading.value.line, reading.value.layer],
    ["hub.test", ".env", 3, "dotenv"],
  );
});

test("not set and empty are absent; an unread env file leaves it open", async () => {
  const read = (environmentValues: EnvironmentValues) =>
    hubUrl.collect(context(), { environmentValues }, {});
  assert.deepEqual(await read(values({})), { state: "absent", reason: "HUB_URL is not set" });
  assert.equal((await read(values({ HUB_URL: "''" }))).state, "absent");
  const problem = { code: "denied", detail: ".env: permission denied" } as const;
  const unreadable = [{ file: ".env", problem }];
  const detail = "HUB_URL may be set in .env, which cannot be read: .env: permission denied";
  assert.deepEqual(await read({ ...values({}), unreadable }), {
    state: "unknown",
    problem: { code: "denied", detail },
  });
  assert.equal((await read({ ...values({ HUB_URL: "" }), unreadable })).state, "absent");
});

const SELF: readonly (readonly [string, string | undefined, boolean, boolean | undefined])[] = [
  // URL, DJANGO_ALLOWED_HOSTS, host facts, is this node
  ["https://192.0.2.7", undefined, true, true],
  ["https://[fd00::7]", undefined, true, true],
  ["https://hub.test", undefined, true, false],
  ["https://node7", undefined, true, true],
  ["http://127.0.0.1:8000", undefined, true, false],
  ["https://hub.test", "localhost,hub.test", false, true],
  ["https://hub.test", "agent.test", false, false],
  ["https://hub.test", undefined, false, undefined],
  ["https://hub.test", "localhost", false, undefined],
];
for (const [url, hosts, hostFacts, expected] of SELF) {
  test(`this node: ${url}, ${hosts}, ${hostFacts}`, async () => {
    const host = createMemoryHost({
      files: { "/proc/sys/kernel/hostname": "node7\n" },
      addresses: ["127.0.0.1", "::1", "192.0.2.7", "fd00::7"],
    });
    const environmentValues = values({
      HUB_URL: url,
      ...(hosts !== undefined && { DJANGO_ALLOWED_HOSTS: hosts }),
    });
    const reading = await hubUrl.collect(context(host, hostFacts), { environmentValues }, {});
    assert.equal(reading.state === "known" && reading.value.isThisNode, expected);
  });
}

function hub(url: string) {
  return known({ ...readHubUrl(url), isThisNode: false, file: ".env", layer: "dotenv" });
}

test("connection: open, refused, not asked", async () => {
  const readings = { hubUrl: hub("https://hub.test"), environmentValues: known(values({})) };
  const open = createMemoryHost({ connect: { "hub.test:443": "192.0.2.1" } });
  assert.deepEqual(
    await hubConnection.collect(context(open), {}, readings),
    known({ isOpen: true, address: "192.0.2.1", elapsedMs: 1 }),
  );
  assert.deepEqual(
    await hubConnection.collect(context(), {}, readings),
    known({ isOpen: false, error: "ECONNREFUSED" }),
  );
  const offline = createMemoryHost({
    connect: { "hub.test:443": new HostError("not-granted", "offline") },
  });
  await assert.rejects(hubConnection.collect(context(offline), {}, readings), {
    code: "not-granted",
  });
  const unusable = { ...readings, hubUrl: hub("hub.test") };
  assert.equal((await hubConnection.collect(context(), {}, unusable)).state, "absent");
});

test("connection and certificate go through the proxy of the application, and say so", async () => {
  const asked: DialOptions[] = [];
  const environmentValues = known(
    values({
      HTTPS_PROXY: "http://svc:hunter2@proxy.test:3128",
      REQUESTS_CA_BUNDLE: "certs/ca.pem",
    }),
  );
  const peer: Partial<TlsPeer> = { names: ["hub.test"] };
  const memory = createMemoryHost({
    connect: { "hub.test:443": "192.0.2.9" },
    handshake: { "hub.test:443": peer },
  });
  const host = {
    ...memory,
    connect: (name: string, port: number, options: DialOptions) => {
      asked.push(options);
      return memory.connect(name, port, options);
    },
    handshake: (name: string, port: number, options: HandshakeOptions) => {
      asked.push(options);
      return memory.handshake(name, port, options);
    },
  };
  const readings = { hubUrl: hub("https://hub.test"), environmentValues };
  const reading = await hubConnection.collect(context(host), {}, readings);
  assert.equal(reading.state === "known" && reading.value.via, "http://proxy.test:3128");
  assert.doesNotMatch(JSON.stringify(reading), /hunter|c3ZjOmh/);
  await hubCertificate.collect(context(host), {}, readings);
  const proxy = { host: "proxy.test", port: 3128, authorization: "Basic c3ZjOmh1bnRlcjI=" };
  assert.deepEqual(
    asked.map((options) => options.proxy),
    [proxy, proxy],
  );
  assert.equal(
    "trustFile" in (asked[1] ?? {}) && (asked[1] as HandshakeOptions).trustFile,
    "/srv/app/certs/ca.pem",
  );
});

const PROXIES: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  ["https", { HTTPS_PROXY: "proxy.test:3128" }, "http://proxy.test:3128"],
  ["https", { https_proxy: "http://a.test", HTTPS_PROXY: "http://b.test" }, "http://a.test:80"],
  ["https", { HTTP_PROXY: "http://a.test" }, "absent"],
  ["https", { ALL_PROXY: "http://[fd00::1]:8080" }, "http://[fd00::1]:8080"],
  ["http", { HTTPS_PROXY: "http://a.test" }, "absent"],
  ["https", { HTTPS_PROXY: "socks5://a.test:1080" }, "unsupported"],
  ["https", { HTTPS_PROXY: "http://a b" }, "malformed"],
  ["https", { HTTPS_PROXY: "a.test:1", NO_PROXY: "*" }, "absent"],
  ["https", { HTTPS_PROXY: "a.test:1", NO_PROXY: "x,.example.test" }, "absent"],
  ["https", { HTTPS_PROXY: "a.test:1", no_proxy: "hub.example.test:443" }, "absent"],
  ["https", { HTTPS_PROXY: "a.test:1", no_proxy: "hub.example.test:80" }, "http://a.test:1"],
  ["https", { HTTPS_PROXY: "a.test:1", no_proxy: "ple.test" }, "http://a.test:1"],
  ["https", { HTTPS_PROXY: "a.test:1", no_proxy: " , ." }, "http://a.test:1"],
];
for (const [scheme, variables, expected] of PROXIES) {
  test(`proxy of ${scheme} with ${JSON.stringify(variables)}`, () => {
    const destination = { scheme, host: "hub.example.test", port: 443 };
    const reading = outboundProxy(values(variables), destination);
    if (reading.state === "known") assert.equal(reading.value.shown, expected);
    else if (reading.state === "unknown") assert.equal(reading.problem.code, expected);
    else assert.equal(expected, "absent");
  });
}

test("NO_PROXY takes blocks of addresses", () => {
  const through = (host: string, no_proxy: string) =>
    outboundProxy(values({ HTTPS_PROXY: "a.test:1", no_proxy }), {
      scheme: "https",
      host,
      port: 443,
    }).state;
  assert.equal(through("10.1.2.3", "10.0.0.0/8"), "absent");
  assert.equal(through("11.1.2.3", "10.0.0.0/8"), "known");
  assert.equal(through("10.1.2.3", "10.1.2.0/23"), "absent");
  assert.equal(through("fd00::5", "fd00::/16"), "absent");
  assert.equal(through("10.1.2.3", "10.1.2.3"), "absent");
});

test("certificate: days left by the audit's clock, which may also expire it", async () => {
  const read = async (peer: Partial<TlsPeer>) => {
    const host = createMemoryHost({ handshake: { "hub.test:443": peer } });
    const readings = { hubUrl: hub("https://hub.test"), environmentValues: known(values({})) };
    const reading = await hubCertificate.collect(context(host), {}, readings);
    assert.equal(reading.state, "known");
    return [reading.value.verified, reading.value.error, reading.value.daysLeft];
  };
  assert.deepEqual(await read({ notAfter: "2026-12-13T00:00:00.000Z" }), [true, undefined, 21]);
  assert.deepEqual(await read({ notAfter: "2026-12-12T23:59:59.000Z" }), [true, undefined, 20]);
  assert.deepEqual(await read({ notAfter: "2026-11-21T23:59:59.000Z" }), [
    false,
    "CERT_HAS_EXPIRED",
    -1,
  ]);
  assert.deepEqual(
    await read({ notBefore: "2026-11-23T00:00:00.000Z", notAfter: "2027-11-22T00:00:00.000Z" }),
    [false, "CERT_NOT_YET_VALID", 365],
  );
  assert.deepEqual(
    await read({
      verified: false,
      error: "DEPTH_ZERO_SELF_SIGNED_CERT",
      notAfter: "2027-11-22T00:00:00.000Z",
    }),
    [false, "DEPTH_ZERO_SELF_SIGNED_CERT", 365],
  );
});

test("certificate: absent without https, thrown on when no handshake completes", async () => {
  const environmentValues = known(values({}));
  const plain = { hubUrl: hub("http://hub.test"), environmentValues };
  assert.equal((await hubCertificate.collect(context(), {}, plain)).state, "absent");
  const tls = { hubUrl: hub("https://hub.test"), environmentValues };
  await assert.rejects(hubCertificate.collect(context(), {}, tls), { code: "unreachable" });
});
