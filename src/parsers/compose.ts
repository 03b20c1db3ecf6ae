import { mergeTrees } from "./compose/merge.ts";
import { readService } from "./compose/service.ts";
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
 * `${NAME:-default}`. Services of every profile are kept; `extends` is followed inside the
 * given files only, `include` not at all.
 */
export function parseCompose(
  sources: readonly ComposeSource[],
  lookup: (name: string) => string | undefined,
): ComposeResult {
  let merged: Tree | undefined;
  for (const source of sources) {
    const result = readTree(source, lookup);
    if (!result.ok) return { ...result, file: source.file };
    for (const tree of result.trees) {
      const services = servicesOf(tree);
      if (services === undefined) {
        return { ok: false, file: source.file, line: tree.line, message: "is not a compose file" };
      }
      merged = mergeTrees(merged, extendAll(services), "services");
    }
  }
  if (merged?.kind !== "map") return { ok: true, project: { services: [] } };
  const services = [...merged.entries].flatMap(([name, { line, value }]) =>
    value.kind === "map" ? [readService(name, line, value)] : [],
  );
  return { ok: true, project: { services } };
}

/** The `services:` map, an empty one for a file without it; `undefined` when it is something else. */
function servicesOf(tree: Tree): TreeMap | undefined {
  if (tree.kind === "scalar" && tree.text === undefined)
    return { ...tree, kind: "map", entries: new Map() };
  if (tree.kind !== "map") return undefined;
  const services = tree.entries.get("services")?.value;
  if (services === undefined || (services.kind === "scalar" && services.text === undefined)) {
    return { ...tree, entries: new Map() };
  }
  return services.kind === "map" ? services : undefined;
}

function extendAll(services: TreeMap): TreeMap {
  const entries = new Map(services.entries);
  for (const [name, entry] of services.entries) {
    entries.set(name, { ...entry, value: extended(entry.value, services, 0) });
  }
  return { ...services, entries };
}

/** `depends_on` and `profiles` of the extended service are not taken over, as compose has it. */
function extended(service: Tree, services: TreeMap, depth: number): Tree {
  if (service.kind !== "map" || depth > EXTENDS_DEPTH_MAX) return service;
  const base = services.entries.get(extendedName(service) ?? "")?.value;
  if (base?.kind !== "map") return service;
  const from = extended(base, services, depth + 1);
  if (from.kind !== "map") return service;
  const inherited = new Map(from.entries);
  for (const key of ["depends_on", "profiles", "extends"]) inherited.delete(key);
  const { file, line } = service;
  return mergeTrees({ ...from, file, line, entries: inherited }, service);
}

function extendedName(service: TreeMap): string | undefined {
  const value = service.entries.get("extends")?.value;
  if (value?.kind === "scalar") return value.text;
  if (value?.kind !== "map" || value.entries.has("file")) return undefined;
  const name = value.entries.get("service")?.value;
  return name?.kind === "scalar" ? name.text : undefined;
}
