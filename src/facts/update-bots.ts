import type { CollectContext } from "../core/fact.ts";
import { absent, known, knownValue, type Reading, unknown } from "../core/reading.ts";
import { readYaml, yamlAt, yamlItems, yamlTexts } from "../parsers/yaml-tree.ts";
import { attempt } from "./attempt.ts";
import { GIT } from "./git-arguments.ts";
import { resolveFrom } from "./target-path.ts";

/** A robot that is configured to open merge requests with updates. */
export interface UpdateBot {
  readonly name: "dependabot" | "renovate";
  /** Its configuration, relative to the work tree's root. */
  readonly file: string;
  /** Its newest update that is merged; absent where none of the newest `BOT_COMMITS_MAX` commits is one. */
  readonly last: Reading<{ readonly commit: string; readonly committedMs: number }>;
}

/** Commits of the checked-out branch that are looked through. */
export const BOT_COMMITS_MAX = 2_000;
const CONFIG_BYTES_MAX = 262_144;
const RUN_MS = 15_000;

const DEPENDABOT_FILES = [".github/dependabot.yml", ".github/dependabot.yaml"];
/** Renovate documentation, "Configuration options": where it looks, in its order. */
const RENOVATE_FILES = [
  "renovate.json",
  "renovate.json5",
  ".github/renovate.json",
  ".github/renovate.json5",
  ".gitlab/renovate.json",
  ".gitlab/renovate.json5",
  ".renovaterc",
  ".renovaterc.json",
  ".renovaterc.json5",
];
/** Ecosystems of the build, not of the application's dependencies. */
const NOT_DEPENDENCIES: ReadonlySet<string> = new Set([
  "github-actions",
  "docker",
  "docker-compose",
  "devcontainers",
  "gitsubmodule",
  "terraform",
]);

const AUTHORS = {
  dependabot: /^dependabot(?:-preview)?(?:\[bot\])?$/i,
  renovate: /^(?:(?:mend )?renovate(?:[ -]?bot)?|[\w-]+-renovate)(?:\[bot\])?$/i,
} as const;
/** GitHub and GitLab write the branch into the merge's subject. */
const MERGES = {
  dependabot:
    /^Merge (?:pull request #\d+ from [^\s/]+\/|(?:remote-tracking )?branch '(?:origin\/)?)dependabot\/(?!github_actions\/|docker)/,
  renovate:
    /^Merge (?:pull request #\d+ from [^\s/]+\/|(?:remote-tracking )?branch '(?:origin\/)?)renovate\//,
} as const;
/** Updates of workflow actions: `Bump actions/checkout from`, `Update actions/checkout action to`. */
const OF_ACTIONS = /\bbump (?:the )?(?:[\w.-]+\/[\w./-]+|github-actions\b)|\bupdate \S+ action\b/i;

/** Those whose configuration lies in the work tree and is not switched off. */
export async function updateBots(
  context: CollectContext,
  root: string,
): Promise<readonly UpdateBot[]> {
  const configured = [
    ...(await configuredBy(context, root, "dependabot", DEPENDABOT_FILES, isDependabotOn)),
    ...(await configuredBy(context, root, "renovate", RENOVATE_FILES, isRenovateOn)),
  ];
  if (configured.length === 0) return [];
  const log = await newestCommits(context, root);
  return configured.map(({ name, file }) => ({
    name,
    file,
    last: log.state === "known" ? lastMerge(name, log.value) : log,
  }));
}

async function configuredBy(
  { host }: CollectContext,
  root: string,
  name: UpdateBot["name"],
  files: readonly string[],
  isOn: (text: string) => boolean,
) {
  for (const file of files) {
    const text = knownValue(
      await attempt(() => host.readFile(resolveFrom(root, file), CONFIG_BYTES_MAX)),
    );
    if (text !== undefined) return isOn(text) ? [{ name, file }] : [];
  }
  return [];
}

function isDependabotOn(text: string): boolean {
  const read = readYaml(text);
  if (!read.ok) return false;
  const updates = yamlItems(yamlAt(read.documents[0], "updates"));
  return updates.some((update) =>
    yamlTexts(yamlAt(update, "package-ecosystem")).some(
      (ecosystem) => !NOT_DEPENDENCIES.has(ecosystem.text),
    ),
  );
}

/** JSON is YAML, and so is most of JSON5 but for its comments. */
function isRenovateOn(text: string): boolean {
  const read = readYaml(text.replace(/^\s*\/\/.*$/gm, ""));
  if (!read.ok) return false;
  const [enabled] = yamlTexts(yamlAt(read.documents[0], "enabled"));
  return enabled?.text !== "false";
}

async function newestCommits(
  { host, signal }: CollectContext,
  root: string,
): Promise<Reading<string>> {
  const log = ["log", `--max-count=${BOT_COMMITS_MAX}`, "--format=%H%x09%ct%x09%an%x09%s", "HEAD"];
  const run = await attempt(() =>
    host.run("git", [...GIT, ...log, "--"], { cwd: root, timeoutMs: RUN_MS, signal }),
  );
  if (run.state !== "known") return run;
  if (run.value.exit === 0) return known(run.value.stdout);
  return unknown("unsupported", `git cannot read the history of ${root}`);
}

function lastMerge(name: UpdateBot["name"], log: string): UpdateBot["last"] {
  for (const line of log.split("\n")) {
    const [commit = "", seconds = "", author = "", subject = ""] = line.split("\t");
    const isOfBot = AUTHORS[name].test(author) || MERGES[name].test(subject);
    if (!isOfBot || OF_ACTIONS.test(subject) || !/^\d{1,12}$/.test(seconds)) continue;
    return known({ commit, committedMs: Number(seconds) * 1_000 });
  }
  return absent(`no update of ${name} is merged`);
}
