import {
  type ComposeLibrary,
  extendedBy,
  includedBy,
  openLibrary,
  placeBeside,
} from "./compose/library.ts";
import { mergeTrees } from "./compose/merge.ts";
import { readService } from "./compose/service.ts";
import { servicesOf } from "./compose/services.ts";
import { readTree, type Tree, type TreeMap } from "./compose/tree.ts";

/** A compose project: the parts that matter to an audit, each with file and line. */
export interface ComposeProject {
  readonly services: readonly ComposeService[];
}

export interface ComposeService {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly image?: string;
  /** `build:` given: a service of this project's own code. */
  readonly isBuilt: boolean;
  /** `command:` (and `entrypoint:`) as one line. */
  readonly command: string;
  readonly commandLine?: number;
  /** Where the command stands, when an override file gives it. */
  readonly commandFile?: string;
  /** `entrypoint:` is given: the image's own entry point and command do not run. */
  readonly hasEntrypoint?: boolean;
  readonly user?: string;
  readonly networkMode?: string;
  /** Names by which the other services reach it as well as by its own. */
  readonly containerName?: string;
  readonly hostname?: string;
  readonly environment: readonly ComposeVariable[];
  readonly envFiles: readonly {
    readonly path: string;
    readonly isRequired: boolean;
    readonly file: string;
    readonly line: number;
    /** `raw`: read without quotes and interpolation. */
    readonly format?: string;
  }[];
  readonly ports: readonly ComposePort[];
  /** Container ports only other services reach. */
  readonly expose: readonly string[];
  readonly labels: readonly ComposeVariable[];
  /** `source:target` bind mounts and named volumes. */
  readonly volumes: readonly {
    readonly source: string;
    readonly target: string;
    readonly file: string;
    readonly line: number;
  }[];
  readonly dependsOn: readonly string[];
  /** `build:` or `build.context`, as written. */
  readonly buildContext?: string;
  /** `build.dockerfile`, relative to the context. */
  readonly dockerfile?: string;
  /** `build.target`: the stage that is built. */
  readonly buildTarget?: string;
  readonly workingDirectory?: string;
  readonly profiles?: readonly string[];
  readonly rights?: ComposeRights;
}

/** A scalar with its place. */
export interface PlacedText {
  readonly text: string;
  readonly file: string;
  readonly line: number;
}

/** Keys of a service that give or take rights; absent where they are not given. */
export interface ComposeRights {
  /** Only where it is true, as `readOnly`. */
  readonly privileged?: PlacedText;
  readonly readOnly?: PlacedText;
  readonly pid?: PlacedText;
  readonly ipc?: PlacedText;
  readonly networkMode?: PlacedText;
  readonly usernsMode?: PlacedText;
  readonly user?: PlacedText;
  readonly image?: PlacedText;
  readonly restart?: PlacedText;
  readonly limits?: PlacedText;
  /** `given`, or `disabled` for what switches the image's own off. */
  readonly healthcheck?: PlacedText;
  readonly capAdd: readonly PlacedText[];
  readonly capDrop: readonly PlacedText[];
  readonly securityOptions: readonly PlacedText[];
  readonly devices: readonly PlacedText[];
}

export interface ComposeVariable {
  readonly key: string;
  /** `undefined`: taken from the environment compose is started in. */
  readonly value: string | undefined;
  /** The value as written held `${...}`. */
  readonly isInterpolated: boolean;
  readonly file: string;
  readonly line: number;
}

export interface ComposePort {
  /** Empty: every address. */
  readonly hostAddress: string;
  /** May be a range; empty when the engine chooses. */
  readonly hostPort: string;
  readonly containerPort: string;
  readonly protocol: string;
  readonly file: string;
  readonly line: number;
  /** As written; the long form on one line: `target: 80, published: 8080`. */
  readonly text: string;
}

export interface ComposeSource {
  readonly file: string;
  readonly text: string;
}

export type ComposeResult =
  | { readonly ok: true; readonly project: ComposeProject }
  | { readonly ok: false; readonly file: string; readonly line?: number; readonly message: string };

/** `extends` of `extends`. */
export const EXTENDS_DEPTH_MAX = 8;

/**
 * Parses and merges compose files in the order given (override last). `lookup` serves
 * `${NAME:-default}`. Services of every profile are kept; `include` and `extends` of another file are
 * followed into `others`, what they name beside it is left out.
 */
export function parseCompose(
  sources: readonly ComposeSource[],
  lookup: (name: string) => string | undefined,
  others: readonly ComposeSource[] = [],
): ComposeResult {
  const library = openLibrary(others, lookup);
  let merged: Tree | undefined;
  for (const source of sources) {
    const result = readTree(source, lookup);
    if (!result.ok) return { ...result, file: source.file };
    for (const tree of result.trees) {
      const services = servicesOf(tree);
      if (services === undefined) {
        return { ok: false, file: source.file, line: tree.line, message: "is not a compose file" };
      }
      const layers = [...included(library, source.file, tree), extendAll(services, library)];
      for (const layer of layers) merged = mergeTrees(merged, layer, "services");
    }
  }
  if (merged?.kind !== "map") return { ok: true, project: { services: [] } };
  const services = [...merged.entries].flatMap(([name, { line, value }]) =>
    value.kind === "map" ? [readService(name, line, value)] : [],
  );
  return { ok: true, project: { services } };
}

function extendAll(services: TreeMap, library: ComposeLibrary): TreeMap {
  const entries = new Map(services.entries);
  for (const [name, entry] of services.entries) {
    entries.set(name, { ...entry, value: extended(entry.value, services, library, 0) });
  }
  return { ...services, entries };
}

/** `depends_on` and `profiles` of the extended service are not taken over, as compose has it. */
function extended(service: Tree, services: TreeMap, library: ComposeLibrary, depth: number): Tree {
  if (service.kind !== "map" || depth > EXTENDS_DEPTH_MAX) return service;
  const { name, path } = extendedBy(service);
  const file = path === undefined ? undefined : placeBeside(service.file, path);
  const from = file === undefined ? services : library.get(file);
  const base = from?.entries.get(name ?? "")?.value;
  if (from === undefined || base?.kind !== "map") return service;
  const whole = extended(base, from, library, depth + 1);
  if (whole.kind !== "map") return service;
  const inherited = new Map(whole.entries);
  for (const key of ["depends_on", "profiles", "extends"]) inherited.delete(key);
  return mergeTrees(
    { ...whole, file: service.file, line: service.line, entries: inherited },
    service,
  );
}

/** The services of every file that one includes. */
function included(library: ComposeLibrary, file: string, tree: Tree): readonly TreeMap[] {
  return includedBy(tree).flatMap((path) => servicesAt(library, placeBeside(file, path), 0) ?? []);
}

/** The services of an included file, those it includes itself before its own. */
function servicesAt(library: ComposeLibrary, file: string, depth: number): TreeMap | undefined {
  const services = library.get(file);
  if (services === undefined || depth > EXTENDS_DEPTH_MAX) return services;
  const own = extendAll(services, library);
  return library.includedBy(file).reduce<TreeMap>((whole, path) => {
    const below = servicesAt(library, placeBeside(file, path), depth + 1);
    const merged = below === undefined ? whole : mergeTrees(below, whole, "services");
    return merged.kind === "map" ? merged : whole;
  }, own);
}
