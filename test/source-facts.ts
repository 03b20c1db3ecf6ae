import type { CollectContext } from "../src/core/fact.ts";
import { absent, known, type Reading } from "../src/core/reading.ts";
import { type AppSettings, appSettings } from "../src/facts/app-settings.fact.ts";
import { type Application, application } from "../src/facts/application.fact.ts";
import type { EnvironmentValues } from "../src/facts/environment-values.fact.ts";
import type { Service } from "../src/facts/services.fact.ts";
import { type SourceSettings, sourceSettings } from "../src/facts/source-settings.fact.ts";
import { type WebhookDrivers, webhookDrivers } from "../src/facts/webhook-drivers.fact.ts";
import { createMemoryHost, type MemoryFile } from "../src/host/memory-host.ts";

export interface SourceExample {
  /** Relative path to text. */
  readonly files: Readonly<Record<string, string | MemoryFile>>;
  readonly env?: Readonly<Record<string, string>>;
  /** An env file in use that could not be read. */
  readonly unreadable?: string;
  readonly commands?: readonly string[];
}

export interface SourceReadings {
  readonly application: Reading<Application>;
  readonly settings: Reading<AppSettings>;
  readonly drivers: Reading<WebhookDrivers>;
  readonly source: Reading<SourceSettings>;
}

const ROOT = "/srv/app";

/** The three facts about source of a deployment that exists only in memory. */
export async function sourceFacts(example: SourceExample): Promise<SourceReadings> {
  const { files, env = {}, unreadable, commands = [] } = example;
  const host = createMemoryHost({
    files: Object.fromEntries(
      Object.entries(files).map(([path, file]) => [`${ROOT}/${path}`, file]),
    ),
  });
  const context: CollectContext = {
    host,
    target: { directory: ROOT, urls: [], mode: "auto", compat: false, hostFacts: false },
    nowMs: 0,
    fingerprintKey: "example",
    signal: new AbortController().signal,
  };
  const deploymentTree = {
    files: Object.keys(files)
      .sort()
      .map((path) => ({ path, kind: "file" as const })),
    directories: directoriesOf(Object.keys(files)),
    isTruncated: false,
    unreadable: [],
  };
  const environmentValues = known(environmentOf(env, unreadable));
  const services = known({ services: commands.map(service), published: [], binds: [] });
  const app = await application.collect(
    context,
    { deploymentTree },
    { environmentValues, services },
  );
  const settings =
    app.state === "known"
      ? await appSettings.collect(
          context,
          { deploymentTree, application: app.value },
          { environmentValues, services },
        )
      : absent("no application");
  const source =
    app.state === "known"
      ? await sourceSettings.collect(
          context,
          { deploymentTree, application: app.value },
          { environmentValues, services },
        )
      : absent("no application");
  const drivers = await webhookDrivers.collect(
    context,
    { deploymentTree },
    { application: app, environmentValues },
  );
  return { application: app, settings, drivers, source };
}

function directoriesOf(paths: readonly string[]): readonly string[] {
  const directories = new Set<string>();
  for (const path of paths)
    for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1))
      directories.add(path.slice(0, at));
  return [...directories].sort();
}

function environmentOf(
  env: Readonly<Record<string, string>>,
  unreadable: string | undefined,
): EnvironmentValues {
  return {
    assignments: Object.entries(env).map(([key, value], index) => ({
      key,
      value,
      layer: "dotenv",
      file: ".env",
      line: index + 1,
      reader: "python-dotenv",
    })),
    unreadable:
      unreadable === undefined
        ? []
        : [{ file: unreadable, problem: { code: "denied", detail: "permission denied" } }],
    isProcessSeen: false,
    files: [],
    samples: [],
    published: [],
  };
}

export function service(command: string): Service {
  return {
    kind: "unit",
    name: "app.service",
    command,
    isApplication: true,
    isInContainer: false,
    pids: [],
    restart: "systemctl restart app",
    sourcedFiles: [],
  };
}
