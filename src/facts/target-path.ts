/** Paths of the target are POSIX; facts have no `node:path`. */

/** Absolute, without `.`, `..` and doubled slashes. `path` is taken as it is when absolute. */
export function resolveFrom(directory: string, path: string): string {
  const words: string[] = [];
  for (const word of (path.startsWith("/") ? path : `${directory}/${path}`).split("/")) {
    if (word === "..") words.pop();
    else if (word !== "" && word !== ".") words.push(word);
  }
  return `/${words.join("/")}`;
}

/** Whether `path` is `directory` or lies under it. Both absolute and normal. */
export function isWithin(directory: string, path: string): boolean {
  return path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);
}

/** Relative to `directory` when inside it, else absolute, as facts and evidence have it. */
export function shownPath(directory: string, path: string): string {
  if (path === directory) return ".";
  if (!isWithin(directory, path)) return path;
  return path.slice(directory === "/" ? 1 : directory.length + 1);
}

/** The directory part; `.` for a bare name, `/` for a name in the root. */
export function directoryOf(path: string): string {
  const at = path.lastIndexOf("/");
  if (at < 0) return ".";
  return at === 0 ? "/" : path.slice(0, at);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** How many names a path has. */
export function depthOf(path: string): number {
  let depth = 1;
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) depth += 1;
  return depth;
}

/** Shallow paths first, those of one depth by their letters. */
export function byDepth(paths: readonly string[]): readonly string[] {
  const levels: string[][] = [];
  for (const path of paths) {
    const depth = depthOf(path);
    levels[depth] ??= [];
    levels[depth].push(path);
  }
  return levels.flatMap((level) => level.sort());
}

const NOT_DEPLOYED =
  /(?:^|\/)(?:node_modules|vendor|site-packages|\.venv|venv|\.git|\.tox|tests?|_tests|__tests__|unit_?tests?|integration_?tests?|spec|fixtures?|test_?data|examples?|samples?|docs?|documentation)\//i;

/** Whether a path of the tree lies under dependencies, tests, examples or documentation. */
export function isOutsideDeployment(path: string): boolean {
  return NOT_DEPLOYED.test(path);
}
