import type { Reading } from "../core/reading.ts";
import { type DotenvLoader, readDotenv } from "../parsers/dotenv.ts";
import type { Assignment, EnvironmentLayer } from "./environment-values.fact.ts";
import { namesReferred } from "./secret-measure.ts";

/** Variables written out where the service is declared, or seen in the running process. */
export interface LiteralSource {
  readonly kind: "literal";
  readonly layer: EnvironmentLayer;
  readonly reader: string;
  readonly variables: readonly {
    readonly key: string;
    readonly value: string;
    readonly file: string;
    readonly line?: number;
  }[];
}

/** An env file in use. */
export interface EnvSource {
  readonly kind: "file";
  readonly layer: EnvironmentLayer;
  readonly path: string;
  readonly absolute: string;
  readonly usedBy: string;
  readonly loader: DotenvLoader;
  readonly text: Reading<string>;
  /** Order among the files of the application itself, lowest first. */
  readonly rank: number;
}

/** Variables kept in all, a bound on what a hostile process environment may bring. */
const VARIABLES_MAX = 20_000;

const READERS: Readonly<Partial<Record<DotenvLoader, string>>> = { compose: "docker compose" };

/** Who reads, in the words reports use. */
export function readerOf(loader: DotenvLoader): string {
  return READERS[loader] ?? loader;
}

/**
 * Every assignment of `sources`, which come in order of precedence: the first of a key is effective.
 * Of a file that two readers load, the later one adds only keys that the first did not find.
 */
export function assignmentsOf(
  sources: readonly (LiteralSource | EnvSource)[],
): readonly Assignment[] {
  const all: Assignment[] = [];
  const seen = new Map<string, Set<string>>();
  const effective = new Map<string, string>();
  for (const source of sources) {
    const found = source.kind === "literal" ? literals(source) : ofFile(source, effective);
    const fresh = source.kind === "literal" ? found : unseen(source, found, seen);
    const room = fresh.slice(0, VARIABLES_MAX - all.length);
    all.push(...room);
    for (const { key, value } of room) if (!effective.has(key)) effective.set(key, value);
  }
  return all;
}

function unseen(
  { absolute }: EnvSource,
  found: readonly Assignment[],
  seen: Map<string, Set<string>>,
): readonly Assignment[] {
  const before = seen.get(absolute) ?? new Set<string>();
  const fresh = found.filter(({ key }) => !before.has(key));
  seen.set(absolute, new Set([...before, ...fresh.map(({ key }) => key)]));
  return fresh;
}

function literals({ layer, reader, variables }: LiteralSource): readonly Assignment[] {
  const last = new Map(variables.map((variable) => [variable.key, variable]));
  return [...last.values()].map((variable) => ({ ...variable, layer, reader }));
}

/** The last assignment of each key wins under every loader. */
function ofFile(
  { layer, path, loader, text }: EnvSource,
  effective: ReadonlyMap<string, string>,
): readonly Assignment[] {
  if (text.state !== "known") return [];
  const isApplication = layer === "dotenv" || layer === "dotenv-dev";
  const lookup = (name: string) => (isApplication ? effective.get(name) : undefined);
  const { assignments } = readDotenv(tolerant(text.value), loader, lookup);
  const last = new Map(assignments.map((assignment) => [assignment.key, assignment]));
  const reader = readerOf(loader);
  return [...last.values()].map(({ key, value, line, raw }) => {
    const refers = namesReferred(raw);
    return {
      key,
      value,
      layer,
      file: path,
      line,
      reader,
      ...(refers.length === 0 ? {} : { refers }),
    };
  });
}

/** A byte order mark and CR are not part of any name or value (catalog G4); `env.parse` reports them. */
function tolerant(text: string): string {
  return text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
}
