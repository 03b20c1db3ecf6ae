import type { Target } from "../core/fact.ts";
import type { Host } from "../core/host.ts";
import type { ProxyReadProblem } from "../core/proxy-report.ts";
import { type DeploymentTree, walkTree } from "./deployment-tree.fact.ts";
import { detectProxy } from "./proxy-detect.ts";
import type { ProxyFiles } from "./proxy-files.ts";
import type { Candidate } from "./proxy-load.ts";
import type { ProxyKind } from "./proxy-routes.fact.ts";
import { compareCandidates, isDropIn, proxyByPath, proxyByText } from "./proxy-tree.ts";
import { directoryOf } from "./target-path.ts";

/** Files of a named directory that are looked into: a host farm has one a virtual host. */
export const NAMED_CANDIDATES_MAX = 20_000;

/** What an argument stands for, or why it stands for nothing. */
export type Candidates =
  | { readonly because: string }
  | {
      readonly candidates: readonly Candidate[];
      readonly problems: readonly ProxyReadProblem[];
    };

const KINDS = "nginx, caddyfile, apache, haproxy or traefik";

/** The configuration a named file is. */
export async function fileCandidate(
  path: string,
  files: ProxyFiles,
  kind: ProxyKind | undefined,
): Promise<Candidates> {
  const answer = await files.read(path);
  const file = files.nameOf(path);
  if (answer.state === "missing") return { because: "there is no such file" };
  if (answer.state === "unreadable") {
    const detail = `cannot be read: ${answer.detail}`;
    return { candidates: [], problems: [{ file, kind: "unreadable", detail }] };
  }
  const proxy = kind ?? detectProxy(path, answer.value);
  if (proxy !== undefined) return { candidates: [named(proxy, path)], problems: [] };
  // What holds nothing, or no text, was said where it was read.
  if (answer.value.trim() === "" || answer.value.includes("\0"))
    return { candidates: [], problems: [] };
  return { because: `which proxy reads it cannot be told; say --kind ${KINDS}` };
}

/** The configurations that lie in a named directory: main files, then what none of them includes. */
export async function directoryCandidates(
  host: Host,
  target: Pick<Target, "directory" | "hostFacts">,
  files: ProxyFiles,
  kind: ProxyKind | undefined,
): Promise<Candidates> {
  const tree = await walkTree(host, target.directory);
  if (tree.state !== "known") {
    const detail = tree.state === "unknown" ? tree.problem.detail : tree.reason;
    return { because: `it cannot be listed: ${detail}` };
  }
  const paths = tree.value.files.map(({ path }) => path);
  const own = likelyOf(target.directory, paths);
  // Where nothing else lies there, the templates are what was meant.
  const likely = own.length > 0 ? own : likelyOf(target.directory, paths, TEMPLATE_ENDING);
  const problems = walkProblems(tree.value, likely.length, (path) =>
    files.nameOf(path === "" ? target.directory : `${target.directory}/${path}`),
  );
  const candidates: Candidate[] = [];
  for (const { path, guess } of likely.slice(0, NAMED_CANDIDATES_MAX)) {
    const absolute = `${target.directory}/${path}`;
    const proxy = guess === "sniff" ? await sniffed(absolute, files, problems) : guess;
    if (proxy !== undefined) candidates.push(named(proxy, absolute));
  }
  const wanted = candidates.filter(({ proxy }) => kind === undefined || proxy === kind);
  if (wanted.length === 0 && problems.length === 0) {
    return { because: "no configuration of a proxy lies in it; name a file, or say --kind" };
  }
  return { candidates: groupDropIns(wanted), problems };
}

/** What of the directory was not looked into. */
function walkProblems(
  { unreadable, isTruncated }: DeploymentTree,
  count: number,
  nameOf: (path: string) => string,
): ProxyReadProblem[] {
  const problems: ProxyReadProblem[] = unreadable.map(({ path, code }) => ({
    file: nameOf(path),
    kind: "unreadable",
    detail: `the directory cannot be listed: ${code}`,
  }));
  if (!isTruncated && count <= NAMED_CANDIDATES_MAX) return problems;
  const read = Math.min(count, NAMED_CANDIDATES_MAX);
  const detail = `more files than are looked into: ${read} were`;
  return [...problems, { file: nameOf(""), kind: "limit", detail }];
}

const TEMPLATE_ENDING = /\.(?:j2|tmpl|tpl|template|erb)$/i;

function likelyOf(directory: string, paths: readonly string[], ending = /$^/) {
  return paths
    .map((path) => {
      const guess = proxyByPath(inDirectory(directory, path).replace(ending, ""));
      return { path, guess };
    })
    .filter(({ guess }) => guess !== undefined)
    .toSorted((a, b) => compareCandidates(a.path, b.path));
}

/** With the directory's own name in front, which tells a `sites-enabled` that was named itself. */
function inDirectory(directory: string, path: string): string {
  const at = directory.lastIndexOf("/");
  const own = directory.slice(at + 1);
  return path.includes("/") || !isDropIn(`${own}/x`) ? path : `${own}/${path}`;
}

async function sniffed(
  path: string,
  files: ProxyFiles,
  problems: ProxyReadProblem[],
): Promise<ProxyKind | undefined> {
  const answer = await files.read(path);
  if (answer.state === "unreadable") {
    const detail = `cannot be read: ${answer.detail}`;
    problems.push({ file: files.nameOf(path), kind: "unreadable", detail });
  }
  return answer.state === "known" ? proxyByText(path, answer.value) : undefined;
}

/** nginx's files of one drop-in directory are read together, as a main file would include them. */
function groupDropIns(candidates: readonly Candidate[]): readonly Candidate[] {
  const isGrouped = ({ proxy, path }: Candidate) => proxy === "nginx" && isDropIn(path);
  const groups = Map.groupBy(candidates.filter(isGrouped), ({ path }) => directoryOf(path));
  const joined = [...groups].map(([directory, members]): Candidate => {
    const [only, ...others] = members.map(({ path }) => path);
    if (only !== undefined && others.length === 0) return named("nginx", only);
    return { ...named("nginx", directory), dropIns: members.map(({ path }) => path) };
  });
  return [...candidates.filter((one) => !isGrouped(one)), ...joined];
}

function named(proxy: ProxyKind, path: string): Candidate {
  return { proxy, path, foundBy: "named", isInstalled: false, defines: [] };
}
