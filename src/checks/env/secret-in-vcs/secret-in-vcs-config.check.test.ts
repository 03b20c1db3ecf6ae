import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../../../core/check.ts";
import { absent, known, type Reading, unknown } from "../../../core/reading.ts";
import type { Resolved } from "../../../facts/app-settings.fact.ts";
import type { DeploymentTree } from "../../../facts/deployment-tree.fact.ts";
import type { Repository } from "../../../facts/repository.fact.ts";
import type { SecretOccurrences } from "../../../facts/secret-occurrences.fact.ts";
import {
  applicationOf,
  envFileOf,
  envFilesOf,
  STRONG,
  settingOf,
} from "../../judgement/example-facts.ts";
import { envSecretInVcsConfig } from "./secret-in-vcs-config.check.ts";

type Wanted = Parameters<typeof envSecretInVcsConfig.evaluate>[1];
type Leak = SecretOccurrences["leaked"][number];

function repositoryOf(rest: Partial<Repository>): Reading<Repository> {
  return known({
    root: "/srv/app",
    tracked: ["manage.py"],
    ignoredEnvFiles: [".env"],
    dockerIgnoredEnvFiles: undefined,
    ...rest,
  });
}

function treeOf(...paths: readonly string[]): Reading<DeploymentTree> {
  const files = paths.map((path) => ({ path, kind: "file" }) as const);
  return known({ files, directories: [], isTruncated: false, unreadable: [] });
}

function leaksOf(...leaked: readonly Leak[]): Reading<SecretOccurrences> {
  return known({ keys: ["SECRET_KEY"], shared: [], unexpanded: [], leaked });
}

function judged(rest: Partial<Wanted>) {
  return envSecretInVcsConfig.evaluate(
    {},
    {
      repository: repositoryOf({}),
      env: known(envFilesOf(envFileOf({}))),
      occurrences: leaksOf(),
      tree: treeOf("manage.py"),
      services: known({ services: [], published: [], binds: [] }),
      application: known(applicationOf("django")),
      settings: absent("none"),
      history: absent("not asked for"),
      ...rest,
    },
  );
}

const NO_GIT = { repository: absent("no work tree") };
const leak = (place: Leak["place"], file: string): Leak => ({
  key: "SECRET_KEY",
  fingerprint: "1a2b3c4d",
  place,
  file,
  line: 7,
});
const outside = envFileOf({ path: "/etc/app/env" });
const unreadable = envFileOf({ content: unknown("denied", "permission denied") });

function copied(...copiedToImage: readonly string[]): Partial<Wanted> {
  const occurrences = { keys: [], shared: [], unexpanded: [], leaked: [], copiedToImage };
  return { ...NO_GIT, tree: treeOf("Dockerfile"), occurrences: known(occurrences) };
}

const DENIED = { code: "denied", detail: "permission denied" } as const;

function unread(...leaked: readonly Leak[]): Partial<Wanted> {
  const value = { keys: [], shared: [], unexpanded: [], leaked };
  return { occurrences: known({ ...value, unread: [{ file: "Dockerfile", problem: DENIED }] }) };
}

function unlisted(): Partial<Wanted> {
  const unreadable = [{ path: "config", code: "denied" } as const];
  const tree = known({ files: [], directories: [], isTruncated: false, unreadable });
  return { ...NO_GIT, tree, application: known(applicationOf()) };
}

type Known = Extract<Resolved, { readonly state: "known" }>;

function inSource(resolved: Partial<Known>): Partial<Wanted> {
  const setting = settingOf("SECRET_KEY", { state: "known", from: "mixed", ...resolved });
  return { settings: known({ settings: [setting], problems: [] }) };
}

const listed = (isLiteral: boolean) => ({ secret: STRONG, isLiteral });

const cases: readonly (readonly [string, Partial<Wanted>, Status])[] = [
  ["ignored and untracked", {}, "pass"],
  ["tracked", { repository: repositoryOf({ tracked: ["manage.py", ".env"] }) }, "fail"],
  ["neither tracked nor ignored", { repository: repositoryOf({ ignoredEnvFiles: [] }) }, "warn"],
  ["not in .dockerignore", { repository: repositoryOf({ dockerIgnoredEnvFiles: [] }) }, "warn"],
  ["in .dockerignore", { repository: repositoryOf({ dockerIgnoredEnvFiles: [".env"] }) }, "pass"],
  [
    "outside the tree, nothing to ignore",
    { env: known(envFilesOf(outside)), repository: repositoryOf({ ignoredEnvFiles: [] }) },
    "pass",
  ],
  ["live value in a sample", { occurrences: leaksOf(leak("sample", ".env.sample")) }, "fail"],
  [
    "live value in a Dockerfile",
    { occurrences: leaksOf(leak("dockerfile", "Dockerfile")) },
    "fail",
  ],
  ["live value in a unit", { occurrences: leaksOf(leak("unit-literal", "a.service")) }, "fail"],
  ["index unreadable", { repository: repositoryOf({ problem: "index version 9" }) }, "unknown"],
  [
    "index unreadable, a leak in the work tree",
    {
      repository: repositoryOf({ problem: "index version 9" }),
      occurrences: leaksOf(leak("settings-literal", "settings.py")),
    },
    "fail",
  ],
  ["env file unreadable", { env: known(envFilesOf(unreadable)) }, "unknown"],
  ["a Dockerfile that may not be read", unread(), "unknown"],
  ["the same, and a leak elsewhere", unread(leak("sample", ".env.sample")), "fail"],
  ["a directory that may not be listed, and nothing else", unlisted(), "unknown"],
  [
    "settings that do not parse",
    { settings: known({ settings: [], problems: [{ file: "settings.py", detail: "line 3" }] }) },
    "unknown",
  ],
  ["occurrences unknown", { occurrences: unknown("timed-out", "10 s") }, "unknown"],
  ["no secrets", { occurrences: absent("no secrets") }, "pass"],
  ["no git, nothing else", NO_GIT, "skip"],
  ["no git, a Dockerfile", { ...NO_GIT, tree: treeOf("deploy/Dockerfile") }, "pass"],
  ["no git, compose.prod.yaml", { ...NO_GIT, tree: treeOf("compose.prod.yaml") }, "pass"],
  ["no git, a unit", { ...NO_GIT, tree: treeOf("deploy/monitor.service") }, "pass"],
  ["no git, settings", { ...NO_GIT, tree: treeOf("config/settings.py") }, "pass"],
  ["no git, a text that is called compose", { ...NO_GIT, tree: treeOf("compose.txt") }, "skip"],
  ["no git, tree unknown", { ...NO_GIT, tree: unknown("timed-out", "10 s") }, "unknown"],
  ["no git, the image takes the env file along", copied(".env"), "warn"],
  ["no git, nothing in the image", copied(), "pass"],
  ["a literal in settings is live", inSource({ secret: STRONG, from: "literal" }), "fail"],
  ["a default in force is live", inSource({ secret: STRONG, from: "default" }), "fail"],
  ["a value of the environment", inSource({ secret: STRONG, from: "env" }), "pass"],
  ["a list with a literal", inSource({ secrets: [listed(false), listed(true)] }), "fail"],
  ["a list without one", inSource({ secrets: [listed(false)] }), "pass"],
  ["git unknown", { repository: unknown("denied", ".git") }, "unknown"],
];

