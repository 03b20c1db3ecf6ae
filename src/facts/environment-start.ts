import type { CollectContext } from "../core/fact.ts";
import type { ShellValue } from "../parsers/shell/expand.ts";
import { assignmentsOf, type EnvSource, type LiteralSource } from "./environment-layers.ts";
import { IMAGE_READER, SCRIPT_READER } from "./environment-readers.ts";
import type { OpenVariable } from "./environment-values.fact.ts";
import { imageVariables } from "./image-file.ts";
import type { ServiceStart, Services } from "./services.fact.ts";
import { followStart, type StartExport } from "./start-run.ts";

type Context = Pick<CollectContext, "host" | "target">;
type Source = EnvSource | LiteralSource;

export interface StartEnvironment {
  /** The declared sources with what images and start scripts add, in order of precedence. */
  readonly sources: readonly Source[];
  readonly open: readonly OpenVariable[];
}

/** Start commands whose scripts are followed. */
const STARTS_MAX = 16;

/**
 * What `ENV` of the image gives stands behind all that is declared; what a start script exports
 * stands before it, and before the files it sources where it exports after them.
 */
export async function withStarts(
  context: Context,
  services: Services | undefined,
  declared: readonly Source[],
): Promise<StartEnvironment> {
  const starts = startsOf(services).slice(0, STARTS_MAX);
  const images = await imageSources(context, starts);
  const known = [...declared, ...images];
  const lookUp = environmentOf(known);
  const exports: StartExport[] = [];
  for (const start of starts) {
    exports.push(...(await followStart(context, start, lookUp)).exports);
  }
  const sourced = declared.filter(isSourced);
  const others = declared.filter((source) => !isSourced(source));
  return {
    sources: [
      ...exported(exports.filter(({ isEarly }) => !isEarly)),
      ...sourced,
      ...exported(exports.filter(({ isEarly }) => isEarly)),
      ...others,
      ...images,
    ],
    open: exports.flatMap((each) => openOf(each, lookUp)),
  };
}

function startsOf(services: Services | undefined): readonly ServiceStart[] {
  const running = (services?.services ?? []).filter(({ isApplication }) => isApplication);
  const declared = running.flatMap(({ kind, start, command }) => {
    if (start !== undefined) return [start];
    return kind === "unit" ? [{ text: command }] : [];
  });
  return services?.image === undefined ? declared : [...declared, services.image];
}

async function imageSources(
  context: Context,
  starts: readonly ServiceStart[],
): Promise<readonly LiteralSource[]> {
  const images = new Map(
    starts.flatMap(({ image }) => (image === undefined ? [] : [[JSON.stringify(image), image]])),
  );
  const sources: LiteralSource[] = [];
  for (const image of images.values()) {
    const variables = await imageVariables(context, image);
    sources.push({ kind: "literal", layer: "service", reader: IMAGE_READER, variables });
  }
  return sources;
}

/** What a script finds when it starts. */
function environmentOf(sources: readonly Source[]): (name: string) => ShellValue {
  const values = new Map<string, string>();
  for (const { key, value } of assignmentsOf(sources)) {
    if (!values.has(key)) values.set(key, value);
  }
  const isHidden = sources.some((each) => each.kind === "file" && each.text.state === "unknown");
  return (name) => {
    const text = values.get(name);
    if (text !== undefined) return { state: "set", text };
    return { state: isHidden ? "unknown" : "unset" };
  };
}

/** The env files that the start script itself reads. */
function isSourced(source: Source): boolean {
  return source.kind === "file" && source.loader === "bash";
}

function exported(exports: readonly StartExport[]): readonly LiteralSource[] {
  const variables = exports.flatMap(({ key, value, file, line }) =>
    value.state === "set" ? [{ key, value: value.text, file, line }] : [],
  );
  if (variables.length === 0) return [];
  return [{ kind: "literal", layer: "service", reader: SCRIPT_READER, variables }];
}

function openOf(
  { key, value, file, line }: StartExport,
  lookUp: (name: string) => ShellValue,
): readonly OpenVariable[] {
  if (value.state === "set") return [];
  if (value.state === "unset" && lookUp(key).state === "unset") return [];
  return [{ key, file, line }];
}
