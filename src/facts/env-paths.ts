/** Resolves `path` against the absolute `base` by text alone: `.`, `..` and double slashes are folded. */
export function resolvePath(base: string, path: string): string {
  const joined = path.startsWith("/") ? path : `${base}/${path}`;
  const parts: string[] = [];
  for (const part of joined.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The containing directory of an absolute path; of `/` itself. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Whether an absolute path is `directory` or lies in it. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);
}

/** As reports have it: relative to `directory` when inside (`.` for itself), else absolute. */
export function shownPath(path: string, directory: string): string {
  if (path === directory) return ".";
  if (!isWithin(path, directory)) return path;
  return path.slice(directory === "/" ? 1 : directory.length + 1);
}