for (const [name, rest, status] of cases) {
  test(`env.secret-in-vcs/config: ${name} is ${status}`, () => {
    assert.equal(judged(rest).status, status);
  });
}

test("env.secret-in-vcs/config: a default is told with the variable that would take its place", () => {
  const resolved = { state: "known", secret: STRONG, from: "default" } as const;
  const setting = { ...settingOf("SECRET_KEY", resolved), variables: ["APP_SECRET"] };
  const outcome = judged({ settings: known({ settings: [setting], problems: [] }) });
  assert.ok(outcome.status === "fail");
  const [{ message, fix }] = outcome.findings;
  assert.match(message, /stands in the settings, as APP_SECRET is not set \(/);
  assert.match(
    fix,
    /^Set APP_SECRET to a new value in the environment, restart, and take its default /,
  );
});

test("env.secret-in-vcs/config: a leak is quoted by key and fingerprint at its line", () => {
  const outcome = judged({ occurrences: leaksOf(leak("compose-literal", "compose.yaml")) });
  assert.ok(outcome.status === "fail");
  const [finding] = outcome.findings;
  assert.equal(finding.rule, "secret-in-compose-literal");
  assert.deepEqual(finding.evidence, [
    { file: "compose.yaml", line: 7, excerpt: "SECRET_KEY = live value, fp:1a2b3c4d" },
  ]);
});

test("env.secret-in-vcs/config: a tracked env file of another service leaves the index whole", () => {
  const fixOf = (file: string) => {
    const outcome = judged({ occurrences: leaksOf(leak("tracked-file", file)) });
    assert.ok(outcome.status === "fail");
    return outcome.findings[0].fix;
  };
  assert.match(
    fixOf("env/postgres.env"),
    /keep the new one out of version control: run git rm --cached env\/postgres\.env && echo env\/postgres\.env >> \.gitignore$/,
  );
  assert.match(
    fixOf("deploy/notes.txt"),
    /out of the file: remove the value from deploy\/notes\.txt \(line 7\)$/,
  );
});

test("env.secret-in-vcs/config: a hostile file name is quoted in the fix", () => {
  const env = known(envFilesOf(envFileOf({ path: "$(id).env" })));
  const outcome = judged({ env, repository: repositoryOf({ tracked: ["$(id).env"] }) });
  assert.ok(outcome.status === "fail");
  assert.match(outcome.findings[0].fix, /git rm --cached '\$\(id\)\.env' &&/);
});

const PAST = {
  key: "SECRET_KEY",
  fingerprint: "1a2b3c4d",
  commit: "b".repeat(40),
  file: "config/settings.py",
};

test("env.secret-in-vcs/config: the history counts where it was asked for", () => {
  const historyOf = (found: readonly (typeof PAST)[], isTruncated = false) => ({
    history: known({ found, commits: 12, isTruncated }),
  });
  assert.equal(judged(historyOf([])).status, "pass");
  assert.equal(judged(historyOf([], true)).status, "unknown");
  assert.equal(judged(historyOf([PAST], true)).status, "fail");
  assert.equal(judged({ history: unknown("tool-missing", "git") }).status, "unknown");
  const outcome = judged(historyOf([PAST]));
  assert.ok(outcome.status === "fail");
  const [{ rule, message, evidence }] = outcome.findings;
  assert.equal(rule, "secret-in-history");
  assert.match(
    message,
    /SECRET_KEY stands in the history of git \(config\/settings\.py in bbbbbbbbbbbb\)/,
  );
  assert.equal(evidence[0].file, "config/settings.py");
});

test("env.secret-in-vcs/config: what stands there now is told once", () => {
  const outcome = judged({
    occurrences: leaksOf(leak("settings-literal", "settings.py")),
    history: known({ found: [PAST], commits: 12, isTruncated: false }),
  });
  assert.ok(outcome.status === "fail");
  assert.deepEqual(
    outcome.findings.map(({ rule }) => rule),
    ["secret-in-settings-literal"],
  );
});
