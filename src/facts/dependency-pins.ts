import type { CollectContext } from "../core/fact.ts";
import type { LockFile, LockReader } from "../parsers/dependencies/lock-file.ts";
import { readNpmLock } from "../parsers/dependencies/npm-lock.ts";
import type { OsvEcosystem } from "../parsers/dependencies/osv-record.ts";
import { readPnpmLock } from "../parsers/dependencies/pnpm-lock.ts";
import {
  readPdmLock,
  readPipfileLock,
  readPoetryLock,
  readUvLock,
} from "../parsers/dependencies/python-locks.ts";
import { readYarnLock } from "../parsers/dependencies/yarn-lock.ts";
import { attempt } from "./attempt.ts";
import type { Manifests } from "./dependency-manifests.ts";
import { type Pin, type Pins, readText } from "./dependency-pin.ts";
import { readRequirements } from "./dependency-requirements.ts";
import { baseName, directoryOf, resolveFrom, shownPath } from "./target-path.ts";

interface Format {
  readonly read: LockReader;
  /** Named beside the lock file. */
  readonly manifest?: string;
}

const FORMATS: Readonly<Record<string, Format>> = {
  "poetry.lock": { read: readPoetryLock, manifest: "pyproject.toml" },
  "uv.lock": { read: readUvLock },
  "pdm.lock": { read: readPdmLock },
  "Pipfile.lock": { read: readPipfileLock },
  "package-lock.json": { read: readNpmLock },
  "npm-shrinkwrap.json": { read: readNpmLock },
  "yarn.lock": { read: readYarnLock, manifest: "package.json" },
  "pnpm-lock.yaml": { read: readPnpmLock },
};

/** Every version the deployment's files fix, of one ecosystem. */
export async function pinsOf(
  context: CollectContext,
  ecosystem: OsvEcosystem,
  manifests: Manifests,
): Promise<Pins> {
  const isPython = ecosystem === "PyPI";
  const locks = isPython ? manifests.pythonLocks : [...manifests.npmLocks, ...manifests.otherLocks];
  const parts: Pins[] = [];
  for (const file of locks) parts.push(await readLock(context, file));
  if (!isPython) return joined(parts);
  for (const directory of manifests.sitePackages) parts.push(await installed(context, directory));
  const found = joined(parts);
  const required = await readRequirements(context, manifests, found.pins);
  const all = joined([found, required]);
  const [project] = manifests.pythonProjects;
  if (all.pins.length > 0 || all.gaps.length > 0 || project === undefined) return all;
  return {
    ...all,
    gaps: [`${project} names no exact versions, and there is no lock file beside it`],
  };
}

function joined(parts: readonly Pins[]): Pins {
  return {
    pins: parts.flatMap(({ pins }) => pins),
    skipped: parts.flatMap(({ skipped }) => skipped),
    gaps: parts.flatMap(({ gaps }) => gaps),
  };
}

async function readLock(context: CollectContext, file: string): Promise<Pins> {
  const format = FORMATS[baseName(file)];
  const path = resolveFrom(context.target.directory, file);
  const text = await readText(context, path);
  if (text.state !== "known" || format === undefined) {
    const why = text.state === "unknown" ? text.problem.detail : "it is not there";
    return { pins: [], skipped: [], gaps: [`${file} was not read: ${why}`] };
  }
  const beside = `${directoryOf(path)}/${format.manifest}`;
  const manifest = format.manifest === undefined ? undefined : await readText(context, beside);
  const lock = format.read(text.value, manifest?.state === "known" ? manifest.value : undefined);
  return ofFile(file, lock);
}

function ofFile(file: string, { packages, skipped, problems }: LockFile): Pins {
  return {
    pins: packages.map((one) => ({ ...one, file })),
    skipped,
    gaps: problems.map(({ message, line }) =>
      line === undefined ? `${file}: ${message}` : `${file}:${line}: ${message}`,
    ),
  };
}

const INSTALLED = /^([A-Za-z0-9][A-Za-z0-9._]*)-([^-]+)\.(?:dist-info|egg-info)$/;

/** What is installed in a virtual environment, by the names of its metadata (PEP 376). */
async function installed(context: CollectContext, directory: string): Promise<Pins> {
  const file = shownPath(context.target.directory, directory);
  const names = await attempt(() => context.host.readDir(directory));
  if (names.state !== "known") {
    return { pins: [], skipped: [], gaps: [`${file} could not be listed`] };
  }
  const pins = names.value.flatMap((entry): readonly Pin[] => {
    const [, name, version] = INSTALLED.exec(entry) ?? [];
    return name === undefined || version === undefined ? [] : [{ name, version, file }];
  });
  return { pins, skipped: [], gaps: [] };
}
