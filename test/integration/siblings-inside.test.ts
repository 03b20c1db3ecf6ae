import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";

/**
 * Siblings of the sample deployments in `test/data/deployments`, one line per case: what the
 * catalog demands of the inside areas (mode, env, hosts, deps) on inputs that no sample has.
 * They run through the public command line, under `--recorded` as the samples do.
 */
interface Sibling {
  readonly name: string;
  /** The sentence of the catalog that the case is about. */
  readonly why: string;
  /** Path to text; `@ROOT@` stands for the absolute path of the deployment. */
  readonly files: Readonly<Record<string, string>>;
  readonly meta?: {
    readonly files?: Readonly<
      Record<string, { readonly mode?: string; readonly symlink?: string }>
    >;
  };
  readonly processEnv?: unknown;
  readonly listeners?: unknown;
  readonly processes?: unknown;
  readonly commands?: unknown;
  readonly net?: unknown;
  /** The label of the report; null where the facts leave the mode open. */
  readonly mode: string | null;
  readonly checks: Readonly<Record<string, string>>;
  readonly compatExit: number;
}

const root = dirname(dirname(import.meta.dirname));
const siblings = JSON.parse(
  readFileSync(join(root, "test/data/siblings-inside.json"), "utf8"),
) as readonly Sibling[];
const scratch = mkdtempSync(join(tmpdir(), "plimsoll-siblings-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

const FACT_FILES = {
  meta: "meta.json",
  processEnv: "process-env.json",
  listeners: "listeners.json",
  processes: "processes.json",
  commands: "commands.json",
  net: "net.json",
} as const;

/** Writes the deployment and, outside of it, the facts recorded about it. */
function materialise(sibling: Sibling): { readonly tree: string; readonly recorded: string } {
  const tree = join(scratch, sibling.name, "tree");
  const recorded = join(scratch, sibling.name, "recorded");
  mkdirSync(tree, { recursive: true });
  mkdirSync(recorded);
  for (const [path, text] of Object.entries(sibling.files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text.replaceAll("@ROOT@", tree));
  }
  const described = Object.entries(sibling.meta?.files ?? {});
  for (const [path, { symlink }] of described) {
    if (symlink !== undefined) symlinkSync(symlink, join(tree, path));
  }
  for (const [path, { mode, symlink }] of described) {
    if (mode !== undefined && symlink === undefined)
      chmodSync(join(tree, path), Number.parseInt(mode, 8));
  }
  for (const [key, file] of Object.entries(FACT_FILES)) {
    const value = sibling[key as keyof typeof FACT_FILES];
    if (value !== undefined) writeFileSync(join(recorded, file), JSON.stringify(value));
  }
  return { tree, recorded };
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

interface Seen {
  readonly mode: { readonly label: string };
  readonly controls: readonly {
    readonly id: string;
    readonly status: string;
    readonly summary: string;
  }[];
}

/** Each expected status that the report does not give, with what it gives. */
function disagreements(sibling: Sibling, report: Seen): readonly string[] {
  const mode =
    sibling.mode === null || sibling.mode === report.mode.label
      ? []
      : [`mode: ${report.mode.label} not ${sibling.mode}`];
  const checks = Object.entries(sibling.checks).flatMap(([id, status]) => {
    const seen = report.controls.find((control) => control.id === id);
    return seen?.status.toUpperCase() === status
      ? []
      : [`${id}: ${seen?.status} not ${status} (${seen?.summary})`];
  });
  return [...mode, ...checks];
}

describe("siblings of the sample deployments", { concurrency: 2 }, () => {
  for (const sibling of siblings) {
    test(`${sibling.name}: ${sibling.why}`, async () => {
      const { tree, recorded } = materialise(sibling);
      const common = [tree, "--recorded", recorded, "--now", "2026-11-22T00:00:00Z"];
      const [native, compat] = await Promise.all([
        run(["audit", ...common, "--format", "json"]),
        run(["check-security", ...common, "--json"]),
      ]);
      assert.equal(native.stderr, "");
      const wrong = disagreements(sibling, JSON.parse(native.stdout) as Seen);
      assert.deepEqual(wrong, []);
      assert.equal(compat.stderr, "");
      assert.ok(Array.isArray(JSON.parse(compat.stdout)));
      assert.equal(compat.exit, sibling.compatExit, compat.stdout);
    });
  }
});
