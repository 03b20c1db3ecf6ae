import { asJsonObject } from "../../core/json-object.ts";
import { asText, parseLockJson } from "./lock-file.ts";

/** The dependencies a package.json names; of a registry only. */
export interface NodeManifest {
  readonly deployed: readonly string[];
  readonly development: readonly string[];
  readonly ranges: ReadonlyMap<string, string>;
  readonly hasWorkspaces: boolean;
}

const ELSEWHERE = /^(?:workspace|file|link|portal):/;

export function readNodeManifest(text: string | undefined): NodeManifest | undefined {
  const parsed = parseLockJson(text ?? "");
  if (!parsed.ok) return undefined;
  const { dependencies, optionalDependencies, devDependencies, workspaces } = parsed.value;
  const ranges = new Map<string, string>();
  const named = (value: unknown) =>
    Object.entries(asJsonObject(value) ?? {}).flatMap(([name, written]) => {
      const range = asText(written) ?? "";
      if (ELSEWHERE.test(range)) return [];
      ranges.set(name, range);
      return [name];
    });
  const development = named(devDependencies);
  const deployed = [...named(optionalDependencies), ...named(dependencies)];
  return {
    deployed,
    development: development.filter((name) => !deployed.includes(name)),
    ranges,
    hasWorkspaces: workspaces !== undefined,
  };
}
