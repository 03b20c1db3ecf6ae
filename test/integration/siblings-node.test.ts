import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, suite, test } from "node:test";

const root = dirname(dirname(import.meta.dirname));
const scratch = mkdtempSync(join(tmpdir(), "plimsoll-siblings-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

/**
 * One deployment in the form of data/deployments/README.md, its files and facts inline: what the
 * catalog (spec/checks.md: mode.declared, agent, hub) demands of it, written from the text alone.
 */
interface Sibling {
  readonly name: string;
  /** The words of the catalog that decide. */
  readonly why: string;
  /** The mode label; null where the text does not settle it. */
  readonly mode: string | null;
  readonly checks: Readonly<Record<string, string>>;
  readonly compatExit: number;
  readonly files: Readonly<Record<string, string>>;
  readonly meta: {
    readonly files: Readonly<Record<string, { readonly mode?: string; readonly symlink?: string }>>;
  };
  readonly processEnv?: unknown;
  readonly listeners?: unknown;
  readonly processes?: unknown;
  readonly commands?: unknown;
  readonly net?: unknown;
  /** /proc/net files by name: `tcp`, `tcp6`. */
  readonly sockets?: Readonly<Record<string, string>>;
}

const siblings = JSON.parse(
  readFileSync(join(root, "test/data/siblings-node.json"), "utf8"),
) as readonly Sibling[];

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Lays out the tree and, beside it, the fact files; a fact that is not given gets no file. */
function deploy(sibling: Sibling): { readonly tree: string; readonly facts: string } {
  const tree = join(scratch, sibling.name, "tree");
  const facts = join(scratch, sibling.name, "facts");
  mkdirSync(tree, { recursive: true });
  for (const [path, text] of Object.entries(sibling.files))
    write(join(tree, path), text.replaceAll("@ROOT@", tree));
  for (const [path, { mode, symlink }] of Object.entries(sibling.meta.files)) {
    if (symlink !== undefined) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      symlinkSync(symlink, join(tree, path));
    } else if (mode !== undefined && existsSync(join(tree, path)))
      chmodSync(join(tree, path), Number.parseInt(mode, 8));
  }
  const given = {
    "meta.json": sibling.meta,
    "process-env.json": sibling.processEnv,
    "listeners.json": sibling.listeners,
    "processes.json": sibling.processes,
    "commands.json": sibling.commands,
    "net.json": sibling.net,
  };
  for (const [name, value] of Object.entries(given))
    if (value !== undefined) write(join(facts, name), JSON.stringify(value));
  for (const [name, text] of Object.entries(sibling.sockets ?? {}))
    write(join(facts, "sockets", name), text);
  return { tree, facts };
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

test("no sibling is lost or named twice", () => {
  assert.equal(new Set(siblings.map(({ name }) => name)).size, siblings.length);
  assert.ok(siblings.length >= 350, String(siblings.length));
});

suite("siblings of the sample deployments", { concurrency: 2 }, () => {
  for (const sibling of siblings) {
    test(`${sibling.name}: ${sibling.why}`, async () => {
      const { tree, facts } = deploy(sibling);
      const common = [tree, "--recorded", facts, "--now", "2026-11-22T00:00:00Z"];
      const [native, compat] = await Promise.all([
        run(["audit", ...common, "--format", "json"]),
        run(["check-security", ...common, "--json"]),
      ]);
      assert.equal(native.stderr, "");
      const report = JSON.parse(native.stdout) as {
        mode: { label: string };
        controls: { id: string; status: string; summary: string }[];
      };
      if (sibling.mode !== null) assert.equal(report.mode.label, sibling.mode);
      const wrong = Object.entries(sibling.checks).flatMap(([id, status]) => {
        const seen = report.controls.find((control) => control.id === id);
        return seen?.status.toUpperCase() === status
          ? []
          : [`${id}: ${seen?.status} not ${status} (${seen?.summary})`];
      });
      assert.deepEqual(wrong, []);
      assert.equal(compat.stderr, "");
      assert.ok(Array.isArray(JSON.parse(compat.stdout)));
      assert.equal(compat.exit, sibling.compatExit, compat.stdout);
    });
  }
});
