import { defineFact } from "../core/fact.ts";
import { known, knownValue, type Reading } from "../core/reading.ts";
import { createMachine } from "../parsers/python/interpret.ts";
import { jsonOf, type Scope } from "../parsers/python/value.ts";
import { application } from "./application.fact.ts";
import { deploymentTree } from "./deployment-tree.fact.ts";
import { environmentValues } from "./environment-values.fact.ts";
import { openPythonProject, type PythonProject } from "./python-project.ts";
import { settingValues } from "./source-django.ts";
import {
  classesIn,
  enabledDrivers,
  inboundDrivers,
  registryIn,
  type WrittenClass,
} from "./source-drivers.ts";
import { environmentLookUp } from "./source-environment.ts";
import { isDevelopmentFile, openSources, type SourceFiles } from "./source-files.ts";
import {
  generation1Signs,
  generation2Signs,
  insecureLines,
  isScheduleFile,
  pushingCode,
  pushingLines,
  unverifiedCode,
  webhookRoutes,
} from "./source-hub-signs.ts";

/** Inbound webhook drivers found in source. */
export interface WebhookDrivers {
  readonly drivers: readonly {
    /** `grafana`, `cluster`. */
    readonly name: string;
    readonly file: string;
    readonly line: number;
    /** The signature header its code reads, where it has one. */
    readonly signatureHeader?: string;
    readonly isEnabled: boolean;
  }[];
  /** Routes that take webhooks, as written in source. */
  readonly routes: readonly {
    readonly route: string;
    readonly file: string;
    readonly line: number;
  }[];
  /** Jobs that push to a hub (`push_to_hub` in a timer, cron or management command). */
  readonly pushers: readonly {
    readonly file: string;
    readonly line: number;
    readonly text: string;
  }[];
  /** Signs of generation 2 in source: `create_api_key` command, `APIKeyAuthMiddleware`. */
  readonly generation2: readonly {
    readonly file: string;
    readonly line: number;
    readonly sign: string;
  }[];
  /** Signs of generation 1 in source: signature header in drivers, `CLUSTER_ENABLED` in settings. */
  readonly generation1: readonly {
    readonly file: string;
    readonly line: number;
    readonly sign: string;
  }[];
  /** Whether the list of drivers could be made out. */
  readonly isResolvable: boolean;
  /** HTTPS verification turned off in the agent's own code (`verify=False`, `CERT_NONE`). */
  readonly unverifiedCalls: readonly {
    readonly file: string;
    readonly line: number;
    readonly text: string;
  }[];
}

export const webhookDrivers = defineFact({
  id: "webhook-drivers",
  title: "Webhook drivers and push jobs in source",
  access: "read",
  timeoutMs: 15_000,
  needs: { deploymentTree },
  wants: { application, environmentValues },
  async collect(context, facts, readings): Promise<Reading<WebhookDrivers>> {
    const sources = openSources(context, facts.deploymentTree);
    const python = openPythonProject(sources);
    const found = await lookThrough(sources, python);
    const variable = environmentLookUp(readings.environmentValues);
    const file = knownValue(readings.application)?.settings?.file;
    if (file !== undefined) await python.loadClosure(file);
    for (const registry of found.registries) await python.loadClosure(registry.file);
    const scope = file === undefined ? undefined : createMachine(python.under(variable)).load(file);
    const drivers = enabledDrivers(
      python.under(variable, { setting: settingValues(scope) }),
      inboundDrivers(found.classes),
      found.registries,
      listedDrivers(scope),
    );
    const { classes: _classes, registries: _registries, ...signs } = found;
    return known({ ...signs, ...drivers });
  },
});

/** Names of files, or of the directory they lie in, that have to do with webhooks and hubs. */
const LIKELY =
  /webhook|driver|receiver|ingest|\bhub|_hub|cluster|settings|middleware|api_key|urls|views|routes?\b|cron|beat|tasks|celery|^config\b|^app\b|^main\b|push/i;
const NEEDLE =
  /webhook|signature_header|push_to_hub|CLUSTER_ENABLED|APIKeyAuthMiddleware|API_KEY_AUTH_ENABLED|HUB_API_KEY|Driver\b|HUB_URL/i;
const FILES_MAX = 400;
const HUB = /HUB_URL|hub_url|push_to_hub/;

type Found = {
  -readonly [K in
    | "routes"
    | "pushers"
    | "generation1"
    | "generation2"
    | "unverifiedCalls"]: WebhookDrivers[K][number][];
} & {
  readonly classes: WrittenClass[];
  readonly registries: { readonly file: string; readonly name: string }[];
};

function isLikely(path: string): boolean {
  const [name = "", directory = ""] = path.split("/").toReversed();
  return LIKELY.test(name) || LIKELY.test(directory) || /(?:^|\/)management\/commands\//.test(path);
}

async function lookThrough(sources: SourceFiles, python: PythonProject): Promise<Found> {
  const found: Found = {
    routes: [],
    pushers: [],
    generation1: [],
    generation2: [],
    unverifiedCalls: [],
    classes: [],
    registries: [],
  };
  const files = sources.paths.filter((path) =>
    path.endsWith(".py") ? isLikely(path) && !isDevelopmentFile(path) : isScheduleFile(path),
  );
  for (const file of files.slice(0, FILES_MAX)) {
    const text = await sources.text(file);
    if (text === undefined || !(NEEDLE.test(text) || file.endsWith("/create_api_key.py"))) continue;
    if (file.endsWith(".py")) await lookAtPython(found, file, text, python);
    else {
      found.pushers.push(...pushingLines(file, text));
      found.unverifiedCalls.push(...insecureLines(file, text));
    }
  }
  return found;
}

async function lookAtPython(
  found: Found,
  file: string,
  text: string,
  python: PythonProject,
): Promise<void> {
  const module = await python.parse(file);
  if (module === undefined) return;
  found.routes.push(...webhookRoutes(file, module));
  found.pushers.push(...pushingCode(file, module));
  found.generation1.push(...generation1Signs(file, module));
  found.generation2.push(...generation2Signs(file, module));
  if (HUB.test(text)) found.unverifiedCalls.push(...unverifiedCode(file, module));
  found.classes.push(...classesIn(file, module));
  const name = registryIn(module);
  if (name !== undefined) found.registries.push({ file, name });
}

const LIST_SETTING =
  /^(?:ENABLED|ACTIVE|ALLOWED)_(?:\w+_)?DRIVERS$|^(?:WEBHOOK|ALERT|INBOUND)_DRIVERS$/;

/** A list of drivers in the settings: names, or dotted paths of classes. */
function listedDrivers(scope: Scope | undefined): readonly string[] | "unknown" | undefined {
  for (const [name, { value }] of scope?.bindings ?? []) {
    if (!LIST_SETTING.test(name)) continue;
    const json = jsonOf(value);
    if (!Array.isArray(json)) return "unknown";
    return json.filter((item) => typeof item === "string");
  }
  return undefined;
}
