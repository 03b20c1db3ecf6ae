import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { after, test } from "node:test";

const root = dirname(dirname(import.meta.dirname));
const cases = join(root, "test/data/deployments");
const scratch = mkdtempSync(join(tmpdir(), "plimsoll-deployments-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** What this release judges; the other areas of the truth tables come with their issues. */
const AREAS =
  /^(?:mode|env|hosts|agent|hub|session|csrf|sentry|db|log|ratelimit|hsts|headers)\.|^csp\.present$|^probe\.cors$|^deps\.audit$|^proxy\.(?:tls-protocols|tls-ciphers|http2|websocket|rate-limit|body-size|forwarded-headers|default-server|https-redirect|header-inheritance)$/;
/** Read in Python source only: what Express middleware sets comes with its own reader. */
const PYTHON_ONLY = /^(?:session|csrf|hsts)\./;
const FACT_FILES = new Set([
  "truth.json",
  "meta.json",
  "process-env.json",
  "listeners.json",
  "processes.json",
  "commands.json",
  "net.json",
  "sockets",
]);

interface Truth {
  readonly mode: string;
  readonly checks: Readonly<Record<string, string>>;
  readonly compatExit: number;
}

/** Copies a case without its fact files, as the harness of data/deployments/README.md does. */
function deploy(name: string): string {
  const from = join(cases, name);
  const to = join(scratch, name);
  cpSync(from, to, {
    recursive: true,
    filter: (path) => !(dirname(path) === from && FACT_FILES.has(basename(path))),
  });
  for (const file of globSync("**/{.*,*}", { cwd: to }).map((path) => join(to, path))) {
    if (!statSync(file).isFile()) continue;
    const text = readFileSync(file, "utf8");
    if (text.includes("@ROOT@")) writeFileSync(file, text.replaceAll("@ROOT@", to));
  }
  const meta = join(from, "meta.json");
  if (existsSync(meta)) {
    const { files = {} } = JSON.parse(readFileSync(meta, "utf8")) as {
      files?: Record<string, { mode?: string }>;
    };
    for (const [path, { mode }] of Object.entries(files)) {
      if (mode !== undefined && existsSync(join(to, path)))
        chmodSync(join(to, path), Number.parseInt(mode, 8));
    }
  }
  return to;
}

function run(
  args: readonly string[],
): Promise<{ readonly exit: number; readonly stdout: string; readonly stderr: string }> {
  const { promise, resolve } = Promise.withResolvers<{
    exit: number;
    stdout: string;
    stderr: string;
  }>();
  const child = execFile(
    join(root, "bin/plimsoll"),
    [...args],
    { maxBuffer: 1 << 26 },
    (_, stdout, stderr) => resolve({ exit: child.exitCode ?? -1, stdout, stderr }),
  );
  return promise;
}

const names = readdirSync(cases, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

test("all 49 sample deployments are here", () => assert.equal(names.length, 49));

for (const name of names) {
  test(`deployment ${name}`, async () => {
    const truth = JSON.parse(readFileSync(join(cases, name, "truth.json"), "utf8")) as Truth;
    const copy = deploy(name);
    const common = [copy, "--recorded", join(cases, name), "--now", "2026-11-22T00:00:00Z"];
    const [native, compat] = await Promise.all([
      run(["audit", ...common, "--format", "json"]),
      run(["check-security", ...common, "--json"]),
    ]);
    assert.equal(native.stderr, "");
    const report = JSON.parse(native.stdout) as {
      mode: { label: string };
      controls: { id: string; status: string; summary: string }[];
    };
    assert.equal(report.mode.label, truth.mode);
    const expected = Object.entries(truth.checks).filter(
      ([id]) => AREAS.test(id) && !(name === "89-express-clean" && PYTHON_ONLY.test(id)),
    );
    const wrong = expected.flatMap(([id, status]) => {
      const seen = report.controls.find((control) => control.id === id);
      return seen?.status.toUpperCase() === status
        ? []
        : [`${id}: ${seen?.status} not ${status} (${seen?.summary})`];
    });
    assert.deepEqual(wrong, []);
    assert.equal(compat.stderr, "");
    assert.ok(Array.isArray(JSON.parse(compat.stdout)));
    assert.equal(compat.exit, truth.compatExit, compat.stdout);
  });
}
