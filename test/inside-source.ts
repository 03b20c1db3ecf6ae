import type { CollectContext } from "../src/core/fact.ts";
import { known, knownValue } from "../src/core/reading.ts";
import { application } from "../src/facts/application.fact.ts";
import { isSampleName } from "../src/facts/env-samples.ts";
import type { EnvironmentValues } from "../src/facts/environment-values.fact.ts";
import { readSource } from "../src/facts/source/read-source.ts";
import type { SourceSettings } from "../src/facts/source-settings.fact.ts";
import { createMemoryHost } from "../src/host/memory-host.ts";
import { service } from "./source-facts.ts";

const ROOT = "/srv/app";

/**
 * The fact `source-settings` of a deployment that exists only in memory; `env` stands in its `.env`, and
 * `commands` start its services.
 */
export async function insideSource(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  commands: readonly string[] = [],
): Promise<SourceSettings> {
  const paths = Object.keys(files).sort();
  const absolute = Object.entries(files).map(([path, text]) => [`${ROOT}/${path}`, text] as const);
  const context: CollectContext = {
    host: createMemoryHost({ files: Object.fromEntries(absolute) }),
    target: { directory: ROOT, urls: [], mode: "auto", compat: false, hostFacts: false },
    nowMs: 0,
    fingerprintKey: "example",
    signal: new AbortController().signal,
  };
  const deploymentTree = {
    files: paths.map((path) => ({ path, kind: "file" as const })),
    directories: directoriesOf(paths),
    isTruncated: false,
    unreadable: [],
  };
  const environmentValues = known(valuesOf(env, paths));
  const services = known({ services: commands.map(service), published: [], binds: [] });
  const readings = { environmentValues, services };
  const app = knownValue(await application.collect(context, { deploymentTree }, readings));
  if (app === undefined) throw new Error("there is always an answer");
  return readSource(context, { deploymentTree, application: app }, readings);
}

function valuesOf(
  env: Readonly<Record<string, string>>,
  paths: readonly string[],
): EnvironmentValues {
  const assignments = Object.entries(env).map(
    ([key, value], at) =>
      ({
        key,
        value,
        layer: "dotenv",
        file: ".env",
        line: at + 1,
        reader: "python-dotenv",
      }) as const,
  );
  const samples = paths.filter((path) => isSampleName(path.slice(path.lastIndexOf("/") + 1)));
  return { assignments, unreadable: [], isProcessSeen: false, samples };
}

function directoriesOf(paths: readonly string[]): readonly string[] {
  const all = paths.flatMap((path) => {
    const steps = path.split("/").slice(0, -1);
    return steps.map((_, at) => steps.slice(0, at + 1).join("/"));
  });
  return [...new Set(all)].sort();
}
