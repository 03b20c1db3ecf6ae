/**
 * `bin/node bench/source.ts [DIR...]`: the inside audit of source trees, whole processes from a cold start.
 *
 * Trees made here (a FastAPI service of 100, 1,000 and 10,000 Python files, an Express service of 2,500 TypeScript
 * files), or the directories given. Beside the Python trees of up to 1,500 files runs bandit (Debian's) where it is
 * installed. Targets: 1,500 Python files (13 MB) or 2,500 TypeScript files in 1.5 s of CPU and 200 MB, bandit 20 times slower.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { type Cost, measure, show } from "./measure.ts";
import { writePythonTree, writeTypeScriptTree } from "./source-trees.ts";

const root = dirname(import.meta.dirname);
const executable = join(root, "dist/plimsoll");
const BANDIT = "/usr/bin/bandit";
/** Files beyond which bandit takes minutes. */
const BANDIT_FILES_MAX = 1_500;
const RUNS = 3;

if (!existsSync(executable))
  execFileSync(process.execPath, [join(root, "scripts/build.ts")], { stdio: "inherit" });

const given = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), "plimsoll-source-"));
try {
  if (given.length > 0) {
    for (const directory of given) await row(directory, directory, true);
  } else {
    for (const count of [100, 1_000, 1_500, 10_000]) {
      const directory = tree(`python-${count}`);
      const bytes = writePythonTree(directory, count);
      const name = `${count} Python files, ${(bytes / 1e6).toFixed(1)} MB`;
      await row(name, directory, count <= BANDIT_FILES_MAX);
    }
    const directory = tree("typescript");
    const bytes = writeTypeScriptTree(directory, 2_500);
    await row(`2500 TypeScript files, ${(bytes / 1e6).toFixed(1)} MB`, directory, false);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function tree(name: string): string {
  const directory = join(scratch, name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, ".env"), "APP_ENV=production\n", { mode: 0o600 });
  return directory;
}

async function row(name: string, directory: string, withBandit: boolean): Promise<void> {
  const ours: Cost[] = [];
  for (let run = 0; run < RUNS; run++) {
    ours.push(await measure(executable, ["audit", directory, "--no-host", "--offline", "-q"]));
  }
  console.log(show(name, ours));
  if (!withBandit || !existsSync(BANDIT)) return;
  const peer = await measure(BANDIT, ["-r", "-q", directory]);
  console.log(show("  bandit", [peer]));
  const mean = ours.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / ours.length;
  console.log(`  CPU ratio to bandit: 1 : ${(peer.cpuMs / mean).toFixed(1)}`);
}
