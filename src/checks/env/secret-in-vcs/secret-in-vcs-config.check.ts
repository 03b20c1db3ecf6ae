import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import { knownValue, type Problem, type Reading } from "../../../core/reading.ts";
import { type AppSettings, appSettings } from "../../../facts/app-settings.fact.ts";
import { type Application, application } from "../../../facts/application.fact.ts";
import { type DeploymentTree, deploymentTree } from "../../../facts/deployment-tree.fact.ts";
import { type EnvFiles, envFiles } from "../../../facts/env-files.fact.ts";
import { type GitHistory, gitHistory } from "../../../facts/git-history.fact.ts";
import { type Repository, repository } from "../../../facts/repository.fact.ts";
import {
  type SecretOccurrences,
  secretOccurrences,
} from "../../../facts/secret-occurrences.fact.ts";
import { type Services, services } from "../../../facts/services.fact.ts";
import { shellWord } from "../../judgement/remedy.ts";
import { envSecretInVcs } from "./secret-in-vcs.control.ts";

/** Files whose presence makes the control apply outside a work tree. */
const DEPLOYMENT_FILE =
  /(?:^|\/)(?:(?:[\w.-]{0,60}\.)?(?:Dockerfile|Containerfile)(?:\.[\w.-]{1,60})?|(?:docker-)?compose(?:\.[\w-]{1,40})?\.ya?ml|[\w@.-]{1,100}\.service|settings(?:\.py|\/[\w-]{1,60}\.py))$/i;

type Leak = SecretOccurrences["leaked"][number];
const PLACES: Readonly<Record<Leak["place"], { readonly says: string; readonly fix: string }>> = {
  "tracked-file": { says: "a file under version control", fix: "Remove the value from" },
  sample: { says: "a sample file", fix: "Empty the value in" },
  dockerfile: { says: "an image layer", fix: "Remove the ENV or ARG line from" },
  "compose-literal": {
    says: "a compose file",
    fix: "Move the value to env_file: or secrets: instead of",
  },
  "unit-literal": {
    says: "a service unit, which every account of the machine may read,",
    fix: "Move the value to EnvironmentFile= instead of Environment= in",
  },
  "settings-literal": {
    says: "the settings",
    fix: "Read the value from os.environ instead of the literal in",
  },
};

export const envSecretInVcsConfig = defineCheck({
  control: envSecretInVcs,
  layer: "config",
  reads:
    "the git index and ignore files, and the places in the tree where a live secret must not stand",
  wants: {
    repository,
    env: envFiles,
    occurrences: secretOccurrences,
    tree: deploymentTree,
    services,
    application,
    settings: appSettings,
    history: gitHistory,
  },

  evaluate(_facts, readings) {
    if (readings.repository.state !== "known" && !hasDeploymentFile(readings)) {
      return answerWithoutSubject(readings);
    }
    const repo = knownValue(readings.repository);
    const occurrences = knownValue(readings.occurrences);
    const leaks = occurrences?.leaked ?? [];
    const findings = [
      ...[...leaks, ...settingLeaks(knownValue(readings.settings), leaks)].map(leakFinding),
      ...(occurrences?.copiedToImage ?? []).map(contextFinding),
      ...envFileFindings(repo, knownValue(readings.env)),
      ...historyFindings(knownValue(readings.history), leaks),
    ];
    const problem = openProblem(readings);
    return judge(
      findings,
      problem === undefined
        ? passOf(repo, knownValue(readings.env))
        : cannotTell(problem.code, problem.detail),
    );
  },
});

interface Wanted {
  readonly repository: Reading<Repository>;
  readonly env: Reading<EnvFiles>;
  readonly occurrences: Reading<SecretOccurrences>;
  readonly tree: Reading<DeploymentTree>;
  readonly services: Reading<Services>;
  readonly application: Reading<Application>;
  readonly settings: Reading<AppSettings>;
  readonly history: Reading<GitHistory>;
}

function hasDeploymentFile({ tree, services: running, application: app, settings }: Wanted) {
  const isNamed = knownValue(tree)?.files.some(({ path }) => DEPLOYMENT_FILE.test(path)) ?? false;
  const isRun = knownValue(running)?.services.some(({ kind }) => kind !== "process") ?? false;
  const hasSettings = (knownValue(settings)?.settings ?? []).some(({ kind }) => kind !== "absent");
  return isNamed || isRun || hasSettings || knownValue(app)?.settings !== undefined;
}

