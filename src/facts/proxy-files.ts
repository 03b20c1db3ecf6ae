import type { Host } from "../core/host.ts";
import { HostError } from "../core/reading.ts";
import { isGlob, matchesGlobSegment } from "../parsers/nginx/glob.ts";
import type { IncludeAnswer } from "../parsers/nginx/include.ts";
import { isWithin, shownPath } from "./target-path.ts";

/** One configuration file is rarely past 400 kB; all files of one audit together. */
export const PROXY_FILE_BYTES_MAX = 4_000_000;
export const PROXY_TOTAL_BYTES_MAX = 64_000_000;
const GLOB_MATCHES_MAX = 5_000;
const NOT_THERE = ["ENOENT", "ENOTDIR", "EISDIR"];

/** Files as proxies read them: each read once, and never past what the audit may consult. */
export interface ProxyFiles {
  read(path: string): Promise<IncludeAnswer<string>>;
  list(directory: string): Promise<IncludeAnswer<readonly string[]>>;
  /** Files of a path or glob in order of name. What may not be read goes to `onUnreadable`. */
  glob(
    pattern: string,
    onUnreadable: (path: string, detail: string) => void,
  ): Promise<readonly { readonly file: string; readonly text: string }[]>;
  /** `undefined` when it cannot be told. */
  exists(path: string): Promise<boolean | undefined>;
  isDirectory(path: string): Promise<boolean>;
  /** Links resolved; the path itself where that fails. */
  realPath(path: string): Promise<string>;
  /** Relative to the audited directory when inside it. */
  nameOf(path: string): string;
}

interface ProxyFilesOptions {
  /** What names are relative to. */
  readonly directory: string;
  /** Whether all of this machine may be read. */
  readonly hostFacts: boolean;
  /** What may be read otherwise; the directory where left out. */
  readonly root?: string;
  /** Named by the operator: read wherever a link of that name leads. */
  readonly named?: string;
  readonly fileBytesMax?: number;
  /** Told of every text, once; what it returns is read in its place. */
  readonly onText?: (name: string, text: string) => string;
}

/** `directory` is always read; anything else only when `hostFacts` says this is the machine. */
export function createProxyFiles(
  host: Host,
  {
    directory,
    hostFacts,
    root = directory,
    named,
    fileBytesMax = PROXY_FILE_BYTES_MAX,
    onText = (_, text) => text,
  }: ProxyFilesOptions,
): ProxyFiles {
  const texts = new Map<string, Promise<IncludeAnswer<string>>>();
  let bytesLeft = PROXY_TOTAL_BYTES_MAX;
  const mayRead = (path: string): boolean => hostFacts || isWithin(root, path);
  let realRoot: Promise<IncludeAnswer<string>> | undefined;
  /** A link in what may be read leads out of it. */
  const leadsOut = async (path: string): Promise<boolean> => {
    if (hostFacts || path === named) return false;
    realRoot ??= answerOf(() => host.realPath(root));
    const [inside, real] = await Promise.all([realRoot, answerOf(() => host.realPath(path))]);
    return (
      inside.state === "known" && real.state === "known" && !isWithin(inside.value, real.value)
    );
  };
  const readOnce = async (path: string): Promise<IncludeAnswer<string>> => {
    if (!mayRead(path)) return { state: "missing" };
    if (await leadsOut(path)) return { state: "unreadable", detail: "a link that leads elsewhere" };
    if (bytesLeft <= 0) return { state: "unreadable", detail: "too much was read already" };
    const answer = await answerOf(async () =>
      onText(shownPath(directory, path), await host.readFile(path, fileBytesMax)),
    );
    if (answer.state === "known") bytesLeft -= answer.value.length;
    return answer;
  };
  const read = (path: string): Promise<IncludeAnswer<string>> => {
    const before = texts.get(path);
    if (before !== undefined) return before;
    const answer = readOnce(path);
    texts.set(path, answer);
    return answer;
  };
  const list = async (path: string): Promise<IncludeAnswer<readonly string[]>> =>
    mayRead(path) ? answerOf(() => host.readDir(path)) : { state: "missing" };
  const kindOf = async (path: string): Promise<string | undefined> => {
    if (!mayRead(path)) return undefined;
    const answer = await answerOf(() => host.stat(path));
    if (answer.state === "known") return answer.value.kind;
    return answer.state === "missing" ? "missing" : undefined;
  };
  return {
    read,
    list,
    async glob(pattern, onUnreadable) {
      const paths = await globPaths(pattern, list, onUnreadable);
      const files: { file: string; text: string }[] = [];
      for (const path of paths) {
        const answer = await read(path);
        if (answer.state === "known") files.push({ file: path, text: answer.value });
        if (answer.state === "unreadable") onUnreadable(path, answer.detail);
      }
      return files;
    },
    async exists(path) {
      const kind = await kindOf(path);
      return kind === undefined ? undefined : kind !== "missing";
    },
    async isDirectory(path) {
      return (await kindOf(path)) === "directory";
    },
    async realPath(path) {
      if (!mayRead(path)) return path;
      const answer = await answerOf(() => host.realPath(path));
      return answer.state === "known" ? answer.value : path;
    },
    nameOf: (path) => shownPath(directory, path),
  };
}

/** A missing file and one that may not be read are different answers; anything else is thrown on. */
async function answerOf<T>(ask: () => Promise<T>): Promise<IncludeAnswer<T>> {
  try {
    return { state: "known", value: await ask() };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    if (error.code === "interrupted" || error.code === "timed-out") throw error;
    const { reason = "" } = error;
    // A glob also names directories, which no proxy reads as a file.
    return NOT_THERE.includes(reason)
      ? { state: "missing" }
      : { state: "unreadable", detail: reason === "" ? error.code : `${error.code} (${reason})` };
  }
}

async function globPaths(
  pattern: string,
  list: ProxyFiles["list"],
  onUnreadable: (path: string, detail: string) => void,
): Promise<readonly string[]> {
  let bases: readonly string[] = [""];
  for (const segment of pattern.split("/").filter((part) => part !== "" && part !== ".")) {
    const next: string[] = [];
    for (const base of bases) {
      if (next.length > GLOB_MATCHES_MAX) break;
      for (const name of await matching(base, segment, list, onUnreadable))
        next.push(`${base}/${name}`);
    }
    bases = next;
  }
  return bases.slice(0, GLOB_MATCHES_MAX);
}

async function matching(
  base: string,
  segment: string,
  list: ProxyFiles["list"],
  onUnreadable: (path: string, detail: string) => void,
): Promise<readonly string[]> {
  if (!isGlob(segment)) return [segment];
  const answer = await list(base === "" ? "/" : base);
  if (answer.state === "unreadable") onUnreadable(base, answer.detail);
  return answer.state === "known"
    ? answer.value.filter((name) => matchesGlobSegment(segment, name)).toSorted()
    : [];
}
