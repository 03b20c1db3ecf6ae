import type { CollectContext } from "../core/fact.ts";
import { knownValue } from "../core/reading.ts";
import type { ComposeService } from "../parsers/compose.ts";
import {
  dockerVariables,
  finalStage,
  parseDockerfile,
  shippedStages,
} from "../parsers/dockerfile.ts";
import { attempt } from "./attempt.ts";
import { isWithin, parentOf, resolvePath, shownPath } from "./env-paths.ts";
import type { LiteralSource } from "./environment-layers.ts";
import type { Service } from "./services.fact.ts";

type Context = Pick<CollectContext, "host" | "target">;

const DOCKERFILE_BYTES_MAX = 262_144;

/** `ENV` of the image that a compose service is built as: the least of what the service is given. */
export async function builtImageSource(
  context: Context,
  service: ComposeService,
): Promise<readonly LiteralSource[]> {
  if (!service.isBuilt) return [];
  const beside = parentOf(resolvePath(context.target.directory, service.file));
  const build = resolvePath(beside, service.buildContext ?? ".");
  const path = resolvePath(build, service.dockerfile ?? "Dockerfile");
  return imageSource(context, path, "service-file", service.buildTarget);
}

/** `ENV` of the `Dockerfile` at the root, where no unit or compose file is known to run the application. */
export async function imageSources(
  context: Context,
  { services }: { readonly services: readonly Service[] },
): Promise<readonly LiteralSource[]> {
  const isDeclared = services.some(
    ({ kind, isApplication }) => isApplication && kind !== "process",
  );
  if (isDeclared) return [];
  return imageSource(context, resolvePath(context.target.directory, "Dockerfile"), "image");
}

async function imageSource(
  { host, target: { directory } }: Context,
  path: string,
  layer: LiteralSource["layer"],
  target?: string,
): Promise<readonly LiteralSource[]> {
  if (!isWithin(path, directory)) return [];
  const text = knownValue(await attempt(() => host.readFile(path, DOCKERFILE_BYTES_MAX)));
  if (text === undefined) return [];
  const dockerfile = parseDockerfile(text);
  const stages = new Set(shippedStages(dockerfile, target ?? finalStage(dockerfile)));
  const file = shownPath(path, directory);
  const variables = dockerVariables(dockerfile).flatMap(({ keyword, key, value, line, stage }) =>
    keyword === "ENV" && value !== undefined && !value.includes("${") && stages.has(stage)
      ? [{ key, value, file, line }]
      : [],
  );
  return [{ kind: "literal", layer, reader: "docker", variables }];
}