function answerWithoutSubject(readings: Wanted): Outcome {
  const { repository: repo, tree } = readings;
  if (repo.state === "unknown") return cannotTell(repo.problem.code, repo.problem.detail);
  if (tree.state === "unknown") return cannotTell(tree.problem.code, tree.problem.detail);
  const hidden = hiddenPlace(readings);
  if (hidden !== undefined) return cannotTell(hidden.code, hidden.detail);
  return notApplicable("No work tree of git, no Dockerfile, compose file, unit or settings");
}

/** A place that may hold a live secret and could not be looked at. */
function hiddenPlace({ occurrences, settings, tree }: Wanted): Problem | undefined {
  const [unread] = knownValue(occurrences)?.unread ?? [];
  if (unread !== undefined) return cannotBeSearched(unread.file, unread.problem);
  const [unparsed] = knownValue(settings)?.problems ?? [];
  if (unparsed !== undefined)
    return cannotBeSearched(unparsed.file, { code: "malformed", detail: unparsed.detail });
  const unlisted = knownValue(tree)?.unreadable.find(({ code }) => code === "denied");
  return unlisted === undefined
    ? undefined
    : cannotBeSearched(unlisted.path, { code: "denied", detail: "it may not be listed" });
}

function cannotBeSearched(file: string, { code, detail }: Problem): Problem {
  return { code, detail: `A live secret may stand in ${file}, which cannot be read: ${detail}` };
}

/** A value in source; `variable`: it is what the program has where that one is not set. */
type SettingLeak = Leak & { readonly variable?: string | undefined };

/** A secret that source itself sets is live without any env file. */
function settingLeaks(
  settings: AppSettings | undefined,
  leaks: readonly Leak[],
): readonly SettingLeak[] {
  return (settings?.settings ?? []).flatMap((setting): readonly SettingLeak[] => {
    const { name, file, line, resolved } = setting;
    if (resolved.state !== "known") return [];
    const { secret, secrets, from } = resolved;
    const isInSource = from === "literal" || from === "default";
    const single = secret === undefined ? [] : [{ secret, isLiteral: isInSource }];
    const [found] = (secrets ?? single).filter((each) => each.isLiteral && each.secret.length > 0);
    const isTold = leaks.some((leak) => leak.file === file && leak.line === line);
    if (found === undefined || isTold) return [];
    const { fingerprint } = found.secret;
    const variable = from === "default" ? setting.variables[0] : undefined;
    return [{ key: name, fingerprint, place: "settings-literal", file, line, variable }];
  });
}

function leakFinding({ key, fingerprint, place, file, line, variable }: SettingLeak): Finding {
  const { says, fix } = PLACES[place];
  // A whole env file of another service is in use there: it leaves the index, not its values.
  const isEnvFile =
    place === "tracked-file" && /(?:^|\/)(?:\.env(?:\.[\w-]+)?|[\w-]+\.env)$/.test(file);
  const untrack = `run git rm --cached ${shellWord(file)} && echo ${shellWord(file)} >> .gitignore`;
  const isDefault = variable !== undefined;
  return {
    rule: `secret-in-${place}`,
    status: "fail",
    subject: key,
    message: `The live value of ${key} stands in ${says}${isDefault ? `, as ${variable} is not set` : ""} (${file}:${line})`,
    fix: isDefault
      ? `Set ${variable} to a new value in the environment, restart, and take its default out of ${file} (line ${line})`
      : `Give ${key} a new value, restart, and keep the new one out of ${isEnvFile ? `version control: ${untrack}` : `the file: ${lowerFirst(fix)} ${file} (line ${line})`}`,
    evidence: [{ file, line, excerpt: `${key} = live value, fp:${fingerprint}` }],
  };
}

