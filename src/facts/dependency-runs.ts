import type { CollectContext } from "../core/fact.ts";
import type { RunResult } from "../core/host.ts";
import { knownValue, unknown } from "../core/reading.ts";
import { parseNpmAudit, parseOsvScanner, parsePipAudit } from "../parsers/audit-report.ts";
import { attempt } from "./attempt.ts";
import type { AuditRun } from "./dependency-audit.fact.ts";
import type { Manifests } from "./dependency-manifests.ts";
import { type Auditor, firstAnswer } from "./dependency-tool.ts";
import { directoryOf, resolveFrom } from "./target-path.ts";

const NPMRC_BYTES_MAX = 65_536;

/**
 * pip-audit looks at what is installed in a virtual environment (`--path` reads its metadata, no
 * code of it), else at requirement files with `--disable-pip --no-deps`: pip would build source
 * distributions, and so run code, to resolve them.
 */
export async function pythonRuns(
  context: CollectContext,
  manifests: Manifests,
): Promise<readonly AuditRun[]> {
  const { requirements, pythonLocks, pythonProjects, sitePackages } = manifests;
  const { directory, hostFacts } = context.target;
  const absolute = (paths: readonly string[]) => paths.map((path) => resolveFrom(directory, path));
  const auditors: Auditor[] = [];
  if (sitePackages.length > 0) {
    auditors.push(pipAudit(sitePackages.flatMap((path) => ["--path", path])));
  }
  if (requirements.length > 0) {
    const files = absolute(requirements).flatMap((path) => ["-r", path]);
    auditors.push(pipAudit(["--disable-pip", "--no-deps", ...files]));
  }
  const named = requirements.length + pythonLocks.length + pythonProjects.length;
  if (!hostFacts && named + sitePackages.length > 0) auditors.push(...recordedAuditors());
  const locks = pythonLocks.length > 0 ? pythonLocks : requirements;
  if (locks.length > 0) auditors.push(osvScanner(absolute(locks)));
  const runs = await firstAnswer(context, auditors);
  if (runs.length > 0 || pythonProjects.length === 0) return runs;
  const detail = `${pythonProjects[0]} names no exact versions, and there is no lock file beside it`;
  return [{ tool: "pip-audit", result: unknown("unsupported", detail) }];
}

/**
 * What was recorded of pip-audit and of `uv run pip-audit`. Live, `uv run` would build and install
 * the audited project, so it is never called; `--version` asks a record for what it holds of `uv`,
 * and would be harmless on a real machine.
 */
function recordedAuditors(): readonly Auditor[] {
  return [
    pipAudit([]),
    {
      tool: "uv run pip-audit",
      program: "uv",
      args: ["--version"],
      cwd: "/",
      parse: parsePipAudit,
    },
  ];
}

/**
 * Started in `/`: pip-audit calls `python -m pip`, which would import a `pip.py` of the directory
 * it is started in.
 */
function pipAudit(args: readonly string[]): Auditor {
  const all = [...args, "--format", "json", "--progress-spinner", "off"];
  return { tool: "pip-audit", program: "pip-audit", args: all, cwd: "/", parse: parsePipAudit };
}

/** Both versions take `-L`; the count of packages is only printed beside the report. */
function osvScanner(locks: readonly string[]): Auditor {
  const args = ["--format", "json", ...locks.flatMap((path) => ["-L", path])];
  return {
    tool: "osv-scanner",
    program: "osv-scanner",
    args,
    cwd: "/",
    parse: parseOsvScanner,
    examined: scannedPackages,
  };
}

function scannedPackages({ stderr, stdout }: RunResult): number | undefined {
  const counts = [...`${stderr}\n${stdout}`.matchAll(/\bfound (\d{1,7}) packages?\b/g)];
  if (counts.length === 0) return undefined;
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** npm audit for each lock file of npm. */
export async function nodeRuns(
  context: CollectContext,
  { npmLocks }: Manifests,
): Promise<readonly AuditRun[]> {
  const runs: AuditRun[] = [];
  for (const lock of npmLocks) {
    const path = resolveFrom(context.target.directory, lock);
    const osv = osvScanner([path]);
    const refusal = await configurationRefusal(context, directoryOf(path));
    if (refusal === undefined) {
      runs.push(...(await firstAnswer(context, [npmAudit(directoryOf(path)), osv])));
      continue;
    }
    const [other] = await firstAnswer(context, [osv]);
    const isAnswered = other?.result.state === "known";
    runs.push(isAnswered ? other : { tool: "npm audit", result: unknown("unsupported", refusal) });
  }
  return runs;
}

function npmAudit(cwd: string): Auditor {
  return {
    tool: "npm audit",
    program: "npm",
    args: ["audit", "--json", "--package-lock-only", "--ignore-scripts"],
    cwd,
    parse: parseNpmAudit,
  };
}

/** Settings of a project's `.npmrc` that change nothing but installs and output. */
const HARMLESS_SETTING =
  /^(?:audit|audit-level|fund|engine-strict|save|save-exact|save-prefix|package-lock|legacy-peer-deps|strict-peer-deps|ignore-scripts|allow-scripts|loglevel|progress|update-notifier|prefer-offline|node-linker|shamefully-hoist|auto-install-peers|hoist|install-links|omit|include|min-release-age|tag-version-prefix|message)$/;

/**
 * npm reads `.npmrc` of the directory it is started in: where it asks (`registry`, `proxy`) and
 * where it writes (`cache`, `logs-dir`) would then be the target's choice.
 */
async function configurationRefusal(
  { host, target }: CollectContext,
  directory: string,
): Promise<string | undefined> {
  if (!target.hostFacts) return undefined;
  const npmrc = await attempt(() => host.readFile(`${directory}/.npmrc`, NPMRC_BYTES_MAX));
  if (npmrc.state === "absent") return undefined;
  const keys = (knownValue(npmrc) ?? "unreadable")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !/^\s*[#;]/.test(line))
    .map((line) => (line.split("=")[0] ?? "").trim());
  if (keys.every((key) => HARMLESS_SETTING.test(key))) return undefined;
  return "npm was not run: .npmrc beside the lock file decides where npm asks and writes; put the output of `npm audit --json` into .plimsoll/npm-audit.json instead";
}

/** pnpm and yarn lock files: their own auditors run what the project configures. */
export async function otherRuns(
  context: CollectContext,
  { otherLocks }: Manifests,
): Promise<readonly AuditRun[]> {
  if (otherLocks.length === 0) return [];
  const paths = otherLocks.map((path) => resolveFrom(context.target.directory, path));
  return firstAnswer(context, [osvScanner(paths)]);
}
