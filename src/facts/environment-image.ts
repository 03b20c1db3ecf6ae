import type { CollectContext } from "../core/fact.ts";
import { knownValue } from "../core/reading.ts";
import { isSecretName } from "../core/secret.ts";
import type { ComposeProject, ComposeService } from "../parsers/compose.ts";
import {
  dockerVariables,
  finalStage,
  parseDockerfile,
  shippedStages,
} from "../parsers/dockerfile.ts";
import { attempt } from "./attempt.ts";
import type { LiteralSource } from "./environment-layers.ts";
import type { Service } from "./services.fact.ts";
import { directoryOf, isWithin, resolveFrom, shownPath } from "./target-path.ts";

type Context = Pick<CollectContext, "host" | "target">;

interface Image {
  /** Absolute. */
  readonly path: string;
  readonly target: string | undefined;
}

const DOCKERFILE_BYTES_MAX = 262_144;
/** Images of one deployment that are looked at. */
const IMAGES_MAX = 8;

/**
 * `ENV` of the images that run the application: those that its compose services build, and where no service is
 * declared the `Dockerfile` at the root. The lowest layer: everything that is set elsewhere comes before it.
 * Secrets are left out: one in an image is a finding of its own, and no place to take a key from.
 */
export async function imageSources(
  context: Context,
  compose: ComposeProject | undefined,
  services: readonly Service[],
): Promise<readonly LiteralSource[]> {
  const sources: LiteralSource[] = [];
  for (const image of imagesOf(context, compose, services).slice(0, IMAGES_MAX)) {
    const reading = await attempt(() => context.host.readFile(image.path, DOCKERFILE_BYTES_MAX));
    const text = knownValue(reading);
    if (text === undefined) continue;
    const file = shownPath(context.target.directory, image.path);
    const variables = variablesOf(text, image.target).map((each) => ({ ...each, file }));
    sources.push({ kind: "literal", layer: "image", reader: "docker", variables });
  }
  return sources;
}

function imagesOf(
  { target }: Context,
  compose: ComposeProject | undefined,
  services: readonly Service[],
): readonly Image[] {
  const application = services.filter(({ isApplication }) => isApplication);
  if (application.length === 0)
    return [{ path: resolveFrom(target.directory, "Dockerfile"), target: undefined }];
  const names = new Set(
    application.filter(({ kind }) => kind === "compose").map(({ name }) => name),
  );
  return (compose?.services ?? [])
    .filter(({ name, isBuilt }) => isBuilt && names.has(name))
    .map((service) => ({
      path: dockerfileOf(target.directory, service),
      target: service.buildTarget,
    }))
    .filter(({ path }) => isWithin(target.directory, path));
}

function dockerfileOf(root: string, service: ComposeService): string {
  const beside = resolveFrom(root, directoryOf(service.file));
  const context = resolveFrom(beside, service.buildContext ?? ".");
  return resolveFrom(context, service.dockerfile ?? "Dockerfile");
}

/** What `ENV` says in the stages that the image is made of, whose values are written out. */
function variablesOf(text: string, target: string | undefined) {
  const dockerfile = parseDockerfile(text);
  const shipped = new Set(shippedStages(dockerfile, target ?? finalStage(dockerfile)));
  return dockerVariables(dockerfile).flatMap(({ keyword, key, value, line, stage }) =>
    keyword === "ENV" &&
    shipped.has(stage) &&
    value !== undefined &&
    !value.includes("$") &&
    !isSecretName(key)
      ? [{ key, value, line }]
      : [],
  );
}
