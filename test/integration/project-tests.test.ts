import assert from "node:assert/strict";
import { existsSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { plimsoll } from "./plimsoll.ts";

const scratch = mkdtempSync(join(tmpdir(), "plimsoll-project-tests-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

function project(name: string, files: Readonly<Record<string, string>>): string {
  const directory = join(scratch, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
}

async function statusesOf(directory: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await plimsoll([
    "audit",
    directory,
    "--only",
    "tests",
    "--format",
    "json",
    ...args,
  ]);
  const { controls } = JSON.parse(stdout) as { controls: { id: string; status: string }[] };
  return controls.map(({ id, status }) => `${id.slice("tests.".length)} ${status}`).join(", ");
}

const MARKED = 'open(__file__ + ".ran", "w").close()\n';
const TESTS = `def test_headers(): pass\ndef test_csrf(): pass\ndef test_xss(): pass\n`;
const ALL = (status: string) =>
  ["csrf", "headers", "no-skips", "security-suite", "xss"]
    .map((name) => `${name} ${status}`)
    .join(", ");

test("without the flag no code of the project runs", async () => {
  const directory = project("not-run", {
    "tests/security/test_a.py": MARKED + TESTS,
    "pytest.ini": "[pytest]\n",
  });
  assert.equal(await statusesOf(directory), ALL("unknown"));
  assert.deepEqual(globSync("**/*.ran", { cwd: directory }), []);
});

test("pytest runs with the flag, and leaves nothing behind", {
  skip: !existsSync("/usr/bin/py.test-3"),
}, async () => {
  const files = { "tests/security/test_a.py": TESTS, "pytest.ini": "[pytest]\n" };
  const directory = project("pytest", files);
  assert.equal(await statusesOf(directory, "--run-tests"), ALL("pass"));
  const left = globSync("**/{.*,*}", { cwd: directory, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  assert.equal(left.length, Object.keys(files).length);
});

test("a failure and a skip of pytest", { skip: !existsSync("/usr/bin/py.test-3") }, async () => {
  const text = `import pytest\n${TESTS}def test_csrf_cookie(): assert False\n@pytest.mark.skip\ndef test_xss_page(): pass\n`;
  const directory = project("failing", {
    "tests/security/test_a.py": text,
    "pytest.ini": "[pytest]\n",
  });
  assert.equal(
    await statusesOf(directory, "--run-tests"),
    "csrf fail, headers pass, no-skips fail, security-suite fail, xss pass",
  );
});

test("a test that does not end is ended with the audit's time", {
  skip: !existsSync("/usr/bin/py.test-3"),
}, async () => {
  const text = "import time\ndef test_a(): time.sleep(600)\n";
  const directory = project("endless", {
    "tests/security/test_a.py": text,
    "pytest.ini": "[pytest]\n",
  });
  const started = Date.now();
  const { exit } = await plimsoll([
    "audit",
    directory,
    "--only",
    "tests",
    "--run-tests",
    "--timeout",
    "5",
  ]);
  assert.equal(exit, 3);
  assert.ok(Date.now() - started < 60_000);
});

test("unittest runs where the project has no pytest", async () => {
  const body = ["headers", "csrf", "xss"]
    .map((name) => `    def test_${name}(self): pass\n`)
    .join("");
  const text = `import unittest\nclass A(unittest.TestCase):\n${body}`;
  const directory = project("unittest", {
    "tests/security/test_a.py": text,
    "tests/__init__.py": "",
    "tests/security/__init__.py": "",
  });
  assert.equal(await statusesOf(directory, "--run-tests"), ALL("pass"));
});
