import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";

import { auditRecorded, deploy, FAULTY, type Files } from "./hostile-deployments.ts";
import { controlOf, createScratch, plimsoll } from "./plimsoll.ts";

/** A deployment with something hostile in it, and what is answered. */
export interface Case {
  readonly name: string;
  readonly files: Files;
  /** The control that depends on the file, and what is said of it. */
  readonly control: string;
  readonly status: string;
  readonly says: RegExp;
}

export function row(
  name: string,
  files: Files,
  control: string,
  status: string,
  says: RegExp,
): Case {
  return { name, files, control, status, says };
}

export function settings(text: string): Files {
  return { ...FAULTY.settings, "config/settings.py": text };
}

export function env(text: string): Files {
  return { ...FAULTY.settings, ".env": text };
}

export function compose(text: string): Files {
  return { ...FAULTY.compose, "docker-compose.yml": text };
}

export function nginx(text: string): Files {
  return { ...FAULTY.hub, "conf.d/app.conf": "", "nginx.conf": text };
}

/** The hub behind another proxy. */
export function behind(file: string, text: string): Files {
  return { ".env": FAULTY.hub[".env"], [file]: text };
}

export function express(more: Files): Files {
  return {
    ".env": "NODE_ENV=production\n",
    "package.json": '{"dependencies":{"express":"4"}}',
    "server.js": 'const app = require("express")();\napp.listen(3000);\n',
    ...more,
  };
}

/** A machine under load may take this long for what alone takes a second. */
const TIME_MAX_MS = 15_000;

/** One test a case: in bounded time, with the one answer expected, and with all others. */
export function testCases(cases: readonly Case[]): void {
  const scratch = createScratch();
  after(() => scratch.remove());
  let ids: Promise<readonly string[]> | undefined;
  for (const [index, { name, files, control, status, says }] of cases.entries()) {
    test(`${name}: ${control} is ${status}, and nothing else is lost`, async () => {
      ids ??= idsOfAll();
      const proxy = "Caddyfile" in files ? "caddy" : "nginx";
      const started = performance.now();
      const place = deploy(join(scratch.directory, String(index)), files, { proxy });
      const report = await auditRecorded(place);
      assert.ok(performance.now() - started < TIME_MAX_MS);
      assert.equal(report.stderr, "");
      assert.ok(report.exit === 0 || report.exit === 1 || report.exit === 2, `${report.exit}`);
      const found = controlOf(report, control);
      assert.equal(found.status, status, found.summary);
      assert.match(found.summary, says);
      assert.deepEqual(report.controls.map(({ id }) => id).toSorted(), await ids);
    });
  }
}

async function idsOfAll(): Promise<readonly string[]> {
  const { stdout } = await plimsoll(["list", "--json"]);
  return (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id).toSorted();
}
