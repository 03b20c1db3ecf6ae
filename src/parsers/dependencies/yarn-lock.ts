import { childOf, type IndentedNode, parseIndented } from "./indented.ts";
import {
  boundedLock,
  brokenLock,
  type LockedPackage,
  type LockProblem,
  type LockReader,
  reachable,
  type UnlockedPackage,
} from "./lock-file.ts";
import { type NodeManifest, readNodeManifest } from "./node-manifest.ts";

/** An entry of either format. */
interface Entry {
  /** As the project calls it: the alias, where it has one. */
  readonly names: readonly string[];
  readonly descriptors: readonly string[];
  readonly name: string;
  readonly version: string | undefined;
  readonly line: number;
  /** Absent: from a registry. */
  readonly reason?: string;
  readonly isWorkspace: boolean;
  readonly needs: readonly (readonly [name: string, range: string])[];
}

/** yarn.lock of yarn 1 and of yarn 2 and later; `manifest` is the package.json beside it. */
export const readYarnLock: LockReader = (text, manifest) => {
  const parsed = parseIndented(text);
  if (!parsed.ok) return brokenLock(parsed.message, parsed.line);
  const entries = parsed.nodes.filter(({ key }) => key !== "__metadata").map(entryOf);
  const project = readNodeManifest(manifest);
  const deployed = project === undefined ? undefined : deployedEntries(entries, project);
  const packages: LockedPackage[] = [];
  const skipped: UnlockedPackage[] = [];
  const problems: LockProblem[] = [...missing(entries, project)].slice(0, 1);
  for (const entry of entries) {
    const { name, version, line, reason, isWorkspace } = entry;
    if (isWorkspace) continue;
    if (reason !== undefined) skipped.push({ name, reason, line });
    else if (version === undefined) problems.push({ message: `${name} has no version`, line });
    else {
      const isDeployed = deployed?.has(entry) ?? true;
      packages.push({ name, version, line, ...(!isDeployed && { group: "development" }) });
    }
  }
  return boundedLock({ packages, skipped, problems });
};

function entryOf(node: IndentedNode): Entry {
  const descriptors = node.key.split(/,\s*/).map((part) => part.replace(/^"|"$/g, ""));
  const names = descriptors.map((descriptor) => split(descriptor)[0]);
  const resolution = childOf(node, "resolution")?.value;
  const resolved = childOf(node, "resolved")?.value ?? "";
  const [descriptor = ""] = descriptors;
  const [name, source] = resolution === undefined ? aliased(descriptor) : split(resolution);
  const reason = reasonOf(source, resolved);
  return {
    names,
    descriptors,
    name,
    version: childOf(node, "version")?.value,
    line: node.line,
    isWorkspace: source.startsWith("workspace:"),
    needs: ["dependencies", "optionalDependencies"].flatMap((key) =>
      (childOf(node, key)?.children ?? []).map(({ key: need, value }) => [need, value] as const),
    ),
    ...(reason !== undefined && { reason }),
  };
}

/** `@a/b@^1.0.0`: the name and what stands behind it. */
function split(descriptor: string): readonly [name: string, range: string] {
  const at = descriptor.indexOf("@", 1);
  return at < 0 ? [descriptor, ""] : [descriptor.slice(0, at), descriptor.slice(at + 1)];
}

/** `short@npm:real@^1.0.0` is `real` to the registry. */
function aliased(descriptor: string): readonly [name: string, range: string] {
  const [name, range] = split(descriptor);
  const target = /^npm:(.+@.+)$/.exec(range)?.[1];
  return target === undefined ? [name, range] : split(target);
}

const REPOSITORY = /^(?:git(?:\+|:|@)|ssh:|github:|gitlab:|bitbucket:|https?:)|\.git(?:#|$)/;
const DIRECTORY = /^(?:file|link|portal):/;

function reasonOf(source: string, resolved: string): string | undefined {
  if (DIRECTORY.test(source)) return "from a directory or file";
  const isRepository =
    REPOSITORY.test(source) || /^git|\.git#|codeload\.github\.com/.test(resolved);
  return isRepository ? "from a repository or URL" : undefined;
}

/** What a lock file of alphabetical entries lost at its end is still named by others, or by the manifest. */
function* missing(
  entries: readonly Entry[],
  project: NodeManifest | undefined,
): Generator<LockProblem> {
  const listed = new Set(entries.flatMap(({ names }) => names));
  for (const { needs, name, line } of entries) {
    for (const [need] of needs) {
      if (!listed.has(need)) {
        yield { message: `it is cut off: ${name} needs ${need}, which is not listed`, line };
      }
    }
  }
  for (const need of project === undefined ? [] : [...project.deployed, ...project.development]) {
    if (!listed.has(need)) {
      yield { message: `it is cut off or old: package.json needs ${need}, which is not listed` };
    }
  }
}

/** What the manifest's own dependencies reach; `undefined` where it cannot be told (workspaces). */
function deployedEntries(
  entries: readonly Entry[],
  project: NodeManifest,
): ReadonlySet<Entry> | undefined {
  const workspaces = entries.filter(({ isWorkspace }) => isWorkspace);
  if (project.hasWorkspaces || workspaces.length > 1) return undefined;
  const byDescriptor = new Map<string, Entry>();
  const byName = new Map<string, Entry[]>();
  for (const entry of entries) {
    for (const descriptor of entry.descriptors) byDescriptor.set(descriptor, entry);
    for (const name of entry.names) byName.set(name, [...(byName.get(name) ?? []), entry]);
  }
  // Where a resolution replaced the range, every version of that name may be meant.
  const find = ([name, range]: readonly [string, string]): readonly Entry[] => {
    const entry = byDescriptor.get(`${name}@${range}`) ?? byDescriptor.get(`${name}@npm:${range}`);
    return entry === undefined ? (byName.get(name) ?? []) : [entry];
  };
  const roots = project.deployed.flatMap((name) => find([name, project.ranges.get(name) ?? ""]));
  return reachable(roots, ({ needs }) => needs.flatMap(find));
}