/** A value that a later commit took away is still in every clone; one that stands there now is told already. */
function historyFindings(
  history: GitHistory | undefined,
  leaks: readonly Leak[],
): readonly Finding[] {
  const told = new Set(leaks.map(({ key }) => key));
  return (history?.found ?? [])
    .filter(({ key }) => !told.has(key))
    .map(({ key, fingerprint, commit, file }) => ({
      rule: "secret-in-history",
      status: "fail",
      subject: key,
      message: `The live value of ${key} stands in the history of git (${file} in ${commit.slice(0, 12)})`,
      fix: `Give ${key} a new value and restart: every clone has the old one, and rewriting the history does not take it back`,
      evidence: [{ file, excerpt: `${key} = live value, fp:${fingerprint}, commit ${commit}` }],
    }));
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Env files outside the audited directory are never part of its repository or image. */
function envFileFindings(
  repo: Repository | undefined,
  env: EnvFiles | undefined,
): readonly Finding[] {
  if (repo === undefined || env === undefined) return [];
  const tracked = new Set(repo.tracked);
  const ignored = new Set(repo.ignoredEnvFiles);
  const inside = env.files.map(({ path }) => path).filter((path) => !/^(?:\/|\.\.\/)/.test(path));
  return inside.flatMap((path) => {
    if (tracked.has(path)) return [trackedFinding(path)];
    const isOpen = repo.problem === undefined && !ignored.has(path);
    const isCopied =
      repo.dockerIgnoredEnvFiles !== undefined && !repo.dockerIgnoredEnvFiles.includes(path);
    return [
      ...(isOpen ? [ignoreFinding(path, ".gitignore", "the next git add takes it along")] : []),
      ...(isCopied ? [contextFinding(path)] : []),
    ];
  });
}

function trackedFinding(path: string): Finding {
  return {
    rule: "env-file-tracked",
    status: "fail",
    message: `${path} is under version control`,
    fix: `Give every secret in it a new value, then run: git rm --cached ${shellWord(path)} && echo ${shellWord(path)} >> .gitignore`,
    evidence: [{ file: path, excerpt: "listed in the index of git" }],
  };
}

function contextFinding(path: string): Finding {
  return ignoreFinding(path, ".dockerignore", "the image takes it along");
}

function ignoreFinding(path: string, ignore: string, consequence: string): Finding {
  return {
    rule: ignore === ".gitignore" ? "env-file-not-ignored" : "env-file-in-build-context",
    status: "warn",
    message: `${path} is not covered by ${ignore}: ${consequence}`,
    fix: `Run: echo ${shellWord(path)} >> ${ignore}`,
    evidence: [{ file: path, excerpt: `no pattern in ${ignore} covers it` }],
  };
}

/** What could not be looked at: without it a pass would be a guess. */
function openProblem(readings: Wanted): Problem | undefined {
  const { repository: repo, occurrences, env } = readings;
  if (repo.state === "unknown") return repo.problem;
  if (occurrences.state === "unknown") return occurrences.problem;
  if (env.state === "unknown") return env.problem;
  const unsearched = historyProblem(readings.history);
  if (unsearched !== undefined) return unsearched;
  const problem = knownValue(repo)?.problem;
  if (problem !== undefined) {
    const detail = `Only the work tree was judged, and nothing was found in it: ${problem}`;
    return { code: "unsupported", detail };
  }
  const hidden = knownValue(env)?.files.find(({ content }) => content.state === "unknown");
  if (hidden?.content.state !== "unknown") return hiddenPlace(readings);
  const { code, detail } = hidden.content.problem;
  return { code, detail: `The secrets in ${hidden.path} cannot be looked for: ${detail}` };
}

/** It was asked for (`--deep`), and not all of it could be searched. */
function historyProblem(history: Reading<GitHistory>): Problem | undefined {
  const says = "Only the work tree was judged, and nothing was found in it";
  if (history.state === "unknown")
    return { code: history.problem.code, detail: `${says}: ${history.problem.detail}` };
  const value = knownValue(history);
  if (value === undefined || !value.isTruncated) return undefined;
  const detail = `Nothing was found in the work tree and the last ${value.commits} commits; the history has more`;
  return { code: "too-large", detail };
}

function passOf(repo: Repository | undefined, env: EnvFiles | undefined): Outcome {
  const files = env?.files.map(({ path }) => path) ?? [];
  const evidence = files.map((file) => ({ file, excerpt: "not tracked" }));
  const index =
    repo === undefined
      ? "there is no work tree of git"
      : `${repo.tracked.length} tracked files were looked at`;
  return pass(`No live secret stands where others can read it, and ${index}`, evidence);
}
