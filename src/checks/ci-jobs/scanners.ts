import type { CiAction } from "../../parsers/ci/step.ts";

/** What the four scanners of the seed look for; others of a kind stand in for them. */
export const SCANNER_KINDS = {
  code: { seed: "bandit", others: "semgrep or CodeQL" },
  dependencies: { seed: "pip-audit", others: "osv-scanner, npm audit or safety" },
  secrets: { seed: "detect-secrets", others: "gitleaks or trufflehog" },
  images: { seed: "trivy", others: "grype" },
} as const;
export type ScannerKind = keyof typeof SCANNER_KINDS;

/** A scanner that an action of CI runs. */
export interface Scanner {
  readonly kind: ScannerKind;
  /** What of its own options keeps it from ever failing. */
  readonly toothless?: string;
}

/** Programs, and hooks of pre-commit, that scan. */
const PROGRAMS: Readonly<Record<string, ScannerKind>> = {
  bandit: "code",
  semgrep: "code",
  codeql: "code",
  "pip-audit": "dependencies",
  safety: "dependencies",
  "osv-scanner": "dependencies",
  govulncheck: "dependencies",
  "detect-secrets-hook": "secrets",
  "detect-secrets": "secrets",
  gitleaks: "secrets",
  trufflehog: "secrets",
  ggshield: "secrets",
  trivy: "images",
  grype: "images",
};

/** Ready-made actions and templates by their name. */
const ACTIONS: readonly (readonly [RegExp, ScannerKind])[] = [
  [/codeql-action\/analyze|semgrep|bandit|Security\/SAST(?:-IaC)?\.|Jobs\/SAST\./i, "code"],
  [/pip-audit|osv-scanner|dependency-review-action|Dependency-Scanning\./i, "dependencies"],
  [/gitleaks|trufflehog|detect-secrets|ggshield|Secret-Detection\./i, "secrets"],
  [/trivy|anchore\/(?:scan-action|grype)|Container-Scanning\./i, "images"],
];

export function scannerOf(action: CiAction): Scanner | undefined {
  switch (action.kind) {
    case "uses":
      return ofUses(action);
    case "hook": {
      const kind = kindOf(action.name.replace(/-(?:docker|system)$/, ""));
      return kind === undefined ? undefined : { kind };
    }
    case "command":
      return ofCommand(action.name, action.words);
  }
}

function kindOf(name: string): ScannerKind | undefined {
  return Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
}

function ofUses({ name, inputs }: CiAction): Scanner | undefined {
  const image = name.startsWith("docker://") ? name.slice("docker://".length) : name;
  const kind = ACTIONS.find(([pattern]) => pattern.test(image))?.[1];
  if (kind === undefined) return undefined;
  const isTrivy = /trivy-action/i.test(name) && !/^[1-9]/.test(inputs["exit-code"] ?? "");
  return isTrivy ? { kind, toothless: "without exit-code it finds and goes on" } : { kind };
}

const NO_SCAN = /^(?:--version|-V|--help|-h|version|help|install|completion|plugin|convert|login)$/;

function ofCommand(program: string, words: readonly string[]): Scanner | undefined {
  if (program === "docker" || program === "podman") return inContainer(words);
  if (/^(?:npm|pnpm|yarn|bun)$/.test(program)) return ofPackages(words);
  const kind = kindOf(program);
  if (kind === undefined || NO_SCAN.test(words[0] ?? "")) return undefined;
  const toothless = TOOTHLESS[program]?.(words);
  return { kind, ...(toothless !== undefined && { toothless }) };
}

/** `docker run aquasec/trivy image app`. */
function inContainer(words: readonly string[]): Scanner | undefined {
  if (words[0] !== "run") return undefined;
  for (const [at, word] of words.entries()) {
    const name = /(?:^|\/)([a-z-]+)(?:[:@][\w.:-]+)?$/.exec(word)?.[1] ?? "";
    if (at > 0 && kindOf(name) !== undefined) return ofCommand(name, words.slice(at + 1));
  }
  return undefined;
}

function ofPackages(words: readonly string[]): Scanner | undefined {
  const [first, second] = words.filter((word) => !word.startsWith("-"));
  const isAudit = first === "audit" ? second !== "fix" : first === "npm" && second === "audit";
  return isAudit ? { kind: "dependencies" } : undefined;
}

/** Whether an option is given, and as what: `--exit-code 1`, `--exit-code=1`. */
function option(words: readonly string[], name: string): string | undefined {
  const at = words.indexOf(name);
  if (at !== -1) return words[at + 1] ?? "";
  return words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** By its documentation, what each scanner needs to fail on what it finds. */
const TOOTHLESS: Readonly<Record<string, (words: readonly string[]) => string | undefined>> = {
  bandit: (words) => (words.includes("--exit-zero") ? "--exit-zero" : undefined),
  semgrep: (words) =>
    words[0] === "ci" || words.includes("--error")
      ? undefined
      : "without --error it finds and goes on",
  safety: (words) => (words.includes("--continue-on-error") ? "--continue-on-error" : undefined),
  "detect-secrets": () => "it writes a baseline; detect-secrets-hook fails",
  gitleaks: (words) => (option(words, "--exit-code") === "0" ? "--exit-code 0" : undefined),
  trufflehog: (words) =>
    words.includes("--fail") ? undefined : "without --fail it finds and goes on",
  trivy: (words) =>
    /^[1-9]/.test(option(words, "--exit-code") ?? "")
      ? undefined
      : "without --exit-code 1 it finds and goes on",
  grype: (words) =>
    option(words, "--fail-on") === undefined && option(words, "-f") === undefined
      ? "without --fail-on it finds and goes on"
      : undefined,
};
