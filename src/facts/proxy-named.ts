import type { Target } from "../core/fact.ts";
import type { Host } from "../core/host.ts";
import type { ProxyReadProblem } from "../core/proxy-report.ts";
import { attempt } from "./attempt.ts";
import type { ProxyReadings } from "./proxy-collect.ts";
import { createProxyFiles, type ProxyFiles } from "./proxy-files.ts";
import { type Candidate, type Loaded, loadConfiguration } from "./proxy-load.ts";
import { type Candidates, directoryCandidates, fileCandidate } from "./proxy-named-candidates.ts";
import {
  createTextWatch,
  problemsOf,
  type TextWatch,
  withoutTwins,
} from "./proxy-named-problems.ts";
import type { ProxyKind, ProxyRoutes } from "./proxy-routes.fact.ts";
import { loadTraefik } from "./proxy-traefik-load.ts";
import { isDropIn, nginxPrefix } from "./proxy-tree.ts";
import { directoryOf, isWithin, shownPath } from "./target-path.ts";

/** Largest file that is read when it is named: what the reader of nginx takes, some 9,000 virtual hosts. */
export const NAMED_FILE_BYTES_MAX = 16 * 1024 * 1024;
/** Where installed configurations lie: what one of them includes is this machine's own. */
const SYSTEM_DIRECTORIES = ["/etc", "/usr", "/opt"];

/** Which configurations somebody named. */
export interface NamedRequest {
  /** Files and directories; absolute and normal, not empty. */
  readonly paths: readonly string[];
  /** Instead of telling it by the text. */
  readonly kind?: ProxyKind;
}

export interface NamedProxies {
  /** What names of files are relative to. */
  readonly directory: string;
  readonly readings: ProxyReadings;
  readonly problems: readonly ProxyReadProblem[];
  /** Arguments that name nothing to read, each with a sentence. */
  readonly refused: readonly { readonly path: string; readonly because: string }[];
  /** Every file read, by its name in evidence. */
  readonly files: ReadonlyMap<string, NamedFile>;
}

export interface NamedFile {
  readonly path: string;
  readonly proxy: ProxyKind;
  /** Where it was read just as it stands there. */
  readonly text?: string;
}

/**
 * Reads configurations that were named, with what they include, and nothing else of the machine: what lies
 * outside of the directory is not there, unless the configuration is an installed one (`/etc`).
 */
export async function readNamedProxies(
  host: Host,
  { paths, kind }: NamedRequest,
): Promise<NamedProxies> {
  const watch = createTextWatch();
  const refused: NamedProxies["refused"][number][] = [];
  const read: Read[] = [];
  const directory = commonDirectory(await Promise.all(paths.map((path) => placeOf(host, path))));
  for (const path of paths) {
    const found = await openNamed(host, path, directory, watch.onText);
    const answer = "because" in found ? found : await candidatesOf(host, path, found, kind);
    if ("because" in found || "because" in answer) {
      refused.push({ path, because: "because" in answer ? answer.because : "" });
      continue;
    }
    for (const problem of answer.problems) watch.note(problem);
    read.push(await readEach(answer.candidates, found.files));
  }
  return { directory, ...joined(read, directory, watch), refused };
}

async function candidatesOf(
  host: Host,
  path: string,
  { files, target, isDirectory }: Extract<Opened, { files: ProxyFiles }>,
  kind: ProxyKind | undefined,
): Promise<Candidates> {
  return isDirectory
    ? directoryCandidates(host, target, files, kind)
    : fileCandidate(path, files, kind);
}

/** The directory a file lies in, or the one that was named. */
async function placeOf(host: Host, path: string): Promise<string> {
  const stat = await attempt(() => host.stat(path));
  return stat.state === "known" && stat.value.kind === "directory" ? path : directoryOf(path);
}

function commonDirectory(directories: readonly string[]): string {
  let [common = "/"] = directories;
  while (!directories.every((one) => isWithin(common, one))) common = directoryOf(common);
  return common;
}

type Opened =
  | { readonly because: string }
  | {
      readonly files: ProxyFiles;
      readonly target: Pick<Target, "directory" | "hostFacts">;
      readonly isDirectory: boolean;
    };

async function openNamed(
  host: Host,
  path: string,
  directory: string,
  onText: (name: string, text: string) => string,
): Promise<Opened> {
  const stat = await attempt(() => host.stat(path));
  if (stat.state === "absent") return { because: "there is no such file" };
  if (stat.state === "unknown") return { because: stat.problem.detail };
  const isDirectory = stat.value.kind === "directory";
  if (!isDirectory && stat.value.kind !== "file") return { because: "it is not a regular file" };
  const hostFacts = SYSTEM_DIRECTORIES.some((system) => isWithin(system, path));
  const root = isDirectory ? nginxPrefix(`${path}/*`) : rootOf(path);
  return {
    files: createProxyFiles(host, {
      directory,
      hostFacts,
      root,
      fileBytesMax: NAMED_FILE_BYTES_MAX,
      named: path,
      onText,
    }),
    target: { directory: path, hostFacts },
    isDirectory,
  };
}

