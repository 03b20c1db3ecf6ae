import type { Tree, TreeMap } from "./tree.ts";

/** The `services:` map, an empty one for a file without it; `undefined` when it is something else. */
export function servicesOf(tree: Tree): TreeMap | undefined {
  if (tree.kind === "scalar" && tree.text === undefined)
    return { ...tree, kind: "map", entries: new Map() };
  if (tree.kind !== "map") return undefined;
  const services = tree.entries.get("services")?.value;
  if (services === undefined || (services.kind === "scalar" && services.text === undefined)) {
    return { ...tree, entries: new Map() };
  }
  return services.kind === "map" ? services : undefined;
}
