import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { absent, known, unknown } from "../../../core/reading.ts";
import type { EnvFile, PathAccess } from "../../../facts/env-files.fact.ts";
import { envFileOf, envFilesOf, pathAccessOf, servicesOf } from "../../judgement/example-facts.ts";
import { envFilePermissionsHost } from "./file-permissions-host.check.ts";

function judged(...files: readonly EnvFile[]) {
  return envFilePermissionsHost.evaluate(
    { env: envFilesOf(...files) },
    { services: known(servicesOf()) },
  );
}

const file = (rest: Partial<PathAccess>, path = ".env") =>
  envFileOf({ path, access: known(pathAccessOf(rest)) });
const denied = envFileOf({ access: unknown("denied", "stat: permission denied") });
const noAcl = unknown("tool-missing", "getfacl is not installed");

const cases: readonly (readonly [string, readonly EnvFile[], Status])[] = [
  ["0600", [file({})], "pass"],
  ["0640 root:svc", [file({ mode: 0o640, owner: "root" })], "pass"],
  ["0640 root:www-data", [file({ mode: 0o640, owner: "root", group: "www-data" })], "pass"],
  ["0644", [file({ mode: 0o644 })], "warn"],
  ["0660", [file({ mode: 0o660 })], "warn"],
  ["4600", [file({ mode: 0o4600 })], "warn"],
  ["0602", [file({ mode: 0o602 })], "fail"],
  ["0666", [file({ mode: 0o666 })], "fail"],
  [
    "0600 under a directory that all may write",
    [file({ ancestors: [{ path: "/srv/app", mode: 0o777, owner: "svc", group: "svc" }] })],
    "fail",
  ],
  [
    "0600 under a sticky directory",
    [file({ ancestors: [{ path: "/tmp", mode: 0o1777, owner: "root", group: "root" }] })],
    "pass",
  ],
  ["a link to a sound file", [file({ linkTarget: "/etc/app/env" })], "pass"],
  ["stat denied", [denied], "unknown"],
  ["stat denied for one, another is open", [denied, file({ mode: 0o644 })], "warn"],
  ["vanished", [envFileOf({ access: absent("gone") })], "unknown"],
  ["no modes", [file({ mode: 0o777, hasNoModes: true })], "unknown"],
  ["0640, ACL unreadable", [file({ mode: 0o640, acl: noAcl })], "unknown"],
  ["0600, ACL unreadable", [file({ acl: noAcl })], "pass"],
  ["second file open", [file({}), file({ mode: 0o644 }, ".env.production")], "warn"],
  ["none in use", [], "skip"],
];

for (const [name, files, status] of cases) {
  test(`env.file-permissions/host: ${name} is ${status}`, () => {
    assert.equal(judged(...files).status, status);
  });
}

test("env.file-permissions/host: a warning quotes mode and owner, and mends for the service's group", () => {
  const outcome = judged(file({ mode: 0o644 }));
  assert.ok(outcome.status === "warn");
  const [finding] = outcome.findings;
  assert.equal(finding.message, ".env has mode 0644: every account can read it");
  assert.deepEqual(finding.evidence, [
    { file: ".env", excerpt: "mode 0644, svc:svc; .env beside manage.py" },
  ]);
  assert.equal(finding.fix, "Run: chown root:svc .env && chmod 640 .env");
});

test("env.file-permissions/host: without its ACL the service still reads the file", () => {
  const acl = known(["user::rw-", "user:backup:r--", "group::r--", "mask::r--", "other::---"]);
  const outcome = judged(file({ mode: 0o640, owner: "root", acl }));
  assert.ok(outcome.status === "warn");
  assert.equal(
    outcome.findings[0].fix,
    "Run: setfacl -b .env && chown root:svc .env && chmod 640 .env",
  );
});

test("env.file-permissions/host: a file that compose reads is closed to every group", () => {
  const usedBy = "env_file: of web (compose.yml:5)";
  const outcome = judged(envFileOf({ usedBy, access: known(pathAccessOf({ mode: 0o644 })) }));
  assert.ok(outcome.status === "warn");
  assert.equal(outcome.findings[0].fix, "Run: chmod 600 .env");
});

test("env.file-permissions/host: an account of a container owns nothing on the machine", () => {
  const [unit] = servicesOf().services;
  assert.ok(unit);
  const web = { ...unit, kind: "compose", name: "web", user: "unit", isInContainer: true } as const;
  const outcome = envFilePermissionsHost.evaluate(
    { env: envFilesOf(file({ mode: 0o644 })) },
    { services: known({ ...servicesOf(), services: [web] }) },
  );
  assert.ok(outcome.status === "warn");
  assert.equal(outcome.findings[0].fix, "Run: chmod 600 .env");
});

test("env.file-permissions/host: the directory at fault is quoted and mended", () => {
  const ancestors = [{ path: "/srv/my app", mode: 0o777, owner: "svc", group: "svc" }];
  const outcome = judged(file({ ancestors }));
  assert.ok(outcome.status === "fail");
  const [finding] = outcome.findings;
  assert.deepEqual(finding.evidence[1], {
    file: "/srv/my app",
    excerpt: "directory, mode 0777, svc:svc",
  });
  assert.equal(finding.fix, "Run: chmod o-w '/srv/my app'");
});

test("env.file-permissions/host: of a link the target is mended", () => {
  const outcome = judged(file({ mode: 0o644, linkTarget: "/etc/app/env" }));
  assert.ok(outcome.status === "warn");
  assert.match(outcome.findings[0].fix, /chmod 640 \/etc\/app\/env$/);
});
