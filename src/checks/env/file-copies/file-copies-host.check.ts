import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  pass,
} from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import { type EnvFile, type EnvFileCopy, envFiles } from "../../../facts/env-files.fact.ts";
import { overAllEnvFiles } from "../../judgement/env-files-in-use.ts";
import {
  type AccessFault,
  accessFaults,
  describeAccess,
  openAccess,
  type Trusted,
} from "../../judgement/path-access.ts";
import { shellWord } from "../../judgement/remedy.ts";
import { envFileCopies } from "./file-copies.control.ts";

export const envFileCopiesHost = defineCheck({
  control: envFileCopies,
  layer: "host",
  reads: "backup and swap files beside the env files in use, their modes and the keys in them",
  needs: { env: envFiles },

  evaluate({ env }) {
    if (env.files.length === 0) return overAllEnvFiles(env, notApplicable("No env file is in use"));
    const findings = env.copies.flatMap((copy) => findingsOf(copy, env.trusted));
    const open = env.copies.find((copy) => whyOpen(copy) !== undefined);
    if (open !== undefined) {
      return judge(findings, cannotTell("denied", `${open.path}: ${whyOpen(open)}`));
    }
    const beyond = env.files.find(isBeyond);
    if (beyond?.access.state === "unknown") {
      const { code, detail } = beyond.access.problem;
      return judge(
        findings,
        cannotTell(code, `Copies of ${beyond.path} were not looked for: ${detail}`),
      );
    }
    const evidence = env.copies.map((copy) => ({ file: copy.path, excerpt: describeCopy(copy) }));
    const says =
      env.copies.length === 0
        ? `No copy lies beside ${env.files.map(({ path }) => path).join(", ")}`
        : `Copies are closed to others and hold no secret: ${env.copies.map(({ path }) => path).join(", ")}`;
    return judge(findings, overAllEnvFiles(env, pass(says, evidence)));
  },
});

/** The directory of such a file was not listed (`--no-host`, `--recorded`) or may not be entered. */
function isBeyond({ access, content }: EnvFile): boolean {
  const isUnlisted =
    access.state === "unknown" && /^(?:not-recorded|denied)$/.test(access.problem.code);
  return isUnlisted && content.state === "unknown";
}

function whyOpen({ access }: EnvFileCopy): string | undefined {
  if (access.state === "known") return openAccess(access.value)?.detail;
  return access.state === "unknown" ? access.problem.detail : access.reason;
}

function findingsOf(copy: EnvFileCopy, trusted: Trusted): readonly Finding[] {
  const { path, access, servedFrom } = copy;
  const value = knownValue(access);
  const faults = value === undefined ? [] : accessFaults(value, trusted);
  const isOpenToAll = faults.some(
    ({ rule }) => rule === "world-readable" || rule === "other-writable",
  );
  const hasSecrets = copy.liveSecretKeys.length > 0 || copy.secretKeys.length > 0;
  if (servedFrom !== undefined) {
    const root = servedFrom === "." ? "(the audited directory itself)" : servedFrom;
    return [findingOf(copy, "copy-served", "fail", `${path} lies under the web root ${root}`)];
  }
  if (isOpenToAll) {
    const holds = hasSecrets ? secretsOf(copy) : "no secret by its names";
    const message = `${path} holds ${holds}, and every account can reach it`;
    return [findingOf(copy, "copy-world-readable", "fail", message)];
  }
  if (hasSecrets) {
    return [findingOf(copy, "copy-with-secrets", "warn", `${path} holds ${secretsOf(copy)}`)];
  }
  return faults.map((fault) => faultFinding(copy, fault));
}

/** Without a secret in it a copy that others can change is no way in: its name is not read by anybody. */
function faultFinding(copy: EnvFileCopy, { rule, says }: AccessFault): Finding {
  return findingOf(copy, rule, "warn", `${copy.path} ${says}`);
}

function findingOf(
  copy: EnvFileCopy,
  rule: string,
  status: Finding["status"],
  message: string,
): Finding {
  return {
    rule,
    status,
    message,
    fix: `Run: shred -u ${shellWord(copy.path)}, and give the secrets in it new values if others could read it`,
    evidence: [{ file: copy.path, excerpt: describeCopy(copy) }],
  };
}

function secretsOf({ liveSecretKeys, secretKeys }: EnvFileCopy): string {
  const live = liveSecretKeys.length;
  if (live > 0) return `${live} live ${live === 1 ? "secret" : "secrets"}`;
  return `${secretKeys.length} ${secretKeys.length === 1 ? "secret" : "secrets"}`;
}

function describeCopy(copy: EnvFileCopy): string {
  const access = knownValue(copy.access);
  const mode = access === undefined ? "mode not known" : describeAccess(access);
  return `${mode}; ${copy.secretKeys.length} secret-named keys, ${copy.liveSecretKeys.length} with a live value`;
}
