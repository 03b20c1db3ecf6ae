import { parseDockerfile } from "../parsers/dockerfile.ts";
import { type DockerCopy, dockerCopies } from "../parsers/dockerfile-copies.ts";
import { isDevelopmentFile, type SourceFiles } from "./source-files.ts";
import { baseName, directoryOf } from "./target-path.ts";

/** Dockerfiles read, those near the root first. */
export const COPYING_DOCKERFILES_MAX = 8;
const DOCKERFILE = /^[Dd]ockerfile(?:\.[\w.-]+)?$|\.[Dd]ockerfile$/;

/** A folder of the image and the folder of the tree that a COPY puts there; `` for the tree's top. */
interface Root {
  readonly image: string;
  readonly tree: string;
}

/**
 * Python files that only an image has: a build copies another file of the tree there (`COPY docker/config.py
 * /app/settings/config.py`). Where they would lie in the tree, and the file of the tree that they are.
 */
export async function imageCopies(sources: SourceFiles): Promise<ReadonlyMap<string, string>> {
  const files = sources.paths.filter(
    (path) => DOCKERFILE.test(baseName(path)) && !isDevelopmentFile(path),
  );
  const found = new Map<string, string>();
  for (const file of files.slice(0, COPYING_DOCKERFILES_MAX)) {
    const text = (await sources.text(file)) ?? "";
    if (!text.includes(".py")) continue;
    for (const [target, source] of placedBy(sources, file, dockerCopies(parseDockerfile(text))))
      if (!found.has(target)) found.set(target, source);
  }
  return found;
}

function placedBy(
  { has }: SourceFiles,
  dockerfile: string,
  copies: readonly DockerCopy[],
): ReadonlyMap<string, string> {
  const roots = copies.flatMap((copy) => rootOf(has, dockerfile, copy));
  const placed = new Map<string, string>();
  for (const { source, target, isFromImage } of copies) {
    const file = isFromImage ? inTree(roots, source) : inContext(has, dockerfile, source);
    if (file?.endsWith(".py") !== true) continue;
    const at = inTree(roots, target.endsWith("/") ? target + baseName(source) : target);
    const own = placed.get(file) ?? file;
    if (at?.endsWith(".py") && !has(at) && has(own)) placed.set(at, own);
  }
  return placed;
}

/** What a COPY names and is no file of the tree is a folder of it. */
function rootOf(
  has: SourceFiles["has"],
  dockerfile: string,
  { source, target, isFromImage }: DockerCopy,
): readonly Root[] {
  if (isFromImage || source.includes("$") || inContext(has, dockerfile, source) !== undefined)
    return [];
  return [{ image: target.replace(/\/$/, ""), tree: source.replace(/^\.$|\/$/g, "") }];
}

/** A build's context is the tree, or else the Dockerfile's own folder. */
function inContext(
  has: SourceFiles["has"],
  dockerfile: string,
  source: string,
): string | undefined {
  const home = directoryOf(dockerfile);
  return [source, home === "." ? source : `${home}/${source}`].find(has);
}

function inTree(roots: readonly Root[], path: string): string | undefined {
  const root = [...roots]
    .sort((a, b) => b.image.length - a.image.length)
    .find(({ image }) => path.startsWith(`${image}/`));
  if (root === undefined) return undefined;
  const rest = path.slice(root.image.length + 1);
  return root.tree === "" ? rest : `${root.tree}/${rest}`;
}
