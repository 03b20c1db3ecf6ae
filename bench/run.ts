/**
 * `npm run bench`: start-up, the drop-in and the audit of large trees, each beside a peer in the same run.
 * PLIMSOLL_REFERENCE names a checkout of the shell reference (server-monitoring at f845c5b) to pair with.
 */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { type Cost, measure, pair, show } from "./measure.ts";

const root = dirname(import.meta.dirname);
const scratch = mkdtempSync(join(tmpdir(), "plimsoll-bench-"));
const node = process.execPath;
const bundle = join(root, "dist/plimsoll.cjs");
const executable = join(root, "dist/plimsoll");

if (!existsSync(executable))
  execFileSync(node, [join(root, "scripts/build.ts")], { stdio: "inherit" });
try {
  await startUp();
  await dropIn();
  await largeTrees();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function startUp(): Promise<void> {
  console.log("\nStart-up (peer: the same node running nothing), 20 runs in pairs");
  const nothing = () => measure(node, ["-e", "0"]);
  for (const [name, run] of [
    ["bundle --help", () => measure(node, [bundle, "--help"])],
    ["executable --help", () => measure(executable, ["--help"])],
  ] as const) {
    const [ours, peer] = await pair(20, run, nothing);
    printPair(name, ours, "node -e 0", peer);
  }
  console.log(
    `executable ${(statSync(executable).size / 1e6).toFixed(1)} MB, bundle ${(statSync(bundle).size / 1e3).toFixed(0)} kB`,
  );
}

async function dropIn(): Promise<void> {
  console.log("\nbin/check_security.sh --json on a small standalone deployment, 10 runs in pairs");
  const project = join(scratch, "small");
  cpSync(join(root, "bin"), join(project, "bin"), { recursive: true });
  rmSync(join(project, "bin/plimsoll"));
  writeEnv(project);
  const environment = { ...process.env, PLIMSOLL: join(root, "bin/plimsoll") };
  Object.assign(process.env, environment);
  const ours = () => measure(join(project, "bin/check_security.sh"), ["--json"]);
  const reference = process.env["PLIMSOLL_REFERENCE"];
  if (reference === undefined) {
    console.log("(PLIMSOLL_REFERENCE not set: peer is node -e 0)");
    const [mine, peer] = await pair(10, ours, () => measure(node, ["-e", "0"]));
    printPair("check_security.sh --json", mine, "node -e 0", peer);
    return;
  }
  writeEnv(reference);
  const [mine, peer] = await pair(10, ours, () =>
    measure(join(reference, "bin/check_security.sh"), ["--json"]),
  );
  printPair("check_security.sh --json", mine, "shell reference", peer);
}

async function largeTrees(): Promise<void> {
  console.log(
    "\nplimsoll audit of a Django deployment (peer: find over the same tree), 3 runs in pairs",
  );
  for (const count of [100, 1_500, 10_000]) {
    const project = join(scratch, `tree-${count}`);
    writeTree(project, count);
    const [ours, peer] = await pair(
      3,
      () => measure(node, [bundle, "audit", project, "--no-host", "--format", "json"]),
      () => measure("/usr/bin/find", [project, "-type", "f"]),
    );
    printPair(`audit, ${count} Python files`, ours, "find", peer);
  }
}

function printPair(
  name: string,
  ours: readonly Cost[],
  peerName: string,
  peer: readonly Cost[],
): void {
  const sum = (costs: readonly Cost[]) => costs.reduce((total, { cpuMs }) => total + cpuMs, 0);
  console.log(show(name, ours));
  console.log(show(`  ${peerName}`, peer));
  console.log(`  CPU ratio to ${peerName}: ${(sum(ours) / Math.max(sum(peer), 10)).toFixed(2)}`);
}

function writeEnv(project: string): void {
  mkdirSync(project, { recursive: true });
  const lines = [
    "DJANGO_SECRET_KEY=bench-fixture-Zq8Lw2Rk5Tn9Vb3Xc7Md1Pf6Hj4Gs0Yu_Ea-Io8Bt5Wx2Kz",
    "DJANGO_DEBUG=0",
    "DJANGO_ENV=production",
    "DJANGO_ALLOWED_HOSTS=monitor.example.test",
  ];
  writeFileSync(join(project, ".env"), `${lines.join("\n")}\n`);
  chmodSync(join(project, ".env"), 0o600);
}

/** A Django project of many applications; four files are settings, the rest ordinary code of about 9 kB. */
function writeTree(project: string, count: number): void {
  writeEnv(project);
  mkdirSync(join(project, "config/settings"), { recursive: true });
  const settings =
    'import os\nSECRET_KEY = os.environ["DJANGO_SECRET_KEY"]\nDEBUG = os.environ.get("DJANGO_DEBUG", "1") in {"1", "true"}\nALLOWED_HOSTS = os.environ.get("DJANGO_ALLOWED_HOSTS", "").split(",")\n';
  writeFileSync(join(project, "config/settings/__init__.py"), "");
  writeFileSync(join(project, "config/settings/base.py"), settings);
  writeFileSync(join(project, "config/settings/production.py"), "from .base import *\n");
  writeFileSync(
    join(project, "manage.py"),
    'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")\n',
  );
  const body = Array.from(
    { length: 120 },
    (_, line) =>
      `def view_${line}(request, name="${line}"):\n    return {"name": name, "count": ${line}, "user": request.user}\n`,
  ).join("\n");
  for (let index = 0; index < count - 4; index++) {
    const folder = join(project, `app${Math.floor(index / 50)}`, index % 3 === 0 ? "api" : "core");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `module_${index}.py`), `import os\n\n${body}`);
  }
}