/** What a single file's includes may be looked for in: beside it, or beside its `conf.d`. */
function rootOf(path: string): string {
  return isDropIn(path) ? nginxPrefix(path) : directoryOf(path);
}

/** What was read of one argument. */
interface Read {
  readonly loaded: readonly Loaded[];
  readonly traefik?: Awaited<ReturnType<typeof loadTraefik>>;
}

async function readEach(candidates: readonly Candidate[], files: ProxyFiles): Promise<Read> {
  const loaded: Loaded[] = [];
  const reached = new Set<string>();
  for (const candidate of candidates) {
    const remaining = notReached(candidate, reached);
    if (candidate.proxy === "traefik" || remaining === undefined) continue;
    // What a variable of the environment holds where the proxy runs is not known here.
    const one = await loadConfiguration(remaining, {
      files,
      environment: () => undefined,
      isAlone: true,
    });
    loaded.push(one);
    for (const path of one.files) if (path !== candidate.path) reached.add(path);
  }
  const traefik = candidates.filter(({ proxy }) => proxy === "traefik");
  return {
    // Of files that a later one turned out to include, the later one tells it all.
    loaded: loaded.filter(({ candidate }) => !reached.has(candidate.path)),
    ...(traefik.length > 0 && { traefik: await loadTraefik(traefik, undefined, files) }),
  };
}

/** The candidate without files that another one includes; nothing where none is left. */
function notReached(candidate: Candidate, reached: ReadonlySet<string>): Candidate | undefined {
  const { path, dropIns } = candidate;
  if (dropIns === undefined) return reached.has(path) ? undefined : candidate;
  const left = dropIns.filter((one) => !reached.has(one));
  return left.length === 0 ? undefined : { ...candidate, dropIns: left };
}

function joined(
  read: readonly Read[],
  directory: string,
  watch: TextWatch,
): Pick<NamedProxies, "readings" | "problems" | "files"> {
  const loaded = read.flatMap((one) => one.loaded);
  const traefik = read.flatMap((one) => one.traefik ?? []);
  const nameOf = (path: string) => shownPath(directory, path);
  const files = new Map<string, NamedFile>();
  for (const { files: paths, candidate } of loaded) {
    for (const path of paths) {
      const text = watch.textOf(nameOf(path));
      const { proxy } = candidate;
      files.set(nameOf(path), { path, proxy, ...(text !== undefined && { text }) });
    }
  }
  const problems = withoutTwins([
    ...watch.problems().flatMap(({ onlyFor, ...one }) => {
      const { proxy } = proxyOf(files.get(one.file));
      const isTheirs = onlyFor !== undefined && proxy !== undefined && proxy !== onlyFor;
      return isTheirs ? [] : [{ ...one, ...(proxy !== undefined && { proxy }) }];
    }),
    ...loaded.flatMap((one) => problemsOf(one, directory)),
    ...traefik.flatMap((one) => one.problems.map((each) => ({ ...each, kind: "other" as const }))),
  ]);
  const signs = { foundBy: NAMED };
  const configurations = loaded
    .filter(({ isRead }) => isRead)
    .map(({ candidate: { proxy, path } }) => ({ proxy, file: nameOf(path), ...signs }));
  const readings: ProxyReadings = {
    configurations: [...configurations, ...traefik.flatMap((one) => one.configurations)],
    running: undefined,
    routes: [
      ...loaded.flatMap(({ routes }) => routes.map((one) => ({ ...one, ...signs }))),
      ...traefik.flatMap((one) => one.routes),
    ],
    tls: [
      ...loaded.flatMap(({ tls }) => tls.map((one) => ({ ...one, ...signs }))),
      ...traefik.flatMap((one) => one.tls),
    ],
    roots: loaded.flatMap(({ roots }) => roots),
    nginx: loaded.flatMap(({ nginx: tree }) =>
      tree === undefined ? [] : [{ file: tree.file, ...signs, tree }],
    ),
    sites: [
      ...loaded.flatMap(({ sites }) => sites.map((one) => ({ ...one, ...signs }))),
      ...traefik.flatMap(({ sites }) => sites.map((one) => ({ ...one, ...signs }))),
    ],
    globals: [
      ...loaded.flatMap(({ globals }) => globals.map((one) => ({ ...one, ...signs }))),
      ...traefik.flatMap(({ globals }) => globals.map((one) => ({ ...one, ...signs }))),
    ],
    problems: configurations.length === 0 ? [] : problems.map(asRouteProblem),
  };
  return { readings, problems, files };
}

function proxyOf(file: { readonly proxy: ProxyKind } | undefined): { readonly proxy?: ProxyKind } {
  return file === undefined ? {} : { proxy: file.proxy };
}

const NAMED = "named";

/** What was not read may hold anything: nothing passes that rests on it. */
function asRouteProblem(problem: ProxyReadProblem): ProxyRoutes["problems"][number] {
  const { proxy, file, line, detail, kind } = problem;
  const isUnreadable = kind === "unreadable" || kind === "missing";
  return {
    proxy: proxy ?? "nginx",
    file,
    ...(line !== undefined && { line }),
    detail,
    isUnreadable,
    ...(!isUnreadable && kind !== "other" && { isRefused: true }),
  };
}
