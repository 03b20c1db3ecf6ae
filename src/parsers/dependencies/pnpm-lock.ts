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

const VERSIONS = /^(?:5\.\d+|6\.\d+|9\.\d+)$/;
/** `/name/1.0.0_peer@1` (version 5), `/name@1.0.0(peer@1)` (6), `name@1.0.0` (9). */
const KEY = /^\/?((?:@[^/@]+\/)?[^/@]+)[/@](\d[^/(_:]*)/;
const ELSEWHERE = /^(?:link|file|workspace):|:\/\/|^git/;
const DEPLOYED = ["dependencies", "optionalDependencies"];

/** pnpm-lock.yaml, lockfileVersion 5, 6 and 9. */
export const readPnpmLock: LockReader = (text) => {
  const parsed = parseIndented(text);
  if (!parsed.ok) return brokenLock(parsed.message, parsed.line);
  const top = (key: string) => parsed.nodes.filter((node) => node.key === key);
  const version = top("lockfileVersion").at(-1)?.value ?? "";
  if (!VERSIONS.test(version)) return brokenLock("its lockfileVersion is none of 5, 6, 9");
  const listed = top("packages").flatMap(({ children }) => children);
  const snapshots = top("snapshots").flatMap(({ children }) => children);
  // Version 5 has the dependencies of a project alone at the top.
  const importers = [
    ...top("importers").flatMap(({ children }) => children),
    { key: ".", value: "", line: 1, children: parsed.nodes },
  ];
  const graph = graphOf(importers, snapshots.length > 0 ? snapshots : listed);
  const deployed = snapshots.length > 0 ? deployedKeys(importers, graph) : undefined;
  const isDeployed = (node: IndentedNode) =>
    deployed?.has(node.key) ?? childOf(node, "dev")?.value !== "true";
  const read = listed.map((node) => readEntry(node, isDeployed(node)));
  const known = new Set(listed.map(({ key }) => key));
  const unlisted = snapshots.filter(({ key }) => !known.has(withoutPeers(key)));
  const problems = [...graph.missing, ...unlisted.map(({ key, line }) => cutOff(key, line))];
  return boundedLock({
    packages: read.filter((each) => "version" in each),
    skipped: read.filter((each) => "reason" in each),
    problems: problems.slice(0, 1),
  });
};

function readEntry(
  { key, line }: IndentedNode,
  isDeployed: boolean,
): LockedPackage | UnlockedPackage {
  const [, name, version] = ELSEWHERE.test(key) ? [] : (KEY.exec(key) ?? []);
  if (name === undefined || version === undefined) {
    return { name: nameOf(key), reason: "not from a registry", line };
  }
  return { name, version, line, ...(!isDeployed && { group: "development" }) };
}

function cutOff(name: string, line: number): LockProblem {
  return { message: `it is cut off: ${nameOf(name)} is needed and not listed`, line };
}

function nameOf(key: string): string {
  return /^\/?((?:@[^/@]+\/)?[^/@]+)/.exec(key)?.[1] ?? "a package";
}

function withoutPeers(key: string): string {
  const at = key.indexOf("(");
  return at < 0 ? key : key.slice(0, at);
}

interface Graph {
  /** The entries a list of dependencies stands for. */
  readonly targets: (node: IndentedNode, lists: readonly string[]) => readonly IndentedNode[];
  readonly missing: readonly LockProblem[];
}

function graphOf(importers: readonly IndentedNode[], entries: readonly IndentedNode[]): Graph {
  const byKey = new Map(entries.map((node) => [node.key, node]));
  const find = ({ key: name, value, children }: IndentedNode) => {
    const version = value || (children.find(({ key }) => key === "version")?.value ?? "");
    if (version === "" || ELSEWHERE.test(version)) return undefined;
    const keys = [version, `${name}@${version}`, `/${name}@${version}`, `/${name}/${version}`];
    return keys.map((key) => byKey.get(key)).find((node) => node !== undefined) ?? "missing";
  };
  const missing: LockProblem[] = [];
  for (const node of [...importers, ...entries]) {
    for (const need of [...DEPLOYED, "devDependencies"].flatMap((list) => needsOf(node, list))) {
      if (find(need) === "missing") missing.push(cutOff(need.key, need.line));
    }
  }
  const targets: Graph["targets"] = (node, lists) =>
    lists
      .flatMap((list) => needsOf(node, list))
      .map(find)
      .filter((target) => target !== undefined && target !== "missing");
  return { targets, missing };
}

function needsOf(node: IndentedNode, list: string): readonly IndentedNode[] {
  return childOf(node, list)?.children ?? [];
}

/** Keys of `packages` that something deployed needs. */
function deployedKeys(importers: readonly IndentedNode[], { targets }: Graph): ReadonlySet<string> {
  const roots = importers.flatMap((node) => targets(node, DEPLOYED));
  const found = reachable(roots, (node) => targets(node, DEPLOYED));
  return new Set([...found].map(({ key }) => withoutPeers(key)));
}
