import type { CollectContext } from "../core/fact.ts";
import { knownValue } from "../core/reading.ts";
import {
  type Dockerfile,
  dockerVariables,
  parseDockerfile,
  shippedStages,
} from "../parsers/dockerfile.ts";
import { attempt } from "./attempt.ts";
import { isWithin, resolveFrom } from "./target-path.ts";

export const DOCKERFILE_BYTES_MAX = 262_144;

/** The image that a service is built as; paths relative to the audited directory. */
export interface BuiltImage {
  readonly dockerfile: string;
  readonly context: string;
  /** The stage, where one is named. */
  readonly target?: string;
}

type Context = Pick<CollectContext, "host" | "target">;

/** The Dockerfile of an image; `undefined` where there is none to read. */
export async function readImage(
  { host, target }: Context,
  { dockerfile }: Pick<BuiltImage, "dockerfile">,
): Promise<Dockerfile | undefined> {
  const path = resolveFrom(target.directory, dockerfile);
  if (!isWithin(target.directory, path)) return undefined;
  const text = knownValue(await attempt(() => host.readFile(path, DOCKERFILE_BYTES_MAX)));
  return text === undefined ? undefined : parseDockerfile(text);
}

/** One variable that the image brings with it. */
export interface ImageVariable {
  readonly key: string;
  readonly value: string;
  readonly file: string;
  readonly line: number;
}

/**
 * `ENV` of the stage that is run and of those it is built from, each once with the value that is
 * last. Values made of a build argument are left out: who builds decides them.
 */
export async function imageVariables(
  context: Context,
  image: Pick<BuiltImage, "dockerfile" | "target">,
): Promise<readonly ImageVariable[]> {
  const file = await readImage(context, image);
  if (file === undefined) return [];
  const stages = shippedStages(file, image.target);
  const found = new Map<string, ImageVariable>();
  const variables = dockerVariables(file).filter(({ stage }) => stages.includes(stage));
  const byStage = variables.toSorted(
    (a, b) => stages.indexOf(b.stage) - stages.indexOf(a.stage) || a.line - b.line,
  );
  for (const { keyword, key, value = "", line } of byStage) {
    if (keyword !== "ENV") continue;
    const isOpen = value.includes("$");
    if (isOpen) found.delete(key);
    else found.set(key, { key, value, file: image.dockerfile, line });
  }
  return [...found.values()];
}
