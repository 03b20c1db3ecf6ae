import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { known, unknown } from "../../../core/reading.ts";
import type { EnvFileCopy } from "../../../facts/env-files.fact.ts";
import { envFileOf, envFilesOf, pathAccessOf } from "../../judgement/example-facts.ts";
import { envFileCopiesHost } from "./file-copies-host.check.ts";

function copyOf(mode: number, rest: Partial<EnvFileCopy> = {}): EnvFileCopy {
  const access = known(pathAccessOf({ mode }));
  return { path: ".env.bak", access, liveSecretKeys: [], secretKeys: [], ...rest };
}

function judged(...copies: readonly EnvFileCopy[]) {
  return envFileCopiesHost.evaluate({ env: { ...envFilesOf(envFileOf({})), copies } }, {});
}

const LIVE = { liveSecretKeys: ["JWT_SECRET"], secretKeys: ["JWT_SECRET", "OLD_TOKEN"] };
const FORMER = { secretKeys: ["OLD_TOKEN"] };

const cases: readonly (readonly [string, readonly EnvFileCopy[], Status])[] = [
  ["none", [], "pass"],
  ["closed and without secrets", [copyOf(0o600)], "pass"],
  ["live secrets, 0644", [copyOf(0o644, LIVE)], "fail"],
  ["former secrets, 0644", [copyOf(0o644, FORMER)], "fail"],
  ["live secrets, 0600", [copyOf(0o600, LIVE)], "warn"],
  ["former secrets, 0600", [copyOf(0o600, FORMER)], "warn"],
  ["no secrets, 0644", [copyOf(0o644)], "fail"],
  ["no secrets, 0660", [copyOf(0o660)], "warn"],
  ["served, 0600", [copyOf(0o600, { servedFrom: "/var/www" })], "fail"],
  ["access unknown", [copyOf(0, { access: unknown("denied", "stat") })], "unknown"],
  [
    "access unknown, with secrets",
    [copyOf(0, { access: unknown("denied", "stat"), ...LIVE })],
    "warn",
  ],
  ["one sound, one open", [copyOf(0o600), copyOf(0o644, { ...LIVE, path: ".env~" })], "fail"],
];

for (const [name, copies, status] of cases) {
  test(`env.file-copies/host: ${name} is ${status}`, () => {
    assert.equal(judged(...copies).status, status);
  });
}

test("env.file-copies/host: without facts of the machine copies beside an outside file are not known", () => {
  const outside = unknown("not-recorded", "outside");
  const beyond = envFileOf({ path: "/etc/app/env", access: outside, content: outside });
  assert.equal(envFileCopiesHost.evaluate({ env: envFilesOf(beyond) }, {}).status, "unknown");
});

test("env.file-copies/host: in a directory that may not be entered copies are not known", () => {
  const closed = unknown("denied", "permission denied");
  const within = envFileOf({ access: closed, content: closed });
  assert.equal(envFileCopiesHost.evaluate({ env: envFilesOf(within) }, {}).status, "unknown");
});

test("env.file-copies/host: a file that was read lies in a directory that was listed", () => {
  const modeless = envFileOf({ access: unknown("not-recorded", "modes") });
  assert.equal(envFileCopiesHost.evaluate({ env: envFilesOf(modeless) }, {}).status, "pass");
});

test("env.file-copies/host: not applicable without an env file", () => {
  const env = { ...envFilesOf(), copies: [copyOf(0o644, LIVE)] };
  assert.equal(envFileCopiesHost.evaluate({ env }, {}).status, "skip");
});

test("env.file-copies/host: a failure counts keys, and quotes path and mode", () => {
  const outcome = judged(copyOf(0o644, LIVE));
  assert.ok(outcome.status === "fail");
  const [finding] = outcome.findings;
  assert.equal(finding.message, ".env.bak holds 1 live secret, and every account can reach it");
  assert.deepEqual(finding.evidence, [
    {
      file: ".env.bak",
      excerpt: "mode 0644, svc:svc; 2 secret-named keys, 1 with a live value",
    },
  ]);
  assert.match(finding.fix, /^Run: shred -u \.env\.bak,/);
});
