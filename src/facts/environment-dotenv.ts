import type { CollectContext } from "../core/fact.ts";
import type { ApplicationLoader } from "./env-file-loader.ts";
import { readEnvFile } from "./env-file-text.ts";
import { nameOf, resolvePath, shownPath } from "./env-paths.ts";
import type { EnvSource } from "./environment-layers.ts";

type When = "always" | "production" | "dev";

interface Candidate {
  readonly name: string;
  readonly when: When;
  /** Files that only Node's tools load by convention (Next.js, Vite, dotenv-flow). */
  readonly isNodeOnly: boolean;
}

/**
 * Names an application loads by itself. In order of precedence for Node, where the more specific
 * wins; elsewhere `.env` comes first (catalog G4 names no other).
 */
const CANDIDATES: readonly Candidate[] = [
  { name: ".env.production.local", when: "production", isNodeOnly: true },
  { name: ".env.local", when: "always", isNodeOnly: true },
  { name: ".env.production", when: "production", isNodeOnly: false },
  { name: ".env.prod", when: "production", isNodeOnly: false },
  { name: ".env", when: "always", isNodeOnly: false },
  { name: ".env.dev", when: "dev", isNodeOnly: false },
  { name: ".env.development", when: "dev", isNodeOnly: true },
];

/** Directories an application may load its `.env` from: its root, and beside manage.py and settings. */
const DIRECTORIES_MAX = 12;
const BESIDE: ReadonlySet<string> = new Set(["manage.py", "settings.py"]);
const ASIDE =
  /(?:^|\/)(?:tests?|docs?|examples?|fixtures|node_modules|venv|\.venv|site-packages)\//;

/** The env files the application loads by itself that exist, of one kind. */
export async function dotenvFiles(
  context: Pick<CollectContext, "host" | "target">,
  files: readonly string[],
  application: ApplicationLoader,
  when: When,
): Promise<readonly EnvSource[]> {
  const wanted = CANDIDATES.filter(
    (candidate) => candidate.when === when && (application.isNode || !candidate.isNodeOnly),
  );
  const found: EnvSource[] = [];
  for (const directory of directoriesOf(files)) {
    for (const candidate of wanted) {
      const source = await dotenvFile(context, directory, candidate, application);
      if (source.text.state !== "absent") found.push(source);
    }
  }
  return found;
}

async function dotenvFile(
  { host, target }: Pick<CollectContext, "host" | "target">,
  directory: string,
  { name, when }: Candidate,
  { loader, isNode }: ApplicationLoader,
): Promise<EnvSource> {
  const absolute = resolvePath(target.directory, `${directory}/${name}`);
  return {
    kind: "file",
    layer: when === "dev" ? "dotenv-dev" : "dotenv",
    path: shownPath(absolute, target.directory),
    absolute,
    usedBy: directory === "." ? `${name} of the application` : `${name} in ${directory}`,
    loader,
    text: await readEnvFile(host, absolute),
    rank: rankOf(name, isNode),
  };
}

function rankOf(name: string, isNode: boolean): number {
  if (name === ".env" && !isNode) return -1;
  return CANDIDATES.findIndex((candidate) => candidate.name === name);
}

function directoriesOf(files: readonly string[]): readonly string[] {
  const beside = files
    .filter((path) => path.includes("/") && !ASIDE.test(path))
    .filter((path) => BESIDE.has(nameOf(path)) || /(?:^|\/)settings\/[\w-]+\.py$/.test(path))
    .map((path) => path.slice(0, path.lastIndexOf("/")));
  return [...new Set([".", ...beside])].slice(0, DIRECTORIES_MAX);
}
