import type { CollectContext } from "../core/fact.ts";
import type { ComposeService } from "../parsers/compose.ts";
import { parentOf, resolvePath, shownPath } from "./env-paths.ts";
import type { LiteralSource } from "./environment-layers.ts";
import { imageVariables } from "./image-file.ts";
import type { Service } from "./services.fact.ts";

type Context = Pick<CollectContext, "host" | "target">;

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
  context: Context,
  path: string,
  layer: LiteralSource["layer"],
  target?: string,
): Promise<readonly LiteralSource[]> {
  const dockerfile = shownPath(path, context.target.directory);
  const variables = await imageVariables(context, {
    dockerfile,
    ...(target !== undefined && { target }),
  });
  return [{ kind: "literal", layer, reader: "docker", variables }];
}
