import {
  dockerVariables,
  finalStage,
  parseDockerfile,
  shippedStages,
} from "../../../parsers/dockerfile.ts";
import { deployFileKind, isDevelopmentDeployFile } from "../../deploy/deploy-names.ts";
import { byDepth, isOutsideDeployment } from "../../target-path.ts";
import type { SourceContext } from "../reader.ts";

/** Dockerfiles that are asked, shallow ones first. */
export const IMAGES_MAX = 8;

/** `NODE_ENV` of the images that are built here and shipped; `undefined` where none or several say one. */
export async function imageStage({ sources }: SourceContext): Promise<string | undefined> {
  const files = byDepth(
    sources.tree.files
      .map(({ path }) => path)
      .filter((path) => deployFileKind(path) === "dockerfile" && !isDevelopmentDeployFile(path))
      .filter((path) => !isOutsideDeployment(path)),
  );
  const found = new Set<string>();
  for (const path of files.slice(0, IMAGES_MAX)) {
    const text = await sources.text(path);
    const stage = text?.includes("NODE_ENV") === true ? stageIn(text) : undefined;
    if (stage !== undefined) found.add(stage);
  }
  const [only] = found;
  return found.size === 1 ? only : undefined;
}

function stageIn(text: string): string | undefined {
  const file = parseDockerfile(text);
  const shipped = new Set(shippedStages(file, finalStage(file)));
  const set = dockerVariables(file).findLast(
    ({ keyword, key, stage }) => keyword === "ENV" && key === "NODE_ENV" && shipped.has(stage),
  );
  return /^\w{1,20}$/.test(set?.value ?? "") ? set?.value : undefined;
}
