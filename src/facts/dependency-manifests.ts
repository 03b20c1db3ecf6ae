import type { CollectContext } from "../core/fact.ts";
import { knownValue } from "../core/reading.ts";
import { attempt } from "./attempt.ts";
import { baseName, isOutsideDeployment, resolveFrom } from "./target-path.ts";

/** What names the dependencies of the deployment, relative to the audited directory. */
export interface Manifests {
  readonly all: readonly string[];
  /** Requirement files of the deployment; those for development only where there are no others. */
  readonly requirements: readonly string[];
  /** Requirement files for development, where others are deployed. */
  readonly development: readonly string[];
  readonly pythonLocks: readonly string[];
  /** `pyproject.toml`: names ranges, no versions. */
  readonly pythonProjects: readonly string[];
  /** Absolute `site-packages` of the virtual environments, what is really installed. */
  readonly sitePackages: readonly string[];
  readonly npmLocks: readonly string[];
  /** pnpm and yarn. */
  readonly otherLocks: readonly string[];
}

/** Manifests of one kind. */
const MANIFESTS_MAX = 16;
const CONFIG_BYTES_MAX = 65_536;
const VIRTUAL_ENVIRONMENTS = [".venv", "venv"];
const REQUIREMENTS = /^(?:[\w.-]*requirements[\w.-]*\.txt|requirements\/[\w.-]+\.txt)$/;
const DEVELOPMENT =
  /(?:^|[-_./])(?:dev|develop|development|tests?|testing|docs?|lint|ci|local)(?:[-_.]|$)/;
const PYTHON_LOCKS = new Set(["uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock"]);
const NPM_LOCKS = new Set(["package-lock.json", "npm-shrinkwrap.json"]);
const OTHER_LOCKS = new Set(["pnpm-lock.yaml", "yarn.lock"]);

/** The root and one level below it; tests, examples and documentation left out. */
export async function findManifests(
  context: CollectContext,
  files: readonly string[],
): Promise<Manifests> {
  const near = files.filter((path) => path.split("/").length <= 2 && !isOutsideDeployment(path));
  const named = (names: ReadonlySet<string>) =>
    near.filter((path) => names.has(baseName(path))).slice(0, MANIFESTS_MAX);
  const requirements = near.filter(
    (path) => REQUIREMENTS.test(path) || REQUIREMENTS.test(baseName(path)),
  );
  const deployed = requirements.filter((path) => !DEVELOPMENT.test(path));
  const environments = await virtualEnvironments(context);
  const manifests = {
    requirements: (deployed.length > 0 ? deployed : requirements).slice(0, MANIFESTS_MAX),
    development: (deployed.length > 0
      ? requirements.filter((path) => DEVELOPMENT.test(path))
      : []
    ).slice(0, MANIFESTS_MAX),
    pythonLocks: named(PYTHON_LOCKS),
    pythonProjects: named(new Set(["pyproject.toml"])),
    npmLocks: named(NPM_LOCKS),
    otherLocks: named(OTHER_LOCKS),
  };
  const all = [
    ...requirements,
    ...manifests.pythonLocks,
    ...manifests.pythonProjects,
    ...manifests.npmLocks,
    ...manifests.otherLocks,
    ...environments.map(({ name }) => name),
  ].sort();
  const sitePackages = environments.flatMap((environment) => environment.sitePackages);
  return { ...manifests, sitePackages, all };
}

/** PEP 405: a directory with `pyvenv.cfg` is a virtual environment. */
async function virtualEnvironments({ host, target }: CollectContext) {
  const found: { name: string; sitePackages: readonly string[] }[] = [];
  for (const name of VIRTUAL_ENVIRONMENTS) {
    const path = resolveFrom(target.directory, name);
    const config = await attempt(() => host.readFile(`${path}/pyvenv.cfg`, CONFIG_BYTES_MAX));
    if (config.state !== "known") continue;
    const versions = knownValue(await attempt(() => host.readDir(`${path}/lib`))) ?? [];
    const sitePackages = versions
      .filter((version) => /^python3(?:\.\d+)?$/.test(version))
      .map((version) => `${path}/lib/${version}/site-packages`);
    found.push({ name, sitePackages });
  }
  return found;
}
