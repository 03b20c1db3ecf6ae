import {
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  pass,
} from "../../../core/check.ts";
import { type CiJobs, ciJobs } from "../../../facts/ci-jobs.fact.ts";
import type { CiAction } from "../../../parsers/ci/step.ts";
import {
  SCANNER_KINDS,
  type Scanner,
  type ScannerKind,
  scannerOf,
} from "../../ci-jobs/scanners.ts";
import { ciSecurityScanners } from "./security-scanners.control.ts";

const KINDS: readonly ScannerKind[] = ["code", "dependencies", "secrets", "images"];
const STEPS: Readonly<Record<ScannerKind, string>> = {
  code: "bandit -r .",
  dependencies: "pip-audit",
  secrets: "detect-secrets-hook --baseline .secrets.baseline $(git ls-files)",
  images: "trivy fs --exit-code 1 .",
};

export const ciSecurityScannersConfig = defineCheck({
  control: ciSecurityScanners,
  layer: "config",
  reads:
    "Workflows of continuous integration, with the scripts, make targets and hooks that their jobs run.",
  needs: { ci: ciJobs },

  evaluate({ ci }) {
    const found = ci.actions.flatMap((action): readonly Found[] => {
      const scanner = scannerOf(action);
      return scanner === undefined ? [] : [{ action, scanner: judgedAfter(ci, action, scanner) }];
    });
    const kinds = KINDS.map(
      (kind) => [kind, found.filter(({ scanner }) => scanner.kind === kind)] as const,
    );
    const missing = kinds.find(([, runs]) => runs.length === 0);
    const [problem] = ci.problems;
    if (missing !== undefined && problem !== undefined) {
      const place = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`;
      return cannotTell("malformed", `${place} ${problem.detail}: scanners may stand in it`);
    }
    const findings = kinds.flatMap(([kind, runs]) => findingOf(kind, runs, ci));
    const good = kinds.flatMap(([, runs]) => runs.filter(isGood).slice(0, 1));
    return judge(
      findings,
      pass("Scanners of code, dependencies, secrets and images run in CI", good.map(evidenceOf)),
    );
  },
});

interface Found {
  readonly action: CiAction;
  readonly scanner: Scanner;
}

/** `detect-secrets scan > found.json` with an `exit 1` of its own step behind it fails all the same. */
function judgedAfter(
  { actions }: CiJobs,
  { file, step, line }: CiAction,
  scanner: Scanner,
): Scanner {
  const isJudged = actions.some(
    (each) =>
      each.name === "exit" &&
      each.words[0] !== "0" &&
      each.file === file &&
      each.step === step &&
      each.line > line,
  );
  return isJudged ? { kind: scanner.kind } : scanner;
}

function whyNot({ action, scanner }: Found): readonly [rule: string, why: string] | undefined {
  if (action.notReached !== undefined) return ["scanner-not-reached", action.notReached];
  if (action.mayFail !== undefined) return ["scanner-may-fail", action.mayFail];
  return scanner.toothless === undefined ? undefined : ["scanner-toothless", scanner.toothless];
}

function isGood(found: Found): boolean {
  return whyNot(found) === undefined;
}

/** `job scan: trivy fs .` at its place. */
function evidenceOf({ action }: Found): Evidence {
  const { file, line, job, name, words } = action;
  const text = [name, ...words].join(" ").slice(0, 200);
  return { file, line, excerpt: job === "" ? text : `job ${job}: ${text}` };
}

/** Where a step is missed most: a workflow that pushes reach already. */
function placeFor({ files, actions }: CiJobs): string {
  return actions.find(({ notReached }) => notReached === undefined)?.file ?? files[0] ?? "";
}

function findingOf(kind: ScannerKind, runs: readonly Found[], ci: CiJobs): readonly Finding[] {
  if (runs.some(isGood)) return [];
  const { seed, others } = SCANNER_KINDS[kind];
  const file = placeFor(ci);
  const [first] = runs;
  const reason = first === undefined ? undefined : whyNot(first);
  if (first === undefined || reason === undefined)
    return [
      {
        rule: "scanner-missing",
        status: "warn",
        subject: kind,
        message: `No job of CI runs ${seed} (nor ${others})`,
        fix: `Add a step to a job of ${file} that runs on push and pull requests: ${STEPS[kind]}`,
        evidence: [{ file, excerpt: `no scanner for ${kind} among the steps` }],
      },
    ];
  const [rule, why] = reason;
  const place = `${first.action.file}:${first.action.line}`;
  const says = {
    "scanner-not-reached": "is reached by no push to the default branch",
    "scanner-may-fail": "is allowed to fail",
    "scanner-toothless": "cannot fail",
  }[rule];
  return [
    {
      ...{ rule, status: "warn", subject: kind },
      message: `${first.action.name} ${says}: ${why} (${place})`,
      fix: `At ${place}, let it run on push and pull_request and stop the job: ${STEPS[kind]}`,
      evidence: [evidenceOf(first)],
    },
  ];
}
