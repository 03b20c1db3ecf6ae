import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  pass,
} from "../../../core/check.ts";
import { clock } from "../../../facts/clock.fact.ts";
import { dependencyUpdates, type LockUpdate } from "../../../facts/dependency-updates.fact.ts";
import { depsUpdateCadence } from "./update-cadence.control.ts";

const DAY_MS = 86_400_000;
/** Seed S2.185: monthly. */
const DAYS_MAX = 31;
/** A committer's clock may be ahead of the audit's by so much. */
const AHEAD_MS = DAY_MS;
const SHORT = 12;

export const depsUpdateCadenceSource = defineCheck({
  control: depsUpdateCadence,
  layer: "source",
  reads:
    "The newest commit of the checked-out branch that touches each lock file (or list of pinned requirements), and the newest merged update of a configured Dependabot or Renovate.",
  needs: { updates: dependencyUpdates, clock },

  evaluate({ updates: { locks, bots }, clock: { nowMs } }) {
    for (const { name, file, last } of bots) {
      if (last.state !== "known" || ageOf(last.value.committedMs, nowMs) !== "recent") continue;
      return pass(`An update of ${name} was merged on ${dateOf(last.value.committedMs)}`, [
        { file, excerpt: excerptOf(last.value) },
      ]);
    }
    const findings = locks.flatMap((lock) => findingOf(lock, nowMs) ?? []);
    if (findings.length > 0) return judge(findings, pass(""));
    const evidence: Evidence[] = [];
    for (const { file, last } of locks) {
      if (last.state !== "known") return cannotTell(...problemOf(last));
      const { committedMs, isCutOff } = last.value;
      if (ageOf(committedMs, nowMs) === "ahead")
        return cannotTell("malformed", `The newest commit of ${file} is dated in the future`);
      if (isCutOff)
        return cannotTell(
          "not-recorded",
          `The clone is shallow: ${file} was last changed on ${dateOf(committedMs)} or before`,
        );
      evidence.push({ file, excerpt: excerptOf(last.value) });
    }
    const files = locks.map(({ file }) => file).join(", ");
    return pass(`${files}: updated within ${DAYS_MAX} days`, evidence);
  },
});

function problemOf(last: Exclude<LockUpdate["last"], { state: "known" }>) {
  return last.state === "absent"
    ? (["not-recorded", last.reason] as const)
    : ([last.problem.code, last.problem.detail] as const);
}

function findingOf({ file, last }: LockUpdate, nowMs: number): Finding | undefined {
  const shared = { status: "warn", subject: file, fix: fixOf(file), isAbsence: true } as const;
  if (last.state === "absent") {
    const message = `No commit has ${file}: nobody can tell when it was updated`;
    return {
      ...shared,
      rule: "never-committed",
      message,
      evidence: [{ file, excerpt: last.reason }],
    };
  }
  if (last.state === "unknown" || ageOf(last.value.committedMs, nowMs) !== "old") return undefined;
  const { committedMs, isCutOff } = last.value;
  const days = Math.floor((nowMs - committedMs) / DAY_MS);
  return {
    ...shared,
    rule: "not-updated",
    message: `${file} was last changed on ${dateOf(committedMs)}${isCutOff ? " or before" : ""}, ${days} days ago`,
    evidence: [{ file, excerpt: excerptOf(last.value) }],
  };
}

function ageOf(committedMs: number, nowMs: number): "ahead" | "recent" | "old" {
  if (committedMs - nowMs > AHEAD_MS) return "ahead";
  return nowMs - committedMs <= DAYS_MAX * DAY_MS ? "recent" : "old";
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, "2026-11-28".length);
}

function excerptOf({ commit, committedMs }: { commit: string; committedMs: number }): string {
  return `commit ${commit.slice(0, SHORT)} of ${dateOf(committedMs)}`;
}

/** What updates each kind of lock file. */
const UPDATES: readonly (readonly [name: RegExp, command: string])[] = [
  [/uv\.lock$/, "uv lock --upgrade"],
  [/poetry\.lock$/, "poetry update"],
  [/Pipfile\.lock$/, "pipenv update"],
  [/pdm\.lock$/, "pdm update"],
  [/pylock[^/]*\.toml$/, "pip lock (or uv export --format pylock.toml after uv lock --upgrade)"],
  [/(?:package-lock|npm-shrinkwrap)\.json$/, "npm update"],
  [/yarn\.lock$/, "yarn upgrade"],
  [/pnpm-lock\.yaml$/, "pnpm update"],
  [/bun\.lockb?$/, "bun update"],
];

function fixOf(file: string): string {
  const command = UPDATES.find(([name]) => name.test(file))?.[1] ?? `raise the pins of ${file}`;
  return `${command}, test it and commit ${file}; then: plimsoll attest deps.update --expires 31d`;
}
