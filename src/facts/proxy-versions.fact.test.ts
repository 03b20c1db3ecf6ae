import assert from "node:assert/strict";
import { test } from "node:test";
import type { CollectContext } from "../core/fact.ts";
import { absent } from "../core/reading.ts";
import { createMemoryHost, type MemoryRun } from "../host/memory-host.ts";
import type { ProxyKind } from "./proxy-routes.fact.ts";
import { imageVersion, opensslOf, proxyVersions } from "./proxy-versions.fact.ts";

async function collect(
  kinds: readonly ProxyKind[],
  run: Readonly<Record<string, MemoryRun>>,
  hostFacts = true,
) {
  const context: CollectContext = {
    host: createMemoryHost({ run }),
    target: { directory: "/srv/app", urls: [], mode: "auto", compat: false, hostFacts },
    nowMs: 0,
    fingerprintKey: "k",
    signal: new AbortController().signal,
  };
  const configurations = kinds.map((proxy) => ({
    proxy,
    file: "x",
    foundBy: "x",
    isInstalled: true,
  }));
  const routes = {
    configurations,
    running: undefined,
    routes: [],
    tls: [],
    roots: [],
    problems: [],
  };
  const reading = await proxyVersions.collect(
    context,
    { routes },
    { composeFiles: absent("no compose") },
  );
  return reading.state === "known" ? reading.value : reading.state;
}

test("each installed proxy is asked, and OpenSSL's version taken along where it tells it", async () => {
  const run = {
    "nginx -V": {
      stderr:
        "nginx version: nginx/1.22.1\nbuilt with OpenSSL 3.0.22 25 Aug 2026 (running with OpenSSL 3.0.19 27 Jan 2026)\n",
    },
    "/usr/sbin/apache2 -v": { stdout: "Server version: Apache/2.4.71 (Debian)\n" },
    "haproxy -vv": {
      stdout:
        "HAProxy version 2.6.12-1+deb12u1 2023/12/16\nBuilt with OpenSSL version : OpenSSL 3.0.22\nRunning on OpenSSL version : OpenSSL 3.0.19 27 Jan 2026\n",
    },
    "caddy version": { stdout: "v2.6.2 h1:x=\n" },
    "traefik version": { stdout: "Version:      3.1.2\nCodename:     comte\n" },
  };
  assert.deepEqual(await collect(["nginx", "apache", "haproxy", "caddy", "traefik"], run), [
    { proxy: "nginx", version: "1.22.1", openssl: "3.0.19", from: "nginx -V" },
    { proxy: "apache", version: "2.4.71", from: "/usr/sbin/apache2 -v" },
    { proxy: "haproxy", version: "2.6.12", openssl: "3.0.19", from: "haproxy -vv" },
    { proxy: "caddy", version: "2.6.2", from: "caddy version" },
    { proxy: "traefik", version: "3.1.2", from: "traefik version" },
  ]);
});

test("no program, or one that says something else, is no version", async () => {
  assert.equal(await collect(["nginx"], {}), "absent");
  assert.equal(await collect(["nginx", "envoy"], { nginx: { stdout: "hello" } }), "absent");
  assert.equal(await collect(["nginx"], { nginx: { stderr: "nginx/1.2.3" } }, false), "absent");
});

test("images by their tags", () => {
  const cases: readonly [image: string, answer: string | undefined][] = [
    ["nginx:1.27.3-alpine", "nginx 1.27.3"],
    ["docker.io/library/caddy:2.8", "caddy 2.8"],
    ["httpd:2.4@sha256:00", "apache 2.4"],
    ["traefik:v3.1", "traefik 3.1"],
    ["nginx:alpine", undefined],
    ["nginx", undefined],
    ["my/nginx-exporter:1.2.3", undefined],
  ];
  for (const [image, answer] of cases) {
    const [found] = imageVersion(image);
    assert.equal(found && `${found.proxy} ${found.version}`, answer, image);
  }
});

test("OpenSSL's version where it was built and runs with one", () => {
  assert.equal(opensslOf("built with OpenSSL 1.1.1f  31 Mar 2020"), "1.1.1");
  assert.equal(opensslOf("built with LibreSSL 3.8.2"), undefined);
});
