import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";

import { controlOf, plimsoll, type ReportJson } from "./plimsoll.ts";

const origins: string[] = [];
const server = createServer((request, response) => {
  const { origin } = request.headers;
  if (origin !== undefined) {
    origins.push(origin);
    response.setHeader("Access-Control-Allow-Origin", origin);
    response.setHeader("Access-Control-Allow-Credentials", "true");
  }
  if (request.url === "/.well-known/security.txt") {
    response.setHeader("Content-Type", "text/plain");
    response.end("Contact: mailto:security@corp.io\nExpires: 2126-01-01T00:00:00Z\n");
    return;
  }
  response.setHeader("Content-Type", "text/html");
  response.setHeader("Set-Cookie", [
    "sessionid=AbCdEf0123456789; HttpOnly; SameSite=None",
    "csrftoken=GhIjKl0123456789; SameSite=Lax",
  ]);
  if (request.url === "/") response.setHeader("X-Frame-Options", "DENY");
  else response.statusCode = 404;
  response.end("<!doctype html><title>a</title>");
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
after(() => {
  server.closeAllConnections();
  server.close();
});
const { port } = server.address() as AddressInfo; // TCP.

test("a server that reflects origins, loses headers and sets weak cookies is told for what it is", async () => {
  const { stdout } = await plimsoll([
    "http",
    "http://www.example.com/",
    "--json",
    ...["--http-port", String(port), "--https-port", "1", "--connect-to", "::127.0.0.1:"],
  ]);
  const report = JSON.parse(stdout);
  const findings = (id: string): readonly string[] =>
    report.controls
      .find((control: { id: string }) => control.id === id)
      .findings.map(({ status, rule }: { status: string; rule: string }) => `${status} ${rule}`);
  assert.deepEqual(findings("session.cookie-secure"), ["fail secure-missing"]);
  assert.deepEqual(findings("session.cookie-httponly"), []);
  assert.deepEqual(findings("session.cookie-samesite"), ["fail samesite-none"]);
  assert.deepEqual(findings("csrf.cookie-secure"), ["fail secure-missing"]);
  assert.deepEqual(findings("csrf.cookie-samesite"), ["warn samesite-lax"]);
  assert.deepEqual(findings("probe.cors"), [
    "fail origin-with-credentials",
    "fail null-with-credentials",
  ]);
  assert.deepEqual(findings("probe.clickjacking"), ["fail framing-allowed"]);
  assert.deepEqual(findings("respond.disclosure-policy"), ["warn http-only", "warn expires-late"]);
  assert.deepEqual(origins.toSorted(), [
    "https://http-observatory.security.mozilla.org",
    "https://plimsoll-foreign.invalid",
    "https://plimsoll-foreignwww.example.com",
    "https://www.example.com.plimsoll-foreign.invalid",
    "null",
  ]);
  assert.doesNotMatch(stdout, /AbCdEf|GhIjKl/);
  // It answers whatever name it is asked by.
  assert.deepEqual(findings("hosts.live"), ["warn foreign-host-served"]);
  assert.deepEqual(findings("env.debug"), []);
  assert.deepEqual(report.target.urls, ["http://www.example.com/"]);
});

test("a debug page, and the login page behind a path, are seen", async () => {
  const debugging = createServer((request, response) => {
    response.setHeader("Content-Type", "text/html");
    if (request.url === "/admin/") {
      response.writeHead(302, { Location: "/admin/login/?next=/admin/" }).end();
      return;
    }
    if (request.url?.startsWith("/admin/login/")) {
      response.setHeader("Set-Cookie", "csrftoken=GhIjKl0123456789; SameSite=Strict");
      response.end("<!doctype html><title>Log in</title>");
      return;
    }
    response.statusCode = request.url === "/" ? 200 : 404;
    const trace =
      "Using the URLconf defined in <code>a.urls</code>; seeing this error because you have <code>DEBUG = True</code>";
    response.end(response.statusCode === 404 ? trace : "<!doctype html><title>a</title>");
  });
  await new Promise<void>((resolve) => debugging.listen(0, "127.0.0.1", resolve));
  try {
    const at = (debugging.address() as AddressInfo).port; // TCP.
    const { stdout } = await plimsoll([
      ...["http", `http://127.0.0.1:${at}/`, "--json", "--https-port", "1", "--path", "/admin/"],
    ]);
    const report = JSON.parse(stdout) as ReportJson;
    const rules = (id: string) => controlOf(report, id).findings.map(({ rule }) => rule);
    assert.deepEqual(rules("env.debug"), ["debug-page"]);
    assert.deepEqual(rules("csrf.cookie-secure"), ["secure-missing"]);
  } finally {
    debugging.closeAllConnections();
    debugging.close();
  }
});
